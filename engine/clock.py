"""Legal time: working days, natural days, months and years, with suspension and roll-over.

Nothing here reads a clock: every date comes in as an argument. The rules are those of
民法典 (Civil Code) articles 201 to 203 and 行政许可法 (Administrative Licensing Law) article 82.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Final, Literal, Self, overload

__all__ = [
    "Calendar",
    "CalendarYear",
    "DayRange",
    "Deadline",
    "Period",
    "PeriodError",
    "Skipped",
    "Span",
    "anniversary",
    "deadline",
    "latest_day_before",
]

Unit = Literal["working_days", "days", "months", "years"]

_ONE_DAY: Final = timedelta(days=1)
_MOST_DAYS: Final = 100_000
_LIMITS: Final[Mapping[Unit, int]] = {
    "working_days": 36_525,
    "days": 36_525,
    "months": 1_200,
    "years": 100,
}
_UNIT_ZH: Final[Mapping[Unit, str]] = {
    "working_days": "个工作日",
    "days": "日",
    "months": "个月",
    "years": "年",
}
_UNIT_WORDS: Final[Mapping[str, Unit]] = {
    "working day": "working_days",
    "working days": "working_days",
    "工作日": "working_days",
    "day": "days",
    "days": "days",
    "calendar day": "days",
    "calendar days": "days",
    "日": "days",
    "天": "days",
    "自然日": "days",
    "month": "months",
    "months": "months",
    "月": "months",
    "year": "years",
    "years": "years",
    "年": "years",
}
_PERIOD_TEXT: Final = re.compile(r"([0-9]{1,6})\s*个?\s*([a-z ]+|[一-鿿]+)")


class PeriodError(ValueError):
    """A text that names no period; carries the message in both languages."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(f"{message_zh} / {message_en}")
        self.message_zh = message_zh
        self.message_en = message_en


@dataclass(frozen=True, slots=True)
class Period:
    """A length of legal time. Amount 0 means "on the spot" (即办)."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= _LIMITS[self.unit]:
            raise PeriodError(
                f"期限 {self.amount}{_UNIT_ZH[self.unit]} 超出 0 到 {_LIMITS[self.unit]} 的范围",
                f"period of {self.amount} {self.unit} is outside 0 to {_LIMITS[self.unit]}",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `20 working days`, `30 calendar days`, `3 months`, `20个工作日`, `30日`, `4年`.

        Raises PeriodError.
        """
        plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
        match = _PERIOD_TEXT.fullmatch(plain)
        unit = _UNIT_WORDS.get(match[2].strip()) if match else None
        if match is None or unit is None:
            raise PeriodError(
                f"看不懂期限“{text[:40]}”，应写成 20 working days、30 days、3 months 或 20个工作日",
                f"cannot read the period {text[:40]!r}; write '20 working days', '30 days', "
                "'3 months' or '4 years'",
            )
        return cls(int(match[1]), unit)

    @property
    def zh(self) -> str:
        return f"{self.amount}{_UNIT_ZH[self.unit]}"

    @property
    def en(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.amount} {words[:-1] if self.amount == 1 else words}"

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Span:
    """Days that do not count, both ends included; `title` says which special stage (特殊环节)."""

    start: date
    end: date
    title: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span may not end ({self.end}) before it starts ({self.start})")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class CalendarYear:
    """One year's official notice.

    `off_days` are rest days by the notice, `work_days` the make-up working weekends (调休). A
    notice may also name days of the December before it, as that of 2019 did. `names` gives the
    holidays' names, for display only.
    """

    year: int
    off_days: frozenset[date]
    work_days: frozenset[date]
    source: str
    names: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        both = self.off_days & self.work_days
        if both:
            raise ValueError(f"{min(both)} is both a rest day and a working day in {self.source}")
        first, last = date(self.year - 1, 12, 1), date(self.year, 12, 31)
        for day in sorted(self.off_days | self.work_days):
            if not first <= day <= last:
                raise ValueError(f"{day} does not belong to the calendar of {self.year}")


