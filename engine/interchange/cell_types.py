"""The types and units that a sheet names, held against what the matter declares and the cells give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.definitions import Matter
from engine.feel import FeelSyntaxError, compile_expression, tree
from engine.interchange.cells import Grid, SheetProblems
from engine.interchange.sheet_words import NAMES, OF_COLUMNS, TYPE, TYPES, key_of

_ONE_OF = f"a type is one of {', '.join(TYPES)}"


@dataclass(frozen=True)
class Declared:
    """What a matter says of a fact or parameter."""

    type: str
    unit: str | None


def declared_in(data: object) -> dict[str, Declared]:
    """The facts and parameters declared in a matter's document, as far as they are well formed."""
    found = {}
    for group in ("facts", "parameters"):
        entries = data.get(group) if isinstance(data, dict) else None
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and entry.get("type") in TYPES:
                unit = entry.get("unit")
                found[name] = Declared(entry["type"], unit if isinstance(unit, str) else None)
    return found


def declared_by(matter: Matter) -> dict[str, Declared]:
    facts = {name: Declared(f.type, f.unit) for name, f in matter.facts.items()}
    return facts | {name: Declared(p.type, p.unit) for name, p in matter.parameters.items()}


def type_of_cells(cells: Iterable[str]) -> str | None:
    """The type that all these expressions have on their face; None where one does not show it."""
    found = {_type_of(text) for text in cells}
    if found == {"integer", "decimal"}:
        return "decimal"
    return found.pop() if len(found) == 1 else None


def check_column(
    grid: Grid,
    problems: SheetProblems,
    labelled: Mapping[str, int],
    column: int,
    declared: Declared | None,
    rules: Iterable[int] = (),
) -> None:
    """Reports a type or unit other than declared, and a cell of `rules` of another type than named.

    `labelled` are the rows of the head by their labels.
    """
    check = _ColumnCheck(grid, problems, labelled, column)
    if declared is not None:
        check.unit(declared)
    row, written = check.said(TYPE)
    kind = key_of(TYPES, written)
    if not written:
        return
    if kind not in TYPES:
        check.report(row, "type", written, f"类型只能是{'、'.join(TYPES.values())}", _ONE_OF)
    elif declared is not None and declared.type != kind:
        zh, en = f"事项中声明为{TYPES[declared.type]}", f"the matter declares {declared.type}"
        check.report(row, "type", written, zh, en)
    for rule in rules:
        text = grid.expression(rule, column)
        shown = _type_of(text) if text.strip() else None
        if shown is not None and kind in TYPES and not _fits(shown, kind):
            zh, en = f"此格是{TYPES[shown]}", f"this cell is of type {shown}"
            check.report(rule, "type", written, zh, en)


@dataclass(frozen=True)
class _ColumnCheck:
    grid: Grid
    problems: SheetProblems
    labelled: Mapping[str, int]
    column: int

    def said(self, label: str) -> tuple[int, str]:
        """The row of the head, and what it says of this column."""
        row = self.labelled.get(label, 0)
        return row, self.grid.text(row, self.column).strip()

    def unit(self, declared: Declared) -> None:
        row, written = self.said(OF_COLUMNS["units"])
        if written and written != declared.unit:
            zh = f"事项中声明为“{declared.unit}”" if declared.unit else "事项中没有声明单位"
            en = f'the matter declares "{declared.unit}"' if declared.unit else "none is declared"
            self.report(row, "unit", written, zh, en)

    def report(self, row: int, what: str, written: str, zh: str, en: str) -> None:
        self.problems.add(
            "sheet-type",
            (row, self.column),
            excerpt=self.grid.expression(row, self.column),
            name=self.said(NAMES)[1],
            what_zh={"type": "类型", "unit": "单位"}[what],
            what_en=what,
            written=written,
            declared_zh=zh,
            declared_en=en,
        )


def _fits(shown: str, kind: str) -> bool:
    return shown == kind or (shown, kind) == ("integer", "decimal")


def _type_of(text: str) -> str | None:
    try:
        node = compile_expression(text).tree
    except FeelSyntaxError:
        return None  # the checks say what is wrong with it
    if isinstance(node, tree.Negative):
        node = node.operand
    if isinstance(node, tree.Literal):
        return _type_of_literal(node.value)
    if isinstance(node, tree.AtLiteral):
        return "date" if len(node.text) == 10 else None
    return "list" if isinstance(node, tree.ListOf) else None


def _type_of_literal(value: Decimal | str | bool | None) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "integer" if value == value.to_integral_value() else "decimal"
    return "text" if isinstance(value, str) else None
