"""Opening a database: SQLite in WAL mode by default, PostgreSQL by its URL."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from engine.diagnostics import TongbanError
from engine.store.revisions import HEAD, read_revision, require_head, upgrade_connection

_WAIT_FOR_LOCK = 30  # seconds


class DatabaseError(TongbanError):
    """The database cannot be opened; the message says which and what to do."""


def locate_database(
    root: Path, given: str | None = None, environment: Mapping[str, str] = os.environ
) -> str:
    """The URL in use: the one given, else TONGBAN_DATABASE, else var/tongban.db of a workspace."""
    named = given or environment.get("TONGBAN_DATABASE")
    return named or f"sqlite:///{root.resolve()}/var/tongban.db"


class Database:
    """A database that is open. Safe to share between threads; one per process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> "Database":
        """Opens `sqlite:///FILE` or `postgresql://…`, whatever is in it. Raises DatabaseError."""
        try:
            address = make_url(url)
        except ArgumentError:
            raise DatabaseError(
                "数据库地址应写成 sqlite:///文件 或 postgresql://用户:密码@主机/库名 / "
                "a database is named sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
            ) from None
        backend = address.get_backend_name()
        if backend == "sqlite":
            return cls(_open_sqlite(url, address.database))
        if backend == "postgresql":
            return cls(_open_postgresql(url))
        raise DatabaseError(
            f"不支持的数据库 {backend}；可用 sqlite:///文件 或 postgresql://… / not supported: {backend}"
        )

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def name(self) -> str:
        """The URL without its password, for showing."""
        return self.engine.url.render_as_string(hide_password=True)

    def create(self) -> None:
        """Makes the tables, or brings those of an older version up to now. Raises DatabaseError."""
        with self.read() as connection:
            if read_revision(connection) == HEAD:
                return  # as at every start but the first: nobody has to wait
        with self.write() as connection:
            upgrade_connection(connection)

    def require_current(self) -> None:
        """Raises DatabaseNotCurrent unless its tables are of this version, and DatabaseError."""
        with self.read() as connection:
            require_head(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading, in one transaction: what is read belongs together."""
        with self._telling(), self._connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing, on the disk when this returns.

        Raises DatabaseError when another process keeps SQLite locked for half a minute, when the
        disk is full, when the server goes away: then nothing was written, or nobody can tell.
        """
        with self._telling(), self._connect() as connection:
            # On SQLite whoever will write says so at once: a lock cannot be upgraded later
            # without the risk that another one wrote in between.
            connection.info["writes"] = True
            try:
                with self._begin(connection):
                    yield connection
            finally:
                connection.info.pop("writes", None)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tells what went wrong with the database itself in words of ours."""
        try:
            yield
        except OperationalError as error:
            raise DatabaseError(
                f"数据库 {self.name} 出了问题，请稍后再试：{error.orig} / the database failed"
            ) from error

    def _connect(self) -> Connection:
        try:
            return self.engine.connect()
        except DBAPIError as error:
            raise DatabaseError(
                f"打不开数据库 {self.name}：{error.orig} / the database cannot be opened"
            ) from error

    def _begin(self, connection: Connection) -> Any:
        try:
            return connection.begin()
        except DBAPIError as error:
            raise DatabaseError(
                f"数据库 {self.name} 正忙，请稍后再试：{error.orig} / the database is busy"
            ) from error


def _open_postgresql(url: str) -> Engine:
    address = make_url(url).set(drivername="postgresql+psycopg")
    try:
        return create_engine(address, pool_pre_ping=True)
    except ImportError:
        raise DatabaseError(
            "使用 PostgreSQL 须先安装驱动：pip install 'tongban[pg]' / "
            "PostgreSQL needs its driver: pip install 'tongban[pg]'"
        ) from None


def _open_sqlite(url: str, file: str | None) -> Engine:
    if file and not file.startswith((":memory:", "file:")):
        _make_folder(Path(file).parent)
    engine = create_engine(url, connect_args={"timeout": _WAIT_FOR_LOCK})

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # this module says BEGIN itself
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.info.get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"不能新建文件夹 {folder}：{error.strerror} / the folder cannot be made"
        ) from error
