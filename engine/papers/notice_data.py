"""What a notice of a case is made from: plain values, filled from the case by whoever keeps it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.definitions import Matter
from engine.prose import NOTHING, Words

NoticeKind = Literal[
    "acceptance",
    "correction",
    "correction_receipt",
    "non_acceptance",
    "special_procedure",
    "extension",
    "delivery_receipt",
    "rectification",
    "revocation",
    "withdrawal",
    "deemed_withdrawn",
    "deemed_accepted",
    "deemed_renewed",
    "assistance",
    "opinions",
]


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a notice is about. `id_number` is masked on paper where it is a citizen's."""

    name: str
    id_number: str = ""
    is_person: bool = True


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One thing to correct, one reason, one question; `due` where it has a day of its own."""

    text: Words
    basis: tuple[str, ...] = ()
    is_verified: bool = True
    remedy: Words = NOTHING
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an organ that was asked for its opinion said, and what became of it (征求意见)."""

    organ: str
    opinion: str
    is_adopted: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where to ask and to complain, and who hears an appeal."""

    windows: tuple[str, ...] = ()
    hours: str = ""
    phone: str = ""
    complaints: str = ""
    review_body: str = ""
    court: str = ""


@dataclass(frozen=True, slots=True)
class NoticeData:
    """Everything that any notice may say. Each kind says which it cannot do without.

    `on` is the day of the paper, `number` its own number (文号). Periods are written as definitions
    write them (`20 working days`). `is_provisional` marks `due` as counted without a published
    calendar (暂定). `basis` are laws as they are cited; where none is given and the matter is a
    行政许可, the article of the 行政许可法 that governs the notice is cited.
    """

    case_number: str
    matter: str
    organ: str
    applicant: Party
    on: date
    matter_type: str = ""
    number: str = ""
    applied_on: date | None = None
    accepted_on: date | None = None
    decided_on: date | None = None  # the decision that is revoked, or that a pledge led to
    effective_on: date | None = None  # from which day a deemed event counts
    items: tuple[NoticeItem, ...] = ()
    materials: tuple[str, ...] = ()  # what was received
    basis: tuple[str, ...] = ()
    is_verified: bool = True  # every law in `basis` was checked against its text
    reason: str = ""
    period: str = ""
    due: date | None = None
    is_provisional: bool = False
    consequence: str = ""  # what follows when a deadline passes, or from a revocation
    elsewhere: str = ""  # which organ is competent instead
    stage: str = ""  # a special procedure: 听证, 检验 …
    approver: str = ""  # who allowed an extension
    licence: str = ""  # title and number of the licence concerned
    valid_from: date | None = None
    valid_to: date | None = None
    to_organ: str = ""  # whom a letter between organs is for
    about_number: str = ""  # the 文号 of the paper that a receipt is for
    delivered: str = ""  # title of the paper that is delivered
    method: str = ""  # of delivery
    opinions: tuple[Opinion, ...] = ()
    contacts: Contacts = Contacts()
    shows_numbers: bool = False  # citizens' numbers written out: only where the law asks for it


def contacts_of(matter: Matter) -> Contacts:
    """What the matter's guide says."""
    guide = matter.guide
    return Contacts(
        guide.windows,
        guide.hours or "",
        guide.phone or "",
        guide.complaints or "",
        guide.review_body or "",
        guide.court or "",
    )


def notice_items(
    lines: Iterable[Mapping[str, Any]], due: date | None = None
) -> tuple[NoticeItem, ...]:
    """Lines of a decision's notice, as its JSON has them, as items; `due` is for all of them."""
    return tuple(
        NoticeItem(
            Words(line["text"]["zh"], line["text"]["en"]),
            tuple(line.get("basis", ())),
            line.get("is_verified", True),
            Words(line.get("remedy", ""), line.get("remedy", "")),
            due,
        )
        for line in lines
    )
