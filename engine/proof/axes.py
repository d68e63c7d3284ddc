"""One column of a table with its domain cut into pieces in which no cell changes its answer.

A table is thereby a set of boxes over small whole numbers: piece by piece, which rows are met.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.feel import UnaryTests, tree
from engine.proof.cells import CellTests, Fixed, NotABox, Test, listed_answers, read_cell
from engine.proof.domains import Domain, Kind
from engine.proof.scales import Days, Decimals, Ranks, Scale, Stretch, common, complement, joined

_OTHER = "其他"  # stands for every text that no cell mentions


@dataclass(frozen=True)
class Axis:
    """A column's pieces, and by each distinct cell the runs of pieces that it is met by.

    `values` holds one value of each piece; the piece of 待核, where there is one, is the last, and
    its value None. `counted` pieces have to be covered by the rows: null is, where the table's
    `allowed` names it. `maybe` are the pieces that a cell is met by or, the value being unknown,
    may be met by. `outside` are tests of cells that no value of the domain meets, `barred` are pieces
    that the domain has and `allowed` has not: there the engine stops. `asks_null` says that some
    cell answers for 待核 in so many words.
    """

    domain: Domain
    values: tuple[Any, ...]
    counted: int
    cell_of: tuple[int, ...]
    runs: tuple[tuple[Stretch, ...], ...]
    maybe: tuple[tuple[Stretch, ...], ...]
    outside: tuple[tuple[int, Test], ...] = ()
    barred: tuple[int, ...] = ()
    asks_null: bool = False

    @property
    def known(self) -> int:
        """How many pieces are of known values."""
        return len(self.values) - self.has_null

    @property
    def name(self) -> str:
        return self.domain.name

    @property
    def has_null(self) -> bool:
        return self.values[-1:] == (None,)

    def of_row(self, row: int) -> tuple[Stretch, ...]:
        return self.runs[self.cell_of[row]]


def cut(
    domain: Domain,
    cells: Sequence[UnaryTests],
    fixed: Fixed,
    on: date,
    allowed: UnaryTests | None = None,
) -> Axis:
    """The axis of a column with these cells, one for each row. Raises NotABox."""
    places: dict[str, int] = {}
    cell_of = tuple(places.setdefault(cell.text, len(places)) for cell in cells)
    first = {place: cell for cell, place in zip(reversed(cells), reversed(cell_of), strict=True)}
    distinct = [first[place] for place in range(len(places))]
    asked = [*distinct, allowed] if allowed is not None else distinct
    values, known, outside = _known(domain, asked, fixed, on)
    limit = known.pop() if allowed is not None else None
    nulls = [_for_null(cell, fixed) if domain.is_nullable else False for cell in asked]
    asks_null = any(
        null is not None and cell.tree.tests for cell, null in zip(distinct, nulls, strict=False)
    )
    has_null_allowed = bool(nulls.pop()) if allowed is not None and allowed.tree.tests else False
    size = len(values)
    barred: list[Stretch] = []
    if limit is not None:
        known = [common(runs, limit) for runs in known]
        barred = complement(limit, 0, size - 1)
    runs = [_with_null(one, size, null is True) for one, null in zip(known, nulls, strict=True)]
    outside = [found for found in outside if found[0] < len(distinct)]
    if domain.origin != "engine":  # a region's rows are not for the others
        told = {place for place, _ in outside}
        lost = (n for n, found in enumerate(runs) if not found and n not in told)
        outside += [(n, Test(place=(0, len(distinct[n].text)))) for n in lost]
    return Axis(
        domain,
        (*values, None) if domain.is_nullable else values,
        size + has_null_allowed,
        cell_of,
        tuple(runs),
        tuple(
            _with_null(one, size, null is not False) for one, null in zip(known, nulls, strict=True)
        ),
        tuple(outside),
        tuple(piece for low, high in barred for piece in range(low, high + 1)),
        domain.is_nullable and asks_null,
    )


def _for_null(cell: UnaryTests, fixed: Fixed) -> bool | None:
    """The cell's answer to 待核; what compares with a constant needs no asking."""
    tests = cell.tree.tests
    if tests and all(_compares(test) for test in tests):
        return None
    return cell.evaluate(None, fixed)


