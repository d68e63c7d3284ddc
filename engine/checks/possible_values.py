"""Which values an expression may have, null (待核) apart: intervals on a grid, or listed words.

Every set named here holds at least the values that can really occur, so what is false of all of
them is false of every application. Sums and multiples of one variable are exact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import ceil, floor, gcd
from typing import Final, Literal

from engine.feel.arithmetic import add
from engine.feel.numbers import CONTEXT, exact
from engine.feel.temporal import YearsMonths
from engine.feel.values import Value

Kind = Literal["number", "date", "days", "months", "text", "boolean"]
INFINITE: Final = Decimal("Infinity")
_DAY: Final = 86_400  # seconds
_MOST_PIECES: Final = 64
# Beyond this, sums and products may be rounded off their grid.
_EXACT: Final = Decimal("1e30")
_WIDE: Final = Context(prec=200)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of numbers; a single one where both ends are the same."""

    low: Decimal = -INFINITE
    high: Decimal = INFINITE
    low_closed: bool = True
    high_closed: bool = True

    @property
    def is_empty(self) -> bool:
        both = self.low_closed and self.high_closed
        return self.low > self.high or (self.low == self.high and not both)

    @property
    def is_point(self) -> bool:
        return self.low == self.high and self.low.is_finite()


@dataclass(frozen=True, slots=True)
class Grid:
    """Every `step` from `offset`; a step of 0 is the one value."""

    step: Decimal
    offset: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Possible:
    """A set of values of one kind, or, without a kind, any value at all.

    Dates are day numbers, durations seconds or months. `words` are texts or booleans; numbers lie
    in `pieces`, on the `grid` if there is one. A list has its items' values, a record its entries'.
    """

    kind: Kind | None = None
    words: frozenset[str | bool] | None = None
    pieces: tuple[Piece, ...] = ()
    grid: Grid | None = None
    item: "Possible | None" = None
    entries: Mapping[str, "Possible"] = field(default_factory=dict)

    @property
    def is_number_like(self) -> bool:
        return self.kind is not None and self.words is None and bool(self.pieces)

    @property
    def low(self) -> Piece:
        return min(self.pieces, key=lambda p: (p.low, not p.low_closed))

    @property
    def high(self) -> Piece:
        return max(self.pieces, key=lambda p: (p.high, p.high_closed))

    @property
    def point(self) -> Decimal | None:
        """The one value, if there is but one."""
        is_one = len(self.pieces) == 1 and self.pieces[0].is_point
        return self.pieces[0].low if is_one else None


ANYTHING: Final = Possible()
BOOLEANS: Final = Possible("boolean", frozenset({True, False}))


def words_of(kind: Kind, words: Iterable[str | bool]) -> Possible:
    return Possible(kind, frozenset(words))


def numbers(kind: Kind, pieces: Iterable[Piece] = (Piece(),), grid: Grid | None = None) -> Possible:
    """Numbers of the pieces that lie on the grid."""
    kept = tuple(p for piece in pieces if not (p := tightened(piece, grid)).is_empty)
    # No value at all: something else is wrong, and nothing is said of it here.
    return _gathered(kind, kept, grid) if kept else ANYTHING


def _gathered(kind: Kind, kept: tuple[Piece, ...], grid: Grid | None) -> Possible:
    """Pieces that lie on the grid, as one where there are too many."""
    if len(kept) > _MOST_PIECES:
        whole = Possible(kind, None, kept)
        low, high = whole.low, whole.high
        kept = (Piece(low.low, high.high, low.low_closed, high.high_closed),)
    return Possible(kind, None, kept, grid)


@lru_cache(maxsize=4096, typed=True)
def constant(value: Value) -> Possible:
    """The one value; anything where values of its kind are not followed."""
    if isinstance(value, bool | str):
        return words_of("boolean" if isinstance(value, bool) else "text", [value])
    read = _as_number(value)
    if read is None:
        return ANYTHING
    kind, number = read
    return Possible(kind, None, (Piece(number, number),), Grid(Decimal(0), number))


def _as_number(value: Value) -> tuple[Kind, Decimal] | None:
    if isinstance(value, Decimal):
        return "number", value
    if type(value) is date:
        return "date", Decimal(value.toordinal())
    if isinstance(value, YearsMonths):
        return "months", Decimal(value.months)
    seconds = getattr(value, "total_seconds", None)
    return ("days", Decimal(str(seconds()))) if callable(seconds) else None


