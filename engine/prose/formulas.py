"""Values in words: literals, arithmetic, choices, and the sort of value a node gives."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from engine.feel import tree
from engine.feel.timetext import read_temporal
from engine.feel.tree import Node
from engine.feel.values import kind_of
from engine.prose.phrases import Bond, Phrase, atom, phrase, quoted, series
from engine.prose.sorts import (
    BOOLEAN,
    DATE,
    DURATION,
    NUMBER,
    TEXT,
    UNKNOWN,
    Sort,
    sort_of_moment,
    sort_of_value,
)
from engine.prose.speaker import Speaker, says, sort_of_variable
from engine.prose.words import quantity

_LENGTH = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)
_PARTS = (
    ("年", "year"), ("个月", "month"), ("日", "day"),
    ("小时", "hour"), ("分钟", "minute"), ("秒", "second"),
)  # fmt: skip


@says(tree.Literal)
def _literal(speaker: Speaker, node: tree.Literal) -> Phrase:
    value = node.value
    if isinstance(value, str):
        return quoted(value) if value else atom("空白", "blank")
    if isinstance(value, bool):
        return atom("是", "yes") if value else atom("否", "no")
    return atom("待核", "pending") if value is None else figure(value, "")


def figure(value: Decimal, unit: str) -> Phrase:
    words = quantity(value, unit)
    bond = Bond.ATOM if value >= 0 and not unit else Bond.OWNED
    return Phrase(words.zh, words.en, bond)


def amount_of(node: Node) -> Decimal | None:
    """The figure that is written, its sign included."""
    if isinstance(node, tree.Negative):
        inner = amount_of(node.operand)
        return None if inner is None else -inner
    if isinstance(node, tree.Literal) and isinstance(node.value, Decimal):
        return node.value
    return None


@says(tree.AtLiteral)
def _moment(speaker: Speaker, node: tree.AtLiteral) -> Phrase:
    return moment(node.text)


def moment(text: str) -> Phrase:
    """`2026-11-22`, `P1Y2M`, `10:30:00`: a day, a length of time, a time."""
    value = read_temporal(text)
    if value is None:
        return atom("待核", "pending")
    length = _LENGTH.fullmatch(text)
    if length is not None:
        return _length(length)
    if kind_of(value) == "date" and (day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)):
        return atom(f"{int(day[1])}年{int(day[2])}月{int(day[3])}日", text)
    return atom(f"时刻{text}", f"the moment {text}")


def _length(found: re.Match[str]) -> Phrase:
    zh, en = "", []
    for figures, (unit_zh, unit_en) in zip(found.groups()[1:], _PARTS, strict=True):
        if figures is not None:
            zh += f"{figures}{unit_zh}"
            en.append(f"{figures} {unit_en}" + ("" if figures == "1" else "s"))
    sign_zh, sign_en = ("负", "minus ") if found[1] else ("", "")
    # Several parts with a sign before them: the sign is for all.
    return Phrase(sign_zh + zh, sign_en + " ".join(en), Bond.OWNED)


def in_unit(speaker: Speaker, node: Node, unit: str) -> Phrase:
    """A written figure with the unit of what stands beside it; anything else as it is said."""
    value = amount_of(node)
    return speaker.say(node) if value is None else figure(value, unit)


@says(tree.Negative)
def _negative(speaker: Speaker, node: tree.Negative) -> Phrase:
    value = amount_of(node)
    if value is not None:
        return figure(value, "")
    return phrase(
        Bond.PRODUCT, "−{0}", "−{0}", speaker.say(node.operand).fit(Bond.CHAIN, Bond.ATOM)
    )


_SYMBOLS = {"+": "+", "-": "−", "*": "×", "/": "÷", "**": "的乘方，指数为"}
_BONDS = {"+": Bond.SUM, "-": Bond.SUM, "*": Bond.PRODUCT, "/": Bond.PRODUCT}


@says(tree.Arithmetic)
def _arithmetic(speaker: Speaker, node: tree.Arithmetic) -> Phrase:
    left, right = node.left, node.right
    if node.operator == "**":
        parts = (speaker.say(left).fit(Bond.ATOM), speaker.say(right).fit(Bond.ATOM))
        return phrase(Bond.PHRASE, "{0}的{1}次幂", "{0} to the power of {1}", *parts)
    if (moved := _moved_day(speaker, node)) is not None:
        return moved
    bond, sign = _BONDS[node.operator], _SYMBOLS[node.operator]
    unit = sort_of(speaker, node).unit if bond is Bond.SUM else ""
    # The right side of − and ÷, and of what follows them, is bracketed: they join to the left.
    first = _operand(in_unit(speaker, left, unit), bond)
    second = _operand(in_unit(speaker, right, unit), Bond(bond + 1))
    return phrase(bond, f"{{0}} {sign} {{1}}", f"{{0}} {sign} {{1}}", first, second)


_MOVES = {"+": ("加", "plus"), "-": ("减", "minus")}
_UNIT_LENGTHS = {"P1Y": ("年", "years"), "P1M": ("个月", "months"), "P1D": ("日", "days")}


def _moved_day(speaker: Speaker, node: tree.Arithmetic) -> Phrase | None:
    """A day and a length of time: 出具日期加6个月; of so many months, 出具日期加（有效月数）个月."""
    left, right = sort_of(speaker, node.left).kind, sort_of(speaker, node.right).kind
    if node.operator not in _MOVES or (left, right) != ("date", "duration"):
        return None
    length = _length_of_units(speaker, node.right) or speaker.say(node.right).fit(Bond.OWNED)
    zh, en = _MOVES[node.operator]
    day = speaker.say(node.left).fit(Bond.OWNED)
    return phrase(Bond.PHRASE, f"{{0}}{zh}{{1}}", f"{{0}} {en} {{1}}", day, length)


def _length_of_units(speaker: Speaker, node: Node) -> Phrase | None:
    """`@"P1M" * n`: （n）个月."""
    match node:
        case tree.Arithmetic(operator="*", left=tree.AtLiteral(text=text), right=count):
            pass
        case tree.Arithmetic(operator="*", left=count, right=tree.AtLiteral(text=text)):
            pass
        case _:
            return None
    if text not in _UNIT_LENGTHS:
        return None
    zh, en = _UNIT_LENGTHS[text]
    return phrase(
        Bond.OWNED, f"{{0}}{zh}", f"{{0}} {en}", speaker.say(count).fit(Bond.OPEN).bracketed()
    )


def _operand(said: Phrase, bond: Bond) -> Phrase:
    """English functions stand before what they are of, and would swallow the next operand."""
    is_function = said.bond in (Bond.PHRASE, Bond.CHAIN)
    return said.fit(bond, Bond.ATOM if is_function else bond)


@says(tree.If)
def _choice(speaker: Speaker, node: tree.If) -> Phrase:
    condition, then, otherwise = (speaker.say(part).fit(Bond.LOGIC) for part in tree.children(node))
    return phrase(
        Bond.OPEN,
        "如果{0}，则{1}；否则{2}",
        "if {0}, then {1}; otherwise {2}",
        condition,
        then,
        otherwise,
    )


@says(tree.ListOf)
def _list(speaker: Speaker, node: tree.ListOf) -> Phrase:
    if not node.items:
        return atom("空列表", "the empty list")
    items = [speaker.say(item).fit(Bond.OWNED) for item in node.items]
    inside = series(Bond.ATOM, "、", ", ", items)
    return atom(f"由{inside.zh}组成的列表", f"the list ({inside.en})")


def several(speaker: Speaker, node: Node) -> Phrase | None:
    """A written list of written texts, as what a row gives: “空气”、“用具”共2项."""
    if not isinstance(node, tree.ListOf) or not node.items:
        return None
    if not all(isinstance(item, tree.Literal) and item.value is not None for item in node.items):
        return None
    inside = series(Bond.ATOM, "、", ", ", map(speaker.say, node.items))
    count = len(node.items)
    items = "item" if count == 1 else "items"
    return Phrase(f"{inside.zh}共{count}项", f"{inside.en} ({count} {items})", Bond.SUM)


@says(tree.ContextOf)
def _record(speaker: Speaker, node: tree.ContextOf) -> Phrase:
    if not node.entries:
        return atom("空记录", "the empty record")
    said = []
    inner = speaker
    for entry in node.entries:
        value = inner.say(entry.value).fit(Bond.LOGIC)
        said.append(Phrase(f"{entry.key}为{value.zh}", f"{entry.key} is {value.en}", Bond.ATOM))
        inner = inner.binding({entry.key: sort_of(inner, entry.value)})
    inside = series(Bond.ATOM, "；", "; ", said)
    return atom(f"记录（{inside.zh}）", f"the record ({inside.en})")


def sort_of(speaker: Speaker, node: Node) -> Sort:
    """What sort of value a node gives, as far as its wording needs it."""
    match node:
        case tree.Literal(value=value):
            return sort_of_value(value)
        case tree.AtLiteral(text=text):
            return sort_of_moment(text)
        case tree.Name(name=name):
            return sort_of_variable(speaker, name)
        case tree.Comparison() | tree.Logic() | tree.Between() | tree.In() | tree.Quantified():
            return BOOLEAN
        case tree.Negative(operand=operand):
            return sort_of(speaker, operand)
        case tree.Arithmetic():
            return _sort_of_arithmetic(speaker, node)
        case tree.Path(source=source, name=name):
            return _sort_of_path(sort_of(speaker, source), name)
        case tree.If(then=then, otherwise=otherwise):
            found = sort_of(speaker, then)
            return found if found != UNKNOWN else sort_of(speaker, otherwise)
        case tree.Filter(source=source, condition=condition):
            found = sort_of(speaker, source)
            is_place = sort_of(speaker, condition).kind == "number"
            return (found.item or UNKNOWN) if is_place else found
        case tree.ListOf(items=items):
            return Sort("list", item=sort_of(speaker, items[0]) if items else None)
        case tree.ContextOf(entries=entries):
            return _sort_of_record(speaker, entries)
        case tree.Call(function=tree.Name(name=name)):
            return _sort_of_call(speaker, name, node)
        case _:
            return UNKNOWN


def _sort_of_record(speaker: Speaker, entries: Sequence[tree.Entry]) -> Sort:
    """Its fields go by their keys, whatever the label of what each holds."""
    fields: dict[str, Sort] = {}
    for entry in entries:
        found = sort_of(speaker.binding(fields), entry.value)
        fields = {**fields, entry.key: replace(found, label="")}
    return Sort("record", fields=fields)


def _sort_of_arithmetic(speaker: Speaker, node: tree.Arithmetic) -> Sort:
    left, right = sort_of(speaker, node.left), sort_of(speaker, node.right)
    kinds = {left.kind, right.kind}
    if "date" in kinds:
        return DURATION if left.kind == right.kind else DATE
    if "duration" in kinds:
        return DURATION
    if "text" in kinds:
        return TEXT
    if node.operator in ("+", "-") and (left.unit == right.unit or not (left.unit and right.unit)):
        return Sort("number", left.unit or right.unit)
    return NUMBER


def _sort_of_path(source: Sort, name: str) -> Sort:
    if source.kind == "list":
        return Sort("list", item=_sort_of_path(source.item or UNKNOWN, name))
    if name in source.fields:
        return source.fields[name]
    if source.kind == "duration" and name in ("years", "months", "days"):
        return NUMBER
    return NUMBER if source.kind == "date" else UNKNOWN


_RESULTS: tuple[tuple[Sort, tuple[str, ...]], ...] = (
    (NUMBER, ("count", "sum", "mean", "product", "median", "stddev", "string length", "decimal",
             "floor", "ceiling", "round up", "round down", "round half up", "round half down",
             "modulo", "sqrt", "log", "exp", "number", "day of year", "week of year", "工作日数")),
    (TEXT, ("string", "substring", "substring before", "substring after", "upper case",
           "lower case", "replace", "string join", "day of week", "month of year")),
    (DATE, ("date", "date and time", "time", "now", "today")),
    (DURATION, ("duration", "years and months duration")),
    (BOOLEAN, ("not", "list contains", "contains", "starts with", "ends with", "matches", "all",
              "any", "odd", "even", "is", "before", "after", "during", "includes", "overlaps",
              "starts", "finishes", "coincides")),
)  # fmt: skip
_RESULT_OF = {name: sort for sort, names in _RESULTS for name in names}
# What gives back something of the sort it was given, or of a list of it.
_SAME_LIST = frozenset({
    "distinct values", "reverse", "sublist", "append", "concatenate", "union", "insert before",
    "remove", "list replace", "sort", "flatten",
})  # fmt: skip
_UNITS = {"工作日数": "个工作日"}


def _sort_of_call(speaker: Speaker, name: str, node: tree.Call) -> Sort:
    if not node.arguments:
        return _RESULT_OF.get(name, UNKNOWN)
    first = sort_of(speaker, node.arguments[0].value)
    if name in _SAME_LIST or name == "abs":
        return first
    if name in ("min", "max", "sum", "mean"):
        return (first.item or UNKNOWN) if first.kind == "list" else first
    found = _RESULT_OF.get(name, UNKNOWN)
    return Sort(found.kind, _UNITS[name]) if name in _UNITS else found
