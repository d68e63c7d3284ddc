"""JSON as it is kept: one way of writing a value, so that its digest means something."""

import json
from collections.abc import Mapping
from typing import Any


def write_json(value: Mapping[str, Any]) -> str:
    """Canonical JSON: sorted keys, no spaces, no infinities; mappings of any kind."""
    return json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=dict,
    )


def read_json(text: str) -> Any:
    """The value in a text that `write_json` wrote."""
    return json.loads(text)
