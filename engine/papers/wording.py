"""How a value is said to people, in Chinese and in English; and text set in terminal cells."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from engine.clock import Period, PeriodError
from engine.definitions import Basis

Language = Literal["zh", "en"]

# Results, materials' statuses and outcomes, for English readers.
STATUSES_EN = {
    "满足": "holds", "不满足": "fails", "待核": "pending", "不适用": "n/a",
    "免提交": "exempt", "已提交": "handed in", "以承诺代替": "committed to",
    "容缺后补": "may follow", "缺少": "missing", "不需要": "not needed",
    "准予": "granted", "不予": "refused", "不予受理": "not accepted", "补正": "to be corrected",
}  # fmt: skip
_AT_ONCE = {"当场": "on the spot", "即办": "at once"}
# A citizen number by its form: region, birth date, order, check.
_CITIZEN_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])([1-9][0-9]{5})"
    r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"([0-9]{3}[0-9Xx])(?![0-9A-Za-z])"
)


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


def mask_numbers(text: str) -> str:
    """Citizen numbers in `text` reduced to their first six and last four characters."""
    return _CITIZEN_NUMBER.sub(r"\1********\2", text)


def presentable(value: Any) -> Any:
    """`value` with every text in it on one printable line and its citizen numbers masked.

    What applicants type reaches terminals and letters: a line break could forge a line there, an
    escape sequence worse.
    """
    if isinstance(value, str):
        line = "".join(c if c.isprintable() or c in "\u3000\xa0" else " " for c in value)
        return mask_numbers(line)
    if isinstance(value, tuple | list):
        return type(value)(presentable(v) for v in value)
    if isinstance(value, Mapping):
        return {presentable(k): presentable(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: presentable(getattr(value, f.name)) for f in fields(value)}
        )
    return value


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


def listed(texts: Iterable[str]) -> Words:
    found = tuple(texts)
    return Words("；".join(found), "; ".join(found))


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
