"""The severities that a workspace sets for policy lints, and for those alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

from engine.checks.subject import hints
from engine.diagnostics import ADJUSTABLE, CATALOGUE, Diagnostic, Diagnostics, Place, Severity
from engine.source import read_document
from engine.workspace import SETTINGS_FILE, Workspace

_OFF = "off"
_GRADES: tuple[Severity, ...] = get_args(Severity)


def grade(found: Iterable[Diagnostic], severities: Mapping[str, str]) -> Iterator[Diagnostic]:
    """The diagnostics with the severities that were set; without those turned off."""
    for diagnostic in found:
        set_to = severities.get(diagnostic.code) if diagnostic.code in ADJUSTABLE else None
        if set_to == _OFF:
            continue
        known = next((g for g in _GRADES if g == set_to), None)
        yield diagnostic if known is None else replace(diagnostic, graded=known)


def check_severities(workspace: Workspace, problems: Diagnostics) -> None:
    """Adds each setting of a severity that is not taken: an unknown code, a fixed one, a wrong word."""
    wrong = dict(_refusals(workspace.settings.severities))
    if not wrong:
        return
    path = workspace.root / SETTINGS_FILE
    # It could be read when the workspace was loaded; since then it may have been taken away.
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    document = read_document(text, SETTINGS_FILE, Diagnostics())
    for code, words in wrong.items():
        place, excerpt = Place(SETTINGS_FILE), ""
        if document is not None:
            place = document.place(("severities", code), key=True)
            excerpt = document.excerpt(place)
        problems.add("setting-severity", place, excerpt=excerpt, **words)


def _refusals(severities: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    for code, set_to in severities.items():
        if code not in CATALOGUE:
            yield code, _words(f"没有代码“{code}”", f'there is no code "{code}"', code)
        elif code not in ADJUSTABLE:
            yield (
                code,
                _words(
                    f"“{code}”不可调整：决定是否正确以它为前提",
                    f'"{code}" is fixed: whether a decision is right depends on it',
                ),
            )
        elif set_to not in (*_GRADES, _OFF):
            listed = "、".join((*_GRADES, _OFF))
            yield (
                code,
                {
                    "problem_zh": f"“{code}”的级别“{set_to}”不认识",
                    "problem_en": f'the severity "{set_to}" of "{code}" is not known',
                    "help_zh": f"可用：{listed}",
                    "help_en": f"Known: {', '.join((*_GRADES, _OFF))}",
                },
            )


def _words(zh: str, en: str, code: str = "") -> dict[str, str]:
    near = hints(code, ADJUSTABLE) if code else {"hint_zh": "", "hint_en": ""}
    return {
        "problem_zh": zh,
        "problem_en": en,
        "help_zh": f"{near['hint_zh']}可调整的代码见 docs/diagnostics/，或用 tongban lints 列出。",
        "help_en": f"{near['hint_en']}`tongban lints` lists the codes that may be set.",
    }
