"""Duties after the decision (后续义务): of the holder, or of the organ; done in time or late."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.casework.acceptance import serves
from engine.casework.events import Command, Event
from engine.casework.refusals import CommandRefused, text_in
from engine.casework.tasks import close_task, open_task_of

if TYPE_CHECKING:
    from engine.casework.case import Case


def _fulfil(case: "Case", event: Event) -> "Case":
    return close_task(case, event.body["task"], event)


def _own_duty(case: "Case", command: Command) -> None:
    """An applicant tells of the holder's duties, the department of its own."""
    task = open_task_of(case, command, "obligation")
    is_holder = command.actor.role == "applicant"
    is_own = serves(command.actor, case.department)
    if is_holder:
        is_own = command.actor.name == case.owner
    if not is_own or is_holder != (task.by == "申请人"):
        raise CommandRefused(
            "not-your-duty",
            f"“{task.title}”由{task.by}履行",
            f"{task.id} is not a duty of whoever tells of it",
        )


def _record(case: "Case", command: Command) -> Mapping[str, Any]:
    task = open_task_of(case, command, "obligation")
    evidence = command.body.get("evidence") or []
    return {
        "task": task.id,
        "text": text_in(command, "text", "履行情况", "what was done"),
        "evidence": [str(digest) for digest in evidence],
        "late": bool(task.due and command.day > task.due),
    }


CHANGES: dict[str, Callable[["Case", Event], "Case"]] = {"fulfil": _fulfil}
RECORDS: dict[str, Callable[["Case", Command], Mapping[str, Any]]] = {"fulfil": _record}
NEEDS: dict[str, Callable[["Case", Command], None]] = {"own_duty": _own_duty}
