"""The seals of organs: PKCS#12 files of whoever runs the system, and demonstration seals where none is."""

import os
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import TYPE_CHECKING

from engine.store import digest_of

if TYPE_CHECKING:
    from engine.papers.seals import Seal

_PASSWORD = "TONGBAN_SEAL_PASSWORD"
_DEMO_PASSWORD = "demo"  # guards nothing: a demonstration seal has no legal force and says so


class SealRing:
    """The seals in a folder: `<SM3 of the organ's name, 32 digits>.p12`, and `.pem` of its root.

    The password of real seals comes from TONGBAN_SEAL_PASSWORD. An organ without a seal is given one
    for demonstration, marked 演示 wherever it is drawn.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()

    def path_of(self, organ: str) -> Path:
        return self.folder / f"{digest_of(organ.encode())[:32]}.p12"

    def seal_of(self, organ: str, at: datetime) -> "Seal":
        """Raises SealProblem for a seal that cannot be opened."""
        from engine.papers.seals import read_seal

        path = self.path_of(organ)
        with self._lock:
            if not path.exists():
                self._make_demo(organ, at)
        return read_seal(path, os.environ.get(_PASSWORD) or _DEMO_PASSWORD)

    def roots(self) -> tuple[bytes, ...]:
        """The root certificates (PEM) that the seals in the folder are trusted by."""
        return tuple(path.read_bytes() for path in sorted(self.folder.glob("*.pem")))

    def _make_demo(self, organ: str, at: datetime) -> None:
        from engine.papers.seals import make_demo_seal

        made = make_demo_seal(organ, at, os.environ.get(_PASSWORD) or _DEMO_PASSWORD)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path_of(organ)
        if _place(path, made.seal.pkcs12):
            _place(path.with_suffix(".pem"), made.root)


def _place(path: Path, content: bytes) -> bool:
    """Puts a whole file in its place unless another process was faster."""
    with NamedTemporaryFile(dir=path.parent, delete=False) as written:
        written.write(content)
    try:
        os.link(written.name, path)
    except FileExistsError:
        return False
    finally:
        os.unlink(written.name)
    return True
