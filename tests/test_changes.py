"""What differs between two versions is said, all of it, and nothing else."""

import json
import random
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from engine.changes import (
    Change,
    Version,
    compare_versions,
    compare_workspaces,
    find_differences,
    say_change,
)
from engine.changes.key_names import NOUNS, without_remark
from engine.changes.thresholds import find_threshold
from engine.cli import tongban
from engine.decision import decide, parse_application
from engine.definitions import EFFECT_TITLES, Matter
from engine.definitions.kinds import KINDS
from engine.diagnostics import Diagnostics
from engine.source import read_document
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 22)
WORKSPACE = Workspace.load(ROOT)
MATTERS = {matter.matter: matter for matter in WORKSPACE.matters(DAY)}
TEXT = (ROOT / "rulesets/matters/old_age_allowance.yaml").read_text(encoding="utf-8")


def matter_of(text: str) -> Matter:
    document = read_document(text, "a.yaml", Diagnostics())
    assert document is not None
    return Matter.model_validate(document.data, by_alias=True)


def changes(before: Matter, after: Matter) -> list[Change]:
    return [say_change(d, "matter", before, after) for d in find_differences(before, after)]


def leaves(part: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every scalar of a dumped definition."""
    if isinstance(part, dict):
        return [leaf for key, value in part.items() for leaf in leaves(value, (*path, key))]
    if isinstance(part, list):
        return [leaf for n, value in enumerate(part) for leaf in leaves(value, (*path, n))]
    return [path]


def put(data: Any, path: tuple[str | int, ...], value: Any) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def dumped(part: BaseModel) -> Any:
    """Plain data of a definition; tuples as lists, so that it can be edited."""

    def thaw(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: thaw(inside) for key, inside in value.items()}
        return [thaw(inside) for inside in value] if isinstance(value, list | tuple) else value

    return thaw(part.model_dump(by_alias=True))


# --- nothing is left out, nothing is made up -----------------------------------------------------


@pytest.mark.parametrize("name", MATTERS)
@given(st.randoms(use_true_random=False))
def test_any_change_anywhere_is_named_at_its_place(name: str, rng: random.Random) -> None:
    matter = MATTERS[name]
    data = dumped(matter)
    paths = [p for p in leaves(data) if p != ("matter",)]
    path = rng.choice(paths)
    found: Any = data
    for step in path:
        found = found[step]
    put(data, path, _another(found))
    after = matter.model_construct(**_built(matter, data))
    said = changes(matter, after)
    assert said
    assert all(change.words.zh and change.words.en for change in said)
    assert any(change.path.split(".")[0] == str(path[0]) for change in said)
    turned = changes(after, matter)
    assert len(turned) == len(said)


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, date):
        return date(1999, 1, 1)
    if value in EFFECT_TITLES:
        return next(effect for effect in EFFECT_TITLES if effect != value)
    return "另一个" if value is None else f"{value}另"


def _built(matter: Matter, data: Any) -> dict[str, Any]:
    """The top-level values of edited data: parts rebuilt without the checks of their shape."""
    return {
        name: _rebuilt(getattr(matter, name), data[_alias(matter, name)])
        for name in data_names(matter)
    }


def data_names(part: BaseModel) -> list[str]:
    return list(type(part).model_fields)


def _alias(part: BaseModel, name: str) -> str:
    return type(part).model_fields[name].alias or name


def _rebuilt(before: Any, data: Any) -> Any:
    if isinstance(before, BaseModel) and isinstance(data, dict):
        values = {
            n: _rebuilt(getattr(before, n), data[_alias(before, n)]) for n in data_names(before)
        }
        extra = {k: v for k, v in data.items() if k in (before.__pydantic_extra__ or {})}
        made = type(before).model_construct(**values)
        if extra:
            object.__setattr__(made, "__pydantic_extra__", extra)
        return made
    if isinstance(before, dict) and isinstance(data, dict):
        return {key: _rebuilt(before[key], value) for key, value in data.items()}
    if isinstance(before, tuple) and isinstance(data, list):
        return tuple(_rebuilt(old, new) for old, new in zip(before, data, strict=True))
    return data


@pytest.mark.parametrize("name", MATTERS)
def test_a_matter_is_no_different_from_itself(name: str) -> None:
    version = Version(WORKSPACE, name, DAY)
    assert compare_versions(version, version) == ()


def test_layout_is_no_change() -> None:
    before = matter_of(TEXT)
    lines = [line for line in TEXT.splitlines() if not line.lstrip().startswith("#")]
    after = matter_of("\n".join(lines).replace(" and ", "  and   ") + "\n\n# 注\n")
    assert changes(before, after) == []


@pytest.mark.parametrize("name", MATTERS)
def test_order_of_lists_is_said_as_order(name: str) -> None:
    matter = MATTERS[name]
    turned = matter.model_copy(update={"criteria": matter.criteria[::-1]})
    found = find_differences(matter, turned)
    assert [(d.path, d.moved) for d in found] == [(("criteria",), True)]


# --- the words -----------------------------------------------------------------------------------


def said(before: str, after: str) -> list[str]:
    assert before in TEXT
    old, new = matter_of(TEXT), matter_of(TEXT.replace(before, after, 1))
    return [change.words.zh for change in changes(old, new)]


MATTER = """\
matter: demo
title: 示例
type: 行政给付
level: 县级
organ: 示例局
time: {promise: 5 working days, statutory: 20 working days}
facts:
  年龄: {type: integer, unit: 周岁, range: "[0..150]"}
criteria:
  - {id: old, stage: 受理, point: 年龄达到下限, require: 年龄 >= 18, remedy: 到年龄后再申请}
materials:
  - {id: form, title: 申请表}
"""


@pytest.mark.parametrize(
    ("before", "after", "words", "direction"),
    [
        ("年龄 >= 18", "年龄 >= 16", "审查要点“年龄达到下限”的条件：年龄下限 18 → 16 周岁", "eases"),
        ("年龄 >= 18", "年龄 >= 21", "审查要点“年龄达到下限”的条件：年龄下限 18 → 21 周岁", "tightens"),
        ("年龄 >= 18", "18 <= 年龄 and 年龄 < 60",
         "审查要点“年龄达到下限”的条件：年龄在18 周岁以上 → 年龄在18 周岁以上，并且年龄不满60 周岁",
         "unclear"),
        ("promise: 5 working", "promise: 3 working", "承诺办结时限：5 → 3 个工作日", "eases"),
        ("title: 申请表}", "title: 申请表}\n  - {id: photo, title: 照片}", "申请材料新增“照片”", "tightens"),
        ("remedy: 到年龄后再申请", "remedy: 满龄后再申请",
         "审查要点“年龄达到下限”的补救办法：到年龄后再申请 → 满龄后再申请", "neutral"),
        ("stage: 受理,", "stage: 受理, effect: remind,",
         "审查要点“年龄达到下限”的不满足的后果：新写明提示", "eases"),
        ("年龄 >= 18", "not(年龄 < 18)",
         "审查要点“年龄达到下限”的条件：年龄在18 周岁以上 → 年龄在18 周岁以上", "unclear"),
        ("point: 年龄达到下限", "point: 已满年龄",
         "审查要点“已满年龄”的表述：年龄达到下限 → 已满年龄", "neutral"),
        ("organ: 示例局",
         "organ: 示例局\nobligations:\n  {id: visit, title: 回访, within: 1 months, by: 审批部门}",
         "后续义务新增“回访”", "neutral"),
        ("organ: 示例局", "organ: 示例局\nobligations: [{id: report, title: 年报, within: 1 months}]",
         "后续义务新增“年报”", "tightens"),
    ],
    ids=[
        "lower", "raise", "reword", "promise", "material", "remedy", "effect", "same in words",
        "point", "duty of the organ", "duty of the applicant",
    ],
)  # fmt: skip
def test_the_words_and_whom_it_helps(before: str, after: str, words: str, direction: str) -> None:
    old, new = matter_of(MATTER), matter_of(MATTER.replace(before, after, 1))
    assert [(c.words.zh, c.direction) for c in changes(old, new)] == [(words, direction)]


def test_a_negated_threshold_is_turned_round() -> None:
    old = matter_of(MATTER.replace("年龄 >= 18", "not(年龄 < 18)"))
    new = matter_of(MATTER.replace("年龄 >= 18", "not(年龄 < 16)"))
    assert [c.direction for c in changes(old, new)] == ["eases"]
    assert [c.direction for c in changes(new, old)] == ["tightens"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("not(年龄 < 18)", "not(年龄 < 16)", "年龄下限 18 → 16 周岁"),
        ("年龄 in [18..60]", "年龄 in [18..65]", "年龄上限 60 → 65 周岁"),
        ("年龄 in [18..60)", "年龄 in [16..60)", "年龄下限 18 → 16 周岁"),
        ("年龄 between 18 and 60", "年龄 between 16 and 60", "年龄下限 18 → 16 周岁"),
        ("18 <= 年龄", "16 <= 年龄", "年龄下限 18 → 16 周岁"),
    ],
)
def test_a_bound_is_called_what_it_is_for_the_whole(before: str, after: str, words: str) -> None:
    old, new = (matter_of(MATTER.replace("年龄 >= 18", f'"{text}"')) for text in (before, after))
    assert [c.words.zh for c in changes(old, new)] == [f"审查要点“年龄达到下限”的条件：{words}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("all(L[x >= 3].甲)", "all(L[x >= 4].乙)"),
        ("f(a: x >= 3)", "f(b: x >= 4)"),
        ("some y in L satisfies x >= 3", "some z in L satisfies x >= 4"),
        ("x in [3..9]", "x in [4..8]"),
        ("x in [3..9]", "x in (4..9]"),
        ("x in [3..a]", "x in [4..b]"),
        ("x >= 3", "x > 4"),
        ("x >= 3", "x >= 3.0"),
        ("x >= 3", "y >= 4"),
        ("x = 3", "x = 4"),
    ],
)
def test_a_figure_stands_for_the_whole_change_or_is_not_told(before: str, after: str) -> None:
    assert find_threshold(before, after) is None


def test_every_noun_stands_for_a_description_that_is_written() -> None:
    models = {model for kind in KINDS.values() for model in models_in(kind, set())}
    fields = [field for model in models for field in model.model_fields.values()]
    assert set(NOUNS) <= {without_remark(field.description or "") for field in fields}


def models_in(annotation: Any, seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        inside = get_args(annotation)
    elif annotation in seen:
        return seen
    else:
        seen.add(annotation)
        inside = tuple(field.annotation for field in annotation.model_fields.values())
    for one in inside:
        models_in(one, seen)
    return seen


@given(st.integers(0, 120), st.integers(0, 120), st.booleans(), st.booleans())
def test_a_direction_told_is_the_direction_that_is(
    a: int, b: int, is_lower: bool, is_negated: bool
) -> None:
    def condition(figure: int) -> str:
        plain = f"年龄 {'>=' if is_lower else '<'} {figure}"
        return f"not({plain})" if is_negated else plain

    def met(figure: int) -> set[int]:
        return {age for age in range(151) if ((age >= figure) == is_lower) != is_negated}

    old, new = (matter_of(MATTER.replace("年龄 >= 18", condition(f))) for f in (a, b))
    found = [change.direction for change in changes(old, new)]
    assert found == ([] if a == b else ["eases" if met(a) < met(b) else "tightens"])


# --- versions, workspaces, the command -----------------------------------------------------------


def test_two_versions_by_date() -> None:
    before, after = (
        Version(WORKSPACE, "public_venue_hygiene", day) for day in (date(2024, 6, 1), DAY)
    )
    found = compare_versions(before, after)
    words = [change.words.zh for one in found for change in one.changes]
    assert "审查要点新增“场所须办理许可，不是只需备案”" in words
    assert any("施行日期：2019年4月23日 → 2025年1月20日" in text for text in words)


def test_two_workspaces(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    codes = tmp_path / "rulesets" / "codes" / "test_items.yaml"
    codes.write_text(codes.read_text(encoding="utf-8").replace("噪音", "噪声"), encoding="utf-8")
    (tmp_path / "rulesets" / "licences" / "health_certificate.yaml").unlink()
    found = compare_workspaces(Workspace.load(ROOT), Workspace.load(tmp_path), DAY)
    fates = {(one.kind, one.id): one.fate for one in found if one.kind != "form"}
    assert fates == {
        ("codes", "test_items"): "changed",
        ("licence", "health_certificate"): "removed",
    }


def test_a_changed_code_set_is_a_change_of_the_matter(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    codes = tmp_path / "rulesets" / "codes" / "test_items.yaml"
    codes.write_text(codes.read_text(encoding="utf-8").replace("噪音", "噪声"), encoding="utf-8")
    versions = (
        Version(w, "public_venue_hygiene", DAY) for w in (WORKSPACE, Workspace.load(tmp_path))
    )
    assert "codes" in [one.kind for one in compare_versions(*versions)]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(tongban, ["diff", *arguments, "--root", str(ROOT)])
    return result.exit_code, result.output


def test_the_command(tmp_path: Path) -> None:
    code, text = run("public_venue_hygiene@2024-06-01", "public_venue_hygiene@2026-11-22")
    assert code == 0
    assert "  条件\n" in text
    assert "[收紧] 审查要点新增“场所须办理许可，不是只需备案”" in text
    assert run("old_age_allowance", "old_age_allowance") == (0, "两个版本相同。\n")
    draft = tmp_path / "draft.yaml"
    draft.write_text(TEXT.replace("visits: 0", "visits: 1"), encoding="utf-8")
    code, text = run("old_age_allowance", str(draft), "--json")
    document = json.loads(text)
    assert (code, document["same"]) == (0, False)
    assert [c["path"] for c in document["definitions"][0]["changes"]] == ["visits"]


def test_the_case_on_which_two_versions_differ_is_decided_by_both() -> None:
    code, text = run(
        "public_venue_hygiene@2024-06-01", "public_venue_hygiene@2026-11-22", "--prove", "--json"
    )
    proof = json.loads(text)["proof"]
    assert (code, proof["status"]) == (0, "differs")
    application = {k: v for k, v in proof["application"].items() if k != "date"}
    outcomes = []
    for day in (date(2024, 6, 1), DAY):
        posted = parse_application(WORKSPACE, "public_venue_hygiene", application, day)
        outcomes.append(decide(WORKSPACE, "public_venue_hygiene", posted, on=day).outcome_title)
    assert outcomes[0] != outcomes[1]
    assert outcomes[0] in proof["before"]
    assert outcomes[1] in proof["after"]


def test_a_change_of_words_alone_is_proved_to_change_nothing(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(TEXT.replace("visits: 0", "visits: 1"), encoding="utf-8")
    code, text = run("old_age_allowance", str(draft), "--prove")
    assert code == 0
    assert "已证明：没有一份申请的结果不同。" in text


@pytest.mark.parametrize(
    ("a", "b"),
    [("nothing", "old_age_allowance"), ("old_age_allowance@2026-13-01", "old_age_allowance"),
     ("no.yaml", "old_age_allowance"), ("#", "old_age_allowance"), ("nowhere#x", "old_age_allowance")],
)  # fmt: skip
def test_what_cannot_be_compared_is_wrong_usage(a: str, b: str) -> None:
    code, text = run(a, b)
    assert code == 2
    assert "Traceback" not in text
