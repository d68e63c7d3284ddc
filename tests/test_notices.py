"""Notices of a case: each says what it must, in both languages, and none is issued without it."""

import re
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pdf_reading
from engine import Workspace
from engine.papers import (
    Contacts,
    IncompleteNotice,
    NoticeData,
    NoticeItem,
    NoticeKind,
    Opinion,
    Party,
    compose_notice,
    contacts_of,
    letter_html,
    letter_text,
    notice_items,
)
from engine.papers.notice_texts import FORMS, NEEDED
from engine.papers.pdf_pages import paper_pdf
from engine.prose import Language, Words, spoken_day
from shipped import ROOT

KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
REFUSING = [kind for kind in KINDS if FORMS[kind].is_refusal]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
NUMBER = "370811194603010019"
ITEMS = (
    NoticeItem(
        Words("缺少平面图", "the plan is missing"),
        ("《公共场所卫生管理条例》第八条",),
        True,
        Words("提交标注面积的平面图", "hand in a plan with its areas"),
        date(2026, 12, 4),
    ),
    NoticeItem(
        Words("检测报告过期", "the report is too old"),
        ("《公共场所卫生管理条例实施细则》第二十二条",),
        False,
        Words("重新检测", "have it tested again"),
    ),
)
FULL = NoticeData(
    case_number="370811202611220001",
    matter="公共场所卫生许可（新办）",
    organ="任城区行政审批服务局",
    applicant=Party("张𠮷", NUMBER),
    on=date(2026, 11, 22),
    matter_type="行政许可",
    number="任审通〔2026〕12号",
    applied_on=date(2026, 11, 16),
    accepted_on=date(2026, 11, 17),
    decided_on=date(2026, 11, 18),
    effective_on=date(2026, 11, 19),
    items=ITEMS,
    materials=("申请表", "身份证明"),
    basis=("《示例条例》第九条",),
    reason="需要补充检测",
    period="20 working days",
    due=date(2026, 12, 18),
    consequence="视为撤回申请",
    elsewhere="任城区市场监督管理局",
    stage="专家评审",
    approver="本机关负责人",
    licence="公共场所卫生许可证 鲁卫公证字〔2026〕第1号",
    valid_from=date(2026, 11, 19),
    valid_to=date(2030, 11, 18),
    to_organ="任城区公安分局",
    about_number="任审补〔2026〕3号",
    delivered="不予行政许可决定书",
    method="直接送达",
    opinions=(
        Opinion("公安", "同意", True),
        Opinion("住建", "不同意", False, "路线不符"),
        Opinion("交通", "待定"),
    ),
    contacts=Contacts(
        ("综合窗口",),
        "工作日 9:00—17:00",
        "12345",
        "12388",
        "任城区人民政府",
        "任城区人民法院",
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_with_everything_known_every_sentence_is_said(kind: NoticeKind, language: Language) -> None:
    text = letter_text(compose_notice(kind, FULL, language))
    form = FORMS[kind]
    assert form.title.say(language) in text
    for words in (*form.opening, *form.after):
        # What stands before the first brace, or the whole sentence where there is none.
        pieces = [p for p, *_ in Formatter().parse(words.say(language)) if len(p.strip()) > 4]
        assert [p for p in pieces if p not in text] == []
    assert FULL.case_number in text
    assert FULL.matter in text
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_is_numbered_dated_and_signed_unless_it_is_a_form(kind: NoticeKind) -> None:
    letter = compose_notice(kind, FULL)
    assert letter.number == "任审通〔2026〕12号"
    if FORMS[kind].is_form:
        assert (letter.salutation, letter.signature) == ("", ())
    else:
        assert letter.signature == ("任城区行政审批服务局", "2026年11月22日")
        addressed = "任城区公安分局：" if kind == "assistance" else "张𠮷："
        assert letter.salutation == addressed


# --- policy case 64 --------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REFUSING)
def test_what_takes_something_away_gives_reasons_basis_and_appeal(
    kind: NoticeKind, language: Language
) -> None:
    text = letter_text(compose_notice(kind, FULL, language))
    for item in ITEMS:
        assert item.text.say(language) in text
        assert item.basis[0] in text
    assert FULL.contacts.review_body in text
    assert FULL.contacts.court in text
    says = ("六十日内", "行政复议", "六个月内", "行政诉讼")
    if language == "en":
        says = ("within 60 days", "reconsideration", "six months", "sue")
    assert [word for word in says if word not in text] == []


def test_these_kinds_take_something_away() -> None:
    assert set(REFUSING) == {"non_acceptance", "rectification", "revocation", "deemed_withdrawn"}


@pytest.mark.parametrize("kind", REFUSING)
def test_a_reason_without_basis_stops_the_notice(kind: NoticeKind) -> None:
    bare = replace(FULL, basis=(), items=(replace(ITEMS[0], basis=()),), matter_type="行政给付")
    with pytest.raises(IncompleteNotice) as raised:
        compose_notice(kind, bare)
    assert set(raised.value.missing) <= {"basis", "item_basis"}
    assert "依据" in str(raised.value)
    assert "legal basis" in str(raised.value)


BLANK = NoticeData("JN-1", "事项名称", "某局", Party("甲"), date(2026, 11, 22))


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_notice_cannot_do_without_is_named_all_at_once(kind: NoticeKind) -> None:
    if not FORMS[kind].needs:
        return
    with pytest.raises(IncompleteNotice) as raised:
        compose_notice(kind, BLANK)
    assert set(FORMS[kind].needs) <= set(raised.value.missing)
    for name in raised.value.missing:
        assert NEEDED[name].zh in str(raised.value)
        assert NEEDED[name].en in str(raised.value)


def is_told(data: NoticeData, name: str, text: str, language: Language) -> bool:
    value = getattr(data, name)
    if name == "items":  # a receipt says how many
        return all(item.text.say(language) in text for item in value) or str(len(value)) in text
    if name == "opinions":
        return all(opinion.opinion in text for opinion in value)
    if name == "period":
        return ("20个工作日" if language == "zh" else "20 working days") in text
    if isinstance(value, date):
        return spoken_day(value, language) in text
    return (value[0] if name == "basis" else value) in text


@pytest.mark.parametrize("kind", KINDS)
def test_with_only_what_is_needed_nothing_is_half_said(kind: NoticeKind) -> None:
    needed = {name: getattr(FULL, name) for name in FORMS[kind].needs}
    data = replace(BLANK, **needed)
    for language in LANGUAGES:
        text = letter_text(compose_notice(kind, data, language))
        assert [name for name in FORMS[kind].needs if not is_told(data, name, text, language)] == []
        assert data.matter in text
        assert data.case_number in text
        assert "{" not in text
        assert not re.search(r"于(?!\d|我|规)，|（）|自起|至（|by \(that|by to|on \.|“”", text), (
            text
        )


# --- content ---------------------------------------------------------------------------------


def test_every_correction_is_told_with_basis_remedy_and_day() -> None:
    letter = compose_notice("correction", FULL)
    (part,) = [part for part in letter.parts if part.heading == "需要补正的内容"]
    assert [item.text for item in part.items] == ["缺少平面图", "检测报告过期"]
    assert part.items[0].details == (
        ("依据", "《公共场所卫生管理条例》第八条"),
        ("怎么办", "提交标注面积的平面图"),
        ("期限", "2026年12月4日"),
    )
    assert part.items[1].details[0][1].endswith("（待对照原文核实）")
    assert "共 2 项" in letter_text(letter)
    assert "共 2 项" in letter_text(compose_notice("correction_receipt", FULL))


def test_a_provisional_day_is_said_to_be_one() -> None:
    assert "暂定" not in letter_text(compose_notice("extension", FULL))
    data = replace(FULL, is_provisional=True)
    assert "至2026年12月18日（含当日）（暂定" in letter_text(compose_notice("extension", data))
    assert "(provisional" in letter_text(compose_notice("extension", data, "en"))


def test_where_no_basis_is_given_a_licence_rests_on_the_licensing_law() -> None:
    text = letter_text(compose_notice("extension", replace(FULL, basis=())))
    assert "延长依据：《中华人民共和国行政许可法》第四十二条" in text
    other = replace(FULL, basis=(), matter_type="行政给付")
    assert "行政许可法" not in letter_text(compose_notice("acceptance", other))
    with pytest.raises(IncompleteNotice):
        compose_notice("revocation", other)


@pytest.mark.parametrize("kind", KINDS)
def test_citizens_numbers_are_masked_unless_they_must_be_shown(kind: NoticeKind) -> None:
    inside = replace(FULL, items=(replace(ITEMS[0], text=Words(NUMBER, NUMBER)),))
    assert NUMBER not in letter_text(compose_notice(kind, inside))
    shown = letter_text(compose_notice(kind, replace(inside, shows_numbers=True)))
    assert (NUMBER in shown) == (
        kind in ("assistance", "opinions", "delivery_receipt") or bool(FORMS[kind].items.zh)
    )


def test_a_line_cannot_be_forged() -> None:
    data = replace(FULL, applicant=Party("张三\n\n准予许可决定书\x1b[31m"))
    lines = letter_text(compose_notice("non_acceptance", data)).splitlines()
    assert "准予许可决定书" not in [line.strip() for line in lines]
    assert "\x1b" not in "".join(lines)


def test_a_firm_is_addressed_as_one() -> None:
    firm = replace(FULL, applicant=Party("甲公司", "91370811MA3C12345X", is_person=False))
    text = letter_text(compose_notice("acceptance", firm))
    assert "贵单位于2026年11月16日" in text
    assert "91370811MA3C12345X" in letter_text(compose_notice("assistance", firm))


def test_opinions_are_a_table_with_what_became_of_them() -> None:
    (part,) = compose_notice("opinions", FULL).parts
    assert part.table is not None
    assert part.table.columns == ("序号", "单位", "意见", "采纳情况", "说明")
    assert [row[3] for row in part.table.rows] == ["采纳", "未采纳", "待研究"]


def test_contacts_and_lines_come_from_the_definition_and_the_decision() -> None:
    matter = Workspace.load(ROOT).matter("public_venue_hygiene", date(2026, 11, 22))
    assert contacts_of(matter).review_body == matter.guide.review_body
    line = {"kind": "material", "id": "x", "text": {"zh": "甲", "en": "a"}, "basis": ["《法》"]}
    (item,) = notice_items([{**line, "remedy": "补", "is_verified": False}], date(2026, 12, 1))
    assert item == NoticeItem(
        Words("甲", "a"), ("《法》",), False, Words("补", "补"), date(2026, 12, 1)
    )


# --- on paper --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_is_the_same_on_paper_and_on_a_page(kind: NoticeKind) -> None:
    moment = datetime(2026, 11, 22, tzinfo=timezone(timedelta(hours=8)))
    letter = compose_notice(kind, FULL)
    pdf = re.sub(r"\s", "", pdf_reading.text_of(paper_pdf(letter, moment)))
    html = re.sub(r"\s|<[^>]*>", "", letter_html(letter))
    words = re.findall(r"[\w㐀-鿿]{3,}", letter_text(letter))
    headings = {w for w in words if w not in pdf}
    assert headings == set()
    assert {w for w in words if w not in html and w not in html.replace("、", "")} == set()


TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "Cc")), max_size=20)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(LANGUAGES),
    texts=st.fixed_dictionaries(
        {f.name: TEXT for f in fields(NoticeData) if isinstance(getattr(FULL, f.name), str)}
    ),
)
def test_whatever_is_written_in_a_case_makes_a_notice_or_says_what_lacks(
    kind: NoticeKind, language: Language, texts: dict[str, str]
) -> None:
    data = replace(FULL, **texts)  # type: ignore[arg-type]
    silent = {name for name, text in texts.items() if not re.sub(r"\s|[。.]", "", text)}
    lacks = set(FORMS[kind].needs) & silent
    if lacks:
        with pytest.raises(IncompleteNotice) as raised:
            compose_notice(kind, data, language)
        assert set(raised.value.missing) == lacks
    else:
        lines = letter_text(compose_notice(kind, data, language)).splitlines()
        assert [line for line in lines if not re.sub(r"[\u3000\xa0]", "", line).isprintable()] == []
