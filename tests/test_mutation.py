"""Policy mutation: every change is one change, and what nobody's scenario notices is named."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_workspace
from engine import Workspace
from engine.diagnostics import Diagnostics
from engine.feel import compile_expression, compile_unary
from engine.profile import compile_rule
from engine.source import read_document
from engine.specs.expression_mutations import cell_changes, expression_changes
from engine.specs.mutation_reports import render_scores, scores_to_json
from engine.specs.mutation_runs import MatterScore, NothingToMutate, mutate_matter
from engine.specs.mutation_sameness import is_same
from engine.specs.mutations import DROPPED, KIND_TITLES, mutants_of
from shipped import MATTERS, ROOT
from shipped import workspace as shipped

DAY = date(2026, 11, 22)
STEPS = """\
# language: zh-CN
功能: 示例许可
  背景:
    假如 地区是"示例市"
    并且 申请人是"张示例"，证件号码"91370811MA3C000467"
    并且 类别是"甲"
    并且 面积是 10
    并且 出证是 是
    并且 申请材料齐全
"""
APPLIED = '    当 申请人于 2026-11-22 申请"示例许可"\n'
LARGE = (
    STEPS
    + f"""
  场景: 恰好达到下限
{APPLIED}    那么 审查要点"面积达到下限"的结果是"满足"
"""
)
SMALL = """
  场景: 差一点达不到下限
    假如 面积是 9.99
{applied}    那么 审查要点"面积达到下限"的结果是"不满足"
    而且 结论是"补正"
