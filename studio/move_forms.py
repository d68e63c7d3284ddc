"""What a handler is asked for with each move: one table, by the move's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import Field

from engine import ANSWERS, GROUNDS, GROUNDS_OF, Case, open_facts, outcomes_open, papers_to_enter
from studio.language import _, current_language

Widget = Literal["line", "text", "choice", "yes_no", "extra", "day"]
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: the key of the command's body, how, and whether it may be left out."""

    name: str
    widget: Widget = "text"
    is_required: bool = True
    choices: Sequence[tuple[str, str]] = ()


_REASON = Ask("reason")
_TASK = Ask("task", "choice")
_NOTE = Ask("note", is_required=False)
_INSPECTION = (_TASK, Ask("with", "line"), Ask("text"))
# What is asked with a move beyond pressing its button. A move without an entry asks nothing.
ASKED: Mapping[str, tuple[Ask, ...]] = {
    "ask_correction": (Ask("extra", "extra", False), Ask("reason", is_required=False)),
    "propose_decline": (
        Ask("reason", is_required=False),
        Ask("basis", "line", False),
        Ask("apply_to", "line", False),
    ),
    "reject_decline": (_REASON,),
    "review": (Ask("outcome", "choice"), Ask("opinion")),
    "approve": (Ask("opinion", is_required=False),),
    "return_to_review": (_REASON,),
    "request_recheck": (Ask("subject", "line"), _REASON),
    "settle_recheck": (Ask("conclusion"),),
    "start_special": (
        Ask("title", "choice"),
        Ask("within", "line", False),
        Ask("told", "yes_no"),
    ),
    "end_special": (Ask("title", "choice"), Ask("result")),
    "extend": (Ask("approved_by", "line"), _REASON, Ask("told", "yes_no")),
    "give_opinion": (Ask("agrees", "yes_no"), Ask("opinion")),
    "consult": (Ask("agreed", "yes_no"), Ask("minutes")),
    "transfer": (Ask("to", "line"), _REASON),
    # Evidence that others hold.
    "note_paper": (Ask("material", "choice"), Ask("number", "line")),
    "enter_paper": (_TASK, Ask("text")),
    "ask_department": (
        Ask("department", "line"),
        Ask("question"),
        Ask("material", "choice", False),
        Ask("fact", "choice", False),
    ),
    "answer_department": (_TASK, Ask("answer", "choice"), Ask("seal", "line"), _NOTE),
    "settle": (_TASK, Ask("held", "yes_no"), Ask("text")),
    # After the decision.
    "collect": (
        Ask("way", "choice"),
        Ask("name", "line", False),
        Ask("id_number", "line", False),
        Ask("authorisation", "line", False),
        Ask("address", "line", False),
        Ask("tracking", "line", False),
    ),
    "fulfil": (_TASK, Ask("text")),
    "confirm_commitment": _INSPECTION,
    "find_false": _INSPECTION,
    "find_unfulfilled": (*_INSPECTION, Ask("due", "day")),
    "confirm_rectified": _INSPECTION,
    "revoke_unrectified": _INSPECTION,
    "revoke": (Ask("ground", "choice"), Ask("text")),
    "deregister": (Ask("ground", "choice"), Ask("text")),
    "warn_falsehood": (Ask("text"),),
    "repair_credit": (Ask("text"),),
}


def labels() -> dict[str, str]:
    """What each thing is called on the page."""
    return {
        "address": _("寄送地址"),
        "agreed": _("会商是否同意"),
        "agrees": _("是否同意"),
        "answer": _("核实结果"),
        "apply_to": _("向何机关申请"),
        "approved_by": _("批准人"),
        "authorisation": _("授权委托书（编号或者说明）"),
        "basis": _("法律依据"),
        "conclusion": _("复核结论"),
        "department": _("部门"),
        "due": _("整改期限"),
        "extra": _("另行告知的内容（每行一项：内容｜依据｜补正办法）"),
        "fact": _("事实"),
        "ground": _("事由"),
        "held": _("登记是否维持"),
        "id_number": _("领取人证件号码"),
        "material": _("材料"),
        "minutes": _("会商纪要"),
        "name": _("代理人姓名"),
        "note": _("说明"),
        "number": _("证照编号"),
        "opinion": _("意见"),
        "outcome": _("审查结论"),
        "question": _("请求核实的内容"),
        "reason": _("理由"),
        "result": _("结果"),
        "seal": _("答复人"),
        "subject": _("复核的事项"),
        "task": _("任务"),
        "text": _("情况和理由"),
        "title": _("名称"),
        "to": _("转给（账号）"),
        "told": _("已书面告知申请人"),
        "tracking": _("物流单号"),
        "way": _("领取方式"),
        "with": _("共同核查人"),
        "within": _("所需时间"),
    }


