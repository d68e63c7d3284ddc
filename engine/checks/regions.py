"""A region sets figures within the law's floor and ceiling, and never relaxes them."""

from decimal import Decimal
from typing import Any

from engine.checks.lint_times import check_share
from engine.checks.subject import Subject, hints
from engine.checks.times import check_promise
from engine.definitions import Matter, Override, Parameter, Region, day_written
from engine.source import Path
from engine.workspace import UnknownDefinition

_EXPECTED = {
    "integer": ("整数", "a whole number"),
    "decimal": ("数字", "a number"),
    "boolean": ("true 或 false", "true or false"),
    "text": ("文字", "text"),
    "date": ("日期（如 2026-01-31）", "a date (such as 2026-01-31)"),
}


def check_region(subject: Subject[Region]) -> None:
    """Adds unknown superiors, matters and parameters, and values beyond what the law allows."""
    region = subject.definition
    _check_parent(subject)
    for matter_id, override in region.overrides.items():
        path: Path = ("overrides", matter_id)
        try:
            matter = subject.workspace.matter(matter_id, subject.day)
        except UnknownDefinition:
            known = subject.workspace.ids("matter")
            subject.unknown(path, matter_id, known, "事项", "matter", at_key=True)
            continue
        _check_override(subject, path, matter, override)


def check_parameters(subject: Subject[Matter]) -> None:
    """A matter's own values stand within its own floors and ceilings too."""
    for name, parameter in subject.definition.parameters.items():
        path: Path = ("parameters", name, "value")
        check_value(subject, path, name, parameter, parameter.value)


def _check_parent(subject: Subject[Region]) -> None:
    region, seen = subject.definition, {subject.definition.region}
    if region.parent and not subject.exists("region", region.parent):
        known = subject.workspace.ids("region")
        subject.unknown(("parent",), region.parent, known, "地区", "region")
        return
    parent = region.parent
    while parent:
        if parent in seen:
            subject.add(("parent",), "region-cycle", id=region.region)
            return
        seen.add(parent)
        versions = subject.workspace.versions("region", parent)
        above = versions[0].definition if versions else None
        parent = above.parent if isinstance(above, Region) else None


def _check_override(
    subject: Subject[Region], path: Path, matter: Matter, override: Override
) -> None:
    for name, value in override.parameters.items():
        place = (*path, "parameters", name)
        parameter = matter.parameters.get(name)
        if parameter is None:
            known = sorted(matter.parameters)
            subject.add(
                place,
                "unknown-reference",
                at_key=True,
                id=name,
                what_zh="地区参数",
                what_en="parameter",
                known_zh=f"可设：{'、'.join(known)}",
                known_en=f"Known: {', '.join(known)}",
                **hints(name, known),
            )
        else:
            check_value(subject, place, name, parameter, value)
    if override.parameters and not override.basis:
        subject.add(path, "basis-missing", at_key=True, what=f"{matter.title}的地区标准")
    check_promise(subject, (*path, "promise"), override.promise, matter.time.statutory)
    check_share(subject, (*path, "promise"), matter, override.promise)


def check_value(
    subject: Subject[Region] | Subject[Matter],
    path: Path,
    name: str,
    parameter: Parameter,
    value: object,
) -> None:
    """One value against the parameter's type, floor and ceiling."""
    if value is None:
        return
    if not _is_of_type(parameter.type, value):
        zh, en = _EXPECTED[parameter.type]
        subject.add(path, "parameter-value", name=name, value=value, expected_zh=zh, expected_en=en)
        return
    basis = "、".join(str(b) for b in parameter.basis) or "上位法"
    if isinstance(value, Decimal):
        words: dict[str, Any] = {"name": name, "value": value, "basis": basis}
        floor, ceiling = parameter.floor, parameter.ceiling
        if floor is not None and value < floor:
            subject.add(path, "region-below-floor", limit=floor, **words)
        if ceiling is not None and value > ceiling:
            subject.add(path, "region-above-ceiling", limit=ceiling, **words)


def _is_of_type(kind: str, value: object) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "decimal"):
        is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
        return is_whole if kind == "integer" else isinstance(value, Decimal)
    if kind == "date":
        return day_written(value) is not None
    return isinstance(value, str)
