"""Expressions and tables read back as prose: the words, and that they mean what is computed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import feel_texts
import shipped
from engine import decide
from engine.definitions import ConclusionRule, Matter, Table
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.registry import BUILTINS
from engine.profile import compile_cell, compile_rule
from engine.prose import (
    RULE_TITLES,
    Language,
    claims,
    spoken_cell,
    spoken_conclusion,
    spoken_condition,
    spoken_table,
    statements_of,
)
from engine.prose.functions import FUNCTIONS, OVER_ALL
from prose_reading import WORKING, Place, Reader
from prose_reading_chinese import Chinese
from prose_reading_english import English
from test_feel_fuzz import HOSTILE
from test_profile import conditions
from test_profile import written as written_in_the_profile


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("营业面积 >= 10", "营业面积在10以上", "营业面积 is at least 10"),
        ("年龄 < 18", "年龄不满18", "年龄 is less than 18"),
        ("面积 > 30", "面积超过30", "面积 is more than 30"),
        ("天数 <= 5", "天数在5以下", "天数 is at most 5"),
        ("使用集中空调", "使用集中空调", "使用集中空调"),
        ("使用集中空调 = true", "使用集中空调为是", "使用集中空调 is yes"),
        ('类 in ("理发", "美容")', "类为“理发”、“美容”之一", '类 is one of ("理发", "美容")'),
        ('类 in ["理发"]', "类为“理发”", '类 is "理发"'),
        ('类 = "甲" and 面积 < 30', "类为“甲”，并且面积不满30", '类 is "甲", and 面积 is less than 30'),
        ("a = 1 and (b = 2 or c = 3)", "a为1，并且（b为2，或者c为3）", "a is 1, and (b is 2, or c is 3)"),
        ("租约 = null", "租约未提供", "租约 is not given"),
        ("not(合格)", "不属于“合格”的情形", "it is not the case that (合格)"),
        ('not(类 in ("甲", "乙"))', "类不为“甲”、“乙”中的任何一个", '类 is none of ("甲", "乙")'),
        ('not(类型 = "理发")', "类型不为“理发”", '类型 is not "理发"'),
        ("年龄 between 16 and 24", "年龄在16以上24以下", "年龄 is at least 16 and at most 24"),
        ("年龄 in [80..90)", "年龄在80以上且不满90", "年龄 is at least 80 and less than 90"),
        ("count(人) >= 3", "人的数量在3以上", "the number of items in 人 is at least 3"),
        (
            'every 人 in 名册 satisfies 人.证 = "甲"',
            "名册中每一项都符合：其证为“甲”",
            'every item of 名册 satisfies: its 证 is "甲"',
        ),
        (
            '日 < @"2026-11-22"', "日早于2026年11月22日", "日 is before 2026-11-22",
        ),
        ('d + @"P1Y2M"', "d + 1年2个月", "d + 1 year 2 months"),
        ("(a + b) * c", "（a + b） × c", "(a + b) × c"),
        (
            "if a then null else b",
            "如果a，则待核；否则b",
            "if a, then pending; otherwise b",
        ),
        ("1 +", "1 +", "1 +"),
    ],
)  # fmt: skip
def test_conditions_are_told_in_both_languages(expression: str, zh: str, en: str) -> None:
    words = spoken_condition(expression)
    assert (words.zh, words.en) == (zh, en)


@pytest.mark.parametrize(
    ("cell", "zh", "en"),
    [
        ("-", "不限", "any"), ('"理发"', "理发", "理发"), ('"理发", "美容"', "理发、美容", "理发, 美容"),
        ('not("理发", "美容")', "理发、美容以外", "other than 理发, 美容"),
        ("[80..90)", "80以上且不满90", "at least 80 and less than 90"),
        (">= 100", "100以上", "at least 100"), ("true", "是", "yes"), ("100", "100", "100"),
        ("< 5, > 9", "不满5或者超过9", "less than 5 or more than 9"), ("not(true)", "否", "no"),
        ("? > a + 1", "该值高于（a + 1）", "the value is more than (a + 1)"),
        ('"甲", null', "“甲”或者未提供", '"甲" or not given'),
        ('[@"2024-01-01"..@"2025-01-01")', "不早于2024年1月1日且早于2025年1月1日",
         "on or after 2024-01-01 and before 2025-01-01"),
    ],
)  # fmt: skip
def test_cells_are_told_in_both_languages(cell: str, zh: str, en: str) -> None:
    words = spoken_cell(cell)
    assert (words.zh, words.en) == (zh, en)


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_any_text_can_be_asked_for_its_prose(text: str) -> None:
    assert isinstance(spoken_condition(text).zh, str)
    assert isinstance(spoken_cell(text).zh, str)


def test_every_built_in_function_has_words_for_all_it_can_be_given() -> None:
    silent = {
        (name, count)
        for name, function in BUILTINS.items()
        for overload in function.overloads
        for count in range(
            sum(not p.optional for p in overload.parameters), len(overload.parameters) + 1
        )
        if (name, count) not in FUNCTIONS and name not in OVER_ALL
    }
    assert silent - {("append", 3), ("append", 1)} == set()


# --- what the prose says is what the expression computes -------------------------------------

MATTER = Matter.model_validate(
    {
        "matter": "sample", "title": "示例", "type": "行政许可", "level": "县级", "organ": "某局",
        "facts": {
            "类型": {"type": "text", "title": "场所类型"},
            "别名": {"type": "text"},
            "面积": {"type": "decimal", "unit": "m²", "title": "报告载明的营业面积"},
            "图示面积": {"type": "decimal", "unit": "m²"},
            "人数": {"type": "integer", "unit": "人", "title": "为顾客服务的人员人数（含兼职）"},
            "年龄": {"type": "integer", "unit": "周岁"},
            "数": {"type": "integer"},
            "开业日期": {"type": "date", "title": "拟定的开业日期"},
            "到期日": {"type": "date"},
            "用空调": {"type": "boolean", "title": "使用集中空调"},
            "受过罚": {"type": "boolean", "title": "三年内受过罚款以上处罚，或者被吊销许可"},
            "够大": {"type": "boolean", "compute": "面积 >= 10"},
            "项目": {"type": "list", "of": "text", "title": "检测的项目"},
            "数列": {"type": "list", "of": "integer"},
            "人员": {
                "type": "list", "of": "record", "title": "服务人员",
                "fields": {
                    "姓名": {"type": "text"},
                    "次数": {"type": "integer", "unit": "次", "title": "体检次数"},
                    "有效期": {"type": "date", "title": "健康证有效期至"},
                    "合格": {"type": "boolean", "title": "体检合格"},
                },
            },
        },
        "parameters": {"下限": {"type": "decimal", "value": None, "unit": "m²"}},
    }
)  # fmt: skip
LABELS = {
    **{fact.title or name: name for name, fact in MATTER.facts.items()},
    **{part.title or name: name for name, part in MATTER.facts["人员"].fields.items()},
    "下限": "下限", "申请日期": "申请日期",
}  # fmt: skip
UNITS = {"zh": ("m²", "人", "周岁", "次"), "en": (
    "m²", "people", "person", "years of age", "year of age", "times", "time",
)}  # fmt: skip
READERS: dict[Language, type[Reader]] = {"zh": Chinese, "en": English}

# Kinds: n number, t text, d date, b claim, l list of numbers, s list of texts, m list of records.
# A kind in braces is any expression of that kind; x is the record of a loop, y a plain item.
GRAMMAR: dict[str, tuple[list[str], list[str]]] = {
    "n": (
        ["面积", "图示面积", "人数", "年龄", "数", "下限", "0", "1", "2", "10.5", "-1"],
        ["({n} + {n})", "{n} - {n}", "{n} * {n}", "({n} - {n}) * {n}", "{n} / 2", "count({m})",
         "count({s})", "count(distinct values({l}))", "sum({l})", "min({n}, {n})", "max({l})",
         "abs({n})", "string length({t})", "{l}[2]", "{l}[-1]", "{d}.year", "{d}.month",
         "years and months duration({d}, {d}).years", "(if {b} then {n} else {n})",
         "modulo({n}, 3)", "{m}[1].次数", "count({m}[{f}])", "count({l}[item {c} {n}])"],
    ),
    "t": (
        ["类型", "别名", '"甲"', '"乙"', '"a"', '""'],
        ["(if {b} then {t} else {t})", "substring({t}, 1, 2)", "string({d})", "{s}[1]", "{m}[1].姓名",
         'string join({s}, "、")'],
    ),
    "d": (
        ["开业日期", "到期日", "申请日期", '@"2024-02-29"', 'date("2020-12-31")'],
        ['({d} + @"P1M")', '({d} - @"P3D")', '({d} + @"P1Y2M")', '({d} + @"P1M" * 2)',
         '({d} + @"P1M" * 人数)', '({d} - count({s}) * @"P1Y")', '({d} + @"P1D" * 人数)',
         "date({d}.year, {d}.month, 1)", "max({d}, {d})", "(if {b} then {d} else {d})"],
    ),
    "l": (
        ["数列", "[1, 2]", "[数, 2]"],
        ["{m}.次数", "{l}[item {c} {n}]", "distinct values({l})", "[{n}, {n}]"],
    ),
    "s": (
        ["项目", '["甲", "乙"]', "[类型]"],
        ["{m}.姓名", "{s}[item {q} {t}]", "concatenate({s}, {s})", "(for x in {m} return x.姓名)"],
    ),
    "m": (["人员"], ["{m}[{f}]"]),
    "b": (
        ["用空调", "受过罚", "够大"],
        ["{n} {c} {n}", "({n} {c} {n})", "{t} {q} {t}", "{d} {c} {d}", "({b} and {b})",
         "({b} or {b})", "({b} and {b} and {b})", "({b} or {b} and {b})", "not({b})",
         "{n} between {n} and {n}", "{n} in [1..{n}]", "{n} in ([0..2), > 5)", "{n} in (1, 2, 10)",
         "{n} in (< 1, 3)", "not({n} in (1, 2))", '{t} in ("甲", "乙")', 'not({t} in ("甲"))',
         '{t} in ["甲"]', "{d} in [@\"2024-01-01\"..申请日期]", "list contains({s}, {t})",
         "list contains({l}, {n})", "{n} = null", "{t} != null", 'not({t} = null)',
         '(类型 != null and 类型 != "")', '(别名 = null or 别名 = "")', "({b}) = ({b})",
         "({b}) != ({b})", "{b} = true", "some x in {m} satisfies {g}", "(every x in {m} satisfies {g})",
         "some y in {l} satisfies y {c} {n}", "every y in {s} satisfies list contains({s}, y)",
         "(if {b} then {b} else {b})", "contains({t}, {t})", "starts with({t}, {t})",
         "ends with({t}, {t})", "some x in {m} satisfies (some y in {l} satisfies y {c} x.次数)"],
    ),
    # of the record x of a loop, and of the fields of a selection
    "g": (
        ["x.合格", "x.次数 {c} 2"],
        ["x.次数 {c} {n}", "x.姓名 {q} {t}", "x.有效期 {c} {d}", "({g} and {g})", "not({g})",
         "({g} or {b})", "x.姓名 = null", "x.次数 in [1..2]", "(if {g} then {b} else {g})"],
    ),
    "f": (
        ["合格", "次数 {c} 2"],
        ["次数 {c} 面积", "姓名 {q} 别名", "有效期 {c} 申请日期", "({f} and {f})", "not({f})",
         "({f} or 用空调)", "姓名 = null", "次数 in (1, 3)", "有效期 >= 开业日期"],
    ),
    "c": (["=", "!=", "<", "<=", ">", ">="], []),
    "q": (["=", "!="], []),
}  # fmt: skip


@st.composite
def written(draw: st.DrawFn, kind: str, depth: int) -> str:
    short, long = GRAMMAR[kind]
    text = draw(st.sampled_from(long if depth and long else short))
    return re.sub(r"\{(\w)\}", lambda found: draw(written(found[1], max(depth - 1, 0))), text)


def known(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(strategy, strategy, strategy, st.none())


figures = st.sampled_from([Decimal(n) for n in ("-1", "0", "1", "2", "3", "10", "10.5", "18")])
words = st.sampled_from(["甲", "乙", "甲乙", "a", ""])
days = st.dates(date(2019, 1, 1), date(2026, 12, 31))
people = st.fixed_dictionaries(
    {
        "姓名": known(words),
        "次数": known(figures),
        "有效期": known(days),
        "合格": known(st.booleans()),
    }
)
facts = st.fixed_dictionaries(
    {
        **{name: known(figures) for name in ("面积", "图示面积", "人数", "年龄", "数", "下限")},
        **{name: known(words) for name in ("类型", "别名")},
        **{name: known(days) for name in ("开业日期", "到期日", "申请日期")},
        **{name: known(st.booleans()) for name in ("用空调", "受过罚")},
        "项目": known(st.lists(words, max_size=3)),
        "数列": known(st.lists(known(figures), max_size=3)),
        "人员": known(st.lists(people, max_size=3)),
    }
)


def with_computed(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "够大": compile_rule("面积 >= 10").evaluate(given)}


def read_back(said: str, language: Language) -> Any:
    return READERS[language](said, LABELS, UNITS[language])


def agrees(text: str, given: dict[str, Any]) -> bool:
    """Asserts that both proses mean what is computed."""
    given = with_computed(given)
    wanted = compile_rule(text).evaluate(given)
    said = spoken_condition(text, MATTER)
    for language in ("zh", "en"):
        meaning = read_back(said.say(language), language).whole()
        found = meaning(Place(given))
        assert found == wanted, (text, said.say(language), given)
        assert type(found) is type(wanted), (text, said.say(language), given)
    return True


@settings(max_examples=700, deadline=None)
@given(written("b", 3), facts)
def test_the_prose_of_a_condition_holds_exactly_when_the_condition_holds(
    text: str, given: dict[str, Any]
) -> None:
    agrees(text, given)


@settings(max_examples=300, deadline=None)
@given(st.one_of(*(written(kind, 2) for kind in "ntdlsm")), facts)
def test_the_prose_of_a_value_is_that_value(text: str, given: dict[str, Any]) -> None:
    agrees(text, given)


CELLS: dict[str, list[str]] = {
    "n": ["-", "1", "1, 2", "not(1, 2)", "not(1)", "< 10", ">= 下限", "[1..10)", "not([1..2])",
          "(0..图示面积]", "null", "not(null)", "? > 下限 + 1", "< 1, ? = 3", "> 2, 0", "下限", "-1"],
    "t": ["-", '"甲"', '"甲", "乙"', 'not("甲", "乙")', "别名", 'contains(?, "甲")', "null, \"a\"", '""'],
    "d": ["-", '< @"2024-01-01"', "申请日期", '[@"2020-01-01"..申请日期)', '> @"2023-06-30"', "null"],
    "b": ["-", "true", "false", "not(true)", "null", "true, false"],
    "s": ["-", 'list contains(?, "甲")', "count(?) > 1", '["甲"]'],
}  # fmt: skip
COLUMNS = {
    "面积": "n", "年龄": "n", "类型": "t", "开业日期": "d", "用空调": "b", "项目": "s",
    "开业在先": "b", "折半": "n", "人均": "n",
}  # fmt: skip
INPUTS = {
    "开业在先": "开业日期 <= 申请日期",
    "折半": "面积 / 2",
    "人均": "if 用空调 then 面积 else 数",
}
GIVEN = {"档次": ['"甲"', '"乙"', "null"], "标准": ["10", "下限", "面积 * 2", "null", "-1.5"]}
TABLE_MATTER = MATTER.model_copy(
    update={
        "tables": (
            Table.model_validate({"id": "t", "gives": ["档次", "标准"], "units": {"标准": "元"},
                                  "rows": [{"档次": '"甲"', "标准": "10"}]}),
        )
    }
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str]:
    columns = draw(st.lists(st.sampled_from(sorted(COLUMNS)), max_size=4, unique=True))
    cells = {name: draw(st.sampled_from(CELLS[COLUMNS[name]])) for name in columns}
    return cells | {name: draw(st.sampled_from(values)) for name, values in GIVEN.items()}


def table_of(*cells: dict[str, str]) -> Table:
    inputs = {name: INPUTS[name] for row in cells for name in row if name in INPUTS}
    return Table.model_validate(
        {
            "id": "t",
            "gives": ["档次", "标准"],
            "units": {"标准": "元"},
            "inputs": inputs,
            "rows": list(cells),
        }
    )


@settings(max_examples=400, deadline=None)
@given(rows(), facts)
def test_the_prose_of_a_row_applies_when_the_row_does_and_gives_what_it_gives(
    cells: dict[str, str], given: dict[str, Any]
) -> None:
    given = with_computed(given)
    known_columns = {name: compile_rule(text).evaluate(given) for name, text in INPUTS.items()}
    answers = [
        compile_cell(cells[name]).evaluate({**given, **known_columns}[name], given)
        for name in cells
        if name not in GIVEN
    ]
    wanted = False if False in answers else None if None in answers else True
    (said,) = spoken_table(table_of(cells), TABLE_MATTER).rows
    for language in ("zh", "en"):
        reader = READERS[language](
            said.say(language),
            {**LABELS, "档次": "档次", "标准": "标准"},
            (*UNITS[language], "元", "yuan"),
        )
        condition, gives = reader.row()
        assert reader.at == len(reader.text)
        assert condition(Place(given)) is wanted, (said.say(language), given)
        for name, meaning in gives.items():
            assert meaning(Place(given)) == compile_rule(cells[name]).evaluate(given), said


# --- nothing is left unsaid ------------------------------------------------------------------


def is_all_said(text: str, matter: Matter | None = None) -> bool:
    said = spoken_condition(text, matter)
    return bool(said.zh and said.en) and "`" not in said.zh + said.en


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(feel_texts.expressions)
def test_whatever_the_language_has_is_said(text: str) -> None:
    try:
        compile_expression(text)
        is_valid = True
    except FeelSyntaxError:
        is_valid = False
    said = spoken_condition(text)
    assert is_all_said(text) if is_valid else said.zh == text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(conditions, *(written_in_the_profile(kind, 3) for kind in "nlmtb")))
def test_whatever_definitions_may_write_is_said(text: str) -> None:
    assert is_all_said(text)


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:40] for text in HOSTILE])
def test_hostile_texts_are_said_or_shown_in_time_and_length(text: str) -> None:
    said = spoken_condition(text)
    assert len(said.zh) + len(said.en) < 60 * len(text) + 2_000
    spoken_cell(text)


def test_every_condition_and_table_that_ships_is_said() -> None:
    count = 0
    for name in shipped.MATTERS:
        matter = shipped.workspace().matter(name, shipped.ON)
        for text in expressions_of(matter):
            assert is_all_said(text, matter), text
            count += 1
        for table in matter.tables:
            told = spoken_table(table, matter)
            assert len(told.rows) == len(table.rows)
            assert not any("`" in row.zh + row.en for row in told.rows)
    assert count > 80


def expressions_of(matter: Matter) -> Iterator[str]:
    """Every FEEL text of a matter, wherever it stands: keys that hold an expression."""
    waiting: list[Any] = [matter.model_dump()]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += found.values()
            yield from (v for k, v in found.items() if k in _EXPRESSIONS and isinstance(v, str))
            yield from (found.get("inputs") or {}).values()
        elif isinstance(found, list | tuple):
            waiting += found


_EXPRESSIONS = frozenset({"compute", "when", "require", "entry", "amount", "starts"})


# --- the reading itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said", "below", "equal", "above"),
    [
        ("zh", "年龄在18 周岁以上", False, True, True),
        ("zh", "年龄在18 周岁以下", True, True, False),
        ("zh", "年龄不满18 周岁", True, False, False),
        ("zh", "年龄超过18 周岁", False, False, True),
        ("en", "年龄 is at least 18 years of age", False, True, True),
        ("en", "年龄 is at most 18 years of age", True, True, False),
        ("en", "年龄 is less than 18 years of age", True, False, False),
        ("en", "年龄 is more than 18 years of age", False, False, True),
    ],
)
def test_the_figure_counts_as_the_civil_code_has_it(
    language: Language, said: str, below: bool, equal: bool, above: bool
) -> None:
    meaning = read_back(said, language).whole()
    found = [meaning(Place({"年龄": Decimal(n)})) for n in (17, 18, 19)]
    assert found == [below, equal, above]
    assert meaning(Place({"年龄": None})) is None


SWAPS = [
    (words, one, other)
    for words in ("_FIGURES", "_OTHERS", "_DAYS")
    for one, other in ((">=", ">"), ("<=", "<"), (">", "<"))
] + [("_EQUAL", "=", "!="), ("_SAME_FIGURE", "=", "!="), ("_SAME", "=", "!=")]
HELD_AGAINST = {
    "_FIGURES": "年龄 {} 18", "_OTHERS": "年龄 {} 数", "_DAYS": "到期日 {} 申请日期",
    "_EQUAL": "年龄 {} 18", "_SAME_FIGURE": "年龄 {} 数", "_SAME": "到期日 {} 申请日期",
}  # fmt: skip


@pytest.mark.parametrize(("words", "one", "other"), SWAPS, ids=lambda value: value)
def test_a_swapped_word_is_caught(
    monkeypatch: pytest.MonkeyPatch, words: str, one: str, other: str
) -> None:
    """Were 以上 written for 超过, the reading would differ from what is computed."""
    pairs = getattr(claims, words)
    text = HELD_AGAINST[words].format(one)
    cases = [
        {"年龄": Decimal(n), "数": Decimal(18), "到期日": date(2026, 1, n), "申请日期": date(2026, 1, 18)}
        for n in (17, 18, 19)
    ]  # fmt: skip
    for case in cases:
        agrees(text, case)
    monkeypatch.setitem(pairs, one, pairs[other])
    with pytest.raises(AssertionError):
        all(agrees(text, case) for case in cases)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(*(written(kind, 4) for kind in "bntdlsm")), facts)
def test_a_great_many_proses_mean_what_is_computed(text: str, given: dict[str, Any]) -> None:
    agrees(text, given)


# --- tables and whole matters ----------------------------------------------------------------

HITS: list[dict[str, Any]] = [
    {"hit": "unique"}, {"hit": "any"}, {"hit": "first"}, {"hit": "priority"}, {"hit": "rule_order"},
    {"hit": "output_order"}, {"hit": "collect"}, {"hit": "collect", "aggregation": "sum"},
    {"hit": "collect", "aggregation": "min"}, {"hit": "collect", "aggregation": "max"},
    {"hit": "collect", "aggregation": "count"},
]  # fmt: skip


def test_every_way_of_counting_rows_has_words_of_its_own() -> None:
    told = []
    for hit in HITS:
        table = table_of({"面积": "> 1", "档次": '"甲"', "标准": "10"}).model_copy(update=hit)
        told.append(spoken_table(table, TABLE_MATTER).note)
    assert len({note.zh for note in told}) == len({note.en for note in told}) == len(HITS)


def test_a_table_tells_its_order_and_what_holds_where_no_row_applies() -> None:
    table = table_of({"面积": "> 1", "档次": '"甲"', "标准": "10"}).model_copy(
        update={
            "hit": "priority", "allowed": {"档次": '"乙", "甲"'},
            "default": {"档次": '"乙"', "标准": "0"},
        }
    )  # fmt: skip
    told = spoken_table(table, TABLE_MATTER)
    assert told.note.zh.endswith("档次的优先次序：乙、甲。")
    assert [row.zh for row in told.rows] == [
        "报告载明的营业面积超过1 m²的，档次为“甲”；标准为10 元。",
        "都不适用的，档次为“乙”；标准为0 元。",
    ]
    assert told.rows[1].en == 'Where none applies: 档次 is "乙"; 标准 is 0 yuan.'


def test_what_a_table_lists_is_spoken_of_as_a_list() -> None:
    table = table_of({"面积": "> 1", "档次": '"甲"', "标准": "10"})
    listing = table.model_copy(update={"hit": "rule_order", "records": "各档"})
    matter = MATTER.model_copy(update={"tables": (listing,)})
    said = spoken_condition("every x in 各档 satisfies x.标准 >= 5", matter)
    assert said.zh == "各档中每一项都符合：其标准在5 元以上"


def test_labels_are_never_taken_for_the_sentence_nor_for_each_other() -> None:
    matter = Matter.model_validate(
        {
            **MATTER.model_dump(include={"matter", "title", "type", "level", "organ"}),
            "facts": {
                "甲": {"type": "integer", "title": "数目"}, "乙": {"type": "integer", "title": "数目"},
                "丙": {"type": "boolean", "title": "有章程，并且已公示"},
            },
        }
    )  # fmt: skip
    said = spoken_condition("甲 > 乙 and not(丙)", matter)
    assert said.zh == "数目〔甲〕高于数目〔乙〕，并且不属于「有章程，并且已公示」的情形"


def conclusion(**keys: Any) -> list[str]:
    keys.setdefault("then", {"conclude": "不予"})
    rule = ConclusionRule.model_validate({"rule": "r", **keys})
    return [sentence.zh for sentence in spoken_conclusion(rule)]


def test_a_conclusion_rule_is_read_back() -> None:
    of_another = {"类型": "营业执照", "持有人代码": {"not": "p.证件号码"}}
    found = {"finding": "执照属于他人", "effect": "correct", "subject": "l.编号"}
    when = [{"is": "申请人", "as": "p"}, {"is": "证照", "as": "l", "where": of_another}]
    assert conclusion(when=when, then=found) == [
        "情形：有申请人；有类型为“营业执照”且持有人代码不为申请人的证件号码的证照。",
        "认定：执照属于他人（对象：证照的编号）。",
        "后果：补正。",
    ]
    assert (
        conclusion(when=when, then=found, phase="entry")[-1] == "后果：不按申请人选择的路径办理。"
    )
    none = {"none": "结论", "where": {"结果": {"in": ["不予", "补正"]}}}
    assert conclusion(when=none)[0] == "情形：没有结果为“不予”、“补正”之一的结论。"
    two = [
        {"is": "证照", "as": "a"},
        {"is": "证照", "as": "b", "where": {"编号": "a.编号", "级": {"below": 3}}},
    ]
    assert conclusion(when=two) == [
        "情形：有证照（a）；有编号为证照（a）的编号且级低于3的证照（b）。",
        "结论：不予。",
    ]


def test_a_text_with_a_point_is_no_field_unless_its_alias_is_there() -> None:
    assert conclusion(when={"is": "证照", "as": "a", "where": {"版本": "v1.2", "修复": True}})[
        0
    ] == ("情形：有版本为“v1.2”且修复为是的证照。")


@pytest.mark.parametrize("name", shipped.MATTERS)
def test_a_whole_matter_is_read_back(name: str) -> None:
    matter = shipped.workspace().matter(name, shipped.ON)
    told = list(statements_of(matter))
    by_rule = {rule: [s.id for s in told if s.rule == rule] for rule in RULE_TITLES}
    assert {s.rule for s in told} <= set(RULE_TITLES)
    assert by_rule["criterion"] == [criterion.id for criterion in matter.criteria]
    assert by_rule["conclusion"] == [rule.rule for rule in matter.conclusions]
    assert by_rule["table"] == [table.id for table in matter.tables]
    assert by_rule["fact"] == [name for name, fact in matter.facts.items() if fact.compute]
    for statement in told:
        assert all(s.zh.endswith("。") and s.en.endswith(".") for s in statement.sentences)


def vocabulary(matter: Matter) -> dict[str, str]:
    """Every label of a matter with its name, as whoever reads its prose knows them."""
    fields: dict[str, list[str]] = {}
    for fact in matter.facts.values():
        for field, part in fact.fields.items():
            fields.setdefault(part.title or field, []).append(field)
    labels = {label: "/".join(dict.fromkeys(names)) for label, names in fields.items()}
    for name, fact in matter.facts.items():
        labels[fact.title or name] = "/".join(
            dict.fromkeys([name, *fields.get(fact.title or name, [])])
        )
    given = [name for table in matter.tables for name in table.names]
    provided = ["申请日期", "申请人", "名称", "证件号码", "代理人", "地区", "办理路径"]
    return {**{name: name for name in (*matter.parameters, *given, *provided)}, **labels}


def units_of(matter: Matter) -> tuple[str, ...]:
    """Every unit in which a matter counts."""
    fields = [part for fact in matter.facts.values() for part in fact.fields.values()]
    units = {part.unit for part in fields} | {fact.unit for fact in matter.facts.values()}
    units |= {figure.unit for figure in matter.parameters.values()}
    return (*sorted(unit for unit in units if unit), "个工作日")


@pytest.mark.parametrize(
    ("matter_id", "path"), shipped.samples(), ids=lambda value: getattr(value, "stem", value)
)
def test_the_prose_of_what_ships_means_what_is_decided(matter_id: str, path: Path) -> None:
    """Of every condition that ships, over the facts of every sample that ships."""
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    decision = decide(shipped.workspace(), matter_id, data, on=shipped.ON)
    matter = shipped.workspace().matter(matter_id, shipped.ON, decision.region)
    figures_here = {name: figure.value for name, figure in matter.parameters.items()}
    read = {read.name: read.value for read in decision.facts}
    known_here = {**figures_here, "地区": decision.region, "申请日期": decision.on, **read}
    for name, fact in matter.facts.items():  # what no criterion reads is computed here
        if fact.compute and name not in known_here:
            known_here[name] = compile_rule(fact.compute).evaluate(known_here)
    calendar = shipped.workspace().calendar
    working = {
        WORKING: lambda day: (
            calendar.is_working_day(day) if calendar.is_published(day.year) else None
        )
    }
    place = Place({**known_here, **working})
    labels, readable = vocabulary(matter), 0
    # Working days need a calendar, a licence's fields the licence: they are no facts of a sample.
    apart = re.compile(r"工作日数\(|证照\.")
    texts = [text for text in expressions_of(matter) if not apart.search(text)]
    own = units_of(matter)
    units = {"zh": own, "en": (*own, "yuan", "people", "person", "years of age")}
    for text in texts:
        said = spoken_condition(text, matter)
        for language in ("zh", "en"):
            meaning = READERS[language](said.say(language), labels, units[language]).whole()
            found, wanted = meaning(place), compile_rule(text).evaluate(known_here)
            assert found == wanted, said.say(language)
            readable += 1
    assert readable == 2 * len(texts)
    assert len(texts) >= min(6, len(matter.criteria)) > 0  # else nothing was compared
