"""Random walks over a flow: anybody asks for anything at any moment, with or without sense."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.casework import (
    CHINA,
    THE_CLOCK,
    Actor,
    Case,
    Command,
    CommandRefused,
    Event,
    advance,
    fold,
    perform,
)
from engine.definitions import ROLE_TITLES, Flow

START = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DEPARTMENT = "甲局"
OUTCOMES = ("准予", "不予", "补正", "不予受理", "待核")
# What the hall itself makes of a command before it is performed: nobody else gives these bodies.
MADE_BY_THE_HALL = frozenset(
    {"issue", "seal", "repin", "find_false", "find_unfulfilled", "revoke", "deregister"}
)
FACTS = ("人数", "影响轻微", "面积")
MATERIALS = ("plan", "photo")


def submission(random: Random) -> Event:
    terms: dict[str, Any] = {
        "judged": ["影响轻微"],
        "appeal": {"review_body": "县政府", "court": "县法院"} if random.random() < 0.8 else {},
        "specials": [{"title": "专家评审", "limit": "15 working days", "stops_clock": True}],
        "is_instant": random.random() < 0.3,
    }
    if random.random() < 0.4:
        members = [
            {"department": d, "title": d, "within": "5 working days"} for d in ("乙局", "丙局")
        ]
        how = random.choice(["refuse", "consult"])
        terms["joint"] = {"lead": DEPARTMENT, "on_objection": how, "members": members}
    if random.random() < 0.3:
        terms["licence_expires"] = "2026-05-20"
    body = {
        "case": "c1",
        "number": "3708112026030200001",
        "matter": "sample",
        "title": "示例许可",
        "region": "370811",
        "flow": "ordinary",
        "definitions": "0" * 64,
        "owner": "applicant0",
        "department": DEPARTMENT,
        "application": {"facts": {"人数": 3}, "materials": ["plan"]},
        "times": {
            "correction": "5 working days",
            "supply": "15 working days",
            "promise": random.choice(["5 working days", "当场", "30 days"]),
            "statutory": "20 working days",
            "extension": "10 working days",
            "joint_extension": "15 working days",
        },
        "terms": terms,
    }
    return Event("submitted", START, Actor("applicant0", "applicant"), "submitted", body)


def evaluation(random: Random, case: Case, at: datetime) -> Event:
    """Any finding at all: the course of a case must not rest on findings being kind."""
    outcome = random.choice(OUTCOMES)
    line = {
        "kind": random.choice(["criterion", "material", "finding", "missing"]),
        "id": random.choice([*FACTS, *MATERIALS]),
        "text": {"zh": "缺少", "en": "missing"},
        "basis": ["《示例法》第一条"],
        "remedy": "补充",
        "is_verified": True,
    }
    missing = [{"name": random.choice(FACTS), "given_by": "审查人员"}] if outcome == "待核" else []
    criterion = {"id": "人数", "status": "待核", "missing": missing, "reads": [{"name": "人数"}]}
    decision = {
        "notice": [line] if outcome != "准予" else [],
        "criteria": [criterion],
        "materials": [],
        "differences": [],
        "receipt": {"seal": f"{random.getrandbits(64):064x}"},
    }
    body = {
        "outcome": outcome,
        "promise": "",
        "is_machine_verified": random.random() < 0.5,
        "decision": decision,
    }
    return Event("evaluate", at, THE_CLOCK, case.state, body)


def body_of(random: Random, do: str) -> Mapping[str, Any]:
    """Something that might be said with a command; now and then nothing, or nonsense."""
    if random.random() < 0.1:
        return {}
    if random.random() < 0.1:
        junk: list[Any] = [None, 7, "", ["x"], {"y": 1}, True, "长" * 30_000]
        return {name: random.choice(junk) for name in ("reason", "facts", "title", "extra", "to")}
    return {
        "reason": "理由",
        "basis": "《示例法》",
        "opinion": "意见",
        "conclusion": "结论",
        "outcome": random.choice(OUTCOMES[:2]),
        "facts": {random.choice(FACTS): random.choice([True, False, 3])},
        "materials": {random.choice(MATERIALS): {}},
        "title": random.choice(["专家评审", "听证"]),
        "within": "10 working days",
        "told": random.random() < 0.7,
        "result": "合格",
        "to": random.choice(["reviewer0", "reviewer1"]),
        "approved_by": random.choice(["", "县长"]),
        "agrees": random.random() < 0.7,
        "agreed": random.random() < 0.7,
        "minutes": "纪要",
        "subject": "人数",
        "colour": random.choice(["yellow", "red"]),
        "zh": "亮牌",
        "en": "a card",
        "extra": [{"text": "照片", "basis": "《示例法》", "remedy": "补充", "caused_by": "plan"}],
        "task": "t1",
    }


@dataclass
class Walk:
    """One walk: the events, and what was refused on the way."""

    events: list[Event]
    case: Case
    refused: list[CommandRefused] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


def walk(flow: Flow, seed: int, steps: int = 40) -> Walk:
    random = Random(seed)
    first = submission(random)
    events = [first]
    case = fold(events)
    events.append(evaluation(random, case, START))
    found = Walk(events, fold(events))
    at = START
    for _ in range(steps):
        at += timedelta(hours=random.choice([0, 1, 5, 24, 24, 72, 240]))
        step(flow, random, found, at)
    return found


def step(flow: Flow, random: Random, found: Walk, at: datetime) -> None:
    case = found.case
    here = [move for move in flow.moves if case.state in move.from_]
    move = random.choice(here if here and random.random() < 0.9 else list(flow.moves))
    if move.do in MADE_BY_THE_HALL:
        return
    role = random.choice(move.by if random.random() < 0.9 else list(ROLE_TITLES))
    name = f"{role}{0 if role == 'applicant' else random.randrange(2)}"
    department = random.choice([DEPARTMENT, DEPARTMENT, "乙局", "丙局", "*"])
    actor = THE_CLOCK if role == "clock" else Actor(name, role, department)
    command = Command(move.do, actor, at, body_of(random, move.do))
    try:
        event = perform(flow, case, command)
    except CommandRefused as refused:
        found.refused.append(refused)
        return
    found.done.append(move.do)
    found.events.append(event)
    found.case = advance(found.case, found.events[-1])
    if move.evaluates:
        found.events.append(evaluation(random, found.case, at))
        found.case = advance(found.case, found.events[-1])
