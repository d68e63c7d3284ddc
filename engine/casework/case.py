"""A case as its events leave it. Nothing here is stored: it is folded anew from the events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from engine.casework import (
    acceptance,
    cards,
    commitments,
    correction,
    evidence,
    handling,
    joint,
    obligations,
    opinions,
    rechecks,
    results,
    special,
    tasks,
)
from engine.casework.acceptance import Decline
from engine.casework.answers import Answer
from engine.casework.cards import Card
from engine.casework.commitments import Ending
from engine.casework.correction import Correction
from engine.casework.events import Actor, Event
from engine.casework.evidence import Attestation, attestation_to_json
from engine.casework.joint import Joint, ask_members, joint_of
from engine.casework.opinions import Opinion
from engine.casework.rechecks import Recheck
from engine.casework.results import IssuedLicence
from engine.casework.special import Extension, Special
from engine.casework.tasks import Task, follow


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stay:
    """A state and the days on which it was entered and left; `to` None while it lasts."""

    state: str
    from_: date
    to: date | None = None


@dataclass(frozen=True)
class Case:
    """One case. `application` is JSON as `parse_application` reads it; `version` counts events.

    `since` holds the day on which each state was entered last, and the days that law counts from:
    received, accepted, decided, licence_expires. `terms` is what the definitions say of the course of
    this case: see `engine.hall.terms`. `refusal` holds `reasons` and `appeal`.
    """

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
    submitted_at: datetime | None = None
    received_at: datetime | None = None  # of the submission, or of what a notice asked for
    on: date | None = None  # the day whose rules hold
    times: Mapping[str, str] = field(default_factory=_nothing)  # periods as written, by name
    terms: Mapping[str, Any] = field(default_factory=_nothing)
    since: Mapping[str, date] = field(default_factory=_nothing)
    stays: tuple[Stay, ...] = ()
    evaluation: Mapping[str, Any] = field(default_factory=_nothing)  # outcome, decision, …
    answers: Mapping[str, Answer] = field(default_factory=_nothing)
    opinion: Opinion | None = None  # the one that waits for the checker, or was approved
    opinions: tuple[Opinion, ...] = ()
    accepted_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: str = ""  # 准予, 不予, 不予受理, 终止; empty while undecided
    deemed: str = ""  # the last event that the law itself brought about: deem_accepted …
    refusal: Mapping[str, Any] = field(default_factory=_nothing)
    correction: Correction = field(default_factory=Correction)
    decline: Decline | None = None
    rechecks: tuple[Recheck, ...] = ()
    specials: tuple[Special, ...] = ()
    extension: Extension | None = None
    joint: Joint | None = None
    handler: str = ""  # who alone handles it now; anybody of the role when empty
    cards: tuple[Card, ...] = ()
    tasks: tuple[Task, ...] = ()
    attestations: tuple[Attestation, ...] = ()  # the last answer about each thing asked
    licence_due: str = ""  # the licence type that must be issued before closing
    results: tuple[IssuedLicence, ...] = ()
    ending: Ending | None = None  # 撤销 or 注销 of what was granted
    repaired_on: date | None = None  # 信用修复
    warned_on: date | None = None  # for an application that concealed or falsified (第78条)
    handlers: tuple[Actor, ...] = ()

    @property
    def path(self) -> str:
        return str(self.application.get("path", "general"))

    @property
    def decision(self) -> Mapping[str, Any]:
        """The last decision as JSON; empty before the first evaluation."""
        found: Mapping[str, Any] = self.evaluation.get("decision", {})
        return found

    @property
    def judged(self) -> tuple[str, ...]:
        """Facts that only an officer may state."""
        return tuple(self.terms.get("judged", ()))

    @property
    def appeal(self) -> Mapping[str, Any]:
        """Where a decision may be appealed against."""
        found: Mapping[str, Any] = self.terms.get("appeal", {})
        return found

    @property
    def applicant(self) -> Mapping[str, Any]:
        """Who applies, as posted: name, id_kind, id_number, kind, agent."""
        found: Mapping[str, Any] = self.application.get("applicant") or {}
        return found


def application_of(case: Case) -> Mapping[str, Any]:
    """What is evaluated: what the applicant posted, with what officers answered."""
    application, answers = dict(case.application), case.answers
    if answers:
        stated = application.get("facts") or {}
        application["facts"] = {**stated, **{name: a.value for name, a in answers.items()}}
    if case.attestations:
        application["attested"] = {a.about: attestation_to_json(a) for a in case.attestations}
    return application


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
    moved = case if event.to == case.state else _enter(case, event)
    moved = replace(moved, state=event.to, version=case.version + 1)
    change = _CHANGES.get(event.kind)
    return follow(change(moved, event) if change else moved, event)


def _enter(case: Case, event: Event) -> Case:
    """The case in another state: whoever handled it there has done so."""
    *before, last = case.stays
    stays = (*before, replace(last, to=event.day), Stay(event.to, event.day))
    return replace(case, since={**case.since, event.to: event.day}, stays=stays, handler="")


def _begin(event: Event) -> Case:
    body = event.body
    terms = body.get("terms", {})
    case = Case(
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
        submitted_at=event.at,
        received_at=event.at,
        on=event.day,
        times=body["times"],
        since={event.to: event.day, "received": event.day},
        stays=(Stay(event.to, event.day),),
    )
    return _under(case, terms)


def _under(case: Case, terms: Mapping[str, Any]) -> Case:
    """The case under what the definitions say of its course."""
    expires = terms.get("licence_expires")
    since = (
        {**case.since, "licence_expires": date.fromisoformat(expires)} if expires else case.since
    )
    return replace(case, terms=terms, since=since, joint=joint_of(terms))


def _evaluate(case: Case, event: Event) -> Case:
    promise = event.body.get("promise")
    times = {**case.times, "promise": promise} if promise else case.times
    return replace(case, evaluation=event.body, times=times)


def _repin(case: Case, event: Event) -> Case:
    """Other definitions hold from now on: those of the day of acceptance, or by a transition."""
    body = event.body
    pinned = replace(
        case, definitions=body["definitions"], times=body["times"], on=event.day, opinion=None
    )
    return _under(pinned, body["terms"])


def _ask_all(case: Case, event: Event) -> Case:
    """Acceptance asks all members of joint handling at once."""
    accepted = acceptance.CHANGES[event.kind](case, event)
    return replace(accepted, joint=ask_members(accepted.joint, event.day))


_CHANGES: dict[str, Callable[[Case, Event], Case]] = {
    **cards.CHANGES,
    **acceptance.CHANGES,
    **correction.CHANGES,
    **opinions.CHANGES,
    **rechecks.CHANGES,
    **special.CHANGES,
    **handling.CHANGES,
    **joint.CHANGES,
    **tasks.CHANGES,
    **obligations.CHANGES,
    **commitments.CHANGES,
    **evidence.CHANGES,
    **results.CHANGES,
    "accept": _ask_all,
    "deem_accepted": _ask_all,
    "evaluate": _evaluate,
    "repin": _repin,
}
