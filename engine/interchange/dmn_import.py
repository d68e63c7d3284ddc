"""A DMN model as a matter of ours: facts, regional figures, tables and criteria, in YAML."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.definitions import (
    Criterion,
    FactDeclaration,
    Matter,
    Parameter,
    shape_document,
)
from engine.diagnostics import Diagnostics
from engine.feel import FeelSyntaxError, compile_expression
from engine.feel.tokens import is_plain_name
from engine.interchange.dmn_inference import shape_of_text, shapes_by_use
from engine.interchange.dmn_model import (
    DecisionModel,
    Input,
    Model,
    TableModel,
    Text,
)
from engine.interchange.dmn_reading import Reader, read_dmn
from engine.interchange.dmn_tables import TableImport
from engine.interchange.dmn_translation import Translation
from engine.interchange.dmn_types import with_own
from engine.interchange.dmn_xml import Element
from engine.interchange.yaml_writing import write_yaml
from engine.source import read_document

# What a matter must say and DMN does not: stands there until somebody fills it in.
_UNSAID: Final = {"type": "其他行政权力", "level": "县级", "organ": "（请填写实施机关）"}


@dataclass(frozen=True)
class Imported:
    """The files made: the matter's own first, then one for each code set; name and text."""

    matter: str
    files: tuple[tuple[str, str], ...]


def import_dmn(
    raw: bytes, file: str, matter_id: str, given: frozenset[str], problems: Diagnostics
) -> Imported | None:
    """The definitions in a DMN file; None where it cannot be read at all.

    `file` is the name that places carry; `matter_id` is "" to take the file's own; `given` are
    names that the engine gives every matter. Whatever did not map is added to `problems`:
    `dmn-lost` and `dmn-expression` where results may differ, `dmn-guessed`, `dmn-name` and
    `dmn-left-out` where they do not.
    """
    found = read_dmn(raw, file, problems)
    if found is None:
        return None
    model, reader = found
    identity = matter_id or str(model.own.get("matter", "")) or _identity(file)
    importer = _Importer(model, reader, identity, given)
    return _written(importer.data(), importer.types.codes, identity, problems)


def _identity(file: str) -> str:
    stem = file.replace("\\", "/").rpartition("/")[2].partition(".")[0].lower()
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in stem).split()
    name = "_".join(words)[:60]
    return name if name[:1].isalpha() else f"matter_{name}".rstrip("_")


def _written(
    data: Mapping[str, Any],
    codes: Mapping[str, Mapping[str, Any]],
    identity: str,
    problems: Diagnostics,
) -> Imported:
    """The YAML of each definition; a shape that is wrong is reported in it."""
    files = [(f"{identity}.yaml", write_yaml(data))]
    files += [(f"{name}.yaml", write_yaml(codes[name])) for name in sorted(codes)]
    for name, text in files:
        document = read_document(text, name, problems)
        if document is not None:
            shape_document(document, problems)
    return Imported(identity, tuple(files))


