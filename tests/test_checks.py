"""Checks across definitions, each on a small workspace with one thing changed."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small_workspace
from engine import Diagnostic, Workspace, check_text, check_workspace, known_names
from engine.checks.subject import Subject
from engine.checks.typing import BOOLEAN, NUMBER, TEXT, TypeCheck, fits
from engine.checks.vocabulary import DAYS, OPEN, Vocabulary
from engine.decision.concluding import SCHEMA
from engine.feel import FeelType, compile_expression
from engine.feel.types import ListType
from engine.feel.values import kind_of
from shipped import workspace as shipped
from small_workspace import BASIS, FILES, matter

SAMPLE = "rulesets/matters/sample.yaml"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return small_workspace.make(tmp_path_factory.mktemp("checks"))


def found(workspace: Workspace, *replacements: tuple[str, str]) -> list[Diagnostic]:
    return list(check_text(workspace, SAMPLE, matter(*replacements)))


def codes(diagnostics: Any) -> list[str]:
    return [d.code for d in diagnostics]


def wrong(diagnostics: Any) -> list[str]:
    """The codes of all but hints: the shared rules rest on laws that are still to be verified."""
    return [d.code for d in diagnostics if d.severity != "info"]


def test_the_small_workspace_is_good(good: Workspace) -> None:
    assert wrong(check_workspace(good)) == []


def test_what_ships_has_no_error_and_no_warning() -> None:
    wrong = [d for d in check_workspace(shipped()) if d.severity != "info"]
    assert [f"{d.place}: {d.code}: {d.message_zh}" for d in wrong] == []


LARGE = "require: 面积 >= 最低面积"


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        (LARGE, "require: 面级 >= 最低面积", "unknown-fact", "面级"),
        ('range: "[0..1000]"', 'range: "0-50"', "fact-range", "0-50"),
        ('range: "[0..1000]"', 'range: "[50..0]"', "fact-range-empty", "[50..0]"),
        ('range: "[0..1000]"', 'range: "0~50"', "feel-syntax", "~"),
        (LARGE, "require: 面积 >= )", "feel-syntax", ")"),
        (LARGE, "require: 面积 >= 类别", "feel-type", "面积 >= 类别"),
        (LARGE, "require: 面积 + 1", "feel-type", "面积 + 1"),
        (LARGE, "require: 类别 > 类别", "feel-type", "类别 > 类别"),
        (LARGE, "require: 面积 ＞= 最低面积", "feel-full-width", "＞"),
        (LARGE, "require: today() = 申请日期", "profile-function", "today"),
        (LARGE, "require: 合计(面积) > 1", "unknown-function", "合计"),
        (LARGE, """require: '类别 = "丁"' """, "value-outside-codes", '"丁"'),
        ("""类别: '"乙"', 最低""", """类别: '"丁"', 最低""", "value-outside-codes", '"丁"'),
        ("""类别: '"乙"', 最低""", """类别: '> 3', 最低""", "feel-type", "> 3"),
        ("""类别: '"乙"', 最低""", """类别: '"甲"', 最低""", "table-duplicate-row", "类别"),
        ("gives: 最低面积", "gives: 下限", "fact-given-twice", "gives"),
        ("codes: kinds", "codes: kindz", "unknown-reference", "kindz"),
        ("satisfied_by: permit", "satisfied_by: permitt", "unknown-reference", "permitt"),
        ("covers: [report", "covers: [reports", "unknown-reference", "reports"),
        ("value: 10, floor", "value: 5, floor", "region-below-floor", "5"),
        ("value: 10, floor", "value: 60, floor", "region-above-ceiling", "60"),
        ("value: 10, floor", "value: 甲, floor", "parameter-value", "甲"),
        ("promise: 5 working", "promise: 25 working", "promise-over-statutory", "25"),
        ("promise: 5 working days", "promise: 5 days", "time-units-differ", "5 days"),
        ("title: 报告", "title: 其他材料", "catch-all-material", "其他材料"),
        ("point: 已经出证", "point: 酌情认定已经出证", "discretion-word", "酌情"),
        ("promise: 5 working days", "promise: 1 months", "promise-over-statutory", "1 months"),
        ("id: certified", "id: in_scope", "duplicate-id", "in_scope"),
        ("covers: [report", "covers: [in_scope", "scope-covered", "in_scope"),
        ("    duty: 承诺\n", "", "commitment-incomplete", "commitment"),
        ("    verify_within: 30 days\n", "", "commitment-incomplete", "commitment"),
        ("    on_false: revoke\n", "", "commitment-incomplete", "commitment"),
        ("    on_unfulfilled: correct_then_revoke\n", "", "commitment-incomplete", "commitment"),
        (
            "    duty: 承诺",
            "    duty: 承诺\n    promise: 2 months",
            "promise-over-statutory",
            "2 m",
        ),
        (
            "gives: 最低面积",
            "gives: 最低面积\n    units: {最低面级: m²}",
            "unknown-reference",
            "级",
        ),
        (f", basis: {BASIS}}}\ntables", "}\ntables", "basis-missing", "下限"),
        ("remedy: 先行出证", "duty: 负责", "remedy-missing", "certified"),
        (
            "title: 执照, satisfied_by: permit",
            "title: 执照, local: true",
            "local-proof-demanded",
            "permit",
        ),
    ],
)
def test_each_mistake_is_found_where_it_stands(
    good: Workspace, old: str, new: str, code: str, at: str
) -> None:
    diagnostics = found(good, (old, new))
    mine = [d for d in diagnostics if d.code == code]
    assert mine, codes(diagnostics)
    place = mine[0].place
    shown = mine[0].excerpt[place.column - 1 : place.end_column - 1] or mine[0].excerpt
    assert at in shown or shown in at
    assert mine[0].message_zh
    assert mine[0].message_en


KINDS = "rulesets/codes/kinds.yaml"


@pytest.mark.parametrize(("last", "is_told"), [("2025-12-31", True), ("2026-01-01", False)])
def test_a_cell_may_not_name_a_code_that_was_withdrawn(
    good: Workspace, last: str, is_told: bool
) -> None:
    withdrawn = FILES[KINDS].replace("{code: 乙}", f"{{code: 乙, effective_to: {last}}}")
    workspace = good.with_text(KINDS, withdrawn)
    told = [d for d in check_workspace(workspace) if d.code == "value-outside-codes"]
    assert len(told) == (2 if is_told else 0)  # the table's row, and a criterion


def test_a_cycle_of_facts_is_named(good: Workspace) -> None:
    text = matter(
        (
            "  出证:",
            "  一: {type: decimal, compute: 二 + 1}\n  二: {type: decimal, compute: 一}\n  出证:",
        )
    )
    cycles = [d for d in check_text(good, SAMPLE, text) if d.code == "fact-cycle"]
    assert len(cycles) == 1
    assert "一" in cycles[0].message_zh
    assert "二" in cycles[0].message_zh


def test_a_cycle_through_a_table_is_found(good: Workspace) -> None:
    text = matter(
        (
            "类别: {type: text, codes: kinds}",
            '类别: {type: text, compute: \'if 最低面积 > 1 then "甲" else "乙"\'}',
        )
    )
    assert "fact-cycle" in codes(check_text(good, SAMPLE, text))


def test_ten_mistakes_are_ten_diagnostics(good: Workspace) -> None:
    text = matter(
        ("level: 县级", "levle: 县级"),
        ("type: 行政许可", "type: 行政许克"),
        (LARGE, "require: 面级 >= 最低面积"),
        ("require: 出证", "require: 出证 and"),
        ("codes: kinds", "codes: kindz"),
        ("satisfied_by: permit", "satisfied_by: permitt"),
        ("value: 10, floor", "value: 5, floor"),
        ("remedy: 先行出证", "remdy: 先行出证"),
        ("title: 报告", "title: 其他材料"),
    )
    diagnostics = [d for d in check_text(good, SAMPLE, text) if d.severity != "info"]
    # The misspelt level is two: the key that is not known, and the one that is missing.
    assert sorted(codes(diagnostics)) == [
        "catch-all-material", "feel-syntax", "missing-key", "region-below-floor", "remedy-missing",
        "unknown-fact", "unknown-key", "unknown-key", "unknown-reference", "unknown-reference",
        "wrong-value",
    ]  # fmt: skip
    assert list(diagnostics) == sorted(diagnostics, key=lambda d: d.place)


def test_a_broken_fact_is_not_reported_again_where_it_is_used(good: Workspace) -> None:
    diagnostics = found(good, ("面积: {type: decimal", "面积: {type: decimel"))
    assert codes(diagnostics) == ["wrong-value"]


# --- regions, forms, versions, rules ---------------------------------------------------------

REGION = "rulesets/regions/370811.yaml"
FORM = "form_defs/sample.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (REGION, "下限: 20", "下限: 5", "region-below-floor"),
        (REGION, "下限: 20", "下限: 51", "region-above-ceiling"),
        (REGION, "下限: 20", "下线: 20", "unknown-reference"),
        (REGION, "{sample: {", "{sample: {promise: 21 working days, ", "promise-over-statutory"),
        (REGION, "{sample: {", "{sample: {promise: 2 months, ", "promise-over-statutory"),
        (REGION, "{sample: {", "{sample: {promise: 10 days, ", "time-units-differ"),
        (REGION, "{sample:", "{simple:", "unknown-reference"),
        (REGION, "'370800'", "'370900'", "unknown-reference"),
        (REGION, "'370800'", "'370811'", "region-cycle"),
        (FORM, "fact: 面积", "fact: 面级", "form-field-without-fact"),
        (FORM, "as: select", "as: date", "form-field-widget"),
        (FORM, "fact: 出证", "fact: 面积", "form-field-twice"),
        (FORM, "ask: 多大？", "ask: 多大？, when: 类别", "feel-type"),
        (FORM, "form: sample", "form: simple", "unknown-reference"),
    ],
)
def test_regions_and_forms_are_held_against_their_matter(
    good: Workspace, file: str, old: str, new: str, code: str
) -> None:
    text = FILES[file]
    assert old in text
    assert code in codes(check_text(good, file, text.replace(old, new, 1)))


def test_two_versions_may_not_be_in_force_on_one_day(tmp_path: Path) -> None:
    first = matter(
        ("title: 示例许可", "title: 示例许可\neffective: {from: 2026-01-01, to: 2026-06-30}")
    )
    second = matter(("title: 示例许可", "title: 示例许可（新）\neffective: {from: 2026-07-01}"))
    files = {SAMPLE: first, "rulesets/matters/sample_2.yaml": second}
    workspace = small_workspace.make(tmp_path / "apart", files)
    assert wrong(check_workspace(workspace)) == []
    files[SAMPLE] = first.replace("2026-06-30", "2026-07-01")
    overlapping = small_workspace.make(tmp_path / "together", files)
    assert wrong(check_workspace(overlapping)) == ["effective-overlap", "effective-overlap"]


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("{rule: a, when: {is: 不明}, then: {finding: 甲, effect: refuse}, basis: B}", "不明"),
        (
            "{rule: a, when: {is: 材料, where: {结过: 缺少}}, then: {finding: 甲, effect: refuse}, basis: B}",
            "结果",
        ),
        ("{rule: a, when: {none: 材料}, then: {finding: 甲, effect: refuse}, basis: B}", "没有"),
        (
            "{rule: a, when: {is: 材料, where: {是否核心: 是}}, then: {conclude: 不予}, basis: B}",
            "是否",
        ),
        (
            "{rule: a, when: [{is: 申请}, {none: 认定, where: {名称: 甲}}], "
            "then: {finding: 甲, effect: refuse}, basis: B}",
            "认定",
        ),
    ],
)
def test_a_conclusion_rule_that_cannot_be_driven_safely_is_refused(
    good: Workspace, rule: str, word: str
) -> None:
    text = (
        matter()
        + f"conclusions:\n  - {rule.replace('basis: B', 'basis: ' + small_workspace.BASIS)}\n"
    )
    (problem,) = [d for d in check_text(good, SAMPLE, text) if d.code == "rule-invalid"]
    assert word in problem.message_zh + problem.help_zh
    assert problem.place.line == text.count("\n")


OBLIGATION = f"{{id: keep, title: 保存, within: 2 years, basis: {BASIS}}}"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (OBLIGATION, "duplicate-id"),
        ("{id: other, title: 另存, within: 1 years}", "basis-missing"),
    ],
)
def test_obligations_rest_on_a_law_and_are_named_once(
    good: Workspace, second: str, code: str
) -> None:
    first = matter() + f"obligations:\n  - {OBLIGATION}\n"
    assert wrong(check_text(good, SAMPLE, first)) == []
    (problem,) = check_text(good, SAMPLE, first + f"  - {second}\n")
    assert (problem.code, problem.place.line) == (code, first.count("\n") + 1)


@pytest.mark.parametrize(
    ("change", "is_told"),
    [("value: null", True), ("value: 1", False)],
)
def test_what_a_region_must_fix_rests_on_a_law(good: Workspace, change: str, is_told: bool) -> None:
    text = matter(("parameters:", f"parameters:\n  系数: {{type: decimal, {change}}}"))
    assert ("basis-missing" in wrong(check_text(good, SAMPLE, text))) == is_told
    set_there = good.with_text(REGION, FILES[REGION].replace("下限: 20", "下限: 20, 系数: 2"))
    assert "basis-missing" in wrong(check_text(set_there, SAMPLE, text))


# --- conclusion rules ------------------------------------------------------------------------


def with_rule(where: str, then: str = "{finding: 甲, effect: review}", more: str = "") -> str:
    """The small matter with one conclusion rule of its own."""
    rule = (
        f"{{rule: a, {more}when: [{{is: 申请人, as: p}}, {where}], then: {then}, basis: {BASIS}}}"
    )
    return matter() + f"conclusions:\n  - {rule}\n"


@pytest.mark.parametrize(
    ("pattern", "typo", "meant"),
    [
        ("{is: 材料, where: {结果: 以承诺代}}", "以承诺代", "以承诺代替"),
        ("{is: 材料, where: {编号: reprot}}", "reprot", "report"),
        ("{none: 材料, where: {编号: reprot}}", "reprot", "report"),
        ("{is: 材料, where: {名称: 执造}}", "执造", "执照"),
        ("{is: 审查要点, where: {编号: large_enuogh}}", "large_enuogh", "large_enough"),
        ("{is: 审查要点, where: {名称: 面积达到下线}}", "面积达到下线", "面积达到下限"),
        ("{is: 审查要点, where: {后果: rejct}}", "rejct", "reject"),
        ("{is: 审查要点, where: {结果: {not: 不瞒足}}}", "不瞒足", "不满足"),
        ("{is: 审查要点, where: {环节: 审察}}", "审察", "审查"),
        ("{is: 证照, where: {类型: permitt}}", "permitt", "permit"),
        ("{is: 证照, where: {状态: {not: 有校}}}", "有校", "有效"),
        ("{is: 信用, where: {类别: {in: [行政处罚, 虚假承若]}}}", "虚假承若", "虚假承诺"),
        ("{is: 信用, where: {等级: 忧}}", "忧", ""),
        ("{is: 路径, where: {名称: 告之承诺}}", "告之承诺", "告知承诺"),
        ("{is: 申请, where: {路径: 告之承诺}}", "告之承诺", "告知承诺"),
        ("{is: 路径, where: {名称: 全信用}}", "全信用", ""),  # the matter has no such path
        ("{is: 申请, where: {事项: simple}}", "simple", "sample"),
        ("{is: 申请, where: {地区: '370812'}}", "370812", "370811"),
        ("{is: 查询, where: {种类: licence}}", "licence", "licences"),
        ("{is: 查询, where: {结果: {not: answerd}}}", "answerd", "answered"),
        ("{is: 事实, where: {名称: 出正, 是否: true}}", "出正", "出证"),
        ("{is: 事实, where: {名称: 面积}}", "面积", ""),  # FEEL computes with numbers
        ("{is: 事实, where: {名称: 类别, 文字: 丁}}", "丁", ""),
        ("{is: 差异, where: {名称: 面级}}", "面级", "面积"),
        (
            "{is: 认定, where: {名称: 所填内容与登记不一}}",
            "所填内容与登记不一",
            "所填内容与登记不一致",
        ),
        ("{is: 认定, where: {后果: refuce}}", "refuce", "refuse"),
        ("{none: 结论, where: {结果: 不许}}", "不许", "不予"),
        ("{is: 证照, where: {有效期至: {below: 2026-1-1}}}", "2026-1-1", ""),
        ("{is: 信用, where: {披露截止: {above: 2026-02-30}}}", "2026-02-30", ""),
    ],
)
def test_a_rule_may_not_wait_for_a_word_that_never_comes(
    good: Workspace, pattern: str, typo: str, meant: str
) -> None:
    (problem,) = [d for d in check_text(good, SAMPLE, with_rule(pattern)) if d.code == "rule-value"]
    place = problem.place
    assert problem.excerpt[place.column - 1 : place.end_column - 1].strip("'") == typo
    assert f"“{typo}”" in problem.message_zh
    assert f"“{meant}”" in problem.help_zh or not meant
    if meant:
        mended = check_text(good, SAMPLE, with_rule(pattern.replace(typo, meant)))
        assert "rule-value" not in codes(mended)


def test_a_typo_in_a_single_pattern_is_shown_where_it_stands(good: Workspace) -> None:
    text = matter() + (
        "conclusions:\n  rule: a\n  when: {is: 材料, where: {结果: 以承诺代}}\n"
        f"  then: {{finding: 甲, effect: review}}\n  basis: {BASIS}\n"
    )
    (problem,) = [d for d in check_text(good, SAMPLE, text) if d.code == "rule-value"]
    place = problem.place
    assert problem.excerpt[place.column - 1 : place.end_column - 1] == "以承诺代"


def test_every_field_that_rules_read_is_closed_or_known_to_be_open(good: Workspace) -> None:
    file = good.files[SAMPLE]
    assert file.document is not None
    subject = Subject[Any](good, file, file.definition, file.document)
    closed = Vocabulary(subject, ()).fields()
    texts = {(k, f) for k, fields in SCHEMA.items() for f, kind in fields.items() if kind == "text"}
    assert closed & OPEN == closed & DAYS == OPEN & DAYS == set()
    assert closed | OPEN | DAYS == texts


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (with_rule("{is: 证照, where: {持有人代码: {not: q.证件号码}}}"), "q.证件号码"),
        (with_rule("{is: 证照}", "{finding: 甲, effect: review, subject: q.名称}"), "q.名称"),
    ],
)
def test_a_name_of_a_pattern_that_is_not_there_is_no_text(
    good: Workspace, text: str, at: str
) -> None:
    problems = [d for d in check_text(good, SAMPLE, text) if d.code == "rule-invalid"]
    places = [d.excerpt[d.place.column - 1 : d.place.end_column - 1] for d in problems]
    assert at in places


def test_a_rule_that_chooses_the_path_cannot_read_what_is_judged_later(good: Workspace) -> None:
    early = with_rule("{none: 材料, where: {结果: 免提交}}", more="phase: entry, ")
    assert "rule-too-early" in codes(check_text(good, SAMPLE, early))
    late = with_rule("{none: 材料, where: {结果: 免提交}}")
    assert "rule-too-early" not in codes(check_text(good, SAMPLE, late))


SHARED = "rulesets/rules/shared.yaml"


@pytest.mark.parametrize("outcome", ["准予", "不予", "补正", "不予受理", "待核"])
def test_each_outcome_is_some_rules_conclusion(good: Workspace, outcome: str) -> None:
    text = str(good.files[SHARED].document.text)  # type: ignore[union-attr]
    rules = re.split(r"(?m)^(?=  - rule: )", text)
    without = "".join(r for r in rules if f"{{conclude: {outcome}}}" not in r)
    problems = [d for d in check_text(good, SHARED, without) if d.code == "outcome-missing"]
    assert [d.message_zh for d in problems] == [f"没有规则得出“{outcome}”"]
    assert problems[0].excerpt.startswith("conclusions:")
    own = with_rule("{is: 申请}", f"{{conclude: {outcome}}}")
    every_matter_has_it = good.with_text(SAMPLE, own)
    assert "outcome-missing" not in codes(check_text(every_matter_has_it, SHARED, without))


def test_a_set_without_rules_concludes_nothing(good: Workspace) -> None:
    problems = check_text(good, SHARED, "rules: shared\ntitle: 通用结论\nconclusions: []\n")
    assert codes(problems) == ["outcome-missing"] * 5


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SHARED, "rule: criterion_refuses", "rule: criterion_rejects"),
        (KINDS, "{code: 乙}", "{code: 甲}"),
    ],
)
def test_what_is_named_twice_in_a_list_is_told_once(
    good: Workspace, file: str, old: str, new: str
) -> None:
    text = str(good.files[file].document.text)  # type: ignore[union-attr]
    assert wrong(check_text(good, file, text.replace(old, new, 1))) == ["duplicate-id"]


def test_a_shared_finding_rests_on_a_law(good: Workspace) -> None:
    text = str(good.files[SHARED].document.text)  # type: ignore[union-attr]
    unfounded = re.sub(r"(?m)^    basis: \{law: 行政许可法, article: 第三十一条.*\n", "", text)
    assert unfounded != text
    assert "basis-missing" in codes(check_text(good, SHARED, unfounded))


def test_without_shared_rules_no_matter_can_conclude(tmp_path: Path) -> None:
    workspace = small_workspace.make(tmp_path)
    (tmp_path / "rulesets/rules/shared.yaml").unlink()
    assert "no-matter-conclusion" in codes(check_workspace(Workspace.load(workspace.root)))


def test_a_broken_plugin_is_reported_and_the_rest_is_checked(tmp_path: Path) -> None:
    files = {
        "plugins/broken.py": "import nowhere_to_be_found\n",
        SAMPLE: matter((LARGE, "require: 面级 > 1")),
    }
    diagnostics = check_workspace(small_workspace.make(tmp_path, files))
    assert {"plugin-broken", "unknown-fact"} <= set(codes(diagnostics))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_edit_of_a_matter_makes_the_check_fail(good: Workspace, data: st.DataObject) -> None:
    """Any cut, doubling or stray character gives diagnostics, never an exception."""
    text = matter()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        stray = data.draw(
            st.sampled_from(
                ["", ":", "- ", "[", "}", "'", "\t", "：", "&a ", "\n", "null", text[start:end] * 2]
            )
        )
        text = text[:start] + stray + text[end:]
    for diagnostic in check_text(good, SAMPLE, text):
        assert diagnostic.place.file == SAMPLE
        assert diagnostic.message_zh


def test_known_names_are_what_an_expression_may_use(good: Workspace) -> None:
    names = {known.name for known in known_names(good, "sample", shipped_day())}
    assert {"面积", "类别", "下限", "最低面积", "申请日期", "工作日数"} <= names
    assert known_names(good, "nothing", shipped_day()) == ()


def shipped_day() -> Any:
    from datetime import date

    return date(2026, 11, 22)


# --- types -----------------------------------------------------------------------------------

TYPES: dict[str, FeelType] = {"数": NUMBER, "文": TEXT, "真": BOOLEAN, "列": ListType(NUMBER)}
VALUES = {"数": 2, "文": "字", "真": True, "列": [1, 2, 3]}
atoms = st.sampled_from(["数", "文", "真", "列", "1", '"字"', "true", "[1, 2]", '["甲"]'])
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(
            lambda a, o, b: f"({a} {o} {b})",
            inner,
            st.sampled_from(["+", "-", "=", "<", "and", "or", "in"]),
            inner,
        ),
        st.builds(lambda a: f"count({a})", inner),
        st.builds(lambda a: f"string length({a})", inner),
        st.builds(lambda a: f"not({a})", inner),
        st.builds(lambda a, b, c: f"(if {a} then {b} else {c})", inner, inner, inner),
        st.builds(lambda a, b: f"(some x in {a} satisfies x = {b})", inner, inner),
        st.builds(lambda a: f"(for x in {a} return x)", inner),
        st.builds(lambda a, b: f"{a}[item = {b}]", atoms, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=600)
@given(expressions)
def test_what_passes_the_types_never_computes_a_null_or_another_type(text: str) -> None:
    """Soundness: with every fact known, an expression without faults has a value of its type."""
    tree = compile_expression(text).tree
    check = TypeCheck(TYPES)
    kind = check.type_of(tree)
    if check.faults:
        return
    value = compile_expression(text).evaluate(VALUES)
    assert value is not None, text
    names = {"number": NUMBER, "string": TEXT, "boolean": BOOLEAN}
    if kind_of(value) in names:
        assert fits(kind, names[kind_of(value)]), (text, kind, value)


def test_a_formula_typed_as_in_a_spreadsheet_is_no_value(good: Workspace) -> None:
    """`=1+1` is FEEL for everything equal to 2: among figures it is a slip of the hand."""
    document = good.files[SAMPLE].whole
    assert document is not None
    found_now = check_text(good, SAMPLE, document.text.replace("require: ", "require: = ", 1))
    assert "feel-type" in codes(found_now)
