"""Whole reviews as formulas against the engine: any small matter, any application, one outcome."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small_workspace
from engine import DecisionStopped, TongbanError, Workspace
from engine.decision import decide, program_of, to_plain
from engine.definitions import PATH_TITLES
from engine.hooks import CreditRecord
from engine.proof import Proof, Witness, prove_matter
from engine.proof.cases import Case, case_of
from engine.proof.encoding import Encoding, NotEncodable
from engine.proof.encoding_calls import ENCODED
from engine.proof.equivalence import Difference, Equivalent, find_difference
from engine.proof.questions import faults_of
from engine.proof.reviews import Review, review_of
from engine.proof.terms import Formula, either
from formula_points import FEEL, PATIENCE, is_value, known_points, points
from shipped import ROOT

assert ENCODED  # importing the module is what makes calls have formulas
DAY = date(2026, 11, 22)
BASIS = {"law": "示例法", "article": "第一条", "verified": True}
FACTS: dict[str, dict[str, Any]] = {
    "面积": {"type": "decimal", "scale": 2, "range": "[-10..1000]"},
    "人数": {"type": "integer", "range": "[-100..100]"},
    "甲是": {"type": "boolean"},
    "乙是": {"type": "boolean"},
    "起日": {"type": "date"},
    "止日": {"type": "date"},
    "类型": {"type": "text", "codes": "kinds"},
    "别名": {"type": "text"},
    "业务": {"type": "list", "of": "text", "codes": "kinds"},
}
CELLS = {
    "类型": ['"甲"', '"甲", "乙"', 'not("丙")', "-", "null"],
    "人数": ["< 3", "[0..5]", "> 4", "-", "甲数"],
}
WAYS = [path for path in PATH_TITLES if path != "general"]
EFFECTS = ["reject", "refuse", "correct", "review", "remind"]
truths = FEEL["boolean"]


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def without_nones(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value is not None}


@st.composite
def criteria(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "stage": draw(st.sampled_from(["受理", "审查"])),
        "require": draw(truths | st.sampled_from(["得分 > 1", "甲数 > 2 or 乙是"])),
        "when": draw(maybe(truths)),
        "effect": draw(maybe(st.sampled_from(EFFECTS))),
        "basis": BASIS,
    }


@st.composite
def materials(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "title": draw(st.sampled_from(["图", "表"])),
        "when": draw(maybe(truths)),
        "query": draw(maybe(st.just("示例局"))),
        "commitable": draw(st.booleans()),
        "deferrable": draw(maybe(st.just({"within": "5 days", "basis": BASIS}))),
        "core": draw(st.booleans()),
        "resolve": draw(
            maybe(st.permutations(["earlier", "upload", "query", "commitment", "deferral"]))
        ),
        "basis": BASIS,
    }


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    rows = st.fixed_dictionaries(
        {
            "类型": st.sampled_from(CELLS["类型"]),
            "人数": st.sampled_from(CELLS["人数"]),
            "得分": st.sampled_from(["1", "2", "甲数", "面积"]),
        }
    )
    hit = draw(st.sampled_from(["unique", "any", "first"]))
    table = {
        "id": "scores",
        "gives": "得分",
        "hit": hit,
        "rows": draw(st.lists(rows, min_size=1, max_size=3)),
        "default": draw(maybe(st.just({"得分": "0"}))),
        "basis": BASIS,
    }
    return {**table, "reason": "示例"} if hit == "first" else table


@st.composite
def matters(draw: st.DrawFn) -> dict[str, Any]:
    computed = {"甲数": {"type": "decimal", "compute": draw(FEEL["number"])}}
    own = {
        "rule": "own",
        "when": [
            {"is": "审查要点", "as": "c", "where": {"编号": "c0", "结果": draw(
                st.sampled_from(["满足", "不满足", "待核"]))}},
            {"is": "事实", "where": {"名称": "甲是", "是否": draw(st.booleans())}},
        ],
        "then": draw(st.sampled_from([{"finding": "见", "effect": "review"}, {"conclude": "补正"},
            {"finding": "见", "effect": "reject", "subject": "c.名称"}])),
        "basis": BASIS,
    }  # fmt: skip
    rated = {
        "rule": "rated",
        "phase": "entry",
        "when": [
            {"is": "路径", "where": {"名称": draw(st.sampled_from(["全信用", "容缺后补"]))}},
            {"is": "申请人", "as": "p"},
            {draw(st.sampled_from(["is", "none"])): "信用", "as": "c", "where": {
                "类别": "公共信用综合评价", "等级": draw(st.sampled_from(["优", {"in": ["优", "良"]}])),
                **draw(st.sampled_from([{"主体代码": "p.证件号码"}, {"是否本人": True}]))}},
        ],
        "then": {"finding": "见", "effect": "review"},
        "basis": BASIS,
    }  # fmt: skip
    listed = draw(st.lists(criteria(), min_size=1, max_size=3))
    papers = draw(st.lists(materials(), max_size=2))
    return {
        "matter": "sample",
        "title": "示例许可",
        "type": "行政许可",
        "level": "县级",
        "organ": "示例局",
        "basis": BASIS,
        "facts": {**FACTS, **computed},
        "tables": [without_nones(draw(tables()))],
        "criteria": [
            without_nones({"id": f"c{n}", "point": f"要点{n}", **c}) for n, c in enumerate(listed)
        ],
        "materials": [without_nones({"id": f"m{n}", **m}) for n, m in enumerate(papers)],
        "paths": {
            draw(st.sampled_from(WAYS)): without_nones(
                {"entry": draw(maybe(truths)), "covers": ["c0", "m0"], "basis": BASIS}
            )
        },
        "conclusions": [rule for rule in (own, rated) if draw(st.booleans())],
        "obligations": [
            without_nones(
                {"id": "o", "title": "义务", "within": "5 days", "when": draw(maybe(truths)),
                 "basis": BASIS}
            )
        ],
        "benefits": [{"title": "金额", "amount": "得分", "basis": BASIS}],
    }  # fmt: skip


@st.composite
def applications(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "point": draw(known_points | points),
        "grade": draw(st.sampled_from(["", *CreditRecord.GRADES])),
        "materials": draw(st.lists(st.sampled_from(["m0", "m1"]), unique=True)),
        "commitments": draw(st.lists(st.sampled_from(["c0", "m0"]), unique=True)),
        "agent": draw(st.sampled_from(["", "某人"])),
    }


def posted(application: dict[str, Any], matter: dict[str, Any]) -> dict[str, Any]:
    known = {material["id"] for material in matter["materials"]}
    return {
        "applicant": {
            "name": "甲",
            "id_number": "1",
            "kind": "企业",
            "agent": application["agent"],
        },
        "facts": {n: to_plain(v) for n, v in application["point"].items() if v is not None},
        "path": application["path"],
        "materials": [m for m in application["materials"] if m in known],
        "commitments": [c for c in application["commitments"] if c in known | {"c0"}],
    }


def at_point(encoding: Encoding, case: Case, application: dict[str, Any]) -> Iterator[Formula]:
    """That a case is the application."""
    for name, value in application["point"].items():
        yield is_value(case.facts[name], value, encoding)
    person = {"名称": "甲", "证件号码": "1", "主体类型": "企业", "证件类型": None,
              "代理人": application["agent"] or None}  # fmt: skip
    for title, text in person.items():
        yield is_value(case.applicant.fields[title], text, encoding)
    assert case.grade is not None
    yield is_value(case.grade, application["grade"] or None, encoding)
    for key, handed in case.handed.items():
        yield handed == (key in application["materials"])
    for key, committed in case.committed.items():
        yield committed == (key in application["commitments"])


def agree(root: Path, matter: dict[str, Any], application: dict[str, Any]) -> None:
    text = json.dumps(matter, ensure_ascii=False)
    codes = "codes: kinds\ntitle: 类别\nvalues: [{code: 甲}, {code: 乙}, {code: 丙}]\n"
    files = {"rulesets/matters/sample.yaml": text, "rulesets/codes/kinds.yaml": codes}
    workspace = small_workspace.make(root, files)
    try:
        program = program_of(workspace, "sample", "", DAY)
    except TongbanError:
        return  # facts in a circle
    for path in ("general", *matter["paths"]):
        hold(workspace, program, path, matter, application)


def hold(
    workspace: Workspace,
    program: Any,
    path: str,
    matter: dict[str, Any],
    application: dict[str, Any],
) -> None:
    """One path's formulas at the point, against what the engine makes of it."""
    asked = {**application, "path": path}
    encoding = Encoding()
    case = case_of(encoding, program, 2)
    case.allow_grade(encoding)
    try:
        review = review_of(encoding, program, case, path, plain=True)
    except NotEncodable:
        return
    point = list(at_point(encoding, case, asked))
    solver = z3.Solver()
    solver.set("timeout", PATIENCE * 3)
    solver.add(*encoding.constraints, *case.limits, *point)
    claim = expected(workspace, review, posted(asked, matter), path, application["grade"])
    assert solver.check(claim) != z3.unsat, f"{path}: {posted(asked, matter)}"
    if not encoding.outside and not encoding.applied:
        assert solver.check(z3.Not(claim)) != z3.sat, f"{path}: {posted(asked, matter)}"


