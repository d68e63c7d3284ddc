"""DMN both ways: what is written reads back the same, means the same, and loses nothing unsaid."""

import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import small_workspace
from dmn_reader import Conflict, NoAnswer, Reader, local, structure_problems
from engine import Matter, Workspace, check_workspace
from engine.cli import tongban
from engine.decision.hit_policies import RowsConflict
from engine.decision.tables import compile_table
from engine.diagnostics import Diagnostic, Diagnostics, render_all
from engine.feel import compile_expression
from engine.interchange.dmn_export import Surroundings, export_matter, half_width
from engine.interchange.dmn_import import Imported, import_dmn
from engine.interchange.dmn_names import plain_name
from engine.interchange.dmn_writing import write_dmn
from engine.interchange.dmn_xml import read_xml
from engine.interchange.yaml_writing import write_yaml
from engine.profile import compile_rule
from engine.source import read_document
from engine.workspace.loading import shape_file
from shipped import MATTERS, ROOT
from test_bad import BAD, IS_RESET, said
from test_cli import documented

ON = date(2026, 11, 22)
HERE = ("--on", ON.isoformat(), "--root", str(ROOT))
GIVEN = frozenset({"申请日期", "地区", "办理路径", "申请人", "工作日数"})
FIXTURES = sorted((Path(__file__).parent / "dmn").glob("*.dmn"))
BROKEN = sorted(BAD.glob("*.dmn"))


def paths(files: list[Path]) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in files]


def take(raw: bytes, file: str = "x.dmn") -> tuple[Imported | None, tuple[Diagnostic, ...]]:
    problems = Diagnostics()
    return import_dmn(raw, file, "", GIVEN, problems), problems.sorted()


def matter_of(made: Imported) -> Matter:
    found = shape_file(*made.files[0])
    assert not found.diagnostics, render_all(found.diagnostics)
    assert isinstance(found.definition, Matter)
    return found.definition


def run(*arguments: str) -> Result:
    """The command in this process; what it says in words is on standard error."""
    done = CliRunner().invoke(tongban, [*arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def give(matter: str) -> tuple[str, Matter]:
    """What `tongban dmn export` writes, and the definition it was written from."""
    done = run("dmn", "export", matter, *HERE)
    found = Workspace.load(ROOT).file("matter", matter, ON).definition
    assert isinstance(found, Matter)
    return done.stdout, found


# --- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", paths(BROKEN))
def test_a_file_that_does_not_map_says_what_is_expected(path: Path) -> None:
    _, found = take(path.read_bytes(), path.name)
    expected = path.with_suffix(".txt")
    if IS_RESET:
        expected.write_bytes(said(found))
    assert expected.read_text("utf-8") == said(found).decode()
    assert path.stem in [d.code for d in found]
    assert all(d.place.line for d in found)


@pytest.mark.parametrize("path", paths(FIXTURES))
def test_what_a_modeller_wrote_is_read_as_expected(path: Path) -> None:
    """The definitions made and all that is said of them, kept beside the file to be read."""
    made, found = take(path.read_bytes(), path.name)
    assert made is not None
    text = "".join(f"# {name}\n{text}\n" for name, text in made.files)
    expected = path.with_suffix(".txt")
    if IS_RESET:
        expected.write_text(text + said(found).decode(), encoding="utf-8")
    assert expected.read_text("utf-8") == text + said(found).decode()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FIXTURES), st.integers(0, 10_000), st.sampled_from(["mark", "own", "key"]))
def test_nothing_is_lost_without_a_word(path: Path, number: int, kind: str) -> None:
    """An element or an attribute that nobody knows is reported wherever it stands."""
    root = ET.fromstring(path.read_bytes())
    elements = [
        e for e in root.iter() if local(e) not in ("text", "typeRef", "question", "description")
    ]
    before = len(take(ET.tostring(root, "utf-8"))[1])
    chosen = elements[number % len(elements)]
    space = root.tag.partition("}")[0][1:]
    if kind == "key":
        chosen.set("{urn:x}unheard", "1")
    else:
        ET.SubElement(chosen, f"{{{space}}}unheard" if kind == "own" else "{urn:x}unheard")
    _, after = take(ET.tostring(root, "utf-8"))
    parents = {child: parent for parent in root.iter() for child in parent}
    if any(local(e) in DROPPED_WHOLE for e in (chosen, *ancestors(chosen, parents))):
        assert len(after) == before
    else:
        assert len(after) == before + 1
        assert any("unheard" in d.message_zh for d in after) or kind != "key"


