"""FEEL values in Python, their kinds, and how a caller's values become them.

number is Decimal, string str, boolean bool, null None, list list, context dict; dates, times
and durations are in `temporal`. A value carries no other Python object.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from .errors import FeelLimitError
from .numbers import CONTEXT
from .temporal import WideDate, WideDateTime, WideDuration, WideTime, YearsMonths

# Any of the types named above; narrowed by isinstance where it matters.
Value: TypeAlias = object

DEEPEST_VALUE: Final = 64

Form: TypeAlias = Literal["interval", "=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Range:
    """`[low..high)`, or a half line such as `> 10`, whose other end is absent rather than null."""

    low: Value
    high: Value
    low_closed: bool
    high_closed: bool
    form: Form = "interval"

    @classmethod
    def half_line(cls, operator: Form, end: Value) -> "Range":
        """The range of `< end`, `>= end`, `= end` …"""
        if operator in ("<", "<="):
            return cls(None, end, False, operator == "<=", operator)
        if operator in (">", ">="):
            return cls(end, None, operator == ">=", False, operator)
        return cls(end, end, True, True, operator)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Function:
    """A function as a value: its own, or a built-in named by `name`."""

    name: str
    parameters: tuple[str, ...]
    types: tuple[object, ...]
    call: Callable[..., Value]
    result: object = None

    def __repr__(self) -> str:
        return f"function({', '.join(self.parameters)})"


KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    dt.date: "date",
    WideDate: "date",
    dt.time: "time",
    WideTime: "time",
    dt.datetime: "date and time",
    WideDateTime: "date and time",
    dt.timedelta: "days and time duration",
    WideDuration: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def kind_of(value: Value) -> str:
    """The FEEL name of a value's type."""
    return KINDS[type(value)]


# Kinds that need no second look.
_READY: Final = frozenset(KINDS) - {Decimal, dt.datetime, dt.time, list, dict}


def normalise(value: object, depth: int = 0) -> Value:
    """A caller's value as a FEEL value; raises TypeError for what FEEL has no type for."""
    kind = type(value)
    if kind in _READY:
        return value
    if kind is dict or kind is list:
        if depth > DEEPEST_VALUE:
            raise FeelLimitError(
                f"数据嵌套超过 {DEEPEST_VALUE} 层", f"the data is nested over {DEEPEST_VALUE} deep"
            )
        if isinstance(value, dict):
            return {_key(key): normalise(item, depth + 1) for key, item in value.items()}
        assert isinstance(value, list)
        return [normalise(item, depth + 1) for item in value]
    if kind is Decimal or kind is int:
        return _number(value)  # type: ignore[arg-type]  # the exact type was just checked
    if kind is dt.datetime or kind is dt.time:
        return _zoned(value)  # type: ignore[arg-type]  # the exact type was just checked
    return _unusual(value, depth)


def _unusual(value: object, depth: int) -> Value:
    """Subclasses and look-alikes of the types above."""
    if isinstance(value, float):
        raise TypeError(
            f"浮点数 {value!r} 不精确，请用 Decimal 或整数 / "
            f"{value!r} is a float and inexact; pass a Decimal or an int"
        )
    if isinstance(value, bool | int):
        return _number(int(value))
    if isinstance(value, Decimal):
        return _number(Decimal(value))
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return normalise(dict(value), depth)
    if isinstance(value, list | tuple | set | frozenset):
        items: Iterable[object] = value
        return normalise(list(items), depth)
    if isinstance(value, dt.datetime):
        return normalise(dt.datetime.combine(value.date(), value.timetz()))
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    if isinstance(value, dt.timedelta):
        return dt.timedelta(value.days, value.seconds, value.microseconds)
    name = type(value).__name__
    raise TypeError(f"FEEL 没有类型 {name} / FEEL has no type for {name}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"上下文的键应当是文本：{key!r} / a context key must be text: {key!r}")
    return key


def _number(value: Decimal | int) -> Decimal:
    try:
        number = CONTEXT.plus(value if isinstance(value, Decimal) else Decimal(value))
    except DecimalException:
        raise TypeError(f"{value} 超出 FEEL 数字 / {value} is no FEEL number") from None
    if not number.is_finite():
        raise TypeError(f"{value} 不是 FEEL 数字 / {value} is not a FEEL number")
    return number


def _zoned(value: dt.datetime | dt.time) -> Value:
    """Keeps IANA zones and fixed offsets; any other zone becomes the offset it stands for."""
    zone = value.tzinfo
    if zone is None or isinstance(zone, ZoneInfo | dt.timezone):
        return value
    offset = value.utcoffset()
    return value.replace(tzinfo=dt.timezone(offset) if offset is not None else None)
