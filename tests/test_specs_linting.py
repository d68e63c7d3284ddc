"""The feature linter: every code on a file that shows it, and the traps of Chinese Gherkin."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import CATALOGUE, render_all
from engine.specs import StepCatalogue, lint_feature, lint_features, read_feature
from engine.specs.shipped import shipped_steps
from engine.workspace import Workspace

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("feature-*.feature"))
CODES = sorted(code for code in CATALOGUE if code.startswith("feature-"))


def catalogue() -> StepCatalogue:
    """The shipped steps, and two of a plugin of which neither says more than the other."""
    steps = StepCatalogue()
    steps.include(shipped_steps())
    plugin = StepCatalogue()
    plugin.given("场所由{people}经营")(_nothing)
    plugin.given("场所由夫妻{people}营")(_nothing)
    steps.include(plugin.definitions, origin="示例插件")
    return steps


def _nothing(world: object, people: str) -> None:
    """Stands for a department's step."""


def codes_of(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in lint_feature(text, "a.feature", catalogue())]


def scenario(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"# language: zh-CN\n功能: 例\n  场景: 一\n{body}\n"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_bad_feature_says_what_is_written_at_its_end(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    source = text[: text.find("#> ")] if "#> " in text else text
    found = lint_feature(text, path.name, catalogue())
    shown = "".join(f"#> {line}".rstrip() + "\n" for line in render_all(found).split("\n"))
    if os.environ.get("TONGBAN_RESET_BAD"):
        path.write_text(source + shown, encoding="utf-8")
    assert text[len(source) :] == shown
    assert path.stem in [diagnostic.code for diagnostic in found]


def test_every_code_has_its_bad_feature() -> None:
    assert [path.stem for path in FILES] == CODES


def test_a_good_feature_says_nothing() -> None:
    text = scenario(
        "说明文字，不以关键字开头。",
        '假如 场所类型是"理发"',
        "而且 营业面积是 10 平方米",
        '当 申请人于 2026-11-22 申请"公共场所卫生许可（新办）"',
        '那么 结论是"准予"',
    )
    assert codes_of(text) == []


@pytest.mark.parametrize("word", ["当事人", "当场", "同时", "假设"])
def test_a_description_that_begins_with_a_keyword(word: str) -> None:
    in_scenario = scenario(f"{word}须到场确认。", '那么 结论是"准予"')
    assert codes_of(in_scenario) == ["feature-description-keyword"]


def test_a_description_of_the_feature_may_begin_as_it_likes() -> None:
    text = scenario('那么 结论是"准予"').replace("功能: 例\n", "功能: 例\n  当事人须到场。\n")
    assert codes_of(text) == []


def test_a_step_without_a_space_is_still_a_step() -> None:
    assert codes_of(scenario('假如场所类型是"理发"', '那么结论是"准予"')) == []


def test_the_same_undefined_step_is_said_once_for_an_outline() -> None:
    text = (
        "# language: zh-CN\n功能: 例\n  背景:\n    假如 天气晴朗\n  场景大纲: <a>\n"
        '    那么 结论是"<a>"\n    例子:\n      | a |\n      | 准予 |\n      | 不予 |\n'
    )
    assert codes_of(text) == ["feature-step-undefined"]


def test_full_width_signs_in_a_doc_string_are_its_own_business() -> None:
    text = scenario("当 检查以下定义:", '"""', "功能：x", "｜ a ｜", '"""', '那么 诊断包括"x"')
    assert codes_of(text) == []


def test_every_file_of_a_workspace_is_read(tmp_path: Path) -> None:
    (tmp_path / "rulesets").mkdir()
    (tmp_path / "features" / "部门").mkdir(parents=True)
    (tmp_path / "features" / "a.feature").write_bytes("功能".encode("gbk"))
    (tmp_path / "features" / "部门" / "b.feature").write_text("功能: x\n", encoding="utf-8")
    found = lint_features(Workspace.load(tmp_path), catalogue())
    assert [(d.place.file, d.code) for d in found] == [
        ("features/a.feature", "file-unreadable"),
        ("features/部门/b.feature", "feature-language"),
    ]


LINES = st.lists(
    st.sampled_from(
        ["# language: zh-CN", "功能: 甲", "功能：乙", "规则: 丙", "背景:", "场景: 丁", "场景大纲: <a>",
         "  例子:", "  | a |", "  | 1 | 2 |", "  假如 天", "  当 申请", '  那么 结论是"准予"', '  """',
         "  * 又", "@pending", "＠", "｜ a ｜", "\t当场", "", "当事人", "<a>", "\u2028", "{}", "%s"]
    ),
    max_size=14,
)  # fmt: skip


@given(st.one_of(LINES.map("\n".join), st.text(max_size=60)))
def test_any_text_has_diagnostics_or_scenarios(text: str) -> None:
    feature = read_feature(text, "a.feature")
    found = lint_feature(text, "a.feature", catalogue())
    assert found or feature.scenarios
    count = len(text.split("\n"))
    assert all(1 <= diagnostic.place.line <= count for diagnostic in found)
    assert bool(feature.faults) <= any(diagnostic.is_error for diagnostic in found)


def test_a_file_of_many_brackets_and_quotes_is_read_in_time() -> None:
    text = scenario("假如 " + "是" * 5000, "当 " + '"“' * 400, "那么 " + "甲是" * 300 + '"')
    assert "feature-step-undefined" in codes_of(text)


HEAD = "# language: zh-CN\n功能: x\n"
HUGE = {
    "characters": HEAD + "说明" * 200_000,
    "lines": HEAD + "\n" * 30_000,
    "backgrounds": HEAD + "背景:\n" + "假如 甲\n" * 500 + "场景: 乙\n 那么 丙\n" * 500,
    "rows": HEAD + "场景大纲: <a>\n 那么 <a>\n 那么 <a>\n例子:\n|a|\n" + "|1|\n" * 15_000,
    "cells": HEAD
    + "场景大纲: 甲\n 那么 "
    + "<a>" * 20_000
    + "\n例子:\n|a|\n|"
    + "长" * 90_000
    + "|\n",
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_what_would_unfold_without_end_is_refused_at_once(text: str) -> None:
    begun = time.perf_counter()
    assert codes_of(text) == ["feature-syntax"]
    assert time.perf_counter() - begun < 20
