"""A table to a grid: everything the definition says of it, where a clerk finds it again."""

from collections.abc import Iterator, Mapping

from engine.definitions import Basis, Row, Table
from engine.interchange.cell_types import Declared, type_of_cells
from engine.interchange.cells import Grid
from engine.interchange.sheet_words import (
    BASIS,
    BASIS_PARTS,
    CONDITION,
    HEAD,
    NAMES,
    NO,
    NOTE,
    OF_COLUMNS,
    OUTPUT,
    ROLE,
    TITLES,
    TYPE,
    TYPES,
    YES,
)

_Line = tuple[str, ...]


def table_grid(table: Table, declared: Mapping[str, Declared], file: str) -> Grid:
    """The sheet of a table; `declared` are the facts whose types and units stand above their columns."""
    writer = _Writer(table, declared)
    lines = [*writer.head(), (), *writer.column_head(), *writer.rules()]
    return Grid(file, tuple(lines))


class _Writer:
    def __init__(self, table: Table, declared: Mapping[str, Declared]) -> None:
        self.table, self.declared = table, declared
        unused = (name for name in table.inputs if name not in table.gives)
        self.inputs = tuple(dict.fromkeys((*table.columns, *unused)))
        self.laws = max((len(row.basis) for row in table.rows), default=0)
        self.has_notes = any(row.note is not None for row in table.rows)

    def head(self) -> Iterator[_Line]:
        for key, label in HEAD.items():
            value = getattr(self.table, key)
            if value is not None:
                yield label, TITLES.get(key, {}).get(value, value)
        for part, label in BASIS_PARTS.items():
            cells = [_law_cell(law, part) for law in self.table.basis]
            if any(cells):
                yield (f"{BASIS}.{label}", *cells)

    def column_head(self) -> Iterator[_Line]:
        names = (*self.inputs, *self.table.gives)
        laws = [
            f"{BASIS}{number if number > 1 else ''}.{label}"
            for number in range(1, self.laws + 1)
            for label in BASIS_PARTS.values()
        ]
        notes = [NOTE] * self.has_notes
        roles = [CONDITION] * len(self.inputs) + [OUTPUT] * len(self.table.gives)
        yield (NAMES, *names, *laws, *notes)
        yield (ROLE, *roles, *([BASIS] * len(laws)), *notes)
        yield (TYPE, *(self._type(name) for name in names))
        for key, label in OF_COLUMNS.items():
            said = getattr(self.table, key)
            cells = [said.get(name, "") for name in names]
            if key == "units":
                cells = [self._unit(name) for name in names]
            if any(cells):
                yield (label, *cells)

    def rules(self) -> Iterator[_Line]:
        for number, row in enumerate(self.table.rows, 1):
            cells = row.cells
            values = [cells.get(name, "") for name in (*self.inputs, *self.table.gives)]
            notes = [row.note or ""] * self.has_notes
            yield (str(number), *values, *self._laws(row), *notes)

    def _laws(self, row: Row) -> Iterator[str]:
        for number in range(self.laws):
            law = row.basis[number] if number < len(row.basis) else None
            for part in BASIS_PARTS:
                yield "" if law is None else _law_cell(law, part)

    def _type(self, name: str) -> str:
        if name in self.declared and name not in self.table.inputs:
            return TYPES[self.declared[name].type]
        if name in self.table.gives:
            found = type_of_cells(row.cells.get(name, "null") for row in self.table.rows)
            return TYPES.get(found or "", "")
        return ""

    def _unit(self, name: str) -> str:
        if name in self.table.units or name in self.table.gives or name in self.table.inputs:
            return self.table.units.get(name, "")
        return (self.declared[name].unit or "") if name in self.declared else ""


def _law_cell(law: Basis, part: str) -> str:
    value = getattr(law, part)
    if isinstance(value, bool):
        return YES if value else NO
    return value or ""
