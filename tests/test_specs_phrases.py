"""Phrases and the catalogue: what a step means, what it is told apart from, and in what time."""

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.specs import (
    Ambiguous,
    Call,
    Phrase,
    PhraseError,
    StepCatalogue,
    StepFailed,
    Undefined,
    steps_page,
    steps_to_json,
)
from engine.specs.catalogue import STEP_TYPES
from engine.specs.explanations import EXPLANATIONS
from engine.specs.phrases import KINDS, LONGEST_STEP
from engine.specs.shipped import shipped_steps


def shipped() -> StepCatalogue:
    catalogue = StepCatalogue()
    catalogue.include(shipped_steps())
    return catalogue


SHIPPED = shipped()
PAGE = Path(__file__).parent.parent / "docs" / "steps.md"
MOST = [(definition, sample) for definition in SHIPPED.definitions for sample in
        definition.phrase.samples]  # fmt: skip


# --- phrases -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "text", "arguments"),
    [
        ('{fact:name}是"{value}"', '场所类型是"理发"', {"fact": "场所类型", "value": "理发"}),
        ('{fact:name}是"{value}"', "场所类型是“理发”", {"fact": "场所类型", "value": "理发"}),
        ('{fact:name}是"{value}"', '场所类型是""', {"fact": "场所类型", "value": ""}),
        ('说"{words}"', "说“没有“甲”这一项”", {"words": "没有“甲”这一项"}),
        ('说"{words}"', '说"没有“甲”这一项"', {"words": "没有“甲”这一项"}),
        ("{f:name}是 {v:value}", "面积是10平方米", {"f": "面积", "v": "10平方米"}),
        ("{f:name}是 {v:value}", "面积是 -0.50 m²", {"f": "面积", "v": "-0.50 m²"}),
        ("{f:name}是 {v:value}", "是否到场是 是", {"f": "是否到场", "v": "是"}),
        ("{f:name}是 {v:value}", "日期是 2026-11-22", {"f": "日期", "v": "2026-11-22"}),
        ("共 {n:integer} 项", "共12项", {"n": 12}),
        ("{a:name}的{b:name}", "甲的乙的丙", {"a": "甲的乙", "b": "丙"}),  # names are read whole
        ("{a}的{b:name}", "甲的乙的丙", {"a": "甲", "b": "乙的丙"}),  # other words as few as will do
        ("金额是 {a:value}，自 {m:month} 起", "金额是 100 元,自 2026-11 起",
         {"a": "100 元", "m": "2026-11"}),
        ("期限为 {p:period}", "期限为 5 个工作日", {"p": "5 个工作日"}),
        ("参保满 {months} 个月", "参保满 12 个月", {"months": "12"}),
        ('库中有"{x}"：', '库中有"营业执照"', {"x": "营业执照"}),
        ('库中有"{x}"', '库中有"营业执照"：', {"x": "营业执照"}),
    ],
)  # fmt: skip
def test_a_phrase_reads_its_arguments(
    template: str, text: str, arguments: dict[str, object]
) -> None:
    assert Phrase(template).match(text) == arguments


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{fact:name}是"{value}"', '场所类型是"理发'),
        ('{fact:name}是"{value}"', '申请人是"甲"，证件号码"乙"'),
        ("共 {n:integer} 项", "共 0x1f 项"),  # what the parse library takes for a number
        ("共 {n:integer} 项", "共 1,000 项"),
        ("共 {n:integer} 项", "共 １２ 项"),
        ("共 {n:integer} 项", "共 1_0 项"),
        ("面积是 {v:number}", "面积是 1e2"),
        ("面积是 {v:value}", "面积是 很大"),
        ("ABC 是 {v:value}", "abc 是 1"),  # letters keep their case
        ("届满日是 {d:date}", "届满日是 2026-1-2"),
    ],
)
def test_a_phrase_refuses_what_only_looks_like_it(template: str, text: str) -> None:
    assert Phrase(template).match(text) is None


@pytest.mark.parametrize(
    "template", ["{a:name}{a:name}是", "{a:nonsense}是", "{a:name}", "是{", "是}x{a}", ""]
)
def test_a_template_that_cannot_be_used_is_refused(template: str) -> None:
    with pytest.raises(PhraseError):
        Phrase(template)


TEXTS = st.text(alphabet='甲是 "“”1.5-：，\t', max_size=60)
TEMPLATES = st.lists(
    st.sampled_from(["是", '"{t}"', "{n:name}", "{v:value}", "{w}", "，", "共", "{d:date}"]),
    min_size=1, max_size=6, unique=True,
).map("".join)  # fmt: skip


