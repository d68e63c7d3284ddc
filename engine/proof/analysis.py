"""What is wrong with a table as it stands, by its boxes alone: no law, no workspace, no words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from engine.decision.hit_policies import Ranking, shaping_of
from engine.decision.tables import CompiledTable
from engine.definitions.tables import LISTING
from engine.proof.axes import Axis
from engine.proof.boxes import Boxes, Point, Side, frozen
from engine.proof.comparing import Comparison, compare_rows, rows_nearby
from engine.proof.counting import first_gap, uncovered_count
from engine.proof.covering import EFFORT, TooMuchEffort, first_uncovered
from engine.proof.diagrams import needed_columns
from engine.proof.fragments import disjoint_boxes
from engine.proof.scales import common

_RANKED_BY_ORDER = ("first", "priority")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rows (from 0) that are hit together at a point. `is_sure`: it is a fault for certain."""

    rows: tuple[int, int]
    point: Point
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Outside:
    """A test of a cell that no value of the column's domain meets; or the cell has no other."""

    row: int
    column: int
    place: tuple[int, int]  # the test's characters in the cell
    is_whole: bool


@dataclass
class Analysis:
    """Everything found. Rows and columns count from 0.

    `gap_count` counts combinations of pieces that no row takes, None where rows overlap. `open` names the
    questions that were given up: gap, dead, idle.
    """

    gap: Point | None = None
    gap_count: int | None = None
    overlaps: list[Overlap] = field(default_factory=list)
    overlap_count: int = 0
    dead: dict[int, tuple[int, ...]] = field(default_factory=dict)  # row: those that cover it
    outside: list[Outside] = field(default_factory=list)
    repeated: list[tuple[int, int]] = field(default_factory=list)  # a row and an earlier one
    idle: tuple[int, ...] = ()
    open: list[str] = field(default_factory=list)


def analyse(boxes: Boxes, *, effort: int = EFFORT, most: int = 20) -> Analysis:
    """Every question about the table; at most `most` overlaps are listed, all are counted."""
    found = Analysis()
    table = boxes.compiled.table
    comparison = compare_rows(boxes, most)
    found.outside = list(_outside(boxes))
    found.repeated = list(_repeated(boxes))
    if table.hit in ("unique", "any"):
        _note_overlaps(boxes, comparison, found)
    _find_gap(boxes, comparison, found, effort)
    if table.hit in _RANKED_BY_ORDER:
        _find_dead(boxes, found, effort)
    if found.gap is None and not found.overlaps and "gap" not in found.open:
        _find_idle(boxes, comparison, found, effort)
    return found


# --- rows that should exclude each other ---------------------------------------------------------


def _note_overlaps(boxes: Boxes, comparison: Comparison, found: Analysis) -> None:
    is_unique = boxes.compiled.table.hit == "unique"
    pairs = comparison.overlaps if is_unique else comparison.clashes
    found.overlap_count = comparison.overlap_count if is_unique else comparison.clash_count
    found.overlaps = [
        Overlap(pair, _shared(boxes, *pair), is_unique or boxes.settled.issuperset(pair))
        for pair in pairs
    ]


def _shared(boxes: Boxes, row: int, other: int) -> Point:
    """The first point that both rows take."""
    return tuple(
        min(
            max(a[0], b[0])
            for a in axis.of_row(row)
            for b in axis.of_row(other)
            if max(a[0], b[0]) <= min(a[1], b[1])
        )
        for axis in boxes.axes
    )


# --- what no row takes ---------------------------------------------------------------------------


def _find_gap(boxes: Boxes, comparison: Comparison, found: Analysis, effort: int) -> None:
    if not comparison.overlap_count:
        found.gap_count = uncovered_count(boxes.axes, boxes.sides)
    if answers_without_rows(boxes.compiled):
        found.gap = _first_barred(boxes)
    elif found.gap_count:
        found.gap = first_gap(boxes.axes, boxes.sides)
    elif found.gap_count is None:
        try:
            found.gap = _gap_between_overlaps(boxes, comparison.overlap_count, effort)
        except TooMuchEffort:
            found.open.append("gap")


