"""One application for the theme, taken apart into one for each matter."""

from collections.abc import Mapping
from typing import Any

from engine.decision import ApplicationError
from engine.diagnostics import Diagnostics, Place, nearest
from engine.themes.answers import chosen_path, read_answers
from engine.themes.materials import MergedMaterial, merged_materials
from engine.themes.plan import PartPlan, ThemePlan

_KEYS = (
    "applicant", "region", "path", "paths", "facts", "materials", "commitments", "date", "note",
)  # fmt: skip


def applicable_parts(plan: ThemePlan, data: Mapping[str, Any]) -> Mapping[str, bool | None]:
    """Of each part whether it is needed; None while that rests on what nobody has answered."""
    return read_answers(plan, data).applies


def split(
    plan: ThemePlan, data: Mapping[str, Any], file: str = "application"
) -> dict[str, dict[str, Any]]:
    """By matter, the application as `parse_application` takes it; only of the parts that apply.

    `data` is an application whose facts bear the theme's names and whose materials the ids of
    `merged_materials`; `path` is taken for every part, `paths` and `commitments` go by part.
    Raises ApplicationError with one diagnostic for each thing that no part knows.
    """
    materials = merged_materials(plan)
    _refuse_unknown(plan, materials, data, file)
    applies = applicable_parts(plan, data)
    return {
        part.id: application_of(plan, part, materials, data)
        for part in plan.parts
        if applies[part.id]
    }


def application_of(
    plan: ThemePlan, part: PartPlan, materials: tuple[MergedMaterial, ...], data: Mapping[str, Any]
) -> dict[str, Any]:
    """What the theme's application says to one part, in that matter's own names."""
    facts, given = data.get("facts") or {}, _submissions(materials, data.get("materials"))
    commitments = data.get("commitments") or {}
    application: dict[str, Any] = {
        "applicant": data.get("applicant") or {},
        "region": plan.region,
        "path": chosen_path(part, data),
        "facts": {local: facts[merged] for local, merged in part.names.items() if merged in facts},
        "materials": {
            need.material: given[material.id]
            for material in materials
            for need in material.serves
            if need.part == part.id and material.id in given
        },
    }
    if part.id in commitments:
        application["commitments"] = commitments[part.id]
    return application


def _submissions(materials: tuple[MergedMaterial, ...], given: Any) -> Mapping[str, Any]:
    """What was handed in, by the theme's ids; a list of ids is enough, and a title will do."""
    if isinstance(given, list | tuple):
        given = {item: {} for item in given if isinstance(item, str)}
    if not isinstance(given, Mapping):
        return {}
    by_title: dict[str, str] = {material.title: material.id for material in materials}
    by_title |= {material.id: material.id for material in materials}
    return {by_title.get(str(name), str(name)): value for name, value in given.items()}


def _refuse_unknown(
    plan: ThemePlan, materials: tuple[MergedMaterial, ...], data: Mapping[str, Any], file: str
) -> None:
    problems = Diagnostics()
    for key in sorted(set(data) - set(_KEYS)):
        words = _hints(key, _KEYS) | {"key": key, "known": "、".join(_KEYS)}
        problems.add("application-unknown-key", Place(file), where=key, **words)
    for where in ("facts", "paths", "commitments"):
        if not isinstance(data.get(where) or {}, Mapping):
            words = {"expected_zh": "“名称: 值”的对象", "expected_en": "an object"}
            found = type(data[where]).__name__
            problems.add("application-value", Place(file), where=where, found=found, **words)
    if problems.found:
        raise ApplicationError(problems.sorted())
    for name in sorted(set(data.get("facts") or {}) - set(plan.facts)):
        words = _hints(name, plan.facts) | {"name": name, "matter": plan.theme.title}
        problems.add("application-unknown-fact", Place(file), where=name, **words)
    known = {material.id for material in materials}
    for name in sorted(set(_submissions(materials, data.get("materials"))) - known):
        words = _hints(name, known) | {"name": name}
        problems.add(
            "application-unknown-material", Place(file), where=f"materials.{name}", **words
        )
    parts = {part.id for part in plan.parts}
    for where in ("paths", "commitments"):
        for name in sorted(set(data.get(where) or {}) - parts):
            words = _hints(name, parts) | {"key": name, "known": "、".join(sorted(parts))}
            problems.add("application-unknown-key", Place(file), where=f"{where}.{name}", **words)
    if problems.found:
        raise ApplicationError(problems.sorted())


def _hints(word: str, known: Any) -> dict[str, str]:
    close = nearest(word, known)
    return {
        "hint_zh": f"是否想写“{close}”？" if close else "",
        "hint_en": f'Did you mean "{close}"? ' if close else "",
    }
