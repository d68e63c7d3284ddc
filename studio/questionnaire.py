"""A matter's form as WTForms: generated from the definition, filled, and read back as facts.

Generated names carry the prefix `f_`, since a field called `validate` would put validation out of
force. Hidden questions are processed, found hidden by FEEL, deleted, and only then is the rest
validated: a hidden required question asks nothing, and what was smuggled into it is dropped.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form as WebForm
from wtforms.fields import Field as WebField
from wtforms.fields import FormField

from engine import (
    WIDGETS,
    FactDeclaration,
    Field,
    Form,
    Matter,
    Shape,
    Step,
    UnknownDefinition,
    Workspace,
)
from studio.fields import (
    Answered,
    DayField,
    LinesField,
    NumberField,
    OneField,
    ParagraphField,
    RadioField,
    RowsField,
    SeveralField,
    Unanswered,
    WordsField,
    is_blank,
)
from studio.language import _

PREFIX = "f_"
# What the facts given so far make of a FEEL condition.
Judge = Callable[[Mapping[str, object]], Callable[[str], bool]]
Choices = dict[str, str]
_WHERE = re.compile(r"([^.\[\]]+)(?:\[(\d{1,6})\])?(?:\.([^.\[\]]+))?.*", re.ASCII | re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One field of the form, with the fact it asks for."""

    name: str
    field: Field
    fact: FactDeclaration
    step: int
    widget: str
    conditions: tuple[str, ...]
    choices: Choices
    decides: bool = False  # it rests on the answer what else is asked: no register is asked first

    @property
    def is_required(self) -> bool:
        """What a register can supply may be left open, unless the answer decides what follows."""
        can_come = self.fact.source or self.field.prefill
        return self.field.required and (self.decides or not can_come)

    @property
    def is_group(self) -> bool:
        """Several controls under one legend."""
        return self.widget in ("radio", "yes_no", "checkboxes", "rows")


@dataclass(frozen=True)
class Questionnaire:
    """The questions of one matter on one day."""

    workspace: Workspace
    on: date
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]

    def sheet(self, posted: MultiDict[str, str], judge: Judge, *, strict: bool) -> "Sheet":
        """The form as filled. Without `strict`, required questions may stay open (then 待核)."""
        return Sheet(self, posted, judge, strict)

    def choices_of(self, shape: Shape) -> Choices:
        return _choices(self.workspace, shape, self.on)


def plan_questions(workspace: Workspace, matter: Matter, on: date) -> Questionnaire:
    """The questions that the matter's form asks; every fact, one page, while it has no form."""
    asked = [name for name, fact in matter.facts.items() if fact.compute is None]
    form = workspace.form(matter.matter, on) or _plain_form(matter, asked)
    return _plan(workspace, matter, form, on)


def plan_trial(workspace: Workspace, matter: Matter, on: date) -> Questionnaire:
    """The questions of the form, and those that officers answer: a trial plays every part."""
    form = workspace.form(matter.matter, on)
    if form is None:
        return plan_questions(workspace, matter, on)
    asked = {field.fact for step in form.steps for field in step.fields}
    names = [n for n, fact in matter.facts.items() if fact.compute is None and n not in asked]
    if not names:
        return _plan(workspace, matter, form, on)
    (rest,) = _plain_form(matter, names).steps
    title = _("由工作人员或者登记系统提供的内容")
    fields = tuple(field.model_copy(update={"required": False}) for field in rest.fields)
    step = rest.model_copy(update={"title": title, "fields": fields})
    whole = form.model_copy(update={"steps": (*form.steps, step)})
    return _plan(workspace, matter, whole, on)


def plan_of(workspace: Workspace, matter: Matter, names: Iterable[str], on: date) -> Questionnaire:
    """Questions for some facts of a matter, whatever its form asks."""
    return _plan(workspace, matter, _plain_form(matter, names), on)


def plan_form(
    workspace: Workspace, matter: Matter, form: Form, on: date, deciding: frozenset[str]
) -> Questionnaire:
    """The questions of a form that is merged of others, over the facts of `matter`.

    `deciding` are the facts without which nobody can say which of those others are needed.
    """
    plan = _plan(workspace, matter, form, on)
    asked = (replace(q, decides=q.field.fact in deciding) for q in plan.questions)
    return replace(plan, questions=tuple(asked))


