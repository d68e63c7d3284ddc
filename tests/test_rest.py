"""The API: what its description says is what it does, and nobody reaches further than their token."""

import json
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    missing_required_header,
    positive_data_acceptance,
)
from werkzeug.test import TestResponse

from engine import Database, StoredAccount, add_account, issue_token
from studio_visitor import NOW, ROOT, Visitor, make_studio

BASE = "/api/v1"
APP = make_studio()
SCHEMA = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", APP)
SAMPLE = ROOT / "rulesets/samples/public_venue_hygiene/approved.json"


def token_for(app: Flask, login: str, *scopes: str) -> str:
    store: Database = app.extensions["desk"].store
    with store.write() as connection:
        return issue_token(connection, login, "测试", scopes, NOW, NOW + timedelta(days=1))


class Machine:
    """Something that calls with a token."""

    def __init__(self, app: Flask, login: str = "", *scopes: str) -> None:
        self.client = app.test_client()
        self.headers = (
            {"Authorization": f"Bearer {token_for(app, login, *scopes)}"} if login else {}
        )

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        more = {"json": body} if body is not None else {}
        return self.client.open(
            BASE + path, method=method, headers={**self.headers, **headers}, **more
        )


ALL = token_for(APP, "supervisor", "handle", "cases", "exchange")


@SCHEMA.parametrize()
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_what_it_says(case: schemathesis.Case[Any]) -> None:
    """Positive and negative examples made from the description; answers must be those described."""
    case.headers["Authorization"] = f"Bearer {ALL}"
    # Whether a token is asked for is a test of its own: guesses are counted. What the rules make of
    # well-formed facts, and a place in a list, no schema can tell.
    case.call_and_validate(
        excluded_checks=[ignored_auth, missing_required_header, positive_data_acceptance]
    )


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio()


def own_application(app: Flask) -> dict[str, Any]:
    application: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    application.pop("applicant")
    return {k: v for k, v in application.items() if k in ("facts", "materials", "path", "region")}


def test_the_description_is_complete(app: Flask) -> None:
    document = app.test_client().get(f"{BASE}/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    routes = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("rest.")}
    described = {op["operationId"] for path in document["paths"].values() for op in path.values()}
    assert routes == {f"rest.{name}" for name in described} | {"rest.document"}


def test_every_operation_asks_for_its_scope(app: Flask) -> None:
    document = app.test_client().get(f"{BASE}/openapi.json").get_json()
    nobody, wrong = Machine(app), Machine(app, "clerk", "none")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            plain = path.removeprefix(BASE).replace("{matter}", "none").format_map(_Id())
            asked = [m.call(method.upper(), plain, {}).status_code for m in (nobody, wrong)]
            if "security" in operation:
                assert asked == [401, 403], path
            else:
                assert not set(asked) & {401, 403}, path


class _Id(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "0" * 32


def test_an_application_goes_its_way_by_tokens_alone(app: Flask) -> None:
    applicant = Machine(app, "applicant", "cases")
    draft = applicant.call("POST", "/drafts", {"matter": "public_venue_hygiene"}).get_json()
    up = applicant.client.post(
        f"{BASE}/drafts/{draft['id']}/attachments?name=平面图.pdf",
        data=b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        headers={**applicant.headers, "Content-Type": "application/octet-stream"},
    )
    assert up.status_code == 201, up.text
    new = {
        "matter": "public_venue_hygiene",
        "application": own_application(app),
        "draft": draft["id"],
    }
    begun = applicant.call("POST", "/cases", new, **{"Idempotency-Key": "one"})
    assert begun.status_code == 201, begun.text
    case = begun.get_json()
    again = applicant.call("POST", "/cases", {**new, "draft": None}, **{"Idempotency-Key": "two"})
    assert again.status_code == 409, "one under way already"
    files = applicant.call("GET", f"/cases/{case['id']}/attachments").get_json()["attachments"]
    assert [file["media_type"] for file in files] == ["application/pdf"]
    got = applicant.call("GET", f"/cases/{case['id']}/attachments/{files[0]['id']}")
    assert got.data.startswith(b"%PDF")
    assert "attachment" in got.headers["Content-Disposition"]
    clerk = Machine(app, "clerk", "handle")
    listed = clerk.call("GET", "/cases").get_json()["cases"]
    assert case["number"] in {row["number"] for row in listed}
    assert {m["do"] for m in clerk.call("GET", f"/cases/{case['id']}").get_json()["moves"]}
    stranger = Machine(app, "editor", "cases")
    assert stranger.call("GET", f"/cases/{case['id']}").status_code == 404
    events = clerk.call("GET", f"/cases/{case['id']}/events").get_json()["events"]
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))


