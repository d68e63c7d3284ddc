"""Notices of a case (受理通知书, 一次性补正告知书 …), composed from NoticeData and the texts of their kind.

A notice that takes something away is not composed without its reasons, their basis, 行政复议 and 行政诉讼.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from string import Formatter

from engine.diagnostics import TongbanError
from engine.papers import letter_texts, notice_texts
from engine.papers.letter import Item, Letter, LetterPart, LetterTable
from engine.papers.masking import on_one_line, printable
from engine.papers.notice_data import NoticeData, NoticeItem, NoticeKind
from engine.papers.notice_texts import FORMS, LICENSING_LAW, NEEDED, NoticeForm
from engine.papers.wording import spoken_period
from engine.prose import Language, Words, spoken_day


class IncompleteNotice(TongbanError):
    """A notice lacks what it may not be without. `missing` are names of NoticeData's fields."""

    def __init__(self, title: Words, missing: tuple[str, ...]) -> None:
        said = (
            notice_texts.INCOMPLETE.say(language).format(
                title=title.say(language),
                missing=("、" if language == "zh" else ", ").join(
                    NEEDED[name].say(language) for name in missing
                ),
            )
            for language in ("zh", "en")
        )
        super().__init__(" / ".join(said))
        self.missing = missing


def compose_notice(kind: NoticeKind, data: NoticeData, language: Language = "zh") -> Letter:
    """The notice as a letter. Raises IncompleteNotice where the kind needs what `data` lacks."""
    form = FORMS[kind]
    data = _with_basis(form, data)
    if missing := tuple(_missing(form, data)):
        raise IncompleteNotice(form.title, missing)
    return _Composition(kind, form, _shown(data), language).letter()


def _shown(data: NoticeData) -> NoticeData:
    """Citizens' numbers masked; what the office numbers itself may look like one and is not."""
    plain = on_one_line(data)
    if data.shows_numbers:
        return plain
    own = {
        name: getattr(plain, name) for name in ("case_number", "number", "about_number", "licence")
    }
    return replace(printable(plain), **own)


def _with_basis(form: NoticeForm, data: NoticeData) -> NoticeData:
    if data.basis or not form.basis or data.matter_type != "行政许可":
        return data
    return replace(data, basis=(LICENSING_LAW + form.basis,))


def _missing(form: NoticeForm, data: NoticeData) -> Iterator[str]:
    yield from (name for name in form.needs if not _is_said(getattr(data, name)))
    # A reason may rest on the basis of the whole.
    if form.is_refusal and not data.basis and not all(item.basis for item in data.items):
        yield "item_basis"


def _is_said(value: object) -> bool:
    """A text of nothing but spaces and stops says nothing."""
    return bool(value.strip().rstrip("。.") if isinstance(value, str) else value)


