"""一件事: one application begun as the cases of its parts, each decided apart and for itself.

The theme case is kept first, then its cases one after the other, each by a key of its own: whoever is
interrupted hands the same application in again, and what was begun is found, not begun twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from engine.casework import Case, Command, CommandRefused
from engine.checks import admit_theme
from engine.decision import to_plain
from engine.hall.drafting import Drafts
from engine.hall.hall import Hall
from engine.store import read_case
from engine.store.attachments import copy_attachments
from engine.store.chain import digest_of
from engine.store.drafts import Draft
from engine.store.event_log import fold_case
from engine.store.theme_cases import (
    StoredThemeCase,
    add_theme_part,
    begin_theme_case,
    read_theme_case,
    theme_case_of,
    theme_cases_of,
)
from engine.themes import ThemeStatus, applicable_parts, split

_UNFAVOURABLE = ("不予", "不予受理", "终止")


@dataclass(frozen=True)
class ThemeCase:
    """One application for a theme: a case for each part that is needed, and why others are not."""

    id: str
    theme: str
    title: str
    owner: str
    submitted_at: datetime
    cases: tuple[Case, ...]
    not_needed: tuple[tuple[str, str], ...]  # title of the part, reason

    @property
    def status(self) -> ThemeStatus:
        """全部办结 and 未办结 when every case has ended, 部分办结 as soon as one was granted."""
        granted = [case for case in self.cases if case.outcome == "准予"]
        refused = [case for case in self.cases if case.outcome in _UNFAVOURABLE]
        if len(granted) == len(self.cases):
            return "全部办结"
        if granted:
            return "部分办结"
        return "未办结" if len(refused) == len(self.cases) else "办理中"


def submit_theme(
    hall: Hall,
    theme_id: str,
    data: Mapping[str, Any],
    command: Command,
    draft: Draft | None = None,
) -> ThemeCase:
    """Begins every part that the answers call for. Given again with the same key, goes on with it.

    `data` is one application with the facts of the theme. Raises ApplicationError where a part
    cannot be told to be needed or not, or does not fit; and what `Hall.submit` raises.
    """
    workspace = hall.current()
    region = str(data.get("region") or workspace.settings.region)
    plan = admit_theme(workspace, theme_id, command.day, region)
    applications = split(plan, data)
    needed = applicable_parts(plan, data)
    unknown = [part.matter.title for part in plan.parts if needed[part.id] is None]
    if unknown:
        listed = "、".join(unknown)
        raise CommandRefused(
            "parts-unknown",
            f"还不能确定是否须办理：{listed}；请先填写有关的情形",
            f"not known yet whether these are needed: {', '.join(unknown)}",
        )
    not_needed = [
        [part.matter.title, part.part.reason or "按所填的情形不须办理"]
        for part in plan.parts
        if needed[part.id] is False
    ]
    identity = _identity(command)
    told = {**command.body, "theme": {"id": identity, "title": plan.theme.title}}
    commands = {part: _for_part(command, told, f"theme:{identity}:{part}") for part in applications}
    for part, posted in applications.items():  # all of it or nothing
        hall.examine(part, posted, commands[part])
    content = {"application": to_plain(data), "not_needed": not_needed}
    owner = command.actor.name
    with hall.database.write() as connection:
        begin_theme_case(
            connection, identity, theme_id, plan.theme.title, owner, content, command.at
        )
    for part, posted in applications.items():
        case = hall.submit(part, posted, commands[part])
        with hall.database.write() as connection:
            add_theme_part(connection, identity, part, case.id)
            if draft is not None:
                copy_attachments(connection, draft.id, case.id, _digests(posted))
    if draft is not None:
        Drafts(hall).discard(draft.id, draft.owner)
    return find_theme_case(hall, identity)


def _for_part(command: Command, told: Mapping[str, Any], key: str) -> Command:
    return Command("submit", command.actor, command.at, told, key)


def find_theme_case(hall: Hall, identity: str) -> ThemeCase:
    """One, with its cases as they are now. Raises KeyError."""
    with hall.database.read() as connection:
        stored = read_theme_case(connection, identity)
    return _with_cases(hall, stored)


def theme_cases(hall: Hall, owner: str) -> tuple[ThemeCase, ...]:
    """Somebody's, the last handed in first."""
    with hall.database.read() as connection:
        found = theme_cases_of(connection, owner)
    return tuple(_with_cases(hall, stored) for stored in found)


def theme_of_case(hall: Hall, case_id: str) -> ThemeCase | None:
    """The theme case that a case belongs to; None where it was asked for alone."""
    with hall.database.read() as connection:
        identity = theme_case_of(connection, case_id)
    return None if identity is None else find_theme_case(hall, identity)


def _with_cases(hall: Hall, stored: StoredThemeCase) -> ThemeCase:
    with hall.database.read() as connection:
        cases = [fold_case(read_case(connection, case)) for case in stored.cases.values()]
    return ThemeCase(
        stored.id,
        stored.theme,
        stored.title,
        stored.owner,
        stored.submitted_at,
        tuple(sorted(cases, key=lambda case: case.number)),
        tuple((title, reason) for title, reason in stored.content["not_needed"]),
    )


def _identity(command: Command) -> str:
    """The same command, the same theme case."""
    if not command.key:
        return uuid4().hex
    return digest_of(f"{command.actor.name}\n{command.key}".encode())[:32]


def _digests(application: Mapping[str, Any]) -> frozenset[str]:
    materials = application.get("materials") or {}
    given = materials.values() if isinstance(materials, Mapping) else ()
    named = [str(one.get("digest", "")) for one in given if isinstance(one, Mapping)]
    return frozenset(digest for digests in named for digest in digests.split())
