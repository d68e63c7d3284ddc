"""Decision tables as CSV and XLSX files: everything comes back, and what cannot be read is said."""

import csv
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, get_args

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small_workspace
import test_tables
from engine import Workspace, check_workspace, render_all
from engine.cli import tongban
from engine.decision.tables import CompiledTable, compile_table
from engine.definitions import Table
from engine.definitions.tables import HIT_TITLES, Aggregation
from engine.diagnostics import Diagnostic, Diagnostics, render
from engine.diagnostics.rendering import column_letters
from engine.interchange import sheet_words, xlsx_archive
from engine.interchange.cell_types import Declared
from engine.interchange.cells import MAX_COLUMNS, MAX_ROWS, MOST_MISTAKES
from engine.interchange.sheets import SheetError, read_grid, read_sheet, write_sheet
from engine.interchange.table_editing import plain_table, put_table
from engine.source import Document, read_document
from shipped import ROOT

DAY = date(2026, 1, 1)
HEAD = "编号,minimum\n依据.法律,示例法\n依据.条款,第一条\n依据.已核实,是\n"
COLUMNS = "列名,类别,最低面积\n作用,条件,输出\n类型,文字,\n"
ROWS = '1,"""甲""",下限\n2,"""乙""",30\n'
DECLARED = {"数": Declared("decimal", "元"), "文": Declared("text", None)}

# Whatever may be written in a YAML text; blank is refused by the model, and odd is what we want.
odd = st.sampled_from(
    ["=1+1", "+5", "-", "-5", "@\"2026-01-31\"", "＝甲", "'", "''x", "'=x", "TRUE", "false", "1.5E+3",
     "2026-01-31", "2026/1/31", "010", "#N/A", '"理发", "美容"', "甲\n乙", "甲\r\n乙", "a\rb", "_x0041_",
     "  两端 ", "\t制表", "1e5", "0.1", "12345678901234567890", "是", "null", "依据.法律", "1", "，；"]
)  # fmt: skip
anything = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))
texts = (odd | anything).filter(lambda text: bool(text.strip()))
names = st.sampled_from(
    ["场所类型", "最低面积", "甲_1", "说明", "依据", "列名", "面積", "x", "é", "命中方式"]
)
bases = st.lists(
    st.fixed_dictionaries(
        {"law": texts, "verified": st.booleans()},
        optional={"article": texts, "quote": texts, "source": texts},
    ),
    max_size=3,
)


@st.composite
def any_tables(draw: st.DrawFn) -> Table:
    """Tables of every policy with every key, whether or not their cells are FEEL."""
    columns = draw(st.lists(names, min_size=2, max_size=6, unique=True))
    split = draw(st.integers(1, len(columns) - 1))
    inputs, outputs = columns[:split], columns[split:]
    row = st.fixed_dictionaries(
        {columns[0]: texts},
        optional={**dict.fromkeys(columns[1:], texts), "note": texts, "basis": bases},
    )
    some = st.dictionaries(st.sampled_from(columns), texts, max_size=3)
    data: dict[str, Any] = {
        "id": draw(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)),
        "gives": outputs,
        "hit": draw(st.sampled_from(sorted(HIT_TITLES))),
        "rows": draw(st.lists(row, max_size=6)),
        "units": draw(st.dictionaries(st.sampled_from(outputs), texts)),
        "inputs": draw(st.dictionaries(st.sampled_from(inputs), texts)),
        "default": draw(st.dictionaries(st.sampled_from(outputs), texts)),
        "allowed": draw(some),
        "basis": draw(bases),
        **draw(st.fixed_dictionaries({}, optional={"title": texts, "reason": texts})),
        **draw(st.fixed_dictionaries({}, optional={"records": names})),
        "aggregation": draw(st.none() | st.sampled_from(sorted(get_args(Aggregation)))),
    }
    known = {*dict.fromkeys(name for r in data["rows"] for name in r), *outputs, *data["inputs"]}
    data["allowed"] = {k: v for k, v in data["allowed"].items() if k in known}
    return Table.model_validate(data)


def again(table: Table, file: str) -> Table:
    """The table from the file that was written of it."""
    problems = Diagnostics()
    found = read_sheet(write_sheet(table, DECLARED, file), file, DECLARED, problems)
    assert found is not None, render_all(problems)
    assert not problems.has_errors
    return Table.model_validate(found)


