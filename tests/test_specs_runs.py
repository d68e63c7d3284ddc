"""Running features in process: what steps do to an application, to registers, and what is said."""

import json
import logging
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions import Shape
from engine.hooks import PluginError
from engine.specs import (
    Report,
    StepFailed,
    coverage_to_json,
    measure_coverage,
    render_coverage,
    render_report,
    report_to_json,
    run_features,
    step_catalogue,
    summary_line,
)
from engine.specs.draft import Said, fact_value, read_sample
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 22)

MATTER = """
matter: shop
title: 小店备案
type: 行政备案
level: 县级
organ: 示例局
served: [企业法人]
basis: {law: 示例办法, article: 第一条, quote: 示例, verified: true}
facts:
  店名: {type: text}
  面积: {type: decimal, unit: m², scale: 2}
  资金: {type: decimal, unit: 元}
  人数: {type: integer, unit: 人}
  到场: {type: boolean}
  开业日: {type: date}
  经营项目: {type: list, of: text}
  人员: {type: list, of: record, fields: {姓名: {type: text}, 年龄: {type: integer, unit: 岁}}}
  登记地址: {type: text, source: business_licence.经营场所}
tables:
  - id: least_area
    title: 最低面积表
    gives: 最低面积
    basis: {law: 示例办法, article: 第二条, quote: 示例, verified: true}
    rows:
      - {店名: '"大店"', 最低面积: 100}
      - {店名: '"小店"', 最低面积: 10}
criteria:
  - id: large_enough
    stage: 受理
    point: 面积够大
    require: 面积 >= 最低面积
    basis: {law: 示例办法, article: 第二条, quote: 示例, verified: true}
    remedy: 换一处更大的
materials:
  - id: business_licence_copy
    title: 营业执照
    satisfied_by: business_licence
    remedy: 提交营业执照
    basis: {law: 示例办法, article: 第三条, quote: 示例, verified: true}
  - id: plan
    title: 平面图
    when: 到场
    remedy: 画一张
    basis: {law: 示例办法, article: 第三条, quote: 示例, verified: true}
  - id: tax_record
    title: 纳税记录
    when: 到场
    query: 税务部门
    remedy: 等待协查
    basis: {law: 示例办法, article: 第三条, quote: 示例, verified: true}
obligations:
  - id: yearly_report
    title: 报送年度报告
    within: 1 years
    basis: {law: 示例办法, article: 第四条, quote: 示例, verified: true}
benefits:
  - title: 开办补贴
    amount: 面积 * 10
    unit: 元
    starts: 开业日
    basis: {law: 示例办法, article: 第五条, quote: 示例, verified: true}
"""
LICENCE = """
licence: business_licence
title: 营业执照
fields:
  经营场所: {type: text}
  经营面积: {type: decimal}
  成立日期: {type: date}
"""
PLUGIN = '''"""一个部门自己的步骤和证照库。"""
from datetime import date
from engine import Licence, Source, hookimpl

def ask(question):
    held = Licence(
        "business_licence", "库中一号", "乙公司", "91370811MA3C00038C", "有效", date(2020, 1, 1), None,
        "示例局", "", "370811", "", {"经营场所": "库中地址"},
    )
    return [held] if held.holder_id in question.known_ids else []

@hookimpl
def register_sources(settings, root):
    return [Source("small_library", "小证照库", "licences", ask, 5.0)]

@hookimpl
def register_steps(catalogue):
    @catalogue.step("店面宽 {width} 米，深 {depth} 米")
    def measure(world, width, depth):
        """面积由宽和深算出。"""
        world.facts["面积"] = int(width) * int(depth)

    @catalogue.step("断言不成立")
    def wrong(world):
        assert 1 == 2, "一不等于二"
'''
START = '假如 店名是"小店"\n并且 面积是 10 平方米\n并且 到场是 否\n'
APPLY = '当 申请人于 2026-11-22 申请"小店备案"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    for name, text in {
        "rulesets/matters/shop.yaml": MATTER,
        "rulesets/licences/business_licence.yaml": LICENCE,
        "rulesets/rules/shared.yaml": (ROOT / "rulesets/rules/shared_conclusions.yaml").read_text(
            encoding="utf-8"
        ),
        "rulesets/calendars/2026.yaml": (ROOT / "rulesets/calendars/2026.yaml").read_text(
            encoding="utf-8"
        ),
        "rulesets/samples/shop.json": json.dumps({"facts": {"店名": "小店", "面积": 9.5}}),
        "plugins/measuring.py": PLUGIN,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def workspace(folder: Path) -> Workspace:
    return Workspace.load(folder)


