"""JSON as it is kept: one way of writing a value, so that its digest means something."""

import json
import re
from collections.abc import Mapping
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def write_json(value: Mapping[str, Any]) -> str:
    """Canonical JSON: sorted keys, no spaces, no infinities; mappings of any kind."""
    text = json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=dict,
    )
    # Half a character, which JSON can say and UTF-8 cannot.
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_json(text: str) -> Any:
    """The value in a text that `write_json` wrote."""
    return json.loads(text)


def storable(text: str) -> str:
    """The text without what no column can hold: NUL, and halves of characters."""
    return _SURROGATE.sub("", text).replace("\0", "")
