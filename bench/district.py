"""A generated district: thousands of matters of ordinary size, each with its form, all different.

An ordinary matter has some seven facts, a table, five criteria, six materials (some of them shared)
and a form of two steps: about eighty lines of YAML. Names and figures come from a seed.
"""

import random
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ("codes", "calendars", "licences", "materials", "regions", "rules")
TRADES = ("餐饮", "零售", "住宿", "洗浴", "物流", "印刷", "养殖", "维修", "培训", "诊疗")
ACTS = ("经营许可", "备案", "资质认定", "登记", "给付", "变更许可", "延续许可")
TYPES = ("行政许可", "行政备案", "行政确认", "行政给付", "其他行政权力", "公共服务")
PAPERS = ("平面图", "设备清单", "人员名册", "管理制度", "检验报告", "租赁合同", "环评文件")


def matter_text(number: int, rng: random.Random) -> str:
    """The YAML of one matter."""
    trade, act = rng.choice(TRADES), rng.choice(ACTS)
    floors = sorted(rng.sample(range(5, 900), 4))
    staff, months = rng.randrange(1, 30), rng.choice((6, 12, 24))
    papers = rng.sample(PAPERS, 4)
    basis = "{law: 示例条例, article: 第%d条, source: 生成的例子, verified: false}"
    kinds = ("甲", "乙", "丙", "丁")
    rows = "".join(
        f"      - {{类别: '\"{kind}\"', 最低面积: {floor}}}\n"
        for kind, floor in zip(kinds, floors, strict=True)
    )
    materials = "".join(
        f"  - id: paper_{n}\n    title: {trade}{paper}\n    issuer: 申请人\n"
        f"    origin: 申请人自备\n    form: 电子\n    copies: 1\n"
        f"    remedy: 补交{paper}\n    basis: {basis % (n + 3)}\n"
        for n, paper in enumerate(papers)
    )
    return f"""\
matter: matter_{number:04}
title: {trade}{act}（{number:04}）
aliases: [开{trade}店, 办{trade}]
summary: 从事{trade}的，依法办理{act}
type: {rng.choice(TYPES)}
level: 县级
organ: 示例局
served: [企业法人, 个体工商户]
visits: 0
basis: {basis % 1}
time:
  statutory: 20 working days
  promise: {rng.randrange(1, 6)} working days
  basis: {basis % 2}
facts:
  类别: {{type: text, codes: kinds}}
  营业面积: {{type: decimal, unit: m², range: "[0..100000]", scale: 2}}
  从业人数: {{type: integer, unit: 人, range: "[0..10000]"}}
  检验日期: {{type: date, title: 检验报告出具日期}}
  有污水排放: {{type: boolean}}
  污水已处理: {{type: boolean}}
  新建场所: {{type: boolean, compute: '类别 in ("甲", "乙") and 营业面积 > {floors[0]}'}}
parameters:
  最少人数:
    type: integer
    value: {staff}
    unit: 人
    title: 从业人数下限（含）
    floor: 1
    basis: {basis % 3}
tables:
  - id: minimum_area
    title: 各类别营业面积下限
    gives: 最低面积
    units: {{最低面积: m²}}
    basis: {basis % 4}
    rows:
{rows}criteria:
  - id: area_large_enough
    stage: 受理
    point: 营业面积达到本类别最低要求
    require: 营业面积 >= 最低面积
    basis: {basis % 4}
    remedy: 更换场所后再申请
  - id: staff_enough
    stage: 审查
    point: 从业人数达到下限
    require: 从业人数 >= 最少人数
    basis: {basis % 5}
    remedy: 增加从业人员
  - id: report_in_date
    stage: 审查
    point: 检验报告在有效期内
    require: 检验日期 <= 申请日期 and 检验日期 + @"P{months}M" >= 申请日期
    effect: correct
    basis: {basis % 6}
    remedy: 重新检验后提交报告
  - id: sewage_treated
    stage: 审查
    point: 有污水排放的，污水已经处理
    when: 有污水排放
    require: 污水已处理
    basis: {basis % 7}
    remedy: 增设污水处理设施
  - id: new_place_large
    stage: 审查
    point: 新建场所面积不少于 {floors[0] + 1} 平方米
    when: 新建场所
    require: 营业面积 >= {floors[0] + 1}
    basis: {basis % 8}
    remedy: 扩大营业面积
materials:
  - use: identity_document
    basis: {basis % 2}
  - use: business_licence
    basis: {basis % 2}
{materials}result: {{title: {trade}{act}决定书, valid: {rng.choice((3, 5))} years}}
guide:
  phone: 000-0000000
  hours: 工作日九时至十七时
"""


def form_text(number: int) -> str:
    """The YAML of the matter's form."""
    return f"""\
form: matter_{number:04}
steps:
  - title: 场所
    fields:
      - {{fact: 类别, ask: 您的场所是哪一类？, as: select}}
      - {{fact: 营业面积, ask: 营业面积是多少平方米？, as: decimal}}
      - {{fact: 有污水排放, ask: 有污水排放吗？, as: yes_no}}
      - {{fact: 污水已处理, ask: 污水经过处理吗？, as: yes_no, when: 有污水排放}}
  - title: 人员和检验
    fields:
      - {{fact: 从业人数, ask: 从业人员有几人？, as: integer}}
      - {{fact: 检验日期, ask: 检验报告是哪一天出具的？, as: date}}
"""


def write_district(folder: Path, matters: int = 3000, seed: int = 20261122) -> None:
    """Writes a workspace of so many matters and forms, on the shared definitions that ship."""
    rng = random.Random(seed)
    for name in SHARED:
        shutil.copytree(ROOT / "rulesets" / name, folder / "rulesets" / name)
    for region in (folder / "rulesets" / "regions").iterdir():
        region.unlink()  # they set figures of matters that are not here
    words = "".join(f"  - {{code: {kind}, title: {kind}类}}\n" for kind in "甲乙丙丁")
    (folder / "rulesets" / "codes" / "kinds.yaml").write_text(
        f"codes: kinds\ntitle: 类别\nvalues:\n{words}", encoding="utf-8"
    )
    for name in ("rulesets/matters", "form_defs"):
        (folder / name).mkdir(parents=True)
    for number in range(matters):
        file = f"matter_{number:04}.yaml"
        (folder / "rulesets" / "matters" / file).write_text(matter_text(number, rng), "utf-8")
        (folder / "form_defs" / file).write_text(form_text(number), "utf-8")
