"""A theme names matters that are there, in no circle, and calls one thing by one name."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from engine.checks.expressions import ExpressionCheck
from engine.checks.matters import shape_type, types_of
from engine.checks.subject import Subject, hints
from engine.checks.typing import BOOLEAN
from engine.definitions import FactDeclaration, Matter, Theme
from engine.diagnostics import Place
from engine.feel import FeelSyntaxError, FeelType
from engine.source import Path
from engine.themes import coverage, merge
from engine.themes.plan import AGREEING, disagreements, names_in_theme
from engine.workspace import UnknownDefinition


@dataclass(frozen=True)
class _Stated:
    """A fact under the theme's name: who declares it, and how."""

    owner: str
    local: str
    fact: FactDeclaration


def check_theme(subject: Subject[Theme]) -> None:
    """Adds what is wrong with a theme: its parts, their order, its questions, what it shares."""
    theme = subject.definition
    if theme.lead is None:
        subject.add(("theme",), "theme-lead-missing", title=theme.title)
    matters = _find_matters(subject)
    _check_prerequisites(subject)
    _check_circle(subject, matters)
    _check_shared(subject, matters)
    _check_materials(subject, matters)
    stated = _agree(subject, matters)
    _check_expressions(subject, matters, stated)
    if not subject.problems.found and len(matters) == len(subject.definition.parts):
        _check_coverage(subject)


def _check_coverage(subject: Subject[Theme]) -> None:
    """Adds what the theme loses of what its matters need. Only of a theme otherwise in order."""
    identity, day = subject.definition.theme, subject.day
    if subject.workspace.find("theme", identity, day) is not subject.file:
        return  # another version is in force on that day, and checked by itself
    with suppress(FeelSyntaxError):  # in a form or a matter, and reported there
        subject.problems.extend(coverage(merge(subject.workspace, identity, day)).diagnostics)


def _find_matters(subject: Subject[Theme]) -> dict[str, Matter]:
    """The matters of the theme that are there, in its order."""
    found: dict[str, Matter] = {}
    places: dict[str, Place] = {}
    for number, part in enumerate(subject.definition.parts):
        path: Path = ("parts", number, "matter")
        if part.matter in places:
            other = str(places[part.matter])
            subject.add(path, "theme-part-twice", matter=part.matter, other=other)
            continue
        places[part.matter] = subject.document.place(path)
        try:
            found[part.matter] = subject.workspace.matter(part.matter, subject.day)
        except UnknownDefinition:
            if not subject.exists("matter", part.matter):
                known = subject.workspace.ids("matter")
                subject.unknown(path, part.matter, known, "事项", "matter")
    return found


def _check_prerequisites(subject: Subject[Theme]) -> None:
    known = [part.matter for part in subject.definition.parts]
    for number, part in enumerate(subject.definition.parts):
        for index, ahead in enumerate(part.after):
            if ahead.part not in known:
                path: Path = ("parts", number, "after", index, "part")
                subject.unknown(path, ahead.part, known, "一件事的事项", "part of the theme")


def _check_circle(subject: Subject[Theme], matters: Mapping[str, Matter]) -> None:
    """Adds the first circle: what the theme says comes first, and what a part needs of another."""
    waits = {
        part.matter: tuple(
            dict.fromkeys((*(a.part for a in part.after), *_issuers(matters, part.matter)))
        )
        for part in subject.definition.parts
    }
    for start in waits:
        circle = _circle(waits, start)
        if circle:
            numbers = [part.matter for part in subject.definition.parts]
            titles = [matters[m].title if m in matters else m for m in (*circle, circle[0])]
            path: Path = ("parts", numbers.index(circle[0]), "matter")
            subject.add(path, "theme-circle", cycle=" → ".join(titles))
            return


def _issuers(matters: Mapping[str, Matter], wanting: str) -> Iterator[str]:
    """The parts whose result is the only way to a material that a part always needs."""
    if wanting not in matters:
        return
    for use in matters[wanting].materials:
        if use.when is None and use.satisfied_by:
            issuing = [
                m for m, found in matters.items() if found.result.licence in use.satisfied_by
            ]
            if len(use.satisfied_by) == 1 and wanting not in issuing:
                yield from issuing


