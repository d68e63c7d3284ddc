"""The course of a case, pure: whatever anybody does, it stays whole, and its clock is the law's."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_walks import DEPARTMENT, START, Walk, evaluation, submission, walk
from engine.casework import (
    CHINA,
    THE_CLOCK,
    Actor,
    Case,
    Command,
    CommandRefused,
    Event,
    Substitution,
    advance,
    application_of,
    clock_of,
    effects_of,
    fold,
    open_moves,
    perform,
    timers_of,
)
from engine.clock import Calendar
from engine.definitions import Flow
from engine.store.event_log import read_event, write_event
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent


@cache
def workspace() -> Workspace:
    return Workspace.load(ROOT)


@cache
def flow() -> Flow:
    found = workspace().file("flow", "ordinary", date(2026, 3, 2)).definition
    assert isinstance(found, Flow)
    return found


def calendar() -> Calendar:
    return workspace().calendar


SEEDS = st.integers(0, 2**32)


# --- whatever happens ---------------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(SEEDS)
def test_a_case_stays_whole_whoever_asks_for_what_and_when(seed: int) -> None:
    found = walk(flow(), seed)
    case = found.case
    assert case.state in flow().states
    assert case.version == len(found.events)
    assert [stay.to for stay in case.stays if stay.to is None] == [None]
    assert all(refused.zh and refused.en and refused.reason for refused in found.refused)


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_what_is_kept_folds_to_the_same_case(seed: int) -> None:
    found = walk(flow(), seed)
    again = fold(read_event(write_event(event)) for event in found.events)
    assert again == found.case


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.integers(-10, 400))
def test_the_clock_never_runs_backwards_or_below_nothing(seed: int, days: int) -> None:
    found = walk(flow(), seed)
    clock = clock_of(found.case, flow(), calendar(), START.date() + timedelta(days=days))
    assert clock.overdue >= 0
    assert clock.remaining is None or clock.remaining >= 0
    for end in (clock.promise, clock.statutory):
        assert end is None or clock.started is None or end.due >= clock.started
    assert clock.card in ("green", "yellow", "red")


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_timers_are_distinct_and_only_ask_for_what_the_clock_may_do(seed: int) -> None:
    found = walk(flow(), seed)
    timers = timers_of(found.case, flow(), calendar())
    assert len({timer.id for timer in timers}) == len(timers)
    by_clock = {(m.do, s) for m in flow().moves if "clock" in m.by for s in m.from_}
    assert {(timer.do, found.case.state) for timer in timers} <= by_clock


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_no_two_effects_of_a_case_share_a_key(seed: int) -> None:
    found = walk(flow(), seed)
    case, keys = None, []
    for event in found.events:
        case = advance(case, event)
        keys += [effect.key for effect in effects_of(case, event)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@settings(deadline=None, max_examples=60)
@given(SEEDS)
def test_what_is_offered_is_what_the_flow_lists_and_ends_stay_ends(seed: int) -> None:
    found = walk(flow(), seed)
    case = found.case
    for role in ("applicant", "clerk", "reviewer", "checker", "leader"):
        command = Command("", Actor(f"{role}0", role, DEPARTMENT), START)
        offered = open_moves(flow(), case, command)
        declared = [m for m in flow().moves if case.state in m.from_ and role in m.by]
        assert [one.move for one in offered] == declared
    if case.state in ("declined", "withdrawn", "lapsed"):
        assert all(m.to in (None, case.state) for m in flow().moves if case.state in m.from_)


def test_walks_reach_every_state_and_most_moves() -> None:
    """Else the properties above would say little."""
    walks: list[Walk] = [walk(flow(), seed, 60) for seed in range(300)]
    states = {stay.state for w in walks for stay in w.case.stays}
    assert states >= {
        "submitted", "declining", "correcting", "reviewing", "amending", "checking",
        "issuing", "declined", "withdrawn", "lapsed",
    }  # fmt: skip
    done = {do for w in walks for do in w.done}
    assert done >= {
        "accept", "ask_correction", "supply", "propose_decline", "confirm_decline",
        "reject_decline", "deem_accepted", "deem_withdrawn", "withdraw", "answer", "review",
        "approve", "return_to_review", "decide_by_rule", "deem_granted", "request_recheck",
        "settle_recheck", "start_special", "end_special", "extend", "give_opinion", "transfer",
        "hand_over", "raise_card",
    }  # fmt: skip


# --- who may not do it alone --------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(SEEDS)
def test_no_refusal_and_no_grant_is_one_persons_alone(seed: int) -> None:
    events = walk(flow(), seed, 60).events
    last: dict[str, str] = {}
    for event in events:
        if event.kind == "confirm_decline":
            assert event.actor.name != last["propose_decline"]
        if event.kind == "approve":
            assert event.actor.name != last["review"]
        last[event.kind] = event.actor.name


@settings(deadline=None, max_examples=150)
@given(SEEDS)
def test_a_review_never_goes_against_a_firm_finding(seed: int) -> None:
    case: Case | None = None
    for event in walk(flow(), seed, 60).events:
        if event.kind == "review":
            assert case is not None
            found = case.evaluation["outcome"]
            assert found != "待核"
            assert (event.body["outcome"] == "准予") == (found == "准予")
        case = advance(case, event)


@settings(deadline=None, max_examples=150)
@given(SEEDS)
def test_what_officers_judge_never_comes_from_the_applicant(seed: int) -> None:
    found = walk(flow(), seed, 60)
    for event in found.events:
        if event.kind == "supply":
            assert "影响轻微" not in event.body["facts"]
    answered = {name for name, one in found.case.answers.items() if one.by.role == "applicant"}
    assert answered == set()


# --- the clock against an independent count ------------------------------------------------------


def begun(**terms: object) -> Case:
    first = submission(Random(1))
    plain = {"judged": [], "specials": [], "appeal": {}, **terms}
    times = {**first.body["times"], "promise": "5 working days"}
    body = {**first.body, "terms": plain, "times": times}
    return fold([Event("submitted", START, first.actor, "submitted", body)])


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=CHINA)


def happen(case: Case, kind: str, day: date, to: str = "", **body: object) -> Case:
    return advance(case, Event(kind, at(day), Actor("x", "clerk"), to or case.state, body))


def naive_end(start: date, working_days: int, spans: list[tuple[date, date]]) -> date:
    """Day by day: no cleverness."""
    day = start
    while working_days:
        day += timedelta(days=1)
        is_out = any(first <= day <= last for first, last in spans)
        if calendar().is_working_day(day) and not is_out:
            working_days -= 1
    return day


DAYS = st.dates(date(2026, 1, 5), date(2026, 6, 30))


@settings(deadline=None)
@given(DAYS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=3), st.booleans())
def test_special_stages_and_extension_count_as_day_by_day(
    accepted: date, stages: list[tuple[int, int]], is_extended: bool
) -> None:
    case = happen(begun(), "accept", accepted, "reviewing")
    day, spans = accepted, []
    for number, (wait, length) in enumerate(stages):
        first = day + timedelta(days=wait)
        last = first + timedelta(days=length)
        title = f"检验{number}"
        case = happen(
            case, "start_special", first, title=title, within="60 days", told=True, stops_clock=True
        )
        case = happen(case, "end_special", last, title=title, result="合格")
        spans.append((first, last))
        day = last
    if is_extended:
        case = happen(case, "extend", day, within="10 working days", reason="", approved_by="x")
    clock = clock_of(case, flow(), calendar(), day)
    more = 10 if is_extended else 0
    assert clock.promise_by == naive_end(accepted, 5 + more, spans)
    assert clock.statutory_by == naive_end(accepted, 20 + more, spans)


@settings(deadline=None)
@given(DAYS, st.integers(0, 15), st.integers(1, 25))
def test_a_correction_after_acceptance_stops_the_clock(
    accepted: date, wait: int, length: int
) -> None:
    asked = accepted + timedelta(days=wait)
    supplied = asked + timedelta(days=length)
    case = happen(begun(), "accept", accepted, "reviewing")
    case = happen(
        case, "ask_correction", asked, "amending", lines=[], outside=[], reason="", within=""
    )
    open_clock = clock_of(case, flow(), calendar(), supplied)
    assert open_clock.is_stopped
    case = happen(case, "supply", supplied, "reviewing", facts={}, materials={}, is_asked=True)
    clock = clock_of(case, flow(), calendar(), supplied)
    assert clock.statutory_by == naive_end(accepted, 20, [(asked, supplied)])
    assert clock.started == accepted


@settings(deadline=None)
@given(DAYS, st.integers(0, 30))
def test_cards_turn_with_the_days(accepted: date, later: int) -> None:
    case = happen(begun(), "accept", accepted, "reviewing")
    on = accepted + timedelta(days=later)
    clock = clock_of(case, flow(), calendar(), on)
    due = naive_end(accepted, 5, [])
    before = next(
        d for n in range(1, 20) if calendar().is_working_day(d := due - timedelta(days=n))
    )
    expected = "red" if on > due else "yellow" if on >= before else "green"
    assert clock.card == expected
    if on <= due:
        left = sum(
            calendar().is_working_day(on + timedelta(days=n + 1)) for n in range((due - on).days)
        )
        assert clock.remaining == left


def test_who_withdraws_makes_nobody_late() -> None:
    case = happen(begun(), "accept", date(2026, 3, 2), "reviewing")
    case = happen(case, "withdraw", date(2026, 6, 1), "withdrawn")
    clock = clock_of(case, flow(), calendar(), date(2026, 6, 2))
    assert (case.outcome, clock.card) == ("终止", "green")
    assert timers_of(case, flow(), calendar()) == ()


def test_a_year_without_a_calendar_leaves_the_end_provisional() -> None:
    case = happen(begun(), "accept", date(2026, 12, 30), "reviewing")
    assert clock_of(case, flow(), calendar(), date(2026, 12, 30)).is_provisional


def test_a_timer_of_the_flow_fires_when_its_last_day_is_over() -> None:
    timers = {timer.id: timer for timer in timers_of(begun(), flow(), calendar())}
    due = naive_end(START.date(), 5, [])
    assert timers["notice_overdue"].due == at(due + timedelta(days=1)).replace(hour=0)


def test_the_substitute_is_told_the_working_day_before() -> None:
    away = Substitution(
        DEPARTMENT, "reviewer", "甲", "乙", date(2026, 3, 1), date(2026, 4, 1), "休假"
    )
    case = happen(begun(), "accept", date(2026, 3, 2), "reviewing")
    (timer,) = [t for t in timers_of(case, flow(), calendar(), [away]) if t.do == "hand_over"]
    assert timer.due.date() == date(2026, 3, 6)
    given_up = advance(
        case, perform(flow(), case, Command("hand_over", THE_CLOCK, timer.due, timer.body))
    )
    assert given_up.handler == "乙"
    body = {"facts": {"人数": 1}, "reason": "x"}
    command = Command("answer", Actor("甲", "reviewer", DEPARTMENT), START, body)
    with pytest.raises(CommandRefused, match="已交由乙办理"):
        perform(flow(), given_up, command)


# --- corrections --------------------------------------------------------------------------------


def test_what_officers_answer_is_evaluated_beside_what_was_posted() -> None:
    case = begun()
    case = happen(case, "answer", date(2026, 3, 3), facts={"影响轻微": False}, reason="看过")
    assert application_of(case)["facts"] == {"人数": 3, "影响轻微": False}
    assert case.application["facts"] == {"人数": 3}


def test_a_case_begins_with_a_submission() -> None:
    with pytest.raises(ValueError, match="submission"):
        fold([Event("accept", START, THE_CLOCK, "reviewing")])
    with pytest.raises(ValueError, match="at least one"):
        fold([])


def test_an_evaluation_tells_the_promise_of_the_path() -> None:
    case = begun()
    event = evaluation(Random(3), case, START)
    told = Event("evaluate", START, THE_CLOCK, case.state, {**event.body, "promise": "当场"})
    accepted = happen(advance(case, told), "accept", date(2026, 3, 2), "reviewing")
    assert clock_of(accepted, flow(), calendar(), date(2026, 3, 2)).promise_by == date(2026, 3, 2)


def test_what_counts_as_accepted_has_the_turn_of_its_receipt() -> None:
    case = advance(begun(), Event("deem_accepted", at(date(2026, 3, 10)), THE_CLOCK, "reviewing"))
    assert (case.accepted_at, case.since["accepted"]) == (START, START.date())


@pytest.mark.soak
def test_ten_thousand_walks_leave_every_case_whole() -> None:
    for seed in range(10_000):
        found = walk(flow(), seed, 60)
        assert fold(read_event(write_event(event)) for event in found.events) == found.case
        on = START.date() + timedelta(days=seed % 500 - 20)
        assert clock_of(found.case, flow(), calendar(), on).overdue >= 0
        timers = timers_of(found.case, flow(), calendar())
        assert len({timer.id for timer in timers}) == len(timers)
