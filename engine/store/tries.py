"""How often something may be tried: counted in the database, so for all processes at once."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.chain import digest_of
from engine.store.identity_tables import try_table
from engine.store.moments import read_moment, write_moment

_KEPT = timedelta(hours=1)  # after its end a count is remembered so long, then forgotten


def read_tries(connection: Connection, what: str) -> tuple[int, datetime | None]:
    """How often `what` was tried, and until when that counts. Others wait until this
    transaction ends."""
    key = _key(what)
    if connection.dialect.name == "postgresql":  # a row that is not there yet cannot be locked
        connection.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
    row = connection.execute(select(try_table).where(try_table.c.key == key)).one_or_none()
    return (0, None) if row is None else (row.tried, read_moment(row.until))


def write_tries(connection: Connection, what: str, count: int, until: datetime) -> None:
    """Keeps a count; one of 0 is forgotten."""
    key = _key(what)
    if count <= 0:
        connection.execute(delete(try_table).where(try_table.c.key == key))
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"tried": count, "until": write_moment(until)}
    statement = dialect.insert(try_table).values(key=key, **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[try_table.c.key], set_=values)
    )


def forget_tries(connection: Connection, at: datetime) -> None:
    """Forgets what ended long ago."""
    connection.execute(delete(try_table).where(try_table.c.until <= write_moment(at - _KEPT)))


def take_turn(
    connection: Connection, what: str, at: datetime, *, most: int, within: timedelta
) -> timedelta | None:
    """Takes one of `most` turns in a window: None when it is welcome, else how long to wait."""
    count, until = read_tries(connection, what)
    if until is None or until <= at:
        count, until = 0, at + within
    if count >= most:
        return until - at
    write_tries(connection, what, count + 1, until)
    return None


def _key(what: str) -> str:
    return digest_of(what.encode())
