"""Joint handling (并联): a lead department, and members that give their opinions side by side.

行政许可法第四十二条第二款: 45 days in all where several departments handle one licence together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from engine.casework.acceptance import serves
from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused, optional_text_in, text_in, yes_or_no_in

if TYPE_CHECKING:
    from engine.casework.case import Case

OnObjection = Literal["refuse", "consult"]


@dataclass(frozen=True, slots=True)
class JointPart:
    """One member's part: asked on a day, to answer within its own time."""

    department: str
    title: str
    within: str
    asked: date | None = None
    agrees: bool | None = None
    opinion: str = ""
    by: Actor | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """The parts, what an objection leads to, and the consultation (会商) where one was held."""

    lead: str
    parts: tuple[JointPart, ...]
    on_objection: OnObjection
    minutes: str = ""
    agreed: bool | None = None

    @property
    def waiting(self) -> tuple[JointPart, ...]:
        return tuple(part for part in self.parts if part.agrees is None)

    @property
    def objections(self) -> tuple[JointPart, ...]:
        return tuple(part for part in self.parts if part.agrees is False)


def joint_of(terms: Mapping[str, Any]) -> Joint | None:
    """What the terms of a case say of joint handling; None where one department handles it alone."""
    told = terms.get("joint")
    if not told:
        return None
    parts = tuple(
        JointPart(member["department"], member["title"], member["within"])
        for member in told["members"]
    )
    return Joint(told["lead"], parts, told["on_objection"])


def ask_members(joint: Joint | None, day: date) -> Joint | None:
    """All members are asked at once, on the day of acceptance."""
    if joint is None:
        return None
    return replace(joint, parts=tuple(replace(part, asked=day) for part in joint.parts))


def _give_opinion(case: "Case", event: Event) -> "Case":
    assert case.joint is not None
    body = event.body
    parts = tuple(
        replace(
            part,
            agrees=body["agrees"],
            opinion=body["opinion"],
            by=event.actor,
            day=event.day,
        )
        if part.department == body["department"]
        else part
        for part in case.joint.parts
    )
    return replace(case, joint=replace(case.joint, parts=parts))


def _consult(case: "Case", event: Event) -> "Case":
    assert case.joint is not None
    body = event.body
    return replace(case, joint=replace(case.joint, minutes=body["minutes"], agreed=body["agreed"]))


CHANGES = {"give_opinion": _give_opinion, "consult": _consult}


def part_of(case: "Case", actor: Actor, department: str = "") -> JointPart | None:
    """The part that somebody's department still has to answer."""
    for part in case.joint.waiting if case.joint else ():
        if serves(actor, part.department) and department in ("", part.department):
            return part
    return None


def _member(case: "Case", command: Command) -> None:
    department = optional_text_in(command, "department", "部门", "the department")
    if part_of(case, command.actor, department) is None:
        raise CommandRefused(
            "no-part",
            "本件没有待你部门提出的意见",
            "this case waits for no opinion of your department",
        )


def _objected(case: "Case", command: Command) -> None:
    joint = case.joint
    if joint is None or joint.waiting or not joint.objections or joint.on_objection != "consult":
        raise CommandRefused(
            "nothing-to-consult",
            "各部门意见到齐且有部门不同意时，才能会商",
            "a consultation follows when all have answered and one objects",
        )


def _joint_settled(case: "Case", command: Command) -> None:
    """The lead reviews when all have answered; an objection refuses, or is consulted about."""
    joint = case.joint
    if joint is None:
        return
    if joint.waiting:
        names = "、".join(part.department for part in joint.waiting)
        raise CommandRefused(
            "opinions-missing",
            f"尚待{names}提出意见",
            f"opinions are still missing: {names}",
        )
    if not joint.objections:
        return
    if joint.on_objection == "consult" and joint.agreed is None:
        raise CommandRefused(
            "not-consulted", "有部门不同意，须先会商", "a department objects: consult first"
        )
    if not joint.agreed and command.body.get("outcome") == "准予":
        names = "、".join(part.department for part in joint.objections)
        raise CommandRefused(
            "objected",
            f"{names}不同意，不能准予",
            f"{names}: objected, so it cannot be granted",
        )


NEEDS = {"member": _member, "objected": _objected, "joint_settled": _joint_settled}


def _record_opinion(case: "Case", command: Command) -> Mapping[str, Any]:
    department = optional_text_in(command, "department", "部门", "the department")
    part = part_of(case, command.actor, department)
    assert part is not None
    return {
        "department": part.department,
        "agrees": yes_or_no_in(command, "agrees", "是否同意", "whether it agrees"),
        "opinion": text_in(command, "opinion", "意见", "the opinion"),
    }


def _record_consultation(case: "Case", command: Command) -> Mapping[str, Any]:
    return {
        "agreed": yes_or_no_in(command, "agreed", "会商是否同意", "whether they agreed"),
        "minutes": text_in(command, "minutes", "会商纪要", "the minutes"),
    }


RECORDS = {"give_opinion": _record_opinion, "consult": _record_consultation}
