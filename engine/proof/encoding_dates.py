"""The calendar as whole-number formulas: year, month and day of a day number, and back."""

from datetime import date
from typing import Final

import z3

from engine.feel.temporal import add_months, date_of_day
from engine.feel.temporal import day_number as number_of_day
from engine.proof.terms import Formula, both, choose

_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE: Final = tuple(sum(_LENGTHS[:month]) for month in range(12))
LAST_DAY_NUMBER: Final = 3_652_059  # 9999-12-31, the last that an application can hold


class CalendarTerms:
    """Dates taken apart, each only once; what defines the parts is kept in `definitions`.

    The parts of a day are unique, so the definitions restrict nothing else.
    """

    def __init__(self) -> None:
        self.definitions: list[Formula] = []
        self._parts: dict[int, tuple[Formula, Formula, Formula, Formula]] = {}

    def parts(self, day: Formula) -> tuple[Formula, Formula, Formula]:
        """Year, month and day of the month of a day number (0001-01-01 is 1)."""
        known = self._parts.get(day.get_id())
        if known is None and z3.is_app_of(day, z3.Z3_OP_ITE):
            condition, one, other = day.children()
            pairs = zip(self.parts(one), self.parts(other), strict=True)
            year, month, of_month = (z3.If(condition, *pair) for pair in pairs)
            return self._made(day, year, month, of_month)
        if known is None and z3.is_int_value(day) and 1 <= day.as_long() <= LAST_DAY_NUMBER:
            fixed = date.fromordinal(day.as_long())
            return z3.IntVal(fixed.year), z3.IntVal(fixed.month), z3.IntVal(fixed.day)
        if known is None:
            # The formula is kept with its parts: z3 gives a dead one's number to another.
            known = self._parts[day.get_id()] = (day, *self._taken_apart(day))
        return known[1:]

    def _taken_apart(self, day: Formula) -> tuple[Formula, Formula, Formula]:
        label = len(self._parts)
        year, month, of_month = (z3.Int(f"{part}#{label}") for part in ("year", "month", "day"))
        self.definitions += [
            month >= 1,
            month <= 12,
            of_month >= 1,
            of_month <= length_of_month(year, month),
            day == day_number(year, month, of_month),
            # What follows from the calendar anyway: it leaves the solver two years to look at.
            146_097 * (year - 1) <= 400 * day + 800,
            146_097 * (year - 1) >= 400 * day - 147_600,
        ]
        return year, month, of_month

    def _made(self, day: Formula, *parts: Formula) -> tuple[Formula, Formula, Formula]:
        year, month, of_month = parts
        self._parts[day.get_id()] = day, year, month, of_month
        return year, month, of_month

    def day_of(self, year: Formula, month: Formula, day: Formula) -> Formula:
        """The number of a day that exists; its parts are known without being sought."""
        number = day_number(year, month, day)
        self._made(number, year, month, day)
        return number

    def later(self, day: Formula, months: Formula) -> Formula:
        """Calendar months later, the day clamped to the month's last."""
        year, month, of_month = self.parts(day)
        count = year * 12 + month - 1 + months
        to_year, to_month = count / 12, count % 12 + 1
        last = length_of_month(to_year, to_month)
        return self.day_of(to_year, to_month, choose(of_month > last, last, of_month))

    def months_between(self, start: Formula, end: Formula) -> Formula:
        """Whole calendar months from one day to another; negative backward."""
        year, month, of_month = self.parts(start)
        to_year, to_month, of_last = self.parts(end)
        months = (to_year - year) * 12 + to_month - month
        short = both(months > 0, of_last < of_month)
        over = both(months < 0, of_last > of_month)
        return z3.If(short, months - 1, z3.If(over, months + 1, months))


def is_leap(year: Formula) -> Formula:
    return z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))


def length_of_month(year: Formula, month: Formula) -> Formula:
    short = z3.Or(month == 4, month == 6, month == 9, month == 11)
    february = z3.If(is_leap(year), z3.IntVal(29), z3.IntVal(28))
    return z3.If(month == 2, february, z3.If(short, z3.IntVal(30), z3.IntVal(31)))


def day_number(year: Formula, month: Formula, day: Formula) -> Formula:
    """As `date.toordinal` counts; z3 divides downward, as the calendar needs it."""
    before = year - 1
    whole_years = before * 365 + before / 4 - before / 100 + before / 400
    in_year = z3.IntVal(_BEFORE[11])
    for number in range(11, 0, -1):
        in_year = z3.If(month == number, z3.IntVal(_BEFORE[number - 1]), in_year)
    leap_day = z3.If(z3.And(month > 2, is_leap(year)), z3.IntVal(1), z3.IntVal(0))
    return whole_years + in_year + leap_day + day


def first_day_later(months: int, last: int) -> int:
    """The first day that, so many calendar months later, is the day numbered `last` or a later one.

    Calendar months never change the order of two days, so a bisection finds it.
    """
    low, high = last - 31 * abs(months) - 62, last + 31 * abs(months) + 62
    while low < high:
        middle = (low + high) // 2
        day = date_of_day(middle)
        moved = None if day is None else add_months(day, months)
        if moved is not None and number_of_day(moved) >= last:
            high = middle
        else:
            low = middle + 1
    return low
