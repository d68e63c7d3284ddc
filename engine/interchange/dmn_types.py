"""Types both ways: the shape of a fact as item definitions, and item definitions as a shape."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from engine.definitions import CodeSet, Shape
from engine.feel import FeelType
from engine.feel.tree import Literal
from engine.feel.types import ContextType, ListType, Simple
from engine.interchange.dmn_model import Item, Text
from engine.profile import compile_cell

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WRITTEN: Final = {
    "text": "string",
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
}
# FEEL's own names, and those of Camunda 7 and of XML Schema that older modellers write.
READ: Final = {
    "string": "text",
    "number": "decimal",
    "boolean": "boolean",
    "date": "date",
    "integer": "integer",
    "long": "integer",
    "int": "integer",
    "double": "decimal",
    "decimal": "decimal",
    "float": "decimal",
}
_DEEPEST: Final = 40  # types one within another
_MOST_RESOLVED: Final = 50_000  # references to types that one file may unfold into
OPEN: Final = ("", "Any", "any", "Null", "context", "list")
# Of a shape, what an item definition says itself.
_SAID: Final = frozenset({"type", "title", "codes", "range", "of", "fields"})


def own_keys(part: Any, said: frozenset[str]) -> dict[str, Any]:
    """The keys of a model that differ from their defaults, less those said otherwise."""
    found: dict[str, Any] = part.model_dump(exclude_defaults=True, by_alias=True, exclude=said)
    return found


def quoted(text: str) -> str:
    """A FEEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


class ItemMaker:
    """Makes item definitions; each has a name of its own."""

    def __init__(self, codes: Mapping[str, CodeSet], taken: frozenset[str]) -> None:
        self.codes, self._taken = codes, set(taken)
        self._code_items: dict[str, str] = {}
        self.items: list[Item] = []

    def of_shape(self, name: str, shape: Shape) -> str:
        """The typeRef of a fact or of a field."""
        if shape.type == "list":
            entry = Shape.model_construct(
                **{**dict(shape), "type": shape.of or "text", "range": None, "of": None}
            )
            item = self.of_shape(f"{name}项", entry)
            return self._add(name, type=item, is_list=True)
        if shape.type == "record":
            parts = tuple(self._part(name, field, inner) for field, inner in shape.fields.items())
            return self._add(name, parts=parts) if parts else "context"
        if shape.codes and shape.codes in self.codes:
            return self._code_item(self.codes[shape.codes])
        if shape.range is None:
            return _WRITTEN[shape.type]
        return self._add(name, type=_WRITTEN[shape.type], allowed=Text(shape.range))

    def of_feel(self, name: str, kind: FeelType) -> str:
        """The typeRef of what is computed and not declared."""
        if isinstance(kind, Simple):
            return "Any" if kind.name == "Null" else kind.name
        if isinstance(kind, ListType):
            return self._add(name, type=self.of_feel(f"{name}项", kind.item), is_list=True)
        if isinstance(kind, ContextType):
            parts = tuple(Item(n, self.of_feel(f"{name}_{n}", k)) for n, k in kind.entries)
            return self._add(name, parts=parts)
        return "Any"

    def _part(self, name: str, field: str, shape: Shape) -> Item:
        reference = self.of_shape(f"{name}_{field}", shape)
        return Item(field, reference, label=shape.title or "", own=shape_keys(shape))

    def _code_item(self, codes: CodeSet) -> str:
        found = self._code_items.get(codes.codes)
        if found is None:
            allowed = Text(", ".join(quoted(word) for word in codes.words))
            own = {"codes": own_keys(codes, frozenset({"title"}))}
            found = self._add(
                codes.codes, type="string", allowed=allowed, label=codes.title, own=own
            )
            self._code_items[codes.codes] = found
        return found

    def _add(self, stem: str, **said: Any) -> str:
        name = f"{stem}类型" if not stem.isascii() else f"t_{stem}"
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        self.items.append(Item(name, **said))
        return name


def shape_keys(shape: Shape) -> dict[str, Any]:
    """What an item definition cannot say of a shape."""
    keys = own_keys(shape, _SAID | {"compute", "note"})
    kind = shape.of if shape.type == "list" else shape.type
    return {**keys, "whole": True} if kind == "integer" else keys


# --- reading -----------------------------------------------------------------------------------


