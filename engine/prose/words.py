"""How a value is said to people, in Chinese and in English."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Language = Literal["zh", "en"]

# Chinese counts everything with a word of its own, English not.
_UNITS_EN = {
    "元": "yuan", "人": "people", "位": "", "个": "", "个月": "months", "周岁": "years of age",
    "个工作日": "working days", "日": "days", "年": "years", "万元": "ten thousand yuan",
    "个字符": "characters", "岁": "years of age", "名": "people", "次": "times", "份": "copies",
}  # fmt: skip
_ONE_EN = {
    "people": "person", "months": "month", "years of age": "year of age", "times": "time",
    "working days": "working day", "days": "day", "years": "year", "characters": "character",
    "copies": "copy",
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
    unit = unit if zh else unit_in_english(unit, value)
    return f"{text} {unit}" if unit else text


def unit_in_english(unit: str, value: object = None) -> str:
    """`1 working day`, `2 working days`; a unit that English has no other word for stays."""
    many = _UNITS_EN.get(unit, unit)
    return _ONE_EN.get(many, many) if value == 1 else many


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


def quantity(value: Decimal, unit: str) -> Words:
    """A figure with its unit; one of more than 60 digits keeps its exponent."""
    if abs(value.adjusted()) > _WRITTEN_OUT:
        return as_written(str(value))
    return Words(spoken_value(value, unit), spoken_value(value, unit, "en"))


_WRITTEN_OUT = 60


def listed(texts: Iterable[Words | str]) -> Words:
    found = [as_written(text) if isinstance(text, str) else text for text in texts]
    return Words("；".join(w.zh for w in found), "; ".join(w.en for w in found))


def unit_words(unit: str | None) -> Words:
    return Words(unit, unit_in_english(unit)) if unit else NOTHING


def joined(*parts: Words) -> Words:
    kept = [part for part in parts if part.zh]
    return Words("，".join(p.zh for p in kept), ", ".join(p.en for p in kept))
