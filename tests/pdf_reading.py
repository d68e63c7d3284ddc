"""Reads PDF files back without the library that wrote them: their text, tags and fonts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

_TOKENS = re.compile(
    rb"/(?P<font>F\d+) [\d.]+ Tf|\((?P<text>(?:\\.|[^\\)])*)\) ?Tj"
    rb"|/(?P<tag>\w+) <</MCID (?P<number>\d+)>> BDC|/Artifact (?P<artifact>BMC)|(?P<end>EMC)",
    re.DOTALL,
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Element:
    """What one tag holds; `tag` is empty for what is not tagged, Artifact for decoration."""

    page: int
    tag: str
    number: int
    text: str


def elements(pdf: bytes) -> list[Element]:
    """Everything that is set, in the order of the file."""
    reader = PdfFileReader(BytesIO(pdf))
    return [e for number in range(page_count(pdf)) for e in _page(reader, number)]


def text_of(pdf: bytes, *, with_decoration: bool = False) -> str:
    """All text without spaces between lines, page numbers left out."""
    return "".join(e.text for e in elements(pdf) if with_decoration or e.tag != "Artifact")


def page_count(pdf: bytes) -> int:
    return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])


def catalog(pdf: bytes) -> Any:
    return PdfFileReader(BytesIO(pdf)).root


def info(pdf: bytes) -> dict[str, str]:
    entries = PdfFileReader(BytesIO(pdf)).trailer["/Info"]
    return {key: str(entries[key]) for key in entries}


def _page(reader: PdfFileReader, number: int) -> Iterator[Element]:
    page = reader.root["/Pages"]["/Kids"][number]
    fonts = _fonts(reader, number)
    font, tag, mark, parts = "", "", -1, list[str]()
    for token in _TOKENS.finditer(page["/Contents"].data):
        if token["font"]:
            font = token["font"].decode()
        elif token["text"] is not None:
            parts.append(_decoded(token["text"], fonts[font]))
        elif token["end"]:
            yield Element(number + 1, tag, mark, "".join(parts))
            tag, mark, parts = "", -1, []
        else:
            assert not parts, "text outside every tag"
            tag, mark = ("Artifact", -1) if token["artifact"] else _tag(token)
    assert not parts, "text outside every tag"


def _tag(token: re.Match[bytes]) -> tuple[str, int]:
    return token["tag"].decode(), int(token["number"])


def _fonts(reader: PdfFileReader, number: int) -> dict[str, dict[int, str]]:
    page = reader.root["/Pages"]["/Kids"][number]
    holder = page if "/Resources" in page else page["/Parent"]
    fonts = holder["/Resources"]["/Font"]
    return {name[1:]: _unicode_map(fonts[name]["/ToUnicode"].data) for name in fonts}


def _unicode_map(cmap: bytes) -> dict[int, str]:
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _decoded(raw: bytes, font: dict[int, str]) -> str:
    plain = re.sub(rb"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), raw, flags=re.DOTALL)
    codes = plain.decode("utf-16-be")
    return "".join(font[ord(code)] for code in codes)
