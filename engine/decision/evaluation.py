"""The facts of one application, given, read from registers and computed; three-valued throughout."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.clock import Calendar
from engine.decision.application import read_register_value
from engine.decision.hit_policies import TableStopped, ValueNotAllowed
from engine.decision.program import (
    APPLICANT,
    DAY,
    FUNCTIONS,
    PATH,
    REGION,
    WORKING_DAYS,
    DecisionStopped,
    Program,
    to_feel,
)
from engine.decision.tables import CompiledTable
from engine.decision.values import (
    Application,
    Difference,
    Missing,
    Read,
    Reason,
    TableResult,
)
from engine.feel import Expression, FeelSyntaxError, Function, tree
from engine.feel.scope import Scope
from engine.feel.types import ANY
from engine.feel.values import normalise
from engine.hooks import FactAnswer, Licence, Reply
from engine.profile import evaluate_in

_LONGEST_COUNT = 4000  # days; a longer stretch is no working-day question


class Evaluation:
    """Everything known about one application, and what follows from it by FEEL."""

    def __init__(
        self, program: Program, application: Application, on: date, replies: tuple[Reply, ...]
    ) -> None:
        self.program, self.application, self.on = program, application, on
        self.licences = [a for r in replies for a in r.answers if isinstance(a, Licence)]
        self.replies = replies
        self.context: dict[str, Any] = {}
        self._scope = Scope()  # the same as FEEL values, made once for all expressions
        self.origins: dict[str, str] = {}
        self._reads: dict[str, Read] = {}
        self.differences: list[Difference] = []
        self.doubts: list[Reason] = []  # what registers said and cannot be believed
        self.tables: dict[str, TableResult] = {}
        self._give()
        self._compute()

    # --- what is given ---------------------------------------------------------------------

    def _give(self) -> None:
        applicant, application = self.application.applicant, self.application
        person = {
            "名称": applicant.name,
            "证件类型": applicant.id_kind,
            "证件号码": applicant.id_number,
            "主体类型": applicant.kind,
            "代理人": application.agent,
        }
        self.put(DAY, self.on, "申请日期")
        self.put(REGION, application.region or None, "申请地区")
        self.put(APPLICANT, {k: v or None for k, v in person.items()}, "申请人")
        self.put(PATH, None, "办理路径")
        self._scope[WORKING_DAYS] = self.context[WORKING_DAYS] = Function(
            WORKING_DAYS, ("起始日期", "终止日期"), (ANY, ANY), self._working_days
        )
        self.context |= self.program.parameters
        self._scope |= self.program.parameters
        self.origins |= dict.fromkeys(self.program.parameters, "地区参数")
        for name in self.program.given:
            stated = to_feel(application.facts.get(name))
            self.put(name, stated, "缺少" if stated is None else "申请人填写")
        self._give_from_licences()
        self._give_from_registers()
        self._give_from_departments()
        self._compare_names()

    def _give_from_departments(self) -> None:
        """A fact that a department was asked for: as a register's, it overwrites nothing."""
        for name, told in self.application.attested.items():
            kind, _, about = name.partition(":")
            if kind == "fact" and told.value is not None and told.answer != "无法核实":
                self._learn(about, told.value, f"部门协查：{told.department}")

    def put(self, name: str, value: Any, origin: str) -> None:
        self.context[name] = value
        self._scope[name] = normalise(value)
        self.origins[name] = origin
        self._reads.pop(name, None)

    def _give_from_licences(self) -> None:
        for name, kind, field in self.program.from_licences:
            holder = self.application.applicant.id_number
            held = [x for x in self.licences if x.type == kind and x.holder_id == holder != ""]
            in_force = [x for x in held if is_in_force(x, self.on)]
            for licence in sorted(in_force, key=lambda x: (x.issued_on, x.number), reverse=True):
                value = licence_record(licence).get(field)
                if value is not None:
                    self._learn(name, value, f"电子证照：{self._licence_title(kind)}")
                    break

    def _licence_title(self, kind: str) -> str:
        program = self.program
        if kind not in program.licence_titles:
            is_known = kind in program.workspace.ids("licence")
            title = program.workspace.licence(kind, program.on).title if is_known else kind
            program.licence_titles[kind] = title
        return program.licence_titles[kind]

    def _give_from_registers(self) -> None:
        for reply in self.replies:
            for answer in reply.answers:
                if isinstance(answer, FactAnswer):
                    fact = self.program.matter.facts.get(answer.name)
                    if fact is not None and fact.compute is None:
                        source = answer.source_note or reply.source
                        self._learn(answer.name, answer.value, f"登记系统：{source}")

    def _compare_names(self) -> None:
        """Licences under the applicant's number, all in another name: shown, never overwritten."""
        applicant = self.application.applicant
        number = applicant.id_number
        own = [x for x in self.licences if x.holder_id == number and is_in_force(x, self.on)]
        if not applicant.name or any(x.holder_name == applicant.name for x in own):
            return
        for licence in own[:1]:
            origin = f"电子证照：{self._licence_title(licence.type)}"
            found = Difference("申请人名称", applicant.name, licence.holder_name, origin)
            self.differences.append(found)

    def _learn(self, name: str, value: Any, origin: str) -> None:
        """A register's value fills a gap; what the applicant said is never overwritten.

        What does not fit the fact, or what two registers say differently, is not used: 待核.
        """
        program, fact = self.program, self.program.matter.facts[name]
        found, problems = read_register_value(program.workspace, fact, value, name, self.on)
        if problems:
            self._doubt(origin, problems[0].message_zh, problems[0].message_en)
            return
        recorded = to_feel(found)
        stated = to_feel(self.application.facts.get(name))
        if stated is not None:
            if stated != recorded:
                self.differences.append(Difference(name, stated, recorded, origin))
        elif self.origins[name] == "缺少":
            self.put(name, recorded, origin)
        elif self.context[name] != recorded:
            self._doubt(
                origin,
                f"“{name}”与{self.origins[name]}的记载不一致",
                f"{name} differs from what another register says",
            )
            self.put(name, None, "登记不一致")

    def _doubt(self, origin: str, zh: str, en: str) -> None:
        self.doubts.append(
            Reason(f"{origin}的内容无法采信，按待核处理：{zh}", f"not believed, pending: {en}")
        )

    def _working_days(self, start: Any, end: Any) -> Any:
        return count_working_days(self.program.calendar, start, end)

    # --- what is computed ------------------------------------------------------------------

    def _compute(self) -> None:
        for step in self.program.order:
            if step.startswith("#"):
                self._answer(self.program.tables[step[1:]])
            else:
                value = self.value(self.program.computed[step], step)
                self.put(step, value, "规则计算" if value is not None else "缺少")

    def value(
        self, expression: Expression, what: str, extra: Mapping[str, Any] | None = None
    ) -> Any:
        """The expression's value. DecisionStopped when it exceeds its limits."""
        try:
            if extra is None:
                return evaluate_in(expression, self._scope)
            known = {name: normalise(value) for name, value in extra.items()}
            return expression.evaluate_known({**self._scope, **known})
        except FeelSyntaxError as error:
            raise self.stopped(what, str(error)) from error

    def verdict(
        self, expression: Expression, what: str, extra: Mapping[str, Any] | None = None
    ) -> bool | None:
        """True, False, or None for 待核.

        A null although every fact read is known is no missing fact but a rule that cannot be
        evaluated: it stops the decision, visibly.
        """
        value = self.value(expression, what, extra)
        if value is True or value is False:
            return value
        if value is not None or not (self.missing(expression, extra) or self._may_lack(expression)):
            raise self.stopped(what, self._why_null(expression))
        return None

    def _why_null(self, expression: Expression) -> str:
        """Nothing is missing and still there is no answer: most often no row of a table applies."""
        for name in sorted(expression.names):
            table = self.tables.get(self.program.givers.get(name, ""))
            if table is not None and not table.hits:
                asks = self.program.tables[table.id].asks
                known = "、".join(f"{ask}={shown(self.context.get(ask))}" for ask in sorted(asks))
                return f"决策表“{table.title}”没有一行适用于 {known}"
        return "结果既不是“是”也不是“否”，而所读事实都已知"

    def _may_lack(self, expression: Expression) -> bool:
        """Lists, records and calendars can lack a part although the name itself has a value."""
        if self.program.calls(expression.names):
            return True
        # A licence, for one, may lack the field that is read.
        return any(
            isinstance(self.context.get(name), list | tuple | dict) or name not in self.context
            for name in self._leaves(expression.names)
        )

    def stopped(self, what: str, why: str) -> DecisionStopped:
        title = self.program.matter.title
        return DecisionStopped(
            f"“{title}”的“{what}”无法判定：{why}。未作出决定。"
            f" / {what!r} could not be evaluated; no decision was made."
        )

    def missing(
        self, expression: Expression, extra: Mapping[str, Any] | None = None
    ) -> tuple[Missing, ...]:
        """The facts that the expression rests on and that are not known, with who provides them."""
        found = []
        for name in self._leaves(expression.names - set(extra or ())):
            if isinstance(self.context.get(name), dict):
                found += self._missing_entries(expression, name)
            elif self.is_unknown(name):
                found.append(Missing(name, self.provider(name)))
        if not found and self.program.calls(expression.names):
            found.append(Missing("工作日历", "国务院办公厅（该年度放假安排尚未公布）"))
        return tuple(found)

    def _missing_entries(self, expression: Expression, name: str) -> list[Missing]:
        """The entries of a record that the expression reads and that are not known."""
        record = self.context[name]
        read = sorted(e for e in _entries_read(expression.tree, name) if record.get(e) is None)
        if read or name not in expression.names:
            return [Missing(f"{name}.{entry}", self.provider(name)) for entry in read]
        return [Missing(name, self.provider(name))] if self.is_unknown(name) else []

    def _leaves(self, names: Iterable[str]) -> list[str]:
        """What `names` rest on here: of a table, only the rows that are hit."""
        found: set[str] = set()
        waiting, seen = list(names), set(FUNCTIONS)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            reads = self._reads_of(name)
            waiting.extend(reads)
            if not reads:
                found.add(name)
        return sorted(found)

    def _reads_of(self, name: str) -> Iterable[str]:
        table = self.program.tables.get(self.program.givers.get(name, ""))
        if table is None:
            return self.program.reads_of(name)
        return table.rests_on(name, self.tables[table.table.id]) - set(FUNCTIONS)

    def is_unknown(self, name: str) -> bool:
        return name in self.context and _lacks(self.context[name])

    def provider(self, name: str) -> str:
        fact = self.program.matter.facts.get(name)
        if fact is None:
            return "地区主管部门" if name in self.program.matter.parameters else "申请人"
        if fact.given_by:
            return fact.given_by
        kind, dot, _ = (fact.source or "").partition(".")
        if dot:
            return f"申请人（或{self._licence_title(kind)}电子证照）"
        return "登记系统" if fact.source else "申请人"

    def reads(self, names: Iterable[str]) -> tuple[Read, ...]:
        """What was read, as shown to a person; names that have no value of their own left out."""
        known, origins = self._reads, self.origins
        return tuple([known.get(n) or self.read(n) for n in names if n in origins])

    def read(self, name: str) -> Read:
        found = self._reads.get(name)
        if found is None:
            unit = self.program.units.get(name, "")
            is_sensitive = name in self.program.sensitive
            found = Read(name, self.context[name], self.origins[name], unit, is_sensitive)
            self._reads[name] = found
        return found

    # --- tables ----------------------------------------------------------------------------

    def _answer(self, compiled: CompiledTable) -> None:
        table = compiled.table
        try:
            answer = compiled.answer(self._scope)
        except FeelSyntaxError as error:
            raise self.stopped(table.label, str(error)) from error
        except ValueNotAllowed as stop:
            is_secret = stop.column in self.program.sensitive
            why, _ = stop.told("****" if is_secret else shown(stop.value))
            raise self.stopped(table.label, why) from stop
        except TableStopped as stop:
            raise self.stopped(table.label, stop.zh) from stop
        for name, value in answer.values.items():
            self.put(name, value, f"决策表：{table.label}" if value is not None else "缺少")
        self.tables[table.id] = answer


