"""Pages anybody may see: the list of matters, and one matter as its service guide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from markupsafe import Markup

from engine import Diagnostic, Form, Matter, Workspace, render_guide, service_guide
from studio.desk import Desk
from studio.language import current_language

_LONGEST_QUERY = 100


@dataclass(frozen=True)
class Listed:
    """One matter in the list, with how many problems the checks found in its files."""

    matter: Matter
    files: tuple[str, ...]
    errors: int
    warnings: int


def matter_pages(desk: Desk) -> Blueprint:
    """The list, its JSON twin, and the guide."""
    pages = Blueprint("matters", __name__)

    @pages.get("/")
    def listing() -> str:
        query = _query()
        workspace, report = desk.workspace(), desk.report()
        listed = list_matters(workspace, report, query, desk.today())
        shown = {
            file
            for entry in list_matters(workspace, report, "", desk.today())
            for file in entry.files
        }
        counted = {f: _count(found) for f, found in report.items() if f not in shown}
        others = {file: counts for file, counts in counted.items() if any(counts)}
        return render_template(
            "matters.html", listed=listed, query=query, others=others, editable=workspace.files
        )

    @pages.get("/matters.json")
    def listing_json() -> Response:
        listed = list_matters(desk.workspace(), desk.report(), _query(), desk.today())
        return jsonify(matters=[to_json(entry) for entry in listed])

    @pages.get("/matters/<matter_id>")
    def page(matter_id: str) -> str:
        on, workspace = desk.today(), desk.workspace()
        region = request.args.get("region", workspace.settings.region)
        matter = workspace.matter(matter_id, on, region)
        guide = service_guide(workspace, matter_id, on, region)
        return render_template(
            "matter.html",
            matter=matter,
            region=region,
            regions=workspace.regions(on),
            sections=[(s.id, s.title.say(current_language())) for s in guide.sections],
            guide=Markup(render_guide(guide, current_language())),  # escaped by its own templates
        )

    return pages


def _query() -> str:
    return request.args.get("q", "").strip()[:_LONGEST_QUERY]


def list_matters(
    workspace: Workspace,
    report: Mapping[str, tuple[Diagnostic, ...]],
    query: str,
    on: date,
) -> list[Listed]:
    """Matters that every word of the query fits, by title.

    Plain containment, since word indexes find no two-character Chinese words.
    """
    words = query.casefold().split()
    listed = []
    for matter in workspace.matters(on):
        if _is_meant(matter, words):
            files = files_of(workspace, matter.matter, on)
            found = [d for file in files for d in report.get(file, ())]
            listed.append(Listed(matter, files, *_count(found)))
    return sorted(listed, key=lambda entry: entry.matter.title)


def _is_meant(matter: Matter, words: Sequence[str]) -> bool:
    """Each word occurs in the matter or, as people write whole sentences, holds one of its names."""
    text = "\n".join(_searched(matter)).casefold()
    names = spoken_names(matter.title, matter.aliases)

    def fits(word: str) -> bool:
        return word in text or any(name in word for name in names)

    return all(map(fits, words))


def spoken_names(title: str, aliases: Iterable[str]) -> tuple[str, ...]:
    """What a sentence may hold: aliases, also without 开 or 办 (想开个理发店), and the bare title.

    One character says nothing.
    """
    bare = [
        title.split("（")[0],
        *(alias.removeprefix("开").removeprefix("办") for alias in aliases),
    ]
    return tuple(name.casefold() for name in {*aliases, *bare} if len(name) > 1)


def _count(found: Iterable[Diagnostic]) -> tuple[int, int]:
    """Errors and warnings; hints are for the editor alone."""
    severities = [diagnostic.severity for diagnostic in found]
    return severities.count("error"), severities.count("warning")


def _searched(matter: Matter) -> list[str]:
    return [
        matter.title,
        matter.matter,
        matter.organ,
        matter.code or "",
        matter.summary or "",
        *matter.aliases,
    ]


def files_of(workspace: Workspace, matter_id: str, on: date) -> tuple[str, ...]:
    """The matter's file and its form's, as in force."""
    files = [workspace.document("matter", matter_id, on).file]
    form = workspace.form(matter_id, on)
    if isinstance(form, Form):
        files.append(workspace.document("form", matter_id, on).file)
    return tuple(files)


def to_json(entry: Listed) -> dict[str, object]:
    matter = entry.matter
    return {
        "id": matter.matter,
        "title": matter.title,
        "type": matter.type,
        "level": matter.level,
        "organ": matter.organ,
        "aliases": list(matter.aliases),
        "errors": entry.errors,
        "warnings": entry.warnings,
        "url": url_for("matters.page", matter_id=matter.matter),
    }
