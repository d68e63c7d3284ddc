"""A table from a sheet, put into a matter's YAML: the text around it stays as it was."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.diagnostics import Diagnostics
from engine.interchange.yaml_writing import write_yaml
from engine.source import Document, EditError, Mapping, Node, Sequence, read_document

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?")


@dataclass(frozen=True, slots=True)
class TableEdit:
    """A matter's text with a table put in; `place` is where it was in the list of tables.

    `comments` counts the lines of comment that stood in the table before and are gone.
    """

    text: str
    place: int
    is_new: bool
    comments: int


def table_place(document: Document, identity: str) -> int | None:
    """Which of a matter's tables has this id."""
    tables = document.data.get("tables") if isinstance(document.data, dict) else None
    listed = tables if isinstance(tables, list) else [tables]
    places = (n for n, t in enumerate(listed) if isinstance(t, dict) and t.get("id") == identity)
    return next(places, None)


def put_table(document: Document, identity: str, table: dict[str, Any]) -> TableEdit:
    """The text with `table` in the place of the one with that id, or after the last one.

    Raises EditError when the text is laid out so that this cannot be done without touching more.
    """
    tables = document.node(("tables",))
    place = table_place(document, identity)
    if tables is None:
        text = f"{document.text.rstrip()}\ntables:\n  - {_written(table, 4)}\n"
        edit = TableEdit(text, 0, is_new=True, comments=0)
    elif place is not None:
        node = tables.items[place] if isinstance(tables, Sequence) else tables
        edit = _replace(document, node, table, place)
    elif isinstance(tables, Sequence) and tables.items:
        edit = _append(document, tables, table)
    else:
        raise EditError("请先把 tables 写成列表（- 开头）/ write tables as a list first")
    _verify(document, edit, table)
    return edit


def plain_table(table: dict[str, Any]) -> dict[str, Any]:
    """The table as people write it: numbers and truth values without quotes, no key that says nothing."""
    shown = {name: value for name, value in table.items() if value not in ({}, [])}
    if shown.get("hit") == "unique":
        del shown["hit"]
    if len(shown.get("gives", ())) == 1:
        shown["gives"] = shown["gives"][0]
    for name in ("inputs", "default", "allowed"):
        if name in shown:
            shown[name] = {k: _value(v) for k, v in shown[name].items()}
    shown.pop("rows", None)
    rows = [_row(row) for row in table.get("rows", ())]
    for owner in (shown, *rows):
        if len(owner.get("basis", ())) == 1:
            owner["basis"] = owner["basis"][0]
    return {**shown, "rows": rows}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("basis", "note")
    return {name: value if name in kept else _value(value) for name, value in row.items()}


def _value(text: str) -> Any:
    """A cell without quotes where YAML reads it back as the same text."""
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text) and text != "-0":
        return Decimal(text) if "." in text else int(text)
    return text


def _replace(document: Document, node: Node, table: dict[str, Any], place: int) -> TableEdit:
    start, end = node.span.start, _end(document, node)
    old = document.text[start:end]
    comments = sum(line.lstrip().startswith("#") for line in old.splitlines())
    new = _written(table, node.span.column - 1)
    text = document.text[:start] + new + document.text[end:]
    return TableEdit(text, place, is_new=False, comments=comments)


def _append(document: Document, tables: Sequence, table: dict[str, Any]) -> TableEdit:
    last = tables.items[-1]
    end, depth = _end(document, last), last.span.column - 1
    new = f"\n{' ' * (depth - 2)}- {_written(table, depth)}"
    text = document.text[:end] + new + document.text[end:]
    return TableEdit(text, len(tables.items), is_new=True, comments=0)


def _end(document: Document, node: Node) -> int:
    """Where a node's own text ends: what follows it, blank lines and comments, belongs to others."""
    text = document.text[: node.span.end].rstrip()
    while "\n" in text and text[text.rindex("\n") + 1 :].lstrip().startswith("#"):
        text = text[: text.rindex("\n")].rstrip()
    return len(text)


def _written(table: dict[str, Any], depth: int) -> str:
    """The table as an entry of a block list whose text begins after `depth` columns."""
    first, *rest = write_yaml(table).splitlines()
    return "\n".join([first, *(" " * depth + line if line.strip() else "" for line in rest)])


def _verify(document: Document, edit: TableEdit, table: dict[str, Any]) -> None:
    """The new text must say what the old one said, with this table and nothing else changed."""
    again = read_document(edit.text, document.file, Diagnostics())
    wanted = dict(document.data)
    tables = wanted.get("tables", [])
    if isinstance(tables, dict):
        wanted["tables"] = table
    else:
        wanted["tables"] = [*tables[: edit.place], table, *tables[edit.place + 1 :]]
    if again is None or again.data != wanted or not isinstance(again.root, Mapping):
        raise EditError(
            "不能在不改动其他内容的情况下替换此表：请把 tables 的各项写成“- ”开头的块"
            " / the table cannot be replaced without changing more: write tables as a block list"
        )
