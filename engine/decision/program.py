"""A matter compiled once: every expression parsed, facts and tables in the order they are computed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from engine.clock import Calendar, Period, deadline
from engine.decision.citations import Cited, cite
from engine.decision.concluding import AuthoredRule, Conclusions, rules_of_matter
from engine.decision.tables import CompiledTable, TableUnusable, compile_table
from engine.definitions import Criterion, MaterialUse, Matter, Shape
from engine.diagnostics import TongbanError
from engine.feel import Expression, FeelSyntaxError
from engine.feel.values import normalise
from engine.hooks import regional_calendar
from engine.inference import RuleError
from engine.profile import compile_rule
from engine.workspace import UnknownDefinition, Workspace

# Names that the engine itself provides, with who is asked when one is missing.
DAY, REGION, PATH, APPLICANT = "申请日期", "地区", "办理路径", "申请人"
LICENCE = "证照"  # in a material's checks
WORKING_DAYS = "工作日数"
_YEARS_AHEAD = 11  # the longest obligations run ten years
FUNCTIONS = (WORKING_DAYS,)


class DecisionStopped(TongbanError):
    """A rule could not be evaluated although nothing is missing, so no decision is given."""


@dataclass(frozen=True)
class CompiledCriterion:
    """A criterion with what every decision would otherwise work out again."""

    criterion: Criterion
    when: Expression | None
    require: Expression

    @cached_property
    def cited(self) -> Cited:
        return cite(self.criterion.basis)

    @cached_property
    def effect(self) -> str:
        return self.criterion.consequence

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What it reads, in the order shown."""
        read = self.require.names | (self.when.names if self.when is not None else frozenset())
        return tuple(sorted(read - set(FUNCTIONS)))


@dataclass(frozen=True)
class CompiledMaterial:
    """A use of a material with its expressions parsed."""

    material: MaterialUse
    when: Expression | None
    checks: tuple[Expression, ...]

    @cached_property
    def cited(self) -> Cited:
        return cite(self.material.basis or ())


