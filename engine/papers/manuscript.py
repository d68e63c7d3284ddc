"""A paper before it is set on pages: what letters, notices and guides have in common, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.papers.guide import Grid, Points, Section, ServiceGuide
from engine.papers.letter import Item, Letter, LetterPart, LetterTable
from engine.prose import Language

Manner = Literal["body", "salutation", "signature", "note"]
_WIDEST = 4  # columns; a wider table is read as entries, for a page of A4 is narrow
_NUMERALS = "〇一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    manner: Manner = "body"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with its mark, such as `1.`, and what belongs to it: (label, text)."""

    mark: str
    text: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as `columns`; without `columns` each row is a label and its text."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Passage | Entry | Table


@dataclass(frozen=True, slots=True)
class Manuscript:
    """`number` is the paper's own (文号); `is_letter` sets it in the size of official letters."""

    language: Language
    title: str
    number: str
    blocks: tuple[Block, ...]
    is_letter: bool


def manuscript_of(document: Letter | ServiceGuide, language: Language = "zh") -> Manuscript:
    """A letter in its own language, a guide in `language`."""
    if isinstance(document, Letter):
        blocks = tuple(_letter_blocks(document))
        return Manuscript(document.language, document.title, document.number, blocks, True)
    blocks = tuple(_guide_blocks(document, language))
    title = f"{document.title}办事指南" if language == "zh" else f"Service guide: {document.title}"
    return Manuscript(language, title, "", blocks, False)


def chinese_number(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones or not tens else "")


def numbered(heading: str, number: int, language: Language) -> str:
    return f"{chinese_number(number)}、{heading}" if language == "zh" else f"{number}. {heading}"


# --- letters ---------------------------------------------------------------------------------


def _letter_blocks(letter: Letter) -> Iterator[Block]:
    if letter.salutation:
        yield Passage(letter.salutation, "salutation")
    for text in letter.opening:
        yield Passage(text)
    number = 0
    for part in letter.parts:
        if part.heading:  # a form to be filled in has none
            number += 1
            yield Heading(numbered(part.heading, number, letter.language))
        yield from _part_blocks(part)
    for text in letter.signature:
        yield Passage(text, "signature")


def _part_blocks(part: LetterPart) -> Iterator[Block]:
    for text in part.paragraphs:
        yield Passage(text)
    for index, item in enumerate(part.items, 1):
        yield _entry(index, item)
    if part.table is not None:
        yield _table(part.table)


def _entry(index: int, item: Item) -> Entry:
    return Entry(f"{index}.", item.text, item.details)


def _table(table: LetterTable) -> Table:
    return Table("", table.columns, table.rows)


# --- guides ----------------------------------------------------------------------------------


def _guide_blocks(guide: ServiceGuide, language: Language) -> Iterator[Block]:
    for number, section in enumerate(guide.sections, 1):
        yield Heading(numbered(section.title.say(language), number, language))
        yield from _section_blocks(section, language)
    yield Passage(guide.footer.say(language), "note")


def _section_blocks(section: Section, language: Language) -> Iterator[Block]:
    for block in section.blocks:
        if isinstance(block, Points):
            for index, point in enumerate(block.points, 1):
                yield Entry(f"{index}.", point.say(language))
        elif isinstance(block, Grid):
            caption = "" if block.caption == section.title else block.caption.say(language)
            yield from _grid_blocks(block, caption, language)
        else:
            yield Passage(block.say(language))


def _grid_blocks(grid: Grid, caption: str, language: Language) -> Iterator[Block]:
    columns = tuple(column.say(language) for column in grid.columns)
    rows = tuple(tuple(cell.say(language) for cell in row) for row in grid.rows)
    if len(columns) <= _WIDEST:
        # A table of labels needs no heads: 项目, 内容 say nothing.
        is_labels = [column.zh for column in grid.columns] == ["项目", "内容"]
        yield Table(caption, () if is_labels else columns, rows)
        return
    if caption:
        yield Heading(caption, 2)
    for index, row in enumerate(rows, 1):
        details = zip(columns[1:], row[1:], strict=True)
        yield Entry(f"{index}.", row[0], tuple((c, text) for c, text in details if text))
