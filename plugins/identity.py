"""证件号码校验 / identifiers of citizens, organisations, licences and phones.

GB 11643, GB 32100-2015, GB 11714, GB/T 36904-2018 (with GB/T 17710), and three by custom: food
licence numbers, disability certificates and phones. A citizen's right check digit is never told.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from engine import IdentifierCheck, hookimpl

DIGITS_AND_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CITIZEN_CHECKS: Final = "10X98765432"
# GB/T 2260; 81 to 83 are the residence permits of 港澳台居民.
PROVINCES: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# Letters that GB 32100 leaves out, and the digits they are mistaken for.
LOOKS_LIKE: Final[Mapping[str, str]] = {"O": "0", "I": "1", "Z": "2", "S": "5"}
ENTITY_TYPES: Final[Mapping[str, str]] = {
    "11": "机关",
    "12": "事业单位",
    "13": "群众团体",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
}
DISABILITIES: Final = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
LONGEST_IDENTIFIER: Final = 120
OLDEST_AGE: Final = 150

_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LICENCE_IDENTIFIER: Final = re.compile(
    r"1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{18})\.([0-9A-Z]{1,40})\.([0-9A-Z]{3})\.([0-9A-Z])"
)


Detail = str | int | date


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a number, or one remark about it."""

    zh: str
    en: str
    status: Literal["valid", "invalid", "warning"] = "invalid"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a number, and what the number tells."""

    findings: tuple[Finding, ...] = ()
    details: Mapping[str, Detail] | None = None


@hookimpl
def check_identifier(kind: str, value: str, on: date) -> IdentifierCheck | None:
    """The verdict by the kind's standard; None for kinds that are not here."""
    read = KINDS.get(kind)
    if read is None:
        return None
    number = value.translate(_HALF_WIDTH).strip().upper() if len(value) <= 500 else value
    if not number:
        return IdentifierCheck(kind, "", "invalid", f"{kind}未填写", "nothing was filled in")
    if len(number) > LONGEST_IDENTIFIER:
        zh, en = f"{kind}过长，请核对", f"longer than {LONGEST_IDENTIFIER} characters"
        return IdentifierCheck(kind, value[:LONGEST_IDENTIFIER], "invalid", zh, en)
    if kind in SEPARATORS:
        number = number.translate(SEPARATORS[kind])
    return _verdict(kind, value, number, read(number, on))


def _verdict(kind: str, given: str, number: str, reading: Reading) -> IdentifierCheck:
    findings = list(reading.findings)
    if any(0xFF01 <= ord(character) < 0xFF5F for character in given):
        findings.append(
            Finding("已把全角字符转为半角", "full-width characters were made half-width", "valid")
        )
    statuses = {finding.status for finding in findings}
    status: Literal["valid", "invalid", "warning"] = "valid"
    if statuses & {"invalid", "warning"}:
        status = "invalid" if "invalid" in statuses else "warning"
    return IdentifierCheck(
        kind=kind,
        value=number,
        status=status,
        message_zh=f"{kind}：" + "；".join(f.zh for f in findings) if findings else "",
        message_en="; ".join(f.en for f in findings),
        details=dict(reading.details or {}) if status != "invalid" else {},
    )


# --- check characters -----------------------------------------------------------------------


def citizen_check(body: str) -> str:
    """ISO 7064 MOD 11-2 over 17 digits."""
    return CITIZEN_CHECKS[sum(int(c) * 2 ** (17 - i) for i, c in enumerate(body)) % 11]


