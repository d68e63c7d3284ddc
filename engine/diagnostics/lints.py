"""Policy lints: what the policy asks for beyond what an engine needs, and the manual page of each.

A workspace may set the severity of an adjustable one in `tongban.yaml`. Those that are not decide
whether a decision is right, and stay what they are.
"""

from engine.diagnostics.lint import Lint, lint_page
from engine.diagnostics.lint_bases import BASIS_LINTS
from engine.diagnostics.lint_discretion import DISCRETION_LINTS
from engine.diagnostics.lint_guides import GUIDE_LINTS
from engine.diagnostics.lint_materials import MATERIAL_LINTS
from engine.diagnostics.lint_times import TIME_LINTS

__all__ = ["ADJUSTABLE", "LINTS", "Lint", "explain_code"]

LINTS: dict[str, Lint] = {
    **BASIS_LINTS,
    **MATERIAL_LINTS,
    **TIME_LINTS,
    **GUIDE_LINTS,
    **DISCRETION_LINTS,
}
ADJUSTABLE = frozenset(code for code, lint in LINTS.items() if lint.is_adjustable)


def explain_code(code: str) -> str:
    """The manual page of a lint, in Markdown. KeyError for what is no lint."""
    return lint_page(code, LINTS[code])
