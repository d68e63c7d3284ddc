"""The whole workspace, or one text in it, checked: every diagnostic, sorted."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path as FilePath
from typing import cast

from engine.checks.conclusions import check_conclusions, check_rules_exist
from engine.checks.flows import check_course, check_flow, check_post
from engine.checks.forms import check_form
from engine.checks.grading import check_severities, grade
from engine.checks.lint_bases import check_disguise, check_grounds
from engine.checks.lint_circles import check_circles
from engine.checks.lint_guides import check_guide
from engine.checks.lint_judgements import check_judgements
from engine.checks.lint_materials import check_collected, check_demanded
from engine.checks.lint_times import check_stages
from engine.checks.lint_words import check_shared_words, check_words
from engine.checks.matters import check_expressions
from engine.checks.policy import check_policy
from engine.checks.ranges import check_ranges
from engine.checks.references import check_ids, check_references
from engine.checks.regions import check_parameters, check_region
from engine.checks.subject import Subject, hints
from engine.checks.themes import check_theme
from engine.definitions import (
    CalendarDefinition,
    CodeSet,
    Flow,
    Form,
    Matter,
    Post,
    Region,
    Theme,
)
from engine.diagnostics import Diagnostic, Diagnostics, Place
from engine.hooks import PluginError
from engine.workspace import SETTINGS_FILE, DefinitionFile, Workspace


def check_workspace(workspace: Workspace) -> tuple[Diagnostic, ...]:
    """Every diagnostic of every definition, in reading order."""
    problems = Diagnostics()
    for file in workspace.files.values():
        problems.extend(check_one(workspace, file))
    problems.extend(check_across(workspace))
    return problems.sorted()


def check_text(workspace: Workspace, file: str, text: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of `text` as if it were the content of `file`, saved nowhere."""
    return check_file(workspace.with_text(file, text), file)


