"""What becomes of a material, for every way an application can stand to it, by the real resolver."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from engine.decision.evaluation import Evaluation
from engine.decision.materials import resolve_material
from engine.decision.program import CompiledMaterial, Program
from engine.decision.values import Application, Submission
from engine.definitions import PATH_TITLES
from engine.inference import Fact
from engine.population.terms import opposite
from engine.profile import compile_rule

_PATHS = tuple(PATH_TITLES)
# A condition that is true, false, or rests on what nobody knows.
_NEEDS = {True: compile_rule("true"), False: compile_rule("false"), None: compile_rule("未知")}


@dataclass(frozen=True)
class Standing:
    """The cases in which a material ends up one way: needed, handed in, and the path's place."""

    cases: tuple[tuple[bool | None, bool, int], ...]

    def over(self, needed: Any, handed: Any | None, path: Any) -> Any | None:
        """Where one of the cases holds; None for nowhere. Without a column all is handed in."""
        whole = None
        for is_needed, is_handed, place in self.cases:
            if handed is None and not is_handed:
                continue
            holds = (
                needed.isnull() if is_needed is None else needed if is_needed else opposite(needed)
            )
            holds = holds & (path == place)
            if handed is not None:
                holds = holds & (handed if is_handed else opposite(handed))
            whole = holds if whole is None else whole | holds
        return whole


def material_forms(
    program: Program, compiled: CompiledMaterial, asked: tuple[int, ...]
) -> Iterator[tuple[Fact, Standing]]:
    """Each way the material can end up, as conclusion rules see it, and the cases that lead to it."""
    bare = copy(program)
    bare.order = ()  # an application without facts may stop at a table
    found: dict[str, list[tuple[bool | None, bool, int]]] = {}
    facts: dict[str, Fact] = {}
    for place in sorted({0, *asked}):
        path = _PATHS[place]
        declared = next((d for p, d in program.matter.paths.items() if p == path), None)
        commitments = tuple(declared.covers) if declared else ()
        for is_handed in (True, False):
            key = compiled.material.key
            handed = {key: Submission()} if is_handed else {}
            application = Application(
                materials=handed, path=path, commitments=commitments, region=program.region
            )
            evaluation = Evaluation(bare, application, program.on, ())
            for is_needed, when in _NEEDS.items():
                result = resolve_material(evaluation, replace(compiled, when=when), path)
                found.setdefault(result.status, []).append((is_needed, is_handed, place))
                fields = {"编号": result.id, "名称": result.title, "结果": result.status}
                facts[result.status] = Fact("材料", {**fields, "是否核心": result.is_core})
    for status, cases in found.items():
        yield facts[status], Standing(tuple(cases))
