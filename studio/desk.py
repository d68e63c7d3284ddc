"""What every page works on: the shelf of definitions and the day it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import g

from engine import Diagnostic, Source, Workspace
from studio.shelf import Shelf


@dataclass(frozen=True)
class Desk:
    """Given to each blueprint at its making; the only way from a page to the definitions."""

    shelf: Shelf
    today: Callable[[], date]
    open_registers: bool

    @property
    def sources(self) -> tuple[Source, ...] | None:
        """Whom a trial asks: the workspace's registers (None), or nobody."""
        return None if self.open_registers or g.account is not None else ()

    def workspace(self) -> Workspace:
        return self.shelf.workspace()

    def report(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        return self.shelf.report()