def tightened(piece: Piece, grid: Grid | None) -> Piece:
    """The piece from its first value on the grid to its last."""
    if grid is None or (piece.is_point and piece.low == grid.offset):
        return piece
    low, high = piece.low, piece.high
    if low.is_finite():
        low = _on_grid(low, grid, ceil, piece.low_closed)
    if high.is_finite():
        high = _on_grid(high, grid, floor, piece.high_closed)
    return Piece(low, high)


def _on_grid(
    end: Decimal, grid: Grid, towards: Callable[[Fraction], int], is_closed: bool
) -> Decimal:
    offset = Fraction(grid.offset)
    if not grid.step:
        inside = end <= grid.offset if towards is ceil else end >= grid.offset
        is_kept = inside and (is_closed or end != grid.offset)
        outside = INFINITE if towards is ceil else -INFINITE
        return grid.offset if is_kept else outside
    places = (Fraction(end) - offset) / Fraction(grid.step)
    nearest = towards(places)
    if nearest == places and not is_closed:
        nearest += 1 if towards is ceil else -1
    found = offset + nearest * Fraction(grid.step)
    return end if found == end else _decimal(found.numerator, found.denominator)


# --- sets from sets --------------------------------------------------------------------------


def union(parts: Iterable[Possible]) -> Possible:
    """The values of any of the parts, which must be of one kind to be followed."""
    listed = list(parts)
    if not listed or any(part.kind != listed[0].kind for part in listed):
        return ANYTHING
    kind = listed[0].kind
    if kind is None:
        return ANYTHING
    if all(part.words is not None for part in listed):
        return words_of(kind, (word for part in listed for word in part.words or ()))
    if not all(part.is_number_like for part in listed):
        return ANYTHING
    pieces = dict.fromkeys(piece for part in listed for piece in part.pieces)
    return _gathered(kind, tuple(pieces), _common([part.grid for part in listed]))


def _common(grids: list[Grid | None]) -> Grid | None:
    """A grid that holds all of them."""
    known = [grid for grid in grids if grid is not None]
    if len(known) < len(grids):
        return None
    first = known[0].offset
    steps = [grid.step for grid in known] + [grid.offset - first for grid in known]
    return Grid(_divisor(steps), first)


def _divisor(numbers_: Iterable[Decimal]) -> Decimal:
    """The greatest of which all are multiples; 0 for zeros."""
    listed = list(numbers_)
    if all(number == number.to_integral_value() for number in listed):
        return Decimal(gcd(*map(int, listed)))
    fractions = [Fraction(number) for number in listed]
    under = 1
    for fraction in fractions:
        under = under * fraction.denominator // gcd(under, fraction.denominator)
    above = gcd(*(int(fraction * under) for fraction in fractions))
    return _decimal(above, under)


def _decimal(above: int, under: int) -> Decimal:
    return _WIDE.divide(Decimal(above), Decimal(under))


def sums(left: Possible, right: Possible) -> Possible:
    """`left + right`, of numbers, and of dates with durations."""
    if right.kind == "months" and left.kind == "date":
        return _months_later(left, right)
    if left.kind in ("months", "days") and right.kind == "date":
        return sums(right, left)
    kinds = (left.kind, right.kind)
    if kinds == ("date", "days"):
        by = right.point
        if by is None or by % _DAY:
            return ANYTHING
        right = numbers("number", [Piece(by / _DAY, by / _DAY)], Grid(Decimal(0), by / _DAY))
    elif left.kind != right.kind or left.kind == "date":
        return ANYTHING
    pieces = _pairwise(left, right, _added)
    grid = None
    if left.grid and right.grid:
        step = _divisor([left.grid.step, right.grid.step])
        grid = Grid(step, left.grid.offset + right.grid.offset)
    return _exactly(left.kind, pieces, grid)


def _exactly(kind: Kind | None, pieces: list[Piece] | None, grid: Grid | None) -> Possible:
    """The grid is kept only as far as numbers have digits for it."""
    if kind is None or pieces is None:
        return ANYTHING
    ends = [abs(end) for piece in pieces for end in (piece.low, piece.high)]
    if grid is not None and grid.step and max(ends) / grid.step > _EXACT:
        grid = None
    return numbers(kind, pieces, grid)


def differences(left: Possible, right: Possible) -> Possible:
    """`left - right`; two dates give a duration in seconds."""
    if left.kind == right.kind == "date":
        apart = sums(replace(left, kind="number"), negated(replace(right, kind="number")))
        return replace(products(apart, constant(Decimal(_DAY))), kind="days")
    return sums(left, negated(right))


