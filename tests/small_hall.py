"""A small workspace with one matter and the shipped flow, and a hall on it: quick to open."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.casework import CHINA, Actor, Case, Command
from engine.hall import Hall
from engine.hooks import Message, Receiver
from engine.store import Database
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
AT = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
PERSON = Actor("person", "applicant")
CLERK = Actor("clerk", "clerk", "政务服务中心")
REVIEWER = Actor("reviewer", "reviewer", "示例局")
CHECKER = Actor("checker", "checker", "示例局")
LEADER = Actor("leader", "leader", "示例局")
ISSUER = Actor("issuer", "issuer", "政务服务中心")
MATTER = """
matter: sample
title: 示例许可
type: 行政许可
level: 县级
organ: 示例局
basis: {law: 示例办法, article: 第一条, verified: false}
time: {statutory: 20 working days, promise: 5 working days}
distinct: [场所]
facts:
  人数: {type: integer, range: "[0..1000]"}
  场所: {type: text}
criteria:
  - id: enough
    stage: 受理
    point: 人数不少于 3 人
    require: 人数 >= 3
    basis: {law: 示例办法, article: 第三条, verified: false}
    remedy: 增加人员
materials:
  - {id: plan, title: 方案, basis: {law: 示例办法, article: 第五条, verified: false}, remedy: 提交方案}
guide: {review_body: 县政府, court: 县法院}
"""


@cache
def small_workspace(matter: str = MATTER) -> Workspace:
    """The flow, the calendars and the shared rules as shipped, and one matter."""
    whole = Workspace.load(ROOT)
    kept = [f for f in whole.files.values() if f.kind in ("flow", "calendar", "rules", "law")]
    return Workspace(ROOT, kept, whole.settings).with_text(
        "rulesets/matters/sample.yaml", matter, ()
    )


def open_hall(database: Database, workspace: Workspace | None = None) -> Hall:
    found = workspace or small_workspace()
    return Hall(database, lambda: found)


def application(number: int = 3, place: str = "一号", person: str = "110105194912310000") -> Any:
    applicant = {"name": f"申请人{person[-4:]}", "id_kind": "其他", "id_number": person}
    facts = {"人数": number, "场所": place}
    return {"applicant": applicant, "region": "", "facts": facts, "materials": ["plan"]}


def submit(hall: Hall, posted: Mapping[str, Any] | None = None, key: str = "") -> Case:
    return hall.submit("sample", posted or application(), Command("submit", PERSON, AT, key=key))


def receiving(workspace: Workspace, take: Callable[[Message], None]) -> Workspace:
    """The workspace with one receiver for everything, in the place of its plugins'."""
    other = workspace.with_sources(())
    vars(other)["receivers"] = (Receiver("test", "测试", Message.TOPICS, take),)
    return other
