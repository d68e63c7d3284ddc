"""What has become of an applicant's own applications: drafts, cases, what is asked, what may be done."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engine import Case, CommandRefused, Conflict, cases_of
from studio.apply_drafts import drafts_of_account
from studio.desk import Desk
from studio.language import _, current_language


def own_pages(desk: Desk) -> Blueprint:
    """The list of an applicant's cases, and each of them."""
    pages = Blueprint("mine", __name__, url_prefix="/my")

    @pages.get("")
    def listing() -> str:
        workspace, on = desk.workspace(), desk.today()
        titles = {matter.matter: matter.title for matter in workspace.matters(on)}
        return render_template(
            "apply_cases.html",
            drafts=drafts_of_account(desk),
            cases=cases_of(desk.hall, g.account.name),
            titles=titles,
        )

    @pages.get("/cases/<case_id>")
    def case(case_id: str) -> str:
        return render_template("apply_case.html", case=_own(desk, case_id))

    @pages.get("/cases/<case_id>/submitted")
    def submitted(case_id: str) -> str:
        return render_template("apply_submitted.html", case=_own(desk, case_id))

    @pages.post("/cases/<case_id>/withdraw")
    def withdraw(case_id: str) -> Response:
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

    return pages


def _own(desk: Desk, case_id: str) -> Case:
    """A case of the one who asks; no page for anybody else's."""
    try:
        case = desk.hall.case(case_id)
    except KeyError:
        abort(404)
    if case.owner != g.account.name:
        abort(404)
    return case
