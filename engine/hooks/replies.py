"""What a register's call came to, as a value that is kept in a receipt and replayed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, Self, cast

from engine.hooks.judging import ANSWER_TYPES, type_faults
from engine.hooks.values import Answer, FactValue, Scalar, SourceKind

ReplyStatus = Literal["answered", "unreachable", "nonsense"]

_STATUSES: Final = ("answered", "unreachable", "nonsense")
_DAYS: Final = ("issued_on", "valid_until", "disclosed_from", "disclosed_until")


@dataclass(frozen=True, slots=True)
class Reply:
    """One register's reply. Only "answered" carries answers; the other two mean 待核.

    An answered reply may still carry a remark in its problem texts, such as that a credit record
    was withheld because its disclosure period had ended.
    """

    source: str
    kind: SourceKind
    status: ReplyStatus
    answers: tuple[Answer, ...] = ()
    problem_zh: str = ""
    problem_en: str = ""

    def to_json(self) -> dict[str, object]:
        """Plain JSON values; decimals and dates inside facts are tagged, never floats."""
        return {
            "source": self.source,
            "kind": self.kind,
            "status": self.status,
            "answers": [_answer_to_json(answer) for answer in self.answers],
            "problem_zh": self.problem_zh,
            "problem_en": self.problem_en,
        }

    @classmethod
    def from_json(cls, document: object) -> Self:
        """The reply that `to_json` wrote. Raises ValueError for any other document."""
        names = ("source", "kind", "status", "answers", "problem_zh", "problem_en")
        content = _mapping(document, "reply")
        if set(content) != set(names):
            raise ValueError(f"a reply has the keys {', '.join(names)}")
        kind = _one_of(content["kind"], tuple(ANSWER_TYPES), "kind")
        answers = content["answers"]
        if not isinstance(answers, list):
            raise ValueError("answers: expected a list")
        return cls(
            source=_text(content["source"], "source"),
            kind=cast(SourceKind, kind),
            status=cast(ReplyStatus, _one_of(content["status"], _STATUSES, "status")),
            answers=tuple(
                _answer_from_json(ANSWER_TYPES[kind], answer, f"answers[{index}]")
                for index, answer in enumerate(answers)
            ),
            problem_zh=_text(content["problem_zh"], "problem_zh"),
            problem_en=_text(content["problem_en"], "problem_en"),
        )


def _answer_to_json(answer: Answer) -> dict[str, object]:
    document: dict[str, object] = {}
    for name in _FIELDS.get(type(answer)) or _field_names(type(answer)):
        value = getattr(answer, name)
        if name == "value":
            value = _value_to_json(value)
        elif name == "fields":
            value = {key: _value_to_json(value[key]) for key in sorted(value)}
        elif isinstance(value, date):
            value = value.isoformat()
        document[name] = value
    return document


def _field_names(kind: type[Answer]) -> tuple[str, ...]:
    return tuple(declared.name for declared in fields(kind))


_FIELDS: Final = {kind: _field_names(kind) for kind in ANSWER_TYPES.values()}


def _value_to_json(value: FactValue) -> object:
    match value:
        case tuple():
            return [_value_to_json(item) for item in value]
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
    return value


def _answer_from_json(kind: type[Answer], document: object, where: str) -> Answer:
    content = _mapping(document, where)
    if set(content) != {declared.name for declared in fields(kind)}:
        raise ValueError(f"{where}: not the keys of a {kind.__name__}")
    read: dict[str, object] = {}
    for name, value in content.items():
        if name in _DAYS and value is not None:
            value = _day(value, f"{where}.{name}")
        elif name == "value":
            value = _value_from_json(value, f"{where}.{name}")
        elif name == "fields":
            entries = _mapping(value, f"{where}.{name}")
            value = {key: _value_from_json(entry, where) for key, entry in entries.items()}
        read[name] = value
    answer = cast(Callable[..., Answer], kind)(**read)
    for fault in type_faults(answer, where):
        raise ValueError(f"{fault.where}: {fault.message_en}")
    return answer


def _value_from_json(value: object, where: str) -> FactValue:
    if isinstance(value, list):
        return tuple(_scalar_from_json(item, where) for item in value)
    return _scalar_from_json(value, where)


def _scalar_from_json(value: object, where: str) -> Scalar:
    match value:
        case str() | bool() | int():
            return value
        case {"decimal": str(digits), **rest} if not rest:
            try:
                return Decimal(digits)
            except InvalidOperation:
                raise ValueError(f"{where}: {digits[:40]!r} is not a decimal") from None
        case {"date": str(day), **rest} if not rest:
            return _day(day, where)
    raise ValueError(f"{where}: not text, a number, a boolean, a decimal or a date")


def _day(value: object, where: str) -> date:
    try:
        return date.fromisoformat(_text(value, where))
    except ValueError:
        raise ValueError(f"{where}: expected a date like 2026-11-22") from None


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: expected an object")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{where}: expected text")
    return value


def _one_of(value: object, choices: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{where}: expected one of {', '.join(choices)}")
    return value
