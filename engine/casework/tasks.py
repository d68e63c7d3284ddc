"""What somebody is to do by a day: duties after the decision, checks, questions to departments.

Tasks are opened by an event of their own, which follows the one that called for them and holds
their days: a case needs no calendar to be read again. See `engine.hall.after`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from engine.casework.effects import Effect
from engine.casework.events import CHINA, Command, Event
from engine.casework.refusals import CommandRefused
from engine.casework.timers import Timer

if TYPE_CHECKING:
    from engine.casework.case import Case

# obligation: a duty of the holder or the organ. verify: whether a commitment was kept. rectify: to
# put right what was promised. supply: a material that may follow later. paper: a paper licence to
# be entered by its issuer (补登). assist: a question to a department (协查). objection: a register's
# value that the applicant disputes (异议).
TaskKind = Literal["obligation", "verify", "rectify", "supply", "paper", "assist", "objection"]
TASK_TITLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "obligation": ("后续义务", "duty after the decision"),
        "verify": ("承诺核查", "check of a commitment"),
        "rectify": ("限期整改", "to be put right"),
        "supply": ("补齐容缺材料", "material to follow"),
        "paper": ("纸质证照补登", "paper licence to be entered"),
        "assist": ("部门协查", "question to a department"),
        "objection": ("数据异议", "disputed register value"),
    }
)
assert set(TASK_TITLES) == set(get_args(TaskKind))
_REMINDED_BEFORE = timedelta(days=30)
_TOLD = {
    "mark_late": ("应于 {due} 前完成，已逾期", "was due on {due} and is late"),
    "remind": ("请于 {due} 前完成", "is due on {due}"),
    "lapse": (
        "逾期未补齐，视为撤回申请；材料退回，可以再次申请，不计入失信",
        "not supplied by {due}: it counts as withdrawn; you may apply again",
    ),
}
_DAY = timedelta(days=1)
_LONG = timedelta(days=60)  # a shorter task is not reminded of: it was told just now


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `by` is 申请人, 审批部门 or a department's name; `due` is the last day in time."""

    id: str
    kind: TaskKind
    title: str
    by: str
    opened_on: date
    due: date | None = None
    is_provisional: bool = False  # the calendar of the year was not published
    basis: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    done_on: date | None = None
    answer: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    is_late: bool = False

    @property
    def is_open(self) -> bool:
        return self.done_on is None


def task_to_json(task: Task) -> dict[str, Any]:
    """A task as an event's body carries it when it is opened."""
    return {
        "id": task.id,
        "kind": task.kind,
        "title": task.title,
        "by": task.by,
        "due": task.due.isoformat() if task.due else None,
        "provisional": task.is_provisional,
        "basis": list(task.basis),
        "about": dict(task.about),
    }


def _open(case: "Case", event: Event) -> "Case":
    """One that is known already stays as it is."""
    known = {task.id for task in case.tasks}
    if event.body.get("licence_due"):
        case = replace(case, licence_due=event.body["licence_due"])
    new = [_read(data, event.day) for data in event.body.get("tasks", ())]
    new = [task for task in new if task.id not in known]
    return replace(case, tasks=(*case.tasks, *new)) if new else case


def follow(case: "Case", event: Event) -> "Case":
    """What an event of any kind does to tasks: what is supplied need not follow any more."""
    supplied = event.body.get("materials", {}) if event.kind == "supply" else {}
    for task in case.tasks if supplied else ():
        if task.is_open and task.kind == "supply" and task.about.get("material") in supplied:
            case = close_task(case, task.id, event)
    return case


def _read(data: Mapping[str, Any], opened_on: date) -> Task:
    due = data.get("due")
    return Task(
        id=data["id"],
        kind=data["kind"],
        title=data["title"],
        by=data["by"],
        opened_on=opened_on,
        due=date.fromisoformat(due) if due else None,
        is_provisional=bool(data.get("provisional")),
        basis=tuple(data.get("basis", ())),
        about=data.get("about", {}),
    )


def task_of(case: "Case", identity: str) -> Task | None:
    """The task of an id; None where the case has none."""
    return next((task for task in case.tasks if task.id == identity), None)


def open_task_of(case: "Case", command: Command, *kinds: TaskKind) -> Task:
    """The open task that a command speaks of, of one of the kinds. Raises CommandRefused."""
    identity = str(command.body.get("task", ""))
    fitting = [t for t in case.tasks if t.is_open and (not kinds or t.kind in kinds)]
    if not identity and len(fitting) == 1:
        return fitting[0]
    found = next((task for task in fitting if task.id == identity), None)
    if found is not None:
        return found
    known = "、".join(f"{t.id}（{t.title}）" for t in fitting) or "（没有）"
    raise CommandRefused(
        "no-such-task",
        f"没有待办任务“{identity}”；待办的有：{known}",
        f"no open task {identity!r}; open are: {', '.join(t.id for t in fitting) or 'none'}",
    )


