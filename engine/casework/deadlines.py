"""The clock of a case: by when, what was counted and left out, and which card it shows.

行政许可法第四十二条 to 第四十五条 and 第八十二条: counted from acceptance, whose day is not counted; what
stops the clock moves the end; the calendar is the one published when it is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.casework.cards import Card, Colour, worst
from engine.casework.case import Case
from engine.clock import Calendar, Deadline, Period, Span, deadline
from engine.definitions import Flow

_OF_TIME = frozenset({"notice-over", "promise-over", "statutory-over"})
_AT_ONCE = ("即办", "当场")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CaseClock:
    """The time of a case on a day. Dates are None where nothing runs.

    `notice_by`: the last day to accept or to tell what to correct. `correct_by`: the applicant's
    last day. `remaining` counts working days left to `promise_by`, `overdue` those past it.
    """

    on: date
    started: date | None
    promise: Deadline | None
    statutory: Deadline | None
    notice_by: date | None
    correct_by: date | None
    suspended: tuple[Span, ...]
    is_stopped: bool
    extended: str
    is_provisional: bool
    remaining: int | None
    overdue: int
    cards: tuple[Card, ...]

    @property
    def promise_by(self) -> date | None:
        return self.promise.due if self.promise else None

    @property
    def statutory_by(self) -> date | None:
        return self.statutory.due if self.statutory else None

    @property
    def due(self) -> date | None:
        """The day that whoever holds the case now has to keep."""
        return self.promise_by or self.statutory_by or self.notice_by or self.correct_by

    @property
    def card(self) -> Colour:
        return worst(tuple(card.colour for card in self.cards))


def clock_of(case: Case, flow: Flow, calendar: Calendar, on: date) -> CaseClock:
    """The clock as it stands on a day; once decided, as it stood then."""
    started, decided = case.since.get("accepted"), case.since.get("decided")
    day = min(on, decided) if decided else on
    suspended = spans_of(case, flow, day)
    promise = _end(case, "promise", calendar, suspended)
    statutory = _end(case, "statutory", calendar, suspended)
    notice = _waiting(case, flow, calendar, "received", "correction", ("clerk", "checker"))
    correct = _waiting(case, flow, calendar, case.state, "supply", ("applicant",))
    stopped = decided is None and any(span.end >= day and span.start <= day for span in suspended)
    ends = [end for end in (promise, statutory, notice, correct) if end]
    due = promise or statutory
    return CaseClock(
        on=on,
        started=started,
        promise=promise,
        statutory=statutory,
        notice_by=notice.due if notice else None,
        correct_by=correct.due if correct else None,
        suspended=suspended,
        is_stopped=stopped,
        extended=case.extension.within if case.extension else "",
        is_provisional=any(end.is_provisional for end in ends),
        remaining=_working_days(day, due.due, calendar) if due else None,
        overdue=_working_days(due.due, day, calendar) if due else 0,
        cards=_with(
            cards_of(case), _cards(case, calendar, day, promise, statutory, notice, stopped)
        ),
    )


def delivery_of(case: Case, flow: Flow, calendar: Calendar) -> Deadline | None:
    """The last day to hand over what was decided (行政许可法第四十四条); None where that is done."""
    decided, written = case.since.get("decided"), case.times.get("delivery")
    if decided is None or not written or flow.states[case.state].holder != "issuer":
        return None
    return limit_of(written, decided, calendar)


def spans_of(case: Case, flow: Flow, on: date) -> tuple[Span, ...]:
    """What is not counted: special stages, and stays in states that stop the clock; until `on`."""
    started = case.since.get("accepted")
    if started is None:
        return ()
    spans = [
        Span(special.started, special.ended or max(on, special.started), special.title)
        for special in case.specials
        if special.stops_clock
    ]
    for stay in case.stays:
        state = flow.states.get(stay.state)
        end = stay.to or max(on, stay.from_)
        lasts = stay.to is None or end > stay.from_  # what was left on the same day took no day
        if state and state.clock == "stopped" and lasts:
            spans.append(Span(stay.from_, end, state.title))
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def limit_of(period: str, start: date, calendar: Calendar) -> Deadline:
    """The end of a period that nothing stops."""
    return deadline(start, read_period(period), calendar)


def read_period(text: str) -> Period:
    """A period as a matter writes it; what is done at once takes no day."""
    return Period(0, "working_days") if text in _AT_ONCE else Period.parse(text)


def working_day_before(day: date, calendar: Calendar) -> date:
    before = day - _DAY
    while not calendar.is_working_day(before):
        before -= _DAY
    return before


def _end(case: Case, name: str, calendar: Calendar, suspended: tuple[Span, ...]) -> Deadline | None:
    started, written = case.since.get("accepted"), case.times.get(name)
    if started is None or not written:
        return None
    period = read_period(written)
    if case.extension is None:
        return deadline(started, period, calendar, suspended)
    more = Period.parse(case.extension.within)
    if more.unit == period.unit:
        whole = Period(period.amount + more.amount, period.unit)
        return deadline(started, whole, calendar, suspended)
    first = deadline(started, period, calendar, suspended)
    return deadline(first.due, more, calendar, suspended)


def _waiting(
    case: Case, flow: Flow, calendar: Calendar, since: str, period: str, holders: tuple[str, ...]
) -> Deadline | None:
    """The end of a time that runs before acceptance, while one of these holds the case."""
    state, written = flow.states.get(case.state), case.times.get(period)
    is_before = "accepted" not in case.since or period == "supply"
    if state is None or state.is_end or state.holder not in holders or not is_before:
        return None
    if not written or since not in case.since:
        return None
    return limit_of(written, case.since[since], calendar)


def cards_of(case: Case) -> tuple[Card, ...]:
    """The cards that were shown. An application taken back is counted, but not as late."""
    if case.outcome != "终止":
        return case.cards
    return tuple(card for card in case.cards if card.reason not in _OF_TIME)


def _with(shown: tuple[Card, ...], following: Iterator[Card]) -> tuple[Card, ...]:
    """The cards that were shown, and those of the day that were not shown yet."""
    known = {(card.colour, card.reason) for card in shown}
    return (*shown, *(card for card in following if (card.colour, card.reason) not in known))


def _working_days(after: date, until: date, calendar: Calendar) -> int:
    """Working days after one day, until and with another; none when it lies before."""
    length = max((until - after).days, 0)
    return sum(calendar.is_working_day(after + n * _DAY) for n in range(1, length + 1))


def _cards(
    case: Case,
    calendar: Calendar,
    day: date,
    promise: Deadline | None,
    statutory: Deadline | None,
    notice: Deadline | None,
    is_stopped: bool,
) -> Iterator[Card]:
    """What the day itself shows. Who withdraws makes nobody late (and a stopped clock nobody)."""
    if case.outcome == "终止":
        return
    if notice and day > notice.due:
        yield _over("notice-over", "受理（告知补正）", "acceptance", notice.due)
    if statutory and day > statutory.due:
        yield _over("statutory-over", "法定办结时限", "the statutory time", statutory.due)
    if promise and day > promise.due:
        yield _over("promise-over", "承诺办结时限", "the promised time", promise.due)
    is_running = promise is not None and not is_stopped and "decided" not in case.since
    if is_running and promise and _is_near(promise, calendar, day):
        zh, en = f"承诺办结时限 {promise.due} 将到", f"the promised time ends on {promise.due}"
        yield Card("yellow", "promise-nearing", zh, en)
    yield from _special_cards(case, calendar, day)
    yield from _joint_cards(case, calendar, day)


def _is_near(end: Deadline, calendar: Calendar, day: date) -> bool:
    """From the working day before; what is done at once is never near."""
    return bool(end.counted) and working_day_before(end.due, calendar) <= day <= end.due


def _special_cards(case: Case, calendar: Calendar, day: date) -> Iterator[Card]:
    for special in case.specials:
        due = limit_of(special.within, special.started, calendar).due
        if (special.ended or day) > due:
            yield _over(f"special-over:{special.title}", special.title, special.title, due)


def _joint_cards(case: Case, calendar: Calendar, day: date) -> Iterator[Card]:
    for part in case.joint.parts if case.joint else ():
        if part.asked is None:
            continue
        due = limit_of(part.within, part.asked, calendar).due
        if (part.day or day) > due:
            title = f"{part.department}的意见"
            yield _over(f"opinion-over:{part.department}", title, part.department, due)


def _over(reason: str, zh: str, en: str, due: date) -> Card:
    return Card("red", reason, f"{zh}应于 {due} 前完成，已超期", f"{en} was due on {due}")
