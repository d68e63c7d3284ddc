"""The memory of the check is believed only where it is whole, our own, and every answer is the same."""

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.checks import check_workspace, recheck_workspace
from engine.checks.memory import memory_file, read_memory, surroundings
from engine.cli import tongban
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TONGBAN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "workspace"
    for name in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def check(folder: Path, *options: str) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(tongban, ["check", str(folder), "--json", *options])
    return done.exit_code, json.loads(done.output)["diagnostics"]


def kept(folder: Path) -> Path:
    found = memory_file(folder)
    assert found is not None
    return found


def check_both(folder: Path) -> set[object]:
    """The codes that are found, with the memory and without."""
    remembered = check(folder)
    memory = kept(folder).read_bytes()
    assert remembered == check(folder, "--fresh")
    kept(folder).write_bytes(memory)
    return {d["code"] for d in remembered[1] if d["severity"] == "error"}


def test_a_memory_with_one_wrong_byte_is_not_believed(folder: Path) -> None:
    broken = folder / "rulesets" / "matters" / "public_venue_hygiene.yaml"
    broken.write_text("matter: [\n", encoding="utf-8")
    expected = check(folder)
    whole = kept(folder).read_bytes()
    for old, new in ((b"public_venue_hygiene.yaml", b"public_venue_hygienE.yaml"), (b"[", b"{")):
        assert old in whole
        kept(folder).write_bytes(whole.replace(old, new))
        assert check(folder) == expected


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_in_place_of_the_memory_is_not_waited_for(folder: Path) -> None:
    expected = check(folder)
    kept(folder).unlink()
    os.mkfifo(kept(folder))
    assert check(folder) == expected


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_what_another_user_left_is_not_believed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = check(folder)
    own, around = os.geteuid(), surroundings(Workspace.load(folder))
    assert read_memory(kept(folder), around).findings
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    assert not read_memory(kept(folder), around).findings
    assert check(folder) == expected


def test_nothing_is_left_where_a_memory_could_not_be_kept(folder: Path) -> None:
    (kept(folder) / "in the way").mkdir(parents=True)
    assert check(folder)[0] == 0
    assert list(kept(folder).parent.iterdir()) == [kept(folder)]


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode here")
def test_a_file_whose_name_is_not_utf_8_is_checked_as_any_other(folder: Path) -> None:
    matter = folder / "rulesets" / "matters" / "public_venue_hygiene.yaml"
    try:
        matter.rename(os.fsdecode(os.fsencode(matter.with_name("x")) + b"\xff.yaml"))
    except OSError:
        pytest.skip("this file system takes no such name")
    workspace = Workspace.load(folder)
    for _ in range(2):
        assert recheck_workspace(workspace)[0] == check_workspace(workspace)
        assert recheck_workspace(workspace, remarks=False)[1] > 0


def test_a_root_named_in_another_way_has_the_same_surroundings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "plugins").mkdir()
    (folder / "plugins" / "numbers.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(folder)
    assert surroundings(Workspace.load(".")) == surroundings(Workspace.load(folder))


PLUGIN = """
from pathlib import Path
from engine import IdentifierCheck, hookimpl

@hookimpl
def check_identifier(kind, value, on):
    kinds = (Path(__file__).parent / "kinds.txt").read_text(encoding="utf-8").split()
    if kind not in kinds:
        return None
    return IdentifierCheck(kind, value, "invalid", "不是门牌号", "not a number of a house")
"""


def test_what_plugins_answer_is_asked_again(folder: Path) -> None:
    """A plugin may rest on anything: a list beside it, another module, the network."""
    (folder / "plugins").mkdir()
    (folder / "plugins" / "numbers.py").write_text(PLUGIN, encoding="utf-8")
    kinds = folder / "plugins" / "kinds.txt"
    matter = folder / "rulesets" / "matters" / "public_venue_hygiene.yaml"
    text = matter.read_text(encoding="utf-8")
    assert "facts:\n" in text
    fact = "facts:\n  门牌: {type: text, identifier: 门牌号}\n"
    matter.write_text(text.replace("facts:\n", fact, 1), encoding="utf-8")
    for words, expected in (
        ("门牌号", set()),
        ("车牌号", {"fact-identifier-unknown"}),
        (None, {"plugin-broken"}),
        ("门牌号", set()),
    ):
        kinds.unlink(missing_ok=True)
        if words is not None:
            kinds.write_text(words, encoding="utf-8")
        assert check_both(folder) - {"form-missing"} == expected, words


def test_a_sheet_that_cannot_be_read_is_not_taken_for_another(folder: Path) -> None:
    matter = folder / "rulesets" / "matters" / "public_venue_hygiene.yaml"
    text = matter.read_text(encoding="utf-8")
    tables = text.index("tables:\n") + len("tables:\n")
    matter.write_text(text[:tables] + "  - file: t.csv\n" + text[tables:], encoding="utf-8")
    sheet = folder / "rulesets" / "tables" / "t.csv"
    sheet.parent.mkdir(exist_ok=True)
    for content in (None, b"", b"-", "outside", b"-", None):
        sheet.unlink(missing_ok=True)
        if isinstance(content, bytes):
            sheet.write_bytes(content)
        elif content is not None:
            sheet.symlink_to(folder.parent)
        assert check_both(folder), content