def close_task(case: "Case", identity: str, event: Event) -> "Case":
    """The case with a task done, the event's body as its answer."""
    answer = {name: value for name, value in event.body.items() if name not in ("task", "tasks")}
    tasks = tuple(
        replace(t, done_on=event.day, answer=answer) if t.id == identity else t for t in case.tasks
    )
    return replace(case, tasks=tasks)


def close_tasks(case: "Case", kinds: tuple[TaskKind, ...], event: Event) -> "Case":
    """The case with all open tasks of these kinds done."""
    for task in case.tasks:
        if task.is_open and task.kind in kinds:
            case = close_task(case, task.id, event)
    return case


def _mark_late(case: "Case", event: Event) -> "Case":
    late = event.body["task"]
    tasks = tuple(replace(t, is_late=True) if t.id == late else t for t in case.tasks)
    return replace(case, tasks=tasks)


def _lapse(case: "Case", event: Event) -> "Case":
    """逾期未补齐的，视为撤回申请."""
    ended = close_tasks(_mark_late(case, event), get_args(TaskKind), event)
    return replace(ended, outcome="终止", deemed="deem_withdrawn")


def _not_late(case: "Case", command: Command) -> None:
    """The clock speaks of a task that is open, and only once."""
    task = open_task_of(case, command)
    if task.is_late or task.due is None or command.day <= task.due:
        raise CommandRefused("not-late", f"“{task.title}”没有逾期", f"{task.id} is not late")


def _nothing_to_follow(case: "Case", command: Command) -> None:
    """补齐前不得发证: nothing is granted or issued while a material may still follow."""
    waiting = [t for t in case.tasks if t.is_open and t.kind == "supply"]
    if waiting:
        zh = "、".join(f"{t.title}（{t.due} 前）" for t in waiting)
        raise CommandRefused(
            "materials-to-follow", f"容缺材料尚未补齐：{zh}", "materials are still to follow"
        )


def _something_to_follow(case: "Case", command: Command) -> None:
    supplied = command.body.get("materials") or {}
    waiting = {t.about.get("material") for t in case.tasks if t.is_open and t.kind == "supply"}
    if not waiting.intersection(supplied):
        named = "、".join(sorted(str(name) for name in waiting)) or "（没有）"
        raise CommandRefused(
            "nothing-to-follow",
            f"受理后只能补交容缺的材料：{named}",
            "after acceptance only what was to follow is supplied",
        )


def start_of(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA)


def task_timers(case: "Case") -> tuple[Timer, ...]:
    """A reminder before a long task ends, and a mark once it is over; a late supply ends the case."""
    timers: list[Timer] = []
    for task in case.tasks if case.outcome != "终止" else ():
        if not task.is_open or task.due is None:
            continue
        body = {"task": task.id}
        # It stays when it has fired, once: by it the store finds the tasks that are open.
        over = "lapse" if task.kind == "supply" else "mark_late"
        timers.append(Timer(f"late:{task.id}", over, start_of(task.due + _DAY), body))
        reminded = task.due - _REMINDED_BEFORE
        if task.due - task.opened_on > _LONG:
            timers.append(Timer(f"remind:{task.id}", "remind", start_of(reminded), body))
    return tuple(timers)


def _notify(case: "Case", event: Event) -> tuple[Effect, ...]:
    task = task_of(case, str(event.body.get("task", "")))
    if task is None:
        return ()
    due = task.due.isoformat() if task.due else ""
    zh, en = _TOLD[event.kind]
    body = {
        "to": case.owner if task.by == "申请人" else task.by,
        "case": case.id,
        "number": case.number,
        "matter": case.matter,
        "title": case.title,
        "about": event.kind,
        "zh": f"【{case.title}】{task.title}：{zh.format(due=due)}",
        "en": f"[{case.title}] {task.title}: {en.format(due=due)}",
    }
    return (Effect("notify", f"notify:{case.id}:{event.kind}:{task.id}:{due}", body),)


def _ask(case: "Case", event: Event) -> tuple[Effect, ...]:
    """Another department is told of its task."""
    found = (task_of(case, data["id"]) for data in event.body.get("tasks", ()))
    return tuple(
        Effect("query", f"query:{case.id}:{t.id}", {"department": t.by, **task_to_json(t)})
        for t in found
        if t is not None and t.kind in ("assist", "paper", "objection")
    )


def _record(case: "Case", command: Command) -> Mapping[str, Any]:
    return {"task": open_task_of(case, command).id}


CHANGES: dict[str, Callable[["Case", Event], "Case"]] = {
    "open_tasks": _open,
    "mark_late": _mark_late,
    "lapse": _lapse,
}
RECORDS: dict[str, Callable[["Case", Command], Mapping[str, Any]]] = {
    "mark_late": _record,
    "remind": _record,
    "lapse": _record,
}
NEEDS: dict[str, Callable[["Case", Command], None]] = {
    "late_task": _not_late,
    "nothing_to_follow": _nothing_to_follow,
    "something_to_follow": _something_to_follow,
}
EFFECTS: dict[str, Callable[["Case", Event], tuple[Effect, ...]]] = {
    "mark_late": _notify,
    "remind": _notify,
    "lapse": _notify,
    "open_tasks": _ask,
}
