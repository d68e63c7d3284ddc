"""Conditions as one application would have them: true, false, 待核, or a rule that stops the decision.

A null although every fact read is known is no missing fact but a rule that cannot be evaluated. What
a condition rests on is told as the engine tells it: of a table, only the rows that are hit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from engine.decision.program import WORKING_DAYS, Program
from engine.feel import Expression
from engine.population import branching
from engine.population.stages import Stage
from engine.population.terms import (
    BOOLEAN,
    Choice,
    Deferred,
    Known,
    NotTranslatable,
    Record,
    Term,
    any_of,
    as_column,
    opposite,
    unknown,
)
from engine.population.translation import Translator


@dataclass(frozen=True)
class Verdict:
    """A condition, and where it stops the decision (None: nowhere)."""

    holds: Any
    stops: Any | None


@dataclass(frozen=True)
class _Drawn:
    """A condition before it is kept: `answers` says where a null is a missing fact (None: always)."""

    holds: Any
    unanswered: Any | None = None
    always: Any | None = None  # where it stops whatever it holds


class Verdicts:
    """The conditions of one program over one stage, each kept in a column of its own.

    `hits` are the columns with a plain table's hit row; `rests` what an asked table's answers rest on.
    """

    def __init__(
        self,
        stage: Stage,
        program: Program,
        hits: Mapping[str, str],
        rests: Mapping[str, tuple[str, list[Any]]],
    ) -> None:
        self.stage, self.program, self._hits, self._rests = stage, program, hits, rests
        self._kept: dict[str, tuple[str, str | None, str | None]] = {}
        self._count = 0

    def forget(self) -> None:
        """Drops what was kept: a name is about to mean something else."""
        self._kept.clear()

    def keep(self, expressions: Iterable[Expression]) -> None:
        """Columns for all of them at once, so that what is asked twice is computed once.

        Raises NotTranslatable with the text of a condition that cannot be a column.
        """
        texts = {e.text: e for e in expressions if e.text not in self._kept}
        self.stage.solve(lambda t: [self._try(t, expression) for expression in texts.values()])
        columns: dict[str, Any] = {}
        for text, expression in texts.items():
            drawn, number = self._drawn(expression), self._count
            self._count += 1
            parts = (("h", drawn.holds), ("u", drawn.unanswered), ("x", drawn.always))
            made = {
                kind: f"{self.stage.prefix}{kind}_{number}"
                for kind, part in parts
                if part is not None
            }
            columns |= {made[kind]: part for kind, part in parts if kind in made}
            self._kept[text] = made["h"], made.get("u"), made.get("x")
        self.stage.add(columns)

    def _try(self, translator: Translator, expression: Expression) -> Term | None:
        try:
            return translator.term(expression)
        except NotTranslatable:
            return None  # raised again below, with its text

    def verdict(self, expression: Expression | None) -> Verdict:
        """A kept condition over the present table. None always holds."""
        if expression is None:
            return Verdict(ibis.literal(True), None)
        table = self.stage.table
        holds, unanswered, always = self._kept[expression.text]
        stops = [] if always is None else [table[always]]
        if unanswered is not None:
            stops.append(table[holds].isnull() & table[unanswered])
        return Verdict(table[holds], any_of(stops) if stops else None)

    def _drawn(self, expression: Expression) -> _Drawn:
        try:
            term = self.stage.solve(lambda t: t.term(expression))
            column = None if isinstance(term, Known) else as_column(term)
        except NotTranslatable:
            raise NotTranslatable(expression.text) from None
        if isinstance(term, Known) and isinstance(term.value, bool):
            return _Drawn(ibis.literal(term.value))
        unanswered = _negated(self.lacking(expression.names))
        if column is None:
            is_odd = isinstance(term, Known) and term.value is not None
            return _Drawn(unknown(BOOLEAN), unanswered, ibis.literal(True) if is_odd else None)
        if column.kind.name != "boolean":
            return _Drawn(unknown(BOOLEAN), unanswered, column.expr.notnull())
        return _Drawn(column.expr, unanswered)

    def lacking(self, names: Iterable[str]) -> Any:
        """Whether some fact that names rest on is missing, or may lack a part: True, False, or where."""
        if self.program.calls(names):
            return True
        seen: dict[str, Any] = {WORKING_DAYS: False}
        wholes = self.stage.names()
        return _either(self._lacks(name, wholes, seen) for name in sorted(names))

    def _lacks(self, name: str, wholes: Mapping[str, Term], seen: dict[str, Any]) -> Any:
        if name not in seen:
            seen[name] = self._look_below(name, wholes, seen)
        return seen[name]

    def _look_below(self, name: str, wholes: Mapping[str, Term], seen: dict[str, Any]) -> Any:
        def rests(names: Iterable[str]) -> Any:
            """What rests on nothing is itself looked at."""
            found = sorted(set(names) - {WORKING_DAYS})
            if not found:
                return _is_missing(wholes.get(name))
            return _either(self._lacks(read, wholes, seen) for read in found)

        table = self.program.givers.get(name)
        if table is None:
            return rests(self.program.reads_of(name))
        where, groups = self._answers_of(table, name)
        return _either(_also(where.isin(places), rests(names)) for names, places in groups.items())

    def _answers_of(self, table_id: str, name: str) -> tuple[Any, dict[tuple[str, ...], list[int]]]:
        """A column that tells a table's answers apart, and for each set of names, which rest on it."""
        groups: dict[tuple[str, ...], list[int]] = {}
        if table_id in self._rests:
            place, answers = self._rests[table_id]
            for n, answer in enumerate(answers):
                if answer is not None:
                    groups.setdefault(tuple(answer["rests"][name]), []).append(n)
            return self.stage.table[place], groups
        table = self.program.tables[table_id]
        groups[(*sorted(table.asks),)] = [branching.NO_ROW]
        for n, row in enumerate(table.outputs, 1):
            read = row[name].names if name in row else frozenset()
            groups.setdefault((*sorted(read),), []).append(n)
        return self.stage.table[self._hits[table_id]], groups


def _is_missing(term: Term | None) -> Any:
    """Whether a leaf is missing or, being a list or record, may lack a part."""
    if term is None or isinstance(term, Record):
        return True
    if isinstance(term, Known):
        return term.value is None or isinstance(term.value, list | dict)
    if isinstance(term, Choice | Deferred):
        return True  # a list: it may lack a part
    return True if term.kind.name in ("list", "record") else term.expr.isnull()


def _either(parts: Iterable[Any]) -> Any:
    """Or, over conditions some of which are settled; False for none."""
    found = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            found.append(part)
    return any_of(found) if found else False


def _also(condition: Any, part: Any) -> Any:
    return condition if part is True else part if part is False else condition & part


def _negated(lacking: Any) -> Any | None:
    """Where nothing is lacking; None for nowhere."""
    if lacking is True:
        return None
    return ibis.literal(True) if lacking is False else opposite(lacking)
