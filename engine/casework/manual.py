"""A flow as a page: its states, who may do what and when, and what the clock does by itself."""

from collections.abc import Iterable, Iterator

from engine.definitions import ROLE_TITLES, Bases, Flow
from engine.definitions.flow_words import DAY_TITLES, NEED_TITLES, PERIOD_TITLES

_CLOCKS = {"none": "", "runs": "计时", "stopped": "停止"}
_INTRODUCTION = """\
# 办件流程：{title}

本页由程序从 `{file}` 写出，改流程请改那个文件。/ This page is written by the program from `{file}`.

办件是其事件的折叠：每个动作留下一个事件，状态、期限、亮牌都由事件得出，可以重放。动作、条件和计时是数据；
条件由程序实现，名称见“条件”一节。

A case is the fold of its events: each move leaves one, and state, clock and cards follow from them. Moves,
conditions and timers are data; what the conditions mean is carried out by the program.

- **时限**：自受理之日的次日起算；特殊环节和受理后补正的日子不计入；延长一次，理由告知申请人。
  日历用现在已公布的，后来公布的日历会使未办结的期限重新计算。
  / Counted from the day after acceptance; special stages and corrections after acceptance are left
  out; extended once. A calendar that is published later moves what is still open.
- **亮牌**：到期前一个工作日黄牌，超期红牌；补正告知书以外的内容、没有书面告知特殊环节所需时间、
  两人认定不同，也亮黄牌。
  / Yellow on the working day before, red when over; yellow also for a notice that asks for what an
  earlier one should have held, a special stage not told of in writing, and officers who differ.
- **规则**：审查结果由规则得出，审查人员只认定待核的和须判断的内容，不同意的提请复核。
  办件按受理日的规则；修订写明 `transition: undecided` 的，未决定的办件改按新规则。
  / The finding is the rules'; reviewers answer what is pending or judged, and ask for a
  re-examination where they disagree. The rules are those of the day of acceptance, unless a later
  version says `transition: undecided`.
- **事项可写**：`joint` 联合办理，`quota` 数量限制，`renewal` 延续，`distinct` 查重，
  `time.supply`、`time.extension`；岗位写在 `post` 中（A 岗、B 岗、请假）。见 definitions.md。
  / A matter may say these; posts with their substitutes are definitions of kind `post`.
- **对外**：通知、信用、证照、协查、分派的消息与事件同时写下，由插件至少接收一次。见 plugins.md。
  / Messages are written down with the event and handed to plugins at least once.
"""


def flow_page(flow: Flow, file: str) -> str:
    """The whole flow as Markdown; `file` is where it is written."""
    parts = [
        _INTRODUCTION.format(title=flow.title, file=file),
        _section("状态 / states", ("编号", "名称", "由谁办理", "办理时限", "终结"), _states(flow)),
        _section(
            "动作 / moves",
            ("动作", "名称", "从", "到", "由谁", "须满足的条件", "依据"),
            _moves(flow),
        ),
        _section(
            "计时 / timers",
            ("编号", "在哪些状态", "起算日", "期限", "届满时", "依据"),
            _timers(flow),
        ),
        _section("期限的缺省值 / periods", ("名称", "期限"), flow.periods.items()),
        _section(
            "条件 / conditions",
            ("编号", "含义", "meaning"),
            ((n, *t) for n, t in NEED_TITLES.items()),
        ),
        _section(
            "可用的起算日和期限名 / days and periods by name",
            ("编号", "含义", "meaning"),
            ((n, *t) for n, t in {**DAY_TITLES, **PERIOD_TITLES}.items()),
        ),
    ]
    return "\n".join(parts)


def _section(heading: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"## {heading}", "", _row(columns), _row("---" for _ in columns)]
    return "\n".join([*lines, *(_row(row) for row in rows), ""])


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _states(flow: Flow) -> Iterator[tuple[str, ...]]:
    for name, state in flow.states.items():
        holder = ROLE_TITLES[state.holder][0] if state.holder else ""
        yield f"`{name}`", state.title, holder, _CLOCKS[state.clock], "是" if state.is_end else ""


def _moves(flow: Flow) -> Iterator[tuple[str, ...]]:
    for move in flow.moves:
        yield (
            f"`{move.do}`",
            move.title + ("（之后重新审查）" if move.evaluates else ""),
            "、".join(flow.states[state].title for state in move.from_),
            flow.states[move.to].title if move.to else "（不变）",
            "、".join(ROLE_TITLES[role][0] for role in move.by),
            "；".join(NEED_TITLES[need][0] for need in move.needs),
            _cited(move.basis),
        )


def _timers(flow: Flow) -> Iterator[tuple[str, ...]]:
    titles = {move.do: move.title for move in flow.moves}
    for timer in flow.timers:
        since = DAY_TITLES.get(timer.since)
        day = since[0] if since else f"进入“{flow.states[timer.since].title}”之日"
        named = PERIOD_TITLES.get(timer.within)
        yield (
            f"`{timer.id}`",
            "、".join(flow.states[state].title for state in timer.while_),
            day,
            named[0] if named else timer.within,
            f"{titles[timer.do]}（`{timer.do}`）",
            _cited(timer.basis),
        )


def _cited(bases: Bases) -> str:
    return "；".join(f"{basis}{'' if basis.verified else '（未核实）'}" for basis in bases)
