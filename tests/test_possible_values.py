"""Comparisons called constant, against every point of small domains; and what administrators get wrong."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_workspace
from engine import Diagnostic, check_workspace
from engine.checks.constant_comparisons import Constancy, ConstantSearch
from engine.checks.matter_values import ranged
from engine.checks.possible_values import BOOLEANS, Grid, Possible, words_of
from engine.feel import compile_expression, compile_unary, tree
from engine.profile import compile_cell, compile_rule

Points = list[Any]
WORDS = ("甲", "乙", "丙")
SIGNS = ("<", "<=", ">", ">=", "=", "!=")
few = st.integers(-6, 6)


@st.composite
def number_domains(draw: st.DrawFn) -> tuple[Possible, Points]:
    """A range of numbers with a scale, and every number in it."""
    low, size, scale = draw(few), draw(st.integers(0, 5)), draw(st.integers(0, 1))
    opened, closed = draw(st.sampled_from("[(")), draw(st.sampled_from("])"))
    text = f"{opened}{low}..{low + size}{closed}"
    steps = range(low * 10**scale, (low + size) * 10**scale + 1)
    points = [p for n in steps if compile_cell(text).evaluate(p := Decimal(n) / 10**scale) is True]
    if not points:
        text, points = f"[{low}..{low}]", [Decimal(low)]
    return ranged(text, "number", Grid(Decimal((0, (1,), -scale)))), points


def sides(names: str = "xy") -> st.SearchStrategy[str]:
    figure = st.one_of(few.map(str), st.integers(-60, 60).map(lambda n: str(Decimal(n) / 10)))
    leaf = st.one_of(figure, st.sampled_from(names))

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({' '.join(t)})"),
            pair.map(lambda p: f"min({p[0]}, {p[1]})"),
            pair.map(lambda p: f"max({p[0]}, {p[1]})"),
            inner.map(lambda t: f"abs({t})"),
            inner.map(lambda t: f"-({t})"),
            inner.map(lambda t: f"floor({t})"),
            inner.map(lambda t: f"ceiling({t})"),
            inner.map(lambda t: f"decimal({t} / 3, 1)"),
            inner.map(lambda t: f"round half up({t}, 0)"),
            st.tuples(inner, inner, inner).map(lambda t: f"(if b then {t[1]} else {t[2]})"),
        )

    return st.recursive(leaf, grown, max_leaves=4)


def intervals(ends: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.tuples(st.sampled_from("[("), ends, ends, st.sampled_from("])"))
    return st.one_of(
        parts.map(lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"),
        st.tuples(st.sampled_from(SIGNS[:4]), ends).map(" ".join),
        ends,
    )


def claims(side: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = st.tuples(side, st.sampled_from(SIGNS), side).map(" ".join)
    between = st.tuples(side, side, side).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}")
    tests = st.lists(intervals(few.map(str)), min_size=1, max_size=3)
    among = st.tuples(st.sampled_from(["x", "y", "abs(x)", "floor(y)", "min(x, y)"]), tests).map(
        lambda t: f"{t[0]} in ({', '.join(t[1])})"
    )
    word = st.sampled_from((*WORDS, "丁")).map(lambda w: f'"{w}"')
    words = st.lists(word, min_size=1, max_size=4).map(lambda w: f"t in ({', '.join(w)})")
    same = st.tuples(st.sampled_from(("=", "!=")), word).map(lambda p: f"t {p[0]} {p[1]}")
    flags = st.sampled_from(("b = true", "b != false", "b in (true, false)", "b = b", "x >= x"))
    # The value stands in no bracket of its own, so that a part of `in` can be asked about it.
    one = st.one_of(compared, between, among, words, same, flags)
    return st.lists(one, min_size=1, max_size=2).map(lambda c: " and ".join(f"({t})" for t in c))


def points_of(domains: Mapping[str, Points]) -> Iterator[dict[str, Any]]:
    for values in product(*domains.values()):
        yield dict(zip(domains, values, strict=True))


def found_in(text: str, scope: Mapping[str, Possible]) -> list[Constancy]:
    search = ConstantSearch(text, scope)
    search.value_of(compile_expression(text).tree)
    return search.found


def asked(text: str, one: Constancy) -> str:
    """The claim that is called constant; a part of `in (…)` with what it is held against."""
    part = text[one.start : one.end]
    for node in walk(compile_expression(text).tree):
        if isinstance(node, tree.In) and one.start > node.value.end and one.end <= node.end:
            return f"{text[node.value.start : node.value.end]} in ({part})"
    return part


def walk(node: tree.Node) -> Iterator[tree.Node]:
    yield node
    for child in tree.children(node):
        yield from walk(child)


@given(number_domains(), number_domains(), claims(sides()))
def test_what_is_called_constant_is_so_at_every_point(
    x: tuple[Possible, Points], y: tuple[Possible, Points], text: str
) -> None:
    scope = {"x": x[0], "y": y[0], "b": BOOLEANS, "t": words_of("text", WORDS)}
    domains: dict[str, Points] = {"x": x[1], "y": y[1], "b": [True, False], "t": list(WORDS)}
    for one in found_in(text, scope):
        claim = compile_rule(asked(text, one))
        own = {name: domains[name] for name in claim.names}
        answers = {claim.evaluate(point) for point in points_of(own)}
        assert answers <= {one.answer}, (text, one)


@given(number_domains(), few, st.integers(-60, 60), st.sampled_from(SIGNS), few, st.booleans())
def test_no_constant_comparison_of_one_variable_is_missed(
    x: tuple[Possible, Points], factor: int, end: int, sign: str, more: int, turned: bool
) -> None:
    left, right = f"{factor} * x + {more}", str(Decimal(end) / 10)
    text = f"{right} {sign} {left}" if turned else f"{left} {sign} {right}"
    answers = {compile_rule(text).evaluate({"x": point}) for point in x[1]}
    assert [one.answer for one in found_in(text, {"x": x[0]})] == (
        [*answers] if len(answers) == 1 else []
    )


@given(number_domains(), st.lists(intervals(few.map(str)), min_size=1, max_size=3), st.booleans())
def test_no_constant_cell_is_missed_and_none_is_made_up(
    x: tuple[Possible, Points], tests: list[str], negated: bool
) -> None:
    text = f"not({', '.join(tests)})" if negated else ", ".join(tests)
    read = compile_unary(text).tree
    assert isinstance(read, tree.Tests)
    search = ConstantSearch(text, {})
    search.cell(read, "x", x[0])
    answers = {compile_cell(text).evaluate(point) for point in x[1]}
    whole = [one.answer for one in search.found if one.kind == "cell"]
    assert whole == ([*answers] if len(answers) == 1 else [])
    for one in search.found:
        if one.kind != "cell":
            part = compile_cell(text[one.start : one.end])
            assert {part.evaluate(point) for point in x[1]} == {False}


# --- what administrators get wrong -----------------------------------------------------------

FACTS = """\
  面积: {type: decimal, scale: 2, range: "[0..1000]"}
  类别: {type: text, codes: kinds}
  出证: {type: boolean, given_by: 示例局}
  年龄: {type: integer, range: "[0..150]"}
  生日: {type: date}
  签发日: {type: date, range: '>= date("2000-01-01")'}
  双倍: {type: decimal, compute: 面积 * 2}
  人员:
    type: list
    of: record
    fields: {年龄: {type: integer, range: "[16..70]"}, 学历: {type: text, codes: kinds}}
