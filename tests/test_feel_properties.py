"""FEEL against independent readings: fractions, Python's calendar, Kleene's tables."""

import datetime as dt
import decimal
import tracemalloc
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.feel import FeelLimitError, YearsMonths, compile_expression, compile_unary, evaluate
from engine.feel.temporal import WideDate, day_number, make_date, show_temporal, weekday
from engine.feel.timetext import read_temporal

ours = settings(max_examples=150, deadline=None)

amounts = st.decimals(-(10**12), 10**12, places=4)
dates = st.dates()
moments = st.datetimes(timezones=st.sampled_from((None, dt.UTC, ZoneInfo("Asia/Shanghai"))))
truths = st.sampled_from((True, False, None))
years = st.integers(-999_999_999, 999_999_999)


def rounded(value: Fraction) -> Decimal:
    """A fraction to 34 digits, half to even, by another road than the engine's."""
    wide = decimal.Context(prec=200)
    exact = wide.divide(Decimal(value.numerator), Decimal(value.denominator))
    return decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN).plus(exact)


@ours
@given(amounts, amounts)
def test_arithmetic_is_that_of_fractions(a: Decimal, b: Decimal) -> None:
    context = {"a": a, "b": b}
    for sign, value in (
        ("+", Fraction(a) + Fraction(b)),
        ("-", Fraction(a) - Fraction(b)),
        ("*", Fraction(a) * Fraction(b)),
        ("/", Fraction(a) / Fraction(b) if b else None),
    ):
        wanted = None if value is None else rounded(value)
        assert evaluate(f"a {sign} b", context) == wanted


@ours
@given(amounts, amounts)
def test_modulo_is_that_of_fractions(a: Decimal, b: Decimal) -> None:
    assume(b)
    assert evaluate("modulo(a, b)", {"a": a, "b": b}) == rounded(Fraction(a) % Fraction(b))


@ours
@given(amounts, st.integers(0, 4))
def test_rounding_keeps_its_promises(n: Decimal, scale: int) -> None:
    context = {"n": n, "s": scale}
    unit = Decimal(1).scaleb(-scale)
    values = {
        name: evaluate(f"{name}(n, s)", context)
        for name in ("floor", "ceiling", "round up", "round down", "round half up", "decimal")
    }
    assert all(isinstance(value, Decimal) for value in values.values())
    floor, ceiling = values["floor"], values["ceiling"]
    assert isinstance(floor, Decimal)
    assert isinstance(ceiling, Decimal)
    assert floor <= n <= ceiling
    assert ceiling - floor in (0, unit)
    assert values["round up"] == (ceiling if n > 0 else floor)
    assert values["round down"] == (floor if n > 0 else ceiling)
    assert abs(Decimal(str(values["round half up"])) - n) <= unit / 2
    assert abs(Decimal(str(values["decimal"])) - n) <= unit / 2


@ours
@given(truths, truths)
def test_logic_is_kleenes(a: bool | None, b: bool | None) -> None:
    context = {"a": a, "b": b}
    ranks = {False: 0, None: 1, True: 2}
    back = {rank: truth for truth, rank in ranks.items()}
    assert evaluate("a and b", context) is back[min(ranks[a], ranks[b])]
    assert evaluate("a or b", context) is back[max(ranks[a], ranks[b])]
    assert evaluate("not(a)", context) is back[2 - ranks[a]]


@ours
@given(amounts, amounts, amounts, st.booleans(), st.booleans())
def test_a_range_holds_what_its_two_comparisons_hold(
    value: Decimal, low: Decimal, high: Decimal, low_closed: bool, high_closed: bool
) -> None:
    opening, closing = "[" if low_closed else "(", "]" if high_closed else ")"
    wanted = (low <= value if low_closed else low < value) and (
        value <= high if high_closed else value < high
    )
    context = {"v": value, "l": low, "h": high}
    assert evaluate(f"v in {opening}l..h{closing}", context) is wanted
    cell = compile_unary(f"{opening}{low:f}..{high:f}{closing}")
    assert cell.evaluate(value) is wanted
    assert compile_unary(f"not({opening}{low:f}..{high:f}{closing})").evaluate(value) is not wanted


@ours
@given(dates, st.integers(-2_000_000, 2_000_000))
def test_days_are_those_of_the_calendar(day: dt.date, days: int) -> None:
    moved = evaluate("d + n", {"d": day, "n": dt.timedelta(days)})
    try:
        assert moved == day + dt.timedelta(days)
    except OverflowError:
        assert isinstance(moved, WideDate)
    assert evaluate("(d + n) - d", {"d": day, "n": dt.timedelta(days)}) == dt.timedelta(days)


@ours
@given(dates)
def test_the_calendar_repeats_every_400_years(day: dt.date) -> None:
    for cycles in (-2_000_000, -30, 30, 2_000_000):
        far = make_date(day.year + 400 * cycles, day.month, day.day)
        assert far is not None
        assert day_number(far) - day.toordinal() == cycles * 146_097
        assert weekday(far) == day.isoweekday()
        week = evaluate("week of year(d)", {"d": far})
        if 1 < day.year < 9999:
            assert week == day.isocalendar().week


@ours
@given(moments, st.timedeltas(dt.timedelta(-9999), dt.timedelta(9999)))
def test_moments_move_along_the_time_line(moment: dt.datetime, by: dt.timedelta) -> None:
    assume(dt.datetime(100, 1, 1) < moment.replace(tzinfo=None) < dt.datetime(9900, 1, 1))
    moved = evaluate("m + d", {"m": moment, "d": by})
    assert isinstance(moved, dt.datetime)
    if moment.tzinfo is None:
        assert moved == moment + by
    else:
        assert moved.astimezone(dt.UTC) == moment.astimezone(dt.UTC) + by
    assert moved.tzinfo == moment.tzinfo
    assert evaluate("m2 - m", {"m": moment, "m2": moved}) == by


