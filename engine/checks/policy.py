"""Policy: basis, remedy, catch-all materials, times, core materials, unused facts."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from engine.checks.references import expression_names
from engine.checks.subject import Subject
from engine.checks.times import check_promise
from engine.definitions import PATH_TITLES, Bases, MaterialUse, Matter, meaning_of
from engine.feel import compile_unary
from engine.source import Path

# 其他/相关/有关/等材料: beyond what is listed nothing may be asked for (domain.md A2.2).
_CATCH_ALL = re.compile(
    "(?:其他|其它|相关|有关)(?:的)?(?:材料|证明|文件|资料|证件|手续)"
    "|等(?:材料|证明|文件|资料|证件)|要求的其他|(?<![平高中初同一二三特])等$"
)
_UNREADABLE = ("feel-syntax", "unknown-fact", "unknown-function")
# DESIGN: a commitment has its text, a later check, and an end for what was false or not done.
_COMMITMENT = ("duty", "verify_within", "on_false", "on_unfulfilled")


def check_policy(subject: Subject[Matter]) -> None:
    """Adds what the policy documents ask for and the matter does not have."""
    check_bases(subject, based(subject))
    _check_remedies(subject)
    _check_materials(subject)
    _check_time(subject)
    _check_path_order(subject)
    _check_commitment(subject)
    # An expression that cannot be read may well read the fact.
    if not any(d.code in _UNREADABLE for d in subject.problems.found):
        _check_unused(subject)


def based(subject: Subject[Matter]) -> Iterator[tuple[Path, str, Bases]]:
    """Everything that must rest on a law: its path, what it is called, and what it rests on."""
    matter = subject.definition
    yield (), matter.title, matter.basis
    for n, criterion in enumerate(matter.criteria):
        yield ("criteria", n), criterion.point, criterion.basis
        if criterion.judgement is not None:
            what = f"{criterion.point}（裁量）"
            yield ("criteria", n, "judgement"), what, criterion.judgement.basis
    for n, material in enumerate(matter.materials):
        shared = () if material.basis is None else material.basis
        if material.use is None:
            yield ("materials", n), material.title or material.key, shared
    for n, table in enumerate(matter.tables):
        if not all(row.basis for row in table.rows):
            yield ("tables", n), table.label, table.basis
    for path_id, declaration in matter.paths.items():
        yield ("paths", path_id), PATH_TITLES[path_id], declaration.basis
    for n, rule in enumerate(matter.conclusions):
        yield ("conclusions", n), rule.title or rule.rule, (*rule.basis, *rule.then.basis)
    for n, benefit in enumerate(matter.benefits):
        yield ("benefits", n), benefit.title, benefit.basis
    for n, obligation in enumerate(matter.obligations):
        yield ("obligations", n), obligation.title, obligation.basis
    set_by_regions = _parameters_of_regions(subject)
    for name, parameter in matter.parameters.items():
        limits = (parameter.floor, parameter.ceiling)
        if parameter.basis or any(x is not None for x in limits) or name in set_by_regions:
            yield ("parameters", name), parameter.title or name, parameter.basis


def _parameters_of_regions(subject: Subject[Matter]) -> set[str]:
    """What some region sets, or must still set because it has no value."""
    matter, workspace, day = subject.definition, subject.workspace, subject.day
    regions = workspace.keep(("regions", day), lambda: workspace.regions(day))
    overrides = [r.overrides[matter.matter] for r in regions if matter.matter in r.overrides]
    unset = {name for name, parameter in matter.parameters.items() if parameter.value is None}
    return unset.union(*(override.parameters for override in overrides))


def check_bases(subject: Subject[Any], based: Iterable[tuple[Path, str, Bases]]) -> None:
    """Adds what rests on no law, and what rests on one that nobody has checked."""
    for path, what, bases in based:
        if not bases:
            if not any(subject.document.lost((*path,), name) for name in ("basis", "then")):
                subject.add(path, "basis-missing", at_key=True, what=what)
        elif not all(basis.verified for basis in bases):
            subject.add((*path, "basis"), "basis-unverified", at_key=True, what=what)


def _check_remedies(subject: Subject[Matter]) -> None:
    for n, criterion in enumerate(subject.definition.criteria):
        if not criterion.remedy:
            subject.add(("criteria", n), "remedy-missing", what=criterion.point)


def _check_materials(subject: Subject[Matter]) -> None:
    matter = subject.definition
    covered = {c for declaration in matter.paths.values() for c in declaration.covers}
    credited = {c for p, way in matter.paths.items() if p == "non_core_credit" for c in way.covers}
    for n, material in enumerate(matter.materials):
        path: Path = ("materials", n)
        title = material.title or material.key
        if open_ended := _CATCH_ALL.search(title):
            words: dict[str, Any] = {"title": title, "word": open_ended[0]}
            subject.add((*path, "title"), "catch-all-material", **words)
        if material.core and material.deferrable is not None:
            subject.add(
                (*path, "deferrable"),
                "core-material-covered",
                at_key=True,
                title=title,
                how_zh="容缺后补",
                how_en="deferred",
            )
        if material.core and material.key in credited:
            subject.add(
                path,
                "core-material-covered",
                title=title,
                how_zh="因信用等级免除（非核心要件信用只替代非核心材料）",
                how_en="spared by a credit grade (only what is not core may be)",
            )
        if material.commitable is False and material.key in covered:
            subject.add(
                path,
                "core-material-covered",
                title=title,
                how_zh="以承诺代替（未写 commitable: true）",
                how_en="replaced by a commitment (commitable is not true)",
            )
        _check_local(subject, path, title, material)


def _check_local(subject: Subject[Matter], path: Path, title: str, material: MaterialUse) -> None:
    if material.use and subject.exists("material", material.use):
        shared = subject.workspace.versions("material", material.use)[0].definition
        local = getattr(shared, "local", None) if material.local is None else material.local
        free = material.satisfied_by or getattr(shared, "satisfied_by", None)
        free = free or material.query or getattr(shared, "query", None)
    else:
        local, free = material.local, material.satisfied_by or material.query
    if local and not free:
        subject.add(path, "local-proof-demanded", title=title)


def _check_time(subject: Subject[Matter]) -> None:
    time = subject.definition.time
    for n, stage in enumerate(time.special):
        if stage.limit is None:
            subject.add(("time", "special", n), "special-stage-limit", title=stage.title)
    check_promise(subject, ("time", "promise"), time.promise, time.statutory)
    for path_id, way in subject.definition.paths.items():
        check_promise(subject, ("paths", path_id, "promise"), way.promise, time.statutory)


def _check_path_order(subject: Subject[Matter]) -> None:
    """Two ways that both may be open need an order, or it is chance which one is taken."""
    unordered = [p for p, way in subject.definition.paths.items() if way.order is None]
    for first, second in pairwise(unordered):
        a, b = PATH_TITLES[first], PATH_TITLES[second]
        subject.add(("paths", second), "path-order", at_key=True, a=a, b=b)


def _check_commitment(subject: Subject[Matter]) -> None:
    """What a commitment path must say; and no promise stands for being within the matter's scope."""
    matter = subject.definition
    commitment = matter.paths.get("commitment")
    path: Path = ("paths", "commitment")
    for name in _COMMITMENT if commitment is not None else ():
        if getattr(commitment, name) is None and not subject.document.lost(path, name):
            zh, en = meaning_of("matter", (*path, name))
            words: dict[str, Any] = {"key": name, "meaning_zh": zh, "meaning_en": en}
            subject.add(path, "commitment-incomplete", at_key=True, **words)
    rejecting = {c.id: c.point for c in matter.criteria if c.consequence == "reject"}
    for path_id, way in matter.paths.items():
        for number, covered in enumerate(way.covers):
            if covered in rejecting:
                place = ("paths", path_id, "covers", number)
                subject.add(place, "scope-covered", point=rejecting[covered])


