"""The catalogue of steps: which phrases there are, and which one a step means.

Steps are plain functions `step(world, **arguments)`. A parameter `table` receives the data table
(rows of texts) and `docstring` the doc string; one without a default must be given.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Literal, TypeVar

from engine.specs.outcome import StepFailed
from engine.specs.phrases import Phrase, PhraseError
from engine.specs.rewording import half_width, rewordings

StepType = Literal["given", "when", "then"]
STEP_TYPES: tuple[StepType, ...] = ("given", "when", "then")
STEP_WORDS: dict[StepType, str] = {"given": "假如", "when": "当", "then": "那么"}

Table = tuple[tuple[str, ...], ...]
StepFunction = Callable[..., Any]
F = TypeVar("F", bound=StepFunction)
_ARGUMENTS = {"table": ("数据表（|）", "data table"), "docstring": ('文本块（"""）', "doc string")}
_NEAR_ENOUGH = 0.45
_MOST_KEPT = 4096


@dataclass(frozen=True)
class StepDefinition:
    """One phrase and the function it calls. `type` None: after any keyword."""

    phrase: Phrase
    type: StepType | None
    function: StepFunction
    origin: str  # the plugin it comes from, "" for the shipped ones

    @cached_property
    def takes(self) -> frozenset[str]:
        """Which of `table` and `docstring` the function accepts."""
        return frozenset(inspect.signature(self.function).parameters) & frozenset(_ARGUMENTS)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Which of them it cannot do without."""
        parameters = inspect.signature(self.function).parameters
        return frozenset(
            name for name in self.takes if parameters[name].default is inspect.Parameter.empty
        )

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    def argument_fault(self, table: Table | None, docstring: str | None) -> tuple[str, str] | None:
        """What is wrong with the data table or doc string under a step, or None."""
        given = {"table": table is not None, "docstring": docstring is not None}
        for name, (zh, en) in _ARGUMENTS.items():
            if given[name] and name not in self.takes:
                return f"步骤“{self.phrase}”不带{zh}", f"this step takes no {en}"
            if name in self.needs and not given[name]:
                return f"步骤“{self.phrase}”须带{zh}", f"this step needs a {en}"
        return None

    def is_for(self, step_type: StepType) -> bool:
        return self.type is None or self.type == step_type


@dataclass(frozen=True, slots=True)
class Call:
    """A step definition with the arguments read from one step's text."""

    definition: StepDefinition
    arguments: dict[str, object]

    def run(self, world: object, table: Table | None, docstring: str | None) -> None:
        """Calls the step. Raises StepFailed for a table or doc string that does not belong to it,
        and whatever the step raises."""
        fault = self.definition.argument_fault(table, docstring)
        if fault is not None:
            raise StepFailed(*fault)
        extra: dict[str, object] = {"table": table, "docstring": docstring}
        given = {name: extra[name] for name in self.definition.takes if extra[name] is not None}
        self.definition.function(world, **self.arguments, **given)