@ours
@given(dates, st.integers(-5000, 5000))
def test_months_clamp_to_the_last_day(day: dt.date, months: int) -> None:
    moved = evaluate("d + n", {"d": day, "n": YearsMonths(months)})
    assert isinstance(moved, dt.date | WideDate)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + months
    assert moved.day <= day.day
    following = make_date(moved.year, moved.month, moved.day + 1)
    assert moved.day == day.day or following is None


@ours
@given(dates, dates)
def test_whole_months_between_fit_and_one_more_does_not(start: dt.date, end: dt.date) -> None:
    assume(start <= end)
    context = {"a": start, "b": end}
    months = evaluate("years and months duration(a, b)", context)
    assert isinstance(months, YearsMonths)
    total = months.months
    assert (start.year * 12 + start.month + total, start.day) <= (
        end.year * 12 + end.month,
        end.day,
    )
    assert (start.year * 12 + start.month + total + 1, start.day) > (
        end.year * 12 + end.month,
        end.day,
    )


@ours
@given(
    years,
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 10**9 - 1),
    st.sampled_from(("", "Z", "+08:00", "-11:30", "@Asia/Shanghai", "@Europe/Paris")),
)
def test_the_text_of_a_moment_reads_back(
    year: int, month: int, day: int, hour: int, nanos: int, zone: str
) -> None:
    sign = "-" if year < 0 else ""
    fraction = f".{nanos:09d}".rstrip("0").rstrip(".")
    text = f"{sign}{abs(year):04d}-{month:02d}-{day:02d}T{hour:02d}:30:59{fraction}{zone}"
    value = read_temporal(text)
    assert value is not None
    assert show_temporal(value) == text
    assert evaluate("string(m + z - z)", {"m": value, "z": YearsMonths(0)}) == text


@ours
@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_the_text_of_a_duration_reads_back(months: int, microseconds: int) -> None:
    for value in (YearsMonths(months), dt.timedelta(microseconds=microseconds)):
        assert read_temporal(show_temporal(value)) == value


@ours
@given(st.lists(st.integers(-9, 9)))
def test_lists_agree_with_python(items: list[int]) -> None:
    context = {"l": items}
    assert evaluate("sort(l, function(a, b) a < b)", context) == sorted(items)
    assert evaluate("reverse(l)", context) == items[::-1]
    assert evaluate("distinct values(l)", context) == list(dict.fromkeys(items))
    assert evaluate("l[item > 0]", context) == [item for item in items if item > 0]
    assert evaluate("for x in l return x * 2", context) == [item * 2 for item in items]
    assert evaluate("count(l)", context) == len(items)
    assert evaluate("sum(l)", context) == (sum(items) if items else None)
    assert evaluate("max(l)", context) == max(items, default=None)
    assert evaluate("some x in l satisfies x > 3", context) is any(item > 3 for item in items)
    assert evaluate("every x in l satisfies x > -9", context) is all(item > -9 for item in items)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), object(), b"x", Decimal("NaN"), 1j], ids=lambda v: type(v).__name__
)
def test_what_feel_has_no_type_for_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        evaluate("a", {"a": value})
    with pytest.raises(TypeError):
        evaluate("a", {"a": [{"b": value}]})


def test_data_nested_beyond_reason_is_refused() -> None:
    nested: list[object] = []
    for _ in range(100):
        nested = [nested]
    with pytest.raises(FeelLimitError):
        evaluate("a", {"a": nested})


@pytest.mark.parametrize(
    "text",
    [
        "count(for i in 1..300 return s + s) > 0",
        f"count([{', '.join(['s + s'] * 60)}]) > 0",
        "string(for i in 1..300 return s)",
        "string(for i in 1..300 return {a: s})",
        "count(for i in 1..300 return string join([s, s]))",
        "count(for i in 1..300 return upper case(s))",
        "count(for i in 1..300 return substring(s, 2))",
        "count(for i in 1..50000 return function(x) x)",
        f"count(for i in 1..60000 return [{', '.join(['1'] * 300)}])",
        f"count((function(l) concatenate({', '.join('l' * 200)}))(for i in 1..90000 return 1))",
    ],
    ids=lambda text: text[:40],
)
def test_values_too_large_together_are_refused_before_they_are_built(text: str) -> None:
    """Each text is within the limit for one; what is held at once counts too."""
    known = {"s": "a" * 200_000}
    compiled = compile_expression(text)
    tracemalloc.start()
    try:
        with pytest.raises(FeelLimitError):
            compiled.evaluate(known)
        assert tracemalloc.get_traced_memory()[1] < 64_000_000
    finally:
        tracemalloc.stop()


def test_a_function_shows_its_parameters_and_no_address() -> None:
    assert str(evaluate("function(x, y) x")) == "function(x, y)"
    assert repr(evaluate("[function(x) x, function() 1]")) == "[function(x), function()]"


def test_integers_become_exact_numbers_and_booleans_stay() -> None:
    assert evaluate("a / 3 * 3 < a", {"a": 1}) is True
    assert evaluate("a", {"a": True}) is True
    assert evaluate("a + 1", {"a": True}) is None
    assert evaluate("a", {"a": (1, 2)}) == [Decimal(1), Decimal(2)]


def test_the_caller_says_what_time_it_is() -> None:
    at = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
    assert compile_expression("now()").evaluate(at=at) == at
    assert compile_expression("today()").evaluate(at=at) == dt.date(2026, 11, 22)
    assert evaluate("now()") is None
