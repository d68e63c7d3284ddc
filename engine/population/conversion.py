"""A column of the data as its declared type: SQL that converts it, SQL that finds what is unfit.

The same rules as for one application (`engine.decision.application`): no floats, no full-width
digits, no 2026-02-30, nothing outside a code set.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.definitions import Shape
from engine.population.sessions import quoted
from engine.population.terms import Kind

# What Python's strip() takes off. DuckDB builds the set anew for every value, so texts are looked at
# first: nearly every file has none to take off.
_SPACES: Final = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
_NUMBER: Final = r"-?[0-9]{1,30}(\.[0-9]{1,20})?"
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_WHOLE: Final = (
    "tinyint", "smallint", "integer", "bigint", "hugeint",
    "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
)  # fmt: skip
_MOST_TEXT = 20_000
_MOST_ITEMS = 2_000


class ColumnUnfit(Exception):
    """A column whose stored type is not one the fact may have; `zh`, `en` say what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(zh)


@dataclass(frozen=True)
class Converted:
    """`sql` gives the typed value; `bad` is true for what does not fit; `wide` for too large numbers."""

    sql: str
    bad: str
    expected: tuple[str, str]
    shape: str  # number, text, boolean, date, list, record
    edges: str = "false"  # true where a text may have spaces around it, or is empty
    scale: int = 0
    wide: str = "false"
    item: "Converted | None" = None
    fields: dict[str, "Converted"] = field(default_factory=dict)


def is_json(shape: Shape, source: Any) -> bool:
    """Lists and records that come as JSON text."""
    return shape.type in ("list", "record") and source.id == "varchar"


def json_structure(shape: Shape) -> str:
    """The structure that DuckDB's from_json takes, every scalar as text."""
    if shape.type == "list":
        return f"[{json_structure(entry_of(shape))}]"
    if shape.type == "record":
        inner = ",".join(f'"{n}":{json_structure(f)}' for n, f in shape.fields.items())
        return f"{{{inner}}}"
    return '"VARCHAR"'


def entry_of(shape: Shape) -> Shape:
    return Shape(type=shape.of or "text", codes=shape.codes, fields=shape.fields)


