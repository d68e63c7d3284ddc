"""XML from strangers to elements that know their places, and elements to XML text.

No DTD, no entities, nothing external; bounded in bytes, elements and depth. What cannot be read is
one diagnostic at its line and column.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NoReturn
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from engine.diagnostics import Diagnostics, Place

MAX_BYTES: Final = 8_000_000
MAX_ELEMENTS: Final = 200_000
MAX_DEPTH: Final = 64
_LONGEST_EXCERPT: Final = 240  # modellers write whole files on one line
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_ENCODINGS: Final = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-16": "utf-16", "us-ascii": "ascii",
    "iso-8859-1": "latin-1", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
}  # fmt: skip
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What XML 1.0 cannot carry at all, not even escaped (its production 2, Char).
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What expat says, told to someone who does not read XML. Matched in this order.
_EXPLAINED: Final = (
    ("no element found", "文件没有写完，或者是空的"),
    ("mismatched tag", "结束标记与开始标记不成对"),
    ("unclosed", "有一处没有结束"),
    ("junk after document element", "根元素之后多出了内容"),
    ("unbound prefix", "用了没有声明的前缀"),
    ("duplicate attribute", "同一属性写了两次"),
    ("undefined entity", "用了没有定义的实体；只认 &lt; &gt; &amp; &quot; &apos;"),
    ("reference to invalid character", "含有 XML 不允许的字符"),
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its namespace and local name, and the line and column (from 1) it starts at.

    `text` is its own text, in one piece. A foreign attribute is named `{namespace}name`.
    """

    space: str
    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple["Element", ...] = ()
    text: str = ""
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)

    def get(self, name: str) -> str:
        """An attribute without surrounding space; "" where it is absent."""
        return self.attributes.get(name, "").strip()


@dataclass(frozen=True)
class XmlFile:
    """A file that was read: its name, its text and its root."""

    file: str
    text: str
    root: Element

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def place(self, element: Element) -> Place:
        """The start tag as far as its name."""
        end = element.column + 1 + len(element.tag)
        return Place(self.file, element.line, element.column, element.line, end)

    def excerpt(self, place: Place) -> str:
        """The line of a place; nothing where it is too long to help."""
        line = self._lines[place.line - 1] if 0 < place.line <= len(self._lines) else ""
        return line if len(line) <= _LONGEST_EXCERPT else ""


class _Refused(Exception):
    """The reading cannot go on: why, in Chinese and English."""


def read_xml(raw: bytes, file: str, problems: Diagnostics) -> XmlFile | None:
    """The XML in `raw`, or None with the reason added to `problems` as `dmn-xml`.

    `file` is the name that places carry. A declared GBK or GB 18030 is read as such.
    """
    try:
        text = _decode(raw)
    except _Refused as refused:
        zh, en = refused.args
        problems.add("dmn-xml", Place(file), problem_zh=zh, problem=en)
        return None
    target = _Target()
    parser = target.parser = DefusedXMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(text)
        parser.close()
        assert target.root is not None  # or expat would have said that there is no element
        return XmlFile(file, text, target.root)
    except ParseError as error:
        line, column = error.position
        zh, en = _explain(str(error))
    except DefusedXmlException:
        line, column = target.position
        zh = "含有 DTD 或实体声明，出于安全不予读取；请删去 <!DOCTYPE …>"
        en = "a DTD or entity declaration is not read, for safety; remove the <!DOCTYPE …>"
    except _Refused as refused:
        line, column = target.position
        zh, en = refused.args
    place = Place(file, line, column + 1, line, column + 2)
    excerpt = XmlFile(file, text, Element("", "")).excerpt(place)
    problems.add("dmn-xml", place, excerpt=excerpt, problem_zh=zh, problem=en)
    return None


