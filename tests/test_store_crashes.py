"""Workers killed with SIGKILL under load: nothing that was acknowledged is lost, nothing doubled.

`CRASH_SECONDS` says for how long on each database; a minute without it.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from databases import KINDS, PostgresServer
from engine.store import Database, read_case
from engine.store.tables import (
    case_table,
    command_table,
    counter_table,
    effect_table,
    timer_table,
)
from engine.store.verifying import verify_all

SECONDS = float(os.environ.get("CRASH_SECONDS", "60"))
HALL = Path(__file__).parent / "crashing_hall.py"
# What the clock does by itself within another command, and not by a timer.
ALONG = {"evaluate", "decide_by_rule", "seal"}


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/t.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made = server.new(request.getfixturevalue("template"))
    yield made
    server.drop(made)


def crash(url: str, folder: Path) -> dict[str, Any]:
    """Lets the workers crash for a while; what was counted."""
    done = subprocess.run(
        [sys.executable, str(HALL), url, str(folder), str(SECONDS)],
        env={**os.environ, "PYTHONPATH": str(HALL.parent.parent)},
        capture_output=True,
        text=True,
        timeout=SECONDS * 3 + 300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    counted = json.loads(done.stdout)
    assert isinstance(counted, dict)
    return counted


def notes_in(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in sorted(folder.glob("*.notes"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.soak
def test_nothing_acknowledged_is_lost_and_nothing_doubled(url: str, tmp_path: Path) -> None:
    database = Database.open(url)
    database.create()
    database.close()
    counted = crash(url, tmp_path)
    failed = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.glob("*.failed")}
    assert failed == {}
    notes = notes_in(tmp_path)
    database = Database.open(url)
    with database.read() as connection:
        assert list(verify_all(connection)) == []
        commands = {row.key: row for row in connection.execute(select(command_table))}
        cases = connection.execute(select(case_table.c.id)).scalars().all()
        events = {case: [one.event for one in read_case(connection, case)] for case in cases}
        effects = connection.execute(select(effect_table)).all()
        open_timers = connection.execute(
            select(timer_table).where(timer_table.c.done_at.is_(None))
        ).all()
        given_out = connection.execute(select(func.sum(counter_table.c.value))).scalar()
    now = datetime.fromisoformat(counted["now"])

    # Acknowledged: there, once, where it was said to be.
    done = [note for note in notes if "done" in note]
    asked = {note["asked"]: note["do"] for note in notes if "asked" in note}
    for note in done:
        kept = commands[note["done"]]
        assert (kept.case_id, kept.number) == (note["case"], note["version"])
        assert len(events[note["case"]]) >= note["version"]
    # Every event of a person is that of one command, every command left one.
    by_people = Counter(
        "submit" if event.kind == "submitted" else event.kind
        for case in events.values()
        for event in case
        if event.actor.role != "clock"
    )
    people = {key: row for key, row in commands.items() if not key.startswith(("timer:", "seal:"))}
    assert people.keys() <= asked.keys()
    assert by_people == Counter(asked[key] for key in people)
    # Numbers without gaps, none given out twice (the column is unique).
    assert given_out == len(cases)
    # Each timer once.
    fired = Counter(
        event.kind
        for case in events.values()
        for event in case
        if event.actor.role == "clock" and event.kind not in ALONG
    )
    timers = [key for key in commands if key.startswith("timer:")]
    assert sum(fired.values()) == len(timers)
    assert [row for row in open_timers if datetime.fromisoformat(row.due) <= now] == []
    # Each message handed over at least once, kept once.
    handed = Counter((tmp_path / "delivered").read_text(encoding="utf-8").split())
    assert handed.keys() == {effect.key for effect in effects}
    assert all(effect.done_at for effect in effects)
    told = {
        "kills": counted["kills"],
        "taken up again": counted["revived"],
        "asked": len(asked),
        "acknowledged": len(done),
        "done, not acknowledged": len(people) - len(done),
        "conflicts": sum("conflict" in note for note in notes),
        "cases": len(cases),
        "events": sum(map(len, events.values())),
        "timers fired": len(timers),
        "messages": len(effects),
        "handed over again": sum(handed.values()) - len(handed),
    }
    print(f"\n{database.engine.dialect.name}, {SECONDS:.0f} s: {json.dumps(told)}")
    database.close()
    assert counted["kills"] > SECONDS / 2
    assert len(done) > SECONDS
