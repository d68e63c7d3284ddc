"""Row by row, a population comes out as the per-case engine decides each application alone."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from engine import Workspace
from engine.population import Options, PopulationStopped, simulate, version_in_force
from populations import Population, random_population, write_parquet
from shipped import ON, ROOT, workspace

EACH = [
    pytest.param(matter, region, id="-".join(filter(None, (matter, region))))
    for matter, region in (
        *((matter, "") for matter in workspace().ids("matter")),
        ("public_venue_hygiene", "510100"),
        ("hr_service_licence", "370811"),
        ("old_age_allowance", "370811"),
    )
]
SOME = [
    pytest.param(*param.values, bool(n % 2), id=f"{param.id}{'-days' * (n % 2)}")
    for n, param in enumerate(EACH)
]


def simulated(
    population: Population, folder: Path, *, varies: bool = False, engine: Any = "duckdb"
) -> list[dict[str, Any]]:
    data = write_parquet(population, folder / "data.parquet", varies=varies)
    version = version_in_force(population.workspace, population.matter, population.on)
    options = Options(engine=engine, region=population.region)
    simulate(data, version, out=folder / "out", options=options)
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(
        folder / "out" / "results.parquet"
    ).to_pylist()
    return rows


def compare(population: Population, rows: list[dict[str, Any]]) -> None:
    assert [row["row"] for row in rows] == list(range(1, len(population.applications) + 1))
    for place, row in enumerate(rows):
        expected = population.expected(place)
        about = population.applications[place], population.days[place]
        if expected is None:
            assert row["outcome_before"] == "未能判定", about
            continue
        statuses, path, outcome = expected
        found = {name.partition(":")[2]: v for name, v in row.items() if name.startswith("before:")}
        assert found == statuses, about
        assert (row["path_before"], row["outcome_before"]) == (path, outcome), about


def agree(matter: str, region: str, folder: Path, varies: bool) -> None:
    population = random_population(
        workspace(), matter, ON, 120, 1 + varies, region=region, varies=varies, unknown=0.02
    )
    compare(population, simulated(population, folder, varies=varies))


@pytest.mark.parametrize(("matter", "region", "varies"), SOME)
def test_every_status_path_and_outcome_is_the_engines(
    matter: str, region: str, varies: bool, tmp_path: Path
) -> None:
    """Half of the matters on one day with all materials, half on many days with some."""
    agree(matter, region, tmp_path, varies)


@pytest.mark.parametrize(("matter", "region", "varies"), SOME)
@pytest.mark.soak
def test_the_other_half_agrees(matter: str, region: str, varies: bool, tmp_path: Path) -> None:
    agree(matter, region, tmp_path, not varies)


@pytest.mark.parametrize(("matter", "region"), EACH)
@pytest.mark.soak
def test_a_hundred_thousand_rows_agree(matter: str, region: str, tmp_path: Path) -> None:
    for seed, (unknown, varies) in enumerate(
        ((0.0, False), (0.02, True), (0.05, True), (0.2, False))
    ):
        folder = tmp_path / str(seed)
        folder.mkdir()
        population = random_population(
            workspace(), matter, ON, 25_000, seed, region=region, unknown=unknown, varies=varies
        )
        compare(population, simulated(population, folder, varies=varies))


HARD = """matter: hard
title: 难判的事
type: 公共服务
level: 县级
organ: 甲
basis: {law: 示例法}
facts:
  甲: {type: integer}
  乙: {type: boolean}
  丙: {type: boolean}
  名: {type: text}
  表: {type: list, of: record, fields: {值: {type: integer}}}
  和: {type: integer, compute: sum(表.值)}
  大者: {type: list, of: record, fields: {值: {type: integer}}, compute: '表[值 > 甲]'}
  文长: {type: integer, compute: string length(名) + 甲}
parameters:
  门槛: {type: integer, value: null, basis: {law: 示例法}}
tables:
  - id: gap
    gives: 档
    basis: {law: 示例法}
    rows:
      - {甲: "< 1", 乙: "-", 档: 0}
      - {甲: "[1..3)", 乙: "true", 档: 门槛}
      - {甲: "3", 乙: "-", 档: 甲 + 1}
  - id: clash
    gives: 类
    basis: {law: 示例法}
    rows:
      - {甲: "<= 2", 丙: "true", 乙: "-", 类: '"一"'}
      - {甲: ">= 2", 丙: "-", 乙: "true", 类: '"二"'}
      - {甲: "-", 丙: "false", 乙: "false", 类: '"三"'}
  - id: firstly
    gives: 序
    hit: first
    reason: 例
    basis: {law: 示例法}
    rows:
      - {甲: "> 2", 乙: "-", 序: 1}
      - {甲: "-", 乙: "true", 序: 2}
      - {甲: "-", 乙: "-", 序: 3}
  - id: listed
    gives: 单
    hit: collect
    basis: {law: 示例法}
    rows:
      - {甲: "> 0", 乙: "-", 单: '"正"'}
      - {甲: "-", 乙: "true", 单: '"是"'}
criteria:
  - {id: band, stage: 受理, point: 档, require: 档 >= 1, basis: {law: 示例法}}
  - {id: class, stage: 审查, point: 类, when: 乙, require: '类 in ("一", "三")', basis: {law: 示例法}}
  - {id: order, stage: 审查, point: 序, require: 序 != 2, effect: correct, basis: {law: 示例法}}
  - {id: list, stage: 审查, point: 单, require: 'list contains(单, "正")', basis: {law: 示例法}}
  - {id: total, stage: 审查, point: 和, require: 和 > 2, effect: correct, basis: {law: 示例法}}
  - {id: larger, stage: 审查, point: 大, require: count(大者) <= 1, effect: reject, basis: {law: 示例法}}
  - {id: length, stage: 审查, point: 长, when: 文长 > 3, require: 'matches(名, "甲")', basis: {law: 示例法}}
