"""Forms generated from definitions: what people type, what is hidden, what is smuggled."""

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine import Workspace
from studio.fields import MOST_ROWS, DayField, NumberField, half_width
from studio.questionnaire import Questionnaire, Sheet, plan_questions, post_of
from studio_visitor import DAY, ROOT, make_studio

MATTER = """
matter: trial_matter
title: 试验事项
type: 行政许可
level: 县级
organ: 某局
served: [企业法人]
facts:
  validate: {type: text}
  data: {type: text}
  类别: {type: text, codes: kinds}
  面积: {type: decimal, unit: m², range: "[0..100)", scale: 2}
  人数: {type: integer}
  开业日期: {type: date}
  有空调: {type: boolean}
  空调数: {type: integer}
  空调多: {type: boolean, compute: 空调数 > 3}
  检测单位: {type: text}
  项目: {type: list, of: text, codes: kinds}
  备注: {type: list, of: text}
  股东:
    type: list
    of: record
    fields: {姓名: {type: text}, 比例: {type: decimal, scale: 1}, 自然人: {type: boolean}}
  负责人: {type: record, fields: {姓名: {type: text}, 生日: {type: date}}}
  证号: {type: text, identifier: 统一社会信用代码}
"""
CODES = """
codes: kinds
title: 类别
values: [{code: 甲}, {code: 乙}, {code: 丙, effective_to: 2020-01-01}]
"""
FORM = """
form: trial_matter
steps:
  - title: 一
    fields:
      - {fact: validate, ask: 校验}
      - {fact: data, ask: 数据, required: false}
      - {fact: 类别, ask: 哪一类, as: select}
      - {fact: 面积, ask: 面积, required: false}
      - {fact: 人数, ask: 人数, required: false}
      - {fact: 开业日期, ask: 日期, required: false}
      - {fact: 证号, ask: 证号, required: false}
  - title: 二
    when: 类别 = "甲"
    fields:
      - {fact: 有空调, ask: 有空调吗, as: yes_no}
      - {fact: 空调数, ask: 几台, when: 有空调}
      - {fact: 检测单位, ask: 哪里检测, when: 空调多}
  - title: 三
    fields:
      - {fact: 项目, ask: 项目, as: checkboxes, required: false}
      - {fact: 备注, ask: 备注, as: textarea, required: false}
      - {fact: 股东, ask: 股东, as: rows, required: false}
      - {fact: 负责人, ask: 负责人, as: rows, required: false}
"""


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio()


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    root = tmp_path_factory.mktemp("workspace")
    write_workspace(root)
    workspace = Workspace.load(root)
    assert workspace.diagnostics == ()
    return plan_questions(workspace, workspace.matter("trial_matter", DAY), DAY)


def write_workspace(root: Path) -> None:
    for name, text in (
        ("rulesets/matters/trial_matter.yaml", MATTER),
        ("rulesets/codes/kinds.yaml", CODES),
        ("form_defs/trial_matter.yaml", FORM),
    ):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")


def judge(facts: Mapping[str, object]) -> Callable[[str], bool]:
    """The form's conditions, worked out by hand: an oracle that is not FEEL."""
    count = facts.get("空调数")
    answers = {
        '类别 = "甲"': facts.get("类别") == "甲",
        "有空调": facts.get("有空调") is True,
        "空调多": isinstance(count, Decimal) and count > 3,
    }
    return answers.__getitem__


Fill = Callable[..., Sheet]


@pytest.fixture
def fill(app: Flask, plan: Questionnaire) -> Any:
    def _fill(posted: Mapping[str, Any] | None = None, *, strict: bool = True) -> Sheet:
        data = MultiDict({"f_validate": "x", "f_类别": "乙", **(posted or {})})
        with app.test_request_context():
            sheet = plan.sheet(data, judge, strict=strict)
            sheet.validate()
        return sheet

    return _fill