@dataclass(frozen=True)
class Calendar:
    """The published years. A year that is not there is answered by weekends only."""

    years: Mapping[int, CalendarYear]

    @classmethod
    def of(cls, years: Iterable[CalendarYear]) -> Self:
        return cls({year.year: year for year in years})

    def is_published(self, year: int) -> bool:
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        return day in self._work_days or (day not in self._off_days and day.weekday() < 5)

    def rest_name(self, day: date) -> str:
        """The holiday's name, or an empty text for a plain weekend."""
        return self._names.get(day, "")

    @cached_property
    def _off_days(self) -> frozenset[date]:
        return frozenset().union(*(year.off_days for year in self.years.values()))

    @cached_property
    def _work_days(self) -> frozenset[date]:
        return frozenset().union(*(year.work_days for year in self.years.values()))

    @cached_property
    def _names(self) -> Mapping[date, str]:
        return {
            day: year.names.get(day, "法定节假日")
            for year in self.years.values()
            for day in year.off_days
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over, and why."""

    day: date
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class DayRange(Sequence[date]):
    """Days in a row, not listed until they are looked at: four years of them cost nothing."""

    first: date
    length: int

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> date: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[date, ...]: ...
    def __getitem__(self, index: int | slice) -> date | tuple[date, ...]:
        ordinals = range(self.first.toordinal(), self.first.toordinal() + self.length)[index]
        if isinstance(ordinals, range):
            return tuple(map(date.fromordinal, ordinals))
        return date.fromordinal(ordinals)

    def __contains__(self, day: object) -> bool:
        return type(day) is date and 0 <= (day - self.first).days < self.length


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, with every day that was counted or skipped on the way to it.

    `is_provisional` (暂定) is true when the answer leans on a year whose calendar is not published.
    `rolled_from` is the last day of the period where that was a rest day (民法典第203条).
    """

    due: date
    is_provisional: bool
    counted: Sequence[date]
    skipped: tuple[Skipped, ...]
    rolled_from: date | None
    note_zh: str
    note_en: str


def anniversary(start: date, period: Period) -> date:
    """The corresponding day of a period of days, months or years; month end where there is none.

    民法典第202条. Raises ValueError for working days, which need a calendar.
    """
    if period.unit == "working_days":
        raise ValueError("working days have no corresponding day; ask deadline()")
    if period.unit == "days":
        return start + timedelta(days=period.amount)
    months = period.amount * (12 if period.unit == "years" else 1)
    index = start.year * 12 + start.month - 1 + months
    return _day_of_month(index, start.day)


def deadline(
    start: date, period: Period, calendar: Calendar, suspended: Sequence[Span] = ()
) -> Deadline:
    """The last day of a period that begins with an event on `start`.

    The day of the event is not counted (民法典第201条). Suspended days never count, so they extend
    natural-day, month and year periods as well. Raises OverflowError beyond the year 9999, or when
    a suspension leaves no end in sight.
    """
    walk = _Walk(calendar, suspended)
    if period.amount == 0:
        return walk.close(start, None)
    if period.unit == "working_days":
        return walk.close(walk.count_working_days(start, period.amount), None)
    last = walk.count_days(start, (anniversary(start, period) - start).days)
    due = walk.next_working_day(last)
    return walk.close(due, last if due != last else None)


def latest_day_before(event: date, period: Period, calendar: Calendar) -> Deadline:
    """The last day that still lies a whole period before an event (届满三十日前、十五个工作日前).

    The event's own day is not counted. A day reached backwards is not moved by article 203, which
    speaks of a period's end only.
    """
    walk = _Walk(calendar, ())
    if period.unit == "working_days":
        return walk.close(walk.count_working_days(event, period.amount, step=-_ONE_DAY), None)
    back = {"days": 0, "months": 1, "years": 12}[period.unit] * period.amount
    if period.unit == "days":
        return walk.close(event - timedelta(days=period.amount), None)
    return walk.close(_day_of_month(event.year * 12 + event.month - 1 - back, event.day), None)


def _day_of_month(index: int, day: int) -> date:
    """The day in month number `index` (counted from year 0), or that month's last day."""
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is out of reach")
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


class _Walk:
    """One count through the days; remembers what it counted, skipped and leaned on."""

    def __init__(self, calendar: Calendar, suspended: Sequence[Span]) -> None:
        self._calendar = calendar
        self._suspended = suspended
        self._counted: Sequence[date] = ()
        self._skipped: list[Skipped] = []
        self._unpublished: set[int] = set()

    def count_working_days(self, start: date, amount: int, step: timedelta = _ONE_DAY) -> date:
        countable = (d for d in _days_after(start, step) if self._counts_as_working(d))
        self._counted = tuple(islice(countable, amount))
        return self._counted[-1] if amount else start

    def count_days(self, start: date, amount: int) -> date:
        last = start + timedelta(days=amount)
        if any(span.start <= last and start < span.end for span in self._suspended):
            countable = (d for d in _days_after(start, _ONE_DAY) if not self._is_suspended(d))
            self._counted = tuple(islice(countable, amount))
        else:
            self._counted = DayRange(start + _ONE_DAY, amount)
        return self._counted[-1]

    def next_working_day(self, last: date) -> date:
        """`last` itself when it is a working day, else the day the period rolls over to."""
        if self._is_working(last):
            return last
        return next(d for d in _days_after(last, _ONE_DAY) if self._counts_as_working(d))

    def close(self, due: date, rolled_from: date | None) -> Deadline:
        zh, en = _notes(due, rolled_from, sorted(self._unpublished))
        return Deadline(
            due=due,
            is_provisional=bool(self._unpublished),
            counted=self._counted,
            skipped=tuple(self._skipped),
            rolled_from=rolled_from,
            note_zh=zh,
            note_en=en,
        )

    def _is_suspended(self, day: date) -> bool:
        span = next((span for span in self._suspended if day in span), None)
        if span is None:
            return False
        self._skipped.append(Skipped(day, span.title or "特殊环节，不计入时限", "suspended"))
        return True

    def _is_working(self, day: date) -> bool:
        if not self._calendar.is_published(day.year):
            self._unpublished.add(day.year)
        return self._calendar.is_working_day(day)

    def _counts_as_working(self, day: date) -> bool:
        if self._is_suspended(day):
            return False
        if self._is_working(day):
            return True
        name = self._calendar.rest_name(day)
        english = "public holiday" if name else "weekend"
        self._skipped.append(Skipped(day, name or "周末", english))
        return False


def _days_after(start: date, step: timedelta) -> Iterator[date]:
    day = start
    for _ in range(_MOST_DAYS):
        day += step
        yield day
    raise OverflowError(f"no end within {_MOST_DAYS} days of {start}: is a suspension mistyped?")


def _notes(due: date, rolled_from: date | None, unpublished: Sequence[int]) -> tuple[str, str]:
    zh, en = [], []
    if rolled_from is not None:
        zh.append(f"期间最后一日 {rolled_from} 是休息日，顺延至 {due}（民法典第203条）。")
        en.append(
            f"The last day, {rolled_from}, is a rest day: it moves to {due} (Civil Code art. 203)."
        )
    if unpublished:
        years = "、".join(map(str, unpublished))
        zh.append(f"暂定：{years} 年日历未发布，期限暂按周末预估，日历发布后重新计算。")
        en.append(
            f"Provisional: the calendar of {', '.join(map(str, unpublished))} is not published; "
            "only weekends were left out, and the date is to be computed again."
        )
    return "".join(zh), " ".join(en)
