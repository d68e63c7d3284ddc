"""A check that keeps what still holds finds what a check from the beginning finds."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.checks import check_workspace, crew, recheck_workspace
from engine.checks.memory import Finding, memory_file
from engine.diagnostics import Diagnostic
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TONGBAN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "workspace"
    for name in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def recheck(folder: Path, **options: Any) -> tuple[Diagnostic, ...]:
    """Problems and no remarks: those are never remembered."""
    return recheck_workspace(Workspace.load(folder), remarks=False, **options)[0]


def check(folder: Path) -> tuple[Diagnostic, ...]:
    """The same from the beginning."""
    return tuple(d for d in check_workspace(Workspace.load(folder)) if d.severity != "info")


def edit(folder: Path, rng: random.Random) -> str:
    """One edit as people make them, for better or worse; returns what it was."""
    files = sorted(folder.rglob("*.yaml"))
    file = rng.choice(files)
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    match rng.randrange(5):
        case 0 if len(files) > 20:
            file.unlink()
            return f"delete {file.name}"
        case 1:
            del lines[rng.randrange(len(lines))]
        case 2:
            row = rng.randrange(len(lines))
            lines[row] = lines[row].replace("场所类型", "场所").replace("business", "busines")
        case 3:
            word = rng.choice(["public_venue_hygiene", "place_types", "business_licence"])
            lines = text.replace(word, f"{word}x").splitlines(keepends=True)
        case _:
            copy = file.with_name(f"copy_{rng.randrange(100)}.yaml")
            copy.write_text(text, encoding="utf-8")
            return f"copy {file.name}"
    file.write_text("".join(lines), encoding="utf-8")
    return f"edit {file.name}"


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_the_answer_is_that_of_a_fresh_check(folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    done: list[str] = []
    for _ in range(6):
        assert recheck(folder, jobs=1) == check(folder), done
        done += [edit(folder, rng) for _ in range(rng.choice((1, 1, 3)))]


def test_remarks_left_out_are_counted_and_made_anew_when_wanted(folder: Path) -> None:
    whole = check_workspace(Workspace.load(folder))
    for _ in range(2):
        found, left_out = recheck_workspace(Workspace.load(folder), remarks=False)
        assert found == check(folder)
        assert len(found) + left_out == len(whole)
        assert recheck_workspace(Workspace.load(folder)) == (whole, 0)


def test_an_unchanged_workspace_is_not_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = recheck(folder)
    again = Workspace.load(folder)
    # The texts alone are compared: nothing is shaped, so nothing can be checked.
    monkeypatch.setattr(crew, "find", lambda *_: pytest.fail("checked again"))
    from engine.workspace import loading

    monkeypatch.setattr(loading, "shape_document", lambda *_: pytest.fail("shaped again"))
    loading.shape_file.cache_clear()
    assert recheck_workspace(again, remarks=False)[0] == first


def test_an_edit_has_only_that_file_and_those_that_asked_for_it_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recheck(folder)
    form = folder / "form_defs" / "old_age_allowance.yaml"
    form.write_text(form.read_text(encoding="utf-8") + "# 注\n", encoding="utf-8")
    checked: list[str] = []
    find = crew.find

    def find_and_tell(workspace: Workspace, name: str) -> Finding:
        checked.append(name)
        return find(workspace, name)

    monkeypatch.setattr(crew, "find", find_and_tell)
    recheck(folder)
    assert sorted(checked) == [
        "form_defs/old_age_allowance.yaml",
        "rulesets/matters/old_age_allowance.yaml",  # says whether it has a form
    ]


# In a process of its own: where other threads run, as in a test runner, nothing is forked.
SHARED_OUT = """
import os, signal, sys
from engine.checks import check_workspace, crew, recheck_workspace
from engine.workspace import Workspace

crew._MANY = 2
start, started = crew._started, []

def start_and_kill(workspace, size):
    members = list(start(workspace, size))
    started.extend(members)
    if sys.argv[2] == "kill":
        os.kill(members[0][0].pid, signal.SIGKILL)
    return members

crew._started = start_and_kill
found, _ = recheck_workspace(Workspace.load(sys.argv[1]), fresh=True, jobs=2)
assert len(started) == 2
assert not any(process.is_alive() for process, _ in started)
assert found == check_workspace(Workspace.load(sys.argv[1]))
assert any(d.is_error for d in found)
"""


@pytest.mark.parametrize("fate", ["spare", "kill"])
def test_several_processes_find_what_one_finds_even_if_one_is_lost(folder: Path, fate: str) -> None:
    rng = random.Random(5)
    for _ in range(6):
        edit(folder, rng)
    subprocess.run([sys.executable, "-c", SHARED_OUT, str(folder), fate], check=True, cwd=ROOT)


@pytest.mark.parametrize("damage", ["", "{}", "[1, 2]", "\0", '{"surroundings": 3}'])
def test_a_damaged_memory_is_made_anew(folder: Path, damage: str) -> None:
    expected = recheck(folder)
    kept = memory_file(folder)
    assert kept is not None
    whole = kept.read_bytes()
    kept.write_text(damage)
    assert recheck(folder) == expected
    assert kept.read_bytes() == whole
    kept.write_bytes(whole[: len(whole) // 2])
    assert recheck(folder) == expected


def test_a_pipe_in_the_place_of_the_memory_is_not_waited_for(folder: Path) -> None:
    kept = memory_file(folder)
    assert kept is not None
    kept.parent.mkdir()
    os.mkfifo(kept)
    assert recheck(folder) == check(folder)


def test_other_plugins_or_settings_are_other_surroundings(folder: Path) -> None:
    (folder / "tongban.yaml").write_text('region: "370811"\n', encoding="utf-8")
    recheck(folder)
    (folder / "tongban.yaml").write_text('region: "999999"\n', encoding="utf-8")
    found = recheck(folder)
    assert [d.code for d in found if d.place.file == "tongban.yaml"] == ["unknown-reference"]


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBAN_CACHE", "/dev/null/here")
    assert recheck(folder) == check(folder)
