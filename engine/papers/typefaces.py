"""Which font draws which character, without ever a silent blank.

The faces that are shipped (fonts/README.md) are opened only for a paper that needs them.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FILES = {
    "serif": "NotoSerifSC-Regular-GB2312.ttf",
    "serifbold": "NotoSerifSC-Bold-GB2312.ttf",
    "serifrest": "NotoSerifSC-Regular-Rest.ttf",
    "serifhk": "NotoSerifHK-Supplement.ttf",
    "serifjp": "NotoSerifJP-Supplement.ttf",
}
_REGULAR = ("serif", "serifrest", "serifhk", "serifjp")
# A character that is rare enough to have no bold form is drawn in the regular one.
_ORDER = {False: _REGULAR, True: ("serifbold", *_REGULAR)}
# They choose a variant of the character before them, or join: nothing is lost where they are left out.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")


@cache
def drawn_by(family: str) -> frozenset[int]:
    """The code points that a face draws."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FOLDER / FILES[family], lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """`text` with everything in it that no face draws written out, as 〔U+2D544〕."""
    text = _INVISIBLE.sub("", text)
    return "".join(c if c == "\n" or face_for(c, False) else _written_out(c) for c in text)


def face_for(character: str, is_bold: bool) -> str:
    """The family that draws a character; empty where none does."""
    point = ord(character)
    return next((family for family in _ORDER[is_bold] if point in drawn_by(family)), "")


def runs_of(text: str, is_bold: bool) -> Iterator[tuple[str, str]]:
    """`text` in pieces of one face each: (family, piece). `text` is drawable."""
    family, piece = "", ""
    for character in text:
        face = face_for(character, is_bold)
        if face != family and piece:
            yield family, piece
            piece = ""
        family, piece = face, piece + character
    if piece:
        yield family, piece


def _written_out(character: str) -> str:
    return " " if character.isspace() else f"〔U+{ord(character):04X}〕"
