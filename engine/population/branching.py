"""A decision table as a tree of comparisons, which says for each row of data the row that is hit.

A tree asks each application a few columns; one CASE with all rows would ask everything, and is many
times slower. Cells that are not constants are asked one row after another instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, TypeAlias

import ibis

from engine.decision.columns import Column as CellColumn
from engine.decision.columns import constants_of
from engine.decision.tables import CompiledTable
from engine.feel import UnaryTests
from engine.population.terms import (
    Known,
    NotTranslatable,
    Term,
    as_column,
    constant,
    rescaled,
)

NO_ROW, CONFLICT = 0, -1  # in place of the row that is hit, counted from 1
_KINDS: Final[dict[str, type]] = {"number": Decimal, "text": str, "boolean": bool, "date": date}
# Rows that are hit for sure: bit n for row n.
Rows: TypeAlias = int


def is_plain(table: CompiledTable) -> bool:
    """Whether the table gives what its one hit row says; any other is asked of the engine."""
    definition = table.table
    extras = (table.default, table.allowed, definition.records)
    return definition.hit == "unique" and not any(extras)


@dataclass(frozen=True)
class _Part:
    """A stretch of a column's values that all rows answer alike: one value, or up to the next."""

    value: Any  # the constant; None for values between and beyond
    rows: Rows


class _Asked:
    """One column: the term it asks of, and which rows each of its values meets."""

    def __init__(self, term: Term, cells: Sequence[UnaryTests]) -> None:
        self.column = as_column(term)
        kind = _KINDS.get(self.column.kind.name)
        found = [constants_of(cell) for cell in cells]
        cuts = {cut for constants in found for cut in constants or ()}
        if kind is None or None in found or any(type(cut) is not kind for cut in cuts):
            raise NotTranslatable
        index = CellColumn(cells)
        self.null: Rows = index.rows(None)[0]
        self.is_ordered = kind in (Decimal, date)
        self.cuts: list[Any] = sorted(cuts)
        self.parts: list[_Part] = []
        if self.is_ordered:
            self._stretch(index)
        else:
            values = (False, True) if kind is bool else self.cuts
            self.parts = [_Part(value, index.rows(value)[0]) for value in values]
            beyond = "".join(["\0", *map(str, self.cuts)])  # no constant of the column
            self.elsewhere: Rows = self.null if kind is bool else index.rows(beyond)[0]

    def _stretch(self, index: CellColumn) -> None:
        """Below the first constant, at it, between it and the next …"""
        if not self.cuts:
            sample: Any = Decimal(0) if self.column.kind.name == "number" else date(2000, 1, 1)
            self.parts = [_Part(None, index.rows(sample)[0])]
            return
        for cut, inside in zip(self.cuts, _inner_samples(self.cuts), strict=True):
            self.parts += [_Part(None, index.rows(inside)[0]), _Part(cut, index.rows(cut)[0])]
        self.parts.append(_Part(None, index.rows(_step(self.cuts[-1], 1))[0]))

    def states(self) -> list[Rows]:
        found = [part.rows for part in self.parts]
        return [*found, self.null] if self.is_ordered else [*found, self.elsewhere, self.null]

    def splits(self, state: Rows) -> bool:
        return any(state & rows != state for rows in self.states())

    def place(self, cut: Any) -> Any:
        """A constant as the column holds it."""
        found = constant(cut)
        if found.kind.name != "number":
            return found.kind.low if found.kind.name == "date" else cut
        return rescaled(found, max(self.scale, found.kind.scale)).kind.low

    @property
    def scale(self) -> int:
        """Decimals enough for the column and all its constants."""
        needed = [constant(cut).kind.scale for cut in self.cuts]
        return max([self.column.kind.scale, *needed])

    @property
    def expr(self) -> Any:
        return rescaled(self.column, self.scale).expr


def _inner_samples(cuts: Sequence[Any]) -> list[Any]:
    """A value below the first constant, and one between each two (any, where there is none)."""
    samples = [_step(cuts[0], -1)]
    for low, high in pairwise(cuts):
        samples.append((low + high) / 2 if isinstance(low, Decimal) else _step(low, 1))
    return samples


def _step(value: Any, sign: int) -> Any:
    if isinstance(value, Decimal):
        return value + sign * (abs(value) + 1)
    if value in (date.min, date.max):
        raise NotTranslatable
    return value + sign * timedelta(days=1)


