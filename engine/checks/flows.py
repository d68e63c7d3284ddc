"""Flows that cannot work: states and conditions that are not there, ways that lead nowhere."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from engine.checks.subject import Subject, hints
from engine.clock import Period, PeriodError
from engine.definitions import ROLE_TITLES, Flow, Matter, Post
from engine.definitions.flow_words import DAY_TITLES, NEED_TITLES, PERIOD_TITLES
from engine.source import Path


def check_flow(subject: Subject[Flow]) -> None:
    """Adds what is wrong with a flow."""
    _check_moves(subject)
    _check_timers(subject)
    if not subject.problems.found:
        _check_ways(subject)
        _check_holders(subject)


def _check_moves(subject: Subject[Flow]) -> None:
    flow = subject.definition
    _check_states(subject, ("start",), [flow.start])
    done: set[tuple[str, str, str]] = set()
    for index, move in enumerate(flow.moves):
        _check_states(subject, ("moves", index, "from"), move.from_)
        _check_states(subject, ("moves", index, "to"), [move.to] if move.to else [])
        for need in move.needs:
            if need not in NEED_TITLES:
                path: Path = ("moves", index, "needs")
                subject.add(path, "flow-unknown-need", need=need, **hints(need, NEED_TITLES))
        for state in move.from_:
            for role in move.by:
                if (move.do, state, role) in done:
                    words: dict[str, Any] = {
                        "do": move.do,
                        "state": _title(flow, state),
                        **_role(role),
                    }
                    subject.add(("moves", index, "do"), "flow-same-move", **words)
                done.add((move.do, state, role))


def _check_timers(subject: Subject[Flow]) -> None:
    flow = subject.definition
    days = [*flow.states, *DAY_TITLES]
    periods = [*PERIOD_TITLES, *flow.periods]
    by_clock = {(m.do, state) for m in flow.moves if "clock" in m.by for state in m.from_}
    for index, timer in enumerate(flow.timers):
        _check_states(subject, ("timers", index, "while"), timer.while_)
        if timer.since not in days:
            words: dict[str, Any] = {"since": timer.since, "known": "、".join(DAY_TITLES)}
            path: Path = ("timers", index, "since")
            subject.add(path, "flow-timer-since", **words, **hints(timer.since, days))
        if timer.within not in periods and not _is_period(timer.within):
            path = ("timers", index, "within")
            words = {"within": timer.within, "known": "、".join(periods)}
            subject.add(path, "flow-timer-period", **words, **hints(timer.within, periods))
        for state in timer.while_:
            if state in flow.states and (timer.do, state) not in by_clock:
                words = {"do": timer.do, "state": _title(flow, state)}
                subject.add(("timers", index, "do"), "flow-timer-move", **words)


def _check_states(subject: Subject[Flow], path: Path, named: Iterable[str]) -> None:
    known = subject.definition.states
    for state in named:
        if state not in known:
            words: dict[str, Any] = {"state": state, "known": "、".join(known)}
            subject.add(path, "flow-unknown-state", **words, **hints(state, known))


def _check_ways(subject: Subject[Flow]) -> None:
    """Every state can be reached from the first, and an end can be reached from every state."""
    flow = subject.definition
    onward: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for move in flow.moves:
        for state in move.from_ if move.to else ():
            onward[state].add(move.to or state)
            back[move.to or state].add(state)
    reached = _spread([flow.start], onward)
    ending = _spread([name for name, state in flow.states.items() if state.is_end], back)
    for name in flow.states:
        words: dict[str, Any] = {"state": _title(flow, name)}
        if name not in reached:
            subject.add(("states", name), "flow-unreachable", at_key=True, **words)
        elif name not in ending:
            subject.add(("states", name), "flow-no-way-out", at_key=True, **words)


def _spread(start: Iterable[str], steps: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        new = steps[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


def _check_holders(subject: Subject[Flow]) -> None:
    flow = subject.definition
    for name, state in flow.states.items():
        if state.holder is None or state.is_end:
            continue
        if not any(name in move.from_ and state.holder in move.by for move in flow.moves):
            words: dict[str, Any] = {"state": state.title, **_role(state.holder)}
            subject.add(("states", name, "holder"), "flow-idle-holder", **words)


def _title(flow: Flow, state: str) -> str:
    return flow.states[state].title if state in flow.states else state


def _role(role: str) -> dict[str, str]:
    zh, en = ROLE_TITLES[role]
    return {"role_zh": zh, "role_en": en}


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except PeriodError:
        return False
    return True


def check_post(subject: Subject[Post]) -> None:
    """Adds what is wrong with a post: nobody who stands in, or days that are none."""
    post = subject.definition
    if post.holder == post.substitute:
        subject.add(("substitute",), "post-substitute", holder=post.holder)
    for index, absence in enumerate(post.absences):
        if absence.who != post.holder:
            zh, en = f"不是 A 岗“{post.holder}”本人", f'is not that of the holder "{post.holder}"'
        elif absence.from_ > absence.to:
            zh = f"自 {absence.from_} 至 {absence.to}，起日晚于止日"
            en = f"ends on {absence.to}, before it begins on {absence.from_}"
        else:
            continue
        words: dict[str, Any] = {"who": absence.who, "problem_zh": zh, "problem": en}
        subject.add(("absences", index), "post-absence", **words)


def check_course(subject: Subject[Matter]) -> None:
    """Adds what is wrong with what a matter says of the course of its cases."""
    matter = subject.definition
    for index, name in enumerate(matter.distinct):
        if name not in matter.facts:
            _unknown_fact(subject, ("distinct", index), name)
    if matter.renewal is not None:
        path: Path = ("renewal", "expires")
        fact = matter.facts.get(matter.renewal.expires)
        if fact is None:
            _unknown_fact(subject, path, matter.renewal.expires)
        elif fact.type != "date":
            zh, en = "不是日期，不能作为有效期届满日", "is no date"
            words: dict[str, Any] = {
                "name": matter.renewal.expires,
                "problem_zh": zh,
                "problem": en,
            }
            subject.add(path, "course-fact", **words, hint_zh="", hint_en="")
    if matter.quota is not None and not _is_quota(matter, matter.quota.limit):
        subject.add(("quota", "limit"), "course-quota", limit=matter.quota.limit)
    _check_members(subject)


def _unknown_fact(subject: Subject[Matter], path: Path, name: str) -> None:
    words: dict[str, Any] = {
        "name": name,
        "problem_zh": "不是本事项的事实",
        "problem": "is no fact of this matter",
    }
    subject.add(path, "course-fact", **words, **hints(name, subject.definition.facts))


def _is_quota(matter: Matter, limit: str) -> bool:
    parameter = matter.parameters.get(limit)
    written = limit if parameter is None else str(parameter.value)
    return written.isascii() and written.isdigit() and 0 < int(written) < 1_000_000


def _check_members(subject: Subject[Matter]) -> None:
    joint = subject.definition.joint
    if joint is None:
        return
    named = {joint.lead or subject.definition.department or subject.definition.organ}
    for index, member in enumerate(joint.members):
        if member.department in named:
            path: Path = ("joint", "members", index, "department")
            subject.add(path, "course-joint", department=member.department)
        named.add(member.department)
