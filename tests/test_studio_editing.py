"""The editor: what is checked, what is saved, and that nothing is lost."""

import html
import os
import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from engine import KIND_TITLES, KINDS, Workspace
from studio.problems import ChangedMeanwhile
from studio.shelf import Shelf, Stored
from studio_visitor import ROOT, Visitor, make_studio

MATTER = "public_venue_hygiene"
FILE = f"rulesets/matters/{MATTER}.yaml"
URL = f"/files/{FILE}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of one's own: the shipped definitions."""
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    if (ROOT / "tongban.yaml").exists():
        shutil.copy(ROOT / "tongban.yaml", tmp_path)
    return tmp_path


@pytest.fixture
def app(root: Path) -> Flask:
    return make_studio(root)


@pytest.fixture
def editor(app: Flask) -> Visitor:
    return Visitor(app, "editor")


def digest_of(visitor: Visitor, url: str = URL) -> str:
    page = visitor.get(url).text
    start = page.index('name="digest" value="') + len('name="digest" value="')
    return page[start : start + 64]


def as_posted(text: str) -> str:
    """A form's text always comes with CRLF."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


# --- the page ------------------------------------------------------------------------------------


def test_the_page_holds_the_very_text(editor: Visitor, root: Path) -> None:
    page = editor.get(URL).text
    text = (root / FILE).read_text(encoding="utf-8")
    start = page.index(">\n", page.index("<textarea")) + 2

    assert html.unescape(page[start : page.index("</textarea>")]) == text
    assert f'data-path="{FILE}"' in page
    assert f'data-schema-url="/api/schema/matter?matter={MATTER}"' in page
    for kind in ("form", "codes", "region", "rules"):
        assert KIND_TITLES[kind][0] + "：" in page


def test_reading_roles_get_it_read_only(app: Flask) -> None:
    page = Visitor(app, "policy").get(URL).text
    assert " readonly>" in page
    assert "data-save>" not in page
    assert " readonly>" not in Visitor(app, "editor").get(URL).text


def test_every_definition_has_an_editor(editor: Visitor, root: Path) -> None:
    for file, defined in Workspace.load(root).files.items():
        assert editor.get(f"/files/{file}").status_code == 200, file
        answer = editor.get(f"/definitions/{defined.kind}/{defined.id}/edit")
        assert answer.status_code == 302
    assert editor.get(f"/matters/{MATTER}/edit").headers["Location"] == URL


@pytest.mark.parametrize("file", ["tongban.yaml", "../secret", "/etc/passwd", "rulesets", "var/secret_key",
                                  "rulesets/../tongban.yaml", "rulesets/matters/none.yaml", "%2e%2e/x",
                                  "rulesets//matters/public_venue_hygiene.yaml", "\x00"])  # fmt: skip
def test_no_other_file_is_shown_or_written(editor: Visitor, root: Path, file: str) -> None:
    (root / "tongban.yaml").write_text("title: 通办\n", encoding="utf-8")
    before = sorted(root.rglob("*"))
    assert editor.get(f"/files/{file}").status_code in (404, 308)
    assert editor.post(f"/files/{file}", {"text": "x: 1"}).status_code in (404, 308)
    assert [p for p in sorted(root.rglob("*")) if p not in before and "var" not in p.parts] == []


def test_a_link_out_of_the_workspace_is_no_definition(
    editor: Visitor, root: Path, tmp_path: Path
) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text("matter: x\n", encoding="utf-8")
    (root / "rulesets" / "link.yaml").symlink_to(outside)
    assert editor.get("/files/rulesets/link.yaml").status_code == 404
    outside.unlink()


# --- saving --------------------------------------------------------------------------------------


def test_a_save_keeps_every_other_byte(editor: Visitor, root: Path) -> None:
    before = (root / FILE).read_bytes()
    text = before.decode().replace("visits: 0", "visits: 1  # 新规定")
    posted = {"text": as_posted(text), "digest": digest_of(editor)}
    answer = editor.post(URL, posted)
    assert answer.status_code == 302, answer.text[:3000]
    assert (root / FILE).read_bytes() == before.replace(
        b"visits: 0", "visits: 1  # 新规定".encode()
    )
    assert "已保存。" in editor.get(URL).text
    back = {"text": as_posted(before.decode()), "digest": digest_of(editor)}
    assert editor.post(URL, back).status_code == 302
    assert (root / FILE).read_bytes() == before


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_mark_stay(editor: Visitor, root: Path, newline: str, mark: str) -> None:
    text = (root / FILE).read_text(encoding="utf-8")
    content = (mark + text).replace("\n", newline)
    (root / FILE).write_bytes(content.encode())
    edited = as_posted(mark + text.replace("visits: 0", "visits: 1"))
    answer = editor.post(URL, {"text": edited, "digest": digest_of(editor)})
    assert answer.status_code == 302, answer.text[:3000]
    assert (root / FILE).read_bytes() == content.replace("visits: 0", "visits: 1").encode()


@given(st.text(alphabet="ab文😀 \t\n\r", max_size=30))
def test_an_untouched_text_is_untouched(text: str) -> None:
    stored = Stored("f", text, "")
    assert stored.adopt(as_posted(text.replace("\r\n", "\n").replace("\r", "\n"))) == text


@given(
    st.lists(st.text(alphabet="ab文😀 ", max_size=5)),
    st.lists(st.text(alphabet="ab文😀 ", max_size=5)),
)
def test_a_new_text_takes_the_files_line_ends(old: list[str], new: list[str]) -> None:
    for newline in ("\n", "\r\n"):
        stored = Stored("f", newline.join([*old, "", ""]), "")
        assert stored.adopt("\r\n".join(new)) == newline.join(new)


def test_errors_are_not_saved_and_nothing_is_lost(editor: Visitor, root: Path) -> None:
    before = (root / FILE).read_bytes()
    text = before.decode().replace("level: 县级", "level: 县级别的")
    line = text[: text.index("县级别的")].count("\n") + 1
    answer = editor.post(URL, {"text": as_posted(text), "digest": digest_of(editor)})
    assert answer.status_code == 422
    assert "没有保存" in answer.text
    assert f"第 {line} 行" in answer.text
    assert "level: 县级别的" in answer.text, "the text is still in the box"
    assert (root / FILE).read_bytes() == before


def test_a_save_over_a_change_of_somebody_else_is_refused(editor: Visitor, root: Path) -> None:
    started = digest_of(editor)
    theirs = (root / FILE).read_text(encoding="utf-8").replace("visits: 0", "visits: 2")
    (root / FILE).write_text(theirs, encoding="utf-8")
    mine = theirs.replace("visits: 2", "visits: 1")
    posted = {"text": as_posted(mine), "digest": started}
    answer = editor.post(URL, posted)
    assert answer.status_code == 409
    assert "-visits: 2" in answer.text
    assert "+visits: 1" in answer.text
    assert f'name="digest" value="{started}"' in answer.text, "a second plain save is refused too"
    assert (root / FILE).read_text(encoding="utf-8") == theirs
    over = answer.text[answer.text.index('name="over" value="') + 19 :][:64]
    assert editor.post(URL, {**posted, "over": over}).status_code == 302
    assert (root / FILE).read_text(encoding="utf-8") == mine


def test_a_save_that_breaks_another_file_asks_first(editor: Visitor, root: Path) -> None:
    codes = "rulesets/codes/place_types.yaml"
    before = (root / codes).read_text(encoding="utf-8")
    kept = [line for line in before.splitlines(True) if not re.search(r"code: 理发", line)]
    text, url = "".join(kept), f"/files/{codes}"
    assert text != before
    posted = {"text": text, "digest": digest_of(editor, url)}
    asked = editor.post(url, posted)
    assert asked.status_code == 422
    assert FILE in asked.text
    assert html.escape(text[:60]) in asked.text, "the text is still in the box"
    assert (root / codes).read_text(encoding="utf-8") == before
    button = re.search(r'name="anyway" value="(\w{64})">仍然保存', asked.text)
    assert button is not None
    assert editor.post(url, {**posted, "anyway": button[1]}).status_code == 302
    assert (root / codes).read_text(encoding="utf-8") == text
    again = {"text": f"{text}# more\n", "digest": digest_of(editor, url)}
    assert editor.post(url, again).status_code == 302, "what is broken already is not asked again"


def test_a_save_may_break_others_only_over_the_text_that_was_asked_about(
    editor: Visitor, root: Path
) -> None:
    codes = "rulesets/codes/place_types.yaml"
    before = (root / codes).read_text(encoding="utf-8")
    url = f"/files/{codes}"
    posted = {"text": before, "digest": digest_of(editor, url), "anyway": digest_of(editor, url)}
    theirs = f"{before}# theirs\n"
    (root / codes).write_text(theirs, encoding="utf-8")
    assert editor.post(url, posted).status_code == 409
    assert (root / codes).read_text(encoding="utf-8") == theirs


@pytest.mark.parametrize(
    "text",
    ["codes: other_types\ntitle: 场所\nvalues: [{code: 理发}]\n", None],
    ids=["another kind", "another id"],
)
def test_a_definition_keeps_its_kind_and_id(editor: Visitor, root: Path, text: str | None) -> None:
    before = (root / FILE).read_text(encoding="utf-8")
    text = text or before.replace(f"matter: {MATTER}", "matter: another_matter", 1)
    posted = {"text": as_posted(text), "digest": digest_of(editor), "anyway": digest_of(editor)}
    answer = editor.post(URL, posted)
    assert answer.status_code == 422
    assert "没有保存" in answer.text
    assert f"matter: {MATTER}" in answer.text
    assert html.escape(text[:30]) in answer.text, "the text is still in the box"
    assert (root / FILE).read_text(encoding="utf-8") == before


def test_after_a_save_the_caret_and_the_sample_stay(editor: Visitor, root: Path) -> None:
    text = (root / FILE).read_text(encoding="utf-8")
    url = f"{URL}?sample=approved"
    assert f'action="{url}"' in editor.get(url).text
    posted = {"text": text, "digest": digest_of(editor)}
    saved = editor.post(url, {**posted, "caret": "12:3"})
    assert saved.headers["Location"] == f"{url}#L12:3"
    for odd in ("", "x", "0:0", '"><script>', "1" * 400):
        assert editor.post(URL, {**posted, "caret": odd}).headers["Location"] == URL
    broken = text.replace("level: 县级", "level: 县级别的")
    line = broken[: broken.index("县级别的")].count("\n") + 1
    refused = editor.post(url, {**posted, "text": as_posted(broken)})
    assert re.search(rf'data-caret="{line}:\d+"', refused.text)
    assert f'action="{url}"' in refused.text


def test_a_broken_file_can_be_opened_and_mended(editor: Visitor, root: Path) -> None:
    good = (root / FILE).read_text(encoding="utf-8")
    (root / FILE).write_text("matter: [\n" + good, encoding="utf-8")
    listing = editor.get("/").text
    assert f'href="{URL}"' in listing
    assert "个错误" in listing
    page = editor.get(URL)
    assert page.status_code == 200
    assert "problem-error" in page.text
    answer = editor.post(URL, {"text": as_posted(good), "digest": digest_of(editor)})
    assert answer.status_code == 302
    assert (root / FILE).read_text(encoding="utf-8") == good


def test_bytes_that_are_no_text_are_not_saved_over(editor: Visitor, root: Path) -> None:
    raw = "matter: 理发".encode("gbk")
    (root / FILE).write_bytes(raw)
    assert editor.get(URL).status_code == 200
    editor.post(URL, {"text": editor.get(URL).text, "digest": digest_of(editor)})
    assert (root / FILE).read_bytes() == raw


def test_of_many_savers_each_save_is_whole(root: Path) -> None:
    """Only one of those who started from the same text wins; the others are told."""
    shelf = Shelf(root, root / "var")
    stored = shelf.read(FILE)
    assert stored is not None
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            Shelf(root, root / "var").save(FILE, f"{stored.text}# {number}\n", stored.digest)
            outcomes.append("saved")
        except ChangedMeanwhile:
            outcomes.append("told")

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["told"] * 7
    assert (root / FILE).read_text(encoding="utf-8").startswith(stored.text + "# ")
    assert [p.name for p in (root / FILE).parent.iterdir() if "draft" in p.name] == []


def test_a_failed_write_leaves_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(root, root / "var")
    stored = shelf.read(FILE)
    assert stored is not None

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        shelf.save(FILE, stored.text + "# more\n", stored.digest)
    assert (root / FILE).read_text(encoding="utf-8") == stored.text
    assert [p.name for p in (root / FILE).parent.iterdir() if "draft" in p.name] == []


def test_changes_on_disk_are_seen(root: Path) -> None:
    shelf = Shelf(root, root / "var")
    first = shelf.workspace()
    assert shelf.workspace() is first
    assert shelf.report() is shelf.report()
    (root / "rulesets" / "codes" / "new.yaml").write_text("codes: new\n", encoding="utf-8")
    assert shelf.workspace() is not first
    assert any("new.yaml" in file for file in shelf.report())
    (root / "rulesets" / "codes" / "new.yaml").unlink()
    assert not any("new.yaml" in file for file in shelf.report())


# --- what the editor asks ------------------------------------------------------------------------


def test_check_as_you_type(editor: Visitor, root: Path) -> None:
    text = (root / FILE).read_text(encoding="utf-8")
    before = {d["code"] for d in check(editor, text) if d["severity"] == "error"}
    assert before == set()
    broken = text.replace("require: 设有消毒间", "require: 设有消毒室", 1)
    if broken == text:
        broken = text.replace("require: 场所在本辖区内", "require: 场所在本辖区", 1)
    everything = check(editor, broken)
    assert everything[0]["severity"] == "error", "the worst comes first"
    errors = [d for d in everything if d["severity"] == "error"]
    assert len(errors) == 1
    lines = broken.splitlines()
    found = errors[0]
    assert found["path"] == FILE
    marked = lines[found["line"] - 1][found["column"] - 1 : found["end_column"] - 1]
    assert marked in ("设有消毒室", "场所在本辖区")
    assert found["message_zh"]
    assert found["message_en"]
    assert found["help_zh"]


def check(visitor: Visitor, text: str, path: str = FILE) -> list[dict[str, Any]]:
    answer = visitor.post("/api/check", json={"path": path, "text": text})
    assert answer.status_code == 200
    found = answer.get_json()["diagnostics"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    "text", ["", "\x00", "a: [" * 5000, "matter: x", "&a [*a]", "- 1", "😀" * 100, "? "]
)
def test_any_text_is_checked(editor: Visitor, text: str) -> None:
    assert isinstance(check(editor, text), list)


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"path": FILE}, 400), ({"path": 3, "text": ""}, 400), ({"path": FILE, "text": 3}, 400),
     ({"path": "/etc/passwd", "text": ""}, 404), ({"path": "../x", "text": ""}, 404), ([], 400)],
)  # fmt: skip
def test_a_check_of_nonsense_is_refused(editor: Visitor, body: object, status: int) -> None:
    assert editor.post("/api/check", json=body).status_code == status


@pytest.mark.parametrize("kind", KINDS)
def test_schemas(editor: Visitor, kind: str) -> None:
    answer = editor.get(f"/api/schema/{kind}?matter={MATTER}").get_json()
    assert answer["schema"]["$schema"].startswith("https://json-schema.org/")
    assert "申请日期" in [name["name"] for name in answer["names"]]
    assert editor.get(f"/api/schema/{kind}?matter=none").status_code == 200
    assert editor.get("/api/schema/none").status_code == 404
