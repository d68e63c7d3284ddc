"""内置电子证照库 / licences from a CSV or YAML file of the workspace.

Settings: `path` (default plugins/data/licences.csv), `title`, `time_limit` in seconds.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine import Answer, Licence, Question, Source, hookimpl
from plugins.register_file import RegisterFile
from plugins.table_file import CellError, Register, Row, typed_fields

DEFAULT_PATH: Final = "plugins/data/licences.csv"
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


@hookimpl
def register_sources(settings: Mapping[str, object], root: Path) -> Sequence[Source]:
    """One source, when the file is there."""
    file = RegisterFile.locate(settings, root, DEFAULT_PATH, "电子证照库")
    if file is None:
        return []
    register = Register(file.path, file.shown, "holder_id", read_licence)

    def ask(question: Question) -> Sequence[Answer]:
        found = register.find(question.known_ids)
        return [
            licence
            for licence in found
            if licence.issued_on <= question.on and question.wants(licence.type)
        ]

    return [
        Source(
            name="licence_library",
            title=file.title,
            kind="licences",
            ask=ask,
            time_limit=file.time_limit,
            examine=register.problems,
        )
    ]


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
