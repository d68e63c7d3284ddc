"""What a decision leads to is told on paper: by whom, on which day, why, and where to appeal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.casework import Actor, Case, Command, CommandRefused
from engine.hall import Hall
from engine.hall.own_cases import told_in
from engine.hall.papers import compose_paper, papers_of
from engine.papers import letter_text
from engine.papers.letter import Letter
from hall_cases import (
    AT,
    CHECKER,
    CLERK,
    LEADER,
    REVIEWER,
    closed,
    hall_in,
    later,
    sample,
    submitted,
)

CHECKED = {"with": "周正", "text": "检测报告系伪造"}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = hall_in(tmp_path)
    yield made
    made.database.close()


def last_paper(hall: Hall, case: Case) -> Letter:
    return compose_paper(hall, case.id, papers_of(hall, case.id)[-1].number)[0]


def do(hall: Hall, case: Case, name: str, who: Any, days: int = 1, **body: Any) -> Case:
    return hall.perform(case.id, Command(name, who, later(days), body))


def test_a_decision_is_signed_by_who_decided_on_the_day_it_did(hall: Hall) -> None:
    case = submitted(hall, sample("approved"))
    do(hall, case, "accept", CLERK)
    do(hall, case, "review", REVIEWER, 2, outcome="准予", opinion="符合条件")
    do(hall, case, "approve", CHECKER, 4)
    letter = last_paper(hall, case)
    assert letter.signature == ("任城区卫生健康局", "2026年11月27日")
    assert case.number in "".join(letter.opening)


def test_what_nobody_handed_in_was_not_received(hall: Hall) -> None:
    made = {"commitment_letter": {"name": "告知承诺书（网上填写）"}}
    general, promised = sample("approved"), sample("commitment")
    for application, is_received in ((general, False), (promised, True)):
        materials = {**application["materials"], **made}
        case = submitted(
            hall,
            {
                **application,
                "materials": materials,
                "facts": {**application["facts"], "经营场所": f"示例路{len(materials)}号"},
            },
            AT,
        )
        told = letter_text(compose_paper(hall, case.id, 1)[0])
        assert ("告知承诺书" in told) is is_received
        hall.perform(case.id, Command("withdraw", _owner(case), AT))


def _owner(case: Case) -> Any:
    return Actor(case.owner, "applicant")


@pytest.mark.parametrize(
    ("ends", "title"),
    [
        ([("find_false", REVIEWER, 2, CHECKED)], "撤销决定书"),
        ([("revoke", LEADER, 2, {"ground": "unlawful", "text": "超越职权"})], "撤销决定书"),
        (
            [("find_unfulfilled", REVIEWER, 2, {**CHECKED, "due": "2026-12-10"})],
            "责令限期整改通知书",
        ),
        (
            [
                ("find_unfulfilled", REVIEWER, 2, {**CHECKED, "due": "2026-12-10"}),
                ("revoke_unrectified", REVIEWER, 30, CHECKED),
            ],
            "撤销决定书",
        ),
    ],
    ids=["false", "unlawful", "unfulfilled", "unrectified"],
)
def test_what_is_taken_back_is_told_with_reasons_and_appeal(
    hall: Hall, ends: list[tuple[str, Any, int, dict[str, Any]]], title: str
) -> None:
    case = closed(hall, sample("commitment"))
    for name, who, days, body in ends:
        case = do(hall, case, name, who, days, **body)
    letter = last_paper(hall, case)
    assert letter.title == title
    said = letter_text(letter)
    assert str(ends[-1][3]["text"]) in said
    assert case.results[0].number in said
    assert "行政复议" in said
    assert "行政诉讼" in said
    assert "任城区卫生健康局" in said
    assert told_in(hall, case.id)[-1].kind == ends[-1][0], "and the applicant is told"


def test_only_what_was_not_accepted_counts_as_withdrawn(hall: Hall) -> None:
    early = submitted(hall, sample("to_correct"))
    do(hall, early, "ask_correction", CLERK)
    assert "视为撤回" in letter_text(last_paper(hall, early))
    hall.perform(early.id, Command("withdraw", _owner(early), later(1)))
    taken = submitted(hall, sample("approved"))
    do(hall, taken, "accept", CLERK)
    extra = [{"text": "平面图不清晰", "basis": "示例", "remedy": "重新上传"}]
    do(hall, taken, "ask_correction", REVIEWER, extra=extra)
    said = letter_text(last_paper(hall, taken))
    assert "视为撤回" not in said
    assert "继续审查" in said


def test_what_did_not_follow_in_time_is_told_on_paper(hall: Hall) -> None:
    application = sample("approved") | {"path": "deferral"}
    application["materials"] = {
        name: given for name, given in application["materials"].items() if name != "hygiene_rules"
    }
    case = submitted(hall, application)
    case = do(hall, case, "accept", CLERK)
    hall.tick(later(60), "w")
    case = hall.case(case.id)
    assert case.state == "lapsed"
    assert last_paper(hall, case).title == "视为撤回申请通知书"
    assert not [task for task in case.tasks if task.is_open]


def test_only_what_law_or_matter_leaves_out_stops_the_clock(hall: Hall) -> None:
    case = submitted(hall, sample("approved"))
    do(hall, case, "accept", CLERK)
    begin: dict[str, Any] = {"within": "60 working days", "told": True}
    with pytest.raises(CommandRefused) as refused:
        do(hall, case, "start_special", REVIEWER, title="领导研究", **begin)
    assert refused.value.reason == "unknown-special"
    case = do(hall, case, "start_special", REVIEWER, title="空气质量检测", **begin)
    assert hall.clock(case, later(2).date()).is_stopped


def test_what_counts_has_no_paper_that_says_it_does_not(hall: Hall) -> None:
    application = sample("approved", "drug_retail_licence")
    application["facts"].pop("现场检查合格")
    case = submitted(hall, application, matter="drug_retail_licence")
    case = do(hall, case, "accept", CLERK)
    (stage,) = case.terms["specials"]
    reviewer = Actor("何清", "reviewer", case.department)
    began = do(hall, case, "start_special", reviewer, title=stage["title"], told=True)
    assert not hall.clock(began, later(2).date()).is_stopped
    assert [paper.title.zh for paper in papers_of(hall, case.id)] == [
        "申请材料接收凭证",
        "受理通知书",
    ]
    assert "，计入办理期限" in told_in(hall, case.id)[-1].words.zh


def test_a_difference_is_told_in_words(hall: Hall) -> None:
    case = closed(hall, sample("commitment"))
    do(hall, case, "find_false", REVIEWER, 2, **CHECKED)
    hall.deliver(later(2), "w")
    again = submitted(hall, sample("commitment"), later(3))
    told = [line["text"]["zh"] for line in again.decision["notice"]]
    assert any("所填为“否”" in text and "登记为“是”" in text for text in told)
    assert "False" not in "".join(told)