@dataclass
class Converter:
    """Converts columns; `words` gives a code set's values, `scale_of` decimals found in the data.

    Without `strips`, texts are taken as they stand: right where `edges` is nowhere true.
    """

    words: Callable[[str], Sequence[str] | None]
    scale_of: Callable[[str], int]
    strips: bool = True
    _depth: int = 0

    def convert(self, shape: Shape, source: Any, sql: str) -> Converted:
        """`source` is the stored DuckDB type of `sql`. Raises ColumnUnfit."""
        say = getattr(self, f"_{shape.type}")
        converted: Converted = say(shape, source, sql)
        return converted

    # --- scalars -----------------------------------------------------------------------------

    def _text(self, shape: Shape, source: Any, sql: str) -> Converted:
        if source.id != "varchar":
            raise ColumnUnfit("文字（VARCHAR）", "text (VARCHAR)")
        plain = self._stripped(sql)
        words = self.words(shape.codes) if shape.codes else None
        if words is not None:
            listed = ", ".join(f"'{quoted(word)}'" for word in words)
            expected = (f"以下之一：{'、'.join(words[:30])}", "a value of the code set")
            return Converted(plain, f"{plain} NOT IN ({listed})", expected, "text", _edges(sql))
        bad = f"length({plain}) > {_MOST_TEXT} OR contains({plain}, chr(0))"
        return Converted(plain, bad, ("文字", "text"), "text", _edges(sql))

    def _integer(self, shape: Shape, source: Any, sql: str) -> Converted:
        return self._number(source, sql, 0, ("整数", "a whole number"))

    def _decimal(self, shape: Shape, source: Any, sql: str) -> Converted:
        if shape.scale is None:
            return self._number(source, sql, None, ("数字，如 12.50", "a number such as 12.50"))
        said = f"最多 {shape.scale} 位小数的数", f"a number of at most {shape.scale} decimal places"
        return self._number(source, sql, shape.scale, said)

    def _number(
        self, source: Any, sql: str, scale: int | None, expected: tuple[str, str]
    ) -> Converted:
        if source.id in ("double", "float"):
            raise ColumnUnfit(
                f"{expected[0]}：整数、DECIMAL 或文字，不能是不精确的浮点数",
                f"{expected[1]}: a whole number, DECIMAL or text, never an inexact float",
            )
        if source.id == "varchar":
            plain = self._stripped(sql)
            form = f"NOT regexp_full_match({plain}, '{_NUMBER}')"
        elif source.id in (*_WHOLE, "decimal"):
            plain, form = f"CAST({sql} AS VARCHAR)", "false"
        else:
            raise ColumnUnfit(*expected)
        places = f"length(rtrim(split_part({plain}, '.', 2), '0'))"
        if scale is None:
            scale = self.scale_of(f"max(CASE WHEN NOT ({form}) THEN {places} END)")
        bad = form if source.id in _WHOLE else f"{form} OR {places} > {scale}"
        stored = sql if source.id in _WHOLE else plain
        exact = f"CAST(TRY_CAST({stored} AS DECIMAL(18,{scale})) AS DECIMAL(38,{scale}))"
        typed = f"CAST({exact} * CAST({10**scale} AS BIGINT) AS BIGINT)"
        wide = f"{plain} IS NOT NULL AND TRY_CAST({stored} AS DECIMAL(18,{scale})) IS NULL"
        edges = _edges(sql) if source.id == "varchar" else "false"
        return Converted(typed, bad, expected, "number", edges, scale, wide)

    def _boolean(self, shape: Shape, source: Any, sql: str) -> Converted:
        expected = "“是”或“否”（true 或 false）", "true or false"
        if source.id == "boolean":
            return Converted(sql, "false", expected, "boolean")
        if source.id != "varchar":
            raise ColumnUnfit(*expected)
        plain = self._stripped(sql)
        typed = (
            f"CASE WHEN {plain} IN ('是', 'true') THEN true WHEN {plain} IS NOT NULL THEN false END"
        )
        bad = f"{plain} NOT IN ('是', '否', 'true', 'false')"
        return Converted(typed, bad, expected, "boolean", _edges(sql))

    def _date(self, shape: Shape, source: Any, sql: str) -> Converted:
        expected = "日期，如 2026-01-31", "a date such as 2026-01-31"
        if source.id == "date":
            day, bad = sql, f"year({sql}) NOT BETWEEN 1 AND 9999"
        elif source.id == "varchar":
            plain = self._stripped(sql)
            day = f"TRY_CAST({plain} AS DATE)"
            bad = f"NOT regexp_full_match({plain}, '{_DATE}') OR {plain} < '0001' OR {plain} IS NOT NULL AND {day} IS NULL"  # fmt: skip # noqa: E501
        else:
            raise ColumnUnfit(*expected)
        typed = f"CAST(year({day}) * 10000 + month({day}) * 100 + day({day}) AS BIGINT)"
        edges = _edges(sql) if source.id == "varchar" else "false"
        return Converted(typed, bad, expected, "date", edges)

    def _stripped(self, sql: str) -> str:
        return f"nullif(trim({sql}, '{_SPACES}'), '')" if self.strips else sql

    # --- lists and records -------------------------------------------------------------------

    def _list(self, shape: Shape, source: Any, sql: str) -> Converted:
        expected = '列表（Parquet 列表，或 JSON 文本如 ["甲"]）', "a list (Parquet's, or JSON text)"
        if source.id != "list":
            raise ColumnUnfit(*expected)
        self._depth += 1
        name = f"item{self._depth}"
        inner = self.convert(entry_of(shape), dict(source.children)["child"], name)
        typed = f"list_transform({sql}, lambda {name}: {inner.sql})"
        found = f"len(list_filter({sql}, lambda {name}: {inner.bad})) > 0"
        wide = f"len(list_filter({sql}, lambda {name}: {inner.wide})) > 0"
        bad = f"len({sql}) > {_MOST_ITEMS} OR {found}"
        said = f"列表，每一项是{inner.expected[0]}", f"a list of: {inner.expected[1]}"
        edges = f"len(list_filter({sql}, lambda {name}: {inner.edges})) > 0"
        return Converted(typed, bad, said, "list", edges, wide=wide, item=inner)

    def _record(self, shape: Shape, source: Any, sql: str) -> Converted:
        expected = (
            "记录（Parquet 的 STRUCT，或 JSON 对象）",
            "a record (a STRUCT, or a JSON object)",
        )
        if source.id != "struct":
            raise ColumnUnfit(*expected)
        stored = dict(source.children)
        fields: dict[str, Converted] = {}
        for name, entry in shape.fields.items():
            if name in stored:
                fields[name] = self.convert(entry, stored[name], f'{sql}."{name}"')
            else:
                fields[name] = Converted(_NULLS[entry.type], "false", ("", ""), _FORMS[entry.type])
        packed = ", ".join(f'"{name}" := {one.sql}' for name, one in fields.items())
        typed = f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({packed}) END"
        bad = " OR ".join(f"coalesce({one.bad}, false)" for one in fields.values()) or "false"
        wide = " OR ".join(f"coalesce({one.wide}, false)" for one in fields.values()) or "false"
        edges = " OR ".join(f"coalesce({one.edges}, false)" for one in fields.values()) or "false"
        said = "、".join(f"{n}：{f.expected[0]}" for n, f in fields.items() if f.expected[0])
        english = ", ".join(f"{n}: {f.expected[1]}" for n, f in fields.items() if f.expected[1])
        return Converted(
            typed, bad, (f"记录（{said}）", f"a record ({english})"), "record", edges,
            wide=wide, fields=fields,
        )  # fmt: skip


