"""The six exchange sets of cases (办件交换数据): 受理, 过程, 结果, 特别程序, 材料, 证照.

GB/T 39046-2020 tables 5 to 11 name the items; where a code set of the standard is not in the
workspace, the words themselves are given. Every row says in which batch and when it was taken, as
intermediate databases (前置库) expect.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from engine.casework import CHINA, Case, advance, clock_of
from engine.definitions import CodeSet
from engine.hall.hall import Hall
from engine.store.attachments import attachments_in
from engine.store.event_log import Recorded
from engine.store.moments import write_moment
from engine.store.tables import case_table
from engine.workspace import UnknownDefinition, Workspace

Row = dict[str, str]
_SYNC = ("同步批次", "同步操作", "同步时间")
_APPLICANTS, _HANDLING = "applicant_kinds_gbt39046", "handling_kinds"
# 业务动作 of a move: 通过, 退回, 其他 (GB/T 39046).
_PASSING = frozenset(
    {"accept", "deem_accepted", "review", "approve", "decide_by_rule", "issue", "close"}
)
_RETURNING = frozenset({"ask_correction", "return_to_review", "confirm_decline", "reject_decline"})
_UNSEEN = frozenset({"evaluate", "open_tasks", "seal", "remind", "remind_expiry", "raise_card"})


@dataclass(frozen=True, slots=True)
class ExchangeSet:
    """One set: its name, its title, its columns in order and its rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Taken:
    """One case with all that happened to it, as it is taken."""

    hall: Hall
    workspace: Workspace
    case: Case
    history: tuple[Recorded, ...]
    states: Mapping[str, str]

    def of_kind(self, *kinds: str) -> Recorded | None:
        """The last event of one of the kinds."""
        return next((r for r in reversed(self.history) if r.event.kind in kinds), None)


def exchange_sets(
    hall: Hall, since: datetime, until: datetime, *, batch: str, at: datetime
) -> tuple[ExchangeSet, ...]:
    """All six sets of the cases that changed from `since` up to, not including, `until`."""
    taken = tuple(_take(hall, case_id) for case_id in _changed(hall, since, until))
    stamp = {"同步批次": batch, "同步操作": "U", "同步时间": _moment(at)}
    return tuple(
        ExchangeSet(
            name,
            title,
            (*columns, *_SYNC),
            tuple({**row, **stamp} for one in taken for row in make(one)),
        )
        for name, (title, columns, make) in _SETS.items()
    )


def _changed(hall: Hall, since: datetime, until: datetime) -> Sequence[str]:
    changed = case_table.c.updated_at
    query = select(case_table.c.id).where(
        changed >= write_moment(since), changed < write_moment(until)
    )
    with hall.database.read() as connection:
        return connection.execute(query.order_by(case_table.c.number)).scalars().all()


def _take(hall: Hall, case_id: str) -> _Taken:
    history = hall.history(case_id)
    case = hall.case(case_id)
    states = {name: state.title for name, state in hall.flow(case).states.items()}
    return _Taken(hall, hall.definitions(case), case, history, states)


# --- the sets --------------------------------------------------------------------------------

_ACCEPTED = (
    "办件编号", "基本编码", "事项名称", "申请人名称", "申请人类型", "申请人证件类型", "申请人证件号码",
    "代理人姓名", "申请时间", "受理时间", "受理文书编号", "承诺办结时间", "办件类型", "受理部门", "受理人员",
)  # fmt: skip


def _accepted(taken: _Taken) -> Iterator[Row]:
    case, applicant = taken.case, taken.case.applicant
    event = taken.of_kind("accept", "deem_accepted", "decide_by_rule")
    if event is None:
        return
    matter = taken.workspace.matter(case.matter, case.on or event.event.day, case.region)
    clock = clock_of(case, taken.hall.flow(case), taken.hall.current().calendar, event.event.day)
    kind = str(applicant.get("kind", ""))
    yield {
        "办件编号": case.number,
        "基本编码": matter.code or "",
        "事项名称": case.title,
        "申请人名称": str(applicant.get("name", "")),
        "申请人类型": _coded(taken, _APPLICANTS, kind),
        "申请人证件类型": str(applicant.get("id_kind", "")),
        "申请人证件号码": str(applicant.get("id_number", "")),
        "代理人姓名": str(applicant.get("agent", "") or ""),
        "申请时间": _moment(case.submitted_at),
        "受理时间": _moment(event.event.at),
        "受理文书编号": f"{case.number}-{event.number}",
        "承诺办结时间": _day(clock.promise_by),
        "办件类型": _coded(taken, _HANDLING, matter.kind),
        "受理部门": case.department,
        "受理人员": event.event.actor.name,
    }


_PROCESS = (
    "办件编号", "序号", "环节名称", "业务动作", "环节状态", "办理意见", "开始时间", "结束时间",
    "办理人",
)  # fmt: skip


