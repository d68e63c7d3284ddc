"""A whole review as formulas: facts to tables to criteria to materials to conclusions, per path.

Follows `engine.decision` step by step; a property test holds the two together. Where the engine
would stop without a decision, a formula says so in `stops`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import z3

from engine.decision.evaluation import count_working_days
from engine.decision.program import (
    APPLICANT,
    DAY,
    FUNCTIONS,
    PATH,
    REGION,
    WORKING_DAYS,
    CompiledCriterion,
    CompiledMaterial,
    Program,
)
from engine.definitions import PATH_TITLES
from engine.feel import Expression
from engine.hooks import CreditRecord
from engine.proof.cases import Case
from engine.proof.encoding import Encoding, GivenFunction, NotEncodable, Outside, constant_of
from engine.proof.rule_terms import Entry, Options, RuleTerms, Told
from engine.proof.table_terms import TableTerms, answered
from engine.proof.terms import (
    NO,
    NULL,
    YES,
    Formula,
    Term,
    boolean,
    both,
    choose,
    either,
    opposite,
    term_of,
)
from engine.proof.witnesses import GRADE_SOURCE

OUTCOMES = ("准予", "不予", "补正", "不予受理", "待核")
_TRUE, _FALSE, _UNSURE = 1, 2, 3  # a department's answers: 属实, 不属实, 无法核实
_WINDOW = 45  # days back for which working days are counted one by one


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A place where the engine would make no decision, and when."""

    subject: str
    title: str
    when: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """What one path makes of every case. By id: the statuses of criteria and materials.

    `enters` is where an application that asks for the path is handled on it.
    """

    path: str
    names: Mapping[str, Term]
    tables: Mapping[str, TableTerms]
    criteria: Mapping[str, Mapping[str, Formula]]
    materials: Mapping[str, Mapping[str, Formula]]
    benefits: Mapping[str, Term]
    outcomes: Mapping[str, Formula]
    enters: Formula
    stops: tuple[Stop, ...] = field(default=())

    @property
    def is_stopped(self) -> Formula:
        return either(*(stop.when for stop in self.stops))

    def concludes(self, outcome: str) -> Formula:
        """Where the path is entered and the decision is made with this one outcome."""
        made = both(self.enters, opposite(self.is_stopped))
        return both(made, self.outcomes[outcome], self.count == 1)

    @property
    def count(self) -> Formula:
        """How many outcomes are concluded."""
        ones = [z3.If(c, z3.IntVal(1), z3.IntVal(0)) for c in self.outcomes.values()]
        return z3.Sum(ones)


def review_of(
    encoding: Encoding,
    program: Program,
    case: Case,
    path: str,
    *,
    plain: bool,
    parameters: Mapping[str, Term] | None = None,
) -> Review:
    """A path's review. In a plain world no register answers; else they may say anything.

    `parameters` stand in place of the region's figures. Raises NotEncodable for conclusion rules
    that have no formula.
    """
    return _Reviewing(encoding, program, case, path, plain, parameters or {}).review()


