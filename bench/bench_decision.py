"""One full decision of the hygiene licence beside one bare table in zen-engine (Rust), the same run.

The decision: facts, tables, criteria, materials, conclusion rules on the Rete, trace and receipt, for
premises of different areas. The table: 50 rows, 12 inputs, with its trace,
once stopping at the first hit and once collecting all, as a table that must be unique has to.
Bar: the decision takes less. Reads: times of one call, and their ratio (above 1: the bar is met);
then where a decision's time goes, measured apart since measuring costs some of it.
"""

import json
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from bench_tables import contexts, microseconds, partition, zens

from engine import Application, Workspace, decide, parse_application
from engine.decision import deciding
from engine.decision.concluding import Conclusions
from engine.hooks import Reply

ROOT = Path(__file__).resolve().parent.parent
MATTER, ON = "public_venue_hygiene", date(2026, 11, 22)
ROUNDS = 15
PHASES = (
    (deciding, "Evaluation", "facts, computed facts, tables"),
    (deciding, "choose_path", "path"),
    (deciding, "resolve_material", "materials"),
    (deciding._Deciding, "_judge", "criteria"),
    (deciding, "foresee", "duties and benefits"),
    (deciding, "facts_for_rules", "facts for the rules"),
    (Conclusions, "infer", "inference on durable-rules"),
    (deciding._Deciding, "_assemble", "assembling"),
    (deciding, "with_receipt", "receipt: JSON and digests"),
)


def applications(workspace: Workspace) -> list[Application]:
    text = (ROOT / f"rulesets/samples/{MATTER}/approved.json").read_text("utf-8")
    given = parse_application(workspace, MATTER, json.loads(text, parse_float=Decimal), ON)
    areas = [Decimal(4000 + n) / 100 for n in range(100)]
    return [
        replace(given, facts={**given.facts, "营业面积": area, "图示面积": area}) for area in areas
    ]


def ours(workspace: Workspace, first: Application) -> Callable[[Any], Any]:
    """Registers answer beforehand: what they take is not the engine's."""
    answers = decide(workspace, MATTER, first, on=ON).receipt.answers
    replies = tuple(Reply.from_json(answer) for answer in answers)
    return lambda application: decide(workspace, MATTER, application, on=ON, replies=replies)


def phases(decided: Callable[[Any], Any], posted: list[Application]) -> dict[str, float]:
    """µs of each phase in one decision: the median over applications of their best of some rounds."""
    taken = {title: [[0.0] * ROUNDS for _ in posted] for _, _, title in PHASES}
    place = [0, 0]  # the application and the round under way

    def timed(call: Callable[..., Any], title: str) -> Callable[..., Any]:
        def measured(*given: Any) -> Any:
            start = perf_counter()
            try:
                return call(*given)
            finally:
                taken[title][place[0]][place[1]] += perf_counter() - start

        return measured

    with ExitStack() as stack:
        for owner, name, title in PHASES:
            stack.enter_context(patch.object(owner, name, timed(getattr(owner, name), title)))
        for place[1] in range(ROUNDS):
            for place[0], application in enumerate(posted):
                decided(application)
    return {title: median(min(one) for one in of) * 1e6 for title, of in taken.items()}


def main() -> None:
    if find_spec("zen") is None:
        raise SystemExit("nothing to measure against: install zen-engine==2.1.3")
    workspace = Workspace.load(ROOT)
    posted = applications(workspace)
    tongban = ours(workspace, posted[0])
    outcomes = {tongban(application).outcome for application in posted}
    rng = random.Random(20261122)
    boxes, plain = partition(50, rng), contexts(rng)
    zen = {hit: zens(boxes, hit) for hit in ("first", "collect")}
    rounds = []
    for _ in range(ROUNDS):  # in turn, so that a busy moment meets all
        times = {hit: microseconds(answer, plain) for hit, answer in zen.items()}
        rounds.append({"tongban": microseconds(tongban, posted), **times})
    print(f"{len(posted)} applications, decided {'、'.join(sorted(outcomes))}")
    for title, needed in phases(tongban, posted).items():
        print(f"  {title:32} {needed:7.1f} µs")
    for name, clock in (("CPU", 0), ("wall", 1)):
        taken = {who: [one[who][clock] for one in rounds] for who in rounds[0]}
        mine = taken.pop("tongban")
        print(f"  {name:4} Tongban {min(mine):8.1f} µs (median {median(mine):8.1f})")
        for hit, theirs in taken.items():
            ratio = median(t / m for t, m in zip(theirs, mine, strict=True))
            print(
                f"       zen {hit:7} {min(theirs):8.1f} µs (median {median(theirs):8.1f})"
                f"   {min(theirs) / min(mine):5.2f} x best, {ratio:5.2f} x median, bar 1 x"
            )


if __name__ == "__main__":
    main()