class _Composition:
    """Says one notice in one language."""

    def __init__(
        self, kind: NoticeKind, form: NoticeForm, data: NoticeData, language: Language
    ) -> None:
        self.kind, self.form, self.data, self.language = kind, form, data, language
        self.known = {name: text for name, text in self.values() if text}

    def say(self, words: Words, **values: object) -> str:
        return words.say(self.language).format(**values)

    def letter(self) -> Letter:
        form, data = self.form, self.data
        signature = "" if form.is_form else data.organ
        return Letter(
            self.language,
            self.say(form.title),
            self.salutation(),
            tuple(self.sentences(form.opening)),
            tuple(part for part in self.parts() if part.paragraphs or part.items or part.table),
            tuple(line for line in (signature, self.day(data.on)) if line and not form.is_form),
            data.number,
        )

    def salutation(self) -> str:
        if self.form.is_form:
            return ""
        name = self.data.to_organ if self.form.is_for_organ else self.data.applicant.name
        return self.say(letter_texts.DEAR, name=name or self.say(letter_texts.NOBODY))

    # --- what sentences are filled with ----------------------------------------------------

    def values(self) -> Iterator[tuple[str, str]]:
        data = self.data
        for name in ("case_number", "matter", "reason", "consequence", "elsewhere", "stage",
                     "approver", "licence"):  # fmt: skip
            yield name, str(getattr(data, name)).strip().rstrip("。.")
        for name in ("applied_on", "accepted_on", "decided_on", "effective_on", "due",
                     "valid_from", "valid_to"):  # fmt: skip
            yield name, self.day(getattr(data, name))
        yield "you", "您" if data.applicant.is_person else "贵单位"
        yield "basis", self.cited(data.basis, data.is_verified)
        yield "period", spoken_period(data.period, self.language) if data.period else ""
        yield "count", str(len(data.items))
        yield "opinion_count", str(len(data.opinions))
        yield "party", self.party()

    def day(self, day: date | None) -> str:
        return spoken_day(day, self.language) if day else ""

    def party(self) -> str:
        party = self.data.applicant
        return f"{party.name} {party.id_number}".strip() or self.say(letter_texts.NOBODY)

    def cited(self, basis: tuple[str, ...], is_verified: bool) -> str:
        if not basis:
            return ""
        doubt = letter_texts.UNVERIFIED if len(basis) == 1 else letter_texts.PARTLY_VERIFIED
        said = self.say(letter_texts.SEMICOLON).join(basis)
        return said + ("" if is_verified else self.say(doubt))

    def sentences(self, every: tuple[Words, ...]) -> Iterator[str]:
        """Those of which everything they speak of is known."""
        provisional = self.say(notice_texts.PROVISIONAL) if self.data.is_provisional else ""
        for words in every:
            asked = {name for _, name, _, _ in Formatter().parse(words.zh) if name}
            if asked - {"provisional"} <= self.known.keys():
                yield self.say(words, **self.known, provisional=provisional)

    # --- the body --------------------------------------------------------------------------

    def parts(self) -> Iterator[LetterPart]:
        form, data = self.form, self.data
        if form.items.zh:
            yield LetterPart(self.say(form.items), items=tuple(map(self.item, data.items)))
        yield LetterPart(self.say(form.after_heading), tuple(self.sentences(form.after)))
        received = tuple(Item(title) for title in data.materials if form.lists_materials)
        yield LetterPart(self.say(notice_texts.MATERIALS), items=received)
        yield from self.tables()
        if form.is_refusal:
            yield self.appeal()
        if not form.is_form:
            yield LetterPart(self.say(letter_texts.CONTACT), tuple(self.contacts()))

    def item(self, item: NoticeItem) -> Item:
        details = (
            (letter_texts.BASIS, self.cited(item.basis, item.is_verified)),
            (letter_texts.REMEDY, self.say(item.remedy)),
            (notice_texts.DUE, self.day(item.due)),
        )
        said = tuple((self.say(label), text) for label, text in details if text)
        return Item(item.text.say(self.language), said)

    def appeal(self) -> LetterPart:
        """60 natural days, and six months that are still to be held against the law's text."""
        contacts = self.data.contacts
        text = self.say(
            notice_texts.APPEAL,
            body=contacts.review_body or self.say(letter_texts.REVIEW_BODY),
            court=contacts.court or self.say(letter_texts.COURT),
        )
        return LetterPart(self.say(letter_texts.DISAGREE), (text,))

    def contacts(self) -> Iterator[str]:
        contacts = self.data.contacts
        rows = (
            (letter_texts.PHONE, contacts.phone),
            (letter_texts.WINDOWS, self.say(letter_texts.SEMICOLON).join(contacts.windows)),
            (letter_texts.HOURS, contacts.hours),
            (letter_texts.COMPLAINTS, contacts.complaints),
        )
        for label, text in rows:
            if text:
                yield self.say(letter_texts.LABELLED, label=self.say(label), text=text)

    # --- tables ----------------------------------------------------------------------------

    def tables(self) -> Iterator[LetterPart]:
        match self.kind:
            case "opinions":
                yield LetterPart("", table=self.opinions())
            case "delivery_receipt":
                yield LetterPart("", table=self.blanks(self.delivery()))
            case "correction_receipt":
                yield LetterPart("", table=self.blanks(self.receipt()))
            case "assistance":
                yield LetterPart(self.say(notice_texts.ANSWER), table=self.answers())

    def blanks(self, rows: Iterator[tuple[Words, str]]) -> LetterTable:
        return LetterTable((), tuple((self.say(label), text) for label, text in rows))

    def delivery(self) -> Iterator[tuple[Words, str]]:
        data, texts = self.data, notice_texts
        yield texts.CASE, data.case_number
        yield texts.MATTER, data.matter
        yield texts.PAPER, f"{data.delivered} {data.about_number}".strip()
        yield texts.RECIPIENT, self.party()
        yield texts.METHOD, data.method
        yield texts.PLACE, ""
        yield texts.RECEIVED_ON, self.say(texts.DATE_BLANK)
        yield texts.SIGNED, ""
        yield texts.PROXY, ""
        yield texts.REFUSED, ""
        yield texts.SERVED_BY, ""
        yield texts.REMARKS, ""

    def receipt(self) -> Iterator[tuple[Words, str]]:
        data, texts = self.data, notice_texts
        yield texts.CASE, data.case_number
        yield texts.MATTER, data.matter
        yield texts.NOTICE_NUMBER, data.about_number
        yield texts.ITEM_COUNT, self.say(texts.ITEM_COUNT_VALUE, count=len(data.items))
        yield texts.RECEIVED_ON, self.say(texts.DATE_BLANK)
        yield texts.SIGNED_BY_APPLICANT, ""
        yield texts.PHONE, ""
        yield texts.REMARKS, ""

    def opinions(self) -> LetterTable:
        adopted = {
            True: notice_texts.ADOPTED,
            False: notice_texts.NOT_ADOPTED,
            None: notice_texts.UNDECIDED,
        }
        rows = (
            (str(number), o.organ, o.opinion, self.say(adopted[o.is_adopted]), o.reason)
            for number, o in enumerate(self.data.opinions, 1)
        )
        return LetterTable(tuple(map(self.say, notice_texts.OPINION_COLUMNS)), tuple(rows))

    def answers(self) -> LetterTable:
        """One row to be filled in for each question."""
        rows = tuple((str(number), "", "") for number, _ in enumerate(self.data.items, 1))
        by = (self.say(notice_texts.ANSWERED_BY), "", "")
        return LetterTable(tuple(map(self.say, notice_texts.ANSWER_COLUMNS)), (*rows, by))