# What is reported once, with all that is in it.
DROPPED_WHOLE = {
    "extensionElements", "DMNDI", "DMNDiagram", "DMNShape", "Bounds", "invocation", "binding",
    "businessKnowledgeModel", "knowledgeRequirement", "decisionService", "ProposedBy",
}  # fmt: skip


def ancestors(element: ET.Element, parents: Mapping[ET.Element, ET.Element]) -> list[ET.Element]:
    found = []
    while element in parents:
        element = parents[element]
        found.append(element)
    return found


# --- what it means -----------------------------------------------------------------------------


def plain_values(value: Any) -> Any:
    """A foreign record with its entries as we name them."""
    if isinstance(value, dict):
        return {plain_name(key): plain_values(item) for key, item in value.items()}
    return [plain_values(item) for item in value] if isinstance(value, list) else value


def evaluated(matter: Matter, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Every fact that the matter computes, as the engine computes it. Raises RowsConflict."""
    known = dict(facts)
    known |= {name: p.value for name, p in matter.parameters.items()}
    tables = [compile_table(table) for table in matter.tables]
    for _ in range(len(tables) + len(matter.facts)):
        for name, fact in matter.facts.items():
            if fact.compute is not None and compile_rule(fact.compute).names <= set(known):
                known[name] = compile_rule(fact.compute).evaluate(known)
        for table in tables:
            if table.reads <= set(known):
                known |= table.answer(known).values
    return known


numbers = st.sampled_from([Decimal(n) for n in (0, 5, 9, 10, 11, 12, 29, 30, 50, 55, 60, 61)])
days = st.dates(date(2020, 1, 1), date(2026, 12, 31))
FACTS = {
    "camunda": st.fixed_dictionaries(
        {"months_jobless": numbers, "age": numbers, "resident": st.booleans()}
    ),
    "trisotech": st.fixed_dictionaries(
        {
            "Shop": st.fixed_dictionaries(
                {"Shop Kind": st.sampled_from(["barber", "beauty", "hotel"]), "Floor Area": numbers}
            ),
            "Inspection Dates": st.lists(days, min_size=1, max_size=3),
            "Fee": numbers,
        }
    ),
    "kie": st.fixed_dictionaries(
        {
            "Violation": st.fixed_dictionaries(
                {"Code": st.sampled_from(["speed", "parking"]), "Actual Speed": numbers}
            ),
            "Limit": numbers,
        }
    ),
}


@pytest.mark.parametrize("path", paths(FIXTURES))
def test_what_a_modeller_wrote_means_the_same_here(path: Path) -> None:
    raw = path.read_bytes()
    reader = Reader(raw)
    made, _ = take(raw)
    assert made is not None
    matter = matter_of(made)
    compared = set()

    @settings(max_examples=30, deadline=None)
    @given(FACTS[path.stem])
    def agree(facts: Mapping[str, Any]) -> None:
        try:
            ours = evaluated(matter, plain_values(facts))
        except RowsConflict:
            ours = None
        unknown = False
        for decision in reader.decisions.values():
            name = decision.get("name", "")
            try:
                wanted = reader.answer(decision, facts)
            except NoAnswer:
                continue
            compared.add(name)
            unknown = unknown or wanted is None
            assert ours is not None
            if unknown and ours.get(plain_name(name)) is None:
                continue  # FEEL decides from null; here it is 待核
            if isinstance(wanted, dict) and plain_name(name) not in ours:
                assert {n: ours[n] for n in plain_values(wanted)} == plain_values(wanted)
            else:
                assert ours[plain_name(name)] == plain_values(wanted), name

    agree()
    assert len(compared) >= 2


# --- there and back ----------------------------------------------------------------------------


@pytest.mark.parametrize("matter", MATTERS)
def test_a_shipped_matter_comes_back_as_it_was(matter: str) -> None:
    text, wanted = give(matter)
    assert structure_problems(text.encode()) == []
    made, found = take(text.encode())
    assert made is not None
    assert [d.code for d in found] == []
    back = matter_of(made)
    for part in ("facts", "parameters", "tables", "criteria"):
        assert getattr(back, part) == getattr(wanted, part)
    workspace = Workspace.load(ROOT)
    for name, code_set in made.files[1:]:
        definition = shape_file(name, code_set).definition
        assert definition == workspace.codes(name.removesuffix(".yaml"), ON)


HEAD: Mapping[str, Any] = {
    "matter": "sample", "title": "示例", "type": "行政许可", "level": "县级", "organ": "示例局",
}  # fmt: skip
INPUTS = {
    "面积": {"type": "decimal", "range": "[0..1000]", "unit": "m²", "scale": 2},
    "人数": {"type": "integer", "note": "含“兼职” & <临时>"},
    "类别": {"type": "text", "codes": "kinds"},
    "新办": {"type": "boolean", "title": "是否新办"},
    "受理日": {"type": "date"},
    "项目": {"type": "list", "of": "text"},
}
CELLS = {
    "面积": ["-", "< 10", ">= 10", "[10..30)", "(5..10], 100", "? > 人数", "not(10, 30)", "＞= 5"],
    "人数": ["-", "1", "[0..5]", "> 5", "0, 2, 4"],
    "类别": ["-", '"甲"', '"乙", "丙"', 'not("甲")', '"a\\"b"'],
    "新办": ["-", "true", "false"],
    "受理日": ["-", '>= date("2025-01-01")', '< @"2024-06-01"'],
    "倍数": ["-", "> 10", "[0..10]", "? = 人数"],
}
OUTPUTS = {
    "结果": ["1", "2.50", "面积 * 2", "人数 + 1", "null", "-3"],
    "等次": ['"高"', '"低"', 'if 新办 then "新" else "旧"', '"说：\\"好\\""'],
}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")),
                min_size=1, max_size=12).map(str.strip).filter(bool)  # fmt: skip
POLICIES = ["unique", "any", "first", "rule_order", "collect", "sum", "min", "max", "count"]


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a table, of every policy, with computed columns, defaults and odd words."""
    policy = draw(st.sampled_from(POLICIES))
    columns = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=4, unique=True))
    is_one = policy in ("sum", "min", "max", "count")
    outputs = ["结果"] if is_one or draw(st.booleans()) else list(OUTPUTS)
    data: dict[str, Any] = {"id": "made", "gives": outputs}
    data |= {"title": draw(WORDS)} if draw(st.booleans()) else {}
    data |= {"hit": "collect", "aggregation": policy} if is_one else {"hit": policy}
    if policy in ("rule_order", "collect") and len(outputs) > 1:
        data["records"] = "清单"
    data |= {"reason": draw(WORDS)} if policy == "first" else {}
    data |= {"inputs": {"倍数": "面积 * 2 - 人数"}} if "倍数" in columns else {}
    data |= {"default": {n: OUTPUTS[n][0] for n in outputs}} if draw(st.booleans()) else {}
    data |= {"allowed": {"类别": '"甲", "乙", "丙"'}} if "类别" in columns else {}
    data |= {"units": {"结果": "元"}} if draw(st.booleans()) else {}
    data["basis"] = draw(st.lists(bases(), max_size=2))
    data["rows"] = draw(st.lists(rows(columns, outputs), min_size=1, max_size=6))
    return data


