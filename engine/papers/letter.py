"""The letter that an applicant receives, composed from the decision alone.

A refusal always gives its reasons with their basis, and tells of 行政复议 and 行政诉讼.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.decision import Decision, NoticeLine, ObligationResult
from engine.definitions import Matter
from engine.papers import letter_texts as texts
from engine.papers.english import spoken_origin, spoken_status
from engine.papers.lines import spoken_line, spoken_remedy
from engine.papers.masking import presentable
from engine.papers.wording import spoken_period
from engine.prose import Language, Words, spoken_condition, spoken_day, spoken_value


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered line with what belongs to it: (label, text)."""

    text: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LetterTable:
    """Rows under `columns`; without `columns` each row is a label and its text, empty to be filled in."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LetterPart:
    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    table: LetterTable | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter in one language, before it becomes text or HTML."""

    language: Language
    title: str
    salutation: str
    opening: tuple[str, ...]
    parts: tuple[LetterPart, ...]
    signature: tuple[str, ...]
    number: str = ""  # the paper's own (文号), where it has one


def compose_letter(
    decision: Decision, language: Language = "zh", matter: Matter | None = None
) -> Letter:
    """The letter for any outcome. With `matter` it is signed, and names whom to ask or appeal to."""
    decision = presentable(decision)
    writer = _Writer(decision, language, matter)
    return Letter(
        language,
        writer.title(),
        writer.say(texts.DEAR, name=decision.applicant.name or writer.say(texts.NOBODY)),
        tuple(writer.opening()),
        tuple(part for part in writer.parts() if part.paragraphs or part.items),
        writer.signature(),
    )


_SOON_READ = 60  # characters; a longer rule is for the officer's view, not for a letter


