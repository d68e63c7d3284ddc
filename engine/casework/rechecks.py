"""Re-examination slips (复核单): where officers differ, where one asks for it, and by sample."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from engine.casework.answers import Answer
from engine.casework.cards import show
from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused, mapping_in, text_in

if TYPE_CHECKING:
    from engine.casework.case import Case

RecheckKind = Literal["意见不一", "提请", "抽查"]


@dataclass(frozen=True, slots=True)
class Recheck:
    """One slip: what it is about, and how a leader settled it."""

    kind: RecheckKind
    subject: str
    text: str
    day: date
    by: Actor
    settled_by: Actor | None = None
    conclusion: str = ""

    @property
    def holds_up(self) -> bool:
        """A sample is looked at afterwards; everything else keeps the decision waiting."""
        return self.settled_by is None and self.kind != "抽查"


def open_recheck(case: "Case", event: Event, kind: RecheckKind, subject: str, text: str) -> "Case":
    slip = Recheck(kind, subject, text, event.day, event.actor)
    opened = replace(case, rechecks=(*case.rechecks, slip))
    if kind != "意见不一":
        return opened
    en = "two officers judged the same fact differently"
    return show(opened, event, "yellow", "opinions-differ", text, en)


def _request(case: "Case", event: Event) -> "Case":
    return open_recheck(case, event, "提请", event.body["subject"], event.body["reason"])


def _settle(case: "Case", event: Event) -> "Case":
    body = event.body
    settled = tuple(
        replace(slip, settled_by=event.actor, conclusion=body["conclusion"])
        if slip.settled_by is None
        else slip
        for slip in case.rechecks
    )
    answers = {
        name: Answer(value, event.actor, event.day, body["conclusion"])
        for name, value in body["facts"].items()
    }
    return replace(case, rechecks=settled, answers={**case.answers, **answers})


CHANGES = {"request_recheck": _request, "settle_recheck": _settle}


def _rechecks_settled(case: "Case", command: Command) -> None:
    waiting = [slip for slip in case.rechecks if slip.holds_up]
    if waiting:
        raise CommandRefused(
            "recheck-open",
            f"复核单尚未处理：{waiting[0].text}",
            "a re-examination is still open",
        )


def _recheck_open(case: "Case", command: Command) -> None:
    if all(slip.settled_by is not None for slip in case.rechecks):
        raise CommandRefused("no-recheck", "没有待处理的复核单", "there is nothing to re-examine")


def _settled_by_another(case: "Case", command: Command) -> None:
    involved = {slip.by.name for slip in case.rechecks if slip.settled_by is None}
    if command.actor.name in involved:
        raise CommandRefused(
            "same-person",
            "复核须由另一人办理",
            "whoever caused a re-examination may not settle it",
        )


NEEDS = {
    "rechecks_settled": _rechecks_settled,
    "recheck_open": _recheck_open,
    "settled_by_another": _settled_by_another,
}


def _record_request(case: "Case", command: Command) -> Mapping[str, Any]:
    return {
        "subject": text_in(command, "subject", "复核的事项", "what to re-examine"),
        "reason": text_in(command, "reason", "理由", "the reason"),
    }


def _record_settlement(case: "Case", command: Command) -> Mapping[str, Any]:
    given = mapping_in(command, "facts", "认定的内容", "facts")
    strangers = sorted(set(given) - {*case.answers, *case.judged})
    if strangers:
        raise CommandRefused(
            "already-decided",
            f"“{'、'.join(strangers)}”不是人工认定的内容，不能改写",
            f"{', '.join(strangers)}: nothing that officers judge",
        )
    return {
        "conclusion": text_in(command, "conclusion", "复核结论", "the conclusion"),
        "facts": dict(given),
    }


RECORDS = {"request_recheck": _record_request, "settle_recheck": _record_settlement}
