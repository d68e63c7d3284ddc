"""Two definitions of one kind walked side by side: every difference, at its path.

Elements of lists are matched by what they are (an id, a row's conditions), never by where they
stand. Nothing that differs is left out; what only stands elsewhere or is written otherwise (layout,
a single one without a list, blanks in FEEL) is no difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import WithJsonSchema

from engine.definitions import Row, Table
from engine.feel import FeelSyntaxError, compile_expression, compile_unary, tree

Step: TypeAlias = str | int
# What names an element of a list among its like, the first that is there.
_NAMES: Final = ("id", "use", "rule", "fact", "code", "title", "date", "law", "require")


@dataclass(frozen=True, slots=True)
class Element:
    """A step into a list: which element, by its name there."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. None stands for what is not there; `moved` when only the order changed.

    `path` goes from the definition to the key: keys as written, elements of lists by name. `within`
    are the parts passed on the way, before and after, for those who say where it is.
    """

    path: tuple[Step | Element, ...]
    before: Any
    after: Any
    within: tuple[tuple[Any, Any], ...] = ()
    moved: bool = False

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_removed(self) -> bool:
        return self.after is None


def find_differences(before: BaseModel, after: BaseModel) -> tuple[Difference, ...]:
    """Every difference between two definitions of one kind, in the order of the first's keys."""
    return tuple(_Walk().parts(before, after))


class _Walk:
    def __init__(self, path: tuple[Step | Element, ...] = (), within: Any = ()) -> None:
        self.path, self.within = path, within

    def into(self, step: Step | Element) -> "_Walk":
        return _Walk((*self.path, step), self.within)

    def differ(self, before: Any, after: Any, moved: bool = False) -> Difference:
        return Difference(self.path, before, after, self.within, moved)

    def parts(self, before: BaseModel, after: BaseModel) -> Iterator[Difference]:
        inside = _Walk(self.path, (*self.within, (before, after)))
        for name, field in type(before).model_fields.items():
            old, new = getattr(before, name), getattr(after, name)
            yield from inside.into(field.alias or name).values(old, new, notation_of(field))
        if isinstance(before, Row) and isinstance(after, Row):
            yield from inside.mappings(before.cells, after.cells, "cell")

    def values(self, before: Any, after: Any, notation: str = "") -> Iterator[Difference]:
        if before == after:
            return
        if isinstance(before, BaseModel) and type(before) is type(after):
            yield from self.parts(before, after)
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self.mappings(before, after, notation)
        elif isinstance(before, tuple) and isinstance(after, tuple):
            yield from self.lists(before, after)
        elif not _means_the_same(before, after, notation):
            yield self.differ(before, after)

    def mappings(
        self, before: Mapping[str, Any], after: Mapping[str, Any], notation: str
    ) -> Iterator[Difference]:
        for key in dict.fromkeys((*before, *after)):
            yield from self.into(key).values(before.get(key), after.get(key), notation)

    def lists(self, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
        columns = [part.columns for part in self.within[-1] if isinstance(part, Table)]
        old, new = _named(before, *columns[:1]), _named(after, *columns[1:])
        for name, element in old.items():
            yield from self.into(Element(name)).values(element, new.get(name))
        for name in new:
            if name not in old:
                yield self.into(Element(name)).differ(None, new[name])
        kept = [name for name in old if name in new]
        if kept != [name for name in new if name in old]:
            yield self.differ(before, after, moved=True)


def _named(elements: Sequence[Any], columns: Sequence[str] = ()) -> dict[str, Any]:
    """Elements by name; those of one name are told apart by their number among their like.

    `columns` are the conditions of a table, which name its rows.
    """
    named: dict[str, Any] = {}
    for element in elements:
        name, number = name_of(element, columns), 1
        while f"{name}#{number}" in named or (number == 1 and name in named):
            number += 1
        named[name if number == 1 else f"{name}#{number}"] = element
    return named


def name_of(element: Any, columns: Sequence[str] = ()) -> str:
    """What an element is called among its like."""
    if isinstance(element, Row):
        cells = ((column, element.cells.get(column, "-")) for column in sorted(columns))
        return "，".join(f"{column}：{cell}" for column, cell in cells)
    if not isinstance(element, BaseModel):
        return str(element)
    for name in _NAMES:
        found = getattr(element, name, None)
        if found is not None:
            return str(found)
    return repr(element)


def notation_of(field: FieldInfo) -> str:
    """`expression` or `cell` where a key holds FEEL, or a mapping or list of it."""
    return _notation([*field.metadata, field.annotation])


def _notation(annotations: Sequence[Any]) -> str:
    for annotation in annotations:
        if isinstance(annotation, WithJsonSchema):
            found = str((annotation.json_schema or {}).get("x-tongban", ""))
            if found in ("expression", "cell"):
                return found
        inside = [*get_args(annotation), *getattr(annotation, "__metadata__", ())]
        if inside and (found := _notation(inside)):
            return found
    return ""


def _means_the_same(before: Any, after: Any, notation: str) -> bool:
    """Whether two FEEL texts have one tree: blanks and brackets apart."""
    if not notation or not isinstance(before, str) or not isinstance(after, str):
        return False
    read = compile_unary if notation == "cell" else compile_expression
    try:
        return tree.to_json(read(before).tree) == tree.to_json(read(after).tree)
    except FeelSyntaxError:  # what is no FEEL is compared as written
        return False
