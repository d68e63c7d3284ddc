"""Every paper of a case, composed from what happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.casework import CHINA, Actor, Case, Command
from engine.hall import Hall
from engine.hall.papers import compose_paper, papers_of
from engine.papers.letter import Letter
from engine.source import read_json
from engine.store import Database
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "rulesets/samples/public_venue_hygiene"
AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
BUREAU = "任城区卫生健康局"
WHO = {
    "applicant": Actor("王明", "applicant"),
    "clerk": Actor("刘敏", "clerk", "政务服务中心"),
    "reviewer": Actor("陈晓", "reviewer", BUREAU),
    "checker": Actor("周正", "checker", BUREAU),
    "leader": Actor("赵局", "leader", BUREAU),
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('papers')}/t.db")
    database.create()
    workspace = Workspace.load(ROOT)
    yield Hall(database, lambda: workspace)
    database.close()


def begin(hall: Hall, sample: str = "approved") -> Case:
    application = read_json((SAMPLES / f"{sample}.json").read_bytes())
    body = {"duplicate_reason": "另一处"}
    return hall.submit(
        "public_venue_hygiene", application, Command("submit", WHO["applicant"], AT, body)
    )


def act(hall: Hall, case: Case, do: str, role: str, **body: Any) -> Case:
    return hall.perform(case.id, Command(do, WHO[role], AT + timedelta(hours=1), body))


def last_paper(hall: Hall, case: Case, language: Any = "zh") -> Letter:
    return compose_paper(hall, case.id, papers_of(hall, case.id)[-1].number, language)[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_receipt_says_what_came_and_by_when_an_answer(hall: Hall, language: str) -> None:
    case = begin(hall)
    letter = last_paper(hall, case, language)
    said = "\n".join(letter.opening)
    assert case.number in said
    assert "2026-11-30" in said or "2026年11月30日" in said or "30 November 2026" in said
    assert letter.parts[0].paragraphs


def test_acceptance_and_what_may_follow(hall: Hall) -> None:
    case = begin(hall)
    act(hall, case, "accept", "clerk")
    assert last_paper(hall, case).title == "受理通知书"
    act(
        hall,
        case,
        "start_special",
        "reviewer",
        title="专家评审",
        within="5 working days",
        told=True,
    )
    assert last_paper(hall, case).title == "特别程序告知书"
    act(hall, case, "end_special", "reviewer", title="专家评审", result="通过")
    act(hall, case, "extend", "leader", reason="现场情况复杂", told=True)
    letter = last_paper(hall, case)
    assert letter.title == "延长审批期限告知书"
    assert "现场情况复杂" in "".join(letter.opening)
    act(hall, case, "review", "reviewer", outcome="准予", opinion="符合")
    act(hall, case, "approve", "checker")
    assert "示例美发店" in last_paper(hall, case).salutation


def test_a_notice_of_correction_holds_every_line(hall: Hall) -> None:
    case = begin(hall, "to_correct")
    moved = act(hall, case, "ask_correction", "clerk")
    letter = last_paper(hall, case)
    assert letter.title == "一次性补正告知书"
    items = next(part.items for part in letter.parts if part.heading == "需要补正的内容")
    assert len(items) == len(moved.correction.notices[-1].lines)


def test_a_refusal_to_accept_has_its_reasons(hall: Hall) -> None:
    case = begin(hall, "not_accepted")
    act(hall, case, "propose_decline", "clerk")
    act(hall, case, "confirm_decline", "checker")
    letter = last_paper(hall, case)
    assert letter.title == "不予受理告知书"
    assert any(part.items for part in letter.parts)


def test_withdrawing_and_being_late_are_confirmed(hall: Hall) -> None:
    case = begin(hall)
    act(hall, case, "withdraw", "applicant")
    assert last_paper(hall, case).title == "撤回申请确认书"
    late = begin(hall, "to_correct")
    act(hall, late, "ask_correction", "clerk")
    hall.tick(AT + timedelta(days=60), "w")
    assert hall.case(late.id).state == "lapsed"
    assert last_paper(hall, late).title == "视为撤回申请通知书"
    deemed = begin(hall)
    hall.tick(AT + timedelta(days=20), "w")
    assert last_paper(hall, deemed).title == "视为受理通知书"


def test_an_event_without_a_paper_has_none(hall: Hall) -> None:
    case = begin(hall)
    with pytest.raises(KeyError):
        compose_paper(hall, case.id, 2)
    with pytest.raises(KeyError):
        papers_of(hall, "none")
