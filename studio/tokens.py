"""Tokens for machines: issued to whoever is signed in, shown once, ended at any time."""

from datetime import timedelta

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form, IntegerField, SelectMultipleField, StringField, validators

from engine import issue_token, list_tokens, revoke_token
from studio.desk import Desk
from studio.language import _, current_language
from studio.rest.operation import SCOPE_TITLES, scopes_of

_LONGEST = 365  # days


class _TokenForm(Form):
    title = StringField(validators=[validators.InputRequired(), validators.Length(max=60)])
    scopes = SelectMultipleField(validators=[validators.InputRequired()])
    days = IntegerField(validators=[validators.NumberRange(1, _LONGEST)], default=90)


def token_pages(desk: Desk) -> Blueprint:
    """One page: the tokens of whoever is signed in."""
    pages = Blueprint("tokens", __name__, url_prefix="/tokens")

    @pages.get("")
    def listing() -> str:
        return _page(_form())

    @pages.post("")
    def issue() -> str | tuple[str, int]:
        form = _form()
        if not form.validate():
            return _page(form), 422
        now = desk.now()
        until = now + timedelta(days=int(request.form["days"]))
        with desk.store.write() as connection:
            secret = issue_token(
                connection,
                g.account.name,
                request.form["title"].strip(),
                tuple(request.form.getlist("scopes")),
                now,
                until,
            )
        return _page(_form(blank=True), secret)

    @pages.post("/<digest>/end")
    def end(digest: str) -> Response:
        with desk.store.write() as connection:
            if not revoke_token(connection, g.account.name, digest):
                abort(404)
        return redirect(url_for("tokens.listing"))

    def _page(form: _TokenForm, secret: str = "") -> str:
        with desk.store.read() as connection:
            tokens = list_tokens(connection, g.account.name)
        return render_template(
            "tokens.html",
            form=form,
            tokens=tokens,
            secret=secret,
            now=desk.now(),
            titles=SCOPE_TITLES,
        )

    return pages


def _form(*, blank: bool = False) -> _TokenForm:
    form = _TokenForm(None if blank or request.method == "GET" else request.form)
    place = 0 if current_language() == "zh" else 1
    form.scopes.choices = {s: SCOPE_TITLES[s][place] for s in scopes_of(g.account.role)}
    form.title.label.text = _("用途")
    form.scopes.label.text = _("范围")
    form.days.label.text = _("有效天数")
    return form
