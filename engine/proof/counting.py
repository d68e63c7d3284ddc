"""Completeness of boxes that exclude one another, by counting.

Where no two overlap, their volumes add up: they cover the domain if and only if the sum is the
domain's volume. A volume is the number of combinations of pieces; whole numbers, without limit.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import prod

from engine.proof.axes import Axis
from engine.proof.boxes import Box, Point, Side


def uncovered_count(axes: Sequence[Axis], boxes: Sequence[Box]) -> int:
    """How many combinations of counted pieces no box covers."""
    return prod(axis.counted for axis in axes) - sum(_suffix_volumes(axes, boxes)[0])


def first_gap(axes: Sequence[Axis], boxes: Sequence[Box]) -> Point | None:
    """The first combination that no box covers, column by column.

    In each column the first piece that still lacks volume is taken, and the boxes that do not hold
    it are left out.
    """
    volumes = _suffix_volumes(axes, boxes)
    full = [prod(axis.counted for axis in axes[n:]) for n in range(len(axes) + 1)]
    if sum(volumes[0]) == full[0]:
        return None
    active = list(range(len(boxes)))
    point: list[int] = []
    for column, axis in enumerate(axes):
        sides = [(boxes[n][column], volumes[column + 1][n]) for n in active]
        covered = _by_piece(axis, sides)
        piece = next(p for p, volume in enumerate(covered) if volume < full[column + 1])
        point.append(piece)
        active = [n for n in active if _holds(boxes[n][column], piece)]
    return tuple(point)


def _suffix_volumes(axes: Sequence[Axis], boxes: Sequence[Box]) -> list[list[int]]:
    """By column, each box's volume in that column and those after it."""
    found = [[1] * len(boxes)]
    for column in reversed(range(len(axes))):
        last = axes[column].counted - 1
        sides = (box[column] for box in boxes)
        found.append(
            [_size(side, last) * rest for side, rest in zip(sides, found[-1], strict=True)]
        )
    return found[::-1]


def _size(side: Side, last: int) -> int:
    if len(side) == 1:
        low, high = side[0]
        return max(0, (high if high < last else last) - low + 1)
    return sum(max(0, min(high, last) - low + 1) for low, high in side)


def _by_piece(axis: Axis, sides: Sequence[tuple[Side, int]]) -> list[int]:
    """The volume that is covered at each counted piece."""
    steps = [0] * (len(axis.values) + 1)
    for side, volume in sides:
        for low, high in side:
            steps[low] += volume
            steps[high + 1] -= volume
    return list(accumulate(steps))[: axis.counted]


def _holds(side: Side, piece: int) -> bool:
    return any(low <= piece <= high for low, high in side)
