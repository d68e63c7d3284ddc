"""The engine's own Chinese words for English readers. What a definition says stays as it is written."""

import re

from engine.prose import Language, Words

# Results, materials' statuses and outcomes.
STATUSES_EN = {
    "满足": "holds", "不满足": "fails", "待核": "pending", "不适用": "n/a",
    "免提交": "exempt", "已提交": "handed in", "以承诺代替": "committed to",
    "容缺后补": "may follow", "缺少": "missing", "不需要": "not needed",
    "准予": "granted", "不予": "refused", "不予受理": "not accepted", "补正": "to be corrected",
}  # fmt: skip
# Words that definitions choose from a closed list, and where values come from.
_TERMS = {
    "受理": "acceptance", "审查": "review", "决定": "decision",
    "国家级": "national", "省级": "provincial", "市级": "municipal", "县级": "county",
    "乡镇级": "township", "村级": "village", "即办件": "at once", "承诺件": "within a promised time",
    "行政许可": "administrative licence", "行政处罚": "administrative penalty",
    "行政强制": "administrative compulsion", "行政征收": "administrative levy",
    "行政给付": "administrative benefit", "行政检查": "administrative inspection",
    "行政确认": "administrative confirmation", "行政奖励": "administrative award",
    "行政裁决": "administrative ruling", "行政备案": "administrative filing",
    "其他行政权力": "other administrative power", "公共服务": "public service",
    "申请人自备": "prepared by the applicant", "政府部门核发": "issued by an authority",
    "其他": "other", "纸质": "paper", "电子": "electronic", "纸质或电子": "paper or electronic",
    "自然人": "natural person", "企业法人": "company", "非法人企业": "unincorporated enterprise",
    "个体工商户": "sole trader", "事业法人": "public institution",
    "事业单位法人": "public institution", "社会组织法人": "social organisation",
    "机关法人": "public authority", "非法人组织": "unincorporated organisation",
    "农民专业合作社": "farmers' cooperative", "申请人": "the applicant", "审批部门": "the authority",
    "申请人填写": "stated by the applicant", "申请人提交": "from the applicant",
    "申请日期": "the day of application", "申请地区": "the region applied in",
    "办理路径": "the procedure followed", "地区参数": "set by the region", "规则计算": "computed",
    "缺少": "missing", "登记系统": "a register", "告知承诺书": "the commitment",
    "容缺": "to follow later", "审查人员": "the reviewer",
    "全程网办": "wholly online", "部分网办": "partly online", "不网办": "not online",
    "窗口": "counter", "网上": "online", "移动端": "mobile", "自助终端": "self-service terminal",
    "邮寄": "post", "出证办结": "a licence is issued", "出文办结": "a document is issued",
    "审批办结": "an approval is given",
}  # fmt: skip
_ORIGIN_KINDS = {"电子证照": "e-licence", "登记系统": "register", "决策表": "decision table"}
# An applicant who may leave it to a licence: 申请人（或营业执照电子证照）.
_OR_LICENCE = re.compile(r"申请人（或(.+)电子证照）")
_ASIDE = re.compile(r"申请人（(.+)）")


def spoken_status(status: str, language: Language) -> str:
    return status if language == "zh" else STATUSES_EN.get(status, status)


def term(text: str) -> Words:
    """A word of the engine's own, or what else there is as it is written."""
    return Words(text, _TERMS.get(text, text))


def with_origins(text: str, language: Language) -> str:
    """What the engine put together from a definition's words and where a value came from."""
    if language == "en":
        for kind, english in _ORIGIN_KINDS.items():
            text = text.replace(f"{kind}：", f"{english}: ")
    return text


def spoken_origin(origin: str, language: Language) -> str:
    """Where a value or a material came from, or who is to give it."""
    if language == "zh" or origin in _TERMS:
        return term(origin).say(language)
    kind, colon, title = origin.partition("：")
    if colon and kind in _ORIGIN_KINDS:
        return f"{_ORIGIN_KINDS[kind]}: {title}"
    if found := _OR_LICENCE.fullmatch(origin):
        return f"the applicant (or the e-licence {found[1]})"
    if found := _ASIDE.fullmatch(origin):
        return f"the applicant ({found[1]})"
    return origin
