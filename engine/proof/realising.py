"""From a table's inputs back to facts that an applicant can state.

Inputs that are facts are stated as they are. Those that the engine computes are searched for: the
facts they rest on are tried at the values that stand in the rules, and next to them. What is found
is shown by the engine itself; where nothing is found, nothing is claimed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, product
from typing import Any

from engine.decision.hit_policies import TableStopped
from engine.decision.program import REGION, Program
from engine.decision.tables import CompiledTable
from engine.feel import FeelSyntaxError, tree
from engine.feel.temporal import YearsMonths
from engine.feel.timetext import read_temporal
from engine.proof.domains import Domain, fixed_names

MOST_TRIALS = 20_000
_YEAR = 365
# Whether the table does, with the names as they then stand, what the finding says.
Shows = Callable[[CompiledTable, Mapping[str, Any]], bool]


def realise(
    program: Program,
    compiled: CompiledTable,
    domains: Mapping[str, Domain],
    inputs: Mapping[str, Any],
    shows: Shows,
) -> dict[str, Any] | None:
    """Facts with which the table is found to do what `shows` asks; None if none were found.

    `inputs` are values by name; facts, the day and the region among them are kept as they are. What
    is 待核 is left out.
    """
    stated = {n: v for n, v in inputs.items() if domains[n].origin in ("given", "engine")}
    if len(stated) == len(inputs) and _does(program, compiled, stated, shows):
        return _known(stated)
    leaves = [name for name in _leaves(program, compiled) if name not in stated]
    if not leaves:
        return None
    constants = list(_constants(program, compiled))
    candidates = [_candidates(program, domains[name], constants) for name in leaves]
    for values in islice(product(*candidates), MOST_TRIALS):
        facts = {**stated, **dict(zip(leaves, values, strict=True))}
        if _does(program, compiled, facts, shows):
            return _known(facts)
    return None


def _does(
    program: Program, compiled: CompiledTable, facts: Mapping[str, Any], shows: Shows
) -> bool:
    try:
        return shows(compiled, context_of(program, compiled, facts))
    except FeelSyntaxError:
        return False  # too much work: no decision can be made on such facts


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def context_of(
    program: Program, compiled: CompiledTable, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Every name that the table may read, computed in the engine's order up to the table."""
    context: dict[str, Any] = {**fixed_names(program), REGION: program.region or None, **facts}
    for step in program.order:
        if step == f"#{compiled.table.id}":
            break
        if not step.startswith("#"):
            context[step] = program.computed[step].evaluate(context)
            continue
        other = program.tables[step[1:]]
        try:
            context |= other.answer(context).values
        except TableStopped:
            context |= dict.fromkeys(other.table.names)
    return context


def _leaves(program: Program, compiled: CompiledTable) -> list[str]:
    """The facts that the table rests on, in the order declared."""
    found: set[str] = set()
    waiting = list(compiled.reads)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _reads(program, name)
    facts = program.matter.facts
    return [name for name in facts if name in found and facts[name].compute is None]


def _reads(program: Program, name: str) -> Iterable[str]:
    if name in program.givers:
        return program.tables[program.givers[name]].reads
    return program.reads_of(name)


def _constants(program: Program, compiled: CompiledTable) -> Iterator[Any]:
    """Numbers, texts and dates that stand in the table and in what it rests on."""
    found: dict[Any, None] = {}
    names, seen = list(compiled.reads), set[str]()
    trees: list[tree.Node] = [e.tree for e in compiled.columns.values()]
    trees += [cell.tree for row in compiled.tests for cell in row.values()]
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        names += _reads(program, name)
        if name in program.computed:
            trees.append(program.computed[name].tree)
        elif name in program.givers:
            given = program.tables[program.givers[name]]
            trees += [cell.tree for row in given.tests for cell in row.values()]
    for node in trees:
        found |= dict.fromkeys(_values(node))
    return iter(found)


def _values(node: tree.Node) -> Iterator[Any]:
    if isinstance(node, tree.Literal) and not isinstance(node.value, bool | None):
        yield node.value
    elif isinstance(node, tree.AtLiteral):
        value = read_temporal(node.text)
        if type(value) is date:
            yield value
        elif isinstance(value, YearsMonths):
            yield Decimal(value.months // 12)  # years back from the day
    for child in tree.children(node):
        yield from _values(child)


def _candidates(program: Program, domain: Domain, constants: Sequence[Any]) -> list[Any]:
    """Values worth trying for a fact: those at which something may change, and 待核 last."""
    found: list[Any] = []
    if domain.values is not None:
        found = list(domain.values)
    elif domain.kind == "number":
        found = _numbers(domain, [c for c in constants if isinstance(c, Decimal)])
    elif domain.kind == "date":
        found = _dates(program.on, constants)
    elif domain.kind == "text":
        found = [*(c for c in constants if isinstance(c, str)), "其他"]
    return [*dict.fromkeys(found), None]


def _numbers(domain: Domain, constants: Sequence[Decimal]) -> list[Any]:
    step = Decimal(1).scaleb(-(domain.scale or 0))
    ends = [e for span in domain.spans for e in (span.low, span.high) if e is not None]
    return [n for c in (*constants, *ends, Decimal(0)) for n in (c, c - step, c + step)]


def _dates(on: date, constants: Sequence[Any]) -> list[Any]:
    """Around the day itself, the days mentioned, and so many years before as some number says."""
    days = [on, *(c for c in constants if type(c) is date)]
    years = [int(c) for c in constants if isinstance(c, Decimal) and 0 < c <= 150]
    days += [_years_before(on, n) for n in years]
    return [d + timedelta(n) for d in days for n in (0, -1, 1, -_YEAR, _YEAR)]


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)
