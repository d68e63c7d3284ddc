"""All rows of a decision table, answered at once by the table's columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.decision.columns import Column
from engine.decision.unrolled import Looked, Searched, unroll
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
        self._lookups: list[Looked] = []
        self._searches: list[Searched] = []
        self._quick: list[_Asked] = []
        self._slow: list[_Asked] = []
        for name, expression in columns.items():
            self._add(name, expression, Column([row[name] for row in tests]))
        self._answer = unroll(self._all, self._lookups, self._searches)

    def _add(self, name: str, expression: Expression, column: Column) -> None:
        is_name = isinstance(expression.tree, tree.Name) and expression.names == {name}
        asked = _Asked(name, None if is_name else expression, column)
        kind = column.kind
        if is_name and column.is_free:
            return  # nothing but `-`
        if not is_name or column.loose or kind is None:
            self._slow.append(asked)
        elif column.lookup is not None:
            self._quick.append(asked)
            self._lookups.append((name, kind, *column.lookup))
        elif column.steps is not None:
            self._quick.append(asked)
            self._searches.append((name, kind, *column.steps))
        else:
            self._slow.append(asked)

    def verdicts(self, context: Mapping[str, Any]) -> tuple[int, int]:
        """The rows that are hit, and those that may be: bit n for row n."""
        # Nearly every column of nearly every call is a quick one with a value of its type.
        met = self._answer(context)
        if met is None:
            return self._doubtful(self._all, (*self._quick, *self._slow), context)
        return self._doubtful(met, self._slow, context) if self._slow else (met, 0)

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
