"""Row by row, a population comes out as the per-case engine decides each application alone."""

from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from engine import Workspace
from engine.population import Options, simulate, version_in_force
from populations import Population, random_population, write_parquet
from shipped import ON, ROOT, workspace

MATTERS = (
    ("public_venue_hygiene", ""),
    ("public_venue_hygiene", "510100"),
    ("hr_service_licence", ""),
    ("hr_service_licence", "370811"),
    ("old_age_allowance", ""),
    ("old_age_allowance", "370811"),
    ("travel_agency_branch_filing", ""),
)

EACH = [pytest.param(*m, id="-".join(filter(None, m))) for m in MATTERS]


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


@pytest.mark.parametrize(("matter", "region"), EACH)
def test_every_status_path_and_outcome_is_the_engines(
    matter: str, region: str, tmp_path: Path
) -> None:
    population = random_population(workspace(), matter, ON, 300, 1, region=region)
    compare(population, simulated(population, tmp_path))


@pytest.mark.parametrize(("matter", "region"), EACH[:1] + EACH[2:3] + EACH[4:5] + EACH[6:])
def test_days_of_application_and_missing_materials_count(
    matter: str, region: str, tmp_path: Path
) -> None:
    population = random_population(
        workspace(), matter, ON, 250, 2, region=region, varies=True, unknown=0.01
    )
    compare(population, simulated(population, tmp_path, varies=True))


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
