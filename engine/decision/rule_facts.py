"""What is known of an application, as the facts that conclusion rules speak of (`SCHEMA`)."""

from collections.abc import Container, Iterable, Iterator

from engine.decision.evaluation import Evaluation
from engine.decision.values import CriterionResult, MaterialResult
from engine.definitions import PATH_TITLES
from engine.hooks import CreditRecord, Licence
from engine.inference import Fact


def facts_as_posted(evaluation: Evaluation, path_title: str, types: Container[str]) -> list[Fact]:
    """The application, the applicant, what registers said, and the facts that are texts or yes/no.

    Of what registers said and of the last only what is among `types`: the types that rules read.
    """
    application, applicant = evaluation.application, evaluation.application.applicant
    posted = {
        "事项": evaluation.program.matter.matter,
        "路径": path_title,
        "地区": application.region or None,
        "申请日期": evaluation.on.isoformat(),
        "主体类型": applicant.kind or None,
        "是否代理": bool(application.agent),
    }
    person = {
        "名称": applicant.name or None,
        "证件类型": applicant.id_kind or None,
        "证件号码": applicant.id_number or None,
        "主体类型": applicant.kind or None,
    }
    facts = [Fact("申请", posted), Fact("申请人", person)]
    for reply in evaluation.replies:
        asked = {"来源": reply.source, "种类": reply.kind, "结果": reply.status}
        facts.append(Fact("查询", asked))
        facts += [_credit(evaluation, a) for a in reply.answers if isinstance(a, CreditRecord)]
    if "证照" in types:
        facts += map(_licence, evaluation.licences)
    if "事实" in types:
        facts += _plain_facts(evaluation)
    return facts


def facts_for_rules(
    evaluation: Evaluation,
    path: str,
    materials: Iterable[MaterialResult],
    criteria: Iterable[CriterionResult],
    pending: Iterable[str],
) -> list[Fact]:
    """Everything that the conclusion rests on; `pending` names consequences that are not known."""
    types = evaluation.program.conclusion.types
    facts = facts_as_posted(evaluation, PATH_TITLES[path], types)
    facts.append(Fact("路径", {"名称": PATH_TITLES[path], "是否进入": True}))
    facts += map(_criterion, criteria)
    facts += [
        Fact("材料", {"编号": m.id, "名称": m.title, "结果": m.status, "是否核心": m.is_core})
        for m in materials
    ]
    facts += [Fact("差异", {"名称": d.name, "来源": d.source}) for d in evaluation.differences]
    facts += [
        Fact("认定", {"名称": "后续内容待核", "后果": "review", "对象": title}) for title in pending
    ]
    return facts


def _criterion(criterion: CriterionResult) -> Fact:
    fields = {
        "编号": criterion.id,
        "名称": criterion.point,
        "环节": criterion.stage,
        "结果": criterion.status,
        "后果": criterion.effect,
    }
    return Fact("审查要点", fields)


def _licence(licence: Licence) -> Fact:
    until = licence.valid_until
    fields = {
        "类型": licence.type,
        "编号": licence.number,
        "持有人": licence.holder_name,
        "持有人代码": licence.holder_id,
        "状态": licence.status,
        "有效期至": until.isoformat() if until else None,
        "颁发机构代码": licence.issuer_id,
        "地区": licence.region,
    }
    return Fact("证照", fields)


def _credit(evaluation: Evaluation, record: CreditRecord) -> Fact:
    until = record.disclosed_until
    fields = {
        "主体代码": record.subject_id,
        "类别": record.category,
        "等级": record.grade,
        "披露截止": until.isoformat() if until else None,
        "是否修复": record.repaired,
        "是否在披露期": record.is_disclosed(evaluation.on),
        "是否本人": record.subject_id == evaluation.application.applicant.id_number,
    }
    return Fact("信用", fields)


def _plain_facts(evaluation: Evaluation) -> Iterator[Fact]:
    for name in evaluation.program.matter.facts:
        value = evaluation.context.get(name)
        if isinstance(value, bool):
            yield Fact("事实", {"名称": name, "是否": value})
        elif isinstance(value, str):
            yield Fact("事实", {"名称": name, "文字": value})
