"""The definitions' reading of FEEL: what is unknown decides nothing, what is known reads as FEEL."""

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import compile_expression, compile_unary
from engine.profile import compile_cell, compile_rule

# Names with their domains; every expression below is well typed over them.
DOMAINS: dict[str, st.SearchStrategy[Any]] = {
    "甲": st.integers(0, 3).map(Decimal),
    "乙": st.integers(0, 3).map(Decimal),
    "类": st.sampled_from(["一", "二"]),
    "是": st.booleans(),
    "否": st.booleans(),
    "人": st.lists(
        st.fixed_dictionaries(
            {"数": st.integers(0, 2).map(Decimal) | st.none(), "证": st.booleans()}
        ),
        max_size=3,
    ),
}
numbers = st.sampled_from(["甲", "乙", "1", "2", "甲 + 乙", "count(人)", "max(甲, 乙)"])
texts = st.sampled_from(["类", '"一"', '"二"', "substring(类, 1)"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda a, b: f"({a}) and ({b})", inner, inner),
        st.builds(lambda a, b: f"({a}) or ({b})", inner, inner),
        st.builds(lambda a: f"not({a})", inner),
        st.builds(lambda a, b, c: f"if {a} then ({b}) else ({c})", inner, inner, inner),
        st.builds(lambda a: f"count(人[{a}]) > 1", inner),
        st.builds(lambda a: f"some x in 人 satisfies ({a} or x.数 = 1)", inner),
    )


conditions = st.recursive(
    st.one_of(
        st.sampled_from(["是", "否"]),
        st.builds(
            lambda a, op, b: f"{a} {op} {b}",
            numbers,
            st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
            numbers,
        ),
        st.builds(lambda a, op, b: f"{a} {op} {b}", texts, st.sampled_from(["=", "!="]), texts),
        st.builds(lambda a, b: f"{a} in ({b}, [2..3])", numbers, numbers),
        st.builds(lambda a: f'{a} in ("一", "三")', texts),
        st.sampled_from(
            [
                "every x in 人 satisfies x.数 > 0",
                "list contains(人.数, 甲)",
                "甲 between 乙 and 2",
                "人[数 > 0][1].数 = 甲",
                "甲 instance of number",
            ]
        ),
    ),
    _grown,
    max_leaves=5,
)
facts = st.fixed_dictionaries(DOMAINS)
holes = st.sets(st.sampled_from(sorted(DOMAINS)))


def _without(known: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    return {name: None if name in lost else value for name, value in known.items()}


def _filled(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**person, "数": person["数"] or Decimal(0)} for person in people]


@settings(max_examples=600)
@given(conditions, facts)
def test_what_is_all_known_reads_as_plain_feel(text: str, known: dict[str, Any]) -> None:
    known = {**known, "人": _filled(known["人"])}
    plain = compile_expression(text).evaluate(known)
    strict = compile_rule(text).evaluate(known)
    # Out of a list's range there is no item: FEEL's own null, unknown in both readings or in ours.
    assert strict == plain or strict is None


@settings(max_examples=1500)
@given(conditions, facts, holes)
def test_a_definite_answer_holds_whatever_the_missing_facts_turn_out_to_be(
    text: str, known: dict[str, Any], lost: set[str]
) -> None:
    """The property that lets a decision rest on incomplete facts: unknown never decides."""
    answer = compile_rule(text).evaluate(_without(known, lost))
    if answer is not None:
        whole = {**known, "人": _filled(known["人"])} if "人" not in lost else known
        completed = compile_rule(text).evaluate(whole)
        assert completed is None or completed == answer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('未知 = "甲"', None),
        ('未知 != "甲"', None),
        ('未知 in ("甲", "乙")', None),
        ("未知 = null", True),
        ("未知 != null", False),
        ("if 未知 then 1 else 2", None),
        ("not(未知 = 1)", None),
        ("未知 = 1 and false", False),
        ("未知 = 1 or true", True),
        ("未知 instance of number", None),
        ("list contains([1, 2], 未知)", None),
        ("count([1, 2][item > 未知])", None),
        ("count([1, 2, 3][item > 1])", Decimal(2)),
        ("string length(未知)", None),
    ],
)
def test_unknown_stays_unknown_unless_it_is_asked_for(text: str, value: object) -> None:
    assert compile_rule(text).evaluate({"未知": None}) == value


