"""Registering as an applicant, and being recognised at the window.

Who registers is not yet known to be who they say they are: until somebody at the hall has seen the
person's document (实名核验), no register is asked for that identity, so nothing is told of it.
"""

from datetime import timedelta

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.security import generate_password_hash
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, SelectField, StringField, validators

from engine import (
    IdentifierCheck,
    LoginTaken,
    StoredAccount,
    add_account,
    identify,
    take_turn,
    unverified_accounts,
    verify_person,
)
from studio.accounts import of_store
from studio.desk import Desk
from studio.language import _

KINDS = {
    "自然人": "公民身份号码",
    "企业法人": "统一社会信用代码",
    "非法人企业": "统一社会信用代码",
    "个体工商户": "统一社会信用代码",
    "事业法人": "统一社会信用代码",
    "社会组织法人": "统一社会信用代码",
}
_SHORTEST, _LONGEST = 8, 256
_MOST, _WINDOW = 40, timedelta(hours=1)  # tries of one address


class _RegistrationForm(Form):
    kind = SelectField(
        choices={kind: kind for kind in KINDS}, validators=[validators.InputRequired()]
    )
    person = StringField(validators=[validators.InputRequired(), validators.Length(max=200)])
    number = StringField(validators=[validators.InputRequired(), validators.Length(max=40)])
    login = StringField(
        validators=[validators.InputRequired(), validators.Regexp(r"^[A-Za-z0-9_.@-]{3,60}\Z")]
    )
    password = PasswordField(
        validators=[validators.InputRequired(), validators.Length(_SHORTEST, _LONGEST)]
    )
    again = PasswordField(validators=[validators.EqualTo("password")])


def registration_pages(desk: Desk) -> Blueprint:
    """The page, for whoever has no account yet."""
    pages = Blueprint("registration", __name__, url_prefix="/register")

    @pages.get("")
    def blank() -> str:
        return _page(_RegistrationForm(), {})

    @pages.post("")
    def register() -> Response | tuple[str, int]:
        form = _RegistrationForm(request.form)
        if _has_tried_enough(desk):  # asking which logins and numbers there are is trying, too
            return _page(form, {"login": _("操作太频繁，请稍候再试。")}), 429
        problems = _problems(desk, form)
        if problems:
            return _page(form, problems), 422
        account = _account(desk)  # hashing takes long: nobody else waits for it
        try:
            with desk.store.write() as connection:
                add_account(connection, account, desk.now())
        except LoginTaken:
            return _page(form, {"login": _("这个账号已有人使用，请换一个")}), 422
        return redirect(url_for("session.enter", next=request.form.get("next", "")))

    @pages.get("/waiting")
    def waiting() -> str:
        with desk.store.read() as connection:
            people = unverified_accounts(connection)
        return render_template("recognition.html", people=[of_store(p) for p in people])

    @pages.post("/waiting/<login>")
    def recognise(login: str) -> Response:
        with desk.store.write() as connection:
            if not verify_person(connection, login, g.account.name):
                abort(404)
        flash(_("已核验 %(login)s 的身份。", login=login), "ok")
        return redirect(url_for("registration.waiting"))

    return pages


def _has_tried_enough(desk: Desk) -> bool:
    where = f"register\n{request.remote_addr or ''}"
    with desk.store.write() as connection:
        return bool(take_turn(connection, where, desk.now(), most=_MOST, within=_WINDOW))


def _problems(desk: Desk, form: _RegistrationForm) -> dict[str, str]:
    """What is wrong, by field, all at once."""
    form.validate()
    said = {
        "kind": _("请选择申请人类型"),
        "person": _("请填写姓名或者名称"),
        "number": _("请填写证件号码"),
        "login": _("账号应为 3 至 60 个字母、数字或 . _ @ -"),
        "password": _("密码应有 8 至 256 个字符"),
        "again": _("两次输入的密码不一致"),
    }
    found = {name: text for name, text in said.items() if form.errors.get(name)}
    if desk.accounts.find(_posted("login")):
        found["login"] = _("这个账号已有人使用，请换一个")
    if not {"number", "kind"} & set(found):
        check = _check_number(desk)
        if check is not None and check.status == "invalid":
            found["number"] = check.message_zh
    return found


def _posted(name: str) -> str:
    return request.form.get(name, "").strip()


def _check_number(desk: Desk) -> IdentifierCheck | None:
    kind = KINDS[_posted("kind")]
    return identify(desk.workspace().plugins, kind, _posted("number"), desk.today())


def _account(desk: Desk) -> StoredAccount:
    check = _check_number(desk)
    return StoredAccount(
        login=_posted("login"),
        role="applicant",
        password_hash=generate_password_hash(request.form["password"]),
        person=_posted("person"),
        id_kind=KINDS[_posted("kind")],
        id_number=_posted("number") if check is None else check.value,
        applicant_kind=_posted("kind"),
    )


def _page(form: _RegistrationForm, problems: dict[str, str]) -> str:
    onward = request.values.get("next", "")
    return render_template("register.html", form=form, problems=problems, next=onward)
