"""A third-party distribution, installed with pip, and the page that describes the contract."""

import ast
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.cli import tongban
from engine.hooks import (
    Applicant,
    FactAnswer,
    Plugins,
    Question,
    Reply,
    ask_sources,
    check_source,
    collect_sources,
    create_plugin_manager,
    describe_plugins,
    identify,
    specification,
)
from engine.workspace.beginning import begin_workspace

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
QUESTION = Question(
    matter="public_venue_hygiene",
    region="370811",
    on=date(2026, 11, 22),
    applicant=Applicant("示例美发店", "统一社会信用代码", "92370811MA3C00011H"),
    wanted=("参保月数", "business_licence"),
)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample distribution installed in it, and nothing else."""
    folder = tmp_path_factory.mktemp("distribution")
    project = folder / "project"
    shutil.copytree(ROOT / "tests" / "sample_plugin", project)
    target = folder / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "--target", str(target)]
    done = subprocess.run([*command, str(project)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def manager(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Plugins]:
    monkeypatch.syspath_prepend(str(installed))

    def create(**settings: object) -> Plugins:
        return create_plugin_manager(tmp_path, {"pension_register": settings})

    return create


def reply_of(plugins: Plugins) -> Reply:
    (reply,) = ask_sources(collect_sources(plugins), QUESTION)
    return reply


def test_an_installed_distribution_is_discovered(manager: Callable[..., Plugins]) -> None:
    (found,) = [p for p in describe_plugins(manager()) if p.origin == "distribution"]
    assert (found.name, found.version) == ("pension_register", "1.2.0")
    assert found.place == "sample-pension-register (sample_pension_register)"
    assert found.hooks == (
        "calendar_year",
        "check_identifier",
        "register_sources",
        "register_steps",
    )


def test_it_answers_every_hook(manager: Callable[..., Plugins]) -> None:
    plugins = manager()
    assert reply_of(plugins).answers == (FactAnswer("参保月数", 32, "社保系统"),)
    verdict = identify(plugins, "个人编号", "0123456789", QUESTION.on)
    assert verdict is not None
    assert verdict.status == "valid"
    year = plugins.hook.calendar_year(region="370811", year=2027)
    assert year.source == "示例通知"


def test_it_conforms(manager: Callable[..., Plugins]) -> None:
    (source,) = collect_sources(manager())
    assert check_source(source, QUESTION) == []


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("raises", "unreachable"),
        ("hangs", "unreachable"),
        ("nonsense", "nonsense"),
        ("stranger", "nonsense"),
    ],
)
def test_its_misbehaving_twin_leaves_everything_pending(
    mode: str, status: str, manager: Callable[..., Plugins]
) -> None:
    plugins = manager(mode=mode)
    reply = reply_of(plugins)
    assert reply.status == status
    assert reply.answers == ()
    assert "待核" in reply.problem_zh
    assert "secret" not in json.dumps(reply.to_json(), ensure_ascii=False)
    (source,) = collect_sources(plugins)
    assert check_source(source, QUESTION)


def test_it_can_be_left_out(manager: Callable[..., Plugins]) -> None:
    assert "pension_register" not in [p.name for p in describe_plugins(manager(enabled=False))]


def test_a_process_that_only_has_it_on_its_path_finds_it(installed: Path) -> None:
    code = (
        "from engine.hooks import create_plugin_manager, describe_plugins;"
        "print([p.name for p in describe_plugins(create_plugin_manager())])"
    )
    command = [sys.executable, "-c", code]
    path = f"{ROOT}:{installed}"
    done = subprocess.run(
        command, env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(done.stdout)[:5] == [
        "identity",
        "licence_library",
        "credit_register",
        "message_files",
        "pension_register",
    ]


# --- docs/plugins.md --------------------------------------------------------------------------


def signature(function: Callable[..., Any]) -> str:
    """The signature as it is written in the source, on one line."""
    (tree,) = ast.parse(inspect.getsource(function)).body
    assert isinstance(tree, ast.FunctionDef)
    assert tree.returns is not None
    return f"def {tree.name}({ast.unparse(tree.args)}) -> {ast.unparse(tree.returns)}"


def hooks() -> list[str]:
    manager = create_plugin_manager()
    return sorted(name for name, caller in vars(manager.hook).items() if caller.has_spec())


@pytest.mark.parametrize("name", hooks())
def test_every_hook_is_documented_with_its_exact_signature(name: str) -> None:
    section = PAGE.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    assert f"```python\n{signature(getattr(specification, name))}\n```" in section
    opts = getattr(specification, name).tongban_spec
    assert ("*First answer.*" in section) == opts["firstresult"]


def test_the_page_documents_no_hook_that_is_not_there() -> None:
    page = PAGE.partition("\n## The hooks\n")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^### (\w+)$", page, re.MULTILINE)) == hooks()


def example(title: str) -> str:
    match = re.search(rf"<!-- example: {title} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    assert match, title
    return match[1]


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A new workspace with the page's files, saved where the page says."""
    begin_workspace(tmp_path / "city")
    for title, name in [
        ("one file", "plugins/pension.py"),
        ("matter", "rulesets/matters/pension_bonus.yaml"),
        ("application", "application.json"),
        ("conformance", "test_pension.py"),
    ]:
        (tmp_path / "city" / name).write_text(example(title), encoding="utf-8")
    return tmp_path / "city"


def test_the_worked_example_is_asked_and_conforms(city: Path) -> None:
    script = city / "test_pension.py"
    names: dict[str, Any] = {"__file__": str(script), "__name__": "test_pension"}
    exec(compile(script.read_text(encoding="utf-8"), script, "exec"), names)
    names["test_our_register_conforms"]()
    (reply,) = ask_sources([names["our_register"]()], names["QUESTION"])
    assert reply.answers == (FactAnswer("参保月数", 32, "社保系统 2026-11"),)


def test_the_conformance_kit_runs_without_a_test_framework(city: Path) -> None:
    command = [sys.executable, "test_pension.py"]
    told = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=city, env=told, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    plugin = city / "plugins" / "pension.py"
    wrong = plugin.read_text(encoding="utf-8").replace('11H": 32', '11H": 3.2')
    plugin.write_text(wrong, encoding="utf-8")
    done = subprocess.run(command, cwd=city, env=told, capture_output=True, text=True, check=True)
    assert "float" in done.stdout


@pytest.mark.parametrize(
    ("title", "number"), [("answered", "92370811MA3C00011H"), ("unknown", "91370811MA3C00038C")]
)
def test_the_worked_example_decides_as_printed(city: Path, title: str, number: str) -> None:
    """Written anew by TONGBAN_RESET_PLUGINS=1: read what changed."""
    path = city / "application.json"
    text = path.read_text(encoding="utf-8").replace("92370811MA3C00011H", number)
    path.write_text(text, encoding="utf-8")
    arguments = ["decide", "pension_bonus", str(path), "--on", "2026-11-22", "--root", str(city)]
    done = CliRunner().invoke(tongban, arguments)
    said = "\n".join(line.rstrip() for line in done.output.splitlines())
    shown = said.partition("\n\n时限与回执")[0] + "\n"
    if os.environ.get("TONGBAN_RESET_PLUGINS"):
        page = ROOT / "docs" / "plugins.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(example(title), shown), encoding="utf-8")
    assert shown == example(title)
