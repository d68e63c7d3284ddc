"""Deciding only by definitions that hold: an error in one of them stops the decision, visibly.

Broken parts of a definition are taken out so that the rest can be checked. A decision made by what
is left would be a decision by other rules than those written, so it is not made.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from engine import decision
from engine.checks.checking import check_file
from engine.decision import Application, Decision, DecisionStopped, parse_application
from engine.diagnostics import Diagnostic
from engine.hooks import Reply, Source
from engine.workspace import Workspace


def decide(
    workspace: Workspace,
    matter_id: str,
    application: Application | Mapping[str, Any],
    *,
    on: date,
    replies: Sequence[Reply] | None = None,
    sources: Sequence[Source] | None = None,
) -> Decision:
    """Decides one application on the day `on`, by the definitions in force on that day.

    Registers are asked through the workspace's plugins, or `sources` in their place; with `replies`
    nothing is asked. Raises, all of them TongbanError: ApplicationError for an application that does
    not fit the matter; UnknownDefinition; DecisionStopped when a definition it rests on has an
    error, or a rule cannot be evaluated; SourceStopped and PluginError for registers and plugins.
    """
    if not isinstance(application, Application):
        # What the matter declares must hold before an application is held against it.
        admit(workspace, matter_id, on)
        application = parse_application(workspace, matter_id, application, on)
    admit(workspace, matter_id, on, application.region)
    return decision.decide(
        workspace, matter_id, application, on=on, replies=replies, sources=sources
    )


def admit(workspace: Workspace, matter_id: str, on: date, region: str | None = None) -> None:
    """Raises DecisionStopped, with the diagnostics, unless the matter holds on that day.

    With a region, everything that a decision there rests on must hold as well.
    """

    def verify() -> bool:
        _admit(workspace, [workspace.file("matter", matter_id, on).file])
        if region is not None:
            used = decision.program_of(workspace, matter_id, region, on).definitions()
            _admit(workspace, _files(workspace, used, on))
        return True

    workspace.keep(("admitted", matter_id, region, on), verify)


def admit_file(workspace: Workspace, file: str) -> None:
    """Raises DecisionStopped, with the diagnostics, unless one file of the workspace holds."""
    _admit(workspace, [file])


def _files(workspace: Workspace, used: Iterable[str], on: date) -> list[str]:
    pairs = [name.partition(":") for name in used]
    return [
        file.file
        for kind, _, identity in pairs
        for file in workspace.versions(kind, identity)
        if file.definition is not None and file.definition.is_in_effect(on)
    ]


def _admit(workspace: Workspace, files: Iterable[str]) -> None:
    errors = [
        diagnostic
        for file in files
        for diagnostic in workspace.keep(("errors", file), lambda f=file: _errors(workspace, f))  # type: ignore[misc]
    ]
    if errors:
        first = errors[0]
        raise DecisionStopped(
            f"所依据的定义有 {len(errors)} 处错误，未作出决定：{first.place}：{first.message_zh}"
            f" / the definitions have errors, so no decision is made: {first.message_en}",
            errors,
        )


def _errors(workspace: Workspace, file: str) -> tuple[Diagnostic, ...]:
    return tuple(d for d in check_file(workspace, file) if d.is_error)