def expected(
    workspace: Workspace, review: Review, application: dict[str, Any], path: str, grade: str
) -> Formula:
    """What the engine says, as a formula about the review."""
    faults = either(*(fault for _, _, fault in faults_of(review)))
    replies = Witness("sample", DAY, applicant=application["applicant"], grade=grade).replies
    try:
        decision = decide(workspace, "sample", application, on=DAY, replies=replies)
    except DecisionStopped:
        return z3.Or(faults, z3.Not(review.enters))
    if decision.path != path:
        return z3.Not(review.enters)
    statuses = [review.criteria[c.id][c.status] for c in decision.criteria]
    papers = [review.materials[m.id].get(m.status, z3.BoolVal(False)) for m in decision.materials]
    return z3.And(z3.Not(faults), review.concludes(decision.outcome), *statuses, *papers)


@given(matter=matters(), application=applications())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_review_concludes_what_the_engine_decides(
    tmp_path_factory: pytest.TempPathFactory, matter: dict[str, Any], application: dict[str, Any]
) -> None:
    agree(tmp_path_factory.mktemp("w"), matter, application)


@pytest.mark.soak
@given(matter=matters(), application=applications())
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
def test_thousands_of_reviews_conclude_the_same(
    tmp_path_factory: pytest.TempPathFactory, matter: dict[str, Any], application: dict[str, Any]
) -> None:
    agree(tmp_path_factory.mktemp("w"), matter, application)


