"""Legal time, against the policy cases, a day-by-day count and the `chinesecalendar` package."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import yaml
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import (
    Calendar,
    CalendarYear,
    Deadline,
    Period,
    PeriodError,
    Span,
    anniversary,
    deadline,
    latest_day_before,
)

CALENDARS = Path(__file__).parent.parent / "rulesets" / "calendars"
ONE_DAY = timedelta(days=1)


@cache
def shipped() -> Calendar:
    """The calendars that ship, read from their YAML without the engine's own loader."""
    return Calendar.of(read_year(path) for path in sorted(CALENDARS.glob("*.yaml")))


def read_year(path: Path) -> CalendarYear:
    """BaseLoader, because to YAML 1.1 the key `off` is the value False."""
    content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    names = {day: span["name"] for span in content["off"] for day in days_of(span)}
    work = frozenset(date.fromisoformat(item["date"]) for item in content["work"])
    source = content["basis"]["law"]
    return CalendarYear(int(content["year"]), frozenset(names), work, source, names)


def days_of(span: dict[str, str]) -> list[date]:
    first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


@cache
def history() -> Calendar:
    """2004 to 2026 as the independent package has it."""
    return Calendar.of(
        CalendarYear(
            year,
            frozenset(day for day in constants.holidays if day.year == year),
            frozenset(day for day in constants.workdays if day.year == year),
            "chinesecalendar",
        )
        for year in range(2004, 2027)
    )


def due(start: str, period: str, *suspended: tuple[str, str]) -> Deadline:
    spans = [Span(date.fromisoformat(a), date.fromisoformat(b)) for a, b in suspended]
    return deadline(date.fromisoformat(start), Period.parse(period), shipped(), spans)


def counted_by_hand(start: date, amount: int, spans: Sequence[Span]) -> date:
    """Brute force: one day after the other, the independent package deciding."""
    day = start
    while amount:
        day += ONE_DAY
        if chinese_calendar.is_workday(day) and not any(s.start <= day <= s.end for s in spans):
            amount -= 1
    return day


# --- policy cases ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "start", "period", "expected"),
    [
        ("26 视为受理", "2026-09-30", "5 working days", "2026-10-13"),
        ("32 中秋值班受理", "2026-09-26", "1 working days", "2026-09-28"),
        ("35 周日调休计入", "2026-09-18", "5个工作日", "2026-09-24"),
        ("37 春节", "2026-02-13", "5 working days", "2026-02-27"),
        ("38 跨年", "2025-12-31", "3 working days", "2026-01-06"),
        ("46 月末", "2026-08-31", "3 months", "2026-11-30"),
        ("47 复议顺延", "2026-08-03", "60 days", "2026-10-08"),
        ("77 分社备案", "2026-09-30", "3 working days", "2026-10-10"),
        ("40 除夕 2024 上班", "2024-02-08", "1 working days", "2024-02-09"),
        ("40 除夕 2025 放假", "2025-01-27", "1 working days", "2025-02-05"),
    ],
)
def test_policy_case(case: str, start: str, period: str, expected: str) -> None:
    assert due(start, period).due == date.fromisoformat(expected), case
    assert not due(start, period).is_provisional


def test_policy_case_34_special_stage_moves_the_end() -> None:
    """Accepted 2026-09-14 with 20 working days: 2026-10-16, and with the stage 2026-10-29."""
    assert due("2026-09-14", "20 working days").due == date(2026, 10, 16)
    stage = due("2026-09-14", "20 working days", ("2026-09-21", "2026-10-09"))
    assert stage.due == date(2026, 10, 29)
    assert len(stage.counted) == 20
    assert date(2026, 9, 20) in stage.counted
    assert {s.day for s in stage.skipped if s.reason_en == "suspended"} == {
        date(2026, 9, 21) + n * ONE_DAY for n in range(19)
    }


def test_policy_case_34_is_the_only_start_that_gives_that_end_with_twenty_days() -> None:
    stage = ("2026-09-21", "2026-10-09")
    starts = [date(2026, 9, 1) + n * ONE_DAY for n in range(20)]
    found = [s for s in starts if due(str(s), "20 working days", stage).due == date(2026, 10, 29)]
    assert found == [date(2026, 9, 14)]