def test_nobody_applies_as_somebody_else_or_unrecognised(app: Flask) -> None:
    application = {**own_application(app), "applicant": {"id_number": "11010519491231002X"}}
    new = {"matter": "public_venue_hygiene", "application": application}
    answer = Machine(app, "applicant", "cases").call("POST", "/cases", new)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not-yourself")
    with app.extensions["desk"].store.write() as connection:
        add_account(connection, StoredAccount("new", "applicant", "x", "新人"), NOW)
    new = {"matter": "public_venue_hygiene", "application": own_application(app)}
    answer = Machine(app, "new", "cases").call("POST", "/cases", new)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not-recognised")


def test_what_the_form_does_not_ask_for_is_not_for_the_applicant_to_state(app: Flask) -> None:
    theirs = own_application(app)
    theirs["facts"]["最低面积"] = 1
    new = {"matter": "public_venue_hygiene", "application": theirs}
    answer = Machine(app, "applicant", "cases").call("POST", "/cases", new)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "not-asked")


def test_a_theme_is_applied_for_once(app: Flask) -> None:
    sample = ROOT / "rulesets/samples/themes/open_restaurant/all_granted.json"
    application = json.loads(sample.read_text(encoding="utf-8"))
    application.pop("applicant")
    inspected = ("现场核查人员数", "现场核查结论", "消防检查人员数", "消防检查结论")
    application["facts"] = {n: v for n, v in application["facts"].items() if n not in inspected}
    machine = Machine(app, "applicant", "cases")
    new = {"theme": "open_restaurant", "application": application}
    begun = machine.call("POST", "/theme-cases", new, **{"Idempotency-Key": "t"})
    assert begun.status_code == 201, begun.text
    whole = begun.get_json()
    assert "food_business_licence" in {case["matter"] for case in whole["cases"]}
    assert machine.call("GET", f"/theme-cases/{whole['id']}").get_json() == whole
    assert (
        Machine(app, "clerk", "cases").call("GET", f"/theme-cases/{whole['id']}").status_code == 404
    )


def test_what_is_exchanged_is_for_whoever_may_exchange(app: Flask) -> None:
    path = "/exchange/accept?since=2026-11-01&until=2026-11-30&format=jsonl"
    assert Machine(app, "clerk", "handle").call("GET", path).status_code == 403
    assert Machine(app, "supervisor", "exchange").call("GET", path).status_code == 200
    impossible = path.replace("2026-11-30", "2026-02-30")
    assert Machine(app, "supervisor", "exchange").call("GET", impossible).status_code == 400


def test_guessing_tokens_is_slowed_down() -> None:
    client = make_studio().test_client()
    wrong = {"Authorization": "Bearer tb_guess"}
    statuses = [client.get(f"{BASE}/cases", headers=wrong).status_code for _ in range(70)]
    assert statuses[:60] == [401] * 60
    assert set(statuses[60:]) == {429}


def test_a_cookie_counts_for_nothing() -> None:
    assert Visitor(make_studio(), "clerk").get(f"{BASE}/cases").status_code == 401
