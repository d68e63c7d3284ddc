"""What goes over the wire: each shape once, checked on the way in, described on the way out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Plain = dict[str, Any]
Word = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(max_length=2000)]


class Taken(BaseModel):
    """What a request brings: no key beyond those described."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Given(BaseModel):
    """What an answer brings."""

    model_config = ConfigDict(frozen=True)


class FaultAt(Given):
    """One thing that is wrong, and where."""

    where: str = Field(description="JSON 指针式的位置 / where")
    zh: str
    en: str


class ProblemDetails(Given):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str | None = Field(default=None, description="稳定的代码 / a stable code")
    errors: list[FaultAt] | None = None


class MatterSummary(Given):
    id: str
    title: str
    type: str
    level: str
    organ: str
    kind: str
    summary: str | None


class MatterList(Given):
    matters: list[MatterSummary]


class MatterDetail(MatterSummary):
    region: str
    facts: Plain = Field(description="事实：名称 → 类型、单位、代码 / facts by name")
    form: Plain | None = Field(description="表单定义 / the form")
    materials: list[Plain]
    paths: list[str]
    version: str = Field(description="定义的摘要 / digest of the definition")


class Application(Taken):
    """An application as `tongban decide` takes it."""

    applicant: Plain = Field(default_factory=dict)
    facts: Plain = Field(default_factory=dict)
    materials: Plain = Field(default_factory=dict)
    path: Word = "general"
    commitments: list[Word] = Field(default_factory=list)
    region: Annotated[str, StringConstraints(max_length=12)] = ""


class DecisionGiven(Given):
    """A decision; docs/json.md lists its keys."""

    model_config = ConfigDict(extra="allow")
    outcome: str
    path: str
    criteria: list[Plain]
    materials: list[Plain]
    notice: list[Plain]
    receipt: Plain


class NewCase(Taken):
    matter: Word
    application: Application
    draft: str | None = Field(
        default=None,
        max_length=64,
        description="草稿编号：其附件归入办件 / its uploads go with the case",
    )
    duplicate_reason: Text = Field(
        default="",
        description="同一申请人同一事项已有在办件时的理由 / why, when one is under way already",
    )


class CommandTaken(Taken):
    do: Word
    body: Plain = Field(default_factory=dict)
    version: int | None = Field(
        default=None, ge=1, description="所见办件的版本；已有变化则 409 / the version that was seen"
    )


class MovePossible(Given):
    do: str
    title: str
    title_en: str


class DraftTaken(Taken):
    matter: Word
    answers: Plain = Field(default_factory=dict)


class DraftGiven(Given):
    id: str
    matter: str
    answers: Plain
    version: int
    updated_at: datetime


class AttachmentGiven(Given):
    id: str
    name: str
    media_type: str
    size: int
    digest: str = Field(description="SM3")
    uploaded_at: datetime


class AttachmentList(Given):
    attachments: list[AttachmentGiven]


class CaseGiven(Given):
    id: str
    number: str
    matter: str
    title: str
    region: str
    department: str
    state: str
    state_title: str
    state_title_en: str
    path: str
    version: int
    submitted_at: datetime
    outcome: str
    moves: list[MovePossible]
    finding: str = Field(description="系统审查的结论 / what the engine found")


class CaseRow(Given):
    id: str
    number: str
    matter: str
    title: str
    state: str
    department: str
    applicant: str = Field(description="隐去部分的名称 / masked")
    submitted_at: datetime
    due: date | None
    card: Literal["", "green", "yellow", "red"]


class CaseList(Given):
    cases: list[CaseRow]
    next: str | None = Field(description="下一页的起点；没有则为空 / where the next page begins")


class EventGiven(Given):
    number: int
    kind: str
    at: datetime
    actor: str
    role: str
    to: str
    hash: str


class EventList(Given):
    events: list[EventGiven]


class PaperGiven(Given):
    number: int = Field(description="所述事件的序号 / number of the event it tells of")
    title: str
    title_en: str
    at: datetime


class PaperList(Given):
    papers: list[PaperGiven]


class VerificationGiven(Given):
    """What the public may know of a licence; names and numbers masked."""

    status: str = Field(description="有效、撤销、注销、失效 或者 查无此证")
    title: str
    number: str
    identifier: str
    holder: str
    holder_id: str
    issuer: str
    issued_on: date | None
    valid_until: date | None


class ThemeSummary(Given):
    id: str
    title: str
    summary: str | None
    parts: list[str]


class ThemeList(Given):
    themes: list[ThemeSummary]


class ThemeDetail(ThemeSummary):
    form: Plain
    materials: list[Plain]


class ThemeApplication(Taken):
    """One application for several matters: facts by the theme's names, `paths` and `commitments` by part."""

    applicant: Plain = Field(default_factory=dict)
    facts: Plain = Field(default_factory=dict)
    materials: Plain = Field(default_factory=dict)
    path: Word = "general"
    paths: Plain = Field(default_factory=dict)
    commitments: Plain = Field(default_factory=dict)
    region: Annotated[str, StringConstraints(max_length=12)] = ""


class NewThemeCase(Taken):
    theme: Word
    application: ThemeApplication
    draft: str | None = Field(default=None, max_length=64)


class PartNotNeeded(Given):
    title: str
    reason: str


class ThemeCaseGiven(Given):
    id: str
    theme: str
    title: str
    status: str
    submitted_at: datetime
    cases: list[CaseGiven]
    not_needed: list[PartNotNeeded]
