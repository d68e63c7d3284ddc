"""The paths by credit grade, against the table as an officer would read it."""

from datetime import date
from itertools import product

import pytest

from engine.checks import check_workspace, decide
from engine.decision import Decision
from engine.hooks import Answer, CreditRecord, Question, Source
from engine.workspace import Workspace
from hall_cases import sample
from shipped import ROOT

ON = date(2026, 11, 22)
OPENS = {
    "优": {"full_credit", "non_core_credit", "deferral"},
    "良": {"non_core_credit", "deferral"},
    "中": {"deferral"},
    "差": set(),
    None: set(),
}
# What becomes of a material that is not handed in, by path: (report: core and listed for full
# credit only; rules: not core, commitable and deferrable; plans: core and never spared).
SPARED = {
    "general": ("缺少", "缺少", "缺少"),
    "commitment": ("以承诺代替", "以承诺代替", "缺少"),
    "full_credit": ("以承诺代替", "以承诺代替", "缺少"),
    "non_core_credit": ("缺少", "以承诺代替", "缺少"),
    "deferral": ("缺少", "容缺后补", "缺少"),
}
MATERIALS = ("hygiene_report", "hygiene_rules", "site_plans")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.load(ROOT)


def rated(*records: tuple[str, str, str | None, bool]) -> Source:
    """A credit register that holds these: subject, category, grade, repaired."""
    held = [
        CreditRecord(subject, category, grade, date(2026, 1, 1), date(2027, 1, 1), repaired)
        for subject, category, grade, repaired in records
    ]

    def ask(question: Question) -> list[Answer]:
        return [record for record in held if record.subject_id in question.known_ids]

    return Source("credit", "信用", "credit", ask, 1.0)


def decided(workspace: Workspace, path: str, source: Source, *, without: bool) -> Decision:
    application = sample("approved")
    kept = [m for m in application["materials"] if not (without and m in MATERIALS)]
    application |= {"path": path, "materials": [*kept, "commitment_letter"]}
    licences = [s for s in workspace.sources if s.kind == "licences"]
    return decide(
        workspace, "public_venue_hygiene", application, on=ON, sources=[*licences, source]
    )


WHO = sample("approved")["applicant"]["id_number"]
RATING = CreditRecord.RATING


@pytest.mark.parametrize("asked", ["full_credit", "non_core_credit", "deferral"])
@pytest.mark.parametrize("grade", ["优", "良", "中", "差", None], ids=list("abcdn"))
def test_a_grade_opens_the_paths_of_its_row(
    workspace: Workspace, asked: str, grade: str | None
) -> None:
    source = rated(*([(WHO, RATING, grade, False)] if grade else []))
    for without in (True, False):
        decision = decided(workspace, asked, source, without=without)
        path = asked if asked in OPENS[grade] else "general"
        assert decision.path == path
        if without:
            status = {m.id: m.status for m in decision.materials}
            assert tuple(status[m] for m in MATERIALS) == SPARED[path]
            assert decision.outcome == "补正"  # the plans are wanting on every path
        else:
            assert decision.outcome == "准予"


def test_what_bars_a_commitment_bars_every_path_until_it_is_repaired(workspace: Workspace) -> None:
    barring = ("虚假承诺", "失信被执行人", "严重违法失信名单")
    for asked, category, repaired in product(
        ("commitment", "full_credit", "non_core_credit", "deferral"), barring, (True, False)
    ):
        source = rated((WHO, RATING, "优", False), (WHO, category, None, repaired))
        decision = decided(workspace, asked, source, without=False)
        assert decision.path == (asked if repaired else "general"), (asked, category, repaired)


def test_case_53_another_s_grade_opens_and_closes_nothing(workspace: Workspace) -> None:
    """The representative's records are told too, since the application names that person."""
    other = sample("approved")["facts"]["负责人证件号码"]
    for mine, theirs in (("优", "差"), ("差", "优"), (None, "优")):
        records = [(other, RATING, theirs, False)]
        records += [(WHO, RATING, mine, False)] if mine else []
        decision = decided(workspace, "full_credit", rated(*records), without=False)
        assert decision.path == ("full_credit" if mine == "优" else "general"), (mine, theirs)


def test_a_register_that_is_silent_opens_no_path(workspace: Workspace) -> None:
    def fail(question: Question) -> list[Answer]:
        raise OSError("down")

    silent = Source("credit", "信用", "credit", fail, 1.0)
    for asked in ("commitment", "full_credit", "non_core_credit", "deferral"):
        assert decided(workspace, asked, silent, without=False).path == "general"


def test_nothing_is_granted_while_a_material_is_to_follow(workspace: Workspace) -> None:
    application = sample("approved") | {"path": "deferral"}
    application["materials"] = [m for m in application["materials"] if m != "hygiene_rules"]
    licences = [s for s in workspace.sources if s.kind == "licences"]
    source = rated((WHO, RATING, "中", False))
    decision = decide(
        workspace, "public_venue_hygiene", application, on=ON, sources=[*licences, source]
    )
    assert decision.outcome == "待核"
    assert [o.id for o in decision.obligations] == ["supply_hygiene_rules"]
    assert "视为撤回申请" in decision.notice[0].text.zh


def test_a_core_material_may_not_be_listed_where_only_others_are_spared(
    workspace: Workspace,
) -> None:
    """Case 59: a checked error of the definition, beside what the resolver does."""
    file = "rulesets/matters/public_venue_hygiene.yaml"
    text = workspace.files[file].text
    assert text is not None
    wrong = workspace.with_text(
        file, text.replace("covers: [hygiene_rules]", "covers: [hygiene_rules, hygiene_report]")
    )
    found = [d for d in check_workspace(wrong) if d.code == "core-material-covered"]
    assert [d.place.file for d in found] == [file]
    assert not [d for d in check_workspace(workspace) if d.code == "core-material-covered"]
