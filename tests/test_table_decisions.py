"""Tables of every hit policy in a decision: facts asked for, papers, scenarios, pages, checks."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, get_args

import pytest
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
from engine.decision.plain_json import canonical
from engine.definitions.tables import HitPolicy
from engine.specs import measure_coverage, run_features
from shipped import ON
from small_workspace import BASIS
from studio_visitor import Visitor, make_studio

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
    st.sampled_from(get_args(HitPolicy)),
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