def _check_unused(subject: Subject[Matter]) -> None:
    """What no rule reads must not be asked of anybody (减证便民)."""
    matter = subject.definition
    if not (matter.criteria or matter.tables):
        return  # still being written
    used = _used_names(subject)
    for name, fact in matter.facts.items():
        # What comes from a register is held against it; what the result shows is used there.
        if name not in used and not fact.source:
            subject.add(("facts", name), "fact-unused", at_key=True, name=name)


def _used_names(subject: Subject[Matter]) -> set[str]:
    matter = subject.definition
    texts = [f.compute for f in matter.facts.values()]
    texts += [t for c in matter.criteria for t in (c.when, c.require)]
    texts += [m.when for m in matter.materials]
    texts += [c.require for m in matter.materials for c in m.checks or ()]
    texts += [p.entry for p in matter.paths.values()]
    texts += [o.when for o in matter.obligations]
    texts += matter.result.fields.values()
    texts += [t for b in matter.benefits for t in (b.amount, b.starts)]
    used = {m.holder for m in matter.materials if m.holder}
    shared = [
        f for m in matter.materials for f in subject.workspace.versions("material", m.use or "")
    ]
    used |= {str(getattr(file.definition, "holder", "")) for file in shared}
    for table in matter.tables:
        used |= set(table.columns)
        texts += [*table.inputs.values(), *table.default.values()]
        for row in table.rows:
            for column, cell in row.cells.items():
                if column in table.gives:
                    texts.append(cell)
                else:
                    used |= _cell_names(cell)
    for text in texts:
        used |= expression_names(text)
    for file in subject.workspace.versions("licence", matter.result.licence or ""):
        used |= set(getattr(file.definition, "fields", ()))
    for rule in matter.conclusions:
        used |= {str(v) for match in rule.when for v in match.where.values()}
    for file in subject.workspace.versions("form", matter.matter):
        for step in getattr(file.definition, "steps", ()):
            used |= expression_names(step.when)
            for field in step.fields:
                used |= expression_names(field.when)
    return used


def _cell_names(cell: str) -> frozenset[str]:
    try:
        return compile_unary(cell).names
    except ValueError:
        return frozenset()
