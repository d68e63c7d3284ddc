"""How a value is said to people, in Chinese and in English; and text set in terminal cells."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from engine.clock import Period, PeriodError
from engine.definitions import Basis

Language = Literal["zh", "en"]

_AT_ONCE = {"当场": "on the spot", "即办": "at once"}
# Chinese counts everything with a word of its own, English not.
_UNITS_EN = {
    "元": "yuan", "人": "people", "位": "", "个": "", "个月": "months", "周岁": "years of age",
    "个工作日": "working days", "日": "days", "年": "years", "万元": "ten thousand yuan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


NOTHING = Words("", "")


def as_written(text: str) -> Words:
    """A definition's own text, which has no translation."""
    return Words(text, text)


def spoken_day(day: date, language: Language = "zh") -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return day.isoformat()


def spoken_value(value: object, unit: str = "", language: Language = "zh") -> str:
    """A fact's value as a person would write it; None is said as not given."""
    zh = language == "zh"
    if value is None:
        return "未提供" if zh else "not given"
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if isinstance(value, date):
        return spoken_day(value, language)
    text = _plain(value, language)
    unit = unit if zh else _UNITS_EN.get(unit, unit)
    return f"{text} {unit}" if unit else text


def _plain(value: object, language: Language) -> str:
    zh = language == "zh"
    if isinstance(value, Decimal):
        return spoken_number(value)
    if isinstance(value, Mapping):
        mark = "：" if zh else ": "
        inside = (f"{k}{mark}{spoken_value(v, '', language)}" for k, v in value.items())
        return ("，" if zh else ", ").join(inside)
    if isinstance(value, Sequence) and not isinstance(value, str):
        mark = "；" if any(isinstance(v, Mapping) for v in value) else "、"
        inside = (spoken_value(v, "", language) for v in value)
        return (mark if zh else "; ").join(inside) or ("无" if zh else "none")
    return str(value) or ("（空）" if zh else "(empty)")


def spoken_number(value: Decimal) -> str:
    """Without exponent and without zeros that say nothing: 10.50 is 10.5, 1E+2 is 100."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


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


def listed(texts: Iterable[Words | str]) -> Words:
    found = [as_written(text) if isinstance(text, str) else text for text in texts]
    return Words("；".join(w.zh for w in found), "; ".join(w.en for w in found))


def unit_words(unit: str | None) -> Words:
    return Words(unit, _UNITS_EN.get(unit, unit)) if unit else NOTHING


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


def joined(*parts: Words) -> Words:
    kept = [part for part in parts if part.zh]
    return Words("，".join(p.zh for p in kept), ", ".join(p.en for p in kept))
