"""Cases with open tasks, by the timers that end them: a task's timer stays while the task is open."""

from sqlalchemy import Connection, func, select

from engine.store.tables import timer_table

_ENDING = ("mark_late", "lapse")


def cases_with_tasks(connection: Connection, limit: int) -> tuple[str, ...]:
    """Ids of cases that have open tasks, the one with the earliest due day first."""
    query = (
        select(timer_table.c.case_id)
        .where(timer_table.c.do.in_(_ENDING))
        .group_by(timer_table.c.case_id)
        .order_by(func.min(timer_table.c.due), timer_table.c.case_id)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())
