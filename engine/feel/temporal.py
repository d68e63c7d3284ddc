"""Dates, times and durations: Python's own types where they hold the value, wide ones beyond.

FEEL has years up to ±999,999,999 and nanoseconds (DMN 1.5, 10.3.2.3.4-8). Every operation
works on exact integers and hands back `datetime.date`, `time`, `datetime` or `timedelta`
whenever they can carry the result; the Wide types carry the rest, with the same attributes, and
`str` of one is its FEEL text.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias, TypeGuard
from zoneinfo import ZoneInfo

DAY: Final = 86_400_000_000_000
SECOND: Final = 1_000_000_000
LAST_YEAR: Final = 999_999_999
_FIRST_DAY: Final = dt.date(1, 1, 1).toordinal()
_LAST_DAY: Final = dt.date.max.toordinal()
_LONGEST: Final = 10**30
_CYCLE: Final = 146_097  # days in 400 years, after which the calendar repeats


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years-and-months duration: so many months in all, possibly negative."""

    months: int

    def __str__(self) -> str:
        """The canonical text, such as `P1Y2M`."""
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date whose year is outside 1..9999."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return show_temporal(self)


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time of day finer than a microsecond."""

    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: dt.tzinfo | None

    def __str__(self) -> str:
        return show_temporal(self)


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time outside the years 1..9999, or finer than a microsecond."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    tzinfo: dt.tzinfo | None

    def __str__(self) -> str:
        return show_temporal(self)


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days-and-time duration that `timedelta` cannot hold."""

    nanoseconds: int

    def __str__(self) -> str:
        return show_temporal(self)


Date: TypeAlias = dt.date | WideDate
Time: TypeAlias = dt.time | WideTime
DateTime: TypeAlias = dt.datetime | WideDateTime
Duration: TypeAlias = dt.timedelta | WideDuration

DATES: Final = (dt.date, WideDate)
TIMES: Final = (dt.time, WideTime)
DATE_TIMES: Final = (dt.datetime, WideDateTime)
DURATIONS: Final = (dt.timedelta, WideDuration)


def is_date(value: object) -> TypeGuard[Date]:
    """A date proper: `datetime.datetime` is a subclass of `date` but not a FEEL date."""
    return isinstance(value, DATES) and not isinstance(value, dt.datetime)


# -- integers


def day_number(value: Date | DateTime) -> int:
    """Days in the proleptic Gregorian calendar; 0001-01-01 is 1, as in `date.toordinal`."""
    if isinstance(value, dt.date):
        return value.toordinal()
    return _days(value.year, value.month, value.day)


def _days(year: int, month: int, day: int) -> int:
    cycle, within = divmod(year - 1, 400)
    return dt.date(within + 1, month, day).toordinal() + cycle * _CYCLE


def clock_nanoseconds(value: Time | DateTime) -> int:
    """Nanoseconds since midnight on the value's own clock."""
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * SECOND + nanosecond_of(value)


def nanosecond_of(value: Time | DateTime) -> int:
    if isinstance(value, WideTime | WideDateTime):
        return value.nanosecond
    return value.microsecond * 1000


