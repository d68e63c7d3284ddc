"""Who may do what in the studio, and what every answer is protected with."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.security import generate_password_hash

from engine import Database
from studio import create_app
from studio.accounts import (
    HANDLERS,
    ROLES,
    Account,
    Accounts,
    AccountsError,
    make_demo_accounts,
    read_accounts,
)
from studio.enrolment import main as write_account
from studio.patience import Patience
from studio.permissions import ACCESS
from studio.serving import welcome
from studio.session import safe_target
from studio.settings import read_secret
from studio.visits import Visits
from studio_visitor import ACCOUNTS, DAY, NOW, PASSWORD, ROOT, Visitor, make_studio, token_of

MATTER = "public_venue_hygiene"
FILE = f"rulesets/matters/{MATTER}.yaml"

EDITORS = frozenset({"editor", "policy", "engineer"})
APPLICANTS = frozenset({"applicant"})
DRAFT = "/apply/drafts/none"  # nobody's
EVERYBODY = frozenset({"", *ROLES})


@dataclass(frozen=True)
class Way:
    """How to ask for one endpoint, who is let in and with which answer, and what the others get.

    400 and 422 stand for "let in, and then asked for a proper body"; 302 for nobody: to the login.
    """

    method: str
    url: str
    let_in: int
    roles: frozenset[str] = EVERYBODY
    nobody: int = 302

    def expected(self, role: str) -> int:
        return self.let_in if role in self.roles else 403 if role else self.nobody


WAYS: dict[str, Way] = {
    "static": Way("GET", "/static/app.css", 200),
    "session.enter": Way("GET", "/login", 200),
    "session.sign_in": Way("POST", "/login", 401),
    "session.sign_out": Way("POST", "/logout", 302),
    "registration.blank": Way("GET", "/register", 200),
    "registration.register": Way("POST", "/register", 422),
    "registration.waiting": Way("GET", "/register/waiting", 200, frozenset({"clerk"})),
    "registration.recognise": Way(
        "POST", "/register/waiting/nobody", 404, frozenset({"clerk"}), nobody=401
    ),
    "handling.listing": Way("GET", "/desk", 200, HANDLERS),
    "handling.tasks": Way("GET", "/desk/tasks", 200, HANDLERS),
    "handling.one": Way("GET", "/desk/cases/none", 404, HANDLERS),
    "handling.paper": Way("GET", "/desk/cases/none/papers/1.pdf", 404, HANDLERS),
    "handling.file": Way("GET", "/desk/cases/none/files/none", 404, HANDLERS),
    "handling.licence": Way("GET", "/desk/cases/none/licence.pdf", 404, HANDLERS),
    "handling.move": Way("POST", "/desk/cases/none/accept", 404, HANDLERS, nobody=401),
    "tokens.listing": Way("GET", "/tokens", 200, frozenset(ROLES)),
    "tokens.issue": Way("POST", "/tokens", 422, frozenset(ROLES), nobody=401),
    "tokens.end": Way("POST", "/tokens/none/end", 404, frozenset(ROLES), nobody=401),
    "apply.home": Way("GET", "/apply", 200),
    "apply.guide": Way("GET", f"/apply/matters/{MATTER}", 200),
    "apply.theme": Way("GET", "/apply/themes/open_restaurant", 200),
    "apply.begin": Way("GET", f"/apply/matters/{MATTER}/begin", 200, APPLICANTS),
    "apply.start": Way("POST", f"/apply/matters/{MATTER}/begin", 302, APPLICANTS, nobody=401),
    "filling.resume": Way("GET", DRAFT, 404, APPLICANTS),
    "filling.page": Way("GET", f"{DRAFT}/steps/1", 404, APPLICANTS),
    "filling.save": Way("POST", f"{DRAFT}/steps/1", 404, APPLICANTS, nobody=401),
    "filling.autosave": Way("POST", f"{DRAFT}/steps/1/autosave", 404, APPLICANTS, nobody=401),
    "filling.discard": Way("POST", f"{DRAFT}/discard", 404, APPLICANTS, nobody=401),
    "handing_in.page": Way("GET", f"{DRAFT}/materials", 404, APPLICANTS),
    "handing_in.choose": Way("POST", f"{DRAFT}/materials", 404, APPLICANTS, nobody=401),
    "handing_in.upload": Way("POST", f"{DRAFT}/materials/a", 404, APPLICANTS, nobody=401),
    "handing_in.remove": Way("POST", f"{DRAFT}/materials/a/remove", 404, APPLICANTS, nobody=401),
    "handing_in.look": Way("GET", f"{DRAFT}/materials/a/b", 404, APPLICANTS),
    "submitting.page": Way("GET", f"{DRAFT}/review", 404, APPLICANTS),
    "submitting.submit": Way("POST", f"{DRAFT}/review", 404, APPLICANTS, nobody=401),
    "mine.listing": Way("GET", "/my", 200, APPLICANTS),
    "mine.case": Way("GET", "/my/cases/none", 404, APPLICANTS),
    "mine.submitted": Way("GET", "/my/cases/none/submitted", 404, APPLICANTS),
    "mine.withdraw": Way("POST", "/my/cases/none/withdraw", 404, APPLICANTS, nobody=401),
    "mine.whole": Way("GET", "/my/themes/none", 404, APPLICANTS),
    "mine.tell": Way("POST", "/my/cases/none/tell/fulfil", 404, APPLICANTS, nobody=401),
    "mine.correct": Way("POST", "/my/cases/none/correct", 404, APPLICANTS, nobody=401),
    "mine.paper": Way("GET", "/my/cases/none/papers/1.pdf", 404, APPLICANTS),
    "mine.file": Way("GET", "/my/cases/none/files/none", 404, APPLICANTS),
    "mine.licence": Way("GET", "/my/cases/none/licence.pdf", 404, APPLICANTS),
    "mine.show": Way("POST", "/my/cases/none/show", 404, APPLICANTS, nobody=401),
    "verification.ask": Way("GET", "/verify", 200),
    "verification.tell": Way("GET", "/verify/none", 404),
    "progress.ask": Way("GET", "/progress", 200),
    "progress.tell": Way("POST", "/progress", 422),
    "matters.listing": Way("GET", "/", 200),
    "matters.listing_json": Way("GET", "/matters.json", 200),
    "matters.page": Way("GET", f"/matters/{MATTER}", 200),
    "comparing.page": Way("GET", f"/matters/{MATTER}/changes", 200, EDITORS),
    "proving.page": Way("GET", f"/matters/{MATTER}/proof", 200, EDITORS),
    "proving.write_scenarios": Way(
        "POST", f"/matters/{MATTER}/proof/scenarios", 302, frozenset({"editor"}), nobody=401
    ),
    "trial.blank": Way("GET", f"/matters/{MATTER}/try", 200),
    "trial.run": Way("POST", f"/matters/{MATTER}/try", 422),
    "trial.questions": Way("POST", f"/matters/{MATTER}/try/questions", 200),
    "editing.of_matter": Way("GET", f"/matters/{MATTER}/edit", 302, EDITORS),
    "editing.of_definition": Way("GET", f"/definitions/form/{MATTER}/edit", 302, EDITORS),
    "editing.page": Way("GET", f"/files/{FILE}", 200, EDITORS),
    "editing.save": Way("POST", f"/files/{FILE}", 422, frozenset({"editor"}), nobody=401),
    "api.check": Way("POST", "/api/check", 415, EDITORS, nobody=401),
    "api.schema": Way("GET", "/api/schema/matter", 200, EDITORS, nobody=401),
    "api.decide_one": Way("POST", f"/api/matters/{MATTER}/decide", 415),
}


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio()


def test_every_route_is_in_both_tables(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    # The API's routes are guarded by their scopes: tests/test_rest.py.
    endpoints -= {name for name in endpoints if name.startswith("rest.")}
    assert endpoints == set(ACCESS) == set(WAYS)


@pytest.mark.parametrize("role", sorted(EVERYBODY), ids=lambda role: role or "nobody")
@pytest.mark.parametrize("endpoint", WAYS)
def test_route_and_role(app: Flask, endpoint: str, role: str) -> None:
    way = WAYS[endpoint]
    # Every wrong password counts: who is last must not wait for those before.
    visitor = Visitor(make_studio() if endpoint == "session.sign_in" else app, role)
    answer = visitor.get(way.url) if way.method == "GET" else visitor.post(way.url, {})
    assert answer.status_code == way.expected(role), answer.text[:500]


def test_an_endpoint_nobody_listed_is_nobodys(app: Flask) -> None:
    other = make_studio()
    other.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert Visitor(other, "editor").get("/forgotten").status_code == 403


def test_login_leads_back(app: Flask) -> None:
    visitor = Visitor(app)
    turned = visitor.get(f"/files/{FILE}?x=1")
    assert turned.status_code == 302
    page = visitor.get(turned.headers["Location"]).text
    onward = re.search(r'name="next" value="([^"]*)"', page)
    assert onward is not None
    data = {"name": "editor", "password": PASSWORD, "next": onward[1]}
    assert visitor.post("/login", data).headers["Location"] == f"/files/{FILE}?x=1"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "", "javascript:x",
     "/\t/evil.example", "/a\nSet-Cookie: x=1", "http:/evil.example"],
)  # fmt: skip
def test_login_leads_nowhere_else(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_target(target) == "/"


def test_sessions_end_with_the_password(app: Flask) -> None:
    names = dict(ACCOUNTS.by_name)
    visitor = Visitor(make_studio(accounts=Accounts(names)), "editor")
    assert visitor.get(f"/files/{FILE}").status_code == 200
    names["editor"] = Account("editor", "editor", generate_password_hash("another"))
    assert visitor.get(f"/files/{FILE}").status_code == 302


def test_a_copied_cookie_ends_with_the_session(app: Flask) -> None:
    visitor, thief = Visitor(app, "editor"), Visitor(app)
    cookie = visitor.client.get_cookie("tongban")
    assert cookie is not None
    thief.client.set_cookie("tongban", cookie.value)
    assert thief.get(f"/files/{FILE}").status_code == 200
    visitor.post("/logout")
    assert thief.get(f"/files/{FILE}").status_code == 302


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/t.db")
    opened.create()
    yield opened
    opened.close()


def test_visits_end_in_time_and_by_leaving(store: Database) -> None:
    time_ = Time()
    visits = Visits(lambda: store, time_)
    first, second = visits.begin("wang"), visits.begin("li")
    assert (visits.visitor(first), visits.visitor(second)) == ("wang", "li")
    assert visits.visitor("") is None
    visits.end(second)
    assert visits.visitor(second) is None
    another_process = Visits(lambda: store, time_)
    assert another_process.visitor(first) == "wang"
    time_.pass_by(visits.length.total_seconds())
    assert visits.visitor(first) is None


def test_logout_and_wrong_passwords(app: Flask) -> None:
    visitor = Visitor(app, "editor")
    visitor.post("/logout")
    assert visitor.get(f"/files/{FILE}").status_code == 302
    assert visitor.client.get_cookie("tongban") is None or "editor" not in visitor.get("/").text
    for name, password in (("editor", "wrong"), ("nobody", PASSWORD), ("editor", "x" * 100_000)):
        nobody = Visitor(app)
        answer = nobody.post("/login", {"name": name, "password": password})
        assert answer.status_code == 401
        assert "账号或密码不正确" in answer.text


def test_a_password_too_long_to_hash_in_time_is_refused_at_once() -> None:
    long = "x" * 10_000
    accounts = Accounts.of(
        [Account("a", "editor", generate_password_hash(long, "pbkdf2:sha256:1"))]
    )
    assert accounts.authenticate("a", long) is None


def test_signing_in_ends_what_was_begun_before(app: Flask) -> None:
    """A token planted before the sign-in is worth nothing after it."""
    visitor = Visitor(app)
    planted = visitor.token
    visitor.post("/login", {"name": "editor", "password": PASSWORD})
    visitor.token = token_of(visitor.get("/login").text)
    assert visitor.post(f"/matters/{MATTER}/try", {}).status_code == 422
    visitor.token = planted
    assert visitor.post(f"/matters/{MATTER}/try", {}).status_code == 400


def test_patience_runs_out_and_returns(store: Database) -> None:
    time_ = Time()
    patience = Patience(lambda: store, time_)
    assert [patience.reserve("editor", "a") for _ in range(patience.free)] == [0] * patience.free
    waits = []
    for _ in range(12):
        wait = patience.reserve("editor", "a")
        waits.append(wait)
        time_.pass_by(wait)
        assert patience.reserve("editor", "a") == 0
    assert waits[0] == 1
    assert waits == sorted(waits)
    assert waits[-1] == patience.longest
    assert patience.reserve("editor", "elsewhere") == 0
    assert patience.reserve("policy", "a") == 0
    patience.forgive("editor", "a")
    assert patience.reserve("editor", "a") == 0


def test_tries_at_once_are_no_cheaper(store: Database) -> None:
    """Forty at once get as many tries as forty one after the other: hashing takes its time."""
    patience = Patience(lambda: store, Time())
    with ThreadPoolExecutor(40) as crowd:
        waits = list(crowd.map(lambda _: patience.reserve("editor", "a"), range(40)))
    assert waits.count(0) == patience.free


def test_a_guesser_at_once_gets_the_free_tries_only(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_studio()
    guessers = [Visitor(app) for _ in range(20)]

    def slow(*_: object) -> None:
        time.sleep(0.1)

    monkeypatch.setattr(Accounts, "authenticate", slow)
    guess = {"name": "editor", "password": "guess"}
    with ThreadPoolExecutor(20) as crowd:
        statuses = list(crowd.map(lambda g: g.post("/login", guess).status_code, guessers))
    assert statuses.count(401) == Patience.free
    assert statuses.count(429) == 20 - Patience.free


def test_an_address_has_a_budget_over_all_names_for_a_minute(store: Database) -> None:
    time_ = Time()
    patience = Patience(lambda: store, time_)
    waits = [patience.reserve(f"name {number}", "a") for number in range(patience.budget + 5)]
    assert waits[: patience.budget] == [0] * patience.budget
    assert all(0 < wait <= patience.window + 1 for wait in waits[patience.budget :])
    assert patience.reserve("editor", "elsewhere") == 0
    time_.pass_by(patience.window)
    assert patience.reserve("editor", "a") == 0, "a shared address is not locked out for long"


def test_right_passwords_cost_an_address_nothing(store: Database) -> None:
    patience = Patience(lambda: store, Time())
    for _ in range(patience.budget * 3):
        assert patience.reserve("editor", "a") == 0
        patience.forgive("editor", "a")


def test_every_process_counts_the_same_tries(store: Database) -> None:
    time_ = Time()
    processes = [Patience(lambda: store, time_) for _ in range(4)]
    waits = [processes[n % 4].reserve("editor", "a") for n in range(20)]
    assert waits.count(0) == Patience.free


def test_a_guesser_is_made_to_wait() -> None:
    visitor = Visitor(make_studio())
    guess = {"name": "editor", "password": "guess"}
    statuses = [visitor.post("/login", guess).status_code for _ in range(8)]
    assert statuses[: Patience.free] == [401] * Patience.free
    answer = visitor.post("/login", {"name": "editor", "password": PASSWORD})
    assert statuses[-1] == answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_headers_and_cookies(app: Flask) -> None:
    nonces = set()
    for url in (
        "/",
        "/login",
        "/nowhere",
        "/matters.json",
        "/static/app.css",
        f"/matters/{MATTER}/try",
    ):
        answer = Visitor(app).get(url)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        nonces.add(re.findall(r"'nonce-([^']+)'", policy)[0])
    assert len(nonces) == 6
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secure = make_studio(secure_cookies=True).test_client().get("/login").headers["Set-Cookie"]
    assert "Secure" in secure


def test_the_nonce_on_the_page_is_the_one_in_the_header(app: Flask) -> None:
    answer = app.test_client().get("/")
    nonce = re.search(r'name="csp-nonce" content="([^"]+)"', answer.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "url", ["/login", "/logout", f"/matters/{MATTER}/try", f"/api/matters/{MATTER}/decide"]
)
def test_posts_need_the_token(app: Flask, url: str) -> None:
    client = app.test_client()
    client.get("/login")
    assert client.post(url, data={"a": "b"}).status_code == 400
    assert client.post(url, headers={"X-CSRFToken": "made up"}).status_code == 400
    stolen = token_of(app.test_client().get("/login").text)
    assert client.post(url, headers={"X-CSRFToken": stolen}).status_code == 400


def test_no_page_has_inline_code(app: Flask) -> None:
    visitor = Visitor(app, "editor")
    for url in ("/", "/login", f"/matters/{MATTER}", f"/matters/{MATTER}/try", f"/files/{FILE}"):
        page = visitor.get(url).text
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page), url
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), url
        assert "<style" not in page


# --- accounts and secrets ------------------------------------------------------------------------


def test_demo_accounts() -> None:
    accounts, passwords = make_demo_accounts()
    other, _ = make_demo_accounts()
    assert set(passwords) == set(ROLES) == set(accounts.by_name)
    for name, password in passwords.items():
        assert accounts.authenticate(name, password) is not None
        assert other.authenticate(name, password) is None
        assert accounts.by_name[name].password_hash.startswith("scrypt:")
        assert password not in repr(accounts)


def test_accounts_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "studio_users.toml"
    proof = generate_password_hash("right")
    path.write_text(
        f'[[account]]\nname = "李工"\nrole = "engineer"\npassword = "{proof}"\n', encoding="utf-8"
    )
    accounts = read_accounts(path)
    account = accounts.authenticate("李工", "right")
    assert account is not None
    assert account.role == "engineer"
    assert accounts.authenticate("李工", "wrong") is None


def test_an_account_is_written_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "studio_users.toml"
    for name in ("李工", 'a "quoted" name\\'):
        answer = CliRunner().invoke(write_account, [name, "policy", "--password", "right"])
        assert answer.exit_code == 0
        path.write_text(answer.output, encoding="utf-8")
        account = read_accounts(path).authenticate(name, "right")
        assert account is not None
        assert account.role == "policy"
    assert CliRunner().invoke(write_account, ["x", "king", "--password", "y"]).exit_code == 2


def test_configured_accounts_are_used(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    (tmp_path / "var").mkdir()
    answer = CliRunner().invoke(write_account, ["policy", "policy", "--password", PASSWORD])
    (tmp_path / "var" / "studio_users.toml").write_text(answer.output, encoding="utf-8")
    assert Visitor(create_app(tmp_path), "policy").get(f"/files/{FILE}").status_code == 200
    (tmp_path / "var" / "studio_users.toml").write_text("account = 3", encoding="utf-8")
    with pytest.raises(AccountsError):
        create_app(tmp_path)


def test_the_welcome_names_address_and_accounts() -> None:
    told = welcome("127.0.0.1", 8000, {"editor": "a-password"})
    assert "http://127.0.0.1:8000" in told
    assert "a-password" in told
    assert "事项管理员 / matter administrator" in told
    assert welcome("::1", 1, {}).splitlines() == ["工作台 / studio: http://[::1]:1"]


def test_serving(tmp_path: Path) -> None:
    """The very command that `make run` ends with: it answers, and prints accounts that let one in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = f"import studio; studio.serve({str(ROOT)!r}, '127.0.0.1', {port})"
    served = subprocess.Popen(
        [sys.executable, "-u", "-c", script], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    try:
        assert served.stdout is not None
        lines = [served.stdout.readline() for _ in range(2 + len(ROLES))]
        assert f"http://127.0.0.1:{port}" in lines[0]
        assert [line.split()[0] for line in lines[2:]] == list(ROLES)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=20) as answer:
            assert answer.status == 200
            assert "登录" in answer.read().decode()
    finally:
        served.terminate()
        served.communicate(timeout=20)


