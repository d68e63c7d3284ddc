"""What conclusion rules may see of each application: the facts that may be there, and where."""

from collections.abc import Iterator, Mapping
from typing import Any

import ibis

from engine.decision.program import APPLICANT, PATH, REGION, Program
from engine.inference import Fact
from engine.population.facts import PERSON, PopulationStopped
from engine.population.signatures import Patterns, Possible, Varying, alternatives
from engine.population.stages import Stage
from engine.population.terms import (
    TEXT,
    Column,
    Known,
    NotTranslatable,
    Record,
    Term,
    as_column,
    unknown,
)


def facts_posted(
    stage: Stage, program: Program, patterns: Patterns, path_title: str | None
) -> Iterator[Possible]:
    """The application, the applicant, and the facts that are texts or yes/no."""
    names = stage.names()
    person = names[APPLICANT]
    assert isinstance(person, Record)
    fixed = {"事项": program.matter.matter}
    if path_title is not None:
        fixed["路径"] = path_title
    fields = {"主体类型": person.entries["主体类型"], "地区": names[REGION]}
    varying = _varying(fields)
    if path_title is None:
        varying |= _varying({"路径": names[PATH]})
    agent = person.entries["代理人"]
    is_agent = as_column(agent).expr.notnull() if isinstance(agent, Column) else ibis.literal(False)
    varying["是否代理"] = Varying(is_agent, is_text=False)
    if patterns.mentions("申请", "申请日期"):
        raise PopulationStopped.at(program.matter.title, "结论规则中的申请日期")
    try:
        yield from alternatives(patterns, Fact("申请", fixed), varying)
        who = _varying({n: person.entries[n] for n in PERSON[:-1]})
        yield from alternatives(patterns, Fact("申请人", {}), who)
        yield from _plain_facts(program, patterns, names)
    except NotTranslatable as error:
        said = f"结论规则 {error}".rstrip()
        raise PopulationStopped.at(program.matter.title, said) from None


def _plain_facts(
    program: Program, patterns: Patterns, names: Mapping[str, Term]
) -> Iterator[Possible]:
    named = patterns.by_type.get("事实", ())
    if not named:
        return
    for name in program.matter.facts:
        term = names[name]
        if isinstance(term, Known):
            yield from _known_fact(name, term.value)
            continue
        if not isinstance(term, Column) or term.kind.name not in ("text", "boolean"):
            continue
        part = "文字" if term.kind.name == "text" else "是否"
        varying = {part: Varying(term.expr, is_text=part == "文字")}
        fact = Fact("事实", {"名称": name})
        # A fact that is not known is not there at all.
        yield from (
            one for one in alternatives(patterns, fact, varying)
            if one.fact.fields[part] is not None
        )  # fmt: skip


def criterion_fact(criterion: Any, status: str) -> Fact:
    fields = {
        "编号": criterion.id,
        "名称": criterion.point,
        "环节": criterion.stage,
        "结果": status,
        "后果": criterion.consequence,
    }
    return Fact("审查要点", fields)


def _known_fact(name: str, value: Any) -> Iterator[Possible]:
    if isinstance(value, bool):
        yield Possible(Fact("事实", {"名称": name, "是否": value}))
    elif isinstance(value, str):
        yield Possible(Fact("事实", {"名称": name, "文字": value}))


def _varying(terms: Mapping[str, Term]) -> dict[str, Varying]:
    found = {}
    for name, term in terms.items():
        if isinstance(term, Known) and term.value is None:
            found[name] = Varying(unknown(TEXT), is_text=True)
        else:
            found[name] = Varying(as_column(term).expr, is_text=True)
    return found