def messages(sheet: Sheet) -> dict[str, str]:
    return {name: message for name, _, message in sheet.problems()}


# --- names and visibility ------------------------------------------------------------------------


def test_a_field_called_validate_is_validated(fill: Fill) -> None:
    assert fill({}).facts["validate"] == "x"
    assert messages(fill({"f_validate": " "})) == {"f_validate": "请填写此项。"}
    assert messages(fill({"f_validate": "a\x00b"})) != {}


def test_hidden_questions_ask_nothing_and_take_nothing(fill: Fill) -> None:
    smuggled = {"f_类别": "乙", "f_有空调": "yes", "f_空调数": "9", "f_检测单位": "某公司"}
    sheet = fill(smuggled)
    assert messages(sheet) == {}
    assert set(sheet.facts) == {"validate", "类别"}
    assert "f_有空调" not in sheet.form


def test_conditions_chain(fill: Fill) -> None:
    def names(sheet: Sheet) -> list[str]:
        return [q.field.fact for q in sheet.shown][7:-4]

    assert names(fill({"f_类别": "甲"})) == ["有空调"]
    assert names(fill({"f_类别": "甲", "f_有空调": "yes"})) == ["有空调", "空调数"]
    four = {"f_类别": "甲", "f_有空调": "yes", "f_空调数": "４"}
    assert names(fill(four)) == ["有空调", "空调数", "检测单位"]
    assert messages(fill(four)) == {"f_检测单位": "请填写此项。"}
    assert names(fill({**four, "f_有空调": "no"})) == ["有空调"]
    assert "空调数" not in fill({**four, "f_有空调": "no"}).facts


def test_a_circle_of_conditions_ends(app: Flask, plan: Questionnaire) -> None:
    def contrary(facts: Mapping[str, object]) -> Callable[[str], bool]:
        return lambda condition: not facts

    with app.test_request_context():
        posted = MultiDict({"f_validate": "", "f_类别": "甲", "f_有空调": "yes"})
        assert plan.sheet(posted, contrary, strict=True).shown


def test_not_strict_leaves_questions_open(fill: Fill) -> None:
    sheet = fill({"f_validate": "", "f_类别": ""}, strict=False)
    assert messages(sheet) == {}
    assert sheet.facts == {}


# --- what people type ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", "12"),
        (" 12.50 ", "12.50"),
        ("１２．５", "12.5"),
        ("99.99", "99.99"),
        ("0", "0"),
        ("-0", "-0"),
    ],
)
def test_numbers(fill: Fill, typed: str, value: str) -> None:
    assert fill({"f_面积": typed}).facts["面积"] == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["1_0", "1e2", "+5", "٣", "1,000", "十二", "12m²", "0x1f", "NaN", "Infinity", "1.", ".5", "--1",
     "1\n2", "9" * 5000, "12.345", "100", "-1", "²"],
)  # fmt: skip
def test_no_numbers(fill: Fill, typed: str) -> None:
    sheet = fill({"f_面积": typed})
    assert "面积" not in sheet.facts
    assert list(messages(sheet)) == ["f_面积"]


def test_number_messages(fill: Fill) -> None:
    assert messages(fill({"f_面积": "100"}))["f_面积"] == "应在 0（含）至 100（不含）之间。"
    assert messages(fill({"f_面积": "1.234"}))["f_面积"] == "最多 2 位小数。"
    assert messages(fill({"f_人数": "1.5"}))["f_人数"] == "请填写整数。"
    assert fill({"f_人数": "1.0"}).facts["人数"] == 1


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=99, places=2))
def test_every_decimal_is_read_exactly(number: Decimal) -> None:
    app = make_app_once()
    with app.test_request_context():
        unbound: Any = NumberField(scale=2, range="[0..100)")
        field = unbound.bind(_FORM, "n")
        field.process(MultiDict({"n": str(number)}))
        assert field.data == number


