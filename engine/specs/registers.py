"""What a scenario says of the registers, laid over the answers of the workspace's own."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from engine.definitions import LicenceType
from engine.hooks import Answer, CreditRecord, Licence, Question, Source
from engine.hooks.values import SourceKind
from engine.specs.outcome import StepFailed, unknown

# An in-memory answer is there at once; the limit only bounds the wrapped register's own call.
_TIME_LIMIT: Final = 10.0
# Registers that a scenario speaks of where the workspace has none.
_TITLES: Final[Mapping[SourceKind, str]] = {
    "licences": "电子证照库",
    "credit": "信用信息平台",
    "facts": "登记系统",
}
LICENCE_COLUMNS: Final = (
    "编号", "持有人", "持有人代码", "状态", "颁发日期", "有效期至", "颁发机构", "颁发机构代码", "地区",
    "电子证照标识",
)  # fmt: skip
CREDIT_COLUMNS: Final = ("主体代码", "类别", "等级", "披露起始", "披露截止", "是否修复", "备注")

Answerer = Callable[[Question], Sequence[Answer]]


@dataclass
class Registers:
    """The licences and credit records a scenario states, and the registers it takes off line."""

    licences: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)  # by licence id
    types: dict[str, LicenceType] = field(default_factory=dict)
    credit: list[Mapping[str, str]] | None = None
    unreachable: set[str] = field(default_factory=set)  # kinds of source: licences, credit, facts

    def is_untouched(self) -> bool:
        return not self.licences and self.credit is None and not self.unreachable

    def sources(self, own: Iterable[Source]) -> tuple[Source, ...] | None:
        """The registers to ask in this scenario; None when the workspace's own will do."""
        if self.is_untouched():
            return None
        kept = [source for source in own if source.kind != "credit" or self.credit is None]
        stated = {"licences": bool(self.licences), "credit": self.credit is not None}
        for kind, title in _TITLES.items():
            is_spoken_of = stated.get(kind) or kind in self.unreachable
            if is_spoken_of and not any(source.kind == kind for source in kept):
                kept.append(Source(f"scenario_{kind}", title, kind, _silent, _TIME_LIMIT))
        return tuple(self._overlaid(source, index, kept) for index, source in enumerate(kept))

    def _overlaid(self, source: Source, index: int, others: Sequence[Source]) -> Source:
        if source.kind in self.unreachable:
            return replace(source, ask=_unreachable)
        if source.kind == "credit" and self.credit is not None:
            return replace(source, ask=self._credit_answers)
        if source.kind != "licences" or not self.licences:
            return source
        # Only the first licence register hands out the stated ones, or they would be told twice.
        is_first = not any(other.kind == "licences" for other in others[:index])
        return replace(source, ask=self._licence_answers(source.ask, is_first), provides=())

    def _licence_answers(self, own: Answerer, hands_out: bool) -> Answerer:
        def ask(question: Question) -> Sequence[Answer]:
            answers = [
                answer
                for answer in own(question)
                if not (isinstance(answer, Licence) and answer.type in self.licences)
            ]
            return [*answers, *self._stated(question)] if hands_out else answers

        return ask

    def _stated(self, question: Question) -> list[Licence]:
        return [
            licence
            for kind, rows in self.licences.items()
            if not question.wanted or kind in question.wanted
            for row in rows
            if (licence := _licence(self.types[kind], row, question)).holder_id
            in question.known_ids
        ]

    def _credit_answers(self, question: Question) -> Sequence[Answer]:
        records = [_credit_record(row, question) for row in self.credit or ()]
        return [record for record in records if record.subject_id in question.known_ids]


def _silent(question: Question) -> Sequence[Answer]:
    return ()


class OffLine(ConnectionError):
    """A register that the scenario itself takes off line."""


def _unreachable(question: Question) -> Sequence[Answer]:
    raise OffLine("the scenario takes this register off line")


@contextmanager
def expecting_silence() -> Iterator[None]:
    """Keeps what a scenario asks for out of the log, where it would read as trouble."""
    log = logging.getLogger("tongban.hooks")
    log.addFilter(_is_news)
    try:
        yield
    finally:
        log.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], OffLine))


