"""How an application may be handled: the paths of a matter, or of each part of a theme; what is promised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flask import request
from wtforms import Form as WebForm

from engine import PATH_TITLES, Decision, Matter, PathDeclaration
from studio.apply_drafts import Work
from studio.apply_filling import Filling
from studio.apply_foresight import Foresight
from studio.apply_theme import ThemeWork
from studio.fields import RadioField
from studio.language import _
from studio.theme_needs import needed_matters

_ORDINARY = PATH_TITLES["general"]


@dataclass(frozen=True)
class PathChoice:
    """One path that may be chosen, with what it asks of the applicant. `terms` is None for 一般."""

    id: str
    title: str
    terms: PathDeclaration | None
    covered: tuple[str, ...]


@dataclass(frozen=True)
class Ways:
    """The paths of one matter. `name` is that of the control; `part` is empty outside a theme."""

    name: str
    part: str
    matter: Matter
    choices: tuple[PathChoice, ...]
    chosen: str

    @property
    def terms(self) -> PathDeclaration | None:
        """What the path chosen asks for."""
        return next((c.terms for c in self.choices if c.id == self.chosen), None)

    def otherwise(self, foresight: Foresight) -> Decision | None:
        """The finding, where the path chosen is not open and another one is taken."""
        found = (d for d in foresight.decisions if d.matter == self.matter.matter)
        return next((decision for decision in found if decision.path != self.chosen), None)


def ways_of(work: Work) -> tuple[Ways, ...]:
    """The paths to choose from, matter by matter; only where there is a choice."""
    if isinstance(work, ThemeWork):
        chosen = work.chosen_paths
        found = [
            Ways(
                f"path-{matter.matter}",
                matter.matter,
                matter,
                tuple(_choices(matter)),
                chosen.get(matter.matter, "general"),
            )
            for matter in needed_matters(work)
        ]
    else:
        found = [Ways("path", "", work.matter, tuple(_choices(work.matter)), work.filling.path)]
    return tuple(ways for ways in found if len(ways.choices) > 1)


def path_form(ways: tuple[Ways, ...]) -> WebForm:
    """One control for each matter that leaves a choice."""
    fields = {w.name: RadioField(_("办理方式"), choices=_titles(w)) for w in ways}
    form: WebForm = type("PathForm", (WebForm,), fields)(request.form or None)
    for one in ways:
        if one.name not in request.form:
            form[one.name].data = one.chosen
    return form


def with_paths(ways: tuple[Ways, ...], form: WebForm) -> Callable[[Filling], Filling]:
    """What a valid form makes of a draft."""
    by_part = {one.part: str(form[one.name].data) for one in ways}

    def change(filling: Filling) -> Filling:
        parts = {part: path for part, path in by_part.items() if part}
        path = by_part.get("", filling.path)
        return replace(filling, path=path, paths={**filling.paths, **parts})

    return change


def promises(work: Work) -> tuple[Ways, ...]:
    """The matters whose chosen path wants a commitment signed."""
    return tuple(ways for ways in ways_of(work) if ways.terms is not None and ways.terms.duty)


def _titles(ways: Ways) -> dict[str, str]:
    return {choice.id: choice.title for choice in ways.choices}


def _choices(matter: Matter) -> Iterator[PathChoice]:
    titles = {use.key: use.title or use.key for use in matter.materials}
    titles |= {criterion.id: criterion.point for criterion in matter.criteria}
    yield PathChoice("general", _(_ORDINARY), None, ())
    for path, terms in matter.paths.items():
        covered = tuple(titles[name] for name in terms.covers if name in titles)
        yield PathChoice(path, _(PATH_TITLES[path]), terms, covered)
