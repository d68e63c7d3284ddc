"""What rests on a law: every basis of a workspace that names it.

When a law is amended or repealed, this is the list of what must follow (智能调整).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from engine.definitions import Basis, Law
from engine.source import Path
from engine.workspace import DefinitionFile, Workspace

_NAMES = ("point", "title", "label", "id", "rule")  # what a part goes by, the best first


@dataclass(frozen=True, slots=True)
class Reliance:
    """One rule that rests on the law: where it stands, and what it is called."""

    kind: str
    id: str
    title: str
    article: str
    file: str
    line: int


def reliances(workspace: Workspace, law: str, article: str = "") -> tuple[Reliance, ...]:
    """Everything that rests on a law, by file and line; with `article`, on that one or a part of it.

    `law` is an id of the register of laws, one of the names it gives, or a name that bases use.
    """
    names = _names(workspace, law)
    found = [
        use
        for file in workspace.files.values()
        for path, basis, title in _bases((), file.definition, file.id)
        if basis.law.strip("《》") in names and (basis.article or "").startswith(article)
        for use in (_reliance(file, path, basis, title),)
    ]
    return tuple(sorted(found, key=lambda use: (use.file, use.line)))


def laws_named(workspace: Workspace) -> tuple[str, ...]:
    """Every name of a law that some basis uses."""
    return tuple(
        sorted(
            {
                basis.law.strip("《》")
                for file in workspace.files.values()
                for _, basis, _ in _bases((), file.definition, "")
            }
        )
    )


def _names(workspace: Workspace, law: str) -> frozenset[str]:
    plain = law.strip("《》")
    for file in workspace.files_of("law"):
        if isinstance(file.definition, Law) and plain in (file.id, *file.definition.names):
            return frozenset(file.definition.names)
    return frozenset({plain})


def _bases(path: Path, value: Any, title: str) -> Iterator[tuple[Path, Basis, str]]:
    """Every basis within a definition: its path, and the name of the nearest part that has one."""
    if isinstance(value, Basis):
        yield path, value, title
    elif isinstance(value, BaseModel):
        own = (getattr(value, name, None) for name in _NAMES)
        title = next((name for name in own if isinstance(name, str)), title)
        for name, field in type(value).model_fields.items():
            yield from _bases((*path, field.alias or name), getattr(value, name), title)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _bases((*path, number), item, title)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _bases((*path, key), item, str(key))


def _reliance(file: DefinitionFile, path: Path, basis: Basis, title: str) -> Reliance:
    assert file.document is not None  # a file with a definition has a document
    place = file.document.place(path)
    if len(path) > 1 and path[-1] == 0 and not place.line:
        place = file.document.place(path[:-1])  # a single one, written without a list
    return Reliance(file.kind, file.id, title, basis.article or "", place.file, place.line)
