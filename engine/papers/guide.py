"""What a service guide (办事指南) is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from engine.prose import Language, Words


@dataclass(frozen=True, slots=True)
class Points:
    """A bulleted list."""

    points: tuple[Words, ...]
    is_grid: ClassVar[bool] = False
    is_list: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first cell of a row is its heading."""

    caption: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    is_grid: ClassVar[bool] = True
    is_list: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    words: Words
    is_grid: ClassVar[bool] = False
    is_list: ClassVar[bool] = False

    def say(self, language: Language) -> str:
        return self.words.say(language)


Block = Paragraph | Points | Grid


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ServiceGuide:
    """A guide as people read it; nothing in it is typed anywhere but in the definition."""

    matter: str
    title: str
    sections: tuple[Section, ...]
    footer: Words

    def section(self, identity: str) -> Section:
        """Raises KeyError for a section that this guide does not need."""
        for section in self.sections:
            if section.id == identity:
                return section
        raise KeyError(identity)


def bullets(points: Iterable[Words]) -> tuple[Block, ...]:
    found = tuple(point for point in points if point.zh)
    return (Points(found),) if found else ()


def two_columns(caption: Words, rows: Iterable[tuple[Words, Words]]) -> tuple[Block, ...]:
    """A table of two columns less its empty rows."""
    kept = tuple(row for row in rows if row[1].zh)
    columns = (Words("项目", "Item"), Words("内容", "Content"))
    return (Grid(caption, columns, kept),) if kept else ()


def full_grid(
    caption: Words, columns: tuple[Words, ...], rows: Iterable[tuple[Words, ...]]
) -> tuple[Block, ...]:
    """A table less its empty columns."""
    found = tuple(rows)
    kept = [n for n in range(len(columns)) if any(row[n].zh for row in found)]
    narrow = tuple(tuple(row[n] for n in kept) for row in found)
    return (Grid(caption, tuple(columns[n] for n in kept), narrow),) if found else ()
