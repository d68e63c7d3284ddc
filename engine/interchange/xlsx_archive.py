"""The archive that an XLSX file is, opened with bounds before anything else reads it.

A file of a few kilobytes may unpack to gigabytes, and one cell at the far corner makes a reader
lay out a million rows. Here everything is counted first, and what cannot be a table is refused.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from engine.interchange.cells import MAX_AREA, MAX_COLUMNS, MAX_ROWS, Position

MAX_UNPACKED = 64_000_000  # bytes
_MAX_ENTRIES = 2_000
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|sharedStrings|styles)\.xml"
    r"|xl/_rels/[^/]+\.rels|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE = re.compile(r"([A-Z]{1,3}[1-9][0-9]{0,6})(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")


class ArchiveError(Exception):
    """The file is no usable XLSX: why, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class TooLarge(Exception):
    """More than a table may have: how many of what, and the limit."""

    def __init__(self, size: int, limit: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.size, self.limit, self.zh, self.en = size, limit, zh, en


@dataclass
class Scan:
    """What the first sheet holds beside values, found before the values are read."""

    formulas: list[Position] = field(default_factory=list)
    errors: dict[Position, str] = field(default_factory=dict)
    merged: list[Position] = field(default_factory=list)
    rows: int = 0
    columns: int = 0


def open_archive(data: bytes) -> tuple[bytes, Scan]:
    """The parts that hold values, packed anew and known to be small, and the scan of the first sheet.

    Raises ArchiveError and TooLarge.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ArchiveError(
            "文件加了密码，或是旧版的 .xls", "it has a password, or is of the old .xls format"
        )
    try:
        parts = _unpack(data)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        # RuntimeError: an entry has a password. NotImplementedError: a method of packing unknown.
        raise ArchiveError(
            "不是 .xlsx 文件，或文件已损坏", "not an .xlsx file, or damaged"
        ) from None
    sheet = parts.get(_first_sheet(parts))
    if sheet is None:
        raise ArchiveError("文件中没有工作表", "there is no worksheet in it")
    scan = _scan(sheet)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue(), scan


def _unpack(data: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > _MAX_ENTRIES:
            raise TooLarge(len(entries), _MAX_ENTRIES, "个部分", "parts")
        for entry in entries:
            name = entry.filename.replace("\\", "/").lstrip("/")
            if not _NEEDED.fullmatch(name) or name in parts:
                continue
            with archive.open(entry) as stream:
                parts[name] = stream.read(left + 1)
            left -= len(parts[name])
            if left < 0:
                raise TooLarge(MAX_UNPACKED + 1, MAX_UNPACKED, "个字节（解压后）", "bytes unpacked")
    return parts


def _ignore(_: str) -> None:
    pass


def _first_sheet(parts: dict[str, bytes]) -> str:
    """The name of the part that holds the first sheet of the workbook."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def on_sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            sheets.extend(v for k, v in attributes.items() if k.rpartition(":")[2] == "id")

    def on_relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(parts.get("xl/workbook.xml", b""), on_sheet)
    _parse(parts.get("xl/_rels/workbook.xml.rels", b""), on_relation)
    target = targets.get(sheets[0], "") if sheets else ""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = _ignore,
    text: Callable[[str], None] = _ignore,
) -> None:
    """Calls `start` with the local name and attributes of each element. Raises ArchiveError."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ArchiveError("文件中含有 DTD", "it holds a DTD")

    def local(name: str, attributes: dict[str, str]) -> None:
        start(name.rpartition(":")[2], attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = local
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:  # ValueError: an encoding that is not known
        raise ArchiveError("文件已损坏（XML 有误）", f"damaged XML: {error}") from None


def _scan(sheet: bytes) -> Scan:
    reader = _SheetScan()
    _parse(sheet, reader.start, reader.end, reader.text)
    if reader.scan.rows * reader.scan.columns > MAX_AREA:
        size = reader.scan.rows * reader.scan.columns
        raise TooLarge(size, MAX_AREA, "个单元格", "cells")
    return reader.scan


class _SheetScan:
    """Follows the cells of a sheet as they come."""

    def __init__(self) -> None:
        self.scan = Scan()
        self.row = self.column = 0
        self.is_error = self.in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell(attributes)
        elif name == "row":
            self.row, self.column = self._number(attributes.get("r"), self.row + 1), 0
        elif name == "v":
            self.in_value = True
            self._hold()
        elif name in ("is", "f"):
            self._hold()
            if name == "f":
                self.scan.formulas.append((self.row, self.column))
        elif name == "mergeCell":
            found = _RANGE.fullmatch(attributes.get("ref", ""))
            if found is not None:
                self.scan.merged.append(_position(found[1]))

    def end(self, name: str) -> None:
        if name == "v":
            self.in_value = False

    def text(self, text: str) -> None:
        if self.is_error and self.in_value:
            self.scan.errors[self.row, self.column] = text[:20]

    def _cell(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r")
        if written is None:
            self.row, self.column = max(self.row, 1), self.column + 1
        elif (found := _CELL.fullmatch(written)) is not None:
            self.row, self.column = _position(found[0])
        else:
            raise ArchiveError("文件已损坏（单元格的位置有误）", f"no such cell: {written[:20]}")
        self.is_error = attributes.get("t") == "e"

    def _number(self, written: str | None, otherwise: int) -> int:
        if written is None:
            return otherwise
        if not re.fullmatch("[1-9][0-9]{0,6}", written):
            raise ArchiveError("文件已损坏（行号有误）", f"no such row: {written[:20]}")
        return int(written)

    def _hold(self) -> None:
        """A cell that holds something counts toward the size; formats alone do not."""
        scan = self.scan
        scan.rows, scan.columns = max(scan.rows, self.row), max(scan.columns, self.column)
        if scan.rows > MAX_ROWS:
            raise TooLarge(scan.rows, MAX_ROWS, "行", "rows")
        if scan.columns > MAX_COLUMNS:
            raise TooLarge(scan.columns, MAX_COLUMNS, "列", "columns")


def _position(cell: str) -> Position:
    found = _CELL.fullmatch(cell)
    assert found is not None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
