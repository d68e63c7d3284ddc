"""Diagnostics: every code speaks both languages, every caret stands under its characters."""

import json
import re
import string
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import (
    CATALOGUE,
    Diagnostic,
    Diagnostics,
    Place,
    TongbanError,
    nearest,
    render,
    render_all,
    to_json,
)

CODES = st.sampled_from(sorted(CATALOGUE))
HAN = re.compile(r"[一-鿿]")


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def words_for(code: str, word: object = "甲") -> dict[str, Any]:
    entry = CATALOGUE[code]
    texts = (entry.message_zh, entry.message_en, entry.help_zh, entry.help_en)
    return {name: word for text in texts for name in fields_of(text)}


def found(code: str, place: Place, excerpt: str = "", word: object = "甲") -> Diagnostic:
    return Diagnostics().add(code, place, excerpt=excerpt, **words_for(code, word))


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_says_what_and_what_to_do_in_both_languages(code: str) -> None:
    entry = CATALOGUE[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert entry.message_zh
    assert entry.message_en
    assert bool(entry.help_zh) == bool(entry.help_en)
    assert entry.help_zh, "a message says what to do"
    assert not HAN.search(re.sub(r"\{.*?\}|[`\"].*?[`\"]", "", entry.message_en))
    assert not entry.message_zh.endswith("。"), "a message is a line, not a paragraph"
    assert entry.message_zh.count("“") == entry.message_zh.count("”")
    assert entry.message_en.count('"') % 2 == 0


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_what_the_chinese_names_the_english_names_too(code: str) -> None:
    entry = CATALOGUE[code]

    def plain(text: str) -> set[str]:
        return {re.sub(r"_(zh|en)$", "", name) for name in fields_of(text)}

    assert plain(entry.message_zh) == plain(entry.message_en)
    assert plain(entry.help_zh) == plain(entry.help_en)


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Diagnostics().add("no-such-code", Place("甲.yaml"))


@given(CODES, st.text(max_size=40))
def test_whatever_a_file_holds_a_message_is_one_printable_line(code: str, word: str) -> None:
    text = found(code, Place("甲.yaml", 1, 1), word=word).message_zh
    assert all(c.isprintable() or c in "\u3000\xa0" for c in text)


def test_braces_in_what_was_found_are_not_read_as_fields() -> None:
    assert "{key}{0}" in found("unknown-key", Place("甲.yaml"), word="{key}{0}").message_zh


PLACES = st.builds(
    Place, st.sampled_from(["a.yaml", "b.yaml"]), st.integers(0, 3), st.integers(0, 3)
)


@given(st.lists(st.tuples(CODES, PLACES), max_size=20))
def test_all_are_kept_once_in_reading_order(items: list[tuple[str, Place]]) -> None:
    problems = Diagnostics()
    for code, place in items:
        problems.add(code, place, **words_for(code))
    kept = problems.sorted()
    assert {(d.code, d.place) for d in kept} == set(items)
    assert len(kept) == len(problems) == len(set(items))
    keys = [(d.place.file, d.place.line, d.place.column, d.code) for d in kept]
    assert keys == sorted(keys)
    assert problems.has_errors == any(CATALOGUE[c].severity == "error" for c, _ in items)


def shown_width(text: str) -> int:
    """Terminal cells, from the Unicode tables alone."""
    wide = {"W": 2, "F": 2}
    return sum(
        0 if unicodedata.combining(c) else wide.get(unicodedata.east_asian_width(c), 1)
        for c in text
    )


LINES = st.text(st.sampled_from("ab：甲面😀, -\té\u0301"), min_size=1, max_size=20)


@given(LINES.filter(str.strip), st.data())
def test_the_caret_stands_under_the_characters_it_means(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    place = Place("甲.yaml", 7, start + 1, 7, end + 1)
    _, shown, carets, *_ = render(found("yaml-key", place, line)).split("\n")
    expanded = line.replace("\t", " ")
    assert shown == f"    7 | {expanded.rstrip()}"
    margin = "      | "
    assert carets.startswith(margin)
    assert len(carets) - len(carets.lstrip(margin)) == len(margin) + shown_width(expanded[:start])
    marked = carets[len(margin) :].lstrip(" ")
    assert marked == "^" * max(1, shown_width(expanded[start:end]))


def test_a_problem_is_rendered_with_file_line_column_severity_and_code() -> None:
    problem = found("unknown-key", Place("规则/甲.yaml", 3, 5, 3, 9), "    面积: 10")
    first, *rest = render(problem).split("\n")
    assert first.startswith("规则/甲.yaml:3:5: error[unknown-key]: ")
    assert rest[-1].startswith("   帮助：")
    assert render(problem, "en").split("\n")[-1].startswith("   help: ")


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert render(found("yaml-empty", Place("甲.yaml"))).startswith("甲.yaml: error[yaml-empty]: ")


def test_the_closing_count_tells_errors_from_warnings() -> None:
    codes = ["yaml-key", "unknown-key", "fact-unused", "basis-unverified"]
    text = render_all([found(code, Place("甲.yaml", 1, 1)) for code in codes])
    assert text.endswith("2 个错误，1 个警告，1 个提示")
    assert render_all([]) == "没有发现问题。"


def test_json_has_places_and_both_languages() -> None:
    problem = found("unknown-key", Place("甲.yaml", 3, 5, 3, 9))
    document = json.loads(json.dumps(to_json(problem)))
    assert (document["line"], document["end_column"]) == (3, 9)
    assert set(document) == {
        "code", "severity", "file", "line", "column", "end_line", "end_column",
        "message_zh", "message_en", "help_zh", "help_en",
    }  # fmt: skip


def test_an_error_carries_its_diagnostics() -> None:
    problem = found("yaml-key", Place("甲.yaml", 1, 1))
    assert TongbanError("x", [problem]).diagnostics == (problem,)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("营业面织", ["营业面积", "使用面积"], "营业面积"),
        ("critera", ["criteria", "materials"], "criteria"),
        ("xyz", ["criteria", "materials"], ""),
        ("a", [], ""),
    ],
)
def test_the_nearest_word(word: str, known: list[str], expected: str) -> None:
    assert nearest(word, known) == expected


@given(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=8))
def test_a_guess_is_a_known_word_and_not_the_word_itself(word: str, known: list[str]) -> None:
    guess = nearest(word, known)
    assert guess == "" or (guess in known and guess != word)
