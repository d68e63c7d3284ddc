"""What the fields of the facts that conclusion rules read can hold, as far as that is closed.

A word that a field never holds makes a rule silent, or, in a `none`, makes it speak always: nobody
would notice until an application comes out wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import get_args

from engine.checks.subject import Subject
from engine.decision.concluding import AuthoredRule
from engine.decision.values import MaterialStatus, Outcome, Status
from engine.definitions import EFFECT_TITLES, PATH_TITLES, Matter, RuleSet, Stage
from engine.hooks import CreditRecord, Licence
from engine.hooks.replies import ReplyStatus
from engine.hooks.values import SourceKind
from engine.workspace import UnknownDefinition

Field = tuple[str, str]
_EFFECTS = tuple(EFFECT_TITLES)
ALWAYS: Mapping[Field, tuple[str, ...]] = {
    ("审查要点", "环节"): get_args(Stage),
    ("审查要点", "结果"): get_args(Status),
    ("审查要点", "后果"): _EFFECTS,
    ("材料", "结果"): get_args(MaterialStatus),
    ("证照", "状态"): Licence.STATUSES,
    ("信用", "类别"): CreditRecord.CATEGORIES,
    ("信用", "等级"): CreditRecord.GRADES,
    ("查询", "种类"): get_args(SourceKind),
    ("查询", "结果"): get_args(ReplyStatus),
    ("认定", "后果"): _EFFECTS,
    ("结论", "结果"): get_args(Outcome),
}
# What people and registers fill in: any text may come.
OPEN: frozenset[Field] = frozenset(
    {
        ("申请", "主体类型"),
        ("申请人", "名称"), ("申请人", "证件类型"), ("申请人", "证件号码"), ("申请人", "主体类型"),
        ("证照", "编号"), ("证照", "持有人"), ("证照", "持有人代码"),
        ("证照", "颁发机构代码"), ("证照", "地区"), ("信用", "主体代码"),
        ("差异", "来源"), ("查询", "来源"), ("认定", "对象"),
    }
)  # fmt: skip

# Compared as text, so only days written in full are ordered as days.
DAYS: frozenset[Field] = frozenset(
    {("申请", "申请日期"), ("证照", "有效期至"), ("信用", "披露截止")}
)


def is_day(text: str) -> bool:
    """Whether it is a day as rules are told days: 2026-11-22."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Vocabulary:
    """The words of one definition's rules. Shared rules may speak of whatever some matter has."""

    def __init__(
        self, subject: Subject[Matter] | Subject[RuleSet], rules: Iterable[AuthoredRule]
    ) -> None:
        """`rules` are all that are compiled together, the shared ones among them."""
        self._subject, self._rules = subject, tuple(rules)
        self._by_definition: Mapping[Field, Callable[[], Iterable[str] | None]] = {
            ("申请", "事项"): self._matter_ids,
            ("申请", "路径"): self._path_titles,
            ("路径", "名称"): self._path_titles,
            ("申请", "地区"): lambda: self._ids("region"),
            ("证照", "类型"): lambda: self._ids("licence"),
            ("审查要点", "编号"): lambda: self._of_matters(lambda m: (c.id for c in m.criteria)),
            ("审查要点", "名称"): lambda: self._of_matters(lambda m: (c.point for c in m.criteria)),
            ("材料", "编号"): lambda: self._of_matters(lambda m: (x.key for x in m.materials)),
            ("材料", "名称"): lambda: self._of_matters(self._material_titles),
            ("事实", "名称"): lambda: self._of_matters(_told_facts),
            ("事实", "文字"): lambda: None,  # depends on the fact: `words_of_fact`
            ("差异", "名称"): lambda: self._of_matters(_stated_facts),
        }

    def fields(self) -> frozenset[Field]:
        """Every field whose words are closed, here or always."""
        return frozenset({*ALWAYS, *self._by_definition, ("认定", "名称")})

    def words(self, kind: str, field: str, phase: str) -> tuple[str, ...] | None:
        """What a field can hold in rules of one phase; None where it may be any text."""
        if (kind, field) in ALWAYS:
            return ALWAYS[kind, field]
        if (kind, field) == ("认定", "名称"):
            return self._findings(phase)
        find = self._by_definition.get((kind, field))
        found = find() if find else None
        return None if found is None else tuple(dict.fromkeys(found))

    def words_of_fact(self, name: str) -> tuple[str, ...] | None:
        """The codes of a text fact in use, or None where it has none, or no matter declares it."""
        found: dict[str, None] = {}
        for matter in self._matters or ():
            fact = matter.facts.get(name)
            if fact is None:
                continue
            try:
                codes = self._subject.workspace.codes(fact.codes or "", self._subject.day)
            except UnknownDefinition:
                return None
            found |= dict.fromkeys(codes.words_on(self._subject.day))
        return tuple(found) or None

    @cached_property
    def _matters(self) -> tuple[Matter, ...] | None:
        """Whose parts the rules may name; None while some are too broken to be read."""
        definition = self._subject.definition
        if isinstance(definition, Matter):
            return None if self._subject.document.removed else (definition,)
        files = self._subject.workspace.files_of("matter")
        if not files or any(f.document is None or f.document.removed for f in files):
            return None
        return tuple(f.definition for f in files if isinstance(f.definition, Matter))

    def _ids(self, kind: str) -> tuple[str, ...]:
        workspace = self._subject.workspace
        return workspace.keep(("ids", kind), lambda: workspace.ids(kind))

    def _matter_ids(self) -> Iterable[str] | None:
        definition = self._subject.definition
        if isinstance(definition, Matter):
            return (definition.matter,)
        return self._ids("matter") or None

    def _path_titles(self) -> Iterable[str]:
        """The ways that are there: a matter's own and the general one."""
        definition = self._subject.definition
        if isinstance(definition, Matter) and self._matters is not None:
            return (PATH_TITLES[path] for path in ("general", *definition.paths))
        return PATH_TITLES.values()

    def _of_matters(self, part: Callable[[Matter], Iterable[str]]) -> Iterable[str] | None:
        matters = self._matters
        return None if matters is None else (word for m in matters for word in part(m))

    def _material_titles(self, matter: Matter) -> Iterator[str]:
        for material in matter.materials:
            title = material.title
            if title is None and material.use:
                try:
                    title = self._subject.workspace.material(material.use, self._subject.day).title
                except UnknownDefinition:
                    continue  # reported with the references
            if title:
                yield title

    def is_found(self, name: str, phase: str) -> bool:
        """Whether one of the rules compiled together finds it."""
        rules = (authored.rule for authored in self._rules)
        return any(rule.phase == phase and rule.then.finding == name for rule in rules)

    def _findings(self, phase: str) -> tuple[str, ...] | None:
        """What some rule of the phase finds; a shared rule may wait for a matter's finding too."""
        rules = [authored.rule for authored in self._rules]
        if isinstance(self._subject.definition, RuleSet):
            rules += [rule for matter in self._matters or () for rule in matter.conclusions]
        if self._subject.document.removed:
            return None
        found = (r.then.finding for r in rules if r.phase == phase and r.then.finding)
        return tuple(dict.fromkeys(found))


def _told_facts(matter: Matter) -> Iterator[str]:
    """Facts that rules are told: texts and booleans. FEEL computes with all others."""
    return (name for name, fact in matter.facts.items() if fact.type in ("text", "boolean"))


def _stated_facts(matter: Matter) -> Iterator[str]:
    """Facts that an applicant may state otherwise than a register does."""
    return (name for name, fact in matter.facts.items() if fact.compute is None)
