"""Workers of a hall under load, killed at random moments: `python crashing_hall.py URL FOLDER SECONDS`.

Each worker gives commands as people do, fires timers and delivers messages. What it was told is done
it writes into a file of its own, so that this survives it. Started by tests/test_store_crashes.py; a
process of its own, since it forks.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from engine.casework import CHINA, Actor, Case, Command, CommandRefused
from engine.hall import Hall
from engine.hall.sealing import SealRing
from engine.hooks import Message, Receiver
from engine.source import read_json
from engine.store import (
    Conflict,
    Database,
    Search,
    dead_letters,
    retry_effect,
    retry_timer,
    search_cases,
    stuck_timers,
)
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
START = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
SPEED = 600  # so many seconds of the cases pass in one of ours: a lease of two minutes in 0.2 s
WORKERS = 4
MATTER = "public_venue_hygiene"
HEALTH = "任城区卫生健康局"
PEOPLE = {
    "accept": Actor("刘敏", "clerk", "政务服务中心"),
    "review": Actor("陈晓", "reviewer", HEALTH),
    "return_to_review": Actor("周正", "checker", HEALTH),
    "approve": Actor("周正", "checker", HEALTH),
    "close": Actor("孙丽", "issuer", "政务服务中心"),
    "reevaluate": Actor("刘敏", "clerk", "政务服务中心"),
    "withdraw": Actor("王明", "applicant"),
}
WANTED = {
    "submitted": ("accept", "accept", "reevaluate", "withdraw"),
    "reviewing": ("review", "review", "review", "withdraw"),
    "checking": ("approve", "approve", "return_to_review"),
    "issuing": ("close",),
}


@dataclass
class Worker:
    """One worker: what it writes down, and how it gives commands."""

    hall: Hall
    folder: Path
    name: str
    begun: float
    count: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.name)
        self.notes = os.open(
            self.folder / f"{self.name}.notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND
        )
        self.application = read_json(
            (ROOT / f"rulesets/samples/{MATTER}/approved.json").read_bytes()
        )

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=(time.time() - self.begun) * SPEED)

    def note(self, **words: object) -> None:
        os.write(self.notes, json.dumps(words).encode() + b"\n")

    def work(self) -> NoReturn:
        while True:
            what = self.chance.random()
            if what < 0.15:
                self.hall.tick(self.now, self.name)
            elif what < 0.3:
                self.hall.deliver(self.now, self.name)
            elif what < 0.5:
                self.submit()
            else:
                self.move_some()

    def submit(self) -> None:
        application = deepcopy(self.application)
        number = self.chance.randrange(10**6)
        application["applicant"]["name"] = f"示例{number}号店"
        # Handed in some time ago: what its clock will do is due soon, or at once.
        at = self.now - timedelta(days=self.chance.randrange(20))
        reason = {"duplicate_reason": "压力测试"}
        self.give(
            lambda c: self.hall.submit(MATTER, application, c),
            "submit",
            PEOPLE["withdraw"],
            at,
            reason,
        )

    def move_some(self) -> None:
        with self.hall.database.read() as connection:
            rows = search_cases(connection, Search(self.now.date()), order="newest", limit=40).rows
        if not rows:
            return
        row = self.chance.choice(rows)
        do = self.chance.choice(WANTED.get(row.state, ("reevaluate",)))
        body = {"outcome": "准予", "opinion": "符合条件"} if do == "review" else {}
        self.give(lambda c: self.hall.perform(row.id, c), do, PEOPLE[do], self.now, body)

    def give(
        self, carry_out: Callable[[Command], Case], do: str, actor: Actor, at: datetime, body: Any
    ) -> None:
        """Gives one command, and writes down that it will and that it was done."""
        self.count += 1
        key = f"{self.name}-{self.count}"
        self.note(asked=key, do=do)
        try:
            case = carry_out(Command(do, actor, at, body, key))
        except CommandRefused as refused:
            self.note(refused=key, reason=refused.reason)
        except Conflict:
            self.note(conflict=key)
        else:
            self.note(done=key, case=case.id, version=case.version)
            if self.chance.random() < 0.1:  # as a client that did not hear the answer does
                assert carry_out(Command(do, actor, at, body, key)).id == case.id


def make_hall(url: str, folder: Path, workspace: Workspace) -> Hall:
    return Hall(Database.open(url), lambda: workspace, seals=SealRing(folder / "seals"))


def make_workspace(folder: Path) -> Workspace:
    """The shipped workspace, its messages taken by appending their keys to a file."""
    workspace = Workspace.load(ROOT)

    def take(message: Message) -> None:
        with (folder / "delivered").open("a", encoding="utf-8") as stream:
            stream.write(message.key + "\n")

    vars(workspace)["receivers"] = (Receiver("file", "文件", Message.TOPICS, take),)
    return workspace


def warm(hall: Hall, folder: Path, begun: float) -> None:
    """Begins a case, so that what is compiled once is compiled before the workers are forked."""
    Worker(hall, folder, "warm", begun).submit()
    hall.database.close()


def start(url: str, folder: Path, hall: Hall, name: str, begun: float) -> int:
    """A forked worker: its process number."""
    child = os.fork()
    if child:
        return child
    try:
        hall.database = Database.open(url)
        Worker(hall, folder, name, begun).work()
    except (
        BaseException
    ) as error:  # whatever it is must reach the test, and never the parent's code
        (folder / f"{name}.failed").write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
    finally:
        os._exit(1)


def drain(hall: Hall, now: datetime) -> int:
    """Does all that is left to do; how often something had to be taken up again."""
    revived = 0
    while True:
        while hall.tick(now, "last") + hall.deliver(now, "last"):
            pass
        with hall.database.write() as connection:
            letters, timers = dead_letters(connection, now), stuck_timers(connection, now)
            for letter in letters:
                retry_effect(connection, letter.effect.key)
            for due in timers:
                retry_timer(connection, due.case_id, due.timer.id)
        if not letters and not timers:
            return revived
        revived += len(letters) + len(timers)


def main(url: str, folder: Path, seconds: float) -> None:
    hall = make_hall(url, folder, make_workspace(folder))
    warm(hall, folder, time.time())
    begun = time.time()
    chance = random.Random(seconds)
    names = (f"w{n}" for n in range(10**9))
    alive = [start(url, folder, hall, next(names), begun) for _ in range(WORKERS)]
    kills = 0
    while time.time() - begun < seconds:
        time.sleep(chance.uniform(0.05, 1.0))
        place = chance.randrange(WORKERS)
        os.kill(alive[place], signal.SIGKILL)
        os.waitpid(alive[place], 0)
        kills += 1
        alive[place] = start(url, folder, hall, next(names), begun)
    for child in alive:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    # Leases of the killed must have ended.
    now = START + timedelta(seconds=(time.time() - begun) * SPEED, days=1)
    hall.database = Database.open(url)
    revived = drain(hall, now)
    print(json.dumps({"kills": kills + WORKERS, "revived": revived, "now": now.isoformat()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
