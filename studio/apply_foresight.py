"""What would come of an application as it is now: the engine's finding before it is handed in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine import (
    ApplicationError,
    Decision,
    DecisionStopped,
    MaterialResult,
    TongbanError,
    decide,
    decide_theme,
    parse_application,
    presentable,
)
from studio.apply_drafts import Work
from studio.apply_theme import ThemeWork
from studio.complaints import Complaint
from studio.disclosure import explain

# Where several parts ask for one material: what is still to be done comes before what is done.
_OPEN_FIRST = ("缺少", "不满足", "待核", "容缺后补", "以承诺代替", "已提交", "免提交", "不需要")


@dataclass(frozen=True)
class Lack:
    """One line of what is still missing or wrong. `stop` is where it is put right, if anywhere."""

    said: str
    remedy: str = ""
    stop: str = ""
    anchor: str = ""
    is_open: bool = False  # rests on what is not known yet
    is_mine: bool = True  # for the applicant to put right; else an officer or a register answers


@dataclass(frozen=True)
class Foresight:
    """Decisions that bind nobody, of a theme one for each part; or why there are none.

    `undecided` holds each part that was not decided: its title, its status, why.
    """

    decisions: tuple[Decision, ...] = ()
    materials: tuple[MaterialResult, ...] = ()
    undecided: tuple[tuple[str, str, str], ...] = ()
    complaints: tuple[Complaint, ...] = ()
    stopped: str = ""

    @property
    def decision(self) -> Decision | None:
        """The decision, where there is only one."""
        return self.decisions[0] if len(self.decisions) == 1 else None

    @property
    def needed(self) -> tuple[MaterialResult, ...]:
        """The materials that this situation calls for."""
        return tuple(result for result in self.materials if result.status != "不需要")


def foresee(work: Work) -> Foresight:
    """Decides the draft as it is, on this day, asking the registers; nothing of it is kept."""
    try:
        return _of_theme(work) if isinstance(work, ThemeWork) else _of_matter(work)
    except ApplicationError as error:
        return Foresight(complaints=tuple(map(Complaint.of, error.diagnostics)))
    except DecisionStopped as error:
        return Foresight(stopped=explain(error))
    except (TongbanError, ValueError) as error:  # a plugin, a register, a rule that is no FEEL
        return Foresight(stopped=explain(error))


def _of_matter(work: Work) -> Foresight:
    on, matter_id = work.on, work.draft.subject
    application = parse_application(work.workspace, matter_id, work.application(), on)
    decision = decide(work.workspace, matter_id, application, on=on, sources=work.desk.sources)
    shown = presentable(decision)
    return Foresight((shown,), shown.materials)


def _of_theme(work: ThemeWork) -> Foresight:
    data, sources = work.application(), work.desk.sources
    found = decide_theme(work.workspace, work.draft.subject, data, on=work.on, sources=sources)
    decisions = tuple(presentable(p.decision) for p in found.parts if p.decision is not None)
    undecided = tuple((p.title, p.status, p.reason) for p in found.parts if p.decision is None)
    return Foresight(decisions, tuple(_merged(work, decisions)), undecided)


def _merged(work: ThemeWork, decisions: tuple[Decision, ...]) -> Iterator[MaterialResult]:
    """One result for each material of the theme: of its parts, the one that asks for most."""
    by_part = {d.matter: {m.id: m for m in d.materials} for d in decisions}
    for material in work.merged.materials:
        results = [
            by_part[need.part][need.material]
            for need in material.serves
            if need.material in by_part.get(need.part, {})
        ]
        if results:
            worst = min(results, key=lambda result: _OPEN_FIRST.index(result.status))
            yield replace(worst, id=material.id, title=material.title)
