"""The embedded licence library and credit register: good rows, torn rows, changed files."""

import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.hooks import (
    Applicant,
    CreditRecord,
    Licence,
    PluginError,
    Question,
    Reply,
    Source,
    ask_sources,
    check_source,
    collect_sources,
    create_plugin_manager,
    examine_sources,
)

ROOT = Path(__file__).parent.parent
ON = date(2026, 11, 22)
SHOP, OUTSIDER = "92370811MA3C00011H", "91320102MA3C00089T"
HEADER = (
    "type,number,holder_name,holder_id,status,issued_on,valid_until,issuer_name,issuer_id,"
    "region,identifier,经营场所,经营面积:decimal,成立日期:date,连锁:boolean,员工数:integer"
)
GOOD = "business_licence,1,店,A,有效,2024-03-01,,局,B,370811,,一号,42.50,2024-03-01,是,7"


def sources(root: Path, config: Mapping[str, Mapping[str, object]] | None = None) -> list[Source]:
    return list(collect_sources(create_plugin_manager(root, config)))


def library(root: Path, text: str, name: str = "licences.csv") -> Source:
    (root / name).write_text(text, encoding="utf-8")
    (source,) = sources(root, {"licence_library": {"path": name}})
    return source


def credit(root: Path, text: str, name: str = "credit.yaml") -> Source:
    (root / name).write_text(text, encoding="utf-8")
    found = sources(root, {"credit_register": {"path": name}})
    return next(source for source in found if source.kind == "credit")


def question(
    who: str, *others: str, on: date = ON, wanted: tuple[str, ...] | None = None
) -> Question:
    applicant = Applicant("某", "统一社会信用代码", who)
    return Question("m", "370811", on, applicant, wanted=wanted, subjects=others)


def ask(source: Source, who: str, *others: str, on: date = ON) -> Reply:
    (reply,) = ask_sources([source], question(who, *others, on=on))
    return reply


def problems(source: Source) -> list[str]:
    return list(examine_sources([source]))


# --- what ships -------------------------------------------------------------------------------


def shipped(name: str) -> Source:
    return next(source for source in sources(ROOT) if source.name == name)


def licences(who: str, *others: str, on: date = ON) -> list[Licence]:
    reply = ask(shipped("licence_library"), who, *others, on=on)
    assert (reply.status, reply.problem_zh) == ("answered", "")
    answers = reply.answers
    return [answer for answer in answers if isinstance(answer, Licence)]


def records(who: str, *others: str, on: date = ON) -> list[CreditRecord]:
    reply = ask(shipped("credit_register"), who, *others, on=on)
    assert (reply.status, reply.problem_zh) == ("answered", "")
    answers = reply.answers
    return [answer for answer in answers if isinstance(answer, CreditRecord)]


def test_shipped_registers_have_no_bad_row() -> None:
    assert problems(shipped("licence_library")) == []
    assert problems(shipped("credit_register")) == []


@pytest.mark.parametrize("name", ["licence_library", "credit_register"])
def test_shipped_registers_conform(name: str) -> None:
    assert check_source(shipped(name), question(SHOP)) == []


def test_a_licence_comes_with_its_own_typed_fields() -> None:
    (licence,) = licences(SHOP)
    assert licence.type == "business_licence"
    assert licence.valid_until is None
    assert licence.fields["经营面积"] == Decimal("42.50")
    assert licence.fields["成立日期"] == date(2024, 3, 1)
    assert "许可业务" not in licence.fields


def test_the_demo_cases_of_validity_and_region_are_there() -> None:
    (expired,) = licences("91370811MA3C00038C")
    (today,) = [x for x in licences("11010519491231002X") if x.type == "health_certificate"]
    (elsewhere,) = licences(OUTSIDER)
    assert expired.valid_until == date(2026, 11, 21)
    assert today.valid_until == ON
    assert not elsewhere.region.startswith("3708")


def test_others_are_told_only_when_the_application_names_them() -> None:
    assert {licence.holder_id for licence in licences(SHOP)} == {SHOP}
    both = licences(SHOP, "11010519491231002X")
    assert {licence.holder_id for licence in both} == {SHOP, "11010519491231002X"}


def test_only_what_is_wanted_is_told() -> None:
    asked = question("11010519491231002X", wanted=("resident_id_card",))
    (reply,) = ask_sources([shipped("licence_library")], asked)
    assert [answer.type for answer in reply.answers if isinstance(answer, Licence)] == [
        "resident_id_card"
    ]


def test_a_licence_issued_later_is_not_told_yet() -> None:
    assert licences(SHOP, on=date(2024, 2, 29)) == []
    assert len(licences(SHOP, on=date(2024, 3, 1))) == 1


