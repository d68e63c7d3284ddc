"""A strict reading of YAML on PyYAML's parser, every mistake with its place."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from engine.diagnostics import Diagnostics, Place
from engine.source.document import Document, Mapping, Node, Scalar, Sequence, Span, Value

# The libyaml binding is 4 times faster; PyYAML's wheels carry it, a source build may not.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_CHARACTERS = 4_000_000
MAX_NODES = 200_000
MAX_DEPTH = 40

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,38})", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,38})\.[0-9]{1,38}", re.ASCII)
_WORDS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}

# What PyYAML says, told to someone who does not program. Matched in this order.
_EXPLAINED = (
    (
        "cannot start any token",
        "此处的字符不能开始一个值（制表符请改为空格；含特殊符号的文字请加引号）",
    ),
    (
        "mapping values are not allowed",
        "此处不应再出现冒号：上一行可能缺少缩进，或文字中含冒号而未加引号",
    ),
    ("could not find expected ':'", "缺少冒号（必须用半角 : ，其后加一个空格）"),
    ("did not find expected key", "缩进与同级的键没有对齐，或引号未成对"),
    ("did not find expected '-' indicator", "同一列表的条目没有对齐，或缺少条目前的“- ”"),
    ("found unexpected end of stream", "引号或括号没有成对"),
    ("did not find expected ',' or", "方括号或花括号中的各项应以半角逗号分开并成对闭合"),
    ("found undefined tag", "不支持以 ! 开头的类型标记"),
    ("did not find expected node content", "此处应有一个值（标点须用半角，文字请加引号）"),
    # The same in the words of PyYAML's own parser, which stands in where libyaml is missing.
    ("expected the node content", "此处应有一个值（标点须用半角，文字请加引号）"),
    ("expected <block end>", "缩进与同级的键没有对齐，或引号未成对"),
    ("expected ',' or", "方括号或花括号中的各项应以半角逗号分开并成对闭合"),
    ("expected '<document start>'", "此处不应再有内容：一个文件只放一个定义"),
    ("sequence entries are not allowed", "此处不应是列表的条目：“- ”应另起一行并缩进"),
    ("chomping or indentation", "| 或 > 之后只能换行"),
    ("expected alphabetic or numeric", "以 & 或 * 开头的文字请加引号"),
    ("did not find expected <document start>", "此处不应再有内容：一个文件只放一个定义"),
    ("escape", "双引号中的 \\ 写法有误：请改用单引号，或把 \\ 写成 \\\\"),
    ("found a tab character", "缩进中有制表符：请改为空格"),
    ("block sequence entries are not allowed", "此处不应是列表的条目：“- ”应另起一行并缩进"),
    ("mapping keys are not allowed", "此处不应出现键：请检查缩进"),
    ("did not find expected comment or line break", "此行后面多出了内容"),
    ("did not find expected alphabetic or numeric", "以 & 或 * 开头的文字请加引号"),
    ("directive", "以 % 开头的文字请加引号"),
    ("indentation indicator", "| 或 > 之后只能换行"),
    ("found unexpected document", "引号没有成对"),
    ("control characters are not allowed", "含有不可见的控制字符"),
    ("special characters are not allowed", "含有不可见的控制字符"),
    ("surrogates not allowed", "含有不完整的字符（编码损坏）"),
)
# Line breaks to YAML 1.1 and to nobody's editor; word processors leave them in copied text.
_STRANGE_BREAK = re.compile("[\x85\u2028\u2029]")


class _Refused(Exception):
    """The reading cannot go on; the diagnostic is already collected."""


def read_document(text: str, file: str, diagnostics: Diagnostics) -> Document | None:
    """The document in `text`, or None with the reasons added to `diagnostics`.

    `file` is the name that places carry. Exactly one document is expected in a file.
    """
    if len(text) > MAX_CHARACTERS:
        diagnostics.add("yaml-too-large", Place(file), limit=MAX_CHARACTERS, size=len(text))
        return None
    reader = _Reader(text, file, diagnostics)
    try:
        root = reader.read()
    except _Refused:
        return None
    except (yaml.YAMLError, ValueError) as error:
        reader.explain(error)
        return None
    return None if root is None else Document(file, text, root)


@dataclass
class _Open:
    """A collection whose end has not been seen yet."""

    span: Span
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    key: Scalar | None = None


class _Reader:
    """Builds the tree from parser events with its own stack, so depth is counted, not suffered."""

    def __init__(self, text: str, file: str, diagnostics: Diagnostics) -> None:
        self.text, self.file, self.diagnostics = text, file, diagnostics
        self.lines = text.splitlines()
        self.open: list[_Open] = []
        self.nodes = 0
        self.root: Node | None = None
        self.documents = 0
        # The parser reads what follows a byte-order mark; our places count the mark.
        self.shift = 1 if text.startswith("\ufeff") else 0

    def read(self) -> Node | None:
        self._refuse_strange_break()
        parser = _LOADER(self.text[self.shift :])
        try:
            while parser.check_event():
                self._take(parser.get_event())
        finally:
            parser.dispose()
        if self.root is None or (isinstance(self.root, Scalar) and self.root.value is None):
            self.add("yaml-empty", Place(self.file, 1, 1, 1, 2))
            return None
        return self.root

    def _refuse_strange_break(self) -> None:
        found = _STRANGE_BREAK.search(self.text)
        if found is None:
            return
        before = self.text[: found.start()].splitlines(keepends=True) or [""]
        inside = before[-1].rstrip("\r\n") == before[-1]
        line, column = (len(before), len(before[-1]) + 1) if inside else (len(before) + 1, 1)
        code = f"U+{ord(found[0]):04X}"
        self.add(
            "yaml-syntax",
            Place(self.file, line, column, line, column + 1),
            problem=f"{code} is an invisible line break",
            problem_zh=f"含有不可见的换行字符 {code}（常来自文字处理软件），请删去后重新换行",
        )
        raise _Refused

    def _take(self, event: yaml.Event) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._check(event)
            self._close(self._scalar(event))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._check(event)
            self.open.append(_Open(self.span(event), kind is yaml.MappingStartEvent))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(self._collection(event))
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self.refuse("yaml-many-documents", event)
        elif kind is yaml.AliasEvent:
            self.refuse("yaml-alias", event)

    def _check(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse("yaml-too-many-values", event, limit=MAX_NODES)
        if len(self.open) >= MAX_DEPTH:
            self.refuse("yaml-too-deep", event, limit=MAX_DEPTH)
        if event.anchor is not None:
            self.refuse("yaml-alias", event)
        if event.tag is not None:
            # As it was written: the parser has spelled out what `!!` stands for.
            written = self.text[self.span(event).start :].split(maxsplit=1)[0]
            self.refuse("yaml-tag", event, tag=written[:60])

    def _scalar(self, event: Any) -> Scalar:
        plain = event.style in (None, "")
        value = _resolve(event.value) if plain else event.value
        return Scalar(self.span(event), value, None if plain else event.style)

    def _collection(self, event: yaml.Event) -> Node:
        done = self.open.pop()
        span = done.span
        end = self.span(event)
        whole = Span(span.start, end.end, span.line, span.column, end.end_line, end.end_column)
        if done.is_mapping:
            return Mapping(whole, tuple(done.entries))
        return Sequence(whole, tuple(done.items))

    def _close(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self._key(node)
        else:
            if parent.key.value in parent.keys:
                place = self.place(parent.key.span)
                self.add("yaml-duplicate-key", place, key=parent.key.value)
            else:
                parent.keys.add(str(parent.key.value))
                parent.entries.append((parent.key, node))
            parent.key = None

    def _key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar) or node.value is None:
            self.add("yaml-key", self.place(node.span))
            raise _Refused
        if isinstance(node.value, str):
            return node
        # A key is a name, never a number or a truth value: take it as written.
        written = self.text[node.span.start : node.span.end]
        return Scalar(node.span, written, node.style)

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        shift, row, last_row = self.shift, start.line, end.line
        return Span(
            start.index + shift,
            end.index + shift,
            row + 1,
            start.column + 1 + (0 if row else shift),
            last_row + 1,
            end.column + 1 + (0 if last_row else shift),
        )

    def place(self, span: Span) -> Place:
        return Place(self.file, span.line, span.column, span.end_line, span.end_column)

    def add(self, code: str, place: Place, **words: object) -> None:
        line = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        self.diagnostics.add(code, place, excerpt=line, **words)

    def refuse(self, code: str, event: yaml.Event, **words: object) -> None:
        self.add(code, self.place(self.span(event)), **words)
        raise _Refused

    def explain(self, error: Exception) -> None:
        """A parser error as a diagnostic with its place."""
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", "") or getattr(error, "reason", "") or error)
        if mark is None:
            line, column = _control_character(self.text)
        else:
            line, column = mark.line + 1, mark.column + 1 + (0 if mark.line else self.shift)
        place = Place(self.file, line, column, line, column + 1)
        zh = next((zh for sign, zh in _EXPLAINED if sign in problem), "YAML 写法有误")
        self.add("yaml-syntax", place, problem=problem, problem_zh=zh)


def _control_character(text: str) -> tuple[int, int]:
    for row, line in enumerate(text.splitlines(), 1):
        for column, character in enumerate(line, 1):
            if not character.isprintable() and character not in "\t\ufeff\u3000\xa0":
                return row, column
    return 1, 1


def _resolve(text: str) -> Value:
    """A plain scalar by YAML 1.2's core schema, less its octal, hexadecimal and float forms."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text) and text != "-0":
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
