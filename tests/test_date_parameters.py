"""A figure that is a day: a date to every room that reads it, in each region its own."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

import small_workspace
from engine import DecisionStopped, Workspace, decide
from engine.definitions import Parameter, day_written
from engine.papers import service_guide
from engine.population import Options, simulate, version_in_force
from engine.proof import prove_matter
from engine.prose import spoken_condition
from shipped import ON

FIGURE = f"  施行日: {{type: date, value: 2026-01-31, basis: {small_workspace.BASIS}}}\n"
EDITS = (
    ("  出证:", "  开业: {type: date}\n  出证:"),
    ("parameters:\n", f"parameters:\n{FIGURE}"),
    ("require: 出证,", "require: 开业 >= 施行日,"),
)
LATER = "2026-03-01"


def workspace_of(folder: Path, *, figure: str = "2026-01-31", later: str = LATER) -> Workspace:
    region = small_workspace.FILES["rulesets/regions/370811.yaml"]
    text = small_workspace.matter(*EDITS).replace("2026-01-31", figure)
    changes = {
        "rulesets/matters/sample.yaml": text,
        "rulesets/regions/370811.yaml": region.replace("下限: 20", f"下限: 20, 施行日: {later}"),
    }
    return small_workspace.make(folder, changes)


def status(workspace: Workspace, opened: str, region: str) -> str:
    posted = {"facts": {"开业": opened, "类别": "甲", "面积": 30}, "region": region}
    decision = decide(workspace, "sample", posted, on=ON, replies=())
    return next(c.status for c in decision.criteria if c.id == "certified")


CASES = [
    ("2026-01-30", "", "不满足"),
    ("2026-01-31", "", "满足"),
    ("2026-02-28", "370811", "不满足"),
    ("2026-03-01", "370811", "满足"),
]


@pytest.mark.parametrize(("opened", "region", "expected"), CASES)
def test_a_decision_compares_with_the_regions_own_day(
    tmp_path: Path, opened: str, region: str, expected: str
) -> None:
    assert status(workspace_of(tmp_path), opened, region) == expected


def test_a_decision_tells_the_day_that_it_read(tmp_path: Path) -> None:
    posted = {"facts": {"开业": "2026-05-01", "类别": "甲", "面积": 30}, "region": "370811"}
    found = decide(workspace_of(tmp_path), "sample", posted, on=ON, replies=())
    criterion = next(c for c in found.criteria if c.id == "certified")
    assert {r.name: r.value for r in criterion.reads}["施行日"] == date(2026, 3, 1)


@pytest.mark.parametrize("region", ["", "370811"])
def test_a_population_comes_out_alike(tmp_path: Path, region: str) -> None:
    workspace = workspace_of(tmp_path)
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in (1, 27, 28)]
    columns: dict[str, list[Any]] = {
        "开业": [date.fromisoformat(day) for day in days],
        "类别": ["甲"] * len(days),
        "面积": [30] * len(days),
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "data.parquet")
    version = version_in_force(workspace, "sample", ON)
    simulate(
        tmp_path / "data.parquet", version, out=tmp_path / "out", options=Options(region=region)
    )
    rows = pyarrow.parquet.read_table(tmp_path / "out" / "results.parquet").to_pylist()
    expected = [status(workspace, day, region) for day in days]
    assert [row["before:certified"] for row in rows] == expected
    assert set(expected) == {"满足", "不满足"}


def test_what_is_proved_holds_of_the_day(tmp_path: Path) -> None:
    """The criterion can be met and fail under any day, and a figure nobody can meet is shown."""
    table = ("criteria:\n", f"{TABLE}criteria:\n")
    text = small_workspace.matter(*EDITS, table)
    workspace = small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    proof = prove_matter(workspace, "sample", ON, timeout=20)
    codes = {f.diagnostic.code for f in proof.findings if f.diagnostic.code.startswith("table")}
    assert codes == {"table-gap"}
    shown = [f.witness.facts["开业"] for f in proof.findings
             if f.diagnostic.code == "table-gap" and f.witness and "开业" in f.witness.facts]  # fmt: skip
    assert shown == [date(2026, 1, 31)]
    assert "criterion-never-fails" not in {f.diagnostic.code for f in proof.findings}


TABLE = f"""\
  - id: when
    gives: 时段
    basis: {small_workspace.BASIS}
    rows:
      - {{开业: "< 施行日", 时段: '"前"'}}
      - {{开业: "> 施行日", 时段: '"后"'}}
"""


def test_the_guide_tells_the_day_in_words(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    told = repr(service_guide(workspace, "sample", ON, "370811"))
    assert "2026年3月1日" in told
    matter = workspace.matter("sample", ON)
    assert "开业" in spoken_condition("开业 >= 施行日", matter).zh


@pytest.mark.parametrize("wrong", ["2026-02-30", "2026年1月1日", "2026-W05-6", "20260131"])
def test_what_is_no_day_is_said_and_nothing_is_decided(tmp_path: Path, wrong: str) -> None:
    for folder, changes in (("a", {"figure": wrong}), ("b", {"later": wrong})):
        workspace = workspace_of(tmp_path / folder, **changes)
        with pytest.raises(DecisionStopped, match="不是日期（如 2026-01-31）"):
            status(workspace, "2026-05-01", "370811")


def test_only_dates_are_read_as_days() -> None:
    assert Parameter(type="text", value="2026-01-31").figure == "2026-01-31"
    assert Parameter(type="date", value="2026-01-31").figure == date(2026, 1, 31)
    assert Parameter(type="date", value=None).figure is None
    assert day_written(json.loads("20260131")) is None
