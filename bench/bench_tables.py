"""One decision table, here and by zen-engine (Rust): the same rows, the same values, the same run.

Tables are random partitions of a 12-column domain: unique and complete, as a table of thresholds
is. Both return the row hit; zen its trace, Tongban the verdict on every row and the legal basis.
Bar: 50 times zen at 50 rows, 250 times at 5,000. Reads: ratios of CPU time, best and median round.
"""

import json
import random
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter, process_time
from typing import Any

from engine.decision.tables import compile_table
from engine.definitions import Table

COLUMNS = tuple(f"c{n}" for n in range(12))
WORDS = tuple("abcdefgh")
BARS = {50: 50, 5000: 250}
ROUNDS, VALUES = 9, 100
Box = dict[str, Any]  # a column's interval (low, high), or its words


def partition(rows: int, rng: random.Random) -> list[Box]:
    """The whole domain, split at random until there are so many boxes: eight thresholds, four words."""
    whole: Box = {c: (0, 1_000_000) if n % 3 else WORDS for n, c in enumerate(COLUMNS)}
    boxes = [whole]
    while len(boxes) < rows:
        box = boxes.pop(rng.randrange(len(boxes)))
        column = rng.choice(COLUMNS)
        halves = split(box[column], rng)
        boxes += [{**box, column: half} for half in halves] if halves else [box]
    rng.shuffle(boxes)
    return boxes


def split(side: Any, rng: random.Random) -> tuple[Any, Any] | None:
    if isinstance(side[0], int):
        low, high = side
        cut = rng.randrange(low + 1, high) if high - low > 1 else 0
        return ((low, cut), (cut, high)) if cut else None
    cut = rng.randrange(1, len(side)) if len(side) > 1 else 0
    return (side[:cut], side[cut:]) if cut else None


def cell(side: Any) -> str:
    """Understood by both; the whole side is no condition."""
    if side in ((0, 1_000_000), WORDS):
        return "-"
    if isinstance(side[0], int):
        return f"[{side[0]}..{side[1]})"
    return ", ".join(f'"{word}"' for word in side)


def ours(boxes: list[Box]) -> Callable[[dict[str, Any]], Any]:
    basis = {"law": "测试用表", "verified": False}
    rows = [
        {**{c: cell(box[c]) for c in COLUMNS}, "out": str(n), "basis": basis}
        for n, box in enumerate(boxes)
    ]
    table = compile_table(Table.model_validate({"id": "t", "gives": "out", "rows": rows}))
    return table.answer


def zens(boxes: list[Box], hit: str = "first") -> Callable[[dict[str, Any]], Any]:
    """zen has no unique; `first` lets it stop at the hit, which is to its advantage."""
    inputs = [{"id": c, "name": c, "field": c} for c in COLUMNS]
    rules = [
        {"_id": f"r{n}", "out": str(n)} | {c: cell(box[c]).strip("-") for c in COLUMNS}
        for n, box in enumerate(boxes)
    ]
    outputs = [{"id": "out", "name": "out", "field": "out"}]
    content = {"hitPolicy": hit, "inputs": inputs, "outputs": outputs, "rules": rules}
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **place},
        {"id": "t", "type": "decisionTableNode", "name": "t", "content": content, **place},
        {"id": "out", "type": "outputNode", "name": "out", **place},
    ]
    edges = [
        {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b}
        for a, b in (("in", "t"), ("t", "out"))
    ]
    kind = "application/vnd.gorules.decision"
    model = json.dumps({"contentType": kind, "nodes": nodes, "edges": edges})
    decision = import_module("zen").ZenEngine().create_decision(model)
    return lambda context: decision.evaluate(context, {"trace": True})


def contexts(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {c: rng.randrange(1_000_000) if n % 3 else rng.choice(WORDS) for n, c in enumerate(COLUMNS)}
        for _ in range(VALUES)
    ]


def typed(context: dict[str, Any]) -> dict[str, Any]:
    """Facts as an application holds them, once they are read."""
    return {c: Decimal(v) if isinstance(v, int) else v for c, v in context.items()}


def microseconds(answer: Callable[[Any], Any], asked: list[Any]) -> tuple[float, float]:
    """CPU time of the process, all threads, and wall time of one call, in µs."""
    cpu, wall = process_time(), perf_counter()
    for context in asked:
        answer(context)
    calls = len(asked) / 1e6
    return (process_time() - cpu) / calls, (perf_counter() - wall) / calls


def main() -> None:
    if find_spec("zen") is None:
        raise SystemExit("nothing to measure against: install zen-engine==2.1.3")
    rng = random.Random(20261122)
    for rows, bar in BARS.items():
        boxes = partition(rows, rng)
        start = perf_counter()
        tongban, zen = ours(boxes), zens(boxes)
        plain = contexts(rng)
        facts = [typed(context) for context in plain]
        for one, other in zip(facts, plain, strict=True):
            if tongban(one).values["out"] != zen(other)["result"]["out"]:
                raise SystemExit("the two disagree")
        ready = perf_counter() - start
        rounds = [
            (microseconds(tongban, facts * 10), microseconds(zen, plain)) for _ in range(ROUNDS)
        ]
        print(f"{rows} rows x {len(COLUMNS)} inputs, both built and compared in {ready:.1f} s")
        for name, clock in (("CPU", 0), ("wall", 1)):
            mine = sorted(own[clock] for own, _ in rounds)
            theirs = sorted(other[clock] for _, other in rounds)
            ratios = median(other[clock] / own[clock] for own, other in rounds)
            print(
                f"  {name:4} Tongban {mine[0]:7.1f} µs (median {median(mine):7.1f})"
                f"   zen-engine {theirs[0]:8.1f} µs (median {median(theirs):8.1f})"
                f"   {theirs[0] / mine[0]:6.1f} x best, {ratios:6.1f} x median, bar {bar} x"
            )


if __name__ == "__main__":
    main()
