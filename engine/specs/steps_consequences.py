"""那么: what follows from a decision: benefits, obligations, letters, the end of handling."""

from datetime import date
from typing import Final

from engine.decision import Decision
from engine.papers import decision_letter
from engine.specs.catalogue import StepCatalogue
from engine.specs.outcome import StepFailed, expect_equal, expect_said, expect_unsaid
from engine.specs.reasons import shown, why_outcome
from engine.specs.registers import read_amount
from engine.specs.world import World

STEPS: Final = StepCatalogue()


@STEPS.then("给付金额是 {amount:value}")
def expect_benefit(world: World, amount: str) -> None:
    """What is paid, in the unit the matter declares."""
    amounts = [benefit.amount for benefit in world.decision.benefits]
    expected = read_amount(amount)
    if expected not in amounts:
        listed = "、".join(shown(found) for found in amounts) or "没有给付"
        why = why_outcome(world.decision)
        raise StepFailed(f"给付金额应为 {expected}，实际是：{listed}；{why}", f"benefits: {listed}")


@STEPS.then("给付金额是 {amount:value}，自 {month:month} 起")
def expect_benefit_from(world: World, amount: str, month: str) -> None:
    """What is paid, and the month it begins."""
    expect_benefit(world, amount)
    months = [b.starts.isoformat()[:7] if b.starts else "未知" for b in world.decision.benefits]
    expect_said("给付的起始月份", "first month", month, months)


@STEPS.then("没有给付")
def expect_no_benefit(world: World) -> None:
    """Nothing is paid."""
    titles = [benefit.title for benefit in world.decision.benefits]
    expect_equal("给付", "benefits", "", "、".join(titles))


@STEPS.then('后续义务包括"{words}"')
def expect_obligation(world: World, words: str) -> None:
    """What must be done after the decision."""
    said = [f"{o.title}（{o.by}）" for o in world.decision.obligations]
    expect_said("后续义务", "obligations", words, said)


@STEPS.then('后续义务不包括"{words}"')
def expect_no_obligation(world: World, words: str) -> None:
    """No obligation says so."""
    said = [f"{o.title}（{o.by}）" for o in world.decision.obligations]
    expect_unsaid("后续义务", "obligations", words, said)


@STEPS.then('后续义务包括"{words}"，期限为 {due:date}')
def expect_obligation_due(world: World, words: str, due: str) -> None:
    """What must be done after the decision, and by when."""
    expect_obligation(world, words)
    days = [o.due.isoformat() if o.due else "未定" for o in world.decision.obligations
            if words in f"{o.title}（{o.by}）"]  # fmt: skip
    expect_said(f"后续义务“{words}”的期限", "due", due, days)


@STEPS.then('决定书包括"{words}"')
def expect_letter(world: World, words: str) -> None:
    """The letter that the applicant receives says so."""
    expect_said("决定书", "letter", words, [_letter(world.decision)])


@STEPS.then('决定书不包括"{words}"')
def expect_not_in_letter(world: World, words: str) -> None:
    """The letter that the applicant receives does not say so."""
    expect_unsaid("决定书", "letter", words, [_letter(world.decision)])


@STEPS.then("承诺办结日是 {day:date}")
def expect_promise(world: World, day: str) -> None:
    """The promised end of handling, counted from the day of the application."""
    _expect_day("承诺办结日", day, world.decision.time.promised_by)


@STEPS.then("没有承诺办结日")
def expect_no_promise(world: World) -> None:
    """What must first be corrected is not accepted yet, and its time has not begun."""
    promised = world.decision.time.promised_by
    if promised is not None:
        raise StepFailed(f"不应有承诺办结日，实际是“{promised}”", f"promised by {promised}")


@STEPS.then("法定办结日是 {day:date}")
def expect_statutory(world: World, day: str) -> None:
    """The statutory end of handling, counted from the day of the application."""
    _expect_day("法定办结日", day, world.decision.time.statutory_by)


@STEPS.then("一次性告知不迟于 {day:date}")
def expect_notice_by(world: World, day: str) -> None:
    """The last day on which the applicant is told everything that is missing."""
    _expect_day("一次性告知的最后一日", day, world.decision.time.correction_by)


def _letter(decision: Decision) -> str:
    """The letter in one line, for words may be broken over two."""
    return "".join(line.strip() for line in decision_letter(decision).splitlines())


def _expect_day(what: str, expected: str, found: date | None) -> None:
    expect_equal(what, what, expected, found.isoformat() if found else "没有规定")
