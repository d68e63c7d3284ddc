"""Cases for tests of the store: what they say matters little there, so it is made up freely."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.casework import CHINA, THE_CLOCK, Actor, Case, Event, advance, fold
from engine.store import Database, Marks, append

AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
PERSON = Actor("王明", "applicant")


def submission(number: int = 1, **body: Any) -> Event:
    """The first event of a case."""
    words = {
        "case": f"case{number:04}",
        "number": f"37081120261123{number:05}",
        "matter": "public_venue_hygiene",
        "title": "公共场所卫生许可",
        "region": "370811",
        "flow": "ordinary",
        "definitions": "0" * 64,
        "owner": PERSON.name,
        "department": "区疾控局",
        "application": application(),
        "times": {},
    }
    return Event("submitted", AT + timedelta(minutes=number), PERSON, "submitted", words | body)


def application(name: str = "示例美发店", id_number: str = "92370811MA3C00011H") -> dict[str, Any]:
    applicant = {"name": name, "id_kind": "统一社会信用代码", "id_number": id_number}
    return {"applicant": applicant, "facts": {"经营场所": "示例路1号"}}


def happening(number: int, to: str = "submitted", body: Mapping[str, Any] | None = None) -> Event:
    """Something that happens to a case and means nothing to it."""
    return Event("remark", AT + timedelta(hours=number), THE_CLOCK, to, body or {"n": number})


def begin(database: Database, number: int = 1, *, marks: Marks | None = None, **body: Any) -> Case:
    """A case of one event in the database."""
    event = submission(number, **body)
    case = fold([event])
    with database.write() as connection:
        append(connection, case, [event], version=0, marks=marks)
    return case


def move(database: Database, case: Case, *events: Event, marks: Marks | None = None) -> Case:
    """The case with more events, in the database."""
    after = case
    for event in events:
        after = advance(after, event)
    with database.write() as connection:
        append(connection, after, events, version=case.version, marks=marks)
    return after