def bases() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"law": WORDS}, optional={"article": WORDS, "quote": WORDS, "verified": st.booleans()}
    )


@st.composite
def rows(draw: st.DrawFn, columns: list[str], outputs: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {c: draw(st.sampled_from(CELLS[c])) for c in columns}
    row |= {n: draw(st.sampled_from(OUTPUTS[n])) for n in outputs}
    row |= {"note": draw(WORDS)} if draw(st.booleans()) else {}
    return row | ({"basis": draw(st.lists(bases(), min_size=1, max_size=2))} if draw(st.booleans())
                  else {})  # fmt: skip


KINDS = small_workspace.FILES["rulesets/codes/kinds.yaml"]
some_facts = st.fixed_dictionaries(
    {
        "面积": numbers,
        "人数": st.integers(0, 6).map(Decimal),
        "类别": st.sampled_from(["甲", "乙", "丙"]),
        "新办": st.booleans(),
        "受理日": days,
        "项目": st.just([]),
    }
)


def exported(data: Mapping[str, Any]) -> tuple[Matter, str]:
    """A matter of one table and its DMN text."""
    from engine.checks.matters import types_of
    from engine.definitions import CodeSet

    text = write_yaml({**HEAD, "facts": INPUTS, "tables": [data]})
    file = shape_file("m.yaml", text)
    assert isinstance(file.definition, Matter), render_all(file.diagnostics)
    assert file.document is not None
    codes = shape_file("kinds.yaml", KINDS).definition
    assert isinstance(codes, CodeSet)
    around = Surroundings(types_of(file.definition), {"kinds": codes}, frozenset(), GIVEN)
    model = export_matter(file.definition, around, file.document, Diagnostics())
    return file.definition, write_dmn(model)


def normal(matter: Matter) -> Any:
    """A matter's tables with every cell in half-width signs, as DMN has them."""
    return [
        [{n: half_width(t) for n, t in row.cells.items()} for row in table.rows]
        for table in matter.tables
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.lists(some_facts, min_size=1, max_size=4))
def test_any_table_comes_back_and_decides_the_same(
    data: dict[str, Any], applications: list[dict[str, Any]]
) -> None:
    matter, text = exported(data)
    assert structure_problems(text.encode()) == []
    made, found = take(text.encode())
    assert made is not None
    assert [d.code for d in found] == []
    back = matter_of(made)
    assert back.facts == matter.facts
    assert normal(back) == normal(matter)
    ours, theirs = matter.tables[0], back.tables[0]
    assert theirs.model_copy(update={"rows": ours.rows}) == ours
    assert [(r.basis, r.note) for r in theirs.rows] == [(r.basis, r.note) for r in ours.rows]
    reader = Reader(text.encode())
    decision = reader.decisions["table_made"]
    for facts in applications:
        try:
            wanted = reader.answer(decision, facts)
        except Conflict:
            wanted = RowsConflict
        except NoAnswer:
            continue
        for table in (ours, theirs):
            assert answered(table, facts) == wanted


def answered(table: Any, facts: Mapping[str, Any]) -> Any:
    try:
        values = compile_table(table).answer(facts).values
    except RowsConflict:
        return RowsConflict
    return next(iter(values.values())) if len(values) == 1 else values


def test_the_same_definition_gives_the_same_bytes() -> None:
    first, _ = give(MATTERS[0])
    assert first == give(MATTERS[0])[0]


# --- names -------------------------------------------------------------------------------------


@given(st.text(min_size=1, max_size=80))
@example("Age in years")
@example("1. 面积（m²）")
@example("if")
@example("名·称")
@example("ⅷ")
def test_every_name_becomes_one_word_that_feel_reads(name: str) -> None:
    word = plain_name(name)
    assert re.fullmatch(r"[^\W\d]\w{0,59}", word)
    assert compile_expression(word).names <= {word}
    assert plain_name(word) == word


# --- hostile files -----------------------------------------------------------------------------

SPACE = 'xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"'
HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "text": b"hello",
    "binary": bytes(range(256)),
    "json": b'{"a": 1}',
    "laughs": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "external": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    "entity file": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "undefined": f"<definitions {SPACE}>&nope;</definitions>".encode(),
    "deep": f"<definitions {SPACE}>".encode() + b"<a>" * 50_000,
    "deep closed": b"<a>" * 5_000 + b"</a>" * 5_000,
    "wide": f"<definitions {SPACE}>".encode() + b"<a/>" * 200_001 + b"</definitions>",
    "long": f"<definitions {SPACE}>".encode() + b" " * 9_000_000 + b"</definitions>",
    "truncated": FIXTURES[0].read_bytes()[:700],
    "prefix": b"<a:definitions/>",
    "two roots": b"<a/><b/>",
    "twice": b'<a x="1" x="2"/>',
    "encoding": b'<?xml version="1.0" encoding="rot13"?><a/>',
    "not utf-8": "<a>中</a>".encode("gb18030"),
    "half utf-16": b"\xff\xfe<",
    "version 2": b'<?xml version="2.0"?><a/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_diagnostic_with_its_place(name: str) -> None:
    made, found = take(HOSTILE[name])
    assert made is None
    assert [d.code for d in found] in (["dmn-xml"], ["dmn-version"])
    assert ("DTD" in render_all(found)) == (b"<!DOCTYPE" in HOSTILE[name])


def test_places_count_lines_and_characters() -> None:
    problems = Diagnostics()
    raw = f'<definitions {SPACE}>\n<!-- 中文 --><decision id="一"/>\n  <x>中</y></definitions>'
    assert read_xml(raw.encode(), "x", problems) is None
    (found,) = problems.sorted()
    assert (found.place.line, found.place.column) == (3, 9)
    good = read_xml(raw.replace("</y>", "</x>").encode(), "x", problems)
    assert good is not None
    assert [(e.line, e.column) for e in good.root.children] == [(2, 12), (3, 3)]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_a_file_in_a_chinese_encoding_is_read(encoding: str) -> None:
    path = BAD / "dmn-name.dmn"
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = path.read_text("utf-8").replace("UTF-8", declared)
    made, _ = take(text.encode(encoding))
    assert made is not None
    assert "营业_面积" in matter_of(made).facts


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*FIXTURES, *BROKEN]), st.randoms(use_true_random=False))
def test_a_damaged_file_is_answered_with_words(path: Path, random: Any) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(raw))
        end = at + random.choice([0, 0, 1, 5, 60])
        raw[at:end] = random.choice(
            [b"", b"<", b"/>", b'"', b"&#0;", b" x", b"-", b"[", "＂".encode()]
        )
    made, found = take(bytes(raw))
    assert made is not None or found
    if made is not None:
        for name, text in made.files:
            assert read_document(text, name, Diagnostics()) is not None


