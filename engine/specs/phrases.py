"""Step phrases: Chinese templates with typed placeholders, matched in bounded time.

A placeholder is `{x:type}`, or `{x}` for any words without quotes; `"{x}"` takes a quoted text, in
"…" or “…”. White space and the width of punctuation never decide: `营业面积是10平方米` and
`营业面积是 10 平方米` are one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

LONGEST_STEP: Final = 1000  # characters; longer matter belongs in a table or a doc string
_LONGEST_NAME: Final = 60
_LONGEST_WORDS: Final = 200

_NARROW: Final = str.maketrans("：，；（）！？　", ":,;()!? ")
_PLACEHOLDER: Final = re.compile(r'"\{(\w+)\}"|\{(\w+)(?::(\w+))?\}')


class PhraseError(ValueError):
    """A template that cannot be used; the message says why in both languages."""


Ends = Callable[[str, int], Iterator[int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of placeholder: where a value that begins at an offset may end, and what it looks like.

    `ends` yields the most wanted end first. `samples` stand for the type when two phrases are
    compared, `shown` when a person is told the phrase.
    """

    ends: Ends
    samples: tuple[str, ...]
    read: Callable[[str], object] = str
    shown: str = "…"


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str  # without white space, narrow punctuation


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    kind: str


def _name_ends(text: str, start: int) -> Iterator[int]:
    if start >= len(text) or not (text[start].isalpha() or text[start] == "_"):
        return
    end = start
    while end < len(text) and end - start < _LONGEST_NAME and _is_word(text[end]):
        end += 1
    yield from range(end, start, -1)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _quoted_ends(text: str, start: int) -> Iterator[int]:
    if text[start : start + 1] == '"':
        end = text.find('"', start + 1)
        if end > 0:
            yield end + 1
    elif text[start : start + 1] == "“":
        depth = 0
        for position in range(start, len(text)):
            depth += {"“": 1, "”": -1}.get(text[position], 0)
            if depth == 0:
                yield position + 1
                return


def _words_ends(text: str, start: int) -> Iterator[int]:
    for end in range(start + 1, min(len(text), start + _LONGEST_WORDS) + 1):
        if text[end - 1] in '"“”':
            return
        if not text[end - 1].isspace():
            yield end


def _pattern_ends(pattern: str) -> Ends:
    """Ends by a pattern that has one match at most at any offset: no backtracking to fear."""
    compiled = re.compile(pattern)

    def ends(text: str, start: int) -> Iterator[int]:
        match = compiled.match(text, start)
        if match is not None and match.end() > start:
            yield match.end()

    return ends


_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER = r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?"
_UNIT = r"[^\W\d_]{1,10}[²³]?|[%％‰㎡℃]"

_BARE_NUMBER: Final = re.compile(_NUMBER)
_AFTER_NUMBER: Final = re.compile(rf"\s*(?:{_UNIT})")
_DAY_OR_FLAG: Final = re.compile(rf"{_DATE}|[是否](?!\w)")


def _value_ends(text: str, start: int) -> Iterator[int]:
    """A day, 是, 否, or a number with as much of what follows for its unit as the phrase leaves."""
    match = _DAY_OR_FLAG.match(text, start)
    if match is not None:
        yield match.end()
        return
    number = _BARE_NUMBER.match(text, start)
    if number is None:
        return
    unit = _AFTER_NUMBER.match(text, number.end())
    for end in range(unit.end() if unit else number.end(), number.end(), -1):
        if not text[end - 1].isspace():
            yield end
    yield number.end()


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "text": Kind(_quoted_ends, ('"某文"',), lambda quoted: quoted[1:-1], '"…"'),
        "name": Kind(_name_ends, ("某项",)),
        "words": Kind(_words_ends, ("某些字", "7 个工作日")),
        "integer": Kind(_pattern_ends(r"[0-9]{1,15}(?![0-9.])"), ("7",), int),
        "number": Kind(_pattern_ends(_NUMBER), ("7", "7.5")),
        "date": Kind(_pattern_ends(_DATE), ("2026-11-22",), shown="2026-11-22"),
        "month": Kind(_pattern_ends(r"[0-9]{4}-[0-9]{2}(?![0-9-])"), ("2026-11",), shown="2026-11"),
        "period": Kind(
            _pattern_ends(r"[0-9]{1,6}\s*(?:个工作日|工作日|自然日|日|天|个月|月|年)"),
            ("7 个工作日",),
            shown="5 个工作日",
        ),
        # What a fact is said to be without quotes: a day, a number with its unit, 是 or 否.
        "value": Kind(_value_ends, ("7", "7.5 元", "2026-11-22", "是")),
    }
)


