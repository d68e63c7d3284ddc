"""The expressions of a matter in their scopes, its tables, and the order of what is computed."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError

from engine.checks.expressions import Codes, ExpressionCheck
from engine.checks.matter_values import MatterValues
from engine.checks.subject import Subject
from engine.checks.tables import TableCheck, given_types
from engine.checks.typing import BOOLEAN, DATE, NUMBER, TEXT
from engine.decision.program import (
    APPLICANT,
    DAY,
    FUNCTIONS,
    LICENCE,
    PATH,
    REGION,
    evaluation_order,
)
from engine.decision.tables import compile_table
from engine.definitions import LicenceType, Matter, Shape
from engine.feel import FeelType
from engine.feel.types import ANY, ContextType, ListType
from engine.profile import compile_rule
from engine.source import Path
from engine.workspace import UnknownDefinition

Names = Mapping[str, FeelType]
_SIMPLE: dict[str, FeelType] = {
    "text": TEXT,
    "integer": NUMBER,
    "decimal": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
}
_APPLICANT = ContextType(
    tuple((name, TEXT) for name in ("名称", "证件类型", "证件号码", "主体类型", "代理人"))
)
_LICENCE_ENTRIES: dict[str, FeelType] = {
    "类型": TEXT, "编号": TEXT, "持有人": TEXT, "持有人代码": TEXT, "状态": TEXT, "颁发日期": DATE,
    "有效期至": DATE, "颁发机构": TEXT, "颁发机构代码": TEXT, "地区": TEXT,
}  # fmt: skip


def shape_type(shape: Shape) -> FeelType:
    """The FEEL type of a declared fact."""
    if shape.type == "list":
        item = _record(shape) if shape.of == "record" else _SIMPLE.get(shape.of or "text", ANY)
        return ListType(item)
    return _record(shape) if shape.type == "record" else _SIMPLE[shape.type]


def _record(shape: Shape) -> FeelType:
    if not shape.fields:
        return ANY
    return ContextType(tuple((name, shape_type(field)) for name, field in shape.fields.items()))


def types_of(matter: Matter, *, with_path: bool = True) -> dict[str, FeelType]:
    """Every name in scope and its type; a table's output has the type that its cells give."""
    types: dict[str, FeelType] = {name: shape_type(fact) for name, fact in matter.facts.items()}
    types |= {name: _SIMPLE[p.type] for name, p in matter.parameters.items()}
    types |= {DAY: DATE, REGION: TEXT, APPLICANT: _APPLICANT, **dict.fromkeys(FUNCTIONS, ANY)}
    if with_path:
        types[PATH] = TEXT
    for table in matter.tables:
        types |= given_types(table, types)
    return {name: kind for name, kind in types.items() if with_path or name != PATH}


def codes_of(subject: Subject[Matter]) -> Codes:
    """Facts of a code set, with the set's title and the words still in use."""
    found = {}
    for name, fact in subject.definition.facts.items():
        if fact.codes:
            try:
                code_set = subject.workspace.codes(fact.codes, subject.day)
            except UnknownDefinition:
                continue  # reported with the references
            found[name] = (code_set.title, code_set.words_on(subject.day))
    return found


def check_expressions(subject: Subject[Matter]) -> None:
    """Adds what is wrong with the matter's expressions, tables and their order."""
    matter = subject.definition
    values = MatterValues(subject.workspace, matter)
    check = ExpressionCheck(subject, codes_of(subject), values)
    # What was too broken to be read is not reported a second time where it is used.
    lost = dict.fromkeys(subject.document.lost_names(("facts",)), ANY)
    early = types_of(matter, with_path=False) | lost
    late = types_of(matter) | lost
    for name, fact in matter.facts.items():
        kind = shape_type(fact)
        check.expression(("facts", name, "compute"), fact.compute, early, kind)
        if fact.range is not None:
            check.cell(("facts", name, "range"), fact.range, {}, kind)
    for index, criterion in enumerate(matter.criteria):
        check.expression(("criteria", index, "when"), criterion.when, late, BOOLEAN)
        check.expression(("criteria", index, "require"), criterion.require, late, BOOLEAN)
    for path_id, declaration in matter.paths.items():
        check.expression(("paths", path_id, "entry"), declaration.entry, early, BOOLEAN)
    for index, obligation in enumerate(matter.obligations):
        check.expression(("obligations", index, "when"), obligation.when, late, BOOLEAN)
    for index, benefit in enumerate(matter.benefits):
        check.expression(("benefits", index, "amount"), benefit.amount, late, ANY)
        check.expression(("benefits", index, "starts"), benefit.starts, late, DATE)
    for name, expression in matter.result.fields.items():
        check.expression(("result", "fields", name), expression, late, ANY)
    _check_materials(subject, check, late)
    for index in range(len(matter.tables)):
        TableCheck(subject, check, index, early).run()
    if not check.is_broken:
        _check_order(subject)


def _check_materials(subject: Subject[Matter], check: ExpressionCheck, names: Names) -> None:
    for index, material in enumerate(subject.definition.materials):
        check.expression(("materials", index, "when"), material.when, names, BOOLEAN)
        licences = (subject.workspace.versions("licence", k) for k in material.satisfied_by or ())
        kinds = [file[0].definition for file in licences if file]
        scope = {**names, LICENCE: _licence_type(kinds)}
        for number, condition in enumerate(material.checks or ()):
            path = ("materials", index, "checks", number, "require")
            check.expression(path, condition.require, scope, BOOLEAN)


def _licence_type(kinds: Sequence[object]) -> FeelType:
    """What `证照` has: what every licence has, and the fields of the type, if it is one type."""
    if len(kinds) != 1 or not isinstance(kinds[0], LicenceType):
        return ANY
    own = {name: shape_type(field) for name, field in kinds[0].fields.items()}
    return ContextType(tuple({**_LICENCE_ENTRIES, **own}.items()))


def _check_order(subject: Subject[Matter]) -> None:
    """Facts and tables that need one another can never be computed."""
    matter = subject.definition
    computed = {
        name: compile_rule(fact.compute)
        for name, fact in matter.facts.items()
        if fact.compute is not None
    }
    try:
        evaluation_order(computed, [compile_table(table) for table in matter.tables])
    except CycleError as error:
        steps = [str(step) for step in error.args[1]]
        first = steps[0]
        path: Path = ("facts", first, "compute")
        if first.startswith("#"):
            path = ("tables", next(n for n, t in enumerate(matter.tables) if t.id == first[1:]))
        tables = {f"#{t.id}": f"表“{t.label}”" for t in matter.tables}
        names = " → ".join(tables.get(step, step) for step in steps)
        subject.add(path, "fact-cycle", cycle=names)