@given(TEMPLATES, TEXTS)
def test_what_is_read_stands_in_the_text(template: str, text: str) -> None:
    try:
        phrase = Phrase(template)
    except PhraseError:
        return
    found = phrase.match(text)
    assert found is None or (set(found) == set(phrase.names) and all(
        isinstance(value, str) and value in text for value in found.values()
    ))  # fmt: skip


@given(TEMPLATES)
def test_a_phrase_matches_its_own_samples(template: str) -> None:
    try:
        phrase = Phrase(template)
    except PhraseError:
        return
    assert all(phrase.match(sample) is not None for sample in phrase.samples)


@given(st.text(alphabet="甲是 1", min_size=1, max_size=30), st.integers(0, 9))
def test_white_space_never_decides(name: str, spaces: int) -> None:
    phrase = Phrase('材料"{title}"的状态是"{status}"')
    gap = " " * spaces
    text = f'材料{gap}"{name}"{gap}的状态{gap}是{gap}"满足"'
    assert phrase.match(text) == {"title": name, "status": "满足"}


@pytest.mark.parametrize("character", ["是", '"', "“", "1", "-", "甲", " "])
def test_hostile_steps_are_read_in_time(character: str) -> None:
    phrase = Phrase('{a:name}是{b:name}是{c}是{d}是"{e}"是{f:value}')
    begun = time.perf_counter()
    for text in (character * LONGEST_STEP, ("是" + character) * (LONGEST_STEP // 2)):
        phrase.match(text)
    assert phrase.match("是" * (LONGEST_STEP + 1)) is None
    assert time.perf_counter() - begun < 5


# --- the catalogue -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "sample"), MOST, ids=[f"{d.phrase.template}-{n}" for n, (d, _) in
                                         enumerate(MOST)],
)  # fmt: skip
def test_every_shipped_phrase_means_itself(definition: object, sample: str) -> None:
    """No shipped phrase is hidden by another, and none is ambiguous with one."""
    for step_type in STEP_TYPES:
        if definition.is_for(step_type):  # type: ignore[attr-defined]
            found = SHIPPED.find(step_type, sample)
            assert isinstance(found, Call)
            assert found.definition is definition


def test_every_shipped_step_says_what_it_is_for() -> None:
    assert [d.phrase.template for d in SHIPPED.definitions if not d.summary] == []


def test_every_shipped_step_is_explained_in_chinese_and_nothing_else_is() -> None:
    assert sorted(EXPLANATIONS) == sorted(d.phrase.template for d in SHIPPED.definitions)
    lines = [line for line in steps_page(SHIPPED).split("\n") if line.startswith("- ")]
    assert [line for line in lines if not re.search(r"`(?:（[^）]*）)?：[^ ]*[一-鿿]", line)] == []


def small(*phrases: str) -> StepCatalogue:
    catalogue = StepCatalogue()
    for phrase in phrases:
        names = ", ".join(Phrase(phrase).names)
        scope: dict[str, object] = {}
        exec(f"def step(world, {names}): world.append({phrase!r})", scope)
        catalogue.given(phrase)(scope["step"])  # type: ignore[type-var]
    return catalogue


def test_a_phrase_that_spells_out_more_goes_first() -> None:
    catalogue = small('{fact:name}是"{value}"', '地区是"{region}"')
    found = catalogue.find("given", '地区是"370811"')
    assert isinstance(found, Call)
    assert found.arguments == {"region": "370811"}
    assert isinstance(catalogue.find("given", '场所是"甲"'), Call)


def test_two_phrases_of_which_neither_says_more_are_ambiguous() -> None:
    found = small("甲{a}丙", "{a}乙丙").find("given", "甲乙丙")
    assert isinstance(found, Ambiguous)
    assert [d.phrase.template for d in found.candidates] == ["甲{a}丙", "{a}乙丙"]


@given(st.permutations(['{f:name}是"{v}"', '地区是"{v}"', '{f}区是"{v}"', '地区是"甲{v:name}"']))
def test_the_order_of_registration_never_decides(phrases: list[str]) -> None:
    for text in ('地区是"甲"', '乙区是"甲"', '地区是"甲乙"'):
        found = small(*phrases).find("given", text)
        reference = small(*sorted(phrases)).find("given", text)
        assert type(found) is type(reference)
        if isinstance(found, Call) and isinstance(reference, Call):
            assert found.definition.phrase.template == reference.definition.phrase.template


def test_the_same_phrase_twice_is_refused() -> None:
    with pytest.raises(PhraseError):
        small("天气晴朗", "天气晴朗")


def test_a_function_must_take_what_its_phrase_gives() -> None:
    catalogue = StepCatalogue()
    with pytest.raises(PhraseError, match="fact"):
        catalogue.given('{fact:name}是"{value}"')(lambda world, value: None)


