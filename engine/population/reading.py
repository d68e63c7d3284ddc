"""Past applications from Parquet or CSV: one row each, one column for each declared fact.

DuckDB reads, checks and converts the file once, whichever engine evaluates afterwards. What does not
fit is told with its file, row and column, at most a few rows of each column.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from engine.decision.deciding import FIRST_DAY, LAST_DAY
from engine.definitions import PATH_TITLES, MaterialUse, Shape
from engine.diagnostics import Diagnostics, Place, TongbanError, nearest
from engine.feel import FeelSyntaxError
from engine.population import csv_faults
from engine.population.conversion import (
    ColumnUnfit,
    Converted,
    Converter,
    is_json,
    json_structure,
    kind_of,
    measures,
)
from engine.population.facts import PERSON
from engine.population.lookups import decode
from engine.population.plan import PATHS
from engine.population.sessions import DuckSession, quoted
from engine.population.terms import WIDE, Kind
from engine.profile import compile_cell
from engine.workspace import UnknownDefinition, Workspace

TABLE: Final = "applications"
ROW: Final = "row"
_MOST_ROWS = 5  # that are told of one column
_SPECIAL: Final = {
    "case": ("编号", "case"),
    "day": ("申请日期", "date"),
    "region": ("地区", "region"),
    "path": ("办理路径", "path"),
    "recorded": ("结论", "outcome"),
}
_PERSON_ENGLISH: Final = dict(
    zip(PERSON, ("name", "id_kind", "id_number", "kind", "agent"), strict=True)
)
_MATERIAL: Final = ("材料.", "materials.")
_TEXT = Shape(type="text")


class DataUnreadable(TongbanError):
    """The file cannot be read as applications; see `diagnostics`."""

    @classmethod
    def of(cls, problems: Diagnostics) -> "DataUnreadable":
        found = problems.sorted()
        words = "；".join(d.message_zh for d in found[:3])
        return cls(f"数据有 {len(found)} 处不符合要求：{words}", found)


@dataclass(frozen=True)
class Wanted:
    """What the versions read. `sides` are their workspaces, each with the day whose codes apply."""

    sides: Sequence[tuple[Workspace, date]]
    facts: Mapping[str, Shape]
    computed: frozenset[str]
    materials: Sequence[MaterialUse]
    region: str
    title: str  # of the matter


@dataclass(frozen=True)
class Applications:
    """The data as typed columns of `TABLE`: what is there under which column, and what was left."""

    rows: int
    facts: Mapping[str, tuple[str, Kind]]
    person: Mapping[str, tuple[str, Kind]]
    materials: Mapping[str, str]
    known_materials: tuple[str, ...]
    special: Mapping[str, str]
    day: tuple[str, Kind] | None
    regions: tuple[str, ...]
    asked: tuple[int, ...]
    missing: tuple[str, ...]  # facts without a column: unknown of everybody
    ignored: tuple[str, ...]  # columns that no version declares


@dataclass(frozen=True)
class _Use:
    """A column of the file and what it is used as."""

    column: str  # in the file
    target: str  # in TABLE
    converted: Converted
    source: str  # the SQL of the value as it stands


def read_applications(session: DuckSession, file: Path, wanted: Wanted) -> Applications:
    """Raises DataUnreadable."""
    return _Reading(session, file, wanted).read()


class _Reading:
    def __init__(self, session: DuckSession, file: Path, wanted: Wanted) -> None:
        self.session, self.file, self.wanted = session, file, wanted
        self.problems = Diagnostics()
        self.uses: list[_Use] = []
        self.wide: set[str] = set()  # targets with a number too large for 64 bits
        self.materials: dict[str, str] = {}
        self.source = self._open()
        relation = session.ibis.con.sql(f"SELECT * FROM {self.source}")
        self.types = dict(zip(relation.columns, relation.types, strict=True))

    @property
    def _is_csv(self) -> bool:
        return self.file.suffix.lower() == ".csv"

    def _open(self) -> str:
        """A row source that the rest asks; a CSV is all text, so that nothing is guessed."""
        path = quoted(self.file)
        if self.file.suffix.lower() in (".parquet", ".pq"):
            source = f"read_parquet('{path}')"
        elif self._is_csv:
            repeated = csv_faults.repeated_column(self.file)
            if repeated is not None:
                self._add(*repeated)
                raise DataUnreadable.of(self.problems)
            # Nothing is sniffed: one torn row would make a single column of all, and unknown facts.
            shape = "header = true, all_varchar = true, null_padding = false"
            source = f"read_csv('{path}', {shape}, {csv_faults.DIALECT})"
        else:
            self._add(
                "（文件）",
                (
                    "以 .parquet 或 .csv 结尾的文件（电子表格请另存为“CSV UTF-8（逗号分隔）”）",
                    "a .parquet or .csv file (save a spreadsheet as CSV UTF-8, comma-separated)",
                ),
                self.file.name,
            )
            raise DataUnreadable.of(self.problems)
        try:
            self.session.raw(f"SELECT * FROM {source} LIMIT 0")
        except duckdb.Error as error:
            raise self._unreadable(error) from None
        return source

    def _unreadable(self, error: duckdb.Error) -> DataUnreadable:
        fault = csv_faults.first_fault(self.file) if self._is_csv else None
        self._add(
            *fault
            or (
                "（文件）",
                ("可以读取的 Parquet 或 UTF-8 的 CSV", "readable Parquet or UTF-8 CSV"),
                str(error).partition("\n")[0][:200],
            )
        )
        return DataUnreadable.of(self.problems)

    def _add(self, where: str, expected: tuple[str, str], found: object) -> None:
        zh, en = expected
        shown = "空" if found is None else f"“{str(found)[:60]}”"
        self.problems.add(
            "application-value", Place(self.file.name), where=where,
            expected_zh=zh, expected_en=en, found=shown,
        )  # fmt: skip

    # --- columns -----------------------------------------------------------------------------

    def read(self) -> Applications:
        try:
            return self._read()
        except duckdb.Error as error:
            raise self._unreadable(error) from None

    def _read(self) -> Applications:
        ignored = [name for name in self.types if not self._use(name)]
        if len(ignored) == len(self.types):
            names = ("事实的名称作列名，以逗号分隔", "columns named after facts, comma-separated")
            self._add("第一行" if self._is_csv else "（文件）", names, "、".join(ignored))
        self._hold()
        self._check_values()
        self._hold()
        self._create()
        kinds = self._kinds()
        self._check_ranges(kinds)
        self._check_special()
        self._hold()
        return self._applications(kinds, ignored)

    def _hold(self) -> None:
        if self.problems.found:
            raise DataUnreadable.of(self.problems)

    def _use(self, name: str) -> bool:
        """Takes a column of the file for what its name says; False for an unknown name."""
        if name in self.wanted.facts:
            self._take(name, f"f_{name}", self.wanted.facts[name])
            return True
        if name in self.wanted.computed:
            self.problems.add("application-computed", Place(self.file.name), where=name, name=name)
            return True
        for target, spellings in _SPECIAL.items():
            if name in spellings:
                self._take(name, target, Shape(type="date") if target == "day" else _TEXT)
                return True
        return self._use_prefixed(name) or self._is_misspelt(name)

    def _use_prefixed(self, name: str) -> bool:
        for entry, english in _PERSON_ENGLISH.items():
            if name in (f"申请人.{entry}", f"applicant.{english}"):
                self._take(name, f"p_{entry}", _TEXT)
                return True
        for prefix in _MATERIAL:
            rest = name.removeprefix(prefix)
            for material in self.wanted.materials:
                if name != rest and rest in (material.key, material.title):
                    self._take(name, f"m_{material.key}", Shape(type="boolean"))
                    self.materials[material.key] = f"m_{material.key}"
                    return True
        return False

    def _is_misspelt(self, name: str) -> bool:
        close = nearest(name, self.wanted.facts)
        if not close or close in self.types:
            return False
        self.problems.add(
            "application-unknown-fact", Place(self.file.name), where=f"列“{name}”", name=name,
            matter=self.wanted.title,
            hint_zh=f"是否想写“{close}”？", hint_en=f'Did you mean "{close}"? ',
        )  # fmt: skip
        return True

    def _take(self, name: str, target: str, shape: Shape) -> None:
        if any(use.target == target for use in self.uses):
            expected = "每项内容只有一列", "one column for each thing"
            self._add(f"列“{name}”", expected, "另有一列说的是同一项")
            return
        column, source = f'"{name.replace(chr(34), chr(34) * 2)}"', self.types[name]
        sql = column
        if is_json(shape, source):
            structure = quoted(json_structure(shape))
            sql = f"CASE WHEN json_valid({column}) THEN from_json({column}, '{structure}') END"
            source = self.session.ibis.con.sql(f"SELECT {sql} AS v FROM {self.source}").types[0]
        try:
            converted = Converter(self._words, self._scale, strips=False).convert(
                shape, source, sql
            )
            if self._is_true_somewhere(converted.edges):
                converted = Converter(self._words, self._scale).convert(shape, source, sql)
        except ColumnUnfit as unfit:
            self._add(f"列“{name}”", (unfit.zh, unfit.en), f"类型 {self.types[name]}")
            return
        if sql != column:
            converted = _with_json(converted, shape, column)
        self.uses.append(_Use(name, target, converted, column))

    def _is_true_somewhere(self, sql: str) -> bool:
        if sql == "false":
            return False
        return bool(self.session.rows(f"SELECT bool_or({sql}) FROM {self.source}")[0][0])

    def _words(self, codes: str) -> Sequence[str] | None:
        """The words of a code set in either version; None for a set that nobody defines."""
        found: dict[str, None] = {}
        for workspace, on in self.wanted.sides:
            with suppress(UnknownDefinition):  # reported by the checks
                found |= dict.fromkeys(workspace.codes(codes, on).words_on(on))
        return tuple(found) or None

    def _scale(self, aggregate: str) -> int:
        """The decimals that numbers of an undeclared scale have in this file."""
        if "item" in aggregate:
            return 6  # inside lists; more decimals than that are told as not fitting
        found = self.session.rows(f"SELECT {aggregate} FROM {self.source}")[0][0]
        return min(int(found or 0), 12)

    # --- values ------------------------------------------------------------------------------

    def _check_values(self) -> None:
        """Every column at once: whether anything in it does not fit."""
        if not self.uses:
            return
        flags = [f"bool_or({use.converted.bad})" for use in self.uses]
        flags += [f"bool_or({use.converted.wide})" for use in self.uses]
        (found,) = self.session.rows(f"SELECT {', '.join(flags)} FROM {self.source}")
        count = len(self.uses)
        for use, is_bad, is_wide in zip(self.uses, found[:count], found[count:], strict=True):
            if is_bad:
                self._tell_rows(use, use.converted.bad, use.converted.expected)
            if is_wide:
                self.wide.add(use.target)

    def _tell_rows(self, use: _Use, bad: str, expected: tuple[str, str]) -> None:
        numbered = f"SELECT row_number() OVER () AS n, * FROM {self.source}"
        shown = f"SELECT n, CAST({use.source} AS VARCHAR) FROM ({numbered}) WHERE {bad}"
        for row, value in self.session.rows(f"{shown} ORDER BY n LIMIT {_MOST_ROWS}"):
            self._add(f"第 {row} 行“{use.column}”", expected, value)

    def _create(self) -> None:
        columns = [f'{use.converted.sql} AS "{use.target}"' for use in self.uses]
        columns = [c for c, use in zip(columns, self.uses, strict=True) if use.target != "path"]
        columns += [_path_place(u) for u in self.uses if u.target == "path"]
        columns.insert(0, f"row_number() OVER () AS {ROW}")
        self.session.raw(f"CREATE TABLE {TABLE} AS SELECT {', '.join(columns)} FROM {self.source}")

    def _kinds(self) -> dict[str, Kind]:
        """By target; a column with a number too large for 64 bits is kept as text."""
        kinds: dict[str, Kind] = {}
        for use in self.uses:
            if use.target == "path":
                continue
            if use.target in self.wide:
                self._widen(use)
                kinds[use.target] = WIDE
                continue
            asked = list(measures(use.converted, f'"{use.target}"'))
            found: tuple[Any, ...] = ()
            if asked:
                sql = ", ".join(aggregate for _, aggregate in asked)
                (found,) = self.session.rows(f"SELECT {sql} FROM {TABLE}")
            values = dict(zip((path for path, _ in asked), found, strict=True))
            kinds[use.target] = kind_of(use.converted, values)
        return kinds

    def _widen(self, use: _Use) -> None:
        if use.converted.shape != "number":
            self._add(
                f"列“{use.column}”",
                ("列表中不超过 18 位的数", "numbers of at most 18 digits"),
                "更大的数",
            )
            return
        self.session.raw(f'ALTER TABLE {TABLE} DROP COLUMN "{use.target}"')
        self.session.raw(f'ALTER TABLE {TABLE} ADD COLUMN "{use.target}" VARCHAR')
        plain = f"trim(CAST({use.source} AS VARCHAR))"
        self.session.raw(
            f'UPDATE {TABLE} SET "{use.target}" = s.v FROM (SELECT row_number() OVER () AS n, '
            f"{plain} AS v FROM {self.source}) s WHERE s.n = {TABLE}.{ROW}"
        )

    def _check_ranges(self, kinds: Mapping[str, Kind]) -> None:
        """A range is one stretch, so the least and the greatest value tell of all."""
        for use in self.uses:
            shape = self.wanted.facts.get(use.column)
            if shape is None or shape.range is None or use.target not in kinds:
                continue
            try:
                cell = compile_cell(shape.range)
            except FeelSyntaxError:
                continue  # reported by the checks
            kind, target = kinds[use.target], f'"{use.target}"'
            expected = f"范围 {shape.range} 内的值", f"a value in {shape.range}"
            for raw, row in self._extremes(target):
                if raw is not None and cell.evaluate(decode(kind, raw)) is not True:
                    self._add(f"第 {row} 行“{use.column}”", expected, decode(kind, raw))

    def _extremes(self, target: str) -> Iterator[tuple[Any, int]]:
        sql = (
            f"SELECT min({target}), min_by({ROW}, {target}), max({target}), max_by({ROW}, {target})"
        )
        low, low_row, high, high_row = self.session.rows(f"{sql} FROM {TABLE}")[0]
        yield low, low_row
        if high != low:
            yield high, high_row

    def _check_special(self) -> None:
        targets = {use.target for use in self.uses}
        if "path" in targets:
            known = "、".join(f"{p}（{t}）" for p, t in PATH_TITLES.items())
            expected = f"办理路径：{known}", "a path"
            use = next(u for u in self.uses if u.target == "path")
            for (row,) in self.session.rows(
                f"SELECT {ROW} FROM {TABLE} WHERE path < 0 ORDER BY 1 LIMIT 5"
            ):
                self._add(f"第 {row} 行“{use.column}”", expected, "不认识的路径")
        if "day" in targets:
            first, last = (d.year * 10000 + d.month * 100 + d.day for d in (FIRST_DAY, LAST_DAY))
            where = f"day IS NULL OR day NOT BETWEEN {first} AND {last}"
            expected = f"{FIRST_DAY} 至 {LAST_DAY} 之间的申请日期", "a day of application"
            for row, day in self.session.rows(
                f"SELECT {ROW}, day FROM {TABLE} WHERE {where} LIMIT 5"
            ):
                self._add(f"第 {row} 行“申请日期”", expected, day)
        for region in self._regions(targets):
            try:
                for workspace, on in self.wanted.sides:
                    workspace.region_chain(region, on)
            except UnknownDefinition:
                found = self.session.rows(
                    f"SELECT min({ROW}) FROM {TABLE} WHERE region = '{quoted(region)}'"
                )
                where = f"第 {found[0][0]} 行“地区”" if "region" in targets else "地区"
                self._add(where, ("已定义的地区代码", "the code of a defined region"), region)

    def _regions(self, targets: set[str]) -> tuple[str, ...]:
        if "region" not in targets:
            return (self.wanted.region,)
        if self.wanted.region:
            self.session.raw(
                f"UPDATE {TABLE} SET region = '{quoted(self.wanted.region)}' WHERE region IS NULL"
            )
        found = self.session.rows(
            f"SELECT DISTINCT region FROM {TABLE} ORDER BY region NULLS FIRST"
        )
        return tuple(region or "" for (region,) in found) or (self.wanted.region,)

    def _applications(self, kinds: Mapping[str, Kind], ignored: list[str]) -> Applications:
        targets = {use.target for use in self.uses}
        facts = {
            use.column: (use.target, kinds[use.target])
            for use in self.uses if use.column in self.wanted.facts
        }  # fmt: skip
        person = {
            entry: (f"p_{entry}", kinds[f"p_{entry}"])
            for entry in PERSON
            if f"p_{entry}" in targets
        }
        asked = [0]
        if "path" in targets:
            asked = [
                p for (p,) in self.session.rows(f"SELECT DISTINCT path FROM {TABLE} ORDER BY 1")
            ]
        (rows,) = self.session.rows(f"SELECT count(*) FROM {TABLE}")[0]
        return Applications(
            rows=rows,
            facts=facts,
            person=person,
            materials=self.materials,
            known_materials=tuple(use.key for use in self.wanted.materials),
            special={u.target: u.target for u in self.uses if u.target in _SPECIAL},
            day=("day", kinds["day"]) if "day" in targets else None,
            regions=self._regions(targets),
            asked=tuple(asked) or (0,),
            missing=tuple(name for name in self.wanted.facts if name not in facts),
            ignored=tuple(ignored),
        )


def _with_json(converted: Converted, shape: Shape, column: str) -> Converted:
    """The same, with text that is no JSON of the right outer form counted as not fitting."""
    form = "ARRAY" if shape.type == "list" else "OBJECT"
    is_wrong = f"json_type({column}) NOT IN ('{form}', 'NULL')"
    is_text = f"{column} IS NOT NULL AND trim({column}) != ''"
    wrong = f"CASE WHEN json_valid({column}) THEN {is_wrong} ELSE {is_text} END"
    return replace(converted, bad=f"({wrong}) OR ({converted.bad})")


def _path_place(use: _Use) -> str:
    """A path by its id or its title, as its place in PATHS; -1 for an unknown one."""
    spelt = {name: place for place, name in enumerate(PATHS)}
    spelt |= {PATH_TITLES[name]: place for place, name in enumerate(PATHS)}
    arms = " ".join(f"WHEN '{name}' THEN {place}" for name, place in spelt.items())
    value = use.converted.sql
    return f"CAST(CASE WHEN {value} IS NULL THEN 0 ELSE CASE {value} {arms} ELSE -1 END END AS TINYINT) AS path"  # noqa: E501
