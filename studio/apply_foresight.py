"""What would come of an application as it is now: the engine's finding before it is handed in."""

from dataclasses import dataclass

from engine import (
    ApplicationError,
    Decision,
    DecisionStopped,
    MaterialResult,
    TongbanError,
    decide,
    parse_application,
    presentable,
)
from studio.apply_drafts import Work
from studio.complaints import Complaint
from studio.disclosure import explain


@dataclass(frozen=True)
class Lack:
    """One line of what is still missing or wrong. `stop` is where it is put right, if anywhere."""

    said: str
    remedy: str = ""
    stop: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Foresight:
    """A decision that binds nobody, or why there is none."""

    decision: Decision | None = None
    complaints: tuple[Complaint, ...] = ()
    stopped: str = ""

    @property
    def needed(self) -> tuple[MaterialResult, ...]:
        """The materials that this situation calls for."""
        found = self.decision.materials if self.decision else ()
        return tuple(result for result in found if result.status != "不需要")


def foresee(work: Work) -> Foresight:
    """Decides the draft as it is, on this day, asking the registers; nothing of it is kept."""
    on, matter_id = work.on, work.draft.subject
    try:
        application = parse_application(work.workspace, matter_id, work.application(), on)
        sources = work.desk.sources
        decision = decide(work.workspace, matter_id, application, on=on, sources=sources)
    except ApplicationError as error:
        return Foresight(complaints=tuple(map(Complaint.of, error.diagnostics)))
    except DecisionStopped as error:
        return Foresight(stopped=explain(error))
    except (TongbanError, ValueError) as error:  # a plugin, a register, a rule that is no FEEL
        return Foresight(stopped=explain(error))
    return Foresight(presentable(decision))
