"""The desk: lists and cases by role and department, and the moves made from the page."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from engine import Actor, Case, Command, read_json
from studio.accounts import Account, Accounts
from studio.handling import masked_applicant
from studio.move_forms import ASKED
from studio_visitor import ACCOUNTS, NOW, ROOT, Visitor, make_studio

SAMPLES = ROOT / "rulesets" / "samples"


def submit(app: Flask, matter: str, sample: str, **changes: Any) -> Case:
    application = {**read_json((SAMPLES / matter / f"{sample}.json").read_bytes()), **changes}
    desk = app.extensions["desk"]
    given = Command("submit", Actor("applicant", "applicant"), NOW, {"duplicate_reason": "另一处"})
    case: Case = desk.hall.submit(matter, application, given)
    return case


def studio_with(**departments: tuple[str, ...]) -> Flask:
    """A studio whose accounts of these roles serve these departments only."""
    names: dict[str, Account] = dict(ACCOUNTS.by_name)
    for role, served in departments.items():
        old = names[role]
        names[role] = Account(role, role, old.password_hash, old.person, served)
    return make_studio(accounts=Accounts(names))


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio()


def press(visitor: Visitor, case: Case, do: str, **body: str) -> Any:
    return visitor.post(f"/desk/cases/{case.id}/{do}", body)


def test_a_case_is_accepted_reviewed_and_approved_by_different_people(app: Flask) -> None:
    case = submit(app, "public_venue_hygiene", "approved")
    clerk, reviewer, checker = (Visitor(app, role) for role in ("clerk", "reviewer", "checker"))
    assert case.number in clerk.get("/desk").text
    assert case.number not in reviewer.get("/desk").text
    assert press(clerk, case, "accept").status_code == 302
    assert case.number in reviewer.get("/desk").text
    empty = press(reviewer, case, "review")
    assert empty.status_code == 409
    assert "请写明" in empty.text
    assert press(reviewer, case, "review", outcome="准予", opinion="符合条件").status_code == 302
    page = checker.get(f"/desk/cases/{case.id}").text
    assert "符合条件" in page
    assert press(checker, case, "approve").status_code == 302
    assert app.extensions["desk"].hall.case(case.id).outcome == "准予"
    assert "列出后续任务" in checker.get(f"/desk/cases/{case.id}").text


def test_a_finding_cannot_be_turned_round(app: Flask) -> None:
    case = submit(app, "public_venue_hygiene", "refused")
    press(Visitor(app, "clerk"), case, "accept")
    told = press(Visitor(app, "reviewer"), case, "review", outcome="准予", opinion="通融")
    assert told.status_code == 409
    assert "通融" in told.text, "what was typed is not lost"


def test_a_page_seen_before_somebody_else_moved_the_case_moves_nothing(app: Flask) -> None:
    case = submit(app, "public_venue_hygiene", "approved")
    first, second = Visitor(app, "clerk"), Visitor(app, "clerk")
    shown = re.search(r'name="version" value="(\d+)"', first.get(f"/desk/cases/{case.id}").text)
    assert shown is not None
    assert press(second, case, "accept").status_code == 302
    late = press(first, case, "ask_correction", version=shown[1])
    assert late.status_code == 409


def test_other_departments_cases_are_not_there() -> None:
    app = studio_with(reviewer=("任城区民政局",), checker=("任城区卫生健康局",))
    case = submit(app, "public_venue_hygiene", "approved", region="370811")
    assert case.department == "任城区卫生健康局"
    stranger, own = Visitor(app, "reviewer"), Visitor(app, "checker")
    assert case.number not in stranger.get("/desk?show=open").text
    assert stranger.get(f"/desk/cases/{case.id}").status_code == 404
    assert press(stranger, case, "accept").status_code == 404
    assert case.number in own.get("/desk?show=open").text
    assert own.get(f"/desk/cases/{case.id}").status_code == 200


def test_lists_show_no_whole_name_of_a_person_and_no_number(app: Flask) -> None:
    case = submit(app, "old_age_allowance", "approved")
    page = Visitor(app, "supervisor").get("/desk?show=open").text
    assert case.number in page
    assert str(case.applicant["name"]) not in page
    assert str(case.applicant["id_number"]) not in page


def test_whoever_supervises_moves_nothing(app: Flask) -> None:
    case = submit(app, "public_venue_hygiene", "approved")
    supervisor = Visitor(app, "supervisor")
    assert "现在没有由您办理的事" in supervisor.get(f"/desk/cases/{case.id}").text
    assert press(supervisor, case, "accept").status_code == 409


def test_what_a_move_asks_for_belongs_to_a_move(app: Flask) -> None:
    flow = app.extensions["desk"].workspace().file("flow", "ordinary", NOW.date()).definition
    assert set(ASKED) <= {move.do for move in flow.moves}


def test_a_department_that_is_asked_sees_the_case_and_answers() -> None:
    """部门协查: the case is another department's, the question is theirs."""
    app = studio_with(
        reviewer=("任城区卫生健康局",), checker=("任城区民政局",), leader=("任城区民政局",)
    )
    case = submit(app, "public_venue_hygiene", "approved", region="370811")
    press(Visitor(app, "clerk"), case, "accept")
    asked = {"department": "任城区民政局", "question": "请核实用房", "material": "site_plans"}
    reviewer = Visitor(app, "reviewer")
    assert Visitor(app, "leader").get(f"/desk/cases/{case.id}").status_code == 404
    assert press(reviewer, case, "ask_department", **asked).status_code == 302
    asked_department = Visitor(app, "leader")
    assert "请核实用房" in asked_department.get(f"/desk/cases/{case.id}").text
    assert case.number in asked_department.get("/desk/tasks").text


def test_a_false_application_is_warned_from_the_page(app: Flask) -> None:
    case = submit(app, "public_venue_hygiene", "refused")
    for role, do, body in (
        ("clerk", "accept", {}),
        ("reviewer", "review", {"outcome": "不予", "opinion": "检测不合格"}),
        ("checker", "approve", {}),
        ("issuer", "close", {}),
    ):
        assert press(Visitor(app, role), case, do, **body).status_code == 302
    leader = Visitor(app, "leader")
    assert press(leader, case, "warn_falsehood", text="检测报告系伪造").status_code == 302


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王*明"),
        ("买买提·吐尔逊", "买*****逊"),
        ("John Smith", "J********h"),
        ("济宁示例宾馆有限公司", "济宁示例宾馆有限公司"),
    ],
    ids=["short", "dotted", "latin", "organisation"],
)
def test_no_persons_name_is_whole_in_a_list(name: str, shown: str) -> None:
    row = SimpleNamespace(applicant=name)
    assert masked_applicant(row) == shown  # type: ignore[arg-type]


def test_nobody_is_their_own_second_officer(app: Flask) -> None:
    case = submit(app, "public_venue_hygiene", "commitment")
    for role, do, body in (
        ("clerk", "accept", {}),
        ("reviewer", "review", {"outcome": "准予", "opinion": "已承诺"}),
        ("checker", "approve", {}),
        ("issuer", "issue", {}),
        ("issuer", "close", {}),
    ):
        assert press(Visitor(app, role), case, do, **body).status_code == 302
    reviewer = Visitor(app, "reviewer")
    found = {"text": "检测报告系伪造", "task": "verify_commitment"}
    for own in ("reviewer", ACCOUNTS.by_name["reviewer"].person):
        told = press(reviewer, case, "find_false", **found, **{"with": own})
        assert told.status_code == 409
        assert "两名以上" in told.text
    assert press(reviewer, case, "find_false", **found, **{"with": "核准人丙"}).status_code == 302
