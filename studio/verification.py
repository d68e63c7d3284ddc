"""The public page that verifies a licence: by the code on its paper, or the one its holder shows."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form as WebForm

from engine import take_turn
from studio.desk import Desk
from studio.fields import Answered, WordsField
from studio.language import _

_MOST, _WINDOW = 30, timedelta(minutes=10)  # questions of one address
Answer = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def verification_pages(desk: Desk) -> Blueprint:
    """Whoever scans a code comes here; identifiers may be typed as well."""
    pages = Blueprint("verification", __name__, url_prefix="/verify")

    @pages.get("")
    def ask() -> Answer:
        form = _asked()
        if not request.args:
            return render_template("verification.html", form=form)
        if not form.validate():
            return render_template("verification.html", form=form), 422
        return redirect(url_for("verification.tell", asked=form["identifier"].data))

    @pages.get("/<asked>")
    def tell(asked: str) -> Answer:
        form = _asked()
        with desk.hall.database.write() as connection:
            what = f"verification of {request.remote_addr}"
            wait = take_turn(connection, what, desk.now(), most=_MOST, within=_WINDOW)
        if wait is not None:
            seconds = max(1, round(wait.total_seconds()))
            told = _("查验太频繁，请 %(seconds)s 秒后再试。", seconds=seconds)
            page = render_template("verification.html", form=form, problem=told)
            return page, 429, {"Retry-After": str(seconds)}
        found = desk.hall.verify_licence(asked[:200], desk.now())
        page = render_template("verification.html", form=form, found=found, at=desk.now())
        return page, 200 if found.title else 404

    return pages


def _asked() -> WebForm:
    label = _("电子证照标识，或者对方出示的查验码")
    field = WordsField(label, is_number=True, longest=200, validators=[Answered()])
    form: WebForm = type("VerificationForm", (WebForm,), {"identifier": field})(
        request.args or None
    )
    return form