class _Reviewing:
    def __init__(
        self,
        encoding: Encoding,
        program: Program,
        case: Case,
        path: str,
        plain: bool,
        parameters: Mapping[str, Term],
    ) -> None:
        self.encoding, self.program, self.case = encoding, program, case
        self.path, self.plain = path, plain
        self.declared = next((d for p, d in program.matter.paths.items() if p == path), None)
        self.stops: list[Stop] = []
        self.names: dict[str, Term] = dict(case.facts)
        self.tables: dict[str, TableTerms] = {}
        self._lacking: dict[str, Formula] = {}
        encoding.functions[WORKING_DAYS] = working_days_of(program)
        known = {n: term_of(v, encoding.vocabulary) for n, v in program.parameters.items()}
        self.names[DAY] = term_of(program.on, encoding.vocabulary)
        self.names[REGION] = term_of(program.region or None, encoding.vocabulary)
        self.names[APPLICANT] = case.applicant
        self.names[PATH] = NULL  # tables and computed facts come before the path is chosen
        self.names |= {**known, **parameters}

    def review(self) -> Review:
        self._compute()
        enters = self._enters()
        self._put(PATH, term_of(PATH_TITLES[self.path], self.encoding.vocabulary))
        materials = {c.material.key: self._material(c) for c in self.program.materials}
        criteria = {c.criterion.id: self._criterion(c) for c in self.program.criteria}
        pending = [*self._pending_duties(), *self._pending_benefits()]
        benefits = {
            benefit.title: self.encoding.expression(amount, self.names)
            for benefit, amount, _ in self.program.benefits
        }
        told = [*self._posted(PATH_TITLES[self.path]), *self._found(criteria, materials, pending)]
        told.append(Told("路径", YES, {"名称": PATH_TITLES[self.path], "是否进入": True}))
        rules = tuple(self.program.conclusion.authored.values())
        drawn = RuleTerms(self.encoding, rules, told, self.plain).told
        outcomes = {
            outcome: either(
                *(t.present for t in drawn if t.type == "结论" and t.fields["结果"] == outcome)
            )
            for outcome in OUTCOMES
        }
        return Review(
            self.path, self.names, self.tables, criteria, materials, benefits, outcomes, enters,
            tuple(self.stops),
        )  # fmt: skip

    def _put(self, name: str, term: Term) -> None:
        self.names[name] = self.encoding.keep(term)
        self._lacking.clear()

    # --- what is computed ------------------------------------------------------------------

    def _compute(self) -> None:
        for step in self.program.order:
            if step.startswith("#"):
                self._answer(step[1:])
            else:
                self._put(step, self.encoding.expression(self.program.computed[step], self.names))

    def _answer(self, identity: str) -> None:
        compiled = self.program.tables[identity]
        found = self.tables[identity] = answered(self.encoding, compiled, self.names)
        for name, term in found.values.items():
            self._put(name, term)
        subject, title = f"tables.{identity}", f"决策表“{compiled.table.label}”"
        self.stops.append(Stop(subject, f"{title}有几行同时命中", found.conflict))
        if not z3.is_false(found.refused):
            self.stops.append(Stop(subject, f"{title}有值不在允许的值之内", found.refused))

    def _verdict(self, expression: Expression, subject: str, title: str) -> Term:
        """What the engine judges by; it stops where the answer is null and nothing is missing."""
        term = self.encoding.expression(expression, self.names)
        if term.kind not in ("boolean", "null", "other"):
            self.stops.append(Stop(subject, title, YES))
            return NULL
        if term.kind == "other":
            term = self.encoding.free(expression.tree, self.names, "boolean")
        answered_ = term.known if term.kind == "boolean" else NO
        stuck = both(opposite(answered_), opposite(self._lacks_any(expression.names)))
        if not z3.is_false(stuck):
            self.stops.append(Stop(subject, title, stuck))
        return term

    # --- what is missing -------------------------------------------------------------------

    def _lacks_any(self, names: Iterable[str]) -> Formula:
        """Whether something that the names rest on is unknown, or may lack a part."""
        listed = list(names)
        if self.program.calls(listed):
            return YES
        return either(*(self._lacks(n) for n in listed if n not in FUNCTIONS))

    def _lacks(self, name: str) -> Formula:
        if name not in self._lacking:
            self._lacking[name] = self._found_lacking(name)
        return self._lacking[name]

    def _found_lacking(self, name: str) -> Formula:
        table = self.program.givers.get(name)
        if table is not None:
            return self._lacks_given(name, table)
        reads = self.program.reads_of(name)
        if reads:
            return self._lacks_any(reads)
        return self._is_leaf_lacking(name)

    def _is_leaf_lacking(self, name: str) -> Formula:
        term = self.names.get(name)
        if term is None or term.kind in ("list", "record", "other"):
            return YES  # a name of no value, or a value that may lack a part
        return opposite(term.known)

    def _lacks_given(self, name: str, identity: str) -> Formula:
        """Of a table, the rows that are hit; what decides them, while they are not settled."""
        compiled, terms = self.program.tables[identity], self.tables[identity]
        if name not in compiled.table.gives or compiled.table.hit not in ("unique", "any", "first"):
            return self._lacks_any(compiled.reads)
        asks = compiled.asks - set(FUNCTIONS)
        leaf = self._is_leaf_lacking(name)
        asked = self._lacks_any(asks) if asks else leaf
        value = terms.values[name]
        settled = (
            YES
            if compiled.table.hit in ("unique", "any")
            else either(value.known, opposite(either(*terms.unknown)))
        )
        outputs = [
            row[name].names - set(FUNCTIONS) if name in row else frozenset()
            for row in compiled.outputs
        ]
        given = [
            both(hit, self._lacks_any(o)) for hit, o in zip(terms.hits, outputs, strict=True) if o
        ]
        # A row that gives a constant rests on nothing but itself.
        silent = [opposite(hit) for hit, o in zip(terms.hits, outputs, strict=True) if o]
        hit = either(*given, both(*silent, settled, leaf), both(opposite(settled), asked))
        fallback = self._lacks_default(
            compiled.default.get(name), leaf, asked, bool(compiled.default)
        )
        return choose(terms.is_hit, hit, choose(terms.fallback, fallback, asked))

    def _lacks_default(
        self, default: Expression | None, leaf: Formula, asked: Formula, has_default: bool
    ) -> Formula:
        if not has_default:
            return asked
        names = default.names - set(FUNCTIONS) if default is not None else frozenset()
        return self._lacks_any(names) if names else leaf

    # --- criteria, materials, consequences -------------------------------------------------

    def _criterion(self, compiled: CompiledCriterion) -> Mapping[str, Formula]:
        criterion = compiled.criterion
        subject, title = f"criteria.{criterion.id}", f"审查要点“{criterion.point}”"
        applies = Term("boolean", YES, YES)
        if compiled.when is not None:
            applies = self._verdict(compiled.when, subject, title)
        held = self._judged(compiled, applies, subject, title)
        passed_by = applies.is_false
        failed = both(held.is_false, applies.is_true)
        open_ = both(opposite(held.known), opposite(passed_by))
        committed = NO
        if self.declared is not None and criterion.id in self.declared.covers:
            committed = both(open_, self.case.committed[criterion.id])
        met = either(both(held.is_true, opposite(passed_by)), committed)
        return {
            "不适用": passed_by,
            "满足": met,
            "不满足": failed,
            "待核": opposite(either(passed_by, met, failed)),
        }

    def _judged(self, compiled: CompiledCriterion, applies: Term, subject: str, title: str) -> Term:
        """The requirement, which is not asked where the criterion certainly does not apply."""
        before = len(self.stops)
        held = self._verdict(compiled.require, subject, title)
        asked = opposite(applies.is_false)
        late = [Stop(s.subject, s.title, both(asked, s.when)) for s in self.stops[before:]]
        self.stops[before:] = late
        return boolean(both(asked, held.is_true), both(asked, held.is_false))

    def _material(self, compiled: CompiledMaterial) -> Mapping[str, Formula]:
        """As `engine.decision.materials` resolves it, way by way."""
        material = compiled.material
        needed = Term("boolean", YES, YES)
        if compiled.when is not None:
            title = f"材料“{material.title or material.key}”"
            needed = self._verdict(compiled.when, f"materials.{material.key}", title)
        licence = self._licence_says(compiled)
        found: dict[str, Formula] = {"不需要": needed.is_false}
        left = opposite(needed.is_false)
        objections: list[tuple[str, Formula]] = []
        for way in material.resolve:
            status, given = self._way(way, compiled, licence)
            if status is not None:
                doubted = (
                    either(*(c for s, c in objections if s == "不满足")) if way != "licence" else NO
                )
                found[status] = either(found.get(status, NO), both(left, given, opposite(doubted)))
                found["待核"] = either(found.get("待核", NO), both(left, given, doubted))
                left = both(left, opposite(given))
            objections += self._objections(way, compiled, licence, objections)
        found["待核"] = either(found.get("待核", NO), both(left, opposite(needed.known)))
        left = both(left, needed.known)
        for status, condition in objections:
            found[status] = either(found.get(status, NO), both(left, condition))
            left = both(left, opposite(condition))
        found["缺少"] = left
        return found

    def _way(
        self, way: str, compiled: CompiledMaterial, licence: Mapping[str, Formula]
    ) -> tuple[str | None, Formula]:
        """The status that a way of getting a material comes to, and when."""
        material, key = compiled.material, compiled.material.key
        if way == "licence":
            return "免提交", licence.get("免提交", NO)
        if way == "upload":
            return "已提交", self.case.handed[key]
        if way == "earlier":
            return "已提交", NO if self.plain else z3.Bool(f"前序 {key}")
        if way == "query":
            return "已提交", NO if self.plain else self._told_of(key) == _TRUE
        is_covered = self.declared is not None and key in self.declared.covers
        is_spared = self.path != "non_core_credit" or not material.core
        if way == "commitment" and is_covered and is_spared and material.commitable:
            return "以承诺代替", self.case.committed[key]
        may_follow = material.deferrable is not None and not material.core
        if way == "deferral" and may_follow and self.path == "deferral":
            return "容缺后补", YES
        return None, NO

    def _told_of(self, key: str) -> Formula:
        """What a department answered about a material (部门协查): as `_TRUE` …, else nothing."""
        return z3.Int(f"协查 {key}")

    def _objections(
        self,
        way: str,
        compiled: CompiledMaterial,
        licence: Mapping[str, Formula],
        so_far: Sequence[tuple[str, Formula]],
    ) -> list[tuple[str, Formula]]:
        """What speaks against a material: only the first such word counts."""
        free = opposite(either(*(condition for _, condition in so_far)))
        if way == "licence":
            return [(s, both(free, licence.get(s, NO))) for s in ("不满足", "待核")]
        if way != "query":
            return []
        is_asked = bool(compiled.material.query)
        if self.plain:
            return [("待核", free)] if is_asked else []
        told = self._told_of(compiled.material.key)
        waits = told != _FALSE if is_asked else told == _UNSURE
        return [("不满足", both(free, told == _FALSE)), ("待核", both(free, waits))]

    def _licence_says(self, compiled: CompiledMaterial) -> Mapping[str, Formula]:
        """What the licence library may say of a material: nothing at all in a plain world."""
        material = compiled.material
        if self.plain or not material.satisfied_by:
            return {}
        word = z3.Int(f"证照 {material.key}")
        return {"免提交": word == 1, "不满足": word == 2, "待核": word == 3}

    def _pending_duties(self) -> Iterable[tuple[str, Formula]]:
        for duty, when, _ in self.program.obligations:
            if when is not None:
                applies = self._verdict(when, f"obligations.{duty.id}", f"后续义务“{duty.title}”")
                known = applies.known if applies.kind == "boolean" else NO
                yield duty.id, opposite(known)

    def _pending_benefits(self) -> Iterable[tuple[str, Formula]]:
        for benefit, amount, starts in self.program.benefits:
            parts = [self.encoding.expression(amount, self.names)]
            if starts is not None:
                parts.append(self.encoding.expression(starts, self.names))
            yield benefit.title, either(*(opposite(part.known) for part in parts))

    # --- what conclusion rules are told ----------------------------------------------------

    def _enters(self) -> Formula:
        """Whether an application that asks for the path is handled on it."""
        if self.path == "general":
            return YES
        entry = next(e for p, e in self.program.entries.items() if p == self.path)
        title = PATH_TITLES[self.path]
        entered = Term("boolean", YES, YES)
        if entry is not None:
            entered = self._verdict(entry, f"paths.{self.path}", f"{title}的进入条件")
        told = self._posted(title)
        told.append(Told("路径", YES, {"名称": title, "是否进入": entered}))
        rules = tuple(self.program.entry.authored.values())
        drawn = RuleTerms(self.encoding, rules, told, self.plain).told
        bars = [t.present for t in drawn if t.type == "认定" and t.fields["后果"] != "remind"]
        return both(entered.is_true, opposite(either(*bars)))

    def _posted(self, title: str) -> list[Told]:
        person = self.case.applicant.fields
        agent = person["代理人"]
        posted = Told(
            "申请",
            YES,
            {
                "事项": self.program.matter.matter,
                "路径": title,
                "地区": self.program.region or None,
                "申请日期": self.program.on.isoformat(),
                "主体类型": person["主体类型"],
                "是否代理": Term("boolean", YES, agent.known),
            },
        )
        named = {n: person[n] for n in ("名称", "证件类型", "证件号码", "主体类型")}
        told = [posted, Told("申请人", YES, named), *self._rated()]
        for name in self.program.matter.facts:
            term = self.names[name]
            if term.kind == "boolean":
                told.append(Told("事实", term.known, {"名称": name, "是否": term}))
            elif term.kind == "text":
                told.append(Told("事实", term.known, {"名称": name, "文字": term}))
        return told

    def _rated(self) -> Iterable[Told]:
        """The applicant's credit grade, where the case has one: as `Witness.replies` gives it."""
        grade = self.case.grade
        if grade is None:
            return
        asked: dict[str, Entry] = {"来源": GRADE_SOURCE, "种类": "credit", "结果": "answered"}
        yield Told("查询", grade.known, asked)
        record: dict[str, Entry] = {
            "主体代码": self.case.applicant.fields["证件号码"],
            "类别": CreditRecord.RATING,
            "等级": grade,
            "是否修复": False,
            "是否在披露期": True,
            "是否本人": True,
        }
        yield Told("信用", grade.known, record)

    def _found(
        self,
        criteria: Mapping[str, Mapping[str, Formula]],
        materials: Mapping[str, Mapping[str, Formula]],
        pending: Iterable[tuple[str, Formula]],
    ) -> Iterable[Told]:
        for compiled in self.program.criteria:
            criterion = compiled.criterion
            about: dict[str, Entry] = {
                "编号": criterion.id,
                "名称": criterion.point,
                "环节": criterion.stage,
                "后果": criterion.consequence,
                "结果": Options(criteria[criterion.id]),
            }
            yield Told("审查要点", YES, about)
        for used in self.program.materials:
            material = used.material
            asked: dict[str, Entry] = {
                "编号": material.key,
                "名称": material.title or material.key,
                "是否核心": material.core,
                "结果": Options(materials[material.key]),
            }
            yield Told("材料", YES, asked)
        for title, condition in pending:
            drawn = {"名称": "后续内容待核", "后果": "review", "对象": title}
            yield Told("认定", condition, drawn)


