"""Keys of commands: nobody takes another's, nor the clock's, nor does one stand for two things."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.casework import Command
from engine.store import Database
from engine.store.commands import KeyReused
from engine.store.tables import timer_table
from small_hall import AT, CLERK, PERSON, application, open_hall, submit
from studio_visitor import NOW, Visitor, make_studio
from test_rest import Machine, own_application


@pytest.fixture
def app() -> Flask:
    return make_studio()


def begun(app: Flask, **more: Any) -> dict[str, Any]:
    new = {"matter": "public_venue_hygiene", "application": own_application(app), **more}
    answer = Machine(app, "applicant", "cases").call("POST", "/cases", new)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.get_json()
    return case


def test_no_clerk_stops_the_clock_by_taking_its_key(app: Flask) -> None:
    """Else 视为受理 would never come: the timer's own command would count as carried out."""
    case, hall = begun(app), app.extensions["desk"].hall
    with hall.database.read() as connection:
        timer = connection.execute(
            select(timer_table).where(timer_table.c.case_id == case["id"])
        ).one()
    taken = f"timer:{case['id']}:{timer.id}:{timer.due}"
    moved = Visitor(app, "clerk").post(f"/desk/cases/{case['id']}/reevaluate", {"key": taken})
    assert moved.status_code == 302
    hall.tick(NOW + timedelta(days=30), "worker")
    assert hall.case(case["id"]).deemed == "deem_accepted"


def test_two_clerks_may_choose_the_same_key(app: Flask) -> None:
    case, hall = begun(app), app.extensions["desk"].hall
    for role in ("clerk", "reviewer"):
        moved = Visitor(app, role).post(f"/desk/cases/{case['id']}/reevaluate", {"key": "1"})
        assert moved.status_code == 302, moved.text
    assert [r.event.kind for r in hall.history(case["id"])].count("reevaluate") == 2


def test_a_key_used_on_one_case_does_nothing_quietly_on_another(app: Flask) -> None:
    first, second = begun(app), begun(app, duplicate_reason="另一处场所")
    machine, hall = Machine(app, "applicant", "cases"), app.extensions["desk"].hall
    key = {"Idempotency-Key": "k"}
    for case, status in ((first, 200), (second, 409), (first, 200)):
        path = f"/cases/{case['id']}/commands"
        assert machine.call("POST", path, {"do": "withdraw"}, **key).status_code == status
    assert [hall.case(case["id"]).outcome for case in (first, second)] == ["终止", ""]


def test_a_key_begins_one_application_only(database: Database) -> None:
    hall = open_hall(database)
    case = submit(hall, application(place="一号"), "k")
    assert submit(hall, application(place="一号"), "k").id == case.id
    with pytest.raises(KeyReused):
        submit(hall, application(place="二号"), "k")
    other = Command("submit", CLERK, AT, key="k")
    with pytest.raises(KeyReused):
        hall.submit("sample", application(place="一号"), other)
    assert PERSON.name == case.owner
