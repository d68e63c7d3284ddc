"""The seals of organs: PKCS#12 files of whoever runs the system, and demonstration seals where none is."""

import os
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class OrganSeal:
    """An organ's seal, and whether it is one for demonstration."""

    seal: "Seal"
    is_demo: bool


class SealRing:
    """The seals in a folder: `<SM3 of the organ's name, 32 digits>.p12`, and `.pem` of its root.

    The password of real seals comes from TONGBAN_SEAL_PASSWORD. An organ without a seal is given one
    for demonstration, marked 演示 wherever it is drawn.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._opened: dict[tuple[Path, int], OrganSeal] = {}  # opening one takes half a second

    def path_of(self, organ: str) -> Path:
        return self.folder / f"{digest_of(organ.encode())[:32]}.p12"

    def seal_of(self, organ: str, at: datetime) -> OrganSeal:
        """Raises SealProblem for a seal that cannot be opened."""
        path = self.path_of(organ)
        with self._lock:
            if not path.exists():
                self._make_demo(organ, at)
            key = (path, path.stat().st_mtime_ns)
            if key not in self._opened:
                self._opened[key] = _open(path)
            return self._opened[key]

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


def _open(path: Path) -> OrganSeal:
    from engine.papers.seals import is_demo_certificate, read_seal

    seal = read_seal(path, os.environ.get(_PASSWORD) or _DEMO_PASSWORD)
    return OrganSeal(seal, is_demo_certificate(seal.opened().certificate))


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
