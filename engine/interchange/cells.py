"""A sheet as a grid of cells, whatever file it came from, and how a cell is named in a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.diagnostics import Diagnostics, Place

# Ten times the largest table known, and little enough to be read in a blink.
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_AREA = 1_000_000  # cells, empty ones among them
MAX_CHARACTERS = 32_767  # in one cell: Excel's own limit
MOST_MISTAKES = 200  # listed in one sheet; the rest are counted

Position = tuple[int, int]  # row and column, from 1


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet by row, ragged. `feel` is what a cell of another kind says in FEEL.

    A date cell reads 2026-01-31 where a text is wanted and @"2026-01-31" where FEEL is.
    """

    file: str
    rows: tuple[tuple[str, ...], ...]
    feel: Mapping[Position, str] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, row: int, column: int) -> str:
        """The cell as text; empty where the sheet has none."""
        if not 0 < row <= len(self.rows) or not 0 < column <= len(self.rows[row - 1]):
            return ""
        return self.rows[row - 1][column - 1]

    def expression(self, row: int, column: int) -> str:
        """The cell as FEEL."""
        return self.feel.get((row, column)) or self.text(row, column)

    def place(self, row: int, column: int) -> Place:
        return cell_place(self.file, row, column, len(self.expression(row, column)))


def cell_place(file: str, row: int, column: int, length: int, start: int = 0) -> Place:
    """A cell, of whose text `length` characters from `start` are meant."""
    return Place(file, row, column, row, column, within=(start, start + length))


class SheetProblems:
    """Adds what is wrong with one sheet: so many mistakes are listed, the others only counted."""

    def __init__(self, file: str, problems: Diagnostics) -> None:
        self.file, self.problems = file, problems
        self.count = 0

    def add(
        self, code: str, position: Position | None, *, excerpt: str = "", **words: object
    ) -> None:
        """A problem of a cell, or of the file as a whole."""
        self.count += 1
        if self.count > MOST_MISTAKES:
            return
        place = Place(self.file)
        if position is not None:
            place = cell_place(self.file, *position, len(excerpt))
        self.problems.add(code, place, excerpt=excerpt, **words)

    def close(self) -> None:
        """Says how many were not listed."""
        if self.count > MOST_MISTAKES:
            more = self.count - MOST_MISTAKES
            self.problems.add(
                "sheet-cell",
                Place(self.file),
                problem_zh=f"另有 {more} 处问题未列出",
                problem=f"{more} more mistakes are not listed",
                help_zh="改正后请再次检查。",
                help_en="Check again when these are mended.",
            )


def trimmed(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The rows without the empty cells at their ends and the empty rows at the end."""
    found = []
    for row in rows:
        width = len(row)
        while width and not row[width - 1].strip():
            width -= 1
        found.append(tuple(row[:width]))
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def check_size(rows: Sequence[Sequence[str]], problems: SheetProblems) -> bool:
    """Whether the sheet is within the limits; what is not is reported."""
    width = max(map(len, rows), default=0)
    for zh, en, size, limit in (
        ("行", "rows", len(rows), MAX_ROWS),
        ("列", "columns", width, MAX_COLUMNS),
        ("个单元格", "cells", len(rows) * width, MAX_AREA),
    ):
        if size > limit:
            problems.add("sheet-too-large", None, size=size, limit=limit, what_zh=zh, what_en=en)
            return False
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if len(text) > MAX_CHARACTERS:
                problems.add(
                    "sheet-too-large",
                    (number, column),
                    excerpt=text[:60],
                    size=len(text),
                    limit=MAX_CHARACTERS,
                    what_zh="个字符（一个单元格内）",
                    what_en="characters in one cell",
                )
                return False
    return True
