"""The discretion ledger: what is declared is listed and counted, and what is not is not free of it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_workspace
from engine import Workspace, check_workspace, decide, service_guide
from engine.checks import discretion_words
from engine.papers import discretion_ledger, guide_text, ledger_text, reliances
from shipped import ROOT
from small_workspace import BASIS

DAY = date(2026, 11, 22)
JUDGED = f"""\
  - id: layout
    stage: 审查
    point: 布局适当
    require: 布局合理
    basis: {BASIS}
    remedy: 调整布局
    judgement:
      fact: 布局合理
      by: 审查人员
      factors: [清洁区与污染区分开, 流线不交叉]
      bounds: 两项都具备的为合理，缺一项即为不合理
      basis: {BASIS}
"""


def with_judgement(*more: tuple[str, str]) -> str:
    return small_workspace.matter(
        ("materials:\n", JUDGED + "materials:\n"),
        (
            "parameters:",
            "  布局合理: {type: boolean, source: 现场勘验, given_by: 审查人员}\nparameters:",
        ),
        *more,
    )


@pytest.fixture
def judged(tmp_path: Path) -> Workspace:
    return small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": with_judgement()})


def test_a_declared_judgement_is_listed_with_its_factors_and_bounds(judged: Workspace) -> None:
    assert [d.code for d in check_workspace(judged) if d.severity != "info"] == []
    (entry,) = discretion_ledger([judged.matter("sample", DAY)])
    (judgement,) = entry.judgements
    assert not entry.is_free_of_discretion
    assert (judgement.by, judgement.fact) == ("审查人员", "布局合理")
    text = ledger_text((entry,))
    for said in (*judgement.factors, judgement.bounds, "示例法》第一条", "已申报的裁量 1 处"):
        assert said in text
    english = ledger_text((entry,), "en")
    assert "1 judgement(s) declared" in english


@pytest.mark.parametrize(
    ("given", "status"),
    [(None, "待核"), (True, "满足"), (False, "不满足")],
    ids=["not-yet-judged", "judged-so", "judged-otherwise"],
)
def test_the_criterion_is_as_the_person_judged_and_pending_before(
    judged: Workspace, given: bool | None, status: str
) -> None:
    facts = {"面积": "50", "类别": "甲", "出证": True}
    if given is not None:
        facts["布局合理"] = given
    application = {"facts": facts, "applicant": {"name": "甲", "kind": "自然人"}}
    decision = decide(judged, "sample", application, on=DAY)
    (layout,) = [c for c in decision.criteria if c.id == "layout"]
    assert layout.status == status
    assert [m.given_by for m in layout.missing] == (["审查人员"] if given is None else [])


def test_the_guide_tells_what_is_judged(judged: Workspace) -> None:
    text = guide_text(service_guide(judged, "sample", DAY))
    assert "流线不交叉" in text
    assert "缺一项即为不合理" in text


def test_an_undeclared_word_is_no_zero_discretion(tmp_path: Path) -> None:
    text = small_workspace.matter(("remedy: 先行出证", "remedy: 视情况先行出证"))
    workspace = small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    (entry,) = discretion_ledger([workspace.matter("sample", DAY)])
    assert [left.word for left in entry.undeclared] == ["视情况"]
    assert not entry.is_free_of_discretion
    assert "未申报的裁量用语“视情况”" in ledger_text((entry,))


WORDS = (
    "酌情",
    "视情况",
    "原则上",
    "一般情况下",
    "必要时",
    "适当",
    "相对较",
    "一般应",
    "视具体情况",
)
TERMS = (
    "一般纳税人", "一般程序", "一般缺陷", "一般要件", "投资者适当性", "一般固体废物", "一般不动产",
    "不得酌情", "不得自行裁量", "一般会计", "一般可燃物", "一般经营项目",
)  # fmt: skip


def words_of(remedy: str) -> list[str]:
    from engine.definitions import Criterion

    shipped = Workspace.load(ROOT).matter("old_age_allowance", DAY)
    criterion = Criterion(id="c", stage="审查", point="要点", require="true", remedy=remedy)
    bare = shipped.model_copy(update={"criteria": (criterion,)})
    return [match[0] for _, _, match in discretion_words(bare)]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_leaves_room_is_found_wherever_it_stands(word: str) -> None:
    for text in (word, f"面积{word}为三十", f"由审查人员{word}确定，{word}。"):
        found = set(words_of(text))
        assert found
        assert all(word.startswith(part) for part in found)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_that_holds_such_a_word_is_none(term: str) -> None:
    assert words_of(f"申请人是{term}") == []


@given(st.text(alphabet="面积不少于三十平方米证照齐全，。的由或者和", max_size=40))
def test_plain_text_has_none(text: str) -> None:
    assert words_of_text(text) == []


def words_of_text(text: str) -> list[str]:
    from engine.checks.lint_words import _discretion_in

    return [match[0] for match in _discretion_in(text)]


SHARED = {
    "rulesets/materials/shared.yaml": "material: shared\ntitle: 共用材料\nremedy: 酌情补交\n",
    "rulesets/rules/more.yaml": (
        "rules: more\ntitle: 更多结论\nconclusions:\n  - rule: lenient\n    when: {is: 申请}\n"
        f"    then: {{finding: 视情况提示, effect: remind}}\n    basis: {BASIS}\n"
    ),
    "form_defs/sample.yaml": small_workspace.FILES["form_defs/sample.yaml"].replace(
        "ask: 多大？", "ask: 多大？, hint: 一般情况下填使用面积"
    ),
}


def test_what_matters_share_and_forms_ask_is_read_as_well(tmp_path: Path) -> None:
    workspace = small_workspace.make(tmp_path, SHARED)
    told = [d.place.file for d in check_workspace(workspace) if d.code == "discretion-word"]
    assert sorted(told) == sorted(SHARED)


def test_what_ships_is_free_of_discretion() -> None:
    workspace = Workspace.load(ROOT)
    ledger = discretion_ledger(workspace.matters(DAY))
    assert [entry.matter for entry in ledger if not entry.is_free_of_discretion] == []


def test_what_rests_on_a_law_is_listed_where_it_stands() -> None:
    """Against the texts themselves: every line that names the law within a basis."""
    workspace = Workspace.load(ROOT)
    uses = reliances(workspace, "《旅行社条例》")
    named = [
        (path.relative_to(ROOT).as_posix(), number)
        for path in sorted((ROOT / "rulesets").rglob("*.yaml"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "law: 旅行社条例\n" in line + "\n" or "law: 旅行社条例," in line
    ]
    assert [(use.file, use.line) for use in uses] == named
    assert {use.article for use in reliances(workspace, "旅行社条例", "第十四条")} == {"第十四条"}


def test_the_register_of_laws_joins_the_names_of_one_law(tmp_path: Path) -> None:
    law = "law: sample_law\ntitle: 示例法\naliases: [示例法（2020年修订）]\n"
    text = small_workspace.matter(("remedy: 先行出证", "remedy: 先行出证"))
    text = text.replace(
        "{law: 示例法, article: 第一条", "{law: 示例法（2020年修订）, article: 第一条", 1
    )
    changes = {"rulesets/laws/sample.yaml": law, "rulesets/matters/sample.yaml": text}
    workspace = small_workspace.make(tmp_path, changes)
    by_id = reliances(workspace, "sample_law")
    assert by_id == reliances(workspace, "示例法") == reliances(workspace, "示例法（2020年修订）")
    assert len(by_id) > 5


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_command_counts_what_it_lists() -> None:
    told = json.loads(run("ledger", "--on", "2026-11-22", "--json").stdout)
    for group in ("judgements", "undeclared", "referrals"):
        assert told[group] == sum(len(entry[group]) for entry in told["matters"])


def test_a_law_on_which_nothing_rests_says_so_and_names_the_nearest() -> None:
    done = run("impact", "旅行社条列")
    assert done.returncode == 1
    assert "是否想写“旅行社条例”？" in done.stderr


def test_the_guide_tells_stages_fees_and_the_sample_of_the_result(tmp_path: Path) -> None:
    extra = (
        "visits: 1\nvisits_reason: 领证时核验本人\nchannels: [窗口, 邮寄]\n"
        "stages: [{title: 受理, office: 综窗, handler: 窗口人员, within: 1 working days}]\n"
        "result: {title: 示例许可证, closing: 出证办结, sample: 样本.png}\n"
        "guide: {fee: 工本费, fees: {title: 工本费, standard: 每证 10 元, online: true, "
        f"basis: {BASIS}}}}}\n"
    )
    text = small_workspace.matter() + extra
    workspace = small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    told = guide_text(service_guide(workspace, "sample", DAY))
    for said in ("领证时核验本人", "窗口；邮寄", "综窗", "每证 10 元", "出证办结", "样本.png"):
        assert said in told