class Phrase:
    """One compiled template. `match` gives the arguments by name, or None."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._parts = tuple(_parts(template.rstrip("：: ")))
        slots = [part for part in self._parts if isinstance(part, _Slot)]
        self.names = tuple(slot.name for slot in slots)
        self.kinds = {slot.name: slot.kind for slot in slots}
        if len(set(self.names)) < len(self.names):
            raise PhraseError(f"“{template}”中有两个同名的占位 / two placeholders share a name")
        if not any(isinstance(part, _Literal) for part in self._parts):
            raise PhraseError(f"“{template}”没有固定文字 / the phrase has no text of its own")

    def match(self, text: str) -> dict[str, object] | None:
        """Arguments of a step's text, quotes taken off; time grows at most with length squared."""
        if len(text) > LONGEST_STEP:
            return None
        narrow = text.translate(_NARROW)
        found = _Search(self._parts, text, narrow).run()
        if found is None:
            return None
        return {name: KINDS[self.kinds[name]].read(raw) for name, raw in found.items()}

    def specialises(self, other: "Phrase") -> bool:
        """Whether everything this phrase says is also said by `other`, but not the reverse."""
        mine = all(other.match(sample) is not None for sample in self.samples)
        return mine and any(self.match(sample) is None for sample in other.samples)

    @cached_property
    def samples(self) -> tuple[str, ...]:
        """Texts that this phrase matches, enough to tell its placeholders' types apart."""
        counts = [len(KINDS[kind].samples) for kind in self.kinds.values()] or [1]
        return tuple(self._sample(turn) for turn in range(max(counts)))

    @cached_property
    def skeleton(self) -> str:
        """The phrase's own words, for finding the nearest one."""
        return "".join(part.text for part in self._parts if isinstance(part, _Literal))

    def __str__(self) -> str:
        """The phrase as a person is told it: …是"…"."""
        return _PLACEHOLDER.sub(lambda m: KINDS[_kind(m)].shown, self.template)

    def _sample(self, turn: int) -> str:
        texts = []
        for part in self._parts:
            if isinstance(part, _Literal):
                texts.append(part.text)
            else:
                samples = KINDS[part.kind].samples
                gap = " " if part.kind == "value" else ""  # 是 is no flag inside of a word
                texts.append(samples[turn % len(samples)] + gap)
        return "".join(texts)


def _parts(template: str) -> Iterator[_Literal | _Slot]:
    at = 0
    for match in _PLACEHOLDER.finditer(template):
        yield from _literal(template[at : match.start()])
        kind = _kind(match)
        if kind not in KINDS:
            raise PhraseError(
                f"“{template}”：没有占位类型 {kind}，可用 {'、'.join(KINDS)} / "
                f"no placeholder type {kind!r}; known: {', '.join(KINDS)}"
            )
        yield _Slot(match[1] or match[2], kind)
        at = match.end()
    yield from _literal(template[at:])


def _kind(match: re.Match[str]) -> str:
    return "text" if match[1] else match[3] or "words"


def _literal(text: str) -> Iterator[_Literal]:
    if "{" in text or "}" in text:
        raise PhraseError(f"“{text}”中的花括号不成对或写法不对 / a brace is not a placeholder")
    plain = "".join(text.translate(_NARROW).split())
    if plain:
        yield _Literal(plain)


class _Search:
    """A search for one way to read a text; dead ends are remembered, so none is tried twice."""

    def __init__(self, parts: tuple[_Literal | _Slot, ...], text: str, narrow: str) -> None:
        self._parts = parts
        self._text = text
        self._narrow = narrow
        self._dead: set[tuple[int, int]] = set()

    def run(self) -> dict[str, str] | None:
        return self._from(0, 0)

    def _from(self, part: int, at: int) -> dict[str, str] | None:
        at = self._past_space(at)
        if part == len(self._parts):
            # 电子证照库中有"营业执照"： before a table ends in a colon, or does not.
            return {} if self._narrow[at:].rstrip() in ("", ":") else None
        if (part, at) in self._dead:
            return None
        current = self._parts[part]
        found = None
        if isinstance(current, _Literal):
            end = self._past_literal(current.text, at)
            found = None if end is None else self._from(part + 1, end)
        else:
            found = self._slot(current, part, at)
        if found is None:
            self._dead.add((part, at))
        return found

    def _slot(self, slot: _Slot, part: int, at: int) -> dict[str, str] | None:
        for end in KINDS[slot.kind].ends(self._text, at):
            rest = self._from(part + 1, end)
            if rest is not None:
                return {slot.name: self._text[at:end], **rest}
        return None

    def _past_literal(self, literal: str, at: int) -> int | None:
        for character in literal:
            at = self._past_space(at)
            if self._narrow[at : at + 1] != character:
                return None
            at += 1
        return at

    def _past_space(self, at: int) -> int:
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at
