"""The definitions as they lie on disk: read anew when they change, saved byte for byte."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from engine import Diagnostic, WatchedWorkspace, Workspace, check_workspace
from studio.problems import ChangedMeanwhile


@dataclass(frozen=True)
class Stored:
    """A file's text as it is on disk, with the digest that a save must name."""

    file: str
    text: str
    digest: str

    def adopt(self, posted: str) -> str:
        """The text a browser sent, in this file's own line ends (forms always send CRLF).

        What differs in nothing else is the stored text itself, to the byte.
        """
        plain = _plain(posted)
        if plain == _plain(self.text):
            return self.text
        is_crlf = self.text.count("\r\n") * 2 > self.text.count("\n")
        return plain.replace("\n", "\r\n") if is_crlf else plain


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Shelf:
    """One workspace folder. Safe for several threads and, when saving, for several processes."""

    def __init__(self, root: Path, var: Path) -> None:
        self._root = root
        self._var = var
        self._watched = WatchedWorkspace(root)
        self._reports: tuple[Workspace, Mapping[str, tuple[Diagnostic, ...]]] | None = None

    def workspace(self) -> Workspace:
        """The workspace as the files are now; loaded again only when one of them changed."""
        return self._watched()

    def report(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        """Every diagnostic of the workspace, by file."""
        workspace = self.workspace()
        kept = self._reports
        if kept is None or kept[0] is not workspace:
            kept = self._reports = (workspace, by_file(check_workspace(workspace)))
        return kept[1]

    def read(self, file: str) -> Stored | None:
        """A definition file of the workspace; None for any other path, whatever it names.

        Bytes that are no UTF-8 show as �; such a file cannot be saved over.
        """
        if file not in self.workspace().files:
            return None
        try:
            raw = (self._root / file).read_bytes()
        except OSError:  # deleted since the workspace was loaded
            return None
        return Stored(file, raw.decode("utf-8", "replace"), sha256(raw).hexdigest())

    def save(self, file: str, text: str, digest: str) -> None:
        """Replaces the file in one step. Raises ChangedMeanwhile when `digest` is not its digest."""
        with self._alone():
            stored = self.read(file)
            if stored is None or stored.digest != digest:
                raise ChangedMeanwhile
            if stored.text != text:
                _replace(self._root / file, text.encode("utf-8"))

    def rewrite_feature(self, file: str, rewrite: Callable[[str | None], str]) -> None:
        """Replaces a feature file by what `rewrite` makes of its text, or of None where there is none.

        `file` is a name of ours, never of a request. Raises OSError and UnicodeDecodeError.
        """
        path = self._root / file
        with self._alone():
            kept = path.read_text(encoding="utf-8") if path.exists() else None
            text = rewrite(kept)
            if text != kept:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
                _replace(path, text.encode("utf-8"))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One saver at a time on this machine: between the look at the digest and the write."""
        self._var.mkdir(parents=True, exist_ok=True)
        with (self._var / "saving.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _replace(path: Path, content: bytes) -> None:
    """Atomic and durable: readers see the old file or the new one, also after a power cut."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".draft")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(draft, path.stat().st_mode & 0o777)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def worst_first(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Errors, then warnings, then hints; in reading order among their like."""
    order = ("error", "warning", "info")
    return sorted(found, key=lambda diagnostic: order.index(diagnostic.severity))


def by_file(found: tuple[Diagnostic, ...]) -> dict[str, tuple[Diagnostic, ...]]:
    """Diagnostics under the file that each is about."""
    grouped: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        grouped.setdefault(diagnostic.place.file, []).append(diagnostic)
    return {file: tuple(inside) for file, inside in grouped.items()}
