"""Names of DMN, which may hold spaces, as names of ours, and FEEL rewritten to use them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.feel import compile_expression, compile_unary, tree
from engine.feel.tokens import Token, is_plain_name, tokenize
from engine.feel.tree import Node

_KEYWORDS: Final = frozenset((
    "and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "not",
    "between", "true", "false", "null", "function", "instance",
))  # fmt: skip
_PROPERTIES: Final = frozenset(("time offset", "start included", "end included"))
_LONGEST: Final = 60
_Edit = tuple[int, int, str]


def plain_name(name: str) -> str:
    """The name as one word: what is no letter, digit or `_` becomes `_`."""
    word = re.sub(r"\W+", "_", name).strip("_")[: _LONGEST - 5]
    if not is_plain_name(f"_{word}"):
        # Letters to Python that FEEL does not take for names.
        word = re.sub(r"[^A-Za-z0-9_]+", "_", word).strip("_")
    if not is_plain_name(word):
        word = f"_{word}"
    return f"{word}_" if word in _KEYWORDS else word


@dataclass
class Renaming:
    """Every name of a model with ours for it. `variables` are looked up where a variable stands,
    `outputs` where one output of a table is taken from the record of all."""

    variables: dict[str, str] = field(default_factory=dict)
    outputs: dict[tuple[str, str], str] = field(default_factory=dict)
    entries: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)
    _spaced: tuple[tuple[list[str], str], ...] | None = None  # once every name is there

    def add(self, name: str) -> str:
        """Our name for a variable: a new one each time, no two the same."""
        new = self.fresh(plain_name(name))
        self.variables.setdefault(name, new)
        return new

    def fresh(self, stem: str) -> str:
        """A name that nobody has, which begins with the stem."""
        new, number = stem, self._numbers.get(stem, 1)
        while new in self.taken:
            number += 1
            new = f"{stem}_{number}"
        self._numbers[stem] = number  # where to go on: a hostile model has one name for everything
        self.taken.add(new)
        return new

    def entry(self, name: str) -> str:
        """Our name for an entry of a record."""
        return name if is_plain_name(name) or name in _PROPERTIES else plain_name(name)

    def expression(self, text: str) -> tuple[str, frozenset[str]]:
        """The expression in our names, and the variables it reads. Raises FeelSyntaxError."""
        compiled = compile_expression(text, self._known(text))
        return self._rewritten(text, compiled.tree, compiled.names, compiled.item_names)

    def cell(self, text: str) -> tuple[str, frozenset[str]]:
        """The unary tests in our names, and the variables they read. Raises FeelSyntaxError."""
        compiled = compile_unary(text, self._known(text))
        return self._rewritten(text, compiled.tree, compiled.names, compiled.item_names)

    def _known(self, text: str) -> Iterable[str]:
        """Names of several words that the text may hold; a large model has thousands of others."""
        if self._spaced is None:
            known = {*self.variables, *self.entries}
            spaced = sorted(name for name in known if not is_plain_name(name))
            self._spaced = tuple((re.findall(r"\w+", name), name) for name in spaced)
        return [name for words, name in self._spaced if all(word in text for word in words)]

    def _rewritten(
        self, text: str, node: Node, names: frozenset[str], in_filters: frozenset[str]
    ) -> tuple[str, frozenset[str]]:
        edits = _Edits(self, tokenize(text)[0])
        edits.visit(node)
        read = {self.variables.get(name, name) for name in names - edits.replaced}
        read |= {self.variables[name] for name in in_filters if name in self.variables}
        return edits.applied(text), frozenset(read | edits.read)


class _Edits:
    """The changes to one text, found by walking its tree."""

    def __init__(self, names: Renaming, tokens: tuple[Token, ...]) -> None:
        self.names, self.tokens = names, tokens
        self.edits: list[_Edit] = []
        self.read: set[str] = set()
        self.whole: set[str] = set()  # records of outputs that are read as such
        self.taken: set[str] = set()

    @property
    def replaced(self) -> set[str]:
        """Records of which only single outputs are read."""
        return self.taken - self.whole

    def visit(self, node: Node) -> None:
        if isinstance(node, tree.Path) and self._output(node):
            return
        if isinstance(node, tree.Name):
            self.whole.add(node.name)
            self._replace(node.start, node.end, node.name, self.names.variables.get(node.name))
        elif isinstance(node, tree.Path):
            first = self._last_words(node)
            self._replace(first, node.end, node.name, self.names.entry(node.name))
        elif isinstance(node, tree.Entry):
            self._declared(node.start, node.key, self.names.entry(node.key))
        elif isinstance(node, tree.Loop | tree.Parameter):
            self._declared(node.start, node.name, self.names.variables.get(node.name))
        for child in tree.children(node):
            self.visit(child)

    def _output(self, node: tree.Path) -> bool:
        if not isinstance(node.source, tree.Name):
            return False
        follower = next((t for t in self.tokens if t.start >= node.source.end), self.tokens[-1])
        if follower.text != ".":
            return False  # in brackets: the whole record is read
        new = self.names.outputs.get((node.source.name, node.name))
        if new is None:
            return False
        self.taken.add(node.source.name)
        self.read.add(new)
        self.edits.append((node.start, node.end, new))
        return True

    def _replace(self, start: int, end: int, old: str, new: str | None) -> None:
        if new is not None and new != old:
            self.edits.append((start, end, new))

    def _last_words(self, node: tree.Path) -> int:
        """Where the name after the last point of a path begins."""
        words = len(tokenize(node.name)[0]) - 1
        last = next(n for n, token in enumerate(self.tokens) if token.end == node.end)
        return self.tokens[last - words + 1].start

    def _declared(self, start: int, old: str, new: str | None) -> None:
        """A name that the text itself declares, at the token where it begins."""
        first = next(n for n, token in enumerate(self.tokens) if token.start == start)
        words = 1 if self.tokens[first].kind == "string" else len(tokenize(old)[0]) - 1
        self._replace(start, self.tokens[first + words - 1].end, old, new)

    def applied(self, text: str) -> str:
        for start, end, new in sorted(self.edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text


def aliases(given: Mapping[str, str], others: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Other names by which tools read the same thing (an id, an output's name), less the doubtful."""
    found: dict[str, set[str]] = {}
    for alias, name in others:
        if alias and alias not in given:
            found.setdefault(alias, set()).add(name)
    return {alias: names.pop() for alias, names in found.items() if len(names) == 1}
