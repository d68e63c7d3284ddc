"""Correction (补正): one notice with everything in it, and what the applicant then supplies.

行政许可法第三十二条第一款第四项. A later notice may hold what was told before and what the supply
itself caused; anything else shows a yellow card and must be accounted for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.casework.acceptance import notice_of
from engine.casework.cards import show
from engine.casework.events import Actor, Command, Event
from engine.casework.refusals import CommandRefused, mapping_in, optional_text_in

if TYPE_CHECKING:
    from engine.casework.case import Case

_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: its lines as JSON (`kind`, `id`, `text`, `basis`, `remedy`), by when, by whom."""

    lines: tuple[Mapping[str, Any], ...]
    outside: tuple[Mapping[str, Any], ...]  # lines that an earlier notice should have held
    reason: str
    within: str
    day: date
    by: Actor


@dataclass(frozen=True, slots=True)
class Supply:
    """What the applicant handed in after a notice: names of facts, ids of materials."""

    facts: tuple[str, ...]
    materials: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Correction:
    """Notices and supplies in the order in which they came."""

    notices: tuple[Notice, ...] = ()
    supplies: tuple[Supply, ...] = ()
    since_notice: tuple[Supply, ...] = field(default=())  # supplied after the last notice

    @property
    def told(self) -> frozenset[tuple[str, str]]:
        """Whatever any notice has said, by kind and id."""
        return frozenset(_key(line) for notice in self.notices for line in notice.lines)


def _key(line: Mapping[str, Any]) -> tuple[str, str]:
    return line["kind"], line["id"]


def next_notice(
    case: "Case", extra: Iterable[Mapping[str, Any]] = ()
) -> tuple[Mapping[str, Any], ...]:
    """The lines that a notice would hold now: all that the evaluation found, then the clerk's own."""
    return (*notice_of(case), *extra)