def negated(values: Possible) -> Possible:
    if not values.is_number_like or values.kind == "date":
        return ANYTHING
    turned = (Piece(-p.high, -p.low, p.high_closed, p.low_closed) for p in values.pieces)
    grid = values.grid and Grid(values.grid.step, -values.grid.offset)
    return numbers(values.kind or "number", turned, grid)


def products(left: Possible, right: Possible) -> Possible:
    """`left * right` of numbers."""
    if not left.kind == right.kind == "number":
        return ANYTHING
    pieces = _pairwise(left, right, _multiplied)
    grid = None
    if left.grid and right.grid:
        one, other = left.grid, right.grid
        step = _divisor([one.step * other.step, one.offset * other.step, other.offset * one.step])
        grid = Grid(step, one.offset * other.offset)
    return _exactly("number", pieces, grid)


def quotients(left: Possible, right: Possible) -> Possible:
    """`left / right` by one number other than 0."""
    by = right.point
    if not (left.kind == right.kind == "number") or not by:
        return ANYTHING

    def shared(end: Decimal) -> Decimal | None:
        return exact(lambda: CONTEXT.divide(end, by))

    return monotone(left, shared, None) if by > 0 else monotone(negated(left), lambda e: shared(-e))


def monotone(
    values: Possible,
    function: Callable[[Decimal], Decimal | None],
    grid: Grid | None = None,
) -> Possible:
    """What a function that never falls makes of numbers."""
    if values.kind != "number" or not values.is_number_like:
        return ANYTHING
    found = []
    for piece in values.pieces:
        ends = [e if e.is_infinite() else function(e) for e in (piece.low, piece.high)]
        if ends[0] is None or ends[1] is None:
            return ANYTHING
        found.append(Piece(ends[0], ends[1]))
    return numbers("number", found, grid)


def extremes(parts: list[Possible], choose: Callable[[Iterable[Decimal]], Decimal]) -> Possible:
    """`min` and `max` of several; `choose` is the function of that name."""
    if len({part.kind for part in parts}) != 1 or not all(part.is_number_like for part in parts):
        return ANYTHING
    low = choose(part.low.low for part in parts)
    high = choose(part.high.high for part in parts)
    return numbers(parts[0].kind or "number", [Piece(low, high)], _common([p.grid for p in parts]))


def absolute(values: Possible) -> Possible:
    if values.kind != "number" or not values.is_number_like:
        return ANYTHING
    both = union([values, negated(values)])
    return numbers("number", (_above_zero(p) for p in both.pieces), both.grid)


def _above_zero(piece: Piece) -> Piece:
    return piece if piece.low >= 0 else replace(piece, low=Decimal(0), low_closed=True)


def _pairwise(
    left: Possible, right: Possible, join: Callable[[Piece, Piece], Piece | None]
) -> list[Piece] | None:
    if not (left.is_number_like and right.is_number_like):
        return None
    joined = []
    for one, other in product(_few(left), _few(right)):
        piece = join(one, other)
        if piece is None:
            return None
        joined.append(piece)
    return joined


def _few(values: Possible) -> tuple[Piece, ...]:
    if len(values.pieces) <= 8:
        return values.pieces
    low, high = values.low, values.high
    return (Piece(low.low, high.high, low.low_closed, high.high_closed),)


def _added(one: Piece, other: Piece) -> Piece | None:
    low = exact(lambda: CONTEXT.add(one.low, other.low))
    high = exact(lambda: CONTEXT.add(one.high, other.high))
    if low is None or high is None:
        return None
    is_exact = max(_digits(low), _digits(high)) <= 30
    return Piece(
        low,
        high,
        (one.low_closed and other.low_closed) or not is_exact,
        (one.high_closed and other.high_closed) or not is_exact,
    )


def _digits(number: Decimal) -> int:
    return len(number.as_tuple().digits) if number.is_finite() else 0


def _multiplied(one: Piece, other: Piece) -> Piece | None:
    if one.is_point and not other.is_point:
        return _multiplied(other, one)
    ends = [
        (_times(a, b), a_closed and b_closed)
        for a, a_closed in ((one.low, one.low_closed), (one.high, one.high_closed))
        for b, b_closed in ((other.low, other.low_closed), (other.high, other.high_closed))
    ]
    low, high = min(end for end, _ in ends), max(end for end, _ in ends)
    # Only with a factor that is one number can it be told whether an open end stays open.
    is_known = other.is_point and bool(other.low) and max(_digits(low), _digits(high)) <= 30
    return Piece(
        low,
        high,
        not is_known or any(closed for end, closed in ends if end == low),
        not is_known or any(closed for end, closed in ends if end == high),
    )


