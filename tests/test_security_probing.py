"""What strangers and applicants try at the doors: others' registers, forged places, broken addresses."""

import base64
import json
from typing import Any

import pytest
from flask import Flask

from engine.source import read_json
from studio.accounts import Account, Accounts
from studio.session import safe_target
from studio_visitor import ACCOUNTS, PASSWORD, ROOT, Visitor, make_studio

MATTER = "public_venue_hygiene"
SAMPLE = ROOT / f"rulesets/samples/{MATTER}/approved.json"
OTHER = Account(
    "other", "applicant", ACCOUNTS.by_name["applicant"].password_hash, "钱某",
    id_kind="公民身份号码", id_number="110101199003077475", kind="自然人",
)  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio(accounts=Accounts.of([*ACCOUNTS.by_name.values(), OTHER]))


def posted() -> dict[str, Any]:
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return {key: value for key, value in data.items() if key not in ("date", "note")}


def exempt(answer: Any) -> set[str]:
    """What was found in the licence library."""
    return {m["id"] for m in answer.get_json()["materials"] if m["status"] == "免提交"}


def test_an_applicant_looks_up_nobody_elses_licences(app: Flask) -> None:
    """Trials take any applicant: those of applicants ask the registers of themselves alone."""
    url = f"/api/matters/{MATTER}/decide"
    assert exempt(Visitor(app, "clerk").post(url, json=posted()))
    assert not exempt(Visitor(app, "other").post(url, json=posted()))
    own = posted()
    own["applicant"] = {**own["applicant"], "id_number": ACCOUNTS.by_name["applicant"].id_number}
    assert exempt(Visitor(app, "applicant").post(url, json=own))
    assert not exempt(Visitor(app).post(url, json=posted()))


def test_the_trial_page_asks_no_registers_for_others_either(app: Flask) -> None:
    who = posted()["applicant"]
    form = {f"a_{key}": value for key, value in who.items()} | {"lenient": "1"}
    pages = {role: Visitor(app, role).post(f"/matters/{MATTER}/try", form).text
             for role in ("clerk", "other")}  # fmt: skip
    told = "YS-YYZZ-0001"  # the number of the licence in the library
    assert (told in pages["clerk"], told in pages["other"]) == (True, False)


@pytest.mark.parametrize("after", ["zzz", "half", "nul"])
def test_a_forged_place_in_a_list_is_a_bad_request(app: Flask, after: str) -> None:
    forged = {"half": "\ud800", "nul": "\0"}
    if after in forged:
        text = json.dumps(["due", forged[after], "x"])
        after = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert Visitor(app, "clerk").get(f"/desk?after={after}").status_code == 400


@pytest.mark.parametrize("target", ["/\\[", "//[", "///[x", "/\\]"])
def test_half_an_address_leads_home(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_target(target) == "/"
    signing = {"name": "applicant", "password": PASSWORD, "next": target}
    assert Visitor(app).post("/login", signing).headers["Location"] == "/"


@pytest.mark.parametrize("depth", [101, 400, 900, 50_000])
def test_json_nested_beyond_reason_is_refused(app: Flask, depth: int) -> None:
    text = '{"facts": {"营业面积": ' + "[" * depth + "]" * depth + "}}"
    with pytest.raises(ValueError, match="嵌套过深"):
        read_json(text.encode())
    answer = app.test_client().post(
        f"/api/v1/matters/{MATTER}/decision", data=text, content_type="application/json"
    )
    assert answer.status_code == 400
