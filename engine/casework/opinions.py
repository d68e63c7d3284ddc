"""Review and check (一审一核): the finding is the rules'; people answer only what is open to them.

A reviewer fills in facts that are 待核 and judges what the matter leaves to judgement; the outcome
then follows from the rules. Whoever disagrees asks for a re-examination (复核单) instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.casework.acceptance import notice_of
from engine.casework.answers import Answer, open_facts
from engine.casework.events import Actor, Command, Event
from engine.casework.rechecks import open_recheck
from engine.casework.refusals import CommandRefused, mapping_in, optional_text_in, text_in

if TYPE_CHECKING:
    from engine.casework.case import Case


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reviewer proposed: an outcome of the decision, and why."""

    outcome: str
    text: str
    by: Actor
    at: datetime


def outcomes_open(case: "Case") -> tuple[str, ...]:
    """The outcomes that a reviewer may propose on the finding as it is; none while it is 待核."""
    found = case.evaluation.get("outcome", "")
    if found == "准予":
        return ("准予",)
    # Once accepted a case ends in a decision (行政许可法第38条): what cannot be granted is refused.
    if found in ("不予", "不予受理"):
        return ("不予",)
    is_told = bool(case.correction.notices) or case.deemed == "deem_accepted"
    return ("不予",) if found == "补正" and is_told else ()


# --- what happened ---------------------------------------------------------------------------


def _answer(case: "Case", event: Event) -> "Case":
    answers = dict(case.answers)
    for name, value in event.body["facts"].items():
        known = answers.get(name)
        if known and known.value != value and known.by.name != event.actor.name:
            earlier, later = _said(known.value), _said(value)
            zh = f"“{name}”：{known.by.name}认定为“{earlier}”，{event.actor.name}认定为“{later}”"
            case = open_recheck(case, event, "意见不一", name, zh)
        answers[name] = Answer(value, event.actor, event.day, event.body["reason"])
    return replace(case, answers=answers, handlers=(*case.handlers, event.actor))


def _said(value: object) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _review(case: "Case", event: Event) -> "Case":
    opinion = Opinion(event.body["outcome"], event.body["opinion"], event.actor, event.at)
    return replace(
        case,
        opinion=opinion,
        opinions=(*case.opinions, opinion),
        handlers=(*case.handlers, event.actor),
    )


def _approve(case: "Case", event: Event) -> "Case":
    outcome = case.opinion.outcome if case.opinion else ""
    return replace(
        decided(case, event, outcome),
        refusal=event.body.get("refusal", {}),
        handlers=(*case.handlers, event.actor),
    )


def _return(case: "Case", event: Event) -> "Case":
    return replace(case, opinion=None, handlers=(*case.handlers, event.actor))


def _decide_by_rule(case: "Case", event: Event) -> "Case":
    since = {**case.since, "accepted": case.since["received"]}
    moved = decided(replace(case, since=since, accepted_at=event.at), event, "准予")
    if event.body["is_sampled"]:
        zh = "本件由规则自动决定，抽中人工复核"
        return open_recheck(moved, event, "抽查", "decide_by_rule", zh)
    return moved


def _deem_granted(case: "Case", event: Event) -> "Case":
    return replace(decided(case, event, "准予"), deemed="deem_granted")


def decided(case: "Case", event: Event, outcome: str) -> "Case":
    """The case with its decision, whose day ends the time of handling."""
    return replace(
        case, outcome=outcome, decided_at=event.at, since={**case.since, "decided": event.day}
    )


CHANGES = {
    "answer": _answer,
    "review": _review,
    "approve": _approve,
    "return_to_review": _return,
    "decide_by_rule": _decide_by_rule,
    "deem_granted": _deem_granted,
}

# --- what must hold --------------------------------------------------------------------------


def _evaluated(case: "Case", command: Command) -> None:
    if not case.evaluation:
        raise CommandRefused("not-evaluated", "系统尚未审查本件", "the case is not evaluated yet")


def _answerable(case: "Case", command: Command) -> None:
    facts = mapping_in(command, "facts", "认定的内容", "facts")
    if not facts:
        raise CommandRefused("incomplete", "请填写认定的内容（facts）", "facts is missing")
    closed = sorted(set(facts) - open_facts(case))
    if closed:
        names = "、".join(closed)
        raise CommandRefused(
            "already-decided",
            f"“{names}”已有确定的内容，不由审查人员改写；认为有误的，请提请复核",
            f"{', '.join(closed)}: known already; if it is wrong, ask for a re-examination",
        )


