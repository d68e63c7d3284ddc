"""The application, put together."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from engine import KIND_TITLES, PATH_TITLES, RESOLUTION_TITLES
from studio.accounts import ROLES, Accounts, read_accounts
from studio.api import interface
from studio.apply import applicant_blueprints
from studio.comparing import comparison_pages
from studio.desk import Desk
from studio.editing import editing_pages
from studio.handling import handling_pages
from studio.language import speak
from studio.matters import matter_pages
from studio.patience import Patience
from studio.permissions import guard_requests
from studio.problems import answer_problems
from studio.protection import protect
from studio.proving import proof_pages
from studio.registration import registration_pages
from studio.rest import rest_interface
from studio.results import length, outcome_class, spoken, tag_class
from studio.session import session_pages
from studio.settings import Settings, read_secret
from studio.shelf import Shelf
from studio.tokens import token_pages
from studio.trial import trial_pages
from studio.visits import Visits

USERS_FILE = "studio_users.toml"


def create_app(root: Path | str, settings: Settings | None = None) -> Flask:
    """The studio of the workspace at `root`.

    Without `settings`, the accounts are those of `var/studio_users.toml`, if there is such a file.
    Raises AccountsError when it cannot be used.
    """
    chosen = settings or Settings(Path(root), accounts=configured_accounts(Path(root)))
    app = Flask(__name__)
    app.secret_key = chosen.secret_key or read_secret(chosen.var)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(tag_class=tag_class, outcome_class=outcome_class, spoken=spoken)
    app.jinja_env.filters.update(length_of=length)
    app.jinja_env.globals.update(
        kind_titles=KIND_TITLES, path_titles=PATH_TITLES, role_titles=ROLES, ways=RESOLUTION_TITLES
    )
    speak(app)
    desk = Desk(
        Shelf(chosen.root, chosen.var),
        chosen.today,
        chosen.now,
        chosen.open_registers,
        chosen.database_url,
        chosen.accounts,
        chosen.address,
    )
    app.extensions["desk"] = desk
    visits = Visits(desk.open_store, chosen.now)
    guard_requests(
        app, desk.accounts, visits
    )  # before the token is looked for: that reads the body
    is_secure = chosen.secure_cookies or chosen.address.startswith("https://")
    protect(app, secure_cookies=is_secure)
    if chosen.proxies:  # else anybody could say that they are somebody else's address
        n = chosen.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n)  # type: ignore[method-assign]
    answer_problems(app)
    app.register_blueprint(matter_pages(desk))
    app.register_blueprint(trial_pages(desk))
    app.register_blueprint(proof_pages(desk))
    app.register_blueprint(comparison_pages(desk))
    app.register_blueprint(editing_pages(desk))
    app.register_blueprint(interface(desk))
    for pages in applicant_blueprints(desk):
        app.register_blueprint(pages)
    rest = rest_interface(desk)
    app.extensions["csrf"].exempt(rest)  # it reads no cookie, so nobody can be made to call it
    app.register_blueprint(rest)
    app.register_blueprint(
        session_pages(app, desk.accounts, Patience(desk.open_store, chosen.now), visits)
    )
    app.register_blueprint(handling_pages(desk))
    app.register_blueprint(registration_pages(desk))
    app.register_blueprint(token_pages(desk))
    return app


def configured_accounts(root: Path) -> Accounts:
    """The accounts of the workspace's own file; none where there is no file. Raises AccountsError."""
    path = root / "var" / USERS_FILE
    return read_accounts(path) if path.exists() else Accounts()
