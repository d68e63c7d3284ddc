"""A small workspace made by a test: the shared rules, a licence type, regions and one matter."""

from collections.abc import Mapping
from pathlib import Path

from engine import Workspace
from shipped import ROOT

BASIS = "{law: 示例法, article: 第一条, verified: true}"
MATTER = """\
matter: sample
title: 示例许可
type: 行政许可
level: 县级
organ: 示例局
basis: {basis}
time: {{statutory: 20 working days, promise: 5 working days}}
facts:
  面积: {{type: decimal, scale: 2, range: "[0..1000]"}}
  类别: {{type: text, codes: kinds}}
  出证: {{type: boolean, given_by: 示例局}}
parameters:
  下限: {{type: decimal, value: 10, floor: 10, ceiling: 50, basis: {basis}}}
tables:
  - id: minimum
    gives: 最低面积
    basis: {basis}
    rows:
      - {{类别: '"甲"', 最低面积: 下限}}
      - {{类别: '"乙"', 最低面积: 30}}
criteria:
  - id: in_scope
    stage: 受理
    point: 类别属于本许可
    require: 类别 in ("甲", "乙")
    effect: reject
    basis: {basis}
    remedy: 向主管部门申请
  - id: large_enough
    stage: 受理
    point: 面积达到下限
    require: 面积 >= 最低面积
    basis: {basis}
    remedy: 更换场所
  - {{id: certified, stage: 审查, point: 已经出证, require: 出证, basis: {basis}, remedy: 先行出证}}
materials:
  - {{id: permit, title: 执照, satisfied_by: permit, basis: {basis}, remedy: 提交执照}}
  - {{id: report, title: 报告, commitable: true, core: false, basis: {basis}, remedy: 提交报告}}
paths:
  commitment:
    covers: [report, certified]
    verify_within: 30 days
    duty: 承诺
    consequence: 撤销
    on_false: revoke
    on_unfulfilled: correct_then_revoke
    basis: {basis}
"""
# The matter is a small one on purpose: what only says that something is left out is turned off.
SETTINGS = """\
severities:
  faq-missing: off
  guide-incomplete: off
"""
FILES = {
    "tongban.yaml": SETTINGS,
    "rulesets/codes/kinds.yaml": "codes: kinds\ntitle: 类别\nvalues: [{code: 甲}, {code: 乙}, {code: 丙}]\n",
    "rulesets/licences/permit.yaml": (
        "licence: permit\ntitle: 执照\nrenewal: 请先办理执照延续\n"
        "coverage: {from: 2020-01-01, regions: ['370800']}\nsuccessors: {旧代码: 新代码}\n"
        "fields: {地址: {type: text}}\n"
    ),
    "rulesets/regions/370800.yaml": "region: '370800'\ntitle: 示例市\n",
    "rulesets/regions/370811.yaml": (
        "region: '370811'\ntitle: 示例区\nparent: '370800'\n"
        f"overrides: {{sample: {{parameters: {{下限: 20}}, basis: {BASIS}}}}}\n"
    ),
    "rulesets/regions/510000.yaml": "region: '510000'\ntitle: 别省\n",
    "form_defs/sample.yaml": (
        "form: sample\nsteps:\n  - title: 场所\n    fields:\n"
        "      - {fact: 面积, ask: 多大？}\n      - {fact: 类别, ask: 哪类？, as: select}\n"
        "      - {fact: 出证, ask: 出证了吗？, as: yes_no}\n"
    ),
}


def make(root: Path, changes: Mapping[str, str] | None = None) -> Workspace:
    """The small workspace written to `root`, with files added or replaced by `changes`."""
    shared = (ROOT / "rulesets" / "rules" / "shared_conclusions.yaml").read_text(encoding="utf-8")
    calendar = (ROOT / "rulesets" / "calendars" / "2026.yaml").read_text(encoding="utf-8")
    files = {
        **FILES,
        "rulesets/matters/sample.yaml": matter(),
        "rulesets/rules/shared.yaml": shared,
        "rulesets/calendars/2026.yaml": calendar,
        **(changes or {}),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Workspace.load(root)


def matter(*replacements: tuple[str, str]) -> str:
    """The matter's text with some of it replaced; what is replaced must be there."""
    text = MATTER.format(basis=BASIS)
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
