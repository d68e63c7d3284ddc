"""Every application that a matter admits, as variables: facts, applicant, materials, commitments.

Variables go by the names and types of what they stand for, so two versions speak of one case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

import z3

from engine.decision.program import APPLICANT, Program
from engine.definitions import Shape
from engine.hooks import CreditRecord
from engine.proof.domains import Domain, Span, domains_of
from engine.proof.encoding import Encoding
from engine.proof.encoding_dates import LAST_DAY_NUMBER
from engine.proof.terms import NO, OTHER, YES, Formula, Term, both, either, term_of

# What the applicant is asked about himself, by the keys of an application.
PERSON = {
    "name": "名称",
    "id_kind": "证件类型",
    "id_number": "证件号码",
    "kind": "主体类型",
    "agent": "代理人",
}
_NEEDED = ("名称", "证件号码", "主体类型")
_FREE_DIGITS = 30  # the most that an application may write before the point


@dataclass
class Case:
    """One application: terms by fact, and what else it carries.

    `limits` holds of every admissible application; `complete` holds where nothing asked is missing.
    `grade` is the credit grade that a register gives the applicant, where cases may have one.
    """

    facts: dict[str, Term] = field(default_factory=dict)
    applicant: Term = field(default_factory=lambda: Term("record", YES))
    handed: dict[str, Formula] = field(default_factory=dict)
    committed: dict[str, Formula] = field(default_factory=dict)
    limits: list[Formula] = field(default_factory=list)
    complete: list[Formula] = field(default_factory=list)
    grade: Term | None = None

    def allow_grade(self, encoding: Encoding) -> None:
        """Lets a register give an applicant with a number one of the grades."""
        known, value = z3.Bool("信用等级 已知"), z3.Int("信用等级 字")
        numbers = [encoding.vocabulary.number(grade) for grade in CreditRecord.GRADES]
        self.limits.append(either(*(value == number for number in numbers)))
        self.limits.append(z3.Implies(known, self.applicant.fields["证件号码"].known))
        self.grade = encoding.keep(Term("text", known, value, choices=CreditRecord.GRADES))


def case_of(encoding: Encoding, program: Program, records: int = 0) -> Case:
    """The variables of any application of a program's matter.

    Lists of records (and of texts without a code set) have at most `records` entries; with 0 they
    have any number, and no formula. Only with 0 are they all the cases there are.
    """
    case = Case()
    domains = domains_of(program)
    reading = _Reading(encoding, program, case, records, domains)
    for name, fact in program.matter.facts.items():
        if fact.compute is None:
            term = reading.term(name, fact)
            case.facts[name] = encoding.keep(term)
            case.limits += within(term, domains[name])
            case.complete += _filled(term)
    entries = {title: reading.text(f"{APPLICANT}.{title}", None) for title in PERSON.values()}
    case.applicant = encoding.keep(Term("record", YES, fields=entries))
    case.complete += [entries[title].known for title in _NEEDED]
    for material in program.matter.materials:
        case.handed[material.key] = z3.Bool(f"提交 {material.key}")
    for declaration in program.matter.paths.values():
        for covered in declaration.covers:
            case.committed[covered] = z3.Bool(f"承诺 {covered}")
    return case


class _Reading:
    def __init__(
        self,
        encoding: Encoding,
        program: Program,
        case: Case,
        records: int,
        domains: Mapping[str, Domain],
    ) -> None:
        self.encoding, self.program, self.case = encoding, program, case
        self.records, self.domains = records, domains
        self.kinds: dict[str, int] = {}

    def term(self, name: str, shape: Shape) -> Term:
        known = z3.Bool(f"{name} 已知")
        if shape.type == "boolean":
            return Term("boolean", known, z3.Bool(name))
        if shape.type == "date":
            day = z3.Int(f"{name} 日")
            self.case.limits += [day >= 1, day <= LAST_DAY_NUMBER]
            return Term("date", known, day)
        if shape.type == "text":
            text = self.text(name, self._codes(shape))
            if shape.identifier and self.records:
                self.case.limits.append(self._of_kind(text.value, shape.identifier))
            return text
        if shape.type in ("integer", "decimal"):
            return self._number(name, shape, known)
        if shape.type == "record":
            named = {key: self.term(f"{name}.{key}", inner) for key, inner in shape.fields.items()}
            return Term("record", known, fields=named)
        return self._list(name, shape, known)

    def text(self, name: str, codes: tuple[str, ...] | None) -> Term:
        known, value = z3.Bool(f"{name} 已知"), z3.Int(f"{name} 字")
        if codes is None:
            self.encoding.texts.append(value)
        else:
            numbers = [self.encoding.vocabulary.number(code) for code in codes]
            self.case.limits.append(either(*(value == number for number in numbers)))
        return Term("text", known, value, choices=codes)

    def _of_kind(self, value: Formula, kind: str) -> Formula:
        """Numbers of identifiers, apart by kind: so that a valid one can be made for each."""
        place = self.kinds.setdefault(kind, len(self.kinds)) + 2
        return both(value >= OTHER * place, value < OTHER * (place + 1))

    def _codes(self, shape: Shape) -> tuple[str, ...] | None:
        if not shape.codes:
            return None
        on = self.program.on
        if shape.codes not in self.program.workspace.ids("codes"):
            return None  # reported by the checks
        return tuple(self.program.workspace.codes(shape.codes, on).words_on(on)) or None

    def _number(self, name: str, shape: Shape, known: Formula) -> Term:
        scale = 0 if shape.type == "integer" else shape.scale
        if scale is None:
            return Term("number", known, z3.Real(f"{name} 数"), None)
        return Term("number", known, z3.Int(f"{name} 数 {scale}"), scale, self._digits(name, scale))

    def _digits(self, name: str, scale: int) -> int:
        """How long a number may be, by its declared range."""
        domain = self.domains.get(name)
        ends = [e for span in domain.spans for e in (span.low, span.high)] if domain else []
        if not ends or None in ends:
            return _FREE_DIGITS + scale
        return max(len(str(abs(int(end)))) for end in ends) + scale

    def _list(self, name: str, shape: Shape, known: Formula) -> Term:
        codes = self._codes(shape)
        if shape.of in (None, "text") and codes is not None:
            return self._bag(name, codes, known)
        if not self.records:
            return Term("other", known, z3.Int(name))
        entry = Shape(type=shape.of or "text", fields=shape.fields)
        entries = []
        for number in range(1, self.records + 1):
            there = z3.Int(f"{name}[{number}] 有")
            self.case.limits += [there >= 0, there <= 1]
            entries.append((there, self.term(f"{name}[{number}]", entry)))
        self.case.limits += [a[0] >= b[0] for a, b in pairwise(entries)]
        for _, item in entries:
            if item.kind == "record":
                self.case.limits.append(item.known)
        return Term("list", known, entries=tuple(entries))

    def _bag(self, name: str, codes: tuple[str, ...], known: Formula) -> Term:
        entries = [
            (z3.Int(f"{name}/{code}"), term_of(code, self.encoding.vocabulary)) for code in codes
        ]
        hole = Term("text", NO, z3.IntVal(OTHER))
        entries.append((z3.Int(f"{name}/待核"), hole))
        self.case.limits += [times >= 0 for times, _ in entries]
        return Term("list", known, entries=tuple(entries))


def within(term: Term, domain: Domain) -> Iterator[Formula]:
    """That a number or date lies in its declared range; the digits of what is bounded follow."""
    if term.kind == "date":
        yield both(term.value >= 1, term.value <= LAST_DAY_NUMBER)
    if term.kind not in ("number", "date") or not domain.spans:
        if term.kind == "number" and term.scale is not None:
            limit = 10 ** (_FREE_DIGITS + term.scale)
            yield both(term.value > -limit, term.value < limit)
        return
    yield either(*(both(*_inside(term, span)) for span in domain.spans))


def _inside(term: Term, span: Span) -> Iterator[Formula]:
    value, factor = term.value, 10 ** (term.scale or 0)
    for end, is_closed, is_low in (
        (span.low, span.low_closed, True),
        (span.high, span.high_closed, False),
    ):
        if end is None:
            continue
        bound = _bound(end)
        scaled = bound * factor if term.kind == "number" and term.scale is not None else bound
        size = z3.RealVal(str(scaled)) if term.scale is None else scaled
        if term.scale is not None and isinstance(scaled, Decimal):
            # A whole number of the smallest units may have no place exactly at the end.
            size = z3.RealVal(str(scaled))
            value = z3.ToReal(term.value)
        if is_low:
            yield value >= size if is_closed else value > size
        else:
            yield value <= size if is_closed else value < size


def _bound(end: object) -> Decimal | int:
    if isinstance(end, date):
        return end.toordinal()
    assert isinstance(end, Decimal)
    return int(end) if end == end.to_integral_value() else end


def _filled(term: Term) -> Iterator[Formula]:
    """That a value is known, and every part of it."""
    yield term.known
    for times, item in term.entries:
        for part in _filled(item):
            absent = times == 0
            yield either(absent, part)
    for item in term.fields.values():
        yield from _filled(item)
