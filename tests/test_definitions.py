"""The shape of definitions: described for people, strict, and every mistake said at its place."""

import copy
import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from engine.clock import Period, PeriodError
from engine.definitions import (
    KIND_TITLES,
    KINDS,
    CodeSet,
    Definition,
    LicenceType,
    json_schema,
    shape_document,
)
from engine.definitions.shaping import MOST_MISTAKES
from engine.diagnostics import Diagnostic, Diagnostics
from engine.source import Document, read_document
from engine.source.document import walk

ROOT = Path(__file__).parent.parent
SHIPPED = sorted([*ROOT.glob("rulesets/**/*.yaml"), *ROOT.glob("form_defs/*.yaml")])
_GOOD = sorted(Path(__file__).parent.glob("bad/_workspace/*/**/*.yaml"))
# One keeps its table in a sheet, which joins it before it has its shape: see test_sheets.
GOOD = [path for path in _GOOD if "file: rates.csv" not in path.read_text(encoding="utf-8")]


def shaped(text: str) -> tuple[Definition | None, list[Diagnostic], Document | None]:
    problems = Diagnostics()
    document = read_document(text, "甲.yaml", problems)
    if document is None:
        return None, list(problems), None
    definition, left = shape_document(document, problems)
    return definition, list(problems), left


def models() -> Iterator[type[BaseModel]]:
    """Every model that a definition can hold, found by walking the annotations."""
    seen: set[type[BaseModel]] = set()
    waiting: list[Any] = list(KINDS.values())
    while waiting:
        annotation = waiting.pop()
        waiting.extend(get_args(annotation))
        is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        if is_model and annotation not in seen:
            seen.add(annotation)
            yield annotation
            waiting.extend(f.annotation for f in annotation.model_fields.values())


# --- what the editor shows -------------------------------------------------------------------


