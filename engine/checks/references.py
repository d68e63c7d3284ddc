"""What a matter refers to is there: code sets, licences, shared materials, identifiers, ids used once."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from engine.checks.subject import Subject, hints
from engine.definitions import Matter
from engine.feel import compile_expression
from engine.hooks import PluginError
from engine.source import Path
from engine.workspace import UnknownDefinition


def check_references(subject: Subject[Matter]) -> None:
    """Adds references to definitions that do not exist, and ids used twice in one matter."""
    _check_facts(subject)
    _check_materials(subject)
    _check_paths(subject)
    _check_units(subject)
    _check_names_once(subject)
    result = subject.definition.result
    if result.licence and not subject.exists("licence", result.licence):
        known = subject.workspace.ids("licence")
        subject.unknown(("result", "licence"), result.licence, known, "证照类型", "licence type")
    _check_result_fields(subject)
    check_ids(subject, "criteria", (c.id for c in subject.definition.criteria))
    check_ids(subject, "tables", (t.id for t in subject.definition.tables))
    check_ids(subject, "materials", (m.key for m in subject.definition.materials))
    check_ids(subject, "conclusions", (c.rule for c in subject.definition.conclusions))
    check_ids(subject, "obligations", (o.id for o in subject.definition.obligations))


def _check_result_fields(subject: Subject[Matter]) -> None:
    """A licence has no other fields than its type declares."""
    result = subject.definition.result
    if not result.licence or not subject.exists("licence", result.licence):
        return
    with suppress(UnknownDefinition):
        known = tuple(subject.workspace.licence(result.licence, subject.day).fields)
        for name in result.fields:
            if name not in known:
                path: Path = ("result", "fields", name)
                subject.unknown(path, name, known, "证照栏目", "licence field", at_key=True)


def _check_facts(subject: Subject[Matter]) -> None:
    for name, fact in subject.definition.facts.items():
        path: Path = ("facts", name)
        if fact.codes and not subject.exists("codes", fact.codes):
            known = subject.workspace.ids("codes")
            subject.unknown((*path, "codes"), fact.codes, known, "代码集", "code set")
        licence, dot, field = (fact.source or "").partition(".")
        if dot and not subject.exists("licence", licence):
            known = subject.workspace.ids("licence")
            subject.unknown((*path, "source"), licence, known, "证照类型", "licence type")
        elif dot:
            _check_licence_field(subject, (*path, "source"), licence, field)
        if fact.identifier:
            _check_identifier(subject, (*path, "identifier"), fact.identifier)


_LICENCE_FIELDS = {
    "类型",
    "编号",
    "持有人",
    "持有人代码",
    "状态",
    "颁发日期",
    "有效期至",
    "颁发机构",
    "颁发机构代码",
    "地区",
}


def _check_licence_field(subject: Subject[Matter], path: Path, licence: str, field: str) -> None:
    try:
        fields = subject.workspace.licence(licence, subject.day).fields
    except UnknownDefinition:
        return
    if field not in fields and field not in _LICENCE_FIELDS:
        subject.unknown(path, field, {*fields, *_LICENCE_FIELDS}, "证照栏目", "licence field")


def _check_identifier(subject: Subject[Matter], path: Path, kind: str) -> None:
    try:
        is_known = subject.workspace.knows_identifier(kind)
    except PluginError as error:
        for problem in error.problems:
            zh, en = problem.message_zh, problem.message_en
            subject.add(path, "plugin-broken", problem_zh=f"{problem.plugin}：{zh}", problem=en)
        return
    if is_known is False:  # None: the plugins cannot be used, which is reported with them
        known = ("公民身份号码", "统一社会信用代码", "组织机构代码", "电子证照标识")
        subject.add(path, "fact-identifier-unknown", kind=kind, **hints(kind, known))


def _check_materials(subject: Subject[Matter]) -> None:
    for index, material in enumerate(subject.definition.materials):
        path: Path = ("materials", index)
        if material.use and not subject.exists("material", material.use):
            known = subject.workspace.ids("material")
            subject.unknown((*path, "use"), material.use, known, "共用材料", "shared material")
        if not material.use and not (material.id and material.title):
            missing = "id" if not material.id else "title"
            zh, en = ("编号", "id") if missing == "id" else ("名称", "title")
            subject.add(path, "missing-key", key=missing, meaning_zh=zh, meaning_en=en)
        for number, kind in enumerate(material.satisfied_by or ()):
            if not subject.exists("licence", kind):
                place = (*path, "satisfied_by", number)
                known = subject.workspace.ids("licence")
                subject.unknown(place, kind, known, "证照类型", "licence type")
        if material.holder and material.holder not in subject.definition.facts:
            facts = tuple(subject.definition.facts)
            subject.add(
                (*path, "holder"),
                "unknown-fact",
                name=material.holder,
                known="、".join(facts),
                **hints(material.holder, facts),
            )


def _check_paths(subject: Subject[Matter]) -> None:
    matter = subject.definition
    known = {m.key for m in matter.materials} | {c.id for c in matter.criteria}
    for path_id, declaration in matter.paths.items():
        for number, covered in enumerate(declaration.covers):
            if covered not in known:
                place: Path = ("paths", path_id, "covers", number)
                subject.unknown(place, covered, known, "材料或审查要点", "material or criterion")


def _check_units(subject: Subject[Matter]) -> None:
    for index, table in enumerate(subject.definition.tables):
        for name in table.units:
            if name not in table.gives:
                path: Path = ("tables", index, "units", name)
                zh, en = "表的输出", "output of the table"
                subject.unknown(path, name, table.gives, zh, en, at_key=True)


def _check_names_once(subject: Subject[Matter]) -> None:
    """A name is a fact, a parameter or the output of one table: never two of them."""
    matter = subject.definition
    first: dict[str, Path] = {name: ("facts", name) for name in matter.facts}
    others: list[tuple[str, Path]] = [(name, ("parameters", name)) for name in matter.parameters]
    for index, table in enumerate(matter.tables):
        key = "gives" if table.records is None else "records"
        others += [(name, ("tables", index, key)) for name in table.names]
    for name, path in others:
        if name in first:
            other = subject.document.place(first[name], key=True)
            subject.add(path, "fact-given-twice", at_key=True, name=name, other=str(other))
        else:
            first[name] = path


def check_ids(subject: Subject[Any], group: str, ids: Iterable[str]) -> None:
    """Adds every id of a list that an earlier one has already."""
    seen: dict[str, int] = {}
    for index, identity in enumerate(ids):
        if identity and identity in seen:
            other = subject.document.place((group, seen[identity]))
            subject.add((group, index), "duplicate-id", id=identity, other=str(other))
        seen.setdefault(identity, index)


def expression_names(text: str | None) -> frozenset[str]:
    """The names that an expression reads; none where it cannot be parsed."""
    if text is None:
        return frozenset()
    try:
        return compile_expression(text).names
    except ValueError:
        return frozenset()
