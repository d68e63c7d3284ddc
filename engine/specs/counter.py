"""The hall of one scenario (办事大厅): a real one on a store of its own, and the case it speaks of."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from engine.casework import CHINA, Actor, Case, CaseClock, Command, CommandRefused
from engine.hall import Hall
from engine.hall.sealing import SealRing
from engine.specs.outcome import StepFailed
from engine.specs.registers import expecting_silence
from engine.store import Database, effects_in
from engine.workspace import Workspace

_MORNING: Final = time(9, 30)
_DAY: Final = timedelta(days=1)


class Counter:
    """What happens at a counter, day by day. `refused` waits to be looked at by a 那么.

    A command that is refused fails the scenario, unless the next step expects it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.refused: CommandRefused | None = None
        self.names: list[str] = []  # ids of the cases, in the order of their submission
        self._folder = Path(tempfile.mkdtemp(prefix="tongban-"))
        file = self._folder / "hall.db"
        shutil.copyfile(_template(), file)
        database = Database.open(f"sqlite:///{file}")
        self.hall = Hall(database, lambda: self.workspace, seals=_seals())
        self._today: date | None = None
        self._count = 0
        weakref.finalize(self, _clear_away, database, self._folder)

    # --- doing -------------------------------------------------------------------------------

    def submit(
        self, matter: str, application: Mapping[str, Any], on: date, body: Mapping[str, Any]
    ) -> None:
        """Posts an application; what refuses it is kept for the next step."""
        name = str((application.get("applicant") or {}).get("name") or "申请人")
        command = Command("submit", Actor(name, "applicant"), self.at(on), body)
        self.acknowledge()
        try:
            with expecting_silence():
                self.names.append(self.hall.submit(matter, application, command).id)
        except CommandRefused as refused:
            self.refused = refused

    def give(self, do: str, actor: Actor, on: date, body: Mapping[str, Any] | None = None) -> None:
        """Gives a command on the case; a refusal is kept for the next step."""
        self.acknowledge()
        command = Command(do, actor, self.at(on), body or {})
        try:
            with expecting_silence():
                self.hall.perform(self.case.id, command)
        except CommandRefused as refused:
            self.refused = refused

    def at(self, on: date) -> datetime:
        """A moment on a day, later than every moment before; timers of the days between fire."""
        self.pass_time(on)
        self._count += 1
        return datetime.combine(on, _MORNING, CHINA) + timedelta(seconds=self._count)

    def pass_time(self, until: date) -> None:
        """Lets the days go by, each with its timers. Raises StepFailed for going back in time."""
        day = self._today or until
        if until < day:
            raise StepFailed(
                f"时间不能倒流：上一步在 {day}，这一步在 {until}", f"{until} is before {day}"
            )
        while day < until:
            day += _DAY
            self.hall.tick(datetime.combine(day, time(0, 30), CHINA), "scenario")
        self._today = until

    # --- looking -----------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        """The case submitted last. Raises StepFailed where there is none."""
        if not self.names:
            raise StepFailed(
                '还没有办件：请先写 当 申请人于 2026-11-22 提交"…"的申请',
                "there is no case yet: an application is submitted first",
            )
        return self.hall.case(self.names[-1])

    def moment(self, on: date) -> datetime:
        """A moment of a day, for looking: nothing happens by it."""
        return datetime.combine(on, _MORNING, CHINA)

    def clock(self, on: date | None = None) -> CaseClock:
        assert self._today is not None  # there is a case, so a day was said
        return self.hall.clock(self.case, on or self._today)

    def notices(self) -> list[str]:
        """What the applicant of the case was told, in order."""
        with self.hall.database.read() as connection:
            found = effects_in(connection, self.case.id)
        return [str(e.body["zh"]) for e, _ in found if e.topic == "notify"]

    def refusal(self) -> CommandRefused:
        """Why the last command was refused; it is looked at now. Raises StepFailed."""
        if self.refused is None:
            raise StepFailed("上一步操作没有被拒绝", "the last command was not refused")
        refused, self.refused = self.refused, None
        return refused

    def acknowledge(self) -> None:
        """Raises StepFailed where a command was refused and no step expected it."""
        if self.refused is not None:
            refused = self.refused
            raise StepFailed(f"操作被拒绝：{refused.zh}", f"refused: {refused.en}")


def actor_of(case: Case, role: str, name: str, department: str = "") -> Actor:
    """Somebody of the case's department, or of another."""
    return Actor(name, role, department or case.department)


@cache
def _template() -> Path:
    """An empty store, made once for all scenarios of the process."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-template-"))
    database = Database.open(f"sqlite:///{folder / 'empty.db'}")
    database.create()
    database.close()
    # A module's functions outlive every scenario: what they made goes with the process.
    weakref.finalize(_template, shutil.rmtree, folder, ignore_errors=True)
    return folder / "empty.db"


@cache
def _seals() -> SealRing:
    """The seals of all scenarios of the process: no key is written into the workspace."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-seals-"))
    weakref.finalize(_seals, shutil.rmtree, folder, ignore_errors=True)
    return SealRing(folder)


def _clear_away(database: Database, folder: Path) -> None:
    database.close()
    shutil.rmtree(folder, ignore_errors=True)
