"""Cases from the command line: what the clock does with them, and what goes to other platforms.

`tongban work`, `tongban exchange`.
"""

import os
import secrets
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.database import database_options, open_current
from engine.cli.options import print_json
from engine.workspace import WatchedWorkspace

if TYPE_CHECKING:
    from engine.hall import Hall

_DRAFTS_KEPT = timedelta(days=90)  # since the last change
_FORMATS = ("csv", "xlsx", "jsonl")


def open_hall(url: str | None, root: Path) -> "Hall":
    """The hall of a workspace and its database, which must be there and up to date."""
    from engine.hall import Hall

    address = os.environ.get("TONGBAN_PUBLIC_URL", "") or "http://127.0.0.1:8000"
    database = open_current(url, root)
    return Hall(database, WatchedWorkspace(root), public_url=address.rstrip("/"))


@click.command()
@click.option("--once", is_flag=True, help="只做一轮 / one round only")
@click.option(
    "--every",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="两轮之间的秒数 / seconds between rounds",
)
@database_options
def work(once: bool, every: float, url: str | None, root: Path, as_json: bool) -> None:
    """执行到期的计时和待送的消息；可同时运行多个 / do what is due; several may run at once."""
    from engine.store import purge_drafts

    hall = open_hall(url, root)
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
    pause = threading.Event()
    try:
        while True:
            now = datetime.now(UTC)
            done = {"fired": hall.tick(now, name), "delivered": hall.deliver(now, name)}
            with hall.database.write() as connection:
                purge_drafts(connection, now - _DRAFTS_KEPT)
            if once and as_json:
                print_json(done)
            elif once or any(done.values()):
                click.echo(f"计时 {done['fired']}，消息 {done['delivered']}")
            if once or pause.wait(every):
                return
    except KeyboardInterrupt:
        click.echo("已停止 / stopped")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="自何日（含）变化的办件 / changed from"
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="至何日（含） / to, that day included"
)
@click.option("--format", "kind", type=click.Choice(_FORMATS), default="csv", show_default=True)
@click.option(
    "--batch", default="", help="同步批次；不写则用导出的时间 / the batch; the moment when absent"
)
@database_options
def exchange(
    folder: Path,
    since: datetime | None,
    until: datetime | None,
    kind: str,
    batch: str,
    url: str | None,
    root: Path,
    as_json: bool,
) -> None:
    """导出六类办件交换数据（GB/T 39046）/ write the six exchange sets of cases to files."""
    from engine.casework import CHINA
    from engine.hall.exchange import exchange_sets
    from engine.hall.exchange_files import EXCHANGE_WRITERS

    hall = open_hall(url, root)
    now = datetime.now(UTC).astimezone(CHINA)
    first = since.replace(tzinfo=CHINA) if since else datetime(1970, 1, 1, tzinfo=UTC)
    day_after = until + timedelta(days=1) if until else None
    last = day_after.replace(tzinfo=CHINA) if day_after else now + timedelta(seconds=1)
    name = batch or f"{now:%Y%m%d%H%M%S}"
    found = exchange_sets(hall, first, last, batch=name, at=now)
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for one in found:
        path = folder / f"{one.name}.{kind}"
        path.write_bytes(EXCHANGE_WRITERS[kind](one))
        written[one.name] = {"title": one.title, "file": str(path), "rows": len(one.rows)}
    if as_json:
        print_json({"batch": name, "sets": written})
        return
    for entry in written.values():
        click.echo(f"{entry['title']}：{entry['rows']} 行 → {entry['file']}")


COMMANDS = (exchange, work)
