"""Kinds that matters refer to: licence types, code sets, regions, calendars."""

from datetime import date
from typing import Annotated

from engine.clock import CalendarYear
from engine.definitions.base import (
    Bases,
    Day,
    Duration,
    Id,
    Name,
    Number,
    Part,
    Text,
    Texts,
    Titled,
    key,
    type_of_many,
)
from engine.definitions.facts import Shape


class LicenceCoverage(Part):
    """Which licences of a type exist electronically (“发证”清单): outside of it nothing is exempt."""

    from_: Day | None = key("自何时颁发的", "issued from", None, alias="from")
    regions: Texts = key("地域范围（行政区划代码，含下级）；不写则不限", "region codes", tuple)

    def includes(self, region: str) -> bool:
        """Whether a region is one of these or below one: 370800 has every code that begins 3708."""
        return not self.regions or any(region.startswith(_stem(code)) for code in self.regions)


def _stem(code: str) -> str:
    stem = code[:6]
    while stem.endswith("00"):
        stem = stem[:-2]
    return stem if len(code) <= 6 or code[6:] == "000000" else code


class LicenceType(Titled):
    """A type of licence or certificate."""

    licence: Id = key("编号", "id")
    code: Text | None = key("证照类型代码（GB/T 36904）", "type code", None)
    issuer: Text | None = key("颁发机构", "issuer", None)
    coverage: LicenceCoverage = key("制发范围", "coverage", LicenceCoverage())
    numbering: Text | None = key(
        "证照编号的写法，可用 {region}、{year}、{serial}；不写则为地区、年份和六位流水号",
        "how numbers are written, with {region}, {year} and {serial}",
        None,
    )
    valid: Duration | None = key("有效期", "validity", None)
    renewal: Text | None = key("过期时如何延续", "how to renew it", None)
    fields: dict[Name, Shape] = key("证照上的各栏", "fields", dict)
    successors: dict[Text, Text] = key(
        "机构承继：原颁发机构代码与现机构代码", "former issuer codes and their successors", dict
    )
    basis: Bases = key("依据", "legal basis", tuple)


class CodeEntry(Part):
    """One code."""

    code: Text = key("代码（规则中使用）", "the code that rules use")
    title: Text | None = key("名称；不写则同代码", "label; the code when absent", None)
    number: Text | None = key("标准中的编号", "number in the standard", None)
    note: Text | None = key("说明", "note", None)
    effective_to: Day | None = key(
        "最后可用的日期（含），次日起停用", "last day of use; withdrawn from the next", None
    )

    def is_in_use(self, day: date) -> bool:
        return self.effective_to is None or day <= self.effective_to


class CodeSet(Titled):
    """A closed set of values."""

    codes: Id = key("编号", "id")
    basis: Bases = key("出处", "where it comes from", tuple)
    values: Annotated[tuple[CodeEntry, ...], type_of_many] = key("各值", "values")

    @property
    def words(self) -> tuple[str, ...]:
        """Every code that the set ever had."""
        return tuple(entry.code for entry in self.values)

    def words_on(self, day: date) -> tuple[str, ...]:
        """The codes in use on a day: what was withdrawn before it is no answer any more."""
        return tuple(entry.code for entry in self.values if entry.is_in_use(day))


class Override(Part):
    """What a region sets for one matter."""

    parameters: dict[Name, bool | Number | Text] = key("参数的值", "values of parameters", dict)
    promise: Duration | None = key("承诺办结时限", "promised time", None)
    department: Text | None = key(
        "承办部门：办件分派给它的人员", "department whose people handle the cases", None
    )
    department_code: Text | None = key(
        "承办部门的统一社会信用代码，签发证照时用",
        "the department's unified social credit code, for the licences it issues",
        None,
    )
    windows: Texts = key("办理地点", "where", tuple)
    phone: Text | None = key("咨询电话", "phone", None)
    basis: Bases = key("依据", "legal basis", tuple)


class Region(Titled):
    """A region: its superior, and what it sets on top of it. It may never relax the law."""

    region: Text = key("行政区划代码（GB/T 2260）", "region code", pattern=r"^\d{6}(\d{6})?$")
    parent: Text | None = key("上级地区", "superior region", None)
    overrides: dict[Id, Override] = key("各事项的地区标准", "what it sets, by matter", dict)


class Holiday(Part):
    """Rest days in one stretch."""

    from_: Day = key("起（含）", "from", alias="from")
    to: Day = key("止（含）", "to")
    name: Text = key("名称", "name")


class WorkDay(Part):
    """A weekend day on which work is done (调休)."""

    date: Day = key("日期", "date")
    name: Text = key("名称", "name")


class CalendarDefinition(Titled):
    """The official calendar of one year. A year without one is not published."""

    calendar: Id = key("编号", "id")
    year: int = key("年份", "year", ge=1949, le=2200)
    basis: Bases = key("发布文件", "the notice", tuple)
    off: Annotated[tuple[Holiday, ...], type_of_many] = key("放假", "rest days", tuple)
    work: Annotated[tuple[WorkDay, ...], type_of_many] = key("调休上班", "working weekends", tuple)

    def to_year(self) -> CalendarYear:
        """Raises ValueError where the notice contradicts itself or names days of other years."""
        names: dict[date, str] = {}
        for holiday in self.off:
            first, last = holiday.from_.toordinal(), holiday.to.toordinal()
            if not first <= last <= first + 60:
                raise ValueError(f"{holiday.from_} .. {holiday.to}")
            names |= {date.fromordinal(n): holiday.name for n in range(first, last + 1)}
        return CalendarYear(
            year=self.year,
            off_days=frozenset(names),
            work_days=frozenset(day.date for day in self.work),
            source=self.title,
            names=names,
        )
