"""A matter's whole decision as columns: its path, each criterion's status, and the outcome.

The order is that of one decision: facts, tables and computed facts; the path; materials; criteria;
what would follow; the conclusion. No register is asked: licences, credit records and department
queries are taken as nobody's, in both versions alike.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, get_args

import ibis

from engine.decision import DecisionStopped
from engine.decision.concluding import FINDING
from engine.decision.findings import only_outcome
from engine.decision.program import PATH, CompiledCriterion, Program
from engine.decision.values import Outcome, Status
from engine.definitions import PATH_TITLES
from engine.feel import Expression
from engine.inference import Fact
from engine.population.facts import FactColumns, Given, PopulationStopped
from engine.population.handing_in import material_forms
from engine.population.rule_sight import criterion_fact, facts_posted
from engine.population.signatures import Patterns, Possible, Varying, alternatives, decided
from engine.population.stages import Stage
from engine.population.terms import (
    TEXT,
    Column,
    Known,
    NotTranslatable,
    Term,
    any_of,
    as_column,
    opposite,
)
from engine.population.verdicts import Verdicts

STATUSES: Final[tuple[Status, ...]] = ("不适用", "满足", "不满足", "待核")
NOT_APPLICABLE, HOLDS, FAILS, OPEN = range(4)
PATHS: Final = tuple(PATH_TITLES)
STOPPED: Final = "未能判定"
OUTCOMES: Final[tuple[str, ...]] = (*get_args(Outcome), STOPPED)
_STOPPED: Final = len(OUTCOMES) - 1


class Plan:
    """Lays one program's columns over a table, each named with the stage's prefix.

    `{prefix}path` is a place in PATHS, `{prefix}c_{id}` in STATUSES, `{prefix}outcome` in OUTCOMES.
    """

    def __init__(self, stage: Stage, program: Program, given: Given) -> None:
        self.stage, self.program, self.given = stage, program, given
        self.prefix = stage.prefix
        self.facts = FactColumns(stage, program, given)
        self.verdicts = Verdicts(stage, program, self.facts.hits, self.facts.rests)
        self._stops: list[str] = []  # columns that say where there is no decision

    def lay(self) -> None:
        """All columns of the decision. Raises PopulationStopped."""
        self.facts.lay()
        self._choose_path()
        self._judge()

    def _keep(self, expressions: Iterable[Expression | None]) -> None:
        try:
            self.verdicts.keep(e for e in expressions if e is not None)
        except NotTranslatable as error:
            raise PopulationStopped.at(self.program.matter.title, str(error)) from None

    # --- path --------------------------------------------------------------------------------

    def _choose_path(self) -> None:
        """The path asked for where it is open to the applicant, else the general one."""
        stage, column = self.stage, f"{self.prefix}path"
        names = [(PATHS[place], place) for place in self.given.asked if place]
        declared = [(name, place) for name, place in names if name in self.program.entries]
        opened = [(place, self._opens(name, place)) for name, place in declared]
        cases = [
            ((self._asked() == place) & stage.table[is_open], place) for place, is_open in opened
        ]
        chosen = ibis.cases(*cases, else_=0) if cases else ibis.literal(0)
        stage.add({column: chosen.cast("int8")})
        titles = [PATH_TITLES[name] for name in PATHS]

        def title(table: Any) -> Term:
            if not opened:
                return Known(titles[0])
            named = [(table[column] == place, titles[place]) for place, _ in opened]
            return Column(ibis.cases(*named, else_=titles[0]), TEXT)

        stage.forget()
        self.verdicts.forget()
        stage.bindings[PATH] = title

    def _asked(self) -> Any:
        column, only = self.given.path, self.given.asked[0]
        return ibis.literal(only, "int8") if column is None else self.stage.table[column]

    def _opens(self, name: str, place: int) -> str:
        """The column that says whether a path is open: its entry condition holds, no rule bars it."""
        stage = self.stage
        entry = next(entry for path, entry in self.program.entries.items() if path == name)
        self._keep([entry])
        verdict = self.verdicts.verdict(entry)
        title, patterns = PATH_TITLES[name], Patterns(self.program.entry)
        entered = {"是否进入": Varying(verdict.holds, is_text=False)}
        possible = [
            *facts_posted(stage, self.program, patterns, title),
            *alternatives(patterns, Fact("路径", {"名称": title}), entered),
        ]
        bars = self._decided(patterns, possible, self._is_barred)
        column = f"{self.prefix}opens_{name}"
        columns = {column: verdict.holds.fill_null(False) & (bars == 0)}
        if verdict.stops is not None:
            # Nobody else's entry is looked at.
            columns[f"{column}_stops"] = verdict.stops & (self._asked() == place)
            self._stops.append(f"{column}_stops")
        stage.add(columns)
        return column

    def _is_barred(self, facts: list[Fact]) -> int:
        derived = [firing.derived for firing in self.program.entry.infer(facts).firings]
        bars = [f for f in derived if f.type == FINDING and f.fields.get("后果") != "remind"]
        return int(bool(bars))

    def _decided(
        self,
        patterns: Patterns,
        possible: Iterable[Possible],
        conclude: Callable[[list[Fact]], int],
    ) -> Any:
        def ask(bits: dict[str, Any], answer: Callable[[Sequence[bool]], int]) -> Any:
            raise PopulationStopped.at(self.program.matter.title, "结论规则（情形过多）")

        return decided(patterns, possible, conclude, ask)

    # --- criteria and what follows -----------------------------------------------------------

    def _judge(self) -> None:
        program, stage, prefix = self.program, self.stage, self.prefix
        self._keep(e for c in program.criteria for e in (c.when, c.require))
        self._keep(m.when for m in program.materials)
        self._keep(when for _, when, *_ in program.obligations)
        self._foresee()
        stops, columns = [], {}
        for compiled in program.criteria:
            columns[f"{prefix}c_{compiled.criterion.id}"], stop = self._criterion(compiled)
            stops += stop
        possible = [*self._materials(stops), *self._pending(stops)]
        for n, one in enumerate(possible):
            columns[f"{prefix}m_{n}"] = one.condition
        stops += [as_column(b(stage.table)).expr for b in (*self.facts.conflicts, *stage.stops)]
        stops += [stage.table[column] for column in self._stops]
        columns[f"{prefix}stops"] = any_of(stops)
        stage.add(columns)
        self._conclude([one.fact for one in possible])

    def _criterion(self, compiled: CompiledCriterion) -> tuple[Any, list[Any]]:
        """Its status, and where it stops the decision."""
        applies = self.verdicts.verdict(compiled.when)
        held = self.verdicts.verdict(compiled.require)
        is_committed = self._committed(compiled.criterion.id)
        is_conditional, fails = compiled.when is not None, opposite(held.holds)
        arms = [(opposite(applies.holds), NOT_APPLICABLE)] if is_conditional else []
        arms += [(held.holds, HOLDS)]
        arms += [(fails & applies.holds if is_conditional else fails, FAILS)]
        if is_committed is not None:
            # A promise stands for what nobody knows yet, never for what is known to fail.
            arms.append((held.holds.isnull() & is_committed, HOLDS))
        stops = [] if applies.stops is None else [applies.stops]
        if held.stops is not None:
            # What does not apply is not evaluated.
            does_apply = applies.holds.fill_null(True)
            stops.append(held.stops & does_apply if is_conditional else held.stops)
        return ibis.cases(*arms, else_=OPEN).cast("int8"), stops

    def _committed(self, identity: str) -> Any | None:
        """Whoever chose a path commits to all that it covers; None where no path covers it."""
        covering = [
            PATHS.index(path)
            for path, declared in self.program.matter.paths.items()
            if identity in declared.covers and PATHS.index(path) in self.given.asked
        ]
        return self.stage.table[f"{self.prefix}path"].isin(covering) if covering else None

    def _materials(self, stops: list[Any]) -> Iterator[Possible]:
        """Materials as they end up, where some rule concerns itself with that."""
        stage, patterns = self.stage, Patterns(self.program.conclusion)
        path = stage.table[f"{self.prefix}path"]
        for compiled in self.program.materials:
            needed = self.verdicts.verdict(compiled.when)
            stops += [needed.stops] if needed.stops is not None else []
            column = self.given.materials.get(compiled.material.key)
            handed = None if column is None else stage.table[column].fill_null(False)
            for fact, standing in material_forms(self.program, compiled, self.given.asked):
                if patterns.class_of(fact) is not None:
                    where = standing.over(needed.holds, handed, path)
                    if where is not None:
                        yield Possible(fact, where)

    def _pending(self, stops: list[Any]) -> Iterator[Possible]:
        """Consequences that cannot be told yet keep an application from being approved."""
        for duty, when, *_ in self.program.obligations:
            if when is not None:
                verdict = self.verdicts.verdict(when)
                stops += [verdict.stops] if verdict.stops is not None else []
                yield Possible(_pending_fact(duty.id), verdict.holds.isnull())
        for benefit, amount, starts, *_ in self.program.benefits:
            for expression in (amount, starts):
                if expression is not None:
                    yield Possible(_pending_fact(benefit.title), self._is_unknown(expression))

    def _foresee(self) -> None:
        """Asks for what benefits rest on before any column is written."""
        for _, amount, starts, *_ in self.program.benefits:
            for expression in (amount, starts):
                if expression is not None:
                    self._is_unknown(expression)

    def _is_unknown(self, expression: Expression) -> Any:
        try:
            term = self.stage.solve(lambda t: t.term(expression))
            if isinstance(term, Known):
                return ibis.literal(term.value is None)
            return as_column(term).expr.isnull()
        except NotTranslatable:
            raise PopulationStopped.at(self.program.matter.title, expression.text) from None

    def _conclude(self, pending: Sequence[Fact]) -> None:
        stage, prefix, program = self.stage, self.prefix, self.program
        table, patterns = stage.table, Patterns(program.conclusion)
        facts = [Possible(fact, table[f"{prefix}m_{n}"]) for n, fact in enumerate(pending)]
        for compiled in program.criteria:
            column = table[f"{prefix}c_{compiled.criterion.id}"]
            facts += [
                Possible(criterion_fact(compiled.criterion, status), column == place)
                for place, status in enumerate(STATUSES)
            ]
        for path in ("general", *program.entries):
            is_taken = table[f"{prefix}path"] == PATHS.index(path)
            fact = Fact("路径", {"名称": PATH_TITLES[path], "是否进入": True})
            facts.append(Possible(fact, is_taken))
        facts += facts_posted(stage, program, patterns, None)
        drawn = self._decided(patterns, facts, self._outcome)
        outcome = ibis.cases((table[f"{prefix}stops"], _STOPPED), else_=drawn)
        stage.add({f"{prefix}outcome": outcome.cast("int8")})

    def _outcome(self, facts: list[Fact]) -> int:
        try:
            return OUTCOMES.index(only_outcome(self.program, self.program.conclusion.infer(facts)))
        except DecisionStopped:
            return _STOPPED


def _pending_fact(title: str) -> Fact:
    return Fact("认定", {"名称": "后续内容待核", "后果": "review", "对象": title})
