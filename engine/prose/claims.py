"""What is claimed of something: comparisons, membership, and claims joined.

民法典 article 1259: 以上 and 以下 include the figure, 不满 and 超过 do not. English says at least,
at most, less than, more than.
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.feel import tree
from engine.feel.tree import Node
from engine.prose.formulas import amount_of, in_unit, sort_of
from engine.prose.phrases import Bond, Phrase, atom, phrase, series
from engine.prose.sorts import Sort
from engine.prose.speaker import Speaker, aside, labelled, says

Pair = tuple[str, str]
# Beside a written figure, beside anything else, and between days.
_FIGURES: dict[str, Pair] = {
    ">=": ("在{0}以上", "is at least {0}"), "<=": ("在{0}以下", "is at most {0}"),
    ">": ("超过{0}", "is more than {0}"), "<": ("不满{0}", "is less than {0}"),
}  # fmt: skip
_OTHERS: dict[str, Pair] = {
    ">=": ("不低于{0}", "is at least {0}"), "<=": ("不高于{0}", "is at most {0}"),
    ">": ("高于{0}", "is more than {0}"), "<": ("低于{0}", "is less than {0}"),
}  # fmt: skip
_DAYS: dict[str, Pair] = {
    ">=": ("不早于{0}", "is on or after {0}"), "<=": ("不晚于{0}", "is on or before {0}"),
    ">": ("晚于{0}", "is after {0}"), "<": ("早于{0}", "is before {0}"),
}  # fmt: skip
_EQUAL: dict[str, Pair] = {"=": ("为{0}", "is {0}"), "!=": ("不为{0}", "is not {0}")}
_SAME: dict[str, Pair] = {
    "=": ("与{0}相同", "is the same as {0}"), "!=": ("与{0}不同", "is not the same as {0}"),
}  # fmt: skip
_SAME_FIGURE: dict[str, Pair] = {
    "=": ("等于{0}", "equals {0}"), "!=": ("不等于{0}", "does not equal {0}"),
}  # fmt: skip
_ALIKE: dict[str, Pair] = {
    "=": ("{0}与{1}同时成立或者同时不成立", "{0} holds exactly when {1} holds"),
    "!=": ("{0}与{1}有且仅有一项成立", "exactly one of {0} and {1} holds"),
}
_GIVEN: dict[str, Pair] = {"=": ("未提供", "is not given"), "!=": ("已提供", "is given")}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def bound(speaker: Speaker, sign: str, end: Node, subject: Sort) -> Phrase:
    """What is claimed of a subject held against one end: 在10 m²以上, 早于申请日期."""
    if _is_null(end):
        return atom(*_GIVEN[sign]) if sign in _GIVEN else atom("为待核", "is pending")
    said = in_unit(speaker, end, subject.unit).fit(Bond.PHRASE)
    if sign in _EQUAL:
        return phrase(Bond.CLAIM, *_equality(end, subject)[sign], said)
    if "date" in (subject.kind, sort_of(speaker, end).kind):
        return phrase(Bond.CLAIM, *_DAYS[sign], said)
    is_figure = amount_of(end) is not None or isinstance(end, tree.AtLiteral)
    return phrase(Bond.CLAIM, *(_FIGURES if is_figure else _OTHERS)[sign], said)


def _equality(end: Node, subject: Sort) -> dict[str, Pair]:
    """A written value is what something is; of two things each has its own value."""
    if is_point(end):
        return _EQUAL
    return _SAME_FIGURE if subject.kind == "number" else _SAME


def between(speaker: Speaker, span: tree.Interval, subject: Sort) -> Phrase:
    """`[80..90)`: 在80 周岁以上且不满90 周岁; `[16..19]`: 在16以上19以下."""
    low = bound(speaker, ">=" if span.low_closed else ">", span.low, subject)
    high = bound(speaker, "<=" if span.high_closed else "<", span.high, subject)
    en = f"{low.en} and {high.en.removeprefix('is ')}"
    if span.low_closed and span.high_closed and None not in map(amount_of, (span.low, span.high)):
        return Phrase(f"{low.zh}{high.zh.removeprefix('在')}", en, Bond.CLAIM)
    return Phrase(f"{low.zh}且{high.zh}", en, Bond.CLAIM)


def one_of(speaker: Speaker, tests: Sequence[Node], subject: Sort) -> Phrase:
    """What is claimed by `in (…)`: one of some values, or one of several tests."""
    return series(Bond.CLAIM, "或者", " or ", alternatives(speaker, tests, subject))


def alternatives(speaker: Speaker, tests: Sequence[Node], subject: Sort) -> list[Phrase]:
    """What may be true of the subject: 为“甲”、“乙”之一, 超过5."""
    points = [test for test in tests if is_point(test)]
    claims = []
    if len(points) > 1:
        values = [in_unit(speaker, p, subject.unit).fit(Bond.OWNED) for p in points]
        inside = series(Bond.ATOM, "、", ", ", values)
        claims.append(Phrase(f"为{inside.zh}之一", f"is one of ({inside.en})", Bond.CLAIM))
        tests = [test for test in tests if not is_point(test)]
    return claims + [_passes(speaker, test, subject) for test in tests]


def _passes(speaker: Speaker, test: Node, subject: Sort) -> Phrase:
    """One test of `in`."""
    if isinstance(test, tree.HalfLine):
        return bound(speaker, test.operator, test.operand, subject)
    if isinstance(test, tree.Interval):
        return between(speaker, test, subject)
    if _is_null(test) or is_point(test) or sort_of(speaker, test).kind in _SCALARS:
        return bound(speaker, "=", test, subject)
    said = speaker.say(test).fit(Bond.SUM)
    return phrase(Bond.CLAIM, "属于{0}", "belongs to {0}", said)


_SCALARS = frozenset({"number", "text", "boolean", "date", "duration"})


def is_point(node: Node) -> bool:
    if isinstance(node, tree.Literal):
        return node.value is not None
    return amount_of(node) is not None or isinstance(node, tree.AtLiteral)


def _is_null(node: Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def _is_blank(node: Node) -> bool:
    return isinstance(node, tree.Literal) and node.value == ""


def claim(subject: Phrase, predicate: Phrase) -> Phrase:
    said = subject.fit(Bond.PHRASE)
    return Phrase(f"{said.zh}{predicate.zh}", f"{said.en} {predicate.en}", Bond.CLAIM)


@says(tree.Comparison)
def _comparison(speaker: Speaker, node: tree.Comparison) -> Phrase:
    return _compared(speaker, node.operator, node.left, node.right)


def _compared(speaker: Speaker, sign: str, left: Node, right: Node) -> Phrase:
    if _is_written(left) and not _is_written(right):
        left, right, sign = right, left, _TURNED[sign]
    subject, other = sort_of(speaker, left), sort_of(speaker, right)
    both = {subject.kind, other.kind}
    if sign in _ALIKE and both == {"boolean"} and not _is_written(right):
        parts = (speaker.say(left).fit(Bond.CHAIN), speaker.say(right).fit(Bond.CHAIN))
        return phrase(Bond.CLAIM, *_ALIKE[sign], *parts)
    said = in_unit(speaker, left, other.unit)
    return claim(said, bound(speaker, sign, right, subject))


def _is_written(node: Node) -> bool:
    return _is_null(node) or is_point(node)


@says(tree.In)
def _membership(speaker: Speaker, node: tree.In) -> Phrase:
    subject = sort_of(speaker, node.value)
    said = one_of(speaker, _tests(node), subject)
    return claim(speaker.say(node.value), said)


def _tests(node: tree.In) -> Sequence[Node]:
    """The tests; a list of plain values is those values."""
    tests = node.tests
    if len(tests) == 1 and isinstance(tests[0], tree.ListOf) and tests[0].items:
        items = tests[0].items
        return items if all(map(is_point, items)) else tests
    return tests


@says(tree.Between)
def _between(speaker: Speaker, node: tree.Between) -> Phrase:
    span = tree.Interval(node.start, node.end, node.low, node.high, True, True)
    subject = sort_of(speaker, node.value)
    return claim(speaker.say(node.value), between(speaker, span, subject))


@says(tree.Logic)
def _logic(speaker: Speaker, node: tree.Logic) -> Phrase:
    said = [p.fit(Bond.CLAIM) for p in _given_and_filled(speaker, node)]
    distinct = tuple(dict.fromkeys(said))
    mark = ("，并且", ", and ") if node.operator == "and" else ("，或者", ", or ")
    return series(Bond.LOGIC, *mark, distinct)


def _given_and_filled(speaker: Speaker, node: tree.Logic) -> list[Phrase]:
    """The operands; `x != null and x != ""` is one claim, and so is its opposite."""
    sign = "!=" if node.operator == "and" else "="
    said: list[Phrase] = []
    operands = list(node.operands)
    while operands:
        first, *operands = operands
        if operands and _is_test(first, sign, _is_null) and _is_test(operands[0], sign, _is_blank):
            assert isinstance(first, tree.Comparison)
            second = operands[0]
            assert isinstance(second, tree.Comparison)
            if first.left == second.left:
                operands = operands[1:]
                said.append(_filled(speaker, sign, first.left))
                continue
        said.append(speaker.say(first))
    return said


_FILLED: dict[str, Pair] = {
    "!=": ("有{0}", "{0} is filled in"),
    "=": ("没有{0}", "{0} is left empty"),
}
_HAS: dict[str, Pair] = {"!=": ("{0}有{1}", "{0} has {1}"), "=": ("{0}没有{1}", "{0} has no {1}")}


def _filled(speaker: Speaker, sign: str, node: Node) -> Phrase:
    """Something is given and not blank, or it is not."""
    if isinstance(node, tree.Path) and isinstance(node.source, tree.Name):
        record = sort_of(speaker, node.source).fields.get(node.name)
        if record is not None and not speaker.is_item(node.source):
            field = labelled(record.label or node.name)
            return phrase(Bond.CLAIM, *_HAS[sign], speaker.say(node.source), field)
    return phrase(Bond.CLAIM, *_FILLED[sign], speaker.say(node).fit(Bond.OWNED))


def _is_test(node: Node, sign: str, wanted: object) -> bool:
    is_comparison = isinstance(node, tree.Comparison) and node.operator == sign
    return is_comparison and callable(wanted) and bool(wanted(node.right))  # type: ignore[attr-defined]


def denial(speaker: Speaker, node: Node) -> Phrase:
    """`not(…)`: by the opposite word where there is one, else 不属于…的情形."""
    match node:
        case tree.Comparison(operator=sign, left=left, right=right):
            return _compared(speaker, _DENIED[sign], left, right)
        case tree.In(value=value) if all(map(is_point, _tests(node))):
            subject = sort_of(speaker, value)
            return claim(speaker.say(value), none_of(speaker, _tests(node), subject))
        case tree.Name(name=name):
            return denied(replace(speaker, explains=0).say(node), speaker.explanation(name))
        case _:
            return denied(speaker.say(node))


def denied(said: Phrase, reason: Phrase | None = None) -> Phrase:
    """不属于“购物场所”的情形; of a claim that is longer, 不属于（…）的情形."""
    is_closed = said.bond is Bond.ATOM and said.zh[:1] in ("「", "（")
    is_label = said.bond >= Bond.OWNED and not set("“”「」（") & set(said.zh[:1] + said.zh[-1:])
    zh = said.zh if is_closed else f"“{said.zh}”" if is_label else f"（{said.zh}）"
    whole = aside(Phrase(zh, f"({said.en})", Bond.ATOM), reason)
    return Phrase(f"不属于{whole.zh}的情形", f"it is not the case that {whole.en}", Bond.CLAIM)


def none_of(speaker: Speaker, points: Sequence[Node], subject: Sort) -> Phrase:
    values = [in_unit(speaker, p, subject.unit).fit(Bond.OWNED) for p in points]
    if len(values) == 1:
        return phrase(Bond.CLAIM, *_EQUAL["!="], values[0])
    inside = series(Bond.ATOM, "、", ", ", values)
    return Phrase(f"不为{inside.zh}中的任何一个", f"is none of ({inside.en})", Bond.CLAIM)


@says(tree.Interval)
def _interval(speaker: Speaker, node: tree.Interval) -> Phrase:
    """A range by itself, not as a test."""
    low, high = (speaker.say(part).fit(Bond.SUM) for part in (node.low, node.high))
    zh = ("含" if node.low_closed else "不含", "含" if node.high_closed else "不含")
    en = tuple(
        "included" if closed else "excluded" for closed in (node.low_closed, node.high_closed)
    )
    return atom(
        f"自{low.zh}（{zh[0]}）至{high.zh}（{zh[1]}）的范围",
        f"the range from {low.en} ({en[0]}) to {high.en} ({en[1]})",
    )


@says(tree.HalfLine)
def _half_line(speaker: Speaker, node: tree.HalfLine) -> Phrase:
    said = bound(speaker, node.operator, node.operand, sort_of(speaker, node.operand))
    return atom(f"（{said.zh}）的范围", f"the range of what ({said.en})")
