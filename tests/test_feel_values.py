"""What a caller may hand to FEEL and what comes back: plain Python values, and the wide ones."""

import datetime as dt
import doctest
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.feel import (
    FeelType,
    Function,
    Range,
    WideDate,
    WideDateTime,
    WideDuration,
    WideTime,
    YearsMonths,
    calls,
    coerce,
    cursor,
    effort,
    evaluate,
    parser,
    regex,
    tokens,
    type_named,
    values,
)
from engine.feel.types import SIMPLE, ContextType, ListType

PAGE = Path(__file__).parents[1] / "docs" / "feel.md"
PARIS = ZoneInfo("Europe/Paris")
EAST = dt.timezone(dt.timedelta(hours=8))


class Elsewhere(dt.tzinfo):
    """A zone of the caller's own making."""

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(hours=8)

    def dst(self, moment: dt.datetime | None) -> None:
        return None

    def tzname(self, moment: dt.datetime | None) -> str:
        return "elsewhere"


class Text(str):
    pass


class Whole(int):
    pass


PLAIN: dict[str, tuple[Any, Any]] = {
    "null": (None, None),
    "boolean": (True, True),
    "int": (3, Decimal(3)),
    "int-subclass": (Whole(3), Decimal(3)),
    "decimal": (Decimal("1.50"), Decimal("1.50")),
    "forty-digits": (Decimal("1" * 40), Decimal("1" * 34 + "000000")),
    "text": ("甲", "甲"),
    "text-subclass": (Text("甲"), "甲"),
    "date": (dt.date(2026, 11, 22), dt.date(2026, 11, 22)),
    "time": (dt.time(9, 30), dt.time(9, 30)),
    "time-with-zone": (dt.time(9, 30, tzinfo=PARIS), dt.time(9, 30, tzinfo=PARIS)),
    "moment": (dt.datetime(2026, 11, 22, 9), dt.datetime(2026, 11, 22, 9)),
    "moment-utc": (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    "moment-zone": (dt.datetime(2026, 1, 1, tzinfo=PARIS), dt.datetime(2026, 1, 1, tzinfo=PARIS)),
    "moment-own-zone": (
        dt.datetime(2026, 1, 1, tzinfo=Elsewhere()), dt.datetime(2026, 1, 1, tzinfo=EAST),
    ),
    "duration": (dt.timedelta(hours=36), dt.timedelta(hours=36)),
    "months": (YearsMonths(14), YearsMonths(14)),
    "list": ([1, [2]], [Decimal(1), [Decimal(2)]]),
    "tuple": ((1, 2), [Decimal(1), Decimal(2)]),
    "context": ({"a b": {"c": 1}}, {"a b": {"c": Decimal(1)}}),
    "mapping": (MappingProxyType({"a": 1}), {"a": Decimal(1)}),
    "range": (Range(Decimal(1), Decimal(2), True, False), Range(Decimal(1), Decimal(2), True, False)),
}  # fmt: skip


@pytest.mark.parametrize(("given", "found"), PLAIN.values(), ids=PLAIN)
def test_a_plain_value_goes_in_and_comes_back(given: Any, found: Any) -> None:
    for text in ("x", "[x][1]", "{y: x}.y", "if true then x else null"):
        value = evaluate(text, {"x": given})
        assert value == found
        assert type(value) is type(found)


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), b"a", object(), len, {1: 2}, 1j],
    ids=["float", "nan", "decimal-nan", "infinity", "bytes", "object", "python-function",
         "number-key", "complex"],
)  # fmt: skip
def test_what_feel_has_no_type_for_is_refused_in_words(value: Any) -> None:
    with pytest.raises(TypeError, match=" / "):
        evaluate("x", {"x": value})


WIDE: dict[str, type] = {
    "-2017-12-31": WideDate,
    "99999-12-31": WideDate,
    "11:22:33.123456789": WideTime,
    "09:15:30.987654321@Europe/Paris": WideTime,
    "-2017-12-31T11:22:33": WideDateTime,
    "2017-09-05T09:15:30.987654321+02:00": WideDateTime,
    "999999999-12-31T23:59:59.999999999Z": WideDateTime,
    "P1DT2H3M4.123456789S": WideDuration,
    "-P999999999999DT1S": WideDuration,
    "P1Y2M": YearsMonths,
}


