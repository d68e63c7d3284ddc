"""一件事: one form and one set of materials lose nothing, and each part is decided as if alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    ApplicationError,
    DecisionStopped,
    FactDeclaration,
    MergedForm,
    ThemePlan,
    UnknownDefinition,
    Workspace,
    condition_holds,
    decide,
    decide_theme,
    decision_to_json,
    feel_context,
    merge_theme,
    parse_application,
    plan_theme,
    prove_matter,
    read_answers,
    split_theme,
    theme_coverage,
)
from engine.definitions import Theme
from engine.themes import MergedField, applicable_parts, merged_materials
from shipped import ON, ROOT, workspace

THEME, REGION = "open_restaurant", "370811"
FOOD, FIRE = "food_business_licence", "fire_safety_before_opening"
SIGN, CHECK = "outdoor_sign_filing", "business_registration_check"
SAMPLES = ROOT / "rulesets" / "samples" / "themes" / THEME
REGIONS = ("", "370811", "370900", "510100")
PATHS = st.fixed_dictionaries({FIRE: st.sampled_from(["general", "commitment"])})


def plan(region: str = REGION) -> ThemePlan:
    return plan_theme(workspace(), THEME, ON, region)


def merged(region: str = REGION) -> MergedForm:
    return merge_theme(workspace(), THEME, ON, region)


def sample(name: str = "all_granted") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


# --- random answers, by declaration --------------------------------------------------------------


@cache
def words(codes: str) -> tuple[str, ...]:
    return workspace().codes(codes, ON).words_on(ON)


def values(name: str, fact: FactDeclaration) -> st.SearchStrategy[Any]:
    """JSON values that fit a declaration; the edges of the rules among them."""
    if fact.type == "boolean":
        return st.booleans()
    if fact.codes and fact.type == "text":
        return st.sampled_from(words(fact.codes))
    if fact.codes:
        return st.lists(st.sampled_from(words(fact.codes)), unique=True)
    if name == "经营场所":
        return st.sampled_from(["济宁市任城区示例路31号", "济宁市任城区示例路13号"])
    match fact.type:
        case "integer":
            return st.sampled_from([n for n in (0, 1, 2, 3, 20, 75, 76) if n <= highest(fact)])
        case "decimal":
            edges = ["0", "0.5", "1.2", "4", "50", "50.01", "100", "120", "120.01", "300.01"]
            return st.sampled_from([edge for edge in edges if float(edge) <= highest(fact)])
        case "date":
            return st.sampled_from(["2021-11-21", "2021-11-22", "2026-11-22"])
        case "list":
            person = {"姓名": "李示例", "证件号码": "11010519491231002X", "专职": True}
            return st.lists(st.just(person), max_size=2)
        case _:
            return st.just("示例")


def highest(fact: FactDeclaration) -> int:
    """The upper end of a range such as "[0..100000]"."""
    return int((fact.range or "[0..100]").rstrip("]").split("..")[1])


def answers() -> st.SearchStrategy[dict[str, Any]]:
    """Some of the questions answered, and what officers add; some left open."""
    facts = {name: values(name, fact) for name, fact in plan().facts.items()}
    return st.fixed_dictionaries({}, optional=facts)


def applications() -> st.SearchStrategy[dict[str, Any]]:
    ids = [material.id for material in merged_materials(plan())]
    return st.fixed_dictionaries(
        {
            "applicant": st.just(sample()["applicant"]),
            "region": st.sampled_from(REGIONS[1:]),
            "facts": st.one_of(answers(), answers().map(lambda facts: sample()["facts"] | facts)),
            "materials": st.lists(st.sampled_from(ids), unique=True).map(
                lambda chosen: {name: {} for name in chosen}
            ),
            "paths": PATHS,
        }
    )


# --- deciding apart ------------------------------------------------------------------------------


def alone(matter: str, application: Mapping[str, Any]) -> dict[str, Any]:
    """What an applicant who answers the same would post for one matter: written without the theme.

    The names are known here by hand: only the sign's place is called otherwise in the theme.
    """
    declared = workspace().matter(matter, ON).facts
    facts = dict(application["facts"])
    if matter == SIGN and "经营场所" in facts:
        facts["设置地点"] = facts["经营场所"]
    own = {
        "business_licence": "business_licence",
        "authorisation": "authorisation",
        "application_form": "registration_form" if matter == SIGN else "application_form",
    }
    handed_in = {}
    for name, paper in application["materials"].items():
        owner, dot, local = name.partition(".")
        if dot and owner == matter:
            handed_in[local] = paper
        elif not dot and not (matter == CHECK and name == "application_form"):
            handed_in[own[name]] = paper
    return {
        "applicant": application["applicant"],
        "region": application["region"],
        "path": application.get("paths", {}).get(matter, "general"),
        "facts": {
            name: value
            for name, value in facts.items()
            if name in declared and declared[name].compute is None
        },
        "materials": handed_in,
    }


def needed(application: Mapping[str, Any]) -> dict[str, bool | None]:
    """Which parts the situation asks for: the theme's rule, written out again."""
    facts, region = application["facts"], application["region"]
    floor = {"370811": 0, "370900": 50, "510100": 300}[region]
    kind, area = facts.get("场所类别"), facts.get("经营面积")
    of_kind = None if kind is None else kind != "后厨或者外卖站"
    is_large = None if area is None else float(area) > floor
    sign, registers = facts.get("设置户外招牌"), region != "370900"
    return {
        CHECK: True,
        FOOD: True,
        FIRE: both(of_kind, is_large),
        SIGN: both(sign, registers),
    }


