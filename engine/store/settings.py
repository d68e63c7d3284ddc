"""What a database remembers of itself, by name."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.tables import setting_table


def read_setting(connection: Connection, name: str) -> str:
    """The value of a name, "" where it has none."""
    query = select(setting_table.c.value).where(setting_table.c.name == name)
    return str(connection.execute(query).scalar_one_or_none() or "")


def write_setting(connection: Connection, name: str, value: str) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(setting_table).values(name=name, value=value)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[setting_table.c.name], set_={"value": value}
        )
    )
