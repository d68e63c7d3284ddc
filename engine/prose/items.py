"""Lists and records in words: fields, places, selections, loops, and what all or some items are."""

from collections.abc import Iterator

from engine.feel import tree
from engine.feel.tree import Node
from engine.prose.formulas import amount_of, sort_of
from engine.prose.functions import PROPERTIES, WHOLE_YEARS
from engine.prose.phrases import Bond, Phrase, atom, phrase
from engine.prose.sorts import NUMBER, UNKNOWN, Sort
from engine.prose.speaker import Item, Speaker, labelled, possessed, says

_BESPEAKS = (tree.Quantified, tree.For, tree.Filter)


@says(tree.Path)
def _path(speaker: Speaker, node: tree.Path) -> Phrase:
    source = sort_of(speaker, node.source)
    record = (source.item or UNKNOWN) if source.kind == "list" else source
    own = record.fields.get(node.name)
    label = (own.label if own else "") or node.name
    if speaker.is_item(node.source) and (own is not None or node.name not in PROPERTIES):
        return possessed(label)
    if node.name == "years" and (ends := _ends(node.source)) is not None:
        parts = (speaker.say(end).fit(Bond.ATOM) for end in ends)
        return phrase(Bond.PHRASE, *WHOLE_YEARS, *parts)
    said = speaker.say(node.source).fit(Bond.CHAIN, Bond.OWNED)
    if own is None and node.name in PROPERTIES:
        return phrase(Bond.OWNED, *PROPERTIES[node.name], said)
    name = labelled(label)
    return phrase(Bond.OWNED, "{0}的{1}", "{0}'s {1}", said, name)


def _ends(node: Node) -> tuple[Node, Node] | None:
    """The two days whose whole years are asked for."""
    match node:
        case tree.Call(
            function=tree.Name(name="years and months duration"), arguments=[start, end]
        ) if not start.name and not end.name:
            return start.value, end.value
        case _:
            return None


@says(tree.Filter)
def _filter(speaker: Speaker, node: tree.Filter) -> Phrase:
    said = speaker.say(node.source).fit(Bond.CHAIN)
    source = sort_of(speaker, node.source)
    place = amount_of(node.condition)
    if place is not None and place < 0:
        last = atom(format(-place, "f"))
        return phrase(Bond.CHAIN, "{0}的倒数第{1}项", "item {1} from the end of {0}", said, last)
    item = source.item or UNKNOWN
    inner = speaker.within(Item("item", item, is_selection=True))
    if place is not None or sort_of(inner, node.condition).kind == "number":
        # What stands for a place is read among the list's items too.
        number = (speaker if place is not None else inner).say(node.condition).fit(Bond.ATOM)
        return phrase(Bond.CHAIN, "{0}的第{1}项", "item number {1} of {0}", said, number)
    condition = inner.say(node.condition).bracketed()
    return phrase(
        Bond.CHAIN, "{0}中符合{1}的各项", "the items of {0} for which {1}", said, condition
    )


@says(tree.Quantified)
def _quantified(speaker: Speaker, node: tree.Quantified) -> Phrase:
    how = ("中每一项", "every item of ") if node.quantifier == "every" else (
        "中至少有一项", "at least one item of "
    )  # fmt: skip
    verb = "都符合" if node.quantifier == "every" else "符合"
    is_simple = len(node.loops) == 1 and _may_be_nameless(speaker, node.condition)
    lead_zh, lead_en = "", ""
    for loop in node.loops:
        said, item = _loop(speaker, loop, is_named=not is_simple)
        called_zh, called_en = _called(item)
        lead_zh += f"{said.zh}{how[0]}{called_zh}{verb}："
        lead_en += f"{how[1]}{said.en}{called_en} satisfies: "
        speaker = speaker.within(item)
    condition = speaker.say(node.condition)
    return Phrase(lead_zh + condition.zh, lead_en + condition.en, Bond.OPEN)


@says(tree.For)
def _for(speaker: Speaker, node: tree.For) -> Phrase:
    is_simple = len(node.loops) == 1 and _may_be_nameless(speaker, node.body)
    lead_zh, lead_en = "", ""
    for loop in node.loops:
        said, item = _loop(speaker, loop, is_named=not is_simple)
        called_zh, called_en = _called(item)
        lead_zh += f"对{said.zh}中每一项{called_zh}，"
        lead_en += f"for every item of {said.en}{called_en}, "
        speaker = speaker.within(item)
    inner = speaker.binding({"partial": Sort("list")}) if _reads(node.body, "partial") else speaker
    body = inner.say(node.body).bracketed()
    zh = f"{lead_zh}取{body.zh}，依次列成的列表"
    return Phrase(zh, f"{lead_en}the value of {body.en}, as a list", Bond.CLAIM)


def _called(item: Item) -> tuple[str, str]:
    if not item.is_named:
        return "", ""
    return f"（称为“{item.variable}”）", f' (called "{item.variable}")'


def _loop(speaker: Speaker, loop: tree.Loop, *, is_named: bool) -> tuple[Phrase, Item]:
    """What a loop runs over, and its item."""
    if loop.to is not None:
        ends = (speaker.say(end).fit(Bond.SUM) for end in (loop.source, loop.to))
        said = phrase(
            Bond.ATOM, "自{0}至{1}逐一列出的各数", "the numbers counted from {0} to {1}", *ends
        )
        return said, Item(loop.name, NUMBER, is_named)
    said = speaker.say(loop.source).fit(Bond.CHAIN)
    item = sort_of(speaker, loop.source).item or UNKNOWN
    return said, Item(loop.name, item, is_named)


def _may_be_nameless(speaker: Speaker, body: Node) -> bool:
    """Whether 其 and 该项 can be nothing but this loop's item."""
    is_outermost = not speaker.items
    return is_outermost and not any(isinstance(node, _BESPEAKS) for node in _all_nodes(body))


def _reads(node: Node, name: str) -> bool:
    return any(isinstance(part, tree.Name) and part.name == name for part in _all_nodes(node))


def _all_nodes(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(tree.children(found))


@says(tree.FunctionOf)
def _function(speaker: Speaker, node: tree.FunctionOf) -> Phrase:
    if node.external:
        return speaker.written(node)
    names = [parameter.name for parameter in node.parameters]
    body = speaker.binding(dict.fromkeys(names, UNKNOWN)).say(node.body).bracketed()
    if not names:
        return atom(f"恒取{body.zh}的函数", f"the function giving {body.en}")
    zh, en = "、".join(names), ", ".join(names)
    return atom(f"由{zh}求{body.zh}的函数", f"the function of {en} giving {body.en}")
