"""The wheel, built through the sdist and used where the repository is not."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTENT = ("rulesets", "form_defs", "features")
NOT_SHIPPED = (ROOT / "studio" / "assets", ROOT / "plugins" / "data")
ASSETS = ("LICENSES.txt", "app.css", "app.js", "apply.js", "editor.js")


def run(*command: str | Path, cwd: Path) -> str:
    """Runs with only the folder itself, if it is the repository, on the path; gives what is said."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = clean if cwd == ROOT else clean | {"PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made from the sdist, as an index would have it: a wheel from the tree can hide a gap."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """A fresh environment with the wheel, and a workspace folder of another place."""

    python: Path
    tongban: Path
    workspace: Path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The dependencies are lent by this environment: a path line brings in no editable install."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    site = Path(run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=folder))
    site = Path(str(site).strip())
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel, cwd=folder)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    workspace = folder / "workspace"
    for name in CONTENT:
        shutil.copytree(ROOT / name, workspace / name)
    shutil.copytree(ROOT / "plugins" / "data", workspace / "plugins" / "data")
    return Installed(python, python.with_name("tongban"), workspace)


def test_the_wheel_holds_the_three_packages_and_what_they_read(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"engine", "plugins", "studio"}
    sources = {
        str(path.relative_to(ROOT))
        for top in tops
        for path in (ROOT / top).rglob("*")
        if path.is_file() and not any(map(path.is_relative_to, NOT_SHIPPED))
        if "__pycache__" not in path.parts
    }
    assert sources - names == set()
    assert {f"studio/static/{name}" for name in ASSETS} <= names
    assert [name for name in names if "node_modules" in name or "/assets/" in name] == []


def test_the_names_belong_to_this_distribution_alone(installed: Installed) -> None:
    code = (
        "import json, importlib.metadata as m; names = m.packages_distributions(); "
        "print(json.dumps({n: sorted(set(names[n])) for n in ('engine', 'plugins', 'studio')}))"
    )
    owners = json.loads(run(installed.python, "-c", code, cwd=installed.workspace))
    assert owners == {name: ["tongban"] for name in ("engine", "plugins", "studio")}


def test_it_is_the_installed_engine_that_runs(installed: Installed) -> None:
    code = "import engine, plugins, studio; print(engine.__file__, plugins.__file__)"
    where = run(installed.python, "-c", code, cwd=installed.workspace)
    assert str(ROOT) not in where
    assert "site-packages" in where


def test_the_command_helps_checks_and_decides(installed: Installed) -> None:
    tongban, workspace = installed.tongban, installed.workspace
    assert "decide" in run(tongban, "--help", cwd=workspace)
    run(tongban, "check", ".", cwd=workspace)
    sample = Path("rulesets/samples/public_venue_hygiene/approved.json")
    decide = (tongban, "decide", "public_venue_hygiene", sample, "--on", "2026-11-22", "--json")
    decision = json.loads(run(*decide, cwd=workspace))
    assert decision["outcome"] == "准予"
    assert {criterion["status"] for criterion in decision["criteria"]} <= {"满足", "不适用"}
    here = run(sys.executable, "-c", "from engine.cli import main; main()", *decide[1:], cwd=ROOT)
    del decision["receipt"]  # names the version, which only an installed engine knows
    told = {name: json.loads(here)[name] for name in decision}
    assert told == decision, "the place it is installed in changed the decision"


def test_the_features_pass_there_too(installed: Installed) -> None:
    run(installed.tongban, "test", cwd=installed.workspace)


def test_the_studio_serves_its_own_files(installed: Installed) -> None:
    code = (
        "from pathlib import Path; from studio import create_app; "
        "client = create_app(Path.cwd()).test_client(); "
        "print(client.get('/').status_code, client.get('/static/editor.js').status_code)"
    )
    assert run(installed.python, "-c", code, cwd=installed.workspace).split() == ["200", "200"]
