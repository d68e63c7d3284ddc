"""Built-in functions on ranges: Allen's relations between points and ranges (DMN 1.5, 10.3.4.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from .comparison import order_key
from .registry import builtin
from .values import Range, Value


class _Unordered(Exception):
    """Two ends that lie on different lines, or an end that is null."""


@dataclass(frozen=True, slots=True)
class _End:
    """A place on a line; `side` is -1 or 1 for the ends a half line does not have."""

    side: int
    key: Any
    closed: bool

    def __lt__(self, other: "_End") -> bool:
        if self.side or other.side:
            return self.side < other.side
        if self.key[0] != other.key[0]:
            raise _Unordered
        return bool(self.key[1] < other.key[1])

    def meets(self, other: "_End") -> bool:
        """Whether both are the same place."""
        if self.side or other.side:
            return self.side == other.side
        return not self < other and not other < self


_Span: TypeAlias = tuple[_End, _End]


def _span(value: Value) -> _Span:
    """A range by its ends; a point is the closed range of itself."""
    if not isinstance(value, Range):
        return _end(value, True, 0), _end(value, True, 0)
    if value.form == "!=":
        raise _Unordered
    half = value.form in ("<", "<=", ">", ">=")
    low = _end(value.low, value.low_closed, -1 if half and value.low is None else 0)
    high = _end(value.high, value.high_closed, 1 if half and value.high is None else 0)
    return low, high


def _end(value: Value, closed: bool, side: int) -> _End:
    key = order_key(value)
    if key is None and not side:
        raise _Unordered
    return _End(side, key, closed)


def _before(a: _Span, b: _Span) -> bool:
    end, start = a[1], b[0]
    return end < start or (end.meets(start) and not (end.closed and start.closed))


def _meets(a: _Span, b: _Span) -> bool:
    return a[1].closed and b[0].closed and a[1].meets(b[0])


def _reaches(end: _End, start: _End) -> bool:
    return start < end or (end.meets(start) and end.closed and start.closed)


def _overlaps(a: _Span, b: _Span) -> bool:
    return _reaches(a[1], b[0]) and _reaches(b[1], a[0])


def _starts_earlier(a: _Span, b: _Span) -> bool:
    return a[0] < b[0] or (a[0].meets(b[0]) and a[0].closed and not b[0].closed)


def _ends_within(a: _Span, b: _Span) -> bool:
    return a[1] < b[1] or (a[1].meets(b[1]) and (not a[1].closed or b[1].closed))


def _starts_within(a: _Span, b: _Span) -> bool:
    return b[0] < a[0] or (a[0].meets(b[0]) and (not a[0].closed or b[0].closed))


def _overlaps_before(a: _Span, b: _Span) -> bool:
    return _starts_earlier(a, b) and _reaches(a[1], b[0]) and _ends_within(a, b)


def _finishes(a: _Span, b: _Span) -> bool:
    return a[1].meets(b[1]) and a[1].closed == b[1].closed and _starts_within(a, b)


def _starts(a: _Span, b: _Span) -> bool:
    return a[0].meets(b[0]) and a[0].closed == b[0].closed and _ends_within(a, b)


def _during(a: _Span, b: _Span) -> bool:
    return _starts_within(a, b) and _ends_within(a, b)


def _coincides(a: _Span, b: _Span) -> bool:
    ends = zip(a, b, strict=True)
    return all(one.meets(other) and one.closed == other.closed for one, other in ends)


_Relation: TypeAlias = Callable[[_Span, _Span], bool]


def _register(name: str, relation: _Relation, signatures: tuple[str, ...]) -> None:
    def related(first: Value, second: Value) -> Value:
        if first is None or second is None:
            return None
        try:
            return relation(_span(first), _span(second))
        except _Unordered:
            return None

    for signature in signatures:
        builtin(name, signature)(related)


def _turned(relation: _Relation) -> _Relation:
    return lambda a, b: relation(b, a)


_RANGES = "range1: range, range2: range"
_POINT_RANGE = "point: Any, range: range"
_RANGE_POINT = "range: range, point: Any"
_POINTS = "point1: Any, point2: Any"

for _name, _relation, _signatures in (
    ("before", _before, (_RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)),
    ("after", _turned(_before), (_RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)),
    ("meets", _meets, (_RANGES,)),
    ("met by", _turned(_meets), (_RANGES,)),
    ("overlaps", _overlaps, (_RANGES,)),
    ("overlaps before", _overlaps_before, (_RANGES,)),
    ("overlaps after", _turned(_overlaps_before), (_RANGES,)),
    ("finishes", _finishes, (_RANGES, _POINT_RANGE)),
    ("finished by", _turned(_finishes), (_RANGES, _RANGE_POINT)),
    ("includes", _turned(_during), (_RANGES, _RANGE_POINT)),
    ("during", _during, (_RANGES, _POINT_RANGE)),
    ("starts", _starts, (_RANGES, _POINT_RANGE)),
    ("started by", _turned(_starts), (_RANGES, _RANGE_POINT)),
    ("coincides", _coincides, (_RANGES, _POINTS)),
):
    _register(_name, _relation, _signatures)