@dataclass(frozen=True, slots=True)
class Undefined:
    """No phrase fits. `nearest` is the most similar one, or None; `corrected` would fit as it is."""

    nearest: StepDefinition | None
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several phrases fit, and none of them says more than every other."""

    candidates: tuple[StepDefinition, ...]


class StepCatalogue:
    """Phrases in order of registration. The shipped ones and the plugins' share one catalogue."""

    def __init__(self) -> None:
        self._definitions: list[StepDefinition] = []
        self._found: dict[tuple[StepType, str], Call | Undefined | Ambiguous] = {}

    @property
    def definitions(self) -> tuple[StepDefinition, ...]:
        return tuple(self._definitions)

    def given(self, phrase: str) -> Callable[[F], F]:
        return self._adder(phrase, "given")

    def when(self, phrase: str) -> Callable[[F], F]:
        return self._adder(phrase, "when")

    def then(self, phrase: str) -> Callable[[F], F]:
        return self._adder(phrase, "then")

    def step(self, phrase: str) -> Callable[[F], F]:
        """A step that may follow any keyword."""
        return self._adder(phrase, None)

    def include(self, others: Iterable[StepDefinition], origin: str = "") -> None:
        """Takes over definitions, such as those of another catalogue."""
        for definition in others:
            self._add(
                StepDefinition(definition.phrase, definition.type, definition.function, origin)
            )

    def find(self, step_type: StepType, text: str) -> Call | Undefined | Ambiguous:
        """What a step means. A phrase that spells out what another leaves open goes before it."""
        key = step_type, text
        if key not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[key] = self._find(step_type, text)
        return self._found[key]

    def _find(self, step_type: StepType, text: str) -> Call | Undefined | Ambiguous:
        calls = [
            Call(definition, arguments)
            for definition in self._definitions
            if definition.is_for(step_type)
            and (arguments := definition.phrase.match(text)) is not None
        ]
        if not calls:
            return self._undefined(step_type, text)
        best = [call for call in calls if all(_goes_before(call, other) for other in calls)]
        if len(best) == 1:
            return best[0]
        return Ambiguous(tuple(call.definition for call in calls))

    def _fitting(self, step_type: StepType, text: str) -> StepDefinition | None:
        fitting = (d for d in self._definitions if d.is_for(step_type))
        return next((d for d in fitting if d.phrase.match(text) is not None), None)

    def _adder(self, phrase: str, step_type: StepType | None) -> Callable[[F], F]:
        compiled = Phrase(phrase)

        def add(function: F) -> F:
            _check_parameters(compiled, function)
            self._add(StepDefinition(compiled, step_type, function, ""))
            return function

        return add

    def _add(self, definition: StepDefinition) -> None:
        for other in self._definitions:
            if other.phrase.template == definition.phrase.template and (
                other.type is None or definition.type is None or other.type == definition.type
            ):
                template = definition.phrase.template
                raise PhraseError(
                    f"步骤“{template}”已经登记过 / the step {template!r} is registered already"
                )
        self._definitions.append(definition)
        self._found.clear()

    def _undefined(self, step_type: StepType, text: str) -> Undefined:
        """A phrase that fits but for its keyword, full-width digits or small words, else a similar one."""
        narrow = half_width(text)
        for definition in self._definitions:
            if definition.phrase.match(text) is not None:
                return Undefined(definition)
            if definition.is_for(step_type) and definition.phrase.match(narrow) is not None:
                return Undefined(definition, narrow)
        for reworded in rewordings(text):
            found = self._fitting(step_type, reworded)
            if found is not None:
                return Undefined(found, reworded)
        words = _bare_words(text)
        scored = [
            (SequenceMatcher(None, words, definition.phrase.skeleton).ratio(), definition)
            for definition in self._definitions
        ]
        near = [(score, d.is_for(step_type), d) for score, d in scored if score >= _NEAR_ENOUGH]
        best = max(near, key=lambda entry: entry[:2], default=(0.0, False, None))
        return Undefined(best[2])


def _goes_before(call: Call, other: Call) -> bool:
    return call is other or call.definition.phrase.specialises(other.definition.phrase)


def _check_parameters(phrase: Phrase, function: StepFunction) -> None:
    """The function takes `world` first and exactly the placeholders' names."""
    parameters = inspect.signature(function).parameters
    takes = [name for name in list(parameters)[1:] if name not in _ARGUMENTS]
    if not parameters or sorted(takes) != sorted(phrase.names):
        expected = ", ".join(["world", *phrase.names])
        raise PhraseError(
            f"步骤“{phrase}”的函数 {function.__name__} 应有参数 {expected} / "
            f"{function.__name__} must take the parameters {expected}"
        )


def _bare_words(text: str) -> str:
    """A step's text without what is quoted and without digits: what a phrase itself would say."""
    words, depth = [], False
    for character in text[:200]:
        if character in '"“”':
            depth = not depth
        elif not depth and not character.isdigit() and not character.isspace():
            words.append(character)
    return "".join(words)


def records(table: Table) -> list[dict[str, str]]:
    """A data table with a heading row, as one mapping per row."""
    heading, *rows = table or ((),)
    return [dict(zip(heading, row, strict=True)) for row in rows]
