"""The words of what is wrong with flows, posts and the course of a matter's cases."""

from typing import Literal

# Message in Chinese and English, help in Chinese and English, severity.
_Words = tuple[str, str, str, str, Literal["error", "warning", "info"]]
FLOW_CODES: dict[str, _Words] = {
    "flow-unknown-state": (
        "流程没有状态“{state}”",
        'the flow has no state "{state}"',
        "{hint_zh}已有：{known}",
        "{hint_en}There are: {known}",
        "error",
    ),
    "flow-unknown-need": (
        "没有条件“{need}”",
        'there is no condition "{need}"',
        "{hint_zh}条件由程序实现，全部条件见 docs/casework.md。",
        "{hint_en}Conditions are carried out by the program; docs/casework.md lists them all.",
        "error",
    ),
    "flow-timer-move": (
        "到期时的动作 {do} 在状态“{state}”下不能由时钟办理",
        'the clock cannot do {do} in the state "{state}"',
        "请补一条由 clock 办理、从该状态出发的动作 {do}，或者不在该状态下计时。",
        "Add a move {do} by clock from that state, or let the timer not run in it.",
        "error",
    ),
    "flow-timer-period": (
        "看不懂期限“{within}”",
        'cannot read the period "{within}"',
        "{hint_zh}请写期限，如 15 working days，或者期限的名称：{known}",
        "{hint_en}Write a period such as 15 working days, or a name: {known}",
        "error",
    ),
    "flow-timer-since": (
        "不知道自何日起算：“{since}”",
        'unknown day to count from: "{since}"',
        "{hint_zh}请写一个状态（自进入之日），或者：{known}",
        "{hint_en}Write a state (the day it was entered), or one of: {known}",
        "error",
    ),
    "flow-unreachable": (
        "没有动作能到达状态“{state}”",
        'no move leads to the state "{state}"',
        "请补上通向它的动作，或删去这个状态。",
        "Add a move that leads there, or remove the state.",
        "error",
    ),
    "flow-no-way-out": (
        "办件到了状态“{state}”就再也不能终结",
        'from the state "{state}" no case can ever end',
        "请补上从它通向终结状态的动作；本身就是终结的，写 is_end: true。",
        "Add moves from it towards an end, or say is_end: true.",
        "error",
    ),
    "flow-same-move": (
        "状态“{state}”下{role_zh}的动作 {do} 写了两次，后一条永远不会办到",
        'the move {do} of the {role_en} in the state "{state}" stands twice; the later is never done',
        "请合并这两条，或改其中一条的状态、角色。",
        "Merge the two, or change the states or roles of one.",
        "error",
    ),
    "flow-idle-holder": (
        "状态“{state}”由{role_zh}办理，但{role_zh}没有可办的动作",
        'the state "{state}" is held by the {role_en}, who has no move there',
        "请补上其动作，或改 holder。",
        "Add a move for them, or change holder.",
        "warning",
    ),
    "course-fact": (
        "“{name}”{problem_zh}",
        '"{name}" {problem}',
        "{hint_zh}请写本事项 facts 中声明的事实。",
        "{hint_en}Name a fact declared in facts of this matter.",
        "error",
    ),
    "course-quota": (
        "数量限制“{limit}”既不是正整数，也不是整数的地区参数",
        'the quota "{limit}" is neither a positive number nor a parameter that is one',
        "请写数量，或者写 parameters 中的参数名。",
        "Write a number, or the name of one of parameters.",
        "error",
    ),
    "course-joint": (
        "部门“{department}”在联合办理中写了两次",
        'the department "{department}" stands twice in joint handling',
        "一个部门只提一次意见；牵头部门不另提意见。请合并。",
        "A department gives one opinion, and the lead gives none of its own: merge them.",
        "error",
    ),
    "post-substitute": (
        "岗位的 A 岗和 B 岗是同一人“{holder}”",
        'the post and its substitute are the same person, "{holder}"',
        "B 岗须是另一人，A 岗不在时才有人办理。",
        "The substitute is somebody else, so that somebody is there.",
        "error",
    ),
    "post-absence": (
        "请假“{who}”{problem_zh}",
        'the absence of "{who}" {problem}',
        "请假应是 A 岗本人的，起日不晚于止日。",
        "An absence is the holder's own, and does not end before it begins.",
        "error",
    ),
}
