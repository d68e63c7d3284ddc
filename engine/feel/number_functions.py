"""Built-in functions on numbers (DMN 1.5, 10.3.4.5)."""

import decimal
from decimal import Decimal

from .effort import spend
from .numbers import CONTEXT, TRANSCENDENTAL, exact, round_to
from .registry import builtin
from .temporal import DURATIONS, YearsMonths, make_duration, nanoseconds
from .values import Value

_WIDE = decimal.Context(prec=13_000, Emin=-20_000, Emax=20_000, traps=[])


@builtin("decimal", "n: number, scale: number")
def to_scale(n: Decimal, scale: Decimal) -> Value:
    return round_to(n, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale?: number")
def floor(n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return round_to(n, scale, decimal.ROUND_FLOOR)


@builtin("ceiling", "n: number, scale?: number")
def ceiling(n: Decimal, scale: Decimal = Decimal(0)) -> Value:
    return round_to(n, scale, decimal.ROUND_CEILING)


@builtin("round up", "n: number, scale: number")
def round_up(n: Decimal, scale: Decimal) -> Value:
    return round_to(n, scale, decimal.ROUND_UP)


@builtin("round down", "n: number, scale: number")
def round_down(n: Decimal, scale: Decimal) -> Value:
    return round_to(n, scale, decimal.ROUND_DOWN)


@builtin("round half up", "n: number, scale: number")
def round_half_up(n: Decimal, scale: Decimal) -> Value:
    return round_to(n, scale, decimal.ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number")
def round_half_down(n: Decimal, scale: Decimal) -> Value:
    return round_to(n, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs", "n: number|days and time duration|years and months duration")
def absolute(n: Value) -> Value:
    if isinstance(n, Decimal):
        return abs(n)
    if isinstance(n, YearsMonths):
        return YearsMonths(abs(n.months))
    return make_duration(abs(nanoseconds(n))) if isinstance(n, DURATIONS) else None


@builtin("modulo", "dividend: number, divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """`dividend - divisor * floor(dividend / divisor)`, so it has the divisor's sign."""
    if not divisor:
        return None
    rest = _WIDE.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return exact(lambda: CONTEXT.plus(rest))


@builtin("sqrt", "number: number")
def square_root(number: Decimal) -> Value:
    return exact(lambda: CONTEXT.sqrt(number))


@builtin("log", "number: number")
def natural_log(number: Decimal) -> Value:
    spend(TRANSCENDENTAL)
    return exact(lambda: CONTEXT.ln(number)) if number > 0 else None


@builtin("exp", "number: number")
def exponential(number: Decimal) -> Value:
    spend(TRANSCENDENTAL)
    return exact(lambda: CONTEXT.exp(number))


@builtin("odd", "number: number")
def odd(number: Decimal) -> Value:
    return _parity(number, 1)


@builtin("even", "number: number")
def even(number: Decimal) -> Value:
    return _parity(number, 0)


def _parity(number: Decimal, wanted: int) -> bool | None:
    if number != number.to_integral_value():
        return None
    return abs(_WIDE.remainder(number, Decimal(2))) == wanted
