"""Judgements that a person still makes: each enters the rules as one fact that this person gives."""

from collections.abc import Iterator
from typing import Any

from engine.checks.references import expression_names
from engine.checks.subject import Subject
from engine.definitions import Criterion, Form, Matter
from engine.source import Path


def check_judgements(subject: Subject[Matter]) -> None:
    """Adds each judgement whose fact is not given by a person, or not read by its criterion."""
    asked = _asked(subject)
    for n, criterion in enumerate(subject.definition.criteria):
        judgement = criterion.judgement
        if judgement is None:
            continue
        path: Path = ("criteria", n, "judgement", "fact")
        for zh, en in _problems(subject.definition, criterion, judgement.fact, asked):
            words: dict[str, Any] = {"point": criterion.point, "fact": judgement.fact}
            subject.add(path, "judgement-fact", problem_zh=zh, problem_en=en, **words)


def _problems(
    matter: Matter, criterion: Criterion, name: str, asked: frozenset[str]
) -> Iterator[tuple[str, str]]:
    fact = matter.facts.get(name)
    if fact is None:
        yield "没有在 facts 中声明", "is not declared in facts"
    elif fact.type != "boolean":
        yield "不是“是否”事实（boolean）", "is not boolean"
    elif fact.compute is not None:
        yield "由规则计算，不是人的判断", "is computed by rules"
    elif name in asked:
        yield "让申请人在表单里自己填", "is asked of the applicant in the form"
    if name not in expression_names(criterion.require):
        yield "没有写进 require，判断了也不起作用", "is not read by `require`"


def _asked(subject: Subject[Matter]) -> frozenset[str]:
    """What the matter's form asks of the applicant; asked of the workspace only where it matters."""
    if not any(c.judgement for c in subject.definition.criteria):
        return frozenset()
    forms = subject.workspace.versions("form", subject.definition.matter)
    return frozenset(
        field.fact
        for file in forms
        if isinstance(file.definition, Form)
        for step in file.definition.steps
        for field in step.fields
    )
