"""What is asked of a register, and what it answers: frozen values, one module for both sides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from threading import BoundedSemaphore
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from engine.clock import Period, anniversary

# What a fact or a licence's field may hold. No floats: money and areas are exact decimals.
Scalar = str | bool | int | Decimal | date
FactValue = Scalar | tuple[Scalar, ...]

SourceKind = Literal["licences", "credit", "facts"]
OnFailure = Literal["pending", "stop"]

CALLS_PER_SOURCE: Final = 8
LONGEST_TIME_LIMIT: Final = 60.0


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies. `id_kind` is an identifier kind such as 公民身份号码 or 统一社会信用代码."""

    name: str
    id_kind: str
    id_number: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a register, about the applicant and the persons in `subjects` only.

    `subjects` are the identifiers of others whom the application itself names: the legal
    representative, the parent organisation, the staff. `wanted` names the licence types and the
    facts that are needed, None meaning all; a register that answers about anybody or anything else
    is not believed.
    """

    matter: str
    region: str
    on: date
    applicant: Applicant
    facts: Mapping[str, object] = field(default_factory=dict)
    wanted: tuple[str, ...] | None = None
    subjects: tuple[str, ...] = ()

    @property
    def known_ids(self) -> frozenset[str]:
        # Nobody is known by an empty number: a licence of no holder would be everybody's.
        return frozenset(filter(None, (self.applicant.id_number, *self.subjects)))

    def wants(self, name: str) -> bool:
        return self.wanted is None or name in self.wanted


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence or certificate. `type` is the id of its licence definition.

    `valid_until` is the last valid day; None means no end (长期). `fields` are its own columns.
    """

    STATUSES: ClassVar = ("有效", "暂停", "失效", "注销", "撤销", "吊销")

    type: str
    number: str
    holder_name: str
    holder_id: str
    status: str
    issued_on: date
    valid_until: date | None
    issuer_name: str
    issuer_id: str
    region: str
    identifier: str = ""
    fields: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """A credit record, disclosed up to and including `disclosed_until`; `repaired` is 信用修复.

    `disclosed_from` is the day the misconduct ended, from which the law counts its five years.
    `grade` is given in records of the category `RATING`, and in them only.
    """

    RATING: ClassVar = "公共信用综合评价"
    CATEGORIES: ClassVar = (
        "失信被执行人",
        "经营异常名录",
        "严重违法失信名单",
        "行政处罚",
        "虚假承诺",
        RATING,
    )
    GRADES: ClassVar = ("优", "良", "中", "差")
    LONGEST_DISCLOSURE: ClassVar = Period(5, "years")

    subject_id: str
    category: str
    grade: str | None
    disclosed_from: date
    disclosed_until: date | None
    repaired: bool = False
    note: str = ""

    def is_disclosed(self, on: date) -> bool:
        """Whether it may be used on a day: up to its end, and less than five years in any case.

        The five years (信用条例) are for records of misconduct; a rating only ends.
        """
        if self.disclosed_until is not None and on > self.disclosed_until:
            return False
        is_rating = self.category == self.RATING
        return is_rating or on < anniversary(self.disclosed_from, self.LONGEST_DISCLOSURE)


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """One fact; a register that does not know it leaves it out. `source_note` says where from."""

    name: str
    value: FactValue
    source_note: str = ""


Answer = Licence | CreditRecord | FactAnswer


@dataclass(frozen=True)
class Source:
    """A register that a plugin binds.

    `ask` is called in a thread of its own with `time_limit` seconds (0 < t <= 60). `on_failure`
    "pending" leaves what it would have told 待核; "stop" ends the decision with SourceStopped.
    `provides` lists its fact names or licence types; empty means any. `examine` lists what is wrong
    with the source's own data, one line each with file and line. Make each Source once: the number
    of calls that may hang in it at the same time is counted on the object.
    """

    name: str
    title: str
    kind: SourceKind
    ask: Callable[[Question], Sequence[Answer]]
    time_limit: float
    on_failure: OnFailure = "pending"
    provides: tuple[str, ...] = ()
    examine: Callable[[], Sequence[str]] | None = None
    calls: BoundedSemaphore = field(
        default_factory=lambda: BoundedSemaphore(CALLS_PER_SOURCE),
        init=False,
        repr=False,
        compare=False,
    )

    def __post_init__(self) -> None:
        if not self.name or not self.title:
            raise ValueError("a source needs a name and a title")
        if self.kind not in ("licences", "credit", "facts"):
            raise ValueError(f"source {self.name}: kind {self.kind!r} is not licences/credit/facts")
        if not 0 < self.time_limit <= LONGEST_TIME_LIMIT:
            raise ValueError(
                f"source {self.name}: time_limit must be over 0 and at most 60 seconds"
            )
        if self.on_failure not in ("pending", "stop"):
            raise ValueError(f"source {self.name}: on_failure {self.on_failure!r} is not known")
        if not callable(self.ask):
            raise ValueError(f"source {self.name}: ask is not callable")

    def is_asked(self, question: Question) -> bool:
        """False when nothing of what is wanted could come from here."""
        if self.kind == "credit" or question.wanted is None:
            return True
        if not self.provides:
            return bool(question.wanted)
        return not set(self.provides).isdisjoint(question.wanted)


@dataclass(frozen=True, slots=True)
class IdentifierCheck:
    """The verdict on one identifier; `value` is the normalised form (half-width, capital X).

    "warning" means: accept imported data, but do not issue anything new with it. `details` holds
    what the number itself tells, such as 出生日期 and 性别.
    """

    STATUSES: ClassVar = ("valid", "invalid", "warning")

    kind: str
    value: str
    status: Literal["valid", "invalid", "warning"]
    message_zh: str
    message_en: str
    details: Mapping[str, Scalar] = field(default_factory=lambda: MappingProxyType({}))


def narrowed(question: Question, source: Source) -> Question:
    """The question with only what this source provides: a register is not told what others hold."""
    if source.kind == "credit" or not source.provides:
        return question
    return replace(question, wanted=tuple(name for name in source.provides if question.wants(name)))
