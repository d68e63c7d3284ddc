"""The last page before handing in: what would happen, all that is missing in one list, the signature."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms import Form as WebForm
from wtforms.validators import StopValidation

from engine import (
    ApplicationError,
    Case,
    CommandRefused,
    Conflict,
    Decision,
    NoticeLine,
    ThemeCase,
    TongbanError,
    submit_theme,
    to_plain,
)
from studio.apply_drafts import Work, drawer
from studio.apply_foresight import Foresight, Lack, foresee
from studio.apply_opening import open_work
from studio.apply_paths import Ways, promises
from studio.apply_plan import MATERIALS
from studio.apply_steps import find_problems, stop_url
from studio.apply_theme import ThemeWork
from studio.complaints import Complaint
from studio.desk import Desk
from studio.disclosure import explain
from studio.fields import WordsField
from studio.language import _, current_language
from studio.questionnaire import Question, read_value

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class GivenAnswer:
    """One answer of the application, as it is read again before signing."""

    question: Question
    value: object
    source: str


def review_pages(desk: Desk) -> Blueprint:
    """Review and submission."""
    pages = Blueprint("submitting", __name__, url_prefix="/apply/drafts/<draft_id>/review")

    @pages.get("")
    def page(draft_id: str) -> str:
        return _page(open_work(desk, draft_id))

    @pages.post("")
    def submit(draft_id: str) -> Answer:
        work = open_work(desk, draft_id)
        if not g.account.is_verified:
            return _page(work), 403
        foresight = foresee(work)
        form = signing_form(work, foresight)
        if not form.validate() or list(form_lacks(work)):
            return _page(work, form=form, foresight=foresight), 422
        try:
            done = _hand_in(desk, work, form)
        except ApplicationError as error:
            told = tuple(map(Complaint.of, error.diagnostics))
            return _page(work, form=form, foresight=Foresight(complaints=told)), 422
        except CommandRefused as error:
            if error.reason == "duplicate":
                form = signing_form(work, foresight, asks_reason=True)
            return _page(work, form=form, foresight=foresight, refused=error), 422
        except Conflict:
            told_of = _("办件刚刚有了新的进展，请重新打开后再试。")
            return _page(work, form=form, foresight=Foresight(stopped=told_of)), 409
        except TongbanError as error:
            return _page(work, form=form, foresight=Foresight(stopped=explain(error))), 422
        return _onward(work, done)

    return pages


def _onward(work: Work, done: Case | ThemeCase) -> Response:
    if isinstance(done, ThemeCase):
        return redirect(url_for("mine.whole", whole_id=done.id))
    if work.case is not None:
        flash(_("已补正。"), "ok")
        return redirect(url_for("mine.case", case_id=done.id))
    return redirect(url_for("mine.submitted", case_id=done.id))


def _hand_in(desk: Desk, work: Work, form: WebForm) -> Case | ThemeCase:
    """Makes a case of the draft, one of each part of a theme, or supplies what a case asked for."""
    signed = sorted(name for name in form.data if form[name].data is True)
    if work.case is not None:
        body = {**supplied(work, work.case), "signed": signed}
        command = desk.command("supply", body, f"supply:{work.draft.id}:{work.draft.version}")
        return drawer(desk).supply(work.draft, work.case.id, command)
    again = str(form["duplicate_reason"].data or "") if "duplicate_reason" in form else ""
    body = {"signed": signed, **({"duplicate_reason": again} if again else {})}
    command = desk.command("submit", body, f"draft:{work.draft.id}:{work.draft.version}")
    if isinstance(work, ThemeWork):
        subject = work.draft.subject
        return submit_theme(desk.hall, subject, work.application(), command, work.draft)
    return drawer(desk).submit(work.draft, work.application(), command)


def supplied(work: Work, case: Case) -> dict[str, Any]:
    """What differs from the case as it is: facts (None for one taken back), materials, the path."""
    now, kept = to_plain(work.application()), case.application
    facts, before = now["facts"], kept.get("facts") or {}
    changed = {n: facts.get(n) for n in {*facts, *before} if facts.get(n) != before.get(n)}
    path = {} if work.filling.path == kept.get("path", "general") else {"path": work.filling.path}
    return {"facts": changed, "materials": work.filling.submissions, **path}


def _page(
    work: Work,
    *,
    form: WebForm | None = None,
    foresight: Foresight | None = None,
    refused: CommandRefused | None = None,
) -> str:
    foresight = foresight or foresee(work)
    required = list(form_lacks(work))
    lacks = [
        lack
        for lack in decision_lacks(work, foresight)
        if not (required and lack.is_open and lack.is_mine)  # said by the form already
    ]
    return render_template(
        "apply_review.html",
        work=work,
        form=form or signing_form(work, foresight),
        foresight=foresight,
        required=required,
        lacks=[lack for lack in lacks if lack.is_mine],
        theirs=[lack for lack in lacks if not lack.is_mine],
        answers=[(page, list(_answers(work, page.name))) for page in work.pages],
        promises=promises(work),
        promise_name=promise_name,
        refused=refused,
    )


def promise_name(ways: Ways) -> str:
    """The control by which a commitment is signed."""
    return f"promise-{ways.part}" if ways.part else "promise"


def signing_form(work: Work, foresight: Foresight, *, asks_reason: bool = False) -> WebForm:
    """The signatures that this application needs. Each must be given by hand."""
    fields: dict[str, Any] = {
        "truth": _box(_("我已核对以上内容，保证填写的内容和提交的材料真实、有效。"))
    }
    for ways in promises(work):
        fields[promise_name(ways)] = _box(
            _("我已阅读承诺书和不实承诺的后果，自愿作出以上承诺，并以此作为签名。")
        )
    if not foresight.decisions or any(lack.is_mine for lack in decision_lacks(work, foresight)):
        fields["anyway"] = _box(_("我知道上面列出的问题尚未解决，仍要现在提交。"))
    if asks_reason or "duplicate_reason" in request.form:
        fields["duplicate_reason"] = WordsField(_("另行申请的理由"), longest=500)
    form: WebForm = type("Signing", (WebForm,), fields)(request.form or None)
    return form


def _box(label: str) -> BooleanField:
    return BooleanField(label, validators=[_ticked])


def _ticked(form: WebForm, field: BooleanField) -> None:
    if field.data is not True:
        raise StopValidation(_("请勾选后再提交。"))


def form_lacks(work: Work) -> Iterator[Lack]:
    """What the form itself still asks for: without it nothing can be handed in."""
    for page in work.pages:
        for name, label, message in find_problems(work, page):
            yield Lack(f"{label}{_('：')}{message}", "", stop_url(work.draft.id, page.name), name)


def decision_lacks(work: Work, foresight: Foresight) -> Iterator[Lack]:
    """What the engine finds that stands against granting, each with where to put it right."""
    for complaint in foresight.complaints:
        yield Lack(complaint.said)
    english = current_language() == "en"
    for decision in foresight.decisions:
        for line in decision.notice:
            stop, anchor = _place(work, decision, line)
            said = line.text.en if english else line.text.zh
            is_open = _is_open(decision, line)
            yield Lack(said, line.remedy, stop, anchor, is_open, bool(stop) or not is_open)


def _is_open(decision: Decision, line: NoticeLine) -> bool:
    """Whether a line waits for what an officer or a register has to say."""
    is_pending = any(c.id == line.id and c.status == "待核" for c in decision.criteria)
    return line.kind == "missing" or is_pending


def _place(work: Work, decision: Decision, line: NoticeLine) -> tuple[str, str]:
    """The address and the anchor of where a line is put right."""
    if line.kind == "material":
        material = work.own_material(decision.matter, line.id)
        return stop_url(work.draft.id, MATERIALS), f"material-{material}"
    names = [line.id]
    if line.kind == "criterion":
        found = next((c for c in decision.criteria if c.id == line.id), None)
        names = [read.name for read in found.reads] if found else []
    for name in (work.own_fact(decision.matter, name) for name in names):
        page = work.page_of(name)
        if page:
            return stop_url(work.draft.id, page), f"f_{name}"
    return "", ""


def _answers(work: Work, page_name: str) -> Iterator[GivenAnswer]:
    page = work.plan.page(page_name)
    for question in page.shown(work.sheet) if page else ():
        value = read_value(work.sheet.form[question.name], question.fact)
        known = work.filling.prefilled.get(question.field.fact)
        yield GivenAnswer(question, value, known.zh if known else "")
