"""The strict YAML reading: what it takes, what it refuses, where it says things are."""

import json
import time
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.diagnostics import Diagnostics
from engine.source import Document, EditError, Scalar, read_document, set_value
from engine.source import reading as reading_module
from engine.source.document import walk


def read(text: str) -> Document:
    problems = Diagnostics()
    document = read_document(text, "甲.yaml", problems)
    assert document is not None
    assert not problems.found, [str(d) for d in problems]
    return document


def refusal(text: str) -> tuple[str, int, int]:
    """Code, line and column of the only problem of a text that is not read."""
    problems = Diagnostics()
    assert read_document(text, "甲.yaml", problems) is None
    (problem,) = problems
    return problem.code, problem.place.line, problem.place.column


# --- YAML 1.1 is not what is read -----------------------------------------------------------

STAYS_TEXT = [
    "on", "off", "yes", "no", "y", "n", "On", "OFF", "Yes", "NO", "True", "TRUE", "False", "Null",
    "NULL", "12:30", "1:30:00", "010020", "0370811", "0o17", "0x1F", "0b11", "1_000", "1e3", "1.5e3",
    ".5", "5.", "+1", "+1.5", ".inf", "-.inf", ".nan", "=", "2026-01-31", "2026-01-31T08:00:00Z", "-0",
    "１２", "370811x",
]  # fmt: skip


@pytest.mark.parametrize("word", STAYS_TEXT)
def test_what_only_yaml_1_1_reads_stays_text(word: str) -> None:
    assert read(f"a: {word}\n{word}: b").data == {"a": word, word: "b"}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
        ("0", 0), ("12", 12), ("-7", -7), ("370811", 370811), ("9" * 39, int("9" * 39)),
        ("1.50", Decimal("1.50")), ("-0.5", Decimal("-0.5")),
    ],
)  # fmt: skip
def test_plain_words_that_are_values(word: str, value: object) -> None:
    found = read(f"a: {word}").data["a"]
    assert (found, type(found)) == (value, type(value))


def test_a_decimal_keeps_the_places_that_were_written() -> None:
    assert str(read("a: 1.50").data["a"]) == "1.50"


def test_keys_are_names_as_written() -> None:
    assert list(read("on: 1\n1.10: 2\n'x y': 3\ntrue: 4\n012: 5").data) == [
        "on", "1.10", "x y", "true", "012",
    ]  # fmt: skip


def test_a_merge_key_merges_nothing() -> None:
    assert read("<<: {a: 1}\nb: 2").data == {"<<": {"a": 1}, "b": 2}


def test_the_second_of_two_equal_keys_is_reported_and_the_rest_still_read() -> None:
    problems = Diagnostics()
    document = read_document("营业面积: 1\nb: 2\n营业面积: 3\nb: 4\n", "甲.yaml", problems)
    assert document is not None
    assert document.data == {"营业面积": 1, "b": 2}
    assert [(d.code, d.place.line) for d in problems] == [
        ("yaml-duplicate-key", 3), ("yaml-duplicate-key", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "yaml-empty", 1, 1),
        ("---", "yaml-empty", 1, 1),
        ("# 只有注释\n", "yaml-empty", 1, 1),
        ("a: 1\n---\nb: 2", "yaml-many-documents", 2, 1),
        ("a: &x 1", "yaml-alias", 1, 4),
        ("a: [*x]", "yaml-alias", 1, 5),
        ("甲乙: !!python/object:os.system x", "yaml-tag", 1, 5),
        ("? [a, b]\n: c", "yaml-key", 1, 3),
        ("~: c", "yaml-key", 1, 1),
        ("a: 甲: 乙", "yaml-syntax", 1, 5),
        ("\ta: 1", "yaml-syntax", 1, 1),
        ("a: 甲\x07", "yaml-syntax", 1, 5),
        ("a: 1\nb: 甲\x00", "yaml-syntax", 2, 5),
        ("a: 1\nb: 甲\ud800", "yaml-syntax", 2, 5),
        ("a: 1\nb: 甲\u2028乙", "yaml-syntax", 2, 5),
        ("a: '甲\x85乙'", "yaml-syntax", 1, 6),
        ("a: 1\n\u2029b: 2", "yaml-syntax", 2, 1),
        ("\ufeffa: 甲: 乙", "yaml-syntax", 1, 6),
    ],
    ids=ascii,
)
def test_what_is_refused_and_where(text: str, code: str, line: int, column: int) -> None:
    assert refusal(text) == (code, line, column)