def nanoseconds(value: Duration) -> int:
    if isinstance(value, WideDuration):
        return value.nanoseconds
    return ((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1000


def instant(value: DateTime) -> int:
    """Nanoseconds on the UTC line; a local date and time stays on its own line."""
    local = day_number(value) * DAY + clock_nanoseconds(value)
    return local - offset_seconds(value) * SECOND


def time_instant(value: Time) -> int:
    """Nanoseconds since midnight UTC, by the zone's standard offset; may be negative."""
    return clock_nanoseconds(value) - offset_seconds(value) * SECOND


def offset_seconds(value: Time | DateTime) -> int:
    """Seconds east of UTC; 0 for a local value. A zone's time of day uses its standard offset."""
    zone = value.tzinfo
    if zone is None:
        return 0
    if isinstance(value, dt.datetime):
        offset = value.utcoffset()
    elif isinstance(value, WideDateTime):
        offset = _stand_in(value).utcoffset()
    else:
        offset = _standard_offset(zone)
    assert offset is not None, "zones of FEEL values always know their offset"
    return round(offset.total_seconds())


def _standard_offset(zone: dt.tzinfo) -> dt.timedelta | None:
    moment = dt.datetime(2000, 1, 1, tzinfo=zone)
    offset, saving = moment.utcoffset(), moment.dst()
    return offset - saving if offset is not None and saving else offset


def _stand_in(value: WideDateTime) -> dt.datetime:
    """The same wall clock in a year that Python holds and that has the same calendar."""
    year = value.year
    if year > 9999:
        year = 9200 + (year - 9200) % 400
    elif year < 1:
        year = 1 + (year - 1) % 400
    clock = dt.time(value.hour, value.minute, value.second)
    # fold=0 suits a value that has no repeated hour to tell apart.
    return dt.datetime.combine(dt.date(year, value.month, value.day), clock, value.tzinfo)


# -- making values


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, or None where there is no such day."""
    if not -LAST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12 or day < 1:
        return None
    if day > days_in_month(year, month):
        return None
    return dt.date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def date_of_day(days: int) -> Date | None:
    """The date of a day number; None beyond the last year."""
    if _FIRST_DAY <= days <= _LAST_DAY:
        return dt.date.fromordinal(days)
    cycle, within = divmod(days - 1, _CYCLE)
    near = dt.date.fromordinal(within + 1)
    return make_date(near.year + cycle * 400, near.month, near.day)


def make_time(clock: int, zone: dt.tzinfo | None) -> Time:
    """A time of day from nanoseconds since midnight (0 ≤ clock < one day)."""
    seconds, nanos = divmod(clock, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    if nanos % 1000:
        return WideTime(hour, minute, second, nanos, zone)
    return dt.time(hour, minute, second, nanos // 1000, zone)


def make_date_time(date: Date | None, clock: int, zone: dt.tzinfo | None) -> DateTime | None:
    """A date and time from its date and nanoseconds since midnight."""
    if date is None:
        return None
    time = make_time(clock, zone)
    if isinstance(date, dt.date) and isinstance(time, dt.time):
        return dt.datetime.combine(date, time)
    nanos = nanosecond_of(time)
    return WideDateTime(
        date.year, date.month, date.day, time.hour, time.minute, time.second, nanos, zone
    )


def make_duration(nanos: int) -> Duration | None:
    """A duration of so many nanoseconds; None beyond any use."""
    if abs(nanos) > _LONGEST:
        return None
    if nanos % 1000 or abs(nanos // DAY) >= LAST_YEAR:
        return WideDuration(nanos)
    return dt.timedelta(microseconds=nanos // 1000)


def at_instant(nanos: int, zone: dt.tzinfo | None) -> DateTime | None:
    """The wall clock of a zone at an instant of the UTC line."""
    days, clock = divmod(nanos, DAY)
    if zone is None:
        return make_date_time(date_of_day(days), clock, None)
    cycle = 0
    if not _FIRST_DAY + 1 < days < _LAST_DAY - 1:
        near = (days - 1) % _CYCLE + 1 + (_CYCLE * 23 if days > _LAST_DAY - 2 else _CYCLE)
        cycle, days = days - near, near
    seconds, rest = divmod(clock, SECOND)
    utc = dt.datetime.fromordinal(days).replace(tzinfo=dt.UTC)
    local = (utc + dt.timedelta(seconds=seconds)).astimezone(zone)
    local_days = local.toordinal() + cycle
    value = make_date_time(date_of_day(local_days), clock_nanoseconds(local) + rest, zone)
    return value.replace(fold=local.fold) if isinstance(value, dt.datetime) else value


@lru_cache(maxsize=512)
def zone_named(name: str) -> dt.tzinfo | None:
    """An IANA zone; None where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_of_offset(seconds: int) -> dt.tzinfo | None:
    """A fixed offset; None beyond 18 hours."""
    if abs(seconds) > 18 * 3600:
        return None
    return dt.timezone(dt.timedelta(seconds=seconds)) if seconds else dt.UTC


def date_part(value: DateTime) -> Date:
    if isinstance(value, dt.datetime):
        return value.date()
    date = make_date(value.year, value.month, value.day)
    assert date is not None, "a date and time holds a date"
    return date


def time_part(value: DateTime) -> Time:
    return make_time(clock_nanoseconds(value), value.tzinfo)


def midnight_utc(value: Date) -> DateTime:
    """A date read as a date and time (DMN 1.5, 10.3.2.9.4)."""
    made = make_date_time(value, 0, dt.UTC)
    assert made is not None, "every date has a midnight"
    return made


# -- arithmetic


def add_months(value: Date | DateTime, months: int) -> Date | DateTime | None:
    """Calendar months later, the day clamped to the month's last."""
    years, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not -LAST_YEAR <= years <= LAST_YEAR:
        return None
    date = make_date(years, month + 1, min(value.day, days_in_month(years, month + 1)))
    if isinstance(value, DATE_TIMES):
        return make_date_time(date, clock_nanoseconds(value), value.tzinfo)
    return date


def add_nanoseconds(value: Date | DateTime, nanos: int) -> Date | DateTime | None:
    """So much later on the time line; a date is its midnight and stays a date."""
    if isinstance(value, DATE_TIMES):
        return at_instant(instant(value) + nanos, value.tzinfo)
    return date_of_day((day_number(value) * DAY + nanos) // DAY)


def add_to_time(value: Time, nanos: int) -> Time:
    """So much later on the clock, around midnight."""
    return make_time((clock_nanoseconds(value) + nanos) % DAY, value.tzinfo)


def months_between(start: Date | DateTime, end: Date | DateTime) -> int:
    """Whole calendar months from one day to another, counted by dates alone."""
    months = (end.year - start.year) * 12 + end.month - start.month
    days = end.day - start.day
    if months > 0 and days < 0:
        return months - 1
    if months < 0 and days > 0:
        return months + 1
    return months


def weekday(value: Date | DateTime) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day_number(value) - 1) % 7 + 1


def day_of_year(value: Date | DateTime) -> int:
    return day_number(value) - _days(value.year, 1, 1) + 1


def week_of_year(value: Date | DateTime) -> int:
    """The ISO 8601 week."""
    if isinstance(value, dt.date):
        return value.isocalendar().week
    within = (value.year - 1) % 400 + 1
    # Year 400 stands between years 399 and 401, so every week has its neighbours.
    return dt.date(within + 400, value.month, value.day).isocalendar().week


def duration_parts(value: Duration) -> dict[str, int]:
    """Days, hours, minutes and whole seconds, each with the duration's sign."""
    total = nanoseconds(value)
    sign = -1 if total < 0 else 1
    minutes, seconds = divmod(abs(total) // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    named = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
    return {name: sign * amount for name, amount in named.items()}


# -- to text


def show_temporal(value: Date | Time | DateTime | Duration | YearsMonths) -> str:
    """The canonical text, which reads back as the same value."""
    if isinstance(value, YearsMonths):
        return str(value)
    if isinstance(value, DURATIONS):
        return _show_duration(value)
    if isinstance(value, DATE_TIMES):
        return f"{_show_day(value)}T{_show_clock(value)}"
    if isinstance(value, DATES):
        return _show_day(value)
    return _show_clock(value)


def _show_day(value: Date | DateTime) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def _show_clock(value: Time | DateTime) -> str:
    fraction = f".{nanosecond_of(value):09d}".rstrip("0").rstrip(".")
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}"
    return clock + _show_zone(value.tzinfo)


def _show_zone(zone: dt.tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    seconds = round(offset.total_seconds()) if offset else 0
    if not seconds:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    tail = f":{rest:02d}" if rest else ""
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}{tail}"


def _show_duration(value: Duration) -> str:
    total = nanoseconds(value)
    days, rest = divmod(abs(total), DAY)
    seconds, nanos = divmod(rest, SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{nanos:09d}".rstrip("0").rstrip(".")
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or nanos else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if total < 0 else "") + "P" + (text or "T0S")
