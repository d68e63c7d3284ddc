"""Policy lints: each page of the manual shows what is reported and what is not; severities are set."""

import os
from pathlib import Path

import pytest

import lint_examples
from engine import Diagnostic, TongbanError, Workspace, check_workspace, render_all
from engine.diagnostics import ADJUSTABLE, CATALOGUE, LINTS, explain_code
from shipped import ROOT

PAGES = ROOT / "docs" / "diagnostics"
CODES = sorted(LINTS)


def found(root: Path, code: str, example: str) -> list[Diagnostic]:
    lint_examples.write(root, code, example)
    return [d for d in check_workspace(Workspace.load(root)) if d.code != "form-missing"]


@pytest.mark.parametrize("code", CODES)
def test_what_the_page_shows_as_reported_is_reported(code: str, tmp_path: Path) -> None:
    reported = found(tmp_path / "w", code, LINTS[code].bad)
    assert code in [d.code for d in reported], render_all(reported)
    assert all(d.severity == LINTS[code].grade for d in reported if d.code == code)


@pytest.mark.parametrize("code", CODES)
def test_what_the_page_shows_as_better_is_not_reported(code: str, tmp_path: Path) -> None:
    assert render_all(found(tmp_path / "w", code, LINTS[code].good)) == "没有发现问题。"


@pytest.mark.parametrize("code", CODES)
def test_the_page_in_the_manual_is_that_of_the_program(code: str) -> None:
    """Written anew by TONGBAN_RESET_MANUAL=1."""
    page = PAGES / f"{code}.md"
    if os.environ.get("TONGBAN_RESET_MANUAL"):
        page.write_text(explain_code(code), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == explain_code(code)


def test_the_manual_has_a_page_for_every_lint_and_no_other() -> None:
    assert sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README") == CODES


def test_what_ships_is_clean_of_every_lint_but_remarks() -> None:
    shown = [d for d in check_workspace(Workspace.load(ROOT)) if d.code in LINTS]
    assert {d.severity for d in shown} <= {"info"}


# --- severities ------------------------------------------------------------------------------


def with_settings(root: Path, settings: str) -> Workspace:
    lint_examples.write(root, "faq-missing", LINTS["faq-missing"].bad)
    (root / "tongban.yaml").write_text(settings, encoding="utf-8")
    return Workspace.load(root)


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_a_workspace_sets_the_severity_of_a_lint(severity: str, tmp_path: Path) -> None:
    workspace = with_settings(tmp_path / "w", f"severities: {{faq-missing: {severity}}}\n")
    graded = [d for d in check_workspace(workspace) if d.code == "faq-missing"]
    assert [d.severity for d in graded] == [severity]


def test_a_lint_turned_off_is_not_reported(tmp_path: Path) -> None:
    workspace = with_settings(tmp_path / "w", "severities: {faq-missing: off}\n")
    assert "faq-missing" not in [d.code for d in check_workspace(workspace)]


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - ADJUSTABLE))
def test_what_a_decision_rests_on_cannot_be_turned_off(code: str, tmp_path: Path) -> None:
    workspace = with_settings(tmp_path / "w", f"severities: {{{code}: off}}\n")
    refused = [d for d in check_workspace(workspace) if d.code == "setting-severity"]
    assert [(d.place.file, d.place.line) for d in refused] == [("tongban.yaml", 1)]
    assert workspace.settings.severities == {code: "off"}


@pytest.mark.parametrize(
    "settings",
    ["severities: [off]", "severities: {faq-missing: 1}", "limits: {stages: 0}", "limits: {a: 1}"],
    ids=["a-list", "a-number", "out-of-range", "unknown"],
)
def test_settings_of_another_shape_say_so(settings: str, tmp_path: Path) -> None:
    with pytest.raises(TongbanError, match=r"tongban\.yaml"):
        with_settings(tmp_path / "w", settings + "\n")


def test_a_lint_raised_to_an_error_stops_decisions_and_one_lowered_lets_them_pass(
    tmp_path: Path,
) -> None:
    from datetime import date

    from engine.checks import admit

    workspace = with_settings(tmp_path / "w", "severities: {faq-missing: error}\n")
    with pytest.raises(TongbanError, match="常见问题"):
        admit(workspace, "sample", date(2026, 11, 22))
    admit(with_settings(tmp_path / "v", "title: 示例\n"), "sample", date(2026, 11, 22))
