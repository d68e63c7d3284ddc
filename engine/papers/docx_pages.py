"""Papers as DOCX, for who must still edit them: the same manuscript, styles by name, nothing embedded.

Fonts are named as official documents use them (仿宋, 黑体); where they are not installed, Word takes
its own, which is also how it draws rare characters.
"""

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from engine.papers.guide import ServiceGuide
from engine.papers.letter import Letter
from engine.papers.manuscript import Entry, Heading, Manuscript, Passage, Table, manuscript_of
from engine.prose import Language

_SONG, _FANG, _HEI, _LATIN = "宋体", "仿宋", "黑体", "Times New Roman"
_WIDTH, _LABELS = 156, 44  # millimetres: the type area, and what labels take of it
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip file knows no earlier day; none is told by ours


def paper_docx(
    document: Letter | ServiceGuide, moment: datetime, language: Language = "zh"
) -> bytes:
    """The paper as a Word document; the same document and moment give the same bytes.

    `moment` is recorded as created and modified. A letter is in its own language.
    """
    manuscript = manuscript_of(document, language)
    return _Writing(manuscript, moment).bytes()


class _Writing:
    """Writes one manuscript, block by block."""

    def __init__(self, manuscript: Manuscript, moment: datetime) -> None:
        self.manuscript = manuscript
        self.is_chinese = manuscript.language == "zh"
        is_official = manuscript.is_letter and self.is_chinese
        self.size = 16.0 if is_official else 12.0
        self.leading = 29.0 if is_official else 20.0  # GB/T 9704: 22 lines to a page
        self.docx: Any = Document()
        self.describe(moment)
        self.lay_out()
        self.style("Normal", _FANG if is_official else _SONG, self.size, is_bold=False)
        self.style("Title", _SONG, 22 if is_official else 20, is_bold=True)
        self.style("Heading 1", _HEI, self.size, is_bold=not self.is_chinese)
        self.style("Heading 2", _HEI, self.size, is_bold=not self.is_chinese)

    def describe(self, moment: datetime) -> None:
        properties = self.docx.core_properties
        properties.title = _printable(self.manuscript.title)
        properties.author = "Tongban"
        properties.comments = ""
        properties.language = "zh-CN" if self.is_chinese else "en-GB"
        # The format keeps moments in UTC and without a zone.
        properties.created = properties.modified = moment.astimezone(UTC).replace(tzinfo=None)

    def lay_out(self) -> None:
        """A4 with the margins of GB/T 9704, the page number in the middle of the foot."""
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run("— ")
        _add_field(foot.add_run(), "PAGE")
        foot.add_run(" —")

    def style(self, name: str, family: str, size: float, *, is_bold: bool) -> None:
        style = self.docx.styles[name]
        style.font.name, style.font.size, style.font.bold = _LATIN, Pt(size), is_bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), family)
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), "en-GB")
        spoken.set(qn("w:eastAsia"), "zh-CN")
        style.element.get_or_add_rPr().append(spoken)
        paragraph = style.paragraph_format
        paragraph.space_before = paragraph.space_after = Pt(0)
        if name != "Title":
            paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            paragraph.line_spacing = Pt(self.leading)
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)

    def bytes(self) -> bytes:
        title = self.docx.add_paragraph(_printable(self.manuscript.title), style="Title")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.manuscript.number:
            number = self.docx.add_paragraph(_printable(self.manuscript.number))
            number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.docx.add_paragraph()
        for block in self.manuscript.blocks:
            match block:
                case Heading():
                    heading = self.docx.add_paragraph(
                        _printable(block.text), style=f"Heading {block.level}"
                    )
                    self.indent(heading)
                case Passage():
                    self.passage(block)
                case Entry():
                    self.entry(block)
                case Table():
                    self.table(block)
        stream = BytesIO()
        self.docx.save(stream)
        return _undated(stream)

    def indent(self, paragraph: Any, extra: float = 0) -> None:
        if self.is_chinese:
            paragraph.paragraph_format.first_line_indent = Pt(2 * self.size)
        paragraph.paragraph_format.left_indent = Pt(extra)

    def passage(self, passage: Passage) -> None:
        paragraph = self.docx.add_paragraph(_printable(passage.text))
        match passage.manner:
            case "body":
                self.indent(paragraph)
            case "signature":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                paragraph.paragraph_format.right_indent = Pt(2 * self.size)
                paragraph.paragraph_format.keep_with_next = True
            case "note":
                paragraph.runs[0].font.size = Pt(9)

    def entry(self, entry: Entry) -> None:
        line = self.docx.add_paragraph(_printable(f"{entry.mark} {entry.text}"))
        self.indent(line)
        line.paragraph_format.keep_with_next = bool(entry.details)
        mark = "：" if self.is_chinese else ": "
        for label, text in entry.details:
            detail = self.docx.add_paragraph()
            detail.paragraph_format.left_indent = Pt(3 * self.size)
            for run in (detail.add_run(label + mark), detail.add_run(_printable(text))):
                run.font.size = Pt(self.size - 2)

    def table(self, table: Table) -> None:
        if table.caption:
            self.docx.add_paragraph(_printable(table.caption)).runs[0].bold = True
        rows = [table.columns, *table.rows] if table.columns else list(table.rows)
        grid = self.docx.add_table(rows=0, cols=max(map(len, rows), default=1))
        grid.style = "Table Grid"
        grid.autofit = bool(table.columns)
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        if not table.columns:
            for column, width in zip(grid.columns, (_LABELS, _WIDTH - _LABELS), strict=True):
                column.width = Mm(width)
        for number, texts in enumerate(rows):
            is_head = bool(table.columns) and number == 0
            self.row(grid, texts, is_head=is_head, is_labelled=not table.columns)
        self.docx.add_paragraph()

    def row(self, grid: Any, texts: Sequence[str], *, is_head: bool, is_labelled: bool) -> None:
        row = grid.add_row()
        if not any(texts[1:]):
            row.height = Mm(12)  # what is filled in by hand needs room
        if is_head:  # repeated on every page
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            if is_labelled:
                cell.width = Mm(_LABELS if index == 0 else _WIDTH - _LABELS)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(18)
            run = paragraph.add_run(_printable(text))
            run.font.size = Pt(10.5)
            run.bold = is_head or (is_labelled and index == 0)


def _add_field(run: Any, code: str) -> None:
    """A field that Word computes, such as the number of the page."""
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)


def _printable(text: str) -> str:
    """XML has no control characters; a line feed becomes a break of the line."""
    return "".join(c if c.isprintable() or c in "\n\u3000\xa0" else " " for c in text)


def _undated(stream: BytesIO) -> bytes:
    """The same archive without the hour it was written at."""
    out = BytesIO()
    with zipfile.ZipFile(stream) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, made.read(name))
    return out.getvalue()
