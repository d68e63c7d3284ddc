"""内置信用登记 / credit records and grades from a CSV or YAML file of the workspace.

A record is told up to its last day of disclosure and for five years at most, whatever the file
says: after that it may not be held against anybody (信用条例). What cases find is taken in by message
and kept below var/registers/credit; whoever obtained a licence by deceit is also told of as barred
(行政许可法第78、79条). Settings: `path` (default plugins/data/credit.yaml), `title`, `time_limit` in seconds.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from engine import CreditRecord, FactAnswer, Message, Question, Receiver, Source, hookimpl
from plugins.kept_records import Record
from plugins.register_file import LONGEST_READING, RegisterFile
from plugins.table_file import CellError, Row

COLUMNS: Final = frozenset(
    {"subject", "category", "grade", "disclosed_from", "disclosed_until", "repaired", "note"}
)

# Facts that matters may name this register as the source of, each with the years that it covers.
BARS: Final = {"一年内曾因虚假申请被处理": 1, "三年内曾因欺骗取得本许可被撤销": 3}


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


def read_found(record: Record) -> CreditRecord:
    """The record in a message of the topic `credit`."""
    until = record.get("disclosed_until")
    return CreditRecord(
        subject_id=record["subject"],
        category=record["category"],
        grade=None,
        disclosed_from=date.fromisoformat(record["disclosed_from"]),
        disclosed_until=date.fromisoformat(until) if until else None,
        repaired=record["repaired"],
        note=record["note"],
    )


def outlasts(old: Record, new: Record) -> bool:
    """What was repaired stays so, whatever message comes late."""
    return bool(old["repaired"]) and not new["repaired"]


def is_barred(record: Record, question: Question, years: int) -> bool:
    """Whether the years in which the same matter may not be applied for again still run."""
    began = date.fromisoformat(record["disclosed_from"])
    try:
        ends = began.replace(year=began.year + years)
    except (
        ValueError
    ):  # the 29th of February has no corresponding day: the month's last (民法典202)
        ends = date(began.year + years, 2, 28)
    is_long_enough = (record.get("bar_years") or 0) >= years
    return is_long_enough and record.get("matter") == question.matter and question.on < ends


REGISTER: Final = RegisterFile(
    name="credit_register",
    kind="credit",
    title="信用信息平台",
    path="plugins/data/credit.yaml",
    subject="subject",
    read_row=read_record,
    may_tell=may_tell,
    kept="var/registers/credit",
    outlasts=outlasts,
    read_kept=read_found,
)


@hookimpl
def register_sources(settings: Mapping[str, object], root: Path) -> Sequence[Source]:
    """One source, when the file is there, and one that tells who is barred from applying again."""
    records, sources = REGISTER.records(root), REGISTER.sources(settings, root)
    if not sources:
        return []

    def ask(question: Question) -> Sequence[FactAnswer]:
        known = records.find([question.applicant.id_number])
        return [
            FactAnswer(name, True, "行政许可法第七十八条、第七十九条")
            for name, years in BARS.items()
            if question.wants(name) and any(is_barred(r, question, years) for r in known)
        ]

    provides = tuple(BARS)
    barred = Source(
        "barred_applicants", "禁止申请名单", "facts", ask, LONGEST_READING, provides=provides
    )
    return [*sources, barred]


@hookimpl
def register_receivers(settings: Mapping[str, object], root: Path) -> Sequence[Receiver]:
    """One receiver: what cases find against an applicant, and its repair."""
    records = REGISTER.records(root)

    def take(message: Message) -> None:
        records.keep(message.body["subject"], message.body["id"], message.body)

    return [Receiver(REGISTER.name, REGISTER.title, ("credit",), take)]