def order(table: Table) -> tuple[object, ...]:
    return table.columns, table.gives, tuple(tuple(row.cells) for row in table.rows)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    "examples", [50, pytest.param(3000, marks=pytest.mark.soak)], ids=["few", "many"]
)
def test_every_table_comes_back_the_same(suffix: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(any_tables())
    def comes_back(table: Table) -> None:
        found = again(table, "t" + suffix)
        assert found == table
        assert found.columns == table.columns

    comes_back()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_tables())
def test_csv_and_xlsx_hold_the_same_cells(table: Table) -> None:
    grids = [
        read_grid(write_sheet(table, DECLARED, file), file, Diagnostics())
        for file in ("t.csv", "t.xlsx")
    ]
    assert grids[0] is not None
    assert grids[1] is not None
    assert grids[0].rows == grids[1].rows
    assert again(again(again(table, "a.csv"), "b.xlsx"), "c.csv") == table


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(test_tables.tables(), st.lists(test_tables.contexts, min_size=1, max_size=4))
def test_a_table_from_a_sheet_decides_the_same(
    compiled: CompiledTable, asked: list[dict[str, Any]]
) -> None:
    for file in ("t.csv", "t.xlsx"):
        other = compile_table(again(compiled.table, file))
        for context in asked:
            assert _outcome(other, context) == _outcome(compiled, context)


def _outcome(table: CompiledTable, context: Mapping[str, Any]) -> object:
    try:
        return table.answer(context)
    except Exception as error:  # whatever it is, both must say it
        return type(error), str(error)


def test_every_key_of_a_table_has_its_place_in_a_sheet() -> None:
    placed = {*sheet_words.HEAD, *sheet_words.OF_COLUMNS, "rows", "gives", "basis"}
    assert placed == set(Table.model_fields) - {"file"}


def test_the_same_table_gives_the_same_bytes() -> None:
    table = Table.model_validate({"id": "t", "gives": "出", "rows": [{"数": "1", "出": "2"}]})
    for file in ("t.csv", "t.xlsx"):
        assert write_sheet(table, {}, file) == write_sheet(table, {}, file)


# --- what spreadsheet programs do to cells ----------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(any_tables())
def test_no_cell_of_a_csv_file_starts_like_a_formula(table: Table) -> None:
    text = write_sheet(table, {}, "t.csv").decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            harmless = re.fullmatch(r"-(\d+(\.\d+)?)?", cell)
            assert harmless or not cell.startswith(
                ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
            )


def test_no_cell_of_an_xlsx_file_is_a_formula() -> None:
    rows = [{"数": text, "出": text} for text in ("=1+1", "+5", "-", '@"2026-01-31"')]
    table = Table.model_validate({"id": "t", "gives": "出", "rows": rows})
    sheet = openpyxl.load_workbook(io.BytesIO(write_sheet(table, {}, "t.xlsx"))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def rule_cells(data: bytes, file: str) -> list[str]:
    """The output cells of the rules, in order."""
    problems = Diagnostics()
    found = read_sheet(data, file, {}, problems)
    assert found is not None
    assert not problems.has_errors, render_all(problems)
    return [row["出"] for row in found["rows"]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TRUE", "true"),
        ("2026/1/31", '@"2026-01-31"'),
        ("2026-02-03", '@"2026-02-03"'),
        ("'2026-02-03", "2026-02-03"),
        ("'=1", "=1"),
        ("'甲", "'甲"),
        ('"010"', '"010"'),
        ("010", "010"),
        ("2026/2/31", "2026/2/31"),
    ],
    ids=range(9),
)
def test_what_a_spreadsheet_made_of_a_csv_cell_is_read_as_meant(written: str, meant: str) -> None:
    stream = io.StringIO()
    rows = [["编号", "t"], ["列名", "数", "出"], ["作用", "条件", "输出"], ["1", "-", written]]
    csv.writer(stream).writerows(rows)
    assert rule_cells(stream.getvalue().encode(), "t.csv") == [meant]


