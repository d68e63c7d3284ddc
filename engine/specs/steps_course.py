"""那么: how a case stands: its state, its days and cards, what was told and what was refused."""

from typing import Final

from engine.casework import COLOUR_TITLES, Case
from engine.specs.catalogue import StepCatalogue
from engine.specs.counter import Counter
from engine.specs.outcome import StepFailed, expect_equal, expect_said, expect_unsaid
from engine.specs.registers import read_day
from engine.specs.steps_cases import counter_of
from engine.specs.world import World

STEPS: Final = StepCatalogue()


def _counter(world: World) -> Counter:
    """The scenario's counter, where nothing was refused unseen."""
    counter = counter_of(world)
    counter.acknowledge()
    return counter


def _case(world: World) -> Case:
    return _counter(world).case


@STEPS.then('操作被拒绝，原因包括"{words}"')
def expect_refused(world: World, words: str) -> None:
    """The last command was not possible, and it was said why."""
    expect_said("拒绝的原因", "refusal", words, [counter_of(world).refusal().zh])


@STEPS.then("操作被拒绝，原因包括前一办件的编号")
def expect_refused_with_number(world: World) -> None:
    """The refusal names the case that is under way already."""
    counter = counter_of(world)
    said = counter.refusal().zh
    expect_said("拒绝的原因", "refusal", counter.case.number, [said])


@STEPS.then('办件状态是"{title}"')
def expect_state(world: World, title: str) -> None:
    """The state that the case is in, as the flow calls it."""
    counter = _counter(world)
    case = counter.case
    found = counter.hall.flow(case).states[case.state].title
    expect_equal("办件状态", "state", title, found)


@STEPS.then('办件结果是"{outcome}"')
def expect_outcome(world: World, outcome: str) -> None:
    """准予, 不予, 不予受理 or 终止."""
    expect_equal("办件结果", "outcome", outcome, _case(world).outcome or "未决定")


@STEPS.then("办件尚未决定")
def expect_undecided(world: World) -> None:
    """There is no decision yet."""
    expect_equal("办件结果", "outcome", "", _case(world).outcome)


@STEPS.then('系统审查结果是"{outcome}"')
def expect_finding(world: World, outcome: str) -> None:
    """What the rules find on the case as it is now."""
    found = str(_case(world).evaluation.get("outcome", ""))
    expect_equal("系统审查结果", "finding", outcome, found)


@STEPS.then("办件自 {day:date} 起视为受理")
def expect_deemed_accepted(world: World, day: str) -> None:
    """Nobody told the applicant anything in time, so it counts as accepted from its receipt."""
    case = _case(world)
    expect_equal("视为", "deemed", "deem_accepted", case.deemed)
    _expect_day(case, "accepted", day)


@STEPS.then("办件受理日是 {day:date}")
def expect_accepted(world: World, day: str) -> None:
    """The day from which the time of handling counts; that day itself is not counted."""
    _expect_day(_case(world), "accepted", day)


def _expect_day(case: Case, name: str, day: str) -> None:
    found = case.since.get(name)
    expect_equal("受理日", name, day, found.isoformat() if found else "（无）")


@STEPS.then("办件尚未受理")
def expect_not_accepted(world: World) -> None:
    """The time of handling has not begun."""
    expect_equal("受理日", "accepted", None, _case(world).since.get("accepted"))


@STEPS.then("办件的承诺办结日是 {day:date}")
def expect_promise(world: World, day: str) -> None:
    """The promised end of handling, as it stands now."""
    expect_equal("承诺办结日", "promised by", day, str(_counter(world).clock().promise_by))


@STEPS.then("办件的法定办结日是 {day:date}")
def expect_statutory(world: World, day: str) -> None:
    """The statutory end of handling, as it stands now."""
    expect_equal("法定办结日", "statutory by", day, str(_counter(world).clock().statutory_by))


@STEPS.then("窗口最迟于 {day:date} 受理或者告知补正")
def expect_notice_by(world: World, day: str) -> None:
    """The last day of the window; afterwards the application counts as accepted."""
    expect_equal("告知的最后一日", "notice by", day, str(_counter(world).clock().notice_by))


@STEPS.then("申请人最迟于 {day:date} 补正")
def expect_correct_by(world: World, day: str) -> None:
    """The applicant's last day; afterwards the application counts as withdrawn."""
    expect_equal("补正的最后一日", "correct by", day, str(_counter(world).clock().correct_by))


@STEPS.then("{day:date} 计入办理期限")
def expect_counted(world: World, day: str) -> None:
    """A day that the promised time counted."""
    promise = _counter(world).clock().promise
    if promise is None or read_day(day) not in promise.counted:
        raise StepFailed(f"{day} 没有计入办理期限", f"{day} was not counted")


