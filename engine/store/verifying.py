"""Whether what is kept is what was written: chains, files, definitions, searched columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, Row, Table, select, update

from engine.casework import Case
from engine.store.case_columns import lasting_values, searched_values
from engine.store.chain import GENESIS, digest_of, link
from engine.store.event_log import Recorded, fold_case, read_case, read_event
from engine.store.moments import write_moment
from engine.store.tables import (
    case_table,
    content_table,
    event_table,
    piece_table,
    snapshot_table,
    text_table,
)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is not as it was written. `event` is 0 where no event is meant."""

    subject: str  # a case's number, or the digest of a file or a definition
    event: int
    zh: str
    en: str


def verify_all(connection: Connection) -> Iterator[Flaw]:
    """Everything, read once in order; give it a connection of `Database.read`."""
    yield from _verify_cases(connection)
    for table in (text_table, snapshot_table):
        yield from _verify_definitions(connection, table)
    yield from _verify_contents(connection)


def verify_heads(
    connection: Connection, heads: Iterable[tuple[str, str, int, str]]
) -> Iterator[Flaw]:
    """Whether each case still goes through the event that it ended with when it was noted.

    `heads` are id, number, version and hash, as a backup has them. Somebody who owns the database can
    make a whole chain anew; not one that goes through a hash noted elsewhere.
    """
    for case_id, number, version, head in heads:
        at = (event_table.c.case_id == case_id, event_table.c.number == version)
        found = connection.execute(select(event_table.c.hash).where(*at)).scalar_one_or_none()
        if found != head:
            yield Flaw(
                number,
                version,
                "与备份中的不同：其前的历史被改写或缺失",
                "differs from the backup: history was rewritten or is missing",
            )


def count_kept(connection: Connection) -> tuple[int, int, str]:
    """Cases, events, and one digest over the last hash of every case.

    Write the digest down somewhere else: no history can be rewritten without changing it.
    """
    columns = (case_table.c.id, case_table.c.version, case_table.c.head)
    query = select(*columns).order_by(case_table.c.id)
    cases = events = 0
    digest = hashes.Hash(hashes.SM3())
    for row in connection.execution_options(yield_per=_BATCH).execute(query):
        cases, events = cases + 1, events + row.version
        digest.update(f"{row.id}\n{row.version}\n{row.head}\n".encode())
    return cases, events, digest.finalize().hex()


def rebuild_case(connection: Connection, case_id: str) -> Case:
    """Makes the searched columns of a case anew from its events. Raises KeyError.

    The chain's head is left as it is: what the events do not bear out must stay visible. Marks need
    calendars and forms; they stay until the case moves on.
    """
    recorded = read_case(connection, case_id)
    case = fold_case(recorded)
    values = searched_values(case) | lasting_values(connection, case) | _moments(recorded)
    connection.execute(update(case_table).where(case_table.c.id == case_id).values(values))
    return case


def rebuild_cases(connection: Connection) -> int:
    """Rebuilds the searched columns of all cases; how many these are."""
    found = connection.execute(select(case_table.c.id).order_by(case_table.c.id)).scalars().all()
    for case_id in found:
        rebuild_case(connection, case_id)
    return len(found)


def _moments(recorded: Sequence[Recorded]) -> dict[str, str]:
    first, last = recorded[0].event, recorded[-1].event
    return {"submitted_at": write_moment(first.at), "updated_at": write_moment(last.at)}


def _verify_cases(connection: Connection) -> Iterator[Flaw]:
    query = (
        select(case_table, event_table.c.number.label("event"), event_table.c.content)
        .add_columns(event_table.c.hash)
        .outerjoin(event_table, event_table.c.case_id == case_table.c.id)
        .order_by(case_table.c.id, event_table.c.number)
    )
    rows = connection.execution_options(yield_per=_BATCH).execute(query)
    for _, group in groupby(rows, key=lambda row: row.id):
        flaw = _verify_rows(list(group))
        if flaw:
            yield flaw


def _verify_rows(rows: list[Row[Any]]) -> Flaw | None:
    """The first flaw of one case, from its events joined to its searched columns."""
    case = rows[0]
    if case.event is None:
        return Flaw(case.number, 0, "没有任何事件", "the case has no events")
    head = GENESIS
    for expected, row in enumerate(rows, 1):
        head = link(head, case.id, expected, row.content)
        if row.event != expected:
            return Flaw(case.number, expected, "事件缺失", "the event is missing")
        if row.hash != head:
            return Flaw(
                case.number,
                expected,
                "事件内容或其前一事件被改动过",
                "the event, or the one before it, was changed",
            )
    if (case.version, case.head) != (len(rows), head):
        return Flaw(
            case.number,
            len(rows) + 1,
            f"末尾缺少事件：应有 {case.version} 个，实有 {len(rows)} 个",
            f"events are missing at the end: {case.version} expected, {len(rows)} found",
        )
    return _verify_columns(rows)


def _verify_columns(rows: list[Row[Any]]) -> Flaw | None:
    recorded = [Recorded(row.event, read_event(row.content), row.hash) for row in rows]
    expected = searched_values(fold_case(recorded)) | _moments(recorded)
    kept = rows[0]._mapping
    wrong = sorted(name for name, value in expected.items() if kept[name] != value)
    if not wrong:
        return None
    return Flaw(
        rows[0].number,
        0,
        f"检索列与事件不符：{'、'.join(wrong)}；运行 tongban db rebuild 重建",
        f"searched columns differ from the events: {', '.join(wrong)}; run `tongban db rebuild`",
    )


def _verify_definitions(connection: Connection, table: Table) -> Iterator[Flaw]:
    query = select(table.c.digest, table.c.content).order_by(table.c.digest)
    for row in connection.execution_options(yield_per=50).execute(query):
        if digest_of(row.content.encode()) != row.digest:
            yield Flaw(row.digest, 0, "定义的文本被改动过", "the text of a definition was changed")


def _verify_contents(connection: Connection) -> Iterator[Flaw]:
    query = (
        select(content_table.c.digest, piece_table.c.bytes)
        .outerjoin(piece_table, piece_table.c.digest == content_table.c.digest)
        .order_by(content_table.c.digest, piece_table.c.number)
    )
    rows = connection.execution_options(yield_per=20).execute(query)
    for digest, pieces in groupby(rows, key=lambda row: str(row.digest)):
        found = hashes.Hash(hashes.SM3())
        for row in pieces:
            found.update(row.bytes or b"")
        if found.finalize().hex() != digest:
            yield Flaw(digest, 0, "附件内容被改动过或缺失", "a file was changed or is missing")