def _plan(workspace: Workspace, matter: Matter, form: Form, on: date) -> Questionnaire:
    questions = []
    seen: dict[str, int] = {}
    for number, step in enumerate(form.steps):
        for field in step.fields:
            fact = matter.facts.get(field.fact)
            if fact is None or fact.compute is not None:
                continue  # the checks report it
            seen[field.fact] = seen.get(field.fact, 0) + 1
            again = "" if seen[field.fact] == 1 else f"__{seen[field.fact]}"
            questions.append(
                Question(
                    name=f"{PREFIX}{field.fact}{again}",
                    field=field,
                    fact=fact,
                    step=number,
                    widget=_widget(field, fact),
                    conditions=tuple(c for c in (step.when, field.when) if c is not None),
                    choices=_choices(workspace, fact, on),
                )
            )
    return Questionnaire(workspace, on, form.steps, tuple(questions))


def _plain_form(matter: Matter, names: Iterable[str]) -> Form:
    fields = tuple(
        Field.model_validate({"fact": name, "ask": matter.facts[name].title or name})
        for name in names
    )
    step = Step.model_construct(title=_("申请信息"), when=None, note=None, fields=fields)
    return Form.model_construct(form=matter.matter, title=None, effective=None, steps=(step,))


def _widget(field: Field, fact: Shape) -> str:
    if field.as_ is not None:
        return field.as_
    if fact.type == "list":
        return "checkboxes" if fact.codes else "rows" if fact.of == "record" else "textarea"
    return "select" if fact.codes else WIDGETS[fact.type][0]


def _choices(workspace: Workspace, fact: Shape, on: date) -> Choices:
    if not fact.codes:
        return {}
    try:
        entries = workspace.codes(fact.codes, on).values
    except UnknownDefinition:
        return {}
    in_use = (e for e in entries if e.effective_to is None or e.effective_to >= on)
    return {entry.code: entry.title or entry.code for entry in in_use}


# --- fields ------------------------------------------------------------------------------------


def _yes_no() -> Choices:
    return {"yes": _("是"), "no": _("否")}


def web_field(shape: Shape, widget: str, choices: Choices, more: dict[str, Any]) -> Any:
    """The unbound WTForms field for a shape."""
    match widget:
        case "integer" | "decimal":
            scale = 0 if shape.type == "integer" else shape.scale
            kept = {"inputmode": "decimal", "autocomplete": "off"}
            return NumberField(scale=scale, range=shape.range or "", render_kw=kept, **more)
        case "date":
            return DayField(**more)
        case "yes_no":
            return RadioField(choices=_yes_no(), **more)
        case "radio":
            return RadioField(choices=choices, **more)
        case "select":
            return OneField(choices={"": _("请选择"), **choices}, **more)
        case "checkboxes":
            return SeveralField(choices=choices, **more)
        case "textarea":
            kind = LinesField if shape.type == "list" else ParagraphField
            return kind(longest=5000, render_kw={"rows": 4}, **more)
        case _:
            return WordsField(is_number=shape.identifier is not None, **more)


def _rows_field(shape: Shape, choices_of: Callable[[Shape], Choices], more: dict[str, Any]) -> Any:
    if not shape.fields:
        entry = Shape(type=shape.of or "text", codes=shape.codes)
        return RowsField(_column(entry, "", choices_of), **more)
    columns = {
        PREFIX + name: _column(column, column.title or name, choices_of)
        for name, column in shape.fields.items()
    }
    row: Any = FormField(type("Row", (WebForm,), columns))
    return row if shape.type == "record" else RowsField(row, **more)


def _column(shape: Shape, label: str, choices_of: Callable[[Shape], Choices]) -> Any:
    if shape.type in ("list", "record") and not shape.codes:
        return LinesField(label=label, validators=[Unanswered()])
    widget = "select" if shape.codes else {"boolean": "select"}.get(shape.type, shape.type)
    choices = _yes_no() if shape.type == "boolean" else choices_of(shape)
    return web_field(shape, widget, choices, {"label": label, "validators": [Unanswered()]})


