"""Finding definitions: by id, date and region; what an edit changes and what it does not."""

import hashlib
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small_workspace
from engine import TongbanError, UnknownDefinition, Workspace, check_text, check_workspace
from engine.definitions.tables import Row
from engine.workspace.loading import shape_file
from engine.workspace.settings import Settings
from small_workspace import matter

ON = date(2026, 11, 22)
SAMPLE = "rulesets/matters/sample.yaml"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    old = matter(("title: 示例许可", "title: 旧版\neffective: {from: 2020-01-01, to: 2025-06-30}"))
    new = matter(("title: 示例许可", "title: 新版\neffective: {from: 2025-07-01}"))
    files = {SAMPLE: new, "rulesets/matters/sample_2020.yaml": old}
    return small_workspace.make(tmp_path_factory.mktemp("versions"), files)


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)))
def test_the_version_in_force_on_the_day_is_found(workspace: Workspace, day: date) -> None:
    if day < date(2020, 1, 1):
        with pytest.raises(UnknownDefinition, match="没有施行的版本"):
            workspace.matter("sample", day)
        return
    title = workspace.matter("sample", day).title
    assert title == ("旧版" if day <= date(2025, 6, 30) else "新版")


def test_an_unknown_id_is_answered_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(UnknownDefinition, match="是否想写“sample”"):
        workspace.matter("sampel", ON)
    with pytest.raises(UnknownDefinition):
        workspace.matter("sample", ON, "999999")


def test_regions_lie_over_one_another_the_lowest_last(workspace: Workspace) -> None:
    law = workspace.matter("sample", ON).parameters["下限"]
    city = workspace.matter("sample", ON, "370800").parameters["下限"]
    district = workspace.matter("sample", ON, "370811").parameters["下限"]
    assert [p.value for p in (law, city, district)] == [10, 10, 20]
    assert [r.region for r in workspace.region_chain("370811", ON)] == ["370800", "370811"]


def test_a_region_that_is_its_own_superior_ends(tmp_path: Path) -> None:
    text = "region: '370800'\ntitle: 示例市\nparent: '370811'\n"
    workspace = small_workspace.make(tmp_path, {"rulesets/regions/370800.yaml": text})
    assert len(workspace.region_chain("370811", ON)) == 2


def test_an_edit_makes_another_workspace_and_changes_no_file(workspace: Workspace) -> None:
    before = (workspace.root / SAMPLE).read_text(encoding="utf-8")
    edited = workspace.with_text(SAMPLE, matter(("title: 示例许可", "title: 改过的")))
    assert edited.matter("sample", ON).title == "改过的"
    assert workspace.matter("sample", ON).title == "新版"
    assert (workspace.root / SAMPLE).read_text(encoding="utf-8") == before


def test_the_digest_is_of_the_text(workspace: Workspace) -> None:
    content = (workspace.root / SAMPLE).read_bytes()
    assert b"\r" not in content
    assert workspace.digest("matter", "sample", ON) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "text", [matter(), matter().rstrip("\n"), "matter: a\n\n\ntitle: |\n  b\n"]
)
def test_a_checkout_with_crlf_is_the_same_version(text: str) -> None:
    unix, windows = shape_file("a.yaml", text), shape_file("a.yaml", text.replace("\n", "\r\n"))
    assert unix.digest == windows.digest
    assert unix.definition == windows.definition
    assert shape_file("a.yaml", f"{text} ").digest != unix.digest


def test_shared_materials_are_filled_in_and_own_words_kept(tmp_path: Path) -> None:
    shared = "material: seal\ntitle: 印章\nissuer: 公安\nremedy: 去刻章\nsatisfied_by: permit\n"
    use = f"{{use: seal, remedy: 补交印章, basis: {small_workspace.BASIS}}}\n  - {{id: permit"
    files = {
        "rulesets/materials/seal.yaml": shared,
        SAMPLE: matter(("{id: permit", use)),
    }
    workspace = small_workspace.make(tmp_path, files)
    material = workspace.matter("sample", ON).materials[0]
    assert (material.key, material.title, material.issuer) == ("seal", "印章", "公安")
    assert material.remedy == "补交印章"
    assert material.satisfied_by == ("permit",)


