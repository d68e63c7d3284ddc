"""The hooks, few on purpose; docs/plugins.md shows each with its exact signature, under test.

A plugin marks its functions with `hookimpl`; a misspelt hook or argument is found when it is
registered, never when it is first needed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pluggy

from engine.clock import CalendarYear
from engine.hooks.receiving import Receiver
from engine.hooks.values import IdentifierCheck, Source

hookspec = pluggy.HookspecMarker("tongban")
hookimpl = pluggy.HookimplMarker("tongban")

StepFunction = Callable[..., Any]


class StepCatalogue(Protocol):
    """Where a plugin adds its own Gherkin steps; the Chinese phrase is the key."""

    def step(self, phrase: str) -> Callable[[StepFunction], StepFunction]: ...


@hookspec
def register_sources(settings: Mapping[str, object], root: Path) -> Sequence[Source]:  # type: ignore[empty-body]
    """The registers this plugin binds. Called once, with the plugin's own settings and the
    workspace's folder."""


@hookspec
def register_receivers(settings: Mapping[str, object], root: Path) -> Sequence[Receiver]:  # type: ignore[empty-body]
    """What this plugin takes messages with: notices, credit events, licences, questions. Called
    once, with the plugin's own settings and the workspace's folder."""


@hookspec(firstresult=True)
def check_identifier(kind: str, value: str, on: date) -> IdentifierCheck | None:
    """The verdict on an identifier of a kind this plugin knows, None for any other kind.

    The first plugin that answers is believed. Must be quick and pure: the decision waits for it, at
    most 2 seconds. Its `value` may differ from what was given in width, case, blanks and hyphens only.
    """


@hookspec
def register_steps(catalogue: StepCatalogue) -> None:
    """Add a department's own steps to the catalogue that runs feature files."""


@hookspec(firstresult=True)
def calendar_year(region: str, year: int) -> CalendarYear | None:
    """A region's own official calendar for a year, None where it has none.

    The first plugin that answers is believed; without any, the workspace's calendars hold.
    """
