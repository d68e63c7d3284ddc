"""Whether a command may be carried out on a case, and the event it leaves."""

from collections.abc import Callable

from engine.casework.case import Case
from engine.casework.events import Actor, Command, Event
from engine.definitions import ROLE_TITLES, Flow, Move
from engine.diagnostics import TongbanError


class CommandRefused(TongbanError):
    """The command cannot be carried out now; `reason` is a stable code, the rest says why."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.reason, self.zh, self.en = reason, zh, en


def moves_of(flow: Flow, case: Case, actor: Actor) -> tuple[Move, ...]:
    """What an actor may do with the case as it is, conditions apart."""
    return tuple(m for m in flow.moves if case.state in m.from_ and actor.role in m.by)


def perform(flow: Flow, case: Case, command: Command) -> Event:
    """The event that a command leaves. Raises CommandRefused."""
    move = find_move(flow, case, command)
    for need in move.needs:
        _NEEDS[need](case, command)
    return Event(command.do, command.at, command.actor, move.to or case.state, command.body)


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


def _evaluated(case: Case, command: Command) -> None:
    if not case.evaluation:
        raise CommandRefused("not-evaluated", "系统尚未审查本件", "the case is not evaluated yet")


def _another_person(case: Case, command: Command) -> None:
    if case.opinion and case.opinion.by.name == command.actor.name:
        raise CommandRefused(
            "same-person",
            "一审一核：核准人不能是审查人本人",
            "whoever reviewed a case may not check it",
        )


def _result_issued(case: Case, command: Command) -> None:
    if case.outcome == "准予" and not case.results:
        raise CommandRefused(
            "no-result", "准予的办件须先生成结果证照，才能办结", "the result is not issued yet"
        )


# The conditions that a flow may name, each with what it refuses.
_NEEDS: dict[str, Callable[[Case, Command], None]] = {
    "evaluated": _evaluated,
    "another_person": _another_person,
    "result_issued": _result_issued,
}
NEEDS = frozenset(_NEEDS)