def run(workspace: Workspace, *scenarios: str, tags: str = "") -> Report:
    lines = ["# language: zh-CN", "功能: 例"]
    for number, text in enumerate(scenarios):
        lines += [tags, f"场景: 第 {number} 个", text]
    path = workspace.root / "features" / "a.feature"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return run_features(workspace, [path])


def verdict(workspace: Workspace, steps: str) -> str:
    """ "" when the scenario passes, else what its last step says."""
    (scenario,) = run(workspace, steps).scenarios
    said = [step.message_zh for step in scenario.steps if step.message_zh]
    assert (scenario.status == "passed") == (not said)
    return said[-1] if said else ""


# --- facts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "name", "value"),
    [
        ('店名是"大店"', "店名", '"大店"'),
        ("面积是 10.50 平方米", "面积", "10.5"),
        ("面积是 10 ㎡", "面积", "10"),
        ("面积是 10", "面积", "10"),
        ("资金是 3 万元", "资金", "30000"),
        ("资金是 0.5 亿元", "资金", "50000000"),
        ("人数是 3 名", "人数", "3"),
        ("到场是 是", "到场", "是"),
        ('到场是"否"', "到场", "否"),
        ("开业日是 2026-01-31", "开业日", "2026-01-31"),
        ('开业日是"2026-01-31"', "开业日", '"2026-01-31"'),
        ('经营项目是"甲、乙"', "经营项目", '"甲、乙"'),
        ("经营项目没有任何一项", "经营项目", '""'),
        ("店面宽 3 米，深 4 米", "面积", "12"),
    ],
)
def test_a_fact_is_read_as_it_is_declared(
    workspace: Workspace, step: str, name: str, value: str
) -> None:
    then = f'"{name}"的值是{value}' if value.startswith('"') else f'"{name}"的值是 {value}'
    assert verdict(workspace, f"假如 {step}\n{APPLY}那么 {then}") == ""


GRANTED = (
    '假如 申请人是"甲公司"，证件号码"91370811MA3C0002XC"\n并且 电子证照库中有"营业执照"\n'
    f"{START}并且 开业日是 2026-11-01\n{APPLY}"
)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ("给付金额是 100 元，自 2026-11 起", ""),
        ("给付金额是 101 元", "实际是：100"),
        ("给付金额是 100 元，自 2026-12 起", "2026-11"),
        ("没有给付", "开办补贴"),
        ('后续义务包括"年度报告"，期限为 2027-11-22', ""),
        ('后续义务包括"年度报告"，期限为 2027-11-23', "2027-11-22"),
        ('后续义务包括"季度报告"，期限为 2027-11-22', "报送年度报告"),
        ('后续义务不包括"年度报告"', "不应包括"),
        ('后续义务不包括"季度报告"', ""),
        ("承诺办结日是 2026-11-23", "没有规定"),
    ],
)
def test_what_follows_from_a_decision(workspace: Workspace, then: str, said: str) -> None:
    told = verdict(workspace, f'{GRANTED}那么 结论是"准予"\n并且 {then}')
    assert bool(told) == bool(said)
    assert said in told


