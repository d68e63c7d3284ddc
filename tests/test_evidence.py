"""What others say of a case: papers entered, departments asked, values disputed, materials held already."""

from pathlib import Path
from typing import Any

import pytest

from engine.casework import Actor, Case, Command, CommandRefused
from engine.hall import Hall
from engine.hall.task_lists import open_tasks
from engine.store import verify_case
from hall_cases import (
    AT,
    CHECKER,
    CLERK,
    PERSON,
    REVIEWER,
    granted,
    hall_in,
    later,
    sample,
    submitted,
)

POLICE = Actor("钱进", "reviewer", "任城区公安分局")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return hall_in(tmp_path)


def do(hall: Hall, case: Case, command: str, by: Actor, at: Any = AT, **body: Any) -> Case:
    return hall.perform(case.id, Command(command, by, at, body))


def refusal(hall: Hall, case: Case, command: str, by: Actor, **body: Any) -> str:
    with pytest.raises(CommandRefused) as refused:
        do(hall, case, command, by, **body)
    return refused.value.reason


def status(case: Case, material: str) -> str:
    found = next(m for m in case.decision["materials"] if m["id"] == material)
    return str(found["status"])


def unlisted() -> dict[str, Any]:
    """An applicant whose business licence the library does not have, on paper instead."""
    application = sample("approved")
    application["applicant"] = application["applicant"] | {"id_number": "92370811MA3C00118W"}
    application["materials"] = {name: {} for name in application["materials"]} | {
        "business_licence": {"name": "营业执照.pdf", "digest": "a" * 64}
    }
    return application


def lacking(*names: str, **more: Any) -> dict[str, Any]:
    application = sample("approved")
    kept = [name for name in application["materials"] if name not in names]
    return application | {"materials": kept} | more


# --- 补登 ------------------------------------------------------------------------------------


def test_a_window_may_not_pass_over_a_licence_that_the_library_lacks(hall: Hall) -> None:
    case = submitted(hall, unlisted())
    assert status(case, "business_licence") == "已提交"
    assert refusal(hall, case, "accept", CLERK) == "paper-not-noted"
    assert refusal(hall, case, "note_paper", CLERK, material="site_plans", number="1") == (
        "nothing-to-enter"
    )
    case = do(hall, case, "note_paper", CLERK, material="business_licence", number="3708")
    (task,) = [t for t in case.tasks if t.kind == "paper"]
    assert (task.by, task.about["licence"]) == ("市场监督管理部门", "business_licence")
    case = do(hall, case, "accept", CLERK)
    assert case.state == "reviewing"
    assert refusal(hall, case, "enter_paper", REVIEWER, text="x") == "wrong-department"
    registrar = Actor("吴某", "reviewer", "市场监督管理部门")
    case = do(hall, case, "enter_paper", registrar, text="已补登")
    assert not [t for t in case.tasks if t.is_open and t.kind == "paper"]


# --- 协查 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"), [("属实", "已提交"), ("不属实", "不满足"), ("无法核实", "待核")]
)
def test_a_department_s_answer_becomes_the_material(hall: Hall, answer: str, expected: str) -> None:
    case = submitted(hall, lacking("health_certificates"))
    case = do(
        hall, case, "ask_department", CLERK,
        department=POLICE.department, question="从业人员健康证是否有效", material="health_certificates",
    )  # fmt: skip
    assert status(case, "health_certificates") == "缺少"
    (task,) = [t for t in case.tasks if t.kind == "assist"]
    body = {"answer": answer, "seal": "钱进", "note": ""}
    assert refusal(hall, case, "answer_department", REVIEWER, **body) == "wrong-department"
    assert refusal(hall, case, "answer_department", POLICE, answer="也许") == "unknown-answer"
    case = do(hall, case, "answer_department", POLICE, task=task.id, **body)
    assert status(case, "health_certificates") == expected
    assert all(one.agrees for one in hall.replay(case.id))


def test_a_question_that_is_not_answered_leaves_everything_as_it_was(hall: Hall) -> None:
    case = submitted(hall, lacking("health_certificates"))
    case = do(
        hall, case, "ask_department", CLERK,
        department=POLICE.department, question="是否有效", material="health_certificates",
    )  # fmt: skip
    hall.tick(later(20), "w")
    late = hall.case(case.id)
    assert next(t for t in late.tasks if t.kind == "assist").is_late
    assert status(late, "health_certificates") == "缺少"


def test_a_fact_from_a_department_fills_a_gap_and_overwrites_nothing(hall: Hall) -> None:
    application = sample("approved")
    facts = {k: v for k, v in application["facts"].items() if k != "检测合格"}
    case = submitted(hall, application | {"facts": facts})
    assert case.evaluation["outcome"] == "待核"
    asked = {"department": POLICE.department, "question": "检测是否合格", "fact": "检测合格"}
    case = do(hall, case, "ask_department", CLERK, **asked)
    answered = {"answer": "属实", "seal": "钱进", "value": True}
    case = do(hall, case, "answer_department", POLICE, **answered)
    assert case.evaluation["outcome"] == "准予"
    read = next(r for r in case.decision["facts"] if r["name"] == "检测合格")
    assert read["source"] == f"部门协查：{POLICE.department}"
    stated = hall.submit(
        "public_venue_hygiene",
        application | {"facts": facts | {"检测合格": True}},
        Command("submit", PERSON, AT, {"duplicate_reason": "另案"}),
    )
    stated = do(hall, stated, "ask_department", CLERK, **asked)
    stated = do(hall, stated, "answer_department", POLICE, **(answered | {"value": False}))
    assert [d["name"] for d in stated.decision["differences"]] == ["检测合格"]
    assert stated.evaluation["outcome"] == "补正"