@pytest.mark.parametrize("loader", [reading_module._LOADER, yaml.SafeLoader])
def test_every_syntax_error_is_told_in_chinese(
    loader: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken in many ways, none falls back to the words for “something is wrong”."""
    monkeypatch.setattr(reading_module, "_LOADER", loader)
    broken = [
        "a: [1", "a: {b: 1", "a: 'x", 'a: "x', "a: b: c", "- a\nb: 1", "a: 1\n b: 2", "a\nb: 1",
        "a: @x", "a: `x", "a: %x", "a: 1\n\tb: 2", 'a: "\\q"', 'a: "\\ud800"', "...", "a: 1\n...\nb",
        "%X", "a: |x\n  y", "- - a\n - b", "a: [1 2: 3]]", "a: }", "a: ,", "a: \x01", "a: - b",
        "a: |0\n x", "a: 'x\n--- y'", "?a: ? b", "a: & b", "{a: 1}}",
    ]  # fmt: skip
    for text in broken:
        problems = Diagnostics()
        if read_document(text, "甲.yaml", problems) is None:
            (problem,) = problems
            assert problem.message_zh != "YAML 写法有误", (text, problem.message_en)


# --- hostile texts --------------------------------------------------------------------------

HOSTILE = {
    "flow sequences": "[" * 100_000,
    "flow mappings": "{a: " * 100_000,
    "block sequences": "- " * 100_000,
    "nested keys": "? " * 100_000,
    "aliases": "a: &a [x]\n" + "b: [*a, *a]\n" * 100_000,
    "unclosed quote": '"' + "\\" * 1_000_001,
    "anchors": "&" * 100_000,
    "tags": "!" * 100_000,
    "values": "- a\n" * 250_000,
    "characters": "甲" * 10_000_000,
    "lines": "\n" * 3_000_000,
    "equal keys": "a: 1\n" * 90_000,
    "tabs": "\t" * 100_000,
    "directives": "%" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_in_a_diagnostic_and_soon(name: str) -> None:
    problems = Diagnostics()
    began = time.perf_counter()
    read_document(HOSTILE[name], "甲.yaml", problems)
    assert problems.found
    assert time.perf_counter() - began < 20  # a hang, not a slow machine, is what fails here


# Pieces that YAML gives a meaning to, put together at random.
PIECES = st.sampled_from(
    [
        *"abc甲😀-:?[]{},#&*!|>'\"%@`~=<. \t\n\r\ufeff\u3000\x85\u2028\x00\x7f\\0",
        *(
            "- ",
            ": ",
            "\n  ",
            "---\n",
            "...",
            "<<",
            "\r\n",
            "\n- ",
            "a: ",
            "&x ",
            "*x",
            "!t ",
            "|\n",
        ),
    ]
)


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@example("a:\n - b\n- c")
def test_any_text_gives_a_document_or_a_diagnostic_inside_the_text(text: str) -> None:
    problems = Diagnostics()
    document = read_document(text, "甲.yaml", problems)
    assert document is not None or problems.found
    # The parser ends a last line without a break as if it had one: one line more is still true.
    lines = text.splitlines()
    for problem in problems:
        assert 1 <= problem.place.line <= len(lines) + 1
        assert problem.place.column >= 1
        assert "\n" not in problem.message_zh


# --- what is written is what is read, at its place -------------------------------------------

CHARACTERS = st.one_of(
    st.sampled_from("abz059甲事项（）：，“”😀𠮷é -:#{}[],&*!|>'\"%@`~=<>?._/\\\t"),
    st.characters(exclude_categories=["C"], exclude_characters="\x85\u2028\u2029\ufeff"),
)
TEXTS = st.text(CHARACTERS, max_size=12)
PLAIN_TEXTS = st.from_regex(r"[a-z甲-龥😀][\w甲-龥（），。]{0,8}", fullmatch=True)
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(-(10**9), 10**9, places=3).filter(lambda d: not d.is_signed() or d != 0),
)
SCALARS = st.one_of(TEXTS, PLAIN_TEXTS, NUMBERS, st.booleans(), st.none())
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(TEXTS, PLAIN_TEXTS), inner, max_size=4),
    ),
    max_leaves=12,
)
STYLES = st.randoms(use_true_random=False)


def written(value: Any, random: Random) -> str:
    """A scalar in one of the ways YAML knows."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return random.choice(["null", "~"])
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    ways = [json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f")]
    if "\t" not in value and value.isprintable():
        ways.append("'" + value.replace("'", "''") + "'")
    is_plain = all(c.isalnum() or c in "（），。_" for c in value) and value[:1].isalpha()
    if is_plain and value not in ("null", "true", "false"):
        ways.append(value)
    return str(random.choice(ways))


def flow(value: Any, random: Random) -> str:
    if isinstance(value, dict):
        inside = (f"{written(k, random)}: {flow(v, random)}" for k, v in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(v, random) for v in value) + "]"
    return written(value, random)


def block(value: Any, random: Random, indent: str, newline: str) -> str:
    """`value` after `key:` or `-`, in block style where it can be."""
    if not value or not isinstance(value, dict | list) or random.random() < 0.3:
        return " " + flow(value, random) + random.choice(["", "  # 注释：x"]) + newline
    deeper = indent + random.choice([" ", "  ", "    "])
    out = newline
    entries = value.items() if isinstance(value, dict) else ((None, v) for v in value)
    for key, child in entries:
        mark = "-" if key is None else f"{written(key, random)}:"
        out += f"{deeper}{mark}{block(child, random, deeper, newline)}"
        out += random.choice(["", "", newline, f"# 注释{newline}"])
    return out


@settings(max_examples=150)
@given(DATA, STYLES, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_what_is_written_is_read_and_stands_where_it_says(
    value: Any, random: Random, newline: str, mark: str
) -> None:
    text = f"{mark}# 头{newline}root:{block(value, random, '', newline)}"
    document = read(text)
    assert document.data == {"root": value}
    assert repr(document.data["root"]) == repr(value)  # types too: 1 is not True
    lines = text.splitlines()
    for path, node in walk(document.root):
        span, place = node.span, document.place(path)
        assert document.node(path) is node
        # Line and column point at the very character that the offset points at.
        rest = lines[span.line - 1][span.column - 1 :]
        assert text[span.start : span.start + len(rest)] == rest
        assert (place.line, place.column) == (span.line, span.column)
        if isinstance(node, Scalar):
            again = read(f"[{text[span.start : span.end]}]").data[0]
            assert again == node.value


@settings(max_examples=50)
@given(DATA, STYLES)
def test_both_of_pyyaml_s_parsers_give_the_same(value: Any, random: Random) -> None:
    text = f"\ufeffroot:{block(value, random, '', chr(10))}"
    fast = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_module, "_LOADER", yaml.SafeLoader)
        slow = read(text)
    assert [(p, n.span.line, n.span.start) for p, n in walk(fast.root)] == [
        (p, n.span.line, n.span.start) for p, n in walk(slow.root)
    ]
    assert fast.data == slow.data


# --- places ----------------------------------------------------------------------------------

PLACES = """\
matter: x
criteria:
  - id: a
    require: 营业面积 >= 最低面积
    point: "引号 里"
    note: |
      第一行
      第二行 甲
"""


def test_a_place_for_what_is_there_and_the_nearest_one_for_what_is_not() -> None:
    document = read(PLACES)
    assert str(document.place(("criteria", 0, "require"))) == "甲.yaml:4:14"
    assert str(document.place(("criteria", 0, "require"), key=True)) == "甲.yaml:4:5"
    assert str(document.place(("criteria", 0, "remedy"))) == "甲.yaml:3:5"
    assert str(document.place(("criteria", 7, "id"))) == "甲.yaml:2:1"
    assert str(document.place(("nothing",))) == "甲.yaml:1:1"


@pytest.mark.parametrize(
    ("key", "word"), [("require", "最低面积"), ("point", "里"), ("note", "甲"), ("note", "第一")]
)
def test_a_word_inside_a_value_is_pointed_at(key: str, word: str) -> None:
    document = read(PLACES)
    path = ("criteria", 0, key)
    node = document.node(path)
    assert isinstance(node, Scalar)
    start = str(node.value).index(word)
    place = document.place_in(path, start, start + len(word))
    line = document.excerpt(place)
    assert line[place.column - 1 : place.end_column - 1] == word


# --- editing ---------------------------------------------------------------------------------


@settings(max_examples=150)
@given(DATA, SCALARS, STYLES, st.sampled_from(["\n", "\r\n"]), st.data())
def test_an_edit_changes_the_value_and_no_other_character(
    value: Any, new: Any, random: Random, newline: str, data: st.DataObject
) -> None:
    text = f"# 头{newline}root:{block(value, random, '', newline)}tail: 1 # 尾{newline}"
    document = read(text)
    scalars = [(p, n) for p, n in walk(document.root) if isinstance(n, Scalar)]
    path, node = data.draw(st.sampled_from(scalars))
    edited = set_value(document, path, new)
    assert edited.text.startswith(text[: node.span.start])
    assert edited.text.endswith(text[node.span.end :])
    found = edited.node(path)
    assert isinstance(found, Scalar)
    assert (found.value, type(found.value)) == (new, type(new))
    others = [(p, n.value) for p, n in scalars if p != path]
    assert [(p, edited.node(p).value) for p, _ in others] == others  # type: ignore[union-attr]


def test_a_value_that_was_left_empty_can_be_filled() -> None:
    document = read("a:\nb:\n  -\n  - c\n")
    assert set_value(document, ("a",), "甲").text == "a: 甲\nb:\n  -\n  - c\n"
    assert set_value(document, ("b", 0), True).text == "a:\nb:\n  - true\n  - c\n"


@pytest.mark.parametrize(
    "value", ["\x7f", "\x85", "甲\u2028乙", "\ufeff", "\uffff", "\x00"], ids=ascii
)
def test_what_yaml_cannot_hold_as_it_is_is_written_escaped(value: str) -> None:
    edited = set_value(read("a: 1"), ("a",), value)
    assert edited.data == {"a": value}
    assert edited.text.isprintable()


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("a: [1]", ("a",), 2),
        ("a: 1", ("b",), 2),
        ("a: 1", ("a",), "\ud800"),
        ("a: 1", ("a",), Decimal("NaN")),
        ("a: 1", ("a",), Decimal("1E-50")),
    ],
    ids=ascii,
)
def test_an_edit_that_cannot_be_exact_is_refused(text: str, path: tuple[str], value: Any) -> None:
    with pytest.raises(EditError):
        set_value(read(text), path, value)


def test_a_block_of_text_is_replaced_whole() -> None:
    document = read("a: |  # 注\n  第一行\n  第二行\n\n# 留\nb: 1 # 留\n")
    assert set_value(document, ("a",), "短").text == "a: 短\n\n# 留\nb: 1 # 留\n"
