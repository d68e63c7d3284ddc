"""What goes in and what comes out of a decision. Frozen, and all of it turns into JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from engine.feel.frozen_values import frozen
from engine.hooks import Applicant

Status = Literal["满足", "不满足", "待核", "不适用"]
MaterialStatus = Literal[
    "免提交", "已提交", "以承诺代替", "容缺后补", "缺少", "不满足", "待核", "不需要"
]
Verdict = Literal["hit", "miss", "unknown"]
Outcome = Literal["准予", "不予", "补正", "不予受理", "待核"]

# The label fixed by the policy for whatever is exempt; nothing else may be shown in its place.
EXEMPT_LABEL = "已关联电子证照证明，可免提交"


@frozen
class Submission:
    """A material that the applicant handed in."""

    name: str = ""
    digest: str = ""


@frozen
class Attested:
    """What a department answered when it was asked (部门协查): 属实, 不属实 or 无法核实.

    `value` is a fact's, in its type, where the department gives one.
    """

    answer: str
    department: str
    value: object = None


@frozen
class Earlier:
    """A material that an earlier case of the same applicant holds already (上一环节已收)."""

    case: str
    name: str = ""
    digest: str = ""


_NOBODY = Applicant("", "", "")


@dataclass(frozen=True)
class Application:
    """One application as posted. `facts` are typed: str, int/Decimal, bool, date, list, dict, None."""

    facts: Mapping[str, object] = field(default_factory=dict)
    applicant: Applicant = _NOBODY
    agent: str = ""  # who acts for the applicant, if anybody
    materials: Mapping[str, Submission] = field(default_factory=dict)  # by material id
    path: str = "general"  # the path asked for
    commitments: tuple[str, ...] = ()  # ids of what is committed to
    region: str = ""
    # Told by officers and earlier cases, never by the applicant; by `material:ID` or `fact:NAME`.
    attested: Mapping[str, Attested] = field(default_factory=dict)
    earlier: Mapping[str, Earlier] = field(default_factory=dict)  # by material id


@frozen
class Reason:
    """A sentence in both languages."""

    zh: str
    en: str


@frozen
class Read:
    """A value that was read on the way, as it is shown: name, value, unit, where it came from."""

    name: str
    value: object
    source: str  # 申请人填写, 电子证照 …, 登记系统 …, 规则计算, 地区参数, 申请日期, 缺少
    unit: str = ""
    is_sensitive: bool = False  # shown masked


@frozen
class Missing:
    """A fact that is not known, and who provides it."""

    name: str
    given_by: str


@frozen
class CriterionResult:
    """One review point: 满足, 不满足, 待核 or 不适用; what it read and the law it rests on."""

    id: str
    point: str
    stage: str
    status: Status
    effect: str
    reads: tuple[Read, ...]
    missing: tuple[Missing, ...]
    basis: tuple[str, ...]
    is_verified: bool
    remedy: str
    committed: bool = False
    rule: str = ""  # the condition as it is written, so that an officer sees what was asked


@frozen
class Skip:
    """A way of getting a material that was tried or passed over, and why."""

    way: str  # licence, earlier, query, upload, commitment, deferral
    reason: Reason


@frozen
class MaterialResult:
    """One material: how it was obtained, or why it was not."""

    id: str
    title: str
    status: MaterialStatus
    source: str
    label: str
    is_core: bool
    skips: tuple[Skip, ...]
    reason: Reason
    basis: tuple[str, ...]
    remedy: str
    is_verified: bool = True  # every law it rests on was checked against its text


@frozen
class TableResult:
    """One decision table: which rows hit (counted from 1), what it gave, and each row's verdict."""

    id: str
    title: str
    hits: tuple[int, ...]
    values: Mapping[str, object]
    rows: Sequence[Verdict]
    basis: tuple[str, ...]
    is_verified: bool = True  # every law it rests on was checked against its text
    is_default: bool = False  # no row was hit, and the table says what holds then


@frozen
class Finding:
    """What a conclusion rule found, with the facts it matched."""

    phase: Literal["entry", "conclusion"]
    rule: str
    title: str
    text: str
    effect: str
    subject: str
    matched: tuple[str, ...]
    basis: tuple[str, ...]
    remedy: str
    is_verified: bool = True  # every law it rests on was checked against its text


@frozen
class NoticeLine:
    """One line of the one-time notice (一次性告知): what, why, by which law, and how to put it right."""

    kind: Literal["criterion", "material", "finding", "missing"]
    id: str
    text: Reason
    basis: tuple[str, ...]
    remedy: str
    is_verified: bool = True  # every law it rests on was checked against its text


@frozen
class ObligationResult:
    """What must be done afterwards, by whom and by when; 暂定 while a year's calendar is unpublished."""

    id: str
    title: str
    by: str
    due: date | None
    is_provisional: bool
    basis: tuple[str, ...]
    is_verified: bool = True  # every law it rests on was checked against its text


@frozen
class BenefitResult:
    """What is granted, when the outcome is 准予."""

    title: str
    amount: object
    unit: str
    starts: date | None
    basis: tuple[str, ...]
    is_verified: bool = True  # every law it rests on was checked against its text


@frozen
class Difference:
    """The applicant says one thing, a register another: nothing is overwritten, the person chooses."""

    name: str
    stated: object
    recorded: object
    source: str


@frozen
class TimeResult:
    """The promised and the statutory end of handling, and the one for telling what to correct.

    Ends are dates only where handling began with the application: what must first be corrected is
    not accepted yet, and its time has not begun (行政许可法第42条).
    """

    promise: str
    promised_by: date | None
    statutory: str
    statutory_by: date | None
    is_provisional: bool
    correction: str = ""
    correction_by: date | None = None


@frozen
class Receipt:
    """Enough to decide again, offline, to the byte: hashes of what was used and what was answered."""

    matter: str
    on: str
    engine: str
    definitions: Mapping[str, str]  # `kind:id` → sha256 of its text
    facts: str
    replies: str
    decision: str
    application: Mapping[str, object]
    answers: tuple[Mapping[str, object], ...]
    seal: str = ""  # sha256 over all the rest


@frozen
class Decision:
    """One decision, whole: officer's view, notice, letter and receipt are renderings of it."""

    matter: str
    title: str
    on: date
    region: str
    applicant: Applicant
    outcome: Outcome
    outcome_title: str  # in the matter's own words: 准予许可, 准予备案, 予以发放 …
    path: str
    path_title: str
    path_reason: Reason
    facts: tuple[Read, ...]
    tables: tuple[TableResult, ...]
    criteria: tuple[CriterionResult, ...]
    materials: tuple[MaterialResult, ...]
    findings: tuple[Finding, ...]
    notice: tuple[NoticeLine, ...]
    obligations: tuple[ObligationResult, ...]
    benefits: tuple[BenefitResult, ...]
    differences: tuple[Difference, ...]
    unreachable: tuple[Reason, ...]  # registers that did not answer, or not in a way to believe
    reminders: tuple[NoticeLine, ...]
    time: TimeResult
    receipt: Receipt
