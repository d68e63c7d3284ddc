"""JSON read without loss: decimals stay exact, doubled keys and NaN are refused."""

import json
from decimal import Decimal
from typing import Any, NoReturn


def read_json(raw: bytes) -> Any:
    """The value in `raw`. ValueError for whatever is no such JSON in UTF-8, however deep it nests."""
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is written twice")
    return found
