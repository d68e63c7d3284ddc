"""Drafts (草稿): applications begun and not handed in; saved as they are typed, resumed anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.diagnostics import TongbanError
from engine.store.attachments import purge_contents
from engine.store.json_text import read_json, write_json
from engine.store.moments import read_moment, write_moment
from engine.store.tables import attachment_table, draft_table

DraftKind = Literal["matter", "theme"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft. `answers` is plain JSON, as the form gave it; `version` counts the saves."""

    id: str
    owner: str
    kind: DraftKind
    subject: str
    answers: Mapping[str, Any]
    step: str
    version: int
    updated_at: datetime


class DraftConflict(TongbanError):
    """The draft was saved elsewhere meanwhile, in another window or on another device."""

    def __init__(self, draft: str) -> None:
        super().__init__(
            "草稿已在别处保存过，请刷新后继续填写 / the draft was saved elsewhere, please reload"
        )
        self.draft = draft


def begin_draft(
    connection: Connection,
    owner: str,
    kind: DraftKind,
    subject: str,
    answers: Mapping[str, Any],
    *,
    at: datetime,
    step: str = "",
) -> Draft:
    """A new draft for a matter or a theme."""
    draft = Draft(uuid4().hex, owner, kind, subject, answers, step, 1, at)
    row = {
        "id": draft.id,
        "owner": owner,
        "kind": kind,
        "subject": subject,
        "answers": write_json(answers),
        "step": step,
        "version": 1,
        "updated_at": write_moment(at),
    }
    connection.execute(insert(draft_table).values(row))
    return draft


def save_draft(
    connection: Connection,
    draft_id: str,
    owner: str,
    answers: Mapping[str, Any],
    *,
    step: str,
    version: int,
    at: datetime,
) -> Draft:
    """Saves over `version`. Raises KeyError when the owner has no such draft, and DraftConflict."""
    done = connection.execute(
        update(draft_table)
        .where(*_own(draft_id, owner), draft_table.c.version == version)
        .values(
            answers=write_json(answers),
            step=step,
            version=version + 1,
            updated_at=write_moment(at),
        )
    )
    kept = read_draft(connection, draft_id, owner)
    if done.rowcount != 1:
        raise DraftConflict(draft_id)
    return kept


def read_draft(connection: Connection, draft_id: str, owner: str) -> Draft:
    """A draft of its owner. Raises KeyError, also for somebody else's."""
    row = connection.execute(select(draft_table).where(*_own(draft_id, owner))).one_or_none()
    if row is None:
        raise KeyError(draft_id)
    return _draft(row)


def drafts_of(connection: Connection, owner: str) -> tuple[Draft, ...]:
    """All drafts of somebody, the last saved first."""
    query = select(draft_table).where(draft_table.c.owner == owner)
    ordered = query.order_by(draft_table.c.updated_at.desc(), draft_table.c.id)
    return tuple(_draft(row) for row in connection.execute(ordered))


def discard_draft(connection: Connection, draft_id: str, owner: str) -> None:
    """Deletes a draft with its uploads. Raises KeyError when the owner has no such draft."""
    read_draft(connection, draft_id, owner)
    _delete(connection, [draft_id])


def purge_drafts(connection: Connection, before: datetime) -> int:
    """Deletes the drafts not saved since a moment, with their uploads; how many these were."""
    query = select(draft_table.c.id).where(draft_table.c.updated_at < write_moment(before))
    old = list(connection.execute(query.with_for_update(skip_locked=True)).scalars())
    _delete(connection, old)
    purge_contents(connection)
    return len(old)


def _delete(connection: Connection, drafts: list[str]) -> None:
    for start in range(0, len(drafts), 500):  # SQLite takes so many parameters at once
        some = drafts[start : start + 500]
        connection.execute(delete(attachment_table).where(attachment_table.c.draft_id.in_(some)))
        connection.execute(delete(draft_table).where(draft_table.c.id.in_(some)))


def _own(draft_id: str, owner: str) -> tuple[Any, ...]:
    return (draft_table.c.id == draft_id, draft_table.c.owner == owner)


def _draft(row: Row[Any]) -> Draft:
    return Draft(
        id=row.id,
        owner=row.owner,
        kind=row.kind,
        subject=row.subject,
        answers=read_json(row.answers),
        step=row.step,
        version=row.version,
        updated_at=read_moment(row.updated_at),
    )
