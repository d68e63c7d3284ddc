"""The facts of a population: given, answered by tables and computed, each in a column of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from engine.decision.evaluation import count_working_days
from engine.decision.hit_policies import TableStopped
from engine.decision.program import APPLICANT, DAY, PATH, REGION, WORKING_DAYS, Program
from engine.decision.tables import CompiledTable
from engine.diagnostics import TongbanError
from engine.feel import Expression, Function
from engine.feel.scope import Scope
from engine.feel.types import ANY
from engine.population import branching
from engine.population.lookups import Answered, Binding, Stopped, as_binding
from engine.population.stages import Stage
from engine.population.terms import (
    BOOLEAN,
    TEXT,
    Choice,
    Column,
    Deferred,
    Kind,
    Known,
    NotTranslatable,
    Record,
    Term,
)
from engine.population.translation import Translator

PERSON: Final = ("名称", "证件类型", "证件号码", "主体类型", "代理人")


class PopulationStopped(TongbanError):
    """A definition that cannot be simulated, with what stands in the way."""

    @classmethod
    def at(cls, title: str, what: str) -> "PopulationStopped":
        return cls(
            f"“{title}”的“{what}”不能用于批量推演：它的取值既不能成为一列，也不能逐一列举"
            f" / {what!r} cannot be simulated"
        )


@dataclass(frozen=True)
class Given:
    """What the data has: facts and the rest by column, and what is the same for all."""

    facts: Mapping[str, tuple[str, Kind]]
    person: Mapping[str, tuple[str, Kind]]
    materials: Mapping[str, str]  # by material id, the column that says it was handed in
    on: date  # everybody's day of application, unless `day` is a column
    day: tuple[str, Kind] | None = None
    path: str | None = None  # the column with the path's place in PATHS
    region: str | None = None
    asked: tuple[int, ...] = (0,)  # the paths that somebody asks for


class FactColumns:
    """Binds the names of one program over a stage."""

    def __init__(self, stage: Stage, program: Program, given: Given) -> None:
        self.stage, self.program, self.given = stage, program, given
        self.hits: dict[str, str] = {}  # by plain table, the column with its hit row
        self.rests: dict[str, tuple[str, list[Any]]] = {}  # by asked table: its place, its answers
        self.conflicts: list[Binding] = []  # where a table contradicts itself

    def lay(self) -> None:
        """Raises PopulationStopped."""
        self._give()
        for step in self.program.order:
            self._compute(step)

    def _give(self) -> None:
        stage, given = self.stage, self.given
        for name, value in self.program.parameters.items():
            stage.bind(name, Known(value))
        for name in self.program.given:
            self._bind(name, given.facts.get(name))
        if given.day is None:
            stage.bind(DAY, Known(given.on))
        if given.day is not None:
            self._bind(DAY, given.day)
        if given.region is not None:
            stage.bind_column(REGION, given.region, TEXT)
        else:
            stage.bind(REGION, Known(self.program.region or None))
        person = dict(given.person)

        def applicant(table: Any) -> Term:
            entries: dict[str, Term] = {name: Known(None) for name in PERSON}
            entries |= {n: Column(table[column], kind) for n, (column, kind) in person.items()}
            return Record(entries)

        stage.bindings[APPLICANT] = applicant
        stage.bind(PATH, Known(None))
        count = partial(count_working_days, self.program.calendar)
        function = Function(WORKING_DAYS, ("起始日期", "终止日期"), (ANY, ANY), count)
        stage.bind(WORKING_DAYS, Known(function))

    def _bind(self, name: str, column: tuple[str, Kind] | None) -> None:
        if column is None:
            self.stage.bind(name, Known(None))
        else:
            self.stage.bind_column(name, *column)

    def _compute(self, step: str) -> None:
        try:
            if not step.startswith("#"):
                self._compute_fact(step, self.program.computed[step])
                return
            table = self.program.tables[step[1:]]
            if not branching.is_plain(table) or not self._plain_table(table):
                self._asked_table(table)
        except NotTranslatable:
            title = self.program.matter.title
            raise PopulationStopped.at(title, step.lstrip("#")) from None

    def _compute_fact(self, name: str, expression: Expression) -> None:
        try:
            self.stage.settle(name, self.stage.solve(lambda t: t.term(expression)))
        except NotTranslatable:
            self.stage.bind(name, Deferred(expression))

    def _plain_table(self, table: CompiledTable) -> bool:
        """A table answered by a tree of comparisons. False where that cannot be."""
        stage, column = self.stage, f"{self.stage.prefix}hit_{table.table.id}"
        try:
            hit = stage.solve(lambda t: self._hit(t, table))
            outputs = {
                name: stage.solve(partial(self._outputs, table=table, name=name))
                for name in table.table.gives
            }
        except NotTranslatable:
            return False
        del outputs  # they were looked up where needed; the hit row must be a column first
        stage.add({column: hit})
        self.hits[table.table.id] = column
        for name in table.table.gives:
            terms = stage.solve(partial(self._outputs, table=table, name=name))
            arms = branching.given_by_rows(table, name, stage.table[column], terms)
            stage.settle(name, Choice(tuple(arms)) if arms else Known(None))
        self.conflicts.append(lambda whole: Column(whole[column] == branching.CONFLICT, BOOLEAN))
        return True

    def _hit(self, translator: Translator, table: CompiledTable) -> Any:
        terms = {name: translator.term(column) for name, column in table.columns.items()}
        return branching.hit_row(table, terms)

    def _outputs(self, translator: Translator, table: CompiledTable, name: str) -> list[Term]:
        rows = table.outputs
        return [translator.term(r[name]) if name in r else Known(None) for r in rows]

    def _asked_table(self, table: CompiledTable) -> None:
        """A table answered by the engine, once for every distinct case."""
        stage, names = self.stage, table.table.names

        def evaluate(scope: Scope) -> dict[str, Any]:
            try:
                answer = table.answer(scope)
            except TableStopped as stop:
                raise Stopped from stop
            rests = {name: sorted(table.rests_on(name, answer)) for name in names}
            return {"values": dict(answer.values), "rests": rests}

        found = stage.ask(stage.names_of(table.reads), evaluate)
        stage.looked_up.append(f"决策表 {table.table.label}")
        answers: list[Any] = list(found.values)
        self.rests[table.table.id] = found.place, answers
        for name in names:
            values = tuple(None if a is None else a["values"][name] for a in answers)
            part = Answered(found.place, values, None)
            stage.table, stage.bindings[name] = as_binding(stage.session, stage.table, part)
            stage.settle(name, stage.names()[name])
