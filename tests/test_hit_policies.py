"""Every hit policy, held against a clerk who knows all facts and tries all values of the others."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision.hit_policies import RowsConflict, TableStopped, ValueNotAllowed
from engine.decision.tables import CompiledTable, TableUnusable, compile_table
from engine.definitions import Table
from engine.feel import evaluate
from naive_tables import DOMAINS, Allowed, Cell, NaiveTable, Output, Stops, completions, could_be
from shipped import ROOT

POLICIES: Final = (
    *("unique", "any", "first", "priority", "rule_order", "output_order", "collect"),
    *("collect sum", "collect min", "collect max", "collect count"),
)
ANY: Final = Cell("-", lambda value, facts: True)
CELLS: Final[dict[str, tuple[Cell, ...]]] = {
    "数": (
        ANY,
        Cell("< 2", lambda value, facts: value < 2),
        Cell(">= 1", lambda value, facts: value >= 1),
        Cell("[1..3)", lambda value, facts: 1 <= value < 3),
        Cell("0, 3", lambda value, facts: value in (0, 3)),
        Cell("not(1)", lambda value, facts: value != 1),
        Cell("<= 金", lambda value, facts: value <= facts["金"]),
        Cell("? + 金 > 3", lambda value, facts: value + facts["金"] > 3),
    ),
    "文": (
        ANY,
        Cell('"a"', lambda value, facts: value == "a"),
        Cell('"a", "b"', lambda value, facts: value in "ab"),
        Cell('not("c")', lambda value, facts: value != "c"),
    ),
    "是": (
        ANY,
        Cell("true", lambda value, facts: value),
        Cell("not(?)", lambda value, facts: not value),
    ),
    "和": (
        ANY,
        Cell("> 2", lambda value, facts: value > 2),
        Cell("0", lambda value, facts: value == 0),
    ),
}
COMPUTED: Final = {"和": Output("数 + 金", lambda facts: facts["数"] + facts["金"])}
NUMBERS: Final = (
    Output("1", lambda facts: 1),
    Output("2", lambda facts: 2),
    Output("3", lambda facts: 3),
    Output("金", lambda facts: facts["金"]),
    Output("if 是 then 1 else 2", lambda facts: 1 if facts["是"] else 2),
)
WORDS: Final = (
    Output('"高"', lambda facts: "高"),
    Output('"中"', lambda facts: "中"),
    Output('"低"', lambda facts: "低"),
    Output('if 是 then "高" else "低"', lambda facts: "高" if facts["是"] else "低"),
)
OUTPUTS: Final = {"数额": NUMBERS, "等级": WORDS}


def is_one_of(words: str) -> tuple[Any, ...]:
    return tuple(lambda value, word=word: value == word for word in words)


ALLOWED: Final = {
    "数": (
        Allowed("[0..2]", (lambda value: 0 <= value <= 2,)),
        Allowed("not(0)", (lambda value: value != 0,)),
    ),
    "文": (Allowed('"a", "b"', is_one_of("ab")),),
    "和": (Allowed("<= 4", (lambda value: value <= 4,)),),
    "等级": (
        Allowed('"高", "中", "低"', is_one_of("高中低")),
        Allowed('"低", "高"', is_one_of("低高")),
    ),
    "数额": (
        Allowed("3, [1..2], 0", (lambda v: v == 3, lambda v: 1 <= v <= 2, lambda v: v == 0)),
        Allowed("<= 2, > 2", (lambda value: value <= 2, lambda value: value > 2)),
    ),
}


@st.composite
def tables(draw: st.DrawFn) -> NaiveTable:
    policy = draw(st.sampled_from(POLICIES))
    hit, _, aggregation = policy.partition(" ")
    names = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3, unique=True))
    gives = draw(st.permutations(sorted(OUTPUTS)))[: draw(st.integers(1, 2))]
    if aggregation:
        gives = ["等级" if aggregation == "count" and draw(st.booleans()) else "数额"]
    cells = st.fixed_dictionaries({name: st.sampled_from(CELLS[name]) for name in names})
    outputs = st.fixed_dictionaries({name: st.sampled_from(OUTPUTS[name]) for name in gives})
    limited = set(draw(st.lists(st.sampled_from([*names, *gives]), max_size=2)))
    if hit in ("priority", "output_order"):
        limited.add(draw(st.sampled_from(gives)))
    return NaiveTable(
        hit,
        tuple(gives),
        tuple(draw(st.lists(st.tuples(cells, outputs), min_size=1, max_size=5))),
        aggregation or None,
        draw(outputs) if draw(st.booleans()) else {},
        {name: draw(st.sampled_from(ALLOWED[name])) for name in sorted(limited) if name in ALLOWED},
        {name: COMPUTED[name] for name in names if name in COMPUTED},
    )


whole = st.fixed_dictionaries({name: st.sampled_from(DOMAINS[name]) for name in DOMAINS})
partial = st.fixed_dictionaries(
    {name: st.none() | st.sampled_from(DOMAINS[name]) for name in DOMAINS}
)


def compiled(table: NaiveTable) -> CompiledTable:
    return compile_table(Table.model_validate(table.definition()))


def as_feel(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {k: Decimal(v) if type(v) is int else v for k, v in facts.items()}


@settings(max_examples=400, deadline=None)
@given(tables(), st.lists(whole, min_size=1, max_size=4))
def test_where_all_is_known_the_answer_is_the_clerks(
    table: NaiveTable, asked: list[dict[str, Any]]
) -> None:
    for facts in asked:
        compare_known_facts(table, facts)


@settings(max_examples=400, deadline=None)
@given(tables(), st.lists(partial, min_size=1, max_size=3))
def test_what_is_said_holds_however_the_unknown_facts_turn_out(
    table: NaiveTable, asked: list[dict[str, Any]]
) -> None:
    for facts in asked:
        compare_unknown_facts(table, facts)


@pytest.mark.soak
@settings(max_examples=30_000, deadline=None)
@given(tables(), whole, partial)
def test_many_tables_answer_as_the_clerk_does(
    table: NaiveTable, known: dict[str, Any], unknown: dict[str, Any]
) -> None:
    compare_known_facts(table, known)
    compare_unknown_facts(table, unknown)


def compare_known_facts(table: NaiveTable, facts: dict[str, Any]) -> None:
    program = compiled(table)
    try:
        expected = table.answer(facts)
    except Stops:
        with pytest.raises(TableStopped):
            program.answer(as_feel(facts))
    else:
        assert dict(program.answer(as_feel(facts)).values) == expected


def compare_unknown_facts(table: NaiveTable, facts: dict[str, Any]) -> None:
    truths = []
    for completion in completions(facts):
        try:
            truths.append(table.answer(completion))
        except Stops:
            continue  # then there is no answer that this one could contradict
    try:
        answer = compiled(table).answer(as_feel(facts))
    except TableStopped:
        assert truths == []
    else:
        assert all(could_be(answer.values, truth) for truth in truths)


def table_of(hit: str, *rows: dict[str, Any], **more: Any) -> CompiledTable:
    outputs = [name for name in rows[0] if name in OUTPUTS]
    data = {"id": "t", "gives": outputs, "hit": hit, "rows": list(rows), **more}
    return compile_table(Table.model_validate(data))


ORDER: Final = {"等级": '"高", "中", "低"'}
MAYBE: Final[dict[str, Any]] = {"数": Decimal(1), "是": None}


@pytest.mark.parametrize(
    ("hit", "aggregation", "maybe", "answer"),
    [
        pytest.param("collect", "min", "3", Decimal(2), id="min: no larger one matters"),
        pytest.param("collect", "min", "2", Decimal(2), id="min: nor an equal one"),
        pytest.param("collect", "min", "1", None, id="min: a smaller one would"),
        pytest.param("collect", "max", "1", Decimal(2), id="max: no smaller one matters"),
        pytest.param("collect", "max", "2", Decimal(2), id="max: nor an equal one"),
        pytest.param("collect", "max", "3", None, id="max: a larger one would"),
        pytest.param("collect", "count", "2", None, id="count: every row would"),
        pytest.param("collect", "sum", "0", None, id="sum: every row is taken to"),
        pytest.param("unique", None, "3", Decimal(2), id="unique: it could only conflict"),
        pytest.param("any", None, "3", Decimal(2), id="any: it could only conflict"),
        pytest.param("rule_order", None, "3", None, id="a list would be longer"),
    ],
)
def test_a_row_that_may_be_hit_leaves_open_what_it_could_change(
    hit: str, aggregation: str | None, maybe: str, answer: Any
) -> None:
    rows = [{"数": "1", "是": "-", "数额": "2"}, {"数": "-", "是": "true", "数额": maybe}]
    more = {"aggregation": aggregation} if aggregation else {}
    assert table_of(hit, *rows, **more).answer(MAYBE).values == {"数额": answer}


@pytest.mark.parametrize(
    ("hit", "maybe", "answer"),
    [
        pytest.param("priority", "低", "中", id="a lower one does not matter"),
        pytest.param("priority", "高", None, id="a higher one would"),
        pytest.param("first", "高", "中", id="first asks only what stands above"),
    ],
)
def test_what_comes_later_changes_nothing(hit: str, maybe: str, answer: str | None) -> None:
    rows = [{"数": "1", "是": "-", "等级": '"中"'}, {"数": "-", "是": "true", "等级": f'"{maybe}"'}]
    assert table_of(hit, *rows, allowed=ORDER).answer(MAYBE).values == {"等级": answer}


def test_what_may_stand_above_leaves_the_first_open() -> None:
    rows = [{"数": "-", "是": "true", "等级": '"高"'}, {"数": "1", "是": "-", "等级": '"中"'}]
    table = table_of("first", *rows)
    assert table.answer(MAYBE).values == {"等级": None}
    assert table.answer({**MAYBE, "是": False}).values == {"等级": "中"}


def test_every_row_that_is_hit_is_told_whichever_is_taken() -> None:
    rows = [
        {"数": cell, "等级": f'"{word}"', "basis": {"law": law, "verified": law == "甲法"}}
        for cell, word, law in (("< 3", "低", "乙法"), ("> 0", "高", "甲法"), ("9", "中", "甲法"))
    ]
    best = table_of("priority", *rows, allowed=ORDER).answer({"数": Decimal(1)})
    assert (best.hits, best.values, best.basis) == ((1, 2), {"等级": "高"}, ("《甲法》",))
    assert best.is_verified
    every = table_of("output_order", *rows, allowed=ORDER).answer({"数": Decimal(1)})
    assert (every.values, every.basis) == ({"等级": ["高", "低"]}, ("《甲法》", "《乙法》"))
    assert not every.is_verified


def test_rows_that_conflict_are_named() -> None:
    rows = [{"数": "< 2", "数额": "1"}, {"数": "-", "数额": "1"}, {"数": "> 0", "数额": "2"}]
    for hit in ("unique", "any"):
        with pytest.raises(RowsConflict, match="第 1、2、3 行") as raised:
            table_of(hit, *rows).answer({"数": Decimal(1)})
        assert raised.value.rows == (1, 2, 3)


def test_a_value_that_is_not_allowed_is_named_with_those_that_are() -> None:
    rows = [{"文": '"a"', "等级": '"高"'}, {"文": '"b"', "等级": "词"}]
    table = table_of("unique", *rows, allowed={"文": '"a", "b"', **ORDER})
    assert table.answer({"文": None}).values == {"等级": None}
    assert table.answer({"文": "b"}).values == {"等级": None}
    with pytest.raises(ValueNotAllowed) as asked:
        table.answer({"文": "丙"})
    assert asked.value.zh == '“文”为“丙”，不在允许的值（"a", "b"）之内'
    with pytest.raises(ValueNotAllowed) as given_out:
        table.answer({"文": "b", "词": "无"})
    assert given_out.value.zh == '第 2 行的“等级”为“无”，不在允许的值（"高", "中", "低"）之内'


def test_several_outputs_rank_from_left_to_right() -> None:
    """The routing rules of DMN 1.5, figure 8-19: at 17, of high risk, in debt review: 2, 4, 3, 1."""
    rows = [
        {
            "年龄": age,
            "风险": risk,
            "债务": debt,
            "去向": f'"{way}"',
            "级别": f'"{level}"',
            "行": str(n),
        }
        for n, (age, risk, debt, way, level) in enumerate(
            [
                ("-", "-", "-", "ACCEPT", "NONE"),
                ("< 18", "-", "-", "DECLINE", "NONE"),
                ("-", '"HIGH"', "-", "REFER", "LEVEL 1"),
                ("-", "-", "true", "REFER", "LEVEL 2"),
            ],
            1,
        )
    ]
    orders = {"去向": '"DECLINE", "REFER", "ACCEPT"', "级别": '"LEVEL 2", "LEVEL 1", "NONE"'}
    data = {"id": "t", "gives": ["去向", "级别", "行"], "rows": rows, "allowed": orders}
    asked = {"年龄": Decimal(17), "风险": "HIGH", "债务": True}
    every = compile_table(Table.model_validate({**data, "hit": "output_order", "records": "清单"}))
    listed = every.answer(asked).values["清单"]
    assert [record["行"] for record in listed] == [2, 4, 3, 1]  # type: ignore[attr-defined]
    best = compile_table(Table.model_validate({**data, "hit": "priority"}))
    assert best.answer(asked).values == {"去向": "DECLINE", "级别": "NONE", "行": 2}


@pytest.mark.parametrize("order", [["数额", "等级"], ["等级", "数额"]], ids=["numbers", "words"])
def test_of_several_values_the_first_that_is_limited_is_named(order: list[str]) -> None:
    row = {"数": "1", "数额": "5", "等级": '"无"'}
    allowed = {name: {"数额": "[0..3]", **ORDER}[name] for name in order}
    with pytest.raises(ValueNotAllowed) as raised:
        table_of("collect", row, allowed=allowed, records="清单").answer({"数": Decimal(1)})
    assert raised.value.column == order[0]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        pytest.param(code, changes, id=code)
        for code, changes in {
            "aggregation": {"aggregation": "sum"},
            "几个输出": {"hit": "collect", "aggregation": "sum", "gives": ["数额", "等级"]},
            "清单没有名称": {"hit": "rule_order", "gives": ["数额", "等级"]},
            "用不上 records": {"records": "清单"},
            "没有说明输出的优先次序": {"hit": "priority", "allowed": {"数": "1"}},
        }.items()
    ],
)
def test_what_leaves_the_answer_open_is_not_compiled(code: str, changes: dict[str, Any]) -> None:
    row = {"数": "1", "数额": "1", "等级": '"高"'}
    data = {"id": "t", "gives": "数额", "rows": [row], **changes}
    with pytest.raises(TableUnusable, match=code):
        compile_table(Table.model_validate(data))


# --- the page that explains them -----------------------------------------------------------------

PAGE: Final = ROOT / "docs" / "hit-policies.md"
ASKED: Final[tuple[dict[str, Any], ...]] = (
    {"年龄": Decimal(85), "残疾": True},
    {"年龄": Decimal(85), "残疾": None},
    {"年龄": Decimal(30), "残疾": False},
)


def told(program: CompiledTable, facts: dict[str, Any]) -> Any:
    """What the page says of an answer: a FEEL value, or a word."""
    try:
        answer = program.answer(facts)
    except RowsConflict:
        return "停止"
    value = answer.values["比例"]
    return value if value is not None else "待核" if "unknown" in answer.rows else "没有结果"


def rows_of_page(page: str) -> dict[str, list[Any]]:
    """By policy, what the page's table says for each of ASKED."""
    _, *lines = re.findall(r"^\| (`.*) \|$", page, re.MULTILINE)  # less the headings
    rows = {}
    for line in lines:
        head, *cells = line.split(" | ")
        policy = re.match(r"(?:`\w+` ?)+", head)
        assert policy is not None
        said = [evaluate(cell.strip("`")) if "`" in cell else cell for cell in cells]
        rows[policy[0].replace("`", "").strip()] = said
    return rows


def test_the_page_shows_what_the_program_answers() -> None:
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    discount, default, fees = map(yaml.safe_load, blocks)
    rows = rows_of_page(page)
    assert tuple(rows) == POLICIES
    for policy, said in rows.items():
        hit, _, total = policy.partition(" ")
        table = {**discount, "hit": hit, **({"aggregation": total} if total else {})}
        program = compile_table(Table.model_validate(table))
        assert [told(program, facts) for facts in ASKED] == said, policy
        table |= {"allowed": {"比例": "100, 50, 0"}, **default}
        otherwise = told(compile_table(Table.model_validate(table)), ASKED[2])
        assert otherwise == ([0] if said[2] == [] else 0), policy
    listed = compile_table(Table.model_validate(fees)).answer({"类别": "甲"}).values["收费清单"]
    (shown,) = re.findall(r"`(\[\{项目.*?\}\])`", page)
    assert listed == evaluate(shown)
    conditions = re.findall(r"`((?:sum\(|every ).*?)`", page)
    assert [evaluate(text, {"收费清单": listed}) for text in conditions] == [True, True]
