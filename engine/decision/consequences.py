"""What follows from an approval: duties and their last days, what is granted, how long handling takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.decision.citations import Cited, cite
from engine.decision.evaluation import Evaluation
from engine.decision.notices import way_out
from engine.decision.values import (
    BenefitResult,
    MaterialResult,
    NoticeLine,
    ObligationResult,
    Outcome,
    Reason,
    TimeResult,
)
from engine.definitions import PATH_TITLES, Bases, PathDeclaration
from engine.feel import Expression


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would follow, and what of it cannot be told yet: nothing is approved with a blank."""

    obligations: tuple[ObligationResult, ...]
    supplies: tuple[ObligationResult, ...]  # materials that may follow, with their last days
    benefits: tuple[BenefitResult, ...]
    pending: tuple[NoticeLine, ...]


def foresee(
    evaluation: Evaluation, path: str, materials: Iterable[MaterialResult] = ()
) -> Consequences:
    """Worked out before the conclusion, since what is not known here keeps it from being 准予."""
    return _Foreseeing(evaluation, path, materials).foreseen()


class _Foreseeing:
    def __init__(
        self, evaluation: Evaluation, path: str, materials: Iterable[MaterialResult]
    ) -> None:
        self.evaluation, self.program, self.path = evaluation, evaluation.program, path
        self.deferred = {m.id for m in materials if m.status == "容缺后补"}
        self.pending: list[NoticeLine] = []

    def foreseen(self) -> Consequences:
        obligations = (*self._obligations(), *self._verification())
        benefits = tuple(self._benefits())
        return Consequences(obligations, tuple(self._supplies()), benefits, tuple(self.pending))

    def _supplies(self) -> Iterator[ObligationResult]:
        for compiled in self.program.materials if self.deferred else ():
            material, deferral = compiled.material, compiled.material.deferrable
            if material.key in self.deferred and deferral is not None:
                title = f"补齐容缺材料：{material.title or material.key}；逾期未补的，视为撤回申请"
                cited = cite(deferral.basis or (material.basis or ()))
                identity = f"supply_{material.key}"
                yield self._obligation(identity, title, "申请人", deferral.within, cited)

    def _obligations(self) -> Iterator[ObligationResult]:
        for duty, when, cited in self.program.obligations:
            applies = True if when is None else self.evaluation.verdict(when, duty.title)
            if applies is None and when is not None:
                self._postpone(duty.id, duty.title, duty.basis, when)
            elif applies:
                yield self._obligation(duty.id, duty.title, duty.by, duty.within, cited)

    def _verification(self) -> Iterator[ObligationResult]:
        declaration = declared_path(self.evaluation, self.path)
        if declaration is not None and declaration.verify_within is not None:
            title = f"核查{PATH_TITLES[self.path]}内容：承诺虚假的撤销决定，未履行的责令限期整改"
            within, cited = declaration.verify_within, cite(declaration.basis)
            yield self._obligation("verify_commitment", title, "审批部门", within, cited)

    def _obligation(
        self, identity: str, title: str, by: str, within: str, cited: Cited
    ) -> ObligationResult:
        due, is_provisional = self.program.due(within)
        return ObligationResult(
            identity, title, by, due, is_provisional, cited.texts, cited.is_verified
        )

    def _benefits(self) -> Iterator[BenefitResult]:
        for benefit, amount, starts in self.program.benefits:
            granted = self.evaluation.value(amount, benefit.title)
            start: Any = None
            if starts is not None:
                start = self.evaluation.value(starts, benefit.title)
            unknown = amount if granted is None else starts if start is None else None
            if unknown is not None:
                self._postpone(benefit.title, benefit.title, benefit.basis, unknown)
                continue
            cited = cite(benefit.basis)
            yield BenefitResult(
                title=benefit.title,
                amount=granted,
                unit=benefit.unit or "",
                starts=start if isinstance(start, date) else None,
                basis=cited.texts,
                is_verified=cited.is_verified,
            )

    def _postpone(self, identity: str, title: str, basis: Bases, unknown: Expression) -> None:
        missing = self.evaluation.missing(unknown)
        names = "、".join(f"“{m.name}”（由{m.given_by}提供）" for m in missing)
        zh = f"待核：“{title}”暂不能确定" + (f"，缺少{names}" if names else "")
        text = Reason(zh, f"pending: {title}")
        cited = cite(basis)
        remedy = "；".join(map(way_out, missing)) or "由审批部门核实后确定"
        self.pending.append(
            NoticeLine("missing", identity, text, cited.texts, remedy, cited.is_verified)
        )


def declared_path(evaluation: Evaluation, path: str) -> PathDeclaration | None:
    """What the matter declares of a path; None for the general one."""
    return next((d for p, d in evaluation.program.matter.paths.items() if p == path), None)


def time_of(evaluation: Evaluation, path: str, outcome: Outcome) -> TimeResult:
    """The ends of handling: days only where handling has begun, see `TimeResult`."""
    time, declaration = evaluation.program.matter.time, declared_path(evaluation, path)
    promise = (declaration.promise if declaration else None) or time.promise or ""
    is_accepted = outcome not in ("补正", "不予受理")
    promised = _end(evaluation, promise) if is_accepted else None
    statutory = _end(evaluation, time.statutory or "") if is_accepted else None
    correction = _end(evaluation, time.correction) if outcome == "补正" else None
    return TimeResult(
        promise=promise,
        promised_by=promised[0] if promised else None,
        statutory=time.statutory or "",
        statutory_by=statutory[0] if statutory else None,
        is_provisional=any(end[1] for end in (promised, statutory, correction) if end),
        correction=time.correction if correction else "",
        correction_by=correction[0] if correction else None,
    )


def _end(evaluation: Evaluation, period: str) -> tuple[date, bool] | None:
    if not period:
        return None
    if period in ("即办", "当场"):
        return evaluation.on, False
    return evaluation.program.due(period)
