"""A case in words, as an officer would say it."""

from collections.abc import Mapping
from typing import Any

from engine.decision import to_plain
from engine.proof.witnesses import spoken


def case_words(values: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, str]:
    """The words `case` and `case_en` of a diagnostic: every value by its name, 待核 too."""
    chinese = [f"{name}{_said(value, units.get(name, ''))}" for name, value in values.items()]
    english = [f"{name} = {_plain(value)}" for name, value in values.items()]
    return {"case": "，".join(chinese) or "任何情形", "case_en": ", ".join(english) or "any case"}


def _said(value: Any, unit: str) -> str:
    return f"{spoken(value)} {unit}".rstrip() if unit and value is not None else spoken(value)


def _plain(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(to_plain(value))


def listed_rows(rows: tuple[int, ...], most: int = 6) -> str:
    """Rows as a reader counts them, from 1."""
    shown = "、".join(str(row + 1) for row in rows[:most])
    return f"{shown} 等 {len(rows)} " if len(rows) > most else shown