def credit_code_check(body: str) -> str:
    """GB 32100 MOD 31-3 over 17 characters of its own alphabet."""
    total = sum(CREDIT_CODE_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return CREDIT_CODE_ALPHABET[-total % 31]


def organisation_code_check(body: str) -> str:
    """GB 11714 over 8 characters."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(DIGITS_AND_LETTERS.index(c) * w for c, w in zip(body, weights, strict=True))
    return "0123456789X"[-total % 11]


def hybrid_check(body: str, alphabet: str) -> str:
    """ISO 7064 hybrid systems: MOD 37,36 for 36 characters, MOD 11,10 for the ten digits."""
    size = len(alphabet)
    product = size
    for character in body:
        total = (product + alphabet.index(character)) % size or size
        product = total * 2 % (size + 1)
    return alphabet[(1 - product) % size]


# --- the kinds ------------------------------------------------------------------------------


def _citizen(number: str, on: date) -> Reading:
    if re.fullmatch(r"[0-9]{15}", number):
        zh = "15 位旧号码已停用，请填写 18 位号码"
        return Reading((Finding(zh, "15-digit numbers are no longer valid: give all 18"),))
    if len(number) != 18:
        return _wrong_length(number, 18)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        zh = "前 17 位应是数字，末位应是数字或 X"
        return Reading((Finding(zh, "17 digits are expected, then a digit or X"),))
    findings = []
    if not PROVINCES.fullmatch(number[:2]):
        zh = f"前两位 {number[:2]} 不是省级行政区划代码"
        findings.append(Finding(zh, f"{number[:2]} is not the code of a province"))
    birth = _birth_date(number[6:14])
    findings += _birth_findings(birth, number[6:14], on)
    if citizen_check(number[:17]) != number[17]:
        zh = "校验位不符，请对照证件逐位核对"
        findings.append(Finding(zh, "the check digit does not fit: compare every digit"))
    details: dict[str, Detail] = {"行政区划": number[:6]}
    details["性别"] = "男" if int(number[16]) % 2 else "女"
    if birth is not None:
        details["出生日期"] = birth
    return Reading(tuple(findings), details)


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _birth_findings(birth: date | None, digits: str, on: date) -> list[Finding]:
    if birth is None:
        zh = f"出生日期非法：没有 {digits[:4]} 年 {digits[4:6]} 月 {digits[6:]} 日这一天"
        return [Finding(zh, f"the date of birth {digits} does not exist")]
    if birth > on:
        zh = f"出生日期非法：{birth} 晚于 {on}"
        return [Finding(zh, f"the date of birth {birth} is after {on}")]
    if (on.year - birth.year, on.month, on.day) > (OLDEST_AGE, birth.month, birth.day):
        zh = f"出生日期非法：{birth} 距今超过 {OLDEST_AGE} 年"
        return [Finding(zh, f"the date of birth {birth} is over {OLDEST_AGE} years ago")]
    return []


def _credit_code(number: str, on: date) -> Reading:
    if len(number) != 18:
        return _wrong_length(number, 18)
    findings = [
        _foreign_character(place, character)
        for place, character in enumerate(number[:17], 1)
        if character not in CREDIT_CODE_ALPHABET
    ]
    if findings:
        return Reading(tuple(findings))
    expected = credit_code_check(number[:17])
    if expected != number[17]:
        zh = f"校验位应为 {expected}，填写的是 {number[17]}，请对照证照逐位核对"
        en = f"the check character should be {expected}, not {number[17]}"
        findings.append(Finding(zh, en))
    if not re.fullmatch(r"[0-9]{6}", number[2:8]):
        zh = f"第 3 至 8 位 {number[2:8]} 应是六位行政区划代码"
        findings.append(Finding(zh, "characters 3 to 8 must be a six-digit region code"))
    details: dict[str, Detail] = {"行政区划": number[2:8], "组织机构代码": number[8:17]}
    if number[:2] in ENTITY_TYPES:
        details["主体类型"] = ENTITY_TYPES[number[:2]]
    return Reading(tuple(findings), details)


def _foreign_character(place: int, character: str) -> Finding:
    likely = LOOKS_LIKE.get(character)
    hint_zh = f"，是否为数字 {likely}？" if likely else "，只能是数字和除 I、O、S、V、Z 外的字母"
    hint_en = f"; is it {likely}?" if likely else "; digits and letters but I, O, S, V, Z only"
    return Finding(
        f"第 {place} 位“{character}”是非法字符{hint_zh}",
        f"character {place}, {character!r}, is not allowed{hint_en}",
    )


def _organisation_code(number: str, on: date) -> Reading:
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", number):
        zh = "应是 8 位数字或大写字母，加 1 位校验码"
        return Reading((Finding(zh, "8 digits or capitals and a check character are expected"),))
    expected = organisation_code_check(number[:8])
    if expected != number[8]:
        zh = f"校验位应为 {expected}，填写的是 {number[8]}"
        return Reading((Finding(zh, f"the check character should be {expected}"),))
    return Reading()


def _licence_identifier(number: str, on: date) -> Reading:
    match = _LICENCE_IDENTIFIER.fullmatch(number)
    if match is None:
        zh = "应形如 1.2.156.3005.2.证照类型21位.颁发机构18位.流水号.版本3位.校验1位"
        en = "expected 1.2.156.3005.2.<type 21>.<issuer 18>.<serial>.<version 3>.<check 1>"
        return Reading((Finding(zh, en),))
    kind, issuer, serial, version, given = match.groups()
    details = {"证照类型代码": kind, "颁发机构代码": issuer, "流水号": serial, "版本号": version}
    expected = hybrid_check(kind + issuer + serial + version, DIGITS_AND_LETTERS)
    if expected == given:
        return Reading((), details)
    # Real archives hold such identifiers: they are kept and listed, but none is newly issued.
    zh = f"校验位应为 {expected}，填报为 {given}：历史数据可导入并列入问题清单，新签发应更正"
    en = f"the check character should be {expected}, not {given}: import it, do not issue it"
    return Reading((Finding(zh, en, "warning"),), details)


def _food_licence(number: str, on: date) -> Reading:
    if not re.fullmatch(r"JY[0-9]{14}", number):
        return Reading((Finding("应是 JY 加 14 位数字", "JY and 14 digits are expected"),))
    expected = hybrid_check(number[2:15], DIGITS_AND_LETTERS[:10])
    if expected != number[15]:
        zh = f"校验位应为 {expected}，填写的是 {number[15]}"
        return Reading((Finding(zh, f"the check digit should be {expected}"),))
    return Reading()


def _disability_certificate(number: str, on: date) -> Reading:
    """The structure is custom, not read in a standard: a mismatch only warns."""
    match = re.fullmatch(r"([0-9]{17}[0-9X])([1-7])([1-4])(B[0-9]{1,2})?", number)
    if match is None:
        zh = "通常为身份证号 18 位加类别 1 位、等级 1 位（补办另加 B1 等），请核对"
        en = "usually the citizen number, a category 1-7, a grade 1-4, and B1... when reissued"
        return Reading((Finding(zh, en, "warning"),))
    citizen = _citizen(match[1], on)
    findings = tuple(Finding(f"其中的{f.zh}", f.en, "warning") for f in citizen.findings)
    category = DISABILITIES[int(match[2]) - 1]
    return Reading(findings, {"公民身份号码": match[1], "类别": category, "等级": int(match[3])})


def _mobile_phone(number: str, on: date) -> Reading:
    if re.fullmatch(r"1[3-9][0-9]{9}", number):
        return Reading()
    zh = "应是 1 开头的 11 位手机号码"
    return Reading((Finding(zh, "11 digits beginning with 13 to 19 are expected"),))


def _wrong_length(number: str, expected: int) -> Reading:
    zh = f"应是 {expected} 位，填写了 {len(number)} 位"
    return Reading((Finding(zh, f"{expected} characters are expected, found {len(number)}"),))


KINDS: Final[Mapping[str, Callable[[str, date], Reading]]] = {
    "公民身份号码": _citizen,
    "统一社会信用代码": _credit_code,
    "组织机构代码": _organisation_code,
    "电子证照标识": _licence_identifier,
    "食品经营许可证编号": _food_licence,
    "残疾人证号": _disability_certificate,
    "手机号码": _mobile_phone,
}
# What people type between the characters, and what is left out for that kind.
SEPARATORS: Final[Mapping[str, Mapping[int, None]]] = {
    "公民身份号码": {ord(" "): None},
    "统一社会信用代码": {ord(" "): None, ord("-"): None},
    "组织机构代码": {ord("-"): None},
    "食品经营许可证编号": {ord(" "): None},
    "残疾人证号": {ord(" "): None},
    "手机号码": {ord(" "): None, ord("-"): None},
}