obligations:
  - {id: after, title: 后, within: 30 days, when: 档 = 4, basis: {law: 示例法}}
benefits:
  - {title: 得, amount: 序 * 10, basis: {law: 示例法}}
"""


def test_tables_that_stop_or_list_and_facts_no_column_holds_agree(tmp_path: Path) -> None:
    """Gaps, clashing rows, other hit policies, sums over lists, regular expressions."""
    folder = tmp_path / "rulesets"
    folder.mkdir()
    (folder / "hard.yaml").write_text(HARD, encoding="utf-8")
    rules = ROOT / "rulesets" / "rules" / "shared_conclusions.yaml"
    (folder / "rules.yaml").write_text(rules.read_text(encoding="utf-8"), encoding="utf-8")
    hard = Workspace.load(tmp_path)
    population = random_population(hard, "hard", ON, 800, 5, unknown=0.15)
    rows = simulated(population, tmp_path)
    compare(population, rows)
    stopped = sum(row["outcome_before"] == "未能判定" for row in rows)
    assert 0 < stopped < len(rows)
    assert len({row["outcome_before"] for row in rows}) > 3


PATHS = """matter: paths
title: 各条路径的事
type: 行政许可
level: 县级
organ: 甲
basis: {law: 示例法}
facts:
  甲: {type: boolean}
  乙: {type: boolean}
  丙: {type: text}
materials:
  - {id: core, title: 核心, core: true, commitable: true,
     resolve: [earlier, upload, commitment], basis: {law: 示例法}}
  - {id: minor, title: 次要, core: false, commitable: true, deferrable: {within: 5 days},
     resolve: [upload, commitment, deferral], basis: {law: 示例法}}
  - {id: asked, title: 协查, core: false, when: 甲, query: 示例局, commitable: true,
     resolve: [upload, query, commitment, deferral], basis: {law: 示例法}}
criteria:
  - {id: first, stage: 审查, point: 甲, require: 甲, effect: refuse, basis: {law: 示例法}}
  - {id: second, stage: 审查, point: 乙, require: 乙, effect: correct, basis: {law: 示例法}}
paths:
  commitment: {covers: [second, core], basis: {law: 示例法}, entry: 乙, duty: 属实, verify_within: 9 days,
    on_false: revoke, on_unfulfilled: correct_then_revoke}
  full_credit: {covers: [core, minor, asked, second], basis: {law: 示例法}}
  non_core_credit: {covers: [minor, first], basis: {law: 示例法}, entry: 甲 or 乙}
  deferral: {covers: [second, asked], basis: {law: 示例法}}
conclusions: [GRADES]
"""
GRADES = """
  - rule: needs_a_grade
    title: 须有等级
    phase: entry
    when:
      - {is: 路径, as: w, where: {名称: {in: [全信用, 容缺后补]}}}
      - {is: 申请人, as: p}
      - {none: 信用, where: {类别: 公共信用综合评价, 主体代码: p.证件号码}}
    then: {finding: 没有等级, effect: review, subject: p.名称}
    basis: {law: 示例法}
"""
JOINED = """
  - rule: told_of_oneself
    title: 自己说自己
    when:
      - {is: 申请人, as: p}
      - {is: 事实, as: f, where: {名称: 丙, 文字: p.名称}}
    then: {finding: 一样, effect: review}
    basis: {law: 示例法}
"""


def matter_of_paths(folder: Path, conclusions: str) -> Workspace:
    (folder / "rulesets").mkdir()
    text = PATHS.replace(" [GRADES]", conclusions or " []")
    (folder / "rulesets" / "paths.yaml").write_text(text, encoding="utf-8")
    rules = ROOT / "rulesets" / "rules" / "shared_conclusions.yaml"
    (folder / "rulesets" / "rules.yaml").write_text(rules.read_text("utf-8"), encoding="utf-8")
    return Workspace.load(folder)


@pytest.mark.parametrize("conclusions", ["", GRADES], ids=["open", "by-grade"])
def test_every_path_with_every_kind_of_material_agrees(tmp_path: Path, conclusions: str) -> None:
    """A grade that nobody has bars whoever has a number, and only those."""
    made = matter_of_paths(tmp_path, conclusions)
    population = random_population(made, "paths", ON, 600, 6, unknown=0.2, varies=True)
    rows = simulated(population, tmp_path, varies=True)
    compare(population, rows)
    asked = set(made.matter("paths", ON).paths)
    assert {row["path_before"] for row in rows} == {"general", *asked}
    barred = [
        row["path_before"] == "general"
        for row, application in zip(rows, population.applications, strict=True)
        if application.path == "full_credit" and application.applicant.id_number
    ]
    assert all(barred) if conclusions else not any(barred)
    assert len({row["outcome_before"] for row in rows}) > 3


def test_a_rule_that_joins_what_applicants_say_is_refused_by_name(tmp_path: Path) -> None:
    made = matter_of_paths(tmp_path, JOINED)
    population = random_population(made, "paths", ON, 5, 6)
    with pytest.raises(PopulationStopped, match=r"结论规则 自己说自己.*cannot be simulated"):
        simulated(population, tmp_path)
