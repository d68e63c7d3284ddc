"""Nothing leaks, and no rule set and no facts end the process."""

import gc
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from engine.inference import Fact, InferenceError, Rule, Ruleset, find_problems, limits
from inference_cases import SCHEMA, random_facts, random_rules

ROOT = Path(__file__).resolve().parent.parent
PAGE = os.sysconf("SC_PAGE_SIZE")
ALLOWED = 4 << 20  # bytes; one session lost at each inference would be a hundred times that


def resident() -> int:
    """The process's memory now, in bytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc"
)


def sound_rules(seed: int) -> list[Rule]:
    rnd = Random(seed)
    while find_problems(SCHEMA, rules := random_rules(rnd)) or len(rules) != 8:
        pass
    return rules


def infer_often(ruleset: Ruleset, count: int) -> int:
    cases = [random_facts(Random(seed)) for seed in range(50)]
    return sum(len(ruleset.infer(cases[number % 50]).firings) for number in range(count))


def assert_flat(count: int) -> None:
    with Ruleset.compile("长跑", SCHEMA, sound_rules(11)) as ruleset:
        assert infer_often(ruleset, count // 5) > 0
        before = resident()
        infer_often(ruleset, count)
        assert resident() - before < ALLOWED


def test_inferences_leak_nothing() -> None:
    assert_flat(10_000)


@pytest.mark.soak
def test_a_hundred_thousand_inferences_leak_nothing() -> None:
    assert_flat(100_000)


def test_stopped_inferences_leak_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between two activations, with one in the engine's hands."""
    with Ruleset.compile("长跑", SCHEMA, sound_rules(11)) as ruleset:
        monkeypatch.setattr(limits, "FIRINGS", 2)
        crowd = [Fact(type_, {}) for type_ in SCHEMA] + [
            fact for seed in range(6) for fact in random_facts(Random(seed))
        ]

        def stop(count: int) -> None:
            for _ in range(count):
                with pytest.raises(InferenceError, match="inference-too-many-firings"):
                    ruleset.infer(crowd)

        stop(300)
        before = resident()
        stop(1_500)
        assert resident() - before < ALLOWED


def test_rule_sets_leak_nothing() -> None:
    """Closed, and merely forgotten; the engine's table holds 131,071 handles at a time."""

    def compile_often(count: int) -> None:
        for number in range(count):
            ruleset = Ruleset.compile("长跑", SCHEMA, rules)
            ruleset.infer(facts)
            if number % 2:
                ruleset.close()
            del ruleset

    rules, facts = sound_rules(11), random_facts(Random(5))
    compile_often(200)
    before = resident()
    compile_often(800)
    assert resident() - before < ALLOWED


HOSTILE = """
import sys
from random import Random
from inference_hostility import attack
print(attack(Random(int(sys.argv[1])), int(sys.argv[2])))
"""


@pytest.mark.parametrize("seed", range(2))
def test_hostile_rules_and_facts_never_end_the_process(seed: int) -> None:
    run_attack(seed, 120)


@pytest.mark.soak
def test_hostile_rules_and_facts_at_length() -> None:
    for seed in range(100, 120):
        run_attack(seed, 1_000)


def run_attack(seed: int, rounds: int) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", HOSTILE, str(seed), str(rounds)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        capture_output=True,
        text=True,
        timeout=60 + rounds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    concluded, refused, stopped = eval(done.stdout)
    assert min(concluded, refused, stopped) > 0
