"""Decisions: what holds of every one of them, on the matters that ship."""

import json
import random
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import (
    EXEMPT_LABEL,
    ApplicationError,
    Decision,
    Question,
    Source,
    SourceStopped,
    decide,
    decision_to_json,
    parse_application,
    replay,
)
from shipped import MATTERS, ON, sample, samples, workspace

CONTRACT = ("outcome", "path", "criteria", "materials", "notice", "obligations", "receipt")
slow_machine = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def decided(matter: str, data: dict[str, Any], **options: Any) -> Decision:
    return decide(workspace(), matter, data, on=ON, **options)


@pytest.mark.parametrize("matter", MATTERS)
def test_the_approved_sample_of_each_matter_is_approved(matter: str) -> None:
    decision = decided(matter, sample(matter))
    assert decision.outcome == "准予"
    assert not decision.notice
    assert not any(
        c.status in ("不满足", "待核") and c.effect != "remind" for c in decision.criteria
    )


@pytest.mark.parametrize("matter", MATTERS)
def test_the_json_has_what_the_contract_names(matter: str) -> None:
    plain = decision_to_json(decided(matter, sample(matter)))
    assert set(CONTRACT) <= set(plain)
    assert {"id", "status", "reads", "basis", "remedy"} <= set(plain["criteria"][0])
    assert {"id", "status", "source", "label"} <= set(plain["materials"][0])
    json.dumps(plain, ensure_ascii=False, allow_nan=False)


@pytest.mark.parametrize("matter", MATTERS)
def test_everything_is_evaluated_however_much_fails(matter: str) -> None:
    """一次性告知: an empty application is told of everything at once."""
    definition = workspace().matter(matter, ON)
    decision = decided(matter, {})
    assert [c.id for c in decision.criteria] == [c.id for c in definition.criteria]
    assert [m.id for m in decision.materials] == [m.key for m in definition.materials]
    told = {line.id for line in decision.notice if line.kind == "material"}
    settled = ("免提交", "已提交", "以承诺代替", "容缺后补", "不需要")
    assert told == {m.id for m in decision.materials if m.status not in settled}
    assert told


@slow_machine
@given(st.sampled_from(samples()), st.randoms(use_true_random=False))
def test_missing_facts_never_refuse_and_never_approve(
    shipped: tuple[str, Path], rng: random.Random
) -> None:
    """Dropping what is known may only make things 待核 (DESIGN, three values).

    Nothing fails that did not, and a refusal or an approval was there before. Materials may be asked
    for again (a number that found a licence is gone), so 补正 may appear.
    """
    matter, path = shipped
    whole = sample(matter, path.stem)
    kept = {name: value for name, value in whole["facts"].items() if rng.random() < 0.6}
    before, after = decided(matter, whole), decided(matter, {**whole, "facts": kept})
    assert failing(after) <= failing(before)
    if after.outcome in ("准予", "不予", "不予受理"):
        # What kept it from being accepted may be unknown now; what refuses it stays.
        allowed = {"不予", "不予受理"} if after.outcome == "不予" else {after.outcome}
        assert before.outcome in allowed
    pending = [c for c in after.criteria if c.status == "待核" and c.effect != "remind"]
    if pending:
        assert after.outcome != "准予"
        told = {line.id for line in after.notice if line.kind == "missing"}
        assert {m.name for c in pending for m in c.missing} <= told
        assert all(m.given_by for c in pending for m in c.missing)


def failing(decision: Decision) -> set[str]:
    return {criterion.id for criterion in decision.criteria if criterion.status == "不满足"}


@slow_machine
@given(st.sampled_from(MATTERS), st.randoms(use_true_random=False))
def test_the_order_of_what_is_posted_changes_nothing(matter: str, rng: random.Random) -> None:
    data = sample(matter)
    facts = list(data["facts"].items())
    rng.shuffle(facts)
    shuffled = {**data, "facts": dict(facts)}
    first, second = decided(matter, data), decided(matter, shuffled)
    assert decision_to_json(first) == decision_to_json(second)