@pytest.mark.parametrize(
    "matter", ["hr_service_licence", "old_age_allowance", "travel_agency_branch_filing"]
)
def test_the_whole_rules_of_shipped_matters_are_proved(matter: str) -> None:
    proof = prove_matter(Workspace.load(ROOT), matter, DAY, timeout=60)
    assert [claim.title_zh for claim in proof.claims if claim.status != "proved"] == []


# --- two versions -------------------------------------------------------------------------------


def compared(root: Path, *replacements: tuple[str, str], timeout: float = 60) -> Any:
    """The small matter and the same with some of its text replaced."""
    before = small_workspace.make(root / "a")
    text = small_workspace.matter(*replacements)
    after = small_workspace.make(root / "b", {"rulesets/matters/sample.yaml": text})
    return find_difference(
        before, "sample", after, "sample", on=DAY, region="370811", timeout=timeout
    )


def test_versions_written_otherwise_are_proved_equivalent(tmp_path: Path) -> None:
    in_scope = 'require: 类别 in ("甲", "乙")'
    large = "require: 面积 >= 最低面积"
    found = compared(
        tmp_path,
        (in_scope, 'require: not(类别 = "丙")'),
        (large, "require: not(最低面积 > 面积)"),
    )
    assert isinstance(found, Equivalent), found
    assert found.paths == ("general", "commitment")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("最低面积: 30}", "最低面积: 30.01}", id="threshold"),
        pytest.param("require: 面积 >= 最低面积", "require: 面积 > 最低面积", id="bound"),
        pytest.param("title: 报告, ", "title: 报告, when: 出证, ", id="material"),
        pytest.param("covers: [report, certified]", "covers: [report]", id="covers"),
        pytest.param("effect: reject", "effect: refuse", id="effect"),
        pytest.param("require: 出证,", 'require: 出证 or 类别 = "乙",', id="relaxed"),
    ],
)
def test_versions_that_differ_are_told_apart_by_a_case(tmp_path: Path, old: str, new: str) -> None:
    found = compared(tmp_path, (old, new))
    assert isinstance(found, Difference), found
    before, after = found.before.decision, found.after.decision
    assert before is not None
    assert after is not None
    assert before.outcome != after.outcome
    again = decide(
        small_workspace.make(tmp_path / "c"), "sample", found.witness.application(), on=DAY,
        replies=(),
    )  # fmt: skip
    assert again.outcome == before.outcome


