"""The proof of tables against asking the engine at every single point."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_tables import DAY, Column, Truth, ask_everywhere, idle_columns, random_table
from engine.decision.tables import CompiledTable
from engine.proof.analysis import Analysis, analyse
from engine.proof.boxes import Boxes, boxes_of

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
    is_paired = table.hit in ("unique", "any") and not (table.default and found.gap_count != 0)
    expected = idle_columns(truth, columns, known_only=not is_paired)
    if not is_paired:
        expected -= {
            n
            for n, column in enumerate(columns)
            if None in column.values
            and any(
                row[column.domain.name].tree.tests
                and row[column.domain.name].evaluate(None) is not None
                for row in boxes.compiled.tests
            )
        }
    assert set(found.idle) == expected


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_every_finding_is_what_asking_everywhere_finds(seed: int) -> None:
    check_against_brute_force(seed)


@pytest.mark.soak
def test_every_finding_on_twelve_thousand_tables() -> None:
    for seed in range(12_000):
        check_against_brute_force(seed)
