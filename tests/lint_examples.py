"""The examples of the manual's lint pages as workspaces: what a page shows, and a matter around it."""

import shutil
from pathlib import Path

import yaml

from engine.diagnostics import LINTS

BAD = Path(__file__).parent / "bad"
GOOD = BAD / "_workspace"
KINDS = ("matter", "form", "licence", "law", "material")
BASE = """\
matter: sample
title: 示例许可
type: 行政许可
level: 县级
organ: 示例局
basis: {law: 示例法, article: 第一条, verified: true}
"""


def texts(example: str) -> dict[str, str]:
    """The files of an example by path. Keys that begin no definition belong to the sample matter."""
    files: dict[str, str] = {}
    for piece in example.split("\n---\n"):
        first = piece.split(":")[0]
        if first not in KINDS:
            files["rulesets/sample.yaml"] = matter_with(piece)
        else:
            folder = "form_defs" if first == "form" else "rulesets"
            files[f"{folder}/{piece.splitlines()[0].split(': ')[1]}.yaml"] = piece + "\n"
    return files


def matter_with(keys: str) -> str:
    """The sample matter's text with top-level keys replaced or added."""
    replaced = set(yaml.safe_load(keys))
    kept = [line for line in BASE.splitlines() if line.split(":")[0] not in replaced]
    return "\n".join([*kept, *keys.splitlines()]) + "\n"


def write(root: Path, code: str, example: str) -> None:
    """The shared definitions, the example in place of the sample, every other lint turned off."""
    shutil.copytree(GOOD, root, ignore=shutil.ignore_patterns("matters", "form_defs"))
    for region in (root / "rulesets" / "regions").iterdir():
        region.unlink()
    off = "".join(
        f"  {name}: off\n" for name, lint in LINTS.items() if lint.is_adjustable and name != code
    )
    (root / "tongban.yaml").write_text("severities:\n" + off, encoding="utf-8")
    for name, text in texts(example).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
