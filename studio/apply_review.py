"""The last page before handing in: what would happen, all that is missing in one list, the signature."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms import Form as WebForm

from engine import ApplicationError, DecisionStopped, NoticeLine, PathDeclaration, TongbanError
from studio.apply_drafts import Work, drawer, open_work
from studio.apply_foresight import Foresight, Lack, foresee
from studio.apply_plan import MATERIALS
from studio.apply_steps import find_problems, stop_url
from studio.complaints import Complaint
from studio.desk import Desk
from studio.disclosure import explain
from studio.fields import Answered
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
        foresight = foresee(work)
        form = signing_form(work, foresight)
        if not form.validate() or list(form_lacks(work)):
            return _page(work, form=form, foresight=foresight), 422
        signed = {name: True for name in form.data if form[name].data}
        command = desk.command("submit", {"signed": signed}, f"draft:{work.draft.id}")
        try:
            case = drawer(desk).submit(work.draft, work.application(), command)
        except ApplicationError as error:
            told = tuple(map(Complaint.of, error.diagnostics))
            return _page(work, form=form, foresight=Foresight(complaints=told)), 422
        except (DecisionStopped, TongbanError) as error:
            return _page(work, form=form, foresight=Foresight(stopped=explain(error))), 422
        return redirect(url_for("mine.submitted", case_id=case.id))

    return pages


def _page(work: Work, *, form: WebForm | None = None, foresight: Foresight | None = None) -> str:
    foresight = foresight or foresee(work)
    return render_template(
        "apply_review.html",
        work=work,
        form=form or signing_form(work, foresight),
        foresight=foresight,
        required=list(form_lacks(work)),
        lacks=list(decision_lacks(work, foresight)),
        answers=[(page, list(_answers(work, page.name))) for page in work.pages],
        terms=path_terms(work),
    )


def path_terms(work: Work) -> PathDeclaration | None:
    """What is promised on the path chosen; None on the general one."""
    return next((t for p, t in work.matter.paths.items() if p == work.filling.path), None)


def signing_form(work: Work, foresight: Foresight) -> WebForm:
    """The signatures that this application needs. Each must be given by hand."""
    fields = {"truth": _box(_("我已核对以上内容，保证填写的内容和提交的材料真实、有效。"))}
    terms = path_terms(work)
    if terms is not None and terms.duty:
        fields["promise"] = _box(
            _("我已阅读承诺书和不实承诺的后果，自愿作出以上承诺，并以此作为签名。")
        )
    if foresight.decision is not None and foresight.decision.outcome != "准予":
        fields["anyway"] = _box(_("我知道上面列出的问题尚未解决，仍要现在提交。"))
    form: WebForm = type("Signing", (WebForm,), fields)(request.form or None)
    return form


def _box(label: str) -> BooleanField:
    return BooleanField(label, validators=[Answered()])


def form_lacks(work: Work) -> Iterator[Lack]:
    """What the form itself still asks for: without it nothing can be handed in."""
    for page in work.pages:
        for name, label, message in find_problems(work, page):
            yield Lack(f"{label}{_('：')}{message}", "", stop_url(work.draft.id, page.name), name)


def decision_lacks(work: Work, foresight: Foresight) -> Iterator[Lack]:
    """What the engine finds that stands against granting, each with where to put it right."""
    for complaint in foresight.complaints:
        yield Lack(complaint.said)
    if foresight.decision is not None:
        english = current_language() == "en"
        for line in foresight.decision.notice:
            stop, anchor = _place(work, foresight, line)
            yield Lack(line.text.en if english else line.text.zh, line.remedy, stop, anchor)


def _place(work: Work, foresight: Foresight, line: NoticeLine) -> tuple[str, str]:
    """The address and the anchor of where a line is put right."""
    if line.kind == "material":
        return stop_url(work.draft.id, MATERIALS), f"material-{line.id}"
    names = [line.id]
    if line.kind == "criterion" and foresight.decision is not None:
        found = next((c for c in foresight.decision.criteria if c.id == line.id), None)
        names = [read.name for read in found.reads] if found else []
    for name in names:
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