@pytest.mark.parametrize("words", ["未知", "是未知", "是 未知"])
def test_a_fact_may_be_unknown(workspace: Workspace, words: str) -> None:
    steps = f'{START}并且 面积{words}\n{APPLY}那么 审查要点"面积够大"的结果是"待核"\n'
    assert verdict(workspace, steps + '并且 缺少的事实包括"面积"，由"申请人"提供') == ""


def test_lists_come_from_tables(workspace: Workspace) -> None:
    steps = (
        "假如 人员包括以下各项:\n  | 姓名 | 年龄 |\n  | 甲 | 80 |\n  | 乙 | 未知 |\n"
        "并且 经营项目包括以下各项:\n  | 理发 |\n  | 美容 |\n"
        f'{APPLY}那么 "人员"的值是"姓名：甲，年龄：80、姓名：乙，年龄：未知"\n'
        '并且 "经营项目"的值是"理发、美容"'
    )
    assert verdict(workspace, steps) == ""


def test_a_corrected_application_leaves_nothing_of_the_first_attempt(workspace: Workspace) -> None:
    steps = f'假如 人数是 2.5 人\n{APPLY}假如 人数是 2 人\n{APPLY}那么 "人数"的值是 2'
    assert verdict(workspace, steps) == ""


def test_the_letter_is_read_as_the_applicant_gets_it(workspace: Workspace) -> None:
    small = START.replace("10", "9") + APPLY
    assert verdict(workspace, small + '那么 决定书包括"换一处更大的"') == ""
    assert verdict(workspace, small + '那么 决定书不包括"平面图"') == ""
    assert "不应包括" in verdict(workspace, small + '那么 决定书不包括"换一处更大的"')


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("假如 面积是 10 公斤\n" + APPLY, "以“m²”为单位"),
        ("假如 人数是 3 万元\n" + APPLY, "以“人”为单位"),
        ("假如 面机是 10\n" + APPLY + '那么 结论是"准予"', "是否想写“面积”"),
        ("假如 人数是 2.5 人\n" + APPLY + '那么 结论是"准予"', "整数"),
        ("假如 开业日是 2026-02-30\n" + APPLY + '那么 结论是"准予"', "没有“2026-02-30”这一天"),
        ('当 申请人于 2026-02-30 申请"小店备案"', "不是日期"),
        ('当 申请人于 2026-11-22 申请"小店备按"', "是否想写“小店备案”"),
        ('假如 示例申请"../x.json"\n' + APPLY, "不在工作区内"),
        ('假如 示例申请"rulesets/none.json"\n' + APPLY, "无法读取"),
        ('假如 申请人选择"告之承诺"\n' + APPLY, "是否想写“告知承诺”"),
        ('假如 未提交材料"平面途"\n' + APPLY, "是否想写“平面图”"),
        ('那么 结论是"准予"', "还没有提出申请"),
        (START + APPLY + '那么 审查要点"面积够"的结果是"满足"', "是否想写“面积够大”"),
        (START + APPLY + '那么 审查要点"面积够大"的结果是"不满足"', "最低面积=10"),
        ("假如 断言不成立", "一不等于二"),
        ("假如 电子证照库无法登陆", "没有这样的步骤"),
    ],
)
def test_what_does_not_hold_is_explained(workspace: Workspace, steps: str, said: str) -> None:
    assert said in verdict(workspace, steps)


def test_a_sample_is_where_an_application_begins(workspace: Workspace) -> None:
    steps = (
        f'假如 示例申请"rulesets/samples/shop.json"\n{APPLY}那么 "面积"的值是 9.5\n'
        '并且 审查要点"面积够大"的结果是"不满足"\n并且 一次性告知包括"换一处更大的"'
    )
    assert verdict(workspace, steps) == ""
    assert read_sample(workspace.root, "rulesets/samples/shop.json")["facts"]["面积"] == Decimal(
        "9.5"
    )


def test_an_application_that_is_not_taken_can_be_expected(workspace: Workspace) -> None:
    steps = f'假如 人数是 2.5 人\n{APPLY}那么 申请不被接收，提示包括"整数"'
    assert verdict(workspace, steps) == ""
    assert "被接收了" in verdict(workspace, f'{START}{APPLY}那么 申请不被接收，提示包括"x"')