class _Importer:
    def __init__(self, model: Model, reader: Reader, identity: str, given: frozenset[str]) -> None:
        self.model, self.reader, self.identity, self.given = model, reader, identity, given
        self.translation = Translation(model, reader, f"{identity}_")
        self.names, self.types = self.translation.names, self.translation.types
        self.shapes, self.read = self.translation.shapes, self.translation.read
        self.tables = TableImport(self.translation)
        self.facts: dict[str, dict[str, Any]] = {}
        self.parameters: dict[str, dict[str, Any]] = {}
        self.criteria: dict[str, dict[str, Any]] = {}
        self._guesses: dict[str, Mapping[str, Any] | None] = {}

    def data(self) -> dict[str, Any]:
        for entry in self.model.inputs:
            self._input(entry)
        for decision in self.model.decisions:
            self._decision(decision)
        self._declare_what_is_read()
        self._declare_whole_records()
        self._settle_types()
        return self._matter()

    # --- facts -----------------------------------------------------------------------------

    def _input(self, entry: Input) -> None:
        name = self.names.variables[entry.name]
        if entry.own.get("kind") == "given" or (entry.name in self.given):
            return
        shape = self.translation.declared(entry.type, entry.at, entry.name)
        keys = {"note": entry.description} if entry.description else {}
        self._declare(name, shape, entry.own, entry.label, keys, entry.at)

    def _declare(
        self,
        name: str,
        shape: Mapping[str, Any] | None,
        own: Mapping[str, Any],
        label: str,
        keys: Mapping[str, Any],
        at: Element | None,
    ) -> None:
        """A fact; its type may still have to be found out."""
        self.shapes[name] = shape
        base = shape if shape is not None else {"type": ""}
        label = "" if self.names.variables.get(label) == name else label
        allowed = FactDeclaration.model_fields
        known = {k: v for k, v in own.items() if k in allowed or k == "whole"}
        self.facts[name] = {**with_own(base, known, label), **keys}
        self.read.setdefault(name, at)

    def _declare_what_is_read(self) -> None:
        """Names that no element of the model declares: some modellers leave out input data."""
        told = {*self.facts, *self.parameters, *self.given}
        told |= set(self.tables.given())
        told |= {self.names.variables[d.name] for d in self.model.decisions}
        for name, at in self.read.items():
            if name not in told and is_plain_name(name):
                self.shapes[name] = None
                self.facts[name] = {"type": ""}
                self.read[name] = at

    def _declare_whole_records(self) -> None:
        """A decision of several outputs that is also read as one record."""
        for decision in self.model.decisions:
            name = self.names.variables[decision.name]
            parts = {o: new for (d, o), new in self.names.outputs.items() if d == decision.name}
            if not parts or name not in self.read or name in self.facts:
                continue
            entries = ", ".join(f"{self.names.entry(o)}: {new}" for o, new in parts.items())
            shape = self.translation.declared(decision.type, decision.at, decision.name)
            self._declare(name, shape, {}, "", {"compute": f"{{{entries}}}"}, decision.at)

    def _settle_types(self) -> None:
        """What no typeRef says is taken from how it is used, and said to be a guess."""
        for text in self.translation.texts:
            for name, shape in shapes_by_use(text, self.shapes.get):
                self.translation.hints.setdefault(name, shape)
        for name, fact in self.facts.items():
            if fact["type"]:
                continue
            found = self._inferred(name, 40)
            label = {k: v for k, v in fact.items() if k != "type"}
            self.facts[name] = {**(found or {"type": "text"}), **label}
            at = self.read.get(name)
            place = self.reader.xml.place(at if at is not None else self.reader.xml.root)
            words = {"name": name, "type": self.facts[name]["type"]}
            self.reader.problems.add(
                "dmn-guessed", place, excerpt=self.reader.xml.excerpt(place), **words
            )

    def _inferred(self, name: str, depth: int) -> Mapping[str, Any] | None:
        shape = self.shapes.get(name)
        if shape is not None or depth == 0:
            return shape
        if name not in self._guesses:
            self._guesses[name] = None  # while it is looked for, so that a circle ends
            self._guesses[name] = self._guessed(name, depth)
        return self._guesses[name]

    def _guessed(self, name: str, depth: int) -> Mapping[str, Any] | None:
        if name in self.translation.hints:
            return self.translation.hints[name]
        compute = self.facts.get(name, {}).get("compute")
        if compute is None:
            return None
        return shape_of_text(compute, lambda other: self._inferred(other, depth - 1))

    # --- decisions -------------------------------------------------------------------------

    def _decision(self, decision: DecisionModel) -> None:
        if isinstance(decision.logic, TableModel):
            self.tables.add(decision, decision.logic)
        elif decision.logic is None:
            self._without_logic(decision)
        elif decision.own.get("kind") == "parameter":
            self._parameter(decision, decision.logic)
        elif decision.own.get("kind") == "criterion":
            self._criterion(decision, decision.logic)
        elif decision.own.get("kind") != "output" or not self._is_output(decision.logic):
            self._computed(decision, decision.logic)

    def _is_output(self, logic: Text) -> bool:
        table, point, output = logic.feel.partition(".")
        return bool(point) and (table, output) in self.names.outputs

    def _without_logic(self, decision: DecisionModel) -> None:
        self.reader.report("dmn-lost", decision.at, "判定", "the decision", decision.name,
                           "没有能导入的逻辑；它的结果改作须由人提供的事实",
                           "it has no logic that maps; its result becomes a fact to be told")  # fmt: skip
        name = self.names.variables[decision.name]
        shape = self.translation.declared(decision.type, decision.at, decision.name)
        self._declare(name, shape, {}, decision.label, {}, decision.at)

    def _computed(self, decision: DecisionModel, logic: Text) -> None:
        name = self.names.variables[decision.name]
        keys: dict[str, Any] = {"compute": self.translation.expression(logic)}
        if decision.description or decision.question:
            keys["note"] = decision.description or decision.question
        if "basis" not in decision.own and decision.sources:
            keys["basis"] = [{"law": law} for law in decision.sources]
        shape = self.translation.declared(decision.type, decision.at, decision.name)
        self._declare(name, shape, decision.own, decision.label, keys, decision.at)

    def _parameter(self, decision: DecisionModel, logic: Text) -> None:
        """A regional figure of ours; its value is a constant."""
        own = {k: v for k, v in decision.own.items() if k in Parameter.model_fields}
        kind = str(own.pop("type", "text"))
        value = None  # which no figure can be, so that the text that is none is not taken for one
        try:
            value = _constant(self.translation.expression(logic), kind)
        except FeelSyntaxError as error:
            self.translation.point_at(logic, error)
        keys = {"title": decision.label, **own} if decision.label else own
        name = self.names.variables[decision.name]
        self.parameters[name] = {"type": kind, "value": value, **keys}

    def _criterion(self, decision: DecisionModel, logic: Text) -> None:
        own = {k: v for k, v in decision.own.items() if k in Criterion.model_fields}
        part, identity = str(decision.own.get("part")), str(own.get("id"))
        found = self.criteria.setdefault(identity, {"id": identity})
        found[part] = self.translation.expression(logic)
        if part == "require":
            found |= {**own, "point": decision.question or decision.name}

    # --- the matter ------------------------------------------------------------------------

    def _matter(self) -> dict[str, Any]:
        own = {k: v for k, v in self.model.own.items() if k in Matter.model_fields}
        data: dict[str, Any] = {"matter": self.identity, "title": self.model.name or self.identity}
        data |= {**own, "matter": self.identity}
        unsaid = {key: word for key, word in _UNSAID.items() if key not in data}
        if unsaid:
            data |= unsaid
            place = self.reader.xml.place(self.reader.xml.root)
            words = {"name": "、".join(unsaid), "type": "、".join(unsaid.values())}
            self.reader.problems.add(
                "dmn-guessed", place, excerpt=self.reader.xml.excerpt(place), **words
            )
        parts: Iterable[tuple[str, Any]] = (
            ("facts", self.facts),
            ("parameters", self.parameters),
            ("tables", self.tables.made),
            ("criteria", list(self.criteria.values())),
        )
        return data | {key: part for key, part in parts if part}


def _constant(text: str, kind: str) -> Any:
    """The value of a figure as YAML has it. Raises FeelSyntaxError, for too much work as well."""
    value = compile_expression(text).evaluate()
    return value.isoformat() if kind == "date" and hasattr(value, "isoformat") else value
