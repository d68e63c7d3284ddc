"""What rows that may overlap leave uncovered: exact, column by column, within a stated effort."""

from collections.abc import Sequence

from engine.proof.axes import Axis
from engine.proof.boxes import Boxes, Point
from engine.proof.scales import Stretch

EFFORT = 200_000  # combinations of a column's piece with the rows still in question


class TooMuchEffort(Exception):
    """The question was given up: nothing is proved and nothing is refuted."""


def first_uncovered(
    boxes: Boxes,
    rows: Sequence[int],
    within: int | None = None,
    *,
    effort: int = EFFORT,
) -> Point | None:
    """The first point of the domain, or of the row `within`, that none of `rows` takes.

    Of the whole domain, what has to be covered is asked for; of a row, also its points of 待核, and
    there a row that may be hit counts as one that takes them: whoever comes later has to wait.
    Raises TooMuchEffort.
    """
    return _Search(boxes, rows, within, effort).first()


class _Search:
    """Piece by piece; rows that miss it drop out, and a state once covered is not entered again."""

    def __init__(self, boxes: Boxes, rows: Sequence[int], within: int | None, effort: int) -> None:
        self._effort = effort
        self._pieces = [_pieces(axis, within) for axis in boxes.axes]
        is_whole = within is None
        self._members = [
            _members(axis, rows, pieces, is_whole)
            for axis, pieces in zip(boxes.axes, self._pieces, strict=True)
        ]
        self._all = (1 << len(rows)) - 1
        self._full = [self._all]  # by column, the rows that take all pieces from there on
        for members in reversed(self._members):
            everywhere = self._full[-1]
            for bits in members:
                everywhere &= bits
            self._full.append(everywhere)
        self._full.reverse()
        self._covered: list[set[int]] = [set() for _ in self._full]

    def first(self) -> Point | None:
        """The first uncovered point, pieces tried in order."""
        if not all(self._pieces):
            return None  # an empty box has no points
        found = self._from(0, self._all)
        return None if found is None else tuple(found)

    def _from(self, column: int, active: int) -> list[int] | None:
        if active & self._full[column]:
            return None
        if not active:
            return [pieces[0] for pieces in self._pieces[column:]]
        if active in self._covered[column]:
            return None
        seen = set()
        for piece, members in zip(self._pieces[column], self._members[column], strict=True):
            rest = active & members
            if rest in seen:
                continue
            seen.add(rest)
            self._effort -= 1
            if self._effort < 0:
                raise TooMuchEffort
            found = self._from(column + 1, rest)
            if found is not None:
                return [piece, *found]
        self._covered[column].add(active)
        return None


def _pieces(axis: Axis, within: int | None) -> list[int]:
    if within is None:
        return list(range(axis.counted))
    return [p for low, high in axis.of_row(within) for p in range(low, high + 1)]


def _members(axis: Axis, rows: Sequence[int], pieces: Sequence[int], is_whole: bool) -> list[int]:
    """By piece, the rows (as bits, in the order given) that take it."""
    toggles = [0] * (len(axis.values) + 1)
    by_cell: dict[int, int] = {}
    for place, row in enumerate(rows):
        by_cell[axis.cell_of[row]] = by_cell.get(axis.cell_of[row], 0) | 1 << place
    for cell, bits in by_cell.items():
        runs: Sequence[Stretch] = axis.runs[cell] if is_whole else axis.maybe[cell]
        for low, high in runs:
            toggles[low] ^= bits
            toggles[high + 1] ^= bits
    found, current = [], 0
    for toggle in toggles[:-1]:
        current ^= toggle
        found.append(current)
    return [found[piece] for piece in pieces]
