"""Functions in words, and what type a value is of."""

from collections.abc import Sequence

from engine.feel import tree
from engine.feel.registry import BUILTINS
from engine.feel.tree import Node
from engine.prose.claims import denial
from engine.prose.formulas import moment, sort_of
from engine.prose.functions import CLAIMS, DISTINCT_COUNT, FUNCTIONS, OVER_ALL, OVER_DAYS
from engine.prose.phrases import Bond, Phrase, atom, phrase, series
from engine.prose.speaker import Speaker, says, sort_of_variable

_FROM_TEXT = frozenset({"date", "date and time", "time", "duration"})
_TYPES = {
    "number": ("数", "a number"), "string": ("文字", "a text"), "boolean": ("是否值", "yes or no"),
    "date": ("日期", "a date"), "time": ("时间", "a time"), "Any": ("任何值", "anything"),
    "date and time": ("日期时间", "a date and time"), "list": ("列表", "a list"),
    "days and time duration": ("日时时长", "a length in days and time"),
    "years and months duration": ("年月时长", "a length in years and months"),
    "context": ("记录", "a record"), "Null": ("空值", "null"),
}  # fmt: skip


@says(tree.Call)
def _call(speaker: Speaker, node: tree.Call) -> Phrase:
    if not isinstance(node.function, tree.Name):
        return _applied(speaker, node)
    name = node.function.name
    is_own = name in speaker.bound or name in speaker.variables
    arguments = None if is_own else _in_order(name, node.arguments)
    if arguments is None:
        return _applied(speaker, node)
    if name == "not" and len(arguments) == 1:
        return denial(speaker, arguments[0])
    if name in _FROM_TEXT and len(arguments) == 1:
        written = arguments[0]
        if isinstance(written, tree.Literal) and isinstance(written.value, str):
            said = moment(written.value)
            if said.zh != "待核":
                return said
    return _told(speaker, name, arguments) or _applied(speaker, node)


def _told(speaker: Speaker, name: str, arguments: Sequence[Node]) -> Phrase | None:
    if name == "count" and (listed := _distinct(arguments)) is not None:
        return phrase(Bond.CHAIN, *DISTINCT_COUNT, speaker.say(listed).fit(Bond.CHAIN))
    if name in OVER_ALL and arguments:
        return _over_all(speaker, name, arguments)
    if name == "append" and len(arguments) > 2:
        first, *rest = (speaker.say(a).fit(Bond.ATOM) for a in arguments)
        more = series(Bond.ATOM, "、", ", ", rest)
        return phrase(Bond.PHRASE, *FUNCTIONS["append", 2], first, more)
    if name == "is" and len(arguments) == 2 and _is_null(arguments[1]):
        arguments = arguments[:1]
    template = FUNCTIONS.get((name, len(arguments)))
    if template is None:
        return None
    if name in CLAIMS:
        parts = [speaker.say(a).fit(Bond.CHAIN, Bond.OWNED) for a in arguments]
        return phrase(Bond.CLAIM, *template, *parts)
    if len(arguments) <= 1:
        parts = [speaker.say(a).fit(Bond.CHAIN) for a in arguments]
        return phrase(Bond.CHAIN if parts else Bond.ATOM, *template, *parts)
    first, *rest = (speaker.say(a) for a in arguments)
    # What stands first holds together with its owner; between other words it must be by itself.
    stands_first = template[0].startswith("{0}")
    parts = [
        first.fit(Bond.OWNED if stands_first else Bond.ATOM),
        *(said.fit(Bond.ATOM) for said in rest),
    ]
    return phrase(Bond.PHRASE, *template, *parts)


def _distinct(arguments: Sequence[Node]) -> Node | None:
    """The list whose different items are counted."""
    match arguments:
        case [tree.Call(function=tree.Name(name="distinct values"), arguments=[inner])]:
            return None if inner.name else inner.value
        case _:
            return None