def _follows_finding(case: "Case", command: Command) -> None:
    outcome = text_in(command, "outcome", "审查结论", "the outcome")
    text_in(command, "opinion", "审查意见", "the opinion")
    found, allowed = case.evaluation.get("outcome", ""), outcomes_open(case)
    if not allowed:
        raise CommandRefused(
            "undecided",
            f"系统审查结果是“{found}”，尚不能提出结论：请先认定待核的内容，或者告知补正",
            f"the finding is {found}: answer what is pending, or ask for a correction, first",
        )
    if outcome not in allowed:
        raise CommandRefused(
            "against-finding",
            f"依规则审查的结果是“{found}”，结论只能是“{'、'.join(allowed)}”；认为规则有误的，请提请复核",
            f"by the rules the outcome is {found}; if that is wrong, ask for a re-examination",
        )


def _another_person(case: "Case", command: Command) -> None:
    if case.opinion and case.opinion.by.name == command.actor.name:
        raise CommandRefused(
            "same-person",
            "一审一核：核准人不能是审查人本人",
            "whoever reviewed a case may not check it",
        )


def _opinion_current(case: "Case", command: Command) -> None:
    """What changed after the opinion must be reviewed again."""
    if case.opinion is None or case.opinion.outcome not in outcomes_open(case):
        raise CommandRefused(
            "opinion-outdated",
            "审查意见与现在的审查结果不一致，请退回重新审查",
            "the opinion does not fit the finding any more: return it to the reviewer",
        )


def _refusal_reasoned(case: "Case", command: Command) -> None:
    """行政许可法第三十八条第二款: reasons, and the ways of appeal. Otherwise it cannot be closed."""
    if case.outcome != "不予":
        return
    reasons, appeal = case.refusal.get("reasons", ()), case.refusal.get("appeal", {})
    lacking = [] if reasons else ["理由"]
    lacking += [] if reasons and all(reason["basis"] for reason in reasons) else ["依据条款"]
    lacking += [] if appeal.get("review_body") else ["行政复议途径"]
    lacking += [] if appeal.get("court") else ["行政诉讼途径"]
    if lacking:
        listed = "、".join(lacking)
        raise CommandRefused(
            "refusal-incomplete",
            f"不予许可的决定缺少：{listed}，不能办结",
            "a refusal needs its reasons, their legal basis and the ways of appeal",
        )


def _granted_by_rule(case: "Case", command: Command) -> None:
    evaluation = case.evaluation
    is_granted = evaluation.get("outcome") == "准予" and evaluation.get("is_machine_verified")
    if not (is_granted and case.terms.get("is_instant")):
        raise CommandRefused(
            "needs-people",
            "本件须由两人审查、核准",
            "this case needs a reviewer and a checker",
        )


def _renewal_timely(case: "Case", command: Command) -> None:
    if "licence_expires" not in case.since:
        raise CommandRefused(
            "no-timely-renewal",
            "本件不是按期提出的延续申请",
            "this is no renewal that was applied for in time",
        )


NEEDS = {
    "evaluated": _evaluated,
    "answerable": _answerable,
    "follows_finding": _follows_finding,
    "another_person": _another_person,
    "opinion_current": _opinion_current,
    "refusal_reasoned": _refusal_reasoned,
    "granted_by_rule": _granted_by_rule,
    "renewal_timely": _renewal_timely,
}

# --- what is recorded ------------------------------------------------------------------------


def _record_answer(case: "Case", command: Command) -> Mapping[str, Any]:
    return {
        "facts": dict(mapping_in(command, "facts", "认定的内容", "facts")),
        "reason": text_in(command, "reason", "认定的理由", "the reason"),
    }


def _record_review(case: "Case", command: Command) -> Mapping[str, Any]:
    return {
        "outcome": text_in(command, "outcome", "审查结论", "the outcome"),
        "opinion": text_in(command, "opinion", "审查意见", "the opinion"),
    }


def _record_approval(case: "Case", command: Command) -> Mapping[str, Any]:
    note = {"opinion": optional_text_in(command, "opinion", "核准意见", "the opinion")}
    if case.opinion is None or case.opinion.outcome != "不予":
        return note
    reasons = [_reason(line) for line in notice_of(case) if line["kind"] != "missing"]
    return {**note, "refusal": {"reasons": reasons, "appeal": dict(case.appeal)}}


def _reason(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": line["text"]["zh"],
        "basis": list(line["basis"]),
        "remedy": line["remedy"],
        "is_verified": line.get("is_verified", False),
    }


def _record_return(case: "Case", command: Command) -> Mapping[str, Any]:
    return {"reason": text_in(command, "reason", "退回的理由", "the reason")}


# One automatic decision in so many is looked at by people afterwards.
_ONE_IN = 10


def _record_rule(case: "Case", command: Command) -> Mapping[str, Any]:
    """By the digest of the receipt: nobody chooses, and anybody can tell again."""
    seal = str(case.decision.get("receipt", {}).get("seal", "0"))
    return {"outcome": "准予", "is_sampled": int(seal[-8:] or "0", 16) % _ONE_IN == 0}


RECORDS = {
    "answer": _record_answer,
    "review": _record_review,
    "approve": _record_approval,
    "return_to_review": _record_return,
    "decide_by_rule": _record_rule,
}
