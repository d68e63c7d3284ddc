"""Whether an answer can be believed: types, sizes, dates, and about whom it speaks.

An answer that fails any of this is nonsense as a whole: half an answer from a confused register is
worse than none, and none means 待核.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from engine.hooks.values import (
    Answer,
    CreditRecord,
    FactAnswer,
    FactValue,
    IdentifierCheck,
    Licence,
    Question,
    Source,
)

MOST_ANSWERS: Final = 1_000
MOST_FIELDS: Final = 250
LONGEST_TEXT: Final = 10_000
LARGEST_NUMBER: Final = 2**62

ANSWER_TYPES: Final[Mapping[str, type[Answer]]] = {
    "licences": Licence,
    "credit": CreditRecord,
    "facts": FactAnswer,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an answer; `where` is its place, such as `answers[2].issued_on`."""

    where: str
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Believed answers in a fixed order, or faults. `withheld` counts records the law hides."""

    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]
    withheld: int = 0


def judge(source: Source, question: Question, raw: object) -> Judgement:
    """Check whatever a register returned. Never raises for a value of plain types."""
    if not isinstance(raw, list | tuple):
        return _refuse("answers", "应返回列表或元组", "expected a list or a tuple", raw)
    if len(raw) > MOST_ANSWERS:
        fault = Fault(
            "answers",
            f"一次返回 {len(raw)} 条，最多 {MOST_ANSWERS} 条",
            f"{len(raw)} answers at once; at most {MOST_ANSWERS}",
        )
        return Judgement((), (fault,))
    expected = ANSWER_TYPES[source.kind]
    faults: list[Fault] = []
    answers: list[Answer] = []
    for index, item in enumerate(raw):
        found = list(_item_faults(expected, question, item, f"answers[{index}]"))
        faults += found
        if not found:
            answers.append(_frozen(item))
    faults += _repeated_facts(answers)
    if faults:
        return Judgement((), tuple(faults))
    usable = [answer for answer in answers if not is_withheld(answer, question.on)]
    return Judgement(tuple(sorted(usable, key=repr)), (), len(answers) - len(usable))


def is_withheld(answer: Answer, on: date) -> bool:
    """Whether the law lets nobody use it any more, though a register still tells it."""
    return isinstance(answer, CreditRecord) and not answer.is_disclosed(on)


def type_faults(answer: Answer, where: str) -> Iterator[Fault]:
    """The fields of one answer that are of the wrong type or too large."""
    checks = _CHECKS[type(answer)]
    for declared in fields(answer):
        value = getattr(answer, declared.name)
        wrong = checks[declared.name](value)
        if wrong:
            yield _fault(f"{where}.{declared.name}", *wrong, value)


def identifier_faults(kind: str, verdict: object) -> Iterator[Fault]:
    """What makes a verdict on an identifier of `kind` unusable; nothing for None, which is none."""
    where = "check_identifier"
    if verdict is None:
        return
    if type(verdict) is not IdentifierCheck:
        yield _fault(where, "应返回 IdentifierCheck", "expected an IdentifierCheck", verdict)
        return
    for declared in fields(verdict):
        value: object = getattr(verdict, declared.name)
        wrong = _field_values(value) if declared.name == "details" else _text(value)
        if wrong:
            yield _fault(f"{where}.{declared.name}", *wrong, value)
            return
    if verdict.kind != kind:
        yield _not_one_of(f"{where}.kind", verdict.kind, (kind,))
    if verdict.status not in IdentifierCheck.STATUSES:
        yield _not_one_of(f"{where}.status", verdict.status, IdentifierCheck.STATUSES)


def _item_faults(
    expected: type[Answer], question: Question, item: object, where: str
) -> Iterator[Fault]:
    if type(item) is not expected or not isinstance(item, Licence | CreditRecord | FactAnswer):
        name = expected.__name__
        yield _fault(where, f"应是 {name}", f"expected a {name}", item)
        return
    faults = list(type_faults(item, where))
    yield from faults
    if faults:
        return
    match item:
        case Licence():
            yield from _licence_faults(question, item, where)
        case CreditRecord():
            yield from _credit_faults(question, item, where)
        case FactAnswer():
            yield from _unasked(question, item.name, f"{where}.name")


def _licence_faults(question: Question, licence: Licence, where: str) -> Iterator[Fault]:
    yield from _stranger(question, licence.holder_id, f"{where}.holder_id")
    yield from _unasked(question, licence.type, f"{where}.type")
    if licence.status not in Licence.STATUSES:
        yield _not_one_of(f"{where}.status", licence.status, Licence.STATUSES)
    if licence.issued_on > question.on:
        yield Fault(
            f"{where}.issued_on",
            f"颁发日期 {licence.issued_on} 晚于申请日 {question.on}",
            f"issued on {licence.issued_on}, after the day asked about, {question.on}",
        )
    if licence.valid_until is not None and licence.valid_until < licence.issued_on:
        yield Fault(
            f"{where}.valid_until",
            f"有效期至 {licence.valid_until} 早于颁发日期 {licence.issued_on}",
            f"valid until {licence.valid_until}, before it was issued on {licence.issued_on}",
        )


def _credit_faults(question: Question, record: CreditRecord, where: str) -> Iterator[Fault]:
    yield from _stranger(question, record.subject_id, f"{where}.subject_id")
    if record.category not in CreditRecord.CATEGORIES:
        yield _not_one_of(f"{where}.category", record.category, CreditRecord.CATEGORIES)
    is_rating = record.category == CreditRecord.RATING
    if is_rating != (record.grade is not None):
        yield Fault(
            f"{where}.grade",
            "等级只能、且必须出现在“公共信用综合评价”记录中",
            "a grade belongs to 公共信用综合评价 records, and to them only",
        )
    if record.grade is not None and record.grade not in CreditRecord.GRADES:
        yield _not_one_of(f"{where}.grade", record.grade, CreditRecord.GRADES)
    if record.disclosed_from > question.on:
        yield Fault(
            f"{where}.disclosed_from",
            f"披露起始日 {record.disclosed_from} 晚于申请日 {question.on}",
            f"disclosed from {record.disclosed_from}, after the day asked about, {question.on}",
        )
    if record.disclosed_until is not None and record.disclosed_until < record.disclosed_from:
        yield Fault(
            f"{where}.disclosed_until",
            f"披露截止日 {record.disclosed_until} 早于起始日 {record.disclosed_from}",
            f"disclosed until {record.disclosed_until}, before {record.disclosed_from}",
        )


def _stranger(question: Question, identifier: str, where: str) -> Iterator[Fault]:
    if identifier not in question.known_ids:
        yield Fault(
            where,
            "答复的是申请中没有的人或单位",
            "the answer is about somebody the application does not name",
        )


def _unasked(question: Question, name: str, where: str) -> Iterator[Fault]:
    if not question.wants(name):
        wanted = question.wanted or ()
        yield Fault(
            where,
            f"没有问“{name[:40]}”，只问了：{'、'.join(wanted)}",
            f"nobody asked for {name[:40]!r}; wanted: {', '.join(wanted)}",
        )


def _repeated_facts(answers: list[Answer]) -> Iterator[Fault]:
    names = [answer.name for answer in answers if isinstance(answer, FactAnswer)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("answers", f"“{name}”答了不止一次", f"{name!r} is answered more than once")


def _not_one_of(where: str, value: str, choices: tuple[str, ...]) -> Fault:
    return Fault(
        where,
        f"“{value[:40]}”不在可用值中：{'、'.join(choices)}",
        f"{value[:40]!r} is not one of {', '.join(choices)}",
    )


def _refuse(where: str, zh: str, en: str, found: object) -> Judgement:
    return Judgement((), (_fault(where, zh, en, found),))


def _fault(where: str, zh: str, en: str, found: object) -> Fault:
    name = type(found).__name__
    return Fault(where, f"{zh}，得到的是 {name}", f"{en}, found {name}")


def _frozen(answer: Answer) -> Answer:
    """The same answer, sharing nothing the plugin could still change."""
    if isinstance(answer, Licence):
        kept = {key: _frozen_value(answer.fields[key]) for key in sorted(answer.fields)}
        return replace(answer, fields=kept)
    if isinstance(answer, FactAnswer):
        return replace(answer, value=_frozen_value(answer.value))
    return answer


def _frozen_value(value: object) -> FactValue:
    """A judged value; a list, which plugins give although tuples are asked for, as a tuple."""
    return cast(FactValue, tuple(value) if isinstance(value, list) else value)


_Wrong = tuple[str, str] | None


def _text(value: object) -> _Wrong:
    if type(value) is not str:
        return "应是文本", "expected text"
    if len(value) > LONGEST_TEXT:
        return f"文本超过 {LONGEST_TEXT} 字", f"text is longer than {LONGEST_TEXT} characters"
    return None


def _day(value: object) -> _Wrong:
    return None if type(value) is date else ("应是日期（date）", "expected a date")


def _flag(value: object) -> _Wrong:
    return None if type(value) is bool else ("应是 True 或 False", "expected True or False")


def _or_none(check: Callable[[object], _Wrong]) -> Callable[[object], _Wrong]:
    return lambda value: None if value is None else check(value)


def _scalar(value: object) -> _Wrong:
    """Exact types only: a subclass brings code of its own into the decision."""
    check = _SCALARS.get(type(value))
    if check is None:
        return "应是文本、数值、日期或是否", "expected text, a number, a date or a boolean"
    return check(value)


def _fine(value: object) -> _Wrong:
    return None


def _float(value: object) -> _Wrong:
    return "不接受浮点数，请用 Decimal", "floats are not accepted: use Decimal"


def _whole(value: int) -> _Wrong:
    return None if abs(value) < LARGEST_NUMBER else ("数值过大", "the number is too large")


def _decimal(value: Decimal) -> _Wrong:
    if not value.is_finite():
        return "不是有限的数", "not a finite number"
    if len(value.as_tuple().digits) > 34 or abs(value.adjusted()) > 100:
        return "数值超过 34 位", "the number has more than 34 digits"
    return None


def _fact_value(value: object) -> _Wrong:
    if not isinstance(value, list | tuple):
        return _scalar(value)
    if len(value) > MOST_ANSWERS:
        return f"列表超过 {MOST_ANSWERS} 项", f"the list has more than {MOST_ANSWERS} items"
    return next(filter(None, map(_scalar, value)), None)


def _field_values(value: object) -> _Wrong:
    if not isinstance(value, Mapping):
        return "应是映射（字段名: 值）", "expected a mapping of field to value"
    if len(value) > MOST_FIELDS:
        return f"字段超过 {MOST_FIELDS} 个", f"more than {MOST_FIELDS} fields"
    names = next(filter(None, map(_text, value)), None)
    return names or next(filter(None, map(_fact_value, value.values())), None)


_SCALARS: Final[Mapping[type, Callable[[Any], _Wrong]]] = {
    str: _text,
    bool: _fine,
    int: _whole,
    float: _float,
    Decimal: _decimal,
    date: _fine,
}
_CHECKS: Final[Mapping[type, Mapping[str, Callable[[object], _Wrong]]]] = {
    Licence: {
        **dict.fromkeys(("type", "number", "holder_name", "holder_id", "status"), _text),
        **dict.fromkeys(("issuer_name", "issuer_id", "region", "identifier"), _text),
        "issued_on": _day,
        "valid_until": _or_none(_day),
        "fields": _field_values,
    },
    CreditRecord: {
        **dict.fromkeys(("subject_id", "category", "note"), _text),
        "grade": _or_none(_text),
        "disclosed_from": _day,
        "disclosed_until": _or_none(_day),
        "repaired": _flag,
    },
    FactAnswer: {"name": _text, "value": _fact_value, "source_note": _text},
}
