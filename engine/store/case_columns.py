"""The searched columns of a case: derived from it, and from what only its hall can work out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, update

from engine.casework import Case
from engine.store.applicants import applicant_digest
from engine.store.json_text import storable
from engine.store.moments import write_day
from engine.store.tables import NO_DAY, case_table

_NAMES = ("id", "number", "matter", "title", "region", "department", "state", "owner")


@dataclass(frozen=True, slots=True)
class Marks:
    """What is searched and does not follow from the events alone: it needs calendars and forms.

    `due` is the last day of handling; from `yellow_from` and `red_from` on the case has that card.
    """

    due: date | None = None
    yellow_from: date | None = None
    red_from: date | None = None
    handler: str = ""
    premises: str = ""


def set_marks(connection: Connection, case_id: str, marks: Marks) -> None:
    """Changes only these columns, as when a calendar was published. Raises KeyError."""
    statement = update(case_table).where(case_table.c.id == case_id).values(marked_values(marks))
    if connection.execute(statement).rowcount != 1:
        raise KeyError(case_id)


def searched_values(case: Case) -> dict[str, Any]:
    """What each event may change."""
    texts = {name: storable(getattr(case, name)) for name in _NAMES}
    applicant = storable(str(_applicant(case).get("name", "")))
    return {**texts, "version": case.version, "applicant": applicant}


def lasting_values(connection: Connection, case: Case) -> dict[str, Any]:
    """What is set when the case begins and stays: who applies."""
    number = str(_applicant(case).get("id_number", ""))
    return {"applicant_digest": applicant_digest(connection, number)}


def marked_values(marks: Marks) -> dict[str, Any]:
    return {
        "due": write_day(marks.due) or NO_DAY,
        "yellow_from": write_day(marks.yellow_from) or NO_DAY,
        "red_from": write_day(marks.red_from) or NO_DAY,
        "handler": storable(marks.handler),
        "premises": storable(marks.premises),
    }


def _applicant(case: Case) -> Mapping[str, Any]:
    found = case.application.get("applicant")
    return found if isinstance(found, Mapping) else {}
