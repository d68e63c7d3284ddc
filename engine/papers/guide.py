"""What a service guide (办事指南) is made of."""

from dataclasses import dataclass
from typing import ClassVar

from engine.papers.wording import Language, Words


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
