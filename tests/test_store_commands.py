"""`tongban db`: what an operator types, on a database of a real workspace."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from databases import PostgresServer
from engine.casework import Effect, Timer
from engine.cli import tongban
from engine.store import (
    Database,
    DatabaseError,
    DatabaseNotCurrent,
    claim_effects,
    claim_timers,
    locate_database,
    mark_failed,
    put_effects,
    set_timers,
)
from engine.store.revisions import HEAD
from stored_cases import AT, begin, happening, move


def run(*arguments: str, cwd: Path, status: int = 0) -> str:
    """What the command prints, run in this process: a new one would load the engine each time."""
    with contextlib.chdir(cwd):
        done = CliRunner(env={"TONGBAN_DATABASE": None}).invoke(tongban, ["db", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == status, done.output
    return done.output


def read(*arguments: str, cwd: Path, status: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", cwd=cwd, status=status))


def test_a_database_lives_from_its_making_to_its_restoring(tmp_path: Path) -> None:
    assert "tongban db upgrade" in run("current", cwd=tmp_path, status=2)
    assert not (tmp_path / "var").exists()
    assert f"空 → {HEAD}（最新）" in run("upgrade", cwd=tmp_path)
    assert read("current", cwd=tmp_path)["revision"] == HEAD
    database = Database.open(locate_database(tmp_path, environment={}))
    move(database, begin(database), happening(1))
    assert "1 件，2 个事件，全部完好" in run("verify", cwd=tmp_path)
    assert "已备份到 b.zip：1 件，2 个事件" in run("backup", "b.zip", cwd=tmp_path)
    assert "全部完好" in run("verify", "--against", "b.zip", cwd=tmp_path)
    told = read("restore", "b.zip", "--url", "sqlite:///new/t.db", cwd=tmp_path)
    assert told["heads"] == read("verify", cwd=tmp_path)["heads"]
    with database.write() as connection:
        connection.execute(text("UPDATE \"case\" SET state = 'x'"))
        connection.execute(text("DROP TRIGGER event_stays_update"))
    assert read("verify", cwd=tmp_path, status=1)["flaws"][0]["subject"] == "3708112026112300001"
    assert read("rebuild", cwd=tmp_path) == {"cases": 1}
    assert read("verify", cwd=tmp_path)["flaws"] == []
    with database.write() as connection:
        connection.execute(text("UPDATE event SET content = '{}' WHERE number = 2"))
    assert "3708112026112300001 第 2 个事件" in run("verify", cwd=tmp_path, status=1)
    database.close()


def test_going_back_is_told_and_everything_else_refused_until_upgraded(tmp_path: Path) -> None:
    run("upgrade", cwd=tmp_path)
    assert f"{HEAD} → 0001" in run("downgrade", "0001", cwd=tmp_path)
    assert read("current", cwd=tmp_path, status=1)["head"] == HEAD
    assert "tongban db upgrade" in run("verify", cwd=tmp_path, status=1)
    assert "0001 至" in run("downgrade", "what", cwd=tmp_path, status=1)


def test_what_was_given_up_is_listed_and_tried_again(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/t.db")
    database.create()
    begin(database)
    with database.write() as connection:
        put_effects(connection, "case0001", [Effect("notify", "k")])
        set_timers(connection, "case0001", [Timer("t", "remind", AT)])
    (claimed,) = claim_effects(database, AT, "w")
    with database.write() as connection:
        mark_failed(connection, claimed, "没有应答", AT, is_final=True)
        connection.execute(text("UPDATE timer SET attempts = 99"))
    where = ("--url", f"sqlite:///{tmp_path}/t.db")
    effect, timer = read("stuck", *where, cwd=tmp_path, status=1)["stuck"]
    assert (effect["key"], effect["error"]) == ("k", "没有应答")
    for one in (effect, timer):
        assert "将重试" in run("retry", one["key"], *where, cwd=tmp_path)
    assert len(claim_timers(database, AT, "w")) == len(claim_effects(database, AT, "w")) == 1
    assert read("stuck", *where, cwd=tmp_path)["stuck"] == []
    assert "没有等待重试" in run("retry", "timer:x:y:z", *where, cwd=tmp_path, status=2)
    database.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "数据库地址应写成"),
        ("mysql://x/y", "不支持的数据库"),
        ("postgresql://u:secret@127.0.0.1:1/x", "打不开数据库"),
        ("sqlite:////proc/none/t.db", "不能新建文件夹"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_without_its_password(
    url: str, words: str, tmp_path: Path
) -> None:
    said = run("upgrade", "--url", url, cwd=tmp_path, status=1)
    assert words in said
    assert "secret" not in said


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_bytes(b"not a database, not at all" * 100)
    assert "打不开数据库" in run("current", "--url", "sqlite:///t.db", cwd=tmp_path, status=1)


def test_a_file_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    Database.open(f"sqlite:///{tmp_path}/t.db").create()
    frozen = Database.open(f"sqlite:///file:{tmp_path}/t.db?mode=ro&uri=true")
    frozen.require_current()
    with pytest.raises(DatabaseError, match="出了问题"):
        begin(frozen)
    frozen.close()


def test_a_server_that_goes_away_is_told(postgres: PostgresServer, template: str) -> None:
    url = postgres.new(template)
    database = Database.open(url)

    def lose() -> None:
        with database.write() as connection:
            postgres.drop(url)
            connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseError, match="出了问题"):
        lose()
    with pytest.raises(DatabaseError, match="打不开"), database.read():
        pass
    database.close()


def test_where_the_database_is() -> None:
    root = Path("/r")
    assert locate_database(root, "sqlite:///x", {"TONGBAN_DATABASE": "y"}) == "sqlite:///x"
    assert locate_database(root, None, {"TONGBAN_DATABASE": "y"}) == "y"
    assert locate_database(root, "", {}) == "sqlite:////r/var/tongban.db"


def test_a_database_of_another_shape_is_refused_by_name(empty_url: str) -> None:
    database = Database.open(empty_url)
    with pytest.raises(DatabaseNotCurrent):
        database.require_current()
    database.close()


def test_a_locked_file_is_told_as_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.store.database._WAIT_FOR_LOCK", 0.1)
    first, second = (Database.open(f"sqlite:///{tmp_path}/t.db") for _ in range(2))
    with first.write(), pytest.raises(DatabaseError, match="正忙"):
        second.create()
    first.close()
    second.close()
