"""Every hit policy, held against a clerk who knows all facts and tries all values of the others."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small_workspace
from engine import (
    Decision,
    DecisionStopped,
    TongbanError,
    Workspace,
    check_workspace,
    decide,
    decision_to_json,
    officer_view,
    render_guide,
    replay,
    service_guide,
)
from engine.decision.hit_policies import RowsConflict, TableStopped, ValueNotAllowed
from engine.decision.plain_json import canonical
from engine.decision.tables import CompiledTable, TableUnusable, compile_table
from engine.definitions import Table
from engine.feel import evaluate
from engine.specs import measure_coverage, run_features
from naive_tables import DOMAINS, Allowed, Cell, NaiveTable, Output, Stops, completions, could_be
from shipped import ON, ROOT
from small_workspace import BASIS
from studio_visitor import Visitor, make_studio

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


# --- in a decision -------------------------------------------------------------------------------

SAMPLE: Final = "rulesets/matters/sample.yaml"
HOLDER: Final = "91370811MA3C00001A"
ONE: Final = f"""\
  - id: minimum
    gives: 最低面积
    basis: {BASIS}
    rows:
      - {{类别: '"甲"', 最低面积: 下限}}
      - {{类别: '"乙"', 最低面积: 30}}
"""
LISTS: Final = f"""\
  - id: minimum
    gives: 最低面积
    hit: collect
    aggregation: max
    default: {{最低面积: 50}}
    allowed: {{类别: '"甲", "乙", "丙"', 面积: '[0..900]'}}
    basis: {BASIS}
    rows:
      - {{类别: '"甲"', 面积: '-', 最低面积: 下限}}
      - {{类别: 'not("丙")', 面积: '> 100', 最低面积: 30}}
  - id: items
    gives: [项目, 金额]
    records: 项目清单
    hit: rule_order
    basis: {BASIS}
    rows:
      - {{类别: '"甲", "乙"', 出证: '-', 项目: '"登记费"', 金额: 10}}
      - {{类别: '-', 出证: 'true', 项目: '"证照费"', 金额: 面积 * 2}}
"""
CRITERION: Final = f"""\
  - id: cheap
    stage: 审查
    point: 每项收费不超过限额
    require: every 项 in 项目清单 satisfies 项.金额 <= 100
    basis: {BASIS}
    remedy: 减少项目
