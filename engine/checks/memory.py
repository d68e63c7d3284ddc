"""What an earlier check found, kept on disk for the next one.

A file is not checked again while its text is the same and every question that its check asked of
the others is answered the same (`engine.workspace.questions`), under the same engine, settings and
plugins. The memory may be deleted at any time; one that cannot be read or written is not missed.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import orjson

from engine.decision import engine_version
from engine.diagnostics import CATALOGUE, Diagnostic, Place
from engine.workspace import SETTINGS_FILE, Header, Question, Workspace

_FORM = 2  # of the stored document


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check of one file found, and what it asked of the rest of the workspace.

    Remarks stay JSON until somebody wants them: a district has ten for each matter.
    """

    header: Header
    problems: tuple[Diagnostic, ...]
    remarks_json: str
    remark_count: int
    questions: frozenset[Question]

    @classmethod
    def of(
        cls, header: Header, found: Iterable[Diagnostic], questions: Iterable[Question]
    ) -> "Finding":
        found = tuple(found)
        remarks = [d for d in found if d.severity == "info"]
        problems = tuple(d for d in found if d.severity != "info")
        text = orjson.dumps(remarks).decode() if remarks else ""
        return cls(header, problems, text, len(remarks), frozenset(questions))

    @property
    def remarks(self) -> tuple[Diagnostic, ...]:
        return tuple(map(_diagnostic, orjson.loads(self.remarks_json or "[]")))


@dataclass(frozen=True)
class Memory:
    """Findings by file and digest, with the answers that they rest on."""

    findings: Mapping[tuple[str, str], Finding] = field(default_factory=dict)
    answers: Mapping[Question, str] = field(default_factory=dict)

    def recall(self, workspace: Workspace) -> None:
        """Tells the workspace what it holds, as far as its texts were seen before."""
        for file in workspace.files.values():
            finding = self.findings.get((file.file, file.digest))
            if finding is not None and file.digest:
                file.recall(finding.header)

    def holding(self, workspace: Workspace) -> dict[str, Finding]:
        """By file, the findings that still hold. All headers of the workspace must be known."""
        same = {q for q, answer in self.answers.items() if _digest(workspace.answer(q)) == answer}
        held = {}
        for file in workspace.files.values():
            finding = self.findings.get((file.file, file.digest))
            if finding is not None and file.digest and finding.questions <= same:
                held[file.file] = finding
        return held


def remember(workspace: Workspace, findings: Mapping[str, Finding]) -> Memory:
    """The memory of a check that is complete."""
    questions = frozenset[Question]().union(*(f.questions for f in findings.values()))
    return Memory(
        {(name, workspace.files[name].digest): finding for name, finding in findings.items()},
        {question: _digest(workspace.answer(question)) for question in questions},
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# --- on disk ---------------------------------------------------------------------------------


def memory_file(root: Path) -> Path | None:
    """Where a workspace's memory lies: in TONGBAN_CACHE or the user's cache folder; None for nowhere."""
    chosen = os.environ.get("TONGBAN_CACHE")
    if chosen == "":
        return None
    try:
        base = Path(chosen) if chosen else _cache_folder()
    except RuntimeError:  # a user without a home folder
        return None
    return base / f"check-{_digest(str(root.resolve()))[:16]}.json"


def _cache_folder() -> Path:
    stated = os.environ.get("XDG_CACHE_HOME")
    return (Path(stated) if stated else Path.home() / ".cache") / "tongban"


def surroundings(workspace: Workspace) -> str:
    """A digest of what every check rests on beside definitions: engine, settings and plugins."""
    found = hashlib.sha256(f"{_FORM} {engine_version()}".encode())
    plugins = workspace.root / "plugins"
    files = sorted(plugins.rglob("*.py")) if plugins.is_dir() else []
    for path in (workspace.root / SETTINGS_FILE, *files):
        try:
            found.update(path.as_posix().encode("utf-8", "surrogateescape") + path.read_bytes())
        except OSError:  # not there, or unreadable: said by those who need it
            found.update(b"-")
    for point in entry_points(group="tongban"):
        release = point.dist.version if point.dist else ""
        found.update(f"{point.name} {point.value} {release}".encode())
    return found.hexdigest()


def read_memory(path: Path | None, surrounding: str, *, remarks: bool = True) -> Memory:
    """What is kept there for these surroundings; an empty memory in every other case.

    With `remarks`, those are looked at as well before any of it is believed.
    """
    if path is None:
        return Memory()
    try:
        if not path.is_file():  # opening a pipe would wait for ever
            return Memory()
        kept = orjson.loads(path.read_bytes())
        if kept["surroundings"] != surrounding:
            return Memory()
        questions = [(str(a), str(k), str(i)) for a, k, i in kept["questions"]]
        findings = {
            (name, digest): Finding(
                Header(kind, identity),
                tuple(map(_diagnostic, problems)),
                str(remarks),
                int(count),
                frozenset(questions[n] for n in asked),
            )
            for name, digest, kind, identity, problems, remarks, count, asked in kept["findings"]
        }
        for finding in findings.values() if remarks else ():
            _ = finding.remarks
        return Memory(findings, dict(zip(questions, kept["answers"], strict=True)))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Memory()  # a memory that was damaged, or never there, is made anew


def write_memory(path: Path | None, surrounding: str, memory: Memory) -> None:
    """Replaces what was kept. A folder that cannot be written to keeps nothing."""
    if path is None:
        return
    questions = sorted(memory.answers)
    number = {question: n for n, question in enumerate(questions)}
    kept = {
        "surroundings": surrounding,
        "questions": questions,
        "answers": [memory.answers[question] for question in questions],
        "findings": [
            [
                *(name, digest, f.header.kind, f.header.id),
                *(f.problems, f.remarks_json, f.remark_count, _numbers(f, number)),
            ]
            for (name, digest), f in memory.findings.items()
        ],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            draft.write(orjson.dumps(kept))
        os.replace(draft.name, path)
    except (OSError, TypeError):  # TypeError: orjson's word for a broken character in a text
        return


def _numbers(finding: Finding, number: Mapping[Question, int]) -> list[int]:
    return sorted(number[question] for question in finding.questions)


def _diagnostic(plain: dict[str, Any]) -> Diagnostic:
    """As orjson wrote it; it writes tuples as lists."""
    place: dict[str, Any] = plain.pop("place")
    place |= {key: tuple(value) for key, value in place.items() if type(value) is list}
    if plain["code"] not in CATALOGUE:
        raise ValueError(plain["code"])
    return Diagnostic(place=Place(**place), **plain)
