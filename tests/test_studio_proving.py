"""The page of proofs: what holds is said, what slips through is shown and can be written down."""

import shutil
from pathlib import Path

import pytest

from engine import Workspace
from engine.specs import run_features
from studio_visitor import ROOT, Visitor, make_studio

MATTER = "public_venue_hygiene"
URL = f"/matters/{MATTER}/proof"
ROW = "      - {场所类型: '\"理发\"', 最低面积: 理发最低面积}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The shipped definitions, with the row for 理发 taken out of a table."""
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "rulesets" / "matters" / f"{MATTER}.yaml"
    text = file.read_text(encoding="utf-8")
    assert ROW in text
    file.write_text(text.replace(ROW, ""), encoding="utf-8")
    return tmp_path


def test_what_ships_is_shown_as_proved() -> None:
    page = Visitor(make_studio(ROOT), "policy").get(URL).text
    assert "已证明" in page
    assert "不成立" not in page
    assert "写成待定场景" not in page


def test_the_whole_review_rule_is_proved_when_asked_for() -> None:
    policy = Visitor(make_studio(ROOT), "policy")
    url = "/matters/travel_agency_branch_filing/proof"
    assert "每份申请恰好得出一个结论" not in policy.get(url).text
    page = policy.get(f"{url}?whole=yes").text
    assert "一般路径：每份申请恰好得出一个结论" in page
    assert "不成立" not in page


def test_the_case_that_slips_through_is_shown_in_both_languages(root: Path) -> None:
    editor = Visitor(make_studio(root), "editor")
    page = editor.get(URL).text
    assert "不成立" in page
    assert "<dt>场所类型</dt><dd>理发</dd>" in page
    assert "refuted" in editor.get(f"{URL}?lang=en").text


def test_a_button_writes_it_as_a_pending_scenario_that_runs(root: Path) -> None:
    editor = Visitor(make_studio(root), "editor")
    assert editor.post(f"{URL}/scenarios", {}).status_code == 302
    file = root / "features" / f"{MATTER}_pending.feature"
    text = file.read_text(encoding="utf-8")
    assert "场所类型" in text
    assert run_features(Workspace.load(root), (file,)).is_ok
    editor.post(f"{URL}/scenarios", {})
    assert file.read_text(encoding="utf-8") == text


def test_only_an_editor_may_write_it(root: Path) -> None:
    policy = Visitor(make_studio(root), "policy")
    assert "写成待定场景" not in policy.get(URL).text
    assert policy.post(f"{URL}/scenarios", {}).status_code == 403
    assert not (root / "features").exists()