def test_policy_case_52_five_years_are_over_on_the_day() -> None:
    punished = "91370811MA3C00038C"
    before = {record.category for record in records(punished, on=date(2026, 11, 21))}
    assert "行政处罚" in before
    assert {record.category for record in records(punished)} == {"公共信用综合评价"}


def test_policy_case_53_a_branch_is_not_its_parent() -> None:
    parent, branch = "91370800MA3C0010X2", "91370811MA3C00193Q"
    assert records(branch) == []
    assert "严重违法失信名单" in {record.category for record in records(branch, parent)}


def test_a_repaired_record_says_so() -> None:
    found = {record.category: record.repaired for record in records("91370811MA3C00097F")}
    assert found["经营异常名录"] is True


def test_nobody_known_is_answered_with_nothing() -> None:
    assert licences("没有") == []
    assert records("没有") == []


# --- files of a department's own --------------------------------------------------------------


def test_csv_and_yaml_say_the_same(tmp_path: Path) -> None:
    yaml = """
        records:
          - type: business_licence
            number: 1
            holder_name: 店
            holder_id: A
            issued_on: 2024-03-01
            issuer_name: 局
            issuer_id: B
            region: 370811
            fields:
              经营场所: 一号
              经营面积: 42.50
              成立日期: {date: 2024-03-01}
              连锁: true
              员工数: 7
    """
    from_csv = ask(library(tmp_path, f"{HEADER}\n{GOOD}\n"), "A")
    from_yaml = ask(library(tmp_path, yaml, "licences.yaml"), "A")
    assert from_csv.answers
    assert from_csv == from_yaml


def test_a_spreadsheet_export_with_mark_and_line_breaks_is_read(tmp_path: Path) -> None:
    text = "\ufeff" + f"{HEADER}\r\n" + GOOD.replace("一号", '"一号\r\n二楼"') + "\r\n,,,\r\n"
    source = library(tmp_path, text + GOOD.replace(",A,", ",C,").replace("2024-03-01", "x", 1))
    (licence,) = ask(source, "A").answers
    assert isinstance(licence, Licence)
    assert str(licence.fields["经营场所"]).split() == ["一号", "二楼"]
    assert problems(source)[0].startswith("licences.csv:5: issued_on")


def test_a_bad_row_of_several_lines_is_reported_at_its_first(tmp_path: Path) -> None:
    row = GOOD.replace("一号", '"一号\n二楼"').replace("2024-03-01", "x", 1)
    source = library(tmp_path, f"{HEADER}\n{row}\n")
    assert problems(source)[0].startswith("licences.csv:2: ")


BAD_CELLS = [
    ("issued_on", GOOD.replace("2024-03-01", "2024-02-30", 1)),
    ("issued_on", GOOD.replace("2024-03-01", "2024/3/1", 1)),
    ("issued_on", GOOD.replace("2024-03-01", "２０２４-03-01", 1)),
    ("valid_until", GOOD.replace("2024-03-01,,", "2024-03-01,2023-01-01,")),
    ("status", GOOD.replace("有效", "好")),
    ("type", GOOD.replace("business_licence", " ")),
    ("经营面积:decimal", GOOD.replace("42.50", "约42")),
    ("经营面积:decimal", GOOD.replace("42.50", "1e3")),
    ("成立日期:date", GOOD.replace("2024-03-01,是", "今年,是")),
    ("连锁:boolean", GOOD.replace("是", "yes")),
    ("员工数:integer", GOOD[:-1] + "7.5"),
]


@pytest.mark.parametrize(("column", "row"), BAD_CELLS)
def test_a_bad_row_is_reported_with_file_and_line_and_never_taken_for_absence(
    column: str, row: str, tmp_path: Path
) -> None:
    other = GOOD.replace(",A,", ",C,")
    source = library(tmp_path, f"{HEADER}\n{other}\n{row}\n")
    (problem,) = problems(source)
    assert problem.startswith(f"licences.csv:3: {column}：")
    assert " / " in problem
    assert ask(source, "A").status == "unreachable"
    assert ask(source, "C").status == "answered"


