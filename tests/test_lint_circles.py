"""Circular proofs against a search that goes the other way: from each matter down to what is free."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Diagnostic, Workspace
from engine.checks import check_workspace, recheck_workspace
from engine.checks.checking import check_across
from engine.workspace.loading import shape_file
from engine.workspace.settings import Settings

# Of each matter: the licence it issues, and for each material the licences any of which will do.
Matters = list[tuple[str, list[list[str]]]]
KINDS = ("a", "b", "c", "d", "e")
kinds = st.sampled_from(KINDS)
demands = st.lists(st.lists(kinds, min_size=1, max_size=2, unique=True), max_size=2)
matters = st.lists(st.tuples(kinds, demands), min_size=1, max_size=5)
BASIS = "basis: {law: 示例法, article: 第一条, verified: true}"


def text_of(number: int, issues: str, wanted: list[list[str]]) -> str:
    materials = "".join(
        f"  - {{id: m{n}, title: 证{n}, satisfied_by: [{', '.join(kinds)}], {BASIS}}}\n"
        for n, kinds in enumerate(wanted)
    )
    head = (
        f"matter: m{number}\ntitle: 事{number}\ntype: 行政许可\nlevel: 县级\norgan: 局\n{BASIS}\n"
    )
    listed = f"materials:\n{materials}" if wanted else ""
    return f"{head}result: {{licence: {issues}}}\n{listed}"


def workspace_of(found: Matters) -> Workspace:
    texts = {f"rulesets/m{n}.yaml": text_of(n, *matter) for n, matter in enumerate(found)}
    texts |= {f"rulesets/l_{kind}.yaml": f"licence: {kind}\ntitle: 照{kind}\n" for kind in KINDS}
    files = [shape_file(name, text) for name, text in sorted(texts.items())]
    return Workspace(Path("/nowhere"), files, Settings())


def circles(workspace: Workspace) -> list[Diagnostic]:
    return [d for d in check_across(workspace) if d.code == "proofs-circular"]


def can_be_had(found: Matters, number: int, waiting: frozenset[int]) -> bool:
    """Whether a matter can be applied for without one that already waits for it."""
    issues, wanted = found[number]
    return number not in waiting and all(
        issues in kinds
        or any(
            not (makers := [n for n, (made, _) in enumerate(found) if made == kind])
            or any(can_be_had(found, n, waiting | {number}) for n in makers)
            for kind in kinds
        )
        for kinds in wanted
    )


@settings(max_examples=400)
@given(matters)
def test_a_circle_is_told_where_and_only_where_something_can_never_be_had(found: Matters) -> None:
    never = {n for n in range(len(found)) if not can_be_had(found, n, frozenset())}
    told = circles(workspace_of(found))
    assert bool(told) == bool(never)
    for diagnostic in told:
        steps = diagnostic.message_zh.split("：")[1].split("，")[0].split(" → ")
        assert steps[0] == steps[-1]
        numbers = [int(step.removeprefix("事")) for step in steps[:-1:2]]
        wanted = [step.removeprefix("照") for step in steps[1::2]]
        assert set(numbers) <= never
        following = [*numbers[1:], numbers[0]]
        for number, kind, maker in zip(numbers, wanted, following, strict=True):
            assert any(kind in kinds for kinds in found[number][1])
            assert found[maker][0] == kind
    assert len({d.message_zh for d in told}) == len(told)


@pytest.mark.parametrize(
    "spared",
    ["when: 面积 > 1", "commitable: true, core: false", "holder: 面积"],
    ids=["only-sometimes", "may-be-promised", "another-person-s"],
)
def test_a_material_that_need_not_be_there_first_makes_no_circle(spared: str) -> None:
    found: Matters = [("a", [["b"]]), ("b", [["a"]])]
    workspace = workspace_of(found)
    assert len(circles(workspace)) == 1
    name = "rulesets/m0.yaml"
    text = text_of(0, "a", [["b"]]).replace("satisfied_by", f"{spared}, satisfied_by")
    assert circles(workspace.with_text(name, text)) == []


def test_a_shared_material_counts_for_every_matter_that_uses_it() -> None:
    workspace = workspace_of([("a", []), ("b", [["a"]])])
    shared = "material: common\ntitle: 共用证\nsatisfied_by: [b]\n"
    text = text_of(0, "a", []) + f"materials: [{{use: common, {BASIS}}}]\n"
    edited = workspace.with_text("rulesets/c.yaml", shared).with_text("rulesets/m0.yaml", text)
    (told,) = circles(edited)
    assert (told.place.file, told.place.line) == ("rulesets/m0.yaml", 8)


def test_an_edit_elsewhere_makes_and_mends_a_circle_in_a_check_that_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBAN_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "w"
    for name, file in workspace_of([("a", [["b"]]), ("b", [])]).files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(str(file.text), encoding="utf-8")
    for wanted, count in (([], 0), ([["a"]], 1), ([["c"]], 0), ([["a"]], 1)):
        (root / "rulesets/m1.yaml").write_text(text_of(1, "b", wanted), encoding="utf-8")
        told, _ = recheck_workspace(Workspace.load(root))
        assert told == check_workspace(Workspace.load(root))
        assert [d.code for d in told].count("proofs-circular") == count
