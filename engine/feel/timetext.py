"""Dates, times and durations from text (XML Schema forms, DMN 1.5, 10.3.4.1)."""

import datetime as dt
import re
from typing import Final

from .temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    Duration,
    Time,
    YearsMonths,
    date_of_day,
    day_number,
    make_date,
    make_date_time,
    make_duration,
    make_time,
    zone_named,
    zone_of_offset,
)

_DATE: Final = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z][A-Za-z0-9_+/-]*))?"
)
_YEARS_MONTHS: Final = re.compile(r"(-)?P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")
_DAYS_TIME: Final = re.compile(
    r"(-)?P(?:([0-9]{1,18})D)?"
    r"(?:T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]+))?S)?)?"
)


def read_date(text: str) -> Date | None:
    """`2026-11-22`, years -999999999 to 999999999; None where the text is no date."""
    found = _DATE.fullmatch(text)
    return make_date(*map(int, found.groups())) if found else None


def read_time(text: str) -> Time | None:
    """`10:30:00`, with a fraction, `Z`, an offset or `@zone`; 24:00:00 is midnight."""
    clock = _read_clock(text)
    return make_time(clock[0] % DAY, clock[1]) if clock else None


def read_date_time(text: str) -> DateTime | None:
    """A date, `T` and a time; or a date alone, which is its local midnight."""
    day, separator, rest = text.partition("T")
    date = read_date(day)
    if date is None or not separator:
        return make_date_time(date, 0, None)
    clock = _read_clock(rest)
    if clock is None:
        return None
    if clock[0] == DAY:
        date = date_of_day(day_number(date) + 1)
    return make_date_time(date, clock[0] % DAY, clock[1])


def _read_clock(text: str) -> tuple[int, dt.tzinfo | None] | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second = (int(part) for part in found.groups()[:3])
    nanos = int((found[4] or "0")[:9].ljust(9, "0"))
    clock = ((hour * 60 + minute) * 60 + second) * SECOND + nanos
    if minute > 59 or second > 59 or clock > DAY:
        return None
    zone = _read_zone(found)
    named = found[5] or found[6] or found[10]
    return None if named and zone is None else (clock, zone)


def _read_zone(found: re.Match[str]) -> dt.tzinfo | None:
    if found[5]:
        return dt.UTC
    if found[10]:
        return zone_named(found[10])
    if not found[6]:
        return None
    hours, minutes, seconds = int(found[7]), int(found[8]), int(found[9] or 0)
    if minutes > 59 or seconds > 59:
        return None
    offset = (hours * 60 + minutes) * 60 + seconds
    return zone_of_offset(-offset if found[6] == "-" else offset)


def read_duration(text: str) -> Duration | YearsMonths | None:
    """`P1Y2M` or `P1DT2H3M4.5S`, never both kinds in one."""
    if text[-1:] in ("P", "T"):
        return None
    found = _YEARS_MONTHS.fullmatch(text)
    if found:
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    found = _DAYS_TIME.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:5])
    nanos = int((found[6] or "0")[:9].ljust(9, "0"))
    total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * SECOND + nanos
    return make_duration(-total if found[1] else total)


def read_temporal(text: str) -> Date | Time | DateTime | Duration | YearsMonths | None:
    """What `@"…"` holds: whichever of the forms the text has."""
    return (
        read_date(text)
        or (read_date_time(text) if "T" in text and "-" in text[1:] else None)
        or read_time(text)
        or read_duration(text)
    )
