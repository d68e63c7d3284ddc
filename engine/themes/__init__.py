"""一件事: matters merged into one questionnaire, one form and one set of materials, decided apart.

Nothing here decides: each part is decided by `engine.decision` as if it had been asked for alone.
Pure: the same theme and the same answers give the same form, the same parts, the same decisions.
"""

from engine.themes.answers import Answers, read_answers
from engine.themes.completeness import COVERAGE_TITLES, CoverageClaim, ThemeCoverage, coverage
from engine.themes.deciding import (
    PartOutcome,
    ThemeDecision,
    ThemeMaterialResult,
    ThemeStatus,
    decide_theme,
)
from engine.themes.materials import MaterialNeed, MergedMaterial, merged_materials
from engine.themes.merging import MergedField, MergedForm, Served, merge
from engine.themes.plan import PartPlan, ThemePlan, plan_theme
from engine.themes.splitting import applicable_parts, split

__all__ = [
    "COVERAGE_TITLES",
    "Answers",
    "CoverageClaim",
    "MaterialNeed",
    "MergedField",
    "MergedForm",
    "MergedMaterial",
    "PartOutcome",
    "PartPlan",
    "Served",
    "ThemeCoverage",
    "ThemeDecision",
    "ThemeMaterialResult",
    "ThemePlan",
    "ThemeStatus",
    "applicable_parts",
    "coverage",
    "decide_theme",
    "merge",
    "merged_materials",
    "plan_theme",
    "read_answers",
    "split",
]
