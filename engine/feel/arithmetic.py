"""`+ - * / **` and negation over numbers, strings, dates and durations (DMN 1.5, 10.3.2.12)."""

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, Final

from .effort import check_length, spend_building
from .numbers import CONTEXT, power
from .temporal import (
    DATE_TIMES,
    DURATIONS,
    TIMES,
    YearsMonths,
    add_months,
    add_nanoseconds,
    add_to_time,
    instant,
    is_date,
    make_duration,
    midnight_utc,
    nanoseconds,
    time_instant,
)
from .values import Value


def add(left: Value, right: Value) -> Value:
    """Sum; null where the kinds do not add."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _exact(CONTEXT.add, left, right)
    if isinstance(left, str) and isinstance(right, str):
        length = len(left) + len(right)
        check_length(length)
        spend_building(length)
        return left + right
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return YearsMonths(left.months + right.months)
    if isinstance(left, DURATIONS) and isinstance(right, DURATIONS):
        return make_duration(nanoseconds(left) + nanoseconds(right))
    if isinstance(left, (*DURATIONS, YearsMonths)):
        return _shifted(right, left, 1)
    return _shifted(left, right, 1)


def subtract(left: Value, right: Value) -> Value:
    """Difference; two dates, times or moments give the duration between them."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _exact(CONTEXT.subtract, left, right)
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return YearsMonths(left.months - right.months)
    if isinstance(left, DURATIONS) and isinstance(right, DURATIONS):
        return make_duration(nanoseconds(left) - nanoseconds(right))
    if isinstance(left, TIMES) and isinstance(right, TIMES):
        if bool(left.tzinfo) != bool(right.tzinfo):
            return None
        return make_duration(time_instant(left) - time_instant(right))
    start, end = _moment(right), _moment(left)
    if isinstance(start, DATE_TIMES) and isinstance(end, DATE_TIMES):
        if bool(start.tzinfo) != bool(end.tzinfo):
            return None
        return make_duration(instant(end) - instant(start))
    return _shifted(left, right, -1)


def _moment(value: Value) -> Value:
    return midnight_utc(value) if is_date(value) else value


def _shifted(value: Value, by: Value, sign: int) -> Value:
    """A date, time or moment moved by a duration."""
    if isinstance(by, YearsMonths):
        if is_date(value) or isinstance(value, DATE_TIMES):
            return add_months(value, sign * by.months)
    elif isinstance(by, DURATIONS):
        if isinstance(value, TIMES):
            return add_to_time(value, sign * nanoseconds(by))
        if is_date(value) or isinstance(value, DATE_TIMES):
            return add_nanoseconds(value, sign * nanoseconds(by))
    return None


def multiply(left: Value, right: Value) -> Value:
    """Product of numbers, or of a number and a duration."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _exact(CONTEXT.multiply, left, right)
    if isinstance(left, Decimal):
        left, right = right, left
    return _scaled(left, right, operator.mul) if isinstance(right, Decimal) else None


def divide(left: Value, right: Value) -> Value:
    """Quotient; null by zero. Two durations of one kind give a number."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _exact(CONTEXT.divide, left, right) if right else None
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return _ratio(left.months, right.months)
    if isinstance(left, DURATIONS) and isinstance(right, DURATIONS):
        return _ratio(nanoseconds(left), nanoseconds(right))
    if isinstance(right, Decimal) and right:
        return _scaled(left, right, operator.truediv)
    return None


def _ratio(left: int, right: int) -> Value:
    return _exact(CONTEXT.divide, Decimal(left), Decimal(right)) if right else None


def _scaled(duration: Value, factor: Decimal, by: Callable[[Any, Any], Any]) -> Value:
    """A duration times or over a number, cut to whole months or nanoseconds."""
    exact = CONTEXT.multiply if by is operator.mul else CONTEXT.divide
    if isinstance(duration, YearsMonths):
        months = _exact(exact, Decimal(duration.months), factor)
        too_long = months is None or months.adjusted() > 30
        return None if months is None or too_long else YearsMonths(int(months))
    if isinstance(duration, DURATIONS):
        nanos = _exact(exact, Decimal(nanoseconds(duration)), factor)
        return None if nanos is None or nanos.adjusted() > 40 else make_duration(int(nanos))
    return None


def raise_to(left: Value, right: Value) -> Value:
    """Power of numbers."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return power(left, right)
    return None


def negate(value: Value) -> Value:
    """The opposite number or duration."""
    if isinstance(value, Decimal):
        return value.copy_negate() if value else value
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    return make_duration(-nanoseconds(value)) if isinstance(value, DURATIONS) else None


def _exact(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal | None:
    try:
        return operation(left, right)
    except DecimalException:
        return None


OPERATORS: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": raise_to,
}
