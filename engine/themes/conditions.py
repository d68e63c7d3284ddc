"""A part's condition in the terms of its theme: `经营面积 > 50` becomes `part.经营面积 > 50`.

Each part keeps its own names, its own figures and its own path, as one record in the theme's context;
so a condition says there exactly what it says in the matter alone.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from engine.decision.program import APPLICANT, DAY, PATH, REGION
from engine.feel import compile_expression, tree
from engine.themes.plan import PartPlan

APPLIES = "须办理"  # in a part's record: whether the part is needed


def names_of(part: PartPlan) -> frozenset[str]:
    """What a condition of the matter may read, functions apart."""
    matter = part.matter
    given = {name for table in matter.tables for name in table.gives}
    return frozenset({*matter.facts, *matter.parameters, *given, DAY, REGION, PATH, APPLICANT})


def in_theme(part: PartPlan, condition: str) -> str:
    """The condition over the theme's context. Raises FeelSyntaxError."""
    return _renamed(condition, part.id, names_of(part))


@lru_cache(maxsize=4096)
def _renamed(condition: str, part: str, known: frozenset[str]) -> str:
    starts = sorted(set(_free_starts(compile_expression(condition).tree, known, frozenset())))
    pieces, at = [], 0
    for start in starts:
        pieces += [condition[at:start], f"{part}."]
        at = start
    return "".join([*pieces, condition[at:]])


def _free_starts(node: tree.Node, known: frozenset[str], bound: frozenset[str]) -> Iterator[int]:
    """Where names stand that are the matter's own, and bound by no loop around them."""
    if isinstance(node, tree.Name):
        if node.name in known - bound:
            yield node.start
        return
    if isinstance(node, tree.For | tree.Quantified):
        for loop in node.loops:
            for bound_in in (loop.source, loop.to):
                if bound_in is not None:
                    yield from _free_starts(bound_in, known, bound)
            bound |= {loop.name}
    for child in tree.children(node):
        if not isinstance(child, tree.Loop):
            yield from _free_starts(child, known, bound)


def any_of(clauses: Iterable[Iterable[str]]) -> str | None:
    """`(a and b) or (c)`; None where a clause has no condition, so that it always holds."""
    found: dict[str, None] = {}
    for clause in clauses:
        conditions = list(clause)
        if not conditions:
            return None
        joined = (
            " and ".join(f"({c})" for c in conditions) if len(conditions) > 1 else conditions[0]
        )
        found[f"({joined})"] = None
    return " or ".join(found)


def applies_in(part: PartPlan) -> tuple[str, ...]:
    """The condition under which a part is needed; none for a part that always is."""
    return () if part.part.when is None else (f"{part.id}.{APPLIES}",)
