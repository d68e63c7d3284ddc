"""What is wrong across definitions: names, references, types, regions, policy. Never the first only.

Checks read definitions and say what they find; they change nothing and decide nothing.
"""

from engine.checks.admission import admit, decide
from engine.checks.checking import check_file, check_text, check_workspace
from engine.checks.lint_words import discretion_words
from engine.checks.names import KnownName, known_names
from engine.checks.rechecking import recheck_workspace
from engine.checks.theme_admission import admit_theme, decide_theme

__all__ = [
    "KnownName",
    "admit",
    "admit_theme",
    "check_file",
    "check_text",
    "check_workspace",
    "decide",
    "decide_theme",
    "discretion_words",
    "known_names",
    "recheck_workspace",
]
