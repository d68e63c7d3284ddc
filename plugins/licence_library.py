"""内置电子证照库 / licences from a CSV or YAML file of the workspace.

Settings: `path` (default plugins/data/licences.csv), `title`, `time_limit` in seconds.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine import Licence, Question, Source, hookimpl
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


LIBRARY: Final = RegisterFile(
    name="licence_library",
    kind="licences",
    title="电子证照库",
    path="plugins/data/licences.csv",
    subject="holder_id",
    read_row=read_licence,
    may_tell=may_tell,
)


@hookimpl
def register_sources(settings: Mapping[str, object], root: Path) -> Sequence[Source]:
    """One source, when the file is there."""
    return LIBRARY.sources(settings, root)
