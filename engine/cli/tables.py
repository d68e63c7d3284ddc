"""Commands that hand decision tables to spreadsheet programs and take them back."""

import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.checks import check_file
from engine.cli.options import (
    Language,
    json_option,
    lang_option,
    on_option,
    print_json,
    root_option,
    today,
)
from engine.definitions import Matter, Table
from engine.diagnostics import Diagnostic, Diagnostics, TongbanError, nearest, render_all, to_json
from engine.source import EditError
from engine.workspace import DefinitionFile, Workspace

if TYPE_CHECKING:
    from engine.interchange.table_editing import TableEdit

_IN_HAND = "in hand:"  # the sheet that is being taken; no file in a workspace can have this name

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def table() -> None:
    """用 WPS、Excel 编辑决策表 / decision tables as CSV and XLSX files."""


@table.command("export")
@click.argument("matter")
@click.argument("identity", metavar="TABLE")
@click.argument("out", type=_FILE)
@click.option("--force", is_flag=True, help="覆盖已有的文件 / replace a file that is there")
@on_option
@root_option
@json_option
def export_command(
    matter: str,
    identity: str,
    out: Path,
    force: bool,
    on: date | None,
    root: Path,
    as_json: bool,
) -> None:
    """把一张决策表写成 CSV 或 XLSX（由文件名的后缀决定）/ writes one table."""
    from engine.interchange.sheets import SUFFIXES, declared_by, write_sheet

    if out.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"{out} 应以 .csv 或 .xlsx 结尾 / must end in .csv or .xlsx")
    if out.exists() and not force:
        raise click.UsageError(f"{out} 已存在，用 --force 覆盖 / exists, see --force")
    workspace = Workspace.load(root)
    definition = _sound(workspace.file("matter", matter, on or today()))
    found = _table(definition, identity)
    _write(out, write_sheet(found, declared_by(definition), out.name))
    if as_json:
        print_json(_document(matter, found.id, str(out), len(found.rows), is_written=True))
        return
    click.echo(f"已写出 {out}：表“{found.label}”，{len(found.rows)} 行")
    click.echo(f"编辑后取回：tongban table import {out} {matter}")


@table.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("matter")
@click.option("--dry-run", is_flag=True, help="只检查，不写入 / check only, write nothing")
@on_option
@root_option
@json_option
@lang_option
def import_command(
    file: Path,
    matter: str,
    dry_run: bool,
    on: date | None,
    root: Path,
    as_json: bool,
    lang: Language,
) -> None:
    """检查表格文件，没有错误才写进事项的 YAML / checks a sheet, then writes it into the matter."""
    workspace = Workspace.load(root)
    target = workspace.file("matter", matter, on or today())
    _sound(target)
    taken = _take(workspace, target, file)
    is_written = taken.edit is not None and not dry_run
    if is_written and taken.edit is not None:
        _write(root / target.file, taken.edit.text.encode("utf-8"))
    found = [d for d in taken.problems.sorted() if as_json or d.severity != "info"]
    if as_json:
        words = _document(matter, taken.table, target.file, taken.rows, is_written=is_written)
        comments = taken.edit.comments if taken.edit else 0
        print_json({**words, "comments": comments, "diagnostics": [to_json(d) for d in found]})
    else:
        if found:
            click.echo(render_all(found, lang))
        click.echo(_summary(taken, target.file, is_written))
    sys.exit(0 if taken.edit is not None else 1)


@dataclass
class _Taken:
    """A sheet as a matter would take it: the edit, or what is wrong."""

    table: str = ""
    rows: int = 0
    edit: "TableEdit | None" = None
    problems: Diagnostics = field(default_factory=Diagnostics)


