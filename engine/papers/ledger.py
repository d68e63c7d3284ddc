"""The discretion ledger (自由裁量清单): every judgement that a person still makes, and none hidden.

A criterion's `judgement` is discretion: a person weighs factors within bounds. A referral
(转人工核实) is none: a person finds out a fact, as the register would have said it. Words that leave
room and are covered by no judgement are discretion that nobody declared. All three are listed; the
first and the last are counted against 零自由裁量.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.checks import discretion_words
from engine.definitions import Bases, Matter
from engine.prose import Language


@dataclass(frozen=True, slots=True)
class LedgerBasis:
    """A basis as it is cited, and whether it was checked against its text."""

    cited: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class DeclaredJudgement:
    """One judgement: which criterion, the fact it gives, who gives it, on what, how far."""

    criterion: str
    point: str
    stage: str
    fact: str
    by: str
    factors: tuple[str, ...]
    bounds: str
    basis: tuple[LedgerBasis, ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """A case that goes to a person who verifies a fact: the rule that sends it, and why."""

    rule: str
    title: str


@dataclass(frozen=True, slots=True)
class UndeclaredWord:
    """A word that leaves room, in a text that no judgement covers."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class MatterLedger:
    """What a person decides in one matter."""

    matter: str
    title: str
    criteria: int
    judgements: tuple[DeclaredJudgement, ...]
    referrals: tuple[Referral, ...]
    undeclared: tuple[UndeclaredWord, ...]

    @property
    def is_free_of_discretion(self) -> bool:
        return not self.judgements and not self.undeclared


def discretion_ledger(matters: Iterable[Matter]) -> tuple[MatterLedger, ...]:
    """One entry for each matter, in the order given."""
    return tuple(
        MatterLedger(
            matter.matter,
            matter.title,
            len(matter.criteria),
            tuple(_judgements(matter)),
            tuple(_referrals(matter)),
            tuple(UndeclaredWord(m[0], text) for _, text, m in discretion_words(matter)),
        )
        for matter in matters
    )


def _judgements(matter: Matter) -> Iterator[DeclaredJudgement]:
    for criterion in matter.criteria:
        declared = criterion.judgement
        if declared is not None:
            yield DeclaredJudgement(
                criterion.id,
                criterion.point,
                criterion.stage,
                declared.fact,
                declared.by,
                declared.factors,
                declared.bounds,
                _cited(declared.basis),
            )


def _referrals(matter: Matter) -> Iterator[Referral]:
    for criterion in matter.criteria:
        if criterion.consequence == "review":
            yield Referral(criterion.id, criterion.point)
    for rule in matter.conclusions:
        if rule.then.effect == "review":
            yield Referral(rule.rule, rule.then.finding or rule.title or rule.rule)


def _cited(bases: Bases) -> tuple[LedgerBasis, ...]:
    return tuple(LedgerBasis(str(basis), basis.verified) for basis in bases)


# --- as text ---------------------------------------------------------------------------------


def ledger_text(ledger: tuple[MatterLedger, ...], language: Language = "zh") -> str:
    """The ledger as lines for a terminal, with the totals at its end."""
    zh = language == "zh"
    lines = [line for entry in ledger for line in (*_entry(entry, zh), "")]
    return "\n".join([*lines, _total(ledger, zh)]) + "\n"


def _entry(entry: MatterLedger, zh: bool) -> Iterator[str]:
    yield f"{entry.title}（{entry.matter}）" if zh else f"{entry.title} ({entry.matter})"
    if entry.is_free_of_discretion:
        yield (
            f"  零自由裁量：{entry.criteria} 个审查要点都由规则判定"
            if zh
            else f"  zero discretion: rules decide all {entry.criteria} criteria"
        )
    for number, judgement in enumerate(entry.judgements, 1):
        yield from _judgement(number, judgement, zh)
    for left in entry.undeclared:
        yield (
            f"  ! 未申报的裁量用语“{left.word}”：{left.text}"
            if zh
            else f'  ! undeclared discretion, "{left.word}": {left.text}'
        )
    for referral in entry.referrals:
        yield (
            f"  · 转人工核实（查明事实，不裁量）：{referral.title}"
            if zh
            else f"  · verified by a person (a fact, no discretion): {referral.title}"
        )


def _judgement(number: int, judgement: DeclaredJudgement, zh: bool) -> Iterator[str]:
    yield f"  {number}. {judgement.stage}｜{judgement.point}"
    comma = "；" if zh else "; "
    doubt = "（未核实）" if zh else " (not verified)"
    basis = comma.join(b.cited + ("" if b.is_verified else doubt) for b in judgement.basis)
    rows = (
        ("由谁判断", "by", judgement.by),
        ("判断写入", "fact", judgement.fact),
        ("考虑因素", "factors", comma.join(judgement.factors)),
        ("裁量界限", "bounds", judgement.bounds),
        ("裁量依据", "basis", basis),
    )
    for label_zh, label_en, text in rows:
        if text:
            yield f"     {label_zh}：{text}" if zh else f"     {label_en}: {text}"


def _total(ledger: tuple[MatterLedger, ...], zh: bool) -> str:
    judged = sum(len(entry.judgements) for entry in ledger)
    referred = sum(len(entry.referrals) for entry in ledger)
    undeclared = sum(len(entry.undeclared) for entry in ledger)
    free = sum(entry.is_free_of_discretion for entry in ledger)
    if zh:
        return (
            f"共 {len(ledger)} 个事项：{free} 个零自由裁量；"
            f"已申报的裁量 {judged} 处，未申报的裁量用语 {undeclared} 处，转人工核实 {referred} 处。"
        )
    return (
        f"{len(ledger)} matter(s): {free} without discretion; "
        f"{judged} judgement(s) declared, {undeclared} word(s) undeclared, "
        f"{referred} referral(s) to a person."
    )
