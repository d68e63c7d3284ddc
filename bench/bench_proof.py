"""How long it takes to prove a decision table of 5,000 rows and 10 inputs free of gaps and overlaps.

The bar is half a second (DESIGN.md) on one core. Reading the YAML and parsing the cells are not of
the proof and are shown apart: a table is compiled once, for whoever asks it.
"""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from engine.decision.tables import CompiledTable, compile_table
from engine.definitions import Table
from engine.proof.analysis import Analysis, analyse
from engine.proof.boxes import boxes_of
from engine.proof.domains import Domain, Span

DAY = date(2026, 11, 22)
CODES = tuple(f"类{n}" for n in range(12))
Box = list[tuple[int, int]]


def domains() -> dict[str, Domain]:
    """Four amounts, two whole numbers, a day, a code and two yes-or-no."""
    spans = (Span(Decimal(0), True, Decimal(100_000), True),)
    found = [Domain(f"金额{n}", "number", spans=spans, scale=2) for n in range(4)]
    found += [Domain(f"人数{n}", "number", spans=spans, scale=0) for n in range(2)]
    found += [Domain("日期", "date"), Domain("类别", "text", CODES)]
    found += [Domain(f"是否{n}", "boolean", (False, True)) for n in range(2)]
    return {domain.name: domain for domain in found}


_SIZES = {"number": 10_000_001, "date": 20_000, "text": len(CODES), "boolean": 2}


def split_rows(random: Random, count: int) -> list[Box]:
    """Boxes that cover the domain exactly once: one of them is cut in two until there are enough."""
    sizes = [_SIZES[domain.kind] if "人数" not in domain.name else 100_001
             for domain in domains().values()]  # fmt: skip
    boxes: list[Box] = [[(0, size - 1) for size in sizes]]
    while len(boxes) < count:
        place = random.randrange(len(boxes))
        box = boxes[place]
        column = random.choice([n for n, (low, high) in enumerate(box) if low < high])
        low, high = box[column]
        cut = random.randint(low, high - 1)
        boxes[place] = [*box[:column], (low, cut), *box[column + 1 :]]
        boxes.append([*box[:column], (cut + 1, high), *box[column + 1 :]])
    return boxes


def cell(domain: Domain, low: int, high: int) -> str:
    size = _SIZES[domain.kind] if "人数" not in domain.name else 100_001
    if (low, high) == (0, size - 1):
        return "-"
    if domain.kind == "text":
        return ", ".join(f'"{code}"' for code in CODES[low : high + 1])
    if domain.kind == "boolean":
        return "true" if low else "false"
    ends = [_end(domain, end) for end in (low, high)]
    if low == 0:
        return f"<= {ends[1]}"
    return f">= {ends[0]}" if high == size - 1 else f"[{ends[0]}..{ends[1]}]"


def _end(domain: Domain, number: int) -> str:
    if domain.kind == "date":
        return f'@"{date.fromordinal(date(1980, 1, 1).toordinal() + number)}"'
    return str(number if domain.scale == 0 else Decimal(number) / 100)


def table(count: int, drop: int | None = None) -> CompiledTable:
    names = domains()
    rows = [
        {**{n: cell(d, *box[k]) for k, (n, d) in enumerate(names.items())}, "果": str(number)}
        for number, box in enumerate(split_rows(Random(1), count))
        if number != drop
    ]
    raw: dict[str, Any] = {"id": "t", "gives": ["果"], "rows": rows}
    return compile_table(Table.model_validate(raw))


def prove(compiled: CompiledTable) -> Analysis:
    return analyse(boxes_of(compiled, domains(), {}, DAY))


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """The best of three, in processor seconds."""
    best, found = float("inf"), None
    for _ in range(3):
        start = time.process_time()
        found = what()
        best = min(best, time.process_time() - start)
    return best, found


def main() -> None:
    for count in (50, 500, 5_000):
        start = time.process_time()
        whole, broken = table(count), table(count, drop=count // 2)
        compiling = (time.process_time() - start) / 2
        seconds, found = timed(lambda whole=whole: prove(whole))  # type: ignore[misc]
        assert found.gap is None
        assert not found.overlaps + found.open
        gap_seconds, gap = timed(lambda broken=broken: prove(broken))  # type: ignore[misc]
        assert gap.gap is not None
        print(
            f"{count:>6} rows × {len(domains())} inputs: proved in {seconds:.3f} s,"
            f" a missing row found in {gap_seconds:.3f} s (compiling: {compiling:.2f} s)"
        )
    print("bar: 5,000 rows in 0.5 s:", "met" if seconds < 0.5 else "MISSED")


if __name__ == "__main__":
    main()
