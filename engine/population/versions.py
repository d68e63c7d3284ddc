"""Which version of a matter a population is put through."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from engine.checks.admission import admit
from engine.decision import program_of
from engine.decision.program import Program
from engine.definitions import Matter
from engine.workspace import UnknownDefinition, Workspace

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Version:
    """A matter of a workspace as it stands on a day; `label` is how people know it."""

    workspace: Workspace
    matter: str
    on: date
    label: str

    @cached_property
    def definition(self) -> Matter:
        return self.workspace.matter(self.matter, self.on)

    @cached_property
    def digest(self) -> str:
        return self.workspace.digest("matter", self.matter, self.on)

    def program(self, region: str) -> Program:
        """Raises DecisionStopped for definitions with errors."""
        admit(self.workspace, self.matter, self.on, region)
        return program_of(self.workspace, self.matter, region, self.on)


def version_in_force(workspace: Workspace, matter: str, on: date) -> Version:
    """Raises UnknownDefinition."""
    file = workspace.file("matter", matter, on)
    return Version(workspace, matter, on, f"{matter}（{file.file}）")


def version_named(text: str, workspace: Workspace, matter: str, on: date) -> Version:
    """`2024-06-01`, `MATTER`, `MATTER@2024-06-01`, the name of a definition's file, DIR or DIR#MATTER.

    A version that is not in force on `on` is taken on its last day, or its first. Raises
    UnknownDefinition and NotAWorkspace.
    """
    if _DATE.fullmatch(text):
        return version_in_force(workspace, matter, _day(text))
    folder, mark, name = text.rpartition("#")
    if mark or Path(text).is_dir():
        other = Workspace.load(folder if mark else text)
        found = version_named(name or matter, other, matter, on) if mark else None
        found = found or version_in_force(other, matter, on)
        return Version(other, found.matter, found.on, f"{text}（{found.label}）")
    identity, at, day = name.partition("@")
    if at:
        return version_in_force(workspace, identity, _day(day))
    return _file_named(identity, workspace, on) or version_in_force(workspace, identity, on)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnknownDefinition(f"没有“{text}”这一天 / there is no such day as {text!r}") from None


def _file_named(name: str, workspace: Workspace, on: date) -> Version | None:
    """By the file's own name, as `public_venue_hygiene_2019`, or by an id that has one version."""
    files = [f for f in workspace.files.values() if f.kind == "matter" and f.definition is not None]
    chosen = [f for f in files if Path(f.file).stem == name or f.file == name]
    chosen = chosen or [f for f in files if f.id == name]
    if len(chosen) != 1:
        return None
    file = chosen[0]
    effective = file.definition.effective if file.definition is not None else None
    if effective is None or effective.covers(on):
        day = on
    else:
        day = effective.to if effective.to is not None and effective.to < on else effective.from_
    return Version(workspace, file.id, day, f"{file.id}（{file.file}）")