def _compares(test: tree.Node) -> bool:
    if isinstance(test, tree.Literal):
        return test.value is not None
    return isinstance(test, tree.HalfLine | tree.Interval)


def _with_null(runs: list[Stretch], null: int, is_met: bool) -> tuple[Stretch, ...]:
    return tuple(joined([*runs, (null, null)] if is_met else runs))


_Known = tuple[tuple[Any, ...], list[list[Stretch]], list[tuple[int, Test]]]


def _known(domain: Domain, cells: Sequence[UnaryTests], fixed: Fixed, on: date) -> _Known:
    """The pieces of known values, the runs of each cell, and the tests that hold no value."""
    if domain.values is not None:
        met = [listed_answers(cell, domain.values, fixed) for cell in cells]
        return domain.values, [joined((n, n) for n in found) for found in met], []
    if domain.kind == "other":
        raise NotABox(f"“{domain.name}”是列表或记录", f"{domain.name} is a list or a record")
    read = [read_cell(cell, domain.kind, fixed) for cell in cells]
    if domain.kind == "text":
        return _texts(read, fixed)
    scale = _scale(domain, read, on)
    stretches = [cell.stretches(scale) for cell in read]
    within = _domain_stretches(domain, scale)
    starts, values = _pieces(within, stretches, scale)
    outside = [
        (place, test)
        for place, cell in enumerate(read)
        for test in cell.tests
        if not test.is_null and not _runs(test.stretches(scale), starts)
    ]
    return values, [_runs(found, starts) for found in stretches], outside


def _texts(read: Sequence[CellTests], fixed: Fixed) -> _Known:
    """Every text that is mentioned, and one that is not."""
    mentioned = dict.fromkeys(end for cell in read for test in cell.tests for end in test.ends)
    other = _OTHER
    while other in mentioned:
        other += "的"
    values = (*mentioned, other)
    met = [listed_answers(cell.cell, values, fixed) for cell in read]
    return values, [joined((n, n) for n in found) for found in met], []


def _scale(domain: Domain, read: Sequence[CellTests], on: date) -> Scale:
    if domain.kind == "date":
        return Days(on)
    if domain.scale is not None:
        return Decimals(domain.scale)
    ends = [end for cell in read for test in cell.tests for end in test.ends]
    bounds = [end for span in domain.spans for end in (span.low, span.high) if end is not None]
    return Ranks([*ends, *bounds])


def _domain_stretches(domain: Domain, scale: Scale) -> list[Stretch]:
    if not domain.spans:
        return [(scale.first, scale.last)]
    return joined(
        (
            scale.first if span.low is None else scale.at_least(span.low, span.low_closed),
            scale.last if span.high is None else scale.at_most(span.high, span.high_closed),
        )
        for span in domain.spans
    )


def _pieces(
    within: Iterable[Stretch], stretches: Iterable[Iterable[Stretch]], scale: Scale
) -> tuple[list[int], tuple[Any, ...]]:
    """Where each piece of the domain starts, and a value of it."""
    breaks = {start for runs in stretches for low, high in runs for start in (low, high + 1)}
    ordered = sorted(breaks)
    starts: list[int] = []
    values: list[Any] = []
    for low, high in within:
        inner = ordered[bisect_right(ordered, low) : bisect_right(ordered, high)]
        for start, after in zip([low, *inner], [*inner, high + 1], strict=True):
            starts.append(start)
            values.append(scale.shown(start, after - 1))
    return starts, tuple(values)


def _runs(stretches: Iterable[Stretch], starts: Sequence[int]) -> list[Stretch]:
    """Stretches of a scale as runs of pieces."""
    found = ((bisect_left(starts, low), bisect_right(starts, high) - 1) for low, high in stretches)
    return joined(found)


def kind_of_cells(cells: Iterable[UnaryTests], fixed: Fixed) -> Kind:
    """The kind of value that the cells of a computed column test for. Raises NotABox."""
    kinds: dict[type, Kind] = {Decimal: "number", date: "date", str: "text", bool: "boolean"}
    for cell in cells:
        for kind in kinds.values():
            try:
                read = read_cell(cell, kind, fixed)
            except NotABox:
                continue
            if any(True for test in read.tests for _ in test.ends):
                return kind
    raise NotABox("算出的列里没有常量", "the cells of a computed column hold no constant")
