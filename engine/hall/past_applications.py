"""Stored cases as past applications: the rows that `tongban simulate` reads, one for each case.

A case counts with its last application: what was corrected is as corrected, what officers judged and
what registers told its last evaluation stands as facts, and a material that the evaluation found at
hand (免提交, 已提交) as handed in. A simulation itself asks no register.
"""

import csv
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from engine.casework import Case, application_of
from engine.definitions import Matter
from engine.store import Database
from engine.store.event_log import fold_case, read_case
from engine.store.moments import write_moment
from engine.store.tables import case_table

_FROM_OTHERS: Final = ("登记系统", "电子证照", "部门协查")  # how the sources of such facts begin
_AT_HAND: Final = ("免提交", "已提交")
_PERSON: Final = ("name", "id_kind", "id_number", "kind", "agent")
_ABOUT: Final = ("case", "date", "region", "path", "outcome")


@dataclass(frozen=True, slots=True)
class PastColumns:
    """The facts and materials (by id) that versions of a matter read; the rest is not looked at."""

    facts: Collection[str]
    materials: Collection[str]

    @classmethod
    def of(cls, *versions: Matter) -> "PastColumns":
        """What any of the versions declares, computed facts left out."""
        facts = [n for v in versions for n, fact in v.facts.items() if fact.compute is None]
        materials = [use.key for v in versions for use in v.materials]
        return cls(tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(materials)))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns as a simulation knows them; a fact's own name comes first."""
        others = (
            *_ABOUT,
            *(f"applicant.{entry}" for entry in _PERSON),
            *(f"materials.{key}" for key in self.materials),
        )
        return (*self.facts, *(name for name in others if name not in self.facts))


def write_past_applications(
    database: Database,
    matter: str,
    columns: PastColumns,
    file: Path,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Writes the cases submitted from `since` up to, not including, `until`; gives their number.

    The file is CSV in UTF-8, by number of the case; lists and records are JSON.
    """
    count = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns.names, extrasaction="ignore", restval="")
        writer.writeheader()
        for case in _cases(database, matter, since, until):
            writer.writerow({name: _cell(value) for name, value in _row(case, columns).items()})
            count += 1
    return count


def _cases(
    database: Database, matter: str, since: datetime | None, until: datetime | None
) -> Iterator[Case]:
    submitted, wanted = case_table.c.submitted_at, [case_table.c.matter == matter]
    if since is not None:
        wanted.append(submitted >= write_moment(since))
    if until is not None:
        wanted.append(submitted < write_moment(until))
    query = select(case_table.c.id).where(*wanted).order_by(case_table.c.number)
    with database.read() as connection:
        for identity in connection.execute(query).scalars().all():
            yield fold_case(read_case(connection, identity))


def _row(case: Case, columns: PastColumns) -> Mapping[str, Any]:
    application = application_of(case)
    person = application.get("applicant") or {}
    stated = application.get("facts") or {}
    told = _told_by_others(case)
    handed = _handed_in(case, application)
    about = (
        case.number, case.on, case.region, application.get("path") or "general",
        case.evaluation.get("outcome"),
    )  # fmt: skip
    return {
        **dict(zip(_ABOUT, about, strict=True)),
        **{f"applicant.{entry}": person.get(entry) for entry in _PERSON},
        **{f"materials.{key}": key in handed for key in columns.materials},
        **{name: told.get(name) if stated.get(name) is None else stated[name]
           for name in columns.facts},
    }  # fmt: skip


def _told_by_others(case: Case) -> Mapping[str, Any]:
    """The facts that registers, licences and departments told the last evaluation."""
    reads = case.decision.get("facts", ())
    return {r["name"]: r["value"] for r in reads if r["source"].startswith(_FROM_OTHERS)}


def _handed_in(case: Case, application: Mapping[str, Any]) -> frozenset[str]:
    resolved = case.decision.get("materials", ())
    found = {m["id"] for m in resolved if m["status"] in _AT_HAND}
    return frozenset(found | set(application.get("materials") or ()))


def _cell(value: Any) -> str:
    """A value as text; an empty cell is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(_plain(value), ensure_ascii=False)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _plain(value: Any) -> Any:
    """Numbers inside lists as text, so that no decimal is lost."""
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value if value is None or isinstance(value, bool | str) else _cell(value)
