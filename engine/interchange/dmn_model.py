"""What a DMN file says, between its XML and our definitions: the part of DMN that both can say.

`at` is the element that said it, for places; what we write has none. `own` is what DMN has no word
for and our extension element carries: keys of a definition, as JSON values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.interchange.dmn_xml import Element

# OMG's namespaces of the models, by version; 1.1 and 1.2 write what we read in the same way.
VERSIONS: Final = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
WRITTEN: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
FEEL: Final = "https://www.omg.org/spec/DMN/20230324/FEEL/"
OWN: Final = "urn:tongban:dmn:1"  # of our extension element

# Our words and DMN's (its table 34): the hit policies and collect's operators.
POLICIES: Final = {
    "unique": "UNIQUE",
    "any": "ANY",
    "first": "FIRST",
    "priority": "PRIORITY",
    "rule_order": "RULE ORDER",
    "output_order": "OUTPUT ORDER",
    "collect": "COLLECT",
}
AGGREGATIONS: Final = {"sum": "SUM", "min": "MIN", "max": "MAX", "count": "COUNT"}


@dataclass(frozen=True, slots=True)
class Text:
    """A FEEL text, or a cell, and the element whose text it is."""

    feel: str
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Item:
    """An itemDefinition: a type by its name, made of another, of components, or of a list."""

    name: str
    type: str = ""
    is_list: bool = False
    allowed: Text | None = None
    parts: tuple["Item", ...] = ()
    label: str = ""
    own: Mapping[str, Any] = field(default_factory=dict)
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Input:
    """An inputData."""

    id: str
    name: str
    type: str = ""
    label: str = ""
    description: str = ""
    own: Mapping[str, Any] = field(default_factory=dict)
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """A column of a table: an input with its expression, or an output with its name."""

    name: str = ""
    expression: Text | None = None
    type: str = ""
    label: str = ""
    values: Text | None = None
    default: Text | None = None
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: its cells in the order of the columns, its annotations by their column's name."""

    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotations: tuple[tuple[str, str], ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TableModel:
    """A decisionTable; `hit` and `aggregation` in our words."""

    hit: str
    aggregation: str
    inputs: tuple[Clause, ...]
    outputs: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A decision. One without logic that maps has none: what it gives must be told as a fact."""

    id: str
    name: str
    logic: TableModel | Text | None
    type: str = ""
    label: str = ""
    question: str = ""
    description: str = ""
    requires: tuple[str, ...] = ()  # ids of inputs and decisions
    sources: tuple[str, ...] = ()  # names of the knowledge sources it rests on
    own: Mapping[str, Any] = field(default_factory=dict)
    at: Element | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Model:
    """A whole file."""

    name: str
    items: tuple[Item, ...] = ()
    inputs: tuple[Input, ...] = ()
    decisions: tuple[DecisionModel, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)