@pytest.mark.parametrize(("matter", "path"), samples(), ids=lambda v: getattr(v, "stem", v))
def test_replay_agrees_to_the_byte_and_offline(matter: str, path: Any) -> None:
    decision = decided(matter, sample(matter, path.stem))
    written = json.dumps(decision_to_json(decision), ensure_ascii=False)
    again = replay(workspace(), json.loads(written))
    assert (again.agrees, again.changed, again.tampered) == (True, (), ())
    assert json.dumps(decision_to_json(again.decision), ensure_ascii=False) == written


def test_replay_says_what_was_tampered_with() -> None:
    data = decision_to_json(decided("public_venue_hygiene", sample("public_venue_hygiene")))
    data["receipt"]["application"]["facts"]["营业面积"] = "9999"
    again = replay(workspace(), data)
    assert again.tampered == ("application", "receipt")
    assert not again.agrees


@pytest.mark.parametrize(
    ("old", "new", "agrees"),
    [
        # Another text, and so another digest, that says the same.
        ("matter: public_venue_hygiene\n", "matter: public_venue_hygiene\n# 一处注释\n", True),
        ("require: 营业面积 >= 最低面积", "require: 营业面积 > 最低面积 + 1000", False),
    ],
)
def test_replay_names_a_changed_definition_and_whether_it_changes_the_decision(
    old: str, new: str, agrees: bool
) -> None:
    file = workspace().file("matter", "public_venue_hygiene", ON)
    assert file.whole is not None
    assert file.whole.text.count(old) == 1
    changed = workspace().with_text(file.file, file.whole.text.replace(old, new))
    before = decided("public_venue_hygiene", sample("public_venue_hygiene"))
    again = replay(changed, decision_to_json(before))
    assert again.changed == ("matter:public_venue_hygiene",)
    assert again.tampered == ()
    assert again.agrees is agrees
    assert (again.decision.outcome == before.outcome) is agrees


@pytest.mark.parametrize(
    "bad",
    [[], {}, {"receipt": {}}, {"receipt": []}, "x", None, {"receipt": {"matter": 1}}],
    ids=repr,
)
def test_what_is_no_receipt_is_refused_with_words(bad: Any) -> None:
    with pytest.raises(ValueError, match="receipt"):
        replay(workspace(), bad)


# --- registers -------------------------------------------------------------------------------


def silent(question: Question) -> list[Any]:
    raise ConnectionError("out of order")


def hanging(question: Question) -> list[Any]:
    time.sleep(30)
    return []


def babbling(question: Question) -> list[Any]:
    return [{"type": "business_licence"}]


@pytest.mark.parametrize("ask", [silent, hanging, babbling])
@pytest.mark.parametrize("matter", MATTERS)
def test_a_register_out_of_order_gives_pending_never_a_failure(matter: str, ask: Any) -> None:
    broken = [
        Source("library", "证照库", "licences", ask, 0.2),
        Source("credit", "信用系统", "credit", ask, 0.2),
        Source("facts", "人口库", "facts", ask, 0.2),
    ]
    whole = decided(matter, sample(matter))
    decision = decided(matter, sample(matter), sources=broken)
    failed = {c.id for c in decision.criteria if c.status == "不满足"}
    assert failed <= {c.id for c in whole.criteria if c.status == "不满足"}
    assert decision.unreachable
    exempt = {m.id for m in whole.materials if m.status == "免提交"}
    now = {m.id: m.status for m in decision.materials}
    assert {now[identity] for identity in exempt} <= {"待核", "已提交"}
    assert decision.outcome in ("准予", "待核", "补正")


def test_a_register_that_must_answer_stops_the_decision() -> None:
    broken = [Source("library", "证照库", "licences", silent, 0.2, on_failure="stop")]
    with pytest.raises(SourceStopped, match="证照库"):
        decided("public_venue_hygiene", sample("public_venue_hygiene"), sources=broken)


