"""`tongban prove` as an officer and a script use it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import small_workspace
from shipped import ROOT
from test_cli import run
from test_proof_matters import with_rates

GAP = '{面积: "<= 50", 费率: 1}', '{面积: "> 60", 费率: 2}'


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    text = small_workspace.matter(*with_rates(*GAP))
    small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    return tmp_path


def test_what_ships_has_its_tables_proved() -> None:
    done = run("prove", "--table", "minimum_area", "public_venue_hygiene")
    assert done.returncode == 0, done.stdout
    assert "已证明  表“各类场所营业面积下限”：每种情形都有结果" in done.stdout
    assert "0 项不成立，0 项未证明" in done.stdout


def test_a_gap_is_shown_at_its_table_with_the_case_and_what_the_engine_says(broken: Path) -> None:
    done = run("prove", "sample", "--table", "rates", "--on", "2026-11-22", cwd=broken)
    assert done.returncode == 1
    assert "warning[table-gap]: 表“费率”没有覆盖这种情形：面积是 50.01" in done.stdout
    assert '情形: {"date": "2026-11-22", "facts": {"面积": "50.01"}}' in done.stdout
    assert "引擎: “示例许可”的“费率不高”无法判定" in done.stdout
    english = run("prove", "sample", "--table", "rates", "--lang", "en", cwd=broken).stdout
    assert 'table "费率" has no row for this case: 面积 = 50.01' in english


def test_the_case_is_a_file_that_decide_takes(broken: Path) -> None:
    done = run("prove", "sample", "--table", "rates", "--json", "--on", "2026-11-22", cwd=broken)
    (claim,) = (c for c in json.loads(done.stdout)["matters"][0]["claims"] if c["findings"])
    assert claim["status"] == "refuted"
    witness = claim["findings"][0]["witness"]
    (broken / "case.json").write_text(json.dumps(witness["application"]), encoding="utf-8")
    decided = run("decide", "sample", "case.json", cwd=broken)
    assert decided.returncode == 1
    assert witness["engine"] in decided.stderr


def test_a_witness_is_written_once_as_a_pending_scenario_that_runs(broken: Path) -> None:
    arguments = ("prove", "sample", "--table", "rates", "--on", "2026-11-22", "--write-feature")
    first = run(*arguments, cwd=broken)
    path = broken / "features" / "sample_pending.feature"
    text = path.read_text(encoding="utf-8")
    assert f"已写入 {path.relative_to(broken)}" in first.stdout
    assert "@pending" in text
    run(*arguments, cwd=broken)
    assert path.read_text(encoding="utf-8") == text
    tested = run("test", cwd=broken)
    assert tested.returncode == 0, tested.stdout
    assert "待定" in tested.stdout
    assert run("check", cwd=broken).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("prove", "nothing"), "没有事项“nothing”；现有：sample", id="no such matter"),
        pytest.param(("prove", "示例许可"), "是否想写“sample”", id="a title"),
        pytest.param(("diff", "sample", "."), "请写 .#事项编号", id="matter and folder"),
        pytest.param(("diff", ".", ".", "--prove"), "请写 文件夹#事项编号", id="folders proved"),
        pytest.param(("prove", "sample", "--table", "x"), "没有编号或名称为“x”的表", id="no table"),
        pytest.param(("prove", "--write-feature", "sample"), "应是 .feature 文件", id="no feature"),
    ],
)
def test_wrong_usage_is_said_and_is_two(
    broken: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run(*arguments, cwd=broken)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_matter_with_errors_is_not_proved(tmp_path: Path) -> None:
    text = small_workspace.matter(("require: 面积 >= 最低面积", "require: 面级 >= 最低面积"))
    small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    done = run("prove", "sample", cwd=tmp_path)
    assert done.returncode == 1
    assert "unknown-fact" in done.stderr


def test_commands_that_prove_nothing_do_not_wait_for_numpy() -> None:

    code = "import sys, engine, engine.cli, engine.specs; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
