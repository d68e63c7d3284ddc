"""A grid to a table: the tree that the same table written in YAML would give, each value at its cell.

Column A says what a row is: a part of the head (编号, 命中方式 …), a line above the columns (列名,
作用, 类型 …), or a rule, where it holds a number or nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.definitions import Row
from engine.diagnostics import nearest
from engine.interchange.cell_types import Declared, check_column
from engine.interchange.cells import MAX_COLUMNS, Grid, Position, SheetProblems
from engine.interchange.sheet_words import (
    BASIS,
    BASIS_PARTS,
    COLUMN_HEAD,
    CONDITION,
    HEAD,
    NAMES,
    NO,
    NOTE,
    OF_COLUMNS,
    OUTPUT,
    ROLE,
    ROLES,
    TITLES,
    YES,
    canonical,
    key_of,
)
from engine.source import Mapping as MappingNode
from engine.source import Node, Scalar, Sequence
from engine.source.document import Span

_RULE = re.compile(r"[0-9]*")
_BASIS = re.compile(rf"{BASIS}([2-9]|[1-9][0-9])?\.(\w+)")
_WIDTH = MAX_COLUMNS + 2  # offsets of one row, so that every cell has its own
_Entries = list[tuple[Scalar, Node]]


@dataclass(frozen=True)
class Column:
    """One column of the table, by its number in the sheet."""

    number: int
    name: str
    role: str


@dataclass
class _Layout:
    """Which row is what: labelled rows by label, in order, and the rules."""

    labelled: dict[str, int] = field(default_factory=dict)
    rules: list[int] = field(default_factory=list)


def read_table(
    grid: Grid, problems: SheetProblems, declared: Mapping[str, Declared], base: int
) -> MappingNode | None:
    """The table in the sheet as a tree whose offsets begin at `base`.

    `declared` are the facts that the matter declares, whose types and units must agree. None when
    the sheet does not say which table it is or what its columns are.
    """
    reader = _Reader(grid, problems, base)
    table = reader.read()
    labelled = reader.layout.labelled
    computed = labelled.get(OF_COLUMNS["inputs"], 0)
    for column in reader.columns:
        if column.role == OUTPUT:
            check_column(grid, problems, labelled, column.number, None, reader.layout.rules)
        elif column.role == CONDITION and not grid.text(computed, column.number).strip():
            check_column(grid, problems, labelled, column.number, declared.get(column.name))
    return table


def last_offset(base: int, grid: Grid) -> int:
    """The first offset after those that `read_table` gives out."""
    return base + (len(grid.rows) + 1) * _WIDTH


class _Reader:
    def __init__(self, grid: Grid, problems: SheetProblems, base: int) -> None:
        self.grid, self.problems, self.base = grid, problems, base
        self.layout = _Layout()
        self.columns: list[Column] = []

    def read(self) -> MappingNode | None:
        for row in range(1, len(self.grid.rows) + 1):
            self._place_row(row)
        missing = [label for label in (HEAD["id"], NAMES, ROLE) if not self._has(label)]
        for label in missing:
            self._head_problem(
                None, f"缺少“{label}”这一行", f'there is no row "{label}" in column A', label
            )
        if missing:
            return None
        self.columns = list(self._read_columns())
        if not any(column.role == OUTPUT for column in self.columns):
            row = self.layout.labelled[ROLE]
            self._column_problem(
                (row, 1),
                "没有一列的作用是“输出”",
                "no column has the role 输出 (output)",
            )
            return None
        self._check_stray()
        return MappingNode(self._span(1, 0), tuple(self._entries()))

    def _has(self, label: str) -> bool:
        row = self.layout.labelled.get(label)
        return row is not None and any(t.strip() for t in self.grid.rows[row - 1][1:])

    # --- which row is what -----------------------------------------------------------------

    def _place_row(self, row: int) -> None:
        cells = self.grid.rows[row - 1]
        if not any(text.strip() for text in cells):
            return
        label = canonical(cells[0])
        if _RULE.fullmatch(label):
            if any(text.strip() for text in cells[1:]):
                self.layout.rules.append(row)
        elif label in self.layout.labelled:
            zh, en = f"“{label}”写了两次", f'"{label}" is written twice'
            self._head_problem((row, 1), zh, en)
        elif label in COLUMN_HEAD or self._is_single(label, row, cells) or self._is_law(label):
            self.layout.labelled[label] = row
        else:
            zh, en = (
                f"A 列的“{label}”不是表头的项目",
                f'column A names "{label}", which is not known',
            )
            self._head_problem((row, 1), zh, en, label)

    def _is_single(self, label: str, row: int, cells: tuple[str, ...]) -> bool:
        if label not in HEAD.values():
            return False
        for column, text in enumerate(cells[2:], 3):
            if text.strip():
                self._stray((row, column))
        return True

    def _is_law(self, label: str) -> bool:
        found = _BASIS.fullmatch(label)
        return found is not None and found[1] is None and _part(label) is not None

    # --- columns ---------------------------------------------------------------------------

    def _read_columns(self) -> Iterator[Column]:
        names, roles = self.layout.labelled[NAMES], self.layout.labelled[ROLE]
        seen: set[tuple[str, str]] = set()
        for number in range(2, max(len(self.grid.rows[n - 1]) for n in (names, roles)) + 1):
            name = self.grid.text(names, number).strip()
            role = canonical(self.grid.text(roles, number))
            if not name and not role:
                continue
            wrong = self._wrong_column(name, role, seen)
            if wrong is not None:
                position = (roles if wrong[2] else names, number)
                self._column_problem(position, wrong[0], wrong[1])
                # What stands below is not said to belong to no column.
                yield Column(number, name, "")
                continue
            seen.add(_meant(name, role))
            yield Column(number, name, role)

    def _wrong_column(
        self, name: str, role: str, seen: set[tuple[str, str]]
    ) -> tuple[str, str, bool] | None:
        """What is wrong with a column in Chinese and English, and whether it is its role."""
        if not name:
            return "此列没有列名", "this column has no name", False
        if _meant(name, role) in seen:
            return f"列名“{name}”写了两次", f'the column "{name}" is written twice', False
        if role not in ROLES:
            zh = f"列“{name}”的作用只能是{'、'.join(ROLES)}，此处是“{role}”"
            en = f'the role of "{name}" is one of {", ".join(ROLES)}, not "{role}"'
            return zh, en, True
        if role == BASIS and (_BASIS.fullmatch(name) is None or _part(name) is None):
            listed = "、".join(f"{BASIS}.{part}" for part in BASIS_PARTS.values())
            zh = f"作用为“依据”的列，列名应为{listed}；第二条依据写作 {BASIS}2.法律"
            return (
                zh,
                f"a column of laws is named {BASIS}.法律 …, of a second law {BASIS}2.法律",
                False,
            )
        if role in (CONDITION, OUTPUT) and name in Row.model_fields:
            return f"“{name}”不能用作列名", f'"{name}" cannot be the name of a column', False
        return None

    def _check_stray(self) -> None:
        """Whatever is written where no column is would be lost."""
        known = {1, *(column.number for column in self.columns)}
        below = [self.layout.labelled[n] for n in COLUMN_HEAD if n in self.layout.labelled]
        for row in (*below, *self.layout.rules):
            for number, text in enumerate(self.grid.rows[row - 1], 1):
                if number not in known and text.strip():
                    self._stray((row, number))

    # --- the tree --------------------------------------------------------------------------

    def _entries(self) -> Iterator[tuple[Scalar, Node]]:
        yield from self._single_values()
        outputs = [c for c in self.columns if c.role == OUTPUT]
        names = self.layout.labelled[NAMES]
        items = tuple(self._scalar(names, c.number, c.name) for c in outputs)
        yield self._key(names, 1, "gives"), Sequence(self._span(names, 0), items)
        for key, label in OF_COLUMNS.items():
            if (row := self.layout.labelled.get(label)) is not None:
                entries = tuple(self._of_columns(key, row))
                if entries:
                    yield self._key(row, 1, key), MappingNode(self._span(row, 0), entries)
        laws = tuple(self._laws())
        if laws:
            span = laws[0].span
            yield self._key(span.line, 1, "basis"), Sequence(span, laws)
        first = self.layout.rules[0] if self.layout.rules else names
        rows = tuple(self._rule(row) for row in self.layout.rules)
        yield self._key(first, 1, "rows"), Sequence(self._span(first, 0), rows)

    def _single_values(self) -> Iterator[tuple[Scalar, Node]]:
        for key, label in HEAD.items():
            row = self.layout.labelled.get(label)
            text = "" if row is None else self.grid.text(row, 2)
            if row is not None and text.strip():
                if key in TITLES:
                    text = key_of(TITLES[key], text)
                    if text not in TITLES[key]:
                        self._not_one_of(row, label, TITLES[key])
                        continue
                value = text if key in ("title", "reason") else text.strip()
                yield self._key(row, 1, key), self._scalar(row, 2, value)

    def _of_columns(self, key: str, row: int) -> Iterator[tuple[Scalar, Node]]:
        """A row of the head that says something of each column."""
        for column in self.columns:
            is_said = column.role == OUTPUT or (column.role == CONDITION and key != "units")
            if is_said and (text := self.grid.text(row, column.number)).strip():
                if key != "units":
                    text = self.grid.expression(row, column.number)
                name = self._key(self.layout.labelled[NAMES], column.number, column.name)
                yield name, self._scalar(row, column.number, text)

    def _laws(self) -> Iterator[MappingNode]:
        """The laws of the table as a whole: one in each column of the rows 依据.法律 …"""
        parts = {
            part: row
            for label, row in self.layout.labelled.items()
            if label.startswith(f"{BASIS}.") and (part := _part(label)) is not None
        }
        width = max((len(self.grid.rows[row - 1]) for row in parts.values()), default=0)
        for column in range(2, width + 1):
            cells = [(part, row, column) for part, row in parts.items()]
            if (law := self._law(cells)) is not None:
                yield law

    def _rule(self, row: int) -> MappingNode:
        entries: _Entries = []
        for column in self.columns:
            text = self.grid.text(row, column.number)
            if not text.strip() or column.role not in (CONDITION, OUTPUT, NOTE):
                continue
            name = "note" if column.role == NOTE else column.name
            if column.role != NOTE:
                text = self.grid.expression(row, column.number)
            key = self._key(self.layout.labelled[NAMES], column.number, name)
            entries.append((key, self._scalar(row, column.number, text)))
        groups: dict[str, list[tuple[str, int, int]]] = {}
        for column in self.columns:
            if column.role == BASIS and (part := _part(column.name)) is not None:
                place = column.name.partition(".")[0]
                groups.setdefault(place, []).append((part, row, column.number))
        laws = tuple(law for cells in groups.values() if (law := self._law(cells)) is not None)
        if laws:
            entries.append((self._key(row, 1, "basis"), Sequence(laws[0].span, laws)))
        return MappingNode(self._span(row, 0), tuple(entries))

    def _law(self, cells: list[tuple[str, int, int]]) -> MappingNode | None:
        """One law from its parts, each with the row and column of its cell; None when all are empty."""
        entries: _Entries = []
        for part, row, column in cells:
            text = self.grid.text(row, column)
            if text.strip():
                value: str | bool = text
                if part == "verified":
                    value = {YES: True, NO: False}.get(canonical(text), text)
                entries.append((self._key(row, column, part), self._scalar(row, column, value)))
        if not entries:
            return None
        return MappingNode(entries[0][1].span, tuple(entries))

    def _span(self, row: int, column: int) -> Span:
        """A cell, or with column 0 what its row stands for, which is shown at the first cell."""
        start = self.base + row * _WIDTH + column
        shown = max(column, 1)
        return Span(start, start, row, shown, row, shown)

    def _scalar(self, row: int, column: int, value: str | bool) -> Scalar:
        return Scalar(self._span(row, column), value, '"')

    def _key(self, row: int, column: int, name: str) -> Scalar:
        return Scalar(self._span(row, column), name)

    # --- problems --------------------------------------------------------------------------

    def _stray(self, position: Position) -> None:
        text = self.grid.text(*position)
        self.problems.add(
            "sheet-cell",
            position,
            excerpt=text,
            problem_zh="此格不属于任何一列，内容会丢失",
            problem="this cell belongs to no column and would be lost",
            help_zh="请删去，或在“列名”和“作用”两行中写明这一列。",
            help_en="Remove it, or name the column in the rows 列名 and 作用.",
        )

    def _column_problem(self, position: Position, zh: str, en: str) -> None:
        text = self.grid.text(*position)
        self.problems.add(
            "sheet-column",
            position,
            excerpt=text,
            problem_zh=zh,
            problem=en,
            help_zh="每一列在“列名”行写事实的名称，在“作用”行写条件、输出、依据或说明，名称不能重复。",
            help_en="Each column has its own name in the row 列名 and its role in the row 作用.",
        )

    def _not_one_of(self, row: int, label: str, titles: Mapping[str, str]) -> None:
        written, zh = self.grid.text(row, 2).strip(), "、".join(titles.values())
        self.problems.add(
            "sheet-cell",
            (row, 2),
            excerpt=written,
            problem_zh=f"“{label}”不认识“{written}”",
            problem=f'"{label}" cannot be "{written}"',
            help_zh=f"可写：{zh}。",
            help_en=f"One of: {', '.join(titles)}.",
        )

    def _head_problem(self, position: Position | None, zh: str, en: str, label: str = "") -> None:
        known = [*HEAD.values(), *COLUMN_HEAD, *(f"{BASIS}.{p}" for p in BASIS_PARTS.values())]
        close = nearest(label, known) if label and position is not None else ""
        self.problems.add(
            "sheet-head",
            position,
            excerpt=self.grid.text(*position) if position is not None else "",
            problem_zh=zh,
            problem=en,
            hint_zh=f"是否想写“{close}”？" if close else "",
            hint_en=f'Did you mean "{close}"? ' if close else "",
            known_zh="、".join(known),
            known_en=", ".join(known),
        )


def _meant(name: str, role: str) -> tuple[str, str]:
    """What a column says, of which there can be one: a fact, a part of a law, the note."""
    if role == BASIS:
        return name.partition(".")[0] + ".", _part(name) or name
    return ("", "") if role == NOTE else ("", name)


def _part(name: str) -> str | None:
    """The part of a law that 依据.法律 or 依据2.law names."""
    word = name.partition(".")[2]
    titles = {title: key for key, title in BASIS_PARTS.items()}
    return titles.get(word) or (word if word in BASIS_PARTS else None)
