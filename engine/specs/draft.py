"""The application a scenario puts together, step by step, before it is posted."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from engine.definitions import Matter, Region, Shape
from engine.specs.catalogue import Table, records
from engine.specs.outcome import StepFailed, unknown
from engine.specs.registers import read_number
from engine.themes import MergedForm

# Units that are one; officers write any of them.
_SAME_UNIT: Final = {
    "平方米": "m²", "平米": "m²", "㎡": "m²", "m2": "m²", "M2": "m²", "立方米": "m³", "m3": "m³",
    "名": "人", "位": "人", "人民币元": "元", "周岁": "岁", "天": "日", "个月": "月", "％": "%",
    "间": "间", "公里": "km", "千米": "km", "米": "m", "公斤": "kg", "千克": "kg", "小时": "h",
}  # fmt: skip
_YUAN: Final = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_AMOUNT: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*(.*)", re.DOTALL)
_LIST_BREAK: Final = re.compile(r"[、，,；;]")


@dataclass(frozen=True, slots=True)
class Said:
    """What a step says of one fact: `text` as written, and whether it stood in quotes."""

    text: str
    is_quoted: bool = False


@dataclass
class Draft:
    """Everything said so far; nothing is typed until the matter is known."""

    sample: dict[str, Any] = field(default_factory=dict)
    applicant: dict[str, str] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    handed_in: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    has_everything: bool = False
    path: str = ""
    paths: dict[str, str] = field(default_factory=dict)  # of a theme's parts, by matter
    region: str = ""
    commitments: list[str] = field(default_factory=list)

    def to_json(self, matter: Matter, regions: Sequence[Region]) -> dict[str, Any]:
        """The application as it would be posted. Raises StepFailed for what makes no sense."""
        posted = {**self.sample}
        posted["applicant"] = {**posted.get("applicant", {}), **self.applicant}
        posted["facts"] = {**posted.get("facts", {}), **self._facts(matter.facts)}
        titles = {use.key: use.title or use.key for use in matter.materials}
        posted["materials"] = self._materials(titles)
        return self._finish(posted, regions)

    def to_theme_json(self, merged: MergedForm, regions: Sequence[Region]) -> dict[str, Any]:
        """The application for a theme, under its names. Raises StepFailed."""
        posted = {**self.sample}
        posted["applicant"] = {**posted.get("applicant", {}), **self.applicant}
        posted["facts"] = {**posted.get("facts", {}), **self._facts(merged.facts)}
        titles = {material.id: material.title for material in merged.materials}
        posted["materials"] = self._materials(titles)
        if self.paths:
            posted["paths"] = {**posted.get("paths", {}), **self.paths}
        return self._finish(posted, regions)

    def _finish(self, posted: dict[str, Any], regions: Sequence[Region]) -> dict[str, Any]:
        if self.path:
            posted["path"] = self.path
        if self.region:
            posted["region"] = region_code(self.region, regions)
        if self.commitments:
            posted["commitments"] = list(self.commitments)
        return posted

    def _facts(self, declared: Mapping[str, Shape]) -> dict[str, object]:
        return {
            name: fact_value(declared.get(name), name, saying)
            for name, saying in self.facts.items()
        }

    def _materials(self, titles: Mapping[str, str]) -> dict[str, Any]:
        """What is handed in; `titles` are those of the materials there are, by id."""
        given = self.sample.get("materials", {})
        posted = dict(given) if isinstance(given, Mapping) else {name: {} for name in given}
        if self.has_everything:
            posted |= {key: {} for key in titles if key not in posted}
        posted |= {name: {} for name in self.handed_in}
        for name in self.withheld:
            key = material_named(titles, name)
            posted.pop(key, None)
            posted.pop(titles[key], None)
        return posted


def material_named(titles: Mapping[str, str], name: str) -> str:
    """A material's id by its title or id. Raises StepFailed."""
    for key, title in titles.items():
        if name in (title, key):
            return key
    raise unknown("材料", "material", name, titles.values())


def region_code(name: str, regions: Sequence[Region]) -> str:
    """The code of a region given by its title or by its code; a code is left to the engine."""
    for region in regions:
        if name == region.title:
            return region.region
    if name.isascii() and name.isdigit():
        return name
    raise unknown("地区", "region", name, (f"{r.title}（{r.region}）" for r in regions))


def read_sample(root: Path, name: str) -> dict[str, Any]:
    """An application in a JSON file of the workspace. Raises StepFailed."""
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise StepFailed(f"“{name}”不在工作区内", f"{name!r} is outside of the workspace")
    try:
        sample = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StepFailed(
            f"无法读取“{name}”：{reason}", f"cannot read {name!r}: {reason}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise StepFailed(f"“{name}”不是 JSON：{error}", f"{name!r} is not JSON: {error}") from error
    if not isinstance(sample, dict):
        raise StepFailed(f"“{name}”应是一个 JSON 对象", f"{name!r} should be a JSON object")
    return sample


def fact_value(shape: Shape | None, name: str, saying: object) -> object:
    """A saying as the JSON value that the fact's declaration asks for.

    An undeclared fact keeps its words: the engine reports it. Raises StepFailed for a wrong unit.
    """
    if isinstance(saying, tuple):
        return _entries(shape, name, saying)
    if not isinstance(saying, Said):
        return saying
    if shape is None:
        return saying.text
    if shape.type == "list":
        words = _LIST_BREAK.split(saying.text) if saying.text.strip() else []
        return [word.strip() for word in words]
    if shape.type in ("integer", "decimal") and not saying.is_quoted:
        return _amount(shape, name, saying.text)
    return saying.text


def _entries(shape: Shape | None, name: str, table: Table) -> list[object]:
    if shape is None or not shape.fields:
        return [cell for row in table for cell in row]
    for row in table[1:]:
        if len(row) != len(table[0]):
            raise StepFailed(f"“{name}”的表各行栏数不一", f"the rows of {name!r} differ in length")
    return [
        {column: _cell(shape.fields.get(column), column, cell) for column, cell in row.items()}
        for row in records(table)
    ]


def _cell(shape: Shape | None, column: str, cell: str) -> object:
    if cell in ("", "未知"):
        return None
    return fact_value(shape, column, Said(cell))


def _amount(shape: Shape, name: str, text: str) -> object:
    """The number in the declared unit; text that is no amount is left for the engine to report."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return text
    number, unit = read_number(match[1]), match[2].strip()
    declared = shape.unit or ""
    if not unit or _unit(unit) == _unit(declared):
        return number
    if unit in _YUAN and declared in _YUAN:
        return number * _YUAN[unit] / _YUAN[declared]
    expected = f"以“{declared}”为单位" if declared else "没有单位"
    raise StepFailed(
        f"“{name}”{expected}，此处写的是“{unit}”",
        f"{name!r} is declared in {declared or 'no unit'}, not in {unit!r}",
    )


def _unit(unit: str) -> str:
    return _SAME_UNIT.get(unit, unit)