# The same property with holes inside lists and records. `{n}` is any number, `{l}` a list of them,
# `{m}` a list of records, `{t}` a text, `{b}` a condition: what is left when no depth is, and what
# may be written over it.
GRAMMAR: dict[str, tuple[list[str], list[str]]] = {
    "n": (
        ["a", "b", "1", "2", "3"],
        ["count({l})", "sum({l})", "max({l})", "{l}[{n}]", "r.k", "count({m})", "({n} + {n})",
         "count(distinct values({l}))", "count(index of({l}, {n}))", "count(union({l}, {l}))",
         "count(distinct values({m}))", "string length({t})", "sort({l}, function(x, y) x < y)[1]"],
    ),
    "l": (
        ["L", "M.k", "[1, 2]", "[a, b]"],
        ["[{n}, {n}]", "{l}[item > {n}]", "(for x in {l} return x + 1)", "distinct values({l})",
         "append({l}, {n})", "remove({l}, 1)", "reverse({l})", "flatten([{l}, {l}])", "{m}.k",
         "sublist({l}, 1)", "{l}[item != null]", "list replace({l}, 1, {n})"],
    ),
    "m": (["M", "[r]"], ["{m}[k > {n}]", "{m}[t = {t}]", "append({m}, {{k: {n}, t: {t}}})"]),
    "t": (
        ["t", "s", '"x"', '"y"'],
        ["({t} + {t})", "r.t", "string({l})", "string({m})", "string join([{t}, {t}])",
         'string join(M.t, ",")', "(if {b} then {t} else {t})"],
    ),
    "b": (
        ["p", "a > b", 't = "x"', 't in ("x", "z")'],
        ["({n} = {n})", "({n} != {n})", "({l} = {l})", "({l} != {l})", "({m} = {m})", "({t} = {t})",
         "list contains({l}, {n})", "list contains(M, r)", "list contains(M.t, {t})", "(r in M)",
         "({n} in {l})", "({l} in [{l}, {l}])", "(r = {{k: {n}, t: {t}}})", "(M[1] = M[2])",
         "is({l}, {l})", "([{n}..{n}] = [1..{n}])", "(some x in {l} satisfies x > {n})",
         "(every m in {m} satisfies m.k >= {n})", "({b} and {b})", "({b} or {b})", "not({b})",
         "(r in (null, M[1]))", "({l} in (= {l}))", "(count({l}) = 0)", "contains({t}, {t})",
         "([][{n}] = null)"],
    ),
}  # fmt: skip


@st.composite
def written(draw: st.DrawFn, kind: str, depth: int) -> str:
    short, long = GRAMMAR[kind]
    text = draw(st.sampled_from(long if depth else short))
    filled = re.sub(r"\{(\w)\}", lambda part: draw(written(part[1], max(depth - 1, 0))), text)
    return filled.replace("{{", "{").replace("}}", "}")


some_number = st.integers(0, 3).map(Decimal)
some_text = st.sampled_from(["x", "y"])
some_record = st.fixed_dictionaries({"k": some_number, "t": some_text})
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys("abk", some_number),
    **dict.fromkeys("ts", some_text),
    "p": st.booleans(),
    "r": some_record,
    "L": st.lists(some_number, max_size=3),
    "M": st.lists(some_record, max_size=2),
}
whole_facts = st.fixed_dictionaries({name: VALUES[name] for name in "abtsprLM"})
Path = tuple[str | int, ...]


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place a value stands at, at any depth."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))


def _may_stand_at(path: Path) -> st.SearchStrategy[Any]:
    if isinstance(path[-1], str):
        return VALUES[path[-1]]
    return some_number if path[0] == "L" else some_record


