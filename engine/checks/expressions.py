"""Every expression of a matter: it parses, its names are declared, it asks for nothing forbidden."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError

from engine.checks.names import names_of
from engine.checks.subject import Subject, hints
from engine.decision.program import (
    FUNCTIONS,
    LICENCE,
    compile_table,
    evaluation_order,
)
from engine.definitions import Matter
from engine.feel import (
    Expression,
    FeelSyntaxError,
    UnaryTests,
    compile_expression,
    compile_unary,
)
from engine.feel.registry import BUILTINS
from engine.feel.tree import Call, Name, Node, children
from engine.source import Path

# What a rule may not use, because the same facts must give the same answer on every day.
_FORBIDDEN = {
    "now": (
        "当前时间会使同样的事实得出不同结论",
        "the same facts would not always give the same result",
    ),
    "today": (
        "当前日期会使同样的事实得出不同结论",
        "the same facts would not always give the same result",
    ),
}


def check_expressions(subject: Subject[Matter]) -> None:
    """Adds what is wrong with the matter's expressions, tables and their order."""
    matter = subject.definition
    reading = _Expressions(subject)
    early = names_of(matter, with_path=False) | subject.document.lost_names(("facts",))
    late = names_of(matter) | early
    for name, fact in matter.facts.items():
        if fact.compute is not None:
            reading.expression(("facts", name, "compute"), fact.compute, early)
        if fact.range is not None:
            reading.cell(("facts", name, "range"), fact.range, set())
    for index, criterion in enumerate(matter.criteria):
        for key in ("when", "require"):
            reading.optional(("criteria", index, key), getattr(criterion, key), late)
    for index, material in enumerate(matter.materials):
        reading.optional(("materials", index, "when"), material.when, late)
        for number, check in enumerate(material.checks or ()):
            path = ("materials", index, "checks", number, "require")
            reading.expression(path, check.require, late | {LICENCE})
    for path_id, declaration in matter.paths.items():
        reading.optional(("paths", path_id, "entry"), declaration.entry, early)
    for index, obligation in enumerate(matter.obligations):
        reading.optional(("obligations", index, "when"), obligation.when, late)
    for index, benefit in enumerate(matter.benefits):
        reading.expression(("benefits", index, "amount"), benefit.amount, late)
        reading.optional(("benefits", index, "starts"), benefit.starts, late)
    _check_tables(subject, reading, early)
    if not reading.is_broken:
        _check_order(subject)


class _Expressions:
    def __init__(self, subject: Subject[Matter]) -> None:
        self.subject = subject
        self.is_broken = False

    def optional(self, path: Path, text: str | None, known: Iterable[str]) -> None:
        if text is not None:
            self.expression(path, text, known)

    def expression(self, path: Path, text: str, known: Iterable[str]) -> None:
        try:
            self._check_names(path, compile_expression(text), set(known))
        except FeelSyntaxError as error:
            self._syntax(path, error)

    def cell(self, path: Path, text: str, known: set[str]) -> None:
        try:
            self._check_names(path, compile_unary(text), known)
        except FeelSyntaxError as error:
            self._syntax(path, error)

    def _syntax(self, path: Path, error: FeelSyntaxError) -> None:
        self.is_broken = True
        self.subject.add_in(
            path,
            error.offset,
            error.end,
            "feel-syntax",
            message_zh=error.message_zh,
            message_en=error.message_en,
            help_zh=error.help_zh,
            help_en=error.help_en,
        )

    def _check_names(self, path: Path, parsed: Expression | UnaryTests, known: set[str]) -> None:
        nodes = list(_walk(parsed.tree))
        functions = set(BUILTINS) | set(FUNCTIONS)
        called = [n.function for n in nodes if isinstance(n, Call) and isinstance(n.function, Name)]
        for node in called:
            if node.name in _FORBIDDEN:
                zh, en = _FORBIDDEN[node.name]
                self.subject.add_in(
                    path,
                    node.start,
                    node.end,
                    "profile-function",
                    name=node.name,
                    why_zh=zh,
                    why_en=en,
                )
            elif node.name not in functions | known:
                self.is_broken = True
                self.subject.add_in(
                    path,
                    node.start,
                    node.end,
                    "unknown-function",
                    name=node.name,
                    **hints(node.name, functions),
                )
        places = {(node.start, node.end) for node in called}
        names = sorted(known - set(FUNCTIONS))
        for node in (n for n in nodes if isinstance(n, Name)):
            is_free = node.name in parsed.names and (node.start, node.end) not in places
            if not is_free or node.name in known:
                continue
            self.is_broken = True
            self.subject.add_in(
                path,
                node.start,
                node.end,
                "unknown-fact",
                name=node.name,
                known="、".join(names[:30]),
                **hints(node.name, names),
            )
        for lint in parsed.lints:
            self.subject.add_in(
                path,
                lint.offset,
                lint.end,
                "feel-full-width",
                message_zh=lint.message_zh,
                message_en=lint.message_en,
            )


def _walk(tree: Node) -> Iterator[Node]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def _check_tables(subject: Subject[Matter], reading: _Expressions, known: set[str]) -> None:
    for index, table in enumerate(subject.definition.tables):
        base: Path = ("tables", index)
        if not table.rows:
            subject.add((*base, "rows"), "table-no-rows", at_key=True, table=table.label)
        if table.hit == "first" and not table.reason:
            subject.add((*base, "hit"), "table-first-reason", table=table.label)
        for name, text in table.inputs.items():
            reading.expression((*base, "inputs", name), text, known)
        for column in table.columns:
            if column not in table.inputs and column not in known:
                first = next(n for n, r in enumerate(table.rows) if column in r.cells)
                subject.add(
                    (*base, "rows", first, column),
                    "unknown-fact",
                    at_key=True,
                    name=column,
                    known="、".join(sorted(known - set(FUNCTIONS))[:30]),
                    **hints(column, known),
                )
                reading.is_broken = True
        seen: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(table.rows, 1):
            path = (*base, "rows", number - 1)
            cells = row.cells
            for column in (*table.columns, *table.gives):
                if column not in cells:
                    subject.add(path, "table-column", table=table.label, row=number, column=column)
                    reading.is_broken = reading.is_broken or column in table.gives
                elif column in table.gives:
                    reading.expression((*path, column), cells[column], known)
                else:
                    reading.cell((*path, column), cells[column], known)
            conditions = tuple(" ".join(cells.get(c, "-").split()) for c in table.columns)
            other = seen.setdefault(conditions, number)
            if other != number and table.hit != "any":
                subject.add(path, "table-duplicate-row", table=table.label, row=number, other=other)


def _check_order(subject: Subject[Matter]) -> None:
    """Facts and tables that need one another can never be computed."""
    matter = subject.definition
    computed = {
        name: compile_expression(fact.compute)
        for name, fact in matter.facts.items()
        if fact.compute is not None
    }
    try:
        evaluation_order(computed, [compile_table(table) for table in matter.tables])
    except CycleError as error:
        steps = [str(step) for step in error.args[1]]
        first = steps[0]
        if first.startswith("#"):
            index = next(n for n, t in enumerate(matter.tables) if t.id == first[1:])
            path: Path = ("tables", index)
        else:
            path = ("facts", first, "compute")
        tables = {f"#{t.id}": f"表“{t.label}”" for t in matter.tables}
        names = " → ".join(tables.get(step, step) for step in steps)
        subject.add(path, "fact-cycle", cycle=names)
