"""Two runners, one registry: pytest-bdd and the in-process one must agree scenario by scenario."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import pytest

from engine.specs import (
    Report,
    StepCatalogue,
    feature_files,
    lint_features,
    read_feature,
    run_features,
    step_catalogue,
)
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
TESTS = Path(__file__).parent
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]

# A test module as a department would write it, over the same two support functions.
MODULE = """
from pathlib import Path
import pytest
from feature_steps import expect_nothing_of_pending, install_steps, register_tags
from pytest_bdd import scenarios
from engine.specs import World
from engine.workspace import Workspace
from test_specs_agreement import small_catalogue

HERE = Path(__file__).parent
FILE = HERE / "mixed.feature"
register_tags([FILE.read_text(encoding="utf-8")])
install_steps(small_catalogue())
scenarios(str(FILE))

@pytest.fixture
def world():
    return World(Workspace.load(HERE))

@pytest.fixture(autouse=True)
def _pending(request):
    expect_nothing_of_pending(request)
"""

MIXED = """# language: zh-CN
@全部
功能: 两种运行方式
  背景:
    假如 计数从 0 开始
  场景: 通过
    当 加 2
    * 加 3
    那么 合计是 5
  场景: 未通过
    当 加 2
    那么 合计是 5
  场景: 步骤未定义
    当 乘以 2
    那么 合计是 0
  场景: 步骤有歧义
    当 加 两 个
    那么 合计是 0
  场景: 缺少数据表
    当 依次加
    那么 合计是 0
  场景: 多余的数据表
    当 加 2
      | 1 |
    那么 合计是 2
  场景: 步骤出错
    当 出错
    那么 合计是 0
  @pending
  场景: 待定而未通过
    那么 合计是 1
  @pending
  场景: 待定而通过
    那么 合计是 0
  规则: 数据表与文本块
    背景:
      假如 计数从 10 开始
    场景: 数据表
      当 依次加
        | 1 |
        | 2 |
      而且 按文本加:
        \"\"\"
        7
        \"\"\"
      那么 合计是 20
    @例
    场景大纲: 大纲 <加数>
      当 加 <加数>
      那么 合计是 <合计>
      @小
      例子: 小数
        | 加数 | 合计 |
        | 1 | 11 |
        | 2 | 13 |
      例子: 大数
        | 加数 | 合计 |
        | 100 | 110 |
"""


def small_catalogue() -> StepCatalogue:
    steps = StepCatalogue()

    @steps.given("计数从 {start:integer} 开始")
    def begin(world, start):  # type: ignore[no-untyped-def]
        world.memory["total"] = start

    @steps.when("加 {number:integer}")
    def add(world, number):  # type: ignore[no-untyped-def]
        world.memory["total"] += number

    @steps.when("加 {number} 个")
    def add_words(world, number):  # type: ignore[no-untyped-def]
        raise AssertionError("ambiguous: never called")

    @steps.when("加 两 {unit}")
    def add_two(world, unit):  # type: ignore[no-untyped-def]
        raise AssertionError("ambiguous: never called")

    @steps.when("依次加")
    def add_table(world, table):  # type: ignore[no-untyped-def]
        world.memory["total"] += sum(int(row[0]) for row in table)

    @steps.when("按文本加")
    def add_text(world, docstring):  # type: ignore[no-untyped-def]
        world.memory["total"] += int(docstring)

    @steps.when("出错")
    def fail(world):  # type: ignore[no-untyped-def]
        raise RuntimeError("broken")

    @steps.then("合计是 {number:integer}")
    def total(world, number):  # type: ignore[no-untyped-def]
        assert world.memory["total"] == number

    return steps


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "rulesets").mkdir()
    (folder / "mixed.feature").write_text(MIXED, encoding="utf-8")
    (folder / "test_mixed.py").write_text(MODULE, encoding="utf-8")
    return folder


def test_both_runners_agree_on_every_status(mixed: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}"}
    subprocess.run(
        [*PYTEST, "-c", os.devnull, "--strict-markers", "--junitxml=out.xml", "test_mixed.py"],
        cwd=mixed,
        env=environment,
        capture_output=True,
        check=False,
    )
    cases = list(ElementTree.parse(mixed / "out.xml").iter("testcase"))
    under_pytest = [not _names(case) & {"failure", "error"} for case in cases]
    report = run_features(
        Workspace.load(mixed), [mixed / "mixed.feature"], catalogue=small_catalogue()
    )
    in_process = [not scenario.fails for scenario in report.scenarios]
    assert len(under_pytest) == len(in_process) == 13
    assert under_pytest == in_process
    assert in_process.count(True) == 6


def _names(case: ElementTree.Element) -> set[str]:
    return {child.tag for child in case}


def test_the_statuses_are_told_apart(mixed: Path) -> None:
    report = run_features(
        Workspace.load(mixed), [mixed / "mixed.feature"], catalogue=small_catalogue()
    )
    told = {scenario.name: scenario.status for scenario in report.scenarios}
    assert told["步骤未定义"] == "undefined"
    assert told["步骤有歧义"] == "ambiguous"
    assert told["未通过"] == told["缺少数据表"] == told["步骤出错"] == "failed"
    assert [s.status for s in report.scenarios[1].steps] == ["passed", "passed", "failed"]
    assert [s.status for s in report.scenarios[2].steps] == ["passed", "undefined", "skipped"]
    assert not report.is_ok


@cache
def shipped() -> Report:
    workspace = Workspace.load(ROOT)
    return run_features(workspace, catalogue=step_catalogue(workspace))


def test_every_shipped_scenario_passes_in_process() -> None:
    failed = [
        f"{scenario.place} {scenario.name}: "
        + "；".join(step.message_zh for step in scenario.steps if step.message_zh)
        for scenario in shipped().scenarios
        if scenario.fails
    ]
    assert failed == []
    assert shipped().diagnostics == ()


def test_as_many_scenarios_are_collected_as_are_parsed() -> None:
    """pytest-bdd drops a scenario without a word when two have one name."""
    command = [*PYTEST, "--collect-only", "tests/test_features.py"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    collected = sum("test_features.py::" in line for line in shown.splitlines())
    files = feature_files(Workspace.load(ROOT))
    parsed = sum(
        len(read_feature(path.read_text(encoding="utf-8"), str(path)).scenarios) for path in files
    )
    assert collected == parsed == len(shipped().scenarios)


def test_the_linter_has_nothing_to_say_of_the_shipped_features() -> None:
    assert [f"{d.place} {d.message_zh}" for d in lint_features(Workspace.load(ROOT))] == []
