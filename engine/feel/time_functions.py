"""Built-in functions on dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7-8, 10.3.4.11)."""

import datetime as dt
from decimal import Decimal

from .comparison import same
from .effort import Run
from .registry import builtin
from .temporal import (
    DATE_TIMES,
    DAY,
    SECOND,
    TIMES,
    Date,
    DateTime,
    Duration,
    Time,
    YearsMonths,
    clock_nanoseconds,
    date_part,
    day_of_year,
    is_date,
    make_date,
    make_date_time,
    make_time,
    midnight_utc,
    months_between,
    nanoseconds,
    show_temporal,
    time_part,
    week_of_year,
    weekday,
    zone_of_offset,
)
from .timetext import read_date, read_date_time, read_duration, read_time
from .values import Value, kind_of

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@builtin("date", "from: string|date|date and time")
def date_from(value: Value) -> Value:
    if isinstance(value, str):
        return read_date(value)
    return date_part(value) if isinstance(value, DATE_TIMES) else value


@builtin("date", "year: number, month: number, day: number")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    return make_date(int(year), int(month), int(day))


@builtin("date and time", "from: string")
def date_and_time_from(text: str) -> Value:
    return read_date_time(text)


@builtin("date and time", "date: date|date and time, time: time")
def date_and_time_of(date: Date | DateTime, time: Time) -> Value:
    day = date_part(date) if isinstance(date, DATE_TIMES) else date
    return make_date_time(day, clock_nanoseconds(time), time.tzinfo) if is_date(day) else None


@builtin("time", "from: string|time|date|date and time")
def time_from(value: Value) -> Value:
    if isinstance(value, str):
        return read_time(value)
    if isinstance(value, DATE_TIMES):
        return time_part(value)
    return time_part(midnight_utc(value)) if is_date(value) else value


@builtin(
    "time",
    "hour: number, minute: number, second: number, offset?: days and time duration|Null",
)
def time_of(
    hour: Decimal, minute: Decimal, second: Decimal, offset: Duration | None = None
) -> Value:
    zone = None
    if offset is not None:
        zone = zone_of_offset(nanoseconds(offset) // SECOND)
        if zone is None:
            return None
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    clock = (int(hour) * 60 + int(minute)) * 60 * SECOND + int(second * SECOND)
    return make_time(clock, zone) if clock < DAY else None


@builtin("duration", "from: string")
def duration_from(text: str) -> Value:
    return read_duration(text)


@builtin("years and months duration", "from: date|date and time, to: date|date and time")
def years_and_months_duration(start: Date | DateTime, end: Date | DateTime) -> Value:
    return YearsMonths(months_between(start, end))


@builtin("is", "value1: Any, value2?: Any")
@builtin("is", "value1?: Any, value2: Any")
def is_same(value1: Value, value2: Value = None) -> Value:
    """The same kind and the same element of its domain: a zone is not its offset.

    A value left out is null.
    """
    if value1 is None or value2 is None:
        return value1 is value2
    if kind_of(value1) != kind_of(value2):
        return False
    if isinstance(value1, TIMES + DATE_TIMES) and isinstance(value2, TIMES + DATE_TIMES):
        return show_temporal(value1) == show_temporal(value2)
    return same(value1, value2)


@builtin("day of year", "date: date|date and time")
def day_number_of_year(date: Date | DateTime) -> Value:
    return Decimal(day_of_year(date))


@builtin("day of week", "date: date|date and time")
def day_of_week(date: Date | DateTime) -> Value:
    return _WEEKDAYS[weekday(date) - 1]


@builtin("month of year", "date: date|date and time")
def month_of_year(date: Date | DateTime) -> Value:
    return _MONTHS[date.month - 1]


@builtin("week of year", "date: date|date and time")
def iso_week(date: Date | DateTime) -> Value:
    return Decimal(week_of_year(date))


@builtin("now", needs_run=True)
def now(run: Run) -> Value:
    """The moment the caller gave; null without one, for this engine reads no clock."""
    return run.at


@builtin("today", needs_run=True)
def today(run: Run) -> Value:
    """The day of the moment the caller gave; null without one."""
    return run.at.date() if isinstance(run.at, dt.datetime) else None
