"""After a commitment (告知承诺): the check, its ends, and how what was granted is taken back.

False: revoked at once, and recorded against the applicant. Unfulfilled: ordered to be put right by
a day, then kept or revoked. Nobody is bound by one officer's word: a check has two.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from engine.casework.effects import Effect
from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused, text_in
from engine.casework.results import end_licences
from engine.casework.tasks import close_task, close_tasks, open_task_of

if TYPE_CHECKING:
    from engine.casework.case import Case

# Why a decision is taken back (行政许可法第69条), and why a licence is struck off (第70条).
GROUNDS: Mapping[str, tuple[str, str]] = {
    "false_commitment": ("承诺虚假", "the commitment was false"),
    "unfulfilled": ("未履行承诺，整改后仍不符合条件", "the commitment was not kept"),
    "deceit": ("以欺骗、贿赂等不正当手段取得", "obtained by deceit or bribery"),
    "unlawful": ("违反法定职权、程序或者条件作出", "given against the law"),
    "expired": ("有效期届满未延续", "expired and not renewed"),
    "ceased": ("依法终止或者申请注销", "ended, or given up"),
}
_LONGEST_RECTIFICATION = timedelta(days=366)
_REVOKING = ("deceit", "unlawful")
_STRIKING = ("expired", "ceased")
# The grounds that each command may give.
GROUNDS_OF: Mapping[str, tuple[str, ...]] = {"revoke": _REVOKING, "deregister": _STRIKING}


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of what was granted: 撤销 or 注销, on which ground, for which reasons.

    `appeal` says where reconsideration and suit may be asked for; `bar` is 3 for the years in which
    whoever deceived may not apply again (行政许可法第79条), else 0.
    """

    kind: Literal["撤销", "注销"]
    ground: str
    reasons: str
    by: Actor
    day: date
    appeal: Mapping[str, Any]
    bar: int = 0


# --- what happened ---------------------------------------------------------------------------


def _keep(case: "Case", event: Event) -> "Case":
    return close_task(case, event.body["task"], event)


def _revoke(case: "Case", event: Event) -> "Case":
    body = event.body
    ending = Ending(
        "撤销",
        body["ground"],
        body["reasons"],
        event.actor,
        event.day,
        body.get("appeal", {}),
        body.get("bar", 0),
    )
    closed = close_tasks(case, ("verify", "rectify", "obligation"), event)
    return replace(end_licences(closed, "撤销"), ending=ending)


def _strike_off(case: "Case", event: Event) -> "Case":
    ending = Ending("注销", event.body["ground"], event.body["reasons"], event.actor, event.day, {})
    closed = close_tasks(case, ("verify", "rectify", "obligation"), event)
    return replace(end_licences(closed, "注销"), ending=ending)


def _repair(case: "Case", event: Event) -> "Case":
    return replace(case, repaired_on=event.day)


def _warn(case: "Case", event: Event) -> "Case":
    return replace(case, warned_on=event.day)


# --- what must hold --------------------------------------------------------------------------


def _check_open(case: "Case", command: Command) -> None:
    open_task_of(case, command, "verify")


def _rectify_open(case: "Case", command: Command) -> None:
    open_task_of(case, command, "rectify")


def _rectify_over(case: "Case", command: Command) -> None:
    """What was ordered to be put right by a day is given that day."""
    task = open_task_of(case, command, "rectify")
    if task.due is not None and command.day <= task.due:
        raise CommandRefused(
            "still-in-time",
            f"整改期限至 {task.due}，届满前不能以未整改为由撤销",
            f"there is time until {task.due} to put it right",
        )


def _two_officers(case: "Case", command: Command) -> None:
    """An inspection is made by two officers or more (行政许可法第34条第三款)."""
    other = text_in(command, "with", "共同核查人", "the second officer")
    if other == command.actor.name:
        raise CommandRefused(
            "same-person", "核查须由两名以上人员进行", "a check needs two officers"
        )


