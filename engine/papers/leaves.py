"""Blank leaves of A4 in the proportions of GB/T 9704-2012, and how text is set on them.

Lengths are in millimetres from the top left corner, type sizes in points. What is set is tagged
(ISO 32000-1, 14.8), so that it is read aloud in order.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from engine.papers.typefaces import FILES, FOLDER, drawable, face_for, runs_of
from engine.prose import Language

Tag = Literal["H1", "H2", "H3", "P"]
POINT = 25.4 / 72  # millimetres
# 天头 37, 订口 28, 版心 156 by 225 (GB/T 9704-2012, 5.2.1).
TOP, LEFT, WIDTH, HEIGHT = 37.0, 28.0, 156.0, 225.0
RIGHT, BOTTOM = LEFT + WIDTH, TOP + HEIGHT
SEAL_PLACE = "tongban-seal"  # the name of the place in the file where a seal goes
_FOOT = BOTTOM + 7 + 5  # 页码: 7 below the type area
_LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
# The baseline stands this far below the middle of a line, in parts of the type size.
_BELOW_MIDDLE = 0.36


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: size in points, the height of a line in millimetres."""

    size: float
    leading: float
    is_bold: bool = False

    @property
    def em(self) -> float:
        """The width of a Chinese character."""
        return self.size * POINT

    @property
    def bold(self) -> "Type":
        return Type(self.size, self.leading, True)


class Leaves(FPDF):
    """Leaves that are filled from the top; nothing is set by the library's own cells.

    `moment` is when the paper is made, as the file records it; it needs a time zone for the file to
    come out the same everywhere.
    """

    def __init__(
        self, title: str, language: Language, moment: datetime, *, is_landscape: bool = False
    ) -> None:
        super().__init__("landscape" if is_landscape else "portrait", unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_title(drawable(title))
        self.set_lang(_LANGUAGES[language])
        self.set_creator("Tongban")
        self.set_creation_date(moment)
        self.has_page_numbers = True
        self._marks: Counter[int] = Counter()  # how much is tagged on each page

    # --- measuring -------------------------------------------------------------------------

    def width_of(self, text: str, kind: Type) -> float:
        """How wide a drawable text comes out."""
        return sum(self._advance(c, kind) for c in text)

    def _advance(self, character: str, kind: Type) -> float:
        family = face_for(character, kind.is_bold)
        self._open(family)
        font = self.fonts[family]
        assert isinstance(font, TTFFont)  # no other kind is ever added
        return float(font.cw[ord(character)]) / 1000 * kind.em

    def _open(self, family: str) -> None:
        if family not in self.fonts:
            self.add_font(family, fname=FOLDER / FILES[family])

    # --- setting ---------------------------------------------------------------------------

    def set_line(self, text: str, x: float, top: float, kind: Type, spacing: float = 0) -> None:
        """One line whose box begins at `top`; `spacing` is added after each character."""
        baseline = top + kind.leading / 2 + _BELOW_MIDDLE * kind.em
        if spacing:
            self._out(f"{spacing * self.k:.3f} Tc")
        for family, run in runs_of(text, kind.is_bold):
            self._open(family)
            self.set_font(family, size=kind.size)
            self.text(x, baseline, run)
            x += self.width_of(run, kind) + spacing * len(run)
        if spacing:
            self._out("0 Tc")

    @contextmanager
    def tagged(self, tag: Tag) -> Iterator[None]:
        """What is set meanwhile, on one page, is one element of the document's structure."""
        number = self._marks[self.page]
        self._marks[self.page] += 1
        _, parents = self.struct_builder.add_marked_content(self.page, f"/{tag}", number)
        self.pages[self.page].struct_parents = parents
        self._out(f"/{tag} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def untagged(self) -> Iterator[None]:
        """What is set meanwhile is decoration: rules, page numbers."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def mark_place(self, name: str, x: float, y: float) -> None:
        """Names a place on this page, for who works on the finished file."""
        self.add_link(y=y, x=x, page=self.page, name=name)

    def footer(self) -> None:
        """页码: odd pages on the right, even ones on the left, one character in."""
        if not self.has_page_numbers:
            return
        kind = Type(14, 5)
        text = f"— {self.page} —"
        is_odd = self.page % 2 == 1
        width = self.width_of(text, kind)
        x = RIGHT - kind.em - width if is_odd else LEFT + kind.em
        with self.untagged():
            self.set_line(text, x, _FOOT - 5, kind)


def justified(lines: Sequence[str], number: int, slack: float, kind: Type) -> float:
    """The space to add after each character so that a line that is not the last fills its measure."""
    line = lines[number]
    if number == len(lines) - 1 or len(line) < 2 or slack > 1.5 * kind.em:
        return 0.0
    return slack / (len(line) - 1)