def test_a_step_of_any_type_follows_any_keyword() -> None:
    catalogue = StepCatalogue()
    catalogue.step("天气晴朗")(lambda world: None)
    assert all(isinstance(catalogue.find(t, "天气晴朗"), Call) for t in STEP_TYPES)


@pytest.mark.parametrize(
    ("step_type", "text", "nearest"),
    [
        ("then", '审查要点"甲"结果为"满足"', '审查要点"{point}"的结果是"{status}"'),
        ("then", '诊断含"unknown-fact"', '诊断包括"{code}"'),
        ("given", '结论是 "准予" 。', None),
        ("given", "申请日期为２０２６年", None),
        ("given", "天下太平", None),
    ],
)
def test_the_nearest_phrase_is_suggested(step_type: str, text: str, nearest: str | None) -> None:
    found = SHIPPED.find(step_type, text)  # type: ignore[arg-type]
    assert isinstance(found, Undefined)
    if nearest is not None:
        assert found.nearest is not None
        assert found.nearest.phrase.template == nearest


def test_full_width_digits_are_shown_as_they_should_be() -> None:
    found = SHIPPED.find("given", "营业面积是 １０ 平方米")
    assert isinstance(found, Undefined)
    assert found.corrected == "营业面积是 10 平方米"


@pytest.mark.parametrize(
    ("step_type", "text", "corrected"),
    [
        ("given", "摊位面积为 6 平方米", "摊位面积是 6 平方米"),
        ("given", "摊位面积等于6㎡", "摊位面积是 6㎡"),
        ("given", "摊位面积：6 平方米", "摊位面积是 6 平方米"),
        ("given", "摊位面积 6 平方米", "摊位面积是 6 平方米"),
        ("given", "摊位类型为固定摊", '摊位类型是"固定摊"'),
        ("given", "摊位类型是固定摊", '摊位类型是"固定摊"'),
        ("given", '店名为"小店"', '店名是"小店"'),
        ("given", "到场为否", "到场是 否"),
        ("given", "开业日是2026年1月2日", "开业日是2026-01-02"),
        ("given", "开业日为 2026年1月2日", "开业日是 2026-01-02"),
        ("then", "结论为准予", '结论是"准予"'),
        ("given", "当事人为企业法人的，须到场确认", ""),
        ("given", "摊位面积大于6平方米", ""),
        ("given", "天下太平", ""),
    ],
)
def test_a_step_in_other_words_is_shown_as_it_should_be(
    step_type: str, text: str, corrected: str
) -> None:
    found = SHIPPED.find(step_type, text)  # type: ignore[arg-type]
    assert isinstance(found, Undefined)
    assert found.corrected == corrected
    if corrected:
        assert isinstance(SHIPPED.find(step_type, corrected), Call)  # type: ignore[arg-type]


def test_a_step_after_the_wrong_keyword_is_told_where_it_belongs() -> None:
    found = SHIPPED.find("then", "营业面积是 10 平方米")
    assert isinstance(found, Undefined)
    assert found.nearest is not None
    assert found.nearest.type == "given"


def test_a_table_must_be_wanted_and_there() -> None:
    catalogue = StepCatalogue()
    seen: list[object] = []
    catalogue.given("有表")(lambda world, table: seen.append(table))
    catalogue.given("可有可无")(lambda world, table=None: seen.append(table))
    catalogue.given("无表")(lambda world: seen.append("无"))
    rows = (("甲", "乙"),)
    for text, table, works in [
        ("有表", rows, True), ("有表", None, False), ("可有可无", None, True),
        ("可有可无", rows, True), ("无表", None, True), ("无表", rows, False),
    ]:  # fmt: skip
        call = catalogue.find("given", text)
        assert isinstance(call, Call)
        if works:
            call.run(None, table, None)
        else:
            with pytest.raises(StepFailed, match="数据表"):
                call.run(None, table, None)
    assert seen == [rows, None, rows, "无"]


@given(st.sampled_from(sorted(KINDS)), st.text(alphabet='甲1.-"“” 是年', max_size=40))
def test_no_kind_ends_before_it_begins(kind: str, text: str) -> None:
    for start in range(len(text) + 1):
        assert all(start < end <= len(text) for end in KINDS[kind].ends(text, start))


# --- the manual ----------------------------------------------------------------------------------


def test_the_page_of_steps_is_that_of_the_program() -> None:
    """Written anew by TONGBAN_RESET_STEPS=1."""
    page = steps_page(SHIPPED)
    if os.environ.get("TONGBAN_RESET_STEPS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_the_data_for_completion_holds_every_step() -> None:
    entries = steps_to_json(SHIPPED)
    assert [entry["phrase"] for entry in entries] == [
        definition.phrase.template for definition in SHIPPED.definitions
    ]
    assert json.loads(json.dumps(entries, ensure_ascii=False)) == entries
