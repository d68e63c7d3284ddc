"""The one form: every shared question once, shown whenever one of its parts would show it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date

from engine.definitions import FactDeclaration, Field, Form, Step
from engine.themes.conditions import any_of, applies_in, in_theme
from engine.themes.materials import MergedMaterial, merged_materials
from engine.themes.plan import PartPlan, ThemePlan, plan_theme
from engine.workspace import Workspace

SITUATION = "情形"


@dataclass(frozen=True)
class Served:
    """A part that needs an answer: its own name for the fact, and when it asks for it."""

    part: str
    fact: str
    conditions: tuple[str, ...]  # in the theme's terms; all of them must hold


@dataclass(frozen=True)
class MergedField:
    """One question of the theme, and the parts it serves. None for the theme's situations alone."""

    field: Field
    step: str
    serves: tuple[Served, ...]

    @property
    def fact(self) -> str:
        return self.field.fact


@dataclass(frozen=True)
class MergedForm:
    """The form of a theme: `form` for whoever shows forms, and what each question is for.

    Conditions in `form` read `Answers.context`. `facts` declares every fact under the theme's name.
    """

    plan: ThemePlan
    form: Form
    facts: Mapping[str, FactDeclaration]
    fields: tuple[MergedField, ...]
    materials: tuple[MergedMaterial, ...]

    @property
    def theme(self) -> str:
        return self.plan.theme.theme

    @property
    def title(self) -> str:
        return self.plan.theme.title

    def facts_of(self, part: str) -> tuple[str, ...]:
        """The questions that serve a part, by the theme's names, in the order of the form."""
        return tuple(f.fact for f in self.fields if any(s.part == part for s in f.serves))


@dataclass
class _Question:
    """A question while it is being put together."""

    field: Field
    step: str
    is_open: bool = False  # asked whatever else is answered
    serves: list[Served] = made(default_factory=list)

    def add(self, other: Field, served: Served) -> None:
        """Another part asks for it: first come, first worded; what is missing is taken over."""
        mine = self.field
        update: dict[str, object] = {
            key: getattr(other, key)
            for key in ("as_", "hint", "prefill")
            if getattr(mine, key) is None and getattr(other, key) is not None
        }
        if other.required and not mine.required:
            update["required"] = True
        self.field = mine.model_copy(update=update) if update else mine
        self.serves.append(served)

    def finished(self) -> MergedField:
        when = self.field.when if self.is_open else any_of(s.conditions for s in self.serves)
        whole = self.field.model_copy(update={"when": when})
        return MergedField(whole, self.step, tuple(self.serves))


def merge(workspace: Workspace, theme_id: str, on: date, region: str = "") -> MergedForm:
    """The theme's form on a day in a region. Raises UnknownDefinition and FeelSyntaxError."""
    plan = plan_theme(workspace, theme_id, on, region)
    return workspace.keep(("merged", theme_id, on, region), lambda: _merge(plan))


def _merge(plan: ThemePlan) -> MergedForm:
    questions: dict[str, _Question] = {
        asked.fact: _Question(asked, SITUATION, is_open=True) for asked in plan.theme.questions
    }
    notes: dict[str, list[str]] = {}
    for part in plan.parts:
        for step, asked, served in _asked(part):
            if step.note and step.note not in notes.setdefault(step.title, []):
                notes[step.title].append(step.note)
            name = part.names[asked.fact]
            if name not in questions:
                questions[name] = _Question(asked.model_copy(update={"fact": name}), step.title)
            questions[name].add(asked, served)
    fields = tuple(question.finished() for question in questions.values())
    form = Form.model_construct(
        form=plan.theme.theme, title=plan.theme.title, effective=None, steps=_steps(fields, notes)
    )
    return MergedForm(plan, form, plan.facts, fields, merged_materials(plan))


def _asked(part: PartPlan) -> Iterator[tuple[Step, Field, Served]]:
    """The questions of a part's own form that its matter knows, with when they are asked."""
    if part.form is None:
        return
    for step in part.form.steps:
        for asked in step.fields:
            if asked.fact in part.names:
                own = (in_theme(part, c) for c in (step.when, asked.when) if c is not None)
                served = Served(part.id, asked.fact, (*applies_in(part), *own))
                yield step, asked, served


def _steps(fields: tuple[MergedField, ...], notes: Mapping[str, list[str]]) -> tuple[Step, ...]:
    """Steps in the order in which they are met; those of one title are one."""
    by_title: dict[str, list[Field]] = {}
    for merged in fields:
        by_title.setdefault(merged.step, []).append(merged.field)
    return tuple(
        Step.model_construct(
            title=title,
            when=None,
            note="；".join(notes.get(title, ())) or None,
            fields=tuple(inside),
        )
        for title, inside in by_title.items()
    )
