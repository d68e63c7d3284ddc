"""A definition under check, and the one way its problems get their places."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from engine.definitions import Definition
from engine.diagnostics import Diagnostics, Place, nearest
from engine.source import Document, Path
from engine.source.document import Mapping
from engine.workspace import DefinitionFile, Workspace

_D = TypeVar("_D", bound=Definition)
# Definitions without dates are checked as of a day within the calendars that ship.
_SOME_DAY = date(2026, 1, 1)


@dataclass
class Subject(Generic[_D]):
    """One definition with its document; problems are added by the path they stand at."""

    workspace: Workspace
    file: DefinitionFile
    definition: _D
    document: Document
    problems: Diagnostics = field(default_factory=Diagnostics)

    @property
    def day(self) -> date:
        """A day on which the definition is in force: what it refers to must be there then."""
        effective = self.definition.effective
        if effective is None:
            return _SOME_DAY
        last = effective.to or max(effective.from_, _SOME_DAY)
        return max(effective.from_, last)

    def add(self, path: Path, code: str, at_key: bool = False, **words: Any) -> None:
        self.add_at(self.document.place(self._written(path), key=at_key), code, **words)

    def add_in(self, path: Path, start: int, end: int, code: str, **words: Any) -> None:
        """A problem with some characters of the text value at `path`."""
        self.add_at(self.document.place_in(self._written(path), start, end), code, **words)

    def add_at(self, place: Place, code: str, **words: Any) -> None:
        self.problems.add(code, place, excerpt=self.document.excerpt(place), **words)

    def _written(self, path: Path) -> Path:
        """The path as it stands in the text, where a single one may be written without a list."""
        found: Path = ()
        for number, step in enumerate(path):
            is_last = number == len(path) - 1
            if step == 0 and not is_last and isinstance(self.document.node(found), Mapping):
                continue
            found = (*found, step)
        return found

    def unknown(
        self,
        path: Path,
        identity: str,
        known: Iterable[str],
        zh: str,
        en: str,
        *,
        at_key: bool = False,
    ) -> None:
        """A reference to a definition that is not there."""
        known = sorted(known)
        listed = "、".join(known[:20])
        self.add(
            path,
            "unknown-reference",
            at_key,
            id=identity,
            what_zh=zh,
            what_en=en,
            known_zh=f"现有：{listed}" if known else f"还没有任何{zh}，请先新建。",
            known_en=f"Known: {', '.join(known[:20])}" if known else f"There is no {en} yet.",
            **hints(identity, known),
        )

    def exists(self, kind: str, identity: str) -> bool:
        return bool(self.workspace.versions(kind, identity))


def hints(word: str, known: Iterable[str]) -> dict[str, Any]:
    """The words of a suggestion: 是否想写 …？"""
    close = nearest(word, known)
    if not close:
        return {"hint_zh": "", "hint_en": ""}
    return {"hint_zh": f"是否想写“{close}”？", "hint_en": f'Did you mean "{close}"? '}
