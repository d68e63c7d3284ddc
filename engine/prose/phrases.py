"""A part of a sentence in both languages, and how tightly it holds together.

A part that holds more loosely than its place asks for is set in brackets, so a sentence can be
taken apart in one way only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from engine.prose.words import Words


class Bond(IntEnum):
    """How tightly a phrase holds together, loosest first."""

    OPEN = 1  # reaches to the end of the sentence: 如果…，则…；否则…
    LOGIC = 2  # claims joined by 并且 or 或者
    CLAIM = 3  # 营业面积在10 m²以上
    SUM = 4
    PRODUCT = 5
    POWER = 6
    PHRASE = 7  # a function of several things: A除以B的余数
    CHAIN = 8  # a function of one thing: A的绝对值
    OWNED = 9  # 申请人的名称
    ATOM = 10  # a name, a figure, whatever stands in brackets


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said, and its bond in either language."""

    zh: str
    en: str
    bond: Bond

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)

    def fit(self, bond: Bond, en: Bond | None = None) -> "Phrase":
        """The phrase fit for a place that asks for a bond; English may ask for more."""
        zh_fits, en_fits = self.bond >= bond, self.bond >= (en or bond)
        if zh_fits and en_fits:
            return self
        zh = self.zh if zh_fits else f"（{self.zh}）"
        held = self.bond if zh_fits else Bond.ATOM
        return Phrase(zh, self.en if en_fits else f"({self.en})", held)

    def bracketed(self) -> "Phrase":
        return Phrase(f"（{self.zh}）", f"({self.en})", Bond.ATOM)


def atom(zh: str, en: str | None = None) -> Phrase:
    return Phrase(zh, zh if en is None else en, Bond.ATOM)


def phrase(bond: Bond, zh: str, en: str, *parts: Phrase) -> Phrase:
    """`phrase(Bond.CHAIN, "{0}的数量", "the number of items in {0}", items)`."""
    return Phrase(zh.format(*(p.zh for p in parts)), en.format(*(p.en for p in parts)), bond)


def series(bond: Bond, zh: str, en: str, parts: Iterable[Phrase]) -> Phrase:
    """Parts with a mark between them; one alone stays what it is."""
    kept: Sequence[Phrase] = tuple(parts)
    if len(kept) == 1:
        return kept[0]
    return Phrase(zh.join(p.zh for p in kept), en.join(p.en for p in kept), bond)


def quoted(text: str) -> Phrase:
    """A text value. Chinese takes the first pair of quotation marks that the text does not use."""
    for opening, closing in ("“”", "『』", "〖〗"):
        if opening not in text and closing not in text:
            zh = f"{opening}{text}{closing}"
            break
    else:
        zh = _in_english_marks(text)
    return atom(zh, _in_english_marks(text))


def _in_english_marks(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
