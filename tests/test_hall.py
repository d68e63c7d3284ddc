"""Cases on a real store: one winner, nothing twice, nothing lost, and no lock while registers answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Barrier, Event
from typing import Any

import pytest

from case_walks import body_of
from engine.casework import CHINA, Actor, Command, CommandRefused, fold
from engine.diagnostics import TongbanError
from engine.hall import Hall
from engine.hall.evaluating import evaluate_case
from engine.hooks import Message
from engine.source import read_json
from engine.store import (
    Conflict,
    Database,
    Search,
    effects_in,
    search_cases,
    stuck_timers,
    timers_in,
    verify_case,
)
from engine.workspace import Workspace
from small_hall import (
    AT,
    CHECKER,
    CLERK,
    ISSUER,
    LEADER,
    MATTER,
    PERSON,
    REVIEWER,
    ROOT,
    application,
    open_hall,
    receiving,
    small_workspace,
    submit,
)

EVALUATE = "engine.hall.hall.evaluate_case"
SAMPLE = ROOT / "rulesets/samples/public_venue_hygiene/approved.json"


@pytest.fixture
def hall(database: Database) -> Hall:
    return open_hall(database)


def granted(hall: Hall, case_id: str, at: datetime = AT) -> Any:
    hall.perform(case_id, Command("accept", CLERK, at))
    hall.perform(case_id, Command("review", REVIEWER, at, {"outcome": "准予", "opinion": "符合"}))
    return hall.perform(case_id, Command("approve", CHECKER, at))


def test_what_was_signed_is_a_part_of_the_submission(hall: Hall) -> None:
    """A commitment is worth what can be shown of its signature."""
    given = Command("submit", PERSON, AT, {"signed": ["truth", "commitment"]})
    case = hall.submit("sample", application(), given)
    assert hall.history(case.id)[0].event.body["signed"] == ["truth", "commitment"]


def test_a_real_matter_goes_from_the_form_to_a_decision(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    database.create()
    hall = open_hall(database, Workspace.load(ROOT))
    posted = read_json(SAMPLE.read_bytes())
    begun = hall.submit("public_venue_hygiene", posted, Command("submit", PERSON, AT))
    assert (begun.state, begun.evaluation["outcome"]) == ("submitted", "准予")
    reviewer = Actor("陈晓", "reviewer", begun.department)
    hall.perform(begun.id, Command("accept", CLERK, AT))
    hall.perform(begun.id, Command("review", reviewer, AT, {"outcome": "准予", "opinion": "符合"}))
    same = Actor("陈晓", "checker", begun.department)
    with pytest.raises(CommandRefused, match="一审一核"):
        hall.perform(begun.id, Command("approve", same, AT))
    with pytest.raises(CommandRefused, match=r"由.*办理"):
        hall.perform(begun.id, Command("approve", CHECKER, AT))
    decided = hall.perform(
        begun.id, Command("approve", Actor("周正", "checker", begun.department), AT)
    )
    assert (decided.state, decided.outcome) == ("issuing", "准予")
    with pytest.raises(CommandRefused) as refused:
        hall.perform(begun.id, Command("close", ISSUER, AT))
    assert refused.value.reason
    with database.read() as connection:
        assert verify_case(connection, begun.id) is None
    assert hall.case(begun.id) == decided


# --- once, and by one --------------------------------------------------------------------------


def test_the_same_key_is_the_same_command(hall: Hall) -> None:
    begun = submit(hall, key="k1")
    assert submit(hall, key="k1") == begun
    command = Command("accept", CLERK, AT, key="k2")
    accepted = hall.perform(begun.id, command)
    assert hall.perform(begun.id, command) == accepted
    assert [r.event.kind for r in hall.history(begun.id)] == ["submitted", "evaluate", "accept"]


def at_once(count: int, do: Callable[[int], Any]) -> list[Any]:
    """What each of `count` threads that begin together gives, or raises."""
    barrier = Barrier(count)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return do(number)
        except (Conflict, CommandRefused) as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_of_many_who_accept_at_once_one_wins(hall: Hall) -> None:
    begun = submit(hall)
    answers = at_once(
        6, lambda n: hall.perform(begun.id, Command("accept", CLERK, AT, key=f"a{n}"))
    )
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    kinds = [recorded.event.kind for recorded in hall.history(begun.id)]
    assert kinds.count("accept") == 1


def test_one_key_given_by_many_at_once_is_done_once(hall: Hall) -> None:
    begun = submit(hall)
    command = Command("accept", CLERK, AT, key="same")
    answers = at_once(6, lambda _: hall.perform(begun.id, command))
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    assert done
    assert {case.version for case in done} == {3}
    assert len(hall.history(begun.id)) == 3


def test_whoever_saw_an_older_version_is_told(hall: Hall) -> None:
    begun = submit(hall)
    hall.perform(begun.id, Command("accept", CLERK, AT), version=begun.version)
    with pytest.raises(Conflict):
        hall.perform(begun.id, Command("withdraw", PERSON, AT), version=begun.version)


def test_one_applicant_who_submits_twice_at_once_has_one_case(hall: Hall) -> None:
    submit(hall, application(person="110105194912310001"))  # the workspace is kept by now
    answers = at_once(4, lambda n: submit(hall, key=f"s{n}"))
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, CommandRefused)]
    assert {error.reason for error in refused} == {"duplicate"}


def test_a_quota_is_not_passed_by_two_who_approve_at_once(database: Database) -> None:
    hall = open_hall(
        database, small_workspace(MATTER.replace("distinct: [场所]", "quota: {limit: 1}"))
    )
    cases = [submit(hall, application(person=f"11010519491231000{n}")) for n in range(2)]
    for case in cases:
        hall.perform(case.id, Command("accept", CLERK, AT))
        body = {"outcome": "准予", "opinion": "符合"}
        hall.perform(case.id, Command("review", REVIEWER, AT, body))
    answers = at_once(2, lambda n: hall.perform(cases[n].id, Command("approve", CHECKER, AT)))
    first, second = answers
    assert getattr(first, "outcome", first) == "准予"
    assert isinstance(second, CommandRefused)
    assert second.reason in ("quota-used-up", "not-in-turn")


def test_registers_are_asked_while_nothing_is_locked(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a register takes, others go on: a decision is made before the store is written to."""
    begun = submit(hall)
    asked, answered = Event(), Event()
    real = evaluate_case

    def slow(*given: Any) -> Any:
        asked.set()
        assert answered.wait(20)
        return real(*given)

    monkeypatch.setattr(EVALUATE, slow)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(hall.perform, begun.id, Command("reevaluate", CLERK, AT))
        assert asked.wait(20)
        other = submit(hall, application(place="二号"))  # written meanwhile
        answered.set()
        assert waiting.result(20).version == begun.version + 2
    assert other.number != begun.number


