"""One expression or cell: it parses, its names are declared, its types fit, nothing forbidden."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from engine.checks.constant_comparisons import ConstancyKind, ConstantSearch
from engine.checks.possible_values import ANYTHING, Possible
from engine.checks.subject import Subject, hints
from engine.checks.typing import TypeCheck
from engine.checks.value_wording import because
from engine.decision.program import FUNCTIONS
from engine.feel import (
    Expression,
    FeelSyntaxError,
    FeelType,
    UnaryTests,
    compile_expression,
    compile_unary,
    tree,
)
from engine.feel.registry import BUILTINS
from engine.source import Path

Codes = Mapping[str, tuple[str, tuple[str, ...]]]
# What a rule may not use, because the same facts must give the same answer on every day.
_FORBIDDEN = {
    "now": ("当前时间会使同样的事实得出不同结论", "the same facts would not always give the same"),
    "today": (
        "当前日期会使同样的事实得出不同结论",
        "the same facts would not always give the same",
    ),
}
_COMPARING = (tree.Comparison, tree.Between, tree.In, tree.Call)
_YES_NO: Mapping[str, str] = {"是": "true", "真": "true", "否": "false", "假": "false"}
_CONSTANT: Mapping[tuple[ConstancyKind, bool], str] = {
    ("comparison", True): "comparison-always-true",
    ("comparison", False): "comparison-always-false",
    ("codes", True): "comparison-lists-all",
    ("cell", True): "cell-always-met",
    ("cell", False): "cell-never-met",
}


class ExpressionCheck:
    """Adds to the subject what is wrong with its expressions. `is_broken` once one cannot be run."""

    def __init__(
        self, subject: Subject[Any], codes: Codes, values: Mapping[str, Possible] | None = None
    ) -> None:
        """`values` are what names can be, where comparisons are to be held against that."""
        self.subject, self.codes, self.values = subject, codes, values
        self.is_broken = False

    def expression(
        self, path: Path, text: str | None, names: Mapping[str, FeelType], wanted: FeelType
    ) -> None:
        """`names` are those in scope with their types; `wanted` is the type it must have."""
        if text is None:
            return
        try:
            parsed = compile_expression(text)
        except FeelSyntaxError as error:
            self._syntax(path, error)
            return
        if self._check_names(path, parsed, names):
            types = TypeCheck(names, self.codes)
            types.expect(parsed.tree, wanted)
            if self._report_types(path, types) and self.values is not None and _compares(parsed):
                search = ConstantSearch(text, self.values, self.codes)
                search.value_of(parsed.tree)
                self._report_constant(path, text, search)

    def cell(
        self, path: Path, text: str, names: Mapping[str, FeelType], column: FeelType, fact: str = ""
    ) -> bool:
        """A decision-table cell over a column of type `column`; `fact` is the column's fact.

        Whether nothing is wrong with it.
        """
        try:
            parsed = compile_unary(text)
        except FeelSyntaxError as error:
            self._syntax(path, error)
            return False
        if not self._check_names(path, parsed, names):
            return False
        types = TypeCheck(names, self.codes)
        assert isinstance(parsed.tree, tree.Tests)
        types.cell(parsed.tree, column, fact)
        return self._report_types(path, types)

    def row_cell(self, path: Path, text: str, column: str, values: Possible, **words: Any) -> None:
        """A cell in a row that never fits what the column can be, or always does."""
        tests = compile_unary(text).tree
        assert isinstance(tests, tree.Tests)
        if self.values is not None and tests.tests:
            search = ConstantSearch(text, self.values, self.codes)
            search.cell(tests, column, values)
            self._report_constant(path, text, search, {column: values}, column=column, **words)

    def _syntax(self, path: Path, error: FeelSyntaxError) -> None:
        self.is_broken = True
        words = {
            "message_zh": error.message_zh,
            "message_en": error.message_en,
            "help_zh": error.help_zh,
            "help_en": error.help_en,
        }
        self.subject.add_in(path, error.offset, error.end, "feel-syntax", **words)

    def _report_constant(
        self,
        path: Path,
        text: str,
        search: ConstantSearch,
        columns: Mapping[str, Possible] = MappingProxyType({}),
        **words: Any,
    ) -> None:
        for found in search.found:
            zh, en = because(found.names, {**_known(found.names, search.scope), **columns})
            if not zh:  # an entry of a record, or what a function makes of several
                zh, en = because(dict(found.sides), dict(found.sides))
            told = {"text": text[found.start : found.end], "because_zh": zh, "because_en": en}
            code = _CONSTANT[found.kind, found.answer]
            self.subject.add_in(path, found.start, found.end, code, **told, **words)

    def _report_types(self, path: Path, types: TypeCheck) -> bool:
        """Adds the mistakes of type; whether there are none."""
        for fault in types.faults:
            words = {
                "message_zh": fault.message_zh,
                "message_en": fault.message_en,
                "help_zh": fault.help_zh,
                "help_en": fault.help_en,
            }
            self.subject.add_in(path, fault.start, fault.end, "feel-type", **words)
        for literal, title, known in types.outside:
            words = {"value": str(literal.value), "codes": title, "known": "、".join(known[:30])}
            words |= hints(str(literal.value), known)
            start, end = literal.start, literal.end
            self.subject.add_in(path, start, end, "value-outside-codes", **words)
        return not types.faults

    def _check_names(
        self, path: Path, parsed: Expression | UnaryTests, names: Mapping[str, FeelType]
    ) -> bool:
        """Whether every name is declared; types of an expression with unknown names mean nothing."""
        nodes = list(_walk(parsed.tree))
        is_known = True
        called = set()
        for node in nodes:
            if isinstance(node, tree.Call) and isinstance(node.function, tree.Name):
                called.add((node.function.start, node.function.end))
                is_known = self._check_function(path, node.function, names) and is_known
        listed = sorted(set(names) - set(FUNCTIONS))
        for node in nodes:
            if not isinstance(node, tree.Name) or (node.start, node.end) in called:
                continue
            if node.name in parsed.names and node.name not in names:
                is_known = False
                words = {"name": node.name, "known": "、".join(listed[:30])}
                words |= self._meant(node.name) or hints(node.name, listed)
                self.subject.add_in(path, node.start, node.end, "unknown-fact", **words)
        for lint in parsed.lints:
            words = {"message_zh": lint.message_zh, "message_en": lint.message_en}
            if lint.is_null:  # the profile is closed: a mistake here is no null of the decision
                words |= {"help_zh": "", "help_en": ""}
            code = "feel-type" if lint.is_null else "feel-full-width"
            self.subject.add_in(path, lint.offset, lint.end, code, **words)
        self.is_broken = self.is_broken or not is_known
        return is_known

    def _meant(self, name: str) -> dict[str, Any]:
        """The hint for a word of a code set without its quotes, and for 是 and 否."""
        if name in _YES_NO:
            return _hint(_YES_NO[name])
        is_word = any(name in words for _, words in self.codes.values())
        return _hint(f'"{name}"') if is_word else {}

    def _check_function(self, path: Path, name: tree.Name, names: Mapping[str, FeelType]) -> bool:
        if name.name in _FORBIDDEN:
            zh, en = _FORBIDDEN[name.name]
            words = {"name": name.name, "why_zh": zh, "why_en": en}
            self.subject.add_in(path, name.start, name.end, "profile-function", **words)
        if name.name in BUILTINS or name.name in names:
            return True
        known = {*BUILTINS, *FUNCTIONS}
        words = {"name": name.name, **hints(name.name, known)}
        self.subject.add_in(path, name.start, name.end, "unknown-function", **words)
        return False


def _compares(expression: Expression) -> bool:
    return any(isinstance(node, _COMPARING) for node in _walk(expression.tree))


def _hint(text: str) -> dict[str, Any]:
    return {"hint_zh": f"是否想写 {text}？", "hint_en": f"Did you mean {text}? "}


def _known(names: Iterable[str], values: Mapping[str, Possible]) -> dict[str, Possible]:
    return {name: values.get(name, ANYTHING) for name in names}


def _walk(root: tree.Node) -> Iterator[tree.Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(tree.children(node))
