"""Which timers a case has: those that its flow declares, and those of its deadlines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.casework.case import Case
from engine.casework.deadlines import clock_of, delivery_of, limit_of, working_day_before
from engine.casework.events import CHINA
from engine.casework.results import result_timers
from engine.casework.special import open_specials
from engine.casework.tasks import task_timers
from engine.casework.timers import Timer
from engine.clock import Calendar
from engine.definitions import Flow, FlowTimer

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Substitution:
    """That somebody is away on some days, and who handles the cases meanwhile (AB岗)."""

    department: str
    role: str
    holder: str
    substitute: str
    first: date
    last: date
    reason: str
    matters: tuple[str, ...] = ()  # all when empty

    def covers(self, case: Case, role: str, day: date) -> bool:
        return (
            self.department == case.department
            and self.role == role
            and self.first <= day <= self.last
            and (not self.matters or case.matter in self.matters)
            and case.handler in ("", self.holder)
        )


def timers_of(
    case: Case, flow: Flow, calendar: Calendar, away: Sequence[Substitution] = ()
) -> tuple[Timer, ...]:
    """What the clock will do with the case if nothing else happens before."""
    state = flow.states.get(case.state)
    if state is None or state.is_end:
        return _lasting(case)
    declared = [_declared(timer, case, calendar) for timer in flow.timers]
    return (
        *(timer for timer in declared if timer is not None),
        *_promise_timers(case, flow, calendar),
        *_delivery_timers(case, flow, calendar),
        *_special_timers(case, calendar),
        *_joint_timers(case, calendar),
        *_substitute_timer(case, flow, calendar, away),
        *_lasting(case),
    )


def _lasting(case: Case) -> tuple[Timer, ...]:
    """What goes on after the handling has ended."""
    return (*task_timers(case), *result_timers(case))


def after(day: date) -> datetime:
    """The first moment that is no longer on a day."""
    return datetime.combine(day + _DAY, time(), CHINA)


def _declared(timer: FlowTimer, case: Case, calendar: Calendar) -> Timer | None:
    since, within = case.since.get(timer.since), case.times.get(timer.within, timer.within)
    if case.state not in timer.while_ or since is None:
        return None
    due = limit_of(within, since, calendar).due
    return Timer(timer.id, timer.do, after(due), {"since": since.isoformat(), "due": f"{due}"})


def _card(identity: str, due: datetime, colour: str, reason: str, zh: str, en: str) -> Timer:
    body = {"colour": colour, "reason": reason, "zh": zh, "en": en}
    return Timer(identity, "raise_card", due, body)


def _promise_timers(case: Case, flow: Flow, calendar: Calendar) -> Iterator[Timer]:
    """Yellow on the working day before, red when it is over; none while the clock stands still."""
    started = case.since.get("accepted")
    if started is None or "decided" in case.since or _stands_still(case, flow):
        return
    clock = clock_of(case, flow, calendar, started)
    if clock.promise and clock.promise.counted:
        due = clock.promise.due
        nearing = datetime.combine(working_day_before(due, calendar), time(), CHINA)
        zh, en = f"承诺办结时限 {due} 将到", f"the promised time ends on {due}"
        yield _card("promise_nearing", nearing, "yellow", "promise-nearing", zh, en)
    for name, end, title in (
        ("promise", clock.promise, "承诺办结时限"),
        ("statutory", clock.statutory, "法定办结时限"),
    ):
        if end is not None:
            zh = f"{title}应于 {end.due} 前完成，已超期"
            en = f"the {name} time was due on {end.due}"
            yield _card(f"{name}_over", after(end.due), "red", f"{name}-over", zh, en)


def _delivery_timers(case: Case, flow: Flow, calendar: Calendar) -> Iterator[Timer]:
    end = delivery_of(case, flow, calendar)
    if end is not None:
        zh = f"决定应于 {end.due} 前颁发、送达，已超期"
        en = f"the result was to be handed over by {end.due}"
        yield _card("delivery_over", after(end.due), "red", "delivery-over", zh, en)


def _stands_still(case: Case, flow: Flow) -> bool:
    is_stopped = flow.states[case.state].clock == "stopped"
    return is_stopped or any(special.stops_clock for special in open_specials(case))


def _special_timers(case: Case, calendar: Calendar) -> Iterator[Timer]:
    for special in open_specials(case):
        due = limit_of(special.within, special.started, calendar).due
        zh = f"特殊环节“{special.title}”应于 {due} 前完成，已超期"
        en = f"{special.title} was due on {due}"
        reason = f"special-over:{special.title}"
        identity = f"special_over:{special.title}:{special.started}"
        yield _card(identity, after(due), "red", reason, zh, en)


def _joint_timers(case: Case, calendar: Calendar) -> Iterator[Timer]:
    for part in case.joint.waiting if case.joint else ():
        if part.asked is None:
            continue
        due = limit_of(part.within, part.asked, calendar).due
        zh = f"{part.department}应于 {due} 前提出意见，已超期"
        en = f"the opinion of {part.department} was due on {due}"
        reason = f"opinion-over:{part.department}"
        yield _card(f"opinion_over:{part.department}", after(due), "red", reason, zh, en)


def _substitute_timer(
    case: Case, flow: Flow, calendar: Calendar, away: Sequence[Substitution]
) -> Iterator[Timer]:
    """On the working day before the task is due it passes to the substitute of whoever is away."""
    holder = flow.states[case.state].holder
    if not away or holder is None:
        return
    clock = clock_of(case, flow, calendar, case.stays[-1].from_)
    due = clock.notice_by or clock.promise_by or clock.statutory_by
    if due is None:
        return
    day = working_day_before(due, calendar)
    found = next((one for one in away if one.covers(case, holder, day)), None)
    if found is not None:
        zh = f"{found.holder}{found.reason}，待办将于 {due} 到期，自动转由{found.substitute}办理"
        body = {"from": found.holder, "to": found.substitute, "reason": zh}
        yield Timer("hand_over", "hand_over", datetime.combine(day, time(), CHINA), body)
