"""Deciding a theme only by definitions that hold, as single matters are."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine import themes
from engine.checks.admission import admit_file, decide
from engine.decision import ApplicationError
from engine.diagnostics import Diagnostics, Place
from engine.hooks import Source
from engine.themes import ThemeDecision, ThemePlan, plan_theme
from engine.workspace import Workspace


def decide_theme(
    workspace: Workspace,
    theme_id: str,
    data: Any,
    *,
    on: date,
    sources: Sequence[Source] | None = None,
    file: str = "application",
) -> ThemeDecision:
    """Decides every part of a theme that is needed, each as `decide` does alone.

    `data` is an application under the theme's names (see `themes.split`). Raises what `decide` does.
    """
    if not isinstance(data, Mapping):
        problems = Diagnostics()
        words = {"expected_zh": "“名称: 值”的对象", "expected_en": "an object"}
        found = type(data).__name__
        problems.add("application-value", Place(file), where="（整体）", found=found, **words)
        raise ApplicationError(problems.sorted())
    region = data.get("region") or workspace.settings.region
    plan = admit_theme(workspace, theme_id, on, region if isinstance(region, str) else "")
    return themes.decide_theme(plan, data, sources=sources, decide=decide, file=file)


def admit_theme(workspace: Workspace, theme_id: str, on: date, region: str) -> ThemePlan:
    """The plan of a theme that holds. Raises DecisionStopped, with the diagnostics, else."""
    admit_file(workspace, workspace.file("theme", theme_id, on).file)
    return plan_theme(workspace, theme_id, on, region)
