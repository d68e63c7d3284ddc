"""Policy lints: each page of the manual shows what is reported and what is not; severities are set."""

import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lint_examples
import small_workspace
from engine import (
    Diagnostic,
    TongbanError,
    Workspace,
    check_text,
    check_workspace,
    render_all,
)
from engine.diagnostics import ADJUSTABLE, CATALOGUE, LINTS, explain_code
from engine.diagnostics.lints import lints_page
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


def test_the_first_page_leads_to_every_other() -> None:
    page = PAGES / "README.md"
    if os.environ.get("TONGBAN_RESET_MANUAL"):
        page.write_text(lints_page(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == lints_page()


def test_what_ships_is_clean_of_every_lint_but_remarks() -> None:
    shown = [d for d in check_workspace(Workspace.load(ROOT)) if d.code in LINTS]
    assert {d.severity for d in shown} <= {"info"}


# --- severities ------------------------------------------------------------------------------


def with_settings(root: Path, text: str) -> Workspace:
    lint_examples.write(root, "faq-missing", LINTS["faq-missing"].bad)
    (root / "tongban.yaml").write_text(text, encoding="utf-8")
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
    "text",
    ["severities: [off]", "severities: {faq-missing: 1}", "limits: {stages: 0}", "limits: {a: 1}"],
    ids=["a-list", "a-number", "out-of-range", "unknown"],
)
def test_settings_of_another_shape_say_so(text: str, tmp_path: Path) -> None:
    with pytest.raises(TongbanError, match=r"tongban\.yaml"):
        with_settings(tmp_path / "w", text + "\n")


def test_a_lint_raised_to_an_error_stops_decisions_and_one_lowered_lets_them_pass(
    tmp_path: Path,
) -> None:
    from datetime import date

    from engine.checks import admit

    workspace = with_settings(tmp_path / "w", "severities: {faq-missing: error}\n")
    with pytest.raises(TongbanError, match="常见问题"):
        admit(workspace, "sample", date(2026, 11, 22))
    admit(with_settings(tmp_path / "v", "title: 示例\n"), "sample", date(2026, 11, 22))


# --- figures ---------------------------------------------------------------------------------


def reported(workspace: Workspace, text: str) -> list[str]:
    found = check_text(workspace, "rulesets/matters/sample.yaml", text)
    return [d.code for d in found]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return small_workspace.make(tmp_path_factory.mktemp("lints"))


@settings(max_examples=150)
@given(
    st.sampled_from(["县级", "乡镇级", "省级", "国家级"]),
    st.integers(1, 60),
    st.integers(1, 60),
    st.booleans(),
)
def test_a_promise_of_more_than_its_share_is_reported(
    small: Workspace, level: str, statutory: int, promise: int, is_complex: bool
) -> None:
    """Against fractions, where the check rounds down."""
    times = f"time: {{statutory: {statutory} working days, promise: {promise} working days}}"
    spared = "\ncomplex: {reason: 现场勘验多, approved_by: 示例局}" if is_complex else ""
    text = small_workspace.matter(
        ("level: 县级", f"level: {level}"),
        ("time: {statutory: 20 working days, promise: 5 working days}", times + spared),
    )
    share = Fraction(1, 4) if level in ("县级", "乡镇级") else Fraction(1, 2)
    is_over = statutory >= promise > share * statutory and not is_complex
    assert ("promise-ratio" in reported(small, text)) == is_over
    assert ("promise-over-statutory" in reported(small, text)) == (promise > statutory)


def test_a_region_promises_no_more_than_its_share_either(tmp_path: Path) -> None:
    region = small_workspace.FILES["rulesets/regions/370811.yaml"].replace(
        "sample: {", "sample: {promise: 6 working days, "
    )
    workspace = small_workspace.make(tmp_path, {"rulesets/regions/370811.yaml": region})
    told = [d.place.file for d in check_workspace(workspace) if d.code == "promise-ratio"]
    assert told == ["rulesets/regions/370811.yaml"]


def test_the_figures_are_the_workspace_s(tmp_path: Path) -> None:
    changes = {"tongban.yaml": "limits: {promise_percent: 20, stages: 2}\n"}
    workspace = small_workspace.make(tmp_path, changes)
    three = "stages: [{title: 受理}, {title: 审查}, {title: 决定}, {title: 送达}]\n"
    told = reported(workspace, small_workspace.matter() + three)
    assert {"promise-ratio", "stages-too-many"} <= set(told)


@pytest.mark.parametrize(
    ("law", "is_national"),
    [
        ("旅行社条例", True),
        ("人力资源市场暂行条例", True),
        ("《行政许可法》", True),
        ("国务院关于某某的决定", True),
        ("国务院办公厅关于某某的意见", False),
        ("山东省旅游条例", False),
        ("济宁市市容管理办法", False),
        ("济南市城市绿化条例", False),
        ("城市市容和环境卫生管理条例", True),
        ("旅行社条例实施细则", False),
        ("医疗美容服务管理办法（卫生部令第22号）", False),
        ("公共场所卫生管理条例（2024年修订）", True),
    ],
)
def test_what_is_no_licence_refuses_only_on_a_law_of_the_state(
    small: Workspace, law: str, is_national: bool
) -> None:
    text = small_workspace.matter(("type: 行政许可", "type: 行政备案"))
    text = text.replace("{law: 示例法,", f"{{law: {law},", 1)
    assert ("approval-disguised" in reported(small, text)) != is_national


LAW = "law: sample_law\ntitle: 示例法\neffective: {from: 2000-01-01, to: 2020-12-31}\n"


@pytest.mark.parametrize(
    ("rule", "more", "is_repealed"),
    [
        ("", "", True),
        ("effective: {from: 2019-01-01, to: 2020-12-31}\n", "", False),
        ("effective: {from: 2019-01-01, to: 2021-01-01}\n", "", True),
        ("", "law: sample_law\ntitle: 示例法\neffective: {from: 2021-01-01}\n", False),
    ],
    ids=["outlives-it", "ends-with-it", "ends-a-day-later", "law-was-revised"],
)
def test_a_rule_does_not_outlive_its_law(
    tmp_path: Path, rule: str, more: str, is_repealed: bool
) -> None:
    changes = {"rulesets/laws/first.yaml": LAW}
    changes |= {"rulesets/laws/second.yaml": more} if more else {}
    workspace = small_workspace.make(tmp_path, changes)
    told = reported(workspace, small_workspace.matter() + rule)
    assert ("basis-repealed" in told) == is_repealed
