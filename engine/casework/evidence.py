"""What others say of a case: paper licences entered by their issuer (补登), answers of departments
(协查), values of registers that the applicant disputes (异议).

An applicant provides nothing for any of these. What comes back is kept beside what was there:
nothing is overwritten, and what nobody can tell stays 待核.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from engine.casework.events import Command, Event
from engine.casework.refusals import CommandRefused, text_in
from engine.casework.tasks import Task, close_task, open_task_of
from engine.decision import stands_for_licence

if TYPE_CHECKING:
    from engine.casework.case import Case

Answer = Literal["属实", "不属实", "无法核实"]
# What other departments do, whoever handles the case.
ANSWERED_BY_OTHERS = ("answer_department", "enter_paper", "settle")
ANSWERS: tuple[Answer, ...] = ("属实", "不属实", "无法核实")


@dataclass(frozen=True, slots=True)
class Attestation:
    """A department's answer about a material or a fact; `seal` is the name of whoever answers for it."""

    about: str  # material:ID or fact:NAME
    answer: Answer
    department: str
    seal: str
    value: Any = None  # of a fact, when the department gives it
    note: str = ""


def attestation_to_json(attestation: Attestation) -> dict[str, Any]:
    """An answer in the form that applications carry it."""
    found = {"answer": attestation.answer, "department": attestation.department}
    return found if attestation.value is None else {**found, "value": attestation.value}


# --- what happened ---------------------------------------------------------------------------


def _enter_paper(case: "Case", event: Event) -> "Case":
    return close_task(case, event.body["task"], event)


def _answer(case: "Case", event: Event) -> "Case":
    body = event.body
    attestation = Attestation(
        body["about"],
        body["answer"],
        event.actor.department,
        body["seal"],
        body.get("value"),
        body["note"],
    )
    others = tuple(a for a in case.attestations if a.about != attestation.about)
    closed = close_task(case, body["task"], event)
    return replace(closed, attestations=(*others, attestation))


def _settle(case: "Case", event: Event) -> "Case":
    return close_task(case, event.body["task"], event)


# --- what must hold --------------------------------------------------------------------------


def papers_to_enter(case: "Case") -> tuple[Mapping[str, Any], ...]:
    """Materials handed in although a licence would exempt them, which the library lacks."""
    materials = case.evaluation.get("decision", {}).get("materials", ())
    return tuple(m for m in materials if stands_for_licence(m))


def _papers_entered(case: "Case", command: Command) -> None:
    """能共享的证照查不到的，窗口必须启动补登: a window may not take the paper and pass over it."""
    noted = {t.about.get("material") for t in case.tasks if t.kind == "paper"}
    passed = [m for m in papers_to_enter(case) if m["id"] not in noted]
    if passed and command.actor.role != "clock":
        zh = "、".join(m["title"] for m in passed)
        raise CommandRefused(
            "paper-not-noted",
            f"{zh}本可由电子证照免提交，库中查不到，请先启动补登",
            "the library lacks a licence it should have: ask its issuer to enter it first",
        )


def _paper_known(case: "Case", command: Command) -> None:
    material = text_in(command, "material", "材料", "the material")
    known = {m["id"]: m for m in papers_to_enter(case)}
    if material not in known:
        names = "、".join(known) or "（没有）"
        raise CommandRefused(
            "nothing-to-enter",
            f"材料 {material} 不需要补登；需要的有：{names}",
            "nothing to be entered by an issuer for this material",
        )
    text_in(command, "number", "证照编号", "the number of the licence")


def _asked_department(case: "Case", command: Command) -> None:
    text_in(command, "department", "协查单位", "the department asked")
    text_in(command, "question", "请求核实的内容", "what is to be verified")
    if bool(command.body.get("material")) == bool(command.body.get("fact")):
        raise CommandRefused(
            "incomplete",
            "请写明核实哪项材料（material）或者哪个事实（fact），二者择一",
            "name one material or one fact",
        )


