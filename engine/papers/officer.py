"""The officer's view of a decision in a terminal: what was read, and why it came out so."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from engine.decision import CriterionResult, Decision, MaterialResult, NoticeLine, TableResult
from engine.definitions import EFFECT_TITLES, RESOLUTION_TITLES
from engine.papers.english import spoken_origin, spoken_status, term, with_origins
from engine.papers.letter_texts import UNTIL, UNTIL_PROVISIONAL
from engine.papers.lines import spoken_line, spoken_remedy
from engine.papers.masking import presentable
from engine.papers.wording import padded, spoken_period
from engine.prose import Language, Words, spoken_value

_GOOD, _BAD, _OPEN, _QUIET = "32", "31", "33", "2"  # SGR colours
_MARKS = {
    "满足": ("✓", _GOOD), "不满足": ("✗", _BAD), "待核": ("?", _OPEN), "不适用": ("–", _QUIET),
    "免提交": ("✓", _GOOD), "已提交": ("✓", _GOOD), "以承诺代替": ("✓", _GOOD),
    "容缺后补": ("…", _OPEN), "缺少": ("✗", _BAD), "不需要": ("–", _QUIET),
    "准予": ("✓", _GOOD), "不予": ("✗", _BAD), "不予受理": ("✗", _BAD), "补正": ("✗", _OPEN),
}  # fmt: skip


def officer_view(decision: Decision, *, color: bool = False, language: Language = "zh") -> str:
    """The whole decision as aligned text. Chinese takes two cells; colour only when asked for."""
    view = _View(presentable(decision), color, language)
    return "\n".join(view.lines()) + "\n"


class _View:
    def __init__(self, decision: Decision, color: bool, language: Language) -> None:
        self.decision, self.color, self.language = decision, color, language
        self.margin = 10 if language == "zh" else 14
        self.units = {read.name: read.unit for read in decision.facts}

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def word(self, status: str) -> str:
        return spoken_status(status, self.language)

    def origin(self, origin: str) -> str:
        return spoken_origin(origin, self.language)

    def value(self, value: object, unit: str = "") -> str:
        return spoken_value(value, unit, self.language)

    def aside(self, text: str) -> str:
        return self.say(f"（{text}）", f" ({text})")

    def painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.color else text

    def lines(self) -> Iterator[str]:
        yield from self.head()
        yield from self.criteria()
        yield from self.materials()
        yield from self.tables()
        yield from self.findings()
        yield from self.notice()
        yield from self.afterwards()
        yield from self.foot()

    def field(self, label: str, text: str, indent: int = 2) -> str:
        return " " * indent + padded(label, self.margin) + text

    def heading(self, zh: str, en: str, statuses: Iterable[str] = ()) -> Iterator[str]:
        counts = Counter(statuses)
        detail = self.say("，", ", ").join(f"{self.word(s)} {n}" for s, n in counts.items())
        yield ""
        yield self.painted(self.say(zh, en) + (self.aside(detail) if detail else ""), "1")

    # --- head ------------------------------------------------------------------------------

    def head(self) -> Iterator[str]:
        decision, person = self.decision, self.decision.applicant
        mark, colour = _MARKS.get(decision.outcome, ("?", _OPEN))
        yield self.painted(decision.title, "1")
        verdict = f"{mark} {self.say(decision.outcome_title, self.word(decision.outcome))}"
        yield self.field(self.say("结论", "Outcome"), self.painted(verdict, colour))
        who = person.name or self.say("（未填写）", "(not given)")
        number = f" {person.id_number}" if person.id_number else ""
        kind = term(person.kind).say(self.language)
        yield self.field(self.say("申请人", "Applicant"), f"{who}{number} {kind}".rstrip())
        if decision.region:
            yield self.field(self.say("地区", "Region"), decision.region)
        yield self.field(self.say("申请日期", "Date"), decision.on.isoformat())
        path = self.say(decision.path_title, decision.path.replace("_", " "))
        yield self.field(self.say("办理路径", "Path"), path)
        reason = self.say(decision.path_reason.zh, decision.path_reason.en)
        if reason:
            yield self.field("", reason)

    # --- criteria and materials ------------------------------------------------------------

    def criteria(self) -> Iterator[str]:
        results = self.decision.criteria
        if results:
            yield from self.heading("审查要点", "Criteria", (c.status for c in results))
        for result in results:
            yield from self.criterion(result)

    def criterion(self, result: CriterionResult) -> Iterator[str]:
        committed = self.say("（承诺）", " (committed)") if result.committed else ""
        stage = term(result.stage).say(self.language) + self.say("｜", " | ")
        yield self.status_line(result.status, f"{stage}{result.point}{committed}")
        if result.rule and result.status in ("不满足", "待核"):
            yield self.field(self.say("规则", "rule"), result.rule, 4)
        for read in result.reads:
            given = f"{read.name} = {self.value(read.value, read.unit)}"
            text = given + self.aside(self.origin(read.source))
            yield self.field(self.say("读取", "read"), text, 4)
        for missing in result.missing:
            giver = self.origin(missing.given_by)
            text = self.say(f"{missing.name}，由{giver}提供", f"{missing.name}, from {giver}")
            yield self.field(self.say("缺少", "missing"), text, 4)
        if result.status == "不满足":
            effect = EFFECT_TITLES.get(result.effect, (result.effect, result.effect))
            yield self.field(self.say("后果", "effect"), self.say(*effect), 4)
        yield from self.cited(result.basis, result.is_verified)
        if result.status in ("不满足", "待核"):
            yield from self.way_out(result.remedy)

    def status_line(self, status: str, text: str) -> str:
        mark, colour = _MARKS.get(status, ("?", _OPEN))
        width = 14 if self.language == "zh" else 16
        return "  " + self.painted(padded(f"{mark} {self.word(status)}", width), colour) + text

    def cited(self, basis: tuple[str, ...], is_verified: bool) -> Iterator[str]:
        if basis:
            doubt = self.say("（未核实）", " (not verified)")
            if len(basis) > 1:
                doubt = self.say("（其中有未核实的）", " (not all verified)")
            cited = self.say("；", "; ").join(basis) + ("" if is_verified else doubt)
            yield self.field(self.say("依据", "basis"), cited, 4)

    def way_out(self, remedy: str) -> Iterator[str]:
        if remedy:
            yield self.field(self.say("怎么办", "remedy"), remedy, 4)

    def materials(self) -> Iterator[str]:
        results = self.decision.materials
        if results:
            yield from self.heading("申请材料", "Materials", (m.status for m in results))
        for result in results:
            yield from self.material(result)

    def material(self, result: MaterialResult) -> Iterator[str]:
        core = self.say("（核心要件）", " (core)") if result.is_core else ""
        yield self.status_line(result.status, f"{result.title}{core}")
        if result.label and result.label != result.status:
            yield self.field(self.say("标注", "label"), result.label, 4)
        if result.source:
            yield self.field(self.say("来源", "source"), self.origin(result.source), 4)
        reason = self.say(result.reason.zh, result.reason.en)
        if reason and reason != result.label:
            yield self.field(self.say("说明", "why"), reason, 4)
        for skip in result.skips:
            way = Words(*RESOLUTION_TITLES.get(skip.way, (skip.way, skip.way))).say(self.language)
            why = self.say(skip.reason.zh, skip.reason.en)
            yield self.field(self.say("已试", "tried"), f"{way}{self.say('：', ': ')}{why}", 4)
        if result.status in ("缺少", "不满足", "待核"):
            yield from self.cited(result.basis, result.is_verified)
            yield from self.way_out(result.remedy)

    # --- tables, findings, notice -----------------------------------------------------------

    def tables(self) -> Iterator[str]:
        if self.decision.tables:
            yield from self.heading("决策表", "Decision tables")
        for table in self.decision.tables:
            yield f"  {table.title}{self.say('：', ': ')}{self.hits(table)}"
            for name, value in table.values.items():
                given = f"{name} = {self.value(value, self.units.get(name, ''))}"
                yield self.field(self.say("得出", "gives"), given, 4)
            yield from self.cited(table.basis, table.is_verified)

    def hits(self, table: TableResult) -> str:
        total = len(table.rows)
        if table.hits:
            numbers = self.say("、", ", ").join(map(str, table.hits))
            return self.say(f"命中第 {numbers} 行（共 {total} 行）", f"row {numbers} of {total}")
        if "unknown" in table.rows:
            return self.say(f"事实不全，无法判定（共 {total} 行）", f"undecided ({total} rows)")
        if table.is_default:
            return self.say(
                f"没有命中任何行，采用默认输出（共 {total} 行）",
                f"no row hit, default outputs ({total} rows)",
            )
        return self.say(f"没有命中任何行（共 {total} 行）", f"no row hit ({total} rows)")

    def findings(self) -> Iterator[str]:
        if self.decision.findings:
            yield from self.heading("推理认定", "Findings")
        for finding in self.decision.findings:
            effect = EFFECT_TITLES.get(finding.effect, (finding.effect, finding.effect))
            about = self.say("：", ": ") + finding.subject if finding.subject else ""
            yield f"  · {finding.text}{about}{self.aside(self.say(*effect))}"
            rule = finding.title + self.aside(finding.rule)
            yield self.field(self.say("规则", "rule"), rule, 4)
            for matched in finding.matched:
                said = with_origins(matched, self.language)
                yield self.field(self.say("匹配", "matched"), said, 4)
            yield from self.cited(finding.basis, finding.is_verified)
            yield from self.way_out(finding.remedy)

    def notice(self) -> Iterator[str]:
        yield from self.numbered("一次性告知", "One-time notice", self.decision.notice)
        yield from self.numbered("提示", "Reminders", self.decision.reminders)

    def numbered(self, zh: str, en: str, lines: tuple[NoticeLine, ...]) -> Iterator[str]:
        if lines:
            yield from self.heading(zh, en)
        for number, line in enumerate(lines, 1):
            yield f"  {number}. {spoken_line(line, self.decision, self.language)}"
            yield from self.way_out(spoken_remedy(line, self.decision, self.language))

    # --- what follows ----------------------------------------------------------------------

    def afterwards(self) -> Iterator[str]:
        decision = self.decision
        if decision.benefits:
            yield from self.heading("给付", "Benefits")
        for benefit in decision.benefits:
            amount = self.value(benefit.amount, benefit.unit)
            starts = ""
            if benefit.starts:
                starts = self.say(f"，自 {benefit.starts} 起", f", from {benefit.starts}")
            yield f"  {benefit.title}{self.say('：', ': ')}{amount}{starts}"
            yield from self.cited(benefit.basis, benefit.is_verified)
        if decision.obligations:
            yield from self.heading("后续义务", "Obligations")
        for duty in decision.obligations:
            until = ""
            if duty.due:
                words = UNTIL_PROVISIONAL if duty.is_provisional else UNTIL
                until = words.say(self.language).format(day=duty.due)
            who = self.origin(duty.by) + self.say("｜", " | ")
            yield f"  {who}{duty.title}{until}"
            yield from self.cited(duty.basis, duty.is_verified)
        if decision.differences:
            yield from self.heading("填写与登记不一致", "Differences")
        for found in decision.differences:
            stated, recorded = self.value(found.stated), self.value(found.recorded)
            source = self.origin(found.source)
            yield self.say(
                f"  {found.name}：填写 {stated}；{source} {recorded}",
                f"  {found.name}: stated {stated}; {source} has {recorded}",
            )
        if decision.unreachable:
            yield from self.heading("没有答复的系统", "Registers that did not answer")
        for silent in decision.unreachable:
            yield f"  ? {self.say(silent.zh, silent.en)}"

    def provisional(self, is_provisional: bool) -> str:
        return self.say("（暂定）", " (provisional)") if is_provisional else ""

    def length(self, period: str, due: date | None) -> str:
        text = spoken_period(period, self.language)
        if due is None:
            return text + self.say("（自受理起算）", " (from acceptance)")
        until = self.say(f"，至 {due}", f", until {due}")
        return text + until + self.provisional(self.decision.time.is_provisional)

    def foot(self) -> Iterator[str]:
        time, receipt = self.decision.time, self.decision.receipt
        yield from self.heading("时限与回执", "Time and receipt")
        # Time runs from acceptance (行政许可法第42条): before it, there is only its length.
        is_accepted = self.decision.outcome not in ("补正", "不予受理")
        promised_by, statutory_by = (
            (time.promised_by, time.statutory_by) if is_accepted else (None, None)
        )
        rows = (
            (self.say("补正告知", "told by"), time.correction, time.correction_by),
            (self.say("承诺", "promised"), time.promise, promised_by),
            (self.say("法定", "statutory"), time.statutory, statutory_by),
        )
        for label, period, due in rows:
            if period:
                yield self.field(label, self.length(period, due))
        yield self.field(self.say("回执", "receipt"), receipt.decision)
        yield self.field(self.say("引擎", "engine"), receipt.engine)
