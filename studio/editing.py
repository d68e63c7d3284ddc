"""The text of one definition: shown, checked and saved with every comment in its place."""

import difflib
import re
from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import KIND_TITLES, Diagnostic, Workspace, check_text, check_workspace
from studio.desk import Desk
from studio.language import _
from studio.problems import ChangedMeanwhile
from studio.shelf import Stored, worst_first
from studio.trial import trial_context

Answer = str | Response | tuple[str, int]
_CARET = re.compile(r"[1-9][0-9]{0,6}(:[1-9][0-9]{0,6})?", re.ASCII)


def editing_pages(desk: Desk) -> Blueprint:
    """One editor for every kind of definition, found by file or by kind and id."""
    pages = Blueprint("editing", __name__)

    @pages.get("/matters/<matter_id>/edit")
    def of_matter(matter_id: str) -> Response:
        return of_definition("matter", matter_id)

    @pages.get("/definitions/<kind>/<identity>/edit")
    def of_definition(kind: str, identity: str) -> Response:
        if kind not in KIND_TITLES:
            abort(404)
        file = desk.workspace().file(kind, identity, desk.today()).file
        return redirect(url_for("editing.page", file=file))

    @pages.get("/files/<path:file>")
    def page(file: str) -> str:
        stored = desk.shelf.read(file) or abort(404)
        return _page(desk, stored, stored.text, desk.report().get(file, ()))

    @pages.post("/files/<path:file>")
    def save(file: str) -> Answer:
        stored = desk.shelf.read(file) or abort(404)
        text = stored.adopt(request.form.get("text", ""))
        found = check_text(desk.workspace(), file, text)
        told = _refusal(desk, stored, text, found)
        if told:
            return _page(desk, stored, text, found, problem=told), 422
        chosen = [request.form.get(name, "") for name in ("anyway", "over", "digest")]
        digest = next(filter(None, chosen), "")
        broken = () if chosen[0] or stored.digest != digest else newly_broken(desk, file, text)
        if broken:
            return _page(desk, stored, text, found, broken=broken), 422
        try:
            desk.shelf.save(file, text, digest)
        except ChangedMeanwhile:
            current = desk.shelf.read(file) or abort(404)
            return _page(desk, current, text, found, conflict=_changes(current.text, text)), 409
        flash(_("已保存。"), "ok")
        return redirect(_place(file))

    return pages


def _refusal(desk: Desk, stored: Stored, text: str, found: Sequence[Diagnostic]) -> str:
    """Why this text may not be saved at all; empty when it may."""
    if any(diagnostic.is_error for diagnostic in found):
        return str(_("没有保存：请先改正下面列出的错误。您写的内容仍在编辑框里。"))
    workspace = desk.workspace()
    before = workspace.files[stored.file]
    now = workspace.with_text(stored.file, text).files[stored.file]
    if not before.kind or (before.kind, before.id) == (now.kind, now.id):
        return ""
    names = {"before": f"{before.kind}: {before.id}", "now": f"{now.kind}: {now.id}"}
    return str(
        _(
            "没有保存：不能在这里改变定义的种类和编号（原为 %(before)s，现为 %(now)s），"
            "引用它的文件会找不到它。请改回；您写的内容仍在编辑框里。",
            **names,
        )
    )


def newly_broken(desk: Desk, file: str, text: str) -> tuple[Diagnostic, ...]:
    """The errors that saving `text` would bring about in other files."""
    report = desk.report()
    known = {_said(d) for found in report.values() for d in found}
    after = check_workspace(desk.workspace().with_text(file, text))
    others = (d for d in after if d.is_error and d.place.file != file)
    return tuple(d for d in others if _said(d) not in known)


def _said(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.place.file, diagnostic.code, diagnostic.message_zh


def _place(file: str) -> str:
    """The editor of the file, with the sample in its form and the caret where it was."""
    caret = request.form.get("caret", "")
    anchor = f"L{caret}" if _CARET.fullmatch(caret) else None
    return url_for("editing.page", file=file, sample=request.args.get("sample"), _anchor=anchor)


def _first_error(found: Sequence[Diagnostic], file: str) -> str:
    """Where to begin mending: `line:column`, as the editor's script reads it."""
    places = (d.place for d in worst_first(found) if d.is_error and d.place.file == file)
    return next((f"{p.line}:{p.column}" for p in places if p.line), "")


def _page(
    desk: Desk,
    stored: Stored,
    text: str,
    found: Sequence[Diagnostic],
    *,
    problem: str = "",
    conflict: str = "",
    broken: Sequence[Diagnostic] = (),
) -> str:
    """The editor with `text`. In a conflict the page keeps the digest the person started from."""
    workspace = desk.workspace()
    kind, identity = _defined(workspace, stored.file)
    started = request.form.get("digest", "") if conflict else stored.digest
    matter_id = identity if kind in ("matter", "form") else ""
    return render_template(
        "editor.html",
        stored=stored,
        text=text,
        kind=kind,
        identity=identity,
        kind_title=KIND_TITLES.get(kind, ("", "")),
        digest=started,
        found=worst_first(found),
        problem=problem,
        conflict=conflict,
        broken=broken,
        caret=_first_error(found, stored.file) if problem else "",
        related=_related(workspace, desk, matter_id) if matter_id else [],
        trial=trial_context(desk, matter_id) if matter_id else None,
    )


def _defined(workspace: Workspace, file: str) -> tuple[str, str]:
    """The kind and id that a file defines; by its folder while it is too broken to say."""
    defined = workspace.files[file]
    if defined.kind:
        return defined.kind, defined.id
    return ("form" if file.startswith("form_defs/") else "matter"), ""


def _related(workspace: Workspace, desk: Desk, matter_id: str) -> list[tuple[str, str, str]]:
    """(kind, title, file) of everything the matter is made of, itself first."""
    on = desk.today()
    if not workspace.versions("matter", matter_id):
        return []
    wanted = [("matter", matter_id), ("form", matter_id), *_used(workspace, matter_id, desk)]
    related = []
    for kind, identity in dict.fromkeys(wanted):
        for defined in workspace.versions(kind, identity):
            if defined.definition is not None and defined.definition.is_in_effect(on):
                title = getattr(defined.definition, "title", None) or identity
                related.append((kind, str(title), defined.file))
    return related


def _used(workspace: Workspace, matter_id: str, desk: Desk) -> list[tuple[str, str]]:
    matter = workspace.versions("matter", matter_id)[0].definition
    facts = getattr(matter, "facts", {}).values()
    materials = getattr(matter, "materials", ())
    regions = [r.region for r in workspace.regions(desk.today()) if matter_id in r.overrides]
    return [
        *(("codes", fact.codes) for fact in facts if fact.codes),
        *(("material", use.use) for use in materials if use.use),
        *(("licence", licence) for use in materials for licence in use.satisfied_by or ()),
        *(("region", region) for region in regions),
        *(("rules", identity) for identity in workspace.ids("rules")),
    ]


def _changes(on_disk: str, mine: str) -> str:
    """What saving would change in the file as it is now."""
    lines = difflib.unified_diff(
        on_disk.splitlines(), mine.splitlines(), _("磁盘上的内容"), _("您的内容"), lineterm="", n=2
    )
    return "\n".join(lines)