def _is_null(node: Node) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def _over_all(speaker: Speaker, name: str, arguments: Sequence[Node]) -> Phrase:
    first = sort_of(speaker, arguments[0])
    is_of_days = "date" in (first.kind, first.item.kind if first.item else "")
    zh, en = OVER_DAYS[name] if is_of_days and name in OVER_DAYS else OVER_ALL[name]
    bond = Bond.CHAIN if len(arguments) == 1 else Bond.ATOM
    said = series(Bond.ATOM, "、", ", ", (speaker.say(a).fit(bond) for a in arguments))
    if len(arguments) > 1:  # in English the series would run on into what follows
        said = Phrase(said.zh, f"({said.en})", Bond.ATOM)
    kind = Bond.CHAIN if len(arguments) == 1 else Bond.PHRASE
    if name in CLAIMS:
        kind = Bond.CLAIM
    return Phrase(zh.format(all=said.zh), en.format(all=said.en), kind)


def _in_order(name: str, arguments: Sequence[tree.Argument]) -> list[Node] | None:
    """Arguments by position; those by name find their places in an overload that knows them."""
    if not any(argument.name for argument in arguments):
        return [argument.value for argument in arguments]
    given = {argument.name: argument.value for argument in arguments}
    for overload in BUILTINS[name].overloads if name in BUILTINS else ():
        names = [parameter.name for parameter in overload.parameters]
        if set(given) == set(names[: len(given)]):
            return [given[name] for name in names[: len(given)]]
    return None


def _applied(speaker: Speaker, node: tree.Call) -> Phrase:
    """A function that has no words of its own, as mathematics writes it."""
    said = []
    for argument in node.arguments:
        value = speaker.say(argument.value).fit(Bond.LOGIC)
        if argument.name:
            value = Phrase(
                f"{argument.name}：{value.zh}", f"{argument.name}: {value.en}", Bond.ATOM
            )
        said.append(value)
    inside = series(Bond.ATOM, "；", "; ", said) if said else atom("", "")
    function = _function(speaker, node.function)
    return atom(f"{function.zh}（{inside.zh}）", f"{function.en}({inside.en})")


def _function(speaker: Speaker, node: Node) -> Phrase:
    if isinstance(node, tree.Name) and not sort_of_variable(speaker, node.name).label:
        return atom(node.name)
    return speaker.say(node).fit(Bond.ATOM)


@says(tree.InstanceOf)
def _instance(speaker: Speaker, node: tree.InstanceOf) -> Phrase:
    said = speaker.say(node.value).fit(Bond.SUM)
    kind = _type(node.type)
    return phrase(Bond.CLAIM, "{0}的类型是{1}", "{0} is of the type: {1}", said, kind)


def _type(node: Node) -> Phrase:
    match node:
        case tree.TypeName(name=name):
            return atom(*_TYPES.get(name, (name, name)))
        case tree.ListTypeOf(item=item):
            return phrase(Bond.ATOM, "{0}的列表", "a list of {0}", _type(item))
        case tree.RangeTypeOf(item=item):
            return phrase(Bond.ATOM, "{0}的范围", "a range of {0}", _type(item))
        case tree.ContextTypeOf(entries=entries):
            fields = [
                Phrase(f"{e.key}：{_type(e.value).zh}", f"{e.key}: {_type(e.value).en}", Bond.ATOM)
                for e in entries
            ]
            inside = series(Bond.ATOM, "；", "; ", fields) if fields else atom("", "")
            return phrase(Bond.ATOM, "记录（{0}）", "a record ({0})", inside)
        case tree.FunctionTypeOf(parameters=parameters, result=result):
            kinds = [_type(p) for p in parameters]
            inside = series(Bond.ATOM, "；", "; ", kinds) if kinds else atom("", "")
            return phrase(
                Bond.ATOM,
                "由（{0}）得{1}的函数",
                "a function of ({0}) giving {1}",
                inside,
                _type(result),
            )
        case _:
            return atom("任何值", "anything")
