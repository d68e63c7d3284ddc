"""Uploaded files: kept once by the SM3 digest of their bytes, named per upload, in the database.

In the database, because a file and the event that speaks of it are then kept or lost together.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from sqlalchemy import Connection, Row, Select, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.diagnostics import TongbanError
from engine.store.chain import digest_of
from engine.store.file_names import clean_file_name
from engine.store.media_types import UploadRefused, sniff_media_type
from engine.store.moments import read_moment, write_moment
from engine.store.tables import (
    attachment_table,
    case_table,
    content_table,
    draft_table,
    piece_table,
)

_PIECE = 262_144  # bytes


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Bytes: of one file, and of all files of a case or a draft."""

    each: int = 20_000_000
    together: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """One upload. `media_type` is what its bytes are; exactly one of `draft` and `case` is set."""

    id: str
    name: str
    digest: str
    media_type: str
    size: int
    owner: str
    draft: str
    case: str
    uploaded_at: datetime


class ContentDamaged(TongbanError):
    """The bytes kept are not those that were uploaded."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"附件 {digest[:12]}… 与存入时不一致，请从备份恢复 / "
            "the file kept is not the one uploaded: restore it from a backup"
        )
        self.digest = digest


def read_upload(stream: BinaryIO, limits: UploadLimits | None = None) -> bytes:
    """The bytes of a stream, of which no more is read than may be kept. Raises UploadRefused."""
    most = (limits or UploadLimits()).each
    content = stream.read(most + 1)
    if len(content) > most:
        raise _too_large(most)
    return content


def keep_attachment(
    connection: Connection,
    content: bytes,
    name: str,
    *,
    owner: str,
    at: datetime,
    draft: str = "",
    case: str = "",
    limits: UploadLimits | None = None,
) -> Attachment:
    """Keeps a file with a draft or a case. Raises UploadRefused, and KeyError for an unknown one."""
    if bool(draft) == bool(case):
        raise ValueError("an attachment is of a draft or of a case")
    limits = limits or UploadLimits()
    if len(content) > limits.each:
        raise _too_large(limits.each)
    media_type = sniff_media_type(content)
    if _take_room(connection, draft, case) + len(content) > limits.together:
        raise UploadRefused(
            "too-much",
            f"本件的附件合计超过 {limits.together // 1_000_000} MB，请压缩图片或删去重复的附件",
            f"the files of a case may have {limits.together // 1_000_000} MB together",
        )
    digest = _keep_content(connection, content, media_type)
    identity = uuid4().hex
    row = {
        "id": identity,
        "digest": digest,
        "name": clean_file_name(name, media_type),
        "owner": owner,
        "draft_id": draft or None,
        "case_id": case or None,
        "uploaded_at": write_moment(at),
    }
    connection.execute(insert(attachment_table).values(row))
    return read_attachment(connection, identity)


def read_attachment(connection: Connection, attachment_id: str) -> Attachment:
    """What is known of an upload. Raises KeyError."""
    row = connection.execute(_query().where(attachment_table.c.id == attachment_id)).one_or_none()
    if row is None:
        raise KeyError(attachment_id)
    return _attachment(row)


def attachments_in(
    connection: Connection, *, draft: str = "", case: str = ""
) -> tuple[Attachment, ...]:
    """The uploads of a draft or of a case, in the order they came."""
    query = _query().where(_of(draft, case))
    ordered = query.order_by(attachment_table.c.uploaded_at, attachment_table.c.id)
    return tuple(_attachment(row) for row in connection.execute(ordered))


def hand_in_attachments(connection: Connection, draft: str, case: str) -> None:
    """The uploads of a draft become those of the case that was begun from it."""
    connection.execute(
        update(attachment_table)
        .where(attachment_table.c.draft_id == draft)
        .values(draft_id=None, case_id=case)
    )


def copy_attachments(
    connection: Connection, draft: str, case: str, digests: Collection[str]
) -> None:
    """Gives a case those uploads of a draft that it speaks of; once, and the draft keeps its own."""
    known = {attachment.digest for attachment in attachments_in(connection, case=case)}
    for found in attachments_in(connection, draft=draft):
        if found.digest in digests and found.digest not in known:
            row = {
                "id": uuid4().hex,
                "digest": found.digest,
                "name": found.name,
                "owner": found.owner,
                "case_id": case,
                "uploaded_at": write_moment(found.uploaded_at),
            }
            connection.execute(insert(attachment_table).values(row))
            known.add(found.digest)


def drop_attachment(connection: Connection, attachment_id: str) -> None:
    """Takes an upload out of its draft; those of cases stay. Raises KeyError for another."""
    done = connection.execute(
        delete(attachment_table).where(
            attachment_table.c.id == attachment_id, attachment_table.c.draft_id.is_not(None)
        )
    )
    if done.rowcount != 1:
        raise KeyError(attachment_id)


def stream_content(connection: Connection, digest: str) -> Iterator[bytes]:
    """The bytes in pieces; use it up while the connection is open. Raises KeyError.

    The last piece is given only when all of them are what was uploaded; else ContentDamaged.
    """
    known = select(content_table.c.digest).where(content_table.c.digest == digest)
    if connection.execute(known).scalar_one_or_none() is None:
        raise KeyError(digest)
    return _pieces(connection, digest)


def _pieces(connection: Connection, digest: str) -> Iterator[bytes]:
    count = connection.execute(
        select(func.count()).select_from(piece_table).where(piece_table.c.digest == digest)
    ).scalar_one()
    sm3 = hashes.Hash(hashes.SM3())
    held = b""
    for number in range(count):
        piece = connection.execute(
            select(piece_table.c.bytes).where(
                piece_table.c.digest == digest, piece_table.c.number == number
            )
        ).scalar_one_or_none()
        if number:
            yield held
        held = piece or b""
        sm3.update(held)
    if sm3.finalize().hex() != digest:
        raise ContentDamaged(digest)
    yield held


def purge_contents(connection: Connection) -> int:
    """Deletes the bytes that no upload speaks of any more; how many files these were."""
    unused = ~exists().where(attachment_table.c.digest == content_table.c.digest)
    query = select(content_table.c.digest).where(unused).with_for_update(skip_locked=True)
    count = 0
    for digest in connection.execute(query).scalars().all():
        # Locked now: asked again, whether nobody has uploaded the same meanwhile.
        still = select(content_table.c.digest).where(content_table.c.digest == digest, unused)
        if connection.execute(still).scalar_one_or_none() is None:
            continue
        connection.execute(delete(piece_table).where(piece_table.c.digest == digest))
        connection.execute(delete(content_table).where(content_table.c.digest == digest))
        count += 1
    return count


def _keep_content(connection: Connection, content: bytes, media_type: str) -> str:
    digest = digest_of(content)
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = {"digest": digest, "size": len(content), "media_type": media_type}
    statement = dialect.insert(content_table).values(row).on_conflict_do_nothing()
    added = connection.execute(statement.returning(content_table.c.digest))
    if added.scalar_one_or_none() is not None:
        pieces = [
            {"digest": digest, "number": number, "bytes": content[start : start + _PIECE]}
            for number, start in enumerate(range(0, len(content), _PIECE))
        ]
        connection.execute(insert(piece_table), pieces)
        return digest
    # Held until the upload is written, lest a purge take the bytes away in between.
    query = select(content_table.c.digest).where(content_table.c.digest == digest)
    held = connection.execute(query.with_for_update(read=True, key_share=True))
    if held.scalar_one_or_none() is None:
        return _keep_content(connection, content, media_type)
    return digest


def _take_room(connection: Connection, draft: str, case: str) -> int:
    """Locks the draft or the case, and gives how many bytes it has already."""
    table, identity = (draft_table, draft) if draft else (case_table, case)
    query = select(table.c.id).where(table.c.id == identity).with_for_update()
    if connection.execute(query).scalar_one_or_none() is None:
        raise KeyError(identity)
    total = select(func.coalesce(func.sum(content_table.c.size), 0)).select_from(
        attachment_table.join(content_table)
    )
    return int(connection.execute(total.where(_of(draft, case))).scalar_one())


def _of(draft: str, case: str) -> Any:
    if draft:
        return attachment_table.c.draft_id == draft
    return attachment_table.c.case_id == case


def _query() -> Select[Any]:
    return select(attachment_table, content_table.c.size, content_table.c.media_type).join_from(
        attachment_table, content_table
    )


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        name=row.name,
        digest=row.digest,
        media_type=row.media_type,
        size=row.size,
        owner=row.owner,
        draft=row.draft_id or "",
        case=row.case_id or "",
        uploaded_at=read_moment(row.uploaded_at),
    )


def _too_large(most: int) -> UploadRefused:
    return UploadRefused(
        "too-large",
        f"文件超过 {most // 1_000_000} MB，请压缩或分成几个文件上传",
        f"a file may have {most // 1_000_000} MB at most: compress it or split it",
    )