def both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


@settings(max_examples=80, deadline=None)
@given(applications())
def test_each_part_is_decided_as_if_it_had_been_asked_for_alone(
    application: dict[str, Any],
) -> None:
    decided = decide_theme(workspace(), THEME, application, on=ON)
    assert {part.part: part.applies for part in decided.parts} == needed(application)
    for part in decided.parts:
        assert (part.decision is not None) == (part.applies is True)
        if part.decision is not None:
            by_itself = decide(workspace(), part.part, alone(part.part, application), on=ON)
            assert decision_to_json(part.decision) == decision_to_json(by_itself)


@settings(max_examples=60, deadline=None)
@given(applications())
def test_the_whole_is_granted_only_where_every_needed_part_is(application: dict[str, Any]) -> None:
    decided = decide_theme(workspace(), THEME, application, on=ON)
    outcomes = [part.decision.outcome for part in decided.parts if part.decision is not None]
    is_open = any(part.applies is None for part in decided.parts)
    granted = outcomes.count("准予")
    assert (decided.status == "全部办结") == (granted == len(outcomes) and not is_open)
    assert (decided.status == "部分办结") == (granted > 0 and (granted < len(outcomes) or is_open))
    assert (decided.status in ("办理中", "未办结")) == (granted == 0)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("all_granted", "全部办结"),
        ("fire_commitment", "全部办结"),
        ("fire_refused", "部分办结"),
        ("take_away", "全部办结"),
    ],
)
def test_the_samples_come_out_as_their_names_say(name: str, status: str) -> None:
    assert decide_theme(workspace(), THEME, sample(name), on=ON).status == status


# --- one form ------------------------------------------------------------------------------------


def shown_in_theme(application: dict[str, Any]) -> set[str]:
    """The questions that the merged form shows for these answers, or would once more is known."""
    form = merged(application["region"])
    context = read_answers(form.plan, application).context
    return {
        field.fact
        for step in form.form.steps
        for field in step.fields
        if field.when is None or condition_holds(field.when, context) is not False
    }


def shown_alone(matter: str, application: dict[str, Any]) -> set[str]:
    """The questions that a matter's own form shows for the same answers."""
    form = workspace().form(matter, ON)
    assert form is not None
    posted = parse_application(workspace(), matter, alone(matter, application), ON)
    context = feel_context(workspace(), matter, posted, on=ON)
    return {
        field.fact
        for step in form.steps
        for field in step.fields
        if all(
            when is None or condition_holds(when, context) is not False
            for when in (step.when, field.when)
        )
    }


