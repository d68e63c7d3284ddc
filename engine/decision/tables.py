"""Decision tables compiled: answered by their columns, with the verdict on every row as the reason.

A row is hit when every cell is met, missed when some cell certainly is not, and unknown otherwise.
What is kept of the verdicts is two numbers, bit n for row n; texts are made when somebody reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from engine.decision.citations import Cited, cite
from engine.decision.row_index import RowIndex
from engine.decision.values import TableResult, Verdict
from engine.definitions import Table
from engine.feel import Expression, UnaryTests, tree
from engine.profile import compile_cell, compile_rule


class RowsConflict(Exception):
    """Rows that exclude each other, or should agree, are hit together; `rows` count from 1."""

    def __init__(self, rows: tuple[int, ...]) -> None:
        self.rows = rows
        super().__init__(rows)


class Verdicts(Sequence[Verdict]):
    """The verdict on each row of a table, in order."""

    __slots__ = ("_count", "_hits", "_unknown")

    def __init__(self, count: int, hits: int, unknown: int) -> None:
        self._count, self._hits, self._unknown = count, hits, unknown

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Verdict, ...]: ...
    def __getitem__(self, index: int | slice) -> Verdict | tuple[Verdict, ...]:
        if isinstance(index, slice):
            return tuple(self[n] for n in range(*index.indices(self._count)))
        bit = 1 << range(self._count)[index]
        return "hit" if self._hits & bit else "unknown" if self._unknown & bit else "miss"

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


@dataclass(frozen=True)
class CompiledTable:
    """A table with its cells parsed: per row, a test for each column and an expression per output."""

    table: Table
    columns: Mapping[str, Expression]
    tests: tuple[Mapping[str, UnaryTests], ...]
    outputs: tuple[Mapping[str, Expression], ...]

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names that any cell, column or output reads."""
        outputs = [output.names for row in self.outputs for output in row.values()]
        return self.asks.union(*outputs)

    @cached_property
    def asks(self) -> frozenset[str]:
        """Names that decide which rows are hit."""
        columns = [column.names for column in self.columns.values()]
        tests = [test.names for row in self.tests for test in row.values()]
        return frozenset().union(*columns, *tests)

    def answer(self, context: Mapping[str, Any]) -> TableResult:
        """The table's answer over FEEL values by name; a name that is not there is unknown.

        Raises RowsConflict, and FeelLimitError for too much work.
        """
        table = self.table
        hits, unknown = self._index.verdicts(context)
        rows = tuple(_places(hits))
        values = self._values(rows, unknown, context)
        cited = self._cited[rows[0]] if rows else cite(table.basis)
        return TableResult(
            table.id,
            table.label,
            tuple(n + 1 for n in rows),
            values,
            Verdicts(len(self.tests), hits, unknown),
            cited.texts,
            cited.is_verified,
        )

    @cached_property
    def _index(self) -> RowIndex:
        return RowIndex(self.columns, self.tests)

    def _values(
        self, rows: tuple[int, ...], unknown: int, context: Mapping[str, Any]
    ) -> dict[str, Any]:
        table = self.table
        # An unknown row above the first hit might come first after all.
        if not rows or (table.hit == "first" and unknown & ((1 << rows[0]) - 1)):
            return dict.fromkeys(table.gives)
        shown = rows[:1] if table.hit == "first" else rows
        answers = [self._constants[n] or self._outputs(n, context) for n in shown]
        # `any` may hit several rows that agree.
        if len(answers) > 1 and (table.hit == "unique" or any(a != answers[0] for a in answers)):
            raise RowsConflict(tuple(n + 1 for n in rows))
        return dict(answers[0])

    def _outputs(self, row: int, context: Mapping[str, Any]) -> dict[str, Any]:
        outputs = self.outputs[row]
        return {
            name: outputs[name].evaluate(context) if name in outputs else None
            for name in self.table.gives
        }

    @cached_property
    def _constants(self) -> tuple[dict[str, Any] | None, ...]:
        """By row, its outputs where they are written out as numbers, texts or booleans."""
        return tuple(
            self._outputs(n, {})
            if all(isinstance(output.tree, tree.Literal) for output in outputs.values())
            else None
            for n, outputs in enumerate(self.outputs)
        )

    @cached_property
    def _cited(self) -> tuple[Cited, ...]:
        """By row, its own basis or else the table's."""
        return tuple(cite(row.basis or self.table.basis) for row in self.table.rows)


def compile_table(table: Table) -> CompiledTable:
    """Raises FeelSyntaxError for a cell that cannot be parsed."""
    columns = {c: compile_rule(table.inputs.get(c, c)) for c in table.columns}
    tests, outputs = [], []
    for row in table.rows:
        cells = row.cells
        tests.append({c: compile_cell(cells.get(c, "-")) for c in columns})
        outputs.append({n: compile_rule(cells[n]) for n in table.gives if n in cells})
    return CompiledTable(table, columns, tuple(tests), tuple(outputs))


def _places(bits: int) -> list[int]:
    """The positions of the ones, lowest first."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found
