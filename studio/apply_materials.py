"""The materials of a draft: what is exempt and why, what to upload, what may be promised instead."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response as Redirect
from wtforms import Form as WebForm

from engine import (
    DraftConflict,
    MaterialResult,
    MaterialUse,
    UploadRefused,
)
from studio.apply_drafts import Work, drawer
from studio.apply_filling import Filling, Upload
from studio.apply_foresight import Foresight, foresee
from studio.apply_opening import open_work
from studio.apply_paths import path_form, ways_of, with_paths
from studio.apply_plan import MATERIALS
from studio.apply_steps import stop_url
from studio.desk import Desk
from studio.downloads import offered_as
from studio.language import _, current_language
from studio.theme_needs import served_titles

Answer = str | tuple[str, int] | Redirect
Change = Callable[[Filling], Filling]
_PATIENCE = 5  # tries to save a draft that others are saving at the same moment


@dataclass(frozen=True)
class MaterialLine:
    """One material as the page shows it. `refused` says why the file just sent was not taken."""

    use: MaterialUse
    result: MaterialResult
    uploads: tuple[Upload, ...]
    refused: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()  # titles of the parts of a theme that it is handed in for

    @property
    def is_needed(self) -> bool:
        return self.result.status != "不需要"

    @property
    def may_upload(self) -> bool:
        is_open = self.result.status not in ("免提交", "不需要")
        return "upload" in self.use.resolve and is_open and not self.use.generated


def material_pages(desk: Desk) -> Blueprint:
    """The page of materials, and the uploads on it."""
    pages = Blueprint("handing_in", __name__, url_prefix="/apply/drafts/<draft_id>/materials")

    @pages.get("")
    def page(draft_id: str) -> str:
        return _page(open_work(desk, draft_id))

    @pages.post("")
    def choose(draft_id: str) -> Answer:
        work = open_work(desk, draft_id)
        ways = ways_of(work)
        form = path_form(ways)
        if not form.validate():
            return _page(work, form=form), 422
        work = _change(desk, draft_id, with_paths(ways, form))
        then = request.form.get("then", "stay")
        if then == "stay":
            return _page(work) if _is_swap() else redirect(stop_url(draft_id, MATERIALS))
        following = work.neighbour(MATERIALS, -1 if then == "back" else 1)
        return redirect(stop_url(draft_id, following))

    @pages.post("/<material>")
    def upload(draft_id: str, material: str) -> Answer:
        work = open_work(desk, draft_id)
        _known(work, material)
        refused = _take_files(desk, work, material)
        work = open_work(desk, draft_id)
        if refused:
            return _page(work, refused={material: refused}), 422
        return _page(work) if _is_swap() else redirect(_place(draft_id, material))

    @pages.post("/<material>/remove")
    def remove(draft_id: str, material: str) -> Answer:
        work = open_work(desk, draft_id)
        upload = _own_upload(work, material, request.form.get("upload", ""))
        drawer(desk).detach(work.draft, upload.id)
        work = _change(desk, draft_id, lambda f: f.without_upload(material, upload.id))
        return _page(work) if _is_swap() else redirect(_place(draft_id, material))

    @pages.get("/<material>/<upload_id>")
    def look(draft_id: str, material: str, upload_id: str) -> Response:
        work = open_work(desk, draft_id)
        upload = _own_upload(work, material, upload_id)
        found, content = drawer(desk).content(work.draft, upload.id)
        answer = Response(content, mimetype=found.media_type)
        answer.headers["Content-Disposition"] = offered_as(found.name)
        return answer

    return pages


def _page(
    work: Work, *, form: WebForm | None = None, refused: Mapping[str, tuple[str, ...]] | None = None
) -> str:
    foresight, ways = foresee(work), ways_of(work)
    return render_template(
        "_apply_materials.html" if _is_swap() else "apply_materials.html",
        work=work,
        form=form or path_form(ways),
        all_ways=ways,
        foresight=foresight,
        lines=list(material_lines(work, foresight, refused or {})),
    )


def _is_swap() -> bool:
    return request.headers.get("HX-Request") == "true"


def _place(draft_id: str, material: str) -> str:
    return url_for("handing_in.page", draft_id=draft_id, _anchor=f"material-{material}")


def material_lines(
    work: Work, foresight: Foresight, refused: Mapping[str, tuple[str, ...]]
) -> Iterator[MaterialLine]:
    """Every material with what the engine makes of it; none while there is no finding."""
    by_id = {result.id: result for result in foresight.materials}
    for use in work.matter.materials:
        result = by_id.get(use.key)
        if result is not None:
            uploads = work.filling.uploads.get(use.key, ())
            told = refused.get(use.key, ())
            yield MaterialLine(use, result, uploads, told, served_titles(work, use.key))


def _known(work: Work, material: str) -> None:
    if material not in {use.key for use in work.matter.materials if not use.generated}:
        abort(404)


def _own_upload(work: Work, material: str, upload_id: str) -> Upload:
    for upload in work.filling.uploads.get(material, ()):
        if upload.id == upload_id:
            return upload
    abort(404)


def _take_files(desk: Desk, work: Work, material: str) -> tuple[str, ...]:
    """Keeps every file sent; why those were refused that were, each by its name."""
    files = [file for file in request.files.getlist("file") if file.filename]
    refused = [] if files else [str(_("请先选择文件。"))]
    for file in files:
        name = file.filename or ""
        try:
            with closing(file):
                kept = drawer(desk).attach(work.draft, file.stream, name, desk.now())
        except UploadRefused as error:
            told = error.en if current_language() == "en" else error.zh
            refused.append(f"{name[:100]}：{told}")
        else:
            upload = Upload(kept.id, kept.digest, kept.name, kept.size, kept.media_type)
            _change(desk, work.draft.id, partial(_with_upload, material, upload))
    return tuple(refused)


def _with_upload(material: str, upload: Upload, filling: Filling) -> Filling:
    return filling.with_upload(material, upload)


def _change(desk: Desk, draft_id: str, change: Change) -> Work:
    """Saves a change that nothing typed elsewhere can contradict."""
    for _turn in range(_PATIENCE):
        work = open_work(desk, draft_id)
        try:
            return work.having(change(work.filling)).save(MATERIALS)
        except DraftConflict:
            continue  # saved just now by another request: the change is made on that
    raise Conflict