@settings(max_examples=80, deadline=None)
@given(applications())
def test_the_form_shows_a_question_where_some_needed_part_would_and_nowhere_else(
    application: dict[str, Any],
) -> None:
    expected = {field.fact for field in merged().plan.theme.questions}
    for part, is_needed in needed(application).items():
        if is_needed is not False:
            names = {"设置地点": "经营场所"} if part == SIGN else {}
            shown = shown_alone(part, application)
            expected |= {names.get(fact, fact) for fact in shown}
    assert shown_in_theme(application) == expected


@settings(max_examples=80, deadline=None)
@given(applications())
def test_a_material_is_on_the_list_where_some_needed_part_needs_it_and_nowhere_else(
    application: dict[str, Any],
) -> None:
    decided = decide_theme(workspace(), THEME, application, on=ON)
    listed = {(part, m.id) for m in decided.materials for part in m.parts}
    for part in decided.parts:
        if part.decision is not None:
            needs = {m.id for m in part.decision.materials if m.status != "不需要"}
            found = {
                need.material
                for material in merged_materials(plan(application["region"]))
                for need in material.serves
                if (need.part, material.id) in listed and need.part == part.part
            }
            assert found == needs


def test_every_shared_question_is_asked_once_and_says_whom_it_serves() -> None:
    form = merged()
    asked = [field.fact for step in form.form.steps for field in step.fields]
    assert len(asked) == len(set(asked)) == len(form.fields)
    serves = {field.fact: {served.part for served in field.serves} for field in form.fields}
    assert serves["经营场所"] == {CHECK, FOOD, FIRE, SIGN}
    assert serves["经营面积"] == {FOOD, FIRE}
    assert serves["设置户外招牌"] == set()


def test_each_material_is_asked_once_and_says_whom_it_serves() -> None:
    materials = {m.id: {need.part for need in m.serves} for m in merged_materials(plan())}
    assert materials["business_licence"] == {CHECK, FOOD, FIRE, SIGN}
    assert materials["application_form"] == {FOOD, FIRE, SIGN}
    # A commitment is made for one matter, so its letter is that matter's alone.
    assert materials[f"{FOOD}.commitment_letter"] == {FOOD}
    assert len(materials) == 11


# --- nothing is lost -----------------------------------------------------------------------------


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region or "none")
def test_nothing_that_a_part_needs_is_lost(region: str) -> None:
    proof = theme_coverage(merged(region))
    assert proof.is_proved
    assert proof.diagnostics == ()
    assert sum(claim.checked for claim in proof.claims) > 100


def without(form: MergedForm, fact: str) -> MergedForm:
    """The same form with one question taken out."""
    steps = tuple(
        step.model_copy(update={"fields": tuple(f for f in step.fields if f.fact != fact)})
        for step in form.form.steps
    )
    return replace(form, form=form.form.model_copy(update={"steps": steps}))


def hidden(form: MergedForm, fact: str, when: str) -> MergedForm:
    """The same form with one question under another condition."""
    steps = tuple(
        step.model_copy(
            update={
                "fields": tuple(
                    f.model_copy(update={"when": when}) if f.fact == fact else f
                    for f in step.fields
                )
            }
        )
        for step in form.form.steps
    )
    return replace(form, form=form.form.model_copy(update={"steps": steps}))


@pytest.mark.parametrize("fact", [field.fact for field in merged().fields if field.serves])
def test_a_question_taken_out_is_missed(fact: str) -> None:
    proof = theme_coverage(without(merged(), fact))
    assert not proof.is_proved
    assert {claim.part for claim in proof.claims if claim.lost} == {
        served.part for field in merged().fields if field.fact == fact for served in field.serves
    }


