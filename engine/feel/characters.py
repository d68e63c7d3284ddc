"""Character sets of XML Schema regular expressions: classes, ranges, categories, blocks."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_NEWLINES: Final = {"n": "\n", "r": "\r", "t": "\t"}
_QUOTED: Final = frozenset("\\|.-^?*+{}()[]$")
_CATEGORIES: Final = frozenset((
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
    "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So",
    "C", "Cc", "Cf", "Co", "Cn",
))  # fmt: skip
# Unicode blocks by the names of XML Schema 1.0, appendix F.1.1, and the CJK ones since.
_BLOCKS: Final = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F), "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF), "SpacingModifierLetters": (0x2B0, 0x2FF),
    "CombiningDiacriticalMarks": (0x300, 0x36F), "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF), "Syriac": (0x700, 0x74F),
    "Thaana": (0x780, 0x7BF), "Devanagari": (0x900, 0x97F), "Bengali": (0x980, 0x9FF),
    "Gurmukhi": (0xA00, 0xA7F), "Gujarati": (0xA80, 0xAFF), "Oriya": (0xB00, 0xB7F),
    "Tamil": (0xB80, 0xBFF), "Telugu": (0xC00, 0xC7F), "Kannada": (0xC80, 0xCFF),
    "Malayalam": (0xD00, 0xD7F), "Sinhala": (0xD80, 0xDFF), "Thai": (0xE00, 0xE7F),
    "Lao": (0xE80, 0xEFF), "Tibetan": (0xF00, 0xFFF), "Myanmar": (0x1000, 0x109F),
    "Georgian": (0x10A0, 0x10FF), "HangulJamo": (0x1100, 0x11FF), "Ethiopic": (0x1200, 0x137F),
    "Cherokee": (0x13A0, 0x13FF), "UnifiedCanadianAboriginalSyllabics": (0x1400, 0x167F),
    "Ogham": (0x1680, 0x169F), "Runic": (0x16A0, 0x16FF), "Khmer": (0x1780, 0x17FF),
    "Mongolian": (0x1800, 0x18AF), "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF), "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F), "CurrencySymbols": (0x20A0, 0x20CF),
    "CombiningMarksforSymbols": (0x20D0, 0x20FF), "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F), "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF), "MiscellaneousTechnical": (0x2300, 0x23FF),
    "ControlPictures": (0x2400, 0x243F), "OpticalCharacterRecognition": (0x2440, 0x245F),
    "EnclosedAlphanumerics": (0x2460, 0x24FF), "BoxDrawing": (0x2500, 0x257F),
    "BlockElements": (0x2580, 0x259F), "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF), "Dingbats": (0x2700, 0x27BF),
    "BraillePatterns": (0x2800, 0x28FF), "CJKRadicalsSupplement": (0x2E80, 0x2EFF),
    "KangxiRadicals": (0x2F00, 0x2FDF), "IdeographicDescriptionCharacters": (0x2FF0, 0x2FFF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F), "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF), "Bopomofo": (0x3100, 0x312F),
    "HangulCompatibilityJamo": (0x3130, 0x318F), "Kanbun": (0x3190, 0x319F),
    "BopomofoExtended": (0x31A0, 0x31BF), "EnclosedCJKLettersandMonths": (0x3200, 0x32FF),
    "CJKCompatibility": (0x3300, 0x33FF), "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF), "YiSyllables": (0xA000, 0xA48F),
    "YiRadicals": (0xA490, 0xA4CF), "HangulSyllables": (0xAC00, 0xD7A3),
    "PrivateUse": (0xE000, 0xF8FF), "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "AlphabeticPresentationForms": (0xFB00, 0xFB4F),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF), "CombiningHalfMarks": (0xFE20, 0xFE2F),
    "CJKCompatibilityForms": (0xFE30, 0xFE4F), "SmallFormVariants": (0xFE50, 0xFE6F),
    "ArabicPresentationForms-B": (0xFE70, 0xFEFE), "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "Specials": (0xFFF0, 0xFFFD), "CJKUnifiedIdeographsExtensionB": (0x20000, 0x2A6DF),
    "CJKCompatibilityIdeographsSupplement": (0x2F800, 0x2FA1F),
}  # fmt: skip


class EscapeError(Exception):
    """A class or escape that XML Schema does not know."""


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """Ranges of code points, named tests, and a set taken away; possibly the complement."""

    ranges: tuple[tuple[str, str], ...] = ()
    tests: tuple[Callable[[str], bool], ...] = ()
    negated: bool = False
    folds: bool = False
    without: "CharacterSet | None" = None

    @classmethod
    def of(cls, character: str, folds: bool) -> "CharacterSet":
        return cls(((character, character),), folds=folds)

    @classmethod
    def everything(cls, but: str) -> "CharacterSet":
        return cls(tuple((character, character) for character in but), negated=True)

    def has(self, character: str) -> bool:
        found = any(low <= character <= high for low, high in self.ranges)
        found = found or any(test(character) for test in self.tests)
        if not found and self.folds:
            others = variants(character)
            found = any(low <= one <= high for one in others for low, high in self.ranges)
        if found is self.negated:
            return False
        return self.without is None or not self.without.has(character)


def read_class(pattern: str, at: int, folds: bool) -> tuple[CharacterSet, int]:
    """A class from behind its `[` to behind its `]`."""
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[tuple[str, str]] = []
    tests: list[Callable[[str], bool]] = []
    without: CharacterSet | None = None
    first = at
    while not pattern.startswith("]", at) or at == first:
        if pattern.startswith("-[", at) and at > first:
            without, at = read_class(pattern, at + 2, folds)
            if not pattern.startswith("]", at):
                raise EscapeError
            break
        at = _read_member(pattern, at, ranges, tests)
    return CharacterSet(tuple(ranges), tuple(tests), negated, folds, without), at + 1


def _read_member(
    pattern: str, at: int, ranges: list[tuple[str, str]], tests: list[Callable[[str], bool]]
) -> int:
    """One character, range or escape of a class."""
    low, at = _read_one(pattern, at)
    if not isinstance(low, str):
        tests.append(low)
        return at
    if not pattern.startswith("-", at) or pattern[at + 1 : at + 2] in ("]", "["):
        ranges.append((low, low))
        return at
    high, at = _read_one(pattern, at + 1)
    if not isinstance(high, str) or high < low:
        raise EscapeError
    ranges.append((low, high))
    return at


def _read_one(pattern: str, at: int) -> tuple[str | Callable[[str], bool], int]:
    character = pattern[at : at + 1]
    if character == "\\":
        return _escape(pattern, at + 1)
    if character in ("", "[", "]"):
        raise EscapeError
    return character, at + 1


def read_escape(pattern: str, at: int, folds: bool) -> tuple[CharacterSet, int]:
    """An escape from behind its backslash."""
    found, at = _escape(pattern, at)
    if isinstance(found, str):
        return CharacterSet.of(found, folds), at
    return CharacterSet(tests=(found,)), at


def _escape(pattern: str, at: int) -> tuple[str | Callable[[str], bool], int]:
    letter = pattern[at : at + 1]
    if letter in _NEWLINES:
        return _NEWLINES[letter], at + 1
    if letter in _QUOTED and letter:
        return letter, at + 1
    if letter and letter in "pP":
        return _property(pattern, at)
    test = _MULTIPLE.get(letter.lower())
    if test is None:
        raise EscapeError
    return (_none_of(test) if letter.isupper() else test), at + 1


def _property(pattern: str, at: int) -> tuple[Callable[[str], bool], int]:
    close = pattern.find("}", at)
    name = pattern[at + 2 : close]
    if close < 0 or pattern[at + 1] != "{":
        raise EscapeError
    if name in _CATEGORIES:
        test = _category(name)
    elif name.startswith("Is") and name[2:] in _BLOCKS:
        test = _block(*_BLOCKS[name[2:]])
    else:
        raise EscapeError
    return (_none_of(test) if pattern[at] == "P" else test), close + 1


def _category(name: str) -> Callable[[str], bool]:
    return lambda character: unicodedata.category(character).startswith(name)


def _block(low: int, high: int) -> Callable[[str], bool]:
    return lambda character: low <= ord(character) <= high


def _none_of(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda character: not test(character)


def _name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L" or character == "\u2118"


def _name_part(character: str) -> bool:
    if _name_start(character) or character in "-.\u00b7":
        return True
    return unicodedata.category(character) in ("Nd", "Mn", "Mc", "Nl")


_MULTIPLE: Final[dict[str, Callable[[str], bool]]] = {
    "s": lambda character: character in " \t\n\r",
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": lambda character: unicodedata.category(character)[0] not in "PZC",
    "i": _name_start,
    "c": _name_part,
}


def folded(text: str) -> str:
    """Text for comparison without regard to case, character by character."""
    return "".join(_fold(character) for character in text)


def _fold(character: str) -> str:
    plain = character.casefold()
    return plain if len(plain) == 1 else character.lower()[:1]


@lru_cache(maxsize=4096)
def variants(character: str) -> tuple[str, ...]:
    """The characters that differ from one only by case, itself included."""
    return _by_fold().get(_fold(character), (character,))


@lru_cache(maxsize=1)
def _by_fold() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for point in (*range(0xD800), *range(0xF900, 0x1E944)):
        character = chr(point)
        if character.lower() != character or character.upper() != character:
            found.setdefault(_fold(character), []).append(character)
    return {fold: tuple(group) for fold, group in found.items()}