@given(st.decimals("-1e9", "1e9", places=4))
def test_a_unit_changes_the_number_and_nothing_else(number: Decimal) -> None:
    shape = Shape(type="decimal", unit="元")
    text = format(number, "f")
    assert fact_value(shape, "资金", Said(f"{text} 万元")) == number * 10_000
    assert fact_value(shape, "资金", Said(text)) == fact_value(shape, "资金", Said(f"{text} 元"))
    with pytest.raises(StepFailed):
        fact_value(shape, "资金", Said(f"{text} 米"))


# --- registers -----------------------------------------------------------------------------------

OWN = '假如 申请人是"甲公司"，证件号码"91370811MA3C0002XC"\n' + START


def licence(**fields: str) -> str:
    rows = "".join(f"  | {name} | {value} |\n" for name, value in fields.items())
    return f'并且 电子证照库中有"营业执照":\n  | 栏目 | 值 |\n{rows}'


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        (licence(有效期至="2026-11-22"), "免提交"),
        (licence(有效期至="长期"), "免提交"),
        (licence(有效期至="2026-11-21"), "不满足"),
        (licence(状态="吊销"), "不满足"),
        (licence(持有人代码="91370811MA3C00011H"), "缺少"),
        ('并且 电子证照库中有"营业执照"\n', "免提交"),
        ('并且 电子证照库中没有"营业执照"\n', "缺少"),
        ("并且 电子证照库无法访问\n", "待核"),
        ('并且 已提交材料"营业执照"\n并且 电子证照库中没有"营业执照"\n', "已提交"),
        ('并且 申请材料齐全\n并且 未提交材料"营业执照"\n并且 电子证照库中没有"营业执照"\n', "缺少"),
    ],
)
def test_stated_licences_decide_the_material(
    workspace: Workspace, stated: str, status: str
) -> None:
    assert verdict(workspace, f'{OWN}{stated}{APPLY}那么 材料"营业执照"的状态是"{status}"') == ""


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        ("", "免提交"),
        ('并且 电子证照库中没有"营业执照"\n', "缺少"),
        (licence(有效期至="2026-11-21"), "不满足"),
    ],
)
def test_what_is_stated_takes_the_place_of_what_the_library_holds(
    workspace: Workspace, stated: str, status: str
) -> None:
    other = '假如 申请人是"乙公司"，证件号码"91370811MA3C00038C"\n' + START
    assert verdict(workspace, f'{other}{stated}{APPLY}那么 材料"营业执照"的状态是"{status}"') == ""


def test_a_stated_licence_gives_its_fields(workspace: Workspace) -> None:
    steps = f'{OWN}{licence(经营场所="示例路1号", 经营面积="12.5")}{APPLY}那么 "登记地址"的值是"示例路1号"'
    assert verdict(workspace, steps) == ""


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (licence(经营场锁="x"), "是否想写“经营场所”"),
        (licence(经营面积="很大"), "不是数"),
        (licence(有效期至="2026-13-01"), "不是日期"),
        ('并且 电子证照库中有"营业执造"\n', "是否想写“营业执照”"),
        ("并且 电子证照苦无法访问\n", "没有登记系统"),
        ("并且 信用记录中有:\n  | 类别 | 等机 |\n  | 经营异常名录 | |\n", "是否想写“等级”"),
    ],
)
def test_a_register_row_that_cannot_be_read_fails_at_once(
    workspace: Workspace, stated: str, said: str
) -> None:
    assert said in verdict(workspace, OWN + stated)