class Sheet:
    """One filled form: which questions are in sight, what they hold, what is wrong with it."""

    def __init__(
        self, plan: Questionnaire, posted: MultiDict[str, str], judge: Judge, strict: bool
    ) -> None:
        self.plan = plan
        fields = {q.name: self._field(q, strict) for q in plan.questions}
        self.form: WebForm = type("Sheet", (WebForm,), fields)(posted or None)
        self.shown = self._settle(judge)
        for question in plan.questions:
            if question not in self.shown:
                del self.form[question.name]

    def _field(self, question: Question, strict: bool) -> Any:
        must = strict and question.is_required
        more: dict[str, Any] = {
            "label": question.field.ask,
            "validators": [Answered() if must else Unanswered()],
        }
        if question.widget == "rows":
            return _rows_field(question.fact, self.plan.choices_of, more)
        return web_field(question.fact, question.widget, question.choices, more)

    def _settle(self, judge: Judge) -> tuple[Question, ...]:
        """The questions in sight: conditions may chain, so repeated until nothing changes.

        A circle of conditions ends after as many turns as there are questions.
        """
        shown: tuple[Question, ...] = ()
        for _turn in range(len(self.plan.questions) + 1):
            holds = judge(self._values(shown))
            found = tuple(q for q in self.plan.questions if all(map(holds, q.conditions)))
            if found == shown:
                break
            shown = found
        return shown

    def _values(self, questions: Iterable[Question]) -> dict[str, object]:
        values: dict[str, object] = {}
        for question in questions:
            value = read_value(self.form[question.name], question.fact)
            if value is not None:
                values[question.field.fact] = value
        return values

    @property
    def facts(self) -> dict[str, object]:
        """What was answered, as typed facts; nothing of a question out of sight."""
        return self._values(self.shown)

    def validate(self) -> bool:
        return self.form.validate()

    def steps(self) -> Iterator[tuple[int, Step, list[tuple[Question, WebField]]]]:
        """The steps with a question in sight, for the page."""
        for number, step in enumerate(self.plan.steps):
            inside = [(q, self.form[q.name]) for q in self.shown if q.step == number]
            if inside:
                yield number, step, inside

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """(id, label, message) of what is wrong, in the order of the form."""
        for question in self.shown:
            for name, label, message in _problems(self.form[question.name]):
                yield name, label or question.field.ask, message

    def asked(self, where: str) -> WebField | None:
        """The field in sight that the engine means by `where`: 从业人员[1].姓名 is a cell."""
        named = _WHERE.fullmatch(where)
        fact, row, column = named.groups() if named else ("", None, None)
        name = next((q.name for q in self.shown if q.field.fact == fact), "")
        field = self.form[name] if name else None
        if isinstance(field, RowsField) and row:
            filled = [entry for entry in field.entries if not is_blank(entry)]
            field = filled[int(row) - 1] if 0 < int(row) <= len(filled) else None
        if isinstance(field, FormField):
            field = (
                field.form[PREFIX + column] if column and PREFIX + column in field.form else None
            )
        return field

    def add_blank_rows(self) -> None:
        for question in self.shown:
            field = self.form[question.name]
            if isinstance(field, RowsField):
                field.add_blank()


def _problems(field: WebField) -> Iterator[tuple[str, str, str]]:
    """The errors of a field or of the cells inside it; of each the first."""
    inner: Iterable[WebField] = ()
    if isinstance(field, FormField):
        inner = field.form
    elif isinstance(field, RowsField):
        inner = field.entries
    found = [problem for cell in inner for problem in _problems(cell)]
    if found:
        yield from found
    elif field.errors and isinstance(field.errors[0], str):
        yield field.id, field.label.text, field.errors[0]


def read_value(field: WebField, shape: Shape) -> object:
    """The typed value of a field; None for nothing, and for what could not be read."""
    if isinstance(field, RowsField):
        entry = shape if shape.fields else Shape(type=shape.of or "text")
        filled = (entry_ for entry_ in field.entries if not is_blank(entry_))
        return [read_value(inner, entry) for inner in filled] or None
    if isinstance(field, FormField):
        cells = {n: read_value(field.form[PREFIX + n], s) for n, s in shape.fields.items()}
        return cells if any(value is not None for value in cells.values()) else None
    if field.process_errors:
        return None
    if isinstance(field, LinesField):
        return field.lines or None
    if shape.type == "boolean":
        return {"yes": True, "no": False}.get(field.data)
    return field.data or (field.data if isinstance(field.data, Decimal) else None)


# --- the other way round -------------------------------------------------------------------------


def post_of(plan: Questionnaire, facts: Mapping[str, Any]) -> MultiDict[str, str]:
    """What a browser would post for these facts (as JSON has them): fills a form with a sample."""
    posted: MultiDict[str, str] = MultiDict()
    for question in plan.questions:
        if question.field.fact in facts:
            _post(posted, question.name, facts[question.field.fact], question.widget)
    return posted


def _post(posted: MultiDict[str, str], name: str, value: Any, widget: str) -> None:
    if isinstance(value, bool):
        posted.add(name, "yes" if value else "no")
    elif isinstance(value, Mapping):
        for column, cell in value.items():
            _post(posted, f"{name}-{PREFIX}{column}", cell, "")
    elif isinstance(value, list) and widget == "checkboxes":
        posted.setlist(name, [str(entry) for entry in value])
    elif isinstance(value, list) and widget == "rows":
        for index, entry in enumerate(value):
            _post(posted, f"{name}-{index}", entry, "")
    elif isinstance(value, list):
        posted.add(name, "\n".join(str(entry) for entry in value))
    elif value is not None:
        posted.add(name, str(value))
