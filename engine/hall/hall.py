"""Cases begun and moved on: decided first, then written in one transaction, at one version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from engine.casework import (
    THE_CLOCK,
    Case,
    CaseClock,
    Command,
    CommandRefused,
    Effect,
    Event,
    OpenMove,
    advance,
    clock_of,
    day_of,
    effects_of,
    find_move,
    open_moves,
    perform,
    refuse_judged,
    timers_of,
)
from engine.checks import decide
from engine.decision import Decision, to_plain
from engine.definitions import Flow, Matter
from engine.hall.after import tasks_following
from engine.hall.assisting import refuse_official, with_earlier
from engine.hall.contention import refuse_duplicate, refuse_out_of_turn
from engine.hall.evaluating import evaluate_case, evaluation_event, rules_differ
from engine.hall.issuing import MAKING
from engine.hall.marks import absences_of, marks_of
from engine.hall.replaying import ReplayedEvaluation, replay_case
from engine.hall.rescheduling import reschedule_changed
from engine.hall.rounds import deliver_effects, fire_timers
from engine.hall.sealing import SealRing
from engine.hall.statements import refuse_unasked
from engine.hall.terms import terms_of
from engine.hall.verifying import Verification, show_licence, verify_licence
from engine.store import Conflict, Database, append, put_effects, read_case, set_timers
from engine.store.commands import KeyReused, recall_command, remember_command
from engine.store.counters import count_up
from engine.store.event_log import Recorded, fold_case
from engine.store.licences import keep_licences
from engine.store.snapshots import keep_snapshot, recall_snapshot
from engine.workspace import Workspace

FLOW = "ordinary"


@dataclass(frozen=True)
class _Begun:
    """An application that was evaluated and is not yet a case."""

    workspace: Workspace
    matter: Matter
    flow: Flow
    decision: Decision
    application: Mapping[str, Any]
    snapshot: str


class Hall:
    """Carries out commands. `current` gives the workspace as it is now: new cases follow that."""

    def __init__(
        self,
        database: Database,
        current: Callable[[], Workspace],
        *,
        seals: SealRing | None = None,
        public_url: str = "http://127.0.0.1:8000",
    ) -> None:
        self.database = database
        self.current = current
        self.seals = seals or SealRing(current().root / "var" / "seals")
        self.public_url = public_url
        self._recalled: dict[str, Workspace] = {}
        self._kept: WeakKeyDictionary[Workspace, str] = WeakKeyDictionary()
        self._lock = Lock()

    # --- commands ----------------------------------------------------------------------------

    def submit(self, matter_id: str, application: Mapping[str, Any], command: Command) -> Case:
        """Begins a case, and decides it at once where rules alone may (即办件).

        Raises ApplicationError, UnknownDefinition and what `decide` raises; CommandRefused for what
        only officers may state, and, unless the body gives `duplicate_reason`, for an application
        that is under way already; KeyReused where the command's key began another application.
        """
        command = _in_plain_json(command)
        with self.database.read() as connection:
            known = recall_command(connection, command)
            if known:
                return _begun_before(connection, known, matter_id, application)
        begun = self._begin(matter_id, application, command)
        with self.database.write() as connection:
            known = recall_command(connection, command)
            if known:
                return _begun_before(connection, known, matter_id, application)
            event = _submission(begun, command, _next_number(connection, begun, command))
            case = advance(None, event)
            refuse_duplicate(connection, case, command)
            events = [event, evaluation_event(begun.decision, case, command.at)]
            case = advance(case, events[-1])
            events += _by_rule(begun.flow, case, command)
            return self._record(connection, begun.flow, events, command, None)

    def examine(self, matter_id: str, application: Mapping[str, Any], command: Command) -> None:
        """Raises what `submit` would raise now; begins nothing. Quiet for what was begun already."""
        command = _in_plain_json(command)
        with self.database.read() as connection:
            if recall_command(connection, command):
                return
        begun = self._begin(matter_id, application, command)
        case = advance(None, _submission(begun, command, number=""))
        with self.database.read() as connection:
            refuse_duplicate(connection, case, command)

    def perform(self, case_id: str, command: Command, *, version: int | None = None) -> Case:
        """Carries out one command. Raises KeyError, CommandRefused, and Conflict where the case is
        not at `version` any more or is moved on meanwhile; what `decide` raises, where the rules
        are evaluated anew.
        """
        command = _in_plain_json(command)
        with self.database.read() as connection:
            known = recall_command(connection, command, case_id)
            case = fold_case(read_case(connection, case_id))
        if known:
            return case
        if version not in (None, case.version):
            raise Conflict(case_id)
        flow = self.flow(case)
        events = self._events(flow, case, command)
        with self.database.write() as connection:
            known = recall_command(connection, command, case_id)
            if known:
                return fold_case(read_case(connection, known))
            refuse_out_of_turn(connection, case, command)
            case = self._record(connection, flow, events, command, case)
        return self._seal(case, command) if command.do == "issue" else case

    # --- what goes on by itself ----------------------------------------------------------------

    def tick(self, now: datetime, worker: str) -> int:
        """Gives the commands of all timers that are due; how many were settled.

        Any number of workers may call it at once, each by its own name. Where a calendar was
        published since, deadlines are worked out anew first.
        """
        reschedule_changed(self, day_of(now))
        return fire_timers(self, now, worker)

    def deliver(self, now: datetime, worker: str) -> int:
        """Hands waiting messages to the plugins; how many were taken. As `tick` for workers."""
        return deliver_effects(self, now, worker)

    # --- reading -----------------------------------------------------------------------------

    def case(self, case_id: str) -> Case:
        """The case as it is. Raises KeyError."""
        return fold_case(self.history(case_id))

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Everything that happened to a case. Raises KeyError."""
        with self.database.read() as connection:
            return read_case(connection, case_id)

    def flow(self, case: Case) -> Flow:
        """The flow that a case follows."""
        assert case.on is not None  # a case that was folded has its day
        return _flow(self.definitions(case), case.flow, case.on)

    def clock(self, case: Case, on: date) -> CaseClock:
        """By when, what was counted, which cards: by the calendars published until now."""
        return clock_of(case, self.flow(case), self.current().calendar, on)

    def available(self, case: Case, command: Command) -> tuple[OpenMove, ...]:
        """What the one who gives `command` may do, each with why it is not possible. Its `do` and
        `body` are not looked at."""
        return open_moves(self.flow(case), case, command)

    def definitions(self, case: Case) -> Workspace:
        """The workspace with the definitions that a case is decided by."""
        with self._lock:
            known = self._recalled.get(case.definitions)
        if known is None:
            with self.database.read() as connection:
                known = recall_snapshot(connection, self.current(), case.definitions)
            with self._lock:
                known = self._recalled.setdefault(case.definitions, known)
        return known

    def pinned(self, connection: Connection, case: Case) -> Workspace:
        """As `definitions`, for those who hold a connection already."""
        return self.definitions(case)

    def is_outdated(self, case: Case, on: date) -> bool:
        """Whether a case must be evaluated by other rules than those it is pinned to.

        Before acceptance those of the day hold; afterwards a later version only where it says so
        (`transition: undecided`).
        """
        if case.decided_at is not None:
            return False
        current = self.current()
        if case.accepted_at is not None:
            file = current.find("matter", case.matter, on)
            definition = file.definition if file else None
            if not isinstance(definition, Matter) or definition.transition != "undecided":
                return False
        return rules_differ(case, self.definitions(case), current, on)

    def verification_url(self, identifier: str) -> str:
        """Where the public verifies a licence: what the code on its paper leads to."""
        return f"{self.public_url}/verify/{identifier}"

    def verify_licence(self, asked: str, at: datetime) -> Verification:
        """The state of the licence of an identifier, or of a code that its holder shows."""
        return verify_licence(self, asked, at)

    def show_licence(self, case_id: str, holder: str, at: datetime) -> tuple[str, datetime]:
        """A short-lived code for the holder to show (亮码), and its end. Raises KeyError for another's
        case, and CommandRefused where there is no licence."""
        return show_licence(self, case_id, holder, at)

    def replay(self, case_id: str) -> tuple[ReplayedEvaluation, ...]:
        """Every evaluation of a case decided again, offline. Raises KeyError."""
        return replay_case(self, case_id)

    # --- inside ------------------------------------------------------------------------------

    def _begin(self, matter_id: str, application: Mapping[str, Any], command: Command) -> _Begun:
        refuse_official(application)
        workspace = self.current()
        refuse_unasked(workspace, matter_id, command.day, command, application.get("facts"))
        decision = decide(workspace, matter_id, application, on=command.day)
        matter = workspace.matter(decision.matter, command.day, decision.region)
        with self.database.read() as connection:
            whole = with_earlier(connection, workspace, matter, application, command)
        if whole is not application:
            application, decision = whole, decide(workspace, matter_id, whole, on=command.day)
        judged = {c.judgement.fact for c in matter.criteria if c.judgement}
        facts = application.get("facts")
        refuse_judged(judged, facts if isinstance(facts, Mapping) else {})
        flow = _flow(workspace, FLOW, command.day)
        return _Begun(workspace, matter, flow, decision, application, self._snapshot(workspace))

    def _events(self, flow: Flow, case: Case, command: Command) -> list[Event]:
        """The event of a command, and the evaluation that it calls for."""
        move = find_move(flow, case, command)
        if command.do in ("accept", "review", "approve") and self.is_outdated(case, command.day):
            raise CommandRefused(
                "rules-changed",
                "办理期间规则已修订，请先按现行规则重新审查",
                "the rules were revised meanwhile: evaluate by those now in force first",
            )
        if command.do == "extend":
            self._refuse_late_extension(case, command)
        if command.do == "supply":
            workspace, on = self.definitions(case), case.on or command.day
            refuse_unasked(workspace, case.matter, on, command, command.body.get("facts"))
        if command.do == "repin":
            command = self._repinning(flow, case, command)
        if command.do in MAKING:
            command = MAKING[command.do](self, case, command)
        event = perform(flow, case, command)
        if not move.evaluates:
            return [event]
        after = advance(case, event)
        decision = evaluate_case(self.definitions(after), after)
        return [event, evaluation_event(decision, after, command.at)]

    def _repinning(self, flow: Flow, case: Case, command: Command) -> Command:
        """The command with what the rules now in force say of the case."""
        if not self.is_outdated(case, command.day):
            raise CommandRefused(
                "rules-unchanged", "规则没有需要适用的修订", "there are no other rules to apply"
            )
        workspace = self.current()
        decision = decide(workspace, case.matter, case.application, on=command.day)
        matter = workspace.matter(case.matter, command.day, case.region)
        terms = terms_of(workspace, matter, flow, decision)
        body = {
            "definitions": self._snapshot(workspace),
            "times": dict(terms.times),
            "terms": dict(terms.terms),
        }
        return Command(command.do, command.actor, command.at, body, command.key)

    def _seal(self, case: Case, command: Command) -> Case:
        """At once; should it fail, the case's own timer tries again."""
        for licence in case.results:
            body = {"identifier": licence.identifier}
            key = f"seal:{licence.identifier}"
            case = self.perform(case.id, Command("seal", THE_CLOCK, command.at, body, key))
        return case

    def _refuse_late_extension(self, case: Case, command: Command) -> None:
        clock = self.clock(case, command.day)
        due = clock.statutory_by or clock.promise_by
        if due is not None and command.day > due:
            raise CommandRefused(
                "too-late", f"办理期限 {due} 已届满，不能再延长", f"the time ended on {due}"
            )

    def _record(
        self,
        connection: Connection,
        flow: Flow,
        events: list[Event],
        command: Command,
        case: Case | None,
    ) -> Case:
        """Appends what happened, with all that follows from it, and remembers the command."""
        version = case.version if case else 0
        workspace = self.current()
        events = tasks_following(self.definitions, workspace.calendar, case, events)
        effects: list[Effect] = []
        for event in events:
            case = advance(case, event)
            effects += effects_of(case, event)
        assert case is not None
        timers = timers_of(case, flow, workspace.calendar, absences_of(workspace, command.day))
        marks = marks_of(case, flow, workspace.calendar)
        append(connection, case, events, version=version, marks=marks)
        set_timers(connection, case.id, timers)
        put_effects(connection, case.id, effects)
        keep_licences(connection, case.id, case.results)
        remember_command(connection, command, case)
        return case

    def _snapshot(self, workspace: Workspace) -> str:
        """The digest that the workspace is kept under; kept before it is first referred to."""
        with self._lock:
            known = self._kept.get(workspace)
        if known is None:
            with self.database.write() as connection:
                known = keep_snapshot(connection, workspace)
            with self._lock:
                self._kept[workspace] = known
                # What is in force needs no reading back from the store.
                self._recalled.setdefault(known, workspace)
        return known


