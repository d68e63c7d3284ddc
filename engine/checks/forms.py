"""A form asks for facts of its matter, each once, with a widget that fits."""

from engine.checks.expressions import ExpressionCheck
from engine.checks.matters import types_of
from engine.checks.subject import Subject, hints
from engine.checks.typing import BOOLEAN
from engine.definitions import TYPE_TITLES, WIDGETS, FactDeclaration, Form, Matter
from engine.definitions.forms import Field
from engine.source import Path
from engine.workspace import UnknownDefinition


def check_form(subject: Subject[Form]) -> None:
    """Adds what does not fit between a form and its matter."""
    form = subject.definition
    try:
        matter = subject.workspace.matter(form.form, subject.day)
    except UnknownDefinition:
        if subject.exists("matter", form.form):
            return  # its definition of that day is broken, and reported there
        known = subject.workspace.ids("matter")
        subject.unknown(("form",), form.form, known, "事项", "matter")
        return
    check, names = ExpressionCheck(subject, {}), types_of(matter)
    asked: dict[str, Path] = {}
    for step_number, step in enumerate(form.steps):
        base: Path = ("steps", step_number)
        check.expression((*base, "when"), step.when, names, BOOLEAN)
        for field_number, field in enumerate(step.fields):
            path = (*base, "fields", field_number)
            _check_field(subject, matter, path, field)
            check.expression((*path, "when"), field.when, names, BOOLEAN)
            if field.fact in asked:
                other = subject.document.place(asked[field.fact])
                subject.add((*path, "fact"), "form-field-twice", fact=field.fact, other=str(other))
            asked.setdefault(field.fact, path)
    for name, fact in matter.facts.items():
        if fact.compute is None and not fact.source and name not in asked:
            title = form.title or form.form
            subject.add(("steps",), "form-fact-missing", at_key=True, fact=name, form=title)


def _check_field(subject: Subject[Form], matter: Matter, path: Path, field: Field) -> None:
    fact = matter.facts.get(field.fact)
    if fact is None:
        names = [n for n, f in matter.facts.items() if f.compute is None]
        subject.add(
            (*path, "fact"), "form-field-without-fact", fact=field.fact, **hints(field.fact, names)
        )
    elif fact.compute is not None:
        subject.add((*path, "fact"), "form-field-computed", fact=field.fact)
    elif field.as_ is not None:
        _check_widget(subject, path, field, fact)


def _check_widget(subject: Subject[Form], path: Path, field: Field, fact: FactDeclaration) -> None:
    allowed = WIDGETS[fact.type]
    if field.as_ not in allowed:
        zh, en = TYPE_TITLES[fact.type]
        subject.add(
            (*path, "as"),
            "form-field-widget",
            fact=field.fact,
            type_zh=zh,
            type_en=en,
            widget=field.as_,
            known="、".join(allowed),
        )
