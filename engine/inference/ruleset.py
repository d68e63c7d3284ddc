"""A compiled rule set, and one inference on it."""

import threading
import weakref
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from . import limits
from .codebook import Codebook, encode_go
from .conclusions import Conclusion
from .effort import Effort, EffortBound
from .examination import find_problems
from .model import Fact, Firing, Inference, Rule, Schema
from .network import read_activation, write_network
from .problems import InferenceError, Problem, RuleError
from .prospects import Prospects
from .records import Key, Record, RecordReader, key_positions, too_many_facts
from .rete import Rete, ReteError
from .strata import assign_levels


class Ruleset:
    """Conclusion rules, compiled once; `infer` may be called from any thread, one at a time runs.

    Holds a handle of the engine until `close`, or until it is collected.
    """

    @classmethod
    def compile(cls, name: str, schema: Schema, rules: Iterable[Rule]) -> Self:
        """Raises RuleError with everything `find_problems` has to say."""
        rules = tuple(rules)
        problems = find_problems(schema, rules)
        if problems:
            raise RuleError(problems)
        return cls(name, schema, rules)

    def __init__(self, name: str, schema: Schema, rules: Sequence[Rule]) -> None:
        """For rules without problems only: call `compile`."""
        self.name = name
        self._program = _Program(schema, rules)
        self._lock = threading.Lock()
        self._closed = False
        try:
            self._open_engine()
        except ReteError as error:
            raise RuleError([_refused_by_engine(error)]) from error

    def _open_engine(self) -> None:
        self._rete = Rete(self._program.document)
        self._release = weakref.finalize(self, self._rete.close)

    def may_match(self, fact: Fact) -> bool:
        """Whether some pattern's constants fit the fact; one that fits none need not be given."""
        return bool(self._program.prospects.of(fact))

    def infer(self, facts: Iterable[Fact]) -> Inference:
        """What follows from the facts. Their order and repetition do not matter.

        Raises InferenceError and leaves nothing behind: the next call starts afresh.
        """
        given = self._program.reader.read_all(facts)
        with self._lock:
            if self._closed:
                raise InferenceError(
                    "inference-closed", "规则集已关闭。", "The rule set has been closed."
                )
            try:
                return self._infer_now(given)
            except ReteError as error:
                raise InferenceError(
                    "inference-engine",
                    f"推理引擎出错，本次不作结论（{error}）。",
                    f"The inference engine failed; nothing is concluded ({error}).",
                ) from error

    def _infer_now(self, given: Sequence[Record]) -> Inference:
        if not self._release.alive:
            self._open_engine()
        try:
            inference = _Run(self._program, self._rete, given).conclude()
            self._rete.clear()
        except BaseException:
            # Failed, stopped by a bound, or interrupted between any two calls: what the session
            # holds is not known, so it goes with its handle, and the next inference opens another.
            self._release()
            raise
        return inference

    def close(self) -> None:
        """Gives the engine's memory back. Closing twice does nothing."""
        with self._lock:
            self._closed = True
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _refused_by_engine(error: ReteError) -> Problem:
    return Problem(
        "rule-refused-by-engine",
        "",
        (),
        f"推理引擎不接受这个规则集：{error}。",
        f"The inference engine refuses this rule set: {error}.",
        "这是本系统的缺陷，请连同规则集一起报告。",
        "This is a defect of the system: please report it with the rule set.",
    )


class _Program:
    """What is worked out once for a rule set."""

    def __init__(self, schema: Schema, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.levels = assign_levels(rules)
        self.prospects = Prospects(rules, self.levels)
        self.present = [tuple(p.alias for p in rule.when if not p.absent) for rule in rules]
        self.absent = [tuple(p.alias for p in rule.when if p.absent) for rule in rules]
        self.reader = RecordReader(schema)
        self.effort = EffortBound(rules)
        self.conclusions = [Conclusion(schema, rule) for rule in rules]
        self.codebook = Codebook(
            rules, {type_: key_positions(fields) for type_, fields in schema.items()}
        )
        self.document = write_network(rules, self.levels, self.codebook)


class _Run:
    """One inference: assert, drain, derive, level by level.

    Nothing is derived inside the engine: what it reports is rule numbers and fact numbers.
    """

    def __init__(self, program: _Program, rete: Rete, given: Sequence[Record]) -> None:
        self._program = program
        self._rete = rete
        self._records: list[Record] = []
        self._known = {record.key for record in given}
        self._effort = Effort(program.effort)
        self._fired: dict[tuple[int, tuple[int, ...]], Record] = {}
        self._filled: set[int] = set()  # patterns that what was sent may fill
        # What no pattern can match is not sent.
        self._pending = [one for one in given if program.prospects.of(one.fact)]
        self._encoder = program.codebook.begin(self._pending)

    def conclude(self) -> Inference:
        self._settle()
        prospects = self._program.prospects
        for level in prospects.go_levels:
            if not prospects.may_fire(level, self._filled):
                continue
            # Absence is asked for only now: all facts are in and the levels below are quiet.
            self._rete.assert_fact(encode_go(level))
            self._take_activations()
            self._settle()
        return self._report()

    def _settle(self) -> None:
        """Asserts what is pending and what follows from it, until nothing does."""
        while self._pending:
            self._assert_pending()
            self._take_activations()

    def _assert_pending(self) -> None:
        pending, self._pending = self._pending, []
        if len(self._known) > limits.FACTS:
            raise too_many_facts()
        self._effort.add(record.fact for record in pending)
        for record in pending:
            self._rete.assert_fact(self._encoder.encode(record, len(self._records)))
            self._records.append(record)
            self._filled |= self._program.prospects.of(record.fact)

    def _take_activations(self) -> None:
        room = limits.FIRINGS - len(self._fired)
        messages = self._rete.drain(room)
        if len(messages) > room:
            raise InferenceError(
                "inference-too-many-firings",
                f"规则触发超过 {limits.FIRINGS} 次，不作结论。",
                f"Rules fired more than {limits.FIRINGS} times; nothing is concluded.",
            )
        for message in messages:
            fired = read_activation(message)
            if fired not in self._fired:
                self._fired[fired] = self._derive(*fired)

    def _derive(self, number: int, matched: tuple[int, ...]) -> Record:
        facts = [self._records[one] for one in matched]
        record = self._program.conclusions[number].draw(facts)
        if record.key not in self._known:
            self._known.add(record.key)
            if self._program.prospects.of(record.fact):
                self._pending.append(record)
        return record

    def _report(self) -> Inference:
        program = self._program

        def place(fired: tuple[int, tuple[int, ...]]) -> tuple[int, int, int, list[Key]]:
            number, matched = fired
            keys = [self._records[one].key for one in matched]
            return program.levels[number], program.rules[number].priority, number, keys

        derived: dict[Key, Fact] = {}
        firings: list[Firing] = []
        for fired in sorted(self._fired, key=place):
            firings.append(self._describe(*fired))
            derived.setdefault(self._fired[fired].key, self._fired[fired].fact)
        return Inference(tuple(firings), tuple(derived.values()))

    def _describe(self, number: int, matched: tuple[int, ...]) -> Firing:
        program = self._program
        facts = (self._records[one].fact for one in matched)
        return Firing(
            rule=program.rules[number].id,
            matched=dict(zip(program.present[number], facts, strict=True)),
            absent=program.absent[number],
            derived=self._fired[number, matched].fact,
            level=program.levels[number],
        )