def test_a_register_off_line_is_said_and_not_logged(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        steps = f'{OWN}并且 电子证照库无法访问\n{APPLY}那么 无法访问的登记系统包括"证照"'
        assert verdict(workspace, steps) == ""
    assert [record for record in caplog.records if record.name.startswith("tongban")] == []


def test_scenarios_share_nothing(workspace: Workspace) -> None:
    first = OWN + licence(有效期至="2026-11-21") + "并且 信用登记系统无法访问\n" + APPLY
    own = OWN + licence(有效期至="2026-11-22")
    second = own + APPLY + '那么 材料"营业执照"的状态是"免提交"\n而且 凭据可以重现决定'
    report = run(workspace, first, second)
    assert [scenario.status for scenario in report.scenarios] == ["passed", "passed"]


# --- time, identifiers, definitions, look-ups ----------------------------------------------------


@pytest.mark.parametrize(
    "steps",
    [
        "当 于 2026-09-18 受理，期限为 5 个工作日\n那么 届满日是 2026-09-24\n"
        "并且 2026-09-20 计入期限\n并且 2026-09-19 不计入期限\n并且 届满日是确定的",
        '当 于 2026-12-30 受理，期限为 5 个工作日\n那么 届满日为暂定\n并且 期限说明包括"暂定"',
        "当 于 2026-09-14 受理，期限为 20 个工作日\n"
        "并且 其间 2026-09-21 至 2026-10-09 为特殊环节\n那么 届满日是 2026-10-29",
        "假如 其间 2026-09-21 至 2026-10-09 为特殊环节\n"
        "当 于 2026-09-14 受理，期限为 20 个工作日\n那么 届满日是 2026-10-29",
        "当 计算 2026-08-31 起 3 个月 的期限\n那么 届满日是 2026-11-30",
        "当 计算 2026-10-20 前 30 日 的最后一日\n那么 届满日是 2026-09-20",
        "那么 2026-10-10 是工作日\n并且 2026-10-01 不是工作日",
        '当 于 2026-11-22 校验公民身份号码"370811199002290011"\n那么 号码无效，提示含"日期"',
        '当 校验统一社会信用代码"91350100M000100Y43"\n那么 号码有效',
        '当 在 2026-11-22 查找事项"小店"\n那么 查找结果包括"小店备案"',
        '当 在 2026-11-22 查找事项"大店"\n那么 没有查找结果',
        '当 检查以下定义:\n"""\nlicence: x\ntitle: 甲\ntitel: 乙\n"""\n那么 诊断包括"unknown-key"\n'
        '并且 诊断"unknown-key"的说明包括"title"\n并且 诊断不包括"yaml-syntax"',
        '当 检查"rulesets/matters/shop.yaml"，其中"面积 >= 最低面积"改为"面机 >= 最低面积"\n'
        '那么 诊断包括"unknown-fact"',
    ],
)
def test_steps_that_need_no_application(workspace: Workspace, steps: str) -> None:
    assert verdict(workspace, steps) == ""


def test_the_same_application_twice_gives_the_same_decision(workspace: Workspace) -> None:
    assert verdict(workspace, START + APPLY + APPLY + "那么 前后各次的决定相同") == ""
    other = START + APPLY + "假如 面积是 9\n" + APPLY + "那么 前后各次的决定相同"
    assert "不同的决定的个数" in verdict(workspace, other)


# --- plugins -------------------------------------------------------------------------------------


def test_a_plugins_step_says_where_it_comes_from(workspace: Workspace) -> None:
    origins = {d.phrase.template: d.origin for d in step_catalogue(workspace).definitions}
    assert origins["店面宽 {width} 米，深 {depth} 米"] == "measuring"
    assert origins['结论是"{outcome}"'] == ""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('catalogue.step("{a")(lambda world: None)', "花括号"),
        ('catalogue.step("天{a}")(lambda world: None)', "应有参数"),
        ("catalogue.step('结论是\"{outcome}\"')(lambda world, outcome: None)", "已经登记过"),
        ("raise RuntimeError('坏了')", "坏了"),
    ],
)
def test_a_plugin_with_broken_steps_is_named(tmp_path: Path, body: str, said: str) -> None:
    (tmp_path / "rulesets").mkdir()
    (tmp_path / "plugins").mkdir()
    text = f"from engine import hookimpl\n@hookimpl\ndef register_steps(catalogue):\n    {body}\n"
    (tmp_path / "plugins" / "broken.py").write_text(text, encoding="utf-8")
    with pytest.raises(PluginError, match=said) as caught:
        step_catalogue(Workspace.load(tmp_path))
    assert caught.value.problems[0].plugin == "broken"
    assert caught.value.problems[0].place.endswith("broken.py")


