"""One full decision of the hygiene licence beside one bare table in zen-engine (Rust), the same run.

The decision: facts, tables, criteria, materials, conclusion rules on the Rete, trace and receipt, for
premises of different areas. The table: 50 rows, 12 inputs, with its trace,
once stopping at the first hit and once collecting all, as a table that must be unique has to.
Bar: the decision takes less. Reads: times of one call, and their ratio (above 1: the bar is met).
"""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from bench_tables import contexts, microseconds, partition, zens

from engine import Application, Workspace, decide, parse_application
from engine.hooks import Reply

ROOT = Path(__file__).resolve().parent.parent
MATTER, ON = "public_venue_hygiene", date(2026, 11, 22)
ROUNDS = 15


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