@pytest.mark.parametrize(("text", "kind"), WIDE.items(), ids=WIDE)
def test_what_python_cannot_hold_says_itself(text: str, kind: type) -> None:
    """And it goes in again as it came out."""
    value = evaluate(f'@"{text}"')
    assert type(value) is kind
    assert str(value) == text
    assert evaluate("x = y and is(x, y)", {"x": value, "y": evaluate(f'@"{text}"')}) is True
    assert evaluate("string(x)", {"x": value}) == text


def test_names_with_spaces_and_functions_come_from_the_context() -> None:
    facts: dict[str, Any] = {"Rate of Tax": Decimal("0.2"), "a list": [1, 2, 3]}
    facts["Net of Tax"] = evaluate("function(x: number) x * (1 - Rate of Tax)", facts)
    assert isinstance(facts["Net of Tax"], Function)
    assert evaluate("Net of Tax(100) + count(a list)", facts) == 83
    assert evaluate("Net of Tax(x: 100)", facts) == 80
    assert evaluate('Net of Tax("100")', facts) is None


CONVERSIONS: list[tuple[str, str, Any]] = [
    ("[5]", "number", Decimal(5)),  # a list of one is its item …
    ("5", "list<number>", [Decimal(5)]),  # … and an item a list of one
    ('["a"]', "number", None),
    ("1 + 1", "string", None),
    ("[1, 2]", "number", None),
    ('[1, "a"]', "list<number>", None),
    ("[1, null]", "list<number>", [Decimal(1), None]),
    ('@"2026-11-22"', "date and time", dt.datetime(2026, 11, 22, tzinfo=dt.UTC)),
    ('@"2026-11-22"', "dateTime", dt.datetime(2026, 11, 22, tzinfo=dt.UTC)),
    ('@"P1Y"', "yearMonthDuration", YearsMonths(12)),
    ('@"P1Y"', "days and time duration", None),
    ("{a: 1, b: 2}", "context<a: number>", {"a": Decimal(1), "b": Decimal(2)}),
    ('{a: "1"}', "context<a: number>", None),
    ("{数: 1}", "人", {"数": Decimal(1)}),
    ("{数: null}", "人", {"数": None}),
    ("{名: 1}", "人", None),
    ("[{数: 1}]", "人", {"数": Decimal(1)}),
    ("{数: 1}", "list<人>", [{"数": Decimal(1)}]),
    ("null", "number", None),
    ("5", "Any", Decimal(5)),
    ("5", "", Decimal(5)),
    ("5", "tUnheardOf_1", Decimal(5)),
    ("5", "list<", Decimal(5)),
]
ITEMS: dict[str, FeelType] = {"人": ContextType((("数", SIMPLE["number"]),))}


@pytest.mark.parametrize(
    ("text", "declared", "value"), CONVERSIONS, ids=[f"{c[0]}: {c[1]}" for c in CONVERSIONS]
)
def test_a_value_is_held_to_its_declared_type(text: str, declared: str, value: Any) -> None:
    """DMN 1.5, 10.3.2.9.4: implicit conversions; any other mismatch is null."""
    assert evaluate(text, types=ITEMS, declared=declared) == value


def test_a_type_is_read_from_its_name() -> None:
    assert type_named("人", ITEMS) is ITEMS["人"]
    assert type_named("list<list<date>>", {}) == ListType(ListType(SIMPLE["date"]))
    assert type_named("number number", {}) is None
    wanted = type_named("list<number>", {})
    assert wanted is not None
    assert coerce(Decimal(1), wanted) == [Decimal(1)]


@pytest.mark.parametrize("made", [dict, MappingProxyType], ids=["dict", "read-only"])
def test_a_context_is_left_as_it_was(made: Callable[[Any], Any]) -> None:
    inner = [3, 1, 2]
    assert evaluate("sort(x, function(a, b) a < b)", made({"x": inner})) == [1, 2, 3]
    assert inner == [3, 1, 2]


def test_the_page_says_what_happens() -> None:
    assert doctest.testfile("../docs/feel.md", encoding="utf-8").failed == 0


def test_the_page_names_the_limits() -> None:
    page = PAGE.read_text("utf-8")
    for limit in (
        tokens.LONGEST_TEXT, effort.MOST_STEPS, effort.LONGEST_STRING, regex.MOST_STEPS
    ):  # fmt: skip
        assert f"{limit:,} " in page
    for deepest in (cursor.DEEPEST, parser.TALLEST, values.DEEPEST_VALUE, calls.DEEPEST_CALL):
        assert re.search(rf"\b{deepest}\b", page)
