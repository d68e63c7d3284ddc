"""Reading past applications, comparing two versions, and what is told of both."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

import small_workspace
from engine import Workspace, decide
from engine.diagnostics import TongbanError
from engine.population import (
    DataUnreadable,
    Options,
    OutputUnusable,
    SimulationReport,
    report_text,
    simulate,
    version_in_force,
    version_named,
)
from shipped import ON, ROOT, workspace

PAST = ROOT / "tests" / "past_applications.csv"
MATTER = "public_venue_hygiene"
NOW = version_in_force(workspace(), MATTER, ON)
THEN = version_named("public_venue_hygiene_2019", workspace(), MATTER, ON)


def run(data: Path, **more: Any) -> SimulationReport:
    return simulate(data, NOW, THEN, **more)


def changed_csv(folder: Path, changes: Mapping[str, str], row: int = 2) -> Path:
    """The sample with some cells of one row replaced; a new name adds a column."""
    rows = list(csv.DictReader(PAST.read_text(encoding="utf-8").splitlines()))
    for name in changes:
        for one in rows:
            one.setdefault(name, "")
    rows[row - 1].update(changes)
    path = folder / "changed.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


# --- comparing ---------------------------------------------------------------------------------


def test_bookshops_come_out_differently_under_the_regulation_before_2025() -> None:
    report = run(PAST)
    moved = {(s.before, s.after): s.count for s in report.outcomes if s.before != s.after}
    assert moved == {("不予受理", "准予"): 1, ("不予受理", "不予"): 1}
    assert report.differ == 2
    assert {s.case for s in report.samples} == {"A-05", "A-07"}
    filing = next(c for c in report.criteria if c.id == "filing_instead")
    assert [(s.before, s.after, s.count) for s in filing.shifts] == [("不满足", "没有此要点", 3)]
    assert filing.decisive == 2


def test_a_version_against_itself_changes_nothing() -> None:
    report = simulate(PAST, NOW, NOW)
    assert (report.differ, report.criteria, report.samples) == (0, (), ())


def test_like_cases_recorded_differently_are_listed() -> None:
    report = simulate(PAST, NOW)
    assert report.unlike_groups == 1
    assert report.unlike[0].rows == (14, 15)
    assert dict(report.unlike[0].recorded) == {"准予": 1, "补正": 1}


def test_each_case_to_open_is_decided_as_the_row_was(tmp_path: Path) -> None:
    report = run(PAST, out=tmp_path / "out")
    assert report.samples
    for sample in report.samples:
        data = json.loads((tmp_path / "out" / sample.file).read_text(encoding="utf-8"))
        on = date.fromisoformat(data.pop("date"))
        assert decide(workspace(), MATTER, data, on=on, replies=()).outcome == sample.before


def test_results_are_one_row_each_in_the_files_order_and_the_same_every_time(
    tmp_path: Path,
) -> None:
    for name in ("one", "two"):
        run(PAST, out=tmp_path / name)
    one, two = (
        pyarrow.parquet.read_table(tmp_path / n / "results.parquet") for n in ("one", "two")
    )
    assert one.equals(two)
    assert one.column("row").to_pylist() == list(range(1, 17))
    assert one.column("case").to_pylist()[:2] == ["A-01", "A-02"]
    assert sum(one.column("differs").to_pylist()) == 2
    reports = [(tmp_path / n / "report.json").read_bytes() for n in ("one", "two")]
    assert reports[0] == reports[1]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputUnusable, match="不覆盖"):
        run(PAST, out=tmp_path)


def test_a_draft_in_another_workspace_is_compared(tmp_path: Path) -> None:
    """An edited copy: barbers now need 20 m²."""
    import shutil

    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    file = tmp_path / "rulesets" / "matters" / "public_venue_hygiene.yaml"
    text = file.read_text(encoding="utf-8")
    assert "    value: 10\n" in text
    file.write_text(text.replace("    value: 10\n", "    value: 20\n", 1), encoding="utf-8")
    draft = version_named(str(tmp_path), workspace(), MATTER, ON)
    report = simulate(PAST, NOW, draft)
    moved = {(s.before, s.after): s.count for s in report.outcomes if s.before != s.after}
    assert moved == {("准予", "补正"): 1}
    assert [(c.id, c.count, c.decisive) for c in report.criteria] == [("area_large_enough", 1, 1)]


def test_regions_with_their_own_figures_are_told_apart(tmp_path: Path) -> None:
    """Chengdu asks of shops what the country does not; each row keeps its own region."""
    rows = list(csv.DictReader(PAST.read_text(encoding="utf-8").splitlines()))
    regions = ("", "370811", "510100", "110000")
    path = tmp_path / "regions.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["地区", *rows[0]])
        writer.writeheader()
        for region in regions:
            writer.writerows({"地区": region, **row} for row in rows)
    simulate(path, NOW, out=tmp_path / "out")
    mixed = pyarrow.parquet.read_table(tmp_path / "out" / "results.parquet")
    found = mixed.column("outcome_before").to_pylist()
    for place, region in enumerate(regions):
        alone = tmp_path / f"alone-{place}"
        simulate(PAST, NOW, out=alone, options=Options(region=region))
        single = pyarrow.parquet.read_table(alone / "results.parquet")
        expected = single.column("outcome_before").to_pylist()
        assert found[16 * place : 16 * place + 16] == expected, region


def test_the_report_reads_in_both_languages() -> None:
    report = run(PAST)
    zh, en = report_text(report), report_text(report, "en")
    assert "结论或路径不同的：2（12.50%）" in zh
    assert "come out differently" in en
    assert "材料视为齐全" in zh


# --- which version -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2024-06-01", date(2024, 6, 1)),
        ("public_venue_hygiene@2024-06-01", date(2024, 6, 1)),
        ("public_venue_hygiene_2019", date(2025, 1, 19)),
        (f"{ROOT}#public_venue_hygiene_2019", date(2025, 1, 19)),
        (str(ROOT), ON),
        ("public_venue_hygiene", ON),
    ],
    ids=["date", "id-at-date", "file", "workspace-file", "workspace", "id"],
)
def test_a_version_is_named_in_many_ways(text: str, on: date) -> None:
    version = version_named(text, workspace(), MATTER, ON)
    assert (version.matter, version.on) == (MATTER, on)


@pytest.mark.parametrize("text", ["2024-02-30", "hygeine", "public_venue_hygiene@1990-01-01"])
def test_an_unknown_version_is_told(text: str) -> None:
    with pytest.raises(TongbanError):
        version_named(text, workspace(), MATTER, ON)


# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"营业面积": "１２"}, "第 2 行“营业面积”：应是最多 2 位小数的数，此处是 “１２”"),
        ({"营业面积": "1e2"}, "应是最多 2 位小数的数"),
        ({"营业面积": "1.234"}, "应是最多 2 位小数的数"),
        ({"营业面积": "100000.01"}, "应是范围 [0..100000] 内的值"),
        ({"卫生管理人员数": "1.5"}, "应是整数"),
        ({"检测报告日期": "2026-02-30"}, "应是日期"),
        ({"检测报告日期": "2026/02/01"}, "应是日期"),
        ({"场所类型": "理发店"}, "第 2 行“场所类型”：应是以下之一"),
        ({"检测合格": "1"}, "应是“是”或“否”"),
        ({"检测项目": "空气"}, "第 2 行“检测项目”"),
        ({"检测项目": '["尘土"]'}, "第 2 行“检测项目”"),
        ({"从业人员": '[{"健康证有效期至": "明年"}]'}, "第 2 行“从业人员”"),
        ({"办理路径": "绿色通道"}, "第 2 行“办理路径”"),
        ({"地区": "999999"}, "已定义的地区代码"),
        ({"申请日期": "1900-01-01"}, "第 2 行“申请日期”"),
        ({"持证人数": "1"}, "由规则计算"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_does_not_fit_is_told_with_its_row_and_column(
    changes: dict[str, str], said: str, tmp_path: Path
) -> None:
    if "申请日期" in changes:
        said = "申请日期"
    with pytest.raises(DataUnreadable) as raised:
        run(changed_csv(tmp_path, changes))
    messages = " ".join(f"{d.message_zh} {d.help_zh}" for d in raised.value.diagnostics)
    assert said in messages
    assert all(d.place.file == "changed.csv" for d in raised.value.diagnostics)


def test_a_misspelt_column_is_told_with_the_nearest_fact(tmp_path: Path) -> None:
    path = tmp_path / "misspelt.csv"
    path.write_text(PAST.read_text(encoding="utf-8").replace("营业面积", "营业面枳", 1), "utf-8")
    with pytest.raises(DataUnreadable) as raised:
        run(path)
    (problem,) = raised.value.diagnostics
    assert "是否想写“营业面积”" in problem.help_zh


def test_spaces_around_values_are_taken_off(tmp_path: Path) -> None:
    plain = run(PAST)
    spaced = run(
        changed_csv(tmp_path, {"场所类型": "　理发 ", "营业面积": " 9.99\t", "检测合格": " 是"})
    )
    assert spaced.before.outcomes == plain.before.outcomes


def test_a_float_column_is_refused_and_other_files_too(tmp_path: Path) -> None:
    floats = tmp_path / "floats.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"营业面积": [1.5]}), floats)
    with pytest.raises(DataUnreadable, match="浮点数"):
        run(floats)
    for name, content in (
        ("a.xlsx", b"x"),
        ("b.parquet", b"no parquet"),
        ("c.csv", b"\xff\xfe\x00a"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DataUnreadable):
            run(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("编号,营业面积\n1,5\n2\n", "文件第 3 行：应是与表头一样 2 栏，此处是 “1 栏”"),
        ("编号,营业面积\n1,5,多\n2,6,多\n", "文件第 2 行：应是与表头一样 2 栏，此处是 “3 栏”"),
        ('编号,营业面积\n1,"5\n2,6\n', "文件第 2 行起：应是成对的英文双引号"),
        ("编号;营业面积\n1;5\n", "没有声明事实“编号;营业面积”"),
        ("", "第一行：应是事实的名称作列名"),
        ("编号,营业面积\n1,5\n".encode("gbk"), "UTF-8"),
        ("编号,营业面积\n" + "1,5\n" * 60_000 + "1\n", "文件第 60002 行"),
    ],
    ids=["short", "long", "quote", "semicolon", "empty", "gbk", "far"],
)
def test_a_torn_csv_is_told_at_its_line_and_never_taken_for_other_columns(
    content: str | bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "torn.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataUnreadable) as raised:
        run(path)
    assert said in " ".join(d.message_zh for d in raised.value.diagnostics)


def test_a_fact_that_a_table_reads_may_be_missing_for_everybody(tmp_path: Path) -> None:
    path = tmp_path / "without.csv"
    path.write_text("编号,营业面积\n1,5\n2,6\n", encoding="utf-8")
    report = run(path)
    assert "场所类型" in report.missing
    assert report.before.outcomes == (("待核", 2),)


def test_numbers_beyond_64_bits_are_still_exact(tmp_path: Path) -> None:
    """The engine itself compares what no column of whole numbers can hold."""
    text = """matter: big
