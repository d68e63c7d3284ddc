"""The shipped matters: what holds for all of them, whatever a single scenario says."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Answer,
    Decision,
    Question,
    Workspace,
    check_workspace,
    decide,
)
from engine.definitions import Basis, Matter
from engine.specs import Report, measure_coverage, run_features

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 22)
OUTCOMES = {
    "approved": "准予", "approved_minor": "准予", "approved_partly": "准予",
    "commitment": "准予", "commitment_barred": "准予", "late_applicant": "准予",
    "late_but_accepted": "准予", "to_correct": "补正", "refused": "不予", "pending": "待核",
    "approved_deferral": "准予", "pending_split": "待核", "not_accepted": "不予受理",
}  # fmt: skip
SAMPLES = sorted((ROOT / "rulesets" / "samples").glob("*/*.json"))


@cache
def workspace() -> Workspace:
    return Workspace.load(ROOT)


def sample(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def decided(path: Path, application: dict[str, Any] | None = None, on: date = TODAY) -> Decision:
    return decide(workspace(), path.parent.name, application or sample(path), on=on)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def matters() -> list[Matter]:
    versions = (
        file.definition
        for identity in workspace().ids("matter")
        for file in workspace().versions("matter", identity)
    )
    return [matter for matter in versions if isinstance(matter, Matter)]


def bases(part: object) -> Iterator[Basis]:
    """Every basis inside a definition."""
    if isinstance(part, Basis):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from bases(value)
    elif isinstance(part, tuple | list):
        for value in part:
            yield from bases(value)
    elif hasattr(part, "__pydantic_fields__"):
        yield from bases(vars(part))


def test_the_shipped_workspace_has_no_mistake_and_no_warning() -> None:
    problems = [p for p in check_workspace(workspace()) if p.severity != "info"]
    assert problems == []


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_each_sample_comes_out_as_its_name_says(path: Path) -> None:
    assert decided(path).outcome == OUTCOMES[path.stem]


def _silent(question: Question) -> Sequence[Answer]:
    raise ConnectionError("off line")


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_registers_off_line_never_refuse_and_never_call_a_licence_missing(path: Path) -> None:
    off_line = [replace(source, ask=_silent) for source in workspace().sources]
    decision = decide(workspace(), path.parent.name, sample(path), on=TODAY, sources=off_line)
    known = {material.id: material.status for material in decided(path).materials}
    assert decision.outcome in (decided(path).outcome, "待核", "补正")
    for material in decision.materials:
        if known[material.id] == "免提交":
            assert material.status == "待核"


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_every_line_of_a_notice_says_how_to_put_it_right(path: Path) -> None:
    decision = decided(path)
    assert [line.id for line in decision.notice if not line.remedy] == []


@pytest.mark.parametrize("matter", matters(), ids=lambda m: f"{m.matter}@{m.effective.from_}")
def test_what_is_verified_can_be_found_and_what_is_not_says_where_to_look(matter: Matter) -> None:
    for basis in bases(matter):
        if basis.verified:
            assert basis.article or basis.quote or basis.source, str(basis)
        else:
            assert basis.source or "示例" in basis.law, str(basis)


@pytest.mark.parametrize("on", [date(2025, 1, 19), date(2025, 1, 20), TODAY], ids=str)
@pytest.mark.parametrize("place", workspace().codes("place_types", TODAY).words)
def test_every_kind_of_venue_hits_exactly_one_row_of_each_table(place: str, on: date) -> None:
    path = ROOT / "rulesets/samples/public_venue_hygiene/approved.json"
    application = sample(path)
    application["facts"] |= {"场所类型": place, "使用集中空调": False}
    assert [len(t.hits) for t in decided(path, application, on).tables] == [1, 1]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 22)))
@settings(max_examples=60, deadline=None)
def test_the_old_age_table_agrees_with_counting_birthdays(birth: date) -> None:
    """任城区 counts from the first day of the month of birth; amounts 100, 200, 500 (example)."""
    path = ROOT / "rulesets/samples/old_age_allowance/approved.json"
    application = sample(path)
    application["applicant"]["id_number"] = "370811194603010019"
    application["facts"] |= {"出生日期": birth.isoformat()}
    age = TODAY.year - birth.year - (TODAY.month < birth.month)
    expected = 0 if age < 80 else 100 if age < 90 else 200 if age < 100 else 500
    table = decided(path, application).tables[0]
    assert table.values == {"月标准": expected}


@cache
def report() -> Report:
    return run_features(workspace())


def test_no_scenario_fails_and_none_leaves_a_row_criterion_path_or_material_untouched() -> None:
    assert [s.name for s in report().scenarios if s.fails] == []
    coverage = measure_coverage(workspace(), report().decisions, TODAY)
    assert [str(item) for matter in coverage.matters for item in matter.unseen] == []


def test_at_least_forty_policy_cases_run_as_scenarios() -> None:
    tags = {tag for scenario in report().scenarios for tag in scenario.tags}
    assert len({tag for tag in tags if tag.removeprefix("@").startswith("case_")}) >= 40
