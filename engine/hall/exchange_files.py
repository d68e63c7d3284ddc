"""The exchange sets as files: CSV and XLSX for people and intermediate databases, JSON Lines as it is.

A cell that a spreadsheet would take for a formula gets an apostrophe in front in CSV, and is text in
XLSX: whoever opens the file runs nothing that an applicant typed. JSON Lines keeps every character.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Final

from engine.hall.exchange import ExchangeSet

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def to_csv(exchanged: ExchangeSet) -> bytes:
    """With a byte order mark, by which spreadsheets know that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(exchanged.columns)
    for row in exchanged.rows:
        writer.writerow([harmless(row[column]) for column in exchanged.columns])
    return text.getvalue().encode("utf-8-sig")


def to_json_lines(exchanged: ExchangeSet) -> bytes:
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in exchanged.rows)
    return "".join(f"{line}\n" for line in lines).encode()


def to_xlsx(exchanged: ExchangeSet) -> bytes:
    """One sheet, every cell text."""
    from openpyxl import Workbook  # type: ignore[import-untyped,unused-ignore]
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(exchanged.title)
    lines = [
        exchanged.columns,
        *(tuple(row[c] for c in exchanged.columns) for row in exchanged.rows),
    ]
    for line in lines:
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, value=harmless(value))
            cell.data_type = "s"  # never a formula, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def harmless(value: str) -> str:
    """The value as a spreadsheet may be given it: nothing that it would compute, no control characters."""
    plain = "".join(c if c.isprintable() or c in "\n\u3000" else " " for c in value)
    is_formula = any(text.startswith(_FORMULA) for text in (value, plain, plain.lstrip()))
    return f"'{plain}" if is_formula else plain


EXCHANGE_WRITERS: Final[Mapping[str, Callable[[ExchangeSet], bytes]]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
    "jsonl": to_json_lines,
}
