"""What can be said of the values a name may have: “营业面积的取值是 [0..100000]”."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from engine.checks.possible_values import Piece, Possible
from engine.feel.numbers import show_number

_MOST: Final = 8  # values or stretches named in one message


def because(names: Iterable[str], values: Mapping[str, Possible]) -> tuple[str, str]:
    """Why a comparison of these names is constant, in Chinese and English; empty where none tells."""
    told = [(name, *described(values[name])) for name in names if name in values]
    known = [(name, zh, en) for name, zh, en in told if zh]
    zh = "，".join(f"“{name}”的取值是{text}" for name, text, _ in known)
    en = ", ".join(f'"{name}" is {text}' for name, _, text in known)
    return f"：{zh}" if zh else "", f": {en}" if en else ""


def described(values: Possible) -> tuple[str, str]:
    """The set in words, in Chinese and English; empty for what is not bounded at all."""
    if values.words is not None:
        words = sorted(str(w).lower() if isinstance(w, bool) else f"“{w}”" for w in values.words)
        more = "……" if len(words) > _MOST else ""
        return "、".join(words[:_MOST]) + more, ", ".join(words[:_MOST]) + more
    if values.kind not in ("number", "date") or not values.pieces:
        return "", ""
    stretches = [_stretch(piece, values.kind == "date") for piece in values.pieces[:_MOST]]
    shown = "、".join(text for text in stretches if text)
    if len(values.pieces) > _MOST:
        shown += "……"
    places = _places(values)
    if values.kind == "date" or places is None:
        return shown, shown
    whole = (
        ("整数", "whole numbers")
        if places == 0
        else (f"至多 {places} 位小数", f"at most {places} decimal places")
    )
    return (f"{shown}（{whole[0]}）", f"{shown} ({whole[1]})") if shown else whole


def _places(values: Possible) -> int | None:
    """How many decimal places there are, where that is so many and no more."""
    if values.grid is None or not values.grid.step or any(p.is_point for p in values.pieces):
        return None
    exponent = values.grid.step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else None


def _stretch(piece: Piece, is_day: bool) -> str:
    low, high = (_end(end, is_day) for end in (piece.low, piece.high))
    if piece.is_point:
        return low
    if low and high:
        return f"{'[' if piece.low_closed else '('}{low}..{high}{']' if piece.high_closed else ')'}"
    if low:
        return f"{'>=' if piece.low_closed else '>'} {low}"
    return f"{'<=' if piece.high_closed else '<'} {high}" if high else ""


def _end(end: Decimal, is_day: bool) -> str:
    if end.is_infinite():
        return ""
    return date.fromordinal(int(end)).isoformat() if is_day else show_number(end)
