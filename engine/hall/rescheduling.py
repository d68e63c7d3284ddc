"""Deadlines worked out anew, when a calendar is published or posts change while cases run.

What the clock will do, and what work lists search for, is kept beside each case and follows from the
calendars of the day it was written. Whichever worker sees other calendars first brings all in step.
"""

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.casework import timers_of
from engine.hall.marks import absences_of, marks_of
from engine.store import Conflict, Search, head_of, search_cases, set_marks, set_timers
from engine.store.settings import read_setting, write_setting
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.hall.hall import Hall

_SETTING: Final = "schedule"
_KINDS: Final = ("calendar", "post")
_BATCH: Final = 200
_TRIES: Final = 3


def reschedule_changed(hall: "Hall", on: date) -> int:
    """Brings every case in step where calendars or posts are others than last time; how many."""
    digest = schedule_digest(hall.current())
    with hall.database.read() as connection:
        known = read_setting(connection, _SETTING)
    if known == digest:
        return 0
    count = _reschedule_all(hall, on) if known else 0
    with hall.database.write() as connection:
        write_setting(connection, _SETTING, digest)
    return count


def schedule_digest(workspace: Workspace) -> str:
    """Over the texts of all calendars and posts."""

    def make() -> str:
        files = [file for kind in _KINDS for file in workspace.files_of(kind)]
        lines = "\n".join(f"{file.file} {file.digest}" for file in files)
        return hashlib.sha256(lines.encode()).hexdigest()

    return workspace.keep("schedule", make)


def _reschedule_all(hall: "Hall", on: date) -> int:
    count, after = 0, ""
    while True:
        with hall.database.read() as connection:
            page = search_cases(
                connection, Search(on=on), order="newest", limit=_BATCH, after=after
            )
        for row in page.rows:
            _reschedule(hall, row.id, on)
        count += len(page.rows)
        after = page.following
        if not after:
            return count


def _reschedule(hall: "Hall", case_id: str, on: date) -> None:
    """Where somebody moves the case on meanwhile, that does it; it is tried again all the same."""
    for _ in range(_TRIES):
        case = hall.case(case_id)
        flow, workspace = hall.flow(case), hall.current()
        timers = timers_of(case, flow, workspace.calendar, absences_of(workspace, on))
        try:
            with hall.database.write() as connection:
                # First, since it locks the case: nobody moves it on until this is written.
                set_marks(connection, case_id, marks_of(case, flow, workspace.calendar))
                if head_of(connection, case_id)[0] != case.version:
                    raise Conflict(case_id)
                set_timers(connection, case_id, timers)
        except Conflict:
            continue
        return
