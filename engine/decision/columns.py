"""One column of a decision table, answered for all its rows at once.

A cell made of constants can change its answer only at its own constants. Each is therefore asked
beforehand, by the one evaluator of cells, at every one of its constants and once between any two;
a value is then answered by where it lies among all the column's constants. Rows are bits of a
number: bit n is row n, so that columns are joined by `&`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from itertools import accumulate, pairwise
from operator import xor
from typing import Any, TypeAlias

from engine.feel import UnaryTests, tree
from engine.feel.timetext import read_temporal
from engine.feel.values import normalise

# The rows that a value meets, and those that it meets or, some fact being unknown, may meet.
Rows: TypeAlias = tuple[int, int]
Lookup: TypeAlias = tuple[dict[Any, int], int]
Steps: TypeAlias = tuple[list[Any], list[int]]

_WIDE = Context(prec=80)  # room for the middle of any two FEEL numbers
_HUGE = 1000  # no number of a definition has an exponent near this
_DAY = timedelta(days=1)
_NEXT = "\0"  # added to a text, it gives the very next one


class Column:
    """The cells of one column; `loose` are those that must be asked one by one, with their rows."""

    def __init__(self, cells: Sequence[UnaryTests]) -> None:
        grouped: dict[str, tuple[UnaryTests, int]] = {}
        for row, cell in enumerate(cells):
            grouped[cell.text] = cell, grouped.get(cell.text, (cell, 0))[1] | 1 << row
        known = [(cell, mask, constants_of(cell)) for cell, mask in grouped.values()]
        self.kind = next((type(c) for _, _, found in known for c in found or ()), None)
        self._cells: list[tuple[UnaryTests, int]] = []
        loose: list[tuple[int, UnaryTests]] = []
        fitting: list[tuple[UnaryTests, int, list[Any]]] = []
        for cell, mask, found in known:
            if found is None or any(type(constant) is not self.kind for constant in found):
                loose.append((mask, cell))
            else:
                self._cells.append((cell, mask))
                fitting.append((cell, mask, sorted(found)))
        self.loose = tuple(loose)
        self._loose_rows = sum(mask for mask, _ in loose)
        self.is_free = not any(cell.tree.tests for cell in cells)  # nothing but `-`
        self.unknown = self._one_by_one(None)
        self._index(fitting)

    def _index(self, fitting: list[tuple[UnaryTests, int, list[Any]]]) -> None:
        cuts_of_all = {cut for _, _, cuts in fitting for cut in cuts}
        self._cuts: list[Any] = sorted({False, True} if self.kind is bool else cuts_of_all)
        place_of = {cut: 2 * n + 1 for n, cut in enumerate(self._cuts)}
        met, maybe = ([self._loose_rows] + [0] * (2 * len(self._cuts)) for _ in range(2))
        for cell, mask, cuts in fitting:
            was: tuple[bool, bool] = (False, False)
            for place, answer in _answers(cell, cuts, place_of):
                now = answer is True, answer is not False
                met[place] ^= mask if now[0] != was[0] else 0
                maybe[place] ^= mask if now[1] != was[1] else 0
                was = now
        self._pieces: list[Rows] = list(
            zip(accumulate(met, xor), accumulate(maybe, xor), strict=True)
        )
        self.lookup = self._as_lookup()
        self.steps = self._as_steps()

    def _as_lookup(self) -> Lookup | None:
        """Rows by constant and those of all other values, where only constants stand out."""
        certain = [met for met, maybe in self._pieces if met == maybe]
        if len(certain) < len(self._pieces) or (
            self.kind is not bool and len(set(certain[::2])) > 1
        ):
            return None
        return dict(zip(self._cuts, certain[1::2], strict=True)), certain[0]

    def _as_steps(self) -> Steps | None:
        """Constants and rows from each one on, where all ranges hold their lower end: `[a..b)`."""
        pieces = self._pieces
        if pieces[1::2] != pieces[2::2] or any(met != maybe for met, maybe in pieces):
            return None
        return self._cuts, [met for met, _ in pieces[::2]]

    def rows(self, value: Any) -> Rows:
        """The rows whose cell in this column the value meets or may meet; loose ones among them."""
        if type(value) is self.kind:
            cuts = self._cuts
            return self._pieces[bisect_left(cuts, value) + bisect_right(cuts, value)]
        return self.unknown if value is None else self._one_by_one(value)

    def _one_by_one(self, value: Any) -> Rows:
        met = maybe = self._loose_rows
        for cell, mask in self._cells:
            answer = cell.evaluate(value)
            met |= mask if answer is True else 0
            maybe |= mask if answer is not False else 0
        return met, maybe


def _answers(
    cell: UnaryTests, cuts: list[Any], place_of: dict[Any, int]
) -> Iterator[tuple[int, bool | None]]:
    """The cell's answer at and between its own constants, by place among the column's pieces."""
    if not cuts:
        yield 0, cell.evaluate(Decimal(0))  # `-` and `null` answer every known value alike
        return
    gaps = [_before(cuts[0]), *(_between(low, high) for low, high in pairwise(cuts))]
    gap_places = [0, *(place_of[cut] + 1 for cut in cuts)]
    for cut, place, below in zip(cuts, gap_places, gaps, strict=False):
        if below is not None:
            yield place, cell.evaluate(below)
        yield place_of[cut], cell.evaluate(cut)
    above = _after(cuts[-1])
    if above is not None:
        yield gap_places[-1], cell.evaluate(above)


def _before(cut: Any) -> Any:
    """A value below, or None where there is none."""
    if isinstance(cut, bool):
        return False if cut else None
    if isinstance(cut, Decimal):
        return normalise(_WIDE.subtract(cut, abs(cut) + 1))
    if isinstance(cut, date):
        return cut - _DAY if cut > date.min else None
    return "" if cut else None


def _between(low: Any, high: Any) -> Any:
    """A value strictly between, or None where there is none."""
    if isinstance(low, bool):
        return None
    if isinstance(low, Decimal):
        middle: Any = normalise(_WIDE.divide(_WIDE.add(low, high), Decimal(2)))
    else:
        middle = low + (_DAY if isinstance(low, date) else _NEXT)
    return middle if low < middle < high else None


def _after(cut: Any) -> Any:
    """A value above, or None where there is none."""
    if isinstance(cut, bool):
        return None if cut else True
    if isinstance(cut, Decimal):
        return normalise(_WIDE.add(cut, abs(cut) + 1))
    if isinstance(cut, date):
        return cut + _DAY if cut < date.max else None
    return cut + _NEXT


def constants_of(cell: UnaryTests) -> frozenset[Any] | None:
    """The constants at which the cell's answer may change; None if it rests on anything else."""
    found: set[Any] = set()
    for test in cell.tree.tests:
        for end in _ends(test):
            value = _constant(end)
            if value is None and not _is_null(test):
                return None
            found.add(value)
    return frozenset(found - {None})


def _ends(test: tree.Node) -> Iterable[tree.Node]:
    if isinstance(test, tree.Interval):
        return test.low, test.high
    return (test.operand,) if isinstance(test, tree.HalfLine) else (test,)


def _constant(node: tree.Node) -> Any:
    """The number, text, boolean or date that a node always stands for; None for all others."""
    value: Any = None
    if isinstance(node, tree.Literal):
        value = node.value
    elif isinstance(node, tree.AtLiteral):
        value = read_temporal(node.text)
        value = value if type(value) is date else None
    elif isinstance(node, tree.Negative):
        inner = _constant(node.operand)
        value = -inner if isinstance(inner, Decimal) else None
    if isinstance(value, Decimal) and abs(value.adjusted()) > _HUGE:
        return None
    return value


def _is_null(test: tree.Node) -> bool:
    return isinstance(test, tree.Literal) and test.value is None