"""


def data_of(text: str) -> Any:
    document = read_document(text, "sample.yaml", Diagnostics())
    assert document is not None
    return document.data


# --- the changes -----------------------------------------------------------------------------


def changed(text: str, *, cell: bool = False, scales: dict[str, int] | None = None) -> set[str]:
    tree = (compile_unary if cell else compile_expression)(text).tree
    changes = (cell_changes if cell else expression_changes)(text, tree, scales or {})
    return {text[: c.start] + c.new + text[c.end :] for c in changes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "面积 >= 30",
            {"面积 > 30", "面积 >= 30.01", "面积 >= 29.99"},
            id="threshold-by-the-scale-of-the-fact",
        ),
        pytest.param("a and not(b)", {"a or not(b)", "a and (b)"}, id="and-or-not"),
        pytest.param(
            '类别 in ("甲", "乙")', {'类别 in ("乙")', '类别 in ("甲")'}, id="items-of-a-list"
        ),
        pytest.param(
            "日 < date(\"2026-01-31\")",
            {
                "日 <= date(\"2026-01-31\")",
                "日 < date(\"2026-02-01\")",
                "日 < date(\"2026-01-30\")",
            },
            id="day",
        ),
        pytest.param("出证 = true", {"出证 != true", "出证 = false"}, id="yes-and-no"),
    ],
)  # fmt: skip
def test_an_expression_is_changed_in_each_of_these_ways(text: str, expected: set[str]) -> None:
    assert changed(text, scales={"面积": 2}) == expected


def test_a_cell_is_changed_at_its_bounds() -> None:
    found = changed("[10..20)", cell=True, scales={"?": 0})
    assert found == {
        "(10..20)", "[10..20]", "[11..20)", "[9..20)", "[10..21)", "[10..19)"
    }  # fmt: skip


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def differences(one: Any, other: Any, path: tuple[str | int, ...] = ()) -> Iterator[Any]:
    """The places at which two pieces of data differ, by going through both."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if key not in one or key not in other:
                yield (*path, key)
            else:
                yield from differences(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from differences(a, b, (*path, number))
    elif one != other or type(one) is not type(other):
        yield path


@pytest.mark.parametrize("matter", MATTERS)
def test_a_mutant_differs_in_one_place_and_its_texts_are_still_feel(matter: str) -> None:
    document = shipped().file("matter", matter, DAY).document
    assert document is not None
    before = json.dumps(document.data, ensure_ascii=False, default=str)
    mutants = mutants_of(document.data)
    for mutant in mutants:
        found = list(differences(document.data, mutant.applied(document.data)))
        is_item = mutant.value is DROPPED and isinstance(mutant.path[-1], int)
        assert found == [mutant.path[:-1] if is_item else mutant.path], mutant
        if mutant.start is not None:
            is_cell = "rows" in mutant.path
            (compile_unary if is_cell else compile_expression)(str(mutant.value))
    assert json.dumps(document.data, ensure_ascii=False, default=str) == before
    assert len({(m.path, str(m.value)) for m in mutants}) == len(mutants)


# --- which are noticed -----------------------------------------------------------------------


def score(folder: Path, feature: str, jobs: int = 1) -> MatterScore:
    workspace = small_workspace.make(folder, {"features/sample.feature": feature})
    return mutate_matter(workspace, "sample", DAY, jobs=jobs)


def survivors(found: MatterScore) -> set[tuple[str, str, str]]:
    return {
        (o.mutant.kind, o.mutant.old, o.mutant.new) for o in found.outcomes if o.fate == "survived"
    }


def test_the_bound_survives_until_a_scenario_stands_at_it(tmp_path: Path) -> None:
    away = LARGE.replace("面积是 10", "面积是 500")
    assert ("bound", ">=", ">") in survivors(score(tmp_path / "away", away))
    assert ("bound", ">=", ">") not in survivors(score(tmp_path / "at", LARGE))


def test_the_effect_and_the_output_survive_until_the_outcome_is_stated(tmp_path: Path) -> None:
    first, both = (
        survivors(score(tmp_path / name, text))
        for name, text in (("one", LARGE), ("two", LARGE + SMALL.format(applied=APPLIED)))
    )
    effect = ("effect", "correct", "refuse")
    assert effect in first
    assert both < first
    report = score(tmp_path / "again", LARGE)
    place = next(o.place for o in report.outcomes if o.fate == "survived")
    assert place.file == "rulesets/matters/sample.yaml"
    assert str(place) in render_scores([report])


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    one, two = (score(tmp_path / str(jobs), LARGE, jobs) for jobs in (1, 2))
    assert [(o.mutant, o.fate) for o in one.outcomes] == [(o.mutant, o.fate) for o in two.outcomes]
    assert scores_to_json([one]) == scores_to_json([two])


def test_a_failing_scenario_or_none_is_no_measure(tmp_path: Path) -> None:
    with pytest.raises(NothingToMutate, match="没有场景"):
        score(tmp_path / "none", "# language: zh-CN\n功能: 空\n  场景: 无\n    假如 面积是 10\n")
    with pytest.raises(NothingToMutate, match="未通过"):
        score(tmp_path / "failing", LARGE.replace('"满足"', '"不满足"'))


# --- which nobody could notice ---------------------------------------------------------------


@given(st.integers(0, 3), st.sampled_from(("<", "<=", ">", ">=")), st.integers(-1, 25))
def test_a_bound_called_the_same_is_so_for_every_value(low: int, sign: str, tenths: int) -> None:
    figure = str(Decimal(tenths) / 10)
    declared = f'面积: {{type: decimal, scale: 0, range: "[{low}..2]"}}' if low < 3 else ""
    if not declared:
        return
    text = small_workspace.matter(
        ('面积: {type: decimal, scale: 2, range: "[0..1000]"}', declared),
        ("require: 面积 >= 最低面积", f"require: 面积 {sign} {figure}"),
    )
    data = data_of(text)
    workspace = Workspace.load(ROOT).with_text("rulesets/matters/sample.yaml", text)
    mutants = [m for m in mutants_of(data) if m.kind == "bound" and m.path[0] == "criteria"]
    assert mutants
    for mutant in mutants:
        points = [Decimal(n) for n in range(low, 3)]
        before, after = (compile_rule(str(t)) for t in (at(data, mutant.path), mutant.value))
        agree = all(before.evaluate({"面积": p}) == after.evaluate({"面积": p}) for p in points)
        assert is_same(workspace, data, mutant, DAY) == agree


def test_a_label_is_told_apart_from_a_rule(tmp_path: Path) -> None:
    workspace = small_workspace.make(tmp_path)
    data = data_of(small_workspace.matter())
    found = {
        (m.path[1], m.path[-1]): is_same(workspace, data, m, DAY)
        for m in mutants_of(data)
        if m.kind == "material"
    }
    # The report may be committed to, and a path covers it; the permit is in no path.
    assert found == {
        (0, "core"): True, (0, "commitable"): True, (1, "core"): True, (1, "commitable"): False,
    }  # fmt: skip


# --- the command and what ships --------------------------------------------------------------


def test_the_command_prints_the_document_that_is_documented(tmp_path: Path) -> None:
    small_workspace.make(tmp_path, {"features/sample.feature": LARGE})
    command = [sys.executable, "-m", "engine.cli", "test", "--mutate", "sample", "--json"]
    done = subprocess.run(
        [*command, "--root", str(tmp_path), "--on", "2026-11-22"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = page.split("## Mutation")[1].split("\n## ")[0]
    matter = found["matters"][0]
    for key in (*found, *matter, *matter["survived"][0]):
        assert f"`{key}`" in section
    assert {o["kind"] for o in matter["survived"]} <= set(KIND_TITLES)


@pytest.mark.soak
@pytest.mark.parametrize("matter", MATTERS)
def test_shipped_matters_score_ninety_percent(matter: str) -> None:
    found = mutate_matter(shipped(), matter, DAY, jobs=2)
    assert found.score >= 90, render_scores([found])
