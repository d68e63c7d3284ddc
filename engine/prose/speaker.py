"""From a tree to a phrase: who speaks, of which matter, inside which loops.

How each kind of node is said stands in `formulas`, `claims`, `items` and `calls`, which register
here what they say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from engine.feel import FeelSyntaxError, compile_expression, tree
from engine.feel.tree import Node
from engine.prose.lexicon import NO_LEXICON, Lexicon, is_plain
from engine.prose.phrases import Bond, Phrase, atom
from engine.prose.sorts import UNKNOWN, Sort

_N = TypeVar("_N", bound=Node)
_Saying = Callable[["Speaker", Any], Phrase]
_SAYINGS: dict[type[Node], _Saying] = {}
_EXPLANATION = 40  # characters; a longer explanation in passing explains nothing


def says(kind: type[Node]) -> Callable[[_Saying], _Saying]:
    """Registers how one kind of node is said."""

    def register(saying: _Saying) -> _Saying:
        _SAYINGS[kind] = saying
        return saying

    return register


@dataclass(frozen=True)
class Item:
    """The item that a loop or a selection speaks of; `name` is empty where it is 该项."""

    variable: str
    sort: Sort
    is_named: bool = False
    is_selection: bool = False


@dataclass(frozen=True)
class Speaker:
    """`subject` is what `?` stands for in a cell; `explains` how many times over names that rules
    compute are explained by what they are computed from."""

    text: str
    lexicon: Lexicon = NO_LEXICON
    subject: tuple[Phrase, Sort] | None = None
    items: tuple[Item, ...] = ()
    bound: Mapping[str, Sort] = field(default_factory=dict)
    explains: int = 0

    def say(self, node: Node) -> Phrase:
        saying = _SAYINGS.get(type(node))
        return self.written(node) if saying is None else saying(self, node)

    def written(self, node: Node) -> Phrase:
        """The source text: of what the language of definitions does not have."""
        text = " ".join(self.text[node.start : node.end].split())
        return atom(f"`{text}`")

    def within(self, item: Item) -> "Speaker":
        return replace(self, items=(*self.items, item), explains=0)

    def binding(self, names: Mapping[str, Sort]) -> "Speaker":
        """With the parameters of a function, which hide what else has their names."""
        return replace(self, bound={**self.bound, **names}, explains=0)

    def explanation(self, name: str) -> Phrase | None:
        """How a name is computed, where that can be said in passing."""
        compute = self.lexicon.entry(name).compute
        if not compute or not self.explains or name in self.bound or name in self.variables:
            return None
        try:
            compiled = compile_expression(compute)
        except FeelSyntaxError:  # the check reports it
            return None
        if not isinstance(compiled.tree, _WORTH_EXPLAINING):
            return None
        inner = Speaker(compiled.text, self.lexicon, explains=self.explains - 1)
        said = inner.say(compiled.tree)
        return said if len(said.zh) <= _EXPLANATION else None

    @cached_property
    def variables(self) -> Mapping[str, Item]:
        """The loops' variables in sight, the innermost of a name."""
        return {item.variable: item for item in self.items if not item.is_selection}

    @property
    def item(self) -> Item | None:
        """Whom 其 and 该项 speak of: the innermost item without a name of its own."""
        return next((item for item in reversed(self.items) if not item.is_named), None)

    def is_item(self, node: Node) -> bool:
        """Whether a node is the item that is spoken of as 该项."""
        item = self.item
        if item is None or not isinstance(node, tree.Name):
            return False
        return node.name == ("item" if item.is_selection else item.variable)

    def field(self, name: str) -> Sort | None:
        """The field of the item that is spoken of, when a selection may call it by name alone."""
        item = self.item
        if item is None or not item.is_selection or name in self.bound:
            return None
        return item.sort.fields.get(name)


@says(tree.Name)
def _name(speaker: Speaker, node: tree.Name) -> Phrase:
    name = node.name
    if name == "?" and speaker.subject is not None:
        return speaker.subject[0]
    if speaker.is_item(node):
        return atom("该项", "the item")
    own = speaker.field(name)
    if own is not None:
        return possessed(own.label or name)
    if name in speaker.variables or name in speaker.bound:
        return atom(name)
    return aside(labelled(speaker.lexicon.entry(name).label), speaker.explanation(name))


def aside(label: Phrase, reason: Phrase | None) -> Phrase:
    """A label with how it is computed."""
    if reason is None:
        return label
    return Phrase(f"{label.zh}（即{reason.zh}）", f"{label.en} (that is, {reason.en})", Bond.ATOM)


def labelled(label: str) -> Phrase:
    """A name in a sentence; in corner brackets when the sentence could swallow a part of it."""
    return atom(label if is_plain(label) else f"「{label}」")


def possessed(label: str) -> Phrase:
    """A field of the item that is spoken of."""
    name = labelled(label)
    return atom(f"其{name.zh}", f"its {name.en}")


_WORTH_EXPLAINING = (tree.Comparison, tree.Logic, tree.In, tree.Between, tree.Call)


def sort_of_variable(speaker: Speaker, name: str) -> Sort:
    """The sort of whatever a name stands for where the speaker is."""
    if name == "?" and speaker.subject is not None:
        return speaker.subject[1]
    if speaker.is_item(tree.Name(0, 0, name)):
        return speaker.item.sort if speaker.item else UNKNOWN
    own = speaker.field(name)
    if own is not None:
        return own
    if name in speaker.bound:
        return speaker.bound[name]
    if name in speaker.variables:
        return speaker.variables[name].sort
    return speaker.lexicon.entry(name).sort
