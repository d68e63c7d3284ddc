"""The six exchange sets: what other platforms read, and that no cell is a formula."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.casework import CHINA, Actor, Command
from engine.hall import Hall
from engine.hall.exchange import SET_NAMES, ExchangeSet, exchange_sets
from engine.hall.exchange_files import EXCHANGE_WRITERS, harmless
from engine.source import read_json
from engine.store import Database
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
STAFF = {role: Actor(f"{role}-1", role, "*") for role in ("clerk", "reviewer", "checker", "issuer")}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('exchange')}/t.db")
    database.create()
    workspace = Workspace.load(ROOT)
    return Hall(database, lambda: workspace)


def granted(hall: Hall, at: datetime, **changes: Any) -> str:
    path = ROOT / "rulesets/samples/public_venue_hygiene/approved.json"
    application = {**read_json(path.read_bytes()), **changes}
    case = hall.submit(
        "public_venue_hygiene",
        application,
        Command("submit", Actor("owner", "applicant"), at, {"duplicate_reason": "另一处"}),
    )
    hall.perform(case.id, Command("accept", STAFF["clerk"], at))
    review = {"outcome": "准予", "opinion": "=符合"}
    hall.perform(case.id, Command("review", STAFF["reviewer"], at + timedelta(hours=1), review))
    hall.perform(case.id, Command("approve", STAFF["checker"], at + timedelta(hours=2)))
    hall.perform(case.id, Command("issue", STAFF["issuer"], at + timedelta(hours=3)))
    hall.perform(case.id, Command("close", STAFF["issuer"], at + timedelta(hours=4)))
    return case.number


def sets(hall: Hall, since: datetime, until: datetime) -> dict[str, ExchangeSet]:
    found = exchange_sets(hall, since, until, batch="B1", at=AT)
    return {one.name: one for one in found}


def test_a_case_is_told_in_all_sets_that_concern_it(hall: Hall) -> None:
    number = granted(hall, AT)
    found = sets(hall, AT - timedelta(days=1), AT + timedelta(days=1))
    assert tuple(found) == SET_NAMES
    rows = {name: [r for r in one.rows if r["办件编号"] == number] for name, one in found.items()}
    (accepted,) = rows["accept"]
    assert accepted["受理时间"] == "2026-11-23 09:30:00"
    assert accepted["承诺办结时间"] == "2026-11-30"
    assert accepted["办件类型"] == "2", "承诺件, by the standard's number"
    assert [row["业务动作"] for row in rows["process"]] == ["通过"] * 5
    (result,) = rows["result"]
    (licence,) = rows["licence"]
    assert result["办结结果"] == "准予"
    assert result["证照编号"] == licence["证照编号"] != ""
    assert {row["收取方式"] for row in rows["material"]} >= {"证照库", "附件上传"}
    assert rows["special"] == []
    for one in found.values():
        assert all(set(row) == set(one.columns) for row in one.rows)
        assert all(row["同步批次"] == "B1" for row in one.rows)


def test_only_what_changed_in_the_time_asked_for_is_taken(hall: Hall) -> None:
    later = AT + timedelta(days=10)
    number = granted(hall, later)
    before = sets(hall, AT - timedelta(days=1), later - timedelta(days=1))["accept"]
    after = sets(hall, later, later + timedelta(days=1))["accept"]
    assert number not in {row["办件编号"] for row in before.rows}
    assert {row["办件编号"] for row in after.rows} == {number}


def table(*values: str) -> ExchangeSet:
    return ExchangeSet("test", "测试", ("内容",), tuple({"内容": value} for value in values))


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_a_spreadsheet_is_given_nothing_to_compute(value: str) -> None:
    lines = list(csv.reader(io.StringIO(EXCHANGE_WRITERS["csv"](table(value)).decode("utf-8-sig"))))
    assert lines[1][0].startswith("'")
    sheet = load_workbook(io.BytesIO(EXCHANGE_WRITERS["xlsx"](table(value)))).active
    assert sheet is not None
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


@given(st.text(max_size=40))
def test_no_text_whatever_becomes_a_formula(value: str) -> None:
    assert not harmless(value).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_json_lines_keep_every_character(values: list[str]) -> None:
    lines = EXCHANGE_WRITERS["jsonl"](table(*values)).decode().split("\n")[:-1]
    assert [json.loads(line)["内容"] for line in lines] == values
