"""Matters over the API: the list, one in full, and a decision that is kept nowhere."""

from typing import Any

from engine import (
    Matter,
    decide,
    decision_to_json,
    parse_application,
    to_plain,
)
from studio.desk import Desk
from studio.matters import list_matters
from studio.rest.operation import Call, Content, Operation, Parameter
from studio.rest.shapes import (
    Application,
    DecisionGiven,
    MatterDetail,
    MatterList,
    MatterSummary,
)

MATTER = Parameter(
    "matter",
    {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"},
    "事项编号",
    "id of the matter",
)
REGION = Parameter(
    "region", {"type": "string", "pattern": r"^\d{6}(\d{6})?$"}, "地区代码", "region code"
)


def matter_operations(desk: Desk) -> tuple[Operation, ...]:
    """What anybody may ask of matters."""

    def listing(call: Call) -> MatterList:
        query = call.query.get("q", "")[:100]
        listed = list_matters(desk.workspace(), {}, query, desk.today())
        return MatterList(matters=[MatterSummary(**_summary(entry.matter)) for entry in listed])

    def one(call: Call) -> MatterDetail:
        workspace, on = desk.workspace(), desk.today()
        region = call.query.get("region") or workspace.settings.region
        matter = workspace.matter(call.path["matter"], on, region)
        form = workspace.form(matter.matter, on)
        return MatterDetail(
            **_summary(matter),
            region=region,
            facts={name: _plain(fact) for name, fact in matter.facts.items()},
            form=None if form is None else _plain(form),
            materials=[_plain(material) for material in matter.materials],
            paths=["general", *matter.paths],
            version=workspace.digest("matter", matter.matter, on),
        )

    def decision(call: Call) -> DecisionGiven:
        workspace, on = desk.workspace(), desk.today()
        posted = to_plain(call.body.model_dump())
        application = parse_application(workspace, call.path["matter"], posted, on)
        sources = desk.sources_on(application.applicant.id_number)
        made = decide(workspace, call.path["matter"], application, on=on, sources=sources)
        return DecisionGiven(**decision_to_json(made))

    return (
        Operation(
            "listMatters", "GET", "/matters", "查找事项", "find matters", (), listing,
            {200: Content("事项", "matters", MatterList)},
            parameters=(Parameter("q", {"type": "string", "maxLength": 100}, "查找的词", "words"),),
        ),
        Operation(
            "getMatter", "GET", "/matters/<matter>", "一个事项的定义", "one matter as it is defined",
            (), one, {200: Content("事项", "the matter", MatterDetail)},
            parameters=(MATTER, REGION),
        ),
        Operation(
            "decide", "POST", "/matters/<matter>/decision", "试办：作出决定但不留存",
            "a decision that is kept nowhere", (), decision,
            {200: Content("决定", "the decision", DecisionGiven)}, body=Application,
            parameters=(MATTER,),
        ),
    )  # fmt: skip


def _summary(matter: Matter) -> dict[str, Any]:
    names = ("title", "type", "level", "organ", "kind", "summary")
    return {"id": matter.matter, **{name: getattr(matter, name) for name in names}}


def _plain(part: Any) -> dict[str, Any]:
    plain: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_none=True)
    return plain