class MoveForm(Form):
    """The form of one move; its fields are `Ask`s."""


def move_form(case: Case, do: str, posted: MultiDict[str, str] | None = None) -> Form:
    """The form of a move, filled with what was posted."""
    names = labels()
    fields = {ask.name: _field(case, do, ask, names) for ask in ASKED.get(do, ())}
    made: type[Form] = type("MoveForm", (MoveForm,), fields)
    return made(posted)


def has_object(case: Case, do: str) -> bool:
    """Whether there is anything to do it to: a task to end, a paper to enter, a fact to answer."""
    if do == "answer":
        return bool(open_facts(case))
    must = (ask for ask in ASKED.get(do, ()) if ask.widget == "choice" and ask.is_required)
    return all(_choices(case, do, ask.name) for ask in must if ask.name != "outcome")


def body_of(form: Form, do: str) -> dict[str, Any]:
    """The body of the command: what was filled in."""
    body: dict[str, Any] = {}
    for ask in ASKED.get(do, ()):
        value = (form[ask.name].data or "").strip()
        if ask.widget == "yes_no":
            if value:
                body[ask.name] = value == "yes"
        elif ask.widget == "extra":
            body[ask.name] = _lines(value)
        elif value:
            body[ask.name] = value
    return body


def _lines(text: str) -> list[dict[str, str]]:
    """One item a line, its parts between bars of either width."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        found.append(dict(zip(("text", "basis", "remedy"), (*parts, "", ""), strict=False)))
    return found


def _field(case: Case, do: str, ask: Ask, names: Mapping[str, str]) -> Field:
    label = names[ask.name]
    more = {"render_kw": {"maxlength": _LONGEST}}
    if ask.widget == "choice":
        choices = {"": _("请选择"), **_choices(case, do, ask.name)}
        return SelectField(label, choices=choices, validate_choice=False)
    if ask.widget == "day":
        return StringField(label, render_kw={"type": "date"})
    if ask.widget == "yes_no":
        return RadioField(label, choices={"yes": _("是"), "no": _("否")}, validate_choice=False)
    if ask.widget == "line":
        return StringField(label, **more)  # type: ignore[arg-type]
    return TextAreaField(label, **more)  # type: ignore[arg-type]


def _choices(case: Case, do: str, name: str) -> dict[str, str]:
    """What may be chosen now, by what the command says."""
    place = 0 if current_language() == "zh" else 1
    match (do, name):
        case ("review", "outcome"):
            found = outcomes_open(case)
        case ("start_special", "title"):
            found = tuple(special["title"] for special in case.terms.get("specials", ()))
        case ("end_special", "title"):
            found = tuple(special.title for special in case.specials if special.ended is None)
        case ("answer_department", "answer"):
            found = ANSWERS
        case ("collect", "way"):
            found = ("本人", "代理人", "邮寄")
        case (_do, "fact"):
            found = tuple(sorted(open_facts(case)))
        case (_do, "task"):
            tasks = (task for task in case.tasks if task.is_open and task.kind in _KINDS[do])
            return {task.id: task.title for task in tasks}
        case ("note_paper", "material"):
            return {m["id"]: m["title"] for m in papers_to_enter(case)}
        case (_do, "material"):
            return {m["id"]: m["title"] for m in case.decision.get("materials", ())}
        case (_do, "ground"):
            return {ground: GROUNDS[ground][place] for ground in GROUNDS_OF[do]}
        case _:
            found = ()
    is_of_the_product = name in ("outcome", "answer", "way")  # the others are definitions' words
    return {choice: _(choice) if is_of_the_product else choice for choice in found}


# The kinds of task that a move ends.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "enter_paper": ("paper",),
    "answer_department": ("assist",),
    "settle": ("objection",),
    "fulfil": ("obligation",),
    "confirm_commitment": ("verify",),
    "find_false": ("verify", "rectify"),
    "find_unfulfilled": ("verify",),
    "confirm_rectified": ("rectify",),
    "revoke_unrectified": ("rectify",),
}
