"""A table's columns against its cells asked one by one, over values made to lie at the very edges."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision.row_index import RowIndex
from engine.decision.unrolled import unroll
from engine.feel import UnaryTests
from engine.profile import compile_cell, compile_rule

NUMBERS = st.sampled_from(
    [
        *("0", "-0", "1", "-1", "1.0", "0.1", "100", "1.50", "9007199254740993", "1E+3", "1E-30"),
        *("0.1000000000000000000000000000000001", "9007199254740992.5", "-9007199254740993"),
        *("1E+900", "-1E+900", "1E-900", "9999999999999999999999999999999999"),
    ]
)
NEAR = st.sampled_from([Decimal(s) for s in ("0", "1E-30", "-1E-30", "0.5", "-0.5", "1", "-1")])
DAYS = st.sampled_from(["0001-01-01", "2024-02-29", "2026-11-22", "9999-12-31"])
TEXTS = st.sampled_from(["", "a", "b", "ab", "甲", "甲\0"])
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 1, "1", Decimal(1), date(2026, 11, 22), timedelta(1), [Decimal(1)], {}]
)


def _cells(constant: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Equalities, so that a column is looked up; half-open ranges, so that it is searched; both."""
    span = st.builds("[{}..{})".format, constant, constant)
    test = (
        constant | span | st.builds(">= {}".format, constant) | st.builds("< {}".format, constant)
    )
    listed = st.lists(test, min_size=1, max_size=3).map(", ".join)
    return st.just("-") | listed | listed.map("not({})".format)


def _near_number(text: str, step: Decimal) -> Decimal:
    number = Decimal(text) + step
    return number if number else Decimal(text)


def _near_day(text: str, step: int) -> date:
    day = date.fromisoformat(text)
    return date.fromordinal(min(max(day.toordinal() + step, 1), date.max.toordinal()))


KINDS: dict[str, tuple[st.SearchStrategy[str], st.SearchStrategy[Any]]] = {
    "数": (_cells(NUMBERS), st.builds(_near_number, NUMBERS, NEAR) | NUMBERS.map(Decimal)),
    "日": (_cells(DAYS.map('@"{}"'.format)), st.builds(_near_day, DAYS, st.integers(-1, 1))),
    "文": (_cells(TEXTS.map('"{}"'.format)), TEXTS),
    "是": (st.sampled_from(["-", "true", "false", "not(true)"]), st.booleans()),
}


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, UnaryTests]]:
    names = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, unique=True))
    row = st.fixed_dictionaries({name: KINDS[name][0].map(compile_cell) for name in names})
    return draw(st.lists(row, min_size=1, max_size=9))


VALUES = st.fixed_dictionaries({}, optional={n: ask | ODD for n, (_, ask) in KINDS.items()})


@settings(max_examples=500, deadline=None)
@given(rows(), st.lists(VALUES, min_size=1, max_size=8))
def test_every_row_is_answered_as_its_cells_are(
    tests: list[dict[str, UnaryTests]], asked: list[dict[str, Any]]
) -> None:
    index = RowIndex({name: compile_rule(name) for name in tests[0]}, tests)
    for context in asked:
        hits, unknown = index.verdicts(context)
        for number, row in enumerate(tests):
            answers = [cell.evaluate(context.get(name)) for name, cell in row.items()]
            is_miss = False in answers
            assert bool(hits >> number & 1) is all(answer is True for answer in answers)
            assert bool(unknown >> number & 1) is (not is_miss and None in answers)


@pytest.mark.parametrize(
    "text",
    ["数", "__import__('os')", 'a"]', "value\n    1 / 0", "k0"],
    ids=["name", "call", "bracket", "line", "variable"],
)
def test_no_text_becomes_source(text: str) -> None:
    """The function that answers is generated; names and constants of definitions stay data."""
    answer = unroll(7, [(text, str, {text: 3}, 4)], [(f"{text}数", str, [text], [0, 5])])
    assert answer({text: text, f"{text}数": text}) == 1
    assert answer({text: "其他", f"{text}数": text}) == 4
    assert answer({text: text, f"{text}数": ""}) == 0
    assert answer({text: None, f"{text}数": text}) is None
    assert answer({}) is None