def item(name: str, inner: str) -> str:
    return f'<itemDefinition name="{name}">{inner}</itemDefinition>'


def unfolding() -> str:
    """Each type holds the next one twice."""
    part = '<itemComponent name="{}"><typeRef>t{}</typeRef></itemComponent>'
    return "".join(
        item(f"t{n}", part.format("a", n + 1) + part.format("b", n + 1)) for n in range(38)
    )


LABOUR: dict[str, str] = {
    "types unfolding": unfolding(),
    "types in a row": "".join(item(f"t{n}", f"<typeRef>t{n + 1}</typeRef>") for n in range(3000)),
    "types in a circle": item("t0", "<typeRef>t1</typeRef>") + item("t1", "<typeRef>t0</typeRef>"),
    "decisions in a row": "".join(
        f'<decision id="d{n}" name="d{n}"><literalExpression><text>d{n + 1} + d{n + 1} + d{n + 1}'
        "</text></literalExpression></decision>"
        for n in range(1500)
    ),
    "names of two words": "".join(
        f'<decision id="d{n}" name="d {n}"><literalExpression><text>d {n + 1}</text>'
        "</literalExpression></decision>"
        for n in range(400)
    ),
    "one name for everything": '<decision id="d" name="d"/>' * 8000,
}


@pytest.mark.parametrize("name", LABOUR)
def test_a_laborious_file_is_read_in_time(name: str) -> None:
    tail = '<inputData id="i" name="甲"><variable name="甲" typeRef="t0"/></inputData>'
    raw = f'<definitions {SPACE} name="x" namespace="u">{LABOUR[name]}{tail}</definitions>'
    started = time.process_time()
    made, found = take(raw.encode())
    assert time.process_time() - started < 20
    assert made is not None
    assert "甲" in matter_of(made).facts
    if "types" in name:
        assert "dmn-lost" in [d.code for d in found]