def _take(workspace: Workspace, target: DefinitionFile, file: Path) -> _Taken:
    from engine.interchange.sheets import SUFFIXES, declared_by, read_sheet
    from engine.interchange.table_editing import TableEdit, plain_table, put_table

    if file.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"{file} 应以 .csv 或 .xlsx 结尾 / must end in .csv or .xlsx")
    data, whole, taken = _bytes(file), target.whole, _Taken()
    assert whole is not None  # a sound matter has a document
    problems = Diagnostics()
    plain = read_sheet(data, str(file), declared_by(_sound(target)), problems)
    if plain is None:
        taken.problems.extend(problems.found)
        return taken
    taken.table, taken.rows = str(plain["id"]), len(plain.get("rows", ()))
    _refuse_sheet(target, taken.table)
    try:
        draft = put_table(whole, taken.table, {"file": _IN_HAND})
        found = _check_sheet(workspace, target, draft.text, file, data)
        if not any(d.is_error for d in found):
            edit = put_table(whole, taken.table, plain_table(plain))
            if Table.model_validate(plain) in _sound(target).tables:
                edit = TableEdit(whole.text, edit.place, is_new=False, comments=0)
            after = check_file(workspace.with_text(target.file, edit.text), target.file)
            found.extend(errors := [d for d in after if d.is_error])
            taken.edit = None if errors else edit
        taken.problems.extend(found)
    except EditError as error:
        raise TongbanError(f"{target.file}: {error}") from None
    return taken


def _check_sheet(
    workspace: Workspace, target: DefinitionFile, draft: str, file: Path, data: bytes
) -> list[Diagnostic]:
    """What is wrong with the sheet as a part of the matter, each at its cell."""
    from engine.workspace.sheets import SheetFile

    sheet = SheetFile(_IN_HAND, str(file), data)
    drafted = workspace.with_text(target.file, draft, (*target.sheets, sheet))
    return [d for d in check_file(drafted, target.file) if d.place.file == str(file)]


def _document(
    matter: str, table: str, file: str, rows: int, *, is_written: bool
) -> dict[str, object]:
    """What both commands print: `comments` are those that a replaced table had."""
    words = {"matter": matter, "table": table, "file": file, "rows": rows}
    return {**words, "written": is_written, "comments": 0, "diagnostics": []}


def _summary(taken: _Taken, file: str, is_written: bool) -> str:
    if taken.edit is None:
        return "没有写入：请先改正上面列出的错误 / nothing was written"
    verb = ("新增" if taken.edit.is_new else "替换") if is_written else "可以写入"
    lost = taken.edit.comments
    note = f"；原表中的 {lost} 行注释没有保留" if lost else ""
    return f"{file}：{verb}表“{taken.table}”，{taken.rows} 行{note}"


def _sound(file: DefinitionFile) -> Matter:
    """The matter as written. Raises TongbanError where a broken part of it was left out."""
    errors = [d for d in file.diagnostics if d.is_error]
    if errors or not isinstance(file.definition, Matter):
        raise TongbanError(f"{file.file} 有错误，请先改正 / mend its mistakes first", errors)
    return file.definition


def _table(matter: Matter, identity: str) -> Table:
    for found in matter.tables:
        if found.id == identity:
            return found
    known = [found.id for found in matter.tables]
    close = nearest(identity, known)
    hint = f"，是否想写“{close}”？" if close else ""
    listed = "、".join(known) or "无"
    raise click.UsageError(f"没有表“{identity}”{hint} 现有：{listed} / no such table")


def _refuse_sheet(target: DefinitionFile, identity: str) -> None:
    """A table that lives in a file is changed there, or there would be two of it."""
    definition, whole = _sound(target), target.whole
    written = [] if whole is None else whole.data.get("tables", [])
    listed = written if isinstance(written, list) else [written]
    for found, entry in zip(definition.tables, listed, strict=True):
        if found.id == identity and entry.get("file"):
            raise click.UsageError(
                f"表“{identity}”在文件 rulesets/tables/{entry['file']} 里，请直接替换该文件"
                " / the table lives in that file: replace the file"
            )


def _bytes(file: Path) -> bytes:
    from engine.interchange.sheets import MAX_SHEET_BYTES

    if not file.is_file():  # reading a pipe would wait for ever
        raise click.UsageError(f"{file} 不是普通文件 / not a regular file")
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_SHEET_BYTES + 1)
    except OSError as error:
        raise click.UsageError(f"{file} 无法读取 / cannot be read: {error.strerror}") from None


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise click.UsageError(f"{file} 无法写入 / cannot be written: {error.strerror}") from None


COMMANDS = (table,)
