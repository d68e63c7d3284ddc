"""JSON read without loss: decimals stay exact; doubled keys, NaN and what cannot be held are refused."""

import json
from decimal import Decimal
from typing import Any, NoReturn

_LARGEST_EXPONENT = 6_000  # what FEEL's decimals reach, and no further
DEEPEST_JSON = 100  # levels


def read_json(raw: bytes) -> Any:
    """The value in `raw`, UTF-8 with or without a byte-order mark.

    Raises ValueError, in Chinese and English, for whatever is no such JSON, however deep it nests.
    """
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_once,
        )
        _refuse_deep(value)
        return value
    except UnicodeDecodeError as error:
        raise ValueError(f"不是 UTF-8 编码（第 {error.start} 个字节） / not UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise ValueError(f"{place} JSON 写法有误 / not valid JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError("JSON 嵌套过深 / JSON nested too deeply") from None


def _refuse_deep(value: Any) -> None:
    """Whoever works on a value goes into it level by level: none goes as deep as the parser can."""
    level = [value]
    for _ in range(DEEPEST_JSON):
        inside = [
            v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)
        ]
        if not inside:
            return
        level = [inner for values in inside for inner in values]
    raise RecursionError


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except ArithmeticError:  # an exponent beyond all reckoning
        raise ValueError(f"数 {text[:30]} 超出范围 / number out of range") from None
    if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"数 {text[:30]} 超出范围 / number out of range")
    return number


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"不接受 {text} / {text} is not accepted")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        doubled = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"键“{doubled[:60]}”写了两次 / the key {doubled[:60]!r} is written twice")
    return found
