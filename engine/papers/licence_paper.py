"""The licence itself (结果证照): one leaf, the holder's copy, with its identifier and a code to verify it.

What is drawn is data; that it is genuine is said by the seal put on it afterwards (`seals.py`) and by
the page that the code leads to, never by how it looks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno

from engine.papers.identifiers import IdentifierProblem, read_identifier
from engine.papers.leaves import POINT, SEAL_PLACE, Leaves, Type
from engine.papers.line_breaking import broken_lines
from engine.papers.masking import on_one_line
from engine.papers.typefaces import drawable
from engine.prose import Language, Words, spoken_day

_WIDTH, _HEIGHT, _EDGE = 297.0, 210.0, 12.0
_RED = (178, 34, 34)
_TITLE, _BODY, _SMALL = Type(34, 18, True), Type(15, 9.4), Type(9, 4.6)
_WIDEST_LABEL = 80.0  # millimetres
_QR = 30.0
_ROOM = _HEIGHT - 52 - 62  # for the rows, between title and foot

_NUMBER = Words("证照编号", "Number")
_HOLDER = Words("持证主体", "Holder")
_HOLDER_NUMBER = Words("持证主体代码", "Code of the holder")
_VALID = Words("有效期限", "Valid")
_SPAN = Words("{start}至{end}", "{start} to {end}")
_UNLIMITED = Words("{start}起长期有效", "from {start}, without limit")
_IDENTIFIER = Words("电子证照标识", "Identifier")
_VERIFY = Words("扫码查验真伪和状态", "Scan to verify")
_ISSUED_BY = Words("发证机关", "Issued by")
_ISSUED_ON = Words("发证日期", "Issued on")
_DEMO = Words("演示样本，不具有法律效力", "Specimen without legal force")
_COLON = Words("：", ": ")


@dataclass(frozen=True, slots=True)
class LicencePaper:
    """What a licence says. `fields` are the licence type's own: (label, text).

    `identifier` is of GB/T 36904; `holder_number` is printed as it is given. Without `valid_to` the
    licence has no end. `is_demo` marks a specimen across the leaf.
    """

    title: str
    number: str
    identifier: str
    holder: str
    holder_number: str
    fields: tuple[tuple[str, str], ...]
    issuer: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    verify_url: str
    is_demo: bool = False


def licence_pdf(licence: LicencePaper, moment: datetime, language: Language = "zh") -> bytes:
    """The licence, to be sealed. The same licence and moment give the same bytes.

    Raises IdentifierProblem where the identifier's check character is wrong: nothing is issued so.
    """
    identifier = read_identifier(licence.identifier)
    if not identifier.is_sound:
        raise IdentifierProblem(
            f"电子证照标识的校验码不正确，不能制发：{licence.identifier} / "
            f"the identifier's check character is wrong, so the licence is not issued"
        )
    return _Drawing(on_one_line(licence), moment, language).bytes()


def canonical_licence(licence: LicencePaper) -> Mapping[str, Any]:
    """The licence as plain data, dates as ISO text: what is signed beside the paper."""
    return {
        "title": licence.title,
        "number": licence.number,
        "identifier": licence.identifier,
        "holder": licence.holder,
        "holder_number": licence.holder_number,
        "fields": [list(pair) for pair in licence.fields],
        "issuer": licence.issuer,
        "issued_on": licence.issued_on.isoformat(),
        "valid_from": licence.valid_from.isoformat(),
        "valid_to": licence.valid_to and licence.valid_to.isoformat(),
    }


class _Drawing:
    """One leaf across, filled from the top."""

    def __init__(self, licence: LicencePaper, moment: datetime, language: Language) -> None:
        self.licence, self.language = licence, language
        self.pdf = Leaves(licence.title, language, moment, is_landscape=True)
        self.pdf.has_page_numbers = False
        self.pdf.add_page()

    def say(self, words: Words, **values: object) -> str:
        return words.say(self.language).format(**values)

    def bytes(self) -> bytes:
        if self.licence.is_demo:  # first, so that it is under everything
            self.specimen()
        self.frame()
        self.title()
        self.rows()
        self.code()
        self.foot()
        return bytes(self.pdf.output())

    def frame(self) -> None:
        with self.pdf.untagged():
            self.pdf.set_draw_color(*_RED)
            for inset, width in ((_EDGE, 1.2), (_EDGE + 2.2, 0.3)):
                self.pdf.set_line_width(width)
                self.pdf.rect(inset, inset, _WIDTH - 2 * inset, _HEIGHT - 2 * inset)
            self.pdf.set_draw_color(0, 0, 0)
            self.pdf.set_line_width(0.2)

    def title(self) -> None:
        kind = _TITLE
        text = drawable(self.licence.title)
        room = _WIDTH - 2 * (_EDGE + 12)
        if (width := self.pdf.width_of(text, kind)) > room:
            kind = Type(kind.size * room / width, kind.leading, True)
        with self.pdf.tagged("H1"):
            x = (_WIDTH - self.pdf.width_of(text, kind)) / 2
            self.pdf.set_line(text, x, 26, kind)

    def values(self) -> tuple[tuple[str, str], ...]:
        licence = self.licence
        start = spoken_day(licence.valid_from, self.language)
        if licence.valid_to is None:
            valid = self.say(_UNLIMITED, start=start)
        else:
            valid = self.say(_SPAN, start=start, end=spoken_day(licence.valid_to, self.language))
        return (
            (self.say(_NUMBER), licence.number),
            (self.say(_HOLDER), licence.holder),
            (self.say(_HOLDER_NUMBER), licence.holder_number),
            *licence.fields,
            (self.say(_VALID), valid),
        )

    def rows(self) -> None:
        """Set smaller where the fields are many: a licence is one leaf."""
        for size in (15.0, 13.0, 11.0, 9.5, 8.0, 6.5, 5.0):
            kind = Type(size, size * 0.62)
            labels = self.label_width(kind)
            rows = list(self.broken(kind, labels))
            if sum(max(map(len, row)) for row in rows) * kind.leading <= _ROOM:
                break
        y = 52.0
        for label, lines in rows:
            with self.pdf.tagged("P"):
                for number, text in enumerate(label):
                    self.pdf.set_line(text, _EDGE + 14, y + number * kind.leading, kind.bold)
                for number, text in enumerate(lines):
                    x = _EDGE + 14 + labels
                    self.pdf.set_line(text, x, y + number * kind.leading, kind)
            y += max(len(label), len(lines)) * kind.leading

    def label_width(self, kind: Type) -> float:
        colon = self.say(_COLON)
        widths = (self.pdf.width_of(drawable(x + colon), kind.bold) for x, _ in self.values())
        return min(max(widths) + kind.em / 2, _WIDEST_LABEL)

    def broken(self, kind: Type, labels: float) -> Iterator[tuple[list[str], list[str]]]:
        width = _WIDTH - 2 * (_EDGE + 14) - labels
        for label, text in self.values():
            if text:
                yield (
                    self.lines(label + self.say(_COLON), kind.bold, labels),
                    self.lines(text, kind, width),
                )

    def lines(self, text: str, kind: Type, width: float) -> list[str]:
        return broken_lines(drawable(text), width, lambda t: self.pdf.width_of(t, kind))

    def code(self) -> None:
        """The QR code as squares, not as a picture: it stays sharp at any size."""
        matrix = segno.make(self.licence.verify_url, error="m", micro=False).matrix
        left, top = _EDGE + 14, _HEIGHT - _EDGE - 12 - _QR
        cell = _QR / len(matrix)
        with self.pdf.untagged():
            for y, row in enumerate(matrix):
                for x, dark in enumerate(row):
                    if dark:
                        self.pdf.rect(left + x * cell, top + y * cell, cell, cell, style="F")
        with self.pdf.tagged("P"):
            self.pdf.set_line(self.say(_VERIFY), left, top + _QR + 0.8, _SMALL)
        # For who has no camera at hand; beside the code, where no seal comes.
        lines = self.lines(self.licence.verify_url, _SMALL, 70)
        first = top + _QR - len(lines) * _SMALL.leading
        with self.pdf.tagged("P"):
            for number, line in enumerate(lines):
                line_top = first + number * _SMALL.leading
                self.pdf.set_line(line, left + _QR + 4, line_top, _SMALL)

    def foot(self) -> None:
        licence = self.licence
        identifier = f"{self.say(_IDENTIFIER)}{self.say(_COLON)}{licence.identifier}"
        width = self.pdf.width_of(identifier, _SMALL)
        with self.pdf.tagged("P"):
            x = (_WIDTH - width) / 2
            self.pdf.set_line(identifier, x, _HEIGHT - _EDGE - 8.2, _SMALL)
        lines = (
            f"{self.say(_ISSUED_BY)}{self.say(_COLON)}{licence.issuer}",
            f"{self.say(_ISSUED_ON)}{self.say(_COLON)}{spoken_day(licence.issued_on, self.language)}",
        )
        set_lines = [line for text in lines for line in self.lines(text, _BODY, 130)]
        widest = max(self.pdf.width_of(line, _BODY) for line in set_lines)
        x, y = _WIDTH - _EDGE - 16 - widest, _HEIGHT - _EDGE - 22 - len(set_lines) * _BODY.leading
        self.pdf.mark_place(SEAL_PLACE, x + widest / 2, y + len(set_lines) * _BODY.leading / 2)
        for line in set_lines:
            with self.pdf.tagged("P"):
                self.pdf.set_line(line, x, y, _BODY)
            y += _BODY.leading

    def specimen(self) -> None:
        """Across the leaf, pale, so that nobody takes it for a licence in force."""
        kind = Type(46, 20, True)
        text = self.say(_DEMO)
        width = self.pdf.width_of(text, kind)
        self.pdf.set_text_color(240, 205, 205)
        with (
            self.pdf.rotation(24, _WIDTH / 2, _HEIGHT / 2),
            self.pdf.tagged("P"),
        ):
            y = _HEIGHT / 2 - kind.size * POINT / 2
            self.pdf.set_line(text, (_WIDTH - width) / 2, y, kind)
        self.pdf.set_text_color(0, 0, 0)
