"""The event log: appended to by one at a time, never changed, and what it says is what happened."""

import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.casework import Case, Event, advance, fold
from engine.store import Conflict, Database, append, head_of, read_case, verify_case
from engine.store.backup import write_backup
from engine.store.event_log import read_event, write_event
from engine.store.restoring import read_heads
from engine.store.verifying import count_kept, rebuild_cases, verify_all, verify_heads
from stored_cases import AT, PERSON, begin, happening, move, submission


def flaws(database: Database) -> list[tuple[str, int]]:
    with database.read() as connection:
        return [(flaw.subject, flaw.event) for flaw in verify_all(connection)]


def forge(database: Database, statement: str) -> None:
    """Changes what is stored as somebody could who owns the database."""
    with database.write() as connection:
        if database.is_sqlite:
            for name in ("event_stays_update", "event_stays_delete", "event_follows"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
            connection.execute(text("SET session_replication_role = replica"))
        connection.exec_driver_sql(statement)
        if not database.is_sqlite:
            connection.execute(text("SET session_replication_role = DEFAULT"))


FORBIDDEN = {
    "change": "UPDATE event SET content = '{}' WHERE number = 1",
    "touch": "UPDATE event SET hash = hash",
    "delete": "DELETE FROM event WHERE number = 2",
    "leave a gap": "INSERT INTO event SELECT case_id, 9, content, hash FROM event WHERE number = 1",
    "put before": "INSERT INTO event SELECT case_id, 0, content, hash FROM event WHERE number = 1",
    "put between": "INSERT INTO event SELECT case_id, 2, content, hash FROM event WHERE number = 1",
    "delete the case": 'DELETE FROM "case"',
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_database_itself_refuses_to_change_what_happened(database: Database, what: str) -> None:
    move(database, begin(database), happening(1))
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(text(FORBIDDEN[what]))
    assert flaws(database) == []


def test_no_event_is_replaced_or_cut_off(database: Database) -> None:
    move(database, begin(database), happening(1))
    replace = "INSERT OR REPLACE INTO event SELECT case_id, 2, '{}', hash FROM event"
    statement = replace if database.is_sqlite else "TRUNCATE event CASCADE"
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(text(statement))
    assert flaws(database) == []


FORGERIES = {
    "content": (
        "UPDATE event SET content = replace(content, '\"n\":1', '\"n\":7') WHERE number = 2",
        2,
    ),
    "hash": (f"UPDATE event SET hash = '{'0' * 64}' WHERE number = 3", 3),
    "a gap": ("DELETE FROM event WHERE number = 2", 2),
    "the first": ("DELETE FROM event WHERE number = 1", 1),
    "the last": ("DELETE FROM event WHERE number = 3", 3),
    "all": ("DELETE FROM event", 0),
    "state": ("UPDATE \"case\" SET state = 'closed'", 0),
    "applicant": ("UPDATE \"case\" SET applicant = 'x'", 0),
    "head": (f"UPDATE \"case\" SET head = '{'0' * 64}'", 4),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_whatever_is_forged_is_found_with_its_place(database: Database, name: str) -> None:
    case = move(database, begin(database), happening(1), happening(2))
    begin(database, 2)
    statement, place = FORGERIES[name]
    where = " AND case_id = 'case0001'" if "event" in statement else " WHERE id = 'case0001'"
    if name == "all":
        where = " WHERE case_id = 'case0001'"
    forge(database, statement + where)
    assert flaws(database) == [(case.number, place)]


def test_a_rewritten_history_is_found_by_what_lies_outside(
    database: Database, tmp_path: Path
) -> None:
    """Somebody who owns the database makes the whole chain anew: only an older backup tells."""
    case = move(database, begin(database), happening(1))
    begin(database, 2)
    write_backup(database, tmp_path / "b.zip", AT)
    noted = read_heads(tmp_path / "b.zip")

    def rewritten() -> list[tuple[str, int]]:
        with database.read() as connection:
            return [(flaw.subject, flaw.event) for flaw in verify_heads(connection, noted)]

    case = move(database, case, happening(2))
    assert rewritten() == []  # going on is no rewriting
    with database.read() as connection:
        *_, before = count_kept(connection)
    forge(database, "DELETE FROM event WHERE case_id = 'case0001'")
    forge(database, "DELETE FROM \"case\" WHERE id = 'case0001'")
    move(database, begin(database), happening(1, body={"n": 7}), happening(2))
    assert flaws(database) == []
    assert rewritten() == [(case.number, 2)]
    with database.read() as connection:
        assert count_kept(connection)[2] != before


def test_searched_columns_are_made_anew(database: Database) -> None:
    for number in (1, 2):
        move(database, begin(database, number), happening(1, "reviewing"))
    forge(
        database,
        "UPDATE \"case\" SET state = 'x', applicant = '', applicant_digest = '', updated_at = ''",
    )
    assert len(flaws(database)) == 2
    with database.write() as connection:
        assert rebuild_cases(connection) == 2
    assert flaws(database) == []


def test_few_statements_are_sent_however_many_events(database: Database) -> None:
    case = begin(database)
    sent: list[str] = []

    @sqlalchemy_event.listens_for(database.engine, "before_cursor_execute")
    def _count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    move(database, case, *(happening(n) for n in range(20)))
    assert len([s for s in sent if not s.startswith("BEGIN")]) == 3


def test_whoever_comes_second_is_told_and_leaves_nothing(database: Database) -> None:
    case = begin(database)
    move(database, case, happening(1))
    with pytest.raises(Conflict, match="刷新") as caught:
        move(database, case, happening(2), happening(3))
    assert caught.value.case == case.id
    with database.read() as connection:
        assert head_of(connection, case.id)[0] == 2
        with pytest.raises(KeyError):
            read_case(connection, "nobody")
        with pytest.raises(KeyError):
            head_of(connection, "nobody")
    with pytest.raises(KeyError):
        move(database, fold([submission(9)]), happening(1))


def test_of_threads_that_append_at_once_one_wins_each_time(database: Database) -> None:
    case = begin(database)
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def race(mine: int) -> None:
        for turn in range(5):
            with database.read() as connection:
                known = fold(one.event for one in read_case(connection, case.id))
            barrier.wait()
            try:
                move(database, known, happening(turn, body={"by": mine}))
                outcomes.append("won")
            except Conflict:
                outcomes.append("told")
            barrier.wait()

    threads = [threading.Thread(target=race, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("won"), outcomes.count("told")) == (5, 15)
    assert flaws(database) == []


def add_until_done(url: str, case_id: str, mine: int, wanted: int, told: Any) -> None:
    """A process of its own: adds so many events, again whenever it was told to reload."""
    database = Database.open(url)
    conflicts = added = 0
    while added < wanted:
        with database.read() as connection:
            known = fold(one.event for one in read_case(connection, case_id))
        try:
            move(database, known, happening(added, body={"by": mine, "n": added}))
            added += 1
        except Conflict:
            conflicts += 1
    told.put((mine, conflicts))
    database.close()


def test_processes_that_append_at_once_lose_and_double_nothing(database: Database) -> None:
    case = begin(database)
    url = database.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    processes = [
        context.Process(target=add_until_done, args=(url, case.id, n, 15, told)) for n in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    with database.read() as connection:
        events = [one.event for one in read_case(connection, case.id)]
    for mine in range(2):
        assert [e.body["n"] for e in events if e.body.get("by") == mine] == list(range(15))
    assert len(events) == 31
    assert flaws(database) == []


texts = st.text(max_size=5)
bodies = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


class Log(RuleBasedStateMachine):
    """The log beside a naive one: a list of events per case."""

    make: Callable[[], Database]
    cases: Bundle[str] = Bundle("cases")

    @initialize()
    def open(self) -> None:
        self.database = type(self).make()
        self.model: dict[str, list[Event]] = {}

    def known(self, case_id: str, version: int | None = None) -> Case:
        return fold(self.model[case_id][:version])

    @rule(target=cases, body=st.dictionaries(texts, bodies, max_size=3))
    def begin(self, body: dict[str, Any]) -> str:
        number = len(self.model) + 1
        extra = {f"x{key}": value for key, value in body.items()}
        case = begin(self.database, number, **extra)
        self.model[case.id] = [submission(number, **extra)]
        return case.id

    @rule(
        case_id=cases,
        states=st.lists(
            st.sampled_from(["submitted", "reviewing", "closed"]), min_size=1, max_size=3
        ),
        body=st.dictionaries(texts, bodies, max_size=3),
    )
    def move(self, case_id: str, states: list[str], body: dict[str, Any]) -> None:
        events = [happening(n, state, body) for n, state in enumerate(states)]
        after = move(self.database, self.known(case_id), *events)
        self.model[case_id].extend(events)
        assert after == self.known(case_id)

    @rule(case_id=cases, back=st.integers(1, 3))
    def come_late(self, case_id: str, back: int) -> None:
        version = len(self.model[case_id]) - back
        if version < 1:
            return
        with pytest.raises(Conflict):
            move(self.database, self.known(case_id, version), happening(1))

    @rule(case_id=cases)
    def give_up(self, case_id: str) -> None:
        """A transaction that fails after appending leaves nothing."""
        case = self.known(case_id)
        event = happening(1)
        with suppress(ZeroDivisionError), self.database.write() as connection:
            append(connection, advance(case, event), [event], version=case.version)
            raise ZeroDivisionError

    @invariant()
    def agrees(self) -> None:
        with self.database.read() as connection:
            for case_id, events in self.model.items():
                read = read_case(connection, case_id)
                assert [one.event for one in read] == events
                assert [one.number for one in read] == list(range(1, len(events) + 1))
                assert head_of(connection, case_id) == (len(events), read[-1].hash)
                assert verify_case(connection, case_id) is None
            assert list(verify_all(connection)) == []

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()


def test_the_log_does_what_a_list_does(fresh: Callable[[], Database]) -> None:
    database = fresh()

    class OfThisKind(Log):
        @staticmethod
        def make() -> Database:
            clear(database)
            return Database(database.engine)

    run_state_machine_as_test(
        OfThisKind, settings=settings(max_examples=15, stateful_step_count=12)
    )


def clear(database: Database) -> None:
    """Takes all cases away, as no program may."""
    with database.write() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER event_stays_delete"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER event_stays"))
        for name in ("event", '"case"'):
            connection.execute(text(f"DELETE FROM {name}"))
        if database.is_sqlite:
            connection.execute(
                text(
                    "CREATE TRIGGER event_stays_delete BEFORE DELETE ON event "
                    "BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END"
                )
            )
        else:
            connection.execute(text("ALTER TABLE event ENABLE TRIGGER event_stays"))


def test_an_event_is_read_as_it_was_written() -> None:
    event = Event("x", AT, PERSON, "s", {"b": [1, None, {"字": "\ud800\x00"}]})
    assert read_event(write_event(event)) == event


def test_what_is_kept_can_be_read_as_text(tmp_path: Path) -> None:
    """Ten years on somebody may have only the file and a pencil."""
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    database.create()
    begin(database)
    with database.read() as connection:
        content = connection.execute(text("SELECT content FROM event")).scalar_one()
    assert '"name":"示例美发店"' in content
    database.close()
