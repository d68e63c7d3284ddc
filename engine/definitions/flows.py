"""A flow (流程): the states of a case, who may move it on, and what the clock does by itself.

Moves are data; what a command must bring, and what it changes beside the state, is in `casework`.
"""

from typing import Annotated, Literal

from engine.definitions.base import (
    Bases,
    Duration,
    Id,
    Ids,
    Part,
    Text,
    Titled,
    key,
    type_of_many,
)

Role = Literal[
    "applicant", "clerk", "reviewer", "checker", "issuer", "leader", "supervisor", "clock"
]
ROLE_TITLES: dict[str, tuple[str, str]] = {
    "applicant": ("申请人", "applicant"),
    "clerk": ("综合窗口人员", "hall clerk"),
    "reviewer": ("审查人员", "reviewer"),
    "checker": ("核准人员", "checker"),
    "issuer": ("出件人员", "issuing clerk"),
    "leader": ("部门负责人", "head of department"),
    "supervisor": ("效能监督人员", "supervisor"),
    "clock": ("时钟", "clock"),
}


class FlowState(Part):
    """One state of a case."""

    title: Text = key("名称", "title")
    title_en: Text = key("英文名称", "title in English")
    is_end: bool = key("是否终结", "whether handling ends here", False)
    clock: Literal["none", "runs", "stopped"] = key(
        "办理时限：none 未起算、runs 计时、stopped 停止计时",
        "whether the time of handling runs",
        "none",
    )
    holder: Role | None = key("由谁办理", "who acts next", None)


class Move(Part):
    """One move: a command that takes a case from some states to another."""

    do: Id = key("动作", "the command")
    title: Text = key("名称", "title")
    title_en: Text = key("英文名称", "title in English")
    from_: Ids = key("从哪些状态", "from which states", alias="from")
    to: Id | None = key("到哪个状态；不写则不变", "to which state; unchanged when absent", None)
    by: Annotated[tuple[Role, ...], type_of_many] = key("由谁", "by whom")
    needs: Ids = key("须满足的条件", "what must hold", tuple)
    evaluates: bool = key(
        "之后是否重新审查", "whether the rules are evaluated anew after it", False
    )
    basis: Bases = key("依据", "legal basis", tuple)


class FlowTimer(Part):
    """What the clock does when a period ends while the case is still in a state."""

    id: Id = key("编号", "id")
    while_: Ids = key("在哪些状态下计时", "runs in these states", alias="while")
    since: Id = key("自哪一日起算", "the day it counts from")
    within: Duration | Id = key(
        "期限；或事项的期限名，如 correction", "a period, or the name of one of the matter's times"
    )
    do: Id = key("届满时的动作", "the command given when it ends")
    basis: Bases = key("依据", "legal basis", tuple)


class Flow(Titled):
    """How cases move."""

    flow: Id = key("编号", "id")
    start: Id = key("初始状态", "the first state")
    states: dict[Id, FlowState] = key("状态", "states")
    moves: Annotated[tuple[Move, ...], type_of_many] = key("动作", "moves")
    periods: dict[Id, Duration] = key(
        "各期限的缺省值，事项自己写明的从其规定", "periods where the matter names none", dict
    )
    timers: Annotated[tuple[FlowTimer, ...], type_of_many] = key("计时", "timers", tuple)