@pytest.mark.parametrize(
    "text",
    ["not toml", '[[account]]\nname = "a"\nrole = "king"\npassword = "scrypt:1$a$b"', "a = 3",
     '[[account]]\nname = "a"\nrole = "editor"', "account = [1]", "[account]",
     '[[account]]\nname = "a"\nrole = "editor"\npassword = "plain words"'],
)  # fmt: skip
def test_accounts_file_with_a_mistake(tmp_path: Path, text: str) -> None:
    path = tmp_path / "studio_users.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AccountsError, match=re.escape("studio_users.toml")):
        read_accounts(path)
    with pytest.raises(AccountsError, match="studio_users"):
        read_accounts(tmp_path / "studio_users_absent.toml")


def test_the_secret_is_private_and_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TONGBAN_SECRET_KEY", raising=False)
    first = read_secret(tmp_path / "var")
    assert len(first) == 64
    assert read_secret(tmp_path / "var") == first
    files = list((tmp_path / "var").iterdir())
    assert [file.name for file in files] == ["secret_key"]
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert read_secret(tmp_path / "elsewhere") != first
    monkeypatch.setenv("TONGBAN_SECRET_KEY", "named")
    assert read_secret(tmp_path / "var") == "named"


def test_the_accounts_of_the_tests_are_one_per_role() -> None:
    assert set(ACCOUNTS.by_name) == set(ROLES)
    assert (ROOT / FILE).exists()
    assert DAY.year == 2026


def test_behind_a_proxy_each_visitor_counts_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAN_PROXIES", "1")
    behind = make_studio()
    monkeypatch.delenv("TONGBAN_PROXIES")
    bare = make_studio()
    for app, statuses in ((behind, {404}), (bare, {404, 429})):
        found = {
            app.test_client()
            .get("/verify/none", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            .status_code
            for number in range(40)
        }
        assert found == statuses
