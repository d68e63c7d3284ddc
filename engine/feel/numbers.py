"""FEEL numbers: IEEE 754-2008 decimal128, 34 digits, half-even (DMN 1.5, 10.3.2.3.1)."""

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from .effort import spend
from .errors import FeelLimitError

CONTEXT: Final = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
LEAST_SCALE: Final = -6111
GREATEST_SCALE: Final = 6176
TRANSCENDENTAL: Final = 16  # steps that a power, a logarithm or an exponential is worth
# Roomy enough to move the point of any 34-digit number to any scale without rounding twice.
_SCALING: Final = decimal.Context(prec=13_000, Emin=-20_000, Emax=20_000, traps=[])


def read_number(text: str) -> Decimal | None:
    """A numeric literal rounded to 34 digits; None where it is out of range."""
    return exact(lambda: CONTEXT.create_decimal(text))


def exact(operation: Callable[[], Decimal]) -> Decimal | None:
    """The operation's value; None for what FEEL calls an arithmetic error."""
    try:
        return operation()
    except decimal.DecimalException:
        return None


def power(base: Decimal, exponent: Decimal) -> Decimal | None:
    """`base ** exponent`; None where the value is not a real number in range."""
    if not base and not exponent:
        return Decimal(1)
    if not base and exponent < 0:
        return None  # a division by zero, for which Decimal's own answer is an infinity
    spend(TRANSCENDENTAL)
    return exact(lambda: CONTEXT.power(base, exponent))


def round_to(value: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """`value` with `scale` digits after the point; None for a scale out of range."""
    places = int(scale)
    if not LEAST_SCALE <= places <= GREATEST_SCALE:
        return None
    if value == value.to_integral_value() and places >= 0 and value.adjusted() + places > 33:
        return value
    if isinstance(exponent := value.as_tuple().exponent, int) and -exponent <= places > 33:
        return value
    rounded = value.quantize(Decimal((0, (1,), -places)), rounding, _SCALING)
    return exact(lambda: CONTEXT.plus(rounded))


def show_number(value: Decimal) -> str:
    """Plain digits, never an exponent, no negative zero."""
    if not value:
        value = abs(value)
    if abs(value.adjusted()) > 10_000:
        raise FeelLimitError("数字的位数太多", "the number has too many digits to write out")
    return f"{value:f}"
