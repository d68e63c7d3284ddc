"""What has become of an applicant's own applications: drafts, cases, what is asked, what may be done."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import segno
from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect
from wtforms import Form as WebForm

from engine import (
    Case,
    CaseClock,
    CommandRefused,
    Conflict,
    FlowState,
    Told,
    cases_of,
    compose_paper,
    files_of_case,
    find_theme_case,
    licence_paper_of,
    open_file,
    paper_docx,
    paper_pdf,
    papers_of,
    theme_cases,
    theme_of_case,
    told_in,
)
from studio.apply_drafts import begin_work, drafts_of_account
from studio.apply_filling import Filling, filling_of_json
from studio.apply_theme import themes_of
from studio.desk import Desk
from studio.downloads import offered_as
from studio.fields import Answered, ParagraphField, WordsField
from studio.language import _, current_language
from studio.progress import query_code
from studio.questionnaire import plan_questions, post_of

_MOST_NEWS = 8
_TELLING = {"fulfil": "task", "dispute": "fact"}  # what an applicant tells → what it is about
Answer = str | Redirect | tuple[str, int]
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class OwnCase:
    """A case as its applicant sees it."""

    case: Case
    state: FlowState
    clock: CaseClock

    @property
    def waits_for_me(self) -> bool:
        return self.state.holder == "applicant"


def own_pages(desk: Desk) -> Blueprint:
    """The list of an applicant's cases, and each of them."""
    pages = Blueprint("mine", __name__, url_prefix="/my")

    @pages.get("")
    def listing() -> str:
        workspace, on = desk.workspace(), desk.today()
        titles = {matter.matter: matter.title for matter in workspace.matters(on)}
        titles |= {theme.theme: theme.title for theme in themes_of(workspace, desk)}
        own = [_seen(desk, case) for case in cases_of(desk.hall, g.account.name)]
        wholes = theme_cases(desk.hall, g.account.name)
        in_themes = {case.id for whole in wholes for case in whole.cases}
        return render_template(
            "apply_cases.html",
            drafts=[d for d in drafts_of_account(desk) if not filling_of_json(d.answers).case],
            own=own,
            alone=[one for one in own if one.case.id not in in_themes],
            wholes=wholes,
            news=_news(desk, own),
            titles=titles,
        )

    @pages.get("/themes/<whole_id>")
    def whole(whole_id: str) -> str:
        try:
            found = find_theme_case(desk.hall, whole_id)
        except KeyError:
            abort(404)
        if found.owner != g.account.name:
            abort(404)
        own = [_seen(desk, case) for case in found.cases]
        papers = {case.id: papers_of(desk.hall, case.id) for case in found.cases}
        return render_template("apply_whole.html", whole=found, own=own, papers=papers)

    _add_case(pages, desk)
    _add_papers(pages, desk)
    return pages


def _add_case(pages: Blueprint, desk: Desk) -> None:
    """One case, and what its applicant may do with it."""

    @pages.get("/cases/<case_id>")
    def case(case_id: str) -> str:
        return _case_page(desk, _own(desk, case_id))

    @pages.post("/cases/<case_id>/tell/<do>")
    def tell(case_id: str, do: str) -> Answer:
        own = _own(desk, case_id)
        named = _TELLING.get(do) or abort(404)
        form = _telling()
        if not form.validate():
            return _case_page(desk, own, do, form), 422
        body = {named: form["about"].data, "text": form["text"].data}
        try:
            desk.hall.perform(case_id, desk.command(do, body))
        except CommandRefused as error:
            form["text"].errors = [error.en if current_language() == "en" else error.zh]
            return _case_page(desk, own, do, form), 422
        except Conflict:
            form["text"].errors = [_("办件刚刚有了新的进展，请看过后再决定。")]
            return _case_page(desk, own, do, form), 409
        flash(_("已告知承办部门。"), "ok")
        return redirect(url_for("mine.case", case_id=case_id))

    @pages.get("/cases/<case_id>/submitted")
    def submitted(case_id: str) -> str:
        own = _own(desk, case_id)
        receipt = papers_of(desk.hall, case_id)[0]
        return render_template(
            "apply_submitted.html", own=_seen(desk, own), code=query_code(own), receipt=receipt
        )

    @pages.post("/cases/<case_id>/correct")
    def correct(case_id: str) -> Redirect:
        own = _own(desk, case_id)
        for draft in drafts_of_account(desk):
            if filling_of_json(draft.answers).case == case_id:
                return redirect(url_for("filling.resume", draft_id=draft.id))
        draft = begin_work(desk, own.matter, _filling_of(desk, own))
        return redirect(url_for("filling.resume", draft_id=draft.id))

    @pages.post("/cases/<case_id>/withdraw")
    def withdraw(case_id: str) -> Redirect:
        _own(desk, case_id)
        try:
            desk.hall.perform(case_id, desk.command("withdraw"))
        except CommandRefused as error:
            flash(error.en if current_language() == "en" else error.zh, "error")
        except Conflict:
            flash(_("办件刚刚有了新的进展，请看过后再决定。"), "error")
        else:
            flash(_("申请已撤回。"), "ok")
        return redirect(url_for("mine.case", case_id=case_id))


