"""What was answered so far, and what that makes of each part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.decision import Application, ApplicationError, condition_holds, feel_context
from engine.decision.application import parse_application, read_register_value
from engine.decision.program import WORKING_DAYS, to_feel
from engine.definitions import PATH_TITLES
from engine.diagnostics import Diagnostic
from engine.themes.conditions import APPLIES
from engine.themes.plan import PartPlan, ThemePlan


@dataclass(frozen=True)
class Answers:
    """Typed answers under the theme's names, who applies, and the path chosen for each part."""

    plan: ThemePlan
    facts: Mapping[str, object]
    person: Application  # applicant and agent; its facts are empty
    paths: Mapping[str, str]
    problems: tuple[Diagnostic, ...] = ()

    @cached_property
    def applies(self) -> Mapping[str, bool | None]:
        """Of each part whether it is needed; None while that rests on what nobody has answered."""
        return {part.id: self._applies(part) for part in self.plan.parts}

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """What conditions of the merged form read: the answers, and one record for each part.

        No register is asked. Raises DecisionStopped when a table of a part contradicts itself.
        """
        context: dict[str, Any] = self._plain()
        for part in self.plan.parts:
            record = dict(self._record(part))
            context[WORKING_DAYS] = record.pop(WORKING_DAYS)
            context[part.id] = record | {APPLIES: self.applies[part.id]}
        return context

    def missing(self, part: PartPlan) -> tuple[str, ...]:
        """The facts without which nobody can say whether the part is needed."""
        if part.when is None or self.applies[part.id] is not None:
            return ()
        names = sorted(part.when.names & set(self.plan.facts))
        return tuple(name for name in names if self.facts.get(name) is None)

    def _applies(self, part: PartPlan) -> bool | None:
        if part.part.when is None:
            return True
        figures = {name: to_feel(p.figure) for name, p in part.matter.parameters.items()}
        return condition_holds(part.part.when, {**figures, **self._plain()})

    def _plain(self) -> dict[str, Any]:
        return {name: to_feel(self.facts.get(name)) for name in self.plan.facts}

    def _record(self, part: PartPlan) -> Mapping[str, Any]:
        own = {
            local: self.facts[merged]
            for local, merged in part.names.items()
            if self.facts.get(merged) is not None
        }
        application = replace(
            self.person,
            facts=own,
            path=_path_id(self.paths.get(part.id, "general")),
            region=self.plan.region,
        )
        return feel_context(self.plan.workspace, part.id, application, on=self.plan.on)


def read_answers(plan: ThemePlan, data: Mapping[str, Any]) -> Answers:
    """The answers in an application for the theme. What does not fit is left out, and told.

    Reads `facts`, `applicant`, `path` and `paths`, the path of each part.
    """
    facts: dict[str, object] = {}
    problems: list[Diagnostic] = []
    given = data.get("facts")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        if name in plan.facts:
            found, faults = _typed(plan, name, value)
            facts[name] = found
            problems += faults
    by_part = {part.id: chosen_path(part, data) for part in plan.parts}
    return Answers(plan, facts, _person(plan, data), by_part, tuple(problems))


def chosen_path(part: PartPlan, data: Mapping[str, Any]) -> str:
    """The path chosen for a part, else the one for all where its matter has it, else the general."""
    paths = data.get("paths")
    if isinstance(paths, Mapping) and part.id in paths:
        return str(paths[part.id])
    common = str(data.get("path") or "general")
    known = {"general", *part.matter.paths}
    return common if common in {*known, *(PATH_TITLES[path] for path in known)} else "general"


def _path_id(said: str) -> str:
    """A path by id or title; what is neither is told when the part is decided."""
    by_title = {title: path for path, title in PATH_TITLES.items()}
    path = by_title.get(said, said)
    return path if path in PATH_TITLES else "general"


def _typed(plan: ThemePlan, name: str, value: Any) -> tuple[object, tuple[Diagnostic, ...]]:
    return read_register_value(plan.workspace, plan.facts[name], value, name, plan.on)


def _person(plan: ThemePlan, data: Mapping[str, Any]) -> Application:
    """Who applies, read as an application for any of the parts would be; nobody where it is wrong."""
    posted = {"applicant": data.get("applicant", {}), "region": plan.region}
    try:
        return parse_application(plan.workspace, plan.parts[0].id, posted, plan.on)
    except ApplicationError:
        return Application(region=plan.region)  # told when the parts are decided
