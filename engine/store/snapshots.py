"""Definitions as they were: each file's text kept once, and which texts made one whole."""

import base64
import json

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.chain import digest_of
from engine.store.json_text import write_json
from engine.store.tables import snapshot_table, text_table
from engine.workspace import Workspace
from engine.workspace.sheets import SheetFile


def keep_snapshot(connection: Connection, workspace: Workspace) -> str:
    """Keeps all definitions of a workspace; the digest to recall them by."""
    texts = {
        name: _written(file.text, file.sheets)
        for name, file in workspace.files.items()
        if file.text is not None
    }
    digests = {name: digest_of(text.encode()) for name, text in texts.items()}
    content = write_json(digests)
    whole = digest_of(content.encode())
    if _has(connection, whole):
        return whole
    _add(connection, text_table, {digests[name]: text for name, text in texts.items()})
    _add(connection, snapshot_table, {whole: content})
    return whole


def recall_snapshot(connection: Connection, workspace: Workspace, digest: str) -> Workspace:
    """The workspace with the definitions of a snapshot. Raises KeyError for an unknown one."""
    query = select(snapshot_table.c.content).where(snapshot_table.c.digest == digest)
    content = connection.execute(query).scalar_one_or_none()
    if content is None:
        raise KeyError(digest)
    files: dict[str, str] = json.loads(content)
    rows = connection.execute(
        select(text_table).where(text_table.c.digest.in_(set(files.values())))
    )
    texts = {row.digest: row.content for row in rows}
    return workspace.with_definitions({name: _read(texts[d]) for name, d in files.items()})


def _has(connection: Connection, digest: str) -> bool:
    query = select(snapshot_table.c.digest).where(snapshot_table.c.digest == digest)
    return connection.execute(query).scalar_one_or_none() is not None


def _add(connection: Connection, table: Table, contents: dict[str, str]) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    # Always in the same order: two who keep the same texts must not wait for one another.
    rows = [{"digest": digest, "content": contents[digest]} for digest in sorted(contents)]
    if rows:
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _written(text: str, sheets: tuple[SheetFile, ...]) -> str:
    kept = [
        [s.name, s.file, None if s.data is None else base64.b64encode(s.data).decode(), *s.refusal]
        for s in sheets
    ]
    return write_json({"text": text, "sheets": kept})


def _read(content: str) -> tuple[str, tuple[SheetFile, ...]]:
    kept = json.loads(content)
    sheets = [
        SheetFile(name, file, None if data is None else base64.b64decode(data), (zh, en))
        for name, file, data, zh, en in kept["sheets"]
    ]
    return kept["text"], tuple(sheets)
