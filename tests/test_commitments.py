"""What becomes of a commitment: kept, false, or unfulfilled and put right or not; and what follows."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.casework import Actor, Case, Command, CommandRefused
from engine.casework.tasks import TaskKind
from engine.hall import Hall
from engine.hall.task_lists import open_tasks
from hall_cases import (
    AT,
    CHECKER,
    CLERK,
    ISSUER,
    LEADER,
    PERSON,
    REVIEWER,
    closed,
    hall_in,
    later,
    sample,
)

VERIFY: tuple[TaskKind, ...] = ("verify",)
CHECKED: dict[str, Any] = {"text": "现场核查记录", "with": "钱进"}
SUBJECT = sample("commitment")["applicant"]["id_number"]


@pytest.fixture(scope="module")
def seals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seals")


@pytest.fixture
def hall(tmp_path: Path, seals: Path) -> Hall:
    return hall_in(tmp_path, seals)


@pytest.fixture
def case(hall: Hall) -> Case:
    return closed(hall, sample("commitment"))


def do(
    hall: Hall, case: Case, command: str, at: Any = AT, by: Actor = REVIEWER, **body: Any
) -> Case:
    return hall.perform(case.id, Command(command, by, at, body))


def refusal(hall: Hall, case: Case, command: str, at: Any = AT, **body: Any) -> str:
    with pytest.raises(CommandRefused) as refused:
        do(hall, case, command, at, **body)
    return refused.value.reason


def test_a_commitment_opens_a_check_with_its_day(case: Case) -> None:
    (check,) = [task for task in case.tasks if task.kind == "verify"]
    assert check.due == date(2026, 12, 23)  # 30 days from the decision on 2026-11-23
    assert "hygiene_report" in check.about["covers"]


def test_a_commitment_that_was_kept_ends_the_check(hall: Hall, case: Case) -> None:
    case = do(hall, case, "confirm_commitment", **CHECKED)
    assert case.state == "closed"
    assert not [task for task in case.tasks if task.is_open and task.kind == "verify"]
    assert refusal(hall, case, "find_false", **CHECKED) == "no-such-task"


def test_a_check_has_two_officers(hall: Hall, case: Case) -> None:
    assert refusal(hall, case, "find_false", text="不实") == "incomplete"
    alone = {"text": "不实", "with": REVIEWER.name}
    assert refusal(hall, case, "find_false", **alone) == "same-person"


def test_case_55_what_was_false_is_revoked_at_once(hall: Hall, case: Case) -> None:
    """The licence, the credit register and the next application all know of it."""
    hall.deliver(AT, "w")
    case = do(hall, case, "find_false", **CHECKED)
    assert case.state == "revoked"
    assert case.ending is not None
    assert (case.ending.kind, case.ending.ground, case.ending.bar) == (
        "撤销",
        "false_commitment",
        3,
    )
    assert case.ending.appeal["review_body"]
    assert case.ending.appeal["court"]
    licence = case.results[0]
    assert hall.verify_licence(licence.identifier, AT).status == "撤销"
    assert not [task for task in case.tasks if task.is_open]
    hall.deliver(AT, "w")
    commitment = sample("commitment") | {"facts": {**sample("commitment")["facts"]}}
    again = hall.submit(
        "public_venue_hygiene",
        commitment,
        Command("submit", PERSON, later(1), {"duplicate_reason": "再次申请"}),
    )
    assert again.decision["path"] == "general"
    assert "虚假承诺" in again.decision["path_reason"]["zh"]
    assert again.evaluation["outcome"] == "不予受理"  # three years (行政许可法第79条)


def test_the_bar_ends_after_three_years_and_repair_ends_the_bar_to_commitments(
    hall: Hall, case: Case
) -> None:
    do(hall, case, "find_false", **CHECKED)
    repaired = do(hall, case, "repair_credit", later(30), LEADER, text="已完成信用修复")
    assert repaired.repaired_on == date(2026, 12, 23)
    hall.deliver(later(30), "w")
    reason = {"duplicate_reason": "再次申请"}
    for days, outcome in ((3 * 365, "不予受理"), (3 * 365 + 1, "other")):
        given = Command("submit", PERSON, later(days), reason)
        case = hall.submit("public_venue_hygiene", sample("commitment"), given)
        assert (case.evaluation["outcome"] == "不予受理") == (outcome == "不予受理")
        assert case.decision["path"] == "commitment"


def test_case_55_what_was_not_kept_is_first_to_be_put_right(hall: Hall, case: Case) -> None:
    assert refusal(hall, case, "find_unfulfilled", due="2026-11-23", **CHECKED) == "incomplete"
    case = do(hall, case, "find_unfulfilled", due="2026-12-10", **CHECKED)
    assert case.state == "rectifying"
    (task,) = [t for t in case.tasks if t.kind == "rectify"]
    assert task.due == date(2026, 12, 10)
    assert hall.verify_licence(case.results[0].identifier, AT).status == "有效"
    assert refusal(hall, case, "revoke_unrectified", later(17), **CHECKED) == "still-in-time"
    revoked = do(hall, case, "revoke_unrectified", later(18), **CHECKED)
    assert (revoked.state, revoked.results[0].status) == ("revoked", "撤销")
    hall.deliver(later(18), "w")
    # Not kept is no lie: nothing is recorded against the applicant, and nobody is barred.
    assert not list((hall.current().root / "var/registers").glob("credit/*/*.json"))


def test_what_was_put_right_stays(hall: Hall, case: Case) -> None:
    do(hall, case, "find_unfulfilled", due="2026-12-10", **CHECKED)
    case = do(hall, case, "confirm_rectified", later(10), **CHECKED)
    assert (case.state, case.results[0].status) == ("closed", "有效")


def test_a_check_that_is_late_shows_itself_once(hall: Hall, case: Case) -> None:
    due = next(task.due for task in case.tasks if task.kind == "verify")
    assert due is not None
    at = AT + (due - AT.date()) + timedelta(days=1)
    hall.tick(at, "w")
    hall.tick(at, "w")
    kinds = [r.event.kind for r in hall.history(case.id)]
    assert kinds.count("mark_late") == 1
    assert next(t for t in hall.case(case.id).tasks if t.kind == "verify").is_late


def test_duties_are_told_of_by_whom_they_bind(hall: Hall, case: Case) -> None:
    duty = next(task for task in case.tasks if task.kind == "obligation")
    body = {"task": duty.id, "text": "已复核"}
    assert refusal(hall, case, "fulfil", **body) == "not-your-duty"
    stranger = Actor("别人", "applicant")
    with pytest.raises(CommandRefused):
        hall.perform(case.id, Command("fulfil", stranger, AT, body))
    case = do(hall, case, "fulfil", by=PERSON, **body)
    assert next(t for t in case.tasks if t.id == duty.id).done_on == AT.date()


def test_what_was_obtained_by_deceit_is_revoked_by_another(hall: Hall, case: Case) -> None:
    body = {"text": "以伪造的报告取得", "ground": "deceit"}
    case = do(hall, case, "revoke", by=LEADER, **body)
    assert case.ending is not None
    assert (case.state, case.ending.bar) == ("revoked", 3)


def test_a_licence_is_struck_off_when_it_has_ended(hall: Hall, case: Case) -> None:
    body = {"text": "有效期届满未延续", "ground": "expired"}
    with pytest.raises(CommandRefused, match="有效期内"):
        do(hall, case, "deregister", by=LEADER, **body)
    case = do(hall, case, "deregister", later(4 * 365 + 2), LEADER, **body)
    assert (case.state, case.results[0].status) == ("deregistered", "注销")


def test_nothing_binds_an_applicant_who_promised_nothing(hall: Hall) -> None:
    case = closed(hall, sample("approved"))
    assert not [task for task in case.tasks if task.kind == "verify"]
    assert SUBJECT
    assert refusal(hall, case, "find_false", **CHECKED) == "no-such-task"


def test_a_false_application_bars_the_same_for_a_year(hall: Hall) -> None:
    """行政许可法第七十八条: the register knows, whatever the applicant says the next time."""
    application = sample("refused")
    case = hall.submit("public_venue_hygiene", application, Command("submit", PERSON, AT))
    assert case.evaluation["outcome"] == "不予"
    do(hall, case, "accept", by=CLERK)
    do(hall, case, "review", outcome="不予", opinion="检测不合格，报告系伪造")
    case = do(hall, case, "approve", by=CHECKER)
    assert refusal(hall, case, "warn_falsehood", text="x") == "wrong-state"
    case = do(hall, case, "close", by=ISSUER)
    body = {"text": "提供伪造的检测报告"}
    case = do(hall, case, "warn_falsehood", by=LEADER, **body)
    assert case.warned_on == AT.date()
    with pytest.raises(CommandRefused, match="已经作出"):
        do(hall, case, "warn_falsehood", by=LEADER, **body)
    hall.deliver(AT, "w")
    honest = sample("approved") | {"applicant": application["applicant"]}
    for days, is_barred in ((364, True), (365, False)):
        given = Command("submit", PERSON, later(days), {"duplicate_reason": "再次申请"})
        again = hall.submit("public_venue_hygiene", honest, given)
        assert (again.evaluation["outcome"] == "不予受理") == is_barred


def test_a_department_sees_what_it_has_to_do_late_or_not(hall: Hall, case: Case) -> None:
    listed = open_tasks(hall, case.department)
    assert listed[0].task.kind == "verify"  # the earliest day
    assert {one.case_id for one in listed} == {case.id}
    assert open_tasks(hall, "任城区民政局") == ()
    hall.tick(later(40), "w")
    (check,) = open_tasks(hall, case.department, VERIFY)
    assert check.task.is_late
    hall.tick(later(41), "w")
    kinds = [r.event.kind for r in hall.history(case.id)]
    assert kinds.count("mark_late") == 1
    do(hall, case, "confirm_commitment", later(41), **CHECKED)
    assert open_tasks(hall, case.department, VERIFY) == ()
