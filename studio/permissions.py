"""Who may do what: one table over every endpoint. What is not in it is nobody's."""

from typing import Literal

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from studio.accounts import HANDLERS, ROLES, Account, Accounts
from studio.visits import Visits

Act = Literal["look", "read", "write", "own", "recognise", "apply", "handle"]

# look: anybody, signed in or not. read: see definitions, check them, try unsaved ones. write: save.
# own: whoever is signed in, for themselves. recognise: verify who somebody is.
# apply: hand in applications, and follow one's own. handle: see the cases of one's departments; the
# flow says who may move them on.
HOLDERS: dict[Act, frozenset[str]] = {
    "apply": frozenset({"applicant"}),
    "handle": HANDLERS,
    "own": frozenset(ROLES),
    "recognise": frozenset({"clerk"}),
    "read": frozenset({"editor", "policy", "engineer"}),
    "write": frozenset({"editor"}),
}

_LARGEST_OF_STRANGERS = 1024 * 1024  # bytes of a request by nobody known
_LARGEST_UPLOAD = 64 * 1024 * 1024  # bytes of several files at once
_UPLOADS = frozenset({"handing_in.upload"})

ACCESS: dict[str, Act] = {
    "static": "look",
    "session.enter": "look",
    "session.sign_in": "look",
    "session.sign_out": "look",
    "registration.blank": "look",
    "registration.register": "look",
    "registration.waiting": "recognise",
    "registration.recognise": "recognise",
    "handling.listing": "handle",
    "handling.one": "handle",
    "handling.tasks": "handle",
    "handling.move": "handle",
    "handling.paper": "handle",
    "handling.file": "handle",
    "handling.licence": "handle",
    "tokens.listing": "own",
    "tokens.issue": "own",
    "tokens.end": "own",
    "apply.home": "look",
    "apply.guide": "look",
    "apply.theme": "look",
    "apply.begin": "apply",
    "apply.start": "apply",
    "filling.resume": "apply",
    "filling.page": "apply",
    "filling.save": "apply",
    "filling.autosave": "apply",
    "filling.discard": "apply",
    "handing_in.page": "apply",
    "handing_in.choose": "apply",
    "handing_in.upload": "apply",
    "handing_in.remove": "apply",
    "handing_in.look": "apply",
    "submitting.page": "apply",
    "submitting.submit": "apply",
    "mine.listing": "apply",
    "mine.case": "apply",
    "mine.submitted": "apply",
    "mine.withdraw": "apply",
    "mine.correct": "apply",
    "mine.tell": "apply",
    "mine.whole": "apply",
    "mine.paper": "apply",
    "mine.file": "apply",
    "mine.licence": "apply",
    "mine.show": "apply",
    "progress.ask": "look",
    "progress.tell": "look",
    "verification.ask": "look",
    "verification.tell": "look",
    "matters.listing": "look",
    "matters.listing_json": "look",
    "matters.page": "look",
    "trial.blank": "look",
    "trial.run": "look",
    "trial.questions": "look",
    "comparing.page": "read",
    "proving.page": "read",
    "proving.write_scenarios": "write",
    "editing.of_matter": "read",
    "editing.of_definition": "read",
    "editing.page": "read",
    "editing.save": "write",
    "api.check": "read",
    "api.schema": "read",
    "api.decide_one": "look",
}


def may(act: Act) -> bool:
    """Whether the one who asks may do that."""
    return act == "look" or (g.account is not None and g.account.role in HOLDERS[act])


def guard_requests(app: Flask, accounts: Accounts, visits: Visits) -> None:
    """Recognises the one who asks and turns away who may not, before any view runs."""

    @app.before_request
    def _recognise() -> Response | None:
        if request.blueprint == "rest":
            g.account = None  # tokens are for the API to read: a cookie counts for nothing there
            return None
        g.account = _find_account(accounts, visits)
        if g.account is None:
            request.max_content_length = _LARGEST_OF_STRANGERS
        elif request.endpoint in _UPLOADS:
            request.max_content_length = _LARGEST_UPLOAD
        if request.endpoint is None:
            return None  # no such page: the router answers
        act = ACCESS.get(request.endpoint)
        if act is None:
            abort(403)
        if may(act):
            return None
        if g.account is not None:
            abort(403)
        if request.method in ("GET", "HEAD") and not request.path.startswith("/api/"):
            return redirect(url_for("session.enter", next=request.full_path.rstrip("?")))
        raise Unauthorized

    @app.context_processor
    def _offer() -> dict[str, object]:
        return {"may": may, "account": g.get("account")}


def _find_account(accounts: Accounts, visits: Visits) -> Account | None:
    name = visits.visitor(str(session.get("visit", "")))
    account = None if name is None else accounts.find(name)
    if account is None or session.get("stamp") != account.stamp:
        return None
    return account