def lines_outside(
    case: "Case", lines: Iterable[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """The lines that neither an earlier notice held nor the supply since then caused."""
    correction = case.correction
    if not correction.notices:
        return ()
    told = correction.told
    return tuple(line for line in lines if _key(line) not in told and not _is_caused(case, line))


def _is_caused(case: "Case", line: Mapping[str, Any]) -> bool:
    """Whether what was supplied since the last notice can have brought this defect about."""
    supplies = case.correction.since_notice
    materials = {name for supply in supplies for name in supply.materials}
    facts = {name for supply in supplies for name in supply.facts}
    kind, identity = _key(line)
    if kind == "criterion":
        return not facts.isdisjoint(_facts_read(case, identity))
    if kind == "extra":
        return line.get("caused_by", "") in materials | facts
    if kind == "finding":
        return bool(materials or facts)
    return identity in materials or identity in facts


def _facts_read(case: "Case", criterion: str) -> set[str]:
    for result in case.decision.get("criteria", ()):
        if result["id"] == criterion:
            return {read["name"] for read in result["reads"]}
    return set()


# --- what happened ---------------------------------------------------------------------------


def _ask(case: "Case", event: Event) -> "Case":
    body = event.body
    notice = Notice(
        tuple(body["lines"]),
        tuple(body["outside"]),
        body["reason"],
        body["within"],
        event.day,
        event.actor,
    )
    correction = replace(
        case.correction, notices=(*case.correction.notices, notice), since_notice=()
    )
    asked = replace(case, correction=correction, handlers=(*case.handlers, event.actor))
    if not notice.outside:
        return asked
    zh = f"第 {len(correction.notices)} 次告知补正，要求了前次告知书以外的内容；理由：{notice.reason}"
    en = "a later notice asks for what the earlier one should have held"
    return show(asked, event, "yellow", "second-notice", zh, en)


def _supply(case: "Case", event: Event) -> "Case":
    body = event.body
    application = dict(case.application)
    application["facts"] = {**application.get("facts", {}), **body["facts"]}
    application["materials"] = {**submitted_materials(application), **body["materials"]}
    for name in ("path", "commitments"):
        if name in body:
            application[name] = body[name]
    supply = Supply(tuple(sorted(body["facts"])), tuple(sorted(body["materials"])), event.day)
    correction = replace(
        case.correction,
        supplies=(*case.correction.supplies, supply),
        since_notice=(*case.correction.since_notice, supply),
    )
    moved = replace(case, application=MappingProxyType(application), correction=correction)
    # What a notice asked for begins the five days anew (行政许可法第32条), before acceptance.
    if body["is_asked"] and case.accepted_at is None:
        since = {**moved.since, "received": event.day}
        moved = replace(moved, since=since, received_at=event.at)
    return moved


def submitted_materials(application: Mapping[str, Any]) -> dict[str, Any]:
    """By id; an application may list the ids alone."""
    given = application.get("materials") or {}
    return dict(given) if isinstance(given, Mapping) else {name: {} for name in given}


CHANGES = {"ask_correction": _ask, "supply": _supply}

# --- what must hold --------------------------------------------------------------------------


def _correctable(case: "Case", command: Command) -> None:
    """There is something to tell; and a later notice tells no news without a reason."""
    lines = next_notice(case, _extra_lines(command))
    if not lines:
        raise CommandRefused(
            "nothing-to-correct", "没有须补正的内容", "there is nothing to correct"
        )
    outside = lines_outside(case, lines)
    if outside and not optional_text_in(command, "reason", "理由", "the reason"):
        named = "；".join(line["text"]["zh"] for line in outside)
        raise CommandRefused(
            "second-notice",
            f"前次告知书没有告知这些内容：{named}。确须补正的，请说明理由，并将记黄牌",
            "an earlier notice did not hold all of this: give a reason, and a yellow card is shown",
        )


def _not_judged(case: "Case", command: Command) -> None:
    """A judgement is a reviewer's, never the applicant's own."""
    refuse_judged(case.judged, mapping_in(command, "facts", "填报内容", "facts"))


def refuse_judged(judged: Iterable[str], facts: Mapping[str, Any]) -> None:
    """Raises CommandRefused where an applicant states what an officer has to judge."""
    found = sorted(set(judged) & set(facts))
    if found:
        names = "、".join(found)
        raise CommandRefused(
            "judged-by-officers",
            f"“{names}”由审查人员判断，不由申请人填写，请去掉",
            f"{', '.join(found)}: judged by the reviewer, not stated by the applicant",
        )


def _supplies_something(case: "Case", command: Command) -> None:
    facts = mapping_in(command, "facts", "填报内容", "facts")
    materials = mapping_in(command, "materials", "材料", "materials")
    if not facts and not materials and not {"path", "commitments"} & set(command.body):
        raise CommandRefused(
            "incomplete", "请补充内容或材料", "supply at least one fact or material"
        )


NEEDS = {
    "correctable": _correctable,
    "not_judged": _not_judged,
    "supplies_something": _supplies_something,
}

# --- what is recorded ------------------------------------------------------------------------


def _record_notice(case: "Case", command: Command) -> Mapping[str, Any]:
    lines = next_notice(case, _extra_lines(command))
    return {
        "lines": [dict(line) for line in lines],
        "outside": [dict(line) for line in lines_outside(case, lines)],
        "reason": optional_text_in(command, "reason", "理由", "the reason"),
        "within": case.times.get("supply", ""),
    }


def _extra_lines(command: Command) -> list[dict[str, Any]]:
    """What a clerk adds to what the rules found: `extra: [{text, basis, remedy, caused_by}]`."""
    given = command.body.get("extra") or ()
    if not isinstance(given, list | tuple) or len(given) > _MOST_LINES:
        raise CommandRefused(
            "incomplete", "另行告知的内容（extra）应为列表", "extra must be a list"
        )
    return [_extra_line(number, entry) for number, entry in enumerate(given, 1)]


def _extra_line(number: int, entry: Any) -> dict[str, Any]:
    known = ("text", "basis", "remedy", "caused_by")
    texts = {name: entry.get(name, "") if isinstance(entry, Mapping) else "" for name in known}
    is_whole = all(isinstance(texts[n], str) for n in known) and all(
        texts[n].strip() for n in ("text", "basis", "remedy")
    )
    if not is_whole:
        raise CommandRefused(
            "incomplete",
            f"另行告知的第 {number} 项须写明内容（text）、依据（basis）和补正办法（remedy）",
            f"line {number} of extra needs text, basis and remedy",
        )
    return {
        "kind": "extra",
        "id": texts["text"].strip(),
        "text": {"zh": texts["text"].strip(), "en": texts["text"].strip()},
        "basis": [texts["basis"].strip()],
        "remedy": texts["remedy"].strip(),
        "caused_by": texts["caused_by"].strip(),
        "is_verified": False,
    }


def _record_supply(case: "Case", command: Command) -> Mapping[str, Any]:
    asked = case.correction
    body = {
        "facts": dict(mapping_in(command, "facts", "填报内容", "facts")),
        "materials": dict(mapping_in(command, "materials", "材料", "materials")),
        "is_asked": bool(asked.notices) and not asked.since_notice,
    }
    return body | {
        n: command.body[n] for n in ("path", "commitments", "signed") if n in command.body
    }


RECORDS = {"ask_correction": _record_notice, "supply": _record_supply}
