"""Decision tables as CSV and XLSX files: the door to reading and writing them."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from engine.definitions import Table
from engine.diagnostics import Diagnostics, TongbanError
from engine.interchange.cell_types import Declared, declared_by
from engine.interchange.cells import Grid, SheetProblems
from engine.interchange.csv_sheet import read_csv, write_csv
from engine.interchange.grafting import JoinedDocument, SheetRefused, join_sheets, sheet_names
from engine.interchange.sheet_reading import read_table
from engine.interchange.sheet_writing import table_grid
from engine.source.document import to_data

__all__ = [
    "MAX_SHEET_BYTES",
    "SUFFIXES",
    "Declared",
    "JoinedDocument",
    "SheetError",
    "SheetRefused",
    "declared_by",
    "join_sheets",
    "read_grid",
    "read_sheet",
    "sheet_names",
    "write_sheet",
]

SUFFIXES = (".csv", ".xlsx")
MAX_SHEET_BYTES = 16_000_000


class SheetError(TongbanError):
    """A table that no sheet can hold as it is."""


def read_grid(data: bytes, file: str, problems: Diagnostics) -> Grid | None:
    """The cells of a file by its suffix; None with the reasons in `problems`."""
    if len(data) > MAX_SHEET_BYTES:
        found = SheetProblems(file, problems)
        size, limit = len(data), MAX_SHEET_BYTES
        found.add(
            "sheet-too-large", None, size=size, limit=limit, what_zh="个字节", what_en="bytes"
        )
        return None
    if _suffix(file) == ".csv":
        return read_csv(data, file, problems)
    from engine.interchange.xlsx_sheet import read_xlsx  # late: heavy

    return read_xlsx(data, file, problems)


def write_sheet(table: Table, declared: Mapping[str, Declared], file: str) -> bytes:
    """The bytes of a CSV or XLSX file, by the suffix of `file`, from which the very same table is read.

    Raises SheetError for what a sheet cannot hold, an invisible character for example.
    """
    grid = table_grid(table, declared, file)
    try:
        if _suffix(file) == ".csv":
            data = write_csv(grid)
        else:
            from engine.interchange.xlsx_sheet import write_xlsx  # late: heavy

            data = write_xlsx(grid)
    except UnicodeEncodeError:
        raise SheetError(
            f"表“{table.label}”含有不完整的字符，无法写出 / a character of the table is incomplete"
        ) from None
    _verify(table, declared, data, file)
    return data


def read_sheet(
    data: bytes, file: str, declared: Mapping[str, Declared], problems: Diagnostics
) -> dict[str, Any] | None:
    """The table in a file as plain data, as YAML would give it; None when it names no table."""
    grid = read_grid(data, file, problems)
    if grid is None:
        return None
    found = SheetProblems(file, problems)
    node = read_table(grid, found, declared, 0)
    found.close()
    return None if node is None else to_data(node)


def _suffix(file: str) -> str:
    return PurePath(file).suffix.lower()


def _verify(table: Table, declared: Mapping[str, Declared], data: bytes, file: str) -> None:
    """Whoever opens the file must find this table, nothing less: so it is read at once."""
    problems = Diagnostics()
    plain = read_sheet(data, file, declared, problems)
    try:
        again = None if plain is None else Table.model_validate(plain)
    except ValidationError:
        again = None
    if again is None or problems.has_errors or (again, again.columns) != (table, table.columns):
        raise SheetError(
            f"表“{table.label}”有表格文件容不下的内容（如不可见字符、过长的文字），未写出"
            " / the table holds what a sheet cannot, so nothing was written",
            problems,
        )
