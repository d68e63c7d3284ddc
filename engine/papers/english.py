"""The engine's own Chinese words for English readers. What a definition says stays as it is written."""

import re

from engine.papers.wording import Language

# Results, materials' statuses and outcomes.
STATUSES_EN = {
    "满足": "holds", "不满足": "fails", "待核": "pending", "不适用": "n/a",
    "免提交": "exempt", "已提交": "handed in", "以承诺代替": "committed to",
    "容缺后补": "may follow", "缺少": "missing", "不需要": "not needed",
    "准予": "granted", "不予": "refused", "不予受理": "not accepted", "补正": "to be corrected",
}  # fmt: skip
_STAGES = {"受理": "acceptance", "审查": "review", "决定": "decision"}
_ORIGINS = {
    "申请人填写": "stated by the applicant",
    "申请人提交": "from the applicant",
    "申请人": "the applicant",
    "申请日期": "the day of application",
    "申请地区": "the region applied in",
    "办理路径": "the procedure followed",
    "地区参数": "set by the region",
    "规则计算": "computed",
    "缺少": "missing",
    "登记系统": "a register",
    "告知承诺书": "the commitment",
    "容缺": "to follow later",
    "审批部门": "the authority",
}
_ORIGIN_KINDS = {"电子证照": "e-licence", "登记系统": "register", "决策表": "decision table"}
_PERSONS = {
    "自然人": "natural person", "企业法人": "company", "个体工商户": "sole trader",
    "事业单位法人": "public institution", "社会组织法人": "social organisation",
    "机关法人": "public authority", "非法人组织": "unincorporated organisation",
    "农民专业合作社": "farmers' cooperative",
}  # fmt: skip
# An applicant who may leave it to a licence: 申请人（或营业执照电子证照）.
_OR_LICENCE = re.compile(r"申请人（或(.+)电子证照）")
_ASIDE = re.compile(r"申请人（(.+)）")


def spoken_status(status: str, language: Language) -> str:
    return status if language == "zh" else STATUSES_EN.get(status, status)


def spoken_stage(stage: str, language: Language) -> str:
    return stage if language == "zh" else _STAGES.get(stage, stage)


def spoken_person(kind: str, language: Language) -> str:
    return kind if language == "zh" else _PERSONS.get(kind, kind)


def spoken_origin(origin: str, language: Language) -> str:
    """Where a value or a material came from, or who is to give it."""
    if language == "zh" or origin in _ORIGINS:
        return origin if language == "zh" else _ORIGINS[origin]
    kind, colon, title = origin.partition("：")
    if colon and kind in _ORIGIN_KINDS:
        return f"{_ORIGIN_KINDS[kind]}: {title}"
    if found := _OR_LICENCE.fullmatch(origin):
        return f"the applicant (or the e-licence {found[1]})"
    if found := _ASIDE.fullmatch(origin):
        return f"the applicant ({found[1]})"
    return origin