class TypeReader:
    """Item definitions as shapes. `lost` is told of what no fact can be."""

    def __init__(
        self, items: tuple[Item, ...], rename: Callable[[str], str], prefix: str = ""
    ) -> None:
        self.items = {item.name: item for item in items}
        self.rename, self.prefix = rename, prefix
        self.codes: dict[str, dict[str, Any]] = {}  # code sets found on the way, by id
        self._ids: dict[str, str] = {}
        self._resolved = 0

    def shape(self, reference: str) -> dict[str, Any] | None:
        """The keys of a shape; None where the type is open, not known or no type of a fact."""
        return self._resolve(reference, frozenset())

    def components(self) -> Iterator[str]:
        """Every component name, at whatever depth."""
        waiting = list(self.items.values())
        while waiting:
            item = waiting.pop()
            waiting.extend(item.parts)
            yield from (part.name for part in item.parts)

    def _resolve(self, reference: str, seen: frozenset[str]) -> dict[str, Any] | None:
        self._resolved += 1
        if reference in seen or len(seen) > _DEEPEST or self._resolved > _MOST_RESOLVED:
            return None  # a type made of itself, or one that unfolds without end
        item = self.items.get(reference)
        if item is None:
            kind = READ.get(reference)
            return {"type": kind} if kind else None
        return self._item(item, seen | {reference})

    def _item(self, item: Item, seen: frozenset[str]) -> dict[str, Any] | None:
        if item.parts:
            shape: dict[str, Any] | None = self._record(item, seen)
        else:
            shape = self._resolve(item.type, seen)
        if shape is None:
            return None
        if item.allowed is not None:
            shape = {**shape, **self._allowed(item, shape)}
        if item.is_list:
            if shape["type"] == "list":
                return None  # a fact is no list of lists
            return {**shape, "type": "list", "of": shape["type"]}
        return shape

    def _record(self, item: Item, seen: frozenset[str]) -> dict[str, Any] | None:
        fields = {}
        for part in item.parts:
            shape = self._item(part, seen)
            if shape is None:
                return None
            fields[self.rename(part.name)] = with_own(shape, part.own, part.label)
        return {"type": "record", "fields": fields}

    def _allowed(self, item: Item, shape: Mapping[str, Any]) -> dict[str, Any]:
        """Allowed values as a code set, or as a range."""
        assert item.allowed is not None
        words = listed_texts(item.allowed.feel)
        if words is not None and shape["type"] == "text":
            return {"codes": self._code_set(item, words)}
        return {"range": item.allowed.feel.strip()}

    def _code_set(self, item: Item, words: tuple[str, ...]) -> str:
        said = item.own.get("codes")
        own = dict(said) if isinstance(said, dict) else {}
        listed = own.get("values")
        entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
        known = {str(entry.get("code")): entry for entry in entries}
        values = [dict(known.get(word) or {"code": word}) for word in words]
        stated = own.pop("codes", "")
        is_id = isinstance(stated, str) and _ID.fullmatch(stated)
        identity = stated if is_id else self._identity(item.name)
        own.pop("values", None)
        title = item.label or item.name
        self.codes[identity] = {"codes": identity, "title": title, **own, "values": values}
        return identity

    def _identity(self, name: str) -> str:
        """An id of its own for each type; Chinese names have none to offer."""
        if name not in self._ids:
            stem = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.lower())
            stem = "_".join(part for part in stem.split("_") if part)
            stem = stem if stem[:1].isalpha() else f"codes_{len(self._ids) + 1}"
            identity = f"{self.prefix}{stem}"[:60]
            while identity in self._ids.values():
                identity += "_"
            self._ids[name] = identity
        return self._ids[name]


def with_own(shape: Mapping[str, Any], own: Mapping[str, Any], label: str) -> dict[str, Any]:
    """A shape with what our extension element and the label add."""
    keys = {k: v for k, v in own.items() if k not in ("whole", "kind")}
    found = {**shape, **keys}
    if own.get("whole"):
        place = "of" if shape["type"] == "list" else "type"
        found[place] = "integer" if shape[place] == "decimal" else shape[place]
    return {**found, "title": label} if label else found


def listed_texts(feel: str) -> tuple[str, ...] | None:
    """The texts of `"a", "b"`; None for any other cell. Raises FeelSyntaxError."""
    cell = compile_cell(feel).tree
    words = [t.value for t in cell.tests if isinstance(t, Literal) and isinstance(t.value, str)]
    if cell.negated or not words or len(words) < len(cell.tests):
        return None
    return tuple(dict.fromkeys(words))
