"""How far drafts, tokens and registrations reach: never into what is another's."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from studio.accounts import Account, Accounts
from studio_visitor import ACCOUNTS, Visitor, make_studio
from test_rest import Machine, own_application

MATTER = "public_venue_hygiene"
_HASH = ACCOUNTS.by_name["applicant"].password_hash
OTHER = Account(
    "other", "applicant", _HASH, "钱某", (), "公民身份号码", "110101199003077475", "自然人"
)
SAVED: Mapping[str, Any] = {
    "region": "", "agent": "", "path": "general", "answers": {}, "prefilled": {}, "uploads": {},
    "disputes": {}, "case": "", "handed_in": {}, "window": "", "turn": 0,
}  # fmt: skip


@pytest.fixture
def app() -> Flask:
    return make_studio(accounts=Accounts.of([*ACCOUNTS.by_name.values(), OTHER]))


def draft_of(app: Flask, login: str, answers: Mapping[str, Any], matter: str = MATTER) -> str:
    body = {"matter": matter, "answers": answers}
    return str(Machine(app, login, "cases").call("POST", "/drafts", body).get_json()["id"])


@pytest.mark.parametrize(
    "answers",
    [{}, {"region": 1}, {**SAVED, "answers": {"f_营业面积": [{}]}}, {**SAVED, "uploads": [1]},
     {**SAVED, "prefilled": {"营业面积": {"value": 1}}}, {"own": "format"}],
    ids=["empty", "number", "nested", "list", "half", "own"],
)  # fmt: skip
def test_whatever_a_machine_keeps_in_a_draft_the_pages_still_show(
    app: Flask, answers: dict[str, Any]
) -> None:
    draft = draft_of(app, "applicant", answers)
    person = Visitor(app, "applicant")
    for url in ("/my", f"/apply/matters/{MATTER}/begin", f"/apply/drafts/{draft}/review"):
        assert person.get(url).status_code == 200, url


def test_a_draft_that_names_anothers_case_opens_nothing_of_it(app: Flask) -> None:
    new = {"matter": MATTER, "application": own_application(app)}
    case = Machine(app, "applicant", "cases").call("POST", "/cases", new).get_json()
    for named in (case["id"], "0" * 32):
        draft = draft_of(app, "other", {**SAVED, "case": named})
        thief = Visitor(app, "other")
        for page in ("", "/materials", "/review", "/steps/1"):
            assert thief.get(f"/apply/drafts/{draft}{page}").status_code == 404
        assert thief.post(f"/apply/drafts/{draft}/review", {"truth": "y"}).status_code == 404


def test_a_draft_for_one_matter_hands_in_nothing_else(app: Flask) -> None:
    draft = draft_of(app, "applicant", {}, "hr_service_licence")
    new = {"matter": MATTER, "application": own_application(app), "draft": draft}
    assert Machine(app, "applicant", "cases").call("POST", "/cases", new).status_code == 404


@pytest.mark.parametrize("scope", ["handle", "exchange"])
def test_a_token_reaches_no_further_than_its_holder_does_now(app: Flask, scope: str) -> None:
    """Issued to somebody who was on duty then and is an applicant now."""
    paths = {"handle": "/cases", "exchange": "/exchange/accept?since=2026-11-01&until=2026-11-30"}
    holder = {"handle": "clerk", "exchange": "supervisor"}[scope]
    assert Machine(app, holder, scope).call("GET", paths[scope]).status_code == 200
    for login in ("other", "editor"):
        assert Machine(app, login, scope).call("GET", paths[scope]).status_code == 403


def test_asking_which_logins_there_are_is_counted(app: Flask) -> None:
    stranger = Visitor(app)
    statuses = [
        stranger.post("/register", {"login": f"somebody{n}"}).status_code for n in range(45)
    ]
    assert statuses == [422] * 40 + [429] * 5


def test_whoever_asks_too_often_keeps_nobody_else_from_asking() -> None:
    app = make_studio()
    asked = {"number": "3708112026112200001", "code": "00000000"}
    rude, other = Visitor(app), Visitor(app)
    for _ in range(19):
        assert rude.post("/progress", {**asked, "number": "elsewhere"}).status_code == 422
    for _ in range(40):
        rude.post("/progress", asked)
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert other.post("/progress", asked, **elsewhere).status_code == 422
