"""Cases begun and moved on: one command, one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from engine.casework import Case, Command, Event, advance, perform
from engine.checks import decide
from engine.decision import Decision, decision_to_json, to_plain
from engine.definitions import Flow
from engine.store import Database, append, read_case
from engine.store.commands import recall_command, remember_command
from engine.store.counters import count_up
from engine.store.event_log import Recorded, fold_case
from engine.store.snapshots import keep_snapshot, recall_snapshot
from engine.workspace import Workspace

FLOW = "ordinary"


class Hall:
    """Carries out commands. `current` gives the workspace as it is now: new cases follow that."""

    def __init__(self, database: Database, current: Callable[[], Workspace]) -> None:
        self.database = database
        self.current = current
        self._recalled: dict[str, Workspace] = {}
        self._lock = Lock()

    def submit(self, matter_id: str, application: Mapping[str, Any], command: Command) -> Case:
        """Begins a case. Raises ApplicationError, UnknownDefinition and what `decide` raises."""
        workspace = self.current()
        decision = decide(workspace, matter_id, application, on=command.day)
        with self.database.write() as connection:
            known = recall_command(connection, command)
            if known:
                return fold_case(read_case(connection, known))
            snapshot = keep_snapshot(connection, workspace)
            event = self._submission(connection, command, decision, application, snapshot)
            case = advance(None, event)
            events = (event, _evaluation(decision, case, command))
            return self._record(connection, case, events, command, version=0)

    def perform(self, case_id: str, command: Command) -> Case:
        """Carries out one command. Raises KeyError, CommandRefused and Conflict."""
        with self.database.write() as connection:
            known = recall_command(connection, command)
            recorded = read_case(connection, known or case_id)
            case = fold_case(recorded)
            if known:
                return case
            flow = self._flow(self.pinned(connection, case), case.flow, command.day)
            event = perform(flow, case, command)
            return self._record(connection, case, (event,), command, version=case.version)

    def case(self, case_id: str) -> Case:
        """The case as it is. Raises KeyError."""
        return fold_case(self.history(case_id))

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Everything that happened to a case. Raises KeyError."""
        with self.database.read() as connection:
            return read_case(connection, case_id)

    def pinned(self, connection: Connection, case: Case) -> Workspace:
        """The workspace with the definitions that a case is decided by."""
        with self._lock:
            known = self._recalled.get(case.definitions)
        if known is None:
            known = recall_snapshot(connection, self.current(), case.definitions)
            with self._lock:
                self._recalled[case.definitions] = known
        return known

    def _record(
        self,
        connection: Connection,
        case: Case,
        events: tuple[Event, ...],
        command: Command,
        *,
        version: int,
    ) -> Case:
        """Appends what happened, with whatever follows from it, and remembers the command."""
        rest = events if version else events[1:]
        for event in rest:
            case = advance(case, event)
        append(connection, case, events, version=version)
        remember_command(connection, command, case)
        return case

    def _submission(
        self,
        connection: Connection,
        command: Command,
        decision: Decision,
        application: Mapping[str, Any],
        snapshot: str,
    ) -> Event:
        workspace = self.current()
        flow = self._flow(workspace, FLOW, command.day)
        matter = workspace.matter(decision.matter, command.day, decision.region)
        serial = count_up(connection, f"case:{decision.region}:{command.day:%Y%m%d}")
        body = {
            "case": uuid4().hex,
            "number": f"{decision.region}{command.day:%Y%m%d}{serial:05}",
            "matter": decision.matter,
            "title": decision.title,
            "region": decision.region,
            "flow": FLOW,
            "definitions": snapshot,
            "owner": command.actor.name,
            "department": matter.department or matter.organ,
            "application": to_plain(application),
            "times": {
                name: period
                for name in ("correction", "promise", "statutory")
                if (period := getattr(matter.time, name))
            },
        }
        return Event("submitted", command.at, command.actor, flow.start, body)

    def _flow(self, workspace: Workspace, identity: str, on: date) -> Flow:
        found = workspace.file("flow", identity, on).definition
        assert isinstance(found, Flow)
        return found


def _evaluation(decision: Decision, case: Case, command: Command) -> Event:
    body = {"outcome": decision.outcome, "decision": decision_to_json(decision)}
    return Event("evaluate", command.at, replace(command.actor, role="clock"), case.state, body)
