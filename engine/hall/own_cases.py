"""An applicant's own cases: nobody else's are found."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.casework import Case, advance
from engine.casework.outgoing import effects_of
from engine.hall.hall import Hall
from engine.prose import Words
from engine.store import read_case
from engine.store.event_log import fold_case
from engine.store.tables import case_table


def cases_of(hall: Hall, owner: str) -> tuple[Case, ...]:
    """Somebody's cases, the last handed in first."""
    query = select(case_table.c.id).where(case_table.c.owner == owner)
    ordered = query.order_by(case_table.c.submitted_at.desc(), case_table.c.id)
    with hall.database.read() as connection:
        found = connection.execute(ordered).scalars().all()
        return tuple(fold_case(read_case(connection, case_id)) for case_id in found)


def case_numbered(hall: Hall, number: str) -> Case:
    """The case with a number. Raises KeyError."""
    query = select(case_table.c.id).where(case_table.c.number == number)
    with hall.database.read() as connection:
        case_id = connection.execute(query).scalar_one_or_none()
        if case_id is None:
            raise KeyError(number)
        return fold_case(read_case(connection, case_id))


@dataclass(frozen=True, slots=True)
class Told:
    """What the applicant was told, or did, by one event of a case."""

    number: int
    at: datetime
    kind: str
    words: Words


def told_in(hall: Hall, case_id: str) -> tuple[Told, ...]:
    """Everything that the applicant was told of a case and did in it, the first thing first.

    Raises KeyError.
    """
    case: Case | None = None
    found = []
    for recorded in hall.history(case_id):
        event = recorded.event
        case = advance(case, event)
        for effect in effects_of(case, event):
            if effect.topic == "notify":
                words = Words(str(effect.body["zh"]), str(effect.body["en"]))
                found.append(Told(recorded.number, event.at, event.kind, words))
        if event.kind == "supply":
            words = Words("您补正了申请", "you supplied what was asked for")
            found.append(Told(recorded.number, event.at, event.kind, words))
    return tuple(found)
