"""The desk: what waits for the one who asks, and one case with all that is needed to handle it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Form as WebForm

from engine import (
    COLOUR_TITLES,
    TASK_TITLES,
    Attachment,
    BadCursor,
    Case,
    CaseClock,
    CasePaper,
    CommandRefused,
    Conflict,
    Flow,
    Listed,
    Matter,
    OpenMove,
    Page,
    Recorded,
    Search,
    TongbanError,
    files_of_case,
    is_personal,
    open_facts,
    open_tasks,
    papers_of,
    replay,
    search_cases,
)
from studio.accounts import EVERY_DEPARTMENT
from studio.desk import Desk, own_key
from studio.disclosure import explain
from studio.downloads import file_of_case, licence_of_case, paper_of_case
from studio.language import _, current_language
from studio.move_forms import body_of, has_object, move_form
from studio.questionnaire import Sheet, plan_of
from studio.results import Result
from studio.theme_siblings import Family, family_of

_PAGE = 50
_LONGEST_QUERY = 100
_WINDOW_STATES = ("submitted", "declining", "correcting", "issuing")
# Moves whose button is not the usual one: they take something away.
GRAVE = frozenset(
    {
        "propose_decline",
        "confirm_decline",
        "revoke",
        "find_false",
        "revoke_unrectified",
        "deregister",
    }
)
# Reasons that lie in what the command does not bring yet: the form asks for it.
_ANSWERED_BY_FORM = frozenset(
    {"unknown-way", "unknown-ground", "unknown-answer", "nothing-disputed", "no-such-task"}
)


@dataclass(frozen=True)
class Choice:
    """A move that may be made now, with its form; or why it may not."""

    do: str
    title: tuple[str, str]
    form: WebForm
    refused: tuple[str, str] | None
    basis: str
    is_grave: bool


@dataclass(frozen=True)
class CasePage:
    """Everything that the page of a case shows."""

    case: Case
    matter: Matter
    flow: Flow
    clock: CaseClock
    result: Result
    history: tuple[Recorded, ...]
    choices: tuple[Choice, ...]
    facts: Sheet | None  # what a reviewer may answer
    files: tuple[Attachment, ...]
    papers: tuple[CasePaper, ...]
    family: Family | None  # of a case that is part of a 一件事

    @property
    def state(self) -> tuple[str, str]:
        found = self.flow.states[self.case.state]
        return found.title, found.title_en

    def title_of(self, kind: str) -> tuple[str, str]:
        """What an event is called."""
        named = {move.do: (move.title, move.title_en) for move in self.flow.moves}
        begun = {
            "submitted": (_("提交申请"), "Submitted"),
            "evaluate": (_("系统审查"), "Evaluated"),
            "open_tasks": ("列出后续任务", "Opened the tasks that follow"),
        }
        return {**begun, **named}.get(kind, (kind, kind))


def handling_pages(desk: Desk) -> Blueprint:
    """The work list, the page of a case, and its moves."""
    pages = Blueprint("handling", __name__, url_prefix="/desk")

    @pages.get("")
    def listing() -> str:
        chosen = request.args.get("show", "mine")
        views = _views()
        search = _search(desk, chosen if chosen in views else "mine")
        page = _page(desk, search)
        flow = _current_flow(desk)
        return render_template(
            "desk.html", page=page, views=views, chosen=chosen, query=search.text,
            states=flow.states, cards=COLOUR_TITLES, mask=masked_applicant,
        )  # fmt: skip

    @pages.get("/tasks")
    def tasks() -> str:
        found = {
            one.case_id + one.task.id: one
            for department in visible_departments() or (EVERY_DEPARTMENT,)
            for one in open_tasks(desk.hall, department)
        }
        return render_template(
            "desk_tasks.html",
            found=list(found.values()),
            views=_views(),
            titles=TASK_TITLES,
            today=desk.today(),
        )

    @pages.get("/cases/<case_id>")
    def one(case_id: str) -> str:
        return _show(_case_page(desk, case_id))

    @pages.get("/cases/<case_id>/papers/<int:number>.<kind>")
    def paper(case_id: str, number: int, kind: str) -> Response:
        _mine(desk, case_id)
        return paper_of_case(desk, case_id, number, kind)

    @pages.get("/cases/<case_id>/files/<file_id>")
    def file(case_id: str, file_id: str) -> Response:
        _mine(desk, case_id)
        return file_of_case(desk, case_id, file_id)

    @pages.get("/cases/<case_id>/licence.pdf")
    def licence(case_id: str) -> Response:
        return licence_of_case(desk, _mine(desk, case_id))

    @pages.post("/cases/<case_id>/<do>")
    def move(case_id: str, do: str) -> Response | tuple[str, int]:
        case = _mine(desk, case_id)
        form = move_form(case, do, request.form)
        body, sheet = body_of(form, do), None
        if do == "answer":
            sheet = _sheet(desk, case, request.form)
            if not sheet.validate():
                told = _("请先改正以下各项")
                page = _case_page(desk, case_id, do, form, sheet)
                return _show(page, told), 422
            body |= {"facts": sheet.facts, "reason": request.form.get("reason", "").strip()}
        seen = request.form.get("version", "")
        try:
            desk.hall.perform(
                case_id,
                desk.command(do, body, own_key(request.form.get("key", ""))),
                version=int(seen) if seen.isascii() and seen.isdigit() else None,
            )
        except (CommandRefused, Conflict) as error:
            page = _case_page(desk, case_id, do, form, sheet)
            return _show(page, _said(error)), 409
        except TongbanError as error:
            page = _case_page(desk, case_id, do, form, sheet)
            return _show(page, explain(error)), 422
        flash(_("已办理。"), "ok")
        return redirect(url_for("handling.one", case_id=case_id))

    return pages


def _show(page: CasePage, problem: str = "") -> str:
    return render_template(
        "case.html", page=page, problem=problem, tasks=TASK_TITLES, today=page.clock.on
    )


def _said(error: TongbanError) -> str:
    if isinstance(error, CommandRefused):
        return error.zh if current_language() == "zh" else error.en
    return str(error)


# --- the list --------------------------------------------------------------------------------


def _views() -> dict[str, str]:
    return {
        "mine": _("待我办理"),
        "open": _("在办"),
        "yellow": _("黄牌"),
        "red": _("红牌"),
        "closed": _("已办结"),
    }


def _current_flow(desk: Desk) -> Flow:
    found = desk.workspace().file("flow", "ordinary", desk.today()).definition
    assert isinstance(found, Flow)
    return found


def _search(desk: Desk, view: str) -> Search:
    flow, account = _current_flow(desk), g.account
    ends = [name for name, state in flow.states.items() if state.is_end]
    held = [name for name, state in flow.states.items() if state.holder == account.role]
    return Search(
        on=desk.today(),
        departments=visible_departments(),
        states={"mine": held or ["-"], "closed": ends}.get(view, ()),
        not_states=ends if view in ("open", "yellow", "red") else (),
        card=view if view in ("yellow", "red") else "",  # type: ignore[arg-type]
        text=request.args.get("q", "").strip()[:_LONGEST_QUERY],
    )


def visible_departments() -> Sequence[str]:
    """Whose cases are in sight; empty means all: the hall and supervision serve every department."""
    account = g.account
    if account.role in ("clerk", "issuer", "supervisor") or EVERY_DEPARTMENT in account.departments:
        return ()
    return account.departments or ("-",)


def _page(desk: Desk, search: Search) -> Page:
    after = request.args.get("after", "")[:500]
    try:
        with desk.store.read() as connection:
            return search_cases(connection, search, limit=_PAGE, after=after)
    except BadCursor:
        abort(400)


def masked_applicant(row: Listed) -> str:
    """Names of persons are not for lists: 王*明 there, whole on the page of the case."""
    name = row.applicant
    if not is_personal(name):
        return name
    return name[:1] + "*" * max(len(name) - 2, 1) + (name[-1] if len(name) > 2 else "")


# --- one case --------------------------------------------------------------------------------


def _mine(desk: Desk, case_id: str) -> Case:
    """The case, if it is in sight of the one who asks; to others it is not there."""
    try:
        case = desk.hall.case(case_id)
    except KeyError:
        abort(404)
    return case if sees_case(case) else abort(404)


def sees_case(case: Case) -> bool:
    """Whether a case is handled by a department of the one who asks, jointly with it, or asks it
    something: 协查, 补登, 异议."""
    visible = visible_departments()
    members = {part.department for part in case.joint.parts} if case.joint else set[str]()
    asked = {task.by for task in case.tasks if task.is_open}
    return not visible or bool({case.department, *members, *asked} & set(visible))


def _case_page(
    desk: Desk,
    case_id: str,
    tried: str = "",
    form: WebForm | None = None,
    sheet: Sheet | None = None,
) -> CasePage:
    case = _mine(desk, case_id)
    workspace = desk.hall.definitions(case)
    day = case.on or desk.today()
    matter = workspace.matter(case.matter, day, case.region)
    decision = replay(workspace, case.decision).decision
    flow = desk.hall.flow(case)
    moves = _moves(desk, case)
    answers = any(open_.move.do == "answer" for open_ in moves)
    return CasePage(
        case=case,
        matter=matter,
        flow=flow,
        clock=desk.hall.clock(case, desk.today()),
        result=Result(decision, matter),
        history=desk.hall.history(case_id),
        choices=tuple(_choice(case, open_, tried, form) for open_ in moves),
        files=files_of_case(desk.hall, case_id),
        papers=papers_of(desk.hall, case_id),
        family=family_of(desk, case, sees_case),
        facts=(sheet or _sheet(desk, case, MultiDict())) if answers and open_facts(case) else None,
    )


def _moves(desk: Desk, case: Case) -> tuple[OpenMove, ...]:
    """What the one who asks may do, but for what there is nothing to do it to."""
    is_outdated = desk.hall.is_outdated(case, desk.today())
    return tuple(
        open_
        for open_ in desk.hall.available(case, desk.command(""))
        if has_object(case, open_.move.do) and (is_outdated or open_.move.do != "repin")
    )


def _choice(case: Case, open_: OpenMove, tried: str, form: WebForm | None) -> Choice:
    move, refused = open_.move, open_.refused
    if refused is not None and refused.reason in _ANSWERED_BY_FORM:
        refused = None
    kept = form if move.do == tried and form is not None else None
    return Choice(
        do=move.do,
        title=(move.title, move.title_en),
        form=kept or move_form(case, move.do),
        refused=(refused.zh, refused.en) if refused else None,
        basis="；".join(str(basis) for basis in move.basis),
        is_grave=move.do in GRAVE,
    )


def _sheet(desk: Desk, case: Case, posted: MultiDict[str, str]) -> Sheet:
    """The form of the facts that a reviewer may answer: as in the matter's own form, typed alike."""
    workspace = desk.hall.definitions(case)
    day = case.on or desk.today()
    matter = workspace.matter(case.matter, day, case.region)
    names = sorted(name for name in open_facts(case) if name in matter.facts)
    plan = plan_of(workspace, matter, names, day)
    return plan.sheet(posted, lambda facts: lambda condition: True, strict=False)
