"""Text to tokens, each with its place; full-width punctuation is read and remarked on."""

import re
from dataclasses import dataclass
from typing import Final

from .errors import FeelLimitError, FeelSyntaxError

LONGEST_TEXT: Final = 50_000

# What a Chinese keyboard types where FEEL wants ASCII.
WIDE: Final = {
    "（": "(", "）": ")", "，": ",", "、": ",", "：": ":", "；": ";", "＞": ">", "＜": "<",
    "＝": "=", "！": "!", "＋": "+", "－": "-", "＊": "*", "／": "/", "［": "[", "］": "]",
    "｛": "{", "｝": "}", "．": ".", "＠": "@", "？": "?", "≥": ">=", "≤": "<=", "≠": "!=",
    "×": "*", "÷": "/", "\u3000": " ", "【": "[", "】": "]",
}  # fmt: skip
_WIDE_DIGITS: Final = {chr(0xFF10 + digit): str(digit) for digit in range(10)}

# DMN 1.5, grammar rules 28-29 (name start and part), less the full-width forms read above.
_START: Final = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3003-\u300f\u3012-\ud7ff\uf900-\ufdcf\ufdf0-\ufeff"
    "\uff21-\uff3a\uff41-\uff5a\uff66-\ufffd\U00010000-\U000effff"
)
_WORD: Final = re.compile(f"[{_START}][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040\uff10-\uff19]*")
_NUMBER: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SYMBOLS: Final = (
    "**", "..", "<=", ">=", "!=", "->", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]",
    "{", "}", ",", ":", ".", "@", "?", "'", "’",
)  # fmt: skip
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_UNICODE: Final = re.compile(r"u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, number, string, symbol or end; `text` is the normalised text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lint:
    """A remark on a text that is accepted all the same; `is_null` where it then can only be null."""

    offset: int
    end: int
    message_zh: str
    message_en: str
    is_null: bool = False


def tokenize(text: str) -> tuple[tuple[Token, ...], tuple[Lint, ...]]:
    """All tokens with an `end` token last; raises FeelSyntaxError at what is no token."""
    if len(text) > LONGEST_TEXT:
        raise FeelLimitError(
            f"表达式有 {len(text)} 个字符，上限是 {LONGEST_TEXT}",
            f"the expression has {len(text)} characters; the limit is {LONGEST_TEXT}",
        )
    reader = _Reader(text)
    return reader.read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.tokens: list[Token] = []
        self.lints: list[Lint] = []

    def read(self) -> tuple[tuple[Token, ...], tuple[Lint, ...]]:
        while self.skip_blank():
            self.read_token()
        self.add("end", "", len(self.text))
        return tuple(self.tokens), tuple(self.lints)

    def add(self, kind: str, text: str, end: int) -> None:
        self.tokens.append(Token(kind, text, self.position, end))
        self.position = end

    def remark(self, found: str, meant: str) -> None:
        start = self.position
        zh = f"全角或特殊符号“{found}”已按“{meant}”理解"
        self.lints.append(Lint(start, start + 1, zh, f"'{found}' was read as '{meant}'"))

    def skip_blank(self) -> bool:
        """Steps over white space and comments; False at the end of the text."""
        text, size = self.text, len(self.text)
        while self.position < size:
            if text[self.position].isspace() or text[self.position] == "\ufeff":
                self.position += 1
            elif text.startswith("//", self.position):
                newline = text.find("\n", self.position)
                self.position = size if newline < 0 else newline
            elif text.startswith("/*", self.position):
                self.skip_comment()
            else:
                return True
        return False

    def skip_comment(self) -> None:
        close = self.text.find("*/", self.position + 2)
        if close < 0:
            raise FeelSyntaxError(
                "注释没有结束",
                "the comment is not closed",
                offset=self.position,
                help_zh="在注释末尾写 */",
                help_en="close it with */",
            )
        self.position = close + 2

    def read_token(self) -> None:
        text, here = self.text, self.position
        character = text[here]
        if character in '"“”':
            self.read_string()
        elif number := _NUMBER.match(text, here):
            self.add("number", number.group(), number.end())
        elif character in _WIDE_DIGITS:
            self.read_wide_number()
        elif word := _WORD.match(text, here):
            self.add("word", word.group(), word.end())
        else:
            self.read_symbol(character)

    def read_wide_number(self) -> None:
        """`１２.５`: full-width digits and point, read as the number they show."""
        end, digits = self.position, ""
        while end < len(self.text):
            character = _WIDE_DIGITS.get(self.text[end], self.text[end])
            if not (character.isascii() and character.isdigit()):
                if character not in ".．" or self.text[end + 1 : end + 2] not in _WIDE_DIGITS:
                    break
                character = "."
            digits += character
            end += 1
        self.remark(self.text[self.position : end], digits)
        self.add("number", digits, end)

    def read_symbol(self, character: str) -> None:
        narrow = WIDE.get(character)
        if narrow is not None:
            self.remark(character, narrow)
            # ＞= and ！＝ are typed as two characters of one operator.
            follower = self.text[self.position + 1 : self.position + 2]
            pair = narrow + WIDE.get(follower, follower)
            if follower and pair in ("<=", ">=", "!=", "**", ".."):
                self.add("symbol", pair, self.position + 2)
            elif narrow.isspace():
                self.position += 1
            else:
                self.add("symbol", narrow, self.position + 1)
            return
        for symbol in _SYMBOLS:
            if self.text.startswith(symbol, self.position):
                self.add_ascii_symbol(symbol)
                return
        raise FeelSyntaxError(
            f"不认识的字符“{character}”",
            f"unexpected character '{character}'",
            offset=self.position,
            help_zh="删去它，或把它放进双引号里作为文本",
            help_en="remove it, or quote it as text",
        )

    def add_ascii_symbol(self, symbol: str) -> None:
        follower = self.text[self.position + 1 : self.position + 2]
        if symbol in ("<", ">") and follower == "＝":
            self.remark(follower, "=")
            self.add("symbol", symbol + "=", self.position + 2)
        else:
            self.add("symbol", symbol, self.position + len(symbol))

    def read_string(self) -> None:
        text, start = self.text, self.position
        opening = text[start]
        closing = '"' if opening == '"' else '”"'
        if opening != '"':
            self.remark(opening, '"')
        parts: list[str] = []
        position = start + 1
        while position < len(text):
            character = text[position]
            if character in closing:
                self.add("string", _join_surrogates("".join(parts)), position + 1)
                return
            if character == "\\":
                piece, position = _escape(text, position + 1)
                parts.append(piece)
            else:
                parts.append(character)
                position += 1
        raise FeelSyntaxError(
            "文本没有结束的引号",
            "the string is not closed",
            offset=start,
            end=len(text),
            help_zh='在文本末尾补上英文双引号 "',
            help_en='close it with "',
        )


def _escape(text: str, position: int) -> tuple[str, int]:
    """What stands after a backslash; an unknown escape keeps its backslash, as in "\\d"."""
    simple = _ESCAPES.get(text[position : position + 1])
    if simple is not None:
        return simple, position + 1
    found = _UNICODE.match(text, position)
    if found and (point := int(found.group(1) or found.group(2), 16)) <= 0x10FFFF:
        return chr(point), found.end()
    return "\\", position


def _join_surrogates(text: str) -> str:
    """Pairs of surrogate escapes become the one character they stand for (DMN 1.5, 10.3.1.2)."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_plain_name(text: str) -> bool:
    """Whether a name is one word, which needs no quotes and no context to be read."""
    return _WORD.fullmatch(text) is not None
