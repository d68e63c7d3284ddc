"""Names and numbers as others may see them."""

from engine import is_personal


def masked_number(number: str) -> str:
    """The first four and the last two characters; fewer of a short one."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def masked_name(name: str) -> str:
    """王小明 as 王**; an organisation keeps its first three and its last two characters, a short one
    the first and the last."""
    if is_personal(name):
        return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
    return f"{name[:3]}****{name[-2:]}" if len(name) > 7 else f"{name[:1]}****{name[-1:]}"
