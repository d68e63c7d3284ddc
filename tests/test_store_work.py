"""Timers and messages: kept in step, taken by one worker at a time, never lost, never twice."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.casework import Effect, Timer
from engine.store import (
    ClaimedEffect,
    Database,
    DueTimer,
    claim_effects,
    claim_timers,
    dead_letters,
    effects_in,
    mark_delivered,
    mark_failed,
    postpone_timer,
    put_effects,
    retry_effect,
    retry_timer,
    set_timers,
    settle_timer,
    stuck_timers,
    timers_in,
)
from engine.store.claims import LEASE, MAX_ATTEMPTS, wait_after
from engine.store.outbox import EffectReused
from stored_cases import AT, begin

MINUTE = timedelta(minutes=1)
CASE = "case0001"


def at(minutes: int) -> datetime:
    return AT + minutes * MINUTE


def put(database: Database, *timers: Timer) -> None:
    with database.write() as connection:
        set_timers(connection, CASE, timers)


def settle(database: Database, due: DueTimer, now: datetime = AT) -> None:
    with database.write() as connection:
        settle_timer(connection, due, now)


@dataclass
class Kept:
    """What the naive table knows of one timer."""

    timer: Timer
    fired: bool = False
    held_until: datetime = field(default=AT - MINUTE)


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("set"),
            st.dictionaries(st.sampled_from("abcd"), st.integers(0, 30), max_size=4),
        ),
        st.tuples(st.just("claim"), st.integers(1, 3)),
        st.tuples(st.just("settle"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 10)),
    ),
    max_size=20,
)


def test_the_table_does_what_a_naive_one_does(fresh: Callable[[], Database]) -> None:
    database = fresh()
    begin(database)

    @settings(max_examples=40)
    @given(steps)
    def check(drawn: list[tuple[str, object]]) -> None:
        put(database)
        model: dict[str, Kept] = {}
        held: list[DueTimer] = []
        now = 0
        for what, argument in drawn:
            if what == "set" and isinstance(argument, dict):
                timers = [Timer(name, "x", at(due)) for name, due in argument.items()]
                put(database, *timers)
                same = {
                    t.id: model[t.id] for t in timers if t.id in model and model[t.id].timer == t
                }
                model = {t.id: same.get(t.id) or Kept(t) for t in timers}
            elif what == "claim" and isinstance(argument, int):
                got = claim_timers(database, at(now), "w", limit=argument)
                open_ = [
                    k
                    for k in model.values()
                    if not k.fired and k.timer.due <= at(now) and k.held_until <= at(now)
                ]
                wanted = sorted(open_, key=lambda k: (k.timer.due, k.timer.id))[:argument]
                assert [d.timer for d in got] == [k.timer for k in wanted]
                for k in wanted:
                    k.held_until = at(now) + LEASE
                held += got
            elif what == "settle" and isinstance(argument, int) and argument < len(held):
                due = held.pop(argument)
                settle(database, due, at(now))
                kept = model.get(due.timer.id)
                if kept and kept.timer.due == due.timer.due:
                    kept.fired = True
            elif what == "wait" and isinstance(argument, int):
                now += argument
            with database.read() as connection:
                waiting = [k.timer for k in model.values() if not k.fired]
                assert list(timers_in(connection, CASE)) == sorted(
                    waiting, key=lambda t: (t.due, t.id)
                )

    check()


def test_a_key_is_the_same_however_often_a_timer_is_claimed(database: Database) -> None:
    begin(database)
    put(database, Timer("t", "remind", at(0), {"n": 1}))
    (first,) = claim_timers(database, at(0), "w1")
    assert claim_timers(database, at(1), "w2") == ()
    (again,) = claim_timers(database, at(0) + LEASE, "w2")
    assert (first.key, first.timer) == (again.key, again.timer)
    assert (first.attempts, again.attempts) == (1, 2)
    put(database, Timer("t", "remind", at(5), {"n": 1}))
    settle(database, again)  # the one of before; that of now stays
    (moved,) = claim_timers(database, at(5), "w1")
    assert moved.key != first.key
    settle(database, moved)
    put(database, Timer("t", "remind", at(5), {"n": 1}))
    assert claim_timers(database, at(99), "w1") == ()
    with pytest.raises(ValueError, match="one id"):
        put(database, Timer("t", "x", at(0)), Timer("t", "y", at(0)))


def test_a_timer_that_kills_its_workers_ends_among_the_stuck(database: Database) -> None:
    begin(database)
    put(database, Timer("t", "crash", at(0)), Timer("u", "remind", at(0)))
    now = at(0)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = {due.timer.id: due for due in claim_timers(database, now, "w")}
        assert claimed["t"].attempts == attempt
        if "u" in claimed:
            settle(database, claimed["u"])
        now += LEASE
    assert claim_timers(database, now, "w") == ()
    with database.read() as connection:
        assert [due.timer.id for due in stuck_timers(connection, now)] == ["t"]
    with database.write() as connection:
        assert retry_timer(connection, CASE, "t")
        assert not retry_timer(connection, CASE, "u")
    (due,) = claim_timers(database, now, "w")
    with database.write() as connection:
        postpone_timer(connection, due, "登记系统没有应答", now)
        assert stuck_timers(connection, now) == ()
    assert claim_timers(database, now + LEASE / 8, "w") == ()
    (due,) = claim_timers(database, now + wait_after(1), "w")
    assert due.attempts == 2


def in_threads(count: int, work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_workers_each_gets_others(database: Database) -> None:
    begin(database)
    put(database, *(Timer(f"t{n}", "x", at(0)) for n in range(60)))
    with database.write() as connection:
        put_effects(connection, CASE, [Effect("notify", f"k{n}") for n in range(60)])
    timers: list[str] = []
    effects: list[str] = []

    def work(mine: int) -> None:
        while got := claim_timers(database, at(1), f"w{mine}", limit=3):
            timers.extend(due.timer.id for due in got)
        while sent := claim_effects(database, at(1), f"w{mine}", limit=3):
            effects.extend(claimed.effect.key for claimed in sent)

    in_threads(4, work)
    assert sorted(timers) == sorted(f"t{n}" for n in range(60))
    assert sorted(effects) == sorted(f"k{n}" for n in range(60))


def test_an_effect_is_put_once_and_another_of_its_key_is_refused(database: Database) -> None:
    begin(database)
    effect = Effect("notify", "k", {"text": "已受理"})
    with database.write() as connection:
        for _ in range(2):
            put_effects(connection, CASE, [effect])
        put_effects(connection, CASE, [])
        assert effects_in(connection, CASE) == ((effect, False),)
    with pytest.raises(EffectReused, match="k"), database.write() as connection:
        put_effects(connection, CASE, [Effect("notify", "k", {"text": "不予受理"})])
    (claimed,) = claim_effects(database, at(0), "w")
    assert (claimed.effect, claimed.case_id) == (effect, CASE)
    with database.write() as connection:
        mark_delivered(connection, claimed, at(0))
        put_effects(connection, CASE, [effect])
        assert effects_in(connection, CASE) == ((effect, True),)
    assert claim_effects(database, at(999), "w") == ()


def fail(database: Database, claimed: ClaimedEffect, now: datetime, *, final: bool = False) -> None:
    with database.write() as connection:
        mark_failed(connection, claimed, "没有应答", now, is_final=final)


def test_waits_grow_until_it_is_a_dead_letter(database: Database) -> None:
    begin(database)
    with database.write() as connection:
        put_effects(connection, CASE, [Effect("notify", "k"), Effect("query", "q")])
    now, waits = at(0), []
    for _ in range(MAX_ATTEMPTS):
        (claimed,) = claim_effects(database, now, "w", topics=["notify"])
        fail(database, claimed, now)
        if claimed.attempts == MAX_ATTEMPTS:
            break
        wait = wait_after(claimed.attempts)
        assert (
            claim_effects(database, now + wait - timedelta(seconds=1), "w", topics=["notify"]) == ()
        )
        waits.append(wait)
        now += wait
    assert waits[0] == timedelta(seconds=30)
    assert all(later == min(2 * sooner, timedelta(hours=6)) for sooner, later in pairwise(waits))
    with database.read() as connection:
        (dead,) = dead_letters(connection, now)
    assert (dead.effect.key, dead.error, dead.attempts) == ("k", "没有应答", MAX_ATTEMPTS)
    with database.write() as connection:
        assert retry_effect(connection, "k")
        assert not retry_effect(connection, "none")
    assert {c.effect.key for c in claim_effects(database, now, "w")} == {"k", "q"}


def test_what_can_never_be_delivered_is_dead_at_once(database: Database) -> None:
    begin(database)
    with database.write() as connection:
        put_effects(connection, CASE, [Effect("notify", "k")])
    (claimed,) = claim_effects(database, at(0), "w")
    fail(database, claimed, at(0), final=True)
    with database.read() as connection:
        assert len(dead_letters(connection, at(0))) == 1


def test_a_worker_that_comes_late_says_nothing_of_what_another_holds(database: Database) -> None:
    begin(database)
    with database.write() as connection:
        put_effects(connection, CASE, [Effect("notify", "k")])
    (slow,) = claim_effects(database, at(0), "slow")
    (quick,) = claim_effects(database, at(0) + LEASE, "quick")
    fail(database, slow, at(3))
    assert claim_effects(database, at(3), "third") == ()
    with database.write() as connection:
        mark_delivered(connection, quick, at(3))
    fail(database, slow, at(4), final=True)
    with database.read() as connection:
        assert dead_letters(connection, at(5)) == ()
        assert effects_in(connection, CASE)[0][1]


def test_nothing_is_put_when_its_event_is_not(database: Database) -> None:
    begin(database)

    def attempt() -> None:
        with database.write() as connection:
            set_timers(connection, CASE, [Timer("t", "x", at(0))])
            put_effects(connection, CASE, [Effect("notify", "k")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        attempt()
    assert claim_timers(database, at(9), "w") == ()
    assert claim_effects(database, at(9), "w") == ()
