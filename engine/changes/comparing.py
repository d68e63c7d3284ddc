"""Two versions of a matter, or two workspaces, compared with everything that decides in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.changes.differences import find_differences
from engine.changes.wording import Change, say_change
from engine.definitions import KIND_TITLES, Definition, Matter
from engine.prose import Words
from engine.workspace import Workspace

Fate = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Version:
    """A matter as a workspace has it in force on a day, for a region ("" for none)."""

    workspace: Workspace
    matter: str
    on: date
    region: str = ""

    @property
    def definition(self) -> Matter:
        """Raises UnknownDefinition."""
        return self.workspace.matter(self.matter, self.on, self.region)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in one definition. An added or removed one has no changes of its own."""

    kind: str
    id: str
    title: str
    changes: tuple[Change, ...]
    fate: Fate = "changed"

    @property
    def words(self) -> Words:
        """事项“…”：新增"""
        zh, en = KIND_TITLES[self.kind]
        ends = {
            "changed": ("", ""),
            "added": ("：新增", ": added"),
            "removed": ("：删除", ": dropped"),
        }
        zh_end, en_end = ends[self.fate]
        return Words(f"{zh}“{self.title}”{zh_end}", f"{en} “{self.title}”{en_end}")


def compare_versions(before: Version, after: Version) -> tuple[Comparison, ...]:
    """The matter itself, its form, the code sets, licence types and rules that it is decided by.

    Only definitions that differ are there. Raises UnknownDefinition.
    """
    old, new = before.definition, after.definition
    changes = tuple(say_change(d, "matter", old, new) for d in find_differences(old, new))
    compared = [Comparison("matter", new.matter, new.title, changes)] if changes else []
    used = dict.fromkeys((*_used(before.workspace, old), *_used(after.workspace, new)))
    for kind, identity in used:
        theirs, ours = (_find(v.workspace, kind, identity, v.on) for v in (before, after))
        compared += _compare(kind, identity, theirs, ours)
    theirs, ours = (_find(v.workspace, "form", v.matter, v.on) for v in (before, after))
    return (*compared, *_compare("form", new.matter, theirs, ours, matters=(old, new)))


def compare_workspaces(before: Workspace, after: Workspace, on: date) -> tuple[Comparison, ...]:
    """Every definition in force on a day in either workspace, where the two differ."""
    compared: list[Comparison] = []
    for kind in KIND_TITLES:
        for identity in sorted({*before.ids(kind), *after.ids(kind)}):
            old, new = _find(before, kind, identity, on), _find(after, kind, identity, on)
            compared += _compare(kind, identity, old, new)
    return tuple(compared)


def _used(workspace: Workspace, matter: Matter) -> Iterator[tuple[str, str]]:
    """What a matter refers to by id, beside the shared materials that are filled in already."""
    for fact in matter.facts.values():
        if fact.codes:
            yield "codes", fact.codes
    for material in matter.materials:
        yield from (("licence", identity) for identity in material.satisfied_by or ())
    if matter.result.licence:
        yield "licence", matter.result.licence
    yield from (("rules", identity) for identity in workspace.ids("rules"))


def _find(workspace: Workspace, kind: str, identity: str, on: date) -> Definition | None:
    file = workspace.find(kind, identity, on)
    return None if file is None else file.definition


def _compare(
    kind: str,
    identity: str,
    before: Definition | None,
    after: Definition | None,
    matters: tuple[Matter, Matter] | None = None,
) -> Iterable[Comparison]:
    one = after or before
    if one is None:
        return
    title = str(getattr(one, "title", None) or identity)
    if before is None or after is None:
        yield Comparison(kind, identity, title, (), "added" if before is None else "removed")
        return
    if matters is None and isinstance(before, Matter) and isinstance(after, Matter):
        matters = before, after
    old, new = matters or (None, None)
    changes = tuple(say_change(d, kind, old, new) for d in find_differences(before, after))
    if changes:
        yield Comparison(kind, identity, title, changes)
