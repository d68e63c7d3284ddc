"""Words that leave the reader to decide: discretion, and what is left open by a catch-all."""

import re
from collections.abc import Iterator
from typing import Any

from engine.checks.subject import Subject
from engine.definitions import (
    ConclusionRule,
    Definition,
    Form,
    Matter,
    RuleSet,
    SharedMaterial,
)
from engine.definitions.matter import MaterialTerms
from engine.source import Path

# 酌情、视情况、原则上、一般、必要时 … (domain.md A5.2), and not the terms that hold them:
# 一般纳税人, 一般程序, 一般不动产, 适当性 and 相对较 as such are no discretion of the reviewer.
_DISCRETION = re.compile(
    "酌情|酌定|酌减|视情况|视情形|视情|视具体情况|视实际|根据实际情况|结合实际|原则上|灵活掌握|自由裁量|自行裁量"
    "|(?:确有)?必要时|情节较轻|情节轻微|相对较|尽量|尽可能|大致|大体上|基本(?:符合|满足|一致|达到|具备)"
    "|适当(?!性)"
    "|一般(?=情况|情形下|来说|而言|应(?!急|收)|须|需(?!求)|不(?!良|动产)|可(?!燃)|为|在(?!建|校|职)|由|要(?!件|求|素)"
    "|会(?!计|员|议)|按(?!揭)|控制|掌握|至少|达到|采用|采取)(?:情况下|情况|情形下)?"
)
# What forbids discretion uses its words: 不得酌情, 不得自行裁量.
_FORBIDDEN = re.compile("(?:不得|不能|不再|不予|禁止|不允许|无需|无须|严禁)[^，。；、]{0,4}$")
_CATCH_ALL = re.compile(
    "(?:其他|其它|相关|有关)(?:的)?(?:条件|要求|规定|情形|标准|因素|手续|资质)|等(?:条件|要求|情形|因素)"
)
_SHOWN = 40  # characters of a long text


def check_words(subject: Subject[Matter]) -> None:
    """Adds every discretionary word that no declared judgement covers, and open conditions."""
    for path, text, match in discretion_words(subject.definition):
        _report(subject, path, text, match)
    for n, criterion in enumerate(subject.definition.criteria):
        for match in _CATCH_ALL.finditer(criterion.point):
            words = {"text": criterion.point, "word": match[0]}
            place: Path = ("criteria", n, "point")
            subject.add_in(place, match.start(), match.end(), "catch-all-condition", **words)


def check_shared_words(subject: Subject[Any]) -> None:
    """Adds the discretionary words of what matters share (materials, rules) and of what forms ask."""
    for path, text in _shared_texts(subject.definition):
        for match in _discretion_in(text):
            _report(subject, path, text, match)


def _shared_texts(definition: Definition) -> Iterator[tuple[Path, str]]:
    if isinstance(definition, SharedMaterial):
        yield from _material_texts((), definition)
    elif isinstance(definition, RuleSet):
        yield from _conclusion_texts(definition.conclusions)
    elif isinstance(definition, Form):
        for n, step in enumerate(definition.steps):
            for m, field in enumerate(step.fields):
                for name in ("ask", "hint"):
                    if text := getattr(field, name):
                        yield ("steps", n, "fields", m, name), text


def discretion_words(matter: Matter) -> Iterator[tuple[Path, str, re.Match[str]]]:
    """Every discretionary word that no declared judgement covers: where, in what text, which."""
    for path, text in _texts(matter):
        for match in _discretion_in(text):
            yield path, text, match


def _discretion_in(text: str) -> Iterator[re.Match[str]]:
    for match in _DISCRETION.finditer(text):
        if not _FORBIDDEN.search(text[: match.start()]):
            yield match


def _report(subject: Subject[Any], path: Path, text: str, match: re.Match[str]) -> None:
    words = {"text": _around(text, match.start()), "word": match[0]}
    subject.add_in(path, match.start(), match.end(), "discretion-word", **words)


def _around(text: str, at: int) -> str:
    if len(text) <= _SHOWN:
        return text
    first = max(0, at - _SHOWN // 2)
    shown = text[first : first + _SHOWN]
    return ("…" if first else "") + shown + ("…" if first + _SHOWN < len(text) else "")


def _texts(matter: Matter) -> Iterator[tuple[Path, str]]:
    """What officers go by and applicants read, but not the words of the law itself."""
    for n, criterion in enumerate(matter.criteria):
        if criterion.judgement is None:
            for name in ("point", "require", "when", "remedy", "duty", "misconduct"):
                if text := getattr(criterion, name):
                    yield ("criteria", n, name), text
    for n, material in enumerate(matter.materials):
        if material.title:
            yield ("materials", n, "title"), material.title
        yield from _material_texts(("materials", n), material)
    yield from _rule_texts(matter)
    for name, fact in matter.facts.items():
        for part in ("title", "note"):
            if text := getattr(fact, part):
                yield ("facts", name, part), text
    for n, note in enumerate(matter.guide.notes):
        yield ("guide", "notes", n), note
    for question, answer in matter.guide.faq.items():
        yield ("guide", "faq", question), answer


def _material_texts(path: Path, material: MaterialTerms) -> Iterator[tuple[Path, str]]:
    for name in ("note", "remedy"):
        if text := getattr(material, name):
            yield (*path, name), text
    for n, check in enumerate(material.checks or ()):
        yield (*path, "checks", n, "reason"), check.reason


def _rule_texts(matter: Matter) -> Iterator[tuple[Path, str]]:
    for n, table in enumerate(matter.tables):
        for m, row in enumerate(table.rows):
            if row.note:
                yield ("tables", n, "rows", m, "note"), row.note
    for path_id, way in matter.paths.items():
        for name in ("duty", "consequence"):
            if text := getattr(way, name):
                yield ("paths", path_id, name), text
    yield from _conclusion_texts(matter.conclusions)
    for n, duty in enumerate(matter.obligations):
        yield ("obligations", n, "title"), duty.title


def _conclusion_texts(rules: tuple[ConclusionRule, ...]) -> Iterator[tuple[Path, str]]:
    for n, rule in enumerate(rules):
        for name in ("finding", "remedy"):
            if text := getattr(rule.then, name):
                yield ("conclusions", n, "then", name), text
