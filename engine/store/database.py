"""Opening a database: SQLite in WAL mode by default, PostgreSQL by its URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from engine.diagnostics import TongbanError
from engine.store.tables import metadata

_WAIT_FOR_LOCK = 30  # seconds


class DatabaseError(TongbanError):
    """The database cannot be opened; the message says which and what to do."""


class Database:
    """A database that is open. Safe to share between threads; one per process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> "Database":
        """Opens `sqlite:///FILE` or `postgresql+psycopg://…`. Raises DatabaseError."""
        address = make_url(url)
        backend = address.get_backend_name()
        if backend == "sqlite":
            return cls(_open_sqlite(url, address.database))
        if backend == "postgresql":
            return cls(
                create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
            )
        raise DatabaseError(
            f"不支持的数据库 {backend}；可用 sqlite:///文件 或 postgresql://… / not supported: {backend}"
        )

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def create(self) -> None:
        """Makes the tables that are missing."""
        metadata.create_all(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading, in one transaction: what is read belongs together."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing, on the disk when this returns."""
        with self.engine.connect() as connection:
            # On SQLite whoever will write says so at once: a lock cannot be upgraded later
            # without the risk that another one wrote in between.
            connection.info["writes"] = True
            try:
                with connection.begin():
                    yield connection
            finally:
                connection.info.pop("writes", None)

    def close(self) -> None:
        self.engine.dispose()


def _open_sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
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
