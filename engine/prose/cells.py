"""Cells of decision tables: as claims in a sentence, and short for a column of their own."""

from dataclasses import replace

from engine.feel import tree
from engine.feel.scope import mentions
from engine.prose.claims import alternatives, claim, denied, is_point, none_of, one_of
from engine.prose.formulas import in_unit
from engine.prose.phrases import Bond, Phrase, phrase, series
from engine.prose.sorts import Sort
from engine.prose.speaker import Speaker


def cell_claim(
    speaker: Speaker, tests: tree.Tests, subject: Phrase, sort: Sort, opposite: Phrase | None = None
) -> Phrase | None:
    """What a cell claims of its column; None for `-`, which claims nothing.

    `opposite` is how the column is denied, where there is a better word than 不属于…的情形.
    """
    if not tests.tests:
        return None
    inner = Speaker(speaker.text, speaker.lexicon, (subject.fit(Bond.OWNED), sort))
    by_themselves = [t for t in tests.tests if mentions(t, "?")]
    plain = [t for t in tests.tests if not mentions(t, "?")]
    if tests.negated and not by_themselves and all(map(is_point, plain)):
        return claim(subject, none_of(inner, plain, sort))
    if sort.kind == "boolean" and (flag := _flag(tests)) is not None:
        return subject if flag else opposite or denied(subject)
    claims = [claim(subject, one_of(inner, plain, sort))] if plain else []
    claims += [inner.say(t).fit(Bond.CLAIM) for t in by_themselves]
    said = series(Bond.LOGIC, "，或者", ", or ", claims)
    return denied(said) if tests.negated else said


def _flag(tests: tree.Tests) -> bool | None:
    """Whether the cell asks for yes or for no."""
    only = tests.tests[0] if len(tests.tests) == 1 else None
    if isinstance(only, tree.Literal) and isinstance(only.value, bool):
        return only.value is not tests.negated
    return None


def short_cell(speaker: Speaker, tests: tree.Tests, sort: Sort) -> Phrase:
    """A cell under its heading: `[80..90)` is 80 周岁以上且不满90 周岁, `-` is 不限."""
    if not tests.tests:
        return Phrase("不限", "any", Bond.ATOM)
    if (flag := _flag(tests)) is not None:
        return Phrase("是", "yes", Bond.ATOM) if flag else Phrase("否", "no", Bond.ATOM)
    values = [t for t in tests.tests if isinstance(t, tree.Literal) and t.value is not None]
    if len(values) == len(tests.tests):
        said = series(Bond.ATOM, "、", ", ", (short_value(speaker, v, sort) for v in values))
    else:
        said = _short_tests(speaker, tests, sort)
    return phrase(Bond.CLAIM, "{0}以外", "other than {0}", said) if tests.negated else said


def _short_tests(speaker: Speaker, tests: tree.Tests, sort: Sort) -> Phrase:
    inner = replace(speaker, subject=(Phrase("该值", "the value", Bond.ATOM), sort))
    by_themselves = [t for t in tests.tests if mentions(t, "?")]
    plain = [t for t in tests.tests if not mentions(t, "?")]
    claims = [_short(claimed) for claimed in alternatives(inner, plain, sort)]
    claims += [inner.say(t).fit(Bond.CLAIM) for t in by_themselves]
    return series(Bond.CLAIM, "或者", " or ", claims)


def _short(claimed: Phrase) -> Phrase:
    """What is claimed, under the heading of what it is claimed of."""
    zh = claimed.zh.removeprefix("在").removeprefix("为")
    return Phrase(zh, claimed.en.removeprefix("is "), Bond.CLAIM)


def short_value(speaker: Speaker, node: tree.Node, sort: Sort) -> Phrase:
    """A value under its heading, which needs neither quotation marks nor the word list."""
    if isinstance(node, tree.ListOf):
        said = [short_value(speaker, item, Sort()) for item in node.items]
        return series(Bond.LOGIC, "、", ", ", said) if said else Phrase("无", "none", Bond.ATOM)
    if isinstance(node, tree.Literal) and isinstance(node.value, str) and node.value:
        return Phrase(node.value, node.value, Bond.ATOM)
    return in_unit(speaker, node, sort.unit)
