"""Stored cases put through a version again: each row is the case as it was last applied for."""

import csv
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from click.testing import CliRunner

import hall_cases
import small_hall
from engine.casework import CHINA, Command
from engine.cli import tongban
from engine.hall import Hall
from engine.hall.past_applications import PastColumns, write_past_applications
from engine.population import Options, simulate, version_in_force
from engine.store import Database
from small_hall import AT, CLERK, MATTER, PERSON, application, small_workspace, submit

MORE = MATTER.replace(
    "  场所: {type: text}\n",
    "  场所: {type: text}\n  税率: {type: decimal, scale: 4}\n"
    "  员工: {type: list, of: record, fields: {名: {type: text}, 薪: {type: decimal, scale: 2}}}\n",
)


def small(folder: Path, matter: str = MATTER) -> Hall:
    database = Database.open(f"sqlite:///{folder}/cases.db")
    database.create()
    return small_hall.open_hall(database, small_workspace(matter))


def rows_of(hall: Hall, folder: Path, **days: datetime) -> list[dict[str, str]]:
    columns = PastColumns.of(hall.current().matter("sample", AT.date()))
    file = folder / "rows.csv"
    count = write_past_applications(hall.database, "sample", columns, file, **days)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == count
    return rows


def test_every_case_comes_out_as_it_was_decided(tmp_path: Path) -> None:
    """No register is asked here, so the simulation must give what each evaluation gave."""
    hall = small(tmp_path)
    for turn, (number, papers) in enumerate(((3, True), (2, True), (5, False), (1, False))):
        posted = application(number, f"{turn}号,\n“甲”", f"11010519491231000{turn}")
        submit(hall, posted if papers else {**posted, "materials": []})
    rows_of(hall, tmp_path)
    version = version_in_force(hall.current(), "sample", AT.date())
    report = simulate(
        tmp_path / "rows.csv", version, out=tmp_path / "out", options=Options(samples=1)
    )
    found = pyarrow.parquet.read_table(tmp_path / "out" / "results.parquet").to_pylist()
    with hall.database.read() as connection:
        from sqlalchemy import select

        from engine.store.tables import case_table

        ids = connection.execute(select(case_table.c.id).order_by(case_table.c.number)).scalars()
        cases = [hall.case(identity) for identity in ids.all()]
    assert [row["case"] for row in found] == [case.number for case in cases]
    recorded = [case.evaluation["outcome"] for case in cases]
    assert [row["outcome_before"] for row in found] == recorded
    assert len(set(recorded)) > 1
    assert report.unlike == ()


def test_what_was_corrected_is_as_corrected(tmp_path: Path) -> None:
    hall = small(tmp_path)
    case = submit(hall, application(2))
    hall.perform(case.id, Command("ask_correction", CLERK, AT))
    again = {"facts": {"人数": 4}}
    hall.perform(case.id, Command("supply", PERSON, AT + timedelta(hours=1), again))
    (row,) = rows_of(hall, tmp_path)
    assert (row["人数"], row["outcome"], row["materials.plan"]) == ("4", "准予", "true")


def test_no_decimal_and_no_unknown_is_lost(tmp_path: Path) -> None:
    hall = small(tmp_path, MORE)
    staff: list[dict[str, Any]] = [{"名": "甲", "薪": Decimal("5000.10")}, {"名": "乙"}]
    posted = application()
    posted["facts"] |= {"税率": Decimal("0.1000"), "员工": staff, "场所": None}
    submit(hall, posted)
    (row,) = rows_of(hall, tmp_path)
    assert (Decimal(row["税率"]), row["场所"]) == (Decimal("0.1000"), "")
    listed = json.loads(row["员工"])
    assert [Decimal(listed[0].pop("薪")), *listed] == [
        Decimal("5000.1"),
        {"名": "甲"},
        {"名": "乙"},
    ]
    report = simulate(tmp_path / "rows.csv", version_in_force(hall.current(), "sample", AT.date()))
    assert report.rows == 1


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(None, None, "012"), (1, None, "12"), (None, 1, "0"), (1, 2, "1"), (3, None, "")],
)
def test_days_bound_what_is_read(
    tmp_path: Path, since: int | None, until: int | None, expected: str
) -> None:
    hall = small(tmp_path)
    first = datetime(AT.year, AT.month, AT.day, tzinfo=CHINA)
    for turn in range(3):
        posted = application(3, f"{turn}", f"11010519491231000{turn}")
        at = first + timedelta(days=turn)
        hall.submit("sample", posted, Command("submit", PERSON, at))
    days = {"since": since, "until": until}
    bounds = {n: first + timedelta(days=d) for n, d in days.items() if d is not None}
    assert "".join(row["场所"] for row in rows_of(hall, tmp_path, **bounds)) == expected


def run(*arguments: str) -> Any:
    return CliRunner().invoke(tongban, ["simulate", *arguments])


def test_the_command_reads_the_database(tmp_path: Path) -> None:
    """A material that a licence stood for counts as at hand: the simulation asks no library."""
    hall = hall_cases.hall_in(tmp_path)
    case = hall_cases.submitted(hall, hall_cases.sample("approved"))
    assert "免提交" in {m["status"] for m in case.decision["materials"]}
    place = ("--root", str(tmp_path), "--database", f"sqlite:///{tmp_path}/t.db")
    against = ("--against", "public_venue_hygiene_2019", "--on", "2026-11-23", "--json")
    found = run("public_venue_hygiene", "--cases", *place, *against)
    assert found.exit_code == 0, found.output
    report = json.loads(found.stdout)
    assert report["rows"] == 1
    assert dict(report["before"]["outcomes"]) == {case.evaluation["outcome"]: 1}
    later = run("public_venue_hygiene", "--cases", "--since", "2027-01-01", *place, *against)
    assert json.loads(later.stdout)["rows"] == 0


@pytest.mark.parametrize(
    "arguments",
    [(), ("--cases", __file__), (__file__, "--since", "2026-01-01")],
    ids=["neither", "both", "days-of-a-file"],
)
def test_one_source_is_asked_for(arguments: tuple[str, ...]) -> None:
    found = run("public_venue_hygiene", *arguments)
    assert found.exit_code == 2
    assert "--cases" in found.output
