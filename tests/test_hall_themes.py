"""一件事 in the hall: one application begins the cases of its parts, and no part waits for another."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.casework import CHINA, Actor, Command, CommandRefused, open_facts
from engine.hall import Hall
from engine.hall.drafting import Drafts
from engine.hall.themes import find_theme_case, submit_theme, theme_cases, theme_of_case
from engine.source import read_json
from engine.store import Database
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
OWNER = Actor("owner", "applicant")
STAFF = {role: Actor(f"{role}-1", role, "*") for role in ("clerk", "reviewer", "checker", "issuer")}


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    database.create()
    workspace = Workspace.load(ROOT)
    return Hall(database, lambda: workspace)


def application(name: str = "all_granted") -> dict[str, Any]:
    path = ROOT / f"rulesets/samples/themes/open_restaurant/{name}.json"
    found: dict[str, Any] = read_json(path.read_bytes())
    # What inspectors find is theirs to say.
    found["facts"] = {n: v for n, v in found["facts"].items() if n not in INSPECTED}
    return found


INSPECTED = {
    "现场核查人员数": 2,
    "现场核查结论": "符合",
    "消防检查人员数": 2,
    "消防检查结论": "符合",
}


def give(key: str = "k") -> Command:
    return Command("submit", OWNER, AT, key=key)


def grant(hall: Hall, case_id: str) -> None:
    hall.perform(case_id, Command("accept", STAFF["clerk"], AT))
    waiting = hall.case(case_id)
    found = {n: INSPECTED[n] for n in open_facts(waiting) if n in INSPECTED}
    if found:
        answer = {"facts": found, "reason": "两人现场核查"}
        hall.perform(case_id, Command("answer", STAFF["reviewer"], AT, answer))
    review = {"outcome": "准予", "opinion": "符合"}
    hall.perform(case_id, Command("review", STAFF["reviewer"], AT, review))
    hall.perform(case_id, Command("approve", STAFF["checker"], AT))


def test_one_application_begins_a_case_for_each_part(hall: Hall) -> None:
    begun = submit_theme(hall, "open_restaurant", application(), give())
    parts = {case.matter for case in begun.cases}
    assert "food_business_licence" in parts
    assert len(parts) + len(begun.not_needed) == 4
    assert theme_cases(hall, "owner") == (begun,)
    assert all(theme_of_case(hall, case.id) == begun for case in begun.cases)
    assert {case.owner for case in begun.cases} == {"owner"}


def test_the_same_application_given_again_begins_nothing(hall: Hall) -> None:
    begun = submit_theme(hall, "open_restaurant", application(), give())
    later = Command("submit", OWNER, AT + timedelta(minutes=5), key="k")
    assert submit_theme(hall, "open_restaurant", application(), later).id == begun.id
    assert len(theme_cases(hall, "owner")) == 1
    assert len(find_theme_case(hall, begun.id).cases) == len(begun.cases)


def test_what_was_begun_is_gone_on_with(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies after the first part: handing in again begins the others, and it not twice."""
    submit = hall.submit
    begun: list[str] = []

    def die(*given: Any) -> Any:
        if begun:
            raise KeyboardInterrupt
        begun.append(given[0])
        return submit(*given)

    monkeypatch.setattr(hall, "submit", die)
    with pytest.raises(KeyboardInterrupt):
        submit_theme(hall, "open_restaurant", application(), give())
    monkeypatch.setattr(hall, "submit", submit)
    whole = submit_theme(hall, "open_restaurant", application(), give())
    assert len({case.matter for case in whole.cases}) == len(whole.cases) > 1


def test_no_part_waits_for_another(hall: Hall) -> None:
    """开餐饮店一件事，一部分办结、其余在办：整体“部分办结”。"""
    begun = submit_theme(hall, "open_restaurant", application(), give())
    assert begun.status == "办理中"
    food = next(case for case in begun.cases if case.matter == "food_business_licence")
    grant(hall, food.id)
    assert find_theme_case(hall, begun.id).status == "部分办结"
    for case in begun.cases:
        if case.id != food.id:
            grant(hall, case.id)
    assert find_theme_case(hall, begun.id).status == "全部办结"


def test_what_cannot_be_told_to_be_needed_is_asked_first(hall: Hall) -> None:
    unclear = application()
    del unclear["facts"]["设置户外招牌"]
    with pytest.raises(CommandRefused, match="还不能确定"):
        submit_theme(hall, "open_restaurant", unclear, give())
    assert theme_cases(hall, "owner") == ()


def test_a_part_that_is_refused_begins_nothing(hall: Hall) -> None:
    stated = application()
    stated["facts"] = {**stated["facts"], **INSPECTED}
    with pytest.raises(CommandRefused, match="不由申请人填写"):
        submit_theme(hall, "open_restaurant", stated, give())
    assert theme_cases(hall, "owner") == ()


def test_an_upload_goes_with_every_part_that_it_serves(hall: Hall) -> None:
    drafts = Drafts(hall)
    draft = drafts.begin("owner", "theme", "open_restaurant", {}, AT)

    upload = drafts.attach(draft, io.BytesIO(b"%PDF-1.7\n%%EOF\n"), "申请表.pdf", AT)
    given = application()
    given["materials"] = {
        **given["materials"],
        "application_form": {"name": "申请表.pdf", "digest": upload.digest},
    }
    begun = submit_theme(hall, "open_restaurant", given, give(), drafts.find(draft.id, "owner"))
    from engine.hall.case_files import files_of_case

    held = {case.matter: len(files_of_case(hall, case.id)) for case in begun.cases}
    assert held["food_business_licence"] == 1
    assert sum(held.values()) > 1
    assert drafts.of("owner") == ()
