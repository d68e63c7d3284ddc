"""Any text gives a value or FeelSyntaxError, within bounded time."""

import gc
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import feel_texts
from engine.feel import (
    FeelSyntaxError,
    Value,
    compile_expression,
    compile_unary,
    evaluate,
    expression,
)
from engine.feel.text_functions import show
from engine.feel.values import KINDS
from engine.profile import compile_cell, compile_rule
from feel_fuzzer import Fuzzer

CONTEXT = {
    "年龄": 61,
    "收入": Decimal("1200.50"),
    "家庭成员": [{"年龄": 3, "a": 1}, {"年龄": None}],
    "Full Name": "张三",
    "a": [1, 2, 3],
    "b": None,
}
SECONDS = 5.0
FORGOTTEN = 5_000  # texts, after which the caches are emptied
ours = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # the clock is kept below, with the text that broke it


def is_value(value: Value) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, list):
        return all(map(is_value, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_value(item) for key, item in value.items())
    return type(value) in KINDS


def answered(text: str) -> bool:
    """Evaluates a text both ways; whether it was FEEL."""
    begun = time.process_time()
    try:
        value = evaluate(text, CONTEXT)
        assert is_value(value)
        show(value)
        compile_unary(text, CONTEXT).evaluate(5, CONTEXT)
    except FeelSyntaxError as error:
        failure = error
    else:
        return True
    finally:
        assert time.process_time() - begun < SECONDS, text
    assert 0 <= failure.offset < failure.end
    assert failure.offset <= len(text)
    assert failure.message_zh
    assert failure.message_en
    return False


@ours
@given(feel_texts.texts)
def test_any_text_gives_a_value_or_a_syntax_error(text: str) -> None:
    answered(text)


@pytest.mark.soak
@settings(max_examples=100_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(feel_texts.texts)
def test_a_great_many_texts_give_a_value_or_a_syntax_error(text: str) -> None:
    answered(text)


def answered_by_rule(text: str) -> bool:
    """Evaluates a text as definitions read it, as an expression and as a cell."""
    begun = time.process_time()
    try:
        assert is_value(compile_rule(text).evaluate(CONTEXT))
        assert compile_cell(text).evaluate(5, CONTEXT) in (True, False, None)
    except FeelSyntaxError:
        return False
    finally:
        assert time.process_time() - begun < SECONDS, text
    return True


def forget() -> None:
    """Empties the caches: their tens of thousands of trees would be walked by a garbage collection
    of several seconds, in the midst of some innocent text."""
    for cache in (expression._expression, expression._unary, compile_rule, compile_cell):
        cache.cache_clear()
    gc.collect()


def fuzzed(seed: int, count: int) -> int:
    """How many of so many fuzzed texts are FEEL."""
    number, text, read = 0, "", 0
    try:
        for number, text in enumerate(Fuzzer(seed).texts(count)):
            if number % FORGOTTEN == 0:
                forget()
            is_feel = answered(text)
            read += is_feel
            if is_feel and number % 4 == 0:
                answered_by_rule(text)
    except Exception as error:  # whatever it is, it is told with the text that caused it
        error.add_note(f"seed {seed}, text {number}: {text!r}")
        raise
    return read


def test_fuzzed_texts_give_a_value_or_a_syntax_error() -> None:
    """A good part of the fuzzer's texts is FEEL, so that it is not the parser alone that is tried."""
    assert fuzzed(seed=7, count=3_000) > 1_000


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_a_million_fuzzed_texts_give_a_value_or_a_syntax_error(seed: int) -> None:
    assert fuzzed(1000 + seed, 100_000) > 30_000


@ours
@given(feel_texts.expressions)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    try:
        one, other = evaluate(text, CONTEXT), evaluate(text, dict(reversed(CONTEXT.items())))
    except FeelSyntaxError:
        return
    assert show(one) == show(other)


@ours
@given(feel_texts.expressions, st.sampled_from((" ", "\n", "/* 注 */", "// 注\n")))
def test_blanks_and_comments_change_neither_tree_nor_hash(text: str, blank: str) -> None:
    try:
        plain = compile_expression(text, CONTEXT)
    except FeelSyntaxError:
        return
    spaced = compile_expression(f"{blank}{text}{blank}", CONTEXT)
    assert spaced.tree == plain.tree
    assert spaced.hash == plain.hash


DOUBLED = "(function(g, s, n) if n = 0 then {} else g(g, [s, s], n - 1))"
LONG = "(" + "+".join(["1"] * 140) + ")"
HOSTILE = (
    "(" * 40_000, "[" * 40_000, "{a:" * 9_000, "-" * 40_000 + "1", "1" + "+1" * 20_000,
    "a" + ".b" * 20_000, "a" + "[1]" * 15_000, "f" + "()" * 20_000, "if " * 9_000,
    "for a in " * 4_000, "1 in " * 9_000 + "1", "[1..2[" * 8_000, "function(a) " * 4_000,
    "x instance of " + "list<" * 9_000, "true and " * 5_000 + "true", '"' * 9_999, "x" * 60_000,
    "for i in 1..1000000000 return i", "for i in 1..3000, j in 1..3000 return i * j",
    "10 ** 1000000000", "for i in 1e33..1e34 return i", "decimal(1e6144, 6176)",
    "{f: function(g) g(g), r: f(f)}.r",
    '(function(g, s) g(g, s + s))(function(g, s) g(g, s + s), "aaaaaaaaaa")',
    *(f"{text}({text}, 1, 60)" for text in map(
        DOUBLED.format, ("s", "string(s)", "s = s", "flatten(s)", "s instance of list<Any>", "s.x")
    )),
    "for i in 1..100000 return partial", "distinct values(for i in 1..50000 return [i])",
    'replace(string join(for i in 1..9999 return "a"), "a", string(for i in 1..9999 return i))',
    f'matches("{"a" * 60}!", "^(a+)+$")', f'matches("{"a" * 60}", "(a|aa)*(\\1)b")',
    f'matches("{"a" * 50}", "(a*)*(a*)*(a*)*(a*)*\\1\\2\\3b")',
    'matches("x", "((((a{99}){99}){99}){99})")', f'matches("a", "{"(" * 5_000}")',
    'string(1e6144)', '@"999999999-12-31" + @"P1D"', '@"P999999999Y" * 1e30',
    # A turn of a loop costs what stands in it; a power, a text read or a pattern made costs its own.
    f"for i in 1..400000 return {LONG}", f"some i in 1..400000 satisfies {LONG} = i",
    f"count((for i in 1..400000 return i)[{LONG} = item])",
    f"(function(f) for i in 1..400000 return f(i))(function(x) {LONG} + x)",
    "for i in 1..400000 return " + " + ".join(["2 ** 0.5"] * 140),
    "for i in 1..400000 return log(exp(i / 100))", "for i in 1..250000 return range(\"[1..2]\")",
    'for i in 1..250000 return matches("a", "a{1," + string(i) + "}")',
    'for i in 1..10000 return replace(string join(for j in 1..999 return "a"), "a", "b")',
    "for i in 1..9 return stddev(for j in 1..49999 return j)",
    "__class__.__mro__", '"".__class__', "(function() 1).__globals__", "get value({}, \"__class__\")",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:40] for text in HOSTILE])
def test_hostile_texts_are_answered_in_time(text: str) -> None:
    answered(text)


@pytest.mark.parametrize(
    "name", ["__class__", "__dict__", "call", "__init__", "parameters", "form"]
)
def test_no_path_leads_into_python(name: str) -> None:
    for value in (
        '"a"',
        "1",
        "[1]",
        "{a: 1}",
        "(function() 1)",
        "[1..2]",
        '@"2024-01-01"',
        "count",
    ):
        found = evaluate(f"({value}).{name}")
        assert found is None or found == [None]
