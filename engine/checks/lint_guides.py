"""Lints of what people are told: guide, visits, fees, telephone numbers and the result."""

from collections.abc import Iterator
from typing import Any

from engine.checks.subject import Subject
from engine.definitions import Matter
from engine.workspace import UnknownDefinition

_FREE = ("不收费", "免费", "无")
# 证 may be a 许可证 or a 登记证, but 凭证 and 公证 name no licence.
_CLOSINGS = (("批复", "审批办结"), ("证", "出证办结"), ("文", "出文办结"))


def check_guide(subject: Subject[Matter]) -> None:
    """Adds what an applicant should read and the matter does not say."""
    _check_completeness(subject)
    _check_visits(subject)
    _check_fee(subject)
    _check_phones(subject)
    _check_result(subject)


def _check_completeness(subject: Subject[Matter]) -> None:
    missing = list(_missing(subject.definition))
    if missing:
        words: dict[str, Any] = {
            "missing_zh": "、".join(zh for zh, _ in missing),
            "missing_en": ", ".join(en for _, en in missing),
        }
        subject.add(("matter",), "guide-incomplete", **words)
    matter = subject.definition
    if matter.type == "行政许可" and not matter.guide.faq:
        subject.add(("matter",), "faq-missing")


def _missing(matter: Matter) -> Iterator[tuple[str, str]]:
    """The fields of a guide (办事指南规范) that nothing in the definition gives."""
    guide = matter.guide
    fields: tuple[tuple[object, str, str], ...] = (
        (matter.criteria, "申请条件 criteria", "criteria"),
        (matter.materials, "申请材料 materials", "materials"),
        (matter.time.promise or matter.time.statutory, "审批时限 time", "time"),
        (matter.result.licence or matter.result.title, "审批决定证件 result", "result"),
        (guide.windows, "办理地点 guide.windows", "guide.windows"),
        (guide.hours, "办理时间 guide.hours", "guide.hours"),
        (guide.phone, "咨询电话 guide.phone", "guide.phone"),
        (guide.complaints, "监督投诉渠道 guide.complaints", "guide.complaints"),
        (guide.review_body, "行政复议机关 guide.review_body", "guide.review_body"),
        (guide.court, "行政诉讼法院 guide.court", "guide.court"),
        (guide.notes, "注意事项 guide.notes", "guide.notes"),
    )
    return ((zh, en) for given, zh, en in fields if not given)


def _check_visits(subject: Subject[Matter]) -> None:
    matter = subject.definition
    if matter.visits and not matter.visits_reason:
        subject.add(("visits",), "visits-reason", count=matter.visits)
    limit = subject.workspace.settings.limits.get("visits", 1)
    if matter.visits > limit and matter.complex is None:
        subject.add(("visits",), "visits-too-many", count=matter.visits, limit=limit)
    words: dict[str, Any] = {"online": matter.online, "count": matter.visits}
    if matter.online == "全程网办" and matter.visits:
        subject.add(("online",), "online-visits", rest_zh="", rest_en="", **words)
    if matter.online == "不网办" and not matter.visits and "邮寄" not in matter.channels:
        rest: dict[str, Any] = {
            "rest_zh": "，办理形式又没有邮寄",
            "rest_en": " and nothing comes by post",
        }
        subject.add(("online",), "online-visits", **rest, **words)


def _check_fee(subject: Subject[Matter]) -> None:
    guide = subject.definition.guide
    is_free = guide.fee.strip().startswith(_FREE)
    if is_free and guide.fees:
        words: dict[str, Any] = {
            "missing_zh": "前后一致的说法（另列有收费项目）",
            "missing_en": "fees consistently",
        }
        subject.add(("guide", "fees"), "fee-unfounded", at_key=True, fee=guide.fee, **words)
    elif not is_free and not guide.fees:
        words = {"missing_zh": "项目、标准和依据", "missing_en": "item, standard and basis"}
        subject.add(("guide", "fee"), "fee-unfounded", fee=guide.fee, **words)
    for n, fee in enumerate(guide.fees):
        lacking = [
            pair
            for given, pair in (
                (fee.standard, ("标准", "standard")),
                (fee.basis, ("依据", "basis")),
                (fee.online, ("网上支付方式", "online payment")),
            )
            if not given
        ]
        if lacking:
            words = {
                "missing_zh": "、".join(zh for zh, _ in lacking),
                "missing_en": ", ".join(en for _, en in lacking),
            }
            subject.add(("guide", "fees", n), "fee-unfounded", fee=fee.title, **words)


def _check_phones(subject: Subject[Matter]) -> None:
    """12345 and its like (five digits) are hotlines that answer both."""
    guide = subject.definition.guide
    phone = (guide.phone or "").strip()
    if phone and phone == (guide.complaints or "").strip() and not _is_hotline(phone):
        subject.add(("guide", "complaints"), "phones-same", phone=phone)


def _is_hotline(phone: str) -> bool:
    return len(phone) == 5 and phone.isdecimal() and phone.startswith("1")


def _check_result(subject: Subject[Matter]) -> None:
    matter, result = subject.definition, subject.definition.result
    title, valid = result.title, result.valid
    if result.licence:
        try:
            licence = subject.workspace.licence(result.licence, subject.day)
        except UnknownDefinition:
            return  # reported with the references
        title, valid = title or licence.title, valid or licence.valid
        if not valid and matter.type == "行政许可":
            subject.add(("result",), "result-validity", at_key=True, title=title)
    if not title:
        return
    expected = next((closing for end, closing in _CLOSINGS if title.endswith(end)), None)
    if result.closing and expected and result.closing != expected:
        words: dict[str, Any] = {"title": title, "expected": expected, "closing": result.closing}
        subject.add(("result", "closing"), "result-closing", **words)
    if not result.sample:
        subject.add(("result",), "result-sample", at_key=True, title=title)
