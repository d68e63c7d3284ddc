"""How materials are obtained: every way, every skip, by a library that answers as the test says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_workspace
from engine import Decision, Licence, Question, Source, Workspace, decide

ON = date(2026, 11, 22)
HOLDER = "91370811MA3C00001A"
PERMIT = Licence(
    type="permit",
    number="Z-1",
    holder_name="某公司",
    holder_id=HOLDER,
    status="有效",
    issued_on=date(2024, 1, 1),
    valid_until=date(2030, 1, 1),
    issuer_name="示例局",
    issuer_id="新代码",
    region="370811",
    fields={"地址": "某路 1 号"},
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return small_workspace.make(tmp_path_factory.mktemp("materials"))


def library(*licences: Licence) -> Source:
    def ask(question: Question) -> Sequence[Licence]:
        return [licence for licence in licences if licence.holder_id in question.known_ids]

    return Source("library", "证照库", "licences", ask, 5)


def decided(workspace: Workspace, *licences: Licence, **changes: Any) -> Decision:
    data = {
        "applicant": {"name": "某公司", "id_number": HOLDER},
        "region": "370811",
        "facts": {"面积": 40, "类别": "甲", "出证": True},
        "materials": ["report"],
        **changes,
    }
    sources = changes.pop("sources", None) or [library(*licences)]
    data.pop("sources", None)
    return decide(workspace, "sample", data, on=ON, sources=sources)


def permit(decision: Decision) -> Any:
    return next(m for m in decision.materials if m.id == "permit")


def test_a_licence_in_force_exempts_with_the_exact_label(workspace: Workspace) -> None:
    decision = decided(workspace, PERMIT)
    assert permit(decision).status == "免提交"
    assert permit(decision).label == "已关联电子证照证明，可免提交"
    assert "Z-1" in permit(decision).source
    assert decision.outcome == "准予"


@given(st.integers(-400, 400))
def test_the_last_valid_day_still_counts(workspace: Workspace, days: int) -> None:
    """Policy cases 1 and 2: valid to the end of the day, expired from the next on."""
    licence = replace(PERMIT, valid_until=ON + timedelta(days=days))
    material = permit(decided(workspace, licence))
    if days >= 0:
        assert material.status == "免提交"
    else:
        assert material.status == "不满足"
        assert "已过期" in material.reason.zh
        assert material.remedy == "请先办理执照延续"
        assert material.label == ""


@pytest.mark.parametrize("status", ["暂停", "注销", "吊销"])
def test_a_licence_not_in_force_is_an_objection(workspace: Workspace, status: str) -> None:
    decision = decided(workspace, replace(PERMIT, status=status))
    assert permit(decision).status == "不满足"
    assert status in permit(decision).reason.zh
    assert decision.outcome == "补正"


def test_a_second_licence_in_force_heals_an_expired_one(workspace: Workspace) -> None:
    expired = replace(PERMIT, number="Z-0", valid_until=date(2025, 1, 1))
    assert permit(decided(workspace, expired, PERMIT)).status == "免提交"
    assert permit(decided(workspace, PERMIT, expired)).status == "免提交"


def test_a_licence_outside_the_coverage_does_not_exempt(workspace: Workspace) -> None:
    """Policy case 7: no label, and the material is still taken from the applicant."""
    away = decided(workspace, PERMIT, region="510000")
    assert permit(away).status == "缺少"
    assert any("制发范围不含本地区" in skip.reason.zh for skip in permit(away).skips)
    handed_in = decided(workspace, PERMIT, region="510000", materials=["report", "permit"])
    assert permit(handed_in).status == "已提交"
    assert permit(handed_in).label == ""
    old = decided(workspace, replace(PERMIT, issued_on=date(2019, 1, 1)))
    assert permit(old).status == "缺少"


def test_a_former_issuer_is_mapped_to_its_successor(workspace: Workspace) -> None:
    """Policy case 5."""
    material = permit(decided(workspace, replace(PERMIT, issuer_id="旧代码")))
    assert material.status == "免提交"
    assert "新代码" in material.source


def test_somebody_elses_licence_does_not_exempt(workspace: Workspace) -> None:
    other = Source(
        "library", "证照库", "licences", lambda q: [replace(PERMIT, holder_id="别人")], 5
    )
    assert permit(decided(workspace, sources=[other])).status != "免提交"


def raising(question: Question) -> list[Licence]:
    raise TimeoutError


@pytest.mark.parametrize(
    ("materials", "status"), [(["report"], "待核"), (["report", "permit"], "已提交")]
)
def test_an_unreachable_library_is_pending_unless_it_is_handed_in(
    workspace: Workspace, materials: list[str], status: str
) -> None:
    """Policy case 4."""
    broken = Source("library", "证照库", "licences", raising, 1)
    decision = decided(workspace, sources=[broken], materials=materials)
    assert permit(decision).status == status
    assert decision.outcome == ("待核" if status == "待核" else "准予")


def test_what_is_handed_in_against_the_library_is_for_a_person(workspace: Workspace) -> None:
    expired = replace(PERMIT, valid_until=date(2025, 1, 1))
    decision = decided(workspace, expired, materials=["report", "permit"])
    assert permit(decision).status == "待核"
    assert "人工核实" in permit(decision).reason.zh
    assert decision.outcome == "待核"


def test_a_commitment_stands_for_what_it_covers_and_nothing_else(workspace: Workspace) -> None:
    facts = {"面积": 40, "类别": "甲"}
    decision = decided(workspace, PERMIT, path="commitment", facts=facts, materials=[])
    by_id = {m.id: m.status for m in decision.materials}
    assert by_id == {"permit": "免提交", "report": "以承诺代替"}
    certified = next(c for c in decision.criteria if c.id == "certified")
    assert certified.status == "满足"
    assert certified.committed
    assert decision.outcome == "准予"
    verify = next(o for o in decision.obligations if o.id == "verify_commitment")
    assert verify.by == "审批部门"
    assert decided(workspace, path="commitment", materials=["report"]).outcome == "补正"


def test_a_commitment_does_not_outweigh_a_fact_that_is_known(workspace: Workspace) -> None:
    facts = {"面积": 40, "类别": "甲", "出证": False}
    decision = decided(workspace, PERMIT, path="commitment", facts=facts)
    assert decision.outcome == "不予"


def test_only_what_the_applicant_committed_to_counts(workspace: Workspace) -> None:
    decision = decided(
        workspace, PERMIT, path="commitment", materials=[], commitments=["certified"]
    )
    report = next(m for m in decision.materials if m.id == "report")
    assert report.status == "缺少"


def test_a_path_that_the_matter_has_not_falls_back_and_says_so(workspace: Workspace) -> None:
    decision = decided(workspace, PERMIT, path="full_credit")
    assert decision.path == "general"
    assert "没有全信用路径" in decision.path_reason.zh


def test_every_skip_is_explained_in_order(workspace: Workspace) -> None:
    skips = permit(decided(workspace)).skips
    assert [s.way for s in skips] == [
        "licence", "earlier", "query", "upload", "commitment", "deferral",
    ]  # fmt: skip
    assert all(s.reason.zh and s.reason.en for s in skips)


def test_a_regions_figure_decides_and_its_law_is_named(workspace: Workspace) -> None:
    inside = decided(workspace, PERMIT, facts={"面积": 15, "类别": "甲", "出证": True})
    assert inside.outcome == "补正"  # this district asks for 20, the law for 10
    city = decided(
        workspace, PERMIT, region="370800", facts={"面积": 15, "类别": "甲", "出证": True}
    )
    assert city.outcome == "准予"


Change = Callable[[dict[str, Any]], None]


def test_outcomes_follow_their_order(workspace: Workspace, tmp_path: Path) -> None:
    """不予受理 > 不予 > 补正 > 待核 > 准予, each application with one defect more."""
    facts: dict[str, Any] = {"面积": 40, "类别": "甲", "出证": True}
    assert decided(workspace, PERMIT, facts=facts).outcome == "准予"
    del facts["面积"]
    assert decided(workspace, PERMIT, facts=facts).outcome == "待核"
    assert decided(workspace, facts=facts).outcome == "补正"
    facts["出证"] = False
    assert decided(workspace, facts=facts).outcome == "不予"
    facts["类别"] = "丙"
    assert decided(workspace, facts=facts).outcome == "不予受理"
