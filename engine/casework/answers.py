"""Facts that officers give: what was 待核 before, and what the matter leaves to judgement."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.casework.events import Actor

if TYPE_CHECKING:
    from engine.casework.case import Case


@dataclass(frozen=True, slots=True)
class Answer:
    """A fact that an officer gave, and why."""

    value: Any
    by: Actor
    day: date
    reason: str


def open_facts(case: "Case") -> frozenset[str]:
    """Facts that a reviewer may give: what criteria still wait for, judgements, earlier answers."""
    missing = {
        entry["name"]
        for criterion in case.decision.get("criteria", ())
        for entry in criterion["missing"]
    }
    return frozenset(missing) | set(case.judged) | set(case.answers)
