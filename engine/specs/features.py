"""Feature files read into scenarios: backgrounds folded in, outlines unfolded, lines kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gherkin.errors import CompositeParserException, ParserError, ParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.specs.catalogue import StepType, Table

LARGEST_FEATURE: Final = 300_000  # characters
MOST_LINES: Final = 20_000
MOST_STEPS: Final = 20_000  # of all scenarios and example rows together, backgrounds included
MOST_TEXT: Final = 20_000_000  # characters, once every example row is filled in
PENDING_TAG: Final = "@pending"


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Where the Gherkin reading stopped, in the parser's own words."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class FeatureStep:
    """One step as it will run. Its text has the example's values filled in."""

    keyword: str
    type: StepType
    text: str
    line: int
    column: int
    table: Table | None = None
    docstring: str | None = None
    docstring_line: int = 0


@dataclass(frozen=True, slots=True)
class FeatureScenario:
    """One scenario, or one example row of an outline (`row` is that row's line, else 0)."""

    name: str
    tags: tuple[str, ...]
    steps: tuple[FeatureStep, ...]
    line: int
    row: int = 0
    rule: str = ""

    @property
    def is_pending(self) -> bool:
        return PENDING_TAG in self.tags


@dataclass(frozen=True)
class Feature:
    """One feature file. With `faults`, it has no scenarios."""

    file: str
    name: str
    text: str
    scenarios: tuple[FeatureScenario, ...]
    faults: tuple[SyntaxFault, ...] = ()
    tree: Mapping[str, Any] | None = None  # the parser's own tree, for the linter


def read_feature(text: str, file: str) -> Feature:
    """Reads one feature file. Never raises for a bad one: see `faults`."""
    if len(text) > LARGEST_FEATURE:
        return _too_large(text, file, f"{len(text)} characters")
    if text.count("\n") >= MOST_LINES:
        return _too_large(text, file, f"{text.count(chr(10)) + 1} lines")
    try:
        tree: dict[str, Any] = dict(Parser().parse(text.removeprefix("\ufeff")))
    except CompositeParserException as error:
        return Feature(file, "", text, (), tuple(_fault(single) for single in error.errors))
    except ParserError as error:
        return Feature(file, "", text, (), (_fault(error),))
    steps, characters = _unfolded_size(tree)
    if steps > MOST_STEPS or characters > MOST_TEXT:
        return _too_large(text, file, f"{steps} steps of {characters} characters when unfolded")
    pickles = _pickles(tree, file)
    lines = _Lines(tree)
    name = (tree.get("feature") or {}).get("name", "")
    scenarios = tuple(_scenario(pickle, lines) for pickle in pickles)
    return Feature(file, name, text, scenarios, (), tree)


def _too_large(text: str, file: str, size: str) -> Feature:
    return Feature(file, "", text, (), (SyntaxFault(1, 1, f"the file has {size}"),))


def _unfolded_size(tree: Mapping[str, Any]) -> tuple[int, int]:
    """Steps and characters once backgrounds and example rows are filled in, or a little more.

    A small file can unfold to anything: each background step runs in each row, and each row may
    put a long cell in the place of each short placeholder.
    """
    background = sum(len(child["background"]["steps"]) for child, _ in children(tree)
                     if "background" in child)  # fmt: skip
    steps = characters = 0
    for child, _ in children(tree):
        node = child.get("scenario")
        if node is None:
            continue
        rows = [row for examples in node["examples"] for row in examples.get("tableBody", ())]
        longest = max((len(cell["value"]) for row in rows for cell in row["cells"]), default=0)
        own = sum(len(text) + text.count("<") * longest for text in _texts(node))
        steps += max(1, len(rows)) * (background + len(node["steps"]))
        characters += max(1, len(rows)) * own
    return steps, characters


def _texts(node: Mapping[str, Any]) -> Iterator[str]:
    yield node["name"]
    for step in node["steps"]:
        yield step["text"]
        yield step.get("docString", {}).get("content", "")
        for row in step.get("dataTable", {}).get("rows", ()):
            yield from (cell["value"] for cell in row["cells"])


def _pickles(tree: dict[str, Any], file: str) -> list[dict[str, Any]]:
    document: Any = {**tree, "uri": file}
    return [dict(pickle) for pickle in Compiler().compile(document)] if tree.get("feature") else []


def _fault(error: Exception) -> SyntaxFault:
    location = error.location if isinstance(error, ParserException) else {"line": 1}
    message = str(error)
    _, _, said = message.partition("): ")
    return SyntaxFault(location["line"], location.get("column") or 1, said or message)


class _Lines:
    """The tree's nodes by id: where each step, row and scenario stands, and its rule."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.nodes: dict[str, Mapping[str, Any]] = {}
        self.rules: dict[str, str] = {}
        for child, rule in children(tree):
            node = child.get("scenario") or child.get("background")
            if node is None:
                continue
            self._keep(node, rule)
            for examples in node.get("examples", ()):
                for row in examples.get("tableBody", ()):
                    self._keep(row, rule)
            for step in node["steps"]:
                self._keep(step, rule)

    def _keep(self, node: Mapping[str, Any], rule: str) -> None:
        self.nodes[node["id"]] = node
        self.rules[node["id"]] = rule


def children(tree: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Backgrounds and scenarios of the feature and of its rules, with the rule's name."""
    for child in (tree.get("feature") or {}).get("children", ()):
        if "rule" in child:
            yield from ((inner, child["rule"]["name"]) for inner in child["rule"]["children"])
        else:
            yield child, ""


def _scenario(pickle: Mapping[str, Any], lines: _Lines) -> FeatureScenario:
    ids = pickle["astNodeIds"]
    row = lines.nodes[ids[1]]["location"]["line"] if len(ids) > 1 else 0
    return FeatureScenario(
        name=pickle["name"],
        tags=tuple(tag["name"] for tag in pickle["tags"]),
        steps=tuple(_steps(pickle["steps"], lines)),
        line=lines.nodes[ids[0]]["location"]["line"],
        row=row,
        rule=lines.rules[ids[0]],
    )


_TYPES: Final[Mapping[str, StepType]] = {"Context": "given", "Action": "when", "Outcome": "then"}


def _steps(pickled: list[Mapping[str, Any]], lines: _Lines) -> Iterator[FeatureStep]:
    current: StepType = "given"
    for step in pickled:
        node = lines.nodes[step["astNodeIds"][0]]
        # `*` says no type of its own: it goes on with what came before.
        is_star = node["keyword"].strip() == "*"
        current = current if is_star else _TYPES.get(step["type"], current)
        argument = step.get("argument") or {}
        docstring = node.get("docString")
        yield FeatureStep(
            keyword=node["keyword"].strip(),
            type=current,
            text=step["text"],
            line=node["location"]["line"],
            column=node["location"].get("column", 1),
            table=_table(argument.get("dataTable")),
            docstring=(argument.get("docString") or {}).get("content"),
            docstring_line=docstring["location"]["line"] if docstring else 0,
        )


def _table(table: Mapping[str, Any] | None) -> Table | None:
    if table is None:
        return None
    return tuple(tuple(cell["value"] for cell in row["cells"]) for row in table["rows"])
