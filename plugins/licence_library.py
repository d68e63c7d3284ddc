"""内置电子证照库 / licences from a CSV or YAML file of the workspace.

Licences that cases issue are taken in by message and told like all others; they are kept below
var/registers/licences. Settings: `path` (default plugins/data/licences.csv), `title`, `time_limit` in
seconds.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine import Licence, Message, Question, Receiver, Source, hookimpl
from plugins.kept_records import Record
from plugins.register_file import RegisterFile
from plugins.table_file import CellError, Row, typed_fields

COLUMNS: Final = frozenset(
    {
        "type",
        "number",
        "holder_name",
        "holder_id",
        "status",
        "issued_on",
        "valid_until",
        "issuer_name",
        "issuer_id",
        "region",
        "identifier",
    }
)


def read_licence(row: Row) -> Licence:
    """The licence in a row. Raises CellError."""
    status = row.text("status", "有效")
    if status not in Licence.STATUSES:
        choices = "、".join(Licence.STATUSES)
        raise CellError("status", f"“{status[:20]}”应是 {choices} 之一", "unknown status")
    issued_on, valid_until = row.day("issued_on"), row.day_or_none("valid_until")
    if valid_until is not None and valid_until < issued_on:
        raise CellError("valid_until", "早于颁发日期", "before the date of issue")
    return Licence(
        type=row.text("type"),
        number=row.text("number"),
        holder_name=row.text("holder_name"),
        holder_id=row.text("holder_id"),
        status=status,
        issued_on=issued_on,
        valid_until=valid_until,
        issuer_name=row.text("issuer_name"),
        issuer_id=row.text("issuer_id"),
        region=row.text("region"),
        identifier=row.text("identifier", ""),
        fields=typed_fields(row, COLUMNS),
    )


def may_tell(licence: Licence, question: Question) -> bool:
    """Issued by the day, and of a type that was asked for."""
    return licence.issued_on <= question.on and question.wants(licence.type)


def read_issued(record: Record) -> Licence:
    """The licence in a message of the topic `register`."""
    until = record["valid_until"]
    fields = {name: value for name, value in record["fields"].items() if value is not None}
    return Licence(
        type=record["type"],
        number=record["number"],
        holder_name=record["holder_name"],
        holder_id=record["holder_id"],
        status=record["status"],
        issued_on=date.fromisoformat(record["issued_on"]),
        valid_until=date.fromisoformat(until) if until else None,
        issuer_name=record["issuer_name"],
        issuer_id=record["issuer_id"],
        region=record["region"],
        identifier=record["identifier"],
        fields={name: _plain(value) for name, value in fields.items()},
    )


def _plain(value: Any) -> str | bool | int | tuple[str | bool | int, ...]:
    """Lists of plain values are tuples there; a licence has no nested fields."""
    if isinstance(value, list):
        return tuple(
            entry if isinstance(entry, str | bool | int) else str(entry) for entry in value
        )
    return value if isinstance(value, str | bool | int) else str(value)


def outlasts(old: Record, new: Record) -> bool:
    """A licence that has ended is in force no more, whatever message comes late."""
    return bool(old["status"] != "有效" and new["status"] == "有效")


LIBRARY: Final = RegisterFile(
    name="licence_library",
    kind="licences",
    title="电子证照库",
    path="plugins/data/licences.csv",
    subject="holder_id",
    read_row=read_licence,
    may_tell=may_tell,
    kept="var/registers/licences",
    outlasts=outlasts,
    read_kept=read_issued,
)


@hookimpl
def register_sources(settings: Mapping[str, object], root: Path) -> Sequence[Source]:
    """One source, when the file is there."""
    return LIBRARY.sources(settings, root)


@hookimpl
def register_receivers(settings: Mapping[str, object], root: Path) -> Sequence[Receiver]:
    """One receiver: licences that cases issue, and what becomes of them."""
    records = LIBRARY.records(root)

    def take(message: Message) -> None:
        body = message.body
        records.keep(body["holder_id"], body["identifier"], body)

    return [Receiver(LIBRARY.name, LIBRARY.title, ("register",), take)]
