"""Where a parser stands: its tokens, the names it knows, and how it complains."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NoReturn, TypeVar

from .errors import FeelLimitError, FeelSyntaxError
from .tokens import Token, tokenize

_Item = TypeVar("_Item")
DEEPEST: Final = 60
_PROPERTIES: Final = frozenset(("time offset", "start included", "end included"))
_NAME_SYMBOLS: Final = frozenset((".", "/", "-", "'", "’", "+", "*"))


class Phrases:
    """Names of more than one token, found by their first word, longest first."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.by_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        try:
            words = tuple(token.text for token in tokenize(name)[0][:-1])
        except FeelSyntaxError:
            return  # a key such as "a;b" can be reached with get value() only
        if len(words) > 1:
            known = self.by_word.setdefault(words[0], [])
            if all(phrase != words for phrase, _ in known):
                known.append((words, name))
                known.sort(key=lambda item: -len(item[0]))

    def match(self, tokens: tuple[Token, ...], at: int) -> tuple[int, str] | None:
        for words, name in self.by_word.get(tokens[at].text, ()):
            here = tokens[at : at + len(words)]
            if tuple(token.text for token in here) == words:
                return len(words), name
        return None


@lru_cache(maxsize=8)
def _fixed_phrases(names: frozenset[str]) -> Phrases:
    """Phrases that no expression adds to, made once."""
    return Phrases(names)


class Cursor:
    """A place among the tokens of a text."""

    def __init__(self, text: str, names: Iterable[str], functions: frozenset[str]) -> None:
        self.text = text
        self.tokens, self.lints = tokenize(text)
        self.at = 0
        self.depth = 0
        self.names = Phrases(names)
        self.functions = _fixed_phrases(functions)
        self.properties = _fixed_phrases(_PROPERTIES)

    # -- tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def is_here(self, *texts: str) -> bool:
        token = self.tokens[self.at]
        return token.kind in ("symbol", "word") and token.text in texts

    def accept(self, text: str) -> bool:
        if self.is_here(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str, zh: str, en: str) -> Token:
        if not self.is_here(text):
            self.fail(f"{zh}这里应当是“{text}”，{shown(self.token, 'zh')}",
                      f"{en}expected '{text}' here, {shown(self.token, 'en')}",
                      f"请补上 {text}", f"add {text}")  # fmt: skip
        return self.take()

    def fail(self, zh: str, en: str, help_zh: str = "", help_en: str = "") -> NoReturn:
        token = self.token
        raise FeelSyntaxError(
            zh,
            en,
            offset=token.start,
            end=max(token.end, token.start + 1),
            help_zh=help_zh,
            help_en=help_en,
        )

    def end_of_last(self) -> int:
        return self.tokens[self.at - 1].end if self.at else 0

    def new_name(self, *closers: str) -> str:
        """A name being declared, spaces and signs included, up to one of the closers."""
        first = self.at
        while self.token.kind in ("word", "number") or self.is_here(*_NAME_SYMBOLS):
            if self.at > first and self.is_here(*closers):
                break
            self.take()
        if self.at == first or self.tokens[first].kind != "word":
            self.at = first
            self.fail(f"这里应当是一个新名称，{shown(self.token, 'zh')}",
                      f"expected a new name, {shown(self.token, 'en')}",
                      "名称以文字或下划线开头", "a name starts with a letter")  # fmt: skip
        source = self.text[self.tokens[first].start : self.end_of_last()]
        name = " ".join(source.split())
        self.names.add(name)
        return name

    def listed(self, closer: str, rule: Callable[[], _Item]) -> tuple[_Item, ...]:
        """Items between commas up to a closing sign, which is left to be expected."""
        if self.is_here(closer):
            return ()
        items = [rule()]
        while self.accept(","):
            items.append(rule())
        return tuple(items)

    def deeper(self) -> None:
        """Goes one level in; raises FeelLimitError at the last."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FeelLimitError(
                f"括号或嵌套超过 {DEEPEST} 层",
                f"brackets are nested over {DEEPEST} deep",
                offset=self.token.start,
            )


def shown(token: Token, language: str) -> str:
    """What stands here, as a clause of a message."""
    if token.kind == "end":
        return "却已到结尾" if language == "zh" else "but the text ends"
    return f"却看到“{token.text}”" if language == "zh" else f"found '{token.text}'"
