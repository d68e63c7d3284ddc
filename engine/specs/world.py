"""What the steps of one scenario share. Each scenario begins with a world of its own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from engine.checks import decide, decide_theme
from engine.clock import Deadline, Span
from engine.decision import ApplicationError, Decision, DecisionStopped
from engine.definitions import PATH_TITLES, Matter, Theme
from engine.diagnostics import Diagnostic
from engine.hooks import IdentifierCheck
from engine.specs.draft import Draft
from engine.specs.outcome import StepFailed, unknown
from engine.specs.registers import Registers, expecting_silence
from engine.themes import MergedForm, ThemeDecision, merge
from engine.workspace import UnknownDefinition, Workspace

if TYPE_CHECKING:
    from engine.specs.counter import Counter


@dataclass
class World:
    """The workspace, the application under construction, and what came of it.

    `memory` is for a department's own steps: the shipped ones never look at it.
    """

    workspace: Workspace
    draft: Draft = field(default_factory=Draft)
    registers: Registers = field(default_factory=Registers)
    decisions: list[Decision] = field(default_factory=list)
    theme_decision: ThemeDecision | None = None
    merged: MergedForm | None = None
    problems: tuple[Diagnostic, ...] | None = None  # of the application, or of the text checked
    stopped: str = ""
    identifier: IdentifierCheck | None = None
    count: Callable[[tuple[Span, ...]], Deadline] | None = None
    suspended: list[Span] = field(default_factory=list)
    found: tuple[str, ...] | None = None
    counter: "Counter | None" = None  # the hall of the scenario, once a case is begun
    memory: dict[str, object] = field(default_factory=dict)

    def apply(self, title: str, on: date) -> None:
        """Posts the application. What is wrong with it is kept for the next steps to look at.

        Raises StepFailed for an unknown matter or region.
        """
        self.problems, self.stopped = None, ""
        matter = self.matter(title, on)
        regions = self.workspace.regions(on)
        posted = self.draft.to_json(matter, regions)
        sources = self.registers.sources(self.workspace.sources)
        try:
            with expecting_silence():
                decision = decide(self.workspace, matter.matter, posted, on=on, sources=sources)
        except ApplicationError as error:
            self.problems = error.diagnostics
        except DecisionStopped as error:
            self.stopped = str(error)
        except UnknownDefinition as error:
            raise StepFailed(str(error), str(error)) from error
        else:
            self.decisions.append(decision)

    def apply_theme(self, title: str, on: date) -> None:
        """Posts one application for a theme; the decision of each part counts as one of its matter.

        Raises StepFailed for an unknown theme or region.
        """
        self.problems, self.stopped = None, ""
        identity, workspace = self._theme(title, on), self.workspace
        try:
            posted = self.draft.to_theme_json(merge(workspace, identity, on), workspace.regions(on))
            self.merged = merge(workspace, identity, on, str(posted.get("region") or ""))
            sources = self.registers.sources(workspace.sources)
            with expecting_silence():
                decided = decide_theme(workspace, identity, posted, on=on, sources=sources)
        except ApplicationError as error:
            self.problems = error.diagnostics
        except DecisionStopped as error:
            self.stopped = str(error)
        except UnknownDefinition as error:
            raise StepFailed(str(error), str(error)) from error
        else:
            self.theme_decision = decided
            self.decisions += [part.decision for part in decided.parts if part.decision]

    def _theme(self, name: str, on: date) -> str:
        themes = {
            file.id: file.definition
            for file in self.workspace.files_of("theme")
            if isinstance(file.definition, Theme) and file.definition.is_in_effect(on)
        }
        for identity, theme in themes.items():
            if name in (identity, theme.title, *theme.aliases):
                return identity
        raise unknown(f"在 {on} 施行的一件事", f"theme in force on {on}", name,
                      (theme.title for theme in themes.values()))  # fmt: skip

    def matter(self, name: str, on: date) -> Matter:
        """The matter of that title, id or alias in force on a day, shared materials filled in."""
        matters = self.workspace.matters(on)
        for matter in matters:
            if name in (matter.title, matter.matter, *matter.aliases):
                return self.workspace.matter(matter.matter, on)
        raise unknown(f"在 {on} 施行的事项", f"matter in force on {on}", name,
                      (matter.title for matter in matters))  # fmt: skip

    @property
    def facts(self) -> dict[str, object]:
        """The facts said so far; a step may set one to any JSON value."""
        return self.draft.facts

    @property
    def decision(self) -> Decision:
        """The last decision. Raises StepFailed, saying why there is none."""
        if self.problems is not None:
            said = "；".join(
                f"{problem.message_zh}。{problem.help_zh}" for problem in self.problems
            )
            english = "; ".join(problem.message_en for problem in self.problems)
            raise StepFailed(f"申请没有被接收：{said}", f"the application was not taken: {english}")
        if self.stopped:
            raise StepFailed(f"没有作出决定：{self.stopped}", f"no decision: {self.stopped}")
        if not self.decisions:
            raise StepFailed(
                '还没有提出申请：请先写 当 申请人于 2026-11-22 申请"…"',
                "there is no application yet: a 当 step comes first",
            )
        return self.decisions[-1]

    def deadline(self) -> Deadline:
        """The period counted, with the suspensions said before or after it. Raises StepFailed."""
        if self.count is None:
            raise StepFailed("还没有计算期限", "no period has been counted yet")
        return self.count(tuple(self.suspended))


def path_id(name: str) -> str:
    """A path by its title or id. Raises StepFailed."""
    for identity, title in PATH_TITLES.items():
        if name in (identity, title, f"{title}路径"):
            return identity
    raise unknown("办理路径", "path", name, PATH_TITLES.values())
