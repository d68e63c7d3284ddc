"""假如: what the application says, what is handed in, and what the registers hold."""

from datetime import date
from typing import Final

from engine.clock import Span
from engine.definitions import LicenceType
from engine.specs.catalogue import StepCatalogue, Table, records
from engine.specs.draft import Said, read_sample
from engine.specs.outcome import StepFailed, unknown
from engine.specs.registers import check_credit_row, check_licence_row
from engine.specs.world import World, path_id

STEPS: Final = StepCatalogue()
_REGISTERS: Final = {
    "电子证照库": "licences",
    "证照库": "licences",
    "信用登记系统": "credit",
    "信用信息平台": "credit",
    "登记系统": "facts",
    "部门协查": "facts",
}

# --- facts ---------------------------------------------------------------------------------------


@STEPS.given('{fact:name}是"{value}"')
def state_text(world: World, fact: str, value: str) -> None:
    """A fact in words: 场所类型是"理发"。列表各项以顿号分开。"""
    world.draft.facts[fact] = Said(value, is_quoted=True)


@STEPS.given("{fact:name}是 {value:value}")
def state_value(world: World, fact: str, value: str) -> None:
    """A number with or without its unit, a day, 是 or 否: 营业面积是 10 平方米"""
    world.draft.facts[fact] = Said(value)


@STEPS.given("{fact:name}未知")
def state_unknown(world: World, fact: str) -> None:
    """A fact nobody has told: 检测合格未知"""
    world.draft.facts[fact] = None


@STEPS.given("{fact:name}是未知")
def state_being_unknown(world: World, fact: str) -> None:
    """The same, as one may also say it."""
    world.draft.facts[fact] = None


@STEPS.given("{fact:name}包括以下各项:")
def state_entries(world: World, fact: str, table: Table) -> None:
    """A list: one value a row, or records under a heading row."""
    world.draft.facts[fact] = table


@STEPS.given("{fact:name}没有任何一项")
def state_no_entries(world: World, fact: str) -> None:
    """An empty list."""
    world.draft.facts[fact] = ()


@STEPS.given('示例申请"{file}"')
def start_from_sample(world: World, file: str) -> None:
    """Begins with an application of the workspace, such as rulesets/samples/….json."""
    world.draft.sample = read_sample(world.workspace.root, file)


# --- who applies, where and how ------------------------------------------------------------------


@STEPS.given('申请人是"{name}"，证件号码"{number}"')
def name_applicant(world: World, name: str, number: str) -> None:
    """The applicant; the kind of document follows from the number's form."""
    world.draft.applicant |= {"name": name, "id_number": number, "id_kind": _id_kind(number)}


@STEPS.given('申请人名称是"{name}"')
def name_only(world: World, name: str) -> None:
    """The applicant's name."""
    world.draft.applicant["name"] = name


@STEPS.given('申请人证件类型是"{kind}"，证件号码"{number}"')
def state_document(world: World, kind: str, number: str) -> None:
    """The applicant's document where its kind does not follow from the number."""
    world.draft.applicant |= {"id_kind": kind, "id_number": number}


@STEPS.given("申请人是{kind:name}")
def state_applicant_kind(world: World, kind: str) -> None:
    """企业法人, 个体工商户, 自然人 …"""
    world.draft.applicant["kind"] = kind


@STEPS.given('申请人类型是"{kind}"')
def state_applicant_kind_quoted(world: World, kind: str) -> None:
    """The same, in quotes."""
    world.draft.applicant["kind"] = kind


@STEPS.given('由代理人"{name}"办理')
def state_agent(world: World, name: str) -> None:
    """Somebody else acts for the applicant."""
    world.draft.applicant["agent"] = name


@STEPS.given("申请人本人办理")
def state_no_agent(world: World) -> None:
    """Nobody acts for the applicant."""
    world.draft.applicant["agent"] = ""


@STEPS.given('地区是"{region}"')
def state_region(world: World, region: str) -> None:
    """A region's title or code."""
    world.draft.region = region


@STEPS.given('申请人选择"{path}"')
def choose_path(world: World, path: str) -> None:
    """The path asked for: 一般, 告知承诺 …"""
    world.draft.path = path_id(path)


@STEPS.given("申请人不愿承诺")
def decline_commitment(world: World) -> None:
    """Nobody may be made to commit: the general path."""
    world.draft.path, world.draft.commitments = "general", []