def check_file(workspace: Workspace, file: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of one file of the workspace, as it stands there, and of its sheets."""
    problems = Diagnostics()
    definition_file = workspace.files[file]
    problems.extend(check_one(workspace, definition_file))
    problems.extend(check_rules_exist(workspace, [definition_file]))
    return tuple(d for d in problems.sorted() if definition_file.covers(d.place.file))


def check_one(workspace: Workspace, file: DefinitionFile) -> Iterator[Diagnostic]:
    """What one file is reported for. Of others it knows what it asks the workspace by id or kind."""
    found = chain(_check_file(workspace, file), check_conclusions(workspace, file))
    yield from grade(found, workspace.settings.severities)


def check_across(workspace: Workspace) -> Iterator[Diagnostic]:
    """What no single definition is to blame for: rules, plugins and settings."""
    problems = Diagnostics()
    problems.extend(check_rules_exist(workspace, workspace.files.values()))
    _check_plugins(workspace, problems)
    _check_settings(workspace, problems)
    check_severities(workspace, problems)
    check_circles(workspace, problems)
    yield from grade(problems.found, workspace.settings.severities)


def _check_settings(workspace: Workspace, problems: Diagnostics) -> None:
    region = workspace.settings.region
    if region and not workspace.versions("region", region):
        known = workspace.ids("region")
        listed = "、".join(known)
        problems.add(
            "unknown-reference",
            Place(SETTINGS_FILE),
            id=region,
            what_zh="地区",
            what_en="region",
            known_zh=f"现有：{listed}",
            known_en=f"Known: {', '.join(known)}",
            **hints(region, known),
        )


def _check_file(workspace: Workspace, file: DefinitionFile) -> Iterator[Diagnostic]:
    yield from file.diagnostics
    if file.definition is None or file.document is None:
        return
    subject = Subject(workspace, file, file.definition, file.document)
    _check_versions(subject)
    definition = file.definition
    check_shared_words(subject)
    if isinstance(definition, Matter):
        matter = cast(Subject[Matter], subject)
        check_references(matter)
        check_expressions(matter)
        check_ranges(matter)
        check_parameters(matter)
        check_course(matter)
        check_policy(matter)
        check_lints(matter)
        if not workspace.versions("form", definition.matter):
            subject.add(("matter",), "form-missing", matter=definition.matter)
    elif isinstance(definition, Form):
        form = cast(Subject[Form], subject)
        check_form(form)
        check_collected(form)
    elif isinstance(definition, Region):
        check_region(cast(Subject[Region], subject))
    elif isinstance(definition, CodeSet):
        check_ids(subject, "values", definition.words)
    elif isinstance(definition, Theme):
        check_theme(cast(Subject[Theme], subject))
    elif isinstance(definition, Flow):
        check_flow(cast(Subject[Flow], subject))
    elif isinstance(definition, Post):
        check_post(cast(Subject[Post], subject))
    elif isinstance(definition, CalendarDefinition):
        _check_calendar(cast(Subject[CalendarDefinition], subject))
    yield from subject.problems.found


def check_lints(subject: Subject[Matter]) -> None:
    """Adds what the policy documents ask of a matter, theme by theme."""
    check_grounds(subject)
    check_disguise(subject)
    check_words(subject)
    check_judgements(subject)
    check_demanded(subject)
    check_stages(subject)
    check_guide(subject)


def _check_versions(subject: Subject[Matter] | Subject[Form] | Subject) -> None:  # type: ignore[type-arg]
    """Two versions of one id may not be in force on the same day."""
    mine = subject.definition.effective
    if mine is not None and mine.to is not None and mine.to < mine.from_:
        subject.add(("effective",), "effective-order", start=mine.from_, end=mine.to)
    for other in subject.workspace.versions(subject.file.kind, subject.file.id):
        if other.file == subject.file.file or other.definition is None:
            continue
        theirs = other.definition.effective
        starts = [e.from_ if e else date.min for e in (mine, theirs)]
        ends = [e.to if e and e.to else date.max for e in (mine, theirs)]
        if max(starts) <= min(ends):
            code = "duplicate-id" if mine is None and theirs is None else "effective-overlap"
            subject.add((subject.file.kind,), code, id=subject.file.id, other=other.file)


def _check_calendar(subject: Subject[CalendarDefinition]) -> None:
    """Days of another year, stretches that run backwards, and days both off and worked."""
    calendar = subject.definition
    first, last = date(calendar.year - 1, 12, 1), date(calendar.year, 12, 31)
    off: set[date] = set()
    for index, holiday in enumerate(calendar.off):
        if not (first <= holiday.from_ <= holiday.to <= last):
            zh = f"“{holiday.name}”自 {holiday.from_} 至 {holiday.to}，不是本年度的一段日子"
            en = f"{holiday.from_} to {holiday.to} is no stretch of {calendar.year}"
            subject.add(("off", index), "calendar-days", problem_zh=zh, problem=en)
            continue
        stretch = range(holiday.from_.toordinal(), holiday.to.toordinal() + 1)
        off.update(date.fromordinal(number) for number in stretch)
    for index, worked in enumerate(calendar.work):
        if worked.date in off:
            zh, en = f"{worked.date} 既放假又上班", f"{worked.date} is both off and worked"
            subject.add(("work", index), "calendar-days", problem_zh=zh, problem=en)
        elif not first <= worked.date <= last:
            zh, en = f"{worked.date} 不在本年度", f"{worked.date} is not of {calendar.year}"
            subject.add(("work", index), "calendar-days", problem_zh=zh, problem=en)


def _check_plugins(workspace: Workspace, problems: Diagnostics) -> None:
    try:
        _ = workspace.sources
    except PluginError as error:
        for problem in error.problems:
            problems.add(
                "plugin-broken",
                Place(_shown_place(workspace, problem.place)),
                problem_zh=problem.message_zh,
                problem=problem.message_en,
            )


def _shown_place(workspace: Workspace, place: str) -> str:
    """A plugin's file relative to the workspace, as every other place; a module's name as it is."""
    file, root = FilePath(place).resolve(), workspace.root.resolve()
    is_file = place.endswith(".py") and file.is_relative_to(root)
    return file.relative_to(root).as_posix() if is_file else place