_FORMS: Final = {"integer": "number", "decimal": "number"} | {
    name: name for name in ("text", "boolean", "date", "list", "record")
}
_NULLS: Final = {
    "integer": "CAST(NULL AS BIGINT)", "decimal": "CAST(NULL AS BIGINT)",
    "text": "CAST(NULL AS VARCHAR)", "boolean": "CAST(NULL AS BOOLEAN)",
    "date": "CAST(NULL AS BIGINT)", "list": "CAST(NULL AS VARCHAR[])", "record": "NULL",
}  # fmt: skip


def _edges(sql: str) -> str:
    """Whether a text's first or last character may be a space: any that could be is looked at."""
    first, last = f"left({sql}, 1)", f"right({sql}, 1)"
    odd = (f"{c} < '!' OR {c} BETWEEN chr(127) AND chr(12288)" for c in (first, last))
    return f"({' OR '.join(odd)})"


def measures(
    one: Converted, sql: str, path: str = "", in_list: bool = False
) -> Iterator[tuple[str, str]]:
    """Aggregates over a typed column, by path, from which `kind_of` tells the column's kind.

    Inside a list, `sql` is the flat list of the values at that path.
    """
    if in_list:
        yield (
            f"{path}?",
            f"coalesce(bool_or(len(list_filter({sql}, lambda v: v IS NULL)) > 0), false)",
        )
    if one.shape in ("number", "date"):
        for name in ("min", "max"):
            inner = f"list_{name}({sql})" if in_list else sql
            yield f"{path}{name}", f"{name}({inner})"
    elif one.item is not None:
        inner = f"flatten({sql})" if in_list else sql
        yield from measures(one.item, inner, f"{path}[]", in_list=True)
    for name, part in one.fields.items():
        inner = f'list_transform({sql}, lambda e: e."{name}")' if in_list else f'{sql}."{name}"'
        yield from measures(part, inner, f"{path}.{name}", in_list)


def kind_of(one: Converted, found: Mapping[str, Any], path: str = "") -> Kind:
    """The kind of a typed column, by what `measures` found."""
    is_optional = bool(found.get(f"{path}?", True))
    low, high = found.get(f"{path}min") or 0, found.get(f"{path}max") or 0
    if one.shape == "number":
        return Kind("number", one.scale, low, high, is_optional=is_optional)
    if one.shape == "date":
        # A column of nulls alone has no first day; the calendar starts with year 1.
        return Kind("date", 0, low or 10101, high or 10101, is_optional=is_optional)
    if one.item is not None:
        return Kind("list", item=kind_of(one.item, found, f"{path}[]"), is_optional=is_optional)
    if one.shape == "record":
        fields = tuple((n, kind_of(f, found, f"{path}.{n}")) for n, f in one.fields.items())
        return Kind("record", fields=fields, is_optional=is_optional)
    return Kind("text" if one.shape == "text" else "boolean", is_optional=is_optional)
