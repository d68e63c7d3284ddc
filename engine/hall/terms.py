"""What the definitions say of the course of one case, as its events keep it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.clock import Period, latest_day_before
from engine.decision import Decision
from engine.definitions import Flow, Matter
from engine.workspace import Workspace

# 行政复议法第二十条: 60 days. 行政诉讼法第四十六条: six months (to be checked against its text).
_APPEAL = {"review_within": "60 days", "sue_within": "6 months"}


@dataclass(frozen=True, slots=True)
class Terms:
    """`times`: periods by name. `terms`: judged, appeal, specials, joint, licence_expires,
    is_instant, quota, distinct, department."""

    times: Mapping[str, str]
    terms: Mapping[str, Any]


def terms_of(workspace: Workspace, matter: Matter, flow: Flow, decision: Decision) -> Terms:
    """Raises nothing of its own: what definitions leave out is left out."""
    return Terms(_times(matter, flow, decision), _course(workspace, matter, decision))


def _times(matter: Matter, flow: Flow, decision: Decision) -> dict[str, str]:
    time = matter.time
    own = {
        "correction": time.correction,
        "promise": decision.time.promise or time.promise,
        "statutory": matter.joint.total if matter.joint else time.statutory,
        "supply": time.supply,
        "extension": time.extension,
    }
    return {**flow.periods, **{name: period for name, period in own.items() if period}}


def _course(workspace: Workspace, matter: Matter, decision: Decision) -> dict[str, Any]:
    course: dict[str, Any] = {
        "judged": sorted({c.judgement.fact for c in matter.criteria if c.judgement}),
        "appeal": {
            "review_body": matter.guide.review_body or "",
            "court": matter.guide.court or "",
            **_APPEAL,
        },
        "specials": [
            {"title": s.title, "limit": s.limit or "", "stops_clock": s.stops_clock}
            for s in matter.time.special
        ],
        "is_safety": matter.safety,
        "is_instant": matter.kind == "即办件" or decision.time.promise in ("当场", "即办"),
    }
    if matter.joint:
        course["joint"] = _joint(matter)
    if expires := _timely_expiry(workspace, matter, decision):
        course["licence_expires"] = expires.isoformat()
    if limit := _quota(matter):
        course["quota"] = limit
    if matter.distinct:
        course["distinct"] = {
            read.name: str(read.value) for read in decision.facts if read.name in matter.distinct
        }
    return course


def _joint(matter: Matter) -> dict[str, Any]:
    joint = matter.joint
    assert joint is not None
    return {
        "lead": joint.lead or matter.department or matter.organ,
        "on_objection": joint.on_objection,
        "members": [
            {"department": m.department, "title": m.title, "within": m.within}
            for m in joint.members
        ],
    }


def _timely_expiry(workspace: Workspace, matter: Matter, decision: Decision) -> date | None:
    """The last day of the licence to be renewed, where the application came in time."""
    if matter.renewal is None:
        return None
    read = next((r for r in decision.facts if r.name == matter.renewal.expires), None)
    if read is None or not isinstance(read.value, date):
        return None
    before = Period.parse(matter.renewal.before)
    latest = latest_day_before(read.value, before, workspace.calendar).due
    return read.value if decision.on <= latest else None


def _quota(matter: Matter) -> int | None:
    """How many may be granted; None where there is no limit."""
    if matter.quota is None:
        return None
    parameter = matter.parameters.get(matter.quota.limit)
    written = matter.quota.limit if parameter is None else str(parameter.value)
    return int(written)