def test_what_lies_outside_is_not_read(tmp_path: Path) -> None:
    """A link out of the workspace is no definition of it, nor is a hidden or another file."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("matter: secret\n", encoding="utf-8")
    root = tmp_path / "inside"
    small_workspace.make(root)
    os.symlink(outside, root / "rulesets" / "linked")
    os.symlink(outside / "secret.yaml", root / "rulesets" / "secret.yaml")
    (root / "rulesets" / ".hidden.yaml").write_text("matter: hidden\n", encoding="utf-8")
    (root / "rulesets" / "notes.txt").write_text("matter: notes\n", encoding="utf-8")
    loaded = Workspace.load(root)
    assert not [name for name in loaded.files if "secret" in name or "hidden" in name]
    assert loaded.ids("matter") == ("sample",)


def test_a_file_that_cannot_be_read_is_a_diagnostic(tmp_path: Path) -> None:
    workspace = small_workspace.make(tmp_path)
    (tmp_path / "rulesets" / "gbk.yaml").write_bytes("matter: 事项".encode("gbk"))
    (found,) = Workspace.load(workspace.root).diagnostics
    assert found.code == "file-unreadable"
    assert "GBK" in found.message_zh


def test_pipes_and_links_in_a_circle_are_diagnostics(tmp_path: Path) -> None:
    root = small_workspace.make(tmp_path).root
    os.mkfifo(root / "rulesets" / "pipe.yaml")
    os.symlink("self.yaml", root / "rulesets" / "self.yaml")
    os.symlink("nowhere.yaml", root / "form_defs" / "nowhere.yaml")
    loaded = Workspace.load(root)
    found = [(d.code, d.place.file) for d in loaded.diagnostics]
    names = ("form_defs/nowhere.yaml", "rulesets/pipe.yaml", "rulesets/self.yaml")
    assert found == [("file-unreadable", name) for name in names]
    assert loaded.ids("matter") == ("sample",)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff", "UTF-8"),
        (b"region: 370811\n", "region .*quote"),
        (b"title: [a]\n", "title"),
        (b"plugins: false\n", "plugins"),
        (b"plugins: {a: 1}\n", "plugins"),
        (b"[1]\n", "title"),
        (b"title: '\n", r"tongban\.yaml"),
    ],
    ids=repr,
)
def test_settings_that_cannot_be_read_are_said_plainly(
    content: bytes, expected: str, tmp_path: Path
) -> None:
    small_workspace.make(tmp_path)
    (tmp_path / "tongban.yaml").write_bytes(content)
    with pytest.raises(TongbanError, match=expected):
        Workspace.load(tmp_path)


def test_settings_are_a_regular_file(tmp_path: Path) -> None:
    small_workspace.make(tmp_path)
    (tmp_path / "tongban.yaml").unlink()
    os.mkfifo(tmp_path / "tongban.yaml")
    with pytest.raises(TongbanError, match="不是普通文件"):
        Workspace.load(tmp_path)
    (tmp_path / "tongban.yaml").unlink()
    os.symlink("tongban.yaml", tmp_path / "tongban.yaml")
    with pytest.raises(TongbanError, match=r"tongban\.yaml"):
        Workspace.load(tmp_path)


def test_settings_left_empty_are_the_defaults(tmp_path: Path) -> None:
    small_workspace.make(tmp_path)
    (tmp_path / "tongban.yaml").write_text("title:\nregion:\nplugins:\n", encoding="utf-8")
    assert Workspace.load(tmp_path).settings == Settings()


def test_no_folder_and_bad_settings_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(TongbanError, match="没有这个文件夹"):
        Workspace.load(tmp_path / "nowhere")
    small_workspace.make(tmp_path)
    (tmp_path / "tongban.yaml").write_text("regoin: '370811'\n", encoding="utf-8")
    with pytest.raises(TongbanError, match="region"):
        Workspace.load(tmp_path)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_the_calendar_is_the_one_in_the_files(workspace: Workspace, day: date) -> None:
    assert workspace.calendar.is_published(2026)
    assert not workspace.calendar.is_published(2027)
    following = workspace.calendar.is_working_day(day + timedelta(days=7))
    assert isinstance(following, bool)
    assert not workspace.calendar.is_working_day(date(2026, 10, 1))
    assert workspace.calendar.is_working_day(date(2026, 10, 10))  # 调休


def test_what_is_kept_is_made_once_and_bounded(workspace: Workspace) -> None:
    made: list[int] = []
    for number in range(5000):
        workspace.keep(("n", number % 10), lambda n=number: made.append(n))  # type: ignore[misc]
    assert made == list(range(10))


def test_a_long_table_is_checked_in_time_by_its_length(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking at every row for each row, 10,000 rows took minutes."""
    looked: list[Row] = []
    cells: Any = vars(Row)["cells"]

    def look(row: Row) -> Any:
        looked.append(row)
        return cells.fget(row)

    monkeypatch.setattr(Row, "cells", property(look))
    row = "      - {类别: '\"乙\"', 最低面积: 30}\n"
    many = "".join(f"      - {{类别: '\"{n}\"', 最低面积: {n}}}\n" for n in range(300))
    found = check_text(workspace, "rulesets/matters/long.yaml", matter((row, many)))
    assert sum(d.code == "value-outside-codes" for d in found) == 300
    assert 300 < len(looked) < 30 * 300


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("sys.exit(0)", "SystemExit"),
        ("return IdentifierCheck(kind, '1', 'valid', '', '')", "同一个号码"),
        ("return 7", "IdentifierCheck"),
    ],
)
def test_a_plugin_that_fails_at_identifiers_is_told_by_the_check(
    body: str, expected: str, tmp_path: Path
) -> None:
    plugin = (
        "import sys\nfrom engine import IdentifierCheck, hookimpl\n@hookimpl(tryfirst=True)\n"
        f"def check_identifier(kind, value):\n    {body}\n"
    )
    facts = matter(("  面积:", "  号码: {type: text, identifier: 公民身份号码}\n  面积:"))
    root = small_workspace.make(tmp_path, {SAMPLE: facts, "plugins/bad.py": plugin}).root
    (found,) = [d for d in check_workspace(Workspace.load(root)) if d.code == "plugin-broken"]
    assert expected in found.message_zh
    assert found.place.file == SAMPLE
