"""Dates as whole numbers yyyymmdd: the calendar by portable arithmetic alone.

No engine is asked for an interval or a difference: they count months in their own ways.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import ibis

from engine.feel import temporal
from engine.population.terms import Column, Kind, NotTranslatable, choose, date_key


def year_of(day: Column) -> Column:
    return Column(
        day.expr // 10000, Kind("number", 0, day.kind.low // 10000, day.kind.high // 10000)
    )


def month_of(day: Column) -> Column:
    return Column((day.expr // 100) % 100, Kind("number", 0, 1, 12))


def day_of_month(day: Column) -> Column:
    return Column(day.expr % 100, Kind("number", 0, 1, 31))


def add_months(day: Column, months: Column, sign: int) -> Column:
    """The same day so many calendar months later, or the last of a shorter month."""
    kind, shift = day.kind, months.kind
    most = max(abs(shift.low), abs(shift.high)) // 12 + 1
    low, high = kind.low // 10000 - most, kind.high // 10000 + most
    if low < 1 or high > 99_999:
        raise NotTranslatable  # remainders of years before the first differ between engines
    whole = (day.expr // 10000) * 12 + (day.expr // 100) % 100 - 1
    moved = whole + months.expr if sign > 0 else whole - months.expr
    year, month = moved // 12, moved % 12 + 1
    last = days_in_month(year, month)
    kept = ibis.cases((day.expr % 100 > last, last), else_=day.expr % 100)
    by = shift.low * sign if shift.low == shift.high else None
    moved_kind = replace(kind, low=low * 10000, high=high * 10000 + 1231)
    return Column(year * 10000 + month * 100 + kept, moved_kind, None if by is None else (day, by))


def compare_moved(sign: str, moved: Column, day: date) -> Any | None:
    """A moved day against a fixed one, by the first day that gets there: no calendar in the engine.

    None where that is not one comparison.
    """
    if moved.moved is None or sign in ("=", "!="):
        return None
    source, months = moved.moved
    day_number = temporal.day_number(day)
    includes = sign in (">=", "<")  # whether the day itself is far enough

    def reaches(start: date) -> bool:
        place = temporal.day_number(temporal.add_months(start, months) or start)
        return place >= day_number if includes else place > day_number

    first = _first_day(reaches)
    if first is None:
        return None
    key = date_key(first)
    return source.expr >= key if sign in (">=", ">") else source.expr < key


def _first_day(reaches: Callable[[date], bool]) -> date | None:
    """The first day of the calendar for which a condition, once true, stays true."""
    low, high = date(200, 1, 1).toordinal(), date(9700, 1, 1).toordinal()
    if reaches(date.fromordinal(low)) or not reaches(date.fromordinal(high)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if reaches(date.fromordinal(middle)):
            high = middle
        else:
            low = middle
    return date.fromordinal(high)


def days_in_month(year: Any, month: Any) -> Any:
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = ibis.cases((is_leap, 29), else_=28)
    return ibis.cases((month == 2, february), (month.isin([4, 6, 9, 11]), 30), else_=31)


def make_day(year: Column, month: Column, day: Column) -> Column:
    """The date of three whole numbers; unknown where there is no such day."""
    parts = (year, month, day)
    if any(part.kind.name != "number" or part.kind.scale for part in parts):
        raise NotTranslatable
    low, high = year.kind.low, year.kind.high
    if low < 1 or high > 99_999:
        raise NotTranslatable
    y, m, d = (part.expr for part in parts)
    exists = (m >= 1) & (m <= 12) & (d >= 1) & (d <= days_in_month(y, m))
    key = y * 10000 + m * 100 + d
    return Column(
        ibis.cases((exists, key)), Kind("date", 0, low * 10000 + 101, high * 10000 + 1231)
    )


def months_between(start: Column, end: Column) -> Column:
    """Complete calendar months from one day to another."""
    months = (
        (end.expr // 10000 - start.expr // 10000) * 12
        + (end.expr // 100) % 100
        - (start.expr // 100) % 100
    )
    days = end.expr % 100 - start.expr % 100
    whole = ibis.cases(
        ((months > 0) & (days < 0), months - 1),
        ((months < 0) & (days > 0), months + 1),
        else_=months,
    )
    most = 12 * (max(start.kind.high, end.kind.high) // 10000 + 1)
    return Column(whole, Kind("months", 0, -most, most))


def whole_years(months: Column) -> Column:
    """Complete years of a span in months, toward zero."""
    count, kind = months.expr, months.kind
    if kind.low >= 0:
        return Column(count // 12, Kind("number", 0, kind.low // 12, kind.high // 12))
    years = choose(count >= 0, count // 12, -((-count) // 12))
    return Column(years, Kind("number", 0, kind.low // 12, kind.high // 12))
