"""The files of a workspace, each read and shaped on its own."""

import gc
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from engine.definitions import KINDS, Definition, Matter, SharedMaterial, shape_document
from engine.diagnostics import Diagnostic, Diagnostics, Place
from engine.interchange.cells import Grid
from engine.interchange.grafting import SheetRefused, join_sheets
from engine.source import Document, read_document
from engine.workspace.sheets import SheetFile, digest_with, find_sheets

FOLDERS = ("rulesets", "form_defs")
_MAX_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """What a file defines, in short; all of it empty where it defines nothing.

    Of a matter also the type of licence that it issues and, of each material that must always be
    there, the licence types any of which will do: `a|b`, or `use:ID` for those of a shared one.
    """

    kind: str = ""
    id: str = ""
    issues: str = ""
    demands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shaped:
    definition: Definition | None
    whole: Document | None
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]


class DefinitionFile:
    """One file: the digest of its text with LF line ends, what it defines, and what is wrong with its shape.

    Tables in files of their own (`sheets`) are a part of it and of its digest. Its text is shaped
    when somebody asks; a header known from an earlier reading of the same text spares that. `whole`
    is the document as written; `document` is it with its sheets and without its broken parts.
    """

    def __init__(
        self,
        file: str,
        text: str | None,
        digest: str = "",
        problems: Iterable[Diagnostic] = (),
        sheets: tuple[SheetFile, ...] = (),
    ) -> None:
        self.file = file
        self.digest = digest_with(digest, sheets)
        self.sheets = sheets
        self.text = text  # None: could not be read
        self._problems = tuple(problems)
        self._header: Header | None = None

    @property
    def kind(self) -> str:
        return self.header.kind

    @property
    def id(self) -> str:
        return self.header.id

    @property
    def definition(self) -> Definition | None:
        return self._shaped.definition

    @property
    def whole(self) -> Document | None:
        return self._shaped.whole

    @property
    def document(self) -> Document | None:
        return self._shaped.document

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self._shaped.diagnostics

    @property
    def has_header(self) -> bool:
        """Whether what it defines is known without shaping it."""
        return self._header is not None

    @property
    def header(self) -> Header:
        if self._header is None:
            definition = self._shaped.definition
            kind = next((k for k, model in KINDS.items() if type(definition) is model), "")
            identity = str(getattr(definition, kind)) if kind else ""
            self._header = Header(kind, identity, *_proofs(definition))
        return self._header

    def recall(self, header: Header) -> None:
        """Takes what the very same text was found to define before."""
        self._header = header

    @cached_property
    def _shaped(self) -> _Shaped:
        if self.text is None:
            return _Shaped(None, None, None, self._problems)
        problems = Diagnostics()
        whole = read_document(self.text, self.file, problems)
        if whole is None:
            return _Shaped(None, None, None, problems.sorted())
        joined = join_sheets(whole, self._open, problems)
        definition, document = shape_document(joined, problems)
        return _Shaped(definition, whole, document, problems.sorted())

    def _open(self, name: str, problems: Diagnostics) -> Grid | None:
        """The grid of a sheet that was read with the text. Raises SheetRefused."""
        sheet = next((sheet for sheet in self.sheets if sheet.name == name), None)
        if sheet is None:  # written in escapes, so that nobody saw it
            raise SheetRefused("请直接写出文件名", "write the name of the file out")
        return sheet.grid(problems)

    def covers(self, file: str) -> bool:
        """Whether a file is this one or one of its sheets."""
        return file == self.file or any(sheet.file == file for sheet in self.sheets)


def _proofs(definition: Definition | None) -> tuple[str, tuple[str, ...]]:
    """What a definition issues and demands, as its header says it."""
    if isinstance(definition, SharedMaterial):
        return "", tuple(filter(None, ["|".join(definition.satisfied_by or ())]))
    if not isinstance(definition, Matter):
        return "", ()
    always = (
        use
        for use in definition.materials
        # What may be promised, follow later, or be another person's is no bar to applying.
        if not (use.when or use.commitable or use.deferrable or use.holder)
    )
    demands = (
        f"use:{use.use}"
        if use.satisfied_by is None and use.use
        else "|".join(use.satisfied_by or ())
        for use in always
    )
    return definition.result.licence or "", tuple(filter(None, demands))


def read_files(root: Path) -> Iterator[DefinitionFile]:
    """Every definition under `root`, in order of path. Links that leave the workspace are passed over."""
    base = root.resolve()
    for name in sorted(_yaml_files(base), key=lambda name: name.split("/")):
        problems = Diagnostics()
        text = read_text(base / name, name, problems)
        if text is None:
            yield _unread(name, problems)
        else:
            yield shape_file(name, text, find_sheets(base, name, text))


def _yaml_files(base: Path) -> Iterator[str]:
    for top in FOLDERS:
        if not _is_inside(base / top, base):
            continue
        for parent, folders, files in os.walk(base / top):
            folders[:] = sorted(f for f in folders if not f.startswith("."))
            within = Path(parent).relative_to(base).as_posix()
            for file in files:
                if file.endswith((".yaml", ".yml")) and not file.startswith("."):
                    path = os.path.join(parent, file)
                    if not os.path.islink(path) or _is_inside(Path(path), base):
                        yield f"{within}/{file}"


def _is_inside(path: Path, base: Path) -> bool:
    """A link that leads nowhere, or in a circle, is our own: that it cannot be read will be said."""
    try:
        return path.resolve().is_relative_to(base)
    except (OSError, RuntimeError):  # the second is Python 3.12's word for links in a circle
        return True


def read_text(path: Path, name: str, problems: Diagnostics) -> str | None:
    """The text of a regular file; None with the reason added to `problems`."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            zh, en = "不是普通文件", "not a regular file"
            problems.add("file-unreadable", Place(name), problem_zh=zh, problem=en)
            return None
        if status.st_size > _MAX_BYTES:
            problems.add("yaml-too-large", Place(name), limit=_MAX_BYTES, size=status.st_size)
            return None
        # As bytes, which keeps CRLF: places count the characters that are really there.
        with open(path, "rb", buffering=0) as stream:
            return stream.read().decode("utf-8")
    except UnicodeDecodeError as error:
        zh = f"第 {error.start} 个字节不是 UTF-8（可能是 GBK 编码）"
        problems.add("file-unreadable", Place(name), problem_zh=zh, problem=str(error))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.add("file-unreadable", Place(name), problem_zh=reason, problem=reason)
    return None


def _unread(name: str, problems: Diagnostics) -> DefinitionFile:
    return DefinitionFile(name, None, problems=problems.sorted())


@lru_cache(maxsize=8192)
def shape_file(name: str, text: str, sheets: tuple[SheetFile, ...] = ()) -> DefinitionFile:
    """What one text defines, with the sheets that it names.

    Kept: after an edit only the edited file is read again.
    """
    # A checkout may turn line ends into CRLF; the version that decides is the same.
    unix = text.replace("\r\n", "\n")
    digest = hashlib.sha256(unix.encode("utf-8", "surrogatepass")).hexdigest()
    return DefinitionFile(name, text, digest, sheets=sheets)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pauses the collector of cycles: documents are millions of objects without any.

    Reading a district takes three times as long with it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