def _of_task_department(case: "Case", command: Command) -> None:
    """Only whom the task was given to answers it."""
    task = _task(case, command)
    if command.actor.department not in (task.by, "*"):
        raise CommandRefused(
            "wrong-department", f"“{task.title}”由{task.by}办理", f"{task.id} is for {task.by}"
        )


def _answerable(case: "Case", command: Command) -> None:
    if command.body.get("answer") not in ANSWERS:
        raise CommandRefused(
            "unknown-answer", "协查结果应是：" + "、".join(ANSWERS), "true, untrue, or cannot tell"
        )
    text_in(command, "seal", "签章（答复人姓名）", "the name that answers for it")


def _disputable(case: "Case", command: Command) -> None:
    """A difference that was found; the applicant says why the register is wrong."""
    fact = text_in(command, "fact", "有异议的事实", "the fact in dispute")
    found = [d["name"] for d in case.evaluation.get("decision", {}).get("differences", ())]
    if fact not in found:
        names = "、".join(found) or "（没有）"
        raise CommandRefused(
            "nothing-disputed",
            f"“{fact}”与登记没有差异；有差异的是：{names}",
            f"no difference about {fact!r}",
        )
    text_in(command, "text", "异议理由", "why the register is wrong")


# --- what is recorded ------------------------------------------------------------------------


def _task(case: "Case", command: Command) -> Task:
    return open_task_of(case, command, _KINDS[command.do])


_KINDS: dict[str, Literal["paper", "assist", "objection"]] = {
    "enter_paper": "paper",
    "answer_department": "assist",
    "settle": "objection",
}


def _record_paper(case: "Case", command: Command) -> Mapping[str, Any]:
    return {name: str(command.body.get(name) or "") for name in ("material", "number", "image")}


def _record_entry(case: "Case", command: Command) -> Mapping[str, Any]:
    text = text_in(command, "text", "补登结果", "what was entered")
    return {"task": _task(case, command).id, "text": text}


def _record_question(case: "Case", command: Command) -> Mapping[str, Any]:
    names = ("department", "question", "material", "fact")
    return {name: str(command.body[name]).strip() for name in names if command.body.get(name)}


def _record_answer(case: "Case", command: Command) -> Mapping[str, Any]:
    task, body = _task(case, command), command.body
    value = {"value": body["value"]} if body.get("value") is not None else {}
    return {
        "task": task.id,
        "about": task.about["about"],
        "answer": body["answer"],
        "seal": str(body["seal"]).strip(),
        "note": str(body.get("note") or "").strip(),
        **value,
    }


def _record_dispute(case: "Case", command: Command) -> Mapping[str, Any]:
    return {"fact": command.body["fact"], "text": str(command.body["text"]).strip()}


def _record_settlement(case: "Case", command: Command) -> Mapping[str, Any]:
    held = command.body.get("held")
    if not isinstance(held, bool):
        raise CommandRefused(
            "incomplete",
            "请写明登记是否维持（held: true/false）",
            "say whether the register is right",
        )
    text = text_in(command, "text", "处理结果", "what was done")
    return {"task": _task(case, command).id, "held": held, "text": text}


CHANGES: dict[str, Callable[["Case", Event], "Case"]] = {
    "enter_paper": _enter_paper,
    "answer_department": _answer,
    "settle": _settle,
}
RECORDS: dict[str, Callable[["Case", Command], Mapping[str, Any]]] = {
    "note_paper": _record_paper,
    "enter_paper": _record_entry,
    "ask_department": _record_question,
    "answer_department": _record_answer,
    "dispute": _record_dispute,
    "settle": _record_settlement,
}
NEEDS: dict[str, Callable[["Case", Command], None]] = {
    "papers_entered": _papers_entered,
    "paper_known": _paper_known,
    "asked_department": _asked_department,
    "of_task_department": _of_task_department,
    "department_answer": _answerable,
    "disputable": _disputable,
}
