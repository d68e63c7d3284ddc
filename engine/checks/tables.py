"""Decision tables: their cells, columns and hit policy; and the types of what they give."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.checks.constant_comparisons import ConstantSearch
from engine.checks.expressions import ExpressionCheck
from engine.checks.names import names_of
from engine.checks.possible_values import ANYTHING, Possible
from engine.checks.subject import Subject, hints
from engine.checks.typing import (
    DATE,
    DAYS,
    MOMENT,
    MONTHS,
    NUMBER,
    TIME,
    TypeCheck,
    fits,
    type_title,
)
from engine.decision.hit_policies import find_misuses
from engine.decision.program import FUNCTIONS
from engine.definitions import Matter, Table
from engine.definitions.tables import LISTING
from engine.feel import FeelSyntaxError, FeelType, compile_expression, compile_unary
from engine.feel.tree import Literal
from engine.feel.types import ANY, NULL, ContextType, ListType
from engine.profile import compile_cell, compile_rule
from engine.source import Path

Names = Mapping[str, FeelType]
_SHOWN: Final = 10  # values named in one message
_EXTREMES: Final = (NUMBER, DATE, TIME, MOMENT, DAYS, MONTHS)
_TOTALLED: Final = {"sum": (NUMBER,), "min": _EXTREMES, "max": _EXTREMES}
_REASONED: Final = {"first": "table-first-reason", "priority": "table-priority-reason"}


def given_types(table: Table, names: Names) -> dict[str, FeelType]:
    """The facts that the table gives, of the types that its cells have."""
    outputs = output_types(table, names)
    if table.records is not None:
        return {table.records: ListType(ContextType(tuple(outputs.items())))}
    if table.aggregation == "count":
        return dict.fromkeys(outputs, NUMBER)
    if table.hit in LISTING and table.aggregation is None:
        return {name: ListType(kind) for name, kind in outputs.items()}
    return outputs


def output_types(table: Table, names: Names) -> dict[str, FeelType]:
    """The type of each output of one row; any, where rows differ."""
    return {name: _output_type(table, name, names) for name in table.gives}


def _output_type(table: Table, name: str, names: Names) -> FeelType:
    kinds = {_expression_type(row.cells.get(name, "null"), names) for row in table.rows}
    return kinds.pop() if len(kinds) == 1 else ANY


def _expression_type(text: str, names: Names) -> FeelType:
    try:
        return TypeCheck(names).type_of(compile_expression(text).tree)
    except FeelSyntaxError:
        return ANY


class TableCheck:
    """One table of a matter under check, among names with their types."""

    def __init__(
        self, subject: Subject[Matter], check: ExpressionCheck, index: int, names: Names
    ) -> None:
        self.subject, self.check, self.names = subject, check, names
        self.base: Path = ("tables", index)
        self.table = subject.definition.tables[index]
        self.inputs = self.table.columns  # found by going through every row, so only once
        columns = {column: names.get(column, ANY) for column in self.inputs}
        columns |= {name: _expression_type(t, names) for name, t in self.table.inputs.items()}
        self.columns = columns
        self.possible = {column: self._possible(column) for column in self.inputs}
        is_listed = self.table.hit in LISTING
        self.outputs = output_types(self.table, names) if is_listed else names

    def _possible(self, column: str) -> Possible:
        values = self.check.values or {}
        text = self.table.inputs.get(column)
        if text is None:
            return values.get(column, ANYTHING)
        try:
            return ConstantSearch(text, values).value_of(compile_expression(text).tree)
        except FeelSyntaxError:
            return ANYTHING  # reported with the expressions

    def add(self, path: Path, code: str, at_key: bool = False, **words: Any) -> None:
        self.subject.add((*self.base, *path), code, at_key, table=self.table.label, **words)

    def run(self) -> None:
        """Adds everything that is wrong with the table."""
        if not self.table.rows:
            self.add(("rows",), "table-no-rows", at_key=True)
        self._check_policy()
        for name, text in self.table.inputs.items():
            self.check.expression((*self.base, "inputs", name), text, self.names, ANY)
        self._check_columns()
        self._check_rows()
        self._check_outputs()
        self._check_default()
        self._check_allowed()

    # --- the hit policy ----------------------------------------------------------------------

    def _check_policy(self) -> None:
        table = self.table
        if table.hit in _REASONED and not table.reason:
            self.add(("hit",), _REASONED[table.hit])
        for misuse in find_misuses(table):
            self.subject.add((*self.base, misuse.key), misuse.code, **misuse.words)
            self.check.is_broken = True
        wanted = _TOTALLED.get(table.aggregation or "", ())
        for name in table.gives if wanted and table.hit == "collect" else ():
            kind = self.outputs[name]
            if not any(fits(kind, one) for one in wanted):
                zh, en = type_title(kind)
                words: dict[str, Any] = {"output": name, "type_zh": zh, "type_en": en}
                words["aggregation"] = table.aggregation
                self.add(("aggregation",), "table-aggregation-type", **words)

    # --- rows --------------------------------------------------------------------------------

    def _check_columns(self) -> None:
        table, subject = self.table, self.subject
        for column in self.inputs:
            if column in table.inputs or column in self.names:
                continue
            first = next(n for n, row in enumerate(table.rows) if column in row.cells)
            known = sorted(names_of(subject.definition, with_path=False) - set(FUNCTIONS))
            words = {"name": column, "known": "、".join(known[:30]), **hints(column, known)}
            subject.add((*self.base, "rows", first, column), "unknown-fact", at_key=True, **words)
            self.check.is_broken = True

    def _check_rows(self) -> None:
        # A list may well have two entries for the same facts.
        may_repeat = self.table.hit == "any" or self.table.hit in LISTING
        seen: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(self.table.rows, 1):
            cells = row.cells
            self._check_cells(number, cells)
            conditions = tuple(" ".join(cells.get(c, "-").split()) for c in self.inputs)
            other = seen.setdefault(conditions, number)
            if other != number and not may_repeat:
                self.add(("rows", number - 1), "table-duplicate-row", row=number, other=other)

    def _check_cells(self, number: int, cells: Mapping[str, str]) -> None:
        place: Path = ("rows", number - 1)
        path = (*self.base, *place)
        for column in (*self.inputs, *self.table.gives):
            is_output = column in self.table.gives
            if column not in cells:
                self.add(place, "table-column", row=number, column=column)
                self.check.is_broken = self.check.is_broken or is_output
            elif is_output:
                kind = self.outputs.get(column, ANY)
                self.check.expression((*path, column), cells[column], self.names, kind)
            else:
                kind, fact = self.columns[column], self._fact(column)
                is_good = self.check.cell((*path, column), cells[column], self.names, kind, fact)
                if is_good:
                    self._check_values_met(number, column, cells[column])

    def _check_values_met(self, number: int, column: str, cell: str) -> None:
        """Some value of the column must fit the cell, and some must not, or it tells nothing."""
        path = (*self.base, "rows", number - 1, column)
        words = {"table": self.table.label, "row": number}
        self.check.row_cell(path, cell, column, self.possible[column], **words)

    def _check_outputs(self) -> None:
        """An output of several types would make each rule that reads it pending, row by row."""
        for name in self.table.gives:
            if self.outputs.get(name, ANY) == ANY:  # of one type otherwise
                self._check_output(name)

    def _check_output(self, name: str) -> None:
        cells = [row.cells.get(name, "null") for row in self.table.rows]
        kinds = [_expression_type(cell, self.names) for cell in cells]
        known = Counter(kind for kind in kinds if kind not in (ANY, NULL))
        if not known:
            return
        usual = known.most_common(1)[0][0]
        other_zh, other_en = type_title(usual)
        for number, kind in enumerate(kinds, 1):
            if not fits(kind, usual) and not fits(usual, kind):
                zh, en = type_title(kind)
                words: dict[str, Any] = {"row": number, "output": name}
                words |= {"type_zh": zh, "type_en": en, "other_zh": other_zh, "other_en": other_en}
                self.add(("rows", number - 1, name), "table-output-type", **words)

    def _fact(self, column: str) -> str:
        return "" if column in self.table.inputs else column

    # --- default outputs and allowed values --------------------------------------------------

    def _check_default(self) -> None:
        table = self.table
        for name, text in table.default.items():
            path: Path = (*self.base, "default", name)
            if name in table.gives:
                self.check.expression(path, text, self.names, self.outputs.get(name, ANY))
            else:
                self.subject.unknown(
                    path, name, table.gives, "表的输出", "output of the table", at_key=True
                )
        lacking = [name for name in table.gives if name not in table.default]
        if table.default and lacking:
            outputs = "、".join(lacking)
            self.add(("default",), "table-default-incomplete", at_key=True, outputs=outputs)

    def _check_allowed(self) -> None:
        known = (*self.inputs, *self.table.gives)
        for column, text in self.table.allowed.items():
            path: Path = (*self.base, "allowed", column)
            if column not in known:
                self.subject.unknown(
                    path, column, known, "表的列", "column of the table", at_key=True
                )
                continue
            is_output = column in self.table.gives
            kind = (self.outputs if is_output else self.columns).get(column, ANY)
            self.check.cell(path, text, {}, kind, "" if is_output else self._fact(column))
            self._check_values(column, text)
            if column in self.inputs:
                self._check_codes(column, text)

    def _check_values(self, column: str, text: str) -> None:
        """What is written in a column and can never be, because it is not allowed."""
        try:
            allowed, read = compile_cell(text), compile_unary(text).tree.tests
        except FeelSyntaxError:
            return  # reported already
        words: dict[str, Any] = {"column": column, "allowed": text}
        values = [str(test.value) for test in read if isinstance(test, Literal)]
        for place, written, value in self._constants(column):
            if value is not None and allowed.evaluate(value) is False:
                near = hints(str(value), values)
                self.add(place, "table-value-not-allowed", value=written, **words, **near)

    def _check_codes(self, column: str, text: str) -> None:
        """Every value of the fact's code set must be allowed, or its applications end nowhere."""
        try:
            allowed = compile_cell(text)
        except FeelSyntaxError:
            return  # reported already
        _, words = self.check.codes.get(self._fact(column), ("", ()))
        refused = [word for word in words if allowed.evaluate(word) is False]
        if refused:
            values = "、".join(f"“{word}”" for word in refused[:_SHOWN])
            path: Path = ("allowed", column)
            self.add(path, "table-allowed-narrow", column=column, values=values, allowed=text)

    def _constants(self, column: str) -> Iterator[tuple[Path, str, Any]]:
        """The values written in a column that read no fact: where, as written, and evaluated."""
        is_output = column in self.table.gives
        for number, row in enumerate(self.table.rows):
            cell = row.cells.get(column)
            if cell is not None:
                values = _constant(cell) if is_output else _tested(cell)
                yield from ((("rows", number, column), *found) for found in values)
        if column in self.table.default:
            values = _constant(self.table.default[column])
            yield from ((("default", column), *found) for found in values)


def _constant(expression: str) -> Iterator[tuple[str, Any]]:
    try:
        compiled = compile_rule(expression)
    except FeelSyntaxError:
        return
    if not compiled.names:
        yield expression, compiled.evaluate()


def _tested(cell: str) -> Iterator[tuple[str, Any]]:
    """The values that a cell compares with: `"甲", "乙"`, and `not("甲")`."""
    try:
        tests = compile_unary(cell)
    except FeelSyntaxError:
        return
    for test in tests.tree.tests:
        if isinstance(test, Literal):
            yield tests.text[test.start : test.end], test.value
