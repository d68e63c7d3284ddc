"""What registers already know of an application's facts: the form is filled in before it is asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from engine.decision.application import read_register_value
from engine.decision.deciding import program_of, question_of
from engine.decision.evaluation import is_in_force, licence_record
from engine.decision.plain_json import to_plain
from engine.decision.values import Application, Reason
from engine.definitions import FactDeclaration, Form, Matter
from engine.hooks import FactAnswer, Licence, Source, ask_sources
from engine.workspace import UnknownDefinition, Workspace


@dataclass(frozen=True, slots=True)
class Prefilled:
    """One fact as a register has it. `value` is plain JSON; `zh` and `en` say where it is from."""

    value: object
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Prefilling:
    """The facts that registers know, by name, and what the registers that were silent left open."""

    given: Mapping[str, Prefilled] = field(default_factory=dict)
    unreachable: tuple[Reason, ...] = ()


def prefill(
    workspace: Workspace,
    matter_id: str,
    application: Application,
    *,
    on: date,
    sources: Sequence[Source] | None = None,
) -> Prefilling:
    """Asks the registers about the applicant: `fact.source` and the form's `prefill` name what.

    A value that does not fit its fact is left out. Raises UnknownDefinition and SourceStopped.
    """
    program = program_of(workspace, matter_id, application.region, on)
    matter = program.matter
    wanted = dict(_wanted(matter, workspace.form(matter_id, on)))
    kinds = [path.partition(".")[0] for path in wanted.values()]
    question = question_of(program, application, on)
    question = replace(question, wanted=tuple(dict.fromkeys([*(question.wanted or ()), *kinds])))
    replies = ask_sources(workspace.sources if sources is None else sources, question)
    answers = [answer for reply in replies for answer in reply.answers]
    found = [
        *_from_licences(workspace, matter, application, wanted, answers, on),
        *_from_registers(matter, answers),
    ]
    given: dict[str, Prefilled] = {}
    for name, value in found:
        typed, problems = read_register_value(workspace, matter.facts[name], value.value, name, on)
        if typed is not None and not problems:
            given.setdefault(name, replace(value, value=to_plain(typed)))
    silent = (r for r in replies if r.status != "answered")
    return Prefilling(given, tuple(Reason(r.problem_zh, r.problem_en) for r in silent))


def _wanted(matter: Matter, form: object) -> Iterator[tuple[str, str]]:
    """Fact → `licence.field`, as the form's question says, else as the fact does."""
    for name, fact in matter.facts.items():
        if _is_asked(fact) and "." in (fact.source or ""):
            yield name, fact.source or ""
    for step in form.steps if isinstance(form, Form) else ():
        for question in step.fields:
            if question.prefill and question.fact in matter.facts and "." in question.prefill:
                yield question.fact, question.prefill


def _is_asked(fact: FactDeclaration) -> bool:
    return fact.compute is None


def _from_licences(
    workspace: Workspace,
    matter: Matter,
    application: Application,
    wanted: Mapping[str, str],
    answers: Iterable[object],
    on: date,
) -> Iterator[tuple[str, Prefilled]]:
    """From the applicant's own licences in force, the latest first."""
    number = application.applicant.id_number
    own = [a for a in answers if isinstance(a, Licence) and a.holder_id == number != ""]
    in_force = [licence for licence in own if is_in_force(licence, on)]
    latest = sorted(in_force, key=lambda x: (x.issued_on, x.number), reverse=True)
    for name, path in wanted.items():
        kind, _, column = path.partition(".")
        for licence in latest:
            value = licence_record(licence).get(column) if licence.type == kind else None
            if value is not None:
                zh, en = _licence_titles(workspace, kind, on)
                number_of = f" {licence.number}"
                yield name, Prefilled(value, f"电子证照：{zh}{number_of}", f"{en}{number_of}")


def _licence_titles(workspace: Workspace, kind: str, on: date) -> tuple[str, str]:
    try:
        return workspace.licence(kind, on).title, f"e-licence {kind}"
    except UnknownDefinition:
        return kind, kind


def _from_registers(matter: Matter, answers: Iterable[object]) -> Iterator[tuple[str, Prefilled]]:
    for answer in answers:
        if isinstance(answer, FactAnswer):
            fact = matter.facts.get(answer.name)
            if fact is not None and _is_asked(fact):
                note = answer.source_note or "登记系统"
                yield answer.name, Prefilled(answer.value, f"登记系统：{note}", f"register: {note}")
