"""The command line as a newcomer and a script use it: exit status, one JSON document, clear words."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import small_workspace
from engine import Workspace
from shipped import MATTERS, ROOT

SAMPLE = "rulesets/samples/public_venue_hygiene/approved.json"


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "engine.cli", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def read(*arguments: str, cwd: Path = ROOT) -> Any:
    return json.loads(run(*arguments, cwd=cwd).stdout)


def test_check_is_quiet_and_zero_on_what_ships() -> None:
    done = run("check")
    assert done.returncode == 0
    assert "没有发现问题" in done.stdout
    assert all(d["severity"] == "info" for d in read("check", "--json")["diagnostics"])


@pytest.mark.parametrize("matter", MATTERS)
def test_decide_prints_every_criterion_with_its_basis(matter: str) -> None:
    sample = f"rulesets/samples/{matter}/approved.json"
    text = run("decide", matter, sample).stdout
    plain = read("decide", matter, sample, "--json")
    assert plain["outcome"] == "准予"
    for criterion in plain["criteria"]:
        assert criterion["point"] in text
        for basis in criterion["basis"]:
            assert basis in text
    letter = run("explain", matter, sample).stdout
    assert f"决定：{plain['outcome_title']}。" in letter
    assert letter.splitlines()[2] == f"{plain['applicant']['name']}："


def test_a_receipt_is_written_and_replayed(tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    decided = run("decide", "public_venue_hygiene", SAMPLE, "--receipt", str(receipt))
    assert decided.returncode == 0
    again = run("replay", str(receipt))
    assert again.returncode == 0
    assert "逐字节相同" in again.stdout
    data = json.loads(receipt.read_text(encoding="utf-8"))
    data["receipt"]["application"]["facts"]["营业面积"] = "3"
    receipt.write_text(json.dumps(data), encoding="utf-8")
    tampered = run("replay", str(receipt))
    assert tampered.returncode == 1
    assert "被改动过" in tampered.stdout


def test_a_broken_definition_is_one_and_names_its_place(tmp_path: Path) -> None:
    text = small_workspace.matter(("require: 面积 >= 最低面积", "require: 面级 >= 最低面积"))
    small_workspace.make(tmp_path, {"rulesets/matters/sample.yaml": text})
    done = run("check", str(tmp_path))
    assert done.returncode == 1
    assert "rulesets/matters/sample.yaml:" in done.stdout
    assert "error[unknown-fact]" in done.stdout
    assert "是否想写“面积”？" in done.stdout
    one = run("check", str(tmp_path / "rulesets/matters/sample.yaml"))
    assert one.returncode == 1
    assert run("check", str(tmp_path / "form_defs")).returncode == 0
    english = run("check", str(tmp_path), "--lang", "en").stdout
    assert "is not declared as a fact" in english


BAD_FILES: dict[str, str | bytes] = {
    "not json": "{",
    "a list": "[]",
    "text": '"x"',
    "nan": '{"facts": {"营业面积": NaN}}',
    "doubled": '{"facts": {}, "facts": {}}',
    "deep": "[" * 100_000,
    "gbk": "场所".encode("gbk"),
    "float": '{"facts": {"营业面积": 1e400}}',
    "exponent": '{"facts": {"营业面积": 1e9999999999999999999}}',
    "long": '{"facts": {"营业面积": ' + "9" * 5000 + "}}",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_facts_file_of_the_wrong_kind_is_refused_with_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    content = BAD_FILES[name]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run("decide", "public_venue_hygiene", str(path), "--on", "2026-11-22")
    assert done.returncode in (1, 2)
    assert done.stderr.strip()


def test_a_day_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"date": 20261122, "facts": {}}', encoding="utf-8")
    done = run("decide", "public_venue_hygiene", str(path))
    assert done.returncode == 2
    assert "20261122" in done.stderr


def test_a_facts_file_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"facts": {}, "note": "' + "字" * 2_000_000 + '"}', encoding="utf-8")
    done = run("decide", "public_venue_hygiene", str(path))
    assert done.returncode == 2
    assert "MB" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("decide", "public_venue_hygeine", SAMPLE), "public_venue_hygiene"),
        (("decide", "public_venue_hygiene", "nowhere.json"), "nowhere.json"),
        (("decide", "public_venue_hygiene", SAMPLE, "--on", "2026-13-01"), "2026-13-01"),
        (("clock", "--from", "2026-02-30", "--working-days", "5"), "2026-02-30"),
        (("clock", "--from", "2026-02-03"), "--within"),
        (("clock", "--from", "2026-02-03", "--within", "一会儿"), "一会儿"),
        (("replay", SAMPLE), "回执"),
        (("check", "/nowhere"), "nowhere"),
        (("feel", "1 + 1", "--context", "["), "JSON"),
        (("feel", "1 + 1", "--context", "[" * 3000), "嵌套过深"),
        (("decide", "public_venue_hygiene", SAMPLE, "--receipt", "/nowhere/x.json"), "回执"),
        (("init", "/proc/tongban"), "/proc/tongban"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_usage_is_two_and_says_what_was_expected(
    arguments: tuple[str, ...], word: str
) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert word in done.stderr


@pytest.mark.parametrize(
    ("start", "days", "extra", "due"),
    [
        ("2026-09-18", "5", (), "2026-09-24"),  # policy case 35
        ("2026-02-13", "5", (), "2026-02-27"),  # 37
        ("2025-12-31", "3", (), "2026-01-06"),  # 38
        ("2026-09-14", "20", ("--suspend", "2026-09-21..2026-10-09"), "2026-10-29"),  # 34
    ],
)
def test_clock_counts_as_the_policy_cases_say(
    start: str, days: str, extra: tuple[str, ...], due: str
) -> None:
    plain = read("clock", "--from", start, "--working-days", days, *extra, "--json")
    assert plain["due"] == due
    assert plain["is_provisional"] is False
    assert len(plain["counted"]) == int(days)


def test_clock_says_provisional_where_no_calendar_is_published() -> None:
    done = run("clock", "--from", "2027-01-04", "--working-days", "5")
    assert "暂定" in done.stdout


def test_feel_evaluates_and_points_at_mistakes() -> None:
    assert run("feel", "0.1 + 0.2 = 0.3").stdout.strip() == "true"
    assert run("feel", "年龄 >= 18", "--context", '{"年龄": 17.5}').stdout.strip() == "false"
    assert "Traceback" not in run("feel", "10**6000").stderr
    bad = run("feel", "年龄 >= ")
    assert bad.returncode == 1
    assert "^" in bad.stderr


def test_init_makes_a_workspace_that_checks_decides_and_tests(tmp_path: Path) -> None:
    target = tmp_path / "ours"
    assert run("init", str(target)).returncode == 0
    assert run("check", str(target)).returncode == 0
    tested = run("test", "--root", str(target))
    assert tested.returncode == 0, tested.stdout
    again = run("init", str(target))
    assert again.returncode == 2
    assert "不是空文件夹" in again.stderr


# --- one JSON document each ------------------------------------------------------------------

COMMANDS: dict[str, tuple[str, ...]] = {
    "check": (),
    "decide": ("public_venue_hygiene", SAMPLE),
    "explain": ("public_venue_hygiene", SAMPLE),
    "replay": ("receipt.json",),
    "read": ("public_venue_hygiene", "--on", "2026-11-22"),
    "test": (str(ROOT / "features" / "public_venue_hygiene.feature"), "--coverage"),
    "diff": ("public_venue_hygiene@2024-06-01", "public_venue_hygiene@2026-11-22"),
    "prove": ("public_venue_hygiene", "--table", "minimum_area"),
    "simulate": (
        "public_venue_hygiene",
        str(ROOT / "tests" / "past_applications.csv"),
        "--against",
        "public_venue_hygiene_2019",
        "--on",
        "2026-11-22",
    ),
    "lints": ("discretion-word",),
    "ledger": ("hr_service_licence", "--on", "2026-11-22"),
    "impact": ("旅行社条例", "--article", "第十条"),
    "clock": ("--from", "2026-09-18", "--working-days", "5"),
    "feel": ("1 + 1",),
    "plugins": (),
    "init": ("ours",),
    "table": ("export", "public_venue_hygiene", "minimum_area", "table.csv"),
    "seal": ("demo", "某局", "ours", "--password", "secret"),
    "dmn": ("export", "old_age_allowance", "--on", "2026-11-22"),
    "db": ("upgrade", "--database", "sqlite:///:memory:"),
    "theme": ("open_restaurant", "--on", "2026-11-22"),
    "exchange": ("ours", "--database", "cases.db"),
    "work": ("--once", "--database", "cases.db"),
}


def documented(heading: str) -> dict[str, list[str]]:
    """The keys that docs/json.md names for each row of the first table under a heading."""
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1]
    rows = re.findall(r"^\| (?!---)(.*?) \| (.*) \|$", text.split("\n## ")[0], re.MULTILINE)
    return {name.replace("`", ""): re.findall(r"`([a-z_]+)`", keys) for name, keys in rows[1:]}


def test_every_command_but_serve_has_its_document() -> None:
    from engine.cli import tongban

    assert set(documented("The documents")) == set(COMMANDS) == set(tongban.commands) - {"serve"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_prints_one_document_with_the_keys_documented(
    command: str, tmp_path: Path
) -> None:
    arguments = [
        str(tmp_path / a) if a in ("receipt.json", "ours", "table.csv") else a
        for a in COMMANDS[command]
    ]
    if "cases.db" in arguments:
        database = f"sqlite:///{tmp_path}/cases.db"
        arguments = [database if a == "cases.db" else a for a in arguments]
        assert run("db", "upgrade", "--database", database).returncode == 0
    if command == "replay":
        run("decide", "public_venue_hygiene", SAMPLE, "--receipt", arguments[0])
    done = run(command, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)) == documented("The documents")[command]


@pytest.mark.parametrize(
    ("command", "row", "status"),
    [
        (("explain", "public_venue_hygeine", SAMPLE), "any command", 2),
        (("decide", "public_venue_hygiene", "wrong.json"), "any command", 1),
        (("feel", "年龄 >= "), "feel, at a mistake in the expression", 1),
    ],
)
def test_a_command_that_stops_says_so_in_one_document(
    command: tuple[str, ...], row: str, status: int, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"facts": {"营业面级": 1}}', encoding="utf-8")
    arguments = [str(wrong) if a == "wrong.json" else a for a in command]
    done = run(*arguments, "--json")
    assert done.returncode == status
    assert not done.stderr
    plain = json.loads(done.stdout)
    assert list(plain) == documented("When a command stops")[row]
    if command[0] == "decide":
        assert "营业面积" in plain["diagnostics"][0]["help_zh"]


def test_a_letter_in_json_says_what_the_letter_says() -> None:
    for language in ("zh", "en"):
        arguments = ("explain", "public_venue_hygiene", SAMPLE, "--lang", language)
        letter = read(*arguments, "--json")["letter"]
        text = run(*arguments).stdout
        said = [letter["title"], letter["salutation"], *letter["opening"], *letter["signature"]]
        for part in letter["parts"]:
            said += [part["heading"], *part["paragraphs"]]
            for item in part["items"]:
                said += [item["text"], *(words for detail in item["details"] for words in detail)]
        assert [words for words in said if words not in text] == []
        assert letter["language"] == language


def test_numbers_are_whole_or_text() -> None:
    """A binary fraction would be another figure than the one the law states."""
    assert read("feel", "10.50", "--json")["value"] == "10.5"
    assert read("feel", "[10.0, 1e3, -0.25]", "--json")["value"] == [10, 1000, "-0.25"]
    facts = {read["name"]: read["value"] for read in read_facts()}
    assert facts["营业面积"] == "42.5"
    assert facts["卫生管理人员数"] == 1


def read_facts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("decide", "public_venue_hygiene", SAMPLE, "--json")["facts"]
    return found


def test_plugins_are_listed_with_their_hooks() -> None:
    plain = read("plugins", "--json")
    by_name = {plugin["name"]: plugin["hooks"] for plugin in plain["plugins"]}
    assert by_name["identity"] == ["check_identifier"]
    assert plain["remarks"] == []


def test_a_workspace_elsewhere_decides_the_same(tmp_path: Path) -> None:
    for folder in ("rulesets", "form_defs", "features"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copytree(ROOT / "plugins" / "data", tmp_path / "plugins" / "data")
    if (ROOT / "tongban.yaml").exists():
        shutil.copy(ROOT / "tongban.yaml", tmp_path)
    here = read("decide", "public_venue_hygiene", SAMPLE, "--json")
    there = read("decide", "public_venue_hygiene", SAMPLE, "--json", cwd=tmp_path)
    assert here == there
    assert Workspace.load(tmp_path).files.keys() == Workspace.load(ROOT).files.keys()
