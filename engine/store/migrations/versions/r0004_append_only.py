"""The database itself refuses to change, delete or insert between events."""

from alembic import op

revision = "0004"
down_revision = "0003"

_SQLITE = (
    """CREATE TRIGGER event_stays_update BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END""",
    """CREATE TRIGGER event_stays_delete BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER event_follows BEFORE INSERT ON event
    WHEN NEW.number <> 1 + (
      SELECT coalesce(max(number), 0) FROM event WHERE case_id = NEW.case_id
    )
    BEGIN SELECT RAISE(ABORT, 'events follow one another'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'events are never changed or deleted' USING ERRCODE = '23001'; END $$""",
    """CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_stays()""",
    """CREATE FUNCTION event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.number <> 1 + (
        SELECT coalesce(max(number), 0) FROM event WHERE case_id = NEW.case_id
      ) THEN
        RAISE EXCEPTION 'events follow one another' USING ERRCODE = '23505';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER event_follows BEFORE INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION event_follows()""",
)


def upgrade() -> None:
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _is_sqlite():
        for name in ("event_stays_update", "event_stays_delete", "event_follows"):
            op.execute(f"DROP TRIGGER {name}")
        return
    for name in ("event_stays", "event_follows"):
        op.execute(f"DROP TRIGGER {name} ON event")
        op.execute(f"DROP FUNCTION {name}()")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
