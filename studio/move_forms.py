"""What a handler is asked for with each move: one table, by the move's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import Field

from engine import Case, outcomes_open
from studio.language import _

Widget = Literal["line", "text", "choice", "yes_no", "extra"]
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: the key of the command's body, how, and whether it may be left out."""

    name: str
    widget: Widget = "text"
    is_required: bool = True
    choices: Sequence[tuple[str, str]] = ()


_REASON = Ask("reason")
_CHECKED = Ask("text")
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
}


def labels() -> dict[str, str]:
    """What each thing is called on the page."""
    return {
        "agreed": _("会商是否同意"),
        "agrees": _("是否同意"),
        "apply_to": _("向何机关申请"),
        "approved_by": _("批准人"),
        "basis": _("法律依据"),
        "conclusion": _("复核结论"),
        "department": _("部门"),
        "extra": _("另行告知的内容（每行一项：内容｜依据｜补正办法）"),
        "minutes": _("会商纪要"),
        "number": _("编号"),
        "opinion": _("意见"),
        "outcome": _("审查结论"),
        "question": _("请求核实的内容"),
        "reason": _("理由"),
        "result": _("结果"),
        "subject": _("复核的事项"),
        "text": _("情况和理由"),
        "title": _("名称"),
        "to": _("转给（账号）"),
        "told": _("已书面告知申请人"),
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
        choices = {"": _("请选择"), **{choice: choice for choice in _choices(case, do)}}
        return SelectField(label, choices=choices, validate_choice=False)
    if ask.widget == "yes_no":
        return RadioField(label, choices={"yes": _("是"), "no": _("否")}, validate_choice=False)
    if ask.widget == "line":
        return StringField(label, **more)  # type: ignore[arg-type]
    return TextAreaField(label, **more)  # type: ignore[arg-type]


def _choices(case: Case, do: str) -> tuple[str, ...]:
    if do == "review":
        return outcomes_open(case)
    if do == "start_special":
        return tuple(special["title"] for special in case.terms.get("specials", ()))
    if do == "end_special":
        return tuple(special.title for special in case.specials if special.ended is None)
    return ()
