"""A register kept in a CSV or YAML file: rows with their lines, read again when the file changes.

A row that cannot be read is reported with file and line, and whatever is asked about its subject
is refused: a register with a torn page does not say that the page was empty.
"""

import csv
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar

from engine import Diagnostics, read_document

LARGEST_FILE: Final = 64 * 1024 * 1024
LONGEST_CELL: Final = 10_000

_log = logging.getLogger("tongban.plugins")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,12})?", re.ASCII)
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

FieldValue = str | bool | int | Decimal | date
RecordT = TypeVar("RecordT")


class RegisterError(Exception):
    """The register cannot answer; the message names its file and line."""


class CellError(ValueError):
    """A cell that is not what its column says."""

    def __init__(self, column: str, message_zh: str, message_en: str) -> None:
        super().__init__(f"{column}：{message_zh} / {message_en}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: `line` in its file, and each filled cell by its column."""

    line: int
    cells: Mapping[str, object]

    def text(self, column: str, default: str | None = None) -> str:
        """The cell's text. Raises CellError when it is empty and there is no default."""
        value = self.cells.get(column, "")
        if not isinstance(value, str | int | Decimal) or isinstance(value, bool):
            raise CellError(column, "应是文本", "expected text")
        plain = str(value).strip()
        if len(plain) > LONGEST_CELL:
            raise CellError(column, f"超过 {LONGEST_CELL} 字", f"over {LONGEST_CELL} characters")
        if plain or default is not None:
            return plain or (default or "")
        raise CellError(column, "不能为空", "must not be empty")

    def day(self, column: str) -> date:
        return _to_day(column, self.text(column))

    def day_or_none(self, column: str) -> date | None:
        return self.day(column) if self.text(column, "") else None

    def flag(self, column: str) -> bool:
        """True or false; an empty cell is false."""
        value = self.cells.get(column, False)
        return value if isinstance(value, bool) else _to_flag(column, self.text(column, "false"))


@dataclass(frozen=True)
class Contents(Generic[RecordT]):
    """What was read from one version of the file. `spoilt` maps a subject to its bad row.

    The subject "" stands for a bad row whose subject cannot be read: it spoils every answer.
    """

    records: Mapping[str, tuple[RecordT, ...]]
    problems: tuple[str, ...]
    spoilt: Mapping[str, str]


class Register(Generic[RecordT]):
    """The records of a file by subject, kept until its time or size changes. Thread-safe."""

    def __init__(
        self, path: Path, shown: str, subject: str, read_row: Callable[[Row], RecordT]
    ) -> None:
        self._path = path
        self._shown = shown
        self._subject = subject
        self._read_row = read_row
        self._lock = Lock()
        self._version: tuple[int, int] | None = None
        self._contents: Contents[RecordT] | None = None

    def find(self, subjects: frozenset[str]) -> list[RecordT]:
        """All records of these subjects. Raises RegisterError when one of them has a bad row."""
        contents = self._read()
        for subject in ("", *sorted(subjects)):
            if subject in contents.spoilt:
                raise RegisterError(contents.spoilt[subject])
        return [
            record for subject in sorted(subjects) for record in contents.records.get(subject, ())
        ]

    def problems(self) -> tuple[str, ...]:
        """Every bad row as `file:line: column：… / …`, in the file's order."""
        try:
            return self._read().problems
        except RegisterError as error:
            return (str(error),)

    def _read(self) -> Contents[RecordT]:
        with self._lock:
            try:
                state = self._path.stat()
            except OSError as error:
                raise RegisterError(f"{self._shown}: 无法读取 / cannot be read") from error
            version = (state.st_mtime_ns, state.st_size)
            if self._contents is None or version != self._version:
                if state.st_size > LARGEST_FILE:
                    raise RegisterError(f"{self._shown}: 文件过大 / the file is too large")
                self._contents = self._gather()
                self._version = version
            return self._contents

    def _gather(self) -> Contents[RecordT]:
        records: dict[str, list[RecordT]] = {}
        problems: list[str] = []
        spoilt: dict[str, str] = {}
        for row in read_rows(self._path, self._shown):
            subject = _subject_of(row, self._subject)
            try:
                record = self._read_row(row)
            except CellError as error:
                problems.append(f"{self._shown}:{row.line}: {error}")
                spoilt.setdefault(subject, problems[-1])
            else:
                records.setdefault(subject, []).append(record)
        for problem in problems:
            _log.warning("%s", problem)
        kept = {subject: tuple(found) for subject, found in records.items()}
        return Contents(kept, tuple(problems), spoilt)


def read_rows(path: Path, shown: str) -> Iterator[Row]:
    """Rows of a .csv or .yaml file. Raises RegisterError when the file as a whole is broken."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{shown}: 无法按 UTF-8 读取 / cannot be read as UTF-8"
        raise RegisterError(message) from error
    if path.suffix.lower() == ".csv":
        yield from _csv_rows(text, shown)
    elif path.suffix.lower() in (".yaml", ".yml"):
        yield from _yaml_rows(text, shown)
    else:
        raise RegisterError(f"{shown}: 应是 .csv 或 .yaml 文件 / expected a .csv or .yaml file")


def typed_fields(row: Row, reserved: frozenset[str]) -> dict[str, FieldValue]:
    """The cells that are the record's own fields: further columns, or the mapping `fields`.

    A CSV column is `name` or `name:type` (date, decimal, integer, boolean); in YAML, numbers and
    booleans speak for themselves, and a date is written as `{date: 2026-11-22}`.
    """
    fields: dict[str, FieldValue] = {}
    for column, value in row.cells.items():
        if column == "fields":
            fields |= _nested_fields(value)
        elif column not in reserved:
            name, _, kind = column.partition(":")
            if name.isascii() or kind not in _CONVERSIONS:
                raise CellError(column, "不认识这一列", "this column is not known")
            if str(value).strip():
                fields[name] = _CONVERSIONS[kind](column, str(value).strip())
    return fields


def _nested_fields(value: object) -> dict[str, FieldValue]:
    if not isinstance(value, Mapping):
        raise CellError("fields", "应是“栏目: 值”", "expected a mapping")
    fields: dict[str, FieldValue] = {}
    for name, entry in value.items():
        if isinstance(entry, Mapping) and set(entry) == {"date"}:
            fields[name] = _to_day(name, str(entry["date"]))
        elif isinstance(entry, str | bool | int | Decimal):
            fields[name] = entry
        else:
            raise CellError(name, "应是文本、数值、是否或日期", "expected a plain value")
    return fields


def _subject_of(row: Row, column: str) -> str:
    try:
        return row.text(column, "")
    except CellError:
        return ""


def _csv_rows(text: str, shown: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not header or "" in header or len(set(header)) != len(header):
            raise RegisterError(f"{shown}:1: 列名不能为空或重复 / column names must be unique")
        line = reader.line_num
        for cells in reader:
            # A quoted cell may hold line breaks: the row begins where the last one ended.
            first, line = line + 1, reader.line_num
            if not any(cells):
                continue
            if len(cells) > len(header):
                message = f"多出 {len(cells) - len(header)} 个单元格 / too many cells"
                raise RegisterError(f"{shown}:{first}: {message}")
            yield Row(first, {n: c for n, c in zip(header, cells, strict=False) if c.strip()})
    except csv.Error as error:
        message = "引号未成对或含有非法字符 / not well-formed CSV"
        raise RegisterError(f"{shown}:{reader.line_num}: {message}") from error


def _yaml_rows(text: str, shown: str) -> Iterator[Row]:
    found = Diagnostics()
    document = read_document(text, shown, found)
    if document is None:
        first = found.sorted()[0]
        raise RegisterError(f"{first.place}: {first.message_zh} / {first.message_en}")
    records = document.data.get("records") if isinstance(document.data, dict) else None
    if not isinstance(records, list):
        raise RegisterError(f"{shown}:1: 应有 records 列表 / expected a list called records")
    for index, record in enumerate(records):
        line = document.place(("records", index)).line
        yield Row(line, record if isinstance(record, dict) else {"records": record})


def _to_day(column: str, text: str) -> date:
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # the shape is right and the day does not exist: the same message fits
    raise CellError(
        column, f"“{text[:20]}”不是形如 2026-11-22 的日期", "expected a date like 2026-11-22"
    )


def _to_decimal(column: str, text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise CellError(column, f"“{text[:20]}”不是数值", "expected a plain decimal number")
    return Decimal(text)


def _to_integer(column: str, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise CellError(column, f"“{text[:20]}”不是整数", "expected a whole number")
    return int(text)


def _to_flag(column: str, text: str) -> bool:
    if text not in ("true", "false", "是", "否"):
        raise CellError(column, "应是 true 或 false（是、否）", "expected true or false")
    return text in ("true", "是")


def _to_text(column: str, text: str) -> str:
    return text


_CONVERSIONS: Final[Mapping[str, Callable[[str, str], FieldValue]]] = {
    "": _to_text,
    "date": _to_day,
    "decimal": _to_decimal,
    "integer": _to_integer,
    "boolean": _to_flag,
}
