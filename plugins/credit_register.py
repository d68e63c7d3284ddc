"""内置信用登记 / credit records and grades from a CSV or YAML file of the workspace.

A record is told up to its last day of disclosure and for five years at most, whatever the file
says: after that it may not be held against anybody (信用条例). Settings: `path` (default
plugins/data/credit.yaml), `title`, `time_limit` in seconds.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine import CreditRecord, Question, Source, hookimpl
from plugins.register_file import RegisterFile
from plugins.table_file import CellError, Row

COLUMNS: Final = frozenset(
    {"subject", "category", "grade", "disclosed_from", "disclosed_until", "repaired", "note"}
)


def read_record(row: Row) -> CreditRecord:
    """The credit record in a row. Raises CellError."""
    unknown = sorted(set(row.cells) - COLUMNS)
    if unknown:
        raise CellError(unknown[0], "不认识这一列", "this column is not known")
    category = row.text("category")
    if category not in CreditRecord.CATEGORIES:
        choices = "、".join(CreditRecord.CATEGORIES)
        raise CellError("category", f"“{category[:20]}”应是 {choices} 之一", "unknown category")
    grade = row.text("grade", "") or None
    if (category == CreditRecord.RATING) != (grade is not None):
        raise CellError(
            "grade",
            f"只有“{CreditRecord.RATING}”记录有等级，且必须有",
            f"only for {CreditRecord.RATING}",
        )
    if grade is not None and grade not in CreditRecord.GRADES:
        raise CellError("grade", f"应是 {'、'.join(CreditRecord.GRADES)} 之一", "unknown grade")
    disclosed_from, disclosed_until = row.day("disclosed_from"), row.day_or_none("disclosed_until")
    if disclosed_until is not None and disclosed_until < disclosed_from:
        raise CellError("disclosed_until", "早于披露起始日", "before disclosed_from")
    return CreditRecord(
        subject_id=row.text("subject"),
        category=category,
        grade=grade,
        disclosed_from=disclosed_from,
        disclosed_until=disclosed_until,
        repaired=row.flag("repaired"),
        note=row.text("note", ""),
    )


def may_tell(record: CreditRecord, question: Question) -> bool:
    """Only while it is disclosed."""
    return record.disclosed_from <= question.on and record.is_disclosed(question.on)


REGISTER: Final = RegisterFile(
    name="credit_register",
    kind="credit",
    title="信用信息平台",
    path="plugins/data/credit.yaml",
    subject="subject",
    read_row=read_record,
    may_tell=may_tell,
)


@hookimpl
def register_sources(settings: Mapping[str, object], root: Path) -> Sequence[Source]:
    """One source, when the file is there."""
    return REGISTER.sources(settings, root)
