"""A diagnostic and the collection that keeps all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.diagnostics.catalogue import CATALOGUE, Severity


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of one file: lines and columns count from 1, columns in characters.

    `end_column` is the first column after the stretch. A place without a line (0) is the file itself.
    In a sheet, line and column are those of the cell, and `within` the characters meant of its text.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    within: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable code, where it is, what was found, and the way out."""

    code: str
    place: Place
    message_zh: str
    message_en: str
    help_zh: str = ""
    help_en: str = ""
    excerpt: str = ""
    graded: Severity | None = None

    @property
    def severity(self) -> Severity:
        """The catalogue's, unless the workspace has graded the lint otherwise."""
        return self.graded or CATALOGUE[self.code].severity

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


class TongbanError(Exception):
    """The root of what the engine raises. Carries diagnostics where a place is known.

    TongbanError
    ├── DefinitionError   the workspace cannot be used (errors among its diagnostics)
    ├── ApplicationError  the application posted is not of the form the matter declares
    └── DecisionStopped   a rule could not be evaluated, so no decision is given
    """

    def __init__(self, message: str, diagnostics: Iterable[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)


@dataclass
class Diagnostics:
    """Collects; never stops at the first."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, place: Place, *, excerpt: str = "", **words: object) -> Diagnostic:
        """Adds the problem `code`, its texts filled with `words`. KeyError for an unknown code."""
        entry = CATALOGUE[code]
        diagnostic = Diagnostic(
            code,
            place,
            _one_line(entry.message_zh.format(**words)),
            _one_line(entry.message_en.format(**words)),
            _one_line(entry.help_zh.format(**words)).strip(),
            _one_line(entry.help_en.format(**words)).strip(),
            excerpt,
        )
        self.found.append(diagnostic)
        return diagnostic

    def extend(self, others: Iterable[Diagnostic]) -> None:
        self.found.extend(others)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """In reading order: by file, line and column, then code; doubles dropped."""
        unique = dict.fromkeys(self.found)
        return tuple(sorted(unique, key=lambda d: (d.place, d.code, d.message_zh)))

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.sorted())

    def __len__(self) -> int:
        return len(self.sorted())


def _one_line(text: str) -> str:
    """What was found in a file may hold anything; a message is one line that a terminal can show."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\u3000\xa0" else " " for c in text)
