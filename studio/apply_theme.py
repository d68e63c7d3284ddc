"""A theme's application (一件事): one form and one set of materials, a case for each part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from engine import (
    Applicant,
    ApplicationError,
    FeelSyntaxError,
    MaterialUse,
    Matter,
    MergedForm,
    Prefilled,
    Theme,
    ThemePlan,
    TongbanError,
    Workspace,
    condition_holds,
    merge_theme,
    plan_theme,
    prefill,
    read_answers,
    split_theme,
)
from studio.apply_drafts import Work
from studio.apply_filling import Filling
from studio.apply_plan import SITUATION, ApplicationPlan, Page
from studio.desk import Desk
from studio.language import _
from studio.questionnaire import Judge, plan_form


@dataclass(frozen=True)
class ThemeWork(Work):
    """A draft for a theme. Its `matter` is made up of the parts: facts and materials of all."""

    @cached_property
    def merged(self) -> MergedForm:
        return merge_theme(self.workspace, self.draft.subject, self.on, self.filling.region)

    @cached_property
    def theme_plan(self) -> ThemePlan:
        return plan_theme(self.workspace, self.draft.subject, self.on, self.filling.region)

    @cached_property
    def matter(self) -> Matter:
        return matter_of(self.merged)

    @cached_property
    def plan(self) -> ApplicationPlan:
        return plan_merged(self.workspace, self.merged, self.matter)

    @property
    def chosen_paths(self) -> dict[str, str]:
        """The path chosen for a part, of the parts that the theme still has."""
        known = {part.id for part in self.theme_plan.parts}
        return {part: path for part, path in self.filling.paths.items() if part in known}

    def application(self) -> dict[str, Any]:
        return {**super().application(), "paths": self.chosen_paths}

    def judge(self) -> Judge:
        """Conditions over the answers so far, and over what each part makes of them."""

        def judge(facts: Mapping[str, object]) -> Callable[[str], bool]:
            stated = self.filling.application(self.applicant, facts)
            data = {**stated, "paths": self.chosen_paths}
            try:
                context = read_answers(self.theme_plan, data).context
            except (TongbanError, ValueError):  # the checks report it
                return lambda condition: True  # better one question too many than one hidden
            return lambda condition: _holds(condition, context)

        return judge

    def applications(self) -> dict[str, dict[str, Any]]:
        """By matter, what its part is told; nothing while that cannot be said."""
        try:
            return split_theme(self.theme_plan, self.application())
        except ApplicationError:
            return {}

    def own_fact(self, matter_id: str, name: str) -> str:
        """What the theme calls a fact of a part."""
        return self.theme_plan.part(matter_id).names.get(name, name)

    def own_material(self, matter_id: str, name: str) -> str:
        """What the theme calls a material of a part."""
        for material in self.merged.materials:
            if any(n.part == matter_id and n.material == name for n in material.serves):
                return material.id
        return name


def _holds(condition: str, context: Mapping[str, object]) -> bool:
    try:
        return condition_holds(condition, context) is True
    except FeelSyntaxError:
        return True


def themes_of(workspace: Workspace, desk: Desk) -> tuple[Theme, ...]:
    """The themes in force, by title."""
    found = (workspace.find("theme", name, desk.today()) for name in workspace.ids("theme"))
    themes = (file.definition for file in found if file is not None)
    return tuple(sorted((t for t in themes if isinstance(t, Theme)), key=lambda t: t.title))


_MADE: Mapping[str, Literal["form", "commitment"]] = {"form": "form", "commitment": "commitment"}


def matter_of(merged: MergedForm) -> Matter:
    """What the pages ask of a matter, of all parts together."""
    materials = tuple(
        MaterialUse.model_construct(
            id=material.id,
            title=material.title,
            note=material.note or None,
            satisfied_by=material.licences or None,
            generated=_MADE.get(material.generated),
            when=material.when,
        )
        for material in merged.materials
    )
    return Matter.model_construct(
        matter=merged.theme, title=merged.title, facts=dict(merged.facts), materials=materials
    )


def plan_merged(workspace: Workspace, merged: MergedForm, matter: Matter) -> ApplicationPlan:
    """The theme's own questions first, then the steps of its parts."""
    questions = plan_form(workspace, matter, merged.form, merged.plan.on, _deciding(merged))
    pages = []
    for number, step in enumerate(questions.steps):
        inside = tuple(q for q in questions.questions if q.step == number)
        title = step.title if number else _("您的情况")
        name = str(number) if number else SITUATION
        if inside:
            pages.append(Page(name, title, step.note or "", inside))
    return ApplicationPlan(matter, questions, tuple(pages))


def _deciding(merged: MergedForm) -> frozenset[str]:
    """The facts on which it rests whether a part is needed."""
    read = (part.when.names for part in merged.plan.parts if part.when is not None)
    return frozenset(merged.facts) & frozenset().union(*read)


def known_of_theme(desk: Desk, theme_id: str, filling: Filling, applicant: Applicant) -> Filling:
    """The draft with what registers know for any of its parts."""
    workspace, on = desk.workspace(), desk.today()
    plan = plan_theme(workspace, theme_id, on, filling.region)
    given: dict[str, Prefilled] = {}
    for part in plan.parts:
        stated = filling.stated(applicant)
        known = prefill(workspace, part.id, stated, on=on, sources=desk.sources).given
        given = {part.names[n]: v for n, v in known.items() if n in part.names} | given
    merged = merge_theme(workspace, theme_id, on, filling.region)
    questions = plan_merged(workspace, merged, matter_of(merged)).questions
    return filling.with_prefilled(questions, given)