def _next_number(connection: Connection, begun: _Begun, command: Command) -> str:
    region = begun.decision.region
    serial = count_up(connection, f"case:{region}:{command.day:%Y%m%d}")
    return f"{region}{command.day:%Y%m%d}{serial:05}"


def _submission(begun: _Begun, command: Command, number: str) -> Event:
    decision, matter, flow = begun.decision, begun.matter, begun.flow
    terms = terms_of(begun.workspace, matter, flow, decision)
    body = {
        "case": uuid4().hex,
        "number": number,
        "matter": decision.matter,
        "title": decision.title,
        "region": decision.region,
        "flow": flow.flow,
        "definitions": begun.snapshot,
        "owner": command.actor.name,
        "department": matter.department or matter.organ,
        "application": to_plain(begun.application),
        "times": dict(terms.times),
        "terms": dict(terms.terms),
        "duplicate_reason": str(command.body.get("duplicate_reason") or ""),
        "theme": dict(command.body.get("theme") or {}),
        "signed": [str(name) for name in command.body.get("signed") or ()],
    }
    return Event("submitted", command.at, command.actor, flow.start, body)


def _in_plain_json(command: Command) -> Command:
    """Decimals as text, as applications are kept: the log holds what JSON holds."""
    body = to_plain(dict(command.body))
    assert isinstance(body, dict)
    return replace(command, body=body)


def _begun_before(
    connection: Connection, case_id: str, matter_id: str, application: Mapping[str, Any]
) -> Case:
    """The case that the same key began. Raises KeyReused where that was another application."""
    recorded = read_case(connection, case_id)
    body = recorded[0].event.body
    posted = {name: value for name, value in body["application"].items() if name != "earlier"}
    if (body["matter"], posted) != (matter_id, to_plain(application)):
        raise KeyReused(
            "操作编号已用于另一份申请，请换一个 / this key stands for another application"
        )
    return fold_case(recorded)


def _flow(workspace: Workspace, identity: str, on: date) -> Flow:
    found = workspace.file("flow", identity, on).definition
    assert isinstance(found, Flow)
    return found


def _by_rule(flow: Flow, case: Case, command: Command) -> list[Event]:
    """The decision that rules alone may make at once; none where people must."""
    given = Command("decide_by_rule", THE_CLOCK, command.at)
    try:
        return [perform(flow, case, given)]
    except CommandRefused:
        return []
