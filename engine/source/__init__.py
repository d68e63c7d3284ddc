"""YAML text to values that know their file, line and column; a strict reading, nothing guessed.

The reading is YAML 1.2's core schema on PyYAML's own parser: only `true`, `false` and `null` are
words of the language, only plain whole numbers and decimals are numbers, everything else is text.
So `on`, `12:30` and `010020` stay what the author wrote. Anchors, tags and doubled keys are refused.
"""

from engine.source.document import Document, Mapping, Node, Path, Scalar, Sequence
from engine.source.editing import EditError, set_value
from engine.source.json_reading import read_json
from engine.source.reading import read_document

__all__ = [
    "Document",
    "EditError",
    "Mapping",
    "Node",
    "Path",
    "Scalar",
    "Sequence",
    "read_document",
    "read_json",
    "set_value",
]