def _telling() -> WebForm:
    """What is told of, and the applicant's words about it."""
    fields = {
        "about": WordsField(longest=200, validators=[Answered()]),
        "text": ParagraphField(longest=2000, validators=[Answered()]),
    }
    form: WebForm = type("Telling", (WebForm,), fields)(request.form or None)
    return form


def _case_page(desk: Desk, case: Case, do: str = "", form: WebForm | None = None) -> str:
    offered = desk.hall.available(case, desk.command(""))
    # What a telling must bring is asked when it comes.
    moves = {m.move.do for m in offered if not m.refused or m.move.do in _TELLING}
    disputed = {task.about.get("fact") for task in case.tasks if task.kind == "objection"}
    differences = [d for d in case.decision.get("differences", ()) if d["name"] not in disputed]
    return render_template(
        "apply_case.html",
        own=_seen(desk, case),
        moves=moves,
        duties=[task for task in case.tasks if task.is_open and task.by == "申请人"],
        differences=differences,
        telling=(do, form),
        told=tuple(reversed(told_in(desk.hall, case.id))),
        papers=papers_of(desk.hall, case.id),
        files=files_of_case(desk.hall, case.id),
        code=query_code(case),
        whole=theme_of_case(desk.hall, case.id),
    )


def _add_papers(pages: Blueprint, desk: Desk) -> None:
    """What may be downloaded of a case, and its licence shown."""

    @pages.get("/cases/<case_id>/papers/<int:number>.<kind>")
    def paper(case_id: str, number: int, kind: str) -> Response:
        own = _own(desk, case_id)
        writers: dict[str, tuple[str, Callable[..., bytes]]] = {
            "pdf": ("application/pdf", paper_pdf),
            "docx": (_DOCX, paper_docx),
        }
        if kind not in writers:
            abort(404)
        media_type, write = writers[kind]
        try:
            letter, at = compose_paper(desk.hall, case_id, number, current_language())
        except KeyError:
            abort(404)
        if number == 1:  # the receipt: only the studio knows the code
            told = _("查询码：%(code)s", code=query_code(own))
            letter = replace(letter, opening=(*letter.opening, told))
        return _download(write(letter, at), media_type, f"{letter.title}.{kind}")

    @pages.get("/cases/<case_id>/files/<file_id>")
    def file(case_id: str, file_id: str) -> Response:
        _own(desk, case_id)
        try:
            found, pieces = open_file(desk.hall, case_id, file_id)
        except KeyError:
            abort(404)
        return _download(b"".join(pieces), found.media_type, found.name)

    @pages.get("/cases/<case_id>/licence.pdf")
    def licence(case_id: str) -> Response:
        own = _own(desk, case_id)
        try:
            content = licence_paper_of(desk.hall, own)
        except KeyError:
            abort(404)
        return _download(content, "application/pdf", f"{own.results[-1].title}.pdf")

    @pages.post("/cases/<case_id>/show")
    def show(case_id: str) -> str | Redirect:
        own = _own(desk, case_id)
        try:
            code, ends_at = desk.hall.show_licence(case_id, g.account.name, desk.now())
        except CommandRefused as error:
            flash(error.en if current_language() == "en" else error.zh, "error")
            return redirect(url_for("mine.case", case_id=case_id))
        address = desk.hall.verification_url(code)
        return render_template(
            "apply_shown.html", case=own, address=address, picture=qr_of(address), ends_at=ends_at
        )


def qr_of(address: str) -> str:
    """A QR code as a data address, for an image."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=4, scale=6)


def _download(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = offered_as(name)
    return answer


def _own(desk: Desk, case_id: str) -> Case:
    """A case of the one who asks; no page for anybody else's."""
    try:
        case = desk.hall.case(case_id)
    except KeyError:
        abort(404)
    if case.owner != g.account.name:
        abort(404)
    return case


def _seen(desk: Desk, case: Case) -> OwnCase:
    hall = desk.hall
    return OwnCase(case, hall.flow(case).states[case.state], hall.clock(case, desk.today()))


def _filling_of(desk: Desk, case: Case) -> Filling:
    """The application as it was handed in, to be put right."""
    workspace, day = desk.hall.definitions(case), case.on or desk.today()
    matter = workspace.matter(case.matter, day, case.region)
    application = case.application
    plan = plan_questions(workspace, matter, day)
    posted = post_of(plan, application.get("facts") or {})
    return Filling(
        region=case.region,
        agent=str(case.applicant.get("agent", "")),
        path=case.path,
        answers={name: tuple(values) for name, values in posted.lists()},
        case=case.id,
        handed_in={m: dict(given) for m, given in (application.get("materials") or {}).items()},
    )


def _news(desk: Desk, own: list[OwnCase]) -> list[tuple[Case, Told]]:
    """What the applicant was told last, of all cases."""
    told = [(one.case, told) for one in own for told in told_in(desk.hall, one.case.id)]
    return sorted(told, key=lambda pair: (pair[1].at, pair[1].number), reverse=True)[:_MOST_NEWS]
