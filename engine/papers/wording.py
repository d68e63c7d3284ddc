"""What only papers say: periods, laws cited, and text set in terminal cells."""

import unicodedata
from collections.abc import Iterable

from engine.clock import Period, PeriodError
from engine.definitions import Basis
from engine.prose import NOTHING, Language, Words

_AT_ONCE = {"当场": "on the spot", "即办": "at once"}


def spoken_period(text: str, language: Language = "zh") -> str:
    """`20 working days` as 20个工作日; words such as 当场 and 即办 stay as they are."""
    try:
        period = Period.parse(text)
    except PeriodError:
        return text if language == "zh" else _AT_ONCE.get(text, text)
    return period.zh if language == "zh" else period.en


def cells(text: str) -> int:
    """How many terminal cells `text` takes: Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))


def cited(bases: Iterable[Basis]) -> Words:
    """Laws by name and article; what was not checked against the law's text is said so."""
    zh, en = [], []
    for basis in bases:
        zh.append(str(basis) + ("" if basis.verified else "（未核实）"))
        en.append(str(basis) + ("" if basis.verified else " (not verified)"))
    return Words("；".join(zh), "; ".join(en))


def period_words(text: str | None) -> Words:
    if not text:
        return NOTHING
    return Words(spoken_period(text), spoken_period(text, "en"))
