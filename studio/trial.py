"""Trying a matter out: its form as applicants will see it, and beside it the decision with reasons."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from werkzeug.datastructures import MultiDict
from wtforms import Form as WebForm
from wtforms.fields import Field as WebField

from engine import (
    Applicant,
    Application,
    ApplicationError,
    DecisionStopped,
    Diagnostic,
    FeelSyntaxError,
    Matter,
    TongbanError,
    UnknownDefinition,
    Workspace,
    check_text,
    compile_rule,
    decide,
    feel_context,
    parse_application,
)
from studio.complaints import Complaint
from studio.desk import Desk
from studio.disclosure import explain
from studio.fields import DayOfApplicationField
from studio.particulars import particulars_form, post_particulars, read_particulars
from studio.permissions import may
from studio.questionnaire import Judge, Sheet, plan_trial, post_of
from studio.results import Result
from studio.samples import Sample, list_samples, read_sample

Posted = MultiDict[str, str]


@dataclass(frozen=True)
class Trial:
    """Everything a trial page shows."""

    matter: Matter
    particulars: WebForm
    sheet: Sheet
    samples: tuple[Sample, ...]
    is_lenient: bool

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """(id, label, message) of everything that is wrong with the form, as a person reads it."""
        for entry in self.particulars:
            if entry.errors:
                yield entry.name, entry.label.text, str(entry.errors[0])
        yield from self.sheet.problems()

    def complain(self, found: Iterable[Diagnostic]) -> tuple[Complaint, ...]:
        """Puts what the engine says of the application at the fields it is about; gives the rest."""
        rest = []
        for complaint in map(Complaint.of, found):
            fields = [self._asked(complaint.where), self.sheet.asked(complaint.where)]
            field = next((field for field in fields if field is not None), None)
            if field is None:
                rest.append(complaint)
            else:
                field.errors = [*field.errors, complaint.said]
        return tuple(rest)

    def _asked(self, where: str) -> WebField | None:
        name = f"a_{where.removeprefix('applicant.').partition('.')[0]}"
        return {field.name: field for field in self.particulars}.get(name)


@dataclass(frozen=True)
class _Draft:
    """The workspace a trial runs on: as saved, or with the text in the editor."""

    workspace: Workspace
    errors: tuple[Diagnostic, ...] = field(default=())


def trial_pages(desk: Desk) -> Blueprint:
    """The blank form, its questions as answers change, and the decision."""
    pages = Blueprint("trial", __name__, url_prefix="/matters/<matter_id>/try")

    @pages.get("")
    def blank(matter_id: str) -> str:
        return render_template("trial.html", trial=trial_context(desk, matter_id))

    @pages.post("")
    def run(matter_id: str) -> tuple[str, int]:
        draft = _draft(desk)
        trial = lay_out(desk, draft.workspace, matter_id, request.form)
        result = (
            Result(broken=draft.errors) if draft.errors else _decide(desk, draft.workspace, trial)
        )
        is_swap = request.headers.get("X-Requested-With") == "fetch"
        template = "_result.html" if is_swap else "trial.html"
        page = render_template(template, trial=trial, result=result)
        return page, 200 if result.decision else 422

    @pages.post("/questions")
    def questions(matter_id: str) -> str:
        trial = lay_out(desk, _draft(desk).workspace, matter_id, request.form)
        trial.sheet.add_blank_rows()
        return render_template("_questions.html", trial=trial)

    return pages


def trial_context(desk: Desk, matter_id: str) -> Trial | None:
    """The form on the first visit, filled with `?sample=` where one is asked for.

    None for a matter that is not in force, so that the editor opens nevertheless.
    """
    workspace = desk.workspace()
    try:
        matter = workspace.matter(matter_id, desk.today())
    except UnknownDefinition:
        if request.endpoint == "trial.blank":
            raise
        return None
    posted: Posted = MultiDict()
    name = request.args.get("sample", "")
    if name:
        sample = read_sample(workspace, matter_id, name)
        plan = plan_trial(workspace, matter, desk.today())
        posted = post_particulars(sample)
        posted.update(post_of(plan, sample.get("facts") or {}))
    return lay_out(desk, workspace, matter_id, posted)


def lay_out(desk: Desk, workspace: Workspace, matter_id: str, posted: Posted) -> Trial:
    """The form as filled by `posted`. Raises UnknownDefinition."""
    on = read_day(posted.get("a_on", "")) or desk.today()
    national = workspace.matter(matter_id, on)
    particulars = particulars_form(workspace, national, on, posted)
    matter = workspace.matter(matter_id, on, _chosen(particulars["a_region"], ""))
    lenient = "lenient" in posted
    plan = plan_trial(workspace, matter, on)
    judge = _judge(workspace, matter, particulars, on)
    sheet = plan.sheet(posted, judge, strict=not lenient)
    return Trial(matter, particulars, sheet, list_samples(workspace, matter_id), lenient)


def read_day(text: str) -> date | None:
    """A day as typed; None for nothing, for no day, and for one too far away."""
    try:
        return DayOfApplicationField.parse(text) if text.strip() else None
    except ValueError:
        return None


def _draft(desk: Desk) -> _Draft:
    """With `file` and `text` posted, the workspace in which that file holds that text."""
    workspace = desk.workspace()
    file, text = request.form.get("file", ""), request.form.get("text")
    if text is None:
        return _Draft(workspace)
    if not may("read"):
        abort(403)
    stored = desk.shelf.read(file) or abort(404)
    adopted = stored.adopt(text)
    errors = tuple(d for d in check_text(workspace, file, adopted) if d.is_error)
    return _Draft(workspace, errors) if errors else _Draft(workspace.with_text(file, adopted))


def _judge(workspace: Workspace, matter: Matter, particulars: WebForm, on: date) -> Judge:
    """Conditions over the facts so far, with everything that is computed from them."""
    stated = read_particulars(particulars)
    who = stated["applicant"]
    applicant = Applicant(
        name=who["name"], id_kind=who["id_kind"], id_number=who["id_number"], kind=who["kind"]
    )
    region = _chosen(particulars["a_region"], "")
    path = _chosen(particulars["a_path"], "general")

    def judge(facts: Mapping[str, object]) -> Callable[[str], bool]:
        application = Application(
            facts=facts, applicant=applicant, agent=who["agent"], path=path, region=region
        )
        try:
            context = feel_context(workspace, matter.matter, application, on=on)
        except (TongbanError, ValueError):  # the checks report it
            return lambda condition: True  # better one question too many than one hidden
        return lambda condition: _holds(condition, context)

    return judge


def _chosen(field: Any, otherwise: str) -> str:
    """What was chosen; nothing that was not offered."""
    return str(field.data) if field.data in field.choices else otherwise


def _holds(condition: str, context: Mapping[str, Any]) -> bool:
    """Shown when it certainly holds; also when it cannot be evaluated, which the checks report."""
    try:
        return compile_rule(condition).evaluate(context) is True
    except FeelSyntaxError:
        return True


def _decide(desk: Desk, workspace: Workspace, trial: Trial) -> Result:
    is_whole = trial.particulars.validate()
    if not (trial.sheet.validate() and is_whole):
        return Result(is_incomplete=True)
    on = trial.particulars["a_on"].data
    data = {**read_particulars(trial.particulars), "facts": trial.sheet.facts}
    try:
        application = parse_application(workspace, trial.matter.matter, data, on)
        sources = desk.sources_on(application.applicant.id_number)
        decision = decide(workspace, trial.matter.matter, application, on=on, sources=sources)
    except ApplicationError as error:
        rest = trial.complain(error.diagnostics)
        return Result(is_incomplete=True, complaints=rest)
    except DecisionStopped as error:
        return Result(broken=error.diagnostics, stopped=explain(error))
    except (TongbanError, ValueError) as error:  # a plugin, a register, a rule that is no FEEL
        return Result(stopped=explain(error))
    return Result(decision, trial.matter, asked_registers=sources is None)
