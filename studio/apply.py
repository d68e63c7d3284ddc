"""Where applicants begin: find a matter in everyday words, read what it takes, start a draft."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form as WebForm

from engine import (
    EXEMPT_LABEL,
    Applicant,
    DraftKind,
    Matter,
    Region,
    Theme,
    Workspace,
    merge_theme,
    prefill,
)
from studio.apply_cases import own_pages
from studio.apply_drafts import Work, applicant_of_account, begin_work, drafts_of_account
from studio.apply_filling import Filling, filling_of_json
from studio.apply_masking import masked_number
from studio.apply_materials import material_pages
from studio.apply_plan import plan_application
from studio.apply_review import review_pages
from studio.apply_steps import step_pages
from studio.apply_theme import known_of_theme, themes_of
from studio.desk import Desk
from studio.fields import OneField, WordsField
from studio.language import _
from studio.matters import list_matters, spoken_names
from studio.progress import progress_pages
from studio.settings import BEIJING
from studio.verification import verification_pages

_LONGEST_QUERY = 100
_PERSON = "自然人"


@dataclass(frozen=True)
class Audience:
    """A choice of the first page: whom a matter serves."""

    name: str
    title: str

    def includes(self, matter: Matter) -> bool:
        is_personal = _PERSON in matter.served
        has_others = any(kind != _PERSON for kind in matter.served)
        return {"person": is_personal, "organisation": has_others}.get(self.name, True)


def audiences() -> tuple[Audience, ...]:
    return (
        Audience("", _("全部")),
        Audience("person", _("个人办事")),
        Audience("organisation", _("法人办事")),
    )


def applicant_blueprints(desk: Desk) -> tuple[Blueprint, ...]:
    """Every page of applicants, and those that anybody may ask about a case or a licence."""
    return (
        applying_pages(desk),
        step_pages(desk),
        material_pages(desk),
        review_pages(desk),
        own_pages(desk),
        progress_pages(desk),
        verification_pages(desk),
    )


def applying_pages(desk: Desk) -> Blueprint:
    """The applicants' first pages; anybody may read them, only applicants begin."""
    pages = Blueprint("apply", __name__, url_prefix="/apply")
    pages.add_app_template_filter(masked_number, "masked")
    pages.add_app_template_filter(written_moment, "moment")
    pages.add_app_template_global(guide_of)

    @pages.get("")
    def home() -> str:
        query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
        chosen = next((a for a in audiences() if a.name == request.args.get("for")), audiences()[0])
        workspace = desk.workspace()
        listed = [entry.matter for entry in list_matters(workspace, {}, query, desk.today())]
        found = [matter for matter in listed if chosen.includes(matter)]
        themes = themes_meant(themes_of(workspace, desk), query) if chosen.name != "person" else ()
        is_swap = request.headers.get("HX-Request") == "true"
        template = "_apply_found.html" if is_swap else "apply_home.html"
        return render_template(
            template,
            found=found,
            themes=themes,
            query=query,
            chosen=chosen,
            audiences=audiences(),
        )

    @pages.get("/matters/<matter_id>")
    def guide(matter_id: str) -> str:
        workspace, on = desk.workspace(), desk.today()
        region = _region(workspace, desk, matter_id, request.args.get("region", ""))
        matter = workspace.matter(matter_id, on, region)
        return render_template(
            "apply_guide.html",
            matter=matter,
            region=region,
            regions=local_regions(workspace, desk, matter_id),
            licence=_result_title(workspace, desk, matter),
        )

    @pages.get("/themes/<theme_id>")
    def theme(theme_id: str) -> str:
        workspace = desk.workspace()
        region = _region(workspace, desk, theme_id, request.args.get("region", ""))
        merged = merge_theme(workspace, theme_id, desk.today(), region)
        return render_template(
            "apply_theme.html",
            exempt_label=EXEMPT_LABEL,
            theme=merged.plan.theme,
            merged=merged,
            region=region,
            regions=local_regions(workspace, desk, theme_id),
        )

    @pages.get("/matters/<subject>/begin", defaults={"kind": "matter"})
    @pages.get("/themes/<subject>/begin", defaults={"kind": "theme"})
    def begin(kind: DraftKind, subject: str) -> str:
        return _begin_page(desk, kind, subject, _beginning(desk, kind, subject))

    @pages.post("/matters/<subject>/begin", defaults={"kind": "matter"})
    @pages.post("/themes/<subject>/begin", defaults={"kind": "theme"})
    def start(kind: DraftKind, subject: str) -> Response | tuple[str, int]:
        form = _beginning(desk, kind, subject)
        if not form.validate():
            return _begin_page(desk, kind, subject, form), 422
        filling = Filling(region=form["region"].data, agent=form["agent"].data or "")
        known = known_of_theme if kind == "theme" else _known_of_matter
        filling = known(desk, subject, filling, applicant_of_account())
        draft = begin_work(desk, subject, filling, kind)
        return redirect(url_for("filling.resume", draft_id=draft.id))

    return pages


