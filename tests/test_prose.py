"""Expressions and tables read back as prose: the words, and that they mean what is computed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.registry import BUILTINS
from engine.prose import spoken_cell, spoken_condition
from engine.prose.functions import FUNCTIONS, OVER_ALL


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("营业面积 >= 10", "营业面积在10以上", "营业面积 is at least 10"),
        ("年龄 < 18", "年龄不满18", "年龄 is less than 18"),
        ("面积 > 30", "面积超过30", "面积 is more than 30"),
        ("天数 <= 5", "天数在5以下", "天数 is at most 5"),
        ("使用集中空调", "使用集中空调", "使用集中空调"),
        ("使用集中空调 = true", "使用集中空调为是", "使用集中空调 is yes"),
        ('类 in ("理发", "美容")', "类为“理发”、“美容”之一", '类 is one of "理发", "美容"'),
        ('类 in ["理发"]', "类为“理发”", '类 is "理发"'),
        ('类 = "甲" and 面积 < 30', "类为“甲”，并且面积不满30", '类 is "甲", and 面积 is less than 30'),
        ("a = 1 and (b = 2 or c = 3)", "a为1，并且（b为2，或者c为3）", "a is 1, and (b is 2, or c is 3)"),
        ("租约 = null", "租约未提供", "租约 is not given"),
        ("not(合格)", "不属于“合格”的情形", "it is not the case that (合格)"),
        ('not(类 in ("甲", "乙"))', "类不为“甲”、“乙”中的任何一个", '类 is none of "甲", "乙"'),
        ('not(类型 = "理发")', "类型不为“理发”", '类型 is not "理发"'),
        ("年龄 between 16 and 24", "年龄在16以上且在24以下", "年龄 is at least 16 and at most 24"),
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
        ("< 5, > 9", "不满5或者超过9", "less than 5 or is more than 9"),
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