class _Writer:
    """Says each thing once, in one language."""

    def __init__(self, decision: Decision, language: Language, matter: Matter | None) -> None:
        self.decision, self.language, self.matter = decision, language, matter
        self.criteria = {c.id: c for c in decision.criteria}
        self.effects = {c.id: c.effect for c in decision.criteria if c.status == "不满足"}
        self.effects |= {f.rule: f.effect for f in decision.findings}
        # What was found on entry explains the procedure, not the outcome.
        entry = {("finding", f.rule) for f in decision.findings if f.phase == "entry"}
        lines = (*decision.notice, *decision.reminders)
        self.about_path = tuple(n for n in lines if (n.kind, n.id) in entry)
        self.reminders = tuple(n for n in decision.reminders if n not in self.about_path)
        self.pending = {c.id for c in decision.criteria if c.status == "待核"}
        self.pending |= {m.id for m in decision.materials if m.status == "待核"}

    def say(self, words: Words, **values: object) -> str:
        return words.say(self.language).format(**values)

    def value(self, value: object, unit: str = "") -> str:
        return spoken_value(value, unit, self.language)

    def status(self, status: str) -> str:
        return spoken_status(status, self.language)

    def origin(self, origin: str) -> str:
        return spoken_origin(origin, self.language)

    # --- head and foot ---------------------------------------------------------------------

    @property
    def paper(self) -> str:
        """A filing is acknowledged, everything else decided."""
        if self.decision.outcome == "不予受理" or "备案" in self.decision.outcome_title:
            return "通知书"
        return "决定书"

    def title(self) -> str:
        words = texts.TITLES[self.decision.outcome]
        return self.say(words, outcome=self.decision.outcome_title, paper=self.paper)

    def opening(self) -> Iterator[str]:
        decision = self.decision
        yield self.say(
            texts.APPLIED,
            you=self.you,
            day=spoken_day(decision.on, self.language),
            matter=decision.title,
            path=decision.path_title,
            path_en=decision.path.replace("_", " "),
            reason=Words(decision.path_reason.zh, decision.path_reason.en).say(self.language),
        )
        committed = sum(c.committed for c in decision.criteria)
        yield self.say(
            texts.VERDICTS[decision.outcome],
            outcome=decision.outcome_title,
            which=self.say(texts.DECISIVE if self.reminders else texts.APPLICABLE),
            held=sum(c.status == "满足" and not c.committed for c in decision.criteria),
            pledged=self.say(texts.PLEDGED, count=committed) if committed else "",
            count=sum(n not in self.about_path for n in decision.notice),
        )

    @property
    def you(self) -> str:
        person = self.decision.applicant
        is_person = person.kind == "自然人" or "身份" in person.id_kind
        return "您" if is_person else "贵单位"

    def signature(self) -> tuple[str, ...]:
        organ = self.matter.organ if self.matter else ""
        return tuple(line for line in (organ, spoken_day(self.decision.on, self.language)) if line)

    # --- the body --------------------------------------------------------------------------

    def parts(self) -> Iterator[LetterPart]:
        if self.decision.outcome == "准予":
            yield self.benefits()
        else:
            yield from self.reasons()
        yield self.listed(self.say(texts.PATH), self.about_path)
        yield self.differences()
        yield self.materials()
        yield self.commitments()
        if self.decision.outcome == "准予":
            yield self.duties()
        yield self.listed(self.say(texts.REMINDERS), self.reminders)
        yield LetterPart(self.say(texts.NEXT), tuple(self.next_steps()))
        if self.decision.outcome in ("不予", "不予受理"):
            yield self.appeal()
        yield self.contact()

    def reasons(self) -> Iterator[LetterPart]:
        """Every line of the notice, what decided it first."""
        outcome = self.decision.outcome
        lines = [n for n in self.decision.notice if n not in self.about_path]
        deciding = {"不予": "refuse", "不予受理": "reject"}.get(outcome)
        first = [n for n in lines if deciding and self.effects.get(n.id) == deciding]
        pending = [n for n in lines if self.is_pending(n)]
        rest = [n for n in lines if n not in first and n not in pending]
        yield self.listed(self.say(texts.REASONS, outcome=outcome), first)
        yield self.listed(self.say(texts.ALSO_TO_CORRECT if first else texts.TO_CORRECT), rest)
        yield self.listed(self.say(texts.TO_VERIFY), pending)
        silent = (Words(r.zh, r.en).say(self.language) for r in self.decision.unreachable)
        items = tuple(Item(text) for text in silent)
        yield LetterPart(self.say(texts.SILENT), items=items)

    def is_pending(self, line: NoticeLine) -> bool:
        by_a_person = self.effects.get(line.id) == "review"
        return line.kind == "missing" or line.id in self.pending or by_a_person

    def listed(self, heading: str, lines: Iterable[NoticeLine]) -> LetterPart:
        return LetterPart(heading, items=tuple(map(self.line, lines)))

    def line(self, line: NoticeLine) -> Item:
        details: list[tuple[str, str]] = []
        if standard := self.standard(line):
            details.append((self.say(texts.REQUIRED), standard))
        if reads := self.values_read(line):
            details.append((self.say(texts.VALUES_READ), reads))
        details += self.cited(line.basis, line.is_verified)
        if remedy := spoken_remedy(line, self.decision, self.language):
            details.append((self.say(texts.REMEDY), remedy))
        text = spoken_line(line, self.decision, self.language)
        criterion = self.criteria.get(line.id)
        if line.kind == "criterion" and criterion is not None and criterion.status == "不满足":
            words = texts.TO_REVIEW if criterion.effect == "review" else texts.NOT_MET
            text = self.say(words, point=criterion.point)
        return Item(text, tuple(details))

    def cited(self, basis: tuple[str, ...], is_verified: bool) -> Iterator[tuple[str, str]]:
        if basis:
            doubt = texts.UNVERIFIED if len(basis) == 1 else texts.PARTLY_VERIFIED
            cited = self.say(texts.SEMICOLON).join(basis)
            yield self.say(texts.BASIS), cited + ("" if is_verified else self.say(doubt))

    def standard(self, line: NoticeLine) -> str:
        """The rule of a criterion in words, where it says more than the point and is soon read."""
        criteria = self.matter.criteria if self.matter and line.kind == "criterion" else ()
        require = next((c.require for c in criteria if c.id == line.id), "")
        if not require or self.matter is None or require in self.matter.facts:
            return ""
        said = spoken_condition(require, self.matter)
        return said.say(self.language) if len(said.zh) <= _SOON_READ else ""

    def label(self, name: str) -> str:
        """A fact as the rules in words call it."""
        fact = self.matter.facts.get(name) if self.matter else None
        return (fact.title if fact else None) or name

    def values_read(self, line: NoticeLine) -> str:
        criterion = self.criteria.get(line.id)
        if criterion is None or line.kind != "criterion":
            return ""
        said = (
            self.say(
                texts.VALUE,
                name=self.label(read.name),
                value=self.value(read.value, read.unit),
                source=self.origin(read.source),
            )
            for read in criterion.reads
            if read.value is not None
        )
        return self.say(texts.SEMICOLON).join(said)

    def differences(self) -> LetterPart:
        items = tuple(
            Item(
                self.say(
                    texts.DIFFERENCE,
                    name=d.name,
                    stated=self.value(d.stated),
                    recorded=self.value(d.recorded),
                    source=self.origin(d.source),
                )
            )
            for d in self.decision.differences
        )
        hint = (self.say(texts.CHOOSE),) if items else ()
        return LetterPart(self.say(texts.DIFFERENCES), hint, items)

    def materials(self) -> LetterPart:
        items = tuple(
            Item(self.say(texts.LABELLED, label=m.title, text=m.label or self.status(m.status)))
            for m in self.decision.materials
            if m.status in ("免提交", "已提交", "容缺后补")
        )
        return LetterPart(self.say(texts.MATERIALS), items=items)

    def commitments(self) -> LetterPart:
        covered = [m.title for m in self.decision.materials if m.status == "以承诺代替"]
        covered += [c.point for c in self.decision.criteria if c.committed]
        path = self.matter.paths.get("commitment") if self.matter else None
        warning = (path.consequence if path else None) or self.say(texts.KEEP_IT)
        items = tuple(Item(text) for text in covered)
        return LetterPart(self.say(texts.COMMITTED), (warning,) if items else (), items)

    def benefits(self) -> LetterPart:
        items = []
        for benefit in self.decision.benefits:
            amount = self.value(benefit.amount, benefit.unit)
            text = self.say(texts.LABELLED, label=benefit.title, text=amount)
            if benefit.starts is not None:
                text += self.say(texts.STARTS, day=self.value(benefit.starts))
            items.append(Item(text, tuple(self.cited(benefit.basis, benefit.is_verified))))
        return LetterPart(self.say(texts.BENEFITS), items=tuple(items))

    def duties(self) -> LetterPart:
        duties = self.decision.obligations
        is_provisional = any(duty.is_provisional and duty.due for duty in duties)
        why = (self.say(texts.WHY_PROVISIONAL),) if is_provisional else ()
        return LetterPart(self.say(texts.DUTIES), why, tuple(map(self.duty, duties)))

    def duty(self, duty: ObligationResult) -> Item:
        you = self.you if self.language == "zh" else "You"
        who = you if duty.by == "申请人" else self.say(texts.AUTHORITY)
        text = self.say(texts.LABELLED, label=who, text=duty.title)
        if duty.due is not None:
            until = texts.UNTIL_PROVISIONAL if duty.is_provisional else texts.UNTIL
            text += self.say(until, day=self.value(duty.due))
        return Item(text, tuple(self.cited(duty.basis, duty.is_verified)))

    def next_steps(self) -> Iterator[str]:
        """A day is named only where the time is running: it does from acceptance (行政许可法第42条)."""
        time = self.decision.time
        within = self.within(time.promise)
        match self.decision.outcome:
            case "补正":
                yield self.say(texts.HAND_IN)
                if within:
                    yield self.say(texts.AFTER_CORRECTION, within=within)
            case "待核":
                yield self.say(texts.WAIT)
                if time.promised_by is not None:
                    doubt = self.say(texts.PROVISIONAL) if time.is_provisional else ""
                    day = self.value(time.promised_by) + doubt
                    period = spoken_period(time.promise, self.language)
                    yield self.say(texts.PROMISED_BY, period=period, day=day)
                    if time.is_provisional:
                        yield self.say(texts.WHY_PROVISIONAL)
                elif within:
                    yield self.say(texts.AFTER_VERIFICATION, within=within)
            case "不予" | "不予受理":
                yield self.say(texts.AGAIN)

    def within(self, promise: str) -> str:
        """Within five working days; 当场 and 即办 are no length that something is done within."""
        period = spoken_period(promise, self.language) if promise else ""
        if not period or promise in ("当场", "即办"):
            return period
        return self.say(texts.WITHIN, period=period)

    def appeal(self) -> LetterPart:
        """60 natural days to reconsideration; the time to sue is not verified and left to the law."""
        guide = self.matter.guide if self.matter else None
        text = self.say(
            texts.APPEAL,
            paper=self.paper,
            body=(guide and guide.review_body) or self.say(texts.REVIEW_BODY),
            court=(guide and guide.court) or self.say(texts.COURT),
        )
        return LetterPart(self.say(texts.DISAGREE), (text,))

    def contact(self) -> LetterPart:
        if self.matter is None:
            return LetterPart("")
        guide = self.matter.guide
        rows = (
            (texts.PHONE, guide.phone),
            (texts.WINDOWS, self.say(texts.SEMICOLON).join(guide.windows)),
            (texts.HOURS, guide.hours),
            (texts.COMPLAINTS, guide.complaints),
        )
        lines = (
            self.say(texts.LABELLED, label=self.say(label), text=text)
            for label, text in rows
            if text
        )
        return LetterPart(self.say(texts.CONTACT), tuple(lines))
