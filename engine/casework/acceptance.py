"""Acceptance (受理): by a clerk, by the clock, or not at all; and the end that applicants choose.

行政许可法第三十二条. A hall window may not refuse alone (窗口无否决权): it proposes, and somebody
else of the department confirms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused, optional_text_in, text_in

if TYPE_CHECKING:
    from engine.casework.case import Case

EVERY_DEPARTMENT = "*"


@dataclass(frozen=True, slots=True)
class Decline:
    """不予受理, proposed and perhaps confirmed: why, by which law, and where to apply instead."""

    reason: str
    basis: str
    apply_to: str
    lines: tuple[Mapping[str, Any], ...]
    proposed_by: Actor
    confirmed_by: Actor | None = None


def serves(actor: Actor, department: str) -> bool:
    """Whether somebody acts for a department."""
    return actor.department in (department, EVERY_DEPARTMENT)


def notice_of(case: "Case") -> tuple[Mapping[str, Any], ...]:
    """The notice of the last evaluation, line by line, as JSON."""
    return tuple(case.decision.get("notice", ()))


# --- what happened ---------------------------------------------------------------------------


def _accept(case: "Case", event: Event) -> "Case":
    """The time of handling begins on the day of the event that the body names (行政许可法第42条)."""
    day = case.since["received"] if event.kind == "deem_accepted" else event.day
    moved = replace(case, since={**case.since, "accepted": day}, accepted_at=event.at)
    if event.kind == "deem_accepted":
        return replace(moved, accepted_at=case.received_at, deemed="deem_accepted")
    return replace(moved, handlers=(*case.handlers, event.actor))


def _propose_decline(case: "Case", event: Event) -> "Case":
    body = event.body
    decline = Decline(
        body["reason"], body["basis"], body["apply_to"], tuple(body["lines"]), event.actor
    )
    return replace(case, decline=decline, handlers=(*case.handlers, event.actor))


def _confirm_decline(case: "Case", event: Event) -> "Case":
    assert case.decline is not None
    decline = replace(case.decline, confirmed_by=event.actor)
    handlers = (*case.handlers, event.actor)
    return replace(
        case, decline=decline, outcome="不予受理", handlers=handlers, refusal=event.body["refusal"]
    )


def _reject_decline(case: "Case", event: Event) -> "Case":
    return replace(case, decline=None, handlers=(*case.handlers, event.actor))


def _withdraw(case: "Case", event: Event) -> "Case":
    return replace(case, outcome="终止")


def _lapse(case: "Case", event: Event) -> "Case":
    return replace(case, outcome="终止", deemed="deem_withdrawn")


CHANGES = {
    "accept": _accept,
    "deem_accepted": _accept,
    "propose_decline": _propose_decline,
    "confirm_decline": _confirm_decline,
    "reject_decline": _reject_decline,
    "withdraw": _withdraw,
    "deem_withdrawn": _lapse,
}

# --- what must hold --------------------------------------------------------------------------


def _acceptable(case: "Case", command: Command) -> None:
    """What is not complete is told, not accepted; what is not ours is declined."""
    outcome = case.evaluation.get("outcome", "")
    if outcome == "补正":
        raise CommandRefused(
            "to-be-corrected",
            "申请尚有须补正的内容，请一次性告知申请人补正",
            "something must be corrected first: give the one-time notice",
        )
    if outcome == "不予受理":
        raise CommandRefused(
            "to-be-declined",
            "依规则不属于受理范围，请提出不予受理的建议",
            "the rules say that it is not to be accepted: propose to decline",
        )


def _declinable(case: "Case", command: Command) -> None:
    """The reasons come with the proposal, or from the rules."""
    is_found = case.evaluation.get("outcome") == "不予受理"
    if not is_found:
        text_in(command, "reason", "不予受理的理由", "the reason for not accepting")
        text_in(command, "basis", "法律依据", "the legal basis")


def _another_of_department(case: "Case", command: Command) -> None:
    proposed = case.decline.proposed_by.name if case.decline else ""
    if proposed == command.actor.name:
        raise CommandRefused(
            "same-person",
            "窗口无否决权：不予受理须由承办部门的另一人确认",
            "a window may not refuse alone: somebody else of the department confirms",
        )
    of_department(case, command)


def of_department(case: "Case", command: Command) -> None:
    """Raises CommandRefused for whoever acts for another department."""
    if not serves(command.actor, case.department):
        raise CommandRefused(
            "wrong-department",
            f"本件由{case.department}办理",
            f"this case is handled by {case.department}",
        )


def _owner(case: "Case", command: Command) -> None:
    if command.actor.name != case.owner:
        raise CommandRefused(
            "not-yours", "只有申请人本人可以办理", "only the applicant may do this"
        )


NEEDS = {
    "acceptable": _acceptable,
    "declinable": _declinable,
    "another_of_department": _another_of_department,
    "of_department": of_department,
    "owner": _owner,
}

# --- what is recorded ------------------------------------------------------------------------


def _record_decline(case: "Case", command: Command) -> Mapping[str, Any]:
    is_found = case.evaluation.get("outcome") == "不予受理"
    lines = [dict(line) for line in notice_of(case) if line["kind"] != "missing"]
    kept = lines if is_found else []
    return {
        "reason": optional_text_in(command, "reason", "理由", "reason")
        or "；".join(line["text"]["zh"] for line in kept),
        "basis": optional_text_in(command, "basis", "依据", "basis")
        or "；".join(dict.fromkeys(b for line in kept for b in line["basis"])),
        "apply_to": optional_text_in(command, "apply_to", "向何机关申请", "where to apply")
        or "；".join(line["remedy"] for line in kept if line["remedy"]),
        "lines": kept,
    }


def _record_confirmation(case: "Case", command: Command) -> Mapping[str, Any]:
    assert case.decline is not None
    reason = {
        "text": case.decline.reason,
        "basis": [case.decline.basis],
        "remedy": case.decline.apply_to,
    }
    return {"refusal": {"reasons": [reason], "appeal": dict(case.appeal)}}


def _record_reason(case: "Case", command: Command) -> Mapping[str, Any]:
    return {"reason": text_in(command, "reason", "理由", "the reason")}


def _record_withdrawal(case: "Case", command: Command) -> Mapping[str, Any]:
    return {"reason": optional_text_in(command, "reason", "理由", "the reason")}


RECORDS = {
    "propose_decline": _record_decline,
    "confirm_decline": _record_confirmation,
    "reject_decline": _record_reason,
    "withdraw": _record_withdrawal,
}
