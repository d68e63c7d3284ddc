"""What every application says beside the matter's own questions: who, where, when, how, with what."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form as WebForm

from engine import PATH_TITLES, Matter, Workspace
from studio.fields import DayOfApplicationField, OneField, RadioField, SeveralField, WordsField
from studio.language import _

ID_KINDS = ("统一社会信用代码", "公民身份号码")


def particulars_form(
    workspace: Workspace, matter: Matter, on: date, posted: MultiDict[str, str]
) -> WebForm:
    """The applicant, the region, the path, the day and the materials at hand."""
    fields = {
        "a_name": WordsField(_("申请人名称（姓名）")),
        "a_id_kind": OneField(_("证件类型"), choices=_optional(ID_KINDS)),
        "a_id_number": WordsField(_("证件号码"), is_number=True),
        "a_kind": OneField(_("主体类型"), choices=_optional(matter.served)),
        "a_agent": WordsField(_("代理人（无则不填）")),
        "a_region": OneField(_("受理地区"), choices=_regions(workspace, on)),
        "a_path": RadioField(_("办理路径"), choices=_paths(matter)),
        "a_on": DayOfApplicationField(_("申请日期")),
        "a_materials": SeveralField(_("已备齐的材料"), choices=_materials(matter)),
    }
    form: WebForm = type("Particulars", (WebForm,), fields)(posted or None)
    form["a_region"].data = form["a_region"].data or _own_region(workspace, on)
    form["a_path"].data = form["a_path"].data or "general"
    form["a_on"].data = form["a_on"].data or on
    return form


def _optional(words: Iterable[str]) -> dict[str, str]:
    return {"": _("请选择"), **{word: word for word in words}}


def _regions(workspace: Workspace, on: date) -> dict[str, str]:
    titles = {r.region: f"{r.title}（{r.region}）" for r in workspace.regions(on)}
    return {"": _("不指定"), **titles}


def _own_region(workspace: Workspace, on: date) -> str:
    own = workspace.settings.region
    return own if own in {r.region for r in workspace.regions(on)} else ""


def _paths(matter: Matter) -> dict[str, str]:
    return {path: _(PATH_TITLES[path]) for path in ("general", *matter.paths)}


def _materials(matter: Matter) -> dict[str, str]:
    return {use.key: use.title or use.key for use in matter.materials}


def read_particulars(form: WebForm) -> dict[str, Any]:
    """The application's JSON without its facts."""
    titles: dict[str, str] = getattr(form["a_materials"], "choices", {})
    handed_in = form["a_materials"].data or []
    return {
        "applicant": {
            "name": form["a_name"].data or "",
            "id_kind": form["a_id_kind"].data or "",
            "id_number": form["a_id_number"].data or "",
            "kind": form["a_kind"].data or "",
            "agent": form["a_agent"].data or "",
        },
        "region": form["a_region"].data or "",
        "path": form["a_path"].data or "general",
        "materials": {key: {"name": titles[key]} for key in handed_in if key in titles},
    }


def post_particulars(sample: Mapping[str, Any]) -> MultiDict[str, str]:
    """What a browser would post for a sample application's particulars."""
    applicant = sample.get("applicant") or {}
    posted = MultiDict({f"a_{key}": str(value) for key, value in applicant.items() if value})
    for key in ("region", "path"):
        if sample.get(key):
            posted[f"a_{key}"] = str(sample[key])
    posted.setlist("a_materials", [str(key) for key in sample.get("materials") or ()])
    return posted