@STEPS.then("{day:date} 不计入办理期限")
def expect_not_counted(world: World, day: str) -> None:
    """A day that the promised time did not count."""
    promise = _counter(world).clock().promise
    if promise is not None and read_day(day) in promise.counted:
        raise StepFailed(f"{day} 计入了办理期限", f"{day} was counted")


@STEPS.then("办理期限停止计算")
def expect_stopped(world: World) -> None:
    """A special stage, or a correction after acceptance, is under way."""
    if not _counter(world).clock().is_stopped:
        raise StepFailed("办理期限正在计算", "the clock runs")


@STEPS.then('在 {on:date} 办件亮"{colour}"')
def expect_card(world: World, on: str, colour: str) -> None:
    """黄牌, 红牌, or 正常 for none."""
    clock = _counter(world).clock(read_day(on))
    why = "；".join(f"{COLOUR_TITLES[card.colour][0]}：{card.zh}" for card in clock.cards)
    expect_equal("亮牌", "card", colour, COLOUR_TITLES[clock.card][0], why)


@STEPS.then('亮牌的原因包括"{words}"')
def expect_card_reason(world: World, words: str) -> None:
    """Why a card is shown."""
    said = [card.zh for card in _counter(world).clock().cards]
    expect_said("亮牌的原因", "reasons of the cards", words, said)


@STEPS.then("办件没有亮牌")
def expect_no_card(world: World) -> None:
    """Nothing is late, out of order or asked for too much."""
    said = [card.zh for card in _counter(world).clock().cards]
    expect_equal("亮牌", "cards", "", "；".join(said))


@STEPS.then('告知书包括"{words}"')
def expect_notice(world: World, words: str) -> None:
    """The last notice says so."""
    expect_said("告知书", "notice", words, _notice(world))


@STEPS.then('告知书不包括"{words}"')
def expect_notice_not(world: World, words: str) -> None:
    """The last notice does not say so."""
    expect_unsaid("告知书", "notice", words, _notice(world))


def _notice(world: World) -> list[str]:
    notices = _case(world).correction.notices
    if not notices:
        raise StepFailed("还没有出具告知书", "no notice was given yet")
    return [line["text"]["zh"] for line in notices[-1].lines]


@STEPS.then('申请人收到通知"{words}"')
def expect_told(world: World, words: str) -> None:
    """Some message to the applicant says so."""
    expect_said("通知", "messages", words, _counter(world).notices())


@STEPS.then('不予的理由包括"{words}"')
def expect_refusal_reason(world: World, words: str) -> None:
    """The refusal gives this reason, with its legal basis."""
    reasons = _case(world).refusal.get("reasons", ())
    unfounded = [reason["text"] for reason in reasons if not reason["basis"]]
    expect_equal("没有依据的理由", "reasons without a basis", [], unfounded)
    expect_said("不予的理由", "reasons", words, [f"{r['text']}；{r['remedy']}" for r in reasons])


@STEPS.then("已告知行政复议和行政诉讼的途径")
def expect_appeal(world: World) -> None:
    """The refusal says where it can be appealed against."""
    appeal = _case(world).refusal.get("appeal", {})
    lacking = [name for name in ("review_body", "court") if not appeal.get(name)]
    expect_equal("没有告知的途径", "ways of appeal missing", [], lacking)


@STEPS.then('复核单包括"{words}"')
def expect_recheck(world: World, words: str) -> None:
    """A re-examination slip says so."""
    expect_said("复核单", "re-examinations", words, [r.text for r in _case(world).rechecks])


@STEPS.then('办件由"{name}"办理')
def expect_handler(world: World, name: str) -> None:
    """Who alone handles the case now."""
    expect_equal("办理人", "handler", name, _case(world).handler or "岗位上的任何人")


@STEPS.then('办件记录中有"{title}"')
def expect_happened(world: World, title: str) -> None:
    """The case's history holds such an event, as the flow calls it."""
    counter = _counter(world)
    flow = counter.hall.flow(counter.case)
    titles = {move.do: move.title for move in flow.moves}
    kinds = [recorded.event.kind for recorded in counter.hall.history(counter.case.id)]
    expect_said("办件记录", "history", title, [titles.get(kind, kind) for kind in kinds])


@STEPS.then("办件按修订前的规则办理")
def expect_pinned(world: World) -> None:
    """The case keeps the definitions that it was accepted under."""
    if _is_current(_counter(world)):
        raise StepFailed("办件按修订后的规则办理", "the case follows the revised rules")


@STEPS.then("办件按修订后的规则办理")
def expect_repinned(world: World) -> None:
    """The case follows the definitions as they are now."""
    if not _is_current(_counter(world)):
        raise StepFailed("办件按修订前的规则办理", "the case follows the rules of before")


def _is_current(counter: Counter) -> bool:
    case = counter.case
    pinned, now = counter.hall.definitions(case), counter.workspace
    return {n: f.digest for n, f in pinned.files.items()} == {
        n: f.digest for n, f in now.files.items()
    }
