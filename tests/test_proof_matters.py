"""Matters proved: every witness is an application that the real engine was given, and stops at."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small_workspace
from brute_tables import CODES, Column, random_table
from engine import Workspace, decide
from engine.checks import check_file
from engine.decision import DecisionStopped
from engine.definitions import Table
from engine.proof import Finding, Proof, prove_matter
from engine.proof.tables import prove_tables
from engine.specs import pending_feature, read_feature, run_features
from shipped import workspace

DAY = date(2026, 11, 22)
RATES = """
  - id: rates
    title: 费率
    gives: 费率
    basis: {law: 示例法, article: 第一条, verified: true}
    rows:
"""


def proof_of(folder: Path, *edits: tuple[str, str], table: str | None = None) -> Proof:
    text = small_workspace.matter(*edits)
    small_workspace.make(folder, {"rulesets/matters/sample.yaml": text})
    return prove_matter(Workspace.load(folder), "sample", DAY, table=table)


def with_rates(*rows: str, facts: str = "") -> tuple[tuple[str, str], ...]:
    """The sample matter with one more table, and a criterion that reads it."""
    table = "".join(f"      - {row}\n" for row in rows)
    criterion = (
        "  - {id: cheap, stage: 审查, point: 费率不高, require: 费率 < 9,"
        " basis: {law: 示例法, article: 第一条, verified: true}, remedy: 改正}\n"
    )
    return (
        ("criteria:\n", RATES.lstrip("\n") + table + "criteria:\n" + criterion),
        ("parameters:\n", f"{facts}parameters:\n"),
    )


def codes(proof: Proof) -> list[str]:
    return [finding.diagnostic.code for finding in proof.findings]


def only(proof: Proof) -> Finding:
    (finding,) = proof.findings
    return finding


@pytest.mark.parametrize("matter", workspace().ids("matter"))
def test_the_tables_of_the_shipped_matters_are_proved(matter: str) -> None:
    claims = prove_tables(workspace(), matter, DAY, None, 60)
    assert bool(claims) == bool(workspace().matter(matter, DAY).tables)
    assert [claim.title_zh for claim in claims if claim.status != "proved"] == []
    covered = {region for claim in claims for region in claim.regions}
    assert not claims or {"370811", "510100"} <= covered


def test_a_gap_of_one_cent_is_shown_as_the_application_that_falls_into_it(tmp_path: Path) -> None:
    proof = proof_of(
        tmp_path,
        *with_rates('{面积: "<= 50", 费率: 1}', '{面积: "> 50.01", 费率: 2}'),
        table="rates",
    )
    finding = only(proof)
    assert finding.diagnostic.code == "table-gap"
    assert finding.witness is not None
    assert finding.witness.facts == {"面积": Decimal("50.01")}
    assert "没有一行适用于 面积=50.01" in finding.said_zh
    posted = json.loads(json.dumps(finding.witness.application()))
    on = date.fromisoformat(posted.pop("date"))
    with pytest.raises(DecisionStopped, match=r"面积=50\.01"):
        decide(Workspace.load(tmp_path), "sample", posted, on=on)


def test_what_only_reals_could_fall_into_is_no_gap(tmp_path: Path) -> None:
    rows = '{面积: "<= 50.00", 费率: 1}', '{面积: ">= 50.01", 费率: 2}'
    assert proof_of(tmp_path, *with_rates(*rows), table="费率").is_proved


def test_a_regions_own_figure_is_proved_for_that_region(tmp_path: Path) -> None:
    rows = '{面积: "< 下限", 费率: 1}', '{面积: ">= 10", 费率: 2}'
    proof = proof_of(tmp_path, *with_rates(*rows), table="rates")  # 20 there, 10 elsewhere
    finding = only(proof)
    assert finding.diagnostic.code == "table-overlap"
    assert "370811" in finding.diagnostic.message_zh
    assert finding.witness is not None
    assert finding.witness.region == "370811"
    assert finding.witness.facts == {"面积": Decimal(10)}
    statuses = {claim.status for claim in proof.claims if claim.regions != ("370811",)}
    assert statuses == {"proved"}


def test_a_cell_may_reckon_with_figures_and_with_the_day(tmp_path: Path) -> None:
    facts = "  开业: {type: date}\n"
    rows = (
        '{面积: "< 下限 * 2", 开业: "-", 费率: 1}',
        '{面积: ">= 下限 * 2", 开业: "<= 申请日期 - @\\"P1Y\\"", 费率: 2}',
        '{面积: ">= 下限 * 2", 开业: "> date(\\"2025-11-23\\")", 费率: 2}',
    )
    proof = proof_of(tmp_path, *with_rates(*rows, facts=facts), table="rates")
    assert codes(proof) == ["table-gap", "table-gap"]  # 370811 has a figure of its own
    shown = [dict(finding.witness.facts) for finding in proof.findings if finding.witness]
    day = date(2025, 11, 23)
    assert shown == [{"面积": Decimal(20), "开业": day}, {"面积": Decimal(40), "开业": day}]


@pytest.mark.parametrize("cell", ["< 10 ** 9999", "< 面积", "string length(?) > 2"])
def test_a_cell_that_is_no_set_of_constants_is_named(tmp_path: Path, cell: str) -> None:
    rows = f'{{面积: "{cell}", 费率: 1}}', '{面积: "-", 费率: 2}'
    try:
        proof = proof_of(tmp_path, *with_rates(*rows), table="rates")
    except DecisionStopped:
        return  # the checks refuse it
    assert codes(proof) == ["table-unproved"]
    assert cell.split()[-1] in next(proof.findings).diagnostic.message_zh


def test_rows_for_regions_and_days_are_proved_as_they_apply(tmp_path: Path) -> None:
    rows = (
        '{地区: \'"370800"\', 申请日期: "-", 费率: 1}',
        '{地区: \'not("370800")\', 申请日期: "< @\\"2027-01-01\\"", 费率: 2}',
        '{地区: \'not("370800")\', 申请日期: "> @\\"2027-01-01\\"", 费率: 3}',
    )
    proof = proof_of(tmp_path, *with_rates(*rows), table="rates")
    gap = next(f for f in proof.findings if f.diagnostic.code == "table-gap")
    assert gap.witness is not None
    assert gap.witness.on == date(2027, 1, 1)
    assert gap.witness.region not in ("", "370800")


def test_a_figure_not_fixed_yet_leaves_the_table_unproved(tmp_path: Path) -> None:
    rows = '{面积: "< 下限", 费率: 1}', '{面积: ">= 下限", 费率: 2}'
    proof = proof_of(tmp_path, *with_rates(*rows), ("value: 10,", "value: null,"), table="rates")
    assert set(codes(proof)) == {"table-unproved"}
    assert "下限”尚未确定" in next(proof.findings).diagnostic.message_zh
    statuses = {region: claim.status for claim in proof.claims for region in claim.regions}
    assert statuses.pop("370811") == "proved"  # which has a figure of its own
    assert set(statuses.values()) == {"unproved"}


def test_a_computed_input_is_traced_back_to_facts(tmp_path: Path) -> None:
    facts = (
        "  出生日期: {type: date}\n"
        "  年龄: {type: integer, compute: 'years and months duration(出生日期, 申请日期).years'}\n"
    )
    rows = '{年龄: "< 60", 费率: 1}', '{年龄: "> 60", 费率: 2}'
    finding = only(proof_of(tmp_path, *with_rates(*rows, facts=facts), table="rates"))
    assert finding.diagnostic.code == "table-gap"
    assert finding.witness is not None
    assert finding.witness.facts == {"出生日期": date(1966, 11, 22)}
    assert finding.witness.follows == {"年龄": Decimal(60)}


def test_what_no_application_gives_is_unproved_not_a_gap(tmp_path: Path) -> None:
    facts = "  两倍: {type: integer, compute: 'if 面积 > 5 then 2 else 4'}\n"
    rows = '{两倍: "2", 费率: 1}', '{两倍: "4", 费率: 2}'
    proof = proof_of(tmp_path, *with_rates(*rows, facts=facts), table="rates")
    assert codes(proof) == ["table-unproved"]
    assert "没有找到能得出这些值的申请" in only(proof).diagnostic.message_zh


def solved(folder: Path, *edits: tuple[str, str]) -> Proof:
    pytest.importorskip("z3")
    small_workspace.make(folder, {"rulesets/matters/sample.yaml": small_workspace.matter(*edits)})
    return prove_matter(Workspace.load(folder), "sample", DAY, table="rates", timeout=10)


def test_the_solver_proves_what_boxes_leave_open(tmp_path: Path) -> None:
    facts = "  两倍: {type: integer, compute: 'if 面积 > 5 then 2 else 4'}\n"
    rows = '{两倍: "2", 费率: 1}', '{两倍: "4", 费率: 2}'
    assert solved(tmp_path, *with_rates(*rows, facts=facts)).is_proved


def test_the_solver_proves_rows_that_compare_facts(tmp_path: Path) -> None:
    facts = "  去年面积: {type: decimal, scale: 2, range: '[0..1000]'}\n"
    good = '{面积: "<= 去年面积", 费率: 1}', '{面积: "> 去年面积", 费率: 2}'
    assert solved(tmp_path / "good", *with_rates(*good, facts=facts)).is_proved
    gap = '{面积: "< 去年面积", 费率: 1}', '{面积: "> 去年面积", 费率: 2}'
    finding = only(solved(tmp_path / "gap", *with_rates(*gap, facts=facts)))
    assert finding.diagnostic.code == "table-gap"
    assert finding.witness is not None
    assert finding.witness.facts["面积"] == finding.witness.facts["去年面积"]
    both = '{面积: "<= 去年面积", 费率: 1}', '{面积: ">= 去年面积", 费率: 2}'
    finding = only(solved(tmp_path / "both", *with_rates(*both, facts=facts)))
    assert finding.diagnostic.code == "table-overlap"
    assert "第 1、2 行同时命中" in finding.said_zh


def test_the_solver_finds_a_row_that_nobody_comes_to(tmp_path: Path) -> None:
    facts = "  去年面积: {type: decimal, scale: 2, range: '[0..1000]'}\n"
    rows = (
        '{面积: "<= 去年面积", 费率: 1}',
        '{面积: "> 去年面积", 费率: 2}',
        '{面积: "> 去年面积 + 1000", 费率: 3}',
    )
    assert codes(solved(tmp_path, *with_rates(*rows, facts=facts))) == ["table-row-unmet"]


def test_a_table_that_reads_another_is_proved_over_what_that_one_gives(tmp_path: Path) -> None:
    rows = '{最低面积: "<= 10", 费率: 1}', '{最低面积: "30", 费率: 2}'
    assert proof_of(tmp_path, *with_rates(*rows), table="rates").is_proved is False
    # 丙 has no row in the first table: there its output, and with it this one's, is 待核.
    again = proof_of(tmp_path / "b", *with_rates('{最低面积: "10", 费率: 1}'), table="rates")
    assert codes(again)[0] == "table-gap"
    assert next(again.findings).witness.facts == {"类别": "乙"}  # type: ignore[union-attr]


def test_待核_needs_a_row_only_where_the_table_says_so(tmp_path: Path) -> None:
    rows = '{类别: \'"甲", "乙", "丙"\', 费率: 1}'
    silent = proof_of(tmp_path, *with_rates(rows), table="rates")
    assert "table-gap" not in codes(silent)
    allowed = '    allowed: {类别: \'"甲", "乙", "丙", null\'}\n'
    text = small_workspace.matter(*with_rates(rows)).replace(
        "    gives: 费率\n", "    gives: 费率\n" + allowed
    )
    small_workspace.make(tmp_path / "b", {"rulesets/matters/sample.yaml": text})
    said = prove_matter(Workspace.load(tmp_path / "b"), "sample", DAY, table="rates")
    gap = next(f for f in said.findings if f.diagnostic.code == "table-gap")
    assert "类别待核" in gap.diagnostic.message_zh


# --- any table, in a matter ----------------------------------------------------------------------


def declared(column: Column) -> dict[str, Any]:
    domain = column.domain
    kind = {"number": "decimal"}.get(domain.kind, domain.kind)
    fact: dict[str, Any] = {"type": kind}
    if domain.scale is not None:
        fact["scale"] = domain.scale
    if domain.values == CODES:
        fact["codes"] = "kinds"
    if domain.spans:
        (span,) = domain.spans
        ends = [
            f'date("{end}")' if domain.kind == "date" else str(end) for end in (span.low, span.high)
        ]
        fact["range"] = f"{'[' if span.low_closed else '('}{ends[0]}..{ends[1]}]"
    return fact


def matter_with(table: Table, columns: tuple[Column, ...]) -> str:
    dumped = table.model_dump(mode="json", exclude_defaults=True)
    dumped["rows"] = [row.cells for row in table.rows]
    dumped["basis"] = {"law": "示例法", "article": "第一条", "verified": True}
    matter = {
        "matter": "sample",
        "title": "示例许可",
        "type": "行政许可",
        "level": "县级",
        "organ": "示例局",
        "basis": dumped["basis"],
        "facts": {column.domain.name: declared(column) for column in columns},
        "tables": [dumped],
        "criteria": [
            {"id": "a", "stage": "审查", "point": "要点", "require": "果 = 1", "remedy": "改正",
             "basis": dumped["basis"]},
        ],
    }  # fmt: skip
    return json.dumps(matter, ensure_ascii=False)  # JSON is YAML


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_witness_stops_the_engine_as_it_says(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    compiled, columns = random_table(Random(seed))
    if compiled.table.hit in ("collect", "rule_order") or any(
        not c.domain.is_nullable for c in columns
    ):
        return
    folder = tmp_path_factory.mktemp("w")
    text = matter_with(compiled.table, columns)
    small_workspace.make(folder, {"rulesets/matters/sample.yaml": text})
    workspace = Workspace.load(folder)
    if any(d.is_error for d in check_file(workspace, "rulesets/matters/sample.yaml")):
        return  # two rows with the same words: found before any proof
    proof = prove_matter(workspace, "sample", DAY, table="t")  # ProofDisagrees would be raised
    for finding in proof.findings:
        assert finding.diagnostic.code != "table-unproved"
        if finding.diagnostic.code in ("table-overlap", "table-conflict"):
            assert "同时命中" in finding.said_zh
        elif finding.diagnostic.code == "table-gap" and len(finding.witness.facts) == len(columns):  # type: ignore[union-attr]
            assert "没有一行适用于" in finding.said_zh or "允许的值" in finding.said_zh


# --- as scenarios --------------------------------------------------------------------------------


def test_a_witness_becomes_a_pending_scenario_that_runs(tmp_path: Path) -> None:
    rows = '{面积: "<= 50", 类别: "-", 费率: 1}', '{面积: ">= 50", 类别: \'"甲"\', 费率: 2}'
    proof = proof_of(tmp_path, *with_rates(*rows), table="rates")
    workspace = Workspace.load(tmp_path)
    text = pending_feature(workspace, proof)
    assert pending_feature(workspace, proof, text) == text
    path = tmp_path / "features" / "found.feature"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    report = run_features(workspace, [path])
    assert report.is_ok
    assert len(report.scenarios) == sum(f.witness is not None for f in proof.findings) == 2
    assert all(s.is_pending and s.status == "passed" for s in report.scenarios)
    assert not read_feature(text, "").faults
