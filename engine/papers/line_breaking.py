"""Where a line may end: Chinese after any character, words and numbers kept whole (避头尾).

A stop or a closing bracket never begins a line, an opening one never ends it.
"""

import re
from collections.abc import Callable, Iterator

# What may not begin a line, and what may not end one.
_CLOSING = "，。、；：？！）〕】》〉」』”’…—％‰℃·,.;:?!)]}%㎡²³"
_OPENING = "（〔【《〈「『“‘([{￥¥№"
# Runs of Western text stay whole; a single other character stands for itself.
_UNITS = re.compile(r"[ \u3000]+|[!-~\u00a1-\u024f]+|.", re.DOTALL)


def broken_lines(
    text: str, width: float, measure: Callable[[str], float], indent: float = 0
) -> list[str]:
    """`text` as lines that fit in `width`; the first begins `indent` further in.

    `measure` gives the width of a text in the same unit. A line feed always ends a line. What has no
    place to break and is wider than a line is broken where the line ends. At least one line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        room = width - indent if not lines else width
        lines += _filled(paragraph, room, width, measure)
    return lines


def _filled(text: str, room: float, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line, used = [], "", 0.0
    for unit in _inseparable(text):
        size = measure(unit)
        if line and used + measure(unit.rstrip(" ")) > room:
            lines.append(line.rstrip(" "))
            line, used, room = "", 0.0, width
            unit = unit.lstrip(" ")
            size = measure(unit)
        if size > room:
            *full, unit = _chopped(unit, room, width, measure)
            if full:
                lines += full
                room = width
            size = measure(unit)
        line, used = line + unit, used + size
    return [*lines, line.rstrip(" ")]


def _inseparable(text: str) -> Iterator[str]:
    """Units between which a line may end."""
    held = ""
    for unit in _UNITS.findall(text):
        begins_badly = unit[0] in _CLOSING and not held.endswith(" ")
        if held and not begins_badly and held[-1] not in _OPENING:
            yield held
            held = ""
        held += unit
    if held:
        yield held


def _chopped(
    text: str, room: float, width: float, measure: Callable[[str], float]
) -> Iterator[str]:
    piece, used = "", 0.0
    for character in text:
        size = measure(character)
        if piece and used + size > room:
            yield piece
            piece, used, room = "", 0.0, width
        piece, used = piece + character, used + size
    yield piece
