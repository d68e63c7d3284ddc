"""Inference on the Rete beside the tests' naive evaluator: same rules, same facts, same run.

Reads: how many times faster the compiled rule set is, and what one inference takes.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from engine.inference import (  # noqa: E402
    Condition,
    Derivation,
    Fact,
    Pattern,
    Ref,
    Rule,
    Ruleset,
    Schema,
)
from naive_inference import conclude  # noqa: E402

SCHEMA: Schema = {
    "申请": {"编号": "text", **{f"数{n}": "integer" for n in range(30)}},
    "材料": {"名称": "text", "申请编号": "text"},
    "结论": {"名称": "text", "编号": "text"},
}
OF_APPLICATION = Condition("申请编号", "is", Ref("申", "编号"))


def has_or_lacks(number: int, absent: bool) -> Rule:
    named = Condition("名称", "is", f"材料{number}")
    material = Pattern("材料", "材", (named, OF_APPLICATION), absent)
    then = Derivation("结论", {"名称": f"{absent}{number}", "编号": Ref("申", "编号")})
    return Rule(f"{'缺' if absent else '有'}{number}", (Pattern("申请", "申"), material), then)


def flat(number: int) -> Rule:
    condition = Condition(f"数{number % 30}", "below", number)
    then = Derivation("结论", {"名称": f"平{number}"})
    return Rule(f"平{number}", (Pattern("申请", "申", (condition,)),), then)


def chained(number: int) -> Rule:
    lower = Pattern("结论", "前", (Condition("名称", "is", f"链{number - 1}"),))
    then = Derivation("结论", {"名称": f"链{number}"})
    return Rule(f"链{number}", (lower if number else Pattern("申请", "申"),), then)


APPLICATION = Fact("申请", {"编号": "甲", **{f"数{n}": n + 4 for n in range(30)}})
MATERIALS = [Fact("材料", {"名称": f"材料{n * 2}", "申请编号": "甲"}) for n in range(30)]
CASES: list[tuple[str, list[Rule], list[Fact]]] = [
    (
        "8 rules, 9 facts: joins and absence",
        [has_or_lacks(n, absent) for n in range(4) for absent in (False, True)],
        [APPLICATION, *MATERIALS[:8]],
    ),
    (
        "50 rules, 31 facts: joins and absence",
        [has_or_lacks(n, absent) for n in range(25) for absent in (False, True)],
        [APPLICATION, *MATERIALS],
    ),
    ("50 rules, 1 fact of 31 fields", [flat(n) for n in range(50)], [APPLICATION]),
    ("20 rules in a chain, 1 fact", [chained(n) for n in range(20)], [APPLICATION]),
    (
        "200 rules, 31 facts: joins and absence",
        [has_or_lacks(n, absent) for n in range(100) for absent in (False, True)],
        [APPLICATION, *MATERIALS],
    ),
]


def main() -> None:
    for title, rules, facts in CASES:
        with Ruleset.compile("测", SCHEMA, rules) as ruleset:
            firings = len(ruleset.infer(facts).firings)
            if firings != len(conclude(rules, facts)):
                raise SystemExit(f"{title}: the two disagree")
            rete, naive = float("inf"), float("inf")
            for _ in range(5):  # in turn, so that a busy moment meets both
                rete = min(rete, _seconds(lambda: ruleset.infer(facts), 100))  # noqa: B023
                naive = min(naive, _seconds(lambda: conclude(rules, facts), 2))  # noqa: B023
        print(f"{title:42} {firings:3} firings  {rete * 1e6:6.0f} µs  {naive / rete:6.1f} × naive")


def _seconds(call: Callable[[], object], times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        call()
    return (perf_counter() - start) / times


if __name__ == "__main__":
    main()
