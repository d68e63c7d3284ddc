"""Who handles a case: a post and its substitute (AB岗), and whom a leader gives it to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.casework.events import Command, Event
from engine.casework.refusals import CommandRefused, optional_text_in, text_in

if TYPE_CHECKING:
    from engine.casework.case import Case


def _give(case: "Case", event: Event) -> "Case":
    return replace(case, handler=event.body["to"])


CHANGES = {"transfer": _give, "hand_over": _give}


def _given_to_another(case: "Case", command: Command) -> None:
    if text_in(command, "to", "转给谁", "to whom") == case.handler:
        raise CommandRefused(
            "same-handler",
            f"本件已由{case.handler}办理",
            f"{case.handler} handles this case already",
        )


NEEDS = {"given_to_another": _given_to_another}


def _record(case: "Case", command: Command) -> Mapping[str, Any]:
    return {
        "from": case.handler or optional_text_in(command, "from", "原办理人", "from whom"),
        "to": text_in(command, "to", "转给谁", "to whom"),
        "reason": text_in(command, "reason", "理由", "the reason"),
    }


RECORDS = {"transfer": _record, "hand_over": _record}
