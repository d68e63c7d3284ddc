"""Diagnostics as text for a terminal and as JSON for a machine."""

import unicodedata
from collections.abc import Iterable
from typing import Literal

from engine.diagnostics.diagnostic import Diagnostic

Language = Literal["zh", "en"]
_CELL_SHOWN = 100  # characters of a cell's text
_CELL_BEFORE = 60  # of them before the place that is meant
_WORDS = {"error": "错误", "warning": "警告", "info": "提示"}


def _width(text: str) -> int:
    return sum(
        0
        if unicodedata.combining(c) or c == "\ufeff"
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )


def column_letters(column: int) -> str:
    """A column as spreadsheets name it: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _cell_excerpt(diagnostic: Diagnostic, language: Language) -> list[str]:
    """The cell by the name that the spreadsheet shows for it, and its text, on one line."""
    place = diagnostic.place
    row, letters = place.line, column_letters(place.column)
    zh = language == "zh"
    gutter = f"  第 {row} 行 {letters} 列 | " if zh else f"  row {row}, column {letters} | "
    start, end = place.within[0], place.within[-1]
    first = max(0, start - _CELL_BEFORE)
    text = "".join(c if c.isprintable() else " " for c in diagnostic.excerpt)
    text = text[first : first + _CELL_SHOWN]
    if not text.strip():
        return [gutter + ("（空）" if zh else "(empty)")]
    caret = "^" * max(1, _width(text[start - first : end - first]))
    indent = " " * (_width(gutter) - 2) + "| " + " " * _width(text[: start - first])
    return [gutter + text.rstrip(), indent + caret]


def _excerpt(diagnostic: Diagnostic, language: Language) -> list[str]:
    if diagnostic.place.within:
        return _cell_excerpt(diagnostic, language)
    place, line = diagnostic.place, diagnostic.excerpt.replace("\t", " ")
    if not place.line or not line.strip():
        return []
    number = f"{place.line:>5} | "
    start = place.column - 1
    same_line = place.end_line == place.line and place.end_column > place.column
    end = place.end_column - 1 if same_line else len(line.rstrip())
    # Chinese characters take two cells in a terminal; the caret must stand under them.
    caret = "^" * max(1, _width(line[start:end]))
    gutter = " " * (len(number) - 2) + "| "
    return [number + line.rstrip(), gutter + " " * _width(line[:start]) + caret]


def render(diagnostic: Diagnostic, language: Language = "zh") -> str:
    """`file:line:col: severity[code]: message`, the excerpt with its caret, and the help."""
    zh = language == "zh"
    severity = diagnostic.severity
    message = diagnostic.message_zh if zh else diagnostic.message_en
    advice = diagnostic.help_zh if zh else diagnostic.help_en
    lines = [f"{diagnostic.place}: {severity}[{diagnostic.code}]: {message}"]
    lines += _excerpt(diagnostic, language)
    if advice:
        lines.append(("   帮助：" if zh else "   help: ") + advice)
    return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic], language: Language = "zh") -> str:
    """Every diagnostic, in the order given, with a closing count."""
    found = list(diagnostics)
    counts = {s: sum(d.severity == s for d in found) for s in _WORDS}
    if language == "zh":
        total = "，".join(f"{counts[s]} 个{word}" for s, word in _WORDS.items() if counts[s])
        closing = total or "没有发现问题。"
    else:
        closing = ", ".join(f"{n} {s}(s)" for s, n in counts.items() if n) or "no problems found."
    return "\n\n".join([*(render(d, language) for d in found), closing])


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    place = diagnostic.place
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "message_zh": diagnostic.message_zh,
        "message_en": diagnostic.message_en,
        "help_zh": diagnostic.help_zh,
        "help_en": diagnostic.help_en,
    }
