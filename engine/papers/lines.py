"""A line of the notice in either language."""

from engine.decision import Decision, Missing, NoticeLine
from engine.papers.english import spoken_origin, with_origins
from engine.prose import Language


def spoken_line(line: NoticeLine, decision: Decision, language: Language) -> str:
    """What is amiss."""
    missing = _missing(line, decision)
    if language == "zh" or missing is None:
        return line.text.zh if language == "zh" else with_origins(line.text.en, language)
    giver = spoken_origin(missing.given_by, language)
    return f'pending: "{missing.name}" is not known; it comes from {giver}'


def spoken_remedy(line: NoticeLine, decision: Decision, language: Language) -> str:
    """What to do about it. A definition's own remedy is as written; a missing fact's is the engine's."""
    missing = _missing(line, decision)
    if language == "zh" or missing is None:
        return line.remedy
    return f'"{missing.name}" is to be given by {spoken_origin(missing.given_by, language)}'


def _missing(line: NoticeLine, decision: Decision) -> Missing | None:
    if line.kind != "missing":
        return None
    everything = (missing for c in decision.criteria for missing in c.missing)
    return next((missing for missing in everything if missing.name == line.id), None)
