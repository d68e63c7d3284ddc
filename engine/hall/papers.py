"""The papers of a case (文书), each composed from the event that it tells of: nothing is typed twice."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.casework import Case, Event, advance
from engine.decision import replay
from engine.decision.citations import cite
from engine.definitions import Matter
from engine.papers.letter import Letter, LetterPart, compose_letter
from engine.papers.notice_data import (
    NoticeData,
    NoticeItem,
    NoticeKind,
    Party,
    contacts_of,
    notice_items,
)
from engine.papers.notice_texts import FORMS
from engine.papers.notices import compose_notice
from engine.prose import Language, Words, spoken_day
from engine.store.attachments import stream_content

if TYPE_CHECKING:
    from engine.hall.hall import Hall

_RECEIPT = Words("申请材料接收凭证", "Receipt for an application")
_DECISION = Words("决定文书", "Decision")
_CITIZEN = "公民身份号码"
# Event → the paper that tells of it.
_NOTICES: Mapping[str, NoticeKind] = {
    "accept": "acceptance",
    "deem_accepted": "deemed_accepted",
    "ask_correction": "correction",
    "confirm_decline": "non_acceptance",
    "start_special": "special_procedure",
    "extend": "extension",
    "withdraw": "withdrawal",
    "deem_withdrawn": "deemed_withdrawn",
    "lapse": "deemed_withdrawn",
    "deem_granted": "deemed_renewed",
    "find_unfulfilled": "rectification",
    "find_false": "revocation",
    "revoke_unrectified": "revocation",
    "revoke": "revocation",
}
_DECIDING = frozenset({"approve", "decide_by_rule"})
_COUNTED_AS_WITHDRAWN = Words("视为撤回申请，可以再次申请", "the application counts as withdrawn")
_REVIEWED_AS_IT_IS = Words("按已有材料继续审查", "it is reviewed with what there is")
# Why an application ended though nobody withdrew it.
_LATE: Mapping[str, Words] = {
    "deem_withdrawn": Words("没有在期限内补正", "the corrections were not handed in in time"),
    "lapse": Words("容缺材料没有在期限内补齐", "what was to follow was not handed in in time"),
}
# 行政许可法第六十九条第四款
_NOT_PROTECTED = Words(
    "基于该决定取得的利益不受保护", "what was gained by the decision is not protected"
)


@dataclass(frozen=True, slots=True)
class CasePaper:
    """One paper: the number of the event that it tells of, its title, and the moment."""

    number: int
    title: Words
    at: datetime


def papers_of(hall: "Hall", case_id: str) -> tuple[CasePaper, ...]:
    """Every paper of a case, the first one first. Raises KeyError."""
    found = []
    for recorded in hall.history(case_id):
        title = _title(recorded.event)
        if title is not None:
            found.append(CasePaper(recorded.number, title, recorded.event.at))
    return tuple(found)


def compose_paper(
    hall: "Hall", case_id: str, number: int, language: Language = "zh"
) -> tuple[Letter, datetime]:
    """The paper that tells of an event, as of that event, with its moment.

    Raises KeyError for an event that has none, and IncompleteNotice.
    """
    case: Case | None = None
    history = hall.history(case_id)
    for recorded in history:
        event = recorded.event
        case = advance(case, event)
        if recorded.number == number and _title(event) is not None:
            # What is evaluated in the turn of its receipt says which materials count.
            for following in history[number : number + 1] if event.kind == "submitted" else ():
                case = advance(case, following.event)
            return _Writer(hall, case, event, language).letter(), event.at
    raise KeyError(number)


def licence_paper_of(hall: "Hall", case: Case) -> bytes:
    """The sealed PDF of the last licence that a case issued. Raises KeyError where it has none."""
    papers = [licence.paper for licence in case.results if licence.paper]
    if not papers:
        raise KeyError(case.id)
    with hall.database.read() as connection:
        return b"".join(stream_content(connection, papers[-1]))


def _title(event: Event) -> Words | None:
    kind = event.kind
    if kind == "submitted":
        return _RECEIPT
    if kind == "start_special" and not event.body["stops_clock"]:
        return None  # the law has a paper for what is not counted only
    if kind in _DECIDING:
        return _DECISION
    return FORMS[_NOTICES[kind]].title if kind in _NOTICES else None


class _Writer:
    """Writes the paper of one event; `case` is how the event left it."""

    def __init__(self, hall: "Hall", case: Case, event: Event, language: Language) -> None:
        self.hall, self.case, self.event, self.language = hall, case, event, language
        day = case.on or event.day
        self.matter: Matter = hall.definitions(case).matter(case.matter, day, case.region)
        self.clock = hall.clock(case, event.day)

    def letter(self) -> Letter:
        kind = self.event.kind
        if kind == "submitted":
            return self._receipt()
        if kind in _DECIDING:
            return self._decision()
        add = _ADDITIONS.get(kind)
        return compose_notice(
            _NOTICES[kind], add(self, self._data()) if add else self._data(), self.language
        )

    def _decision(self) -> Letter:
        """Signed by the organ that decided, on the day it did: rules are read as of an earlier one."""
        again = replay(self.hall.definitions(self.case), self.case.decision)
        letter = compose_letter(again.decision, self.language, self.matter)
        number = self._say("办件编号：{}", "Case: {}", self.case.number)
        return replace(
            letter,
            opening=(*letter.opening, number),
            signature=(self.case.department, spoken_day(self.event.day, self.language)),
        )

    def _data(self) -> NoticeData:
        case, since, applicant = self.case, self.case.since, self.case.applicant
        is_person = applicant.get("id_kind") == _CITIZEN
        return NoticeData(
            case_number=case.number,
            matter=case.title,
            organ=case.department,
            applicant=Party(
                str(applicant.get("name", "")), str(applicant.get("id_number", "")), is_person
            ),
            on=self.event.day,
            matter_type=self.matter.type,
            applied_on=case.stays[0].from_ if case.stays else since.get("received"),
            accepted_on=since.get("accepted"),
            decided_on=since.get("decided"),
            contacts=contacts_of(self.matter),
        )

    def _basis(self) -> dict[str, Any]:
        """The law that the flow itself names for what happened."""
        named = [m for m in self.hall.flow(self.case).moves if m.do == self.event.kind and m.basis]
        cited = [cite(move.basis) for move in named[:1]]
        texts = tuple(text for one in cited for text in one.texts)
        return {"basis": texts, "is_verified": all(one.is_verified for one in cited)}

    def _materials(self) -> tuple[str, ...]:
        """What came; what the system would make of the form only where the case needs it."""
        handed_in = self.case.application.get("materials") or {}
        found = self.case.decision.get("materials", ())
        idle = {material["id"] for material in found if material["status"] == "不需要"}
        return tuple(
            use.title or use.key
            for use in self.matter.materials
            if use.key in handed_in and not (use.generated and use.key in idle)
        )

    # --- what each kind says beyond that -------------------------------------------------------

    def acceptance(self, data: NoticeData) -> NoticeData:
        promise = self.clock.promise
        return replace(
            data,
            materials=self._materials(),
            period=self.case.times.get("promise", ""),
            due=promise.due if promise else None,
            is_provisional=self.clock.is_provisional,
            effective_on=self.case.since.get("accepted"),
        )

    def correction(self, data: NoticeData) -> NoticeData:
        # What was accepted is reviewed as it stands; only before that does it count as withdrawn.
        late = _REVIEWED_AS_IT_IS if self.case.accepted_at else _COUNTED_AS_WITHDRAWN
        return replace(
            data,
            items=notice_items(self.event.body["lines"]),
            due=self.clock.correct_by,
            is_provisional=self.clock.is_provisional,
            materials=self._materials(),
            consequence=late.say(self.language),
        )

    def non_acceptance(self, data: NoticeData) -> NoticeData:
        decline = self.case.decline
        assert decline is not None
        own = NoticeItem(
            Words(decline.reason, decline.reason),
            (decline.basis,),
            remedy=Words(decline.apply_to, decline.apply_to),
        )
        return replace(data, items=notice_items(decline.lines) or (own,))

    def special_procedure(self, data: NoticeData) -> NoticeData:
        special = self.case.specials[-1]
        return replace(
            data, stage=special.title, period=special.within, effective_on=special.started
        )

    def extension(self, data: NoticeData) -> NoticeData:
        extension, promise = self.case.extension, self.clock.promise
        assert extension is not None
        return replace(
            data,
            reason=extension.reason,
            period=extension.within,
            due=promise.due if promise else None,
            is_provisional=self.clock.is_provisional,
            approver=extension.approved_by,
        )

    def ending(self, data: NoticeData) -> NoticeData:
        late = _LATE.get(self.event.kind)
        given = str(self.event.body.get("reason", ""))
        return replace(
            data,
            reason=late.say(self.language) if late else given,
            effective_on=self.event.day,
            **self._basis(),
        )

    def rectification(self, data: NoticeData) -> NoticeData:
        due = date.fromisoformat(self.event.body["due"])
        then = Words("撤销该决定", "the decision is revoked").say(self.language)
        return replace(self._found(data), due=due, consequence=then)

    def revocation(self, data: NoticeData) -> NoticeData:
        is_deceit = self.event.body["ground"] in ("false_commitment", "deceit")
        lost = _NOT_PROTECTED.say(self.language) if is_deceit else ""
        return replace(self._found(data), effective_on=self.event.day, consequence=lost)

    def _found(self, data: NoticeData) -> NoticeData:
        """With what was found of what was granted, by which law."""
        basis = self._basis()
        reasons = Words(self.event.body["reasons"], self.event.body["reasons"])
        item = NoticeItem(reasons, basis["basis"], basis["is_verified"])
        licences = "、".join(f"{r.title} {r.number}" for r in self.case.results)
        return replace(data, items=(item,), licence=licences, **basis)

    def _receipt(self) -> Letter:
        say = self._say
        lines = [
            say("办件编号：{}", "Case: {}", self.case.number),
            say("事项：{}", "Matter: {}", self.case.title),
            say("承办部门：{}", "Handled by: {}", self.case.department),
        ]
        notice_by = self.clock.notice_by
        if notice_by is not None:
            lines.append(
                say(
                    "最迟{}（含当日）告知是否受理或者需要补正的全部内容；逾期不告知的，自收到之日起即为受理。",
                    "You will be told by {} whether it is accepted or what to correct; if not, it counts "
                    "as accepted from the day it was received.",
                    spoken_day(notice_by, self.language),
                )
            )
        handed_in = tuple(f"{n}. {title}" for n, title in enumerate(self._materials(), 1))
        parts = (
            LetterPart(say("收到的材料", "Materials received"), handed_in),
            LetterPart(say("如何查询", "How to follow it"), tuple(self._how_to_ask())),
        )
        name = str(self.case.applicant.get("name", ""))
        return Letter(
            self.language,
            _RECEIPT.say(self.language),
            say("{}：", "Dear {},", name),
            (say("您的申请已收到。", "Your application was received."), *lines),
            tuple(part for part in parts if part.paragraphs),
            (self.case.department, spoken_day(self.event.day, self.language)),
        )

    def _how_to_ask(self) -> Iterator[str]:
        yield self._say(
            "登录后在“我的办件”查看；也可凭办件编号和查询码查询。",
            "Sign in and see “my cases”, or ask with the case number and the query code.",
        )
        phone = self.matter.guide.phone
        if phone:
            yield self._say("咨询电话：{}", "Phone: {}", phone)

    def _say(self, zh: str, en: str, *values: object) -> str:
        return Words(zh, en).say(self.language).format(*values)


_ADDITIONS: Mapping[str, Callable[[_Writer, NoticeData], NoticeData]] = {
    "accept": _Writer.acceptance,
    "deem_accepted": _Writer.acceptance,
    "ask_correction": _Writer.correction,
    "confirm_decline": _Writer.non_acceptance,
    "start_special": _Writer.special_procedure,
    "extend": _Writer.extension,
    "withdraw": _Writer.ending,
    "deem_withdrawn": _Writer.ending,
    "lapse": _Writer.ending,
    "deem_granted": _Writer.ending,
    "find_unfulfilled": _Writer.rectification,
    "find_false": _Writer.revocation,
    "revoke_unrectified": _Writer.revocation,
    "revoke": _Writer.revocation,
}
