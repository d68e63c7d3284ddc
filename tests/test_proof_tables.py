"""The proof of tables against asking the engine at every single point."""

from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_tables import (
    DAY,
    Column,
    Truth,
    ask_everywhere,
    codes,
    idle_columns,
    random_table,
    texts,
)
from engine.decision.tables import CompiledTable, compile_table
from engine.definitions import Table
from engine.proof.analysis import Analysis, analyse
from engine.proof.boxes import Boxes, boxes_of
from engine.proof.comparing import rows_nearby
from engine.proof.counting import first_gap
from engine.proof.covering import first_uncovered
from engine.proof.fragments import disjoint_boxes

SEEDS = st.integers(0, 2**32 - 1)


def boxed(compiled: CompiledTable, columns: tuple[Column, ...]) -> Boxes:
    return boxes_of(compiled, {c.domain.name: c.domain for c in columns}, {}, DAY)


def check_against_brute_force(seed: int) -> None:
    compiled, columns = random_table(Random(seed))
    boxes = boxed(compiled, columns)
    found, truth = analyse(boxes, most=10_000), ask_everywhere(compiled, columns)
    assert not found.open
    _check_gap(boxes, columns, found, truth)
    _check_overlaps(boxes, found, truth)
    _check_rows(boxes, found, truth)
    _check_idle(boxes, columns, found, truth)


def _check_gap(boxes: Boxes, columns: tuple[Column, ...], found: Analysis, truth: Truth) -> None:
    assert (found.gap is None) == (not truth.gaps)
    if found.gap is not None:
        shown = tuple(boxes.values(found.gap).values())
        assert _placed(boxes, columns, shown) == min(
            _placed(boxes, columns, gap) for gap in truth.gaps
        )


def _placed(boxes: Boxes, columns: tuple[Column, ...], point: tuple[Any, ...]) -> tuple[int, ...]:
    """By place among each column's values; free texts in the order in which the cells name them."""
    found = []
    for axis, column, value in zip(boxes.axes, columns, point, strict=True):
        is_free = column.domain.kind == "text" and column.domain.values is None
        values = axis.values if is_free else column.values
        found.append(values.index(value) if value in values else len(values) - 2)
    return tuple(found)


def _check_overlaps(boxes: Boxes, found: Analysis, truth: Truth) -> None:
    hit = boxes.compiled.table.hit
    expected = {"unique": truth.sharing, "any": truth.clashing}.get(hit, set())
    assert {overlap.rows for overlap in found.overlaps} == expected
    assert found.overlap_count == len(expected)
    for overlap in found.overlaps:
        shown = tuple(boxes.values(overlap.point).values())
        assert truth.answers.get(shown, "clash") == "clash"


def _check_rows(boxes: Boxes, found: Analysis, truth: Truth) -> None:
    empty = {row for row, points in truth.met.items() if not points}
    assert set(boxes.empty_rows) == empty
    assert {outside.row for outside in found.outside if outside.is_whole} == empty
    if boxes.compiled.table.hit in ("first", "priority"):
        assert set(found.dead) == set(range(boxes.count)) - truth.live - empty
    else:
        assert not found.dead
    if boxes.compiled.table.hit in ("unique", "any", "first", "priority"):
        same = {
            (row, min(o for o, points in truth.met.items() if points == truth.met[row]))
            for row in truth.met
            if row not in empty
        }
        assert set(found.repeated) == {(row, other) for row, other in same if row != other}


def _check_idle(boxes: Boxes, columns: tuple[Column, ...], found: Analysis, truth: Truth) -> None:
    if found.gap is not None or found.overlaps:
        assert not found.idle
        return
    table = boxes.compiled.table
    is_exclusive = table.hit in ("unique", "any")
    known = idle_columns(truth, columns, known_only=True)
    everywhere = idle_columns(truth, columns, known_only=False)
    if any(axis.asks_null for axis in boxes.axes) and (table.default or not is_exclusive):
        assert set(found.idle) <= known & everywhere  # then nothing is said that is not sure
    elif is_exclusive and (not table.default or found.gap_count == 0):
        assert set(found.idle) == everywhere
    else:
        assert set(found.idle) == known


def overlapping(seed: int) -> Boxes:
    compiled, columns = random_table(Random(seed))
    return boxed(compiled, columns)


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_two_ways_to_find_a_gap_between_overlapping_rows_agree(seed: int) -> None:
    boxes = overlapping(seed)
    earlier = [[other for other in near if other < row] for row, near in rows_nearby(boxes)]
    parts = [box for _, box in disjoint_boxes(boxes.sides, earlier, 10_000)]
    assert first_gap(boxes.axes, parts) == first_uncovered(boxes, range(boxes.count))
    points = [set(product(*map(pieces_of, box))) for box in parts]
    assert sum(map(len, points)) == len(set().union(*points))  # no two share a point
    whole = [set(product(*map(pieces_of, box))) for box in boxes.sides]
    assert set().union(*points) == set().union(*whole)


def pieces_of(side: tuple[tuple[int, int], ...]) -> list[int]:
    return [piece for low, high in side for piece in range(low, high + 1)]


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_without_enough_effort_nothing_is_claimed(seed: int) -> None:
    """What was given up is named, and whatever is found all the same is right."""
    boxes = overlapping(seed)
    hurried, whole = analyse(boxes, effort=1), analyse(boxes)
    assert not whole.open
    assert hurried.gap == whole.gap or "gap" in hurried.open
    assert hurried.dead.keys() <= whole.dead.keys()
    assert hurried.dead.keys() == whole.dead.keys() or "dead" in hurried.open
    assert set(hurried.idle) == set(whole.idle) or {"idle", "gap"} & set(hurried.open)


def test_a_dead_row_still_holds_up_one_that_asks_for_null() -> None:
    """Row 3 is never taken, but while 列0 is 待核 it might be, and row 4 has to wait for it."""
    cells = [("not(null)", '"红"'), ("not(null)", 'not("红")'), ('"甲"', '"红"'), ("null", '"红"')]
    rows = [{"列0": one, "列1": other, "果": "1"} for one, other in cells]
    table = {"id": "t", "gives": ["果"], "hit": "first", "reason": "先后", "rows": rows}
    compiled = compile_table(Table.model_validate(table))
    columns = (codes(Random(0), "列0"), texts(Random(0), "列1"))
    boxes = boxed(compiled, columns)
    found, truth = analyse(boxes), ask_everywhere(compiled, columns)
    assert set(found.dead) == {2, 3}
    assert truth.live == {0, 1}


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_every_finding_is_what_asking_everywhere_finds(seed: int) -> None:
    check_against_brute_force(seed)


@pytest.mark.soak
def test_every_finding_on_twelve_thousand_tables() -> None:
    for seed in range(12_000):
        check_against_brute_force(seed)
