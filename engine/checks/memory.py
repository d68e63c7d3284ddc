"""What an earlier check found, kept on disk for the next one.

A file is not checked again while its text is the same and every question that its check asked of
the others is answered the same (`engine.workspace.questions`), under the same engine, settings and
plugins. The memory may be deleted at any time; one that cannot be read or written is not missed,
and one that is damaged, or belongs to somebody else, is not believed.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import orjson

from engine.decision import engine_version
from engine.diagnostics import CATALOGUE, Diagnostic, Place
from engine.workspace import SETTINGS_FILE, Header, Question, Workspace

_FORM = 5  # of the stored document
_LIBRARIES = ("pydantic", "PyYAML", "python-calamine")  # whose words and readings are in findings


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check of one file found, and what it asked of the rest of the workspace.

    A district has ten remarks for each matter: they are counted, and made anew when wanted.
    """

    header: Header
    problems: tuple[Diagnostic, ...]
    remark_count: int
    questions: frozenset[Question]
    remarks: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(
        cls, header: Header, found: Iterable[Diagnostic], questions: Iterable[Question]
    ) -> "Finding":
        found = tuple(found)
        remarks = tuple(d for d in found if d.severity == "info")
        problems = tuple(d for d in found if d.severity != "info")
        return cls(header, problems, len(remarks), frozenset(questions), remarks)

    @property
    def is_whole(self) -> bool:
        """Whether its remarks are at hand."""
        return len(self.remarks) == self.remark_count


class Answers(dict[Question, str]):
    """Digests of what a workspace answers, each worked out when it is first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace

    def __missing__(self, question: Question) -> str:
        self[question] = _digest(self._workspace.answer(question))
        return self[question]


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

    def holding(self, workspace: Workspace, now: Answers) -> dict[str, Finding]:
        """By file, the findings that still hold. All headers of the workspace must be known."""
        same = {question for question, answer in self.answers.items() if now[question] == answer}
        held = {}
        for file in workspace.files.values():
            finding = self.findings.get((file.file, file.digest))
            if finding is not None and file.digest and finding.questions <= same:
                held[file.file] = finding
        return held


def remember(workspace: Workspace, findings: Mapping[str, Finding], now: Answers) -> Memory:
    """The memory of a check that is complete.

    A plugin that could not answer may do so the next time, so what came of it is not kept.
    """
    findings = {name: f for name, f in findings.items() if not _is_for_now(f)}
    questions = frozenset[Question]().union(*(f.questions for f in findings.values()))
    return Memory(
        {(name, workspace.files[name].digest): finding for name, finding in findings.items()},
        {question: now[question] for question in questions},
    )


def _is_for_now(finding: Finding) -> bool:
    return any(diagnostic.code == "plugin-broken" for diagnostic in finding.problems)


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
    found = hashlib.sha256(f"{_FORM} {engine_version()} {sys.version}".encode())
    found.update(" ".join(map(version, _LIBRARIES)).encode())
    plugins = workspace.root / "plugins"
    files = sorted(plugins.rglob("*.py")) if plugins.is_dir() else []
    for path in (workspace.root / SETTINGS_FILE, *files):
        try:
            name = path.relative_to(workspace.root).as_posix()
            found.update(name.encode("utf-8", "surrogateescape") + b"\0" + _read_regular(path))
        except OSError:  # not there, or unreadable: said by those who need it
            found.update(b"-")
    for point in entry_points(group="tongban"):
        release = point.dist.version if point.dist else ""
        found.update(f"{point.name} {point.value} {release}".encode())
    return found.hexdigest()


def read_memory(path: Path | None, surrounding: str) -> Memory:
    """What is kept there for these surroundings; an empty memory in every other case."""
    if path is None:
        return Memory()
    try:
        checksum, _, body = _read_regular(path, only_mine=True).partition(b"\n")
        if checksum != _checksum(body):
            return Memory()
        kept = orjson.loads(body)
        if kept["surroundings"] != surrounding:
            return Memory()
        questions = [(str(a), str(k), str(i)) for a, k, i in kept["questions"]]
        findings = {
            (name, digest): Finding(
                _header(*header),
                tuple(map(_diagnostic, problems)),
                int(count),
                frozenset(questions[n] for n in asked),
            )
            for name, digest, header, problems, count, asked in kept["findings"]
        }
        return Memory(findings, dict(zip(questions, kept["answers"], strict=True)))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return Memory()  # a memory that was damaged, or never there, is made anew


def _plain(header: Header) -> tuple[str, str, str, tuple[str, ...]]:
    return header.kind, header.id, header.issues, header.demands


def _header(kind: str, identity: str, issues: str, demands: Iterable[str]) -> Header:
    return Header(kind, identity, issues, tuple(map(str, demands)))


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
                *(name, digest, _plain(f.header)),
                *(f.problems, f.remark_count, _numbers(f, number)),
            ]
            for (name, digest), f in memory.findings.items()
        ],
    }
    try:
        body = orjson.dumps(kept)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, _checksum(body) + b"\n" + body)
    except (OSError, TypeError):  # TypeError: orjson's word for a broken character in a text
        return


def _replace(path: Path, content: bytes) -> None:
    """All at once: another check may be reading, or writing its own."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def _read_regular(path: Path, *, only_mine: bool = False) -> bytes:
    """The bytes of a file. Raises OSError for a pipe, and for the file of another user."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would be waited for
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        is_foreign = hasattr(os, "geteuid") and status.st_uid != os.geteuid()
        if not stat.S_ISREG(status.st_mode) or (only_mine and is_foreign):
            raise OSError(f"{path} is not ours to read")
        return stream.read()


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _numbers(finding: Finding, number: Mapping[Question, int]) -> list[int]:
    return sorted(number[question] for question in finding.questions)


def _diagnostic(plain: dict[str, Any]) -> Diagnostic:
    """As orjson wrote it; it writes tuples as lists."""
    place: dict[str, Any] = plain.pop("place")
    place |= {key: tuple(value) for key, value in place.items() if type(value) is list}
    if plain["code"] not in CATALOGUE:
        raise ValueError(plain["code"])
    return Diagnostic(place=Place(**place), **plain)
