"""No decision is made by a definition with an error in it."""

from datetime import date
from pathlib import Path

import pytest

import small_workspace
from engine import DecisionStopped, Workspace, decide
from shipped import ON, sample, workspace

SAMPLE = "rulesets/matters/sample.yaml"
POSTED = {
    "region": "370811",
    "applicant": {"name": "某公司", "id_number": "1"},
    "facts": {"面积": 40, "类别": "甲", "出证": True},
    "materials": ["report", "permit"],
}


def test_a_misspelt_key_does_not_turn_a_refusal_into_an_approval() -> None:
    """Found in review: the criterion that refuses was taken out, and the rest approved."""
    whole = workspace()
    file = whole.file("matter", "public_venue_hygiene", ON)
    assert file.whole is not None
    refused = sample("public_venue_hygiene", "refused")
    assert decide(whole, "public_venue_hygiene", refused, on=ON).outcome == "不予"
    assert "require: 检测合格" in file.whole.text
    broken = whole.with_text(
        file.file, file.whole.text.replace("require: 检测合格", "requirre: 检测合格")
    )
    with pytest.raises(DecisionStopped) as stopped:
        decide(broken, "public_venue_hygiene", refused, on=ON)
    assert "unknown-key" in {d.code for d in stopped.value.diagnostics}
    assert file.file in str(stopped.value)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (SAMPLE, "require: 出证", "require: 出正"),
        (SAMPLE, "promise: 5 working", "promise: 50 working"),
        ("rulesets/regions/370811.yaml", "下限: 20", "下限: 5"),
        ("rulesets/codes/kinds.yaml", "values:", "vaules:"),
        ("rulesets/licences/permit.yaml", "title:", "titel:"),
    ],
)
def test_an_error_in_anything_it_rests_on_stops_the_decision(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    good = small_workspace.make(tmp_path)
    assert decide(good, "sample", POSTED, on=ON, sources=[]).outcome == "准予"
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    broken = good.with_text(file, text.replace(old, new, 1))
    with pytest.raises(DecisionStopped) as stopped:
        decide(broken, "sample", POSTED, on=ON, sources=[])
    assert stopped.value.diagnostics


def test_an_error_elsewhere_does_not_stop_it(tmp_path: Path) -> None:
    workspace = small_workspace.make(tmp_path, {"rulesets/matters/other.yaml": "matter: other\n"})
    assert decide(workspace, "sample", POSTED, on=ON, sources=[]).outcome == "准予"
    region = "region: '370811'\ntitle: 示例区\nparent: '370900'\n"
    elsewhere = small_workspace.make(tmp_path / "b", {"rulesets/regions/370811.yaml": region})
    here = {**POSTED, "region": "510000"}
    assert decide(elsewhere, "sample", here, on=ON, sources=[]).outcome == "准予"


def test_a_warning_does_not_stop_it(tmp_path: Path) -> None:
    text = small_workspace.matter(("point: 已经出证", "point: 酌情认定已经出证"))
    workspace: Workspace = small_workspace.make(tmp_path, {SAMPLE: text})
    assert decide(workspace, "sample", POSTED, on=date(2026, 11, 22), sources=[]).outcome == "准予"
