"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from studio.accounts import ROLES, Accounts
from studio.language import _
from studio.log_masking import mask_login
from studio.patience import Patience
from studio.visits import Visits


def session_pages(app: Flask, accounts: Accounts, patience: Patience, visits: Visits) -> Blueprint:
    """The sign-in page. Wrong passwords are counted per account and address."""
    pages = Blueprint("session", __name__)

    @pages.get("/login")
    def enter() -> str:
        return _page(request.args.get("next", ""))

    @pages.post("/login")
    def sign_in() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
        name = request.form.get("name", "").strip()[:100]
        onward = request.form.get("next", "")
        address = request.remote_addr or ""
        wait = patience.reserve(name, address)
        if wait:
            told = _("密码连续输错多次，请 %(seconds)s 秒后再试。", seconds=wait)
            return _page(onward, name, told), 429, {"Retry-After": str(wait)}
        account = accounts.authenticate(name, request.form.get("password", ""))
        if account is None:
            app.logger.warning("sign-in refused: %r from %s", mask_login(name), address)
            return _page(onward, name, _("账号或密码不正确，请核对后重新输入。")), 401
        patience.forgive(name, address)
        _leave()
        session.update(stamp=account.stamp, visit=visits.begin(account.name))
        session.permanent = True
        return redirect(safe_target(onward))

    @pages.post("/logout")
    def sign_out() -> Response:
        _leave()
        return redirect(url_for("matters.listing"))

    def _leave() -> None:
        visits.end(str(session.get("visit", "")))
        session.clear()

    return pages


def _page(onward: str, name: str = "", problem: str = "") -> str:
    return render_template(
        "login.html",
        next=onward,
        name=name,
        problem=problem,
        roles=ROLES,
        tasks=_tasks(),
        signed_in=g.account,
    )


def _tasks() -> dict[str, str]:
    """What each role is for."""
    reads = _("查看定义，试办未保存的内容，不能保存")
    return {
        "editor": _("查看、修改和保存定义，试办未保存的内容"),
        "policy": reads,
        "engineer": reads,
        "applicant": _("申请、补正、撤回，查看自己的办件和证照"),
        "clerk": _("受理、一次性告知、核验身份；不能单独不予受理"),
        "reviewer": _("审查本部门的办件，提出意见"),
        "checker": _("核准或者退回审查意见，不能核准自己审查的"),
        "issuer": _("制证、送达、办结"),
        "leader": _("批准延期，转交办件，批准撤销"),
        "supervisor": _("查看全部办件的进度和预警，不经手"),
    }


def safe_target(onward: str) -> str:
    """`onward` if it is a path of this site, else the first page: never another site."""
    try:
        parts = urlsplit(onward.replace("\\", "/"))
    except ValueError:  # half an address in brackets
        return url_for("matters.listing")
    is_path = onward.startswith("/") and not onward.startswith(("//", "/\\"))
    is_plain = onward.isprintable() and not parts.scheme and not parts.netloc
    return onward if is_path and is_plain else url_for("matters.listing")
