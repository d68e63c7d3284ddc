"""Serving: one process for a demonstration, or several worker processes on one store.

Workers share nothing but the database and the workspace's folder, so any number may run, on any
number of machines. Beside them `tongban work` does what is due.
"""

import logging
import os
import threading
import time
from pathlib import Path

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from werkzeug.serving import make_server

from engine import Database
from studio.accounts import ROLES, make_demo_accounts
from studio.desk import Desk
from studio.factory import configured_accounts, create_app
from studio.log_masking import PathOnlyHandler, keep_numbers_out
from studio.settings import Settings

_log = logging.getLogger("tongban.studio")
_ROUND = 5.0  # seconds between two looks at what is due
# How a worker process is told what to serve.
_ROOT, _DATABASE = "TONGBAN_ROOT", "TONGBAN_DATABASE"
_THREADS = 8  # per worker: requests wait for the database and for registers more than they compute


def serve(
    root: Path | str,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    workers: int = 0,
    database: str = "",
) -> None:
    """Serves until interrupted. Without `workers` it is a demonstration in one process.

    Where no accounts are configured, a demonstration makes one per role, prints their passwords,
    and lets everybody's trials ask the registers. Raises click.ClickException where workers would
    have nobody to let in.
    """
    if workers:
        _serve_for_real(Path(root), host, port, workers, database)
    else:
        _demonstrate(Path(root), host, port, database)


def _demonstrate(root: Path, host: str, port: int, database: str) -> None:
    accounts, passwords = configured_accounts(root), dict[str, str]()
    is_demo = not accounts.by_name
    if is_demo:
        accounts, passwords = make_demo_accounts()
    keep_numbers_out()
    settings = Settings(root, accounts=accounts, open_registers=is_demo, database=database)
    app = create_app(root, settings)
    server = make_server(host, port, app, threaded=True, request_handler=PathOnlyHandler)
    threading.Thread(target=_go_round, args=(app.extensions["desk"],), daemon=True).start()
    click.echo(welcome(host, server.server_port, passwords))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("已停止 / stopped")
    finally:
        server.server_close()


def _go_round(desk: Desk) -> None:
    """What `tongban work` does, in the one process of a demonstration."""
    while True:
        try:
            desk.hall.tick(desk.now(), "demonstration")
            desk.hall.deliver(desk.now(), "demonstration")
        except Exception as error:  # the pages go on, and the next round may find it mended
            _log.warning("a round failed", exc_info=error)
        time.sleep(_ROUND)


def _serve_for_real(root: Path, host: str, port: int, workers: int, database: str) -> None:
    if not configured_accounts(root).by_name:
        raise click.ClickException(
            "没有账号：请先用 python -m studio.enrolment 写入 var/studio_users.toml"
            " / no accounts are configured"
        )
    os.environ[_ROOT] = str(root.resolve())
    if database:
        os.environ[_DATABASE] = database
    kept = Database.open(Settings(root, database=database).database_url)
    kept.require_current()  # to be upgraded on purpose, not by whoever serves first
    kept.close()
    click.echo(welcome(host, port, {}))
    Granian(
        "studio.serving:worker",
        host,
        port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


def worker() -> Flask:
    """The application of one worker process, told by the environment what to serve."""
    keep_numbers_out()
    return create_app(Path(os.environ[_ROOT]))


def welcome(host: str, port: int, passwords: dict[str, str]) -> str:
    """What is printed at the start: the address, and the demonstration accounts."""
    shown = f"[{host}]" if ":" in host else host
    lines = [f"工作台 / studio: http://{shown}:{port}"]
    if passwords:
        lines.append("演示账号（本次启动有效）/ demonstration accounts (until stopped):")
    for name, password in passwords.items():
        zh, en = ROLES[name]
        lines.append(f"  {name:<10} {password}  {zh} / {en}")
    return "\n".join(lines)
