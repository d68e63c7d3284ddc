"""XPath regular expressions, against Python's `re` where the two mean the same."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelLimitError
from engine.feel.regex import compile_pattern

atoms = st.sampled_from(("a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", "(?:ab|c)", r"\d", "x"))
groups = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds(
            "(?:{}){}".format,
            inner,
            st.sampled_from(("?", "+", "{2}", "{1,2}", "??", "+?", "{0,2}?", "*", "*?")),
        ),
    ),
    max_leaves=7,
)
texts = st.text(alphabet="abcx1\n", max_size=10)


def has_nullable_loop(pattern: str) -> bool:
    """A repeated group that can match nothing: there the engines' captures differ."""
    loops = re.finditer(r"\(\?:((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)(?=[*+{])", pattern)
    return any(re.fullmatch(loop.group(1), "") for loop in loops)


@settings(max_examples=400, deadline=None)
@given(groups, texts)
def test_finds_what_python_finds(pattern: str, text: str) -> None:
    ours = compile_pattern(pattern, "")
    assert ours is not None
    # XPath's dot leaves out carriage returns too, which these texts have not.
    theirs = re.search(pattern, text)
    found = ours.search(text, 0)
    assert (found is None) == (theirs is None)
    if theirs is not None and found is not None:
        assert (found[0], found[1]) == theirs.span()
        if not has_nullable_loop(pattern):
            spans = [end for group in range(1, ours.groups + 1) for end in theirs.span(group)]
            assert found[2:] == spans


@settings(max_examples=200, deadline=None)
@given(groups, texts)
def test_splits_and_replaces_what_python_does(pattern: str, text: str) -> None:
    ours = compile_pattern(f"(?:{pattern})", "")
    assert ours is not None
    if re.search(pattern, "") is not None:
        assert ours.replace(text, "-") is None
        assert ours.split(text) is None
    elif re.search(pattern, "\n") is None or "^" not in pattern:
        plain = re.compile(re.sub(r"\((?!\?)", "(?:", pattern))
        if not any(match.group() == "" for match in plain.finditer(text)):
            assert ours.replace(text, "-") == plain.sub("-", text)
            assert ours.split(text) == plain.split(text)


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[", "]", "[]", "a{2,1}", "{", "a**", "+", r"\y", r"\1", r"(a\1)", r"[\1]", r"\p{X}",
     r"\p{IsNowhere}", "[b-a]", "a{999999}", r"\0", "(?=a)", "(?<n>a)", "\\"],
)  # fmt: skip
def test_what_is_not_xpath_is_refused(pattern: str) -> None:
    assert compile_pattern(pattern, "") is None


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "wanted"),
    [
        (r"^\p{Lu}\p{Ll}+$", "", "Abc", True),
        (r"^\P{L}+$", "", "12", True),
        (r"^\i\c*$", "", "a-1", True),
        (r"^\w+$", "", "甲_1", False),
        (r"^[\d-[5]]+$", "", "1234", True),
        (r"^[\d-[5]]+$", "", "12534", False),
        ("k", "i", "\u212a", True),
        ("[^k]", "i", "K", False),
        ("^b", "m", "a\nb", True),
        ("^$", "m", "a\n", False),
        ("a$", "m", "a\nb", True),
        ("a$", "", "a\n", False),
        ("a # b", "x", "a#b", True),
        ("[ ]", "x", " ", True),
        ("(a)|b", "q", "(a)|b", True),
        (r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10", "", "abcdefghijj", True),
        (r"(a)\12", "", "aa2", True),
        (r"(A)\1", "i", "aA", True),
        ("^[-a]+$", "", "-a-", True),
        ("^[a-]+$", "", "-a-", True),
        ("^.$", "", "\r", False),
        ("^.$", "s", "\n", True),
        ("", "", "", True),
        ("^(a?)*$", "", "aaa", True),
        ("^(?:a?)+b$", "", "aab", True),
        ("^(?:a|b?)*c$", "", "abac", True),
    ],
)
def test_xpaths_own_ways(pattern: str, flags: str, text: str, wanted: bool) -> None:
    compiled = compile_pattern(pattern, flags)
    assert compiled is not None
    assert (compiled.search(text, 0) is not None) is wanted


def test_nested_repetition_takes_linear_time() -> None:
    compiled = compile_pattern("^((a+)+)+$", "")
    assert compiled is not None
    times = []
    for size in (2_000, 8_000):
        begun = time.process_time()
        assert compiled.search("a" * size + "!", 0) is None
        times.append(time.process_time() - begun)
    assert times[1] < 16 * times[0] + 0.2


def test_back_references_stop_at_their_budget() -> None:
    compiled = compile_pattern(r"(a*)*(a*)*(a*)*(a*)*\1\2\3b", "")
    assert compiled is not None
    with pytest.raises(FeelLimitError):
        compiled.search("a" * 60, 0)