def themes_meant(themes: Iterable[Theme], query: str) -> tuple[Theme, ...]:
    """The themes that every word of a query fits; as people write, a word may hold an alias."""
    words = query.casefold().split()

    def fits(theme: Theme, word: str) -> bool:
        text = "\n".join((theme.title, theme.theme, theme.summary or "", *theme.aliases)).casefold()
        return word in text or any(n in word for n in spoken_names(theme.title, theme.aliases))

    return tuple(theme for theme in themes if all(fits(theme, word) for word in words))


def local_regions(workspace: Workspace, desk: Desk, subject: str) -> tuple[Region, ...]:
    """Where applications are accepted: the regions that have none below them.

    First those that say most of their own about the matter, or the matters of the theme.
    """
    regions = workspace.regions(desk.today())
    parents = {region.parent for region in regions}
    local = (region for region in regions if region.region not in parents)
    found = workspace.find("theme", subject, desk.today())
    theme = found.definition if found else None
    matters = {p.matter for p in theme.parts} if isinstance(theme, Theme) else {subject}
    return tuple(sorted(local, key=lambda region: -len(matters & set(region.overrides))))


def _region(workspace: Workspace, desk: Desk, subject: str, asked: str) -> str:
    """The region asked for, else the workspace's own, else the first."""
    codes = [region.region for region in local_regions(workspace, desk, subject)]
    for wish in (asked, workspace.settings.region, *codes[:1]):
        if wish in codes:
            return wish
    return ""


def guide_of(work: Work) -> str:
    """Where what is applied for is described."""
    if work.draft.kind == "theme":
        return url_for("apply.theme", theme_id=work.draft.subject)
    return url_for("apply.guide", matter_id=work.draft.subject)


def written_moment(at: datetime, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """A moment as clocks in China show it."""
    return at.astimezone(BEIJING).strftime(pattern)


def _beginning(desk: Desk, kind: DraftKind, subject: str) -> WebForm:
    workspace = desk.workspace()
    workspace.file(kind, subject, desk.today())  # an unknown one is no page
    regions = {r.region: r.title for r in local_regions(workspace, desk, subject)}
    fields = {
        "region": OneField(_("受理地区"), choices=regions or {"": _("不指定")}),
        "agent": WordsField(_("代理人姓名（本人办理的不填）"), longest=50),
    }
    form: WebForm = type("Beginning", (WebForm,), fields)(request.form or None)
    if not request.form:
        form["region"].data = _region(workspace, desk, subject, request.args.get("region", ""))
    return form


def _begin_page(desk: Desk, kind: DraftKind, subject: str, form: WebForm) -> str:
    found = desk.workspace().file(kind, subject, desk.today()).definition
    drafts = [d for d in drafts_of_account(desk) if (d.kind, d.subject) == (kind, subject)]
    return render_template(
        "apply_begin.html",
        title=getattr(found, "title", subject),
        guide=url_for("apply.theme", theme_id=subject)
        if kind == "theme"
        else url_for("apply.guide", matter_id=subject),
        form=form,
        begun=[draft for draft in drafts if not filling_of_json(draft.answers).case],
        applicant=applicant_of_account(),
    )


def _known_of_matter(desk: Desk, matter_id: str, filling: Filling, applicant: Applicant) -> Filling:
    """Registers asked once, at the beginning; what they say stays open to correction."""
    workspace, on = desk.workspace(), desk.today()
    matter = workspace.matter(matter_id, on, filling.region)
    known = prefill(workspace, matter_id, filling.stated(applicant), on=on, sources=desk.sources)
    return filling.with_prefilled(plan_application(workspace, matter, on).questions, known.given)


def _result_title(workspace: Workspace, desk: Desk, matter: Matter) -> str:
    kind = matter.result.licence
    if kind and kind in workspace.ids("licence"):
        return workspace.licence(kind, desk.today()).title
    return matter.result.title or ""
