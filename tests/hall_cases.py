"""Cases on a real store in a folder of their own: workspaces with registers that may be written to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

from engine.casework import CHINA, Actor, Case, Command
from engine.hall import Hall
from engine.hall.sealing import SealRing
from engine.source import read_json
from engine.store import Database
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
PERSON = Actor("王明", "applicant")
CLERK = Actor("刘敏", "clerk", "政务服务中心")
REVIEWER = Actor("陈晓", "reviewer", "任城区卫生健康局")
CHECKER = Actor("周正", "checker", "任城区卫生健康局")
LEADER = Actor("郑重", "leader", "任城区卫生健康局")
ISSUER = Actor("孙丽", "issuer", "政务服务中心")


def hall_in(folder: Path, seals: Path | None = None, more: Mapping[str, str] | None = None) -> Hall:
    """A hall whose plugins keep what they are handed below `folder`; `more` are further files."""
    for name in ("rulesets", "form_defs", "plugins/data"):
        copytree(ROOT / name, folder / name)
    for file, text in (more or {}).items():
        (folder / file).write_text(text, encoding="utf-8")
    database = Database.open(f"sqlite:///{folder}/t.db")
    database.create()
    workspace = Workspace.load(folder)
    return Hall(database, lambda: workspace, seals=SealRing(seals or folder / "seals"))


def sample(name: str, matter: str = "public_venue_hygiene") -> dict[str, Any]:
    found = read_json((ROOT / f"rulesets/samples/{matter}/{name}.json").read_bytes())
    assert isinstance(found, dict)
    return {key: value for key, value in found.items() if key not in ("date", "note")}


def submitted(
    hall: Hall,
    application: Mapping[str, Any],
    at: datetime = AT,
    matter: str = "public_venue_hygiene",
) -> Case:
    return hall.submit(matter, application, Command("submit", PERSON, at))


def granted(hall: Hall, application: Mapping[str, Any], at: datetime = AT) -> Case:
    """Accepted, reviewed and approved by those whom it takes."""
    case = submitted(hall, application, at)
    if case.state == "submitted":
        hall.perform(case.id, Command("accept", CLERK, at))
        opinion = {"outcome": "准予", "opinion": "符合条件"}
        hall.perform(case.id, Command("review", REVIEWER, at, opinion))
        case = hall.perform(case.id, Command("approve", CHECKER, at))
    return case


def closed(hall: Hall, application: Mapping[str, Any], at: datetime = AT) -> Case:
    """Granted, its licence issued, and closed."""
    case = granted(hall, application, at)
    hall.perform(case.id, Command("issue", ISSUER, at))
    return hall.perform(case.id, Command("close", ISSUER, at))


def later(days: int) -> datetime:
    return AT + timedelta(days=days)
