"""A visitor of the studio in a test: keeps the session, sends the token as a browser would."""

import re
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from studio import create_app
from studio.accounts import ROLES, Accounts, demo_account
from studio.settings import BEIJING, Settings

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=BEIJING)
PASSWORD = "a long enough password"
# One cheap hash for all: the cost of the real one is not what most tests are about.
_HASH = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")
ACCOUNTS = Accounts.of(demo_account(role, _HASH) for role in ROLES)
_HALLS = tempfile.TemporaryDirectory()  # each studio keeps its cases for itself


def make_studio(root: Path = ROOT, **changes: Any) -> Flask:
    """The studio of a workspace on 2026-11-22, one account per role, named as the role."""
    given: dict[str, Any] = {
        "accounts": ACCOUNTS,
        "today": lambda: DAY,
        "now": lambda: NOW,
        "secret_key": "tests",
        "database": f"sqlite:///{tempfile.mkdtemp(dir=_HALLS.name)}/cases.db",
    }
    return create_app(root, Settings(root, **{**given, **changes}))


class Visitor:
    """Somebody with a browser; signed in when a role is given."""

    def __init__(self, app: Flask, role: str = "") -> None:
        self.client = app.test_client()
        self.token = token_of(self.client.get("/login").text)
        if role:
            answer = self.post("/login", {"name": role, "password": PASSWORD})
            assert answer.status_code == 302, answer.text
            self.token = token_of(self.client.get("/login").text)

    def get(self, url: str, **more: Any) -> TestResponse:
        return self.client.get(url, buffered=True, **more)

    def post(self, url: str, data: Any = None, **more: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token, **more.pop("headers", {})}
        return self.client.post(url, data=data, headers=headers, **more)

    def swap(self, url: str, data: Any) -> TestResponse:
        """Posts as the pages' script does."""
        return self.post(url, data, headers={"X-Requested-With": "fetch"})


def token_of(page: str) -> str:
    found = re.search(r'<meta name="csrf-token" content="([^"]+)">', page)
    assert found is not None
    return found[1]
