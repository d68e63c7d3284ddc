"""Guides, letters and the officer's view: complete, safe, and worded as people write."""

import json
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small_workspace
from engine import Workspace, decide
from engine.decision import (
    EXEMPT_LABEL,
    BenefitResult,
    CriterionResult,
    Decision,
    Difference,
    Finding,
    MaterialResult,
    Missing,
    NoticeLine,
    ObligationResult,
    Read,
    Reason,
    Receipt,
    Skip,
    TableResult,
    TimeResult,
)
from engine.definitions import Criterion, MaterialUse, Matter
from engine.definitions.matter import Obligation
from engine.hooks import Applicant
from engine.papers import (
    compose_letter,
    decision_letter,
    guide_text,
    officer_view,
    render_guide,
    render_letter_html,
    service_guide,
    spoken_period,
    spoken_value,
)
from engine.papers import letter_texts as texts
from engine.papers.english import term
from engine.papers.masking import mask_numbers, masked, printable
from engine.papers.wording import cells
from engine.prose import spoken_condition

ROOT = Path(__file__).parent.parent
ON = date(2026, 11, 22)
REGION = "370811"
MATTERS = (
    "public_venue_hygiene", "hr_service_licence", "travel_agency_branch_filing", "old_age_allowance",
)  # fmt: skip
RECEIPT = Receipt("m", "2026-11-22", "0", {}, "", "", "d" * 64, {}, ())
OUTCOME_TITLES = {
    "准予": "准予许可", "不予": "不予许可", "不予受理": "不予受理", "补正": "补正", "待核": "待核",
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.load(ROOT)


# --- decisions of every shape ----------------------------------------------------------------

# What an applicant may type: markup, numbers that are nobody else's business, line breaks.
WORDS = st.one_of(
    st.sampled_from(
        [
            "\x1b[31m甲\n  ✓ 满足",
            "营业面积",
            "理发店",
            "<script>alert(1)</script>",
            "\"&'>",
            "370811194611220024",
            "{name}",
            "甲" * 30,
        ]
    ),
    st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=12),
)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    WORDS,
    DAYS,
    st.decimals(-1000, 1000, places=2),
    st.lists(WORDS, max_size=2),
)
BASES = st.lists(
    st.sampled_from(["《甲法》第一条", "《乙条例》第二条"]), max_size=2, unique=True
).map(tuple)
REASONS = st.builds(Reason, WORDS, WORDS)
EFFECTS = st.sampled_from(["reject", "refuse", "correct", "review", "remind"])
NUMBERS = iter(range(10**9))
IDS = st.builds(lambda: f"id_{next(NUMBERS)}")


