"""Issued licences as the public may verify them, and the short-lived codes that holders show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.casework import IssuedLicence, licence_from_json, licence_to_json
from engine.store.chain import digest_of
from engine.store.json_text import read_json, write_json
from engine.store.moments import write_day, write_moment
from engine.store.tables import licence_table, shown_code_table


@dataclass(frozen=True, slots=True)
class KeptLicence:
    """A licence with the case that issued it."""

    licence: IssuedLicence
    case_id: str


def keep_licences(connection: Connection, case_id: str, licences: Iterable[IssuedLicence]) -> None:
    """Brings the table in step with a case, in the transaction of its events."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for licence in licences:
        row = _row(case_id, licence)
        statement = dialect.insert(licence_table).values(row)
        changed = {name: row[name] for name in ("status", "content", "valid_until")}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["identifier"], set_=changed)
        )


def _row(case_id: str, licence: IssuedLicence) -> dict[str, Any]:
    return {
        "identifier": licence.identifier,
        "number": licence.number,
        "type": licence.type,
        "holder": digest_of(licence.holder_id.encode()),
        "case_id": case_id,
        "status": licence.status,
        "valid_until": write_day(licence.valid_until),
        "content": write_json(licence_to_json(licence)),
    }


def find_licence(connection: Connection, identifier: str) -> KeptLicence | None:
    """The licence of an identifier; None where none was issued here."""
    query = select(licence_table).where(licence_table.c.identifier == identifier)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return KeptLicence(licence_from_json(read_json(row.content)), row.case_id)


def licences_held(connection: Connection, holder_id: str) -> tuple[KeptLicence, ...]:
    """Every licence that a holder was issued here, by identifier."""
    query = (
        select(licence_table)
        .where(licence_table.c.holder == digest_of(holder_id.encode()))
        .order_by(licence_table.c.identifier)
    )
    rows = connection.execute(query)
    return tuple(KeptLicence(licence_from_json(read_json(r.content)), r.case_id) for r in rows)


def licences_ending(connection: Connection, first: date, last: date) -> tuple[KeptLicence, ...]:
    """Licences in force whose last day lies between two days, both included."""
    until = licence_table.c.valid_until
    query = (
        select(licence_table)
        .where(
            licence_table.c.status == "有效", until >= write_day(first), until <= write_day(last)
        )
        .order_by(until, licence_table.c.identifier)
    )
    rows = connection.execute(query)
    return tuple(KeptLicence(licence_from_json(read_json(r.content)), r.case_id) for r in rows)


def show_code(connection: Connection, code: str, identifier: str, ends_at: datetime) -> None:
    """Keeps the digest of a code that the holder shows until `ends_at`."""
    row = {
        "digest": digest_of(code.encode()),
        "identifier": identifier,
        "ends_at": write_moment(ends_at),
    }
    connection.execute(insert(shown_code_table).values(row))


def licence_shown(connection: Connection, code: str, at: datetime) -> str | None:
    """The identifier that a code stands for; None for a code that is unknown or over."""
    query = select(shown_code_table.c.identifier).where(
        shown_code_table.c.digest == digest_of(code.encode()),
        shown_code_table.c.ends_at > write_moment(at),
    )
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else str(found)


def forget_codes(connection: Connection, at: datetime) -> int:
    """Drops the codes that are over by now; how many they were."""
    ended = delete(shown_code_table).where(shown_code_table.c.ends_at <= write_moment(at))
    return connection.execute(ended).rowcount
