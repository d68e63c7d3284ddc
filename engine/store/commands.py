"""Commands that were carried out, by their key: given again, they do nothing again."""

from sqlalchemy import Connection, insert, select

from engine.casework import Case, Command
from engine.diagnostics import TongbanError
from engine.store.chain import digest_of
from engine.store.json_text import write_json
from engine.store.tables import command_table


class KeyReused(TongbanError):
    """A key was given before, with another command."""


def recall_command(connection: Connection, command: Command, case: str = "") -> str | None:
    """The case that this very command was carried out on; None when it is new.

    Raises KeyReused when its key stood for something else, or for another case than `case`.
    """
    if not command.key:
        return None
    query = select(command_table).where(command_table.c.key == command.key)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.content != _digest(command) or case not in ("", row.case_id):
        raise KeyReused(
            f"操作编号 {command.key} 已用于另一项操作 / this key stands for another command"
        )
    return str(row.case_id)


def remember_command(connection: Connection, command: Command, case: Case) -> None:
    """Keeps the command with what it led to, in the transaction of its events."""
    if command.key:
        row = {
            "key": command.key,
            "case_id": case.id,
            "content": _digest(command),
            "number": case.version,
        }
        connection.execute(insert(command_table).values(row))


def _digest(command: Command) -> str:
    """Over what is asked and by whom: the moment differs when it is asked again."""
    asked = {"do": command.do, "by": [command.actor.name, command.actor.role], "body": command.body}
    return digest_of(write_json(asked).encode())
