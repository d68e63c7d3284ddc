"""Decision tables compiled: answered by their columns, with the verdict on every row as the reason.

A row is hit when every cell is met, missed when some cell certainly is not, and unknown otherwise.
What is kept of the verdicts is two numbers, bit n for row n; texts are made when somebody reads.
What the rows that are hit give is for the hit policy to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, overload

from engine.decision.citations import Cited, cite
from engine.decision.hit_policies import (
    Given,
    Misuse,
    Rank,
    Ranking,
    Shaping,
    Taking,
    ValueNotAllowed,
    Weighing,
    find_misuses,
    shape_default,
    shaping_of,
    taking_of,
)
from engine.decision.row_index import RowIndex
from engine.decision.values import TableResult, Verdict
from engine.definitions import Table
from engine.diagnostics import CATALOGUE
from engine.feel import Expression, UnaryTests, tree
from engine.feel.frozen_values import frozen
from engine.profile import compile_cell, compile_rule


class TableUnusable(ValueError):
    """A table whose hit policy cannot be followed as it is written."""

    def __init__(self, misuses: Iterable[Misuse]) -> None:
        entries = [(CATALOGUE[misuse.code], misuse.words) for misuse in misuses]
        super().__init__(
            "；".join(
                f"{e.message_zh.format(**w)} / {e.message_en.format(**w)}" for e, w in entries
            )
        )


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


@frozen
class _Outcome:
    """What a table gives, and the law that it rests on."""

    values: Mapping[str, Any]
    cited: Cited
    is_default: bool = False


@dataclass(frozen=True)
class CompiledTable:
    """A table with its cells parsed: per row, a test for each column and an expression per output."""

    table: Table
    columns: Mapping[str, Expression]
    tests: tuple[Mapping[str, UnaryTests], ...]
    outputs: tuple[Mapping[str, Expression], ...]
    default: Mapping[str, Expression] = field(default_factory=dict)
    allowed: Mapping[str, UnaryTests] = field(default_factory=dict)

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names that any cell, column or output reads."""
        outputs = [output.names for row in self.outputs for output in row.values()]
        return self.asks.union(*outputs, *(output.names for output in self.default.values()))

    @cached_property
    def asks(self) -> frozenset[str]:
        """Names that decide which rows are hit."""
        columns = [column.names for column in self.columns.values()]
        tests = [test.names for row in self.tests for test in row.values()]
        return frozenset().union(*columns, *tests)

    def rests_on(self, name: str, answer: TableResult) -> frozenset[str]:
        """The names that one of the table's facts rests on in an answer of it."""
        outputs = self.table.gives if name == self.table.records else (name,)
        rows = [self.outputs[row - 1] for row in answer.hits]
        rows += [self.default] if answer.is_default else []
        given = [row[output].names for row in rows for output in outputs if output in row]
        return frozenset(() if self._is_settled(name, answer) else self.asks).union(*given)

    def _is_settled(self, name: str, answer: TableResult) -> bool:
        """Whether no further fact could change which rows the answer takes."""
        if answer.is_default or not answer.hits:
            return answer.is_default
        is_exclusive = self.table.hit in ("unique", "any")
        return is_exclusive or answer.values[name] is not None or "unknown" not in answer.rows

    def answer(self, context: Mapping[str, Any]) -> TableResult:
        """The table's answer over FEEL values by name; a name that is not there is unknown.

        Raises RowsConflict, ValueNotAllowed, and FeelLimitError for too much work.
        """
        if self.allowed:
            self._hold_inputs(context)
        hits, unknown = self._index.verdicts(context)
        settled = None if unknown else self._settled.get(hits)
        return settled or self._result(hits, unknown, context)

    def _result(self, hits: int, unknown: int, context: Mapping[str, Any]) -> TableResult:
        rows = tuple(_places(hits))
        if len(rows) == 1 and self._stands_alone:
            found = self._alone[rows[0]] or self._outcome_of(rows[0], context)
        else:
            found = self._outcome(rows, unknown, context)
        return TableResult(
            self.table.id,
            self.table.label,
            tuple(n + 1 for n in rows),
            found.values,
            Verdicts(len(self.tests), hits, unknown),
            found.cited.texts,
            found.cited.is_verified,
            found.is_default,
        )

    @cached_property
    def _index(self) -> RowIndex:
        return RowIndex(self.columns, self.tests)

    def _outcome_of(self, row: int, context: Mapping[str, Any]) -> _Outcome:
        return _Outcome(self._outputs(self.outputs[row], context), self._cited[row])

    def _outcome(self, rows: tuple[int, ...], unknown: int, context: Mapping[str, Any]) -> _Outcome:
        table = self.table
        if not rows:
            return self._of_none(unknown, context)
        given: dict[int, Given] = {}

        def give(row: int) -> Given:
            found = self._kept[row] or given.get(row)
            if found is None:
                found = given[row] = self._outputs(self.outputs[row], context)
                if not unknown >> row & 1:  # what is not certainly hit may give anything
                    self._hold_outputs(found, row + 1)
            return found

        def rank(row: int) -> Rank | None:
            return self._ranks[row] if self._kept[row] else self._rank(give(row))

        taken = self._take(Weighing(rows, unknown, give, rank))
        if taken is None:
            return _Outcome(dict.fromkeys(table.names), self._cited[rows[0]])
        values = self._shape([give(row) for row in taken])
        return _Outcome(values, self._cite(taken))

    def _of_none(self, unknown: int, context: Mapping[str, Any]) -> _Outcome:
        """No row is certainly hit: the default outputs, unless some row may be hit."""
        table, cited = self.table, cite(self.table.basis)
        if unknown:
            return _Outcome(dict.fromkeys(table.names), cited)
        if not self.default:
            return _Outcome(self._shape([]), cited)
        outputs = self._outputs(self.default, context)
        self._hold_outputs(outputs, 0)
        return _Outcome(shape_default(table, outputs), cited, is_default=True)

    def _cite(self, rows: Sequence[int]) -> Cited:
        """The laws of all rows that were taken, each once."""
        cited = [self._cited[row] for row in rows]
        if len(cited) == 1:
            return cited[0]
        texts = dict.fromkeys(text for one in cited for text in one.texts)
        return Cited(tuple(texts), all(one.is_verified for one in cited))

    def _outputs(self, row: Mapping[str, Expression], context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: row[name].evaluate(context) if name in row else None for name in self.table.gives
        }

    def _hold_inputs(self, context: Mapping[str, Any]) -> None:
        for name, column in self.columns.items():
            if name in self.allowed:
                self._hold(name, column.evaluate(context), None)

    def _hold_outputs(self, outputs: Given, row: int) -> None:
        for name in self.allowed:
            if name in outputs:
                self._hold(name, outputs[name], row)

    def _hold(self, name: str, value: Any, row: int | None) -> None:
        if self._refuses(name, value):
            raise ValueNotAllowed(name, value, self.table.allowed[name], row)

    def _refuses(self, name: str, value: Any) -> bool:
        is_limited = name in self.allowed and value is not None
        return is_limited and self.allowed[name].evaluate(value) is False

    @cached_property
    def _take(self) -> Taking:
        return taking_of(self.table)

    @cached_property
    def _shape(self) -> Shaping:
        return shaping_of(self.table)

    @cached_property
    def _rank(self) -> Ranking:
        return Ranking(self.table)

    @cached_property
    def _settled(self) -> Mapping[int, TableResult]:
        """By the bit of a row, the whole result where it alone is hit, made once if always the same."""
        bits = [1 << row for row, outcome in enumerate(self._alone) if outcome is not None]
        return {bit: self._result(bit, 0, {}) for bit in bits}

    @cached_property
    def _stands_alone(self) -> bool:
        """Whether a row that alone is hit needs no look at the others, nor at what it gives."""
        is_held = not self.allowed.keys().isdisjoint(self.table.gives)
        return self.table.hit in ("unique", "any") and not is_held

    @cached_property
    def _alone(self) -> tuple[_Outcome | None, ...]:
        """By row, the outcome where it alone is hit, made once if it is always the same."""
        return tuple(
            None
            if outputs is None or not self._stands_alone
            else _Outcome(MappingProxyType(outputs), self._cited[row])
            for row, outputs in enumerate(self._constants)
        )

    @cached_property
    def _kept(self) -> tuple[Given | None, ...]:
        """By row, its outputs where they are always the same, and allowed."""
        return tuple(
            outputs if outputs and not any(self._refuses(n, outputs[n]) for n in outputs) else None
            for outputs in self._constants
        )

    @cached_property
    def _ranks(self) -> tuple[Rank | None, ...]:
        return tuple(self._rank(outputs) if outputs else None for outputs in self._kept)

    @cached_property
    def _constants(self) -> tuple[dict[str, Any] | None, ...]:
        """By row, its outputs where they are written out as numbers, texts or booleans."""
        return tuple(
            self._outputs(outputs, {})
            if all(isinstance(output.tree, tree.Literal) for output in outputs.values())
            else None
            for outputs in self.outputs
        )

    @cached_property
    def _cited(self) -> tuple[Cited, ...]:
        """By row, its own basis or else the table's."""
        return tuple(cite(row.basis or self.table.basis) for row in self.table.rows)


def compile_table(table: Table) -> CompiledTable:
    """Raises FeelSyntaxError for a cell that cannot be parsed, TableUnusable for the hit policy."""
    misuses = tuple(find_misuses(table))
    if misuses:
        raise TableUnusable(misuses)
    columns = {c: compile_rule(table.inputs.get(c, c)) for c in table.columns}
    tests, outputs = [], []
    for row in table.rows:
        cells = row.cells
        tests.append({c: compile_cell(cells.get(c, "-")) for c in columns})
        outputs.append({n: compile_rule(cells[n]) for n in table.gives if n in cells})
    default = {n: compile_rule(table.default[n]) for n in table.gives if n in table.default}
    allowed = {n: compile_cell(text) for n, text in table.allowed.items()}
    return CompiledTable(table, columns, tuple(tests), tuple(outputs), default, allowed)


def _places(bits: int) -> list[int]:
    """The positions of the ones, lowest first."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found
