"""The sample applications of a workspace, as the engine decides them: what they reach can be reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.checks import decide
from engine.diagnostics import TongbanError
from engine.source import read_json
from engine.workspace import Workspace

_FOLDER = "rulesets/samples"


@dataclass(frozen=True, slots=True)
class Example:
    """What one sample came to: its path, its outcome, and the statuses of criteria by id."""

    path: str
    outcome: str
    criteria: Mapping[str, str]


def examples_of(workspace: Workspace, matter: str, on: date) -> tuple[Example, ...]:
    """Every sample of the matter that is decided on the day, its registers asked."""
    found = []
    for path in sorted((workspace.root / _FOLDER / matter).glob("*.json")):
        try:
            decision = decide(workspace, matter, read_json(path.read_bytes()), on=on)
        except (TongbanError, OSError, TypeError, ValueError):
            continue  # a sample that is not decided shows nothing; its own tests say why
        statuses = {criterion.id: str(criterion.status) for criterion in decision.criteria}
        found.append(Example(decision.path, decision.outcome, statuses))
    return tuple(found)
