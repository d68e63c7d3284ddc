"""Proofs in a circle: to apply for A one needs B, and to apply for B one needs A.

Looked at as one graph over the headers of the workspace, so that a district of thousands of matters
is not read again for it. A licence can be had when no matter here issues it, or some matter that
issues it can be applied for; a matter, when each of its materials can be had. What is left after
the least fixed point waits for itself. Dates are not looked at: versions stand for one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions import LicenceType, Matter
from engine.diagnostics import Diagnostics
from engine.workspace import DefinitionFile, Workspace


@dataclass(frozen=True)
class _Graph:
    """Matters that issue each licence, and of each matter the alternatives of every demand."""

    issuers: Mapping[str, tuple[str, ...]]
    demands: Mapping[str, tuple[tuple[str, ...], ...]]


def check_circles(workspace: Workspace, problems: Diagnostics) -> None:
    """Adds each circle of matters once, at the material that closes it in the first of them."""
    graph = _graph(workspace)
    stuck = _stuck(graph)
    seen: set[frozenset[str]] = set()
    for name in sorted(stuck):
        circle = _circle(graph, stuck, name)
        if frozenset(m for m, _ in circle) not in seen:
            seen.add(frozenset(m for m, _ in circle))
            _report(workspace, problems, _from_first(circle))


def _graph(workspace: Workspace) -> _Graph:
    headers = {name: file.header for name, file in workspace.files.items()}
    shared = {h.id: h.demands for h in headers.values() if h.kind == "material"}
    issuers: dict[str, tuple[str, ...]] = {}
    demands: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name, header in headers.items():
        if header.kind != "matter":
            continue
        if header.issues:
            issuers[header.issues] = (*issuers.get(header.issues, ()), name)
        spelt = (
            demand
            for written in header.demands
            for demand in (
                shared.get(written.removeprefix("use:"), ())
                if written.startswith("use:")
                else (written,)
            )
        )
        # A renewal needs the licence that it renews: that is no circle.
        wanted = (tuple(demand.split("|")) for demand in spelt)
        demands[name] = tuple(kinds for kinds in wanted if header.issues not in kinds)
    return _Graph(issuers, demands)


def _stuck(graph: _Graph) -> frozenset[str]:
    """The matters that can never be applied for, by file."""
    stuck = {name for name, kinds in graph.demands.items() if kinds}
    while True:
        freed = {name for name in stuck if not _missing(graph, stuck, name)}
        if not freed:
            return frozenset(stuck)
        stuck -= freed


def _missing(graph: _Graph, stuck: set[str] | frozenset[str], name: str) -> tuple[str, ...]:
    """The first demand of a matter none of whose licences can be had; empty for none."""
    for kinds in graph.demands[name]:
        issuers = [graph.issuers.get(kind, ()) for kind in kinds]
        if all(found and all(issuer in stuck for issuer in found) for found in issuers):
            return kinds
    return ()


def _circle(graph: _Graph, stuck: frozenset[str], start: str) -> tuple[tuple[str, str], ...]:
    """From a stuck matter along what it waits for until one comes again: matters with what they need."""
    walked: dict[str, str] = {}
    name = start
    while name not in walked:
        kind = _missing(graph, stuck, name)[0]
        walked[name] = kind
        name = graph.issuers[kind][0]
    steps = list(walked.items())
    return tuple(steps[list(walked).index(name) :])


def _from_first(circle: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    first = min(range(len(circle)), key=lambda n: circle[n][0])
    return circle[first:] + circle[:first]


def _report(
    workspace: Workspace, problems: Diagnostics, circle: tuple[tuple[str, str], ...]
) -> None:
    file = workspace.files[circle[0][0]]
    document, wanted = file.document, circle[0][1]
    assert document is not None  # a file with a header has a document
    place = document.place(("materials", _material(workspace, file, wanted)))
    titles = [
        title
        for name, kind in circle
        for title in (_title(workspace.files[name]), _licence(workspace, kind))
    ]
    shown = " → ".join([*titles, titles[0]])
    excerpt = document.excerpt(place)
    problems.add("proofs-circular", place, excerpt=excerpt, cycle=shown)


def _title(file: DefinitionFile) -> str:
    return str(getattr(file.definition, "title", file.id))


def _licence(workspace: Workspace, kind: str) -> str:
    for file in workspace.versions("licence", kind):
        if isinstance(file.definition, LicenceType):
            return file.definition.title
    return kind


def _material(workspace: Workspace, file: DefinitionFile, kind: str) -> int:
    """The number of the material that a licence of a kind stands for."""
    assert isinstance(file.definition, Matter)
    for number, use in enumerate(file.definition.materials):
        shared = [f.header.demands for f in workspace.versions("material", use.use or "")]
        kinds = use.satisfied_by or tuple(k for d in shared for one in d for k in one.split("|"))
        if kind in kinds:
            return number
    return 0
