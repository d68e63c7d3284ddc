"""A folder of definitions that may change while it is served: loaded again only when it did."""

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from engine.workspace.settings import FILE as SETTINGS
from engine.workspace.workspace import Workspace

_FOLDERS = ("rulesets", "form_defs", "plugins")
_Fingerprint = tuple[tuple[str, int, int, int], ...]


class WatchedWorkspace:
    """Calling it gives the workspace as the files are now. Safe for several threads."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._seen: _Fingerprint | None = None
        self._workspace: Workspace | None = None

    def __call__(self) -> Workspace:
        """Raises NotAWorkspace."""
        seen = self._fingerprint()
        with self._lock:
            if self._workspace is None or seen != self._seen:
                self._workspace, self._seen = Workspace.load(self._root), seen
            return self._workspace

    def _fingerprint(self) -> _Fingerprint:
        """Changes whenever a file is added, removed, replaced or written."""
        marks = []
        for path in [*self._files(), self._root / SETTINGS]:
            with contextlib.suppress(OSError):  # gone meanwhile: then the mark is missing
                status = path.stat()
                marks.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(marks)

    def _files(self) -> Iterator[Path]:
        for folder in _FOLDERS:
            for parent, folders, files in os.walk(self._root / folder):
                folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
                yield from (Path(parent, file) for file in sorted(files))
