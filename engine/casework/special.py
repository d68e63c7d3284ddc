"""What is not counted, and what is counted longer: special stages (特殊环节) and extension (延长).

行政许可法第四十五条: hearings, tests, inspections, appraisals and expert reviews are not counted, and
the organ tells the applicant in writing how long they take. 第四十二条: once, ten days more, by the
head of the organ; fifteen for joint handling, by the head of the government; the reason is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.casework.cards import show
from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused, optional_text_in, text_in, yes_or_no_in
from engine.clock import Period, PeriodError

if TYPE_CHECKING:
    from engine.casework.case import Case


@dataclass(frozen=True, slots=True)
class Special:
    """One special stage; both its days are left out of the count where it stops the clock."""

    title: str
    within: str  # its own limit, a period as written
    stops_clock: bool
    is_told: bool
    started: date
    by: Actor
    ended: date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time: how much, why, and who allowed it."""

    within: str
    reason: str
    approved_by: str
    day: date


# What 行政许可法第四十五条 leaves out of the count; a matter's definition may name others.
_NOT_COUNTED = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")


def open_specials(case: "Case") -> tuple[Special, ...]:
    return tuple(special for special in case.specials if special.ended is None)


# --- what happened ---------------------------------------------------------------------------


def _start(case: "Case", event: Event) -> "Case":
    body = event.body
    special = Special(
        body["title"],
        body["within"],
        body["stops_clock"],
        body["told"],
        event.day,
        event.actor,
    )
    started = replace(case, specials=(*case.specials, special))
    if special.is_told:
        return started
    zh = f"特殊环节“{special.title}”开始时没有书面告知申请人所需时间"
    en = f"the applicant was not told in writing how long {special.title} takes"
    return show(started, event, "yellow", f"special-not-told:{special.title}", zh, en)


def _end(case: "Case", event: Event) -> "Case":
    title, result = event.body["title"], event.body["result"]
    ended = tuple(
        replace(special, ended=event.day, result=result)
        if special.title == title and special.ended is None
        else special
        for special in case.specials
    )
    return replace(case, specials=ended)


def _extend(case: "Case", event: Event) -> "Case":
    body = event.body
    extension = Extension(body["within"], body["reason"], body["approved_by"], event.day)
    return replace(case, extension=extension)


CHANGES = {"start_special": _start, "end_special": _end, "extend": _extend}

# --- what must hold --------------------------------------------------------------------------


def _special_closed(case: "Case", command: Command) -> None:
    title = text_in(command, "title", "特殊环节的名称", "the special stage")
    if any(special.title == title for special in open_specials(case)):
        raise CommandRefused(
            "special-open", f"特殊环节“{title}”正在进行", f"{title} is under way already"
        )


def _special_open(case: "Case", command: Command) -> None:
    title = text_in(command, "title", "特殊环节的名称", "the special stage")
    if all(special.title != title for special in open_specials(case)):
        raise CommandRefused(
            "special-closed", f"没有正在进行的特殊环节“{title}”", f"{title} is not under way"
        )


def _specials_ended(case: "Case", command: Command) -> None:
    waiting = open_specials(case)
    if waiting:
        raise CommandRefused(
            "special-open",
            f"特殊环节“{waiting[0].title}”尚未结束",
            f"{waiting[0].title} is still under way",
        )


def _extended_once(case: "Case", command: Command) -> None:
    if case.extension is not None:
        raise CommandRefused(
            "extended-already", "办理期限只能延长一次", "the time may be extended once only"
        )


NEEDS = {
    "special_closed": _special_closed,
    "special_open": _special_open,
    "specials_ended": _specials_ended,
    "extended_once": _extended_once,
}

# --- what is recorded ------------------------------------------------------------------------


def _record_start(case: "Case", command: Command) -> Mapping[str, Any]:
    title = text_in(command, "title", "特殊环节的名称", "the special stage")
    known = {stage["title"]: stage for stage in case.terms.get("specials", ())}.get(title, {})
    if not known and not any(kind in title for kind in _NOT_COUNTED):
        raise CommandRefused(
            "unknown-special",
            f"“{title}”不是依法不计入期限的特殊环节（{'、'.join(_NOT_COUNTED)}），本事项也没有规定",
            f"{title}: neither the law nor the matter leaves it out of the count",
        )
    within = optional_text_in(command, "within", "所需时间", "how long") or known.get("limit", "")
    if not within:
        raise CommandRefused(
            "incomplete",
            f"请写明特殊环节“{title}”所需时间（within），如 15 个工作日；法律未规定的，由审批机关明确",
            "say how long it takes (within), such as 15 working days",
        )
    told = command.body.get("told", False) is True
    stops = bool(known.get("stops_clock", True))
    return {"title": title, "within": _period(within), "told": told, "stops_clock": stops}


def _record_end(case: "Case", command: Command) -> Mapping[str, Any]:
    return {
        "title": text_in(command, "title", "特殊环节的名称", "the special stage"),
        "result": text_in(command, "result", "结果", "the result"),
    }


def _record_extension(case: "Case", command: Command) -> Mapping[str, Any]:
    is_joint = case.joint is not None
    approved_by = optional_text_in(command, "approved_by", "批准人", "who allowed it")
    if is_joint and not approved_by:
        raise CommandRefused(
            "incomplete",
            "联合办理的期限须经本级人民政府负责人批准才能延长，请写明批准人（approved_by）",
            "joint handling is extended by the head of the government: name who allowed it",
        )
    within = case.times.get("joint_extension" if is_joint else "extension", "")
    if not within:
        raise CommandRefused(
            "no-extension", "本事项的期限不能延长", "the time of this matter may not be extended"
        )
    if yes_or_no_in(command, "told", "是否将理由告知申请人", "whether the applicant is told"):
        reason = text_in(command, "reason", "延长的理由", "the reason")
        return {
            "within": within,
            "reason": reason,
            "approved_by": approved_by or command.actor.name,
        }
    raise CommandRefused(
        "not-told", "延长期限的理由须告知申请人", "the applicant must be told the reason"
    )


def _period(text: str) -> str:
    try:
        Period.parse(text)
    except PeriodError as error:
        raise CommandRefused("incomplete", error.message_zh, error.message_en) from error
    return text


RECORDS = {
    "start_special": _record_start,
    "end_special": _record_end,
    "extend": _record_extension,
}