def _another_than_before(case: "Case", command: Command) -> None:
    if case.handlers and case.handlers[-1].name == command.actor.name:
        raise CommandRefused(
            "same-person",
            "撤销须由作出原决定以外的人员提出",
            "whoever decided does not take back the decision alone",
        )


def _appealable(case: "Case", command: Command) -> None:
    """No decision is taken back without saying where to turn to."""
    if not (case.appeal.get("review_body") and case.appeal.get("court")):
        raise CommandRefused(
            "no-appeal",
            "事项没有写明行政复议机关和行政诉讼法院，不能作出撤销决定",
            "the matter does not say where to appeal",
        )


def _ground_given(case: "Case", command: Command) -> None:
    allowed = GROUNDS_OF[command.do]
    ground = command.body.get("ground")
    if ground not in allowed:
        known = "、".join(f"{name}（{GROUNDS[name][0]}）" for name in allowed)
        raise CommandRefused("unknown-ground", f"事由应是：{known}", ", ".join(allowed))
    if ground == "expired" and not any(r.status_on(command.day) == "失效" for r in case.results):
        raise CommandRefused("not-expired", "证照尚在有效期内", "the licence has not expired")


def _falsely_applied(case: "Case", command: Command) -> None:
    """Only what was refused, and only once (行政许可法第78条)."""
    if case.outcome not in ("不予", "不予受理"):
        raise CommandRefused(
            "not-refused", "只对不予受理或者不予许可的申请作此认定", "only where it was refused"
        )
    if case.warned_on is not None:
        raise CommandRefused("already-warned", "已经作出认定和警告", "warned already")


def _repairable(case: "Case", command: Command) -> None:
    if case.ending is None or case.ending.ground not in _RECORDED:
        raise CommandRefused(
            "nothing-to-repair", "本件没有须修复的失信记录", "nothing was recorded to be repaired"
        )
    if case.repaired_on is not None:
        raise CommandRefused("already-repaired", "信用已经修复", "repaired already")


# --- what is recorded ------------------------------------------------------------------------


def _finding(case: "Case", command: Command) -> dict[str, Any]:
    evidence = command.body.get("evidence") or []
    return {
        "reasons": text_in(command, "text", "核查情况和理由", "what was found, and why"),
        "with": str(command.body.get("with") or ""),
        "evidence": [str(digest) for digest in evidence],
    }


def _record_check(case: "Case", command: Command) -> Mapping[str, Any]:
    task = open_task_of(case, command, "verify", "rectify")
    return {"task": task.id, **_finding(case, command)}


def _record_unfulfilled(case: "Case", command: Command) -> Mapping[str, Any]:
    """责令限期整改, with a day of its own."""
    due = text_in(command, "due", "整改期限", "the day by which to put it right")
    try:
        day = date.fromisoformat(due)
    except ValueError:
        raise CommandRefused("incomplete", "整改期限应写成 2026-12-31", "due: a day") from None
    if not command.day < day <= command.day + _LONGEST_RECTIFICATION:
        raise CommandRefused(
            "incomplete", "整改期限应在今天之后、一年之内", "due: after today and within a year"
        )
    return {**_record_check(case, command), "due": day.isoformat()}


def _record_false(case: "Case", command: Command) -> Mapping[str, Any]:
    # What was granted on a false commitment was obtained by deceit.
    kept = {"ground": "false_commitment", "bar": _bar(case, 3), "appeal": dict(case.appeal)}
    return {**_record_check(case, command), **kept}


def _record_unrectified(case: "Case", command: Command) -> Mapping[str, Any]:
    kept = {"ground": "unfulfilled", "appeal": dict(case.appeal)}
    return {**_record_check(case, command), **kept}


def _record_ending(case: "Case", command: Command) -> Mapping[str, Any]:
    ground = str(command.body.get("ground"))
    years = _bar(case, 3) if ground == "deceit" else 0
    kept = {"ground": ground, "bar": years, "appeal": dict(case.appeal)}
    return {**_finding(case, command), **kept}