def hit_row(table: CompiledTable, terms: Mapping[str, Term]) -> Any:
    """The row that is hit, counted from 1, or NO_ROW or CONFLICT, as an integer expression.

    `terms` are what the columns ask of. Raises NotTranslatable.
    """
    everything = (1 << len(table.tests)) - 1
    asked = [
        _Asked(terms[name], [row[name] for row in table.tests])
        for name in table.columns
        if any(row[name].tree.tests for row in table.tests)
    ]
    tree_of = _Tree().expression(everything, tuple(asked))
    return ibis.literal(tree_of, "int32") if isinstance(tree_of, int) else tree_of.cast("int32")


def _leaf(state: Rows) -> int:
    if not state:
        return NO_ROW
    return CONFLICT if state & (state - 1) else state.bit_length()


class _Tree:
    """Nested comparisons; a state that no column can split any more is a leaf."""

    def expression(self, state: Rows, columns: tuple[_Asked, ...]) -> Any:
        if not state:
            return NO_ROW
        useful = tuple(column for column in columns if column.splits(state))
        if not useful:
            return _leaf(state)
        best = min(useful, key=lambda column: _burden(column, state))
        rest = tuple(column for column in useful if column is not best)
        if best.is_ordered:
            return self._by_order(best, state, rest)
        return self._by_value(best, state, rest)

    def _by_value(self, asked: _Asked, state: Rows, rest: tuple[_Asked, ...]) -> Any:
        groups: dict[Rows, list[Any]] = {}
        for part in asked.parts:
            groups.setdefault(state & part.rows, []).append(part.value)
        other, null = state & asked.elsewhere, state & asked.null
        arms = []
        for inner, values in groups.items():
            if inner != other or asked.column.kind.name == "boolean":
                test = asked.expr == values[0] if len(values) == 1 else asked.expr.isin(values)
                arms.append((test, self.expression(inner, rest)))
        at_null = self.expression(null, rest)
        if asked.column.kind.name == "boolean":
            return _cases(arms, at_null)
        at_other = self.expression(other, rest)
        if at_null is not at_other:
            arms.append((asked.expr.notnull(), at_other))
        return _cases(arms, at_null)

    def _by_order(self, asked: _Asked, state: Rows, rest: tuple[_Asked, ...]) -> Any:
        stretches: list[tuple[Rows, Any]] = []  # with the test that a value lies no further
        for place, part in enumerate(asked.parts):
            inner = state & part.rows
            end = self._end(asked, place)
            if stretches and stretches[-1][0] == inner:
                stretches[-1] = inner, end
            else:
                stretches.append((inner, end))
        known = self._search([(self.expression(s, rest), end) for s, end in stretches])
        at_null = self.expression(state & asked.null, rest)
        if isinstance(known, int) and known == at_null:
            return known
        return ibis.cases((asked.expr.notnull(), _lit(known)), else_=_lit(at_null))

    def _end(self, asked: _Asked, place: int) -> Any:
        """`< cut` after a gap, `<= cut` after the constant itself; None after the last."""
        if place == len(asked.parts) - 1:
            return None
        cut = asked.parts[place].value
        if cut is not None:
            return asked.expr <= asked.place(cut)
        return asked.expr < asked.place(asked.parts[place + 1].value)

    def _search(self, stretches: list[tuple[Any, Any]]) -> Any:
        """Halves the stretches, so that a value is found in a few comparisons."""
        if len(stretches) == 1:
            return stretches[0][0]
        middle = len(stretches) // 2
        low, high = self._search(stretches[:middle]), self._search(stretches[middle:])
        return ibis.cases((stretches[middle - 1][1], _lit(low)), else_=_lit(high))


def _lit(answer: Any) -> Any:
    return ibis.literal(answer, "int32") if isinstance(answer, int) else answer.cast("int32")


def _cases(arms: list[tuple[Any, Any]], otherwise: Any) -> Any:
    if not arms:
        return otherwise
    return ibis.cases(*((test, _lit(answer)) for test, answer in arms), else_=_lit(otherwise))


def _burden(column: _Asked, state: Rows) -> tuple[int, int]:
    """How many rows are left over all branches, counted once per branch: less is better."""
    branches = {state & rows for rows in column.states()}
    return sum(rows.bit_count() for rows in branches), len(branches)


def given_by_rows(
    table: CompiledTable, name: str, hit: Any, terms: Sequence[Term]
) -> list[tuple[Any, Term]]:
    """For each of the table's answers, the condition under which it is given."""
    groups: dict[Any, tuple[Term, list[int]]] = {}
    for place, term in enumerate(terms, 1):
        output = table.outputs[place - 1].get(name)
        key = "" if output is None else output.text
        groups.setdefault(key, (term, []))[1].append(place)
    return [
        (hit == places[0] if len(places) == 1 else hit.isin(places), term)
        for term, places in groups.values()
        if not (isinstance(term, Known) and term.value is None)
    ]