@pytest.mark.parametrize("fact", [field.fact for field in merged().fields if field.serves])
def test_a_question_hidden_behind_another_condition_is_missed(fact: str) -> None:
    proof = theme_coverage(hidden(merged(), fact, f"{FOOD}.座位数 > 3"))
    assert [claim.what for claim in proof.claims if claim.lost] == ["condition"] * len(
        {s.part for f in merged().fields if f.fact == fact for s in f.serves}
    )


def test_one_alternative_of_a_condition_taken_away_is_missed() -> None:
    shared = f"({CHECK}.须办理) or ({FIRE}.须办理)"
    assert not theme_coverage(hidden(merged(), "经营场所", shared)).is_proved


@pytest.mark.parametrize("material", [m.id for m in merged_materials(plan())])
def test_a_material_taken_out_is_missed(material: str) -> None:
    fewer = tuple(m for m in merged().materials if m.id != material)
    proof = theme_coverage(replace(merged(), materials=fewer))
    assert {claim.what for claim in proof.claims if claim.lost} == {"material", "answer"}


# --- what is asked of a theme --------------------------------------------------------------------


def with_theme(**changes: Any) -> Workspace:
    """The shipped workspace with other parts in the theme."""
    text = (ROOT / "rulesets" / "themes" / "open_restaurant.yaml").read_text(encoding="utf-8")
    for old, new in changes.pop("texts"):
        assert old in text
        text = text.replace(old, new)
    return workspace().with_text("rulesets/themes/open_restaurant.yaml", text)


def test_a_part_waits_for_a_prerequisite_that_the_law_names_and_for_nothing_else() -> None:
    edited = with_theme(
        texts=[
            (
                "  - matter: food_business_licence\n",
                "  - matter: food_business_licence\n    after: {part: fire_safety_before_opening}\n",
            )
        ]
    )
    decided = decide_theme(edited, THEME, sample("fire_refused"), on=ON)
    food = decided.part(FOOD)
    assert food.status == "待前置"
    assert "消防安全检查" in food.reason
    assert decided.part(SIGN).status == "办结"
    assert decided.status == "部分办结"
    assert decide_theme(edited, THEME, sample(), on=ON).status == "全部办结"
    # What is not needed is waited for by nobody.
    assert decide_theme(edited, THEME, sample("take_away"), on=ON).status == "全部办结"


def test_nothing_granted_and_nothing_open_is_told_so() -> None:
    edited = with_theme(texts=[("  - matter: business_registration_check\n", "")])
    application = sample("take_away")
    application["facts"]["场所在本辖区内"] = False
    assert decide_theme(edited, THEME, application, on=ON).status == "未办结"


def test_a_theme_with_a_mistake_decides_nothing() -> None:
    edited = with_theme(texts=[("lead: 县级市场监督管理部门\n", "")])
    with pytest.raises(DecisionStopped, match="没有牵头部门"):
        decide_theme(edited, THEME, sample(), on=ON)