# --- reports -------------------------------------------------------------------------------------


def test_a_report_is_the_same_every_time(workspace: Workspace) -> None:
    first, second = (run(workspace, START + APPLY + '那么 结论是"准予"') for _ in range(2))
    assert report_to_json(first) == report_to_json(second)
    assert render_report(first, every_step=True) == render_report(second, every_step=True)


def test_a_report_is_plain_json_and_counts_add_up(workspace: Workspace) -> None:
    report = run(workspace, START + APPLY + '那么 结论是"不予"', "当 天晴", '那么 结论是"准予"')
    document: Any = json.loads(json.dumps(report_to_json(report), ensure_ascii=False))
    counts = document["counts"]
    assert document["ok"] is False
    assert counts["total"] == sum(n for name, n in counts.items() if name != "total") == 3
    assert document["scenarios"][1]["steps"][0]["status"] == "undefined"
    assert "3 个场景" in summary_line(report)


def test_pending_scenarios_are_reported_and_fail_nothing(workspace: Workspace) -> None:
    report = run(workspace, '那么 结论是"准予"', tags="@pending")
    assert report.is_ok
    assert report.scenarios[0].status == "failed"
    assert "待定" in render_report(report)
    counts: Any = report_to_json(report)["counts"]
    assert (counts["pending"], counts["failed"]) == (1, 0)
    assert report.decisions == ()


def test_nothing_to_run_is_not_a_success(workspace: Workspace, tmp_path: Path) -> None:
    assert not run_features(workspace, [tmp_path]).is_ok
    assert not run_features(workspace, [tmp_path / "none.feature"]).is_ok


def test_a_broken_file_is_reported_and_the_others_run(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text("# language: zh-CN\n功能：x\n", encoding="utf-8")
    (tmp_path / "b.feature").write_text(
        "# language: zh-CN\n功能: x\n场景: y\n那么 2026-10-10 是工作日\n", encoding="utf-8"
    )
    report = run_features(workspace, [tmp_path])
    assert [d.code for d in report.diagnostics] == ["feature-full-width"]
    assert [s.status for s in report.scenarios] == ["passed"]
    assert not report.is_ok
    assert "feature-full-width" in render_report(report)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("场景: 甲\n那么 2026-10-10 是工作日\n场景: 乙", "feature-no-outcome"),
        ("场景: 甲\n当 计算 2026-11-22 起 7 日 的期限", "feature-no-outcome"),
        ("场景: 甲\n那么 2026-10-10 是工作日\n" * 2, "feature-duplicate-scenario"),
        ("场景大纲: 甲\n那么 <日> 是工作日\n例子:\n| 日 |", "feature-no-examples"),
        ("场景：甲\n  场景: 乙\n那么 2026-10-10 是工作日", "feature-full-width"),
        ("说明文字", "feature-empty"),
    ],
)
def test_a_scenario_that_proves_nothing_never_passes_in_silence(
    workspace: Workspace, tmp_path: Path, body: str, code: str
) -> None:
    good = "# language: zh-CN\n功能: x\n场景: y\n那么 2026-10-10 是工作日\n"
    (tmp_path / "good.feature").write_text(good, encoding="utf-8")
    bad = tmp_path / "bad.feature"
    bad.write_text(f"# language: zh-CN\n功能: 例\n{body}\n", encoding="utf-8")
    report = run_features(workspace, [tmp_path])
    assert code in [d.code for d in report.diagnostics]
    assert not report.is_ok
    assert "1 个文件有错误" in summary_line(report)


