"""What `tongban check` says with its memory is what it says without."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.checks.memory import memory_file
from engine.cli import tongban

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
