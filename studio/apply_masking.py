"""Names and numbers as others may see them."""


def masked_number(number: str) -> str:
    """The first four and the last two characters; fewer of a short one."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def masked_name(name: str) -> str:
    """王小明 as 王**; an organisation keeps its first three and its last two characters."""
    if len(name) <= 4:
        return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
    return f"{name[:3]}{'*' * 4}{name[-2:]}"
