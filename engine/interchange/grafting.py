"""Tables that live in files of their own, joined to the matter that names them.

The document that comes out reads as if the tables had been written in it, while every place in
them is still a cell of its own file. So checks, proofs and decisions need not know of files.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.diagnostics import Diagnostics, Place
from engine.interchange.cell_types import declared_in
from engine.interchange.cells import Grid, SheetProblems, cell_place
from engine.interchange.sheet_reading import last_offset, read_table
from engine.source import Document, Mapping, Node, Path, Scalar, Sequence
from engine.source.document import Span

FILE = "file"
# The grid of a file by the name written; None with the reasons added. May raise SheetRefused.
OpenGrid = Callable[[str, Diagnostics], Grid | None]


class SheetRefused(Exception):
    """There is no such file, or none that may be read: why, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class JoinedDocument(Document):
    """A document with sheets in it: (first offset, grid) for each, by rising offset."""

    sheets: tuple[tuple[int, Grid], ...] = ()

    def at(self, span: Span) -> Place:
        grid = self._grid(span)
        return super().at(span) if grid is None else grid.place(span.line, span.column)

    def place_in(self, path: Path, start: int, end: int | None = None) -> Place:
        node = self.node(path)
        grid = self._grid(node.span) if isinstance(node, Scalar) else None
        if grid is None or node is None:
            return super().place_in(path, start, end)
        length = (start + 1 if end is None else max(end, start + 1)) - start
        return cell_place(grid.file, node.span.line, node.span.column, length, start)

    def excerpt(self, place: Place) -> str:
        if not place.within:
            return super().excerpt(place)
        grids = (grid for _, grid in self.sheets if grid.file == place.file)
        return next((grid.expression(place.line, place.column) for grid in grids), "")

    def _grid(self, span: Span) -> Grid | None:
        found = None
        for first, grid in self.sheets:
            if first <= span.start:
                found = grid
        return found


def sheet_names(document: Document) -> tuple[str, ...]:
    """What the tables of a matter name as their files, in order, whatever was written there."""
    return tuple(_name(node) for _, node in _named(document))


def join_sheets(document: Document, open_grid: OpenGrid, problems: Diagnostics) -> Document:
    """The document with each table that names a file in the place of that name.

    A table whose file cannot be read is reported and taken out.
    """
    named = [path for path, _ in _named(document)]
    if not named:
        return document
    join = _Join(document, open_grid, problems)
    lost = [path for path in named if not join.take(path)]
    joined = JoinedDocument(
        document.file, document.text, join.root, document.removed, tuple(join.sheets)
    )
    return joined.without_all(lost)


class _Join:
    """The tree as the sheets come into it, each with offsets of its own after the text's."""

    def __init__(self, document: Document, open_grid: OpenGrid, problems: Diagnostics) -> None:
        self.document, self.root = document, document.root
        self.open_grid, self.problems = open_grid, problems
        self.declared = declared_in(document.data)
        self.base = len(document.text) + 1
        self.sheets: list[tuple[int, Grid]] = []

    def take(self, path: Path) -> bool:
        """Puts the table in the place of its name at `path`; whether there is one."""
        if not self._stands_alone(path):
            return False
        node = self.document.node((*path, FILE))
        assert node is not None
        try:
            grid = self.open_grid(_name(node), self.problems)
        except SheetRefused as refusal:
            self._refuse((*path, FILE), refusal.zh, refusal.en)
            return False
        if grid is None:
            return False
        mistakes = SheetProblems(grid.file, self.problems)
        table = read_table(grid, mistakes, self.declared, self.base)
        mistakes.close()
        self.sheets.append((self.base, grid))
        self.base = last_offset(self.base, grid)
        if table is None:
            return False
        self.root = _replaced(self.root, path, table)
        return True

    def _stands_alone(self, path: Path) -> bool:
        """Whether the file is all that is said: what else the table says belongs into the file."""
        item = self.document.node(path)
        assert isinstance(item, Mapping)
        others = [str(key.value) for key, _ in item.entries if key.value != FILE]
        for other in others:
            zh = f"写了 file 就不能再写“{other}”，它在文件里"
            en = f'with `file` there can be no "{other}" here: it stands in the file'
            self._refuse((*path, other), zh, en, at_key=True)
        return not others

    def _refuse(self, path: Path, zh: str, en: str, at_key: bool = False) -> None:
        place = self.document.place(path, key=at_key)
        excerpt = self.document.excerpt(place)
        self.problems.add("table-file", place, excerpt=excerpt, problem_zh=zh, problem=en)


def _named(document: Document) -> Iterator[tuple[Path, Node]]:
    """The place of each table that names a file, and the name."""
    root = document.root
    if not isinstance(root, Mapping) or not root.entries or root.entries[0][0].value != "matter":
        return
    tables = root.get("tables")
    items: list[tuple[Path, Node | None]] = [(("tables",), tables)]  # a single one
    if isinstance(tables, Sequence):
        items = [(("tables", n), item) for n, item in enumerate(tables.items)]
    for path, item in items:
        name = item.get(FILE) if isinstance(item, Mapping) else None
        if name is not None:
            yield path, name


def _name(node: Node) -> str:
    return str(node.value) if isinstance(node, Scalar) and node.value is not None else ""


def _replaced(node: Node, path: Path, new: Node) -> Node:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(node, Mapping):
        entries = ((k, _replaced(v, rest, new) if k.value == step else v) for k, v in node.entries)
        return Mapping(node.span, tuple(entries))
    assert isinstance(node, Sequence)
    items = (_replaced(v, rest, new) if n == step else v for n, v in enumerate(node.items))
    return replace(node, items=tuple(items))
