"""What is wrong, where, and what to do: the one form in which every room reports a problem.

A problem is never raised one at a time: rooms collect diagnostics, `Diagnostics.sorted()` puts
them in reading order, and the CLI, the studio and the tests render the same objects.
"""

from engine.diagnostics.catalogue import CATALOGUE, CodeEntry, Severity
from engine.diagnostics.diagnostic import Diagnostic, Diagnostics, Place, TongbanError
from engine.diagnostics.lints import ADJUSTABLE, LINTS, Lint, explain_code
from engine.diagnostics.rendering import render, render_all, to_json
from engine.diagnostics.suggestion import nearest

__all__ = [
    "ADJUSTABLE",
    "CATALOGUE",
    "LINTS",
    "CodeEntry",
    "Diagnostic",
    "Diagnostics",
    "Lint",
    "Place",
    "Severity",
    "TongbanError",
    "explain_code",
    "nearest",
    "render",
    "render_all",
    "to_json",
]
