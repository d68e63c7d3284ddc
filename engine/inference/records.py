"""Facts as the room works on them: checked against the schema, in one form, with a total order."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from engine.feel.frozen_values import frozen

from . import limits
from .model import Fact, Kind, Scalar, Schema
from .problems import InferenceError, suggest_name
from .values import KIND_NAMES, TYPE_OF_KIND, exceeds, name_value


class _Missing:
    """Stands for a missing field in keys: equal to itself, before every value."""

    def __lt__(self, other: object) -> bool:
        return other is not self

    def __gt__(self, other: object) -> Literal[False]:
        return False


MISSING: Final = _Missing()
# Position of the type, then of every field of the schema its value or MISSING. Compared with
# itself only: field by field the kinds agree.
Key = tuple[Any, ...]


@frozen
class Record:
    """A fact in its one form, and the key that identifies and orders it."""

    key: Key
    fact: Fact


class RecordReader:
    """Checks facts against one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._layouts = {
            type_: (position, [(name, TYPE_OF_KIND[kind]) for name, kind in fields.items()])
            for position, (type_, fields) in enumerate(schema.items())
        }

    def read_all(self, facts: Iterable[Fact]) -> list[Record]:
        """The distinct facts in key order, so that the order given cannot matter.

        Raises InferenceError at the first fact that is wrong, and when there are too many.
        """
        records: dict[Key, Record] = {}
        for fact in facts:
            record = self.read(fact)
            records[record.key] = record
            if len(records) > limits.FACTS:
                raise too_many_facts()
        return [records[key] for key in sorted(records)]

    def read(self, fact: Fact) -> Record:
        layout = self._layouts.get(fact.type)
        if layout is None:
            raise _unknown("fact-unknown-type", fact.type, "事实", "fact type", self._schema)
        position, fields = layout
        given = fact.fields
        key: list[object] = [position]
        present: dict[str, Scalar] = {}
        for name, type_ in fields:
            value = given.get(name)
            if value is None:
                key.append(MISSING)
            elif type(value) is type_ and (type_ is bool or exceeds(value) is None):
                key.append(value)
                present[name] = value
            else:
                raise _unfit(fact.type, name, value, self._schema[fact.type])
        if len(given) > len(present):
            self._refuse_unknown(fact)
        return Record(tuple(key), Fact(fact.type, present))

    def _refuse_unknown(self, fact: Fact) -> None:
        fields = self._schema[fact.type]
        for name in fact.fields:
            if name not in fields:
                raise _unknown(
                    "fact-unknown-field",
                    name,
                    f"“{fact.type}”的字段",
                    f"field of “{fact.type}”",
                    fields,
                )


def key_positions(fields: Mapping[str, Kind]) -> dict[str, int]:
    """Where each field of a type is in a record's key; the type itself is first."""
    return {name: place for place, name in enumerate(fields, start=1)}


def too_many_facts() -> InferenceError:
    return InferenceError(
        "fact-too-many",
        f"事实超过 {limits.FACTS} 条。",
        f"There are more than {limits.FACTS} facts.",
    )


def _unknown(code: str, name: str, zh: str, en: str, known: Iterable[str]) -> InferenceError:
    help_zh, help_en = suggest_name(name, known)
    return InferenceError(
        code, f"没有“{name}”这个{zh}。{help_zh}", f"“{name}” is no {en}. {help_en}"
    )


def _unfit(type_: str, name: str, value: Scalar, fields: Mapping[str, Kind]) -> InferenceError:
    place = f"{type_}.{name}"
    (zh, en), (found_zh, found_en) = KIND_NAMES[fields[name]], name_value(value)
    if type(value) is not TYPE_OF_KIND[fields[name]]:
        return InferenceError(
            "fact-type-mismatch",
            f"“{place}”应为{zh}，得到的是{found_zh}。",
            f"“{place}” must be {en}; found {found_en}.",
        )
    if isinstance(value, str):
        return InferenceError(
            "fact-text-too-long",
            f"“{place}”的文字超过 {limits.TEXT_BYTES} 字节。",
            f"The text of “{place}” is longer than {limits.TEXT_BYTES} bytes.",
        )
    return InferenceError(
        "fact-number-too-large",
        f"“{place}”的数太大，绝对值须小于 2 的 62 次方。",
        f"The number of “{place}” is not below 2 to the 62nd.",
    )