def workbook(rows: list[list[Any]], change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    change(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def simple(*cells: Any) -> list[list[Any]]:
    rules = [[number, "-", cell] for number, cell in enumerate(cells, 1)]
    return [["编号", "t"], ["列名", "数", "出"], ["作用", "条件", "输出"], *rules]


def test_cells_of_every_kind_are_read_from_xlsx() -> None:
    cells = [30, 0.1, Decimal("1234567890.12345"), -2, 1e-7, 1e40, True, date(2026, 1, 31)]
    cells += [datetime(2026, 1, 31), datetime(2026, 1, 31, 8, 30), time(8, 30), '"010"']
    assert rule_cells(workbook(simple(*cells)), "t.xlsx") == [
        "30", "0.1", "1234567890.12345", "-2", "0.0000001", f"1{'0' * 40}", "true", '@"2026-01-31"',
        '@"2026-01-31"', '@"2026-01-31T08:30:00"', '@"08:30:00"', '"010"',
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
def test_a_number_cell_of_15_digits_is_exact(number: Decimal) -> None:
    # The number as Excel would store it: as the nearest binary fraction.
    data = workbook(simple(float(number)))
    assert Decimal(rule_cells(data, "t.xlsx")[0]) == number


def said(data: bytes, file: str = "t.xlsx") -> list[Diagnostic]:
    problems = Diagnostics()
    read_sheet(data, file, {}, problems)
    return [*problems]


def test_what_xlsx_cells_cannot_say_is_told_at_each_cell() -> None:
    def change(sheet: Any) -> None:
        sheet["C4"] = "=1+2"
        sheet["C5"] = "#DIV/0!"
        sheet["C5"].data_type = "e"
        sheet.merge_cells("E4:F5")

    data = workbook(simple(1, 1, 12345678901234567, timedelta(hours=30)), change)
    found = said(data)
    assert [str(d.place) for d in found] == [
        f"t.xlsx:{p}" for p in ("4:3", "4:5", "5:3", "6:3", "7:3")
    ]
    for words, diagnostic in zip(("公式", "合并", "#DIV/0!", "15 位", "时长"), found, strict=True):
        assert words in diagnostic.message_zh
    assert "第 4 行 C 列" in render(found[0])
    assert "row 4, column C" in render(found[0], "en")


@given(st.integers(1, 18_278))
def test_columns_are_named_as_spreadsheets_do(column: int) -> None:
    letters = column_letters(column)
    assert openpyxl.utils.column_index_from_string(letters) == column


# --- files that cannot be read ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (HEAD.encode("utf-16"), "UTF-16"),
        (b"\x81\xff\xff,x", "编码"),
        (b"a\0b", "空字符"),
        ('编号,"x\n'.encode(), "第 1 行"),
        (b"", "编号"),
    ],
    ids=["utf-16", "bytes", "nul", "quote", "empty"],
)
def test_a_csv_file_that_cannot_be_read_says_why(data: bytes, words: str) -> None:
    found = said(data, "t.csv")
    assert any(words in d.message_zh for d in found)
    assert all(d.is_error for d in found)


def test_gb18030_is_read_as_utf_8_is() -> None:
    text = "\n".join(",".join(map(str, row)) for row in simple("甲", "30"))
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "gbk"):
        assert rule_cells(text.encode(encoding), "t.csv") == ["甲", "30"]


def repacked(change: Mapping[str, bytes]) -> bytes:
    """A small workbook with some of its parts replaced."""
    old, stream = zipfile.ZipFile(io.BytesIO(workbook(simple(1)))), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return stream.getvalue()


def sheet_xml(cells: str) -> dict[str, bytes]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
    return {"xl/worksheets/sheet1.xml": xml.encode()}


