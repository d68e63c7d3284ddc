"""Which shape a database has, and bringing it to another: Alembic, in one transaction."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, func, inspect, select, table

from engine.diagnostics import TongbanError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"  # the newest revision; Alembic itself is loaded only to migrate
_version_table = table("alembic_version", column("version_num"))
_LOCK = 7_036_874  # any number, the same in every process


class DatabaseNotCurrent(TongbanError):
    """The database has the shape of another version of Tongban."""

    def __init__(self, found: str) -> None:
        said = found or "空 / empty"
        newer = found > HEAD
        super().__init__(
            f"数据库的结构版本是 {said}，本程序需要 {HEAD}；"
            + ("请升级本程序" if newer else "请先运行 tongban db upgrade")
            + f" / the database is at revision {said}, {HEAD} is needed: "
            + ("upgrade this program" if newer else "run `tongban db upgrade`")
        )
        self.found = found


class RevisionUnknown(TongbanError):
    """There is no such revision to go to from here."""


def read_revision(connection: Connection) -> str:
    """The revision that a database is at; "" for one that was never made."""
    if not inspect(connection).has_table(_version_table.name):
        return ""
    return str(connection.execute(select(_version_table.c.version_num)).scalar() or "")


def require_head(connection: Connection) -> None:
    """Raises DatabaseNotCurrent unless the database is at the newest revision."""
    found = read_revision(connection)
    if found != HEAD:
        raise DatabaseNotCurrent(found)


def upgrade_connection(connection: Connection, revision: str = "head") -> None:
    """Brings the database up, in the transaction of the connection; others wait.

    Raises RevisionUnknown, and DatabaseNotCurrent for a database of a newer program.
    """
    _migrate(connection, revision, up=True)


def downgrade_connection(connection: Connection, revision: str) -> None:
    """Brings the database back to an older revision; `base` takes every table away.

    What the older shape cannot hold is lost: make a backup first. Raises as upgrading does.
    """
    _migrate(connection, revision, up=False)


def _migrate(connection: Connection, revision: str, *, up: bool) -> None:
    from alembic import command
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    found = read_revision(connection)
    if found > HEAD:
        raise DatabaseNotCurrent(found)
    try:
        (command.upgrade if up else command.downgrade)(_configuration(connection), revision)
    except CommandError as error:
        raise RevisionUnknown(
            f"不能从结构版本 {found or '空'} 到 {revision}；可用的版本是 0001 至 {HEAD} / "
            f"no way from revision {found or 'empty'} to {revision}: {error}"
        ) from error


def _configuration(connection: Connection) -> "Config":
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", "engine.store:migrations")
    configuration.attributes["connection"] = connection
    return configuration