class Program:
    """A matter, as one region applies it on one day, ready to decide applications."""

    def __init__(self, workspace: Workspace, matter: Matter, region: str, on: date) -> None:
        self.workspace, self.matter, self.region, self.on = workspace, matter, region, on
        self._dues: dict[str, tuple[date, bool]] = {}
        self.licence_titles: dict[str, str] = {}  # by licence type, as they are asked for
        try:
            self._compile()
        except FeelSyntaxError as error:
            raise self._unusable(f"{error.message_zh} / {error.message_en}") from error
        except CycleError as error:
            names = " → ".join(str(name) for name in error.args[1])
            raise self._unusable(f"事实互相依赖成环：{names} / facts depend in a circle") from error
        except (RuleError, TableUnusable) as error:
            raise self._unusable(str(error)) from error

    def _compile(self) -> None:
        matter = self.matter
        self.given = tuple(name for name, fact in matter.facts.items() if fact.compute is None)
        self.computed = {
            name: compile_rule(fact.compute)
            for name, fact in matter.facts.items()
            if fact.compute is not None
        }
        self.tables = {table.id: compile_table(table) for table in matter.tables}
        self.criteria = tuple(
            CompiledCriterion(c, _maybe(c.when), compile_rule(c.require)) for c in matter.criteria
        )
        self.materials = tuple(
            CompiledMaterial(
                m, _maybe(m.when), tuple(compile_rule(c.require) for c in m.checks or ())
            )
            for m in matter.materials
        )
        self.entries = {path: _maybe(p.entry) for path, p in matter.paths.items()}
        self.obligations = tuple((o, _maybe(o.when), cite(o.basis)) for o in matter.obligations)
        self.benefits = tuple(
            (b, compile_rule(b.amount), _maybe(b.starts)) for b in matter.benefits
        )
        self.order = evaluation_order(self.computed, self.tables.values())
        rules = (*self._shared_rules(), *rules_of_matter(matter))
        self.entry = Conclusions(tuple(r for r in rules if r.rule.phase == "entry"))
        self.conclusion = Conclusions(tuple(r for r in rules if r.rule.phase == "conclusion"))

    @cached_property
    def calendar(self) -> Calendar:
        """The official calendar, with a region's own years where a plugin has them."""
        years = range(self.on.year - 1, self.on.year + _YEARS_AHEAD)
        workspace = self.workspace
        return regional_calendar(workspace.plugins, self.region, workspace.calendar, years)

    def due(self, period: str) -> tuple[date, bool]:
        """The last day of a period from the program's own day, and whether it is provisional."""
        found = self._dues.get(period)
        if found is None:
            end = deadline(self.on, Period.parse(period), self.calendar)
            found = self._dues[period] = end.due, end.is_provisional
        return found

    def _shared_rules(self) -> Iterable[AuthoredRule]:
        for rule_set in self.workspace.rule_sets(self.on):
            for index, rule in enumerate(rule_set.conclusions):
                yield AuthoredRule("rules", rule_set.rules, index, rule)

    def _unusable(self, reason: str) -> TongbanError:
        file = self.workspace.file("matter", self.matter.matter, self.on).file
        return DecisionStopped(f"{file}：定义有误，不能据以作出决定：{reason}")

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """The region's values as FEEL takes them."""
        return {n: normalise(to_feel(p.figure)) for n, p in self.matter.parameters.items()}

    @cached_property
    def from_licences(self) -> tuple[tuple[str, str, str], ...]:
        """Facts that a licence tells, each with the licence type and its field."""
        sources = ((name, self.matter.facts[name].source or "") for name in self.given)
        parted = ((name, *source.partition(".")) for name, source in sources)
        return tuple((name, kind, field) for name, kind, dot, field in parted if dot)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The unit of each fact and parameter that has one."""
        units = {name: parameter.unit for name, parameter in self.matter.parameters.items()}
        units |= {name: fact.unit for name, fact in self.matter.facts.items()}
        for table in self.matter.tables:
            units |= table.units
        return {name: unit for name, unit in units.items() if unit}

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """Facts that are shown masked."""
        return frozenset(name for name, fact in self.matter.facts.items() if fact.sensitive)

    @cached_property
    def givers(self) -> Mapping[str, str]:
        """The table that gives each output."""
        return {
            name: table_id for table_id, table in self.tables.items() for name in table.table.names
        }

    def definitions(self) -> dict[str, str]:
        """`kind:id` and digest of every definition that a decision of this program rests on."""
        return dict(self._definitions)

    @cached_property
    def _definitions(self) -> dict[str, str]:
        workspace, matter, on = self.workspace, self.matter, self.on
        wanted = {("matter", matter.matter)}
        wanted |= {("material", m.use) for m in matter.materials if m.use}
        wanted |= {("licence", kind) for m in matter.materials for kind in m.satisfied_by or ()}
        sources = [fact.source.partition(".") for fact in matter.facts.values() if fact.source]
        wanted |= {("licence", kind) for kind, dot, _ in sources if dot}
        wanted |= {("codes", codes) for f in matter.facts.values() for codes in _codes_of(f)}
        wanted |= {("region", r.region) for r in workspace.region_chain(self.region, on)}
        wanted |= {("rules", r.rules) for r in workspace.rule_sets(on)}
        found = {}
        for kind, identity in sorted(wanted):
            with suppress(UnknownDefinition):
                found[f"{kind}:{identity}"] = workspace.digest(kind, identity, on)
        for identity in workspace.ids("calendar"):
            found[f"calendar:{identity}"] = workspace.versions("calendar", identity)[0].digest
        for year, days in sorted(self.calendar.years.items()):
            if workspace.calendar.years.get(year) is not days:  # a plugin's own for the region
                text = repr((sorted(days.off_days), sorted(days.work_days)))
                digest = hashlib.sha256(text.encode()).hexdigest()
                found[f"calendar of {self.region}:{year}"] = digest
        return found

    def reads_of(self, name: str) -> frozenset[str]:
        """What a computed fact is computed from; empty for what is given."""
        found = self.computed.get(name)
        return found.names - set(FUNCTIONS) if found is not None else frozenset()

    def calls(self, names: Iterable[str]) -> bool:
        """Whether something that `names` rest on asks the calendar, which may not know the year."""
        waiting, seen = list(names), set()
        while waiting:
            name = waiting.pop()
            if name in FUNCTIONS:
                return True
            if name not in seen:
                seen.add(name)
                if name in self.computed:
                    waiting.extend(self.computed[name].names)
                elif name in self.givers:
                    waiting.extend(self.tables[self.givers[name]].reads)
        return False


def _codes_of(shape: Shape) -> Iterator[str]:
    if shape.codes:
        yield shape.codes
    for field in shape.fields.values():
        yield from _codes_of(field)


def _maybe(text: str | None) -> Expression | None:
    return None if text is None else compile_rule(text)


def evaluation_order(
    computed: Mapping[str, Expression], tables: Iterable[CompiledTable]
) -> tuple[str, ...]:
    """Computed facts and tables (as `#id`), each after what it reads. Raises CycleError."""
    tables = list(tables)
    giver = {name: f"#{t.table.id}" for t in tables for name in t.table.names}
    graph: dict[str, list[str]] = {}
    for name, expression in computed.items():
        graph[name] = sorted(giver.get(n, n) for n in expression.names)
    for compiled in tables:
        graph[f"#{compiled.table.id}"] = sorted(giver.get(n, n) for n in compiled.reads)
    steps = TopologicalSorter(graph).static_order()
    return tuple(step for step in steps if step in graph)


def to_feel(value: Any) -> Any:
    """Python's plain values as FEEL takes them: whole numbers become decimals."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, list | tuple):
        return [to_feel(item) for item in value]
    if isinstance(value, dict):
        return {key: to_feel(item) for key, item in value.items()}
    return value
