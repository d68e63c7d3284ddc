"""XLSX to a grid and back, the first sheet of the workbook. Imported late: its libraries are heavy.

Numbers come as the shortest decimal that the file's number stands for; one with more than 15 digits
has already been rounded by the spreadsheet program and is refused. Everything is written as text.
"""

import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import python_calamine
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from engine.diagnostics import Diagnostics
from engine.interchange.cells import Grid, Position, SheetProblems, check_size, trimmed
from engine.interchange.sheet_words import (
    AGGREGATION_TITLES,
    HEAD,
    HITS,
    NAMES,
    ROLE,
    ROLES,
    TYPE,
    TYPES,
)
from engine.interchange.xlsx_archive import ArchiveError, Scan, TooLarge, open_archive

_DIGITS = 15  # that Excel keeps of a number
_SHEET = "决策表"
_MADE = datetime(2000, 1, 1)  # the same table gives the same bytes
# What XML cannot hold, and what would be read as an escape of it.
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_CHOICES = {
    HEAD["hit"]: tuple(HITS.values()),
    HEAD["aggregation"]: tuple(AGGREGATION_TITLES.values()),
    ROLE: ROLES,
    TYPE: tuple(TYPES.values()),
}


def read_xlsx(data: bytes, file: str, problems: Diagnostics) -> Grid | None:
    """The grid of an XLSX file; None with the reasons in `problems`."""
    found = SheetProblems(file, problems)
    try:
        packed, scan = open_archive(data)
        sheet = python_calamine.load_workbook(io.BytesIO(packed)).get_sheet_by_index(0)
        values = sheet.to_python(skip_empty_area=False)
    except TooLarge as error:
        found.add(
            "sheet-too-large",
            None,
            size=error.size,
            limit=error.limit,
            what_zh=error.zh,
            what_en=error.en,
        )
        return None
    except ArchiveError as error:
        found.add("sheet-unreadable", None, problem_zh=error.zh, problem=error.en)
        return None
    except (python_calamine.CalamineError, ValueError, IndexError) as error:
        zh, en = "文件已损坏", f"damaged: {str(error)[:80]}"
        found.add("sheet-unreadable", None, problem_zh=zh, problem=en)
        return None
    grid = _interpret(file, values, scan, found)
    found.close()
    return grid


def write_xlsx(grid: Grid) -> bytes:
    """A workbook of one sheet, its columns wide enough, with lists to choose from; always the same bytes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _SHEET
    for number, row in enumerate(grid.rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if text:
                cell.value = _ESCAPED.sub(lambda c: f"_x{ord(c[0]):04X}_", text)
                cell.data_type = "s"  # a text that starts with = is no formula
                cell.quotePrefix = True  # nor becomes one when it is edited
    _dress(sheet, grid)
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


# --- reading -----------------------------------------------------------------------------------


def _interpret(
    file: str, values: list[list[Any]], scan: Scan, problems: SheetProblems
) -> Grid | None:
    _refuse_unreadable(scan, problems)
    feel: dict[Position, str] = {}
    rows: list[list[str]] = []
    broken = {*scan.formulas, *scan.errors}
    for number, row in enumerate(values, 1):
        rows.append([])
        for column, value in enumerate(row, 1):
            text = value if isinstance(value, str) else ""
            if (number, column) in broken:
                text = "null"  # reported above; the rest of the table is still read
            elif not isinstance(value, str):
                text, expression = _plain(value, (number, column), problems)
                if expression != text:
                    feel[number, column] = expression
            rows[-1].append(text)
    cells = trimmed(rows)
    return Grid(file, cells, feel) if check_size(cells, problems) else None


def _plain(value: object, position: Position, problems: SheetProblems) -> tuple[str, str]:
    """A cell that is no text: as text and as FEEL."""
    if isinstance(value, bool):
        text = "true" if value else "false"
        return text, text
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if not number.is_finite():
            _report(problems, position, str(value), "此格不是一个数", "this cell is no number")
            return "null", "null"
        text = format(number, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(number.normalize().as_tuple().digits) > _DIGITS:
            zh, en = "此数超过 15 位，表格软件已舍去后面的位数", "a number of more than 15 digits"
            _report(problems, position, text, zh, en)
        return text, text
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | datetime | time):
        text = value.isoformat()
        return text, f'@"{text}"'
    _report(
        problems, position, str(value), "不支持此格的类型（时长）", "a duration is not supported"
    )
    return "null", "null"


def _refuse_unreadable(scan: Scan, problems: SheetProblems) -> None:
    for position in scan.formulas:
        _report(problems, position, "", "此格是公式，规则不能随计算变化", "this cell is a formula")
    for position, text in scan.errors.items():
        _report(problems, position, text, f"此格是错误值 {text}", f"this cell is the error {text}")
    for position in scan.merged:
        _report(problems, position, "", "此处有合并的单元格，看不出各格的内容", "merged cells")


def _report(problems: SheetProblems, position: Position, excerpt: str, zh: str, en: str) -> None:
    problems.add(
        "sheet-cell",
        position,
        excerpt=excerpt,
        problem_zh=zh,
        problem=en,
        help_zh="请取消合并，并把每一格设为“文本”格式，直接写出内容。",
        help_en="Unmerge, format the cells as text and write each one out.",
    )


# --- writing -----------------------------------------------------------------------------------


def _dress(sheet: Worksheet, grid: Grid) -> None:
    """Widths, shades and lists to choose from; nothing that is read back."""
    labels = [row[0] if row else "" for row in grid.rows]
    first = labels.index("1") + 1 if "1" in labels else len(labels) + 1
    shade = PatternFill("solid", fgColor="EEF3FA")
    for number in range(1, first):
        for cell in sheet[number]:
            if cell.column == 1 or labels[number - 1] == NAMES:
                cell.font, cell.fill = Font(bold=True), shade
    for label, words in _CHOICES.items():
        if label in labels:
            number = labels.index(label) + 1
            last = get_column_letter(max(2, len(grid.rows[number - 1])))
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
            choice.add(f"B{number}:{last}{number}")
            sheet.add_data_validation(choice)
    width = max(map(len, grid.rows), default=0)
    for column in range(1, width + 1):
        longest = max(len(grid.text(n, column)) for n in range(1, len(grid.rows) + 1))
        sheet.column_dimensions[get_column_letter(column)].width = min(48, max(10, longest * 2))
    sheet.freeze_panes = f"B{first}"


def _undated(data: bytes) -> bytes:
    """The same workbook without the moment at which it was written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                stamp = f">{_MADE.isoformat()}Z<".encode()
                content = re.sub(rb">[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z<", stamp, content)
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return stream.getvalue()
