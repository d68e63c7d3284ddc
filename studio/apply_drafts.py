"""Drafts as the pages see them: found for their owner, laid out as a form, saved at every step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from flask import g

from engine import Applicant, Case, Draft, Drafts, Matter, Workspace
from studio.apply_filling import Filling, filling_to_json
from studio.apply_plan import (
    MATERIALS,
    REVIEW,
    ApplicationPlan,
    Page,
    judge_of,
    plan_application,
)
from studio.desk import Desk
from studio.language import _
from studio.questionnaire import Judge, Sheet

_NAME = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class Stop:
    """One stop on the way through an application, for the list of steps."""

    name: str
    title: str


@dataclass(frozen=True)
class Work:
    """A draft being worked on. Another filling makes another Work."""

    desk: Desk
    draft: Draft
    filling: Filling
    applicant: Applicant

    @cached_property
    def case(self) -> Case | None:
        """The case that this draft corrects."""
        return self.desk.hall.case(self.filling.case) if self.filling.case else None

    @cached_property
    def workspace(self) -> Workspace:
        """The definitions of today; of a case, those that it is pinned to."""
        return self.desk.hall.definitions(self.case) if self.case else self.desk.workspace()

    @property
    def on(self) -> date:
        """The day whose rules hold."""
        day = self.case.on if self.case else None
        return day or self.desk.today()

    @cached_property
    def matter(self) -> Matter:
        return self.workspace.matter(self.draft.subject, self.on, self.filling.region)

    @cached_property
    def plan(self) -> ApplicationPlan:
        return plan_application(self.workspace, self.matter, self.on)

    @cached_property
    def sheet(self) -> Sheet:
        """The whole form as filled so far."""
        return self.plan.questions.sheet(self.filling.posted, self.judge(), strict=True)

    def judge(self) -> Judge:
        """What the answers so far make of a condition."""
        stated = self.filling.stated(self.applicant)
        return judge_of(self.workspace, self.matter, stated, self.on)

    def own_fact(self, matter_id: str, name: str) -> str:
        """What the form calls a fact of the matter that was decided."""
        return name

    def own_material(self, matter_id: str, name: str) -> str:
        return name

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of questions in sight."""
        return self.plan.shown(self.sheet)

    def stops(self) -> tuple[Stop, ...]:
        """The whole way: the questions, the materials, the review."""
        asked = (Stop(page.name, page.title) for page in self.pages)
        return (*asked, Stop(MATERIALS, _("材料")), Stop(REVIEW, _("核对提交")))

    def neighbour(self, name: str, offset: int) -> str:
        """The stop before or after one; the same at an end."""
        names = [stop.name for stop in self.stops()]
        place = names.index(name) if name in names else 0
        return names[min(max(place + offset, 0), len(names) - 1)]

    def page_of(self, fact: str) -> str:
        """Where a fact is asked, if it is in sight; "" otherwise."""
        page = self.plan.page_of(fact)
        is_shown = any(q.field.fact == fact for q in self.sheet.shown)
        return page.name if page is not None and is_shown else ""

    def facts(self) -> Mapping[str, object]:
        return self.sheet.facts

    def application(self) -> dict[str, Any]:
        """The application as JSON; what the system makes of the form itself is handed in with it."""
        made = {
            use.key: {"name": _("%(title)s（网上填写）", title=use.title or use.key)}
            for use in self.matter.materials
            if use.generated
        }
        application = self.filling.application(self.applicant, self.facts())
        return {**application, "materials": {**made, **application["materials"]}}

    def applications(self) -> dict[str, dict[str, Any]]:
        """By matter, what is asked of the engine."""
        return {self.draft.subject: self.application()}

    def own_place(self, matter_id: str, where: str) -> str:
        """A place in a matter's application, as the form calls it: 从业人员[1].姓名."""
        name = _NAME.match(where)
        return where if name is None else self.own_fact(matter_id, name[0]) + where[name.end() :]

    @property
    def notice(self) -> tuple[Mapping[str, Any], ...]:
        """What the one-time notice asked for, line by line."""
        notices = self.case.correction.notices if self.case else ()
        return notices[-1].lines if notices else ()

    def having(self, filling: Filling) -> "Work":
        """The same draft, filled in otherwise, not saved."""
        return replace(self, filling=filling)

    def save(self, step: str, version: int | None = None) -> "Work":
        """Saved over `version`, else over what was read. Raises DraftConflict."""
        saved = drawer(self.desk).save(
            self.draft,
            filling_to_json(self.filling),
            step=step,
            version=self.draft.version if version is None else version,
            at=self.desk.now(),
        )
        return replace(self, draft=saved)


def applicant_of_account() -> Applicant:
    """The one who is signed in, as registered by real name."""
    account = g.account
    return Applicant(
        account.person or account.name, account.id_kind, account.id_number, account.kind
    )


def drawer(desk: Desk) -> Drafts:
    return Drafts(desk.hall)


def begin_work(
    desk: Desk, subject: str, filling: Filling, kind: Literal["matter", "theme"] = "matter"
) -> Draft:
    return drawer(desk).begin(g.account.name, kind, subject, filling_to_json(filling), desk.now())


def drafts_of_account(desk: Desk) -> tuple[Draft, ...]:
    return drawer(desk).of(g.account.name)
