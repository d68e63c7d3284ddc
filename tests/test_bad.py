"""Every diagnostic code on a broken definition that shows it; what is expected is written at its end.

A file of tests/bad/ joins tests/bad/_workspace/ in place of the good definition with the same kind
and id; a folder is a workspace of its own; a .json is an application; a .csv takes the place of a
table's sheet, and what is expected stands in the .txt of its name. Lines that begin with `#> `
are what `tongban check` says of the file. TONGBAN_RESET_BAD=1 rewrites them: read what changed.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine import (
    ApplicationError,
    Diagnostic,
    Workspace,
    check_workspace,
    parse_application,
    render_all,
)
from engine.diagnostics import CATALOGUE
from engine.diagnostics.proof_codes import PROOF_CODES
from engine.diagnostics.review_proof_codes import REVIEW_PROOF_CODES
from engine.proof import prove_matter

BAD = Path(__file__).parent / "bad"
GOOD = BAD / "_workspace"
FILES = sorted(path for path in BAD.glob("*.yaml"))
FOLDERS = sorted(path for path in BAD.iterdir() if path.is_dir() and path != GOOD)
SHEETS = sorted(BAD.glob("*.csv"))
APPLICATIONS = sorted(BAD.glob("*.json"))
# Files too large to ship: written by the tests below. Features have their own test.
GENERATED = {
    "yaml-too-large": "codes: kinds\n# " + "长" * 4_000_000,
    "yaml-too-many-values": "codes: kinds\nvalues:\n" + "- {code: 甲}\n" * 70_000,
}
IS_RESET = bool(os.environ.get("TONGBAN_RESET_BAD"))


def cases(paths: Iterable[Path]) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in paths]


def said(diagnostics: Iterable[Diagnostic]) -> bytes:
    lines = render_all(diagnostics).split("\n")
    return "".join(f"#> {line}".rstrip() + "\n" for line in lines).encode()


def compare(path: Path, found: list[Diagnostic]) -> None:
    """What is said of the file is what is written at its end."""
    content = path.read_bytes()
    body = re.split(rb"\n*^#> ", content, maxsplit=1, flags=re.MULTILINE)[0].rstrip(b"\n")
    expected = body + b"\n\n" + said(found)
    if IS_RESET:
        path.write_bytes(expected)
    else:
        assert content.decode(errors="replace") == expected.decode(errors="replace")


def first_line(path: Path) -> bytes:
    """The kind and the id that a file defines."""
    lines = [line for line in path.read_bytes().splitlines() if not line.startswith(b"#")]
    return lines[0] if lines else b""


def join(path: Path, root: Path) -> str:
    """Copies the good workspace with `path` in it; the name that the file goes by there."""
    shutil.copytree(GOOD, root)
    for good in [*root.rglob("*.yaml")]:
        if first_line(good) == first_line(path):
            good.unlink()
    # A remark that the good workspace turns off is made of the file that shows it.
    settings = root / "tongban.yaml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text(
        "".join(line for line in lines if not line.startswith(f"  {path.stem}:")), encoding="utf-8"
    )
    folder = "form_defs" if first_line(path).startswith(b"form") else "rulesets"
    shutil.copy(path, root / folder / path.name)
    return f"{folder}/{path.name}"


def check(root: Path, file: str) -> list[Diagnostic]:
    """What `tongban check` says of the file, or `tongban prove` where the code is a proof's."""
    workspace = Workspace.load(root)
    found = [d for d in check_workspace(workspace) if d.place.file == file]
    if Path(file).stem not in PROOF_CODES | REVIEW_PROOF_CODES:
        return found
    table = "minimum" if Path(file).stem in PROOF_CODES else None
    proof = prove_matter(workspace, "sample", date(2026, 11, 22), table=table, timeout=60)
    return sorted([*found, *(f.diagnostic for f in proof.findings)], key=lambda d: d.place)


def test_the_workspace_that_they_join_is_good() -> None:
    assert render_all(check_workspace(Workspace.load(GOOD))) == "没有发现问题。"


@pytest.mark.parametrize("path", cases(FILES))
def test_a_broken_file_says_what_is_written_at_its_end(path: Path, tmp_path: Path) -> None:
    file = join(path, tmp_path / "w")
    found = check(tmp_path / "w", file)
    compare(path, found)
    assert path.stem == "ten_mistakes" or path.stem in [d.code for d in found]


@pytest.mark.parametrize("folder", cases(FOLDERS))
def test_a_broken_folder_says_what_is_written_at_the_ends_of_its_files(folder: Path) -> None:
    found = check_workspace(Workspace.load(folder))
    for path in [*folder.rglob("*.yaml"), *folder.rglob("*.py")]:
        name = path.relative_to(folder).as_posix()
        if mine := [d for d in found if d.place.file == name]:
            compare(path, mine)
    assert folder.name in [d.code for d in found]
    assert {d.place.file for d in found} <= {
        p.relative_to(folder).as_posix() for p in folder.rglob("*")
    }


@pytest.mark.parametrize("path", cases(SHEETS))
def test_a_broken_sheet_says_what_is_expected(path: Path, tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path / "w")
    sheet = "rulesets/tables/rates.csv"
    shutil.copy(path, tmp_path / "w" / sheet)
    found = check(tmp_path / "w", sheet)
    expected = path.with_suffix(".txt")
    if IS_RESET:
        expected.write_bytes(said(found))
    assert expected.read_bytes() == said(found)
    assert path.stem in [d.code for d in found]


@pytest.mark.parametrize("path", cases(APPLICATIONS))
def test_a_broken_application_says_what_is_expected(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    with pytest.raises(ApplicationError) as raised:
        parse_application(
            Workspace.load(GOOD), data["matter"], data["application"], date(2026, 11, 22)
        )
    found = raised.value.diagnostics
    expected = render_all(found).split("\n")
    if IS_RESET:
        data["expected"] = expected
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert data["expected"] == expected
    assert path.stem in [d.code for d in found]


@pytest.mark.parametrize("code", sorted(GENERATED))
def test_a_file_beyond_the_limits_is_refused(code: str, tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path / "w")
    path = tmp_path / "w" / "rulesets" / "large.yaml"
    path.write_text(GENERATED[code], encoding="utf-8")
    assert [d.code for d in check(tmp_path / "w", "rulesets/large.yaml")] == [code]


def test_every_code_has_its_broken_definition() -> None:
    shown = {path.stem for path in (*FILES, *APPLICATIONS, *SHEETS)} - {"ten_mistakes"}
    shown |= {path.name for path in FOLDERS} | set(GENERATED)
    shown |= {path.stem for kind in ("feature", "dmn") for path in BAD.glob(f"*.{kind}")}
    assert shown == set(CATALOGUE)


def test_a_file_with_ten_mistakes_reports_ten_errors(tmp_path: Path) -> None:
    file = join(BAD / "ten_mistakes.yaml", tmp_path / "w")
    errors = [d for d in check(tmp_path / "w", file) if d.is_error]
    assert len(errors) == len({d.place for d in errors}) == 10
