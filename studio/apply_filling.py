"""What a draft holds: answers as they were typed, files handed in, the path chosen. Plain JSON outside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict

from engine import Applicant, Application, Prefilled
from studio.questionnaire import Question, Questionnaire, post_of

_Answers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file handed in for a material; `id` is how the store knows the upload."""

    id: str
    digest: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Filling:
    """An application as far as it is filled in. `answers` are by the name of their control."""

    region: str = ""
    agent: str = ""
    path: str = "general"
    paths: Mapping[str, str] = field(default_factory=dict)  # of a theme: by part
    answers: _Answers = field(default_factory=dict)
    prefilled: Mapping[str, Prefilled] = field(default_factory=dict)  # by fact
    uploads: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)  # by material
    disputes: Mapping[str, str] = field(default_factory=dict)  # by fact, in the person's words
    case: str = ""  # the case that this corrects; empty for a new application
    handed_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # with that case
    window: str = ""  # the browser page that saved last
    turn: int = 0  # how many times that page had saved

    @property
    def posted(self) -> MultiDict[str, str]:
        """The answers as a browser would post them all at once."""
        posted: MultiDict[str, str] = MultiDict()
        for name, values in self.answers.items():
            posted.setlist(name, list(values))
        return posted

    def with_answers(self, questions: Iterable[Question], posted: MultiDict[str, str]) -> "Filling":
        """The answers to these questions replaced by what was posted, whatever it was."""
        names = [question.name for question in questions]
        kept = {name: v for name, v in self.answers.items() if not _belongs(name, names)}
        new = {n: tuple(v) for n, v in posted.lists() if _belongs(n, names)}
        return replace(self, answers={**kept, **{n: v for n, v in new.items() if any(v)}})

    def with_prefilled(self, plan: Questionnaire, given: Mapping[str, Prefilled]) -> "Filling":
        """What registers know, put where nothing was answered yet."""
        posted = post_of(plan, {name: found.value for name, found in given.items()})
        new = {n: tuple(v) for n, v in posted.lists() if n not in self.answers}
        return replace(self, answers={**new, **self.answers}, prefilled=dict(given))

    def with_upload(self, material: str, upload: Upload) -> "Filling":
        """One file more; the same file twice is one."""
        others = [u for u in self.uploads.get(material, ()) if u.digest != upload.digest]
        return replace(self, uploads={**self.uploads, material: (*others, upload)})

    def without_upload(self, material: str, upload_id: str) -> "Filling":
        rest = tuple(u for u in self.uploads.get(material, ()) if u.id != upload_id)
        others = {key: files for key, files in self.uploads.items() if key != material}
        return replace(self, uploads={**others, material: rest} if rest else others)

    @property
    def submissions(self) -> dict[str, dict[str, str]]:
        """What was uploaded, as an application names it."""
        return {
            material: {
                "name": "、".join(file.name for file in files),
                "digest": " ".join(file.digest for file in files),
            }
            for material, files in self.uploads.items()
            if files
        }

    def stated(self, applicant: Applicant) -> Application:
        """Who applies, how and where; no facts."""
        return Application(
            applicant=applicant, agent=self.agent, path=self.path, region=self.region
        )

    def application(self, applicant: Applicant, facts: Mapping[str, object]) -> dict[str, Any]:
        """The application as JSON, as `parse_application` reads it."""
        return {
            "applicant": {
                "name": applicant.name,
                "id_kind": applicant.id_kind,
                "id_number": applicant.id_number,
                "kind": applicant.kind,
                "agent": self.agent,
            },
            "region": self.region,
            "path": self.path,
            "facts": dict(facts),
            "materials": {**self.handed_in, **self.submissions},
        }


def _belongs(name: str, questions: Iterable[str]) -> bool:
    """Whether a control is a question's own or one inside its rows (`f_从业人员-0-f_姓名`)."""
    return any(name == question or name.startswith(f"{question}-") for question in questions)


def filling_to_json(filling: Filling) -> dict[str, Any]:
    return {
        "region": filling.region,
        "agent": filling.agent,
        "path": filling.path,
        "paths": dict(filling.paths),
        "answers": {name: list(values) for name, values in filling.answers.items()},
        "prefilled": {
            name: {"value": p.value, "zh": p.zh, "en": p.en}
            for name, p in filling.prefilled.items()
        },
        "uploads": {
            material: [
                {
                    "id": u.id,
                    "digest": u.digest,
                    "name": u.name,
                    "size": u.size,
                    "media_type": u.media_type,
                }
                for u in files
            ]
            for material, files in filling.uploads.items()
        },
        "disputes": dict(filling.disputes),
        "case": filling.case,
        "handed_in": {material: dict(given) for material, given in filling.handed_in.items()},
        "window": filling.window,
        "turn": filling.turn,
    }


def filling_of_json(kept: Mapping[str, Any]) -> Filling:
    """A draft as it was kept; empty where a machine keeps something of its own in it."""
    try:
        return _KEPT.validate_python(kept)
    except ValidationError:
        return Filling()


_KEPT = TypeAdapter(Filling)
