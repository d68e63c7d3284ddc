"""A witness: the smallest application that shows a finding, and what the real engine says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.checks import decide
from engine.decision import (
    ApplicationError,
    Decision,
    DecisionStopped,
    parse_application,
    to_plain,
)
from engine.hooks import CreditRecord, Reply, SourceStopped
from engine.workspace import Workspace

GRADE_SOURCE: Final = "信用登记"  # who gives a witness its grade


@dataclass(frozen=True, slots=True)
class Witness:
    """Facts as FEEL values by name, on a day, in a region; a fact left out is 待核.

    `follows` are values that the engine computes from the facts, shown beside them.
    """

    matter: str
    on: date
    region: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    path: str = "general"
    materials: tuple[str, ...] = ()
    follows: Mapping[str, Any] = field(default_factory=dict)
    applicant: Mapping[str, str] = field(default_factory=dict)  # by the keys of an application
    commitments: tuple[str, ...] | None = None  # None: all that the path covers
    grade: str = ""  # the applicant's credit grade, where a register is to give one

    def application(self) -> dict[str, Any]:
        """The JSON document that `tongban decide` takes; it carries its day."""
        posted: dict[str, Any] = {"date": self.on.isoformat()}
        if self.applicant:
            posted["applicant"] = dict(self.applicant)
        if self.commitments is not None:
            posted["commitments"] = list(self.commitments)
        if self.region:
            posted["region"] = self.region
        if self.path != "general":
            posted["path"] = self.path
        if self.materials:
            posted["materials"] = list(self.materials)
        posted["facts"] = {name: to_plain(value) for name, value in self.facts.items()}
        return posted

    @property
    def replies(self) -> tuple[Reply, ...]:
        """What registers say of the case: nothing but the credit grade."""
        if not self.grade:
            return ()
        number = str(self.applicant.get("id_number", ""))
        record = CreditRecord(number, CreditRecord.RATING, self.grade, self.on, None)
        return (Reply(GRADE_SOURCE, "credit", "answered", (record,)),)

    @property
    def words_zh(self) -> str:
        """场所类型是“博物馆”，营业面积是 10"""
        said = [f"{name}{spoken(value)}" for name, value in {**self.facts, **self.follows}.items()]
        return "，".join(said) or "任何情形"


def spoken(value: Any) -> str:
    """A value after its fact's name, in Chinese."""
    if value is None:
        return "待核"
    if isinstance(value, bool):
        return "为“是”" if value else "为“否”"
    if isinstance(value, str):
        return f"是“{value}”"
    if isinstance(value, Decimal):
        return f"是 {to_plain(value)}"
    if isinstance(value, list | tuple):
        return "是" + ("、".join(str(item) for item in value) or "空列表")
    return f"是 {value}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the real engine made of a witness: a decision, or why there is none.

    `refused` is said where the application itself does not fit the matter: then the witness is
    none, since nobody can apply so.
    """

    decision: Decision | None = None
    stopped: str = ""
    refused: str = ""

    @property
    def words_zh(self) -> str:
        """结论是“补正”, or why there is none."""
        if self.decision is not None:
            return f"结论是“{self.decision.outcome_title}”"
        return (self.stopped or self.refused).partition(" / ")[0]


def try_witness(workspace: Workspace, witness: Witness) -> Trial:
    """Decides the witness by the real engine; no register is asked but as the witness says."""
    posted = {key: value for key, value in witness.application().items() if key != "date"}
    try:
        application = parse_application(workspace, witness.matter, posted, witness.on)
        decision = decide(
            workspace, witness.matter, application, on=witness.on, replies=witness.replies
        )
    except ApplicationError as error:
        return Trial(refused=str(error))
    except (DecisionStopped, SourceStopped) as error:
        return Trial(stopped=str(error))
    return Trial(decision)