def test_an_unknown_theme_and_an_unknown_region_are_said() -> None:
    with pytest.raises(UnknownDefinition, match="open_restaurant"):
        decide_theme(workspace(), "open_restaurants", sample(), on=ON)
    with pytest.raises(UnknownDefinition, match="999999"):
        decide_theme(workspace(), THEME, sample() | {"region": "999999"}, on=ON)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"facts": {"座位": 3}}, "座位数"),
        ({"facts": {"设置地点": "示例路"}}, "设置地点"),  # the theme's name is another
        ({"materials": {"busines_licence": {}}}, "business_licence"),
        ({"paths": {"fire_safety": "general"}}, "fire_safety"),
        ({"commitments": {"nobody": []}}, "nobody"),
        ({"fact": {}}, "facts"),
        ({"facts": []}, None),
        ({"facts": ["座位数"]}, "facts"),
        ({"facts": {"座位数": "六十"}}, "座位数"),
        ({"applicant": "李示例"}, "applicant"),
        ({"paths": {"fire_safety_before_opening": "promise"}}, "办理路径"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_part_knows_is_told_with_the_nearest_name(
    changes: dict[str, Any], said: str | None
) -> None:
    application = sample() | changes
    if said is None:
        decide_theme(workspace(), THEME, application, on=ON)
        return
    with pytest.raises(ApplicationError) as caught:
        decide_theme(workspace(), THEME, application, on=ON)
    shown = " ".join(d.message_zh + d.help_zh for d in caught.value.diagnostics)
    assert said in shown


@pytest.mark.parametrize("data", [None, [], "x", 3], ids=repr)
def test_what_is_no_application_at_all_is_told(data: Any) -> None:
    with pytest.raises(ApplicationError):
        decide_theme(workspace(), THEME, data, on=ON)


def test_materials_may_be_named_by_title_or_listed() -> None:
    by_title = sample()
    titles = {m.id: m.title for m in merged_materials(plan())}
    by_title["materials"] = [titles[name] for name in by_title["materials"]]
    assert decide_theme(workspace(), THEME, by_title, on=ON).status == "全部办结"


def test_one_path_chosen_for_all_is_taken_where_a_matter_has_it() -> None:
    application = sample("fire_commitment")
    del application["paths"]
    application["path"] = "commitment"
    apart = split_theme(plan(), application)
    assert {part: found["path"] for part, found in apart.items()} == {
        CHECK: "general",
        FOOD: "commitment",
        FIRE: "commitment",
        SIGN: "general",
    }


def test_the_situation_alone_says_what_is_needed() -> None:
    found = applicable_parts(plan(), {"facts": {"设置户外招牌": False}})
    assert found == {CHECK: True, FOOD: True, FIRE: None, SIGN: False}


# --- the size of a restaurant, where nobody says which measure prevails (case 22) ---------------


def test_a_table_that_sorts_by_either_measure_is_refused_as_overlapping() -> None:
    text = """matter: restaurant_size
title: 示例
type: 行政许可
level: 县级
organ: 县级市场监督管理部门
basis: {law: 示例法, article: 第一条}
facts:
  经营面积: {type: decimal, unit: m², range: "[0..100000]", scale: 2}
  座位数: {type: integer, unit: 座, range: "[0..100000]"}
tables:
  - id: size
    title: 场所规模
    gives: 场所规模
    basis: {law: 餐饮服务许可审查规范（旧）}
    rows:
      - {经营面积: "<= 150", 座位数: "-", 场所规模: '"小型餐馆"'}
      - {经营面积: "-", 座位数: "<= 75", 场所规模: '"小型餐馆"'}
      - {经营面积: "(150..500]", 座位数: "-", 场所规模: '"中型餐馆"'}
      - {经营面积: "-", 座位数: "(75..250]", 场所规模: '"中型餐馆"'}
"""
    edited = workspace().with_text("rulesets/matters/restaurant_size.yaml", text)
    proof = prove_matter(edited, "restaurant_size", ON, table="size")
    assert "table-overlap" in {finding.diagnostic.code for finding in proof.findings}


# --- names ---------------------------------------------------------------------------------------


def themes() -> Iterator[Theme]:
    for file in workspace().files_of("theme"):
        assert isinstance(file.definition, Theme)
        yield file.definition


def test_every_part_without_a_condition_of_its_own_says_why_it_may_not_be_needed() -> None:
    for theme in themes():
        for part in theme.parts:
            assert (part.when is None) == (part.reason is None), (theme.theme, part.matter)


def test_a_merged_field_is_declared_as_its_first_part_declares_it() -> None:
    form = merged()
    for field in form.fields:
        assert isinstance(field, MergedField)
        for served in field.serves:
            own = form.plan.part(served.part).matter.facts[served.fact]
            assert form.facts[field.fact].type == own.type
            assert form.facts[field.fact].codes == own.codes


def test_the_theme_is_the_same_on_every_day_it_is_in_force() -> None:
    assert merge_theme(workspace(), THEME, date(2026, 12, 1), REGION).form == merged().form
