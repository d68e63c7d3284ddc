"""Rows that overlap, made boxes that do not: what of each row those before it have left."""

from collections.abc import Iterable, Iterator, Sequence

from engine.proof.boxes import Box, Side
from engine.proof.covering import TooMuchEffort
from engine.proof.scales import Stretch, common


def disjoint_boxes(
    boxes: Sequence[Box], earlier: Iterable[Sequence[int]], most: int
) -> list[tuple[int, Box]]:
    """Boxes that exclude one another and take together exactly what `boxes` take.

    Each comes with the place of the box it is a part of. `earlier` names for each box those that
    go before it where they overlap. Raises TooMuchEffort for more than `most` fragments.
    """
    found: list[tuple[int, Box]] = []
    for place, (box, others) in enumerate(zip(boxes, earlier, strict=True)):
        left = [box] if all(box) else []
        for other in others:
            left = [part for fragment in left for part in without(fragment, boxes[other])]
            if len(found) + len(left) > most:
                raise TooMuchEffort
        found += [(place, fragment) for fragment in left]
    return found


def without(box: Box, other: Box) -> Iterator[Box]:
    """What of a box is not in the other, as boxes that exclude one another: one a column at most."""
    shared = [tuple(common(mine, theirs)) for mine, theirs in zip(box, other, strict=True)]
    if not all(shared):
        yield box
        return
    for column, side in enumerate(box):
        rest = tuple(_minus(side, shared[column]))
        if rest:
            yield (*shared[:column], rest, *box[column + 1 :])


def _minus(side: Side, taken: Side) -> Iterator[Stretch]:
    """What of the runs is not in those taken, which lie within them; both sorted."""
    for low, high in side:
        at = low
        for start, end in taken:
            if at <= start <= high:
                if at < start:
                    yield at, start - 1
                at = end + 1
        if at <= high:
            yield at, high
