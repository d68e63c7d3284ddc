"""All rows of a decision table, answered at once by the table's columns."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.decision.columns import Column
from engine.feel import Expression, UnaryTests, tree


@dataclass(frozen=True, slots=True)
class _Asked:
    """A column with what it tests: a name as it stands, or an expression."""

    name: str
    expression: Expression | None
    column: Column

    def value(self, context: Mapping[str, Any]) -> Any:
        if self.expression is None:
            return context.get(self.name)
        return self.expression.evaluate(context)


class RowIndex:
    """The columns of a table by how they are answered."""

    def __init__(
        self, columns: Mapping[str, Expression], tests: Sequence[Mapping[str, UnaryTests]]
    ) -> None:
        self._all = (1 << len(tests)) - 1
        self.lookups: list[tuple[_Asked, tuple[str, type, dict[Any, int], int]]] = []
        self.searches: list[tuple[_Asked, tuple[str, type, list[Any], list[int]]]] = []
        self.others: tuple[_Asked, ...] = ()
        for name, expression in columns.items():
            self._add(name, expression, Column([row[name] for row in tests]))

    def _add(self, name: str, expression: Expression, column: Column) -> None:
        is_name = isinstance(expression.tree, tree.Name) and expression.names == {name}
        asked = _Asked(name, None if is_name else expression, column)
        kind = column.kind
        if is_name and column.is_free:
            return  # nothing but `-`
        if not is_name or column.loose or kind is None:
            self.others = (*self.others, asked)
        elif column.lookup is not None:
            self.lookups.append((asked, (name, kind, *column.lookup)))
        elif column.steps is not None:
            self.searches.append((asked, (name, kind, *column.steps)))
        else:
            self.others = (*self.others, asked)

    def verdicts(self, context: Mapping[str, Any]) -> tuple[int, int]:
        """The rows that are hit, and those that may be: bit n for row n."""
        met, others = self._all, self.others
        get = context.get
        # Nearly every column of nearly every call is one of these two; both give certain answers.
        for column, (name, kind, lookup, elsewhere) in self.lookups:
            value = get(name)
            if type(value) is kind:
                met &= lookup.get(value, elsewhere)
            else:
                others = (*others, column)
        for column, (name, kind, cuts, steps) in self.searches:
            value = get(name)
            if type(value) is kind:
                met &= steps[bisect_right(cuts, value)]
            else:
                others = (*others, column)
        return self._doubtful(met, others, context) if others else (met, 0)

    def _doubtful(
        self, met: int, columns: Sequence[_Asked], context: Mapping[str, Any]
    ) -> tuple[int, int]:
        """The same with columns that are computed, are unknown or hold loose cells."""
        possible, loose = met, []
        for asked in columns:
            value = asked.value(context)
            sure, maybe = asked.column.rows(value)
            met &= sure
            possible &= maybe
            loose += [(value, mask, cell) for mask, cell in asked.column.loose]
        for value, mask, cell in loose:
            if possible & mask:
                answer = cell.evaluate(value, context)
                met &= -1 if answer is True else ~mask
                possible &= ~mask if answer is False else -1
        return met, possible ^ met
