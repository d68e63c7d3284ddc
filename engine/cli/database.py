"""The database: `tongban db upgrade`, `downgrade`, `current`, `verify`, `rebuild`, `backup`,
`restore`, `stuck`, `retry`."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.options import json_option, print_json, root_option

if TYPE_CHECKING:
    from engine.store import Database

_FILE = click.Path(dir_okay=False, path_type=Path)
_Command = Callable[..., None]


def database_options(command: _Command) -> _Command:
    """What every command of the database takes: where it is, and whether JSON is wanted."""
    named = click.option(
        "--database",
        "--url",
        "url",
        default=None,
        help="sqlite:///文件 或 postgresql://…（默认 $TONGBAN_DATABASE，其次 var/tongban.db）"
        " / the database (default: $TONGBAN_DATABASE, else var/tongban.db)",
    )
    return named(root_option(json_option(command)))


@click.group("db")
def database_commands() -> None:
    """办件数据库：升级、校验、备份、恢复 / the database of cases."""


@database_commands.command()
@database_options
def upgrade(url: str | None, root: Path, as_json: bool) -> None:
    """建表，或把旧版数据库升级到本版 / make the tables, or bring old ones up to now."""
    database = _open(url, root)
    before = _revision(database)
    database.create()
    _tell(database, as_json, before=before)


@database_commands.command()
@click.argument("revision")
@database_options
def downgrade(revision: str, url: str | None, root: Path, as_json: bool) -> None:
    """退回旧版结构（先备份）/ go back to an older revision; make a backup first."""
    from engine.store.revisions import downgrade_connection

    database = _open(url, root, must_exist=True)
    before = _revision(database)
    with database.write() as connection:
        downgrade_connection(connection, revision)
    _tell(database, as_json, before=before)


@database_commands.command()
@database_options
def current(url: str | None, root: Path, as_json: bool) -> None:
    """数据库在哪里、是哪一版结构 / where the database is, and its revision."""
    from engine.store.revisions import HEAD

    database = _open(url, root, must_exist=True)
    _tell(database, as_json)
    click.get_current_context().exit(0 if _revision(database) == HEAD else 1)


@database_commands.command()
@click.option(
    "--against",
    type=_FILE,
    help="并与较早的备份对照，查历史是否被改写 / and whether history still goes through a backup's",
)
@database_options
def verify(against: Path | None, url: str | None, root: Path, as_json: bool) -> None:
    """校验全部事件链、附件和定义 / verify every chain, file and definition."""
    from engine.store.restoring import read_heads
    from engine.store.verifying import count_kept, verify_all, verify_heads

    noted = read_heads(against) if against else ()
    database = open_current(url, root)
    with database.read() as connection:
        flaws = [*verify_all(connection), *verify_heads(connection, noted)]
        cases, events, heads = count_kept(connection)
    if as_json:
        found = [{"subject": f.subject, "event": f.event, "zh": f.zh, "en": f.en} for f in flaws]
        print_json({"cases": cases, "events": events, "heads": heads, "flaws": found})
    else:
        for flaw in flaws:
            place = f"{flaw.subject} 第 {flaw.event} 个事件" if flaw.event else flaw.subject
            click.echo(f"{place}：{flaw.zh} / {flaw.en}")
        verdict = f"发现 {len(flaws)} 处问题" if flaws else "全部完好"
        click.echo(f"{cases} 件，{events} 个事件，{verdict}。链尾摘要 {heads}")
    click.get_current_context().exit(1 if flaws else 0)


@database_commands.command()
@database_options
def rebuild(url: str | None, root: Path, as_json: bool) -> None:
    """由事件重建检索列 / make the searched columns anew from the events."""
    from engine.store.verifying import rebuild_cases

    database = open_current(url, root)
    with database.write() as connection:
        count = rebuild_cases(connection)
    _say(as_json, {"cases": count}, f"已重建 {count} 件")


@database_commands.command()
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="覆盖已有的文件 / replace a file that is there")
@database_options
def backup(file: Path, force: bool, url: str | None, root: Path, as_json: bool) -> None:
    """使用中也可备份，恢复到 SQLite 或 PostgreSQL 均可 / a portable backup, taken while in use."""
    from engine.store.backup import write_backup

    manifest = write_backup(_open(url, root, must_exist=True), file, datetime.now(UTC), force=force)
    _tell_manifest(manifest, file, as_json, "已备份到")


@database_commands.command()
@click.argument("file", type=_FILE)
@database_options
def restore(file: Path, url: str | None, root: Path, as_json: bool) -> None:
    """恢复到空的数据库，并校验事件链 / restore into an empty database and verify it."""
    from engine.store.restoring import restore_backup

    manifest = restore_backup(_open(url, root), file)
    _tell_manifest(manifest, file, as_json, "已恢复自")


@database_commands.command()
@database_options
def stuck(url: str | None, root: Path, as_json: bool) -> None:
    """多次失败而停下的消息和计时 / messages and timers that were given up."""
    from engine.store import dead_letters, stuck_timers

    now = datetime.now(UTC)
    with open_current(url, root).read() as connection:
        letters = [
            {"key": c.effect.key, "what": c.effect.topic, "case": c.case_id, "error": c.error}
            for c in dead_letters(connection, now)
        ]
        letters += [
            {"key": d.key, "what": d.timer.do, "case": d.case_id, "error": d.error}
            for d in stuck_timers(connection, now)
        ]
    if as_json:
        print_json({"stuck": letters})
    else:
        for letter in letters:
            click.echo(f"{letter['key']}  {letter['what']}：{letter['error']}")
        click.echo(f"共 {len(letters)} 项" + ("；tongban db retry KEY 重试" if letters else ""))
    click.get_current_context().exit(1 if letters else 0)


@database_commands.command()
@click.argument("key")
@database_options
def retry(key: str, url: str | None, root: Path, as_json: bool) -> None:
    """重试停下的消息或计时 / try again what was given up."""
    from engine.store import retry_effect, retry_timer

    with open_current(url, root).write() as connection:
        parts = key.split(":", 3)
        is_timer = len(parts) == 4 and parts[0] == "timer"
        done = retry_effect(connection, key) or (
            is_timer and retry_timer(connection, parts[1], parts[2])
        )
    if not done:
        raise click.UsageError(f"没有等待重试的 {key} / nothing of this key is waiting")
    _say(as_json, {"key": key}, f"将重试 {key}")


def _open(url: str | None, root: Path, *, must_exist: bool = False) -> "Database":
    from engine.store import Database, locate_database

    located = locate_database(root, url)
    file = located.removeprefix("sqlite:///")
    if must_exist and file != located and file != ":memory:" and not Path(file).exists():
        raise click.UsageError(
            f"还没有数据库 {file}，请先运行 tongban db upgrade / there is no database yet"
        )
    return Database.open(located)


def open_current(url: str | None, root: Path) -> "Database":
    database = _open(url, root, must_exist=True)
    database.require_current()
    return database


def _revision(database: "Database") -> str:
    from engine.store.revisions import read_revision

    with database.read() as connection:
        return read_revision(connection)


def _tell(database: "Database", as_json: bool, before: str | None = None) -> None:
    from engine.store.revisions import HEAD

    revision = _revision(database)
    if as_json:
        print_json({"database": database.name, "revision": revision, "head": HEAD})
        return
    moved = f"{before or '空'} → " if before is not None and before != revision else ""
    newest = "（最新）" if revision == HEAD else f"（最新是 {HEAD}）"
    click.echo(f"{database.name}：结构版本 {moved}{revision or '空'}{newest}")


def _tell_manifest(manifest: Any, file: Path, as_json: bool, verb: str) -> None:
    told = {name: manifest[name] for name in ("revision", "cases", "events", "heads")}
    words = f"{verb} {file}：{told['cases']} 件，{told['events']} 个事件，链尾摘要 {told['heads']}"
    _say(as_json, {"file": str(file), **told}, words)


def _say(as_json: bool, document: dict[str, Any], words: str) -> None:
    if as_json:
        print_json(document)
    else:
        click.echo(words)


COMMANDS = (database_commands,)
