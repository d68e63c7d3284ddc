"""Public verification of licences (查验、亮码): by identifier, or by a short-lived code the holder shows.

Whoever asks learns whether a licence is genuine and in force, and of its holder no more than is
needed to compare. Tries are counted per asker, so that identifiers are not tried out.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.casework import CommandRefused, IssuedLicence, day_of
from engine.store.licences import (
    KeptLicence,
    find_licence,
    forget_codes,
    licence_shown,
    licences_held,
    show_code,
)

if TYPE_CHECKING:
    from engine.hall.hall import Hall

_LONGEST_OF_PERSONS = 4
_CHINESE = re.compile("[\u4e00-\u9fff]")
_PARTED = re.compile("[·•‧・．.]")
# How names of organisations end: 公司, 美发店, 合作社, 中心, 医院, 学校, 事务所, …
_ORGANISATIONS = frozenset(
    "司店厂社心院校所局会馆部行站队堂楼室园场厅吧坊铺庄处台团委府城厦业户摊档区村居房屋舍宫廊阁轩斋"
)
CODE_LASTS = timedelta(minutes=5)
_SHORTEST_CODE = 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public may know. `status` is 有效, 撤销, 注销, 失效 or 查无此证."""

    status: str
    title: str = ""
    number: str = ""
    identifier: str = ""
    holder: str = ""  # masked
    holder_id: str = ""  # masked
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None

    @property
    def is_in_force(self) -> bool:
        return self.status == "有效"


UNKNOWN = Verification("查无此证")


def verify_licence(hall: "Hall", asked: str, at: datetime) -> Verification:
    """The state of the licence of an identifier or of a shown code, on the day of `at`."""
    asked = asked.strip()
    with hall.database.read() as connection:
        identifier: str | None = asked
        if "." not in asked:
            identifier = (
                licence_shown(connection, asked, at) if len(asked) >= _SHORTEST_CODE else None
            )
        kept = find_licence(connection, identifier) if identifier else None
    return UNKNOWN if kept is None else _public(kept.licence, day_of(at))


def show_licence(hall: "Hall", case_id: str, holder: str, at: datetime) -> tuple[str, datetime]:
    """A code for the holder to show (亮码), and until when it lasts. Raises CommandRefused, KeyError.

    `holder` is the login that the case belongs to.
    """
    case = hall.case(case_id)
    if case.owner != holder:
        raise KeyError(case_id)
    if not case.results:
        raise CommandRefused("nothing-to-show", "本件没有证照可以出示", "no licence to show")
    code, ends_at = secrets.token_urlsafe(24), at + CODE_LASTS
    with hall.database.write() as connection:
        forget_codes(connection, at)
        show_code(connection, code, case.results[-1].identifier, ends_at)
    return code, ends_at


def licences_of(hall: "Hall", holder_id: str) -> tuple[KeptLicence, ...]:
    """Every licence issued here to a holder, for the holder's own page."""
    with hall.database.read() as connection:
        return licences_held(connection, holder_id)


def _public(licence: IssuedLicence, day: date) -> Verification:
    return Verification(
        status=licence.status_on(day),
        title=licence.title,
        number=licence.number,
        identifier=licence.identifier,
        holder=masked_name(licence.holder_name),
        holder_id=masked_number(licence.holder_id),
        issuer=licence.issuer_name,
        issued_on=licence.issued_on,
        valid_until=licence.valid_until,
    )


def masked_name(name: str) -> str:
    """A person's name keeps its first character; an organisation's is public as it is."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 and is_personal(name) else name


def is_personal(name: str) -> bool:
    """Whether a name may be a person's: short, parted by dots, not Chinese (阿不都·热依木, John Smith),
    or of no kind of organisation. In doubt it is."""
    if len(name) <= _LONGEST_OF_PERSONS or not _CHINESE.search(name) or _PARTED.search(name):
        return True
    return name.rstrip("）)")[-1:] not in _ORGANISATIONS


def masked_number(number: str) -> str:
    """First 6 and last 4 digits."""
    return number if len(number) < 12 else f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