def _put(facts: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(facts)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


@settings(max_examples=1000, deadline=None)
@given(st.integers(1, 3).flatmap(lambda depth: written("b", depth)), whole_facts, st.data())
def test_a_hole_at_any_depth_decides_nothing(
    text: str, known: dict[str, Any], data: st.DataObject
) -> None:
    rule = compile_rule(text)
    path = data.draw(st.sampled_from(list(_places(known))))
    answer = rule.evaluate(_put(known, path, None))
    if answer is None:
        return
    for value in data.draw(st.lists(_may_stand_at(path), min_size=4, max_size=4)):
        completed = rule.evaluate(_put(known, path, value))
        assert completed is None or completed == answer, value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("L[n] = null", True),  # whatever position n turns out to be
        ("L[if p then n else 1] = null", True),
        ("count(L[n])", None),
        ("count(L[p])", None),
        ("count(L[item > n])", Decimal(0)),
        ("count(L[not(p)])", Decimal(0)),
        ("count(L[p and n = 1])", Decimal(0)),
        ("count(L[list contains([1], n)])", Decimal(0)),
        ("count(L[if p then n = 1 else false])", Decimal(0)),
        ("count(L[true])", Decimal(0)),
        ("L[1 + 1] = null", True),
        ("L[-1] = null", True),
        ("count(L[1 / 0])", Decimal(0)),
        ("count(L[k])", Decimal(0)),  # no fact is called k: it is an entry of the items
    ],
)
def test_from_an_empty_list_an_unknown_position_is_no_empty_selection(
    text: str, value: object
) -> None:
    assert compile_rule(text).evaluate({"L": [], "n": None, "p": None}) == value


HOLED = {
    "a": None,
    "b": Decimal(2),
    "L": [Decimal(1), None],
    "M": [{"k": Decimal(1), "t": "x"}, {"k": None, "t": "y"}, None],
    "r": {"k": None, "t": "x"},
    "t": "x",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("list contains(L, 1)", True),
        ("list contains(L, 3)", None),
        ("list contains([a, b], 2)", True),
        ("list contains([a, b], 3)", None),
        ("list contains(L, null)", True),
        ("[a, b] = [1, 2]", None),
        ("[a, b] = [1, 3]", False),
        ("[a, b] != [1, 2, 3]", True),
        ("L != M.k", True),  # of different lengths
        ("M.k != [1, 2, 3]", None),
        ('r = {k: 1, t: "x"}', None),
        ('r = {k: 1, t: "y"}', False),
        ('r = {t: "x"}', None),
        ("[1..a] = [1..2]", None),
        ("[1..a] = [2..3]", False),
        ('r in [{k: 1, t: "x"}]', None),
        ('r in [{k: 1, t: "y"}]', False),
        ("[1, 2] in (= [1, a])", None),
        ("[2] in [[a], [2]]", True),
        ("count(union([1, 2], [a]))", None),
        ("count(index of([a, b], 1))", None),
        ("count(distinct values([a]))", Decimal(1)),
        ("count(distinct values([a, b]))", None),
        ("count([a, b])", Decimal(2)),
        ("count(remove([a, b], 1))", Decimal(1)),
        ('string join(["x", r.k])', None),
        ("string([a, b])", None),
        ("count(flatten([b, L]))", None),
        ('is(r, {k: 1, t: "x"})', None),
        # The names of an item that is unknown are not those outside the filter.
        ('count(M[t = "x"])', None),
        ("count(M[item != null])", Decimal(2)),
        ("L[b - 1]", Decimal(1)),
        ("[a] instance of list<number>", True),
        # A built-in handed on as a value reads the same.
        ("(function(f) f([a]))(string)", None),
    ],
)
def test_a_hole_inside_a_list_or_record_decides_nothing(text: str, value: object) -> None:
    assert compile_rule(text).evaluate(HOLED) == value


@pytest.mark.parametrize("cell", ["[1, 2]", "not([1, 2])", "null, [1, 2]", "[[1, 2], [4]]"])
def test_a_cell_over_a_list_with_a_hole_is_neither_hit_nor_miss(cell: str) -> None:
    assert compile_cell(cell).evaluate([Decimal(1), None]) is None


@pytest.mark.parametrize("cell", ['"甲"', 'not("甲")', "< 5", "[1..3]", '"甲", "乙"', "? > 3"])
def test_a_cell_over_an_unknown_value_is_neither_hit_nor_miss(cell: str) -> None:
    assert compile_cell(cell).evaluate(None) is None


def test_a_dash_holds_for_the_unknown_too_and_null_is_asked_for_by_name() -> None:
    assert compile_cell("-").evaluate(None) is True
    assert compile_cell("null").evaluate(None) is True
    assert compile_cell("null").evaluate(Decimal(1)) is False


@given(
    st.sampled_from(["< 2", "[1..3)", "1, 3", "not(2)", "? + 1 > 2", "-", "(1..2]"]),
    st.integers(0, 4).map(Decimal),
)
def test_cells_over_known_values_read_as_plain_feel(cell: str, value: Decimal) -> None:
    assert compile_cell(cell).evaluate(value) == compile_unary(cell).evaluate(value)
