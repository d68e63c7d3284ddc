"""A case as its events leave it. Nothing here is stored: it is folded anew from the events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from engine.casework.events import Actor, Event


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer proposed: an outcome of the decision, and why."""

    outcome: str
    text: str
    by: Actor
    at: datetime


@dataclass(frozen=True)
class Case:
    """One case. `application` is JSON as `parse_application` reads it; `version` counts events."""

    id: str
    number: str
    matter: str
    title: str
    region: str
    flow: str
    definitions: str  # digest of the definitions it is pinned to
    state: str
    version: int
    owner: str
    department: str
    application: Mapping[str, Any]
    times: Mapping[str, str] = field(
        default_factory=_nothing
    )  # correction, promise, statutory: periods as written
    since: Mapping[str, date] = field(default_factory=_nothing)  # state → the day it was entered
    evaluation: Mapping[str, Any] = field(default_factory=_nothing)  # outcome, receipt digest, on
    opinion: Opinion | None = None
    outcome: str = ""
    results: tuple[Mapping[str, Any], ...] = ()
    handlers: tuple[Actor, ...] = ()

    @property
    def path(self) -> str:
        return str(self.application.get("path", "general"))


def fold(events: Iterable[Event]) -> Case:
    """The case after these events. Raises ValueError when the first is not a submission."""
    case: Case | None = None
    for event in events:
        case = advance(case, event)
    if case is None:
        raise ValueError("a case has at least one event")
    return case


def advance(case: Case | None, event: Event) -> Case:
    """The case after one more event."""
    if case is None:
        if event.kind != "submitted":
            raise ValueError(f"a case begins with a submission, not with {event.kind}")
        return _begin(event)
    moved = (
        case if event.to == case.state else replace(case, since={**case.since, event.to: event.day})
    )
    moved = replace(moved, state=event.to, version=case.version + 1)
    change = _CHANGES.get(event.kind)
    return change(moved, event) if change else moved


def _begin(event: Event) -> Case:
    body = event.body
    return Case(
        id=body["case"],
        number=body["number"],
        matter=body["matter"],
        title=body["title"],
        region=body["region"],
        flow=body["flow"],
        definitions=body["definitions"],
        state=event.to,
        version=1,
        owner=body["owner"],
        department=body["department"],
        application=body["application"],
        times=body["times"],
        since={event.to: event.day},
    )


def _evaluate(case: Case, event: Event) -> Case:
    return replace(case, evaluation=event.body)


def _review(case: Case, event: Event) -> Case:
    opinion = Opinion(event.body["outcome"], event.body["opinion"], event.actor, event.at)
    return replace(case, opinion=opinion, handlers=(*case.handlers, event.actor))


def _approve(case: Case, event: Event) -> Case:
    outcome = case.opinion.outcome if case.opinion else ""
    return replace(case, outcome=outcome, handlers=(*case.handlers, event.actor))


def _issue(case: Case, event: Event) -> Case:
    return replace(case, results=(*case.results, event.body["result"]))


_CHANGES: dict[str, Callable[[Case, Event], Case]] = {
    "evaluate": _evaluate,
    "review": _review,
    "approve": _approve,
    "issue": _issue,
}