def test_a_scenario_still_to_be_written_may_prove_nothing_yet(workspace: Workspace) -> None:
    report = run(workspace, '假如 地区是"370811"', tags="@pending")
    assert (report.is_ok, report.diagnostics) == (True, ())


def test_time_is_only_told_by_a_clock_that_is_given(workspace: Workspace) -> None:
    ticks = iter(range(1000))
    path = workspace.root / "features" / "a.feature"
    run(workspace, "那么 2026-10-10 是工作日")
    timed = run_features(workspace, [path], clock=lambda: float(next(ticks)))
    assert timed.scenarios[0].steps[0].milliseconds == 1000.0
    assert run_features(workspace, [path]).scenarios[0].steps[0].milliseconds is None


# --- coverage ------------------------------------------------------------------------------------


def test_coverage_names_what_was_never_touched(workspace: Workspace) -> None:
    report = run(
        workspace,
        START + APPLY + '那么 审查要点"面积够大"的结果是"满足"',
        START.replace("小店", "大店") + APPLY + '那么 结论是"没有这种结论"',
    )
    (covered,) = measure_coverage(workspace, report.decisions, DAY).matters
    assert covered.decisions == 1  # what a failed scenario did proves nothing
    assert covered.count("rows") == (1, 2)
    assert covered.count("criteria") == (1, 2)
    assert covered.count("paths") == (1, 1)
    unseen = {str(item) for item in covered.unseen}
    assert {"最低面积表 第 1 行", "面积够大：不满足", "营业执照：免提交", "平面图：缺少"} <= unseen
    assert "平面图：不需要" not in unseen
    assert "纳税记录：待核" in unseen
    assert "纳税记录：缺少" not in unseen
    shown = render_coverage(measure_coverage(workspace, report.decisions, DAY))
    assert "最低面积表 第 1 行" in shown
    assert "决策表行 1/2（50%）" in shown


def test_coverage_without_decisions_is_none(workspace: Workspace) -> None:
    coverage = measure_coverage(workspace, [], DAY)
    assert not coverage.is_complete
    document: Any = coverage_to_json(coverage)
    assert document["matters"][0]["rows"] == {"seen": 0, "total": 2}
    assert "还没有场景" in render_coverage(coverage)


def test_totals_are_those_of_the_shipped_definitions() -> None:
    """An independent count, from the definitions' own lists."""
    workspace = Workspace.load(ROOT)
    for covered in measure_coverage(workspace, [], DAY).matters:
        matter = workspace.matter(covered.matter, DAY)
        rows = sum(len(table.rows) for table in matter.tables)
        assert covered.count("rows") == (0, rows)
        assert covered.count("criteria") == (0, 2 * len(matter.criteria))
        assert covered.count("paths") == (0, len({"general", *matter.paths}))
        assert covered.count("materials")[1] >= 2 * len(matter.materials)


# --- words of every day --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "matter"),
    [
        ("美发 发廊 理发馆 美容院 酒店 旅馆 民宿 洗浴 澡堂 浴池 卫健委", "public_venue_hygiene"),
        ("招聘公司 中介公司 猎头 人社局", "hr_service_licence"),
        ("老人补贴 老年人补贴 高龄补贴 民政局", "old_age_allowance"),
        ("旅行社分店 旅游公司分店 文旅局", "travel_agency_branch_filing"),
    ],
)
def test_everyday_words_lead_to_their_matter_and_to_no_other(words: str, matter: str) -> None:
    matters = Workspace.load(ROOT).matters(DAY)
    found = {word: [m.matter for m in matters if word in m.aliases] for word in words.split()}
    assert found == {word: [matter] for word in words.split()}


def test_every_shipped_table_has_a_title_for_its_readers() -> None:
    tables = [table for m in Workspace.load(ROOT).matters(DAY) for table in m.tables]
    assert tables
    assert [table.id for table in tables if not table.title] == []
