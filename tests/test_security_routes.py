"""Every page and every operation about one case, asked by everybody: who sees it, masked or whole.

The case is of one applicant and one department. Handlers are asked once as of its department, once
as of another; applicants once as its owner, once as somebody else.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from studio.accounts import HANDLERS, ROLES, Account, Accounts
from studio_visitor import ACCOUNTS, Visitor, make_studio
from test_rest import Machine, own_application

MATTER = "public_venue_hygiene"
OWN, OTHER = "任城区卫生健康局", "另一个局"
# The hall's window, issuing and supervision serve every department.
EVERYWHERE = frozenset({"clerk", "issuer", "supervisor"})
_HASH = ACCOUNTS.by_name["applicant"].password_hash
PAGES = (  # by whom: handlers at the desk, applicants at /my
    "/desk/cases/{case}", "/desk/cases/{case}/papers/1.pdf", "/desk/cases/{case}/papers/1.docx",
    "/my/cases/{case}", "/my/cases/{case}/submitted", "/my/cases/{case}/papers/1.pdf",
    "/my/cases/{case}/papers/1.docx",
)  # fmt: skip
OPERATIONS = (
    "/cases/{case}", "/cases/{case}/events", "/cases/{case}/attachments", "/cases/{case}/papers",
    "/cases/{case}/papers/1",
)  # fmt: skip
MOVES = (
    "accept", "ask_correction", "propose_decline", "review", "approve", "issue", "close", "supply",
    "withdraw", "answer", "repin", "decide_by_rule", "deem_accepted", "seal", "expire", "evaluate",
    "submitted", "open_tasks", "transfer", "revoke", "no_such_move",
)  # fmt: skip


@dataclass(frozen=True)
class Asker:
    """Somebody who asks. `sees` is where the case is in sight for them."""

    account: Account
    sees: str = ""  # desk, my or nowhere

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def scopes(self) -> tuple[str, ...]:
        return ("cases",) if self.account.role == "applicant" else ("handle",)


def _askers() -> list[Asker]:
    found = [
        Asker(ACCOUNTS.by_name["applicant"], "my"),
        Asker(Account("thief", "applicant", _HASH, "钱某", (), "公民身份号码", "110101199003077475")),
        Asker(Account("same_number", "applicant", _HASH, "同号", (), "公民身份号码",
                      ACCOUNTS.by_name["applicant"].id_number, is_verified=False)),
    ]  # fmt: skip
    for role in ROLES:
        for where, department in (("own", OWN), ("other", OTHER), ("none", "")):
            served = (department,) if department else ()
            sees = role in EVERYWHERE or (role in HANDLERS and where == "own")
            if role != "applicant":
                account = Account(f"{role}_{where}", role, _HASH, role, served)
                found.append(Asker(account, "desk" if sees else ""))
    return found


ASKERS = _askers()
BY_NAME = pytest.mark.parametrize("asker", ASKERS, ids=[asker.name for asker in ASKERS])


@dataclass
class Hall:
    """A studio with one case in it."""

    app: Flask
    case: dict[str, Any]
    secrets: tuple[str, ...] = field(default=())

    @property
    def version(self) -> int:
        found: int = self.app.extensions["desk"].hall.case(self.case["id"]).version
        return found


@pytest.fixture(scope="module")
def hall() -> Hall:
    app = make_studio(
        accounts=Accounts.of([*ACCOUNTS.by_name.values(), *(a.account for a in ASKERS)])
    )
    new = {"matter": MATTER, "application": own_application(app)}
    case = Machine(app, "applicant", "cases").call("POST", "/cases", new).get_json()
    person = ACCOUNTS.by_name["applicant"]
    facts = new["application"]["facts"]  # type: ignore[index]
    return Hall(app, case, (person.id_number, str(facts["负责人证件号码"])))


@BY_NAME
def test_pages_of_a_case_are_there_for_whom_it_concerns(hall: Hall, asker: Asker) -> None:
    visitor = Visitor(hall.app, asker.name)
    for page in PAGES:
        answer = visitor.get(page.format(case=hall.case["id"]))
        area = page.split("/")[1]
        allowed = {"desk": HANDLERS, "my": {"applicant"}}[area]
        expected = 403 if asker.account.role not in allowed else 200 if asker.sees == area else 404
        assert answer.status_code == expected, page
        if expected != 200:
            assert hall.case["number"] not in answer.text


@BY_NAME
def test_operations_on_a_case_are_there_for_whom_it_concerns(hall: Hall, asker: Asker) -> None:
    machine = Machine(hall.app, asker.name, *asker.scopes)
    may_call = asker.account.role == "applicant" or asker.account.role in HANDLERS
    for operation in OPERATIONS:
        answer = machine.call("GET", operation.format(case=hall.case["id"]))
        expected = 403 if not may_call else 200 if asker.sees else 404
        assert answer.status_code == expected, operation


@BY_NAME
def test_lists_hold_only_what_is_in_sight_and_no_secret(hall: Hall, asker: Asker) -> None:
    visitor = Visitor(hall.app, asker.name)
    for page in ("/desk", "/desk?show=open", "/desk?q=示例", "/desk?q=%25", "/my"):
        answer = visitor.get(page)
        if answer.status_code == 200 and (not asker.sees or asker.sees not in page):
            assert hall.case["number"] not in answer.text, page
        for secret in hall.secrets:
            assert secret not in answer.text, page
    rows = Machine(hall.app, asker.name, *asker.scopes).call("GET", "/cases").get_json()
    numbers = {row["number"] for row in rows.get("cases", ())}
    assert (hall.case["number"] in numbers) == bool(asker.sees)
    assert not any(secret in str(rows) for secret in hall.secrets)


@pytest.mark.parametrize(
    "asker", [a for a in ASKERS if not a.sees], ids=[a.name for a in ASKERS if not a.sees]
)
def test_nobody_to_whom_a_move_does_not_belong_makes_it(hall: Hall, asker: Asker) -> None:
    """By form and by API, with the role, the department and the moment of others in the body."""
    before = hall.version
    lie = {"actor": "clerk", "role": "clerk", "department": OWN, "at": "2020-01-01T00:00:00Z",
           "by": {"name": "clerk", "role": "clock"}, "key": "timer:x", "outcome": "准予"}  # fmt: skip
    visitor, machine = Visitor(hall.app, asker.name), Machine(hall.app, asker.name, *asker.scopes)
    for do in MOVES:
        form = {name: str(value) for name, value in lie.items()}
        assert visitor.post(f"/desk/cases/{hall.case['id']}/{do}", form).status_code in (403, 404)
        told = machine.call("POST", f"/cases/{hall.case['id']}/commands", {"do": do, "body": lie})
        assert told.status_code in (403, 404)
    assert visitor.post(f"/my/cases/{hall.case['id']}/withdraw").status_code in (403, 404)
    assert hall.version == before


@pytest.mark.parametrize("name", ["actor", "role", "by", "at", "key", "department", "owner"])
def test_a_command_takes_nothing_that_tells_who_gives_it(hall: Hall, name: str) -> None:
    machine = Machine(hall.app, "applicant", "cases")
    path = f"/cases/{hall.case['id']}/commands"
    assert machine.call("POST", path, {"do": "withdraw", name: "clerk"}).status_code == 422
    new = {"matter": MATTER, "application": own_application(hall.app), name: "clerk"}
    assert machine.call("POST", "/cases", new).status_code == 422


@pytest.mark.parametrize("do", [move for move in MOVES if move not in ("supply", "withdraw")])
def test_what_an_owner_asks_for_is_recorded_as_the_owners(hall: Hall, do: str) -> None:
    """Moves of officers and of the clock are refused to the owner, whatever the body says."""
    lie = {"role": "clerk", "department": OWN, "facts": {"最低面积": 1}, "decision": {}}
    told = Machine(hall.app, "applicant", "cases").call(
        "POST", f"/cases/{hall.case['id']}/commands", {"do": do, "body": lie}
    )
    assert told.status_code == 409
    events = hall.app.extensions["desk"].hall.history(hall.case["id"])
    assert {r.event.actor.role for r in events} <= {"applicant", "clock"}


def test_every_page_about_a_case_is_asked_above(hall: Hall) -> None:
    """A page that is added is asked by everybody too, or said here to be of another kind."""
    rules = [
        re.sub(r"<[^>]+>", "*", rule.rule)
        for rule in hall.app.url_map.iter_rules()
        if "case_id>" in rule.rule and "GET" in (rule.methods or ())
    ]
    asked = {re.sub(r"\{case\}", "*", page) for page in PAGES}
    asked = {re.sub(r"papers/1\.\w+", "papers/*.*", page) for page in asked}
    apart = {"/desk/cases/*/files/*", "/desk/cases/*/licence.pdf", "/my/cases/*/files/*",
             "/my/cases/*/licence.pdf"}  # fmt: skip
    assert set(rules) == asked | apart