"""


def told(folder: Path, condition: str) -> list[Diagnostic]:
    """What `tongban check` says of a matter with this condition, beyond facts left unused."""
    text = small_workspace.matter(("require: 出证, ", f"require: '{condition}', "))
    start, end = text.index("  面积:"), text.index("parameters:")
    text = text[:start] + FACTS + text[end:]
    workspace = small_workspace.make(folder, {"rulesets/matters/sample.yaml": text})
    found = [d for d in check_workspace(workspace) if d.place.file.endswith("matters/sample.yaml")]
    return [d for d in found if d.severity != "info" and d.code != "fact-unused"]


@pytest.mark.parametrize(
    ("condition", "code", "words"),
    [
        pytest.param("面积 >= 0", "comparison-always-true", "[0..1000]", id="no-area-is-negative"),
        pytest.param("年龄 > 200", "comparison-always-false", "[0..150]", id="nobody-is-so-old"),
        pytest.param("年龄 = 59.5", "comparison-always-false", "整数", id="ages-are-whole"),
        pytest.param("双倍 <= 2000", "comparison-always-true", "[0..2000]", id="computed-fact"),
        pytest.param("最低面积 < 100", "comparison-always-true", "[10..50]、30", id="table-output"),
        pytest.param("下限 <= 50", "comparison-always-true", "[10..50]", id="ceiling-of-regions"),
        pytest.param("面积 in [20..10]", "comparison-always-false", "[0..1000]", id="backwards"),
        pytest.param(
            "签发日 < date(\"1999-12-31\")", "comparison-always-false", "2000-01-01", id="day"
        ),
        pytest.param(
            "some 人 in 人员 satisfies 人.年龄 < 16", "comparison-always-false", "[16..70]", id="entry"
        ),
        pytest.param("count(人员[年龄 > 80]) > 1", "comparison-always-false", "", id="in-a-filter"),
        pytest.param("count(人员) >= 0", "comparison-always-true", "", id="counts-are-not-negative"),
        pytest.param(
            '人员[1].学历 = "丁"', "comparison-always-false", "", id="code-of-an-entry"
        ),
        pytest.param("类别 = \"丁\"", "value-outside-codes", "甲", id="outside-codes"),
        pytest.param("面积 = \"大\"", "feel-type", "文字", id="text-against-number"),
        pytest.param("面机 > 3", "unknown-fact", "面积", id="misspelt"),
        pytest.param("类别 > 3", "feel-type", "", id="order-of-text"),
        pytest.param("生日 > 2000", "feel-type", "date(", id="day-against-number"),
        pytest.param("面积 > 10平方米", "feel-syntax", "", id="unit-in-a-figure"),
        pytest.param("出证 = \"是\"", "feel-type", "直接写名称", id="yes-as-text"),
        pytest.param("面积 => 30", "feel-syntax", ">=", id="sign-the-wrong-way-round"),
        pytest.param("面积 >= 30 并且 出证", "feel-syntax", "and", id="chinese-and"),
        pytest.param("类别 = 甲", "unknown-fact", "是否想写 \"甲\"", id="text-without-quotes"),
        pytest.param("出证 = 是", "unknown-fact", "是否想写 true", id="yes-as-a-word"),
        pytest.param("人员.年龄 > 18", "feel-type", "some", id="list-against-number"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once(tmp_path: Path, condition: str, code: str, words: str) -> None:
    found = told(tmp_path, condition)
    assert [d.code for d in found] == [code]
    assert words in found[0].message_zh + found[0].help_zh


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("面积 > 0", id="above-the-lowest"),
        pytest.param("下限 > 10", id="what-a-region-may-raise"),
        pytest.param("最低面积 <= 30", id="table-output"),
        pytest.param("年龄 >= 18", id="age"),
        pytest.param("面积 = null", id="asks-whether-known"),
        pytest.param('办理路径 = "告知承诺"', id="path"),
        pytest.param("面积 <= 面积 * 2", id="twice-the-same"),
        pytest.param("生日 < 申请日期", id="two-days"),
        pytest.param('date("1900-01-01") < 生日', id="day-without-range"),
        pytest.param("count(人员[年龄 > 60]) >= 1", id="in-a-filter"),
        pytest.param('类别 != "甲"', id="code"),
        pytest.param("if 面积 > 5 then 出证 else false", id="choice"),
    ],
)
def test_what_some_application_decides_is_let_be(tmp_path: Path, condition: str) -> None:
    assert told(tmp_path, condition) == []