@given(st.text(max_size=30))
def test_no_text_crashes_a_field(text: str) -> None:
    app = make_app_once()
    kinds: list[Any] = [NumberField(scale=2, range="[0..100)"), DayField()]
    with app.test_request_context():
        for kind in kinds:
            field = kind.bind(_FORM, "n")
            field.process(MultiDict({"n": text}))
            assert field.data is None or half_width(text)
            assert field.process_errors or field.data is not None or not half_width(text)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2026-11-22", DAY), ("２０２６－１１－２２", DAY), ("2026/11/22", DAY), ("2026年11月22日", DAY),
     ("2026.1.2", date(2026, 1, 2)), ("2024-02-29", date(2024, 2, 29))],
)  # fmt: skip
def test_days(fill: Fill, typed: str, value: date) -> None:
    assert fill({"f_开业日期": typed}).facts["开业日期"] == value


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "2026-13-01", "20261122", "明天", "0000-01-01", "٢٠٢٦-1-1"]
)
def test_no_days(fill: Fill, typed: str) -> None:
    assert messages(fill({"f_开业日期": typed})) == {
        "f_开业日期": "请填写真实存在的日期，例如 2026-11-22。"
    }


def test_choices_are_closed(fill: Fill) -> None:
    assert messages(fill({"f_类别": "丁"})) == {"f_类别": "请从列出的选项中选择。"}
    assert messages(fill({"f_类别": "丙"})) == {"f_类别": "请从列出的选项中选择。"}, (
        "withdrawn in 2020"
    )
    assert messages(fill({"f_项目": ["甲", "丁"]})) == {"f_项目": "请从列出的选项中选择。"}
    assert messages(fill({"f_类别": "甲", "f_有空调": "maybe"})) == {
        "f_有空调": "请从列出的选项中选择。"
    }
    assert fill({"f_项目": ["甲", "乙"]}).facts["项目"] == ["甲", "乙"]


def test_text_keeps_its_width_but_numbers_of_certificates_do_not(fill: Fill) -> None:
    sheet = fill({"f_data": " 济宁（任城）店 ", "f_证号": " ９１３５０１００Ｍ０００１００Ｙ４３ "})
    assert sheet.facts["data"] == "济宁（任城）店"
    assert sheet.facts["证号"] == "91350100M000100Y43"
    assert list(messages(fill({"f_data": "x" * 501}))) == ["f_data"]


def test_lines(fill: Fill) -> None:
    assert fill({"f_备注": "一\r\n\r\n 二 \n"}).facts["备注"] == ["一", "二"]


# --- rows ----------------------------------------------------------------------------------------


def test_rows(fill: Fill) -> None:
    sheet = fill({
        "f_股东-0-f_姓名": "甲", "f_股东-0-f_比例": "６０", "f_股东-0-f_自然人": "yes",
        "f_股东-3-f_姓名": "乙", "f_股东-3-f_比例": "40.0", "f_股东-7-f_姓名": " ",
        "f_负责人-f_姓名": "丙", "f_负责人-f_生日": "1990-01-01",
    })  # fmt: skip
    assert messages(sheet) == {}
    assert sheet.facts["股东"] == [
        {"姓名": "甲", "比例": Decimal(60), "自然人": True},
        {"姓名": "乙", "比例": Decimal(40), "自然人": None},
    ]
    assert sheet.facts["负责人"] == {"姓名": "丙", "生日": date(1990, 1, 1)}


def test_a_wrong_cell_is_named(fill: Fill) -> None:
    sheet = fill({"f_股东-5-f_姓名": "甲", "f_股东-5-f_比例": "六成"})
    assert list(messages(sheet)) == ["f_股东-0-f_比例"]
    assert next(iter(sheet.problems()))[1] == "比例"


