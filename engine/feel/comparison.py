"""Equality, order and membership, with null for what cannot be compared (DMN 1.5, 10.3.2.13-15)."""

import datetime as dt
import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from .effort import spend
from .temporal import (
    DATE_TIMES,
    DURATIONS,
    SECOND,
    TIMES,
    YearsMonths,
    day_number,
    instant,
    is_date,
    nanoseconds,
    time_instant,
)
from .values import Range, Value, kind_of

ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}

# Kinds whose values Python itself compares as FEEL does, in all six ways. Decided by exact type:
# `datetime` is a subclass of `date`.
DIRECT: Final = frozenset({Decimal, str, dt.date})


def compare(sign: str, left: Value, right: Value) -> bool | None:
    """One of the six comparisons; None where the values are of different kinds."""
    if sign == "=":
        return equal(left, right)
    if sign == "!=":
        same = equal(left, right)
        return None if same is None else not same
    return ordered(sign, left, right)


def ordered(sign: str, left: Value, right: Value) -> bool | None:
    """`<`, `<=`, `>` or `>=`; None for null, unlike kinds and kinds without an order."""
    kind = type(left)
    if kind is type(right) and kind in DIRECT:
        return ORDERS[sign](left, right)
    if "=" in sign and equal(left, right):
        return None if order_key(left) is None else True
    low, high = order_key(left), order_key(right)
    if low is None or high is None or low[0] != high[0]:
        return None
    return ORDERS[sign](low[1], high[1])


def order_key(value: Value) -> tuple[str, Any] | None:
    """A line and a place on it; values on different lines have no order."""
    if isinstance(value, Decimal):
        return "number", value
    if isinstance(value, str):
        return "string", value
    if isinstance(value, YearsMonths):
        return "months", value.months
    if isinstance(value, DURATIONS):
        return "duration", nanoseconds(value)
    if isinstance(value, DATE_TIMES):
        return ("moment" if value.tzinfo else "local moment"), instant(value)
    if is_date(value):
        return "date", day_number(value)
    if isinstance(value, TIMES):
        return ("time" if value.tzinfo else "local time"), time_instant(value)
    return None


def equal(left: Value, right: Value) -> bool | None:
    """Equality; null equals null only, and unlike kinds give None."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is type(right) and (kind in DIRECT or kind is bool):
        return left == right
    if kind_of(left) != kind_of(right):
        return None
    if isinstance(left, list) and isinstance(right, list):
        spend(len(left))
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        spend(len(left))
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if isinstance(left, Range) and isinstance(right, Range):
        return _equal_ranges(left, right)
    if isinstance(left, TIMES + DATE_TIMES):
        return _equal_clocks(left, right)
    low, high = order_key(left), order_key(right)
    return None if low is None or high is None else low == high


def _equal_clocks(left: Value, right: Value) -> bool | None:
    """Times compare by whole seconds: `second` is what table 53 compares, and it has no fraction."""
    low, high = order_key(left), order_key(right)
    assert low is not None
    assert high is not None
    return low[0] == high[0] and low[1] // SECOND == high[1] // SECOND


def _equal_ranges(left: Range, right: Range) -> bool | None:
    shape = (left.form, left.low_closed, left.high_closed)
    if shape != (right.form, right.low_closed, right.high_closed):
        return False
    return both(equal(left.low, right.low), equal(left.high, right.high))


def same(left: Value, right: Value) -> bool:
    """Equality for list functions, where unlike kinds are simply different."""
    return equal(left, right) is True


# -- three-valued logic


def both(left: Value, right: Value) -> bool | None:
    """Kleene's and; what is no boolean counts as unknown."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def any_of(values: Iterable[Value]) -> bool | None:
    """Kleene's or over many, stopping at the first true."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is not False
    return None if unknown else False


# -- membership


def contains(span: Range, value: Value) -> bool | None:
    """Whether a value lies in a range; None where an end is null or of another kind."""
    low, high = span.low, span.high
    if type(value) is Decimal and type(low) is Decimal and type(high) is Decimal:
        if span.form == "interval":
            above = low <= value if span.low_closed else low < value
            return above and (value <= high if span.high_closed else value < high)
    elif span.form == "interval":
        return _within(span, value)
    return compare(span.form, value, high if low is None else low)


def _within(span: Range, value: Value) -> bool | None:
    above = ordered(">=" if span.low_closed else ">", value, span.low)
    below = ordered("<=" if span.high_closed else "<", value, span.high)
    return both(above, below)


def passes(value: Value, test: Value) -> bool | None:
    """`value in test`: in the range, in the list, or equal (DMN 1.5, table 55)."""
    if isinstance(test, Range):
        if isinstance(value, Range):
            return equal(value, test)
        return contains(test, value)
    if isinstance(test, list):
        if same(value, test):
            return True
        spend(len(test))
        return any_of(_passes_member(value, member) for member in test)
    return equal(value, test)


def _passes_member(value: Value, member: Value) -> bool | None:
    if isinstance(member, Range) and not isinstance(value, Range):
        return contains(member, value)
    return same(value, member)