def _process(taken: _Taken) -> Iterator[Row]:
    case: Case | None = None
    entered = taken.history[0].event.at
    for recorded in taken.history:
        event, before = recorded.event, case
        case = advance(case, event)
        if before is None or event.kind in _UNSEEN:
            continue
        action = (
            "通过" if event.kind in _PASSING else "退回" if event.kind in _RETURNING else "其他"
        )
        said = event.body.get("opinion") or event.body.get("reason") or ""
        yield {
            "办件编号": case.number,
            "序号": str(recorded.number),
            "环节名称": taken.states.get(before.state, before.state),
            "业务动作": action,
            "环节状态": "2",
            "办理意见": str(said),
            "开始时间": _moment(entered),
            "结束时间": _moment(event.at),
            "办理人": event.actor.name,
        }
        if case.state != before.state:
            entered = event.at


_RESULT = (
    "办件编号",
    "办结结果",
    "办结时间",
    "结果描述",
    "证照名称",
    "证照编号",
    "是否快递",
    "满意度",
)


def _result(taken: _Taken) -> Iterator[Row]:
    case = taken.case
    if not case.outcome:
        return
    closed = taken.of_kind("close", "confirm_decline", "withdraw", "deem_withdrawn", "lapse")
    licence = case.results[-1] if case.results else None
    reasons = case.refusal.get("reasons", ())
    yield {
        "办件编号": case.number,
        "办结结果": case.outcome,
        "办结时间": _moment(closed.event.at if closed else case.decided_at),
        "结果描述": "；".join(str(reason["text"]) for reason in reasons),
        "证照名称": licence.title if licence else "",
        "证照编号": licence.number if licence else "",
        "是否快递": "1" if licence and licence.handed.get("way") == "邮寄" else "0",
        "满意度": "",
    }


_SPECIAL = ("办件编号", "种类", "名称", "启动理由或依据", "开始时间", "结束时间", "结果", "办理人")


def _special(taken: _Taken) -> Iterator[Row]:
    case = taken.case
    if case.extension is not None:
        yield {
            "办件编号": case.number,
            "种类": "1",
            "名称": "延长审批",
            "启动理由或依据": case.extension.reason,
            "开始时间": _day(case.extension.day),
            "结束时间": "",
            "结果": case.extension.within,
            "办理人": case.extension.approved_by,
        }
    for special in case.specials:
        yield {
            "办件编号": case.number,
            "种类": "2",
            "名称": special.title,
            "启动理由或依据": special.within,
            "开始时间": _day(special.started),
            "结束时间": _day(special.ended),
            "结果": special.result,
            "办理人": special.by.name,
        }


_MATERIAL = ("办件编号", "材料名称", "收取方式", "数量", "附件名称", "附件摘要")
_WAYS = {"免提交": "证照库", "已提交": "附件上传", "容缺后补": "容缺后补", "以承诺代替": "告知承诺"}


def _material(taken: _Taken) -> Iterator[Row]:
    case = taken.case
    with taken.hall.database.read() as connection:
        files = {file.digest: file.name for file in attachments_in(connection, case=case.id)}
    given = case.application.get("materials") or {}
    for material in case.decision.get("materials", ()):
        if material["status"] not in _WAYS:
            continue
        posted = given.get(material["id"], {}) if isinstance(given, Mapping) else {}
        digest = str(posted.get("digest", "")) if isinstance(posted, Mapping) else ""
        yield {
            "办件编号": case.number,
            "材料名称": material["title"],
            "收取方式": _WAYS[material["status"]],
            "数量": "1",
            "附件名称": files.get(digest, ""),
            "附件摘要": digest,
        }


_LICENCE = (
    "办件编号", "证照名称", "证照类型", "证照编号", "证照标识", "颁发机构", "颁发机构代码",
    "颁发机构所属区划", "颁发日期", "有效期起", "有效期止", "持证主体", "持证主体代码",
    "持证主体代码类型", "状态", "关联证照标识",
)  # fmt: skip


def _licence(taken: _Taken) -> Iterator[Row]:
    for licence in taken.case.results:
        yield {
            "办件编号": taken.case.number,
            "证照名称": licence.title,
            "证照类型": licence.type,
            "证照编号": licence.number,
            "证照标识": licence.identifier,
            "颁发机构": licence.issuer_name,
            "颁发机构代码": licence.issuer_id,
            "颁发机构所属区划": licence.region,
            "颁发日期": _day(licence.issued_on),
            "有效期起": _day(licence.issued_on),
            "有效期止": _day(licence.valid_until) or "长期",
            "持证主体": licence.holder_name,
            "持证主体代码": licence.holder_id,
            "持证主体代码类型": str(taken.case.applicant.get("id_kind", "")),
            "状态": licence.status,
            "关联证照标识": "",
        }


_SETS: Final[Mapping[str, tuple[str, tuple[str, ...], Callable[[_Taken], Iterator[Row]]]]] = {
    "accept": ("受理信息", _ACCEPTED, _accepted),
    "process": ("过程信息", _PROCESS, _process),
    "result": ("结果信息", _RESULT, _result),
    "special": ("特别程序信息", _SPECIAL, _special),
    "material": ("材料信息", _MATERIAL, _material),
    "licence": ("证照信息", _LICENCE, _licence),
}
SET_NAMES: Final = tuple(_SETS)


def _coded(taken: _Taken, codes: str, word: str) -> str:
    """The number that the standard gives a word; the word itself where it gives none."""
    try:
        known: CodeSet = taken.workspace.codes(codes, taken.case.on or date.max)
    except UnknownDefinition:
        return word
    return next((entry.number or word for entry in known.values if entry.code == word), word)


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