@STEPS.given('申请人承诺"{item}"')
def commit_to(world: World, item: str) -> None:
    """One material or criterion committed to; none said: all that the path covers."""
    world.draft.commitments.append(item)


# --- materials -----------------------------------------------------------------------------------


@STEPS.given("申请材料齐全")
def hand_in_everything(world: World) -> None:
    """Every material of the matter is handed in."""
    world.draft.has_everything = True


@STEPS.given('已提交材料"{title}"')
def hand_in(world: World, title: str) -> None:
    """One material is handed in."""
    world.draft.handed_in.append(title)
    world.draft.withheld = [name for name in world.draft.withheld if name != title]


@STEPS.given('未提交材料"{title}"')
def withhold(world: World, title: str) -> None:
    """One material is not handed in."""
    world.draft.withheld.append(title)
    world.draft.handed_in = [name for name in world.draft.handed_in if name != title]


@STEPS.given("未提交任何材料")
def withhold_everything(world: World) -> None:
    """Nothing is handed in, whatever the sample says."""
    world.draft.sample = {**world.draft.sample, "materials": {}}
    world.draft.handed_in, world.draft.has_everything = [], False


# --- registers -----------------------------------------------------------------------------------


@STEPS.given('电子证照库中有"{licence}"')
def state_licence(world: World, licence: str, table: Table | None = None) -> None:
    """A licence with the fields of the table (栏目 | 值, or a heading row and one row each)."""
    kind = _licence_type(world, licence)
    rows = _rows(table)
    for row in rows:
        check_licence_row(kind, row)
    world.registers.types[kind.licence] = kind
    world.registers.licences.setdefault(kind.licence, []).extend(rows)


@STEPS.given('电子证照库中没有"{licence}"')
def state_no_licence(world: World, licence: str) -> None:
    """The library answers, and has none of this type."""
    kind = _licence_type(world, licence)
    world.registers.types[kind.licence] = kind
    world.registers.licences[kind.licence] = []


@STEPS.given("信用记录中有")
def state_credit(world: World, table: Table) -> None:
    """Credit records: 主体代码, 类别, 等级, 披露起始, 披露截止, 是否修复, 备注."""
    rows = _rows(table)
    for row in rows:
        check_credit_row(row)
    world.registers.credit = [*(world.registers.credit or []), *rows]


@STEPS.given("没有信用记录")
def state_no_credit(world: World) -> None:
    """The credit register answers, and knows nothing."""
    world.registers.credit = []


@STEPS.given("{register:name}无法访问")
def take_off_line(world: World, register: str) -> None:
    """电子证照库, 信用登记系统 or 登记系统 does not answer."""
    if register not in _REGISTERS:
        raise unknown("登记系统", "register", register, _REGISTERS)
    world.registers.unreachable.add(_REGISTERS[register])


@STEPS.step("其间 {start:date} 至 {end:date} 为特殊环节")
def suspend(world: World, start: str, end: str) -> None:
    """Days of inspection, testing, hearing …, both included: they do not count."""
    world.suspended.append(Span(_day(start), _day(end), "特殊环节"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StepFailed(f"没有 {text} 这一天", f"there is no such day as {text}") from None


def _id_kind(number: str) -> str:
    """A citizen's number holds a birth date; anything else is taken for a credit code."""
    is_citizen = len(number) == 18 and number[:17].isdigit() and number[6:8] in ("18", "19", "20")
    return "公民身份号码" if is_citizen else "统一社会信用代码"


def _licence_type(world: World, name: str) -> LicenceType:
    """A licence type by title or id, in whatever version: it only names the columns."""
    types = [
        definition
        for identity in world.workspace.ids("licence")
        for file in world.workspace.versions("licence", identity)
        if isinstance(definition := file.definition, LicenceType)
    ]
    for kind in types:
        if name in (kind.title, kind.licence):
            return kind
    raise unknown("证照类型", "licence type", name, (kind.title for kind in types))


def _rows(table: Table | None) -> list[dict[str, str]]:
    """A table of two columns 栏目 | 值 is one record; any other has a heading row."""
    if table is None:
        return [{}]
    if any(len(row) != len(table[0]) for row in table):
        raise StepFailed("表的各行栏数不一", "the rows of the table differ in length")
    if table[0] == ("栏目", "值"):
        return [{row[0]: row[1] for row in table[1:]}]
    return records(table)