"""


def listing(folder: Path, lists: str = LISTS) -> Workspace:
    text = small_workspace.matter((ONE, lists), ("materials:\n", CRITERION + "materials:\n"))
    return small_workspace.make(folder, {SAMPLE: text})


def decided(where: Workspace, **facts: Any) -> Decision:
    application = {
        "applicant": {"name": "某公司", "id_number": HOLDER},
        "facts": {"面积": 40, "类别": "甲", "出证": True, **facts},
        "materials": ["report", "permit"],
    }
    return decide(where, "sample", application, on=ON, sources=[])


def criterion(decision: Decision, identity: str) -> tuple[str, tuple[str, ...]]:
    (found,) = (c for c in decision.criteria if c.id == identity)
    return found.status, tuple(missing.name for missing in found.missing)


def test_a_workspace_with_lists_has_nothing_to_complain_of(tmp_path: Path) -> None:
    assert [str(d.message_zh) for d in check_workspace(listing(tmp_path)) if d.is_error] == []


def test_a_decision_reads_a_list_of_records(tmp_path: Path) -> None:
    where = listing(tmp_path)
    decision = decided(where)
    assert criterion(decision, "cheap") == ("满足", ())
    (items,) = (t for t in decision.tables if t.id == "items")
    assert items.hits == (1, 2)
    shown = decision_to_json(decision)
    (table,) = (t for t in shown["tables"] if t["id"] == "items")
    fees = [{"项目": "登记费", "金额": 10}, {"项目": "证照费", "金额": 80}]
    assert table["values"] == {"项目清单": fees}
    assert replay(where, shown).agrees
    assert "项目清单 = 项目：登记费，金额：10；项目：证照费，金额：80" in officer_view(decision)
    assert canonical(shown) == canonical(decision)


def test_what_could_lengthen_a_list_is_asked_for(tmp_path: Path) -> None:
    where = listing(tmp_path)
    assert criterion(decided(where, 出证=None), "cheap") == ("待核", ("出证",))
    assert criterion(decided(where, 面积=None), "cheap") == ("待核", ("面积",))
    assert criterion(decided(where, 面积=None), "large_enough") == ("待核", ("面积",))


def test_what_may_come_first_is_asked_for(tmp_path: Path) -> None:
    first = (
        ONE.replace("    rows:\n", "    hit: first\n    reason: 从严\n    rows:\n")
        .replace(
            "      - {类别: '\"甲\"', 最低面积: 下限}\n",
            "      - {出证: 'false', 类别: '-', 最低面积: 90}\n"
            "      - {出证: '-', 类别: '\"甲\"', 最低面积: 下限}\n",
        )
        .replace("- {类别: '\"乙\"'", "- {出证: '-', 类别: '\"乙\"'")
    )
    where = listing(tmp_path, first + LISTS[LISTS.index("  - id: items") :])
    assert criterion(decided(where, 出证=None), "large_enough") == ("待核", ("出证",))
    assert criterion(decided(where), "large_enough") == ("满足", ())


def test_default_outputs_hold_where_no_row_does(tmp_path: Path) -> None:
    decision = decided(listing(tmp_path), 类别="丙", 出证=False)
    by_id = {table.id: table for table in decision.tables}
    given = {name: (table.is_default, table.values) for name, table in by_id.items()}
    assert given["minimum"] == (True, {"最低面积": Decimal(50)})
    assert given["items"] == (False, {"项目清单": []})
    assert criterion(decision, "large_enough") == ("不满足", ())
    assert "没有命中任何行，采用默认输出（共 2 行）" in officer_view(decision)


def test_a_value_that_is_not_allowed_stops_the_decision_with_words(tmp_path: Path) -> None:
    words = "“minimum”无法判定：“面积”为“950”，不在允许的值（[0..900]）之内"
    with pytest.raises(DecisionStopped, match=re.escape(words)):
        decided(listing(tmp_path), 面积=950)


def test_a_secret_value_that_is_not_allowed_is_not_told(tmp_path: Path) -> None:
    text = small_workspace.matter((ONE, LISTS), ("scale: 2,", "scale: 2, sensitive: true,"))
    where = small_workspace.make(tmp_path, {SAMPLE: text})
    with pytest.raises(DecisionStopped, match=r"“面积”为“\*\*\*\*”，不在允许的值"):
        decided(where, 面积=950)


def test_a_table_that_cannot_be_followed_decides_nothing(tmp_path: Path) -> None:
    where = listing(tmp_path, LISTS.replace("    records: 项目清单\n", ""))
    with pytest.raises(TongbanError, match="清单没有名称"):
        decided(where)


FEATURE: Final = """\
# language: zh-CN
功能: 清单
  场景: 两行都命中
    假如 面积是 40
    并且 类别是"甲"
    并且 出证是 是
    当 申请人于 2026-11-22 申请"示例许可"
    那么 决策表"items"命中的行是"1、2"
    并且 决策表"minimum"命中第 1 行
  场景: 一行也没有命中
    假如 面积是 40
    并且 类别是"丙"
    并且 出证是 否
    当 申请人于 2026-11-22 申请"示例许可"
    那么 决策表"minimum"没有命中任何行
    并且 "最低面积"的值是 50
