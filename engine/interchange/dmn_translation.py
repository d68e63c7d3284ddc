"""A model's names and expressions in ours: what every part of an import goes through."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.diagnostics import Place
from engine.feel import FeelSyntaxError
from engine.feel.tokens import is_plain_name
from engine.interchange.dmn_model import DecisionModel, Input, Model, TableModel, Text
from engine.interchange.dmn_names import Renaming, aliases
from engine.interchange.dmn_reading import Reader
from engine.interchange.dmn_types import OPEN, TypeReader
from engine.interchange.dmn_xml import Element

LISTING = ("rule_order", "output_order", "collect")  # hit policies that give lists


class Translation:
    """The names of one model, and what reading its expressions has told of them."""

    def __init__(self, model: Model, reader: Reader, prefix: str) -> None:
        self.model, self.reader = model, reader
        self.names = Renaming()
        self.types = TypeReader(model.items, self.names.entry, prefix)
        self.shapes: dict[str, Mapping[str, Any] | None] = {}
        self.read: dict[str, Element | None] = {}  # every name read, and where first
        self.texts: list[str] = []  # every expression and cell that could be read, in our names
        self.hints: dict[str, Mapping[str, Any]] = {}  # shapes seen where a name is used
        self._name_everything()

    # --- names -----------------------------------------------------------------------------

    def _name_everything(self) -> None:
        model, names = self.model, self.names
        names.entries |= set(self.types.components())
        named: list[Input | DecisionModel] = [*model.inputs, *model.decisions]
        for part in sorted(named, key=lambda p: not is_plain_name(p.name)):
            names.add(part.name)
        for decision in model.decisions:
            logic = decision.logic
            if isinstance(logic, TableModel) and len(logic.outputs) > 1:
                self._name_outputs(decision, logic)
        others = [(part.id, part.name) for part in named]
        for decision in model.decisions:
            if isinstance(decision.logic, TableModel):
                clauses = [c.name for c in decision.logic.outputs]
                others += [(name, decision.name) for name in clauses if len(clauses) == 1]
        for alias, name in aliases(names.variables, others).items():
            names.variables[alias] = names.variables[name]
        for part in named:
            self._say_renamed(part.name, names.variables[part.name], part.at)

    def _name_outputs(self, decision: DecisionModel, table: TableModel) -> None:
        """Outputs become facts of their own, but in a list of records they are its entries."""
        names = self.names
        if table.hit in LISTING:
            names.entries |= {clause.name for clause in table.outputs}
            return
        ours = {
            d.name
            for d in self.model.decisions
            if d.own.get("kind") == "output" and isinstance(d.logic, Text)
        }
        for number, clause in enumerate(table.outputs, 1):
            name = clause.name or f"{decision.name}_{number}"
            new = names.variables[name] if name in ours else names.add(name)
            names.outputs[decision.name, name] = new
            self._say_renamed(name, new, clause.at)

    def _say_renamed(self, old: str, new: str, at: Element | None) -> None:
        if old != new and at is not None:
            place = self.reader.xml.place(at)
            words = {"old": old, "new": new}
            self.reader.problems.add(
                "dmn-name", place, excerpt=self.reader.xml.excerpt(place), **words
            )

    # --- expressions -----------------------------------------------------------------------

    def expression(self, text: Text) -> str:
        return self._rewritten(text, self.names.expression)

    def cell(self, text: Text) -> str:
        return self._rewritten(text, self.names.cell)

    def _rewritten(self, text: Text, rewrite: Callable[[str], tuple[str, frozenset[str]]]) -> str:
        """In our names. What is no FEEL is kept as it stands: `check` refuses to decide by it."""
        try:
            found, read = rewrite(text.feel)
        except FeelSyntaxError as error:
            self.point_at(text, error)
            return text.feel
        for name in sorted(read):
            self.read.setdefault(name, text.at)
        self.texts.append(found)
        return found

    def point_at(self, text: Text, error: FeelSyntaxError) -> None:
        xml = self.reader.xml
        at = text.at or xml.root
        place = xml.place(at)
        line = xml.excerpt(place)
        start = line.find(text.feel, place.column)
        if start >= 0 and "\n" not in text.feel:
            first = start + error.offset + 1
            place = Place(place.file, place.line, first, place.line, first + 1)
        self.reader.problems.add(
            "dmn-expression", place, excerpt=line, text=text.feel[:80],
            problem_zh=error.message_zh, problem=error.message_en,
            help_zh=error.help_zh, help_en=error.help_en,
        )  # fmt: skip

    def declared(self, reference: str, at: Element | None, name: str) -> Mapping[str, Any] | None:
        """The shape that a typeRef says; None where it says none."""
        if reference in OPEN:
            return None
        try:
            shape = self.types.shape(reference)
        except FeelSyntaxError as error:
            item = self.types.items[reference]
            self.point_at(item.allowed or Text("", item.at), error)
            return None
        if shape is None:
            self.reader.report("dmn-lost", at, "类型", "the type", f"{name}: {reference}",
                               "事实没有这种类型", "no fact can be of it")  # fmt: skip
        return shape