def test_applicants_state_no_answers_of_departments(hall: Hall) -> None:
    for key in ("attested", "earlier"):
        forged = sample("approved") | {key: {"material:site_plans": {"answer": "属实"}}}
        with pytest.raises(CommandRefused) as refused:
            submitted(hall, forged)
        assert refused.value.reason == "official-keys"


# --- 异议 ------------------------------------------------------------------------------------


def test_case_17_a_difference_is_disputed_and_never_overwritten(hall: Hall) -> None:
    application = sample("approved")
    application["facts"] = application["facts"] | {"经营场所": "济宁市任城区示例路99号"}
    case = submitted(hall, application)
    (difference,) = case.decision["differences"]
    assert (case.evaluation["outcome"], difference["name"]) == ("补正", "经营场所")
    nothing = {"fact": "营业面积", "text": "x"}
    assert refusal(hall, case, "dispute", PERSON, **nothing) == "nothing-disputed"
    case = do(hall, case, "dispute", PERSON, fact="经营场所", text="门牌已变更，登记未更新")
    (task,) = [t for t in case.tasks if t.kind == "objection"]
    assert (task.about["stated"], task.about["recorded"]) == (
        "济宁市任城区示例路99号", "济宁市任城区示例路1号",
    )  # fmt: skip
    assert case.application["facts"]["经营场所"] == "济宁市任城区示例路99号"
    owner = Actor("吴某", "reviewer", task.by)
    case = do(hall, case, "settle", owner, held=True, text="登记无误，请先办理变更登记")
    assert [d["name"] for d in case.decision["differences"]] == ["经营场所"]


# --- 容缺后补 --------------------------------------------------------------------------------


def deferred() -> dict[str, Any]:
    return lacking("hygiene_rules", path="deferral")


def test_case_58_nothing_is_granted_before_what_may_follow_has_come(hall: Hall) -> None:
    case = submitted(hall, deferred())
    assert (case.decision["path"], case.evaluation["outcome"]) == ("deferral", "待核")
    case = do(hall, case, "accept", CLERK)
    (task,) = [t for t in case.tasks if t.kind == "supply"]
    assert task.due is not None
    assert str(task.due) == "2026-12-07"  # ten working days after acceptance
    with pytest.raises(CommandRefused):
        do(hall, case, "review", REVIEWER, outcome="准予", opinion="符合")
    other = {"materials": {"site_plans": {"digest": "b" * 64}}}
    assert refusal(hall, case, "supply", PERSON, **other) == "nothing-to-follow"
    case = do(hall, case, "supply", PERSON, materials={"hygiene_rules": {"digest": "c" * 64}})
    assert case.evaluation["outcome"] == "准予"
    assert not [t for t in case.tasks if t.is_open and t.kind == "supply"]
    do(hall, case, "review", REVIEWER, outcome="准予", opinion="符合")
    assert do(hall, case, "approve", CHECKER).outcome == "准予"


def test_case_29_what_does_not_follow_in_time_counts_as_withdrawn(hall: Hall) -> None:
    case = submitted(hall, deferred())
    case = do(hall, case, "accept", CLERK)
    hall.tick(later(14), "w")  # 2026-12-07, the last day itself
    assert hall.case(case.id).state == "reviewing"
    hall.tick(later(15), "w")
    lapsed = hall.case(case.id)
    assert (lapsed.state, lapsed.outcome) == ("lapsed", "终止")
    hall.deliver(later(15), "w")
    assert not list((hall.current().root / "var/registers").glob("credit/*/*.json"))
    again = submitted(hall, sample("approved"), later(16))
    assert again.state == "submitted"
    with hall.database.read() as connection:
        assert verify_case(connection, case.id) is None


# --- 前序环节 --------------------------------------------------------------------------------


def test_case_98_a_material_that_an_earlier_case_holds_is_not_asked_for_again(hall: Hall) -> None:
    first = sample("approved")
    materials = {name: {"name": f"{name}.pdf", "digest": "d" * 64} for name in first["materials"]}
    before = granted(hall, first | {"materials": materials})
    again = hall.submit(
        "public_venue_hygiene",
        lacking("health_certificates", "site_plans"),
        Command("submit", PERSON, later(1), {"duplicate_reason": "另一处场所"}),
    )
    found = next(m for m in again.decision["materials"] if m["id"] == "health_certificates")
    assert (found["status"], found["source"]) == ("已提交", f"前序办件 {before.number}")
    # What the applicant draws up is drawn up for each application.
    assert status(again, "site_plans") in ("已提交", "缺少")
    stranger = hall.submit(
        "public_venue_hygiene",
        lacking("health_certificates"),
        Command("submit", Actor("冒名", "applicant"), later(1), {"duplicate_reason": "x"}),
    )
    assert status(stranger, "health_certificates") == "缺少"


def test_what_was_asked_for_a_case_that_ended_is_nobody_s_task(hall: Hall) -> None:
    case = submitted(hall, deferred())
    case = do(hall, case, "accept", CLERK)
    assert [one.task.kind for one in open_tasks(hall, case.department)] == ["supply"]
    do(hall, case, "withdraw", PERSON)
    assert open_tasks(hall, case.department) == ()
    assert hall.tick(later(60), "w") == 0
