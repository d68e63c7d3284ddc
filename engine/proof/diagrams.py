"""A table's answers as a decision diagram: exact for every hit policy, within a stated effort."""

from collections.abc import Callable

from engine.proof.boxes import Boxes
from engine.proof.covering import EFFORT, TooMuchEffort

# What the rows that are hit (bit n for row n) give together: equal keys for equal answers.
Answering = Callable[[int], object]


def needed_columns(boxes: Boxes, answer: Answering, *, effort: int = EFFORT) -> frozenset[int]:
    """The columns on which the answer to known values depends.

    The diagram is ordered by the columns and reduced: equal parts are one, and a column that makes
    no difference has no node. A function depends on a column if and only if its diagram has a node
    there (Bryant 1986). Raises TooMuchEffort.
    """
    diagram = _Diagram(boxes, answer, effort)
    diagram.node(0, (1 << boxes.count) - 1)
    return frozenset(diagram.used)


class _Diagram:
    def __init__(self, boxes: Boxes, answer: Answering, effort: int) -> None:
        self._answer, self._effort = answer, effort
        self._members = [_members_by_piece(boxes, n) for n in range(len(boxes.axes))]
        self._known: dict[tuple[int, int], int] = {}
        self._same: dict[object, int] = {}
        self.used: set[int] = set()

    def node(self, column: int, active: int) -> int:
        """The number of the part of the diagram that answers the rest for the active rows."""
        if column == len(self._members):
            return self._number(("answer", self._answer(active)))
        known = self._known.get((column, active))
        if known is None:
            known = self._known[column, active] = self._made(column, active)
        return known

    def _made(self, column: int, active: int) -> int:
        self._effort -= len(self._members[column])
        if self._effort < 0:
            raise TooMuchEffort
        children = tuple(
            self.node(column + 1, active & members) for members in self._members[column]
        )
        if len(set(children)) == 1:
            return children[0]
        self.used.add(column)
        return self._number((column, children))

    def _number(self, key: object) -> int:
        return self._same.setdefault(key, len(self._same))


def _members_by_piece(boxes: Boxes, column: int) -> list[int]:
    """By piece of known values, the rows that take it."""
    axis = boxes.axes[column]
    found = [0] * axis.known
    for row in range(boxes.count):
        for low, high in axis.of_row(row):
            for piece in range(low, min(high + 1, axis.known)):
                found[piece] |= 1 << row
    return found
