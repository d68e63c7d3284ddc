"""How each material is obtained: the ways in the order that the definition gives, each skip explained."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from engine.clock import Period
from engine.decision.evaluation import Evaluation, licence_record
from engine.decision.program import LICENCE, CompiledMaterial
from engine.decision.values import (
    EXEMPT_LABEL,
    MaterialResult,
    MaterialStatus,
    Reason,
    Skip,
)
from engine.definitions import LicenceType, MaterialUse, Resolution
from engine.feel.frozen_values import frozen
from engine.hooks import Licence
from engine.workspace import UnknownDefinition

_HANDED_IN = Reason("申请人提交", "handed in")


@frozen
class _Outcome:
    """What one way came to; without a status it said nothing, and the next way is tried."""

    status: MaterialStatus | None
    reason: Reason
    source: str = ""
    remedy: str = ""


_NOT_IN_LIBRARY = "the library has no"


def stands_for_licence(material: Mapping[str, Any]) -> bool:
    """Whether a material was handed in for want of a licence that the library should have.

    `material` is a MaterialResult as JSON; a licence that is not issued for the region or the time
    is not wanting.
    """
    lacking = (s for s in material["skips"] if s["way"] == "licence")
    return material["status"] == "已提交" and any(
        s["reason"]["en"].startswith(_NOT_IN_LIBRARY) for s in lacking
    )


def resolve_material(
    evaluation: Evaluation, compiled: CompiledMaterial, path: str
) -> MaterialResult:
    """One material of one application; `path` is the path it is handled on."""
    return _Resolver(evaluation, compiled, path).result()


class _Resolver:
    def __init__(self, evaluation: Evaluation, compiled: CompiledMaterial, path: str) -> None:
        self.evaluation, self.compiled, self.path = evaluation, compiled, path
        self.material: MaterialUse = compiled.material
        self.skips: list[Skip] = []
        # What a register said against the material, kept in case no other way gives it.
        self.objection: _Outcome | None = None

    def result(self) -> MaterialResult:
        title = self.material.title or self.material.key
        needed = (
            True
            if self.compiled.when is None
            else self.evaluation.verdict(self.compiled.when, f"材料 {title}")
        )
        if needed is False:
            reason = Reason("按所填情况不需要此项材料", "not needed in this situation")
            return self._close(_Outcome("不需要", reason))
        for way in self.material.resolve:
            outcome = _WAYS[way](self)
            if outcome.status in ("免提交", "已提交", "以承诺代替", "容缺后补"):
                return self._close(self._doubted(way, outcome))
            self.skips.append(Skip(way, outcome.reason))
            if outcome.status is not None and self.objection is None:
                self.objection = outcome
        if needed is None:
            missing = self.evaluation.missing(self.compiled.when) if self.compiled.when else ()
            names = "、".join(m.name for m in missing)
            reason = Reason(f"是否需要此项材料待核：缺少{names}", f"needed or not: {names} unknown")
            remedy = f"请先补充{names}，再看是否需要此项材料"
            return self._close(_Outcome("待核", reason, remedy=remedy))
        if self.objection is not None:
            return self._close(self.objection)
        missing_text = Reason(
            "未提交，也没有其他方式可以取得", "not handed in, and no other way gave it"
        )
        remedy = self.material.remedy or f"请提交{title}"
        return self._close(_Outcome("缺少", missing_text, remedy=remedy))

    def _doubted(self, way: Resolution, outcome: _Outcome) -> _Outcome:
        """What the applicant hands in against a register's word is for a person to verify."""
        if way == "licence" or self.objection is None or self.objection.status != "不满足":
            return outcome
        zh = f"{self.objection.reason.zh}；已收到申请人提交的材料，转人工核实"
        en = f"{self.objection.reason.en}; what was handed in is verified by a person"
        return _Outcome("待核", Reason(zh, en), outcome.source, self.objection.remedy)

    def _close(self, outcome: _Outcome) -> MaterialResult:
        material, cited = self.material, self.compiled.cited
        assert outcome.status is not None
        # By position: names would take as long as the whole of it.
        return MaterialResult(
            material.key,
            material.title or material.key,
            outcome.status,
            outcome.source,
            EXEMPT_LABEL if outcome.status == "免提交" else "",
            material.core,
            tuple(self.skips),
            outcome.reason,
            cited.texts,
            outcome.remedy,
            cited.is_verified,
        )

    # --- the ways --------------------------------------------------------------------------

    def _licence(self) -> _Outcome:
        types = self.material.satisfied_by or ()
        if not types:
            return _skip("没有关联电子证照", "no licence is linked")
        outcomes = [self._licence_of(kind) for kind in types]
        for status in ("免提交", "不满足", "待核"):
            for outcome in outcomes:
                if outcome.status == status:
                    return outcome
        return outcomes[0]

    def _licence_of(self, kind: str) -> _Outcome:
        try:
            licence_type = self.evaluation.program.workspace.licence(kind, self.evaluation.on)
        except UnknownDefinition:
            return _skip(f"没有定义证照类型 {kind}", f"no licence type {kind}")
        title = licence_type.title
        if not licence_type.coverage.includes(self.evaluation.application.region):
            return _skip(
                f"{title}电子证照的制发范围不含本地区，不能免提交",
                f"the licence {kind} is not issued for this region",
            )
        held = [x for x in self.evaluation.licences if x.type == kind and self._is_held(x)]
        judged = [self._judge(licence, licence_type) for licence in held]
        exempt = next((o for o in judged if o.status == "免提交"), None)
        if exempt is not None:
            return exempt
        silent = next(
            (r for r in self.evaluation.replies if r.kind == "licences" and r.status != "answered"),
            None,
        )
        if silent is not None:
            # The register that is silent may hold the licence that is in force.
            known = f"；另一登记：{judged[0].reason.zh}" if judged else ""
            reason = Reason(f"{silent.problem_zh}{known}", silent.problem_en)
            remedy = f"可以先提交{title}；不提交的，待系统恢复后核验"
            return _Outcome("待核", reason, silent.source, remedy)
        if not judged:
            return _skip(
                f"电子证照库中没有申请人的{title}", f"{_NOT_IN_LIBRARY} {kind} of the holder"
            )
        return judged[0]

    def _is_held(self, licence: Licence) -> bool:
        holder: object = self.evaluation.application.applicant.id_number
        if self.material.holder is not None:
            holder = self.evaluation.context.get(self.material.holder)
        holders = holder if isinstance(holder, list) else [holder]
        return bool(licence.holder_id) and licence.holder_id in holders

    def _judge(self, licence: Licence, licence_type: LicenceType) -> _Outcome:
        title, on = licence_type.title, self.evaluation.on
        source = f"{title} {licence.number}"
        start = licence_type.coverage.from_
        if start is not None and licence.issued_on < start:
            return _skip(
                f"{title}颁发于 {licence.issued_on}，早于电子证照制发的起始日 {start}",
                f"issued before the library's coverage starts ({start})",
            )
        if licence.status != "有效":
            reason = Reason(f"{title}状态为{licence.status}", f"the licence is {licence.status}")
            remedy = licence_type.renewal or f"请先恢复或重新办理{title}"
            return _Outcome("不满足", reason, source, remedy)
        if licence.valid_until is not None and licence.valid_until < on:
            reason = Reason(
                f"不满足：已过期（有效期至 {licence.valid_until}）",
                f"expired on {licence.valid_until}",
            )
            return _Outcome(
                "不满足", reason, source, licence_type.renewal or f"请先办理{title}延续"
            )
        return self._checked(licence, licence_type, source)

    def _checked(self, licence: Licence, licence_type: LicenceType, source: str) -> _Outcome:
        record = licence_record(licence)
        issuer = licence_type.successors.get(licence.issuer_id)
        note = f"（原颁发机构 {licence.issuer_id} 已由 {issuer} 承继）" if issuer else ""
        for check, expression in zip(self.material.checks or (), self.compiled.checks, strict=True):
            verdict = self.evaluation.verdict(
                expression, f"材料 {self.material.title}", {LICENCE: record}
            )
            if verdict is False:
                return _Outcome(
                    "不满足", Reason(check.reason, check.reason), source, check.remedy or ""
                )
            if verdict is None:
                reason = Reason(f"待核：{check.reason}", f"pending: {check.reason}")
                return _Outcome("待核", reason, source, check.remedy or "")
        reason = Reason(f"{licence_type.title}电子证照有效{note}", "the e-licence is in force")
        return _Outcome("免提交", reason, source + note)

    def _earlier(self) -> _Outcome:
        held = self.evaluation.application.earlier.get(self.material.key)
        if held is None:
            return _skip("前序环节没有收过此项材料", "no earlier step has collected it")
        reason = Reason(
            f"已由办件 {held.case} 收取，不再要求提交", f"held by case {held.case} already"
        )
        return _Outcome("已提交", reason, f"前序办件 {held.case}")

    def _attested(self) -> _Outcome | None:
        """What a department answered about the material; None while nothing is answered."""
        told = self.evaluation.application.attested.get(f"material:{self.material.key}")
        if told is None:
            return None
        source = f"部门协查：{told.department}"
        if told.answer == "属实":
            reason = Reason(f"{told.department}协查属实", f"{told.department} says that it is true")
            return _Outcome("已提交", reason, source)
        if told.answer == "不属实":
            reason = Reason(
                f"{told.department}协查不属实", f"{told.department} says it is not true"
            )
            remedy = self.material.remedy or "请更正申请内容，或者向协查单位提出异议"
            return _Outcome("不满足", reason, source, remedy)
        reason = Reason(f"{told.department}无法核实，转人工核实", f"{told.department} cannot tell")
        return _Outcome("待核", reason, source, "请等待审批部门核实，也可以提交材料")

    def _query(self) -> _Outcome:
        if not self.material.query:
            told = self._attested()
            return told or _skip("没有约定部门协查", "no department is queried for it")
        told = self._attested()
        if told is not None:
            return told
        zh = f"待向{self.material.query}协查，申请人无须提交"
        reason = Reason(zh, f"{self.material.query} is to be queried")
        return _Outcome("待核", reason, remedy="无须提交，请等待部门协查的结果")

    def _upload(self) -> _Outcome:
        submission = self.evaluation.application.materials.get(self.material.key)
        if submission is None:
            return _skip("申请人没有提交", "not handed in")
        return _Outcome("已提交", _HANDED_IN, submission.name or "申请人提交")

    def _commitment(self) -> _Outcome:
        declaration = self.evaluation.program.matter.paths.get(self.path)  # type: ignore[call-overload]
        if self.path == "general" or declaration is None:
            return _skip("未走告知承诺等路径", "not on a path of commitment")
        if not self.material.commitable or self.material.key not in declaration.covers:
            return _skip("此项材料不能以承诺代替", "may not be replaced by a commitment")
        if self.path == "non_core_credit" and self.material.core:
            return _skip(
                "核心要件不因信用等级免除，须提交",
                "a core material is not spared by a credit grade",
            )
        if self.material.key not in self.evaluation.application.commitments:
            return _skip("申请人没有就此项作出承诺", "the applicant did not commit to it")
        return _Outcome(
            "以承诺代替", Reason("申请人书面承诺", "committed in writing"), "告知承诺书"
        )

    def _deferral(self) -> _Outcome:
        if self.material.deferrable is None:
            return _skip("此项材料不能容缺后补", "may not follow later")
        if self.path != "deferral":
            return _skip("未走容缺后补路径", "not on the path of deferral")
        if self.material.core:
            return _skip("核心要件不能容缺后补", "a core material may not follow later")
        within = Period.parse(self.material.deferrable.within)
        due, is_provisional = self.evaluation.program.due(self.material.deferrable.within)
        until = f"{due}{'（暂定）' if is_provisional else ''}"
        zh = f"容缺受理，请在{within.zh}内（{until}前）补齐；逾期未补的，视为撤回申请，补齐前不发证"
        reason = Reason(zh, f"to follow within {within.en}, by {due}, or the case lapses")
        remedy = (
            self.material.remedy or f"在 {until} 前补交{self.material.title or self.material.key}"
        )
        return _Outcome("容缺后补", reason, "容缺", remedy)


_WAYS: dict[Resolution, Callable[[_Resolver], _Outcome]] = {
    "licence": _Resolver._licence,
    "earlier": _Resolver._earlier,
    "query": _Resolver._query,
    "upload": _Resolver._upload,
    "commitment": _Resolver._commitment,
    "deferral": _Resolver._deferral,
}


@lru_cache(maxsize=1024)  # the same few sentences, over and over
def _skip(zh: str, en: str) -> _Outcome:
    return _Outcome(None, Reason(zh, en))