def test_policy_case_49_renewal_window_counts_backwards() -> None:
    expiry = date(2026, 10, 20)
    assert latest_day_before(expiry, Period(15, "working_days"), shipped()).due == date(2026, 9, 22)
    assert latest_day_before(expiry, Period(30, "days"), shipped()).due == date(2026, 9, 20)
    assert latest_day_before(date(2026, 3, 31), Period(1, "months"), shipped()).due == date(
        2026, 2, 28
    )


def test_policy_case_92_turns_eighty_on_the_day() -> None:
    assert anniversary(date(1946, 11, 22), Period(80, "years")) == date(2026, 11, 22)


def test_rolled_over_end_says_from_where_and_by_which_article() -> None:
    answer = due("2026-08-03", "60 days")
    assert answer.rolled_from == date(2026, 10, 2)
    assert "203" in answer.note_zh
    assert "203" in answer.note_en
    assert due("2026-08-31", "3 months").rolled_from is None


def test_skipped_days_name_the_holiday() -> None:
    reasons = {s.day: s.reason_zh for s in due("2026-09-30", "5 working days").skipped}
    assert reasons[date(2026, 10, 1)] == "国庆节"
    assert reasons[date(2026, 10, 11)] == "周末"


# --- the calendar against the independent package ------------------------------------------


def test_every_day_from_2004_to_2026_agrees_with_the_package() -> None:
    day, calendar = date(2004, 1, 1), history()
    while day <= date(2026, 12, 31):
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += ONE_DAY


def test_every_day_of_the_shipped_calendars_agrees_with_the_package() -> None:
    assert sorted(shipped().years) == list(range(2020, 2027))
    for year in shipped().years:
        for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
            day = date(year, 1, 1) + number * ONE_DAY
            assert shipped().is_working_day(day) == chinese_calendar.is_workday(day), day


starts = st.dates(date(2020, 1, 1), date(2025, 12, 31))
spans = st.lists(
    st.tuples(st.dates(date(2020, 1, 1), date(2026, 6, 1)), st.integers(0, 40)).map(
        lambda pair: Span(pair[0], pair[0] + pair[1] * ONE_DAY)
    ),
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(starts, st.integers(1, 60), spans)
def test_working_days_agree_with_a_count_by_hand(
    start: date, amount: int, suspended: list[Span]
) -> None:
    answer = deadline(start, Period(amount, "working_days"), shipped(), suspended)
    assert answer.due == counted_by_hand(start, amount, suspended)
    assert len(answer.counted) == amount
    passed = {*answer.counted, *(skipped.day for skipped in answer.skipped)}
    assert passed == {start + n * ONE_DAY for n in range(1, (answer.due - start).days + 1)}


@settings(max_examples=150, deadline=None)
@given(starts, st.sampled_from(["days", "months", "years"]), st.integers(1, 12), spans)
def test_natural_periods_end_on_a_working_day_and_are_extended_by_suspended_days(
    start: date, unit: Any, amount: int, suspended: list[Span]
) -> None:
    period = Period(amount if unit != "years" else 1, unit)
    answer = deadline(start, period, shipped(), suspended)
    natural = (anniversary(start, period) - start).days
    assert len(answer.counted) == natural
    last = answer.rolled_from or answer.due
    stopped = sum(
        any(day in span for span in suspended)
        for day in (start + n * ONE_DAY for n in range(1, (last - start).days + 1))
    )
    assert (last - start).days == natural + stopped
    assert answer.due >= last
    assert shipped().is_working_day(answer.due)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-03-12", "2026-03-13", "2026-03-16"),  # it would have ended on the 12th, a Thursday
        ("2026-03-13", "2026-03-31", "2026-03-12"),
        ("2026-02-01", "2026-03-02", "2026-03-12"),
        ("2026-02-01", "2026-03-03", "2026-03-13"),
    ],
)
def test_a_suspension_that_only_touches_the_period_counts_to_the_day(
    first: str, last: str, expected: str
) -> None:
    assert due("2026-03-02", "10 days", (first, last)).due == date.fromisoformat(expected)


@settings(max_examples=100, deadline=None)
@given(starts, st.integers(1, 800), st.dates(date(2019, 1, 1), date(2028, 1, 1)))
def test_days_in_a_row_are_those_that_would_be_listed(
    start: date, amount: int, probe: date
) -> None:
    listed = tuple(start + n * ONE_DAY for n in range(1, amount + 1))
    counted = deadline(start, Period(amount, "days"), shipped()).counted
    assert tuple(counted) == listed == counted[:]
    assert (counted[0], counted[-1], len(counted)) == (listed[0], listed[-1], amount)
    assert counted[2:5] == listed[2:5]
    assert (probe in counted) == (probe in listed)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_months_reach_the_corresponding_day_or_the_month_end(start: date, amount: int) -> None:
    end = anniversary(start, Period(amount, "months"))
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == amount
    assert end.day == start.day or (end.day < start.day and (end + ONE_DAY).day == 1)