def test_a_row_whose_holder_cannot_be_read_spoils_every_answer(tmp_path: Path) -> None:
    nobody = GOOD.replace(",A,", ",,")
    source = library(tmp_path, f"{HEADER}\n{GOOD}\n{nobody}\n")
    assert ask(source, "A").status == "unreachable"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", ""),
        ("a.csv", "type,type\n"),
        ("a.csv", f"{HEADER}\n{GOOD},再一个\n"),
        ("a.csv", f'{HEADER}\n"没有收尾\n'),
        ("a.yaml", "records: 7\n"),
        ("a.yaml", "records: [{]\n"),
        ("a.yaml", "- 1\n"),
        ("a.txt", "x"),
    ],
)
def test_a_file_that_is_broken_as_a_whole_answers_nobody(
    name: str, text: str, tmp_path: Path
) -> None:
    source = library(tmp_path, text, name)
    assert ask(source, "A").status == "unreachable"
    assert problems(source)[0].startswith(name)


def test_a_file_in_another_encoding_is_unreachable(tmp_path: Path) -> None:
    source = library(tmp_path, HEADER)
    (tmp_path / "licences.csv").write_bytes(f"{HEADER}\n{GOOD}\n".encode("gb18030"))
    assert ask(source, "A").status == "unreachable"
    assert "UTF-8" in problems(source)[0]


def test_a_misspelt_column_is_reported(tmp_path: Path) -> None:
    source = library(tmp_path, f"{HEADER},expiry\n{GOOD},2030-01-01\n")
    assert "expiry" in problems(source)[0]


CREDIT_ROW = "records:\n  - {subject: A, category: 行政处罚, disclosed_from: 2025-01-01}\n"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("行政处罚", "老赖", "category"),
        ("2025-01-01", "2025-13-01", "disclosed_from"),
        ("2025-01-01", "2025-01-01, disclosed_until: 2024-01-01", "disclosed_until"),
        ("2025-01-01", "2025-01-01, grade: 优", "grade"),
        ("行政处罚", "公共信用综合评价", "grade"),
        ("行政处罚", "公共信用综合评价, grade: A", "grade"),
        ("2025-01-01", "2025-01-01, repaired: 也许", "repaired"),
        ("2025-01-01", "2025-01-01, until: 2027-01-01", "until"),
    ],
)
def test_a_bad_credit_record_never_makes_a_clean_record(
    old: str, new: str, column: str, tmp_path: Path
) -> None:
    source = credit(tmp_path, CREDIT_ROW.replace(old, new))
    assert problems(source)[0].startswith(f"credit.yaml:2: {column}：")
    assert ask(source, "A").status == "unreachable"
    assert ask(source, "B").status == "answered"


def test_credit_in_csv(tmp_path: Path) -> None:
    text = "subject,category,grade,disclosed_from,disclosed_until,repaired,note\n"
    source = credit(tmp_path, text + "A,行政处罚,,2025-01-01,2026-11-22,是,说明\n", "credit.csv")
    expected = CreditRecord(
        "A", "行政处罚", None, date(2025, 1, 1), date(2026, 11, 22), True, "说明"
    )
    assert ask(source, "A").answers == (expected,)
    assert ask(source, "A", on=date(2026, 11, 23)).answers == ()


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    source = library(tmp_path, f"{HEADER}\n{GOOD}\n")
    assert len(ask(source, "A").answers) == 1
    path = tmp_path / "licences.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n{GOOD.replace(',1,', ',2,')}\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert len(ask(source, "A").answers) == 2
    path.unlink()
    assert ask(source, "A").status == "unreachable"


def test_an_unchanged_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = library(tmp_path, f"{HEADER}\n{GOOD}\n")
    ask(source, "A")

    def never(*_: Any, **__: Any) -> str:
        raise AssertionError("read again")

    monkeypatch.setattr(Path, "read_text", never)
    assert ask(source, "A").status == "answered"


# --- settings ---------------------------------------------------------------------------------


def test_without_a_file_there_is_no_register(tmp_path: Path) -> None:
    assert sources(tmp_path) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "没有.csv"},
        {"pth": "x"},
        {"path": 7},
        {"time_limit": "快"},
        {"title": 7},
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="licence_library"):
        sources(tmp_path, {"licence_library": wrong})


@pytest.mark.parametrize("limit", [0, 61])
def test_a_time_limit_out_of_range_is_named(limit: int, tmp_path: Path) -> None:
    (tmp_path / "licences.csv").write_text(HEADER, encoding="utf-8")
    config = {"licence_library": {"path": "licences.csv", "time_limit": limit}}
    with pytest.raises(PluginError, match="time_limit"):
        sources(tmp_path, config)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_file_content_raises(tmp_path: Path, text: str) -> None:
    for name, body in (("f.csv", f"{HEADER}\n{text}"), ("f.csv", text), ("f.yaml", text)):
        source = library(tmp_path, body, name)
        assert ask(source, "A").status in ("answered", "unreachable")
        problems(source)
