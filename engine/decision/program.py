"""A matter compiled once: every expression parsed, facts and tables in the order they are computed."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from engine.clock import Calendar
from engine.decision.concluding import AuthoredRule, Conclusions, rules_of_matter
from engine.decision.tables import CompiledTable
from engine.decision.tables import compile_table as compile_table  # the checks ask here
from engine.definitions import Criterion, MaterialUse, Matter
from engine.diagnostics import TongbanError
from engine.feel import Expression, FeelSyntaxError
from engine.hooks import regional_calendar
from engine.profile import compile_rule
from engine.workspace import UnknownDefinition, Workspace

# Names that the engine itself provides, with who is asked when one is missing.
DAY, REGION, PATH, APPLICANT = "申请日期", "地区", "办理路径", "申请人"
LICENCE = "证照"  # in a material's checks
WORKING_DAYS = "工作日数"
_YEARS_AHEAD = 11  # the longest obligations run ten years
BUILT_IN = (DAY, REGION, PATH, APPLICANT)
FUNCTIONS = (WORKING_DAYS,)


class DecisionStopped(TongbanError):
    """A rule could not be evaluated although nothing is missing, so no decision is given."""


@dataclass(frozen=True)
class CompiledCriterion:
    criterion: Criterion
    when: Expression | None
    require: Expression


@dataclass(frozen=True)
class CompiledMaterial:
    material: MaterialUse
    when: Expression | None
    checks: tuple[Expression, ...]


class Program:
    """A matter, as one region applies it on one day, ready to decide applications."""

    def __init__(self, workspace: Workspace, matter: Matter, region: str, on: date) -> None:
        self.workspace, self.matter, self.region, self.on = workspace, matter, region, on
        try:
            self._compile()
        except FeelSyntaxError as error:
            raise self._unusable(f"{error.message_zh} / {error.message_en}") from error
        except CycleError as error:
            names = " → ".join(str(name) for name in error.args[1])
            raise self._unusable(f"事实互相依赖成环：{names} / facts depend in a circle") from error

    def _compile(self) -> None:
        matter = self.matter
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
        self.obligations = tuple((o, _maybe(o.when)) for o in matter.obligations)
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

    def _shared_rules(self) -> Iterable[AuthoredRule]:
        for rule_set in self.workspace.rule_sets(self.on):
            for index, rule in enumerate(rule_set.conclusions):
                yield AuthoredRule("rules", rule_set.rules, index, rule)

    def _unusable(self, reason: str) -> TongbanError:
        file = self.workspace.file("matter", self.matter.matter, self.on).file
        return DecisionStopped(f"{file}：定义有误，不能据以作出决定：{reason}")

    @cached_property
    def givers(self) -> Mapping[str, str]:
        """The table that gives each output."""
        return {
            name: table_id for table_id, table in self.tables.items() for name in table.table.gives
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
        wanted |= {("codes", f.codes) for f in matter.facts.values() if f.codes}
        wanted |= {("region", r.region) for r in workspace.region_chain(self.region, on)}
        wanted |= {("rules", r.rules) for r in workspace.rule_sets(on)}
        found = {}
        for kind, identity in sorted(wanted):
            with suppress(UnknownDefinition):
                found[f"{kind}:{identity}"] = workspace.digest(kind, identity, on)
        for identity in workspace.ids("calendar"):
            found[f"calendar:{identity}"] = workspace.versions("calendar", identity)[0].digest
        return found

    def reads_of(self, name: str) -> frozenset[str]:
        """What a computed fact or a table's output is computed from; empty for what is given."""
        if name in self.computed:
            return self.computed[name].names - set(FUNCTIONS)
        table = self.givers.get(name)
        return self.tables[table].reads - set(FUNCTIONS) if table else frozenset()

    def leaves(self, names: Iterable[str]) -> tuple[str, ...]:
        """The given facts, parameters and built-in names that `names` rest on, sorted."""
        found: set[str] = set()
        waiting, seen = list(names), set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            reads = self.reads_of(name)
            if reads:
                waiting.extend(reads)
            elif name not in FUNCTIONS:
                found.add(name)
        return tuple(sorted(found))


def _maybe(text: str | None) -> Expression | None:
    return None if text is None else compile_rule(text)


def evaluation_order(
    computed: Mapping[str, Expression], tables: Iterable[CompiledTable]
) -> tuple[str, ...]:
    """Computed facts and tables (as `#id`), each after what it reads. Raises CycleError."""
    tables = list(tables)
    giver = {name: f"#{t.table.id}" for t in tables for name in t.table.gives}
    graph: dict[str, list[str]] = {}
    for name, expression in computed.items():
        graph[name] = sorted(giver.get(n, n) for n in expression.names)
    for compiled in tables:
        graph[f"#{compiled.table.id}"] = sorted(giver.get(n, n) for n in compiled.reads)
    steps = TopologicalSorter(graph).static_order()
    return tuple(step for step in steps if step in graph)
