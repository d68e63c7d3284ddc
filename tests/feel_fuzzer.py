"""A seeded fuzzer: FEEL texts from the grammar, from the corpus mutated, and from loose pieces.

Hypothesis remembers every example it made and shrinks what fails, which is what makes a million of
them slow; this one remembers nothing and can repeat any text by its seed and number.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.feel.registry import BUILTINS
from feel_texts import (
    CONSTANTS,
    MOMENTS,
    NAMES,
    NUMBERS,
    PIECES,
    SHAPES_OF_ONE,
    SHAPES_OF_THREE,
    SHAPES_OF_TWO,
    STRINGS,
    TYPES,
)

ATOMS = NAMES + NUMBERS + STRINGS + MOMENTS + CONSTANTS
PATTERNS = (
    "a+",
    "(a|b)*",
    "[^a-c]",
    "\\d{2,}",
    "(.)\\1",
    "^(a*)*$",
    "[a-z-[aeiou]]",
    "\\p{Lu}",
    "$1",
)
SHAPES = SHAPES_OF_ONE + SHAPES_OF_TWO + SHAPES_OF_THREE
LINES = tuple(
    line.rpartition(" => ")[0]
    for line in Path(__file__).with_name("feel_corpus.txt").read_text("utf-8").splitlines()
    if " => " in line and not line.startswith(("#", "given "))
)
TOKENS = re.compile(r'"[^"]*"|\w+|\*\*|\.\.|[<>!]=|\s+|.', re.DOTALL)


class Fuzzer:
    """Texts without end, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.functions = sorted(BUILTINS)
        self.parameters = {
            name: sorted({p.name for overload in known.overloads for p in overload.parameters})
            for name, known in BUILTINS.items()
        }

    def texts(self, count: int) -> Iterator[str]:
        ways = (self.written, self.written, self.written, self.mutated, self.mutated, self.loose)
        for _ in range(count):
            yield self.dice.choice(ways)()

    def written(self) -> str:
        """From the grammar, up to six levels deep."""
        return self._expression(self.dice.randint(1, 6))

    def _expression(self, depth: int) -> str:
        dice = self.dice
        if depth <= 0 or dice.random() < 0.15:
            return dice.choice(PATTERNS).join('""') if dice.random() < 0.05 else dice.choice(ATOMS)
        kind = dice.random()
        if kind < 0.4:
            return self._call(depth - 1)
        if kind < 0.45:
            return f"{self._expression(depth - 1)} instance of {dice.choice(TYPES)}"
        shape = dice.choice(SHAPES)
        places = shape.replace("{{", "").replace("}}", "").count("{}")
        return shape.format(*(self._expression(depth - 1) for _ in range(places)))

    def _call(self, depth: int) -> str:
        dice = self.dice
        name = dice.choice(self.functions)
        parameters = self.parameters[name]
        if parameters and dice.random() < 0.2:
            chosen = dice.sample(parameters, dice.randint(1, len(parameters)))
            given = [f"{parameter}: {self._expression(depth)}" for parameter in chosen]
        else:
            given = [self._expression(depth) for _ in range(dice.randint(0, 4))]
        return f"{name}({', '.join(given)})"

    def mutated(self) -> str:
        """One or two lines of the corpus, tokens dropped, doubled, exchanged or put in."""
        dice = self.dice
        tokens = TOKENS.findall(dice.choice(LINES))
        if dice.random() < 0.3:
            other = TOKENS.findall(dice.choice(LINES))
            tokens = tokens[: dice.randint(0, len(tokens))] + other[dice.randint(0, len(other)) :]
        for _ in range(dice.randint(1, 4)):
            self._mutate(tokens)
        return "".join(tokens)

    def _mutate(self, tokens: list[str]) -> None:
        dice = self.dice
        place = dice.randint(0, len(tokens))
        what = dice.randint(0, 4)
        if what == 0 or place == len(tokens):
            tokens.insert(place, dice.choice(PIECES + ATOMS))
        elif what == 1:
            del tokens[place]
        elif what == 2:
            tokens.insert(place, tokens[place])
        elif what == 3:
            other = dice.randrange(len(tokens))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        else:
            tokens[place] = dice.choice(ATOMS)

    def loose(self) -> str:
        """Pieces of the grammar, and any characters at all, in any order."""
        dice = self.dice
        parts: Sequence[str] = (
            PIECES + ATOMS if dice.random() < 0.8 else [chr(dice.randrange(0x3100))]
        )
        return "".join(dice.choice(parts) for _ in range(dice.randint(0, 16)))
