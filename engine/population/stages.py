"""The names of a definition bound to columns, stage by stage: each stage is a view over the last."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import ibis

from engine.feel import Expression
from engine.feel.scope import Scope
from engine.feel.values import Value
from engine.population import lookups
from engine.population.lookups import Answered, Binding
from engine.population.sessions import Session
from engine.population.terms import (
    BOOLEAN,
    Choice,
    Column,
    Deferred,
    Known,
    NotTranslatable,
    Record,
    Term,
    as_column,
)
from engine.population.translation import Pending, Translator
from engine.profile import evaluate_in

_T = TypeVar("_T")


class Stage:
    """A table that grows by columns, and what each name of the definition is in it."""

    def __init__(self, session: Session, table: Any, prefix: str) -> None:
        self.session, self.table, self.prefix = session, table, prefix
        self.bindings: dict[str, Binding] = {}
        self.stops: list[Binding] = []  # where the engine gives no decision
        self.looked_up: list[str] = []  # what the engine evaluated itself
        self._found: dict[str, Binding] = {}
        self._opaque: set[str] = set()
        self._count = 0

    def bind(self, name: str, term: Known | Record | Deferred) -> None:
        self.bindings[name] = lambda table: term

    def bind_column(self, name: str, column: str, kind: Any) -> None:
        self.bindings[name] = lambda table: Column(table[column], kind)

    def names(self) -> dict[str, Term]:
        return {name: binding(self.table) for name, binding in self.bindings.items()}

    def forget(self) -> None:
        """Drops what was looked up: a name is about to mean something else."""
        self._found.clear()
        self._opaque.clear()

    def label(self) -> str:
        self._count += 1
        return f"{self.prefix}look_{self._count}"

    # --- translating -------------------------------------------------------------------------

    def solve(self, build: Callable[[Translator], _T]) -> _T:
        """What `build` makes over the present table, after every lookup it asked for."""
        while True:
            found = {text: binding(self.table) for text, binding in self._found.items()}
            translator = Translator(self.names(), found, frozenset(self._opaque))
            try:
                return build(translator)
            except Pending:
                for text, column in translator.columns.items():
                    self._found[text] = self._keep(column)
                for text, expression in translator.wanted.items():
                    self._look_up(text, expression)

    def _keep(self, column: Column) -> Binding:
        name, kind = self.label(), column.kind
        self.add({name: column.expr})
        return lambda table: Column(table[name], kind)

    def _look_up(self, text: str, expression: Expression) -> None:
        names = self.names_of(expression.names | expression.item_names)
        try:
            found = self.ask(names, lambda scope: evaluate_in(expression, scope))
            self._found[text] = self.take(found)
            self.looked_up.append(text)
        except NotTranslatable:
            self._opaque.add(text)

    def names_of(self, wanted: frozenset[str]) -> dict[str, Term]:
        """The terms of some names, those that a deferred one reads before it."""
        present, found = self.names(), dict[str, Term]()

        def gather(names: Iterable[str]) -> None:
            for name in sorted(names):
                term = present.get(name)
                if term is None or name in found:
                    continue
                if isinstance(term, Deferred):
                    gather(term.expression.names | term.expression.item_names)
                found[name] = term

        gather(wanted)
        return found

    def ask(self, names: Mapping[str, Term], evaluate: Callable[[Scope], Value]) -> Answered:
        """The engine's answers for every distinct case, joined to the table."""
        self.table, found = lookups.answer(self.session, self.table, self.label(), names, evaluate)
        if found.stops is not None:
            stops = found.stops
            self.stops.append(lambda table: Column(table[found.place] == stops, BOOLEAN))
        return found

    def take(self, found: Answered) -> Binding:
        self.table, binding = lookups.as_binding(self.session, self.table, found)
        return binding

    # --- growing -----------------------------------------------------------------------------

    def add(self, columns: Mapping[str, Any]) -> None:
        """New columns, each an expression over the present table."""
        if columns:
            self.table = self.session.view(self.table.mutate(**columns))

    def settle(self, name: str, term: Term) -> None:
        """Binds a name to a term, kept in a column of its own where it is one."""
        if isinstance(term, Known | Record):
            self.bind(name, term)
            return
        column = f"{self.prefix}v_{name}"
        try:
            found = as_column(term)
        except NotTranslatable:
            self._settle_choice(name, column, term)
            return
        self.add({column: found.expr})
        self.bind_column(name, column, found.kind)

    def _settle_choice(self, name: str, column: str, term: Term) -> None:
        """Among constants that no column can hold, the place of the one is kept."""
        assert isinstance(term, Choice)
        values = [arm.value for _, arm in term.arms if isinstance(arm, Known)]
        if len(values) < len(term.arms):
            raise NotTranslatable
        places = ((condition, place) for place, (condition, _) in enumerate(term.arms))
        self.add({column: ibis.cases(*places).cast("int64")})
        self.bindings[name] = lambda table: lookups.chosen(table[column], values)
