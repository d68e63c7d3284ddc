"""What follows from an event by law: duties with their days, checks, materials that may follow later,
questions to departments. Opened by the clock, in the transaction of the event that called for them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from engine.casework import THE_CLOCK, Case, Event, Task, advance, task_to_json
from engine.clock import Calendar, Period, deadline
from engine.decision.citations import cite
from engine.definitions import Matter
from engine.workspace import Workspace

_DECIDING = ("approve", "decide_by_rule", "deem_granted")
_ACCEPTING = ("accept", "deem_accepted")
# 民法典、许可法 name no days for these: what the flow's department may still shorten.
_WITHIN = {"note_paper": "5 working days", "ask_department": "5 working days"}
_WITHIN["dispute"] = "15 working days"
_CALLING = {*_DECIDING, *_ACCEPTING, *_WITHIN, "find_unfulfilled"}


def tasks_following(
    definitions: Callable[[Case], Workspace],
    calendar: Calendar,
    case: Case | None,
    events: Sequence[Event],
) -> list[Event]:
    """The events with one more that opens the tasks they call for, where they do.

    `definitions` gives those that a case is pinned to, `case` is how it was before.
    """
    tasks: list[Task] = []
    licence_due = ""
    after = case
    for event in events:
        after = advance(after, event)
        if event.kind in _CALLING:
            opening = _Opening(definitions(after), calendar, after, event)
            tasks += opening.tasks()
            licence_due = licence_due or opening.licence_due()
    if after is None or not (tasks or licence_due):
        return list(events)
    body = {"tasks": [task_to_json(task) for task in tasks], "licence_due": licence_due}
    last = events[-1]
    return [*events, Event("open_tasks", last.at, THE_CLOCK, after.state, body)]


class _Opening:
    """The tasks of one event; `case` is how it is after it."""

    def __init__(self, workspace: Workspace, calendar: Calendar, case: Case, event: Event) -> None:
        self.workspace, self.calendar, self.case, self.event = workspace, calendar, case, event

    def tasks(self) -> Iterator[Task]:
        kind = self.event.kind
        if kind in _DECIDING and self.case.outcome == "准予":
            yield from self._duties()
            yield from self._check()
        elif kind in _ACCEPTING:
            yield from self._supplies()
        elif kind == "find_unfulfilled":
            yield self._rectification()
        elif kind in ("ask_department", "note_paper", "dispute"):
            yield self._question(kind)

    def licence_due(self) -> str:
        is_granted = self.event.kind in _DECIDING and self.case.outcome == "准予"
        return (self.matter.result.licence or "") if is_granted else ""

    @property
    def matter(self) -> Matter:
        assert self.case.on is not None
        return self.workspace.matter(self.case.matter, self.case.on, self.case.region)

    def _due(self, within: str) -> tuple[date, bool]:
        end = deadline(self.event.day, Period.parse(within), self.calendar)
        return end.due, end.is_provisional

    def _task(
        self, identity: str, kind: Any, title: str, by: str, within: str, **more: Any
    ) -> Task:
        due, is_provisional = self._due(within)
        return Task(identity, kind, title, by, self.event.day, due, is_provisional, **more)

    def _duties(self) -> Iterator[Task]:
        """Those that apply to what was decided, their days counted from the decision."""
        applying = {o["id"] for o in self.case.decision.get("obligations", ())}
        for duty in self.matter.obligations:
            if duty.id in applying:
                basis = cite(duty.basis).texts
                yield self._task(
                    duty.id, "obligation", duty.title, duty.by, duty.within, basis=basis
                )

    def _check(self) -> Iterator[Task]:
        """Only what was promised is checked: nothing where all was handed in after all."""
        path = self.case.decision.get("path", "general")
        declared = next((d for p, d in self.matter.paths.items() if p == path), None)
        if declared is None or declared.verify_within is None:
            return
        about = {"path": path, "covers": list(self._promised(declared.covers))}
        yield self._task(
            "verify_commitment",
            "verify",
            "核查承诺内容是否属实、是否已履行",
            "审批部门",
            declared.verify_within,
            basis=cite(declared.basis).texts,
            about=about,
        )

    def _promised(self, covers: Sequence[str]) -> Iterator[str]:
        decision = self.case.decision
        yield from (m["id"] for m in decision["materials"] if m["status"] == "以承诺代替")
        yield from (c["id"] for c in decision["criteria"] if c["committed"])

    def _supplies(self) -> Iterator[Task]:
        deferred = {
            m["id"] for m in self.case.decision.get("materials", ()) if m["status"] == "容缺后补"
        }
        for material in self.matter.materials:
            if material.key in deferred and material.deferrable is not None:
                title = f"补齐容缺材料：{material.title or material.key}"
                yield self._task(
                    f"supply_{material.key}",
                    "supply",
                    title,
                    "申请人",
                    material.deferrable.within,
                    basis=cite(material.deferrable.basis).texts,
                    about={"material": material.key},
                )

    def _rectification(self) -> Task:
        due = date.fromisoformat(self.event.body["due"])
        return Task(
            f"rectify_{self.case.version}",
            "rectify",
            "限期整改：" + str(self.event.body["reasons"]),
            "申请人",
            self.event.day,
            due,
        )

    def _question(self, kind: str) -> Task:
        identity, body = f"{kind}_{self.case.version}", self.event.body
        if kind == "note_paper":
            licence = self._licence_of(body["material"])
            title = f"补登{licence['title']}（{body['number']}）"
            about = {**body, "licence": licence["type"]}
            return self._task(
                identity, "paper", title, licence["issuer"], _WITHIN[kind], about=about
            )
        if kind == "ask_department":
            named = body.get("material") or body.get("fact", "")
            what = "material" if body.get("material") else "fact"
            about = {**body, "about": f"{what}:{named}"}
            title = f"协查：{body['question']}"
            return self._task(
                identity, "assist", title, body["department"], _WITHIN[kind], about=about
            )
        found = next(d for d in self.case.decision["differences"] if d["name"] == body["fact"])
        about = {**body, "stated": found["stated"], "recorded": found["recorded"]}
        owner, title = found["source"], f"异议：{body['fact']}"
        return self._task(identity, "objection", title, owner, _WITHIN[kind], about=about)

    def _licence_of(self, material_id: str) -> Mapping[str, str]:
        """The licence that would exempt a material, and who has to enter it."""
        material = next(m for m in self.matter.materials if m.key == material_id)
        for kind in material.satisfied_by or ():
            assert self.case.on is not None
            licence = self.workspace.licence(kind, self.case.on)
            return {"type": kind, "title": licence.title, "issuer": licence.issuer or "审批部门"}
        return {"type": "", "title": material.title or material_id, "issuer": "审批部门"}