BOMB = b"<sst>" + b"0" * (xlsx_archive.MAX_UNPACKED + 10)
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
FAR = '<row r="1"><c r="{}"><v>1</v></c></row>'
HOSTILE = {
    "nothing": (b"", "不是 .xlsx"),
    "text": (b"hello", "不是 .xlsx"),
    "cut": (workbook(simple(1))[:900], "不是 .xlsx"),
    "old": (b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版"),
    "far-row": (repacked(sheet_xml(FAR.format("A1048576"))), "上限"),
    "far-column": (repacked(sheet_xml(FAR.format("XFD1"))), "上限"),
    "no-cell": (repacked(sheet_xml(FAR.format("ZZZZZZ99999999999"))), "位置有误"),
    "no-row": (repacked(sheet_xml('<row r="-1"><c><v>1</v></c></row>')), "行号有误"),
    "bomb": (repacked({"xl/sharedStrings.xml": BOMB, "xl/styles.xml": BOMB}), "解压"),
    "dtd": (repacked({"xl/worksheets/sheet1.xml": DTD}), "DTD"),
    "xml": (repacked({"xl/worksheets/sheet1.xml": b"<worksheet><row"}), "XML"),
    "no-sheet": (repacked({"xl/workbook.xml": b"<workbook/>"}), "没有工作表"),
    "infinite": (repacked(sheet_xml(FAR.format("A1").replace(">1<", ">1e400<"))), "不是一个数"),
    "string": (repacked(sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')), ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_words(name: str) -> None:
    data, words = HOSTILE[name]
    found = said(data)
    assert found
    assert any(words in d.message_zh for d in found), render_all(found)


_BITS = (
    b'"', b"<", b"/>", b't="s"', b't="d"', b"99999999999999999999", b"NaN", b"1e400", b'r="A0"',
    b's="99999"', b"<v/>", b"<v>", b"&#0;", b"\xff", b'<mergeCell ref="A1:B"/>', b"",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_damaged_parts_of_a_workbook_are_told_and_never_raise(chance: Random) -> None:
    rows = [[1, "-", 0.5], [2, date(2026, 1, 1), True], [3, datetime(2026, 1, 1, 5), "=1"]]
    data = workbook([*simple(), *rows])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "xl/" in name}
    name = chance.choice(sorted(parts))
    at, width = chance.randrange(len(parts[name])), chance.choice((0, 1, 5, 20))
    part = parts[name][:at] + chance.choice(_BITS) + parts[name][at + width :]
    said(repacked({**parts, name: part}))


def test_formats_far_below_the_table_do_no_harm() -> None:
    cells = FAR.format("A1") + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert {d.code for d in said(repacked(sheet_xml(cells)))} == {"sheet-head"}


@pytest.mark.parametrize(
    "data",
    [b"x\n" * (MAX_ROWS + 1), b"," * MAX_COLUMNS + b"x", b'"' + b"x" * 32_768 + b'"'],
    ids=["rows", "columns", "characters"],
)
def test_a_large_csv_file_is_refused(data: bytes) -> None:
    assert [d.code for d in said(data, "t.csv")] == ["sheet-too-large"]


def test_so_many_mistakes_are_listed_and_the_others_counted() -> None:
    rows = [[number, "-", 1, None, "x"] for number in range(1, 1001)]
    found = said(workbook([*simple(), *rows]))
    assert len(found) == MOST_MISTAKES + 1
    assert any("另有 800 处" in d.message_zh for d in found)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 5000), st.sampled_from(["t.csv", "t.xlsx"]))
def test_damaged_files_are_told_and_never_raise(noise: bytes, at: int, file: str) -> None:
    table = Table.model_validate({"id": "t", "gives": "出", "rows": [{"数": "1", "出": "2"}]})
    good = write_sheet(table, {}, file)
    at %= len(good)
    for data in (noise, good[:at] + noise + good[at:], good[:at] + noise + good[at + len(noise) :]):
        said(data, file)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(texts | st.sampled_from(["列名", "作用", "输出", "条件", "编号", ""]), max_size=5)
    )
)
def test_any_cells_are_read_or_told(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    said(stream.getvalue().encode(), "t.csv")


def test_what_no_sheet_can_hold_is_not_written() -> None:
    for text in ("a\0b", "\ud800", "长" * 40_000):
        table = Table.model_validate({"id": "t", "gives": "出", "rows": [{"数": text, "出": "1"}]})
        with pytest.raises(SheetError):
            write_sheet(table, {}, "t.csv")


# --- in a workspace ---------------------------------------------------------------------------


def matter_with(tables: str) -> str:
    text = small_workspace.matter()
    before, _, rest = text.partition("  - id: minimum\n")
    return before + tables + rest[rest.index("criteria:") :]


def workspace(root: Path, sheet: str | bytes, file: str = "minimum.csv") -> Workspace:
    folder = root / "rulesets/tables"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(sheet.encode() if isinstance(sheet, str) else sheet)
    matter = {"rulesets/matters/sample.yaml": matter_with(f"  - file: {file}\n")}
    small_workspace.make(root, matter)
    return Workspace.load(root)


def errors(found: Workspace) -> list[str]:
    return [f"{d.place} {d.code}" for d in check_workspace(found) if d.is_error]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_matter_reads_its_table_from_a_file(suffix: str, tmp_path: Path) -> None:
    written = small_workspace.make(tmp_path / "yaml", {}).matter("sample", DAY)
    sheet = write_sheet(written.tables[0], {}, "minimum" + suffix)
    found = workspace(tmp_path / "sheet", sheet, "minimum" + suffix)
    assert errors(found) == []
    assert found.matter("sample", DAY) == written


def test_the_digest_of_a_matter_covers_its_sheet(tmp_path: Path) -> None:
    first = workspace(tmp_path, HEAD + COLUMNS + ROWS).digest("matter", "sample", DAY)
    crlf = (HEAD + COLUMNS + ROWS).replace("\n", "\r\n")
    assert workspace(tmp_path, crlf).digest("matter", "sample", DAY) == first
    other = workspace(tmp_path, HEAD + COLUMNS + ROWS.replace("30", "31"))
    assert other.digest("matter", "sample", DAY) != first
    (tmp_path / "rulesets/tables/minimum.csv").unlink()
    gone = Workspace.load(tmp_path).files["rulesets/matters/sample.yaml"].digest
    assert gone not in (first, other.digest("matter", "sample", DAY))


def test_mistakes_are_told_at_their_cells(tmp_path: Path) -> None:
    rows = ROWS.replace("下限", "下線").replace("乙", "丁") + '3,"""甲"" ,,",-\n'
    found = workspace(tmp_path, HEAD + COLUMNS + rows)
    sheet = "rulesets/tables/minimum.csv"
    assert errors(found) == [
        f"{sheet}:8:3 unknown-fact",
        f"{sheet}:9:2 value-outside-codes",
        f"{sheet}:10:2 feel-syntax",
        f"{sheet}:10:3 feel-syntax",
    ]
    shown = render_all(d for d in check_workspace(found) if d.is_error)
    assert '第 10 行 B 列 | "甲" ,,\n' in shown


def test_no_decision_rests_on_a_broken_sheet(tmp_path: Path) -> None:
    from engine import DecisionStopped, decide

    found = workspace(tmp_path, HEAD + COLUMNS + ROWS.replace("30", "30 +"))
    with pytest.raises(DecisionStopped, match=r"rulesets/tables/minimum\.csv:9:3"):
        decide(found, "sample", {"applicant": {}, "facts": {}}, on=DAY)


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text(HEAD + COLUMNS + ROWS, encoding="utf-8")
    found = workspace(tmp_path / "w", "")
    sheet = tmp_path / "w/rulesets/tables/minimum.csv"
    sheet.unlink()
    sheet.symlink_to(outside)
    found = Workspace.load(tmp_path / "w")
    assert errors(found)[0] == "rulesets/matters/sample.yaml:15:11 table-file"


def test_a_text_under_edit_reads_the_sheet_too(tmp_path: Path) -> None:
    found = workspace(tmp_path, HEAD + COLUMNS + ROWS)
    name = "rulesets/matters/sample.yaml"
    text = (tmp_path / name).read_text(encoding="utf-8")
    edited = found.with_text(name, text.replace("title: 示例许可", "title: 新示例许可"))
    assert errors(edited) == []
    assert len(edited.matter("sample", DAY).tables[0].rows) == 2


def test_a_name_in_escapes_is_not_read_behind_the_digest(tmp_path: Path) -> None:
    found = workspace(tmp_path, HEAD + COLUMNS + ROWS)
    name = "rulesets/matters/sample.yaml"
    edited = found.with_text(name, matter_with('  - file: "minimum\\x2ecsv"\n'))
    assert errors(edited)[0] == f"{name}:15:11 table-file"


# --- back into YAML ---------------------------------------------------------------------------


def document(text: str) -> Document:
    found = read_document(text, "m.yaml", Diagnostics())
    assert found is not None
    return found


AROUND = """\
matter: m
# before
tables:
  # the first
  - id: a
    gives: 出
    rows:
      - {数: 1, 出: 2}  # a cell
      - {数: 2, 出: 3}
  # the second
  - {id: b, gives: 二, rows: [{数: 1, 二: 2}]}

# after
criteria: []
"""


@settings(max_examples=40, deadline=None)
@given(any_tables(), st.sampled_from(["a", "b", "c"]))
def test_a_table_put_into_yaml_is_the_table_and_all_else_stays(table: Table, place: str) -> None:
    data = read_sheet(write_sheet(table, DECLARED, "t.csv"), "t.csv", DECLARED, Diagnostics())
    assert data is not None
    old = document(AROUND)
    edit = put_table(old, place, plain_table({**data, "id": place}))
    new = document(edit.text)
    found = {t["id"]: t for t in new.data["tables"]}
    assert Table.model_validate({**found[place], "id": table.id}) == table
    assert [*found] == (["a", "b"] if place != "c" else ["a", "b", "c"])
    assert "# before" in edit.text
    assert edit.text.endswith("\n# after\ncriteria: []\n")
    assert "# the second" in edit.text
    assert edit.is_new == (place == "c")


ROW_TEXTS = (
    "      # about {n}\n      - {{数: {n}, 出: {n}}}  # said of {n}\n",
    '      - 数: "{n}"\n        出: {n}\n        note: |-\n          甲\n          # no comment\n',
    "      - 数: {n}\n        出: >-\n          {n}\n\n",
)


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(ROW_TEXTS)),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[0],
    ),
    st.data(),
)
def test_rows_that_stay_keep_their_text(rows: list[tuple[int, str]], data: st.DataObject) -> None:
    written = [text.format(n=n) for n, text in rows]
    text = AROUND.replace(
        "      - {数: 1, 出: 2}  # a cell\n      - {数: 2, 出: 3}\n", "".join(written)
    )
    old = document(text)
    table = Table.model_validate(old.data["tables"][0])
    numbers = st.integers(0, len(rows) - 1)
    kept = sorted(data.draw(st.sets(numbers)))
    new = [{"数": "10", "出": '"新"'}]
    as_read = (old.data["tables"][0]["rows"][n] for n in kept)
    same = [{k: v if k == "note" else str(v) for k, v in row.items()} for row in as_read]
    plain: dict[str, Any] = {"id": "a", "gives": ["出"], "rows": same}
    edit = put_table(old, "a", plain_table({**plain, "rows": [*plain["rows"], *new]}))
    found = Table.model_validate(document(edit.text).data["tables"][0])
    wanted = [*(table.rows[n] for n in kept), *Table.model_validate({**plain, "rows": new}).rows]
    assert found == table.model_copy(update={"rows": tuple(wanted)})
    before, _, after = AROUND.partition(
        "      - {数: 1, 出: 2}  # a cell\n      - {数: 2, 出: 3}\n"
    )
    lines = "".join(text for n, text in enumerate(written) if n in kept)
    assert edit.text.startswith(before)
    assert edit.text.endswith(after)
    inside = edit.text.removeprefix(before).removesuffix(after)
    # Blank lines go with the row that follows them.
    kept_lines = [line for line in lines.splitlines() if line]
    assert [line for line in inside.splitlines() if line][: len(kept_lines)] == kept_lines