"""


def test_scenarios_speak_of_several_rows_and_of_none(tmp_path: Path) -> None:
    where = listing(tmp_path)
    (tmp_path / "lists.feature").write_text(FEATURE, encoding="utf-8")
    report = run_features(where, [tmp_path / "lists.feature"])
    assert [scenario.status for scenario in report.scenarios] == ["passed", "passed"]
    (covered,) = measure_coverage(where, report.decisions, ON).matters
    assert covered.count("rows") == (4, 5)
    assert [str(item) for item in covered.unseen if item.area == "rows"] == ["minimum 第 2 行"]


def test_a_scenario_that_names_other_rows_fails(tmp_path: Path) -> None:
    where = listing(tmp_path)
    text = FEATURE.replace("1、2", "2").replace("没有命中任何行", "命中第 2 行")
    (tmp_path / "lists.feature").write_text(text, encoding="utf-8")
    report = run_features(where, [tmp_path / "lists.feature"])
    assert [scenario.status for scenario in report.scenarios] == ["failed", "failed"]


def test_the_guide_tells_what_holds_where_no_row_or_several_do(tmp_path: Path) -> None:
    ranked = LISTS.replace(
        "hit: rule_order", 'hit: output_order\n    allowed: {项目: \'"甲", "乙"\'}'
    )
    guide = render_guide(service_guide(listing(tmp_path, ranked), "sample", ON))
    assert re.search("其他情形(<[^>]*>|\\s)*50", guide)
    assert "几行同时适用的，取最大的结果。" in guide
    assert "项目的优先次序：甲、乙" in guide


# --- under check ---------------------------------------------------------------------------------


def complaints(folder: Path, lists: str, criterion: str = "true") -> set[tuple[str, str]]:
    """Code and Chinese message of every error of the small workspace with these tables."""
    named = CRITERION.replace("every 项 in 项目清单 satisfies 项.金额 <= 100", criterion)
    text = small_workspace.matter((ONE, lists), ("materials:\n", named + "materials:\n"))
    where = small_workspace.make(folder, {SAMPLE: text})
    return {(d.code, d.message_zh) for d in check_workspace(where) if d.is_error}


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("项目清单 > 100", "记录的列表不能与数字比较"),
        ("sum(项目清单.金 ) > 100", "没有“金”这一栏"),
        ("sum(项目清单.项目) > 100", "sum() 只用于数字，这里是文字"),
        ("项目清单[1].项目 > 3", "文字不能与数字比较"),
        ('最低面积 = "大"', "数字不能与文字比较"),
    ],
    ids=["list", "entry", "entries", "one entry", "total"],
)
def test_a_list_has_its_type(tmp_path: Path, criterion: str, words: str) -> None:
    assert ("feel-type", words) in complaints(tmp_path, LISTS, criterion)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("默认", "{最低面积: 50, 面积: 1}", "unknown-reference"),
        ("默认", "{最低面积: '\"大\"'}", "feel-type"),
        ("默认", "{最低面积: 50 +}", "feel-syntax"),
        ("默认", "{最低面积: 没有的}", "unknown-fact"),
        ("允许", "{别类: '1'}", "unknown-reference"),
        ("允许", "{面积: '\"大\"'}", "feel-type"),
        ("允许", "{面积: '(1..'}", "feel-syntax"),
        ("允许", "{面积: '< 下限'}", "unknown-fact"),
        ("允许", "{类别: '\"丁\"'}", "value-outside-codes"),
    ],
    ids=[f"{what} {n}" for what, count in (("default", 4), ("allowed", 5)) for n in range(count)],
)
def test_what_is_wrong_with_defaults_and_allowed_values_is_said(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    written = {
        "默认": "{最低面积: 50}",
        "允许": '{类别: \'"甲", "乙", "丙"\', 面积: \'[0..900]\'}',
    }[old]
    assert written in LISTS
    assert code in {found for found, _ in complaints(tmp_path, LISTS.replace(written, new))}


SCRAPS: Final = (
    "最低面积",
    "类别",
    "面积",
    "-",
    "not(1)",
    "[1..",
    "? > 1",
    "null",
    "@",
    '"甲", "乙"',
)
DEFAULTS: Final = {"最低面积": ("1", "0"), "项目": ('"登记费"',)}
LIMITS: Final = {
    "最低面积": ("[0..9]", "1, 0"),
    "项目": ('"登记费", "证照费"', '"证照费"'),
    "类别": ('"甲", "乙", "丙"', '"乙"'),
}


def some(texts: Mapping[str, tuple[str, ...]]) -> st.SearchStrategy[dict[str, str]]:
    """Some of the keys, mostly with a text that fits."""
    by_key = {key: st.sampled_from((*own * 10, *SCRAPS)) for key, own in texts.items()}
    return st.fixed_dictionaries({}, optional=by_key)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from([policy for policy in POLICIES if " " not in policy]),
    st.sampled_from([None, None, "sum", "min", "max", "count"]),
    some(DEFAULTS),
    some(LIMITS),
    st.sampled_from([None, None, "清单", "最低面积", "类别", "最低"]),
    st.sampled_from([["最低面积"], ["最低面积", "项目"], ["最低面积", "最低面积"], []]),
)
def test_no_table_makes_the_check_or_a_decision_crash(
    tmp_path: Path,
    hit: str,
    total: str | None,
    default: Any,
    allowed: Any,
    records: Any,
    gives: Any,
) -> None:
    basis = {"law": "示例法", "article": "第一条", "verified": True}
    outputs = {name: '"登记费"' if name == "项目" else 1 for name in gives}
    rows = [{"类别": cell, "basis": basis, **outputs} for cell in ('"甲"', 'not("乙")')]
    table = {"id": "minimum", "gives": gives, "hit": hit, "reason": "有理由", "rows": rows}
    limited = {name: text for name, text in allowed.items() if name in ("类别", *gives)}
    more = {"aggregation": total, "allowed": limited, "records": records}
    more["default"] = {name: text for name, text in default.items() if name in gives}
    table |= {key: value for key, value in more.items() if value}
    written = json.dumps(table, ensure_ascii=False)
    text = small_workspace.matter((ONE, f"  - {written}\n"), (">= 最低面积", ">= 10"))
    where = small_workspace.make(tmp_path, {SAMPLE: text})
    problems = [d for d in check_workspace(where) if d.is_error]
    try:
        decided(where)
    except DecisionStopped:
        pass  # in words
    except TongbanError:
        assert problems


def test_the_trial_page_shows_lists_and_default_outputs(tmp_path: Path) -> None:
    listing(tmp_path)
    visitor = Visitor(make_studio(tmp_path))
    answers = {"f_面积": "40", "f_类别": "丙", "f_出证": "no", "a_name": "某", "lenient": "1"}
    page = visitor.swap("/matters/sample/try", answers).text
    assert "没有命中，采用默认输出" in page
    assert "最低面积 = <strong>50</strong>" in page
    page = visitor.swap("/matters/sample/try", {**answers, "f_类别": "甲"}).text
    assert "项目清单 = <strong>项目：登记费，金额：10</strong>" in page


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
