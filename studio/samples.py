"""The sample applications beside the definitions: `rulesets/samples/<matter>/*.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort

from engine import (
    Workspace,
    read_json,
)

_LARGEST = 1_000_000
# How a sample's file name begins → what its decision is like.
_LIKE = {
    "approved": ("准予", "Granted"),
    "commitment": ("告知承诺", "By commitment"),
    "to_correct": ("需补正", "To be corrected"),
    "refused": ("不予", "Refused"),
    "pending": ("待核", "Pending"),
    "not_accepted": ("不予受理", "Not accepted"),
    "late": ("逾期", "Late"),
}


@dataclass(frozen=True)
class Sample:
    """One sample: its file's name, and what it is about in both languages."""

    name: str
    zh: str
    en: str


def sample_names(workspace: Workspace, matter_id: str) -> tuple[str, ...]:
    folder = workspace.root / "rulesets" / "samples" / matter_id
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


def list_samples(workspace: Workspace, matter_id: str) -> tuple[Sample, ...]:
    """Every sample by its own `note`, or by what its file's name tells."""
    names = sample_names(workspace, matter_id)
    return tuple(_describe(name, _load(workspace, matter_id, name) or {}) for name in names)


def read_sample(workspace: Workspace, matter_id: str, name: str) -> dict[str, Any]:
    """The application in a sample; no page for what is none."""
    if name not in sample_names(workspace, matter_id):
        abort(404)
    return _load(workspace, matter_id, name) or abort(404)


def _load(workspace: Workspace, matter_id: str, name: str) -> dict[str, Any] | None:
    path = workspace.root / "rulesets" / "samples" / matter_id / f"{name}.json"
    try:
        if path.stat().st_size > _LARGEST:
            return None
        sample = read_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return sample if isinstance(sample, dict) else None


def _describe(name: str, sample: Mapping[str, Any]) -> Sample:
    like = next((like for like in _LIKE if name == like or name.startswith(f"{like}_")), "")
    rest = name.removeprefix(like).strip("_").replace("_", " ")
    zh, en = _LIKE.get(like, ("", ""))
    note = sample.get("note")
    told = note.strip() if isinstance(note, str) else ""
    if not told:
        told = f"{zh}（{rest}）" if zh and rest else zh or name
    return Sample(name, told, f"{en} ({rest})" if en and rest else en or name)