def working_days_of(program: Program) -> GivenFunction:
    """工作日数: counted day by day for the last weeks before a fixed day, free before them."""
    years = sorted(
        (y, sorted(d.off_days), sorted(d.work_days)) for y, d in program.calendar.years.items()
    )
    label = hashlib.sha256(repr(years).encode()).hexdigest()[:12]

    def count(encoding: Encoding, arguments: Sequence[Term]) -> Term:
        if len(arguments) != 2 or any(a.kind not in ("date", "null") for a in arguments):
            raise NotEncodable("number")
        start, end = arguments
        is_fixed, last = constant_of(end, encoding.vocabulary)
        if "null" in (start.kind, end.kind):
            return NULL
        if not is_fixed:
            raise NotEncodable("number")
        free = encoding.variable(f"{WORKING_DAYS} {label} {start.value} {last}", "number")
        key = (WORKING_DAYS, label, start.identity, last)
        encoding.outside.setdefault(
            key, Outside(f"{WORKING_DAYS}（{_WINDOW} 日以前）", free, None, {})
        )
        value, known = z3.Int(f"{WORKING_DAYS} {label} {start.value} {last}#"), free.known
        least = 0
        for back in range(_WINDOW, -1, -1):
            day = end.value - back
            found = count_working_days(program.calendar, *_days(last, back))
            number = 0 if found is None else int(found)
            least = max(least, number)
            value = z3.If(start.value == day, z3.IntVal(number), value)
            known = z3.If(start.value == day, z3.BoolVal(found is not None), known)
        encoding.definitions.append(
            z3.Int(f"{WORKING_DAYS} {label} {start.value} {last}#") >= least
        )
        value = z3.If(start.value > end.value, z3.IntVal(0), value)
        known = z3.If(start.value > end.value, YES, known)
        return Term("number", both(start.known, end.known, known), value, 0, 5)

    return count


def _days(last: object, back: int) -> tuple[date, date]:
    assert isinstance(last, date)
    return last - timedelta(days=back), last