@pytest.mark.parametrize("model", sorted(models(), key=repr))
def test_every_key_says_what_it_means_in_both_languages(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        assert isinstance(extra, dict), name
        assert re.search(r"[一-鿿]", field.description or ""), name
        english = str(extra["description_en"])
        assert english, name
        assert not re.search(r"[一-鿿]", re.sub(r"（.*?）|\(.*?\)", "", english)), (name, english)


@pytest.mark.parametrize("model", sorted(models(), key=repr))
def test_models_are_strict_and_never_change(model: type[BaseModel]) -> None:
    assert model.model_config["strict"]
    assert model.model_config["frozen"]
    if model.__name__ != "Row":  # a row's columns are the author's own
        assert model.model_config["extra"] == "forbid"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_kind_describes_each_key_and_refers_to_nothing_missing(kind: str) -> None:
    schema = json_schema(kind)
    text = json.dumps(schema, ensure_ascii=False)
    for reference in re.findall(r'"#/\$defs/(\w+)"', text):
        assert reference in schema["$defs"]
    assert kind in schema["properties"]
    assert kind in schema["required"]
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, key in part.get("properties", {}).items():
            assert key.get("description"), name
            assert key.get("description_en"), name


def test_keys_that_hold_expressions_are_marked_for_completion() -> None:
    schema = json_schema("matter")
    criterion = schema["$defs"]["Criterion"]["properties"]
    assert criterion["require"]["x-tongban"] == "expression"
    assert "x-tongban" not in criterion["point"]


def test_every_kind_has_a_title() -> None:
    assert set(KIND_TITLES) == set(KINDS)


# --- good definitions ------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SHIPPED, *GOOD], ids=lambda path: path.stem)
def test_what_ships_has_the_right_shape(path: Path) -> None:
    definition, problems, document = shaped(path.read_text(encoding="utf-8"))
    assert problems == []
    assert definition is not None
    assert document is not None
    kind = next(iter(document.data))
    assert type(definition) is KINDS[kind]
    assert getattr(definition, kind) == str(document.data[kind])


def test_numbers_where_text_is_meant_keep_their_digits() -> None:
    definition, problems, _ = shaped("region: 010020\ntitle: 100\nparent: 370800\n")
    assert problems == []
    assert definition is not None
    assert definition.model_dump()["region"] == "010020"
    assert definition.model_dump()["parent"] == "370800"
    assert definition.model_dump()["title"] == "100"


def test_a_single_one_may_be_written_without_a_list() -> None:
    one, _, _ = shaped("codes: k\ntitle: 类别\nvalues: {code: 甲}\n")
    many, _, _ = shaped("codes: k\ntitle: 类别\nvalues: [{code: 甲}]\n")
    assert one == many
    assert one is not None


@given(st.text(max_size=12))
def test_a_period_is_what_the_clock_reads(text: str) -> None:
    document = f"licence: l\ntitle: 证\nvalid: {json.dumps(text, ensure_ascii=False)}\n"
    definition, problems, _ = shaped(document)
    try:
        Period.parse(text)
        is_period = bool(text.strip())
    except PeriodError:
        is_period = False
    if not any(p.code.startswith("yaml") for p in problems):
        assert (not problems and definition is not None) == is_period


# --- mistakes --------------------------------------------------------------------------------

MATTER = """\
matter: sample
title: 示例许可
type: 行政许可
level: 县级
organ: 示例局
criteria:
  - id: a
    stage: 审查
    point: 面积够大
    require: 面积 > 10
    basis: {law: 示例法}
  - id: b
    stage: 审查
    point: 人数够多
    require: 人数 > 3
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ("type: 行政许可", "type: 许可", "wrong-value", 3, 7),
        ("type: 行政许可\n", "", "missing-key", 1, 1),
        ("title:", "tilte:", "unknown-key", 2, 1),
        ("    stage: 审查\n    point: 面积够大", "    point: 面积够大", "missing-key", 7, 5),
        ("id: b", "id: 乙", "wrong-value", 12, 9),
        ("{law: 示例法}", "{law: 示例法, verified: on}", "wrong-value", 11, 33),
        ("{law: 示例法}", "{laws: 示例法}", "unknown-key", 11, 13),
        ("stage: 审查\n    point: 人数", "stage: 审核\n    point: 人数", "wrong-value", 13, 12),
        ("point: 人数够多", "point: ' '", "wrong-value", 14, 12),
        ("matter: sample", "matter: Sample", "wrong-value", 1, 9),
        ("matter: sample", "mattre: sample", "unknown-kind", 1, 1),
        ("organ: 示例局", "organ: [示例局]", "wrong-value", 5, 8),
        ("organ: 示例局", "organ: 示例局\nvisits: 10", "wrong-value", 6, 9),
    ],
)
def test_a_mistake_is_said_where_it_is(
    old: str, new: str, code: str, line: int, column: int
) -> None:
    assert old in MATTER
    definition, problems, _ = shaped(MATTER.replace(old, new, 1))
    found = [(p.code, p.place.line, p.place.column) for p in problems]
    assert (code, line, column) in found
    has_id = code != "unknown-kind" and not old.startswith("matter")
    assert (definition is not None) == has_id, "the rest is still checked"
    assert len(found) == (2 if code == "unknown-key" else 1)


def test_what_is_broken_is_taken_out_and_what_is_not_stays() -> None:
    text = MATTER.replace("stage: 审查\n    point: 面积", "stage: 审核\n    point: 面积")
    definition, problems, document = shaped(text)
    assert [p.code for p in problems] == ["wrong-value"]
    assert document is not None
    assert [c["id"] for c in document.data["criteria"]] == ["a", "b"] or [
        c["id"] for c in document.data["criteria"]
    ] == ["b"]
    assert definition is not None


@pytest.mark.parametrize("value", ["[1]", "{a: 1}"])
def test_a_value_that_fits_none_of_several_types_is_one_mistake(value: str) -> None:
    text = MATTER + f"parameters:\n  下限: {{type: decimal, value: {value}}}\n"
    _, problems, _ = shaped(text)
    assert [(p.code, p.place.line) for p in problems] == [("wrong-value", 17)]


def test_all_mistakes_are_said_at_once() -> None:
    text = (
        MATTER.replace("organ: 示例局", "organ: []").replace("stage", "stag").replace("law", "lex")
    )
    _, problems, _ = shaped(text)
    codes = [p.code for p in problems]
    assert codes.count("unknown-key") == 3
    assert codes.count("missing-key") == 3
    assert codes.count("wrong-value") == 1


def test_of_very_many_mistakes_the_first_are_listed_and_the_others_counted() -> None:
    text = MATTER + "".join(f"多余{n}: 1\n" for n in range(20_000))
    began = time.perf_counter()
    definition, problems, document = shaped(text)
    # Each mistake for itself took time with the square of their number: minutes, here.
    assert time.perf_counter() - began < 20
    assert len(problems) == MOST_MISTAKES
    assert "另有 19800 处" in problems[-1].help_zh
    assert "19800 more" in problems[-1].help_en
    assert not any("另有" in p.help_zh for p in problems[:-1])
    assert definition == shaped(MATTER)[0], "the rest is still checked"
    assert document is not None
    assert "多余19999" not in document.data


@given(st.data())
def test_taking_out_all_at_once_is_taking_out_one_after_the_other(data: st.DataObject) -> None:
    """Oracle: one path at a time, the last entries of a list first."""
    whole = shaped(MATTER)[2]
    assert whole is not None
    paths = [path for path, _ in walk(whole.root) if path]
    chosen = data.draw(st.lists(st.sampled_from(paths), unique=True, max_size=12))
    outer = [p for p in chosen if not any(p[:n] in chosen for n in range(len(p)))]
    left = copy.deepcopy(whole.data)
    for path in sorted(outer, key=lambda p: [(isinstance(s, str), s) for s in p], reverse=True):
        parent = left
        for step in path[:-1]:
            parent = parent[step]
        del parent[path[-1]]
    less = whole.without_all(outer)
    assert less.data == left
    assert len(less.removed) == len(outer)


SMALL_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**6), st.text(max_size=6),
    st.sampled_from(["行政许可", "2026-01-01", "20 working days", "licence", "a.b", "[0..1]"]),
    st.lists(st.integers(0, 3), max_size=2), st.dictionaries(st.text(max_size=4), st.none(), max_size=2),
)  # fmt: skip


def mutated(data: Any, random: Random, value: Any) -> Any:
    """`data` with one place somewhere replaced, taken out or given a key too many."""
    data = copy.deepcopy(data)
    node = data
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return data
        key = random.choice(keys)
        child = node[key]
        if isinstance(child, dict | list) and child and random.random() < 0.8:
            node = child
            continue
        way = random.random()
        if way < 0.5:
            node[key] = value
        elif way < 0.75:
            del node[key]
        elif isinstance(node, dict):
            node["".join(random.sample("abc甲乙", 3))] = value
        return data


def plain_data(path: Path) -> Any:
    """The data of a file, decimals as text, so that it can be written as JSON."""
    document = read_document(path.read_text(encoding="utf-8"), path.name, Diagnostics())
    assert document is not None
    return json.loads(json.dumps(document.data, default=str))


DOCUMENTS = [plain_data(path) for path in [*SHIPPED, *GOOD]]


@settings(max_examples=400)
@given(
    st.sampled_from(DOCUMENTS), st.randoms(use_true_random=False), SMALL_VALUES, st.integers(1, 4)
)
def test_any_broken_definition_ends_in_diagnostics_inside_the_file(
    data: Any, random: Random, value: Any, times: int
) -> None:
    for _ in range(times):
        data = mutated(data, random, value)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    problems = Diagnostics()
    document = read_document(text, "甲.yaml", problems)
    if document is None:
        assert problems.found
        return
    definition, left = shape_document(document, problems)
    lines = text.splitlines()
    for problem in problems:
        assert "？" not in problem.message_zh or "？" in text, "a stand-in is not the author's"
        place = problem.place
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    if definition is None or problems.found:
        assert problems.found
    else:
        assert left is document
    kept = {path for path, _ in walk(left.root)}
    assert len(kept) <= len(list(walk(document.root))) + 4  # stand-ins for missing root keys


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_ends_in_a_definition_or_a_diagnostic(text: str) -> None:
    definition, problems, _ = shaped(text)
    assert definition is not None or problems


# --- what definitions themselves say ---------------------------------------------------------


@pytest.mark.parametrize(
    ("regions", "region", "is_included"),
    [
        ([], "110101", True),
        (["370800"], "370811", True),
        (["370800"], "370811001000", True),
        (["370800"], "370900", False),
        (["370000"], "370900", True),
        (["370811"], "370811", True),
        (["370811"], "370812", False),
        (["370811"], "370800", False),
        (["370811001000"], "370811001000", True),
        (["370811001000"], "370811002000", False),
        (["510000", "370811"], "370811", True),
    ],
)
def test_a_licence_covers_its_regions_and_those_below(
    regions: list[str], region: str, is_included: bool
) -> None:
    definition, _, _ = shaped(
        f"licence: l\ntitle: 证\ncoverage: {{regions: {json.dumps(regions)}}}\n"
    )
    assert isinstance(definition, LicenceType)
    assert definition.coverage.includes(region) == is_included


def test_a_withdrawn_code_is_in_use_to_its_last_day_and_no_longer() -> None:
    text = "codes: kinds\ntitle: 类别\nvalues: [{code: 甲, effective_to: 2026-06-30}, {code: 乙}]\n"
    codes = shaped(text)[0]
    assert isinstance(codes, CodeSet)
    assert codes.words == ("甲", "乙")
    assert codes.words_on(date(2026, 6, 30)) == ("甲", "乙")
    assert codes.words_on(date(2026, 7, 1)) == ("乙",)
