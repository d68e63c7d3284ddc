"""A case from the form to its end, on a real store."""

from datetime import datetime
from pathlib import Path

import pytest

from engine.casework import CHINA, Actor, Command, CommandRefused
from engine.hall import Hall
from engine.source import read_json
from engine.store import Database, verify_case
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "rulesets/samples/public_venue_hygiene/approved.json"
AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
PERSON = Actor("王明", "applicant")
CLERK = Actor("刘敏", "clerk", "政务服务中心")
REVIEWER = Actor("陈晓", "reviewer", "任城区卫生健康局")
CHECKER = Actor("周正", "checker", "任城区卫生健康局")
ISSUER = Actor("孙丽", "issuer", "政务服务中心")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    database.create()
    workspace = Workspace.load(ROOT)
    return Hall(database, lambda: workspace)


def test_a_case_goes_from_the_form_to_its_end(hall: Hall) -> None:
    application = read_json(SAMPLE.read_bytes())
    begun = hall.submit(
        "public_venue_hygiene", application, Command("submit", PERSON, AT, key="k1")
    )
    assert (begun.state, begun.evaluation["outcome"]) == ("submitted", "准予")
    assert (
        hall.submit("public_venue_hygiene", application, Command("submit", PERSON, AT, key="k1"))
        == begun
    )
    hall.perform(begun.id, Command("accept", CLERK, AT))
    hall.perform(begun.id, Command("review", REVIEWER, AT, {"outcome": "准予", "opinion": "符合"}))
    with pytest.raises(CommandRefused, match="一审一核"):
        hall.perform(begun.id, Command("approve", Actor("陈晓", "checker", "任城区卫生健康局"), AT))
    decided = hall.perform(begun.id, Command("approve", CHECKER, AT))
    assert decided.state == "issuing"
    with pytest.raises(CommandRefused, match="结果证照"):
        hall.perform(begun.id, Command("close", ISSUER, AT))
    with hall.database.read() as connection:
        assert verify_case(connection, begun.id) is None
    assert hall.case(begun.id) == decided
