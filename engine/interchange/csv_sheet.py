"""CSV to a grid and back: what spreadsheet programs do to a CSV file is undone or refused.

They run a cell that starts like a formula, so such a text is written with an apostrophe before it
and read without. They turn true into TRUE and days into their own form: both are read as meant.
They write long numbers as 1.23E+19 and have lost digits by then: that is refused.
"""

import csv
import io
import re
from datetime import date

from engine.diagnostics import Diagnostics
from engine.interchange.cells import Grid, Position, SheetProblems, check_size, trimmed

_FORMULA = "=+-@\t\r＝＋－＠"
_HARMLESS = re.compile(r"-(?:[0-9]+(?:\.[0-9]+)?)?")
_SCIENTIFIC = re.compile(r"-?[0-9](?:\.[0-9]+)?E[+-][0-9]+")
_DAY = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")
_WORDS = {"TRUE": "true", "FALSE": "false"}


def read_csv(data: bytes, file: str, problems: Diagnostics) -> Grid | None:
    """The grid of a CSV file in UTF-8 or GB18030; None with the reasons in `problems`."""
    found = SheetProblems(file, problems)
    text = _decode(data, found)
    if text is None:
        return None
    lines: list[list[str]] = []
    try:
        lines.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        row = len(lines) + 1
        zh = f"第 {row} 行的引号没有成对，或一格过长"
        _unreadable(found, zh, f"row {row}: quotes are not paired or a cell is too long ({error})")
        return None
    rows = trimmed(lines)
    if not check_size(rows, found):
        return None
    grid = _interpret(file, rows, found)
    found.close()
    return grid


def write_csv(grid: Grid) -> bytes:
    """UTF-8 with a byte-order mark, by which Excel and WPS know it; CRLF, quotes where needed.

    Raises UnicodeEncodeError for half of a surrogate pair.
    """
    stream = io.StringIO(newline="")
    width = max(map(len, grid.rows), default=0)
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in grid.rows:
        cells = [_guarded(text) for text in row]
        writer.writerow([*cells, *[""] * (width - len(cells))])
    return stream.getvalue().encode("utf-8-sig")


def _decode(data: bytes, problems: SheetProblems) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        zh = "文件是 UTF-16 编码（Excel 的“Unicode 文本”）"
        _unreadable(problems, zh, "the file is encoded in UTF-16")
        return None
    if b"\0" in data:
        zh = "含有空字符，不是文本文件"
        _unreadable(problems, zh, "the file holds NUL bytes, so it is no text")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = error
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        zh = f"第 {wrong.start + 1} 个字节既不是 UTF-8，也不是 GB18030 编码"
        en = f"byte {wrong.start + 1} is neither UTF-8 nor GB18030"
        _unreadable(problems, zh, en)
        return None


def _unreadable(problems: SheetProblems, zh: str, en: str) -> None:
    problems.add("sheet-unreadable", None, problem_zh=zh, problem=en)


def _interpret(file: str, rows: tuple[tuple[str, ...], ...], problems: SheetProblems) -> Grid:
    plain: list[tuple[str, ...]] = []
    feel: dict[Position, str] = {}
    for number, row in enumerate(rows, 1):
        plain.append(tuple(_unguarded(text) for text in row))
        for column, text in enumerate(row, 1):
            if _SCIENTIFIC.fullmatch(text):
                problems.add(
                    "sheet-cell",
                    (number, column),
                    excerpt=text,
                    problem_zh="此数已被表格软件改写成科学记数法，后面的位数可能已丢失",
                    problem="a spreadsheet has rewritten this number and may have lost digits",
                    help_zh="请把单元格设为“文本”格式再重新填写，或改用 .xlsx 文件。",
                    help_en="Format the cell as text and write it again, or use an .xlsx file.",
                )
            elif (meant := _meant(text)) is not None:
                feel[number, column] = meant
    return Grid(file, tuple(plain), feel)


def _meant(text: str) -> str | None:
    """What a cell says in FEEL where a spreadsheet has given it another form."""
    if text in _WORDS:
        return _WORDS[text]
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return f'@"{date(int(found[1]), int(found[3]), int(found[4])).isoformat()}"'
    except ValueError:  # no such day: a formula then, which the checks will judge
        return None


def _guarded(text: str) -> str:
    starts_badly = text[:1] in ("'", *_FORMULA) and not _HARMLESS.fullmatch(text)
    is_rewritten = _SCIENTIFIC.fullmatch(text) or _DAY.fullmatch(text) or text in _WORDS
    return f"'{text}" if text and (starts_badly or is_rewritten) else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and _guarded(text[1:]) == text else text
