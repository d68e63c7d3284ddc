"""Whether a command may be carried out on a case, and the event it leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
from engine.casework.case import Case
from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused
from engine.definitions import ROLE_TITLES, Flow, Move


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move that an actor may ask for now; `refused` says why it is not possible, else None.

    What the command itself must bring is not asked: that is seen when it is given.
    """

    move: Move
    refused: CommandRefused | None = None


def moves_of(flow: Flow, case: Case, actor: Actor) -> tuple[Move, ...]:
    """What an actor may do with the case as it is, conditions apart."""
    return tuple(m for m in flow.moves if case.state in m.from_ and actor.role in m.by)


def open_moves(flow: Flow, case: Case, command: Command) -> tuple[OpenMove, ...]:
    """The moves of the one who gives the command, each with the reason why it is not possible."""
    return tuple(
        OpenMove(move, _reason_against(flow, move, case, replace(command, do=move.do)))
        for move in moves_of(flow, case, command.actor)
    )


def _reason_against(flow: Flow, move: Move, case: Case, command: Command) -> CommandRefused | None:
    try:
        _mine(flow, case, command)
        for need in move.needs:
            _NEEDS[need](case, command)
    except CommandRefused as refused:
        # What a form would still bring is no reason yet.
        return None if refused.reason == "incomplete" else refused
    return None


def perform(flow: Flow, case: Case, command: Command) -> Event:
    """The event that a command leaves. Raises CommandRefused."""
    move = find_move(flow, case, command)
    _mine(flow, case, command)
    for need in move.needs:
        _NEEDS[need](case, command)
    record = _RECORDS.get(command.do)
    body = command.body if record is None else record(case, command)
    return Event(command.do, command.at, command.actor, move.to or case.state, body)


def find_move(flow: Flow, case: Case, command: Command) -> Move:
    """The move that a command asks for. Raises CommandRefused: unknown, wrong state, wrong role."""
    named = [move for move in flow.moves if move.do == command.do]
    if not named:
        known = "、".join(sorted({move.do for move in flow.moves}))
        raise CommandRefused(
            "unknown-command",
            f"不认识动作 {command.do}；可用的有 {known}",
            f"no such command: {command.do}",
        )
    here = [move for move in named if case.state in move.from_]
    if not here:
        state = flow.states[case.state]
        raise CommandRefused(
            "wrong-state",
            f"办件现在是“{state.title}”，不能{named[0].title}",
            f"the case is {state.title_en}: {named[0].title_en} is not possible",
        )
    mine = [move for move in here if command.actor.role in move.by]
    if not mine:
        zh = "、".join(ROLE_TITLES[role][0] for role in here[0].by)
        en = ", ".join(ROLE_TITLES[role][1] for role in here[0].by)
        raise CommandRefused(
            "wrong-role", f"“{here[0].title}”由{zh}办理", f"{here[0].title_en} is for: {en}"
        )
    return mine[0]


def _mine(flow: Flow, case: Case, command: Command) -> None:
    """A case that was given to somebody is handled by that person alone, in that part."""
    actor = command.actor
    is_holder = actor.role == flow.states[case.state].holder
    is_theirs = command.do in evidence.ANSWERED_BY_OTHERS
    if case.handler and is_holder and not is_theirs and actor.name != case.handler:
        raise CommandRefused(
            "wrong-handler",
            f"本件已交由{case.handler}办理",
            f"this case was given to {case.handler}",
        )


# The conditions that a flow may name, each with what it refuses.
_NEEDS: dict[str, Callable[[Case, Command], None]] = {
    **acceptance.NEEDS,
    **correction.NEEDS,
    **opinions.NEEDS,
    **rechecks.NEEDS,
    **special.NEEDS,
    **handling.NEEDS,
    **joint.NEEDS,
    **tasks.NEEDS,
    **obligations.NEEDS,
    **commitments.NEEDS,
    **evidence.NEEDS,
    **results.NEEDS,
}
NEEDS = frozenset(_NEEDS)

# What an event keeps of its command; everything, where nothing is said here.
_RECORDS: dict[str, Callable[[Case, Command], Mapping[str, Any]]] = {
    **cards.RECORDS,
    **acceptance.RECORDS,
    **correction.RECORDS,
    **opinions.RECORDS,
    **rechecks.RECORDS,
    **special.RECORDS,
    **handling.RECORDS,
    **joint.RECORDS,
    **tasks.RECORDS,
    **obligations.RECORDS,
    **commitments.RECORDS,
    **evidence.RECORDS,
    **results.RECORDS,
}
