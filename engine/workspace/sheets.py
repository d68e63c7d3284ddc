"""The CSV and XLSX files that matters keep tables in: found in `rulesets/tables/`, nowhere else."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from engine.diagnostics import Diagnostics
from engine.interchange.cells import Grid
from engine.interchange.grafting import SheetRefused, sheet_names
from engine.interchange.sheets import MAX_SHEET_BYTES, SUFFIXES, read_grid
from engine.source import read_document

FOLDER = "rulesets/tables"
# A text that mentions no such file names none; it need not be read as YAML to know that.
_MENTION = re.compile(r"\.(?:csv|xlsx)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A file by the name that a matter gives it, or why there is none to read.

    `file` is its path in the workspace. One byte more than the limit is kept of a larger file.
    """

    name: str
    file: str
    data: bytes | None
    refusal: tuple[str, str] = ("", "")

    @property
    def digest(self) -> str:
        """sha256 of the bytes, CSV with LF line ends, which a checkout may change; of the refusal else."""
        if self.data is None:
            return hashlib.sha256(
                "\0".join(self.refusal).encode("utf-8", "surrogatepass")
            ).hexdigest()
        data = self.data
        if self.file.lower().endswith(".csv"):
            data = data.replace(b"\r\n", b"\n")
        return hashlib.sha256(data).hexdigest()

    def grid(self, problems: Diagnostics) -> Grid | None:
        """The cells. Raises SheetRefused."""
        if self.data is None:
            raise SheetRefused(*self.refusal)
        return read_grid(self.data, self.file, problems)


def find_sheets(root: Path, file: str, text: str) -> tuple[SheetFile, ...]:
    """The files that the matter in `text` names for its tables, read."""
    return tuple(_read(root, name) for name in _names(file, text))


def digest_with(digest: str, sheets: Iterable[SheetFile]) -> str:
    """The digest of a matter and of the sheets that are a part of it."""
    parts = [f"{sheet.name}\0{sheet.digest}" for sheet in sheets]
    if not parts:
        return digest
    return hashlib.sha256("\n".join([digest, *parts]).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1024)
def _names(file: str, text: str) -> tuple[str, ...]:
    if not _MENTION.search(text):
        return ()
    document = read_document(text, file, Diagnostics())
    return () if document is None else tuple(dict.fromkeys(sheet_names(document)))


def _read(root: Path, name: str) -> SheetFile:
    file = f"{FOLDER}/{name}"
    refusal = _refusal(name)
    if refusal is None:
        try:
            return SheetFile(name, file, _bytes(root, root / FOLDER / PurePosixPath(name)))
        except SheetRefused as error:
            refusal = error.zh, error.en
        except (OSError, ValueError, RuntimeError) as error:  # a strange name, links in a circle
            words = getattr(error, "strerror", None) or type(error).__name__
            refusal = f"“{file}”无法读取（{words}）", f"{file} cannot be read: {words}"
    return SheetFile(name, file, None, refusal)


def _refusal(name: str) -> tuple[str, str] | None:
    """What is wrong with a name before anything is looked for on disk."""
    if not name:
        return "file 应是一个文件名", "`file` is the name of one file"
    parts = PurePosixPath(name).parts
    is_inside = not name.startswith("/") and not any(c in name for c in "\\:")
    if not is_inside or any(part.startswith(".") for part in parts):
        return f"“{name}”不是 {FOLDER}/ 里的文件名", f'"{name}" names no file in {FOLDER}/'
    if not name.lower().endswith(SUFFIXES):
        return f"“{name}”不是 .csv 或 .xlsx 文件", f'"{name}" is neither .csv nor .xlsx'
    return None


def _bytes(root: Path, path: Path) -> bytes:
    shown = path.relative_to(root).as_posix()
    if not path.resolve().is_relative_to(root.resolve()):
        raise SheetRefused(f"“{shown}”指向工作区之外", f"{shown} leads out of the workspace")
    if not os.path.lexists(path):
        raise SheetRefused(f"没有文件 {shown}", f"there is no file {shown}")
    if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would wait for ever
        raise SheetRefused(f"“{shown}”不是普通文件", f"{shown} is no regular file")
    with path.open("rb") as stream:
        return stream.read(MAX_SHEET_BYTES + 1)