def _times(a: Decimal, b: Decimal) -> Decimal:
    return Decimal(0) if not a or not b else CONTEXT.multiply(a, b)


def _months_later(days: Possible, months: Possible) -> Possible:
    by = months.point
    if by is None:
        return ANYTHING

    def later(end: Decimal) -> Decimal | None:
        try:
            found = add(date.fromordinal(int(end)), YearsMonths(int(by)))
        except (ValueError, OverflowError):  # beyond the years that a date of Python's has
            return None
        return Decimal(found.toordinal()) if type(found) is date else None

    moved = monotone(replace(days, kind="number"), later, Grid(Decimal(1)))
    return replace(moved, kind="date") if moved.kind else ANYTHING


# --- what can be said of two sets ------------------------------------------------------------


def outcomes(operator: str, left: Possible, right: Possible) -> frozenset[bool]:
    """The answers that a comparison of any value of one with any of the other may have."""
    found = _outcomes(operator, left, right)
    return frozenset(answer for answer, occurs in found.items() if occurs)


def _outcomes(operator: str, left: Possible, right: Possible) -> dict[bool, bool]:
    if left.kind is None or left.kind != right.kind:
        return {True: True, False: True}
    if operator in ("=", "!="):
        same, other = _may_equal(left, right), _may_differ(left, right)
        return {True: same, False: other} if operator == "=" else {True: other, False: same}
    if not (left.is_number_like and right.is_number_like):
        return {True: True, False: True}
    if operator in (">", ">="):
        return _outcomes({">": "<", ">=": "<="}[operator], right, left)
    below, reaches = _may_precede(left, right), _may_reach(left, right)
    above, meets = _may_precede(right, left), _may_reach(right, left)
    return {True: below, False: meets} if operator == "<" else {True: reaches, False: above}


def _may_precede(left: Possible, right: Possible) -> bool:
    return left.low.low < right.high.high


def _may_reach(left: Possible, right: Possible) -> bool:
    low, high = left.low, right.high
    return low.low < high.high or (low.low == high.high and low.low_closed and high.high_closed)


def _may_equal(left: Possible, right: Possible) -> bool:
    if left.words is not None and right.words is not None:
        return bool(left.words & right.words)
    if not (left.is_number_like and right.is_number_like):
        return True
    return any(True for _ in shared_pieces(left, right.pieces, right.grid))


def _may_differ(left: Possible, right: Possible) -> bool:
    if left.words is not None and right.words is not None:
        return len(left.words | right.words) > 1
    one, other = left.point, right.point
    return one is None or one != other


def shared_pieces(
    values: Possible, pieces: Iterable[Piece], grid: Grid | None = None
) -> Iterator[Piece]:
    """What the values have in common with other pieces, on the coarser of the grids."""
    grids = [g for g in (values.grid, grid) if g is not None]
    for one, other in product(values.pieces, pieces):
        met = meet(one, other)
        for g in grids:
            met = tightened(met, g)
        # Both grids hold the ends only if neither moves them any more.
        for g in grids:
            met = met if met.is_empty else tightened(met, g)
        if not met.is_empty:
            yield met


def meet(one: Piece, other: Piece) -> Piece:
    """What two pieces have in common."""
    low, low_closed = max(
        (one.low, one.low_closed), (other.low, other.low_closed), key=lambda e: (e[0], not e[1])
    )
    high, high_closed = min(
        (one.high, one.high_closed), (other.high, other.high_closed), key=lambda e: (e[0], e[1])
    )
    return Piece(low, high, low_closed, high_closed)


def is_covered(values: Possible, pieces: Iterable[Piece]) -> bool:
    """Whether every value lies in one of the pieces."""
    parts = sorted(shared_pieces(values, pieces), key=lambda p: (p.low, not p.low_closed))
    return all(_is_filled(piece, parts, values.grid) for piece in values.pieces)


def _is_filled(piece: Piece, parts: list[Piece], grid: Grid | None) -> bool:
    end, is_taken = piece.low, not piece.low_closed  # everything before it, and it too if taken
    for part in parts:
        if part.high < end or part.low > piece.high:
            continue
        if grid is not None and grid.step and is_taken and end.is_finite():
            follows = part.low <= end + grid.step
        else:
            follows = part.low < end or (part.low == end and (part.low_closed or is_taken))
        if not follows:
            return False
        if (part.high, part.high_closed) > (end, is_taken):
            end, is_taken = part.high, part.high_closed
    return end > piece.high or (end == piece.high and (is_taken or not piece.high_closed))