def _decode(raw: bytes) -> str:
    """The text, by its mark or its declaration. Raises _Refused."""
    if len(raw) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise _Refused(f"文件超过 {limit} MB", f"the file is over {limit} MB")
    declared = _DECLARED.match(raw.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if raw.startswith(_UTF_16_MARKS):
        name = "utf-16"
    encoding = _ENCODINGS.get(name)
    if encoding is None:
        raise _Refused(
            f"不认识编码 {name}；请存为 UTF-8", f"unknown encoding {name}; save as UTF-8"
        )
    try:
        return raw.decode(encoding).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        zh = f"第 {error.start} 个字节不是 {name} 编码；请存为 UTF-8"
        raise _Refused(zh, f"byte {error.start} is not {name}; save as UTF-8") from None


def _explain(problem: str) -> tuple[str, str]:
    zh = next((zh for sign, zh in _EXPLAINED if sign in problem), "XML 写法有误")
    return zh, problem.partition(": line")[0]


@dataclass
class _Open:
    """An element whose end has not been seen yet."""

    space: str
    tag: str
    attributes: Mapping[str, str]
    line: int
    column: int
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class _Target:
    """Builds the tree from the parser's events; counts, so that nothing is suffered."""

    parser: Any = None

    def __init__(self) -> None:
        self.open: list[_Open] = []
        self.elements = 0
        self.root: Element | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Line from 1 and column from 0 of the event at hand."""
        expat = self.parser.parser
        return expat.CurrentLineNumber, expat.CurrentColumnNumber

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            self._refuse(f"元素超过 {MAX_ELEMENTS} 个", f"over {MAX_ELEMENTS} elements")
        if len(self.open) >= MAX_DEPTH:
            self._refuse(f"嵌套超过 {MAX_DEPTH} 层", f"nested over {MAX_DEPTH} deep")
        space, tag = _split(name)
        line, column = self.position
        self.open.append(_Open(space, tag, dict(attributes), line, column + 1))

    def data(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def end(self, name: str) -> None:
        done = self.open.pop()
        element = Element(
            done.space,
            done.tag,
            MappingProxyType(dict(done.attributes)),
            tuple(done.children),
            "".join(done.texts),
            done.line,
            done.column,
        )
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element

    def close(self) -> None:
        """Nothing is left to do; the parser asks for it."""

    def _refuse(self, zh: str, en: str) -> NoReturn:
        raise _Refused(zh, en)


def _split(name: str) -> tuple[str, str]:
    space, brace, tag = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    return (space, tag) if brace else ("", name)


# --- writing -----------------------------------------------------------------------------------


def write_xml(root: Element, prefixes: Mapping[str, str]) -> str:
    """The document, indented by two spaces, UTF-8 declared. `prefixes` by namespace; "" is default."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    names = {f"xmlns:{p}" if p else "xmlns": space for space, p in prefixes.items()}
    _write(root, prefixes, names, 0, lines)
    return "\n".join(lines) + "\n"


def _write(
    element: Element,
    prefixes: Mapping[str, str],
    names: Mapping[str, str],
    depth: int,
    lines: list[str],
) -> None:
    prefix = prefixes[element.space]
    tag = f"{prefix}:{element.tag}" if prefix else element.tag
    shown = {**names, **element.attributes}
    attributes = "".join(f' {name}="{_escape(value)}"' for name, value in shown.items())
    indent = "  " * depth
    if element.children:
        lines.append(f"{indent}<{tag}{attributes}>")
        for child in element.children:
            _write(child, prefixes, {}, depth + 1, lines)
        lines.append(f"{indent}</{tag}>")
    elif element.text:
        lines.append(f"{indent}<{tag}{attributes}>{_escape(element.text, False)}</{tag}>")
    else:
        lines.append(f"{indent}<{tag}{attributes}/>")


def _escape(text: str, in_attribute: bool = True) -> str:
    """Escaped; a character that XML cannot carry becomes U+FFFD."""
    text = _UNWRITABLE.sub("\ufffd", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "&#13;")
    if in_attribute:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text
