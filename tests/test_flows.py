"""Flows: what they may say, what is carried out, and the page that tells officers of them."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casework import NEEDS
from engine.casework.manual import flow_page
from engine.checks import check_workspace
from engine.definitions import Flow
from engine.definitions.flow_words import NEED_TITLES
from engine.diagnostics import Diagnostics
from engine.source import read_document
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
FILE = "rulesets/flows/ordinary.yaml"
PAGE = ROOT / "docs" / "casework.md"
WORKSPACE = Workspace.load(ROOT)


def shipped() -> Flow:
    flow = WORKSPACE.files[FILE].definition
    assert isinstance(flow, Flow)
    return flow


def test_conditions_that_flows_may_name_are_those_that_are_carried_out() -> None:
    assert set(NEED_TITLES) == NEEDS


def test_every_condition_is_used_by_the_shipped_flow() -> None:
    assert {need for move in shipped().moves for need in move.needs} == set(NEED_TITLES)


def test_the_shipped_flow_has_nothing_wrong_with_it() -> None:
    assert [d for d in check_workspace(WORKSPACE) if d.place.file == FILE] == []


def test_the_page_is_that_of_the_program() -> None:
    """Written anew by TONGBAN_RESET_MANUAL=1."""
    page = flow_page(shipped(), FILE)
    if os.environ.get("TONGBAN_RESET_MANUAL"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_refusing_and_declining_never_stand_with_one_person() -> None:
    """窗口无否决权、一审一核: no clerk's move ends a case, and no reviewer's before the decision."""
    flow = shipped()
    for move in flow.moves:
        if move.to and flow.states[move.to].is_end:
            assert "clerk" not in move.by, move.do
    (approve,) = [move for move in flow.moves if move.do == "approve"]
    assert "another_person" in approve.needs
    assert "reviewer" not in approve.by


def test_every_end_of_a_period_before_the_decision_rests_on_a_law() -> None:
    for move in shipped().moves:
        if move.do.startswith("deem_"):
            assert move.basis, move.do


# --- checks against an independent reading -------------------------------------------------------

NAMES = ("a", "b", "c", "d", "e")


def text_of(moves: list[tuple[str, str]], ends: set[str]) -> str:
    states = "".join(
        f"  {n}: {{title: {n}, title_en: {n}{', is_end: true' if n in ends else ''}}}\n"
        for n in NAMES
    )
    lines = "".join(
        f"  - {{do: go{n}, title: 去, title_en: Go, from: {x}, to: {y}, by: clerk}}\n"
        for n, (x, y) in enumerate(moves)
    )
    return f"flow: drawn\ntitle: 随机流程\nstart: a\nstates:\n{states}moves:\n{lines}"


def walk(moves: list[tuple[str, str]], start: str) -> set[str]:
    """By brute force: every state that some sequence of moves leads to."""
    found = {start}
    for _ in NAMES:
        found |= {y for x, y in moves if x in found}
    return found


PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=8)


@given(PAIRS, st.sets(st.sampled_from(NAMES)))
def test_states_that_nothing_leads_to_or_out_of_are_found(
    moves: list[tuple[str, str]], ends: set[str]
) -> None:
    workspace = Workspace(ROOT, (), WORKSPACE.settings).with_text(
        "rulesets/drawn.yaml", text_of(moves, ends), ()
    )
    found = {(d.code, d.message_zh.split("“")[1][0]) for d in check_workspace(workspace)
             if d.code.startswith("flow-")}  # fmt: skip
    lost = set(NAMES) - walk(moves, "a")
    stuck = {n for n in NAMES if not walk(moves, n) & ends} - lost
    assert found == {("flow-unreachable", n) for n in lost} | {
        ("flow-no-way-out", n) for n in stuck
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("start: submitted", "start: nowhere", "flow-unknown-state"),
        ("needs: [granted, not_issued]", "needs: [granted, no_such]", "flow-unknown-need"),
        ("within: 0 days", "within: soon", "flow-timer-period"),
    ],
    ids=["state", "need", "period"],
)
def test_a_slip_in_the_shipped_flow_is_found_at_its_place(old: str, new: str, code: str) -> None:
    text = WORKSPACE.files[FILE].text
    assert text is not None
    assert old in text
    edited = WORKSPACE.with_text(FILE, text.replace(old, new))
    found: list[Any] = [d for d in check_workspace(edited) if d.place.file == FILE]
    assert [d.code for d in found] == [code]
    line = edited.files[FILE].text.splitlines()[found[0].place.line - 1]  # type: ignore[union-attr]
    assert new.split(": ")[-1].strip("[]") in line


def test_the_shipped_flow_can_be_read_alone() -> None:
    problems = Diagnostics()
    text = (ROOT / FILE).read_text(encoding="utf-8")
    assert read_document(text, FILE, problems) is not None
    assert not problems.found