def _bar(case: "Case", years: int) -> int:
    """The years in which the same may not be applied for again (行政许可法第78、79条): only where the
    matter directly concerns public safety, health, life or property."""
    return years if case.terms.get("is_safety") else 0


def _record_falsehood(case: "Case", command: Command) -> Mapping[str, Any]:
    return {**_finding(case, command), "appeal": dict(case.appeal)}


def _record_repair(case: "Case", command: Command) -> Mapping[str, Any]:
    return {"reasons": text_in(command, "text", "修复情况", "how it was repaired")}


# --- what follows outside --------------------------------------------------------------------

_RECORDED = ("false_commitment", "deceit")


def _credit(case: "Case", event: Event) -> tuple[Effect, ...]:
    """Deceit is recorded in the credit register, with the years in which it may bar a new one."""
    ground = event.body.get("ground")
    if ground not in _RECORDED:
        return ()
    return (
        Effect(
            "credit", f"{case.id}:{event.kind}", _credit_record(case, event.day, repaired=False)
        ),
    )


def _credit_warning(case: "Case", event: Event) -> tuple[Effect, ...]:
    """The warning is an administrative penalty; and may bar the same for a year."""
    record = _credit_record(case, event.day, repaired=False)
    record |= {"id": f"{case.id}:warning", "category": "行政处罚", "bar_years": _bar(case, 1)}
    return (Effect("credit", f"credit:{case.id}:{event.kind}", record),)


def _credit_repair(case: "Case", event: Event) -> tuple[Effect, ...]:
    day = case.ending.day if case.ending else event.day
    record = _credit_record(case, day, repaired=True)
    return (Effect("credit", f"credit:{case.id}:{event.kind}", record),)


def _credit_record(case: "Case", day: date, *, repaired: bool) -> dict[str, Any]:
    applicant = case.application.get("applicant", {})
    return {
        "id": f"{case.id}:ending",
        "subject": applicant.get("id_number", ""),
        "name": applicant.get("name", ""),
        "category": "虚假承诺",
        "disclosed_from": day.isoformat(),
        "repaired": repaired,
        "note": f"{case.title}，办件 {case.number}",
        "matter": case.matter,
        "bar_years": _bar(case, 3),
    }


CHANGES: dict[str, Callable[["Case", Event], "Case"]] = {
    "confirm_commitment": _keep,
    "confirm_rectified": _keep,
    "find_unfulfilled": _keep,
    "find_false": _revoke,
    "revoke_unrectified": _revoke,
    "revoke": _revoke,
    "deregister": _strike_off,
    "repair_credit": _repair,
    "warn_falsehood": _warn,
}
RECORDS: dict[str, Callable[["Case", Command], Mapping[str, Any]]] = {
    "confirm_commitment": _record_check,
    "confirm_rectified": _record_check,
    "find_unfulfilled": _record_unfulfilled,
    "find_false": _record_false,
    "revoke_unrectified": _record_unrectified,
    "revoke": _record_ending,
    "deregister": _record_ending,
    "repair_credit": _record_repair,
    "warn_falsehood": _record_falsehood,
}
NEEDS: dict[str, Callable[["Case", Command], None]] = {
    "check_open": _check_open,
    "rectify_open": _rectify_open,
    "rectify_over": _rectify_over,
    "two_officers": _two_officers,
    "another_than_before": _another_than_before,
    "appealable": _appealable,
    "ground_given": _ground_given,
    "repairable": _repairable,
    "falsely_applied": _falsely_applied,
}
EFFECTS: dict[str, Callable[["Case", Event], tuple[Effect, ...]]] = {
    "find_false": _credit,
    "revoke": _credit,
    "repair_credit": _credit_repair,
    "warn_falsehood": _credit_warning,
}
