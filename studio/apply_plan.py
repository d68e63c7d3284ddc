"""The pages of one application: the 情形 questions first, then the form's steps as far as they show."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine import (
    Application,
    FeelSyntaxError,
    Matter,
    Step,
    TongbanError,
    Workspace,
    compile_rule,
    condition_holds,
    feel_context,
)
from studio.language import _
from studio.questionnaire import Judge, Question, Questionnaire, Sheet, plan_questions

SITUATION, MATERIALS, REVIEW = "situation", "materials", "review"


@dataclass(frozen=True)
class Page:
    """One page of questions. `name` is its place in the address."""

    name: str
    title: str
    note: str
    questions: tuple[Question, ...]

    def shown(self, sheet: Sheet) -> tuple[Question, ...]:
        """Its questions that are in sight."""
        return tuple(question for question in self.questions if question in sheet.shown)


@dataclass(frozen=True)
class ApplicationPlan:
    """A matter's questions, parted into pages."""

    matter: Matter
    questions: Questionnaire
    pages: tuple[Page, ...]

    def page(self, name: str) -> Page | None:
        return next((page for page in self.pages if page.name == name), None)

    def page_of(self, fact: str) -> Page | None:
        """Where a fact is asked."""
        return next((p for p in self.pages if any(q.field.fact == fact for q in p.questions)), None)

    def shown(self, sheet: Sheet) -> tuple[Page, ...]:
        """The pages with something to ask."""
        return tuple(page for page in self.pages if page.shown(sheet))


def plan_application(workspace: Workspace, matter: Matter, on: date) -> ApplicationPlan:
    """The questions that decide what else is asked come first, each asked once."""
    plan = plan_questions(workspace, matter, on)
    deciding = deciding_facts(matter, plan.steps)
    first = tuple(q for q in plan.questions if q.field.fact in deciding)
    pages = [Page(SITUATION, _("您的情况"), "", first)] if first else []
    for number, step in enumerate(plan.steps):
        rest = tuple(q for q in plan.questions if q.step == number and q not in first)
        if rest:
            pages.append(Page(str(number + 1), step.title, step.note or "", rest))
    return ApplicationPlan(matter, plan, tuple(pages))


def deciding_facts(matter: Matter, steps: Iterable[Step]) -> frozenset[str]:
    """The facts on which it rests what is asked and what must be handed in, computed ones resolved."""
    conditions = [step.when for step in steps]
    conditions += [field.when for step in steps for field in step.fields]
    conditions += [material.when for material in matter.materials]
    waiting = [name for condition in conditions if condition for name in _names(condition)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _reads(matter, name)
    return frozenset(found & {n for n, fact in matter.facts.items() if fact.compute is None})


def _reads(matter: Matter, name: str) -> list[str]:
    fact = matter.facts.get(name)
    if fact is not None and fact.compute is not None:
        return _names(fact.compute)
    return [column for t in matter.tables if name in t.names for column in t.columns]


def _names(condition: str) -> list[str]:
    try:
        return sorted(compile_rule(condition).names)
    except FeelSyntaxError:
        return []  # the checks report it


def judge_of(workspace: Workspace, matter: Matter, stated: Application, on: date) -> Judge:
    """Conditions over the facts so far and who applies, by which path, where."""

    def judge(facts: Mapping[str, object]) -> Callable[[str], bool]:
        application = Application(
            facts=facts,
            applicant=stated.applicant,
            agent=stated.agent,
            path=stated.path,
            region=stated.region,
        )
        try:
            context = feel_context(workspace, matter.matter, application, on=on)
        except (TongbanError, ValueError):  # the checks report it
            return lambda condition: True  # better one question too many than one hidden
        return lambda condition: _holds(condition, context)

    return judge


def _holds(condition: str, context: Mapping[str, Any]) -> bool:
    try:
        return condition_holds(condition, context) is True
    except FeelSyntaxError:
        return True
