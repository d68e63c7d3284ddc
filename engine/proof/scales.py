"""Numbers and dates as whole numbers, so that a table's cells are exact boxes.

A decimal of two places counts in hundredths: on real numbers `<= 1000.00` and `>= 1000.01` would
leave a gap that no amount of money can fall into.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any, Protocol

from engine.feel.values import normalise

_WIDE = Context(prec=120)
LARGEST = Decimal(10) ** 30  # an application's numbers stay below it
# A stretch of whole numbers, both ends within.
Stretch = tuple[int, int]


class Scale(Protocol):
    """A domain's values as whole numbers in the same order, from `first` to `last`."""

    first: int
    last: int

    def at_least(self, end: Any, is_closed: bool) -> int:
        """The first number whose value lies at or above `end` (above, if not closed)."""

    def at_most(self, end: Any, is_closed: bool) -> int:
        """The last number whose value lies at or below `end`."""

    def shown(self, low: int, high: int) -> Any:
        """The value that stands for all from `low` to `high`: one at a boundary, which a reader
        of the table recognises; the lower one where there are two."""


class Decimals:
    """Decimals with a declared number of places."""

    def __init__(self, places: int) -> None:
        self._places = places
        self.last = int(LARGEST.scaleb(places)) - 1
        self.first = -self.last

    def at_least(self, end: Decimal, is_closed: bool) -> int:
        scaled = _WIDE.scaleb(end, self._places)
        found = int(scaled.to_integral_value(ROUND_CEILING, _WIDE))
        return found if is_closed or found != scaled else found + 1

    def at_most(self, end: Decimal, is_closed: bool) -> int:
        scaled = _WIDE.scaleb(end, self._places)
        found = int(scaled.to_integral_value(ROUND_FLOOR, _WIDE))
        return found if is_closed or found != scaled else found - 1

    def shown(self, low: int, high: int) -> Decimal:
        number = low if low > self.first else high if high < self.last else 0
        return normalise(_WIDE.scaleb(Decimal(number), -self._places))  # type: ignore[return-value]


class Days:
    """Dates, by their number in the proleptic Gregorian calendar."""

    first, last = date.min.toordinal(), date.max.toordinal()

    def __init__(self, on: date) -> None:
        self._on = on.toordinal()  # shown where any day would do

    def at_least(self, end: date, is_closed: bool) -> int:
        return end.toordinal() + (not is_closed)

    def at_most(self, end: date, is_closed: bool) -> int:
        return end.toordinal() - (not is_closed)

    def shown(self, low: int, high: int) -> date:
        number = low if low > self.first else high if high < self.last else self._on
        return date.fromordinal(number)


class Ranks:
    """Decimals of any number of places: by where they lie among the constants mentioned.

    The n-th constant is 2n + 1; what lies between two constants is one even number.
    """

    def __init__(self, constants: Iterable[Decimal]) -> None:
        self._sorted: Sequence[Decimal] = sorted(set(constants))
        self._rank = {constant: 2 * n + 1 for n, constant in enumerate(self._sorted)}
        self.first, self.last = 0, 2 * len(self._sorted)

    def at_least(self, end: Decimal, is_closed: bool) -> int:
        return self._rank[end] + (not is_closed)

    def at_most(self, end: Decimal, is_closed: bool) -> int:
        return self._rank[end] - (not is_closed)

    def shown(self, low: int, high: int) -> Decimal:
        place, is_constant = divmod(low + 1 if low % 2 == 0 and low < high else low, 2)
        if is_constant:
            return self._sorted[place]
        if not self._sorted:
            return Decimal(0)
        if place == 0:
            return _simplest_above(self._sorted[0] - 1, self._sorted[0])
        if place == len(self._sorted):
            return normalise(self._sorted[-1] + 1)  # type: ignore[return-value]
        return _simplest_above(self._sorted[place - 1], self._sorted[place])


def _simplest_above(low: Decimal, high: Decimal) -> Decimal:
    """A number strictly between with as few places as can be, the lowest of them."""
    places = 0
    while True:
        step = Decimal(1).scaleb(-places)
        floor = low.quantize(step, ROUND_FLOOR, _WIDE)
        found = _WIDE.add(floor, step)
        if found < high:
            return normalise(found)  # type: ignore[return-value]
        places += 1


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sorted, without overlap, those that touch made one; empty ones dropped."""
    found: list[Stretch] = []
    for low, high in sorted(stretches):
        if low > high:
            continue
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def complement(stretches: Sequence[Stretch], first: int, last: int) -> list[Stretch]:
    """What of `first` to `last` is in none of the joined stretches."""
    found, at = [], first
    for low, high in stretches:
        if at < low:
            found.append((at, min(low - 1, last)))
        at = high + 1
    if at <= last:
        found.append((at, last))
    return found


def common(left: Sequence[Stretch], right: Sequence[Stretch]) -> list[Stretch]:
    """What is in both of two joined lists."""
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in left for b in right)
    return [(low, high) for low, high in pairs if low <= high]
