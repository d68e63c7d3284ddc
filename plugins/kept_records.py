"""Records that messages brought (var/registers): one JSON file each, by subject; kept once per record.

Several processes may write at once: a file appears whole, and a record that has ended (撤销, 修复) is
not opened again by a message that was handed over late.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]


class KeptRecords:
    """The records below a folder. `outlasts` says whether the old one stays when a new one comes."""

    def __init__(self, folder: Path, outlasts: Callable[[Record, Record], bool]) -> None:
        self._folder, self._outlasts = folder, outlasts

    @property
    def is_there(self) -> bool:
        return self._folder.is_dir()

    def keep(self, subject: str, identity: str, record: Record) -> None:
        """Keeps what a message says of a subject; twice is once."""
        file = self._folder_of(subject) / f"{_digest(identity)}.json"
        known = _read(file) if file.exists() else None
        if known is not None and self._outlasts(known, record):
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.part")
        text = json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True)
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(file)

    def find(self, subjects: Iterable[str]) -> list[Record]:
        """All records of these subjects, in a fixed order."""
        folders = [self._folder_of(subject) for subject in sorted(subjects)]
        return [_read(file) for folder in folders for file in sorted(folder.glob("*.json"))]

    def _folder_of(self, subject: str) -> Path:
        return self._folder / _digest(subject)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _read(file: Path) -> Record:
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file.name}: expected an object")
    return found
