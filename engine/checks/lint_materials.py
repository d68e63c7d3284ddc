"""Lints of what is asked for although others have it, or although it was asked for already."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.checks.subject import Subject
from engine.definitions import Form, LicenceType, MaterialUse, Matter, SharedMaterial
from engine.definitions.matter import MaterialTerms
from engine.source import Path
from engine.workspace import UnknownDefinition, Workspace

# 营业执照（副本）复印件 is a 营业执照.
_COPY = re.compile(r"[（(][^（）()]*[）)]|原件|复印件|扫描件|副本|正本|照片|电子版|及其|《|》|\s")


def check_demanded(subject: Subject[Matter]) -> None:
    """Adds materials that a licence or a department could supply, asked for twice, or unexplained."""
    licences = _licences(subject.workspace)
    seen: dict[str, int] = {}
    for n, use in enumerate(subject.definition.materials):
        shared = _shared(subject, use)
        title = use.title or (shared.title if shared else "") or use.key
        path: Path = ("materials", n)
        _check_shareable(subject, path, title, use, shared, licences)
        plain = _COPY.sub("", title)
        if plain in seen and plain:
            other = subject.document.place(("materials", seen[plain]))
            subject.add(path, "material-twice", title=title, other=str(other))
        seen.setdefault(plain, n)
    _check_explained(subject)


def _licences(workspace: Workspace) -> Mapping[str, str]:
    """The licence types of the workspace: their ids by title."""
    return workspace.keep(
        "licence titles",
        lambda: {
            file.definition.title: file.id
            for file in workspace.files_of("licence")
            if isinstance(file.definition, LicenceType)
        },
    )


def _shared(subject: Subject[Matter], use: MaterialUse) -> SharedMaterial | None:
    for file in subject.workspace.versions("material", use.use) if use.use else ():
        if isinstance(file.definition, SharedMaterial):
            return file.definition
    return None


def _check_shareable(
    subject: Subject[Matter],
    path: Path,
    title: str,
    use: MaterialUse,
    shared: SharedMaterial | None,
    licences: Mapping[str, str],
) -> None:
    satisfied, query = _term(use, shared, "satisfied_by"), _term(use, shared, "query")
    ways = (
        ("licence", satisfied, "电子证照", "an e-licence"),
        ("query", query, "部门协查", "query"),
    )
    for way, given, zh, en in ways:
        if given and way not in use.resolve:
            words: dict[str, Any] = {
                "source_zh": zh,
                "source_en": en,
                "licence": (satisfied or ["…"])[0],
            }
            subject.add((*path, "resolve"), "shareable-demanded", title=title, **words)
    licence = licences.get(_COPY.sub("", title))
    origin = use.origin or (shared and shared.origin)
    # 其他: from elsewhere, such as the certificates of many persons, which no one licence shows.
    if licence and not satisfied and not query and origin != "其他":
        words = {"source_zh": f"电子证照 {licence} ", "source_en": f"the licence {licence}"}
        subject.add(path, "shareable-demanded", title=title, licence=licence, **words)


def _term(use: MaterialUse, shared: MaterialTerms | None, name: str) -> tuple[str, ...]:
    given = getattr(use, name)
    if given is None and shared is not None:
        given = getattr(shared, name)
    return (given,) if isinstance(given, str) else tuple(given or ())


def _check_explained(subject: Subject[Matter]) -> None:
    """One finding for all materials of a matter: it is one piece of work to add them."""
    for name, code in (("sample", "sample-missing"), ("mistakes", "mistakes-missing")):
        titles = [
            use.title or (shared.title if shared else use.key)
            for use in subject.definition.materials
            for shared in (_shared(subject, use),)
            if (use.origin or (shared and shared.origin)) == "申请人自备"
            and not _term(use, shared, name)
        ]
        if titles:
            words: dict[str, Any] = {"count": len(titles), "titles": "、".join(titles)}
            subject.add(("materials",), code, at_key=True, **words)


# --- forms -----------------------------------------------------------------------------------


def check_collected(subject: Subject[Form]) -> None:
    """Adds fields that ask for what a licence has that the matter takes anyway."""
    form = subject.definition
    try:
        matter = subject.workspace.matter(form.form, subject.day)
    except UnknownDefinition:
        return  # reported with the form
    for n, step in enumerate(form.steps):
        for m, field in enumerate(step.fields):
            if field.prefill:
                continue
            for licence, column in _sources(subject.workspace, matter, field.fact):
                path: Path = ("steps", n, "fields", m)
                words: dict[str, Any] = {"licence": licence.title, "field": column}
                source = f"{licence.licence}.{column}"
                subject.add(path, "asked-though-known", fact=field.fact, source=source, **words)
                break


def _sources(workspace: Workspace, matter: Matter, name: str) -> Iterator[tuple[LicenceType, str]]:
    """The licences of the applicant that have a fact: by its stated source, or a column of its name.

    A licence with a holder of its own (`holder`) is somebody else's.
    """
    fact = matter.facts.get(name)
    if fact is None:
        return
    stated, _, column = (fact.source or "").partition(".")
    taken = [kind for use in matter.materials if not use.holder for kind in use.satisfied_by or ()]
    for kind in dict.fromkeys(([stated] if column else []) + taken):
        for file in workspace.versions("licence", kind):
            licence = file.definition
            if not isinstance(licence, LicenceType):
                continue
            if kind == stated and column:
                yield licence, column
            elif name in licence.fields and licence.fields[name].type == fact.type:
                yield licence, name
