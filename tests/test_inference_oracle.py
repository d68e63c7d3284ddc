"""The compiled rule sets against the naive evaluator, on random rule sets and facts."""

import os
from dataclasses import dataclass
from random import Random

import pytest

from engine.inference import Inference, Ruleset, find_problems
from inference_cases import SCHEMA, random_facts, random_rules
from naive_inference import Conclusion, conclude, freeze

SEEDS_PER_TEST = 120


@dataclass
class Tally:
    rulesets: int = 0
    refused: int = 0
    cases: int = 0
    firings: int = 0


def conclusions(inference: Inference) -> list[Conclusion]:
    return [
        (
            firing.rule,
            tuple((alias, freeze(fact)) for alias, fact in firing.matched.items()),
            freeze(firing.derived),
        )
        for firing in inference.firings
    ]


def compare_seed(seed: int, tally: Tally) -> None:
    """One random rule set on six sets of facts, each also in another order."""
    rnd = Random(seed)
    rules = random_rules(rnd)
    tally.rulesets += 1
    problems = find_problems(SCHEMA, rules)
    if problems:
        assert {problem.code for problem in problems} == {"rule-cycle"}
        tally.refused += 1
        return
    with Ruleset.compile("随机", SCHEMA, rules) as ruleset:
        for _ in range(6):
            facts = random_facts(rnd)
            inference = ruleset.infer(facts)
            found = conclusions(inference)
            assert len(set(found)) == len(found)
            assert set(found) == conclude(rules, facts), seed
            rnd.shuffle(facts)
            assert ruleset.infer(facts + facts[:1]) == inference, seed
            tally.cases += 1
            tally.firings += len(found)


@pytest.mark.parametrize("block", range(8))
def test_agrees_with_the_naive_evaluator(block: int) -> None:
    tally = Tally()
    for seed in range(block * SEEDS_PER_TEST, (block + 1) * SEEDS_PER_TEST):
        compare_seed(seed, tally)
    assert tally.refused < tally.rulesets / 2
    assert tally.firings > tally.cases  # the cases are not empty


@pytest.mark.soak
def test_agrees_with_the_naive_evaluator_at_length() -> None:
    tally = Tally()
    start = int(os.environ.get("INFERENCE_SEED", "1000000"))
    for seed in range(start, start + int(os.environ.get("INFERENCE_SEEDS", "20000"))):
        compare_seed(seed, tally)
    print(tally)