def test_too_many_rows_are_said(fill: Fill) -> None:
    many = {f"f_股东-{n}-f_姓名": "甲" for n in range(MOST_ROWS + 1)}
    assert messages(fill(many)) == {"f_股东": f"最多 {MOST_ROWS} 行。"}
    fine = {f"f_股东-{n}-f_姓名": "甲" for n in range(MOST_ROWS)}
    assert messages(fill(fine)) == {}


@pytest.mark.parametrize(
    "index", ["²", "٣", "-1", "", "99999999999999999999", "x", "0-", "0-f_没有"]
)
def test_odd_indices_do_nothing(fill: Fill, index: str) -> None:
    sheet = fill({f"f_股东-{index}-f_姓名": "甲"})
    assert sheet.facts.get("股东") in (None, [{"姓名": "甲", "比例": None, "自然人": None}])


def test_a_blank_row_is_always_there(fill: Fill) -> None:
    sheet = fill({"f_股东-0-f_姓名": "甲"})
    rows: Any = sheet.form["f_股东"]
    for _ in range(3):
        sheet.add_blank_rows()
        assert len(rows.entries) == 2


@given(
    st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3), max_size=8)
)
def test_no_post_crashes_the_form(posted: dict[str, list[str]]) -> None:
    app, plan = make_app_once(), plan_once()
    data: MultiDict[str, str] = MultiDict()
    for index, (name, values) in enumerate(posted.items()):
        known = plan.questions[index % len(plan.questions)].name
        data.setlist(name, values)
        data.setlist(f"{known}-{name}", values)
        data.setlist(known, values)
    with app.test_request_context():
        sheet = plan.sheet(data, judge, strict=True)
        sheet.validate()
        list(sheet.problems())
        assert isinstance(sheet.facts, dict)


# --- samples -------------------------------------------------------------------------------------


def test_samples_survive_the_way_through_the_form(app: Flask) -> None:
    """JSON → what a browser posts → facts: nothing is lost of any sample that ships."""
    workspace = Workspace.load(ROOT)
    files = sorted((ROOT / "rulesets" / "samples").glob("*/*.json"))
    assert files
    for file in files:
        sample = json.loads(file.read_text(encoding="utf-8"))
        matter = workspace.matter(file.parent.name, DAY)
        plan = plan_questions(workspace, matter, DAY)
        asked = {q.field.fact for q in plan.questions}
        with app.test_request_context():
            sheet = plan.sheet(
                post_of(plan, sample["facts"]), lambda f: lambda c: True, strict=False
            )
            assert sheet.validate(), (file, list(sheet.problems()))
        stated = {
            n: v for n, v in sample["facts"].items() if n in asked and v not in (None, [], "")
        }
        assert {n: plain(v) for n, v in sheet.facts.items()} == {
            n: plain(v) for n, v in stated.items()
        }


def plain(value: object) -> object:
    """Numbers compared as numbers, days as text; an empty cell is the same as none."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal | int | float):
        return Decimal(str(value)).normalize()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item not in (None, "")}
    text = str(value)
    try:
        return Decimal(text).normalize() if text.replace(".", "", 1).isdigit() else text
    except ArithmeticError:
        return text


# hypothesis runs one test many times: the studio and the plan are made once.
_ONCE: dict[str, Any] = {}


class _Form:
    class meta:
        """Enough of a form for a field to be bound to it."""

        wrap_formdata = staticmethod(lambda form, data: data)


_FORM = _Form()


def make_app_once() -> Flask:
    app = _ONCE.setdefault("app", None) or make_studio()
    _ONCE["app"] = app
    assert isinstance(app, Flask)
    return app


def plan_once() -> Questionnaire:

    if "plan" not in _ONCE:
        with tempfile.TemporaryDirectory() as folder:
            write_workspace(Path(folder))
            workspace = Workspace.load(folder)
        _ONCE["plan"] = plan_questions(workspace, workspace.matter("trial_matter", DAY), DAY)
    plan = _ONCE["plan"]
    assert isinstance(plan, Questionnaire)
    return plan
