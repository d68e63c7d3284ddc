"""Chinese Gherkin that runs: one catalogue of steps, an in-process runner, a linter, coverage.

Forbidden here: a test framework, a clock (hand one in for timings), and steps that speak of
screens: steps speak of applicants, rules and decisions.
"""

from engine.specs.catalogue import (
    Ambiguous,
    Call,
    StepCatalogue,
    StepDefinition,
    Undefined,
    records,
)
from engine.specs.coverage import (
    Coverage,
    MatterCoverage,
    coverage_to_json,
    measure_coverage,
    render_coverage,
)
from engine.specs.features import Feature, FeatureScenario, FeatureStep, read_feature
from engine.specs.linting import lint_feature, lint_features
from engine.specs.manual import steps_page, steps_to_json
from engine.specs.outcome import StepFailed
from engine.specs.pending import pending_feature
from engine.specs.phrases import Phrase, PhraseError
from engine.specs.reports import render_report, report_to_json, summary_line
from engine.specs.runs import (
    Report,
    ScenarioResult,
    StepResult,
    call_step,
    feature_files,
    run_features,
    run_scenario,
)
from engine.specs.shipped import step_catalogue
from engine.specs.world import World

__all__ = [
    "Ambiguous",
    "Call",
    "Coverage",
    "Feature",
    "FeatureScenario",
    "FeatureStep",
    "MatterCoverage",
    "Phrase",
    "PhraseError",
    "Report",
    "ScenarioResult",
    "StepCatalogue",
    "StepDefinition",
    "StepFailed",
    "StepResult",
    "Undefined",
    "World",
    "call_step",
    "coverage_to_json",
    "feature_files",
    "lint_feature",
    "lint_features",
    "measure_coverage",
    "pending_feature",
    "read_feature",
    "records",
    "render_coverage",
    "render_report",
    "report_to_json",
    "run_features",
    "run_scenario",
    "step_catalogue",
    "steps_page",
    "steps_to_json",
    "summary_line",
]