def test_no_time_is_no_proof(tmp_path: Path) -> None:
    found = compared(tmp_path, ("最低面积: 30}", "最低面积: 31}"), timeout=0.001)
    assert not isinstance(found, Equivalent)


# --- claims --------------------------------------------------------------------------------------


def proof_of(root: Path, *replacements: tuple[str, str], timeout: float = 60) -> Proof:
    text = small_workspace.matter(*replacements)
    workspace = small_workspace.make(root, {"rulesets/matters/sample.yaml": text})
    return prove_matter(workspace, "sample", DAY, timeout=timeout)


def test_a_gap_that_reaches_a_criterion_leaves_an_application_without_conclusion(
    tmp_path: Path,
) -> None:
    found = [f for f in proof_of(tmp_path).findings if f.diagnostic.code == "conclusion-not-one"]
    assert found
    for finding in found:
        assert finding.witness is not None
        assert finding.witness.facts["类别"] == "丙"  # which the table forgets
        with pytest.raises(DecisionStopped):
            decide(
                small_workspace.make(tmp_path / "again"), "sample",
                finding.witness.application(), on=DAY, replies=(),
            )  # fmt: skip


def test_the_same_witness_is_found_every_time(tmp_path: Path) -> None:
    one, other = (proof_of(tmp_path / name) for name in ("a", "b"))
    assert [f.witness for f in one.findings] == [f.witness for f in other.findings]


@pytest.mark.parametrize(
    ("direction", "status"), [("up", "proved"), ("down", "refuted")], ids=["up", "down"]
)
def test_monotone_is_proved_or_shown_broken(tmp_path: Path, direction: str, status: str) -> None:
    large = "require: 面积 >= 最低面积"
    proof = proof_of(tmp_path, (large, f"{large}\n    monotone: {{面积: {direction}}}"))
    claims = {c.status for c in proof.claims if "单调" in c.title_zh}
    assert claims == {status}


def test_without_the_solver_the_tables_are_proved_and_the_rest_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.proof.proving.find_spec", lambda name: None)
    proof = proof_of(tmp_path)
    (unproved,) = [claim for claim in proof.claims if claim.status == "unproved"]
    assert "pip install 'tongban[proof]'" in unproved.findings[0].diagnostic.message_zh
    assert any(claim.subject.startswith("tables.") for claim in proof.claims)


def test_no_answer_of_the_solver_leaves_claims_unproved_never_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(z3.Solver, "check", lambda self, *parts: z3.unknown)
    claims = [c for c in proof_of(tmp_path).claims if not c.subject.startswith("tables.")]
    assert {claim.status for claim in claims} == {"unproved"}
    assert all("限定的时间" in f.diagnostic.message_zh for c in claims for f in c.findings)


def test_a_criterion_may_be_declared_monotone_in_any_day_at_all(tmp_path: Path) -> None:
    text = small_workspace.matter(
        ("  出证:", "  起日: {type: date}\n  出证:"),
        ("require: 出证,", '"require": "起日 > 申请日期 or 出证", monotone: {起日: down},'),
    )
    workspace = small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    proof = prove_matter(workspace, "sample", DAY, timeout=10)
    codes = [finding.diagnostic.code for finding in proof.findings]
    assert "criterion-not-monotone" in codes


def test_a_text_that_expressions_give_may_be_empty(tmp_path: Path) -> None:
    """A criterion met where nothing is said must not be called one that nobody meets."""
    words = "  业务: {type: list, of: text, codes: kinds}\n  说明: {type: text, compute: '%s'}\n"
    joined = words % 'string join(业务[item = "丙"], "、")'
    text = small_workspace.matter(
        ("  出证:", f"{joined}  出证:"), ("require: 出证,", 'require: 说明 = "",')
    )
    workspace = small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    given_facts = {"面积": 100, "类别": "甲", "业务": ["甲"]}
    decision = decide(workspace, "sample", {"facts": given_facts}, on=DAY, replies=())
    assert {c.status for c in decision.criteria if c.id == "certified"} == {"满足"}
    proof = prove_matter(workspace, "sample", DAY, timeout=10)
    assert not {"criterion-never-met", "approval-impossible"} & {
        finding.diagnostic.code for finding in proof.findings
    }
