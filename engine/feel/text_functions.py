"""Built-in functions on strings, and conversion to and from them (DMN 1.5, 10.3.4.1-3)."""

import re
from decimal import Decimal
from typing import Final

from . import regex
from .effort import check_length, spend, spend_building
from .numbers import read_number, show_number
from .registry import builtin
from .temporal import DATE_TIMES, DATES, DURATIONS, TIMES, YearsMonths, show_temporal
from .tokens import is_plain_name
from .values import Function, Range, Value

_NUMERIC: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@builtin("substring", "string: string, start position: number, length?: number")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> Value:
    """Counts characters from 1, or from the end where negative; null outside the string."""
    first = int(start)
    if first == 0 or abs(first) > len(string) or (length is not None and int(length) < 1):
        return None
    begin = first - 1 if first > 0 else len(string) + first
    return string[begin:] if length is None else string[begin : begin + int(length)]


@builtin("string length", "string: string")
def string_length(string: str) -> Value:
    return Decimal(len(string))


@builtin("upper case", "string: string")
def upper_case(string: str) -> Value:
    return string.upper()


@builtin("lower case", "string: string")
def lower_case(string: str) -> Value:
    return string.lower()


@builtin("substring before", "string: string, match: string")
def substring_before(string: str, match: str) -> Value:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string")
def substring_after(string: str, match: str) -> Value:
    if not match:
        return string
    return string.partition(match)[2]


@builtin("contains", "string: string, match: string")
def contains(string: str, match: str) -> Value:
    return match in string


@builtin("starts with", "string: string, match: string")
def starts_with(string: str, match: str) -> Value:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(string: str, match: str) -> Value:
    return string.endswith(match)


@builtin("matches", "input: string, pattern: string, flags?: string|Null")
def matches(text: str, pattern: str, flags: str | None = None) -> Value:
    compiled = regex.compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.search(text, 0) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string|Null")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    compiled = regex.compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.replace(text, replacement)


@builtin("split", "string: string, delimiter: string")
def split(string: str, delimiter: str) -> Value:
    compiled = regex.compile_pattern(delimiter, "")
    return None if compiled is None else compiled.split(string)


@builtin("string join", "list: list, delimiter?: string|Null")
def string_join(items: list[Value], delimiter: str | None = None) -> Value:
    """Nulls in the list are left out."""
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != sum(item is not None for item in items):
        return None
    joint = delimiter or ""
    length = sum(map(len, texts)) + len(joint) * len(texts)
    check_length(length)
    spend_building(length)
    return joint.join(texts)


@builtin("number", "from: string, grouping separator: string|Null, decimal separator: string|Null")
def number(text: str, grouping: str | None, point: str | None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "?").replace(",", ".")
    return read_number(plain) if _NUMERIC.fullmatch(plain) else None


@builtin("string", "from: Any")
def string(value: Value) -> Value:
    return None if value is None else show(value)


def show(value: Value, nested: bool = False) -> str:
    """A value as text; inside lists and contexts strings keep their quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return show_number(value)
    if isinstance(value, str):
        spend_building(len(value))
        return _quoted(value) if nested else value
    if isinstance(value, list | dict):
        spend(len(value))
    if isinstance(value, list):
        return _bracketed("[", [show(item, True) for item in value], "]")
    if isinstance(value, dict):
        shown = [f"{_key(key)}: {show(item, True)}" for key, item in value.items()]
        return _bracketed("{", shown, "}")
    if isinstance(value, Range):
        return _show_range(value)
    if isinstance(value, Function):
        return str(value)
    if isinstance(value, (*DATES, *DATE_TIMES, *TIMES, *DURATIONS, YearsMonths)):
        return show_temporal(value)
    raise TypeError(f"not a FEEL value: {type(value).__name__}")


def _bracketed(opening: str, parts: list[str], closing: str) -> str:
    spend_building(sum(map(len, parts)))
    return f"{opening}{', '.join(parts)}{closing}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(key: str) -> str:
    return key if is_plain_name(key) else _quoted(key)


def _show_range(value: Range) -> str:
    if value.form != "interval":
        end = value.high if value.low is None else value.low
        return f"({value.form} {show(end, True)})"
    opening, closing = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{opening}{show(value.low, True)}..{show(value.high, True)}{closing}"