@pytest.mark.parametrize("matter", MATTERS)
def test_exempt_materials_show_exactly_the_label(matter: str) -> None:
    decision = decided(matter, sample(matter))
    for material in decision.materials:
        assert material.label == (EXEMPT_LABEL if material.status == "免提交" else "")
    assert EXEMPT_LABEL == "已关联电子证照证明，可免提交"


def test_a_difference_with_a_register_is_shown_and_nothing_overwritten() -> None:
    """Policy case 17."""
    data = sample("public_venue_hygiene")
    data["facts"]["经营场所"] = "别处 9 号"
    decision = decided("public_venue_hygiene", data)
    (difference,) = decision.differences
    assert difference.name == "经营场所"
    assert difference.stated == "别处 9 号"
    assert next(r.value for r in decision.facts if r.name == "经营场所") == "别处 9 号"
    assert decision.outcome == "补正"
    assert any("变更" in line.remedy for line in decision.notice)


# --- hostile input ---------------------------------------------------------------------------

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.sampled_from(["１２", "1e9", "2026-02-30", "理发", "370811199002290011", "\x00", "-0"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_application_is_decided_or_refused_with_diagnostics(data: st.DataObject) -> None:
    matter = data.draw(st.sampled_from(MATTERS))
    posted: Any = sample(matter)
    names = list(workspace().matter(matter, ON).facts)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from(["facts", "applicant", "materials", "top", "all"]))
        value = data.draw(json_values)
        if place == "all":
            posted = value
        elif isinstance(posted, dict):
            if place == "top":
                posted[data.draw(st.sampled_from(["facts", "path", "region", "x"]))] = value
            elif isinstance(posted.get(place), dict):
                posted[place][data.draw(st.sampled_from([*names, "证照", "id_number"]))] = value
    assert _outcome_or_diagnostics(matter, posted)


def _outcome_or_diagnostics(matter: str, posted: Any) -> object:
    try:
        return decided(matter, posted).outcome
    except ApplicationError as error:
        return [d for d in error.diagnostics if d.message_zh and d.message_en]


@pytest.mark.parametrize(
    ("name", "value", "code", "hint"),
    [
        ("营业面积", "１２", "application-full-width", "12"),
        ("营业面积", "1e3", "application-value", ""),
        ("营业面积", -5, "application-value", ""),
        ("营业面积", True, "application-value", ""),
        ("检测报告日期", "2026-02-30", "application-date", ""),
        ("检测报告日期", "2026/2/3", "application-value", ""),
        ("负责人证件号码", "370811199002290011", "application-identifier", ""),
        ("场所类型", "理法", "application-value", ""),
        ("营业面级", 1, "application-unknown-fact", "营业面积"),
        ("最低面积", 1, "application-unknown-fact", ""),
    ],
)
def test_a_value_that_does_not_fit_has_its_diagnostic(
    name: str, value: object, code: str, hint: str
) -> None:
    data = sample("public_venue_hygiene")
    data["facts"][name] = value
    with pytest.raises(ApplicationError) as raised:
        parse_application(workspace(), "public_venue_hygiene", data, ON)
    (found,) = raised.value.diagnostics
    assert found.code == code
    assert name in found.message_zh
    assert hint in found.help_zh


def test_the_day_of_the_application_picks_the_version_in_force() -> None:
    """From 2025-01-20 a library is filed and no longer licensed (国务院令第797号)."""
    data = sample("public_venue_hygiene")
    data["facts"] |= {"场所类型": "图书馆", "使用集中空调": False, "检测报告日期": "2024-12-01"}
    data["facts"]["检测项目"] = ["空气", "采光照明", "噪音", "用具"]
    last, first = (
        decide(workspace(), "public_venue_hygiene", data, on=day)
        for day in (date(2025, 1, 19), date(2025, 1, 20))
    )
    assert (last.outcome, first.outcome) == ("准予", "不予受理")
    assert failing(first) - failing(last) == {"filing_instead"}
    digests = [d.receipt.definitions["matter:public_venue_hygiene"] for d in (last, first)]
    assert digests[0] != digests[1]