def _circle(waits: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...]:
    """The way from a part back to itself; empty for none."""
    trail = [(start, iter(waits.get(start, ())))]
    seen = {start}
    while trail:
        following = next(trail[-1][1], None)
        if following is None:
            trail.pop()
        elif following == start:
            return tuple(part for part, _ in trail)
        elif following not in seen:
            seen.add(following)
            trail.append((following, iter(waits.get(following, ()))))
    return ()


def _check_shared(subject: Subject[Theme], matters: Mapping[str, Matter]) -> None:
    for number, shared in enumerate(subject.definition.shared):
        for identity, local in shared.of.items():
            path: Path = ("shared", number, "of", identity)
            matter = _part(subject, matters, path, identity)
            if matter is None:
                continue
            stated = [name for name, fact in matter.facts.items() if fact.compute is None]
            if local not in stated:
                words = {"matter": matter.title, "fact": local, **hints(local, stated)}
                subject.add(path, "theme-fact-unknown", **words)


def _check_materials(subject: Subject[Theme], matters: Mapping[str, Matter]) -> None:
    for number, stated in enumerate(subject.definition.materials):
        for identity, material in stated.serves.items():
            path: Path = ("materials", number, "serves", identity)
            matter = _part(subject, matters, path, identity)
            known = [use.key for use in matter.materials] if matter is not None else [material]
            if matter is not None and material not in known:
                words = {"matter": matter.title, "material": material, **hints(material, known)}
                subject.add(path, "theme-material-unknown", **words)


def _part(
    subject: Subject[Theme], matters: Mapping[str, Matter], path: Path, identity: str
) -> Matter | None:
    """The part named; None, and told, where the theme has no such part."""
    known = [part.matter for part in subject.definition.parts]
    if identity not in known:
        subject.unknown(path, identity, known, "一件事的事项", "part of the theme", at_key=True)
    return matters.get(identity)


def _agree(subject: Subject[Theme], matters: Mapping[str, Matter]) -> dict[str, _Stated]:
    """Every fact under the theme's name; adds those that one name would wrongly make one."""
    theme = subject.definition
    stated = {name: _Stated(theme.title, name, fact) for name, fact in theme.facts.items()}
    numbers = {part.matter: number for number, part in enumerate(theme.parts)}
    mapped = {(m, local) for shared in theme.shared for m, local in shared.of.items()}
    for identity, matter in matters.items():
        path: Path = ("parts", numbers[identity], "matter")
        taken: dict[str, str] = {}
        for local, name in names_in_theme(theme, matter).items():
            if name in taken:
                one, title = taken[name], matter.title
                subject.add(path, "theme-fact-twice", matter=title, one=one, other=local, fact=name)
                continue
            taken[name] = local
            found = _Stated(matter.title, local, matter.facts[local])
            first = stated.setdefault(name, found)
            keys = disagreements(first.fact, found.fact)
            if (identity, local) in mapped or local != name:
                keys = tuple(key for key in keys if key != "title")  # said to be the same
            if keys:
                _disagree(subject, path, name, first, found, keys)
    return stated


def _disagree(
    subject: Subject[Theme],
    path: Path,
    name: str,
    first: _Stated,
    found: _Stated,
    keys: tuple[str, ...],
) -> None:
    subject.add(
        path,
        "theme-fact-disagrees",
        fact=name,
        one=first.owner,
        other=found.owner,
        keys_zh="、".join(AGREEING[key] for key in keys),
        keys_en=", ".join(keys),
    )


def _check_expressions(
    subject: Subject[Theme], matters: Mapping[str, Matter], stated: Mapping[str, _Stated]
) -> None:
    names = {name: shape_type(found.fact) for name, found in stated.items()}
    check = ExpressionCheck(subject, {})
    for number, asked in enumerate(subject.definition.questions):
        path: Path = ("questions", number)
        check.expression((*path, "when"), asked.when, names, BOOLEAN)
        if asked.fact not in stated:
            title, known = subject.definition.title, list(stated)
            words = {"matter": title, "fact": asked.fact, **hints(asked.fact, known)}
            subject.add((*path, "fact"), "theme-fact-unknown", **words)
    for number, part in enumerate(subject.definition.parts):
        figures: dict[str, FeelType] = {}
        if part.matter in matters:
            parameters = matters[part.matter].parameters
            figures = {n: t for n, t in types_of(matters[part.matter]).items() if n in parameters}
        check.expression(("parts", number, "when"), part.when, names | figures, BOOLEAN)
