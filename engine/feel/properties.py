"""What stands after a dot: entries of contexts, and the properties of dates and ranges."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from .effort import spend
from .temporal import (
    SECOND,
    DateTime,
    Time,
    YearsMonths,
    duration_parts,
    make_duration,
    offset_seconds,
    weekday,
)
from .values import Range, Value, kind_of

_Reader = Callable[[Any], Value]


def read_property(value: Value, name: str) -> Value:
    """`value.name`; a list gives the list of its items' properties (DMN 1.5, 10.3.2.5)."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        spend(len(value))
        return [read_property(item, name) for item in value]
    reader = _PROPERTIES.get((kind_of(value), name))
    return reader(value) if reader else None


def _part(name: str) -> _Reader:
    return lambda value: Decimal(getattr(value, name))


def _duration_part(name: str) -> _Reader:
    return lambda value: Decimal(duration_parts(value)[name])


def _years(value: YearsMonths) -> Value:
    return Decimal(abs(value.months) // 12 * (-1 if value.months < 0 else 1))


def _months(value: YearsMonths) -> Value:
    return Decimal(abs(value.months) % 12 * (-1 if value.months < 0 else 1))


def _weekday(value: Any) -> Value:
    return Decimal(weekday(value))


def _offset(value: Time | DateTime) -> Value:
    return make_duration(offset_seconds(value) * SECOND) if value.tzinfo else None


def _zone(value: Time | DateTime) -> Value:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _low(value: Range) -> Value:
    return value.low


def _high(value: Range) -> Value:
    return value.high


_DAY: Final = {name: _part(name) for name in ("year", "month", "day")} | {"weekday": _weekday}
_CLOCK: Final = {name: _part(name) for name in ("hour", "minute", "second")} | {
    "time offset": _offset,
    "timezone": _zone,
}
_BY_KIND: Final[dict[str, dict[str, _Reader]]] = {
    "date": _DAY,
    "time": _CLOCK,
    "date and time": _DAY | _CLOCK,
    "years and months duration": {"years": _years, "months": _months},
    "days and time duration": {
        name: _duration_part(name) for name in ("days", "hours", "minutes", "seconds")
    },
    "range": {
        "start": _low,
        "end": _high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}
_PROPERTIES: Final = {
    (kind, name): reader for kind, readers in _BY_KIND.items() for name, reader in readers.items()
}