KEYS = [
    "[]", "nonsense", '{"kind": "table"}', '{"kind": "criterion"}', '{"kind": "parameter"}',
    '{"kind": "fact", "scale": "x", "basis": 3}', '{"codes": {"values": 3}}', '{"basis": {"a": 1}}',
    '{"kind": "criterion", "id": "x", "part": "nope", "effect": [1]}', '{"whole": true}',
    '{"codes": {"values": [1, null], "codes": ["x"]}}', '{"matter": {"a": {"b": [1, {"c": null}]}}}',
]  # fmt: skip


@pytest.mark.parametrize("keys", KEYS, ids=range(len(KEYS)))
def test_keys_of_ours_that_somebody_else_wrote_break_nothing(keys: str) -> None:
    own = f'<extensionElements><k:keys xmlns:k="urn:tongban:dmn:1">{keys}</k:keys></extensionElements>'
    text = FIXTURES[2].read_text("utf-8")
    for tag in ("definitions", "itemDefinition", "inputData", "decision", "rule"):
        changed = re.sub(
            rf"(<semantic:{tag}\b[^>]*[^/]>)",
            rf"\1{own}".replace("extensionElements", "semantic:extensionElements"),
            text,
        )
        made, found = take(changed.encode())
        assert changed != text
        assert made is not None
        assert found


