"""Numbers given out one after the other, without gaps among what is committed."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.tables import counter_table


def count_up(connection: Connection, name: str) -> int:
    """The next number of a name, from 1. Others wait until this transaction ends."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(counter_table).values(name=name, value=1)
    following = statement.on_conflict_do_update(
        index_elements=[counter_table.c.name], set_={"value": counter_table.c.value + 1}
    )
    return int(connection.execute(following.returning(counter_table.c.value)).scalar_one())