def several(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


CRITERIA = st.builds(
    CriterionResult, IDS, WORDS, st.sampled_from(["受理", "审查", "决定"]),
    st.sampled_from(["满足", "不满足", "待核", "不适用"]), EFFECTS,
    several(st.builds(Read, WORDS, VALUES, WORDS, st.sampled_from(["", "m²"]))),
    several(st.builds(Missing, WORDS, WORDS), 1), BASES, st.booleans(), WORDS, st.booleans(),
)  # fmt: skip
MATERIALS = st.builds(
    MaterialResult, IDS, WORDS,
    st.sampled_from(["已提交", "以承诺代替", "容缺后补", "缺少", "不满足", "待核", "不需要"]),
    WORDS, st.just(""), st.booleans(), several(st.builds(Skip, st.just("licence"), REASONS), 1),
    REASONS, BASES, WORDS, st.booleans(),
)  # fmt: skip
EXEMPT = st.builds(
    MaterialResult, IDS, WORDS, st.just("免提交"), WORDS, st.just(EXEMPT_LABEL), st.booleans(),
    st.just(()), REASONS, BASES, st.just(""), st.booleans(),
)  # fmt: skip
FINDINGS = st.builds(
    Finding, st.sampled_from(["entry", "conclusion"]), IDS, WORDS, WORDS, EFFECTS, WORDS,
    several(WORDS, 1), BASES, WORDS, st.booleans(),
)  # fmt: skip
LINES = st.builds(
    NoticeLine, st.sampled_from(["material", "finding", "missing"]), IDS, REASONS, BASES, WORDS,
    st.booleans(),
)  # fmt: skip
TABLES = st.builds(
    TableResult, IDS, WORDS, st.sampled_from([(), (1,), (1, 3)]),
    st.dictionaries(WORDS, VALUES, max_size=2), st.just(("hit", "miss", "unknown")), BASES,
    st.booleans(),
)  # fmt: skip
DUTIES = st.builds(
    ObligationResult, IDS, WORDS, st.sampled_from(["申请人", "审批部门"]), st.none() | DAYS,
    st.booleans(), BASES, st.booleans(),
)  # fmt: skip
BENEFITS = st.builds(BenefitResult, WORDS, VALUES, WORDS, st.none() | DAYS, BASES, st.booleans())


TIMES = [
    ("5 working days", ON, "20 working days", ON, True),
    ("5 working days", None, "20 working days", None, False),
    ("当场", None, "", None, False),
]


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    outcome: Any = draw(st.sampled_from(sorted(OUTCOME_TITLES)))
    criteria = draw(several(CRITERIA, 4))
    findings = draw(several(FINDINGS, 2))
    notice = [
        NoticeLine(
            "criterion",
            c.id,
            Reason(f"不满足：{c.point}", c.point),
            c.basis,
            c.remedy,
            c.is_verified,
        )
        for c in criteria
        if c.status == "不满足"
    ]
    notice += [
        NoticeLine("finding", f.rule, Reason(f.text, f.text), f.basis, f.remedy, f.is_verified)
        for f in findings
    ]
    return Decision(
        matter="m", title=draw(WORDS), on=ON, region="370811",
        applicant=Applicant(draw(WORDS), "公民身份号码", "370811194611220024", "自然人"),
        outcome=outcome, outcome_title=OUTCOME_TITLES[outcome],
        path="general", path_title="一般", path_reason=draw(REASONS), facts=(),
        tables=draw(several(TABLES, 2)), criteria=criteria,
        materials=(*draw(several(MATERIALS)), *draw(several(EXEMPT, 2))), findings=findings,
        notice=(*notice, *draw(several(LINES))), obligations=draw(several(DUTIES, 2)),
        benefits=draw(several(BENEFITS, 1)),
        differences=draw(several(st.builds(Difference, WORDS, VALUES, VALUES, WORDS), 1)),
        unreachable=draw(several(REASONS, 1)), reminders=draw(several(LINES, 1)),
        time=TimeResult(*draw(st.sampled_from(TIMES))),
        receipt=RECEIPT,
    )  # fmt: skip


# --- letters ---------------------------------------------------------------------------------


@settings(max_examples=25)
@given(decisions())
def test_every_line_of_the_notice_is_in_the_letter_once_with_its_way_out(
    decision: Decision,
) -> None:
    letter = compose_letter(decision)
    if decision.outcome == "准予":
        return
    items = [item for part in letter.parts for item in part.items]
    for line in decision.notice:
        matching = [
            item
            for item in items
            if ("依据", "；".join(line.basis)) in [(k, v.split("（")[0]) for k, v in item.details]
            or not line.basis
        ]
        assert any(("怎么办", printable(line.remedy)) in item.details for item in matching)
    headed = [i for p in letter.parts for i in p.items if any(k == "怎么办" for k, _ in i.details)]
    assert len(headed) == len(decision.notice) + len(decision.reminders)


@settings(max_examples=25)
@given(decisions())
def test_a_refusal_tells_of_reconsideration_and_litigation_and_nothing_else_does(
    decision: Decision,
) -> None:
    text = decision_letter(decision)
    is_refusal = decision.outcome in ("不予", "不予受理")
    assert ("六十日内" in text and "行政复议" in text and "行政诉讼" in text) == is_refusal


@pytest.mark.parametrize(("outcome", "effect"), [("不予", "refuse"), ("不予受理", "reject")])
def test_what_decided_comes_first_and_what_else_is_amiss_after_it(
    outcome: Any, effect: str
) -> None:
    criteria = tuple(
        CriterionResult(i, f"要点{i}", "审查", "不满足", e, (), (), (), True, "改正")
        for i, e in (("a", "correct"), ("b", effect))
    )
    notice = tuple(
        NoticeLine("criterion", c.id, Reason("", ""), c.basis, c.remedy) for c in criteria
    )
    letter = compose_letter(plain_decision(outcome, criteria=criteria, notice=notice))
    listed = [(part.heading, [item.text for item in part.items]) for part in letter.parts[:2]]
    assert listed == [
        (f"{outcome}的理由", ["“要点b”这一项不满足"]),
        ("再次申请前还需要补正的内容", ["“要点a”这一项不满足"]),
    ]


@settings(max_examples=25)
@given(decisions(), st.sampled_from(["zh", "en"]))
def test_exempt_materials_carry_the_label_and_no_other_does(
    decision: Decision, language: Any
) -> None:
    count = sum(m.status == "免提交" for m in decision.materials)
    assert decision_letter(decision, language).count(EXEMPT_LABEL) == count
    assert officer_view(decision, language=language).count(EXEMPT_LABEL) == count


@settings(max_examples=25)
@given(decisions(), st.sampled_from(["zh", "en"]))
def test_nobody_s_number_is_written_out_and_no_control_character_gets_through(
    decision: Decision, language: Any
) -> None:
    texts = (
        decision_letter(decision, language),
        render_letter_html(decision, language),
        officer_view(decision, language=language),
    )
    for text in texts:
        assert "370811194611220024" not in text
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert "370811********0024" in texts[2]


@pytest.mark.parametrize(
    ("outcome", "title", "line"),
    [
        ("准予", "准予许可决定书", "决定：准予许可"),
        ("不予", "不予许可决定书", "决定：不予许可"),
        ("不予受理", "不予受理通知书", "决定：不予受理"),
        ("补正", "补正一次性告知书", "需要补正"),
        ("待核", "待核实事项告知书", "这不是不予办理"),
    ],
)
def test_each_outcome_has_its_letter(outcome: Any, title: str, line: str) -> None:
    text = decision_letter(plain_decision(outcome))
    assert text.startswith(f"{title}\n\n赵示例：\n")
    assert line in text
    assert text.endswith("2026年11月22日\n")


def plain_decision(outcome: Any, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "matter": "m", "title": "甲事项", "on": ON, "region": "",
        "applicant": Applicant("赵示例", "公民身份号码", "", "自然人"), "outcome": outcome,
        "outcome_title": OUTCOME_TITLES[outcome], "path": "general", "path_title": "一般",
        "path_reason": Reason("申请人选择一般程序", "chosen"), "facts": (), "tables": (),
        "criteria": (), "materials": (), "findings": (), "notice": (), "obligations": (),
        "benefits": (), "differences": (), "unreachable": (), "reminders": (),
        "time": TimeResult("5 working days", ON, "", None, False),
        "receipt": RECEIPT, **changes,
    }  # fmt: skip
    return Decision(**values)


@pytest.mark.parametrize("outcome", ["准予", "不予", "补正"])
@pytest.mark.parametrize("as_reminder", [False, True])
def test_what_was_found_on_entry_is_told_apart_from_the_reasons(
    outcome: Any, as_reminder: bool
) -> None:
    """By its phase, not its words: the reason given for the path says something else."""
    entry, later = (
        Finding(phase, rule, "", "有不良信用记录", "refuse", "", (), (), "修复信用")  # type: ignore[arg-type]
        for phase, rule in (("entry", "bars"), ("conclusion", "refuses"))
    )
    lines = tuple(
        NoticeLine("finding", f.rule, Reason(f"{f.rule}认定", "x"), f.basis, f.remedy)
        for f in (entry, later)
    )
    reason = Reason("不适用告知承诺：有不良信用记录", "barred")
    decision = plain_decision(
        outcome, findings=(entry, later), path_reason=reason,
        notice=lines[as_reminder:], reminders=lines[:as_reminder],
    )  # fmt: skip
    told = {part.heading: [i.text for i in part.items] for part in compose_letter(decision).parts}
    assert told["关于所选的办理路径"] == ["bars认定"]
    others = [texts for heading, texts in told.items() if "路径" not in heading and texts]
    assert others == ([] if outcome == "准予" else [["refuses认定"]])


def test_a_criterion_left_to_a_person_is_not_called_unmet() -> None:
    criterion = CriterionResult(
        "a", "社保由本机构缴纳", "审查", "不满足", "review", (), (), (), True, "由部门核实"
    )
    line = NoticeLine("criterion", "a", Reason("不满足：社保", "x"), (), "由部门核实")
    text = decision_letter(plain_decision("待核", criteria=(criterion,), notice=(line,)))
    assert "待核实的内容" in text
    assert "“社保由本机构缴纳”这一项须由人工核实" in text
    assert "不满足" not in text


def test_a_filing_is_acknowledged_not_decided() -> None:
    decision = plain_decision("准予", outcome_title="准予备案")
    assert decision_letter(decision).startswith("准予备案通知书")


def test_a_day_in_an_unpublished_year_is_said_to_be_provisional() -> None:
    duty = ObligationResult("a", "复核", "申请人", date(2028, 11, 22), True, ())
    text = decision_letter(plain_decision("准予", obligations=(duty,)))
    assert "您：复核，期限至2028年11月22日（含当日，暂定）" in text
    assert "放假安排尚未公布" in text
    firm = ObligationResult("a", "复核", "申请人", date(2026, 12, 1), False, ())
    firmly = decision_letter(plain_decision("准予", obligations=(firm,)))
    assert "复核，期限至2026年12月1日（含当日）" in firmly
    assert "暂定" not in firmly


def test_the_applicant_is_addressed_as_what_it_is() -> None:
    company = Applicant("甲公司", "统一社会信用代码", "91350100M000100Y43", "企业法人")
    text = decision_letter(plain_decision("准予", applicant=company))
    assert "贵单位于2026年11月22日" in text
    assert "您" not in text


# --- the officer's view ----------------------------------------------------------------------

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@settings(max_examples=25)
@given(decisions(), st.sampled_from(["zh", "en"]))
def test_colour_is_only_added_and_only_when_asked_for(decision: Decision, language: Any) -> None:
    plain = officer_view(decision, language=language)
    assert "\x1b" not in plain
    assert _COLOUR.sub("", officer_view(decision, color=True, language=language)) == plain


@settings(max_examples=25)
@given(decisions())
def test_the_view_says_every_criterion_value_and_basis(decision: Decision) -> None:
    text = officer_view(decision)
    for criterion in decision.criteria:
        assert f"{criterion.stage}｜{printable(criterion.point)}" in text
        for read in criterion.reads:
            value = spoken_value(read.value, read.unit)
            assert printable(f"{read.name} = {value}（{read.source}）") in text


def doubted(decision: Decision) -> list[Any]:
    """What the view shows with a law that was not checked."""
    shown = [m for m in decision.materials if m.status in ("缺少", "不满足", "待核")]
    parts: list[Any] = [*decision.criteria, *shown, *decision.tables, *decision.findings]
    parts += [*decision.benefits, *decision.obligations]
    return [part for part in parts if part.basis and not part.is_verified]


@settings(max_examples=40)
@given(decisions(), st.sampled_from(["zh", "en"]))
def test_the_view_doubts_each_law_that_was_not_checked_and_no_other(
    decision: Decision, language: Any
) -> None:
    text = officer_view(decision, language=language)
    marks = (
        ("未核实）", "未核实的）") if language == "zh" else ("not verified)", "not all verified)")
    )
    assert sum(text.count(mark) for mark in marks) == len(doubted(decision))


@settings(max_examples=40)
@given(decisions(), st.sampled_from(["zh", "en"]))
def test_the_letter_doubts_each_law_that_was_not_checked_and_no_other(
    decision: Decision, language: Any
) -> None:
    letter = compose_letter(decision, language)
    label = "依据" if language == "zh" else "Legal basis"
    doubts = ("对照原文核实）", "对照原文核实的）", "(not yet verified)", "of them verified yet)")
    cited = [t for p in letter.parts for i in p.items for k, t in i.details if k == label]
    entry = {f.rule for f in decision.findings if f.phase == "entry"}
    lines: list[Any] = [*decision.reminders]
    if decision.outcome == "准予":
        lines += [n for n in decision.notice if n.kind == "finding" and n.id in entry]
        lines += [*decision.benefits, *decision.obligations]
    else:
        lines += decision.notice
    stated = [line for line in lines if line.basis]
    assert len(cited) == len(stated)
    is_doubted = [text.endswith(doubts) for text in cited]
    assert sum(is_doubted) == sum(not line.is_verified for line in stated)


@pytest.mark.parametrize("outcome", OUTCOME_TITLES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("due", [date(2026, 12, 31), None])
def test_no_end_is_promised_before_acceptance(outcome: Any, language: Any, due: Any) -> None:
    """行政许可法第42条: the time runs from acceptance."""
    time = TimeResult("5 working days", due, "20 working days", due, False)
    decision = plain_decision(outcome, time=time)
    view, letter = officer_view(decision, language=language), decision_letter(decision, language)
    is_running = due is not None and outcome not in ("补正", "不予受理")
    assert ("2026-12-31" in view) == is_running
    assert ("自受理起算" in view or "from acceptance" in view) != is_running
    named = re.search(r"2026-12-31|12月31日", letter)
    assert (named is not None) == (due is not None and outcome == "待核")
    length = "受理后5个工作日内办结" if language == "zh" else "within 5 working days once"
    assert (length in letter) == (outcome == "补正" or (outcome == "待核" and due is None))


def test_the_end_of_telling_what_to_correct_is_shown() -> None:
    time = TimeResult("", None, "", None, False, "5 working days", date(2026, 11, 27))
    assert "补正告知  5个工作日，至 2026-11-27\n" in officer_view(plain_decision("补正", time=time))


def test_what_is_decided_on_the_spot_is_not_said_to_be_within_it() -> None:
    time = TimeResult("当场", None, "", None, False)
    assert "补齐受理后当场办结。" in decision_letter(plain_decision("补正", time=time))


def test_labels_and_values_stand_in_columns(workspace: Workspace) -> None:
    text = officer_view(approved(workspace, "public_venue_hygiene"))
    labels = ("读取", "依据", "标注", "来源", "说明", "已试", "得出")
    starts = {
        cells(line) - cells(line.split(maxsplit=1)[1])
        for line in text.splitlines()
        if line.startswith("    ") and line.split()[0] in labels
    }
    assert len(starts) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_letter_says_what_was_required_by_the_names_it_gives_the_values_by(
    workspace: Workspace, language: Any
) -> None:
    """What is not met stands beside the rule in words, where that says more than its name."""
    path = ROOT / "rulesets/samples/public_venue_hygiene/to_correct.json"
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    decision = decide(workspace, "public_venue_hygiene", data, on=ON)
    matter = workspace.matter("public_venue_hygiene", ON, decision.region)
    letter = compose_letter(decision, language, matter)
    items = [item for part in letter.parts for item in part.items]
    (area,) = (item for item in items if "平面图标注的面积与申报的营业面积一致" in item.text)
    details = dict(area.details)
    standard = texts.REQUIRED.say(language)
    assert details[standard] == spoken_condition("图示面积 = 营业面积", matter).say(language)
    assert "平面图标注的面积" in details[texts.VALUES_READ.say(language)]
    # A fact that is required as it is says nothing more; nor does a letter without its matter.
    plain = [c.point for c in matter.criteria if c.require in matter.facts]
    silent = [i for i in items if any(point in i.text for point in plain)]
    silent += [i for part in compose_letter(decision, language).parts for i in part.items]
    assert not any(label == standard for item in silent for label, _ in item.details)


def approved(workspace: Workspace, matter: str) -> Decision:
    path = ROOT / "rulesets" / "samples" / matter / "approved.json"
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return decide(workspace, matter, data, on=ON)


ENGINE_WORDS = (
    "申请人填写", "规则计算", "地区参数", "(申请日期)", "(缺少)", "(办理路径)", "电子证照：", "登记系统：",
    "决策表：", "申请人（", "请申请人", "｜", "满足 ", "待核 ",
)  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "rulesets/samples").glob("*/*.json")), ids=str)
def test_the_engine_s_own_words_are_english_in_english(workspace: Workspace, path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    data = {key: value for key, value in data.items() if key not in ("date", "note")}
    decision = decide(workspace, path.parent.name, data, on=ON)
    view, letter = officer_view(decision, language="en"), decision_letter(decision, "en")
    assert [word for word in ENGINE_WORDS if word in view or word in letter] == []
    kinds = {"企业法人": "company", "个体工商户": "sole trader", "自然人": "natural person"}
    assert f" {kinds[decision.applicant.kind]}\n" in view
    # What the definition says stays as it is written.
    assert all(criterion.point in view for criterion in decision.criteria)


# --- HTML ------------------------------------------------------------------------------------

_VOID = {"br"}


class Fragment(HTMLParser):
    """Checks nesting as it goes; collects what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def check(self) -> None:
        names = [tag for tag, _ in self.tags]
        assert not {"script", "style", "iframe", "link", "img", "form"} & set(names)
        for _, attributes in self.tags:
            assert "style" not in attributes
            assert not any(name.startswith("on") for name in attributes)
        levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
        assert levels[0] == 2
        assert all(b - a <= 1 for a, b in pairwise(levels))
        assert names.count("table") == names.count("caption")
        assert all(a.get("scope") in ("col", "row") for tag, a in self.tags if tag == "th")
        ids = [a["id"] for _, a in self.tags if "id" in a]
        assert len(ids) == len(set(ids))


@settings(max_examples=25)
@given(decisions(), st.sampled_from(["zh", "en"]))
def test_a_letter_is_well_formed_and_what_was_typed_stays_text(
    decision: Decision, language: Any
) -> None:
    Fragment(render_letter_html(decision, language)).check()


@pytest.mark.parametrize("matter", MATTERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_guide_is_well_formed(workspace: Workspace, matter: str, language: Any) -> None:
    fragment = Fragment(render_guide(service_guide(workspace, matter, ON, REGION), language))
    fragment.check()
    assert fragment.tags[0][1]["lang"] == ("zh-Hans" if language == "zh" else "en")


# --- the guide -------------------------------------------------------------------------------


@pytest.mark.parametrize("matter_id", MATTERS)
def test_a_guide_says_everything_that_the_definition_says(
    workspace: Workspace, matter_id: str
) -> None:
    matter = workspace.matter(matter_id, ON, REGION)
    text = guide_text(service_guide(workspace, matter_id, ON, REGION))
    said = [c.point for c in matter.criteria] + [c.remedy or "" for c in matter.criteria]
    said += [m.title or "" for m in matter.materials] + [str(b) for b in matter.basis]
    said += [b.quote or "" for b in matter.basis] + [*matter.guide.notes, *matter.guide.faq]
    said += [mistake for m in matter.materials for mistake in m.mistakes or ()]
    said += [path.duty or "" for path in matter.paths.values()]
    said += [duty.title for duty in matter.obligations]
    for words in said:
        assert words in text
    assert text.count(EXEMPT_LABEL) == sum(bool(m.satisfied_by) for m in matter.materials)


@pytest.mark.parametrize("matter_id", MATTERS)
def test_the_sections_that_the_standard_asks_for_are_there(
    workspace: Workspace, matter_id: str
) -> None:
    guide = service_guide(workspace, matter_id, ON, REGION)
    found = [section.id for section in guide.sections]
    wanted = ["basis", "conditions", "materials", "mistakes", "process", "time", "fee", "result"]
    wanted += ["review", "notes", "contact", "appeal"]
    assert [s for s in found if s in wanted] == wanted


def chosen_words() -> set[str]:
    """Every Chinese word that a matter or a material chooses from a closed list."""
    found: set[str] = set()
    for model in (Matter, MaterialUse, Obligation, Criterion):
        for field in model.model_fields.values():
            options = [field.annotation, *get_args(field.annotation)]
            found |= {w for o in options if get_origin(o) is Literal for w in get_args(o)}
    return {word for word in found if not word.isascii()}


def test_what_a_definition_chooses_from_a_closed_list_is_english_in_english() -> None:
    assert {
        "行政许可",
        "县级",
        "承诺件",
        "受理",
        "申请人自备",
        "纸质或电子",
        "审批部门",
    } <= chosen_words()
    untold = [word for word in chosen_words() if not term(word).en.isascii()]
    assert untold == []


@pytest.mark.parametrize("matter_id", MATTERS)
def test_the_english_guide_says_in_english_what_is_not_the_definition_s(
    workspace: Workspace, matter_id: str
) -> None:
    text = guide_text(service_guide(workspace, matter_id, ON, REGION), "en")
    labelled = dict(re.findall(r"^[- ]+(Type|Level|Kind of handling|Stage): (.*)$", text, re.M))
    assert len(labelled) == 4
    assert all(words.isascii() for words in labelled.values())
    assert not re.search(r"\b1 copies|起颁发的|自决定之日起|^- (申请人|审批部门)：", text, re.M)


def test_a_table_s_figures_carry_their_unit(workspace: Workspace) -> None:
    section = service_guide(workspace, "public_venue_hygiene", ON, REGION).section("tables")
    areas: Any = section.blocks[0]
    assert [row[-1].zh.split()[-1] for row in areas.rows] == ["m²"] * len(areas.rows)


def test_a_guide_marks_what_was_not_verified_and_shows_the_region_s_figures(
    workspace: Workspace,
) -> None:
    matter = workspace.matter("public_venue_hygiene", ON, REGION)
    text = guide_text(service_guide(workspace, "public_venue_hygiene", ON, REGION))
    for basis in matter.basis:
        assert (f"{basis}（未核实）" in text) != basis.verified
    for parameter in matter.parameters.values():
        if isinstance(parameter.value, Decimal):
            assert spoken_value(parameter.value, parameter.unit or "") in text


def test_the_exemption_is_promised_only_where_the_licence_is_issued(tmp_path: Path) -> None:
    small = small_workspace.make(tmp_path)
    label = f"{EXEMPT_LABEL}（执照，2020-01-01 起颁发的）"
    for region, is_covered in (("370811", True), ("370800", True), ("", True), ("510000", False)):
        text = guide_text(service_guide(small, "sample", ON, region))
        assert (label in text) == is_covered, region


def test_the_same_guide_is_the_same_bytes(workspace: Workspace) -> None:
    again = Workspace(ROOT, workspace.files.values(), workspace.settings)
    for matter in MATTERS:
        first = render_guide(service_guide(workspace, matter, ON, REGION))
        assert first == render_guide(service_guide(again, matter, ON, REGION))


# --- wording ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (None, "m²", "未提供", "not given"),
        (True, "", "是", "yes"),
        (Decimal("12.50"), "m²", "12.5 m²", "12.5 m²"),
        (Decimal("1E+2"), "元", "100 元", "100 yuan"),
        (Decimal(3), "个", "3 个", "3"),
        (Decimal("100"), "", "100", "100"),
        (date(2026, 1, 5), "", "2026年1月5日", "2026-01-05"),
        (["空气", "水质"], "", "空气、水质", "空气; 水质"),
        ([], "", "无", "none"),
        ({"姓名": "甲", "持证": True}, "", "姓名：甲，持证：是", "姓名: 甲, 持证: yes"),
        ("", "", "（空）", "(empty)"),
    ],
)
def test_values_are_written_as_people_write_them(
    value: object, unit: str, zh: str, en: str
) -> None:
    assert spoken_value(value, unit) == zh
    assert spoken_value(value, unit, "en") == en


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_number_in_words_is_the_same_number(value: Decimal) -> None:
    text = spoken_value(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert text == "0" or not text.rstrip("0").endswith(".")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("20 working days", "20个工作日", "20 working days"),
        ("30 calendar days", "30日", "30 days"),
        ("4 years", "4年", "4 years"),
        ("当场", "当场", "on the spot"),
        ("即办", "即办", "at once"),
    ],
)
def test_periods(text: str, zh: str, en: str) -> None:
    assert (spoken_period(text), spoken_period(text, "en")) == (zh, en)


@given(st.text(min_size=1, max_size=40))
def test_of_a_sensitive_text_at_most_its_ends_are_kept(text: str) -> None:
    shown = masked(text)
    assert isinstance(shown, str)
    assert len(shown) == len(text)
    if len(text) < 12:
        assert set(shown) == {"*"}
    else:
        assert shown == text[:4] + "*" * (len(text) - 8) + text[-4:]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (date(1946, 11, 22), "****"),
        (Decimal("12.5"), "****"),
        (True, "****"),
        (["张示例", "6217000000000000001"], ["***", "6217***********0001"]),
        ({"姓名": "张示例", "龄": Decimal(3)}, {"姓名": "***", "龄": "****"}),
    ],
)
def test_sensitive_values_of_every_type_are_masked(value: object, shown: object) -> None:
    assert masked(value) == shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sensitive_fact_is_written_out_nowhere(workspace: Workspace, language: Any) -> None:
    """Not where it was read, nor where a finding, a notice line or a difference repeats it."""
    account, card = "6217000000000000001", "6217000000000000002"
    read = Read("收款账号", account, "申请人填写", is_sensitive=True)
    criterion = CriterionResult(
        "a", "账号", "审查", "不满足", "correct", (read,), (), (), True, "更正"
    )
    finding = Finding(
        "conclusion", "r", "", "账号不符", "correct", "", (f"事实：文字={account}",), (), "更正"
    )
    said = Reason(f"所填为“{account}”，登记为“{card}”", f"{account} is not {card}")
    line = NoticeLine("finding", "r", said, (), "更正")
    decision = plain_decision(
        "补正", facts=(read,), criteria=(criterion,), findings=(finding,),
        notice=(line, NoticeLine("criterion", "a", said, (), "更正")),
        differences=(Difference("收款账号", account, card, "登记系统：社保"),),
    )  # fmt: skip
    view, letter = officer_view(decision, language=language), decision_letter(decision, language)
    for text in (view, letter):
        assert account not in text
        assert card not in text
        assert "6217***********0001" in text
        assert "6217***********0002" in text


def test_a_sensitive_day_is_masked_in_the_line_that_repeats_it() -> None:
    born = date(1946, 11, 22)
    read = Read("出生日期", born, "申请人填写", is_sensitive=True)
    said = Reason(f"所填为“{born}”，登记为“1946-11-23”", "x")
    decision = plain_decision(
        "补正", facts=(read,), notice=(NoticeLine("finding", "r", said, (), ""),),
        differences=(Difference("出生日期", born, date(1946, 11, 23), "登记系统：户籍"),),
    )  # fmt: skip
    text = officer_view(decision) + decision_letter(decision)
    assert not re.search("1946", text)
    assert "所填为“****”，登记为“****”" in text


def test_a_citizen_s_number_that_ships_as_sensitive_is_masked(workspace: Workspace) -> None:
    facts = workspace.matter("public_venue_hygiene", ON, REGION).facts
    sensitive = {name for name, fact in facts.items() if fact.sensitive}
    decision = approved(workspace, "public_venue_hygiene")
    values = [read.value for read in decision.facts if read.name in sensitive and read.value]
    assert values
    text = officer_view(decision) + decision_letter(decision)
    assert not [value for value in values if str(value) in text]


def test_only_citizen_numbers_are_masked() -> None:
    assert mask_numbers("证件11010519491231002X，电话12345") == "证件110105********002X，电话12345"
    for kept in ("91350100M000100Y43", "110105194912310021234", "110105194913310021", "12345678"):
        assert mask_numbers(kept) == kept