# --- unpublished years ---------------------------------------------------------------------


def test_a_deadline_in_an_unpublished_year_is_provisional() -> None:
    answer = due("2026-12-28", "5 working days")
    assert answer.is_provisional
    assert answer.due == date(2027, 1, 4)
    assert "暂定" in answer.note_zh
    assert "2027" in answer.note_zh
    assert "rovisional" in answer.note_en


@pytest.mark.parametrize("period", ["30 days", "1 months", "1 years"])
def test_natural_periods_that_end_in_an_unpublished_year_are_provisional_too(period: str) -> None:
    assert due("2026-12-20", period).is_provisional


def test_passing_through_an_unpublished_year_without_leaning_on_it_is_firm() -> None:
    published = shipped().years
    calendar = Calendar({year: published[year] for year in (2023, 2025)})
    answer = deadline(date(2023, 6, 1), Period(2, "years"), calendar)
    assert not answer.is_provisional
    assert answer.due == date(2025, 6, 3)  # 2025-06-01 and 06-02 are 端午节


def test_an_empty_calendar_is_never_firm() -> None:
    assert deadline(date(2026, 3, 2), Period(1, "working_days"), Calendar({})).is_provisional


# --- on the spot, bad input -----------------------------------------------------------------


def test_zero_days_is_on_the_spot_even_on_a_rest_day() -> None:
    answer = due("2026-10-01", "0 working days")
    assert answer.due == date(2026, 10, 1)
    assert answer.counted == ()
    assert due("2026-10-01", "0 days").due == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("20 working days", Period(20, "working_days")),
        ("１ Working Day", Period(1, "working_days")),
        ("20个工作日", Period(20, "working_days")),
        ("5 工作日", Period(5, "working_days")),
        ("30日", Period(30, "days")),
        ("30 calendar days", Period(30, "days")),
        ("30个自然日", Period(30, "days")),
        ("3个月", Period(3, "months")),
        ("4年", Period(4, "years")),
        ("1 year", Period(1, "years")),
    ],
)
def test_period_is_read(text: str, period: Period) -> None:
    assert Period.parse(text) == period
    assert Period.parse(period.en) == Period.parse(period.zh) == period


@pytest.mark.parametrize(
    "text", ["", "20", "days", "-3 days", "1.5 days", "3 weeks", "三十日", "9" * 9]
)
def test_period_that_cannot_be_read_says_how_to_write_one(text: str) -> None:
    with pytest.raises(PeriodError) as raised:
        Period.parse(text)
    assert "20个工作日" in raised.value.message_zh
    assert "working days" in raised.value.message_en


def test_period_out_of_range_is_refused() -> None:
    with pytest.raises(PeriodError, match="100"):
        Period.parse("101 years")


def test_calendar_year_refuses_days_that_contradict_it() -> None:
    day = date(2026, 1, 1)
    with pytest.raises(ValueError, match="both"):
        CalendarYear(2026, frozenset({day}), frozenset({day}), "x")
    with pytest.raises(ValueError, match="2026"):
        CalendarYear(2026, frozenset({date(2025, 6, 1)}), frozenset(), "x")


def test_a_notice_reaching_into_the_december_before_is_heard() -> None:
    calendar = Calendar.of(
        [
            CalendarYear(2018, frozenset(), frozenset(), "a"),
            CalendarYear(
                2019, frozenset({date(2018, 12, 31)}), frozenset({date(2018, 12, 29)}), "b"
            ),
        ]
    )
    assert calendar.is_working_day(date(2018, 12, 29))
    assert not calendar.is_working_day(date(2018, 12, 31))


def test_an_endless_suspension_is_refused_instead_of_counted() -> None:
    with pytest.raises(OverflowError, match="suspension"):
        due("2026-01-05", "3 days", ("2026-01-06", "9998-01-01"))
    with pytest.raises(ValueError, match="before"):
        Span(date(2026, 2, 1), date(2026, 1, 1))
