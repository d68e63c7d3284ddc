"""Mutants that no application can tell from the definition: no scenario could kill them.

Only what is certain is called the same; the rest counts against the scenarios.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.checks.constant_comparisons import ConstantSearch
from engine.checks.matter_values import MatterValues
from engine.checks.possible_values import ANYTHING, Possible, outcomes
from engine.feel import FeelSyntaxError, compile_expression, compile_unary, tree
from engine.specs.mutations import Mutant, as_written
from engine.workspace import Workspace

_CORE = "是否核心"  # the one way in which a rule may ask whether a material is core


def is_same(workspace: Workspace, data: Mapping[str, Any], mutant: Mutant, on: date) -> bool:
    """Whether it is certain that every decision stays the same."""
    if mutant.kind == "material" and mutant.path[-1] == "core":
        return not _rules_ask_for_core(workspace, data)
    if mutant.kind == "material" and mutant.path[-1] == "commitable":
        return mutant.value is True and not _is_covered(data, mutant)
    if mutant.kind == "bound" and mutant.start is not None:
        return _never_at_the_bound(workspace, data, mutant, on)
    return False


def _rules_ask_for_core(workspace: Workspace, data: Mapping[str, Any]) -> bool:
    """A core material is decided like any other, unless a conclusion rule tells them apart."""
    texts = [str(file.definition) for file in workspace.files_of("rules")]
    return any(_CORE in text for text in (*texts, str(data.get("conclusions", ""))))


def _is_covered(data: Mapping[str, Any], mutant: Mutant) -> bool:
    """Whether a path names the material among those that a commitment may stand for."""
    material: Any = data
    for step in mutant.path[:-1]:
        material = material[step]
    keys = {material.get(key) for key in ("id", "use", "title")}
    paths = (data.get("paths") or {}).values()
    return any(keys & {*_texts(path.get("covers"))} for path in paths)


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _never_at_the_bound(
    workspace: Workspace, data: Mapping[str, Any], mutant: Mutant, on: date
) -> bool:
    """A bound that is no value of what is held against it may be included or not."""
    matter = workspace.matter(str(data["matter"]), on)
    values = MatterValues(workspace, matter)
    written: Any = data
    for step in mutant.path:
        written = written[step]
    text = as_written(written)
    is_cell = "rows" in mutant.path
    try:
        root = (compile_unary if is_cell else compile_expression)(text).tree
    except FeelSyntaxError:
        return False  # no mutant is made of it
    column = values.get(str(mutant.path[-1]), ANYTHING) if is_cell else ANYTHING
    search = ConstantSearch(text, values)
    assert mutant.start is not None
    sides = next(_sides(search, root, column, mutant.start), None)
    return sides is not None and outcomes("=", *sides) == {False}


def _sides(
    search: ConstantSearch, node: tree.Node, held: Possible, at: int
) -> Iterator[tuple[Possible, Possible]]:
    """The value and the bound whose sign or bracket stands at a place outside every loop."""
    if isinstance(node, tree.Comparison) and node.left.end <= at < node.right.start:
        yield search.value_of(node.left), search.value_of(node.right)
    elif isinstance(node, tree.HalfLine) and node.start <= at < node.operand.start:
        yield held, search.value_of(node.operand)
    elif isinstance(node, tree.Interval) and at in (node.start, node.end - 1):
        yield held, search.value_of(node.low if at == node.start else node.high)
    elif isinstance(node, tree.For | tree.Quantified | tree.Filter | tree.ContextOf):
        return  # its names are its own
    else:
        inner = search.value_of(node.value) if isinstance(node, tree.In) else held
        for child in tree.children(node):
            yield from _sides(search, child, inner, at)
