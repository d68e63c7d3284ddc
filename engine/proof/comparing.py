"""All pairs of rows at once: which overlap, which clash, and which columns keep rows apart.

Per column and distinct cell, one bitset holds the rows that share a piece with it; a row's overlaps
are the AND of its columns' bitsets. Rows are taken in blocks, so memory does not grow with n².
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from engine.proof.axes import Axis
from engine.proof.boxes import Boxes
from engine.proof.scales import Stretch

_BLOCK = 4096  # rows, a multiple of a word's bits
_WORD = 64
_Bits = NDArray[np.uint64]
Runs = tuple[Stretch, ...]


@dataclass
class Comparison:
    """Pairs of rows (from 0, the lower first) that overlap: the first of them, and how many in all.

    `clashes` are those that do not give the same for certain. `needed` are the columns without
    which two rows that give differently would overlap.
    """

    overlaps: list[tuple[int, int]] = field(default_factory=list)
    overlap_count: int = 0
    clashes: list[tuple[int, int]] = field(default_factory=list)
    clash_count: int = 0
    needed: set[int] = field(default_factory=set)


def compare_rows(boxes: Boxes, most: int = 20) -> Comparison:
    """Compares every row with every other; `most` pairs of each kind are listed."""
    found = Comparison()
    groups = _groups(boxes.given)
    for start in range(0, boxes.count, _BLOCK):
        others = range(start, min(start + _BLOCK, boxes.count))
        near = [_sharing(axis, others) for axis in boxes.axes]
        same = _members(groups, others)
        for first in range(0, start + 1, _BLOCK):
            rows = range(first, min(first + _BLOCK, boxes.count))
            alike = same[groups[rows.start : rows.stop]]
            _compare_block(boxes, rows, others, near, alike, found, most)
    return found


def rows_nearby(boxes: Boxes) -> Iterator[tuple[int, list[int]]]:
    """Each row with the others that it shares a point with, or may where they are not known.

    At a point of 待核 a row that is hit has for company those that may be.
    """
    others = range(boxes.count)
    near = [_sharing(axis, others, axis.maybe) for axis in boxes.axes]
    everyone = _members(np.zeros(boxes.count, dtype=np.intp), others)[:1]
    for row in others:
        bits = everyone[0].copy()
        for axis, cells in zip(boxes.axes, near, strict=True):
            bits &= cells[axis.cell_of[row]]
        found = np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little"))
        yield row, [int(other) for other in found if other != row]


def _groups(given: Sequence[object]) -> NDArray[np.intp]:
    places: dict[object, int] = {}
    return np.array([places.setdefault(key, len(places)) for key in given], dtype=np.intp)


def _compare_block(
    boxes: Boxes,
    rows: range,
    others: range,
    near: Sequence[_Bits],
    same: _Bits,
    found: Comparison,
    most: int,
) -> None:
    later = _later(rows, others) & _taking(boxes, rows, others)
    by_column = [
        cells[np.array(axis.cell_of[rows.start : rows.stop], dtype=np.intp)]
        for axis, cells in zip(boxes.axes, near, strict=True)
    ]
    shared = later.copy()
    for bits in by_column:
        shared &= bits
    if shared.any():
        found.overlap_count += int(np.bitwise_count(shared).sum())
        found.overlaps += islice(_pairs(shared, rows, others), most - len(found.overlaps))
        shared &= ~same
        found.clash_count += int(np.bitwise_count(shared).sum())
        found.clashes += islice(_pairs(shared, rows, others), most - len(found.clashes))
    found.needed |= _needed(by_column, later & ~same, found.needed)


def _needed(by_column: Sequence[_Bits], pairs: _Bits, known: set[int]) -> set[int]:
    """Columns without which some of the pairs would share every other column."""
    after = [pairs]
    for bits in by_column[:0:-1]:
        after.append(after[-1] & bits)
    before: _Bits | None = None
    found = set()
    for column, bits in enumerate(by_column):
        if column not in known:
            rest = after[-1 - column]
            if (rest if before is None else rest & before).any():
                found.add(column)
        before = bits if before is None else before & bits
    return found


def _sharing(axis: Axis, others: range, theirs: Sequence[Runs] | None = None) -> _Bits:
    """By distinct cell of the column, which of the other rows share a piece with it."""
    rows = _members(np.array(axis.cell_of, dtype=np.intp), others, len(axis.runs))
    theirs = axis.runs if theirs is None else theirs
    if any(len(runs) > 1 for runs in (*axis.runs, *theirs)):
        return _sharing_pieces(axis, rows, theirs)
    begun = np.zeros((len(axis.values) + 1, rows.shape[1]), dtype=np.uint64)
    ended = begun.copy()
    low, high, is_empty = _ends(theirs)
    rows[is_empty] = 0
    np.bitwise_or.at(begun, low, rows)
    np.bitwise_or.at(ended, high + 1, rows)
    np.bitwise_or.accumulate(begun, axis=0, out=begun)
    np.bitwise_or.accumulate(ended, axis=0, out=ended)
    low, high, is_empty = _ends(axis.runs)
    found: _Bits = begun[high] & ~ended[low]
    found[is_empty] = 0
    return found


def _ends(cells: Sequence[Runs]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """The first and last piece of each cell of one run, and which cells have none."""
    low = np.array([runs[0][0] if runs else 0 for runs in cells], dtype=np.intp)
    high = np.array([runs[0][1] if runs else 0 for runs in cells], dtype=np.intp)
    return low, high, np.array([not runs for runs in cells], dtype=np.bool_)


def _sharing_pieces(axis: Axis, rows: _Bits, theirs: Sequence[Runs]) -> _Bits:
    """The same, piece by piece, for cells that are more than one run."""
    pieces = np.zeros((len(axis.values), rows.shape[1]), dtype=np.uint64)
    for cell, runs in enumerate(theirs):
        for low, high in runs:
            pieces[low : high + 1] |= rows[cell]
    found = np.zeros_like(rows)
    for cell, runs in enumerate(axis.runs):
        for low, high in runs:
            found[cell] |= np.bitwise_or.reduce(pieces[low : high + 1], axis=0)
    return found


def _members(keys: NDArray[np.intp], others: range, size: int | None = None) -> _Bits:
    """By key, the bitset of those `others` that have it."""
    mine = keys[others.start : others.stop]
    count = int(keys.max(initial=-1)) + 1 if size is None else size
    bits = np.zeros((count, -(-len(others) // _WORD)), dtype=np.uint64)
    place = np.arange(len(others))
    np.bitwise_or.at(
        bits, (mine, place // _WORD), np.uint64(1) << (place % _WORD).astype(np.uint64)
    )
    return bits


def _later(rows: range, others: range) -> _Bits:
    """For each row, the bits of those others that come after it."""
    words = np.arange(-(-len(others) // _WORD)) * _WORD + others.start
    # How many bits of each word are rows up to and including this one.
    passed = np.clip(np.arange(rows.start, rows.stop)[:, None] + 1 - words[None, :], 0, _WORD)
    ones = np.uint64(0xFFFFFFFFFFFFFFFF)
    kept = np.where(passed == _WORD, np.uint64(0), ones << (passed % _WORD).astype(np.uint64))
    surplus = -len(others) % _WORD
    if surplus:
        kept[:, -1] &= ones >> np.uint64(surplus)
    return kept.astype(np.uint64)


def _taking(boxes: Boxes, rows: range, others: range) -> _Bits:
    """The pairs of rows that both take some point at all."""
    taking = np.ones(boxes.count, dtype=np.intp)
    taking[list(boxes.empty_rows)] = 0
    bits = _members(taking, others, 2)[1]
    return np.where(taking[rows.start : rows.stop, None] == 1, bits, np.uint64(0))


def _pairs(bits: _Bits, rows: range, others: range) -> Iterator[tuple[int, int]]:
    for row, word in zip(*np.nonzero(bits), strict=True):
        value = int(bits[row, word])
        while value:
            lowest = value & -value
            other = others.start + int(word) * _WORD + lowest.bit_length() - 1
            yield rows.start + int(row), other
            value ^= lowest
