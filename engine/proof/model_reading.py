"""From a solver's model to an application that the engine can be given."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import z3

from engine.decision.program import Program
from engine.definitions import Shape
from engine.hooks import identify
from engine.proof.cases import PERSON, Case
from engine.proof.encoding import Encoding, called
from engine.proof.terms import OTHER, Formula, Term, both, opposite
from engine.proof.witnesses import Witness

_BEGINNINGS = {"公民身份号码": "11010119900101", "统一社会信用代码": "91370811MA3DEM0"}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FILLER = "某"


def preferences(encoding: Encoding, case: Case, program: Program) -> list[Formula]:
    """What a witness should be where it may: everything known and handed in, small and plain."""
    wishes: list[Formula] = list(case.complete)
    wishes += [opposite(case.applicant.fields["代理人"].known)]
    wishes += [opposite(case.applicant.fields["证件类型"].known)]
    wishes += [*case.handed.values(), *case.committed.values()]
    figures = [value for value in program.parameters.values() if type(value) is Decimal]
    sizes = [Decimal(0), *sorted({*encoding.numbers, *figures}), Decimal(1), Decimal(100)]
    for term in case.facts.values():
        wishes += _plain(term, program, sizes)
    for place, entry in enumerate(case.applicant.fields.values()):
        wishes.append(entry.value == OTHER + place)
    return wishes


def _plain(term: Term, program: Program, sizes: Sequence[Decimal]) -> Iterator[Formula]:
    if term.kind == "boolean":
        yield opposite(term.value)
    elif term.kind == "number":
        scaled = (size.scaleb(term.scale or 0) for size in sizes)
        yield from (term.value == int(size) for size in scaled if size == int(size))
    elif term.kind == "date":
        yield term.value == program.on.toordinal()
        yield both(term.value <= program.on.toordinal(), term.value > date(1900, 1, 1).toordinal())
    elif term.kind == "text":
        yield term.value >= OTHER if term.choices is None else term.value >= 0
    for times, item in term.entries:
        yield times == 0
        yield times <= 1
        yield from _plain(item, program, sizes)
    for item in term.fields.values():
        yield from _plain(item, program, sizes)


class ModelReader:
    """Reads a model as an application; texts that nothing mentions are made up to fit it."""

    def __init__(self, encoding: Encoding, program: Program, case: Case, model: Any) -> None:
        self.encoding, self.program, self.case, self.model = encoding, program, case, model
        self._made: dict[int, str] = {}
        self._kinds: dict[int, str] = {}
        facts = program.matter.facts
        for name, term in case.facts.items():
            self._note_kinds(term, facts.get(name))

    def witness(self, path: str) -> Witness:
        """The application of a model, on a path."""
        facts = self.program.matter.facts
        person = {
            key: self.value(self.case.applicant.fields[title], None)
            for key, title in PERSON.items()
        }
        values = {n: self.value(term, facts.get(n)) for n, term in self.case.facts.items()}
        handed = tuple(k for k, given in self.case.handed.items() if self.holds(given))
        made = tuple(k for k, given in self.case.committed.items() if self.holds(given))
        return Witness(
            matter=self.program.matter.matter,
            on=self.program.on,
            region=self.program.region,
            facts={name: value for name, value in values.items() if value is not None},
            path=path,
            materials=handed,
            applicant={key: value for key, value in person.items() if value is not None},
            commitments=made if path != "general" else None,
            grade=self.value(self.case.grade, None) or "" if self.case.grade is not None else "",
        )

    def misfits(self) -> tuple[str, ...]:
        """Functions of texts that give otherwise for the texts made up: the case is not the model's."""
        known = dict(self._made)
        found = []
        for applied in self.encoding.applied:
            arguments = [self._known_argument(term, known) for term in applied.arguments]
            answer = called(applied.name, arguments)
            wanted = self.model.eval(applied.value, model_completion=True)
            if None in arguments:
                continue
            fits = (answer is not None) is self.holds(applied.known)
            if answer is not None:
                fits = fits and self._agrees(answer, wanted, known)
            if not fits:
                found.append(f"{applied.name}(…)")
        return tuple(dict.fromkeys(found))

    def _agrees(self, answer: object, wanted: Any, known: dict[int, str]) -> bool:
        if not isinstance(answer, str):
            return answer == self._result(wanted)
        number = wanted.as_long()
        mentioned = self.encoding.vocabulary.text(number)
        text = known.setdefault(number, answer) if mentioned is None else mentioned
        others = {t for n, t in known.items() if n != number} | set(self.encoding.vocabulary.texts)
        is_distinct = mentioned is not None or answer not in others
        return text == answer and is_distinct

    def _known_argument(self, term: Term, known: dict[int, str]) -> object:
        if not self.holds(term.known):
            return None
        if term.kind != "text":
            return self.value(term, None)
        number = self.number(term.value)
        mentioned = self.encoding.vocabulary.text(number)
        return known.get(number) if mentioned is None else mentioned

    def _note_kinds(self, term: Term, shape: Shape | None) -> None:
        """Which numbers of texts must be valid identifiers."""
        if term.kind == "text" and shape is not None and shape.identifier:
            self._kinds[self.number(term.value)] = shape.identifier
        for _, item in term.entries:
            entry = shape and Shape(type=shape.of or "text", fields=shape.fields)
            self._note_kinds(item, entry)
        for name, item in term.fields.items():
            self._note_kinds(item, shape.fields.get(name) if shape else None)

    def holds(self, formula: Formula) -> bool:
        return bool(z3.is_true(self.model.eval(formula, model_completion=True)))

    def number(self, formula: Formula) -> int:
        return int(self.model.eval(formula, model_completion=True).as_long())

    def value(self, term: Term, shape: Shape | None) -> Any:
        if not self.holds(term.known):
            return None
        if term.kind == "boolean":
            return self.holds(term.value)
        if term.kind == "text":
            return self._text(self.number(term.value))
        if term.kind == "date":
            return date.fromordinal(self.number(term.value))
        if term.kind == "number":
            return self._decimal(term)
        if term.kind == "list":
            return self._list(term, shape)
        if term.kind == "record":
            inner = shape.fields if shape is not None else {}
            return {n: self.value(t, inner.get(n)) for n, t in term.fields.items()}
        return [] if shape is not None and shape.type == "list" else None

    def _decimal(self, term: Term) -> Decimal | None:
        found = self.model.eval(term.value, model_completion=True)
        if term.scale is not None:
            return Decimal(found.as_long()).scaleb(-term.scale)
        top, bottom = found.numerator_as_long(), found.denominator_as_long()
        value = Decimal(top) / Decimal(bottom)
        return value if value * bottom == top else None

    def _list(self, term: Term, shape: Shape | None) -> list[Any]:
        entry = None
        if shape is not None:
            entry = Shape(type=shape.of or "text", codes=shape.codes, fields=shape.fields)
        listed: list[Any] = []
        for times, item in term.entries:
            listed += [self.value(item, entry)] * self.number(times)
        return listed

    # --- texts -----------------------------------------------------------------------------

    def _text(self, number: int) -> str:
        known = self.encoding.vocabulary.text(number)
        if known is not None:
            return known
        if number not in self._made:
            self._made[number] = self._make(number)
        return self._made[number]

    def _make(self, number: int) -> str:
        kind = self._kinds.get(number, "")
        if kind:
            return self._identifier(kind, len(self._made))
        taken = {*self.encoding.vocabulary.texts, *self._made.values()}
        asked = list(self._asked(number))
        for text in self._candidates(number):
            if text not in taken and all(_answers(text, one) for one in asked):
                return text
        return f"{_FILLER}{number - OTHER}"  # `misfits` will say that it does not fit

    def _candidates(self, number: int) -> Iterator[str]:
        label = str(number - OTHER)
        known = [t for t in (*self._made.values(), *self.encoding.vocabulary.texts) if t]
        yield f"{_FILLER}{label}"
        for length in range(1, 40):
            yield label.rjust(length, "6")
        for start, end in product(["", *known], ["", *known]):
            yield f"{start}{_FILLER}{label}{end}"
            yield f"{start}{label}{end}"
        for start in known:
            for length in range(len(start) + 1, 25):
                yield start + label.rjust(length - len(start), "0")

    def _asked(self, number: int) -> Iterator[tuple[str, list[object], int, object]]:
        """What the model says that functions of texts give for this text, others being fixed."""
        for applied in self.encoding.applied:
            terms = applied.arguments
            places = [
                n
                for n, t in enumerate(terms)
                if t.kind == "text" and self.number(t.value) == number
            ]
            if len(places) == 1:
                arguments = [self._argument(term) for term in terms]
                result = self.model.eval(applied.value, model_completion=True)
                yield applied.name, arguments, places[0], self._result(result)

    def _argument(self, term: Term) -> object:
        if term.kind == "text":
            number = self.number(term.value)
            mentioned = self.encoding.vocabulary.text(number)
            return self._made.get(number) if mentioned is None else mentioned
        return self.value(term, None)

    def _result(self, value: Any) -> object:
        if z3.is_bool(value):
            return z3.is_true(value)
        return value.as_long()

    def _identifier(self, kind: str, turn: int) -> str:
        """A number that the plugins find valid, tried out from a beginning."""
        start = _BEGINNINGS.get(kind, "")
        if kind == "公民身份号码":
            tries: Iterator[str] = (f"{start}{turn:03d}{end}" for end in "0123456789X")
        else:
            pairs = product(_ALPHABET, repeat=2)
            tries = (f"{start}{_ALPHABET[turn % 10]}{a}{b}" for a, b in pairs)
        for text in tries:
            check = identify(self.program.workspace.plugins, kind, text, self.program.on)
            if check is not None and check.status == "valid":
                return text
        return f"{start}{turn}"


def _answers(text: str, asked: tuple[str, list[object], int, object]) -> bool:
    name, arguments, place, wanted = asked
    if any(a is None for n, a in enumerate(arguments) if n != place):
        return True  # it rests on another text that is made up; the replay will tell
    found = called(name, [text if n == place else a for n, a in enumerate(arguments)])
    if isinstance(found, str):
        return True
    return found == wanted