def check_licence_row(kind: LicenceType, row: Mapping[str, str]) -> None:
    """Raises StepFailed for a column the licence does not have or a value that cannot be read."""
    for column in row:
        if column not in LICENCE_COLUMNS and column not in kind.fields:
            names = (*LICENCE_COLUMNS, *kind.fields)
            raise unknown(f"“{kind.title}”的栏目", "column of the licence", column, names)
    _licence(kind, row, None)


def check_credit_row(row: Mapping[str, str]) -> None:
    """Raises StepFailed for an unknown column or a value that cannot be read."""
    for column in row:
        if column not in CREDIT_COLUMNS:
            raise unknown("信用记录的栏目", "column of a credit record", column, CREDIT_COLUMNS)
    _credit_record(row, None)


def _licence(kind: LicenceType, row: Mapping[str, str], question: Question | None) -> Licence:
    """A stated licence: what is not said is the applicant's own, in force, issued a year ago."""
    applicant = question.applicant if question else None
    on = question.on if question else date.max
    until = row.get("有效期至", "长期")
    valid_until = None if until in ("", "长期") else read_day(until)
    issued = row.get("颁发日期", "")
    return Licence(
        type=kind.licence,
        number=row.get("编号") or f"场景-{kind.licence}",
        holder_name=row.get("持有人") or (applicant.name if applicant else ""),
        holder_id=row.get("持有人代码") or (applicant.id_number if applicant else ""),
        status=row.get("状态") or "有效",
        issued_on=read_day(issued) if issued else _a_year_before(on, valid_until),
        valid_until=valid_until,
        issuer_name=row.get("颁发机构") or kind.issuer or "",
        issuer_id=row.get("颁发机构代码", ""),
        region=row.get("地区") or (question.region if question else ""),
        identifier=row.get("电子证照标识", ""),
        fields={name: _field(kind, name, row[name]) for name in kind.fields if row.get(name)},
    )


def _a_year_before(on: date, valid_until: date | None) -> date:
    last = on if valid_until is None else min(on, valid_until)
    return last - timedelta(days=365)


def _field(kind: LicenceType, name: str, value: str) -> str | bool | Decimal | date:
    declared = kind.fields[name].type
    if declared in ("integer", "decimal"):
        return read_number(value)
    if declared == "boolean":
        return read_flag(value)
    return read_day(value) if declared == "date" else value


def _credit_record(row: Mapping[str, str], question: Question | None) -> CreditRecord:
    on = question.on if question else date.max
    until = row.get("披露截止", "")
    disclosed_until = read_day(until) if until else None
    begun = row.get("披露起始", "")
    own = question.applicant.id_number if question else ""
    return CreditRecord(
        subject_id=row.get("主体代码") or own,
        category=row.get("类别", ""),
        grade=row.get("等级") or None,
        disclosed_from=read_day(begun) if begun else _a_year_before(on, disclosed_until),
        disclosed_until=disclosed_until,
        repaired=read_flag(row.get("是否修复") or "否"),
        note=row.get("备注", ""),
    )


def read_day(text: str) -> date:
    """A day as `2026-11-22`. Raises StepFailed."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass  # said below, together with texts of another length
    raise StepFailed(f"“{text}”不是日期，应写成 2026-11-22", f"{text!r} is not a day") from None


def read_number(text: str) -> Decimal:
    """A plain decimal number. Raises StepFailed."""
    try:
        if text.isascii() and "_" not in text:
            number = Decimal(text)
            if number.is_finite():
                return number
    except InvalidOperation:
        pass  # said below
    raise StepFailed(f"“{text}”不是数", f"{text!r} is not a number") from None


def read_amount(text: str) -> Decimal:
    """The number in front of a unit. Raises StepFailed."""
    end = next((i for i, c in enumerate(text) if c not in "-.0123456789"), len(text))
    return read_number(text[:end])


def read_flag(text: str) -> bool:
    """是 or 否. Raises StepFailed."""
    if text not in ("是", "否"):
        raise StepFailed(f"“{text}”应为 是 或 否", f"{text!r} should be 是 or 否")
    return text == "是"
