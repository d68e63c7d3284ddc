"""Result licences (结果证照): made from what was decided, numbered, printed and sealed.

Issuing is an act of an officer and one event; the sealed paper follows as an event of its own, so
that a licence is never numbered twice because a seal could not be put on it.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.casework import (
    Case,
    Command,
    CommandRefused,
    IssuedLicence,
    licence_to_json,
)
from engine.clock import Period, anniversary
from engine.decision import licence_fields, to_plain
from engine.definitions import LicenceType, Matter
from engine.store.attachments import keep_attachment
from engine.store.counters import count_up

if TYPE_CHECKING:
    from engine.hall.hall import Hall
    from engine.papers.licence_paper import LicencePaper

_NUMBERING = "{region}{year}{serial}"


def with_licence(hall: "Hall", case: Case, command: Command) -> Command:
    """The command to issue, with the licence to be issued. Raises CommandRefused.

    The serial number is taken at once: should the case be moved on meanwhile, it stays unused.
    """
    if case.outcome != "准予" or case.results:
        return _bringing(command, {"licence": {}})  # refused by the flow, with its own words
    kind, matter = _kind_of(hall, case)
    if not kind.code or not matter.department_code:
        what = f"证照类型“{kind.title}”的代码" if not kind.code else "承办部门的统一社会信用代码"
        raise CommandRefused(
            "cannot-number",
            f"没有写明{what}，不能编制电子证照标识；请在定义中补上",
            "the code of the licence type or of the department is not defined: no identifier",
        )
    name = f"licence:{kind.code}:{matter.department_code}:{command.day.year}"
    with hall.database.write() as connection:
        serial = count_up(connection, name)
    licence = make_licence(case, matter, kind, command.day, serial)
    fields = to_plain(licence_fields(hall.definitions(case), case.decision))
    return _bringing(command, {"licence": {**licence_to_json(licence), "fields": fields}})


def _kind_of(hall: "Hall", case: Case) -> tuple[LicenceType, Matter]:
    if not case.licence_due:
        raise CommandRefused(
            "no-licence", "本事项不发证照，可直接办结", "this matter issues no licence"
        )
    workspace = hall.definitions(case)
    assert case.on is not None  # a case that was folded has its day
    matter = workspace.matter(case.matter, case.on, case.region)
    return workspace.licence(case.licence_due, case.on), matter


def _bringing(command: Command, body: dict[str, Any]) -> Command:
    return Command(command.do, command.actor, command.at, body, command.key)


def make_licence(
    case: Case, matter: Matter, kind: LicenceType, day: date, serial: int
) -> IssuedLicence:
    """The licence of a granted case, issued on a day; its fields are still empty."""
    from engine.papers.identifiers import licence_identifier

    assert kind.code is not None
    assert matter.department_code is not None
    number = kind.numbering or _NUMBERING
    words = {"region": case.region[:6], "year": f"{day.year}", "serial": f"{serial:06}"}
    for name, word in words.items():
        number = number.replace("{" + name + "}", word)
    written = f"{day.year}{serial:06}"
    return IssuedLicence(
        type=kind.licence,
        title=kind.title,
        number=number,
        identifier=licence_identifier(kind.code, matter.department_code, written),
        holder_name=str(case.applicant.get("name", "")),
        holder_id=str(case.applicant.get("id_number", "")),
        issued_on=day,
        valid_until=last_day(day, matter.result.valid or kind.valid),
        issuer_name=case.department,
        issuer_id=matter.department_code,
        region=case.region,
    )


def last_day(issued_on: date, within: str | None) -> date | None:
    """The last day of validity: four years from the 23rd end with the 22nd. None for no end."""
    if within is None:
        return None
    return anniversary(issued_on, Period.parse(within)) - timedelta(days=1)


# --- the sealed paper ------------------------------------------------------------------------


def with_paper(hall: "Hall", case: Case, command: Command) -> Command:
    """The command to seal, with the paper's digest; the paper is kept with the case before."""
    named = command.body.get("identifier")
    licence = next((r for r in case.results if r.identifier == named and not r.paper), None)
    if licence is None:
        return _bringing(command, {"identifier": named, "paper": ""})
    from engine.papers.licence_paper import licence_pdf
    from engine.papers.seals import seal_pdf

    organ = hall.seals.seal_of(licence.issuer_name, command.at)
    paper = licence_pdf(_paper_of(hall, case, licence, is_demo=organ.is_demo), command.at)
    reason = f"{licence.title} {licence.number}"
    sealed = seal_pdf(paper, organ.seal, command.at, reason=reason)
    with hall.database.write() as connection:
        kept = keep_attachment(
            connection,
            sealed,
            f"{licence.title}-{licence.number}.pdf",
            owner=case.owner,
            at=command.at,
            case=case.id,
        )
    return _bringing(command, {"identifier": named, "paper": kept.digest})


def _paper_of(hall: "Hall", case: Case, licence: IssuedLicence, *, is_demo: bool) -> "LicencePaper":
    from engine.papers.licence_paper import LicencePaper

    assert case.on is not None
    kind = hall.definitions(case).licence(licence.type, case.on)
    shown = ((shape.title or name, licence.fields.get(name)) for name, shape in kind.fields.items())
    return LicencePaper(
        title=licence.title,
        number=licence.number,
        identifier=licence.identifier,
        holder=licence.holder_name,
        holder_number=licence.holder_id,
        fields=tuple((label, _told(value)) for label, value in shown if value is not None),
        issuer=licence.issuer_name,
        issued_on=licence.issued_on,
        valid_from=licence.issued_on,
        valid_to=licence.valid_until,
        verify_url=hall.verification_url(licence.identifier),
        is_demo=is_demo,
    )


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_told(entry) for entry in value)
    return str(value)


# What the hall adds to a command before it is carried out: nobody else may bring it.
MAKING = {"issue": with_licence, "seal": with_paper}
