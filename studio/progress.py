"""The public page of progress: by number and query code, masked, and only so often."""

import hashlib
import hmac
from datetime import timedelta

from flask import Blueprint, current_app, render_template, request
from wtforms import Form as WebForm

from engine import Case, case_numbered, take_turn
from studio.apply_masking import masked_name
from studio.desk import Desk
from studio.fields import Answered, WordsField
from studio.language import _

_MOST, _WINDOW = 20, timedelta(minutes=10)  # questions of one address, and about one number


def progress_pages(desk: Desk) -> Blueprint:
    """Asking is a POST, so that codes stand in no address and no log."""
    pages = Blueprint("progress", __name__, url_prefix="/progress")

    @pages.get("")
    def ask() -> str:
        return render_template("progress.html", form=_asked())

    @pages.post("")
    def tell() -> str | tuple[str, int] | tuple[str, int, dict[str, str]]:
        form = _asked()
        if not form.validate():
            return render_template("progress.html", form=form), 422
        number, code = str(form["number"].data), str(form["code"].data)
        wait = _wait(desk, number)
        if wait is not None:
            told = _(
                "查询太频繁，请 %(seconds)s 秒后再试。", seconds=max(1, round(wait.total_seconds()))
            )
            page = render_template("progress.html", form=form, problem=told)
            return page, 429, {"Retry-After": str(max(1, round(wait.total_seconds())))}
        case = _found(desk, number, code)
        if case is None:
            told = _("没有找到：办件编号或者查询码不对。")
            return render_template("progress.html", form=form, problem=told), 422
        name = case.application.get("applicant", {}).get("name", "")
        return render_template(
            "progress.html",
            form=form,
            case=case,
            state=desk.hall.flow(case).states[case.state],
            holder=masked_name(str(name)),
        )

    return pages


def query_code(case: Case) -> str:
    """Eight digits that only the applicant has been told; made of the studio's own secret."""
    key = str(current_app.secret_key).encode()
    digest = hmac.new(key, f"progress:{case.id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 100_000_000:08}"


def _asked() -> WebForm:
    fields = {
        "number": WordsField(_("办件编号"), is_number=True, longest=50, validators=[Answered()]),
        "code": WordsField(
            _("查询码"),
            is_number=True,
            longest=20,
            validators=[Answered()],
            render_kw={"autocomplete": "off", "inputmode": "numeric"},
        ),
    }
    form: WebForm = type("ProgressForm", (WebForm,), fields)(request.form or None)
    return form


def _wait(desk: Desk, number: str) -> timedelta | None:
    """How long to wait: an address may not try numbers, nor many addresses one number's codes."""
    with desk.hall.database.write() as connection:
        for what in (f"progress of {request.remote_addr}", f"progress number {number}"):
            wait = take_turn(connection, what, desk.now(), most=_MOST, within=_WINDOW)
            if wait is not None:  # whoever asks too often keeps nobody else from asking
                return wait
    return None


def _found(desk: Desk, number: str, code: str) -> Case | None:
    """The case, if that is its code. An unknown number is told apart by nothing."""
    try:
        case = case_numbered(desk.hall, number)
    except KeyError:
        return None
    return case if hmac.compare_digest(query_code(case).encode(), code.encode()) else None
