"""Which names an expression of a matter may use, and what they are; also for the editor's completion."""

from dataclasses import dataclass
from datetime import date

from engine.decision.program import APPLICANT, DAY, FUNCTIONS, LICENCE, PATH, REGION
from engine.definitions import TYPE_TITLES, Matter
from engine.workspace import UnknownDefinition, Workspace

BUILT_IN: dict[str, tuple[str, str]] = {
    DAY: ("日期：提出申请的日期", "date: the day of the application"),
    REGION: ("文字：申请所在地区的代码", "text: code of the region"),
    APPLICANT: ("记录：名称、证件类型、证件号码、主体类型、代理人", "record: the applicant"),
    PATH: ("文字：办理路径，如“一般”“告知承诺”", "text: the path it is handled on"),
}


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name for completion, and what it is."""

    name: str
    detail_zh: str
    detail_en: str


def names_of(matter: Matter, *, with_path: bool = True) -> set[str]:
    """Facts, parameters, outputs of tables, and what the engine provides.

    The path is chosen after facts are computed, so what is computed cannot read it.
    """
    names = {*matter.facts, *matter.parameters, *BUILT_IN, *FUNCTIONS}
    names |= {name for table in matter.tables for name in table.names}
    return names if with_path else names - {PATH}


def known_names(workspace: Workspace, matter_id: str, on: date) -> tuple[KnownName, ...]:
    """What the editor offers inside an expression of the matter; empty for an unknown matter."""
    try:
        matter = workspace.matter(matter_id, on)
    except UnknownDefinition:
        return ()
    found = [KnownName(name, *words) for name, words in BUILT_IN.items()]
    for name, fact in matter.facts.items():
        zh, en = TYPE_TITLES[fact.type]
        unit = f"（{fact.unit}）" if fact.unit else ""
        found.append(KnownName(name, f"事实，{zh}{unit}", f"fact, {en}"))
    for name, parameter in matter.parameters.items():
        found.append(
            KnownName(name, f"地区参数，现值 {parameter.value}", "parameter set by regions")
        )
    for table in matter.tables:
        given = f"决策表“{table.label}”的输出"
        found += [KnownName(name, given, f"output of table {table.id}") for name in table.names]
    found.append(
        KnownName(LICENCE, "记录：材料 checks 中的电子证照", "record: the licence, in checks")
    )
    found.append(
        KnownName(
            FUNCTIONS[0],
            "函数：工作日数(起始日期, 终止日期)，不含起始日",
            "function: working days between",
        )
    )
    return tuple(found)
