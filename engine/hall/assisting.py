"""What others tell of an application: materials that earlier cases hold, answers of departments.

None of it is the applicant's to say: keys that only officers fill are refused from outside.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from engine.casework import Case, Command, CommandRefused, submitted_materials
from engine.decision import OFFICIAL_KEYS
from engine.definitions import MaterialUse, Matter
from engine.store import cases_of_applicant, read_case
from engine.store.event_log import fold_case
from engine.workspace import Workspace

_LATEST = 20  # cases looked through: what is older is hardly of use


def refuse_official(application: Mapping[str, Any]) -> None:
    """Raises CommandRefused where an applicant states what only officers and earlier cases tell."""
    found = [name for name in OFFICIAL_KEYS if application.get(name)]
    if found:
        raise CommandRefused(
            "official-keys",
            f"“{'、'.join(found)}”由系统和部门填写，申请人不能提交，请去掉",
            f"{', '.join(found)}: not for applicants to state",
        )


def with_earlier(
    connection: Connection,
    workspace: Workspace,
    matter: Matter,
    application: Mapping[str, Any],
    command: Command,
) -> Mapping[str, Any]:
    """The application with what the same person's earlier cases hold already (上一环节已收).

    Only for materials that were not handed in anew and that others issued: what an applicant writes
    is written for one application.
    """
    person = application.get("applicant")
    number = str(person.get("id_number") or "") if isinstance(person, Mapping) else ""
    wanted = dict(_reusable(matter, submitted_materials(application)))
    if not number or not wanted:
        return application
    earlier: dict[str, Any] = {}
    for case in _cases(connection, number, command):
        for key, found in _held(workspace, case).items():
            if key in wanted and wanted[key] not in earlier:
                earlier[wanted[key]] = {**found, "case": case.number}
    return {**application, "earlier": earlier} if earlier else application


def _reusable(matter: Matter, handed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for material in matter.materials:
        if "earlier" in material.resolve and material.key not in handed:
            yield from ((name, material.key) for name in _names(matter, material))


def _names(matter: Matter, material: MaterialUse) -> Iterator[str]:
    """What makes two materials the same: the shared material, or the same one of the same matter."""
    if material.origin != "申请人自备":
        yield material.use or f"{matter.matter}.{material.key}"


def _cases(connection: Connection, number: str, command: Command) -> Iterator[Case]:
    """The person's own cases, the latest first: a number alone opens nobody's papers."""
    listed = cases_of_applicant(connection, number, on=command.day)
    for row in listed[:_LATEST]:
        case = fold_case(read_case(connection, row.id))
        if case.owner == command.actor.name:
            yield case


def _held(workspace: Workspace, case: Case) -> dict[str, dict[str, str]]:
    """By what makes it the same: name and digest of each material that a case has as a file."""
    file = workspace.find("matter", case.matter, case.on) if case.on else None
    if file is None:
        return {}
    assert case.on is not None
    matter = workspace.matter(case.matter, case.on, case.region)
    held = {}
    for key, given in submitted_materials(case.application).items():
        material = next((m for m in matter.materials if m.key == key), None)
        digest = str(given.get("digest") or "") if isinstance(given, Mapping) else ""
        if material is not None and digest:
            for name in _names(matter, material):
                held[name] = {"name": str(given.get("name") or ""), "digest": digest}
    return held
