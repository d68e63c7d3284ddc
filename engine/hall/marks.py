"""What a work list searches for and only the hall can work out: due days, cards, who is away."""

from collections.abc import Iterator
from datetime import date, timedelta

from engine.casework import Case, Substitution, clock_of
from engine.casework.deadlines import cards_of, working_day_before
from engine.clock import Calendar
from engine.definitions import Flow, Post
from engine.store import Marks
from engine.workspace import Workspace

_PREMISES = ("经营场所", "场所地址", "住所", "地址")
_DAY = timedelta(days=1)


def marks_of(case: Case, flow: Flow, calendar: Calendar) -> Marks:
    """The searched marks after an event; days that a running special stage moves are left open."""
    day = case.stays[-1].from_
    clock = clock_of(case, flow, calendar, day)
    is_over = case.decided_at is not None or flow.states[case.state].is_end
    due = None if is_over or clock.is_stopped else clock.due
    shown = {colour: _first(case, colour) for colour in ("yellow", "red")}
    yellow = [d for d in (shown["yellow"], _nearing(clock.promise_by, due, calendar)) if d]
    red = [d for d in (shown["red"], due + _DAY if due else None) if d]
    return Marks(
        due=due,
        yellow_from=min(yellow, default=None),
        red_from=min(red, default=None),
        handler=case.handler,
        premises=_premises(case),
    )


def _first(case: Case, colour: str) -> date | None:
    days = [card.day for card in cards_of(case) if card.colour == colour and card.day]
    return min(days, default=None)


def _nearing(promise_by: date | None, due: date | None, calendar: Calendar) -> date | None:
    return working_day_before(due, calendar) if due and promise_by == due else None


def _premises(case: Case) -> str:
    facts = case.application.get("facts") or {}
    found = (facts.get(name) for name in _PREMISES)
    return next((value for value in found if isinstance(value, str) and value), "")


def absences_of(workspace: Workspace, on: date) -> tuple[Substitution, ...]:
    """Who is away and who stands in, by the posts in force on a day."""
    return tuple(_absences(workspace, on))


def _absences(workspace: Workspace, on: date) -> Iterator[Substitution]:
    for file in workspace.files_of("post"):
        post = file.definition
        if not isinstance(post, Post) or not post.is_in_effect(on):
            continue
        for absence in post.absences:
            if absence.who == post.holder:
                yield Substitution(
                    post.department,
                    post.role,
                    post.holder,
                    post.substitute,
                    absence.from_,
                    absence.to,
                    absence.reason,
                    post.matters,
                )
