"""Papers as PDF: A4 in the manner of official documents, embedded fonts, text that can be copied.

Layout follows GB/T 9704-2012: 标题 二号 centred, 正文 三号 28 characters to a line and 22 lines to a
page, page numbers 四号 outside. Guides are reference matter and set smaller.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from engine.papers.guide import ServiceGuide
from engine.papers.leaves import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    SEAL_PLACE,
    TOP,
    WIDTH,
    Leaves,
    Tag,
    Type,
    justified,
)
from engine.papers.letter import Letter
from engine.papers.line_breaking import broken_lines
from engine.papers.manuscript import (
    Block,
    Entry,
    Heading,
    Manuscript,
    Passage,
    Table,
    manuscript_of,
)
from engine.papers.typefaces import drawable
from engine.prose import Language


@dataclass(frozen=True, slots=True)
class _Style:
    title: Type
    heading: Type
    body: Type
    detail: Type
    table: Type
    note: Type


_LEADING = HEIGHT / 22  # 22 lines to a page
_LETTER = _Style(
    Type(22, 12.5, True), Type(16, _LEADING, True), Type(16, _LEADING), Type(14, 8.6),
    Type(12, 6.8), Type(10.5, 6),
)  # fmt: skip
_SMALL = _Style(
    Type(20, 11, True), Type(13, 9, True), Type(12, 7), Type(10.5, 6), Type(10.5, 6), Type(9, 5),
)  # fmt: skip
_PAD = 1.6  # millimetres between a cell's rule and its text
_GAP = 1.5  # after an English paragraph, which is not indented
_EMPTY_ROW = 14.0  # what a person fills in by hand needs room


def paper_pdf(
    document: Letter | ServiceGuide, moment: datetime, language: Language = "zh"
) -> bytes:
    """The paper as PDF; the same document and moment give the same bytes.

    `moment` is recorded as the file's creation date. A letter is in its own language; a guide in
    `language`. Characters that no embedded font draws are written out, as 〔U+2D544〕.
    """
    manuscript = manuscript_of(document, language)
    return _Setting(manuscript, moment).bytes()


class _Setting:
    """Sets one manuscript from the top of the first page to the end."""

    def __init__(self, manuscript: Manuscript, moment: datetime) -> None:
        self.manuscript = manuscript
        self.language = manuscript.language
        is_official = manuscript.is_letter and self.language == "zh"
        self.style = _LETTER if is_official else _SMALL
        self.pdf = Leaves(manuscript.title, self.language, moment)
        self.pdf.add_page()
        self.y = TOP

    def bytes(self) -> bytes:
        self.title()
        signed = [b.text for b in self.manuscript.blocks if _is_signature(b)]
        blocks = [b for b in self.manuscript.blocks if not _is_signature(b)]
        for number, block in enumerate(blocks, 1):
            if number == len(blocks) and signed and isinstance(block, Passage):
                # A signature alone on a page could be put under anything.
                lines = self.lines(block.text, self.style.body, WIDTH, self.indent)
                self.need((len(lines) + len(signed) + 1) * self.style.body.leading + _GAP)
            self.block(block)
        if signed:
            self.signature(signed)
        return bytes(self.pdf.output())

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.heading(block)
            case Entry():
                self.entry(block)
            case Table():
                self.table(block)
            case Passage():
                self.passage(block)

    # --- room ------------------------------------------------------------------------------

    def need(self, height: float) -> None:
        """A new page, unless so much room is left on this one."""
        if self.y + height > BOTTOM + 0.01 and self.y > TOP:
            self.turn()

    def turn(self) -> None:
        self.pdf.add_page()
        self.y = TOP

    def lines(self, text: str, kind: Type, width: float, indent: float = 0) -> list[str]:
        return broken_lines(drawable(text), width, lambda t: self.pdf.width_of(t, kind), indent)

    def text(self, text: str, kind: Type, tag: Tag, left: float = 0, indent: float = 0) -> None:
        """A paragraph from `left`, its first line `indent` further in; pages turn where they must."""
        width = WIDTH - left
        lines = self.lines(text, kind, width, indent)
        number = 0
        while number < len(lines):
            self.need(kind.leading)
            fitting = max(1, int((BOTTOM - self.y + 0.01) // kind.leading))
            with self.pdf.tagged(tag):
                for index in range(number, min(len(lines), number + fitting)):
                    self.line(lines, index, kind, LEFT + left, width, indent)
            number += fitting

    def line(
        self, lines: Sequence[str], index: int, kind: Type, x: float, width: float, indent: float
    ) -> None:
        first = indent if index == 0 else 0
        slack = width - first - self.pdf.width_of(lines[index], kind)
        spacing = justified(lines, index, slack, kind) if self.language == "zh" else 0.0
        self.pdf.set_line(lines[index], x + first, self.y, kind, spacing)
        self.y += kind.leading

    # --- blocks ----------------------------------------------------------------------------

    def title(self) -> None:
        kind = self.style.title
        with self.pdf.tagged("H1"):
            self.centred(self.manuscript.title, kind)
        if self.manuscript.number:
            with self.pdf.tagged("P"):
                self.centred(self.manuscript.number, self.style.body)
        self.y += self.style.body.leading * 0.8

    def centred(self, text: str, kind: Type) -> None:
        for line in self.lines(text, kind, WIDTH - 2 * kind.em):
            x = LEFT + (WIDTH - self.pdf.width_of(line, kind)) / 2
            self.pdf.set_line(line, x, self.y, kind)
            self.y += kind.leading

    def heading(self, heading: Heading) -> None:
        kind = self.style.heading if heading.level == 1 else self.style.body.bold
        self.need(kind.leading + 2 * self.style.body.leading)
        if self.style is _SMALL:
            self.y += 0 if self.y == TOP else 2
        self.pdf.start_section(drawable(heading.text), heading.level - 1)
        self.text(heading.text, kind, "H2" if heading.level == 1 else "H3", 0, self.indent)

    @property
    def indent(self) -> float:
        """Two characters, as Chinese paragraphs begin."""
        return 2 * self.style.body.em if self.language == "zh" else 0.0

    def passage(self, passage: Passage) -> None:
        style, text = self.style, passage.text
        match passage.manner:
            case "salutation":
                self.text(text, style.body, "P")
            case "note":
                self.y += style.note.leading / 2
                self.text(text, style.note, "P")
            case _:
                self.text(text, style.body, "P", 0, self.indent)
                self.y += 0 if self.language == "zh" else _GAP

    def entry(self, entry: Entry) -> None:
        style = self.style
        inner = self.indent + style.body.em
        self.need(style.body.leading + (style.detail.leading if entry.details else 0))
        # Among the small type of a guide the eye looks for what is spoken of.
        kind = style.body.bold if entry.details and style is _SMALL else style.body
        self.text(f"{entry.mark} {entry.text}", kind, "P", 0, self.indent)
        mark = "：" if self.language == "zh" else ": "
        for label, text in entry.details:
            self.text(f"{label}{mark}{text}", style.detail, "P", inner)

    def signature(self, texts: Sequence[str]) -> None:
        """The organ and the day, centred on each other, four characters from the right."""
        kind = self.style.body
        lines = [line for text in texts for line in self.lines(text, kind, WIDTH * 0.7)]
        self.need(kind.leading * (len(lines) + 1))
        self.y += kind.leading if self.y > TOP else 0
        widest = max(self.pdf.width_of(line, kind) for line in lines)
        centre = RIGHT - min(4 * kind.em, (WIDTH - widest) / 2) - widest / 2
        self.pdf.mark_place(SEAL_PLACE, centre, self.y + kind.leading * len(lines) / 2)
        for line in lines:
            with self.pdf.tagged("P"):
                x = centre - self.pdf.width_of(line, kind) / 2
                self.pdf.set_line(line, x, self.y, kind)
            self.y += kind.leading

    # --- tables ----------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        kind = self.style.table
        if table.caption:
            self.need(kind.leading * 4)
            self.text(table.caption, kind.bold, "P")
        widths = self.column_widths(table, kind)
        heads = [self.cells(table.columns, widths, kind.bold)] if table.columns else []
        rows = [chunk for texts in table.rows for chunk in self.chunks(texts, widths, kind)]
        # The heads stand on every page, and never alone.
        self.need(sum(_height(row, kind) for row in (*heads, *rows[:1])))
        for head in heads:
            self.row(head, widths, kind.bold, is_labelled=False)
        for row in rows:
            if self.y + _height(row, kind) > BOTTOM + 0.01:
                self.turn()
                for head in heads:
                    self.row(head, widths, kind.bold, is_labelled=False)
            self.row(row, widths, kind, is_labelled=not table.columns)
        self.y += 3

    def cells(
        self, texts: Sequence[str], widths: Sequence[float], kind: Type
    ) -> tuple[list[str], ...]:
        pairs = zip(texts, widths, strict=True)
        return tuple(self.lines(text, kind, width - 2 * _PAD) for text, width in pairs)

    def chunks(
        self, texts: Sequence[str], widths: Sequence[float], kind: Type
    ) -> Iterator[tuple[list[str], ...]]:
        """A row; one that is higher than a page, in pieces."""
        cells = self.cells(texts, widths, kind)
        fitting = int((HEIGHT - 4 * kind.leading) // kind.leading)
        for start in range(0, max(map(len, cells)), fitting):
            yield tuple(lines[start : start + fitting] for lines in cells)

    def row(
        self,
        cells: tuple[list[str], ...],
        widths: Sequence[float],
        kind: Type,
        *,
        is_labelled: bool,
    ) -> None:
        height = _height(cells, kind)
        x = LEFT
        for number, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            with self.pdf.untagged():
                self.pdf.rect(x, self.y, width, height)
            style = kind.bold if is_labelled and number == 0 else kind
            top = self.y + _PAD
            with self.pdf.tagged("P"):
                for line in lines:
                    self.pdf.set_line(line, x + _PAD, top, style)
                    top += kind.leading
            x += width
        self.y += height

    def column_widths(self, table: Table, kind: Type) -> list[float]:
        """By the longest text of each column, none narrower than it can be read."""
        if not table.columns:
            return [WIDTH * 0.28, WIDTH * 0.72]
        rows = (table.columns, *table.rows)
        longest = [
            max(
                self.pdf.width_of(drawable(line), kind)
                for row in rows
                for line in row[n].split("\n")
            )
            for n in range(len(table.columns))
        ]
        wanted = [min(max(width + 2 * _PAD + 1, 18.0), WIDTH * 0.6) for width in longest]
        return [width * WIDTH / sum(wanted) for width in wanted]


def _is_signature(block: Block) -> TypeGuard[Passage]:
    return isinstance(block, Passage) and block.manner == "signature"


def _height(cells: tuple[list[str], ...], kind: Type) -> float:
    is_to_fill_in = len(cells) > 1 and not any(line for lines in cells[1:] for line in lines)
    lines = max(map(len, cells)) * kind.leading + 2 * _PAD
    return max(lines, _EMPTY_ROW) if is_to_fill_in else lines