def test_what_was_moved_on_meanwhile_is_not_overwritten(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = submit(hall)
    real = evaluate_case

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(EVALUATE, real)
        hall.perform(begun.id, Command("accept", CLERK, AT))
        return real(*given)

    monkeypatch.setattr(EVALUATE, overtaken)
    with pytest.raises(Conflict):
        hall.perform(begun.id, Command("reevaluate", CLERK, AT))
    assert hall.case(begun.id).state == "reviewing"


# --- what goes on by itself ---------------------------------------------------------------------

LATER = datetime(2026, 12, 1, 0, 30, tzinfo=CHINA)


def test_a_timer_fires_once_whoever_goes_round(hall: Hall) -> None:
    begun = [submit(hall, application(place=f"{n}号")) for n in range(8)]
    at_once(4, lambda n: hall.tick(LATER, f"worker{n}"))
    for case in begun:
        kinds = [recorded.event.kind for recorded in hall.history(case.id)]
        assert kinds.count("deem_accepted") == 1
    assert hall.tick(LATER, "late") == 0
    assert hall.case(begun[0].id).since["accepted"] == AT.date()


def test_a_timer_that_somebody_forestalled_does_nothing(hall: Hall) -> None:
    begun = submit(hall)
    hall.perform(begun.id, Command("withdraw", PERSON, AT))
    assert hall.tick(LATER, "worker") == 0
    assert hall.case(begun.id).state == "withdrawn"
    with hall.database.read() as connection:
        assert timers_in(connection, begun.id) == ()


def test_a_case_that_stops_its_evaluation_keeps_no_other_waiting(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = submit(hall), submit(hall, application(place="二号"))
    real = Hall.perform

    def broken(self: Hall, case_id: str, command: Command, **rest: Any) -> Any:
        if case_id == first.id:
            raise RuntimeError("disk")
        return real(self, case_id, command, **rest)

    monkeypatch.setattr(Hall, "perform", broken)
    hall.tick(LATER, "worker")
    assert (hall.case(first.id).state, hall.case(second.id).state) == ("submitted", "reviewing")
    monkeypatch.undo()
    hall.tick(LATER + timedelta(hours=1), "worker")
    assert hall.case(first.id).state == "reviewing"


def test_messages_are_handed_over_once_and_again_when_they_failed(database: Database) -> None:
    taken: list[str] = []
    failing = [True]

    def take(message: Message) -> None:
        if failing[0]:
            raise ConnectionError("线路中断")
        taken.append(message.key)

    hall = open_hall(database, receiving(small_workspace(), take))
    begun = submit(hall)
    hall.perform(begun.id, Command("accept", CLERK, AT))
    assert hall.deliver(AT, "worker") == 0
    failing[0] = False
    at_once(3, lambda n: hall.deliver(AT + timedelta(minutes=5), f"worker{n}"))
    with database.read() as connection:
        effects = effects_in(connection, begun.id)
    assert all(is_delivered for _, is_delivered in effects)
    assert sorted(taken) == sorted(effect.key for effect, _ in effects)
    assert len(taken) == 2


# --- the rules it is decided by -------------------------------------------------------------------


def test_a_case_keeps_the_rules_of_its_acceptance(database: Database) -> None:
    current = [small_workspace()]
    hall = Hall(database, lambda: current[0])
    begun = submit(hall)
    hall.perform(begun.id, Command("accept", CLERK, AT))
    current[0] = small_workspace(MATTER.replace("人数 >= 3", "人数 >= 9"))
    # Another process knows the earlier rules from the store alone.
    other = Hall(database, lambda: current[0])
    again = other.perform(begun.id, Command("reevaluate", REVIEWER, AT))
    assert again.evaluation["outcome"] == "准予"
    assert submit(other, application(place="二号")).evaluation["outcome"] == "补正"


def test_a_reader_folds_what_was_written_to_the_same_case(hall: Hall) -> None:
    begun = submit(hall)
    decided = granted(hall, begun.id)
    assert fold(recorded.event for recorded in hall.history(begun.id)) == decided
    with hall.database.read() as connection:
        assert verify_case(connection, begun.id) is None


def test_what_is_offered_says_why_it_is_not_possible(hall: Hall) -> None:
    begun = submit(hall, application(2))
    offered = {o.move.do: o.refused for o in hall.available(begun, Command("", CLERK, AT))}
    accept = offered["accept"]
    assert accept is not None
    assert accept.reason == "to-be-corrected"
    assert offered["ask_correction"] is None


def test_no_extension_after_the_time_is_over(hall: Hall) -> None:
    begun = submit(hall)
    hall.perform(begun.id, Command("accept", CLERK, AT))
    late = Command("extend", LEADER, AT + timedelta(days=60), {"reason": "迟了", "told": True})
    with pytest.raises(CommandRefused, match="已届满"):
        hall.perform(begun.id, late)


@pytest.mark.parametrize(
    "body", [{"outcome": 1}, {"opinion": ["x"]}, {}], ids=["int", "list", "none"]
)
def test_a_body_that_makes_no_sense_is_refused_in_words(hall: Hall, body: dict[str, Any]) -> None:
    begun = submit(hall)
    hall.perform(begun.id, Command("accept", CLERK, AT))
    with pytest.raises(CommandRefused) as refused:
        hall.perform(begun.id, Command("review", REVIEWER, AT, body))
    assert refused.value.reason == "incomplete"


# --- calendars that are published later -----------------------------------------------------------

CALENDAR = """
calendar: y2027
title: 2027 年放假安排（测试）
year: 2027
off:
  - {from: 2027-01-01, to: 2027-01-06, name: 元旦}
"""


def test_a_calendar_published_later_moves_what_is_kept(database: Database) -> None:
    current = [small_workspace()]
    hall = Hall(database, lambda: current[0])
    before = datetime(2026, 12, 30, 9, tzinfo=CHINA)
    begun = hall.submit("sample", application(), Command("submit", PERSON, before))
    hall.perform(begun.id, Command("accept", CLERK, before))
    hall.tick(before, "worker")
    assert hall.clock(hall.case(begun.id), before.date()).is_provisional

    def kept() -> dict[str, datetime]:
        with database.read() as connection:
            return {timer.id: timer.due for timer in timers_in(connection, begun.id)}

    earlier = kept()["promise_over"]
    current[0] = current[0].with_text("rulesets/calendars/2027.yaml", CALENDAR, ())
    hall.tick(before, "worker")
    clock = hall.clock(hall.case(begun.id), before.date())
    assert not clock.is_provisional
    assert clock.promise_by is not None
    assert kept()["promise_over"].astimezone(CHINA).date() == clock.promise_by + timedelta(days=1)
    assert kept()["promise_over"] > earlier
    with database.read() as connection:
        (listed,) = search_cases(connection, Search(on=before.date())).rows
    assert listed.due == clock.promise_by
    assert hall.case(begun.id).version == 3  # nothing happened to the case itself


# --- anybody, anything ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_asked_is_done_or_refused_in_words(
    seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """People, the clock and nonsense through the whole hall: no traceback, no broken chain."""
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    database.create()
    hall, random = open_hall(database), Random(seed)
    case = submit(hall, application(random.choice([2, 3])))
    flow, now = hall.flow(case), AT
    for _ in range(40):
        now += timedelta(hours=random.choice([0, 1, 24, 100]))
        hall.tick(now, "worker")
        case = hall.case(case.id)
        here = [move for move in flow.moves if case.state in move.from_]
        move = random.choice(here if here and random.random() < 0.9 else list(flow.moves))
        role = random.choice(move.by)
        name = "person" if role == "applicant" else f"{role}{random.randrange(2)}"
        command = Command(move.do, Actor(name, role, "示例局"), now, body_of(random, move.do))
        with suppress(TongbanError):
            hall.perform(case.id, command)
        hall.available(hall.case(case.id), command)
        hall.clock(hall.case(case.id), now.date())
    with database.read() as connection:
        assert verify_case(connection, case.id) is None
        assert stuck_timers(connection, now) == ()
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert fold(recorded.event for recorded in hall.history(case.id)) == hall.case(case.id)