title: 大数
type: 公共服务
level: 县级
organ: 甲
basis: {law: 示例法}
facts:
  数: {type: decimal}
criteria:
  - {id: exact, stage: 审查, point: 恰好, require: 数 = 123456789012345678901234.5, basis: {law: 示例法}}
"""
    (tmp_path / "rulesets").mkdir()
    (tmp_path / "rulesets" / "big.yaml").write_text(text, encoding="utf-8")
    rules = ROOT / "rulesets" / "rules" / "shared_conclusions.yaml"
    (tmp_path / "rulesets" / "rules.yaml").write_text(rules.read_text("utf-8"), encoding="utf-8")
    data = tmp_path / "big.csv"
    data.write_text("数\n123456789012345678901234.5\n123456789012345678901234.6\n1\n", "utf-8")
    version = version_in_force(Workspace.load(tmp_path), "big", ON)
    report = simulate(data, version, out=tmp_path / "out")
    rows = pyarrow.parquet.read_table(tmp_path / "out" / "results.parquet").to_pylist()
    assert [row["before:exact"] for row in rows] == ["满足", "不满足", "不满足"]
    assert report.before.looked_up == ("数 = 123456789012345678901234.5",)


def test_no_rows_are_no_trouble(tmp_path: Path) -> None:
    header = PAST.read_text(encoding="utf-8").partition("\n")[0]
    empty = tmp_path / "empty.csv"
    empty.write_text(header + "\n", encoding="utf-8")
    report = run(empty)
    assert (report.rows, report.differ) == (0, 0)
    assert "共 0 件申请" in report_text(report)


def test_a_table_at_which_an_application_without_facts_stops_stops_no_other(tmp_path: Path) -> None:
    row = "      - {类别: '\"甲\"', 最低面积: 下限}\n"
    clash = "      - {类别: '-', 最低面积: 1}\n      - {类别: 'null', 最低面积: 2}\n"
    rest = "      - {类别: '\"乙\"', 最低面积: 30}\n"
    text = small_workspace.matter((row + rest, clash))
    made = small_workspace.make(tmp_path / "ws", {"rulesets/matters/sample.yaml": text})
    data = tmp_path / "data.csv"
    data.write_text("面积,类别,出证\n40,甲,是\n40,,是\n", encoding="utf-8")
    report = simulate(data, version_in_force(made, "sample", ON), out=tmp_path / "out")
    assert report.rows == 2
    found = pyarrow.parquet.read_table(tmp_path / "out" / "results.parquet").to_pylist()
    assert [row["outcome_before"] == "未能判定" for row in found] == [False, True]


def test_two_columns_for_one_thing_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("申请人.名称,applicant.name\n甲,乙\n", encoding="utf-8")
    version = version_in_force(workspace(), "public_venue_hygiene", ON)
    with pytest.raises(TongbanError, match="每项内容只有一列"):
        simulate(data, version)


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("营业面积, 营业面积\n1,2\n", encoding="utf-8")
    version = version_in_force(workspace(), "public_venue_hygiene", ON)
    with pytest.raises(TongbanError) as stopped:
        simulate(data, version)
    assert "每栏的列名只出现一次" in stopped.value.diagnostics[0].message_zh


@pytest.mark.parametrize(
    "header", ["营业面积", "营业面积,地区,申请日期,办理路径,结论"], ids=["facts", "all"]
)
def test_a_file_without_applications_says_so(tmp_path: Path, header: str) -> None:
    data = tmp_path / "none.csv"
    data.write_text(header + "\n", encoding="utf-8")
    report = run(data)
    assert (report.rows, report.differ, report.unlike) == (0, 0, ())
    assert "0 件" in report_text(report, "zh")
