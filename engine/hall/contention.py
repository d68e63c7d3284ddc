"""Where cases meet one another: the same application twice, and more applicants than places."""

from sqlalchemy import Connection

from engine.casework import Case, Command, CommandRefused
from engine.store import Search, cases_of_applicant, read_case, search_cases
from engine.store.counters import count_up
from engine.store.event_log import fold_case


def refuse_duplicate(connection: Connection, case: Case, command: Command) -> None:
    """Raises CommandRefused where the same applicant's same application is under way (查重).

    Facts that the matter names (`distinct`), such as the premises, make another one of it; so does
    a `duplicate_reason` in the body.
    """
    if command.body.get("duplicate_reason"):
        return
    number = str(case.applicant.get("id_number", ""))
    listed = cases_of_applicant(connection, number, on=command.day, matter=case.matter)
    for row in listed:
        other = fold_case(read_case(connection, row.id))
        if is_open(other) and other.terms.get("distinct") == case.terms.get("distinct"):
            raise CommandRefused(
                "duplicate",
                f"同一申请人的同一事项已有在办件 {other.number}；确需另行申请的，请说明理由",
                f"the same application is under way: {other.number}; give a reason to go on",
            )


def is_open(case: Case) -> bool:
    """Whether a case still waits for its decision."""
    return not case.outcome


def refuse_out_of_turn(connection: Connection, case: Case, command: Command) -> None:
    """Raises CommandRefused where a quota is used up, or somebody accepted earlier comes first.

    行政许可法第五十七条: by the order of acceptance; in the same second by number.
    """
    limit = case.terms.get("quota")
    is_grant = case.opinion is not None and case.opinion.outcome == "准予"
    if limit is None or command.do != "approve" or not is_grant:
        return
    # Whoever decides on the same quota at the same moment waits here until this is written.
    count_up(connection, f"quota:{case.region}:{case.matter}")
    others = _others(connection, case, command)
    granted = [other for other in others if other.outcome == "准予"]
    earlier = [o for o in others if is_open(o) and o.accepted_at and _turn(o) < _turn(case)]
    if len(granted) >= limit:
        raise CommandRefused(
            "quota-used-up",
            f"数量限制为 {limit}，已全部准予，本件不能再准予",
            f"all {limit} have been granted",
        )
    if len(granted) + len(earlier) >= limit:
        raise CommandRefused(
            "not-in-turn",
            f"数量限制为 {limit}，受理在先的 {earlier[0].number} 尚未决定，须按受理先后办理",
            f"{earlier[0].number} was accepted earlier and comes first",
        )


def _others(connection: Connection, case: Case, command: Command) -> list[Case]:
    """All other cases of the same matter in the same region."""
    found, after = [], ""
    search = Search(on=command.day, matters=(case.matter,), region=case.region)
    while True:
        page = search_cases(connection, search, limit=500, after=after)
        found += [row.id for row in page.rows if row.id != case.id]
        after = page.following
        if not after:
            break
    return sorted((fold_case(read_case(connection, one)) for one in found), key=_turn)


def _turn(case: Case) -> tuple[str, str]:
    accepted = case.accepted_at.replace(microsecond=0).isoformat() if case.accepted_at else "~"
    return accepted, case.number