@pytest.mark.parametrize("logic", ["and", "sum(for i in 1..99999999 return i)"])
def test_a_figure_that_is_no_feel_is_no_figure(logic: str) -> None:
    keys = '<k:keys xmlns:k="urn:tongban:dmn:1">{"kind": "parameter", "type": "text"}</k:keys>'
    raw = (
        f'<definitions {SPACE} name="x" namespace="u"><decision id="d" name="限额">'
        f"<extensionElements>{keys}</extensionElements>"
        f"<literalExpression><text>{logic}</text></literalExpression></decision></definitions>"
    )
    made, found = take(raw.encode())
    assert [d.code for d in found if d.is_error] == ["dmn-expression"]
    assert made is not None
    document = read_document(made.files[0][1], "", Diagnostics())
    assert document is not None
    assert document.data["parameters"]["限额"]["value"] is None


# --- YAML --------------------------------------------------------------------------------------

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.sampled_from(
        ["true", "~", "12:30", "010", "- a", "a: b", "# x", "\u2028", "a\n b\n", "|", "-0"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("ab文1_ -", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.text("ab文1_ -:", min_size=1, max_size=5), values, min_size=1, max_size=4)
)
def test_yaml_written_is_read_back_the_same(data: dict[str, Any]) -> None:
    problems = Diagnostics()
    document = read_document(write_yaml(data), "x", problems)
    assert document is not None, render_all(problems)
    assert document.data == data


# --- the command -------------------------------------------------------------------------------


def test_export_says_what_it_leaves_out_and_what_matters() -> None:
    done = run("dmn", "export", "public_venue_hygiene", *HERE)
    assert done.exit_code == 0
    assert "申请材料“application_form" in done.stderr
    lost = run("dmn", "export", "travel_agency_branch_filing", *HERE)
    assert lost.exit_code == 1
    assert "函数“工作日数”没有导出" in lost.stderr
    assert run("dmn", "export", "nothing", *HERE).exit_code == 2


def test_a_regions_figures_are_those_exported() -> None:
    plain = run("dmn", "export", "public_venue_hygiene", *HERE)
    region = run("dmn", "export", "public_venue_hygiene", *HERE, "--region", "510100")
    assert plain.exit_code == region.exit_code == 0
    assert plain.stdout != region.stdout


def test_import_writes_definitions_that_check(tmp_path: Path) -> None:
    small_workspace.make(tmp_path)
    target = tmp_path / "rulesets" / "matters" / "shop.yaml"
    source = str(FIXTURES[0])
    done = run("dmn", "import", source, "--matter", "shop", "-o", str(target))
    assert done.exit_code == 0
    assert "layout" not in done.stderr
    assert "图形布局" in done.stderr
    found = [
        d for d in check_workspace(Workspace.load(tmp_path)) if d.place.file.endswith("shop.yaml")
    ]
    assert [d for d in found if d.is_error and "basis" not in d.code] == [], render_all(found)
    again = run("dmn", "import", source, "--matter", "shop", "-o", str(target))
    assert again.exit_code == 2
    assert "不覆盖" in again.stderr


@pytest.mark.parametrize("path", paths(FIXTURES))
def test_one_json_document_each(path: Path) -> None:
    keys = documented("The documents")["dmn"]
    for arguments in (("import", str(path)), ("export", "old_age_allowance", "--root", str(ROOT))):
        done = run("dmn", *arguments, "--json")
        assert list(json.loads(done.stdout)) == keys
        assert not done.stderr


def test_a_file_that_cannot_be_read_is_one(tmp_path: Path) -> None:
    broken = tmp_path / "x.dmn"
    broken.write_bytes(HOSTILE["laughs"])
    done = run("dmn", "import", str(broken))
    assert done.exit_code == 1
    assert "DTD" in done.stderr
    assert run("dmn", "import", str(tmp_path / "none.dmn")).exit_code == 2
