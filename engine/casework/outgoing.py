"""What a case tells the world: the effects of each event, derived from it."""

from collections.abc import Mapping
from typing import Any

from engine.casework import commitments, results, tasks
from engine.casework.case import Case
from engine.casework.effects import Effect
from engine.casework.events import Event

_REVOKED = (
    "决定已撤销，理由和救济途径请看撤销决定书",
    "the decision was revoked: see the letter for the reasons, and where to appeal",
)
# What the applicant is told, in both languages; {title} is the matter's.
_TOLD: dict[str, tuple[str, str]] = {
    "submitted": ("您的申请已提交，办件编号 {number}", "your application was received: {number}"),
    "accept": ("您的申请已受理", "your application was accepted"),
    "deem_accepted": (
        "逾期未告知补正，您的申请自收到之日起视为受理",
        "your application counts as accepted from the day it was received",
    ),
    "ask_correction": (
        "您的申请须补正，请按一次性告知书补正",
        "something must be corrected: see the notice",
    ),
    "confirm_decline": ("您的申请不予受理", "your application was not accepted"),
    "deem_withdrawn": (
        "逾期未补正，视为撤回申请；材料退回，可以再次申请，不计入失信",
        "not corrected in time: it counts as withdrawn; you may apply again",
    ),
    "withdraw": ("您已撤回申请", "you withdrew the application"),
    "extend": ("办理期限延长 {within}，理由：{reason}", "the time was extended: {reason}"),
    "approve": ("您的申请已作出决定：{outcome}", "your application was decided"),
    "decide_by_rule": ("您的申请已当场办结：{outcome}", "your application was decided at once"),
    "deem_granted": (
        "行政机关逾期未作决定，视为准予延续",
        "not decided in time: the renewal counts as granted",
    ),
    "issue": ("证照已制发，可以下载", "the licence was issued"),
    "find_unfulfilled": (
        "经核查，承诺没有履行，责令限期整改，请看通知书",
        "a commitment was not kept: see what is to be put right, and by when",
    ),
    "confirm_rectified": ("整改合格", "what was to be put right is in order"),
    "find_false": _REVOKED,
    "revoke_unrectified": _REVOKED,
    "revoke": _REVOKED,
    "deregister": ("证照已注销：{reasons}", "the licence was struck off: {reasons}"),
    "warn_falsehood": (
        "因隐瞒有关情况或者提供虚假材料，给予警告：{reasons}",
        "warned for a false application: {reasons}",
    ),
    "repair_credit": ("信用已修复", "the credit record was repaired"),
}


def effects_of(case: Case, event: Event) -> tuple[Effect, ...]:
    """The effects of an event; `case` is how it is after it."""
    found: list[Effect] = []
    for tell in (_notify, _notify_of_special, _ask_members):
        found += tell(case, event)
    for aspect in (tasks, commitments, results):
        follow = aspect.EFFECTS.get(event.kind)
        found += follow(case, event) if follow else ()
    return tuple(found)


def notification(case: Case, about: str, zh: str, en: str) -> Effect:
    """A message to the applicant, once per event of the case."""
    body = {
        "to": case.owner,
        "case": case.id,
        "number": case.number,
        "matter": case.matter,
        "title": case.title,
        "about": about,
        "zh": f"【{case.title}】{zh}",
        "en": f"[{case.title}] {en}",
    }
    return Effect("notify", f"notify:{case.id}:{case.version}:{about}", body)


def _notify(case: Case, event: Event) -> list[Effect]:
    told = _TOLD.get(event.kind)
    if told is None:
        return []
    words: Mapping[str, Any] = {**event.body, "number": case.number, "outcome": case.outcome}
    zh, en = (text.format_map(_Words(words)) for text in told)
    return [notification(case, event.kind, zh, en)]


class _Words(dict[str, Any]):
    """Words of a message; one that the event does not have is left out."""

    def __missing__(self, name: str) -> str:
        return ""


def _notify_of_special(case: Case, event: Event) -> list[Effect]:
    """In writing, how long it takes: only where the officer chose to tell."""
    if event.kind != "start_special" or not event.body["told"]:
        return []
    title, within = event.body["title"], event.body["within"]
    zh, en = ("不计入", "is not") if event.body["stops_clock"] else ("计入", "is")
    zh = f"办理中须进行“{title}”，所需时间 {within}，{zh}办理期限"
    return [notification(case, "start_special", zh, f"{title} takes {within} and {en} counted")]


def _ask_members(case: Case, event: Event) -> list[Effect]:
    if event.kind not in ("accept", "deem_accepted") or case.joint is None:
        return []
    return [
        Effect(
            "dispatch",
            f"dispatch:{case.id}:{part.department}",
            {
                "case": case.id,
                "number": case.number,
                "matter": case.matter,
                "title": part.title,
                "department": part.department,
                "within": part.within,
            },
        )
        for part in case.joint.parts
    ]
