"""What changed between two versions of a matter, in the words of officers."""

from datetime import date

from flask import Blueprint, abort, render_template, request

from engine import DIRECTION_TITLES, GROUP_TITLES, Version, Workspace, compare_versions
from studio.desk import Desk

_TAGS = {
    "eases": "tag-met",
    "tightens": "tag-unmet",
    "neutral": "tag-plain",
    "unclear": "tag-pending",
}


def comparison_pages(desk: Desk) -> Blueprint:
    """Two versions of one matter, chosen by the days they came into force."""
    pages = Blueprint("comparing", __name__)

    @pages.get("/matters/<matter_id>/changes")
    def page(matter_id: str) -> str:
        workspace, today = desk.workspace(), desk.today()
        matter = workspace.matter(matter_id, today)
        days = _days(workspace, matter_id)
        after = _day(request.args.get("after")) or _in_force(days, today)
        before = _day(request.args.get("before")) or _in_force(days, after, earlier=True)
        if before not in days or after not in days:
            abort(404)
        found = compare_versions(*(Version(workspace, matter_id, day) for day in (before, after)))
        return render_template(
            "changes.html",
            matter=matter,
            days=days,
            before=before,
            after=after,
            found=found,
            groups=GROUP_TITLES,
            directions=DIRECTION_TITLES,
            tags=_TAGS,
        )

    return pages


def _days(workspace: Workspace, matter_id: str) -> list[date]:
    """The first day of each version that is in force on it; the earliest for one without dates."""
    found = []
    for file in workspace.versions("matter", matter_id):
        effective = file.definition.effective if file.definition else None
        found.append(effective.from_ if effective else date.min)
    return sorted(found)


def _in_force(days: list[date], on: date, *, earlier: bool = False) -> date:
    """The version in force on a day, or the one before it where there is one."""
    begun = [day for day in days if day <= on] or days[:1]
    return begun[-2] if earlier and len(begun) > 1 else begun[-1]


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
