"""Kinds of values: which one a Python value has, what it is called, whether it may cross."""

from collections.abc import Mapping
from typing import Final, Literal

from . import limits
from .model import Kind, Scalar

KIND_OF_TYPE: Final[Mapping[type, Kind]] = {str: "text", int: "integer", bool: "boolean"}
TYPE_OF_KIND: Final[Mapping[Kind, type]] = {kind: type_ for type_, kind in KIND_OF_TYPE.items()}
KIND_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("文字", "text"),
    "integer": ("整数", "an integer"),
    "boolean": ("是否", "a boolean"),
}
_SURELY_SHORT: Final = limits.TEXT_BYTES // 4
_OTHER_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "NoneType": ("空值", "nothing"),
    "float": ("小数", "a float"),
    "Decimal": ("小数", "a decimal"),
    "date": ("日期", "a date"),
    "datetime": ("日期时间", "a date and time"),
    "list": ("列表", "a list"),
    "tuple": ("列表", "a list"),
    "dict": ("对象", "a mapping"),
}


def name_value(value: object) -> tuple[str, str]:
    """What to call the value's type in Chinese and in English."""
    kind = KIND_OF_TYPE.get(type(value))
    if kind is not None:
        return KIND_NAMES[kind]
    name = type(value).__name__
    return _OTHER_NAMES.get(name, (name, name))


def exceeds(value: Scalar) -> Literal["number-too-large", "text-too-long"] | None:
    """Why the value may not cross although its kind is right."""
    if isinstance(value, str):
        # Four bytes a character at most, so short texts need no encoding to be counted.
        if len(value) > _SURELY_SHORT and _utf8_length(value) > limits.TEXT_BYTES:
            return "text-too-long"
    elif not -limits.INTEGER_END < value < limits.INTEGER_END:
        return "number-too-large"
    return None


def _utf8_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
