"""A table from a sheet, put into a matter's YAML: the text around it stays as it was."""

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from engine.definitions import Row, Table
from engine.diagnostics import Diagnostics
from engine.interchange.yaml_writing import write_yaml
from engine.source import Document, EditError, Mapping, Node, Path, Scalar, Sequence, read_document
from engine.source.document import to_data

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
    spliced = None if place is None else _splice(document, place, table)
    if spliced is not None:
        return spliced
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


def _splice(document: Document, place: int, table: dict[str, Any]) -> TableEdit | None:
    """The edit of single rows, all others as they were written; None where more has changed.

    None too where rows share their lines, so that they cannot be told apart in the text.
    """
    path: Path = ("tables", place) if document.node(("tables", place)) else ("tables",)
    rows = document.node((*path, "rows"))
    entry = document.node(path)
    if not isinstance(rows, Sequence) or not isinstance(entry, Mapping) or not table.get("rows"):
        return None
    try:
        old = Table.model_validate(to_data(entry))
        new = Table.model_validate(table)
    except (
        ValidationError
    ):  # a reference to a file, or a table that is replaced because it is broken
        return None
    lines = _row_lines(document, entry, rows)
    if lines is None or old.model_copy(update={"rows": new.rows}) != new:
        return None
    start, end = lines[0], lines[-1]
    blocks = [document.text[a:b] for a, b in pairwise(lines)]
    depth = rows.items[0].span.column - 1
    said: list[Any] = []
    written: list[str] = []
    mine, theirs = ([_meaning(row) for row in t.rows] for t in (old, new))
    for tag, a, b, c, d in SequenceMatcher(a=mine, b=theirs, autojunk=False).get_opcodes():
        is_kept = tag == "equal"
        said += [to_data(row) for row in rows.items[a:b]] if is_kept else table["rows"][c:d]
        written += blocks[a:b] if is_kept else [_row_text(r, depth) for r in table["rows"][c:d]]
    text = document.text[:start] + "".join(written) + document.text[end:]
    edit = TableEdit(text, place, is_new=False, comments=_comments(blocks) - _comments(written))
    try:
        _verify(document, edit, {**to_data(entry), "rows": said})
    except EditError:  # laid out in a way that this does not know: the whole table is written anew
        return None
    return edit


def _meaning(row: Row) -> tuple[object, ...]:
    return tuple(sorted(row.cells.items())), row.note, row.basis


def _row_lines(document: Document, entry: Mapping, rows: Sequence) -> list[int] | None:
    """Where the lines of each row begin, and those after the last one end; comments go before."""
    found = entry.entry("rows")
    if found is None or not rows.items or not document.text.endswith("\n"):
        return None
    ends = [found[0].span.end, *(_end(document, row) for row in rows.items)]
    starts = [document.text.find("\n", end) + 1 for end in ends]
    is_apart = all(a <= row.span.start for a, row in zip(starts, rows.items, strict=False))
    return starts if is_apart and len({*starts}) == len(starts) else None


def _row_text(row: dict[str, Any], depth: int) -> str:
    """A row as an entry of a block list: on one line where it fits."""
    first, *rest = write_yaml({"row": row}).splitlines()
    lines = [line.removeprefix("  ") for line in rest] or [first.removeprefix("row: ")]
    indent = " " * depth
    return "".join(
        f"{indent[:-2]}- {line}\n" if number == 0 else f"{indent}{line}\n" if line else "\n"
        for number, line in enumerate(lines)
    )


def _comments(blocks: list[str]) -> int:
    lines = (line for block in blocks for line in block.splitlines())
    return sum(line.lstrip().startswith("#") for line in lines)


def _replace(document: Document, node: Node, table: dict[str, Any], place: int) -> TableEdit:
    start, end = node.span.start, _end(document, node)
    comments = _comments([document.text[start:end]])
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
    leaf = node
    while (inner := _last(leaf)) is not None:
        leaf = inner
    text = document.text[: node.span.end].rstrip()
    if isinstance(leaf, Scalar) and leaf.style in ("|", ">"):  # whose last line may begin with #
        return len(document.text[: leaf.span.end].rstrip())
    while "\n" in text and text[text.rindex("\n") + 1 :].lstrip().startswith("#"):
        text = text[: text.rindex("\n")].rstrip()
    return len(text)


def _last(node: Node) -> Node | None:
    if isinstance(node, Mapping):
        return node.entries[-1][1] if node.entries else None
    return node.items[-1] if isinstance(node, Sequence) and node.items else None


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
