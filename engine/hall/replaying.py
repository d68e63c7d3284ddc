"""Every evaluation of a case decided again, offline: the same bytes, or which one differs."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.casework import Case, advance
from engine.decision import replay

if TYPE_CHECKING:
    from engine.hall.hall import Hall


@dataclass(frozen=True, slots=True)
class ReplayedEvaluation:
    """One evaluation: the number of its event, whether it agrees to the byte, and what does not."""

    number: int
    at: datetime
    outcome: str
    agrees: bool
    tampered: tuple[str, ...]
    changed: tuple[str, ...]


def replay_case(hall: "Hall", case_id: str) -> tuple[ReplayedEvaluation, ...]:
    """Decides each evaluation again by the definitions that the case was pinned to at that time.

    Raises KeyError.
    """
    case: Case | None = None
    found = []
    for recorded in hall.history(case_id):
        event = recorded.event
        case = advance(case, event)
        if event.kind == "evaluate":
            again = replay(hall.definitions(case), event.body["decision"])
            outcome = str(event.body["outcome"])
            agrees = again.agrees and again.decision.outcome == outcome
            found.append(
                ReplayedEvaluation(
                    recorded.number, event.at, outcome, agrees, again.tampered, again.changed
                )
            )
    return tuple(found)
