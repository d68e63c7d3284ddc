"""Edits of the text itself, so that every comment, blank line and order stays."""

import json
import re
from decimal import Decimal

from engine.diagnostics import Diagnostics
from engine.source.document import Document, Path, Scalar, Value
from engine.source.reading import read_document

# What YAML cannot hold as it is, though JSON can.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[\w\u3400-\u9fff][\w\u3400-\u9fff ./%（）、，。-]*")


class EditError(Exception):
    """The edit was refused and the text left as it was."""


def set_value(document: Document, path: Path, value: Value) -> Document:
    """`document` with the scalar at `path` replaced by `value`; nothing else moves.

    The result is read again and refused (EditError) unless exactly that value differs.
    """
    node = document.node(path)
    if not isinstance(node, Scalar):
        raise EditError(
            f"{document.place(path)}: 此处不是单个值，不能直接替换 / not a single value"
        )
    written = _written(value)
    if node.span.start == node.span.end:  # nothing was written after `key:` or `-`
        written = f" {written}"
    before, old = document.text[: node.span.start], document.text[node.span.start : node.span.end]
    # A block of text ends after its line break, which is not part of the value.
    kept = old[len(old.rstrip()) :] if node.style in ("|", ">") else ""
    text = before + written + kept + document.text[node.span.end :]
    problems = Diagnostics()
    edited = read_document(text, document.file, problems)
    if edited is None or edited.data != _replaced(document.data, path, value):
        raise EditError(f"{document.place(path)}: 替换后内容会改变别处 / edit would change more")
    return edited


def _written(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    stays_text = not re.fullmatch(r"-?[0-9.]+|true|false|null", value)
    if _PLAIN.fullmatch(value) and stays_text and value == value.strip():
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _replaced(data: object, path: Path, value: Value) -> object:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {k: _replaced(v, rest, value) if k == step else v for k, v in data.items()}
    if isinstance(data, list):
        return [_replaced(v, rest, value) if i == step else v for i, v in enumerate(data)]
    return data