def test_a_matter_without_tables_gets_its_first() -> None:
    edit = put_table(document("matter: m\ntitle: 甲\n"), "t", {"id": "t", "rows": []})
    assert document(edit.text).data["tables"] == [{"id": "t", "rows": []}]


# --- the commands, as the page shows them -----------------------------------------------------

PAGE = ROOT / "docs/tables.md"
BLOCKS = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(tongban, arguments)


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what ships, and the shell in it."""
    for folder in ("rulesets", "form_defs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _play(language: str, text: str, file: Path) -> str:
    """What the block would be if it were written now."""
    if language == "csv":
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    if language == "diff":
        old, new = (line[1:] for line in text.splitlines())
        sheet = file.read_text(encoding="utf-8-sig")
        assert sheet.count(old) == 1
        file.write_text(sheet.replace(old, new), encoding="utf-8", newline="")
        return text
    shown = []
    for line in text.splitlines():
        if line.startswith("$ tongban "):
            shown.append(f"{line}\n{run(*line.split()[2:]).output.rstrip()}\n")
    return "".join(shown)


def test_the_page_shows_what_the_commands_do(city: Path) -> None:
    """Written anew by TONGBAN_RESET_MANUAL=1."""
    page = PAGE.read_text(encoding="utf-8")

    def played(block: re.Match[str]) -> str:
        return f"```{block[1]}\n{_play(block[1], block[2], city / 'minimum_area.csv')}```"

    now = BLOCKS.sub(played, page)
    if os.environ.get("TONGBAN_RESET_MANUAL"):
        PAGE.write_text(now, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == now
    assert now.count("$ tongban") == 4
    found = Workspace.load(city)
    assert not [d for d in check_workspace(found) if d.is_error]
    rows = found.matter("public_venue_hygiene", date(2026, 11, 22)).tables[0].rows
    assert [row.cells["最低面积"] for row in rows][:3] == ["理发最低面积", "30", "购物场所最低面积"]


def test_the_check_sees_that_a_sheet_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGBAN_CACHE", str(tmp_path / "cache"))
    root, sheet = tmp_path / "w", "rulesets/tables/minimum.csv"
    matter = str(root / "rulesets/matters/sample.yaml")
    workspace(root, HEAD + COLUMNS + ROWS)
    assert run("check", str(root)).exit_code == 0
    (root / sheet).write_text(HEAD + COLUMNS + ROWS.replace("30", "30 +"), encoding="utf-8")
    for asked in (str(root), matter, str(root / sheet)):
        for _ in range(2):
            done = run("check", asked)
            assert (done.exit_code, f"{sheet}:9:3: error[feel-syntax]" in done.output) == (1, True)
    (root / sheet).write_text(HEAD + COLUMNS + ROWS, encoding="utf-8")
    assert run("check", matter).exit_code == 0


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_every_shipped_table_goes_out_and_comes_back(suffix: str, city: Path) -> None:
    before = {path: path.read_bytes() for path in city.glob("rulesets/matters/*.yaml")}
    count = 0
    for matter in Workspace.load(city).matters(date(2026, 11, 22)):
        for table in matter.tables:
            count += 1
            file = f"{matter.matter}.{table.id}{suffix}"
            on = ("--on", "2026-11-22")
            assert run("table", "export", matter.matter, table.id, file, *on).exit_code == 0
            done = run("table", "import", file, matter.matter, *on)
            assert done.exit_code == 0, done.output
    assert count >= 2
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("export", "public_venue_hygiene", "minimum", "x.csv"), 2, "minimum_area"),
        (("export", "public_venue_hygiene", "minimum_area", "x.txt"), 2, ".xlsx"),
        (("export", "public_venue_hygiene", "minimum_area", "there.csv"), 2, "--force"),
        (("export", "public_venue_hygiene", "minimum_area", "no/where.csv"), 2, "无法写入"),
        (("export", "public_venue", "minimum_area", "x.csv"), 2, "public_venue_hygiene"),
        (("import", "there.csv", "public_venue_hygiene"), 1, "编号"),
        (("import", "none.csv", "public_venue_hygiene"), 2, "none.csv"),
        (("import", "there.txt", "public_venue_hygiene"), 2, ".xlsx"),
    ],
    ids=range(8),
)
def test_a_command_that_cannot_says_why(
    arguments: tuple[str, ...], status: int, words: str, city: Path
) -> None:
    (city / "there.csv").write_text("a,b\n", encoding="utf-8")
    (city / "there.txt").write_text("a,b\n", encoding="utf-8")
    done = run("table", *arguments)
    assert (done.exit_code, words in done.output) == (status, True), done.output


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(city: Path) -> None:
    os.mkfifo(city / "pipe.csv")
    done = run("table", "import", "pipe.csv", "public_venue_hygiene")
    assert (done.exit_code, "不是普通文件" in done.output) == (2, True), done.output


def test_a_table_that_lives_in_a_file_is_not_written_a_second_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace(tmp_path, HEAD + COLUMNS + ROWS)
    monkeypatch.chdir(tmp_path)
    assert run("table", "export", "sample", "minimum", "out.xlsx").exit_code == 0
    done = run("table", "import", "out.xlsx", "sample")
    assert done.exit_code == 2
    assert "rulesets/tables/minimum.csv" in done.output
    other = (HEAD + COLUMNS + ROWS).replace("minimum", "second").replace("最低面积", "另一面积")
    (tmp_path / "second.csv").write_text(other, encoding="utf-8")
    done = run("table", "import", "second.csv", "sample", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["written"] is True
    assert [t.id for t in Workspace.load(tmp_path).matter("sample", DAY).tables] == [
        "minimum",
        "second",
    ]
