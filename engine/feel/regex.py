"""XPath regular expressions in time linear in the text (XPath Functions 3.1, section 5.6).

A pattern is compiled to a small program that explores each pair of instruction and position
at most once, so `(a+)+b` cannot hang; back references, which cannot be bounded so, draw on a
budget of steps instead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .characters import CharacterSet, EscapeError, folded, read_class, read_escape
from .effort import check_length, spend
from .errors import FeelLimitError

LONGEST_PROGRAM: Final = 20_000
MOST_STEPS: Final = 300_000
_BLANK: Final = " \t\n\r"
_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class _Op:
    """One instruction: `code` and what it needs."""

    code: str
    x: int = 0
    y: int = 0
    test: CharacterSet | None = None


class _PatternError(Exception):
    """The pattern is not an XPath regular expression."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `groups` counts its capturing groups."""

    program: tuple[_Op, ...]
    groups: int
    folds: bool
    has_references: bool
    literal: bool

    def search(self, text: str, start: int) -> list[int] | None:
        """The leftmost match from `start` on: begin and end of each group, -1 where unmatched."""
        seen: set[object] = set()
        try:
            for position in range(start, len(text) + 1):
                found = self._match(text, position, seen)
                if found is not None:
                    return found
        finally:
            spend(1 + len(seen) // 2)
        return None

    def _match(self, text: str, start: int, seen: set[object]) -> list[int] | None:
        """One attempt by depth-first search; a state seen before has failed before."""
        pending = [(0, start, (-1,) * (2 * self.groups + 2))]
        while pending:
            at, position, marks = pending.pop()
            state = (at, position, marks) if self.has_references else (at, position)
            if state in seen:
                continue
            seen.add(state)
            if len(seen) > (MOST_STEPS // 4 if self.has_references else MOST_STEPS):
                raise FeelLimitError(
                    "正则表达式的计算量超过上限",
                    "the regular expression takes more work than is allowed",
                )
            op = self.program[at]
            if op.code == "match":
                return [start, position, *marks[2:]]
            if op.code == "split":
                pending += [(op.y, position, marks), (op.x, position, marks)]
            elif op.code == "mark":
                marks = (*marks[: op.x], position, *marks[op.x + 1 :])
                pending.append((at + 1, position, marks))
            elif op.code == "jump":
                pending.append((op.x, position, marks))
            elif op.code == "loop":
                # Back where the round began, it read nothing: the loop is over.
                again = (op.x, position, marks) if self.has_references else (op.x, position)
                pending.append((at + 1 if again in seen else op.x, position, marks))
            else:
                end = self._advance(op, text, position, marks)
                if end >= 0:
                    pending.append((at + 1, end, marks))
        return None

    def _advance(self, op: _Op, text: str, position: int, marks: tuple[int, ...]) -> int:
        """Where an instruction that reads leaves off; -1 where it does not match."""
        if op.code == "set":
            if position < len(text) and op.test is not None and op.test.has(text[position]):
                return position + 1
            return -1
        if op.code == "same":
            begin, end = marks[2 * op.x], marks[2 * op.x + 1]
            wanted = text[begin:end] if begin >= 0 <= end else ""
            found = text[position : position + len(wanted)]
            agrees = folded(found) == folded(wanted) if self.folds else found == wanted
            return position + len(wanted) if agrees else -1
        if op.code == "begin":
            holds = position == 0 or (
                bool(op.x) and position < len(text) and text[position - 1] == "\n"
            )
        else:
            holds = position == len(text) or (bool(op.x) and text[position] == "\n")
        return position if holds else -1

    def replace(self, text: str, replacement: str) -> str | None:
        """All matches replaced; null where the pattern matches nothing or `$` is misused."""
        pieces = self._template(replacement)
        if pieces is None or self._match("", 0, set()) is not None:
            return None
        parts: list[str] = []
        position = length = 0
        while (found := self.search(text, position)) is not None:
            parts.append(text[position : found[0]])
            parts += [_piece(piece, text, found) for piece in pieces]
            length += sum(map(len, parts[-1 - len(pieces) :]))
            check_length(length)
            position = found[1]
        return "".join(parts) + text[position:]

    def split(self, text: str) -> list[object] | None:
        """The text between matches; null where the pattern matches nothing at all."""
        if self._match("", 0, set()) is not None:
            return None
        parts: list[object] = []
        position = 0
        while (found := self.search(text, position)) is not None:
            parts.append(text[position : found[0]])
            position = found[1]
        return [*parts, text[position:]]

    def _template(self, replacement: str) -> list[str | int] | None:
        """Literal pieces and group numbers; `$12` is group 1 and a 2 where there are but 11."""
        if self.literal:
            return [replacement]
        pieces: list[str | int] = []
        at = 0
        while at < len(replacement):
            character, after = replacement[at], replacement[at + 1 : at + 2]
            if character == "\\":
                if after not in ("\\", "$") or not after:
                    return None
                pieces.append(after)
                at += 2
            elif character == "$":
                if not (after.isascii() and after.isdigit()):
                    return None
                number, at = self._group_number(replacement, at + 1)
                pieces.append(number)
            else:
                pieces.append(character)
                at += 1
        return pieces

    def _group_number(self, text: str, at: int) -> tuple[int, int]:
        number, at = int(text[at]), at + 1
        while at < len(text) and text[at].isascii() and text[at].isdigit():
            longer = number * 10 + int(text[at])
            if longer > self.groups:
                break
            number, at = longer, at + 1
        return number, at


def _piece(piece: str | int, text: str, found: list[int]) -> str:
    if isinstance(piece, str):
        return piece
    if 2 * piece + 1 >= len(found) or found[2 * piece] < 0:
        return ""
    return text[found[2 * piece] : found[2 * piece + 1]]


def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """The compiled pattern; None where pattern or flags (s m i x q) are not XPath."""
    spend(8 + len(pattern))
    compiled = _compiled(pattern, flags)
    if compiled is not None:
        # Whether it was at hand or not: the same evaluation takes the same number of steps.
        spend(len(compiled.program) // 2)
    return compiled


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Pattern | None:
    if not set(flags) <= set("smixq"):
        return None
    if "x" in flags and "q" not in flags:
        pattern = _without_blanks(pattern)
    compiler = _Compiler(pattern, flags)
    try:
        return compiler.compile()
    except (_PatternError, EscapeError):
        return None


def _without_blanks(pattern: str) -> str:
    """White space outside character classes means nothing under the flag x."""
    kept, depth, escaped = [], 0, False
    for character in pattern:
        if character in _BLANK and not depth:
            continue
        if not escaped:
            depth += (character == "[") - (character == "]" and depth > 0)
        escaped = character == "\\" and not escaped
        kept.append(character)
    return "".join(kept)


class _Compiler:
    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern, self.flags = pattern, flags
        self.folds = "i" in flags
        self.at = 0
        self.depth = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.has_references = False
        self.program: list[_Op] = []

    def compile(self) -> Pattern:
        if "q" in self.flags:
            for character in self.pattern:
                self.emit_set(CharacterSet.of(character, self.folds))
        else:
            self.alternatives()
            if self.at < len(self.pattern):
                raise _PatternError
        self.emit("match")
        return Pattern(
            tuple(self.program), self.groups, self.folds, self.has_references, "q" in self.flags
        )

    def emit(self, code: str, x: int = 0, y: int = 0, test: CharacterSet | None = None) -> int:
        if len(self.program) >= LONGEST_PROGRAM:
            raise FeelLimitError("正则表达式太长", "the regular expression is too long")
        self.program.append(_Op(code, x, y, test))
        return len(self.program) - 1

    def emit_set(self, test: CharacterSet) -> None:
        self.emit("set", test=test)

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def accept(self, text: str) -> bool:
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def alternatives(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FeelLimitError("正则表达式嵌套太深", "the regular expression is nested too deep")
        jumps: list[int] = []
        start = len(self.program)
        self.branch()
        while self.accept("|"):
            self.insert(start, _Op("split", start + 1, len(self.program) + 2))
            jumps = [jump + 1 if jump >= start else jump for jump in jumps]
            jumps.append(self.emit("jump"))
            start = len(self.program)
            self.branch()
        for jump in jumps:
            self.program[jump] = _Op("jump", len(self.program))
        self.depth -= 1

    def branch(self) -> None:
        while self.peek() and self.peek() not in "|)":
            self.piece()

    def piece(self) -> None:
        start = len(self.program)
        groups = self.groups
        if self.atom():
            self.quantifier(start, groups)

    def quantifier(self, start: int, groups: int) -> None:
        least, most = self.bounds()
        if (least, most) == (1, 1):
            return
        greedy = not self.accept("?")
        body = self.program[start:]
        del self.program[start:]
        for _ in range(least):
            self.copy(body, start)
        if most < 0:
            self.star(body, start, greedy)
        else:
            splits: list[int] = []
            for _ in range(most - least):
                splits.append(self.emit("split"))
                self.copy(body, start)
            for split in splits:
                self.program[split] = self.fork(split + 1, len(self.program), greedy)

    def star(self, body: list[_Op], start: int, greedy: bool) -> None:
        split = self.emit("split")
        self.copy(body, start)
        self.emit("loop", split)
        self.program[split] = self.fork(split + 1, len(self.program), greedy)

    def fork(self, inside: int, outside: int, greedy: bool) -> _Op:
        return _Op("split", inside, outside) if greedy else _Op("split", outside, inside)

    def copy(self, body: list[_Op], start: int) -> None:
        """Appends a copy of a piece compiled at `start`, its jumps moved along."""
        shift = len(self.program) - start
        for op in body:
            if op.code in ("split", "jump", "loop"):
                self.emit(op.code, op.x + shift, op.y + shift)
            else:
                self.emit(op.code, op.x, op.y, op.test)

    def insert(self, at: int, op: _Op) -> None:
        """Puts an instruction in front of a branch, whose own jumps move along."""
        body = self.program[at:]
        del self.program[at:]
        self.emit(op.code, op.x, op.y, op.test)
        self.copy(body, at)

    def bounds(self) -> tuple[int, int]:
        """How often a piece repeats; no upper bound is -1."""
        for sign, least, most in (("?", 0, 1), ("*", 0, -1), ("+", 1, -1)):
            if self.accept(sign):
                return least, most
        if not self.accept("{"):
            return 1, 1
        least = self.integer()
        most = least
        if self.accept(","):
            most = -1 if self.peek() == "}" else self.integer()
        if not self.accept("}") or -1 < most < least:
            raise _PatternError
        return least, most

    def integer(self) -> int:
        start = self.at
        while self.peek().isascii() and self.peek().isdigit():
            self.at += 1
        if not 0 < self.at - start < 6:
            raise _PatternError
        return int(self.pattern[start : self.at])

    def atom(self) -> bool:
        """Compiles one atom; False for `^` and `$`, which cannot repeat."""
        character = self.peek()
        rule: Callable[[], None] | None = {
            "(": self.group,
            "[": self.class_,
            "\\": self.escape,
        }.get(character)
        if rule is not None:
            rule()
            return True
        if character in "?*+{}]":
            raise _PatternError
        self.at += 1
        if character in "^$":
            self.emit("begin" if character == "^" else "end", int("m" in self.flags))
            return False
        if character == ".":
            self.emit_set(CharacterSet.everything("" if "s" in self.flags else "\n\r"))
        else:
            self.emit_set(CharacterSet.of(character, self.folds))
        return True

    def group(self) -> None:
        self.at += 1
        if self.accept("?:"):
            self.alternatives()
        else:
            self.groups += 1
            number = self.groups
            self.emit("mark", 2 * number)
            self.alternatives()
            self.emit("mark", 2 * number + 1)
            self.closed.add(number)
        if not self.accept(")"):
            raise _PatternError

    def class_(self) -> None:
        test, self.at = read_class(self.pattern, self.at + 1, self.folds)
        self.emit_set(test)

    def escape(self) -> None:
        following = self.pattern[self.at + 1 : self.at + 2]
        if following.isascii() and following.isdigit():
            self.reference()
        else:
            test, self.at = read_escape(self.pattern, self.at + 1, self.folds)
            self.emit_set(test)

    def reference(self) -> None:
        """`\\1`: a group already closed; more digits belong to it while such a group exists."""
        self.at += 1
        number = 0
        while self.peek().isascii() and self.peek().isdigit():
            longer = number * 10 + int(self.peek())
            if number and longer > self.groups:
                break
            number = longer
            self.at += 1
        if number not in self.closed:
            raise _PatternError
        self.has_references = True
        self.emit("same", number)