def _entries_read(node: tree.Node, record: str) -> Iterator[str]:
    """`entry` of every `record.entry` in an expression."""
    source = node.source if isinstance(node, tree.Path) else None
    if isinstance(source, tree.Name) and source.name == record:
        yield node.name  # type: ignore[attr-defined]  # a Path: it has a source
    for child in tree.children(node):
        yield from _entries_read(child, record)


def shown(value: Any) -> str:
    return "是" if value is True else "否" if value is False else str(value)


def count_working_days(calendar: Calendar, start: Any, end: Any) -> Decimal | None:
    """Working days after `start` up to and including `end`; null where a year is not published.

    行政许可法第82条 counts working days; the day of the event is not counted (民法典第201条).
    """
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    days = (end - start).days
    if days < 0 or days > _LONGEST_COUNT:
        return Decimal(0) if days < 0 else None
    stretch = [date.fromordinal(start.toordinal() + n) for n in range(1, days + 1)]
    if not all(calendar.is_published(year) for year in {d.year for d in stretch}):
        return None
    return Decimal(sum(calendar.is_working_day(day) for day in stretch))


def is_in_force(licence: Licence, on: date) -> bool:
    """In force on a day; the last valid day itself still counts."""
    return licence.status == "有效" and (licence.valid_until is None or licence.valid_until >= on)


def licence_record(licence: Licence) -> dict[str, Any]:
    """A licence as FEEL sees it."""
    record: dict[str, Any] = {
        "类型": licence.type,
        "编号": licence.number,
        "持有人": licence.holder_name,
        "持有人代码": licence.holder_id,
        "状态": licence.status,
        "颁发日期": licence.issued_on,
        "有效期至": licence.valid_until,
        "颁发机构": licence.issuer_name,
        "颁发机构代码": licence.issuer_id,
        "地区": licence.region,
    }
    # What every licence has is never replaced by a field of the same name.
    return {**{name: to_feel(value) for name, value in licence.fields.items()}, **record}


def _lacks(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_lacks(item) for item in value)
    if isinstance(value, dict):
        return any(_lacks(item) for item in value.values())
    return value is None
