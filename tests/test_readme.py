"""The two front pages say the same, and what they show is what the program does."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from engine.cli import tongban

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "README.zh-CN.md")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELSEWHERE = {"apt-get", "cd", "git", "mkdir"}  # commands that are not ours


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        lines = [line for line in self.text.splitlines() if line and not line.startswith("#")]
        if self.language == "console":
            return [line[2:] for line in lines if line.startswith("$ ")]
        return lines if self.language == "bash" else []


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[Block]:
    return [Block(*found) for found in FENCE.findall(page(name))]


def commands(name: str) -> list[list[str]]:
    lines = [command for block in blocks(name) for command in block.commands]
    return [shlex.split(line, comments=True) for line in lines]


def prose(name: str) -> str:
    return FENCE.sub("", page(name))


def headings(name: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(name), re.MULTILINE)]


def named(words: list[str]) -> tuple[click.Command, list[str]]:
    """The click command that the words name, and what is left of them."""
    command: click.Command = tongban
    while isinstance(command, click.Group):
        name = next(word for word in words if not word.startswith("-"))
        words = words[words.index(name) + 1 :]
        assert name in command.commands, f"no such command: {name}"
        command = command.commands[name]
    return command, words


@pytest.mark.parametrize("name", PAGES)
def test_every_command_shown_exists(name: str) -> None:
    targets = re.search(r"^\.PHONY: (.*)$", page("Makefile"), re.MULTILINE)
    assert targets
    for words in commands(name):
        program, *rest = (word for word in words if "=" not in word)
        if program == "make":
            assert set(rest) <= set(targets[1].split()), words
        elif Path(program).name == "tongban":
            command, left = named(rest)
            known = {option for parameter in command.params for option in parameter.opts}
            used = {word.partition("=")[0] for word in left if word.startswith("--")}
            assert used <= known | {"--help"}, words
        else:
            assert program in ELSEWHERE, words


@pytest.mark.parametrize("name", PAGES)
def test_every_command_there_is_has_its_line(name: str) -> None:
    listed = set(re.findall(r"^\| `tongban ([a-z]+)", prose(name), re.MULTILINE))
    assert listed == set(tongban.commands)


def test_the_pages_are_equal_in_content() -> None:
    english, chinese = PAGES
    assert headings(english) == headings(chinese)
    assert commands(english) == commands(chinese)
    shown = {
        name: [block.text for block in blocks(name) if block.language in {"console", "yaml"}]
        for name in PAGES
    }
    assert shown[english] == shown[chinese]
    rows = {name: len(re.findall(r"^\|", prose(name), re.MULTILINE)) for name in PAGES}
    assert rows[english] == rows[chinese]


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", prose(name)):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def transcripts() -> list[str]:
    return [block.text for block in blocks(PAGES[0]) if block.language == "console"]


@pytest.mark.parametrize("transcript", transcripts(), ids=lambda text: text.splitlines()[0][2:])
def test_what_is_shown_is_what_is_printed(transcript: str, tmp_path: Path) -> None:
    """Lines of a transcript appear in this order; a line `…` stands for any number of lines."""
    command, *expected = transcript.splitlines()
    printed = iter(output_of(shlex.split(command[2:]), ROOT, tmp_path))
    is_skipping = False
    for line in expected:
        if line.strip() == "…":
            is_skipping = True
            continue
        found = next((got for got in printed if not is_skipping or got == line), None)
        assert found == line
        is_skipping = False


def output_of(words: list[str], folder: Path, home: Path) -> list[str]:
    assert words[0] == "tongban"
    done = subprocess.run(
        [sys.executable, "-m", "engine.cli", *words[1:]],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(home), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in {0, 1}, done.stderr
    return [line.rstrip() for line in done.stdout.splitlines()]


def test_the_matter_defined_on_the_page_works(tmp_path: Path) -> None:
    files = {
        block.text.splitlines()[0].removeprefix("# "): block.text
        for block in blocks(PAGES[0])
        if block.text.startswith(("# rulesets/", "# form_defs/", "# features/"))
    }
    assert files
    workspace = tmp_path / "county"
    output_of(["tongban", "init", str(workspace)], tmp_path, tmp_path)
    for name, text in files.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text, encoding="utf-8")
    printed = output_of(["tongban", "check"], workspace, tmp_path)
    assert not [line for line in printed if ": error[" in line or ": warning[" in line], printed
    report = output_of(["tongban", "test"], workspace, tmp_path)
    assert not [line for line in report if "✗" in line], report
