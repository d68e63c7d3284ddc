"""A new workspace: the shared conclusion rules, and one small matter that is decided at once."""

from pathlib import Path

_MATTER = """\
# 一个可以直接判定的小事项。改一改，运行 tongban check 和 tongban test 看看会怎样。
matter: sample_filing
title: 示例备案
type: 行政备案
level: 县级
organ: 示例局
kind: 即办件
time: {promise: 即办}
basis: {law: 示例办法, article: 第一条, source: 请替换为真实依据, verified: false}
facts:
  经营面积: {type: decimal, unit: m², range: "[0..100000]", scale: 2}
criteria:
  - id: area_large_enough
    stage: 受理
    point: 经营面积不少于 10 平方米
    require: 经营面积 >= 10
    basis: {law: 示例办法, article: 第二条, source: 请替换为真实依据, verified: false}
    remedy: 更换场所后再备案
materials:
  - id: application_form
    title: 备案表
    issuer: 申请人
    basis: {law: 示例办法, article: 第三条, source: 请替换为真实依据, verified: false}
    remedy: 请提交备案表
"""
_FORM = """\
form: sample_filing
steps:
  - title: 场所
    fields:
      - {fact: 经营面积, ask: 经营面积是多少平方米？, as: decimal}
"""
_FEATURE = """\
# language: zh-CN
功能: 示例备案的审查

  场景: 经营面积恰好达到下限
    假如 经营面积是 10 平方米
    并且 申请材料齐全
    当 申请人于 2026-11-22 申请"示例备案"
    那么 审查要点"经营面积不少于 10 平方米"的结果是"满足"
    并且 结论是"准予"
"""
_SETTINGS = """\
# 工作区设置。region：申请没有写明地区时按哪个地区办理（须在 rulesets/regions/ 中定义）。
title: 新工作区
region: ""
"""
# Where the other kinds go, so that nobody has to guess.
_EMPTY_FOLDERS = (
    "plugins",
    "rulesets/calendars",
    "rulesets/codes",
    "rulesets/licences",
    "rulesets/materials",
    "rulesets/regions",
)
_RULES = "shared_conclusions.yaml"
# The wheel carries the file beside this one; a checkout has it among its own rulesets.
_RULES_FILES = (
    Path(__file__).with_name(_RULES),
    Path(__file__).parents[2] / "rulesets" / "rules" / _RULES,
)


def begin_workspace(directory: Path) -> list[Path]:
    """Writes a new workspace and says which files. FileExistsError when the folder is not empty."""
    if directory.exists() and any(directory.iterdir()):
        raise FileExistsError(
            f"{directory} 不是空文件夹，未作改动 / is not empty; nothing was changed"
        )
    rules = next(path for path in _RULES_FILES if path.is_file()).read_text(encoding="utf-8")
    files = {
        "tongban.yaml": _SETTINGS,
        f"rulesets/rules/{_RULES}": rules,
        "rulesets/matters/sample_filing.yaml": _MATTER,
        "form_defs/sample_filing.yaml": _FORM,
        "features/sample_filing.feature": _FEATURE,
    }
    made = []
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        made.append(path)
    for folder in _EMPTY_FOLDERS:
        (directory / folder).mkdir(parents=True, exist_ok=True)
    return made
