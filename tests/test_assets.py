"""The front end that ships is the one its sources give, and its own tests pass."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

STUDIO = Path(__file__).parent.parent / "studio"
BUILT = ("LICENSES.txt", "app.css", "app.js", "apply.js", "editor.js")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of studio/assets with the packages that its lock names."""
    if shutil.which("npm") is None:
        reason = "no npm found: the committed studio/static is used unchecked"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    copy = tmp_path_factory.mktemp("front") / "assets"
    ignore = shutil.ignore_patterns("node_modules")
    shutil.copytree(STUDIO / "assets", copy, ignore=ignore)
    run(copy, "ci")
    return copy


def run(folder: Path, *arguments: str, **environment: str) -> None:
    done = subprocess.run(
        ["npm", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rebuild_gives_the_same_bytes(installed: Path, tmp_path: Path) -> None:
    run(installed, "run", "build", OUT=str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(BUILT)
    stale = [
        name
        for name in BUILT
        if (tmp_path / name).read_bytes() != (STUDIO / "static" / name).read_bytes()
    ]
    assert stale == [], "studio/static is older than studio/assets: run `make assets`"


def test_the_front_ends_own_tests_pass(installed: Path) -> None:
    run(installed, "test")


def test_the_lock_pins_and_names_no_place() -> None:
    text = (STUDIO / "assets" / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in entry for name, entry in packages.items() if name)
    manifest = json.loads((STUDIO / "assets" / "package.json").read_text())
    versions = [*manifest["dependencies"].values(), *manifest["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert "codemirror" not in manifest["dependencies"]  # that name is version 5


def test_nothing_is_loaded_from_elsewhere() -> None:
    for name in BUILT[1:]:
        text = (STUDIO / "static" / name).read_text()
        hosts = set(re.findall(r"https?://[^\s\"'`)]+", text))
        assert hosts <= {"http://www.w3.org/2000/svg"}, name
        assert not re.search(r"\beval\(|new Function\b", text), name


def test_every_class_that_a_page_uses_has_its_style() -> None:
    sheets = "".join(path.read_text() for path in (STUDIO / "assets").glob("*.css"))
    sheet = re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    pages = [
        *(STUDIO / "templates").glob("*.html"),
        *(STUDIO.parent / "engine" / "papers" / "templates").glob("*.j2"),
    ]
    used = {
        word: page.name
        for page in pages
        for value in re.findall(r'class="([^"]*)"', page.read_text(encoding="utf-8"))
        for word in re.sub(r"\{[{%].*?[%}]\}", " ", value).split()
        if not word.endswith("-")  # the rest of it is filled in
    }
    assert {word: page for word, page in used.items() if word not in styled} == {}
