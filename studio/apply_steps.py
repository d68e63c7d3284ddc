"""The pages of questions of a draft: saved at every change, resumed anywhere, nothing typed is lost."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from engine import ApplicationError, DraftConflict, parse_application
from studio.apply_drafts import Work, drawer
from studio.apply_opening import open_work
from studio.apply_plan import Page
from studio.complaints import Complaint
from studio.desk import Desk
from studio.language import _
from studio.questionnaire import Question
from studio.theme_needs import part_needs

Problem = tuple[str, str, str]  # id of the control, its label, what is wrong
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]
_PATIENCE = 5  # tries to save a draft that others are saving at the same moment


@dataclass(frozen=True)
class Difference:
    """An answer that was saved elsewhere and is another one here."""

    asked: str
    saved: str
    typed: str


@dataclass(frozen=True)
class Taken:
    """What became of a page that was posted."""

    work: Work
    asked: Page
    differences: tuple[Difference, ...] = ()
    is_late: bool = False


def step_pages(desk: Desk) -> Blueprint:
    """One page for each step of the form."""
    pages = Blueprint("filling", __name__, url_prefix="/apply/drafts/<draft_id>")
    pages.add_app_template_global(part_needs)

    @pages.get("")
    def resume(draft_id: str) -> Response:
        work = open_work(desk, draft_id)
        names = [stop.name for stop in work.stops()]
        name = work.draft.step if work.draft.step in names else names[0]
        return redirect(stop_url(draft_id, name))

    @pages.get("/steps/<name>")
    def page(draft_id: str, name: str) -> Answer:
        work = open_work(desk, draft_id)
        asked = work.plan.page(name) or abort(404)
        if not asked.shown(work.sheet):
            return redirect(stop_url(draft_id, work.stops()[0].name))
        return _page(work, asked)

    @pages.post("/steps/<name>")
    def save(draft_id: str, name: str) -> Answer:
        taken = _keep(desk, draft_id, name)
        work, asked = taken.work, taken.asked
        if taken.differences:
            return _page(work, asked, differences=taken.differences), 409
        then = request.form.get("then", "next")
        if then == "next" and find_problems(work, asked):
            return _page(work, asked, has_tried=True), 422
        following = work.neighbour(name, {"back": -1, "next": 1}.get(then, 0))
        if then == "leave":
            flash(_("已保存，可在“我的办件”中继续填写。"), "ok")
            return redirect(url_for("mine.listing"))
        return redirect(stop_url(draft_id, following))

    @pages.post("/steps/<name>/autosave")
    def autosave(draft_id: str, name: str) -> Answer:
        taken = _keep(desk, draft_id, name)
        work, asked = taken.work, taken.asked
        if taken.differences:
            told = render_template("_apply_conflict.html", work=work, page=asked)
            return told, 409, {"HX-Retarget": "#saved", "HX-Reswap": "outerHTML"}
        problems = find_problems(work, asked) if "tried" in request.form else ()
        work.sheet.add_blank_rows()
        return render_template(
            "_apply_questions.html", work=work, page=asked, problems=problems, is_saved=True
        )

    @pages.post("/discard")
    def discard(draft_id: str) -> Response:
        work = open_work(desk, draft_id)
        drawer(desk).discard(work.draft.id, work.draft.owner)
        flash(_("草稿已删除。"), "ok")
        return redirect(url_for("mine.listing"))

    return pages


def stop_url(draft_id: str, name: str) -> str:
    """Where a stop of the way is."""
    if name in ("materials", "review"):
        return url_for(
            f"{'handing_in' if name == 'materials' else 'submitting'}.page", draft_id=draft_id
        )
    return url_for("filling.page", draft_id=draft_id, name=name)


def _page(
    work: Work,
    asked: Page,
    *,
    differences: tuple[Difference, ...] = (),
    has_tried: bool = False,
) -> str:
    problems = find_problems(work, asked) if has_tried else ()
    work.sheet.add_blank_rows()
    return render_template(
        "apply_step.html",
        work=work,
        page=asked,
        problems=problems,
        has_tried=has_tried,
        differences=differences,
        window=secrets.token_hex(8),
    )


def _keep(desk: Desk, draft_id: str, name: str) -> Taken:
    """Saves what was posted, unless it contradicts what another window saved meanwhile."""
    for _turn in range(_PATIENCE):
        work = open_work(desk, draft_id)
        asked = work.plan.page(name) or abort(404)
        taken = _take(work, asked)
        if taken.differences or taken.is_late:
            return taken
        with suppress(DraftConflict):  # saved just now by another request: looked at anew
            return replace(taken, work=taken.work.save(name))
    raise Conflict


def _take(work: Work, asked: Page) -> Taken:
    """The draft with what was posted in its place, and what stands against saving it.

    Two windows may have the same draft open: where another one saved since this page was shown,
    and its answers to this page are others, the person chooses. What is out of sight is kept.
    """
    shown = asked.shown(work.sheet)
    posted, kept = request.form, work.filling
    here = [q for q in asked.questions if q in shown or any(_is_control(n, q) for n in posted)]
    window, turn = posted.get("window", "")[:32], _number(posted.get("turn", ""))
    is_own = window == kept.window != ""
    if is_own and 0 < turn <= kept.turn:  # overtaken on the way by a later one of the same page
        return Taken(work, asked, is_late=True)
    filling = replace(kept.with_answers(here, posted), window=window, turn=turn)
    typed = work.having(filling)
    is_latest = is_own or posted.get("version") == str(work.draft.version)
    return Taken(typed, asked, () if is_latest else tuple(_differences(work, typed, here)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _is_control(name: str, question: Question) -> bool:
    return name == question.name or name.startswith(f"{question.name}-")


def _differences(saved: Work, typed: Work, questions: list[Question]) -> Iterator[Difference]:
    for question in questions:
        texts = [_written(work, question) for work in (saved, typed)]
        if texts[0] != texts[1]:
            yield Difference(question.field.ask, *texts)


def _written(work: Work, question: Question) -> str:
    """An answer as the person reads it."""
    words = {"yes": _("是"), "no": _("否"), **question.choices}
    answers = work.filling.answers.items()
    values = [v for name, found in answers if _is_control(name, question) for v in found if v]
    return "、".join(words.get(value, value) for value in values) or _("（未填写）")


def find_problems(work: Work, asked: Page) -> tuple[Problem, ...]:
    """Everything wrong with a page, put at its fields as well: by the form, then by the engine."""
    work.sheet.validate()
    _complain(work)
    names = [question.name for question in asked.shown(work.sheet)]
    return tuple(
        problem
        for problem in work.sheet.problems()
        if any(problem[0] == n or problem[0].startswith(f"{n}-") for n in names)
    )


def _complain(work: Work) -> None:
    """What the engine finds wrong with single answers, said at the field it is about."""
    for matter_id, application in work.applications().items():
        for complaint in _complaints(work, matter_id, application):
            field = work.sheet.asked(work.own_place(matter_id, complaint.where))
            if field is not None and not field.errors:
                field.errors = [complaint.said]


def _complaints(
    work: Work, matter_id: str, application: Mapping[str, Any]
) -> tuple[Complaint, ...]:
    try:
        parse_application(work.workspace, matter_id, application, work.on)
    except ApplicationError as error:
        return tuple(map(Complaint.of, error.diagnostics))
    return ()
