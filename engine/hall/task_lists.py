"""Open tasks across cases, for whoever has to do them: checks, questions, papers, disputes, duties."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.casework import Case, Task, TaskKind
from engine.store import read_case
from engine.store.event_log import fold_case
from engine.store.task_index import cases_with_tasks

if TYPE_CHECKING:
    from engine.hall.hall import Hall

_MOST_CASES: Final = 2_000
APPLICANT, DEPARTMENT = "申请人", "审批部门"


@dataclass(frozen=True, slots=True)
class ListedTask:
    """One open task with the case it is of."""

    task: Task
    case_id: str
    number: str
    title: str
    state: str


def open_tasks(
    hall: "Hall", department: str, kinds: Collection[TaskKind] = ()
) -> tuple[ListedTask, ...]:
    """What a department has to do or to watch, the earliest due first; all kinds where none is named.

    Its own tasks, those that other departments' cases ask of it, and what applicants owe it; those
    of all departments for `*`.
    """
    with hall.database.read() as connection:
        names = cases_with_tasks(connection, _MOST_CASES)
        cases = [fold_case(read_case(connection, name)) for name in names]
    found = [
        ListedTask(task, case.id, case.number, case.title, case.state)
        for case in cases
        for task in case.tasks
        if task.is_open and (not kinds or task.kind in kinds) and _concerns(case, task, department)
    ]
    return tuple(sorted(found, key=lambda one: (str(one.task.due), one.number, one.task.id)))


def _concerns(case: Case, task: Task, department: str) -> bool:
    return department in ("*", task.by) or (
        case.department == department and task.by in (APPLICANT, DEPARTMENT)
    )
