"""A whole matter read back: every rule and every table of it as sentences, in the order written."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.definitions import EFFECT_TITLES, PATH_TITLES, Criterion, Matter
from engine.prose.conclusions import spoken_conclusion
from engine.prose.expressions import spoken_in
from engine.prose.lexicon import Lexicon
from engine.prose.tables import spoken_table
from engine.prose.words import NOTHING, Words, as_written


@dataclass(frozen=True, slots=True)
class Statement:
    """One rule in words. `rule` says what it is of: fact, table, criterion, material, path …"""

    rule: str
    id: str
    title: Words
    sentences: tuple[Words, ...]


RULE_TITLES: dict[str, Words] = {
    "fact": Words("由规则计算的事实", "Facts that rules compute"),
    "table": Words("决策表", "Decision tables"),
    "criterion": Words("审查要点", "Review points"),
    "material": Words("申请材料", "Materials"),
    "path": Words("办理路径", "Ways of handling"),
    "conclusion": Words("本事项的结论规则", "Conclusion rules of this matter"),
    "obligation": Words("后续义务", "Duties afterwards"),
    "benefit": Words("给付", "Benefits"),
}


def statements_of(matter: Matter) -> Iterator[Statement]:
    """Everything of a matter that decides; conclusion rules shared by all matters are not its own."""
    lexicon = Lexicon(matter)
    yield from _facts(matter, lexicon)
    for table in matter.tables:
        told = spoken_table(table, matter)
        yield Statement("table", told.id, as_written(told.title), (told.note, *told.rows))
    for criterion in matter.criteria:
        title = as_written(criterion.point)
        yield Statement("criterion", criterion.id, title, tuple(_criterion(criterion, lexicon)))
    yield from _materials(matter, lexicon)
    for identity, path in matter.paths.items():
        if path.entry:
            title = Words(PATH_TITLES[identity], identity.replace("_", " "))
            entry = _sentence("进入条件：{}。", "Open where: {}.", path.entry, lexicon)
            yield Statement("path", identity, title, (entry,))
    for rule in matter.conclusions:
        title = as_written(rule.title or rule.rule)
        yield Statement("conclusion", rule.rule, title, spoken_conclusion(rule))
    yield from _afterwards(matter, lexicon)


def _facts(matter: Matter, lexicon: Lexicon) -> Iterator[Statement]:
    for name, fact in matter.facts.items():
        if fact.compute:
            label = lexicon.entry(name).label
            said = _sentence("由此得出：{}。", "Computed as: {}.", fact.compute, lexicon)
            yield Statement("fact", name, as_written(label), (said,))


def _criterion(criterion: Criterion, lexicon: Lexicon) -> Iterator[Words]:
    if criterion.when:
        yield _sentence("适用情形：{}。", "Applies where: {}.", criterion.when, lexicon)
    yield _sentence("须符合：{}。", "What must hold: {}.", criterion.require, lexicon)
    zh, en = EFFECT_TITLES[criterion.consequence]
    yield Words(f"不符合的：{zh}。", f"Where it does not hold: {en}.")


def _materials(matter: Matter, lexicon: Lexicon) -> Iterator[Statement]:
    for material in matter.materials:
        said = []
        if material.when:
            said.append(_sentence("需要的情形：{}。", "Needed where: {}.", material.when, lexicon))
        for check in material.checks or ():
            said.append(
                _sentence(
                    "证照须符合：{}。", "Of the licence must hold: {}.", check.require, lexicon
                )
            )
        if said:
            title = as_written(material.title or material.key)
            yield Statement("material", material.key, title, tuple(said))


def _afterwards(matter: Matter, lexicon: Lexicon) -> Iterator[Statement]:
    for duty in matter.obligations:
        if duty.when:
            said = _sentence("适用情形：{}。", "Applies where: {}.", duty.when, lexicon)
            yield Statement("obligation", duty.id, as_written(duty.title), (said,))
    for benefit in matter.benefits:
        amount = _sentence("金额或内容：{}。", "Amount: {}.", benefit.amount, lexicon)
        starts = NOTHING
        if benefit.starts:
            starts = _sentence("自何时起：{}。", "From: {}.", benefit.starts, lexicon)
        said_of = tuple(words for words in (amount, starts) if words.zh)
        yield Statement("benefit", benefit.title, as_written(benefit.title), said_of)


def _sentence(zh: str, en: str, expression: str, lexicon: Lexicon) -> Words:
    said = spoken_in(expression, lexicon)
    return Words(zh.format(said.zh), en.format(said.en))
