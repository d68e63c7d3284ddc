"""Identifiers by their standards: the published vectors, and every single mistake detected."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.hooks import IdentifierCheck, create_plugin_manager, identify
from plugins.identity import (
    CREDIT_CODE_ALPHABET,
    DIGITS_AND_LETTERS,
    KINDS,
    citizen_check,
    credit_code_check,
    hybrid_check,
    organisation_code_check,
)

ON = date(2026, 11, 22)
MANAGER = create_plugin_manager()
ROOT = "1.2.156.3005.2."
# Published identifiers of 住房城乡建设, 浙江 and 济宁 licences.
LICENCE_IDENTIFIERS = [
    f"{ROOT}11100000000013338W011.11110000000021135M.20230329701.003.Y",
    f"{ROOT}11100000000013338W009.11330105002500287C.2025052201.002.0",
    f"{ROOT}11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
]


def check(kind: str, value: str, on: date = ON) -> IdentifierCheck:
    """Through the hook, as the engine asks."""
    verdict = identify(MANAGER, kind, value, on)
    assert verdict is not None
    assert verdict.kind == kind
    return verdict


# --- vectors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("公民身份号码", "11010519491231002X"),
        ("公民身份号码", "440524188001010014"),
        ("公民身份号码", "370811194603010019"),
        ("公民身份号码", "370811194611220024"),
        ("公民身份号码", "370811200811220019"),
        ("公民身份号码", "370811201011230037"),
        ("统一社会信用代码", "91350100M000100Y43"),
        ("统一社会信用代码", "11100000000013338W"),
        ("统一社会信用代码", "11450000007565194H"),
        ("统一社会信用代码", "12441500196720244T"),
        ("组织机构代码", "D2143569X"),
        ("组织机构代码", "M000100Y4"),
        ("食品经营许可证编号", "JY11108071215650"),
        ("食品经营许可证编号", "JY11105050876919"),
        ("手机号码", "13800000000"),
        *(("电子证照标识", identifier) for identifier in LICENCE_IDENTIFIERS),
    ],
)
def test_published_number_is_valid(kind: str, value: str) -> None:
    verdict = check(kind, value)
    assert (verdict.status, verdict.value, verdict.message_zh) == ("valid", value, "")


def test_the_second_published_licence_check_holds_for_the_parts_that_are_known() -> None:
    """The type code of `….11430000006122244L.20230000403.002.S` is elided: some code must fit."""
    rest = "11430000006122244L20230000403002"
    fits = [
        number
        for number in range(1000)
        if hybrid_check(f"11100000000013338W{number:03}{rest}", DIGITS_AND_LETTERS) == "S"
    ]
    assert fits


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ["", "  ", "，", "x" * 121, "９" * 10_000, "\x00", "²²²", "١٢٣"])
def test_anything_else_is_refused_or_warned_of_in_both_languages(kind: str, value: str) -> None:
    verdict = check(kind, value)
    assert verdict.status != "valid"
    assert verdict.message_zh
    assert verdict.message_en


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40), st.dates())
def test_no_text_raises(kind: str, value: str, on: date) -> None:
    assert check(kind, value, on).status in ("valid", "invalid", "warning")


# --- citizens ---------------------------------------------------------------------------------


def test_policy_case_11_checksum_fits_and_the_day_does_not_exist() -> None:
    verdict = check("公民身份号码", "370811199002290011")
    assert verdict.status == "invalid"
    assert "出生日期非法" in verdict.message_zh
    assert "校验位" not in verdict.message_zh
    assert verdict.details == {}


def test_what_a_citizen_number_tells() -> None:
    details = check("公民身份号码", "11010519491231002x").details
    assert details == {
        "行政区划": "110105",
        "性别": "女",
        "出生日期": date(1949, 12, 31),
    }
    assert check("公民身份号码", "370811194603010019").details["性别"] == "男"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("110105491231002", "15 位"),
        ("11010519491231002", "18 位"),
        ("1101051949123100X2", "应是数字"),
        ("110105194912310021", "校验位"),
        ("990105194912310026", "省级行政区划"),
        ("370811202611230015", "晚于"),
    ],
)
def test_citizen_number_is_refused_with_its_reason(value: str, expected: str) -> None:
    verdict = check("公民身份号码", value)
    assert verdict.status == "invalid"
    assert expected in verdict.message_zh


def test_the_right_check_digit_of_a_citizen_is_never_told() -> None:
    verdict = check("公民身份号码", "110105194912310021")
    assert "X" not in verdict.message_zh + verdict.message_en


def test_age_limits_are_exact() -> None:
    number = "110105187611220010"
    number = number[:17] + citizen_check(number[:17])
    assert check("公民身份号码", number, date(2026, 11, 22)).status == "valid"
    assert "超过 150 年" in check("公民身份号码", number, date(2026, 11, 23)).message_zh
    assert check("公民身份号码", number, date(1876, 11, 22)).status == "valid"
    assert check("公民身份号码", number, date(1876, 11, 21)).status == "invalid"


def test_full_width_and_spaced_numbers_are_normalised_with_a_note() -> None:
    verdict = check("公民身份号码", "　１１０１０５ 19491231 002ｘ ")
    assert (verdict.status, verdict.value) == ("valid", "11010519491231002X")
    assert "全角" in verdict.message_zh
    assert "half-width" in verdict.message_en


# Birth dates up to the day asked about; the sequence decides the sex.
citizens = st.builds(
    lambda area, birth, order: f"{area}{birth:%Y%m%d}{order:03}",
    st.sampled_from(["110105", "370811", "440524"]),
    st.dates(date(1900, 1, 1), ON),
    st.integers(0, 999),
).map(lambda body: body + citizen_check(body))


@settings(max_examples=200, deadline=None)
@given(citizens, st.integers(0, 17), st.integers(1, 9))
def test_one_changed_digit_of_a_citizen_number_is_always_noticed(
    number: str, place: int, step: int
) -> None:
    assert check("公民身份号码", number).status == "valid"
    old = number[place]
    new = "0" if old == "X" else str((int(old) + step) % 10)
    assert check("公民身份号码", number[:place] + new + number[place + 1 :]).status == "invalid"


@settings(max_examples=200, deadline=None)
@given(citizens, st.integers(0, 16))
def test_two_neighbours_swapped_in_a_citizen_number_are_always_noticed(
    number: str, place: int
) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert check("公民身份号码", swapped).status == "invalid"


# --- organisations ----------------------------------------------------------------------------


def test_policy_case_13_the_check_character_should_be_3() -> None:
    verdict = check("统一社会信用代码", "91350100M000100Y4Z")
    assert verdict.status == "invalid"
    assert "校验位应为 3" in verdict.message_zh
    assert "should be 3" in verdict.message_en


@pytest.mark.parametrize(
    ("value", "place", "hint"),
    [
        ("9135O100M000100Y43", "第 5 位“O”", "是否为数字 0？"),
        ("9I350100M000100Y43", "第 2 位“I”", "是否为数字 1？"),
        ("91350100M000100S43", "第 16 位“S”", "是否为数字 5？"),
        ("91350100M000Z00Y43", "第 13 位“Z”", "是否为数字 2？"),
        ("91350100M000V00Y43", "第 13 位“V”", "I、O、S、V、Z"),
    ],
)
def test_policy_case_14_illegal_letter_is_named_with_its_place(
    value: str, place: str, hint: str
) -> None:
    message = check("统一社会信用代码", value).message_zh
    assert place in message
    assert hint in message


def test_every_illegal_letter_is_named_not_only_the_first() -> None:
    message = check("统一社会信用代码", "9135O1O0M000100Y43").message_zh
    assert "第 5 位" in message
    assert "第 7 位" in message


def test_what_a_credit_code_tells() -> None:
    assert check("统一社会信用代码", "91350100m000100y43").details == {
        "行政区划": "350100",
        "组织机构代码": "M000100Y4",
        "主体类型": "企业",
    }


@pytest.mark.parametrize("value", ["91350100M000100Y4", "91350100M000100Y433"])
def test_credit_code_of_another_length_says_how_many(value: str) -> None:
    assert f"填写了 {len(value)} 位" in check("统一社会信用代码", value).message_zh


def test_the_region_of_a_credit_code_is_digits() -> None:
    body = "91A50100M000100Y4"
    assert "行政区划" in check("统一社会信用代码", body + credit_code_check(body)).message_zh


letters = st.sampled_from(CREDIT_CODE_ALPHABET)
credit_codes = st.builds(
    lambda head, area, tail: f"{head}{area:06}{tail}",
    st.sampled_from(["91", "92", "93", "11", "12", "51"]),
    st.integers(110000, 659999),
    st.text(letters, min_size=9, max_size=9),
).map(lambda body: body + credit_code_check(body))


@settings(max_examples=200, deadline=None)
@given(credit_codes, st.integers(0, 17), letters)
def test_one_changed_character_of_a_credit_code_is_always_noticed(
    code: str, place: int, new: str
) -> None:
    assert check("统一社会信用代码", code).status == "valid"
    assume(new != code[place])
    changed = code[:place] + new + code[place + 1 :]
    assert check("统一社会信用代码", changed).status == "invalid"


def test_the_credit_code_weights_are_those_of_the_standard() -> None:
    """GB 32100 prints W = 3^(i-1) mod 31: one 1 at each place gives 31 - W."""
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    for place, weight in enumerate(weights):
        body = "0" * place + "1" + "0" * (16 - place)
        assert CREDIT_CODE_ALPHABET.index(credit_code_check(body)) == (31 - weight) % 31


def test_organisation_code_is_read_with_or_without_its_hyphen() -> None:
    assert check("组织机构代码", "D2143569-X").value == "D2143569X"
    assert "校验位应为 X" in check("组织机构代码", "D21435691").message_zh


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("0123456789"), min_size=8, max_size=8),
    st.integers(0, 7),
    st.integers(1, 9),
)
def test_one_changed_digit_of_an_organisation_code_is_always_noticed(
    body: str, place: int, step: int
) -> None:
    code = body + organisation_code_check(body)
    changed = body[:place] + str((int(body[place]) + step) % 10) + body[place + 1 :]
    assert check("组织机构代码", code).status == "valid"
    assert check("组织机构代码", changed + code[8]).status == "invalid"


# --- licences and the rest --------------------------------------------------------------------


def test_policy_case_8_a_failing_licence_identifier_warns_and_names_both() -> None:
    verdict = check("电子证照标识", LICENCE_IDENTIFIERS[0][:-1] + "M")
    assert verdict.status == "warning"
    assert "校验位应为 Y，填报为 M" in verdict.message_zh
    assert verdict.details["版本号"] == "003"


@pytest.mark.parametrize(
    "value", ["2.16.840.1", LICENCE_IDENTIFIERS[0][2:], LICENCE_IDENTIFIERS[0].replace(".", "")]
)
def test_what_is_no_licence_identifier_is_invalid(value: str) -> None:
    assert check("电子证照标识", value).status == "invalid"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(DIGITS_AND_LETTERS), min_size=1, max_size=60), st.data())
def test_mod_37_36_notices_every_single_change(body: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    new = data.draw(st.sampled_from(DIGITS_AND_LETTERS.replace(body[place], "")))
    changed = body[:place] + new + body[place + 1 :]
    assert hybrid_check(body, DIGITS_AND_LETTERS) != hybrid_check(changed, DIGITS_AND_LETTERS)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**13 - 1), st.integers(0, 12), st.integers(1, 9))
def test_mod_11_10_notices_every_single_change(number: int, place: int, step: int) -> None:
    body = f"{number:013}"
    changed = body[:place] + str((int(body[place]) + step) % 10) + body[place + 1 :]
    good = "JY" + body + hybrid_check(body, "0123456789")
    assert check("食品经营许可证编号", good).status == "valid"
    assert check("食品经营许可证编号", "JY" + changed + good[-1]).status == "invalid"


def test_disability_certificate_only_ever_warns_because_its_structure_is_custom() -> None:
    good = check("残疾人证号", "11010519491231002X42")
    assert good.status == "valid"
    assert good.details == {"公民身份号码": "11010519491231002X", "类别": "肢体", "等级": 2}
    assert check("残疾人证号", "11010519491231002X42B1").status == "valid"
    assert check("残疾人证号", "11010519491231002X82").status == "warning"
    assert check("残疾人证号", "11010519491231002142").status == "warning"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_inside_a_disability_certificate_is_always_noticed(
    place: int, step: int
) -> None:
    good = "37081119880512002X42"
    changed = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    verdict = check("残疾人证号", changed)
    assert verdict.status == "warning"
    assert verdict.message_zh.startswith("残疾人证号：其中的")


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("残疾人证号", "370811 19880512 002x 42", "37081119880512002X42"),
        ("残疾人证号", "370811198805120０2x42b1", "37081119880512002X42B1"),
        ("食品经营许可证编号", "jy 1110 8071 2156 50", "JY11108071215650"),
    ],
)
def test_numbers_on_certificates_are_read_as_people_type_them(
    kind: str, typed: str, number: str
) -> None:
    verdict = check(kind, typed)
    assert (verdict.status, verdict.value) == ("valid", number)


def test_phone_is_read_with_spaces_and_refused_otherwise() -> None:
    assert check("手机号码", "138-0000 0000").value == "13800000000"
    assert check("手机号码", "12800000000").status == "invalid"


def shipped_rows() -> list[list[str]]:
    text = (Path(__file__).parent.parent / "plugins/data/licences.csv").read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines()]


def test_shipped_disability_certificates_tell_what_their_numbers_tell() -> None:
    heading, *rows = shipped_rows()
    columns = [heading.index(name) for name in ("残疾人证号", "残疾类别", "残疾等级")]
    held = [row for row in rows if row[0] == "disability_certificate"]
    assert held
    for row in held:
        number, category, grade = (row[place] for place in columns)
        details = check("残疾人证号", number).details
        told = (details["公民身份号码"], details["类别"], "一二三四"[int(str(details["等级"])) - 1])
        assert told == (row[3], category, grade.removesuffix("级"))


def test_shipped_demo_numbers_are_valid() -> None:
    rows = shipped_rows()[1:]
    for row in rows:
        kinds = ("公民身份号码", "统一社会信用代码")
        statuses = {check(kind, row[3], ON + timedelta(days=1)).status for kind in kinds}
        assert "valid" in statuses, row[3]
        assert check("统一社会信用代码", row[8]).status == "valid", row[8]
