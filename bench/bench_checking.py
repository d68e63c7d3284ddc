"""`tongban check` over a generated district of 3,000 matters: cold, unchanged, and after one edit.

Bar: under 10 s cold on two cores, under 1 s after one edit. Beside it, in the same run, what
PyYAML's C loader alone takes to load the same texts in one process, without any check.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import yaml
from district import write_district

MATTERS, EDITS = 3000, 5


def seconds(folder: Path, cache: Path, *options: str) -> float:
    """One run of the command, from the shell's point of view."""
    command = [sys.executable, "-m", "engine.cli", "check", str(folder), *options]
    start = perf_counter()
    done = subprocess.run(
        command, env={**os.environ, "TONGBAN_CACHE": str(cache)}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return perf_counter() - start


def load_all(folder: Path) -> float:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    start = perf_counter()
    for path in sorted(folder.rglob("*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return perf_counter() - start


def main() -> None:
    with TemporaryDirectory() as base:
        folder, cache = Path(base, "district"), Path(base, "cache")
        write_district(folder, MATTERS)
        lines = sum(len(p.read_text("utf-8").splitlines()) for p in folder.rglob("*.yaml"))
        print(f"{MATTERS} matters and as many forms, {lines} lines, {os.cpu_count()} processors")
        loaded = load_all(folder)
        print(f"  PyYAML's C loader alone, one process     {loaded:6.2f} s")
        cold = seconds(folder, cache, "--fresh")
        print(f"  check, cold                 {cold:6.2f} s  {cold / loaded:5.2f} of it   bar 10 s")
        same = seconds(folder, cache)
        print(f"  check, nothing changed      {same:6.2f} s  {same / loaded:5.2f} of it")
        edited = folder / "rulesets" / "matters" / f"matter_{MATTERS // 2:04}.yaml"
        times = []
        for n in range(EDITS):
            edited.write_text(edited.read_text("utf-8") + f"# 第 {n} 次修改\n", encoding="utf-8")
            times.append(seconds(folder, cache))
        best, worst = min(times), max(times)
        print(f"  check after one edit        {best:6.2f} to {worst:.2f} s  of {EDITS}   bar 1 s")


if __name__ == "__main__":
    main()
