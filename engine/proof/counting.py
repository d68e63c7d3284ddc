"""Completeness of rows that exclude one another, by counting.

Where no two rows overlap, their volumes add up: they cover the domain if and only if the sum is the
domain's volume. A volume is the number of combinations of pieces; whole numbers, without limit.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import prod

from engine.proof.axes import Axis
from engine.proof.boxes import Boxes, Point


def uncovered_count(boxes: Boxes) -> int:
    """How many combinations of pieces no row covers. Only for rows without overlap."""
    volumes = _suffix_volumes(boxes)[0]
    return prod(axis.counted for axis in boxes.axes) - sum(volumes)


def first_gap(boxes: Boxes) -> Point | None:
    """The first combination that no row covers, column by column. Only for rows without overlap.

    In each column the first piece that still lacks volume is taken, and the rows that do not meet
    it are left out.
    """
    volumes = _suffix_volumes(boxes)
    full = [prod(axis.counted for axis in boxes.axes[n:]) for n in range(len(boxes.axes) + 1)]
    if sum(volumes[0]) == full[0]:
        return None
    active = list(range(boxes.count))
    point: list[int] = []
    for column, axis in enumerate(boxes.axes):
        rest = volumes[column + 1]
        covered = _by_piece(axis, active, rest)
        piece = next(p for p, volume in enumerate(covered) if volume < full[column + 1])
        point.append(piece)
        active = [row for row in active if _holds(axis, row, piece)]
    return tuple(point)


def _suffix_volumes(boxes: Boxes) -> list[list[int]]:
    """By column, each row's volume in that column and those after it."""
    found = [[1] * boxes.count]
    for axis in reversed(boxes.axes):
        sizes = [_size(axis, cell) for cell in range(len(axis.runs))]
        found.append(
            [sizes[cell] * rest for cell, rest in zip(axis.cell_of, found[-1], strict=True)]
        )
    return found[::-1]


def _size(axis: Axis, cell: int) -> int:
    last = axis.counted - 1
    return sum(max(0, min(high, last) - low + 1) for low, high in axis.runs[cell])


def _by_piece(axis: Axis, active: Sequence[int], rest: Sequence[int]) -> list[int]:
    """The volume that the active rows cover at each counted piece."""
    steps = [0] * (len(axis.values) + 1)
    for row in active:
        for low, high in axis.of_row(row):
            steps[low] += rest[row]
            steps[high + 1] -= rest[row]
    return list(accumulate(steps))[: axis.counted]


def _holds(axis: Axis, row: int, piece: int) -> bool:
    return any(low <= piece <= high for low, high in axis.of_row(row))
