"""What the reader says: places, messages, remarks, names, trees and their hashes."""

import json

import pytest

from engine.feel import (
    FeelLimitError,
    FeelSyntaxError,
    compile_expression,
    compile_unary,
    evaluate,
)
from engine.feel.tree import Comparison, Name, Node, children

MISTAKES = (
    ("", 0, "空"),
    ("年龄 >= ", 6, "值或名称"),
    ("年龄 >= 60 并且 收入 < 1", 9, "已经完整"),
    ("(年龄 > 1", 7, ")"),
    ('"本市', 0, "引号"),
    ("年龄 # 1", 3, "不认识"),
    ("if a then b", 11, "else"),
    ("f(1, b: 2)", 10, "混用"),
    ("@2024", 1, "日期"),
    ("/* 没完", 0, "注释"),
    ("x instance of 5", 14, "类型"),
    ("{1: 2}", 1, "名称"),
    ("年龄 == 60", 4, "=="),
    ("年龄 => 60", 4, "=>"),
    ("年龄 <> 60", 4, "<>"),
    ("年龄 ≤", 4, "值或名称"),
)


@pytest.mark.parametrize(("text", "offset", "words"), MISTAKES)
def test_a_mistake_is_named_where_it_is(text: str, offset: int, words: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    error = caught.value
    assert error.code == "feel-syntax"
    assert error.offset == offset
    assert words in error.message_zh
    assert error.message_en.isascii() or '"' in text or "#" in text or "并" in text
    assert error.help_zh
    assert error.help_en


def test_a_limit_has_its_own_code() -> None:
    with pytest.raises(FeelLimitError) as caught:
        compile_expression("(" * 500)
    assert caught.value.code == "feel-limit"


def test_full_width_punctuation_is_read_and_remarked_on() -> None:
    expression = compile_expression('（年龄 ＞＝ 60）and 户籍 in (“本市”， "外市")')
    assert expression.evaluate({"年龄": 60, "户籍": "本市"}) is True
    assert [lint.offset for lint in expression.lints] == [0, 4, 9, 21, 25]
    assert all(lint.message_zh and lint.message_en for lint in expression.lints)
    assert expression.hash == compile_expression('(年龄 >= 60) and 户籍 in ("本市", "外市")').hash
    assert compile_expression('"（全角）在文本里不动"').lints == ()


@pytest.mark.parametrize(
    ("text", "word", "meant"), [("a 并且 b", "并且", "and"), ("a 大于 b", "大于", ">")]
)
def test_chinese_words_for_operators_are_translated(text: str, word: str, meant: str) -> None:
    with pytest.raises(FeelSyntaxError, match=word) as caught:
        compile_expression(text)
    assert meant in caught.value.help_zh
    assert meant in caught.value.help_en


@pytest.mark.parametrize("text", ["1 < 年龄 < 60", '@"2024-02-30" < 今天'])
def test_what_can_only_be_null_is_remarked_on(text: str) -> None:
    expression = compile_expression(text)
    assert len(expression.lints) == 1
    assert "待核" in expression.lints[0].message_zh
    assert expression.evaluate({"年龄": 30}) is None


@pytest.mark.parametrize(
    ("text", "names", "inside"),
    [
        ("年龄 >= 60 and 收入 <= 标准 * 1.5", {"年龄", "收入", "标准"}, set()),
        ("for x in 成员 return x.年龄 + 基数", {"成员", "基数"}, set()),
        ("成员[年龄 > 界限]", {"成员"}, {"年龄", "界限"}),
        ("some x in 成员 satisfies x = 本人", {"成员", "本人"}, set()),
        ("(function(a) a + b)(c)", {"b", "c"}, set()),
        ("{a: x, b: a}", {"x"}, set()),
        ("count(成员) + sum(金额)", {"成员", "金额"}, set()),
        ("for i in 1..3 return partial", set(), set()),
        ('@"2024-01-01" instance of date', set(), set()),
    ],
)
def test_free_names(text: str, names: set[str], inside: set[str]) -> None:
    expression = compile_expression(text)
    assert expression.names == names
    assert expression.item_names == inside


def test_names_with_spaces_come_from_the_context() -> None:
    assert evaluate("Monthly Salary * 12", {"Monthly Salary": 1000}) == 12000
    assert compile_expression("a b + 1", ["a b"]).names == {"a b"}
    with pytest.raises(FeelSyntaxError):
        compile_expression("a b + 1")
    assert evaluate("date and time", {"date": True, "time": False}) is False


@pytest.mark.parametrize(
    ("cell", "value", "wanted"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("< 5", 4, True),
        ("< 5", 5, False),
        ("< 5", None, None),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ("[1..3]", 3, True),
        ("(1..3)", 3, False),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("not([1..3])", None, None),
        ("null", None, True),
        ("null", 1, False),
        ("true", True, True),
        ("false", False, True),
        ("? > 上限", 5, True),
        ("? > 上限 and ? < 9", 10, False),
        ("> 上限", 5, True),
        ("[下限..上限]", 2, True),
        ("名单", "甲", True),
        ("list contains(名单, ?)", "丙", False),
        ("not(名单)", "丙", True),
        ('contains(?, "室")', "办公室", True),
        ("count(?) > 1", [1, 2], True),
        ("?.x = 1", {"x": 1}, True),
        ("1, > 上限", 5, True),
    ],
)
def test_cells(cell: str, value: object, wanted: bool | None) -> None:
    context = {"下限": 1, "上限": 4, "名单": ["甲", "乙"]}
    assert compile_unary(cell).evaluate(value, context) is wanted


def test_a_cell_knows_its_names() -> None:
    assert compile_unary("[下限..上限], ? > 3").names == {"下限", "上限"}
    assert compile_unary("-").names == frozenset()


def test_the_tree_keeps_its_places() -> None:
    text = "年龄 >= 60 and 收入 <= 1500"
    found = [text[node.start : node.end] for node in walk(compile_expression(text).tree)]
    assert found == [text, "年龄 >= 60", "年龄", "60", "收入 <= 1500", "收入", "1500"]


def walk(node: Node) -> list[Node]:
    return [node, *(below for child in children(node) for below in walk(child))]


def test_the_canonical_form_is_json_without_places() -> None:
    expression = compile_expression("年龄 >= 60")
    assert isinstance(expression.tree, Comparison)
    assert isinstance(expression.tree.left, Name)
    assert json.loads(json.dumps(expression.to_json())) == {
        "node": "Comparison",
        "operator": ">=",
        "left": {"node": "Name", "name": "年龄"},
        "right": {"node": "Literal", "value": {"number": "60"}},
    }
    assert expression.hash == compile_expression("年龄>=60 // 注").hash
    assert expression.hash != compile_expression("年龄 > 60").hash
    assert compile_expression("1").hash != compile_expression('"1"').hash


def test_reading_is_cached() -> None:
    assert compile_expression("a + 1") is compile_expression("a + 1", ["b"])
