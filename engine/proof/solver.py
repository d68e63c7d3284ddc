"""Questions to z3: the same answer every time, and no answer rather than a late one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import z3

from engine.proof.terms import Formula

Verdict = Literal["possible", "impossible", "unknown"]
# What one preference of a witness may take, in z3's own steps: seconds would choose other
# witnesses on a busy machine.
_EASY = 2_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether there is a case, and one; `unknown` when the solver gave up or ran out of time."""

    verdict: Verdict
    model: Any = None


class Solver:
    """The constraints of one encoding, asked again and again."""

    def __init__(self, constraints: Iterable[Formula], timeout: float) -> None:
        """`timeout` is in seconds, for each question."""
        self._solver = z3.Solver()
        self._solver.set("random_seed", 7)
        self._solver.set("timeout", max(1, int(timeout * 1000)))
        self._solver.add(*constraints)

    def ask(self, *parts: Formula, prefer: Sequence[Formula] = ()) -> Answer:
        """Whether all parts can hold together; of the cases, one that meets early preferences."""
        self._solver.push()
        try:
            self._solver.add(*parts)
            return self._answer(prefer)
        finally:
            self._solver.pop()
            self._solver.set("rlimit", 0)

    def _answer(self, prefer: Sequence[Formula]) -> Answer:
        verdict = self._solver.check()
        if verdict == z3.unsat:
            return Answer("impossible")
        if verdict != z3.sat:
            return Answer("unknown")
        model = self._solver.model()
        self._solver.set("rlimit", _EASY)
        for wish in prefer:
            # What the model meets already needs no second look.
            if not z3.is_true(model.eval(wish, model_completion=True)):
                self._solver.push()
                self._solver.add(wish)
                if self._solver.check() == z3.sat:
                    model = self._solver.model()
                    self._solver.pop()
                    self._solver.add(wish)
                    continue
                self._solver.pop()
                continue
            self._solver.add(wish)
        return Answer("possible", model)