def _gap_between_overlaps(boxes: Boxes, pairs: int, effort: int) -> Point | None:
    """Two ways, each fast where the other is slow: few rows that overlap much, or many a little.

    Raises TooMuchEffort.
    """
    by_fragments = partial(_gap_by_fragments, boxes, effort)
    by_search = partial(first_uncovered, boxes, range(boxes.count), effort=effort)
    ways = (by_fragments, by_search) if pairs <= 4 * boxes.count else (by_search, by_fragments)
    try:
        return ways[0]()
    except TooMuchEffort:
        return ways[1]()


def _gap_by_fragments(boxes: Boxes, effort: int) -> Point | None:
    earlier = ([other for other in near if other < row] for row, near in rows_nearby(boxes))
    fragments = disjoint_boxes(boxes.sides, earlier, effort // 4)
    return first_gap(boxes.axes, [box for _, box in fragments])


def _first_barred(boxes: Boxes) -> Point | None:
    """The first point with a value that `allowed` does not allow."""
    zeros = [0] * len(boxes.axes)
    candidates = [
        (*zeros[:n], axis.barred[0], *zeros[n + 1 :])
        for n, axis in enumerate(boxes.axes)
        if axis.barred
    ]
    return min(candidates, default=None)


def answers_without_rows(compiled: CompiledTable) -> bool:
    """Whether the table answers where no row is hit: by its default, an empty list, a count of 0."""
    table = compiled.table
    if table.default:
        return True
    return table.hit in LISTING and None not in shaping_of(table)([]).values()


# --- rows that never count -----------------------------------------------------------------------


def _outside(boxes: Boxes) -> Iterator[Outside]:
    for column, axis in enumerate(boxes.axes):
        by_cell: dict[int, list[tuple[int, int]]] = {}
        for cell, test in axis.outside:
            by_cell.setdefault(cell, []).append(test.place)
        for row, cell in enumerate(axis.cell_of):
            for place in by_cell.get(cell, ()):
                yield Outside(row, column, place, not axis.runs[cell])


def _repeated(boxes: Boxes) -> Iterator[tuple[int, int]]:
    """Rows that take exactly the same points, however they are written."""
    is_listing = boxes.compiled.table.hit in LISTING
    seen: dict[object, int] = {}
    empty = set(boxes.empty_rows)
    for row in range(boxes.count):
        key: object = boxes.sides[row]
        if is_listing:  # two rows of one condition list two things
            key = (key, boxes.given[row])
        other = seen.setdefault(key, row)
        if other != row and row not in empty:
            yield row, other


def _find_dead(boxes: Boxes, found: Analysis, effort: int) -> None:
    """Rows that others always go before: earlier ones, or those of higher priority."""
    order = _order(boxes)
    if order is None:
        found.open.append("dead")
        return
    empty = set(boxes.empty_rows)
    # What goes before a dead row goes before whatever it would; a cell that asks for null may not.
    asks_null = any(axis.asks_null for axis in boxes.axes)
    nearby: Iterable[tuple[int, list[int]]] = rows_nearby(boxes)
    if boxes.compiled.table.hit == "priority":
        nearby = sorted(nearby, key=lambda item: order[item[0]])
    for row, near in nearby:
        before = [other for other in near if order[other] < order[row]]
        before = [other for other in before if asks_null or other not in found.dead]
        if row in empty or not before:
            continue
        try:
            if first_uncovered(boxes, before, row, effort=effort) is None:
                found.dead[row] = tuple(before)
        except TooMuchEffort:
            if "dead" not in found.open:
                found.open.append("dead")


def _order(boxes: Boxes) -> list[tuple[Any, int]] | None:
    """What goes first, by row; None where a row's priority is not constant."""
    if boxes.compiled.table.hit == "first":
        return [((), row) for row in range(boxes.count)]
    rank = Ranking(boxes.compiled.table)
    if len(boxes.settled) < boxes.count:
        return None
    ranks = [rank(given) for given in _outputs(boxes)]
    return None if None in ranks else [(r, row) for row, r in enumerate(ranks)]


def _outputs(boxes: Boxes) -> list[Mapping[str, Any]]:
    """What each row gives; only for rows that are settled."""
    return [
        {name: expression.evaluate(boxes.fixed) for name, expression in row.items()}
        for row in boxes.compiled.outputs
    ]


# --- columns that change nothing -----------------------------------------------------------------


def _find_idle(boxes: Boxes, comparison: Comparison, found: Analysis, effort: int) -> None:
    table = boxes.compiled.table
    columns = range(len(boxes.axes))
    is_exclusive = table.hit in ("unique", "any")
    needed: frozenset[int]
    if is_exclusive and (not table.default or found.gap_count == 0):
        needed = frozenset(comparison.needed)
    else:
        try:
            needed = _needed_by_policy(boxes, found, effort)
        except TooMuchEffort:
            found.open.append("idle")
            return
    if any(axis.asks_null for axis in boxes.axes) and (table.default or not is_exclusive):
        # Where a cell asks for 待核, more may depend on a column than its known values show.
        needed |= {n for n in columns if _restricts(boxes.axes[n])}
    found.idle = tuple(n for n in columns if n not in needed)


def _restricts(axis: Axis) -> bool:
    """Whether some cell of the column leaves any value out."""
    everything = ((0, len(axis.values) - 1),)
    return any(runs != everything for runs in axis.runs)


def _needed_by_policy(boxes: Boxes, found: Analysis, effort: int) -> frozenset[int]:
    """The columns on which the answers to known values depend. Raises TooMuchEffort."""
    try:
        return needed_columns(boxes, _answering(boxes), effort=effort)
    except TooMuchEffort:
        order = _order(boxes) if boxes.compiled.table.hit in _RANKED_BY_ORDER else None
        if order is None or boxes.compiled.table.default:
            raise
        return _needed_by_fragments(boxes, order, effort)


def _needed_by_fragments(
    boxes: Boxes, order: Sequence[tuple[Any, int]], effort: int
) -> frozenset[int]:
    """The same by what each row has left after those that go before it; for complete tables."""
    known = [
        tuple(
            tuple(common(side, [(0, axis.known - 1)]))
            for axis, side in zip(boxes.axes, box, strict=True)
        )
        for box in boxes.sides
    ]
    earlier = ([o for o in near if order[o] < order[row]] for row, near in rows_nearby(boxes))
    fragments = disjoint_boxes(known, earlier, effort // 4)
    axes = []
    for column, axis in enumerate(boxes.axes):
        places: dict[Side, int] = {}
        cells = tuple(places.setdefault(box[column], len(places)) for _, box in fragments)
        axes.append(replace(axis, cell_of=cells, runs=tuple(places), maybe=tuple(places)))
    given = tuple(boxes.given[row] for row, _ in fragments)
    return frozenset(compare_rows(replace(boxes, axes=tuple(axes), given=given)).needed)


def _answering(boxes: Boxes) -> Callable[[int], object]:
    """A key of what the table gives for rows that are hit, all facts being known."""
    table = boxes.compiled.table
    order = _order(boxes) if table.hit in (*_RANKED_BY_ORDER, "output_order") else None
    is_settled = len(boxes.settled) == boxes.count
    outputs = _outputs(boxes) if is_settled else []
    shape = shaping_of(table)

    def answer(hits: int) -> object:
        rows = [n for n in range(boxes.count) if hits >> n & 1]
        if order is not None:
            rows.sort(key=lambda row: order[row])
        if table.hit not in LISTING:
            rows = rows[:1]
        if is_settled and rows:
            return frozen(dict(shape([outputs[row] for row in rows])))
        given = [boxes.given[row] for row in rows]
        return frozenset(Counter(given).items()) if table.hit == "collect" else tuple(given)

    return answer
