"""Conclusion rules: they can be driven safely, mean what they say, rest on a law, reach each outcome."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast, get_args

from engine.checks.policy import check_bases
from engine.checks.references import check_ids
from engine.checks.subject import Subject, hints
from engine.checks.vocabulary import DAYS, Vocabulary, is_day
from engine.decision.concluding import SCHEMA, AuthoredRule, find_rule_problems, rules_of_matter
from engine.decision.values import Outcome
from engine.definitions import Comparison, ConclusionRule, Match, Matter, RuleSet
from engine.diagnostics import Diagnostic, Diagnostics, Place
from engine.source import Path
from engine.workspace import DefinitionFile, Workspace

_COMPARISONS = {"not_": "not", "in_": "in"}  # the others are written as they are called
_REFERENCE = re.compile(r"([a-z][a-z0-9_]*)\.([^\W\d]\w*)")
_FIELDS = {field for fields in SCHEMA.values() for field in fields}
# What is there when a path is chosen; the rest is judged later, on the path that was chosen.
_EARLY = frozenset({"申请", "申请人", "查询", "信用", "证照", "事实", "路径", "认定"})


def check_conclusions(workspace: Workspace, file: DefinitionFile) -> Iterator[Diagnostic]:
    """What is wrong with the rules of one file, compiled with the shared ones, by phase."""
    own, definition = _authored(file), file.definition
    if file.document is not None and (own or isinstance(definition, RuleSet)):
        subject = Subject[Any](workspace, file, cast(Any, definition), file.document)
        _check_own(subject, own)
        yield from subject.problems.found


def check_rules_exist(
    workspace: Workspace, files: Iterable[DefinitionFile]
) -> Iterator[Diagnostic]:
    """Says it, at the first matter of `files`, when no rules conclude anything at all."""
    if workspace.ids("rules"):
        return
    first = next((file for file in files if file.kind == "matter"), None)
    if first is not None:
        problems = Diagnostics()
        problems.add("no-matter-conclusion", Place(first.file))
        yield from problems.found


def _authored(file: DefinitionFile) -> tuple[AuthoredRule, ...]:
    definition = file.definition
    if isinstance(definition, Matter):
        return rules_of_matter(definition)
    return _rules_of_set(definition) if isinstance(definition, RuleSet) else ()


def _rules_of_set(definition: RuleSet) -> tuple[AuthoredRule, ...]:
    numbered = enumerate(definition.conclusions)
    return tuple(AuthoredRule("rules", definition.rules, n, rule) for n, rule in numbered)


def _shared(subject: Subject[Any]) -> tuple[AuthoredRule, ...]:
    """The shared rules in force with the definition, less those that it replaces itself."""
    day = subject.day
    sets = subject.workspace.keep(("shared rules", day), lambda: subject.workspace.rule_sets(day))
    is_set = isinstance(subject.definition, RuleSet)
    others = (s for s in sets if not (is_set and s.rules == subject.file.id))
    return tuple(rule for one in others for rule in _rules_of_set(one))


def _check_own(subject: Subject[Any], own: Sequence[AuthoredRule]) -> None:
    rules = (*_shared(subject), *own)
    for phase in ("entry", "conclusion"):
        together = [r for r in rules if r.rule.phase == phase]
        _check_safety(subject, together, {r.id: r for r in own if r.rule.phase == phase})
    vocabulary = Vocabulary(subject, rules)
    for authored in own:
        _check_words(subject, vocabulary, ("conclusions", authored.index), authored.rule)
    if isinstance(subject.definition, RuleSet):
        _check_set(subject, rules)


def _check_safety(
    subject: Subject[Any], rules: list[AuthoredRule], mine: dict[str, AuthoredRule]
) -> None:
    for problem in find_rule_problems(rules) if mine else ():
        authored = mine.get(problem.rule)
        if authored is None or problem.code == "rule-duplicate-id":
            continue  # another file's rule is reported with that file, a double one as duplicate-id
        words: dict[str, Any] = {
            "message_zh": problem.message_zh,
            "message_en": problem.message_en,
            "help_zh": problem.help_zh,
            "help_en": problem.help_en,
        }
        path = ("conclusions", authored.index, *problem.where)
        subject.add(path, "rule-invalid", rule=authored.rule.rule, **words)


# --- what the rules say ----------------------------------------------------------------------


def _check_words(
    subject: Subject[Any], vocabulary: Vocabulary, base: Path, rule: ConclusionRule
) -> None:
    aliases = {match.as_ or f"p{n}" for n, match in enumerate(rule.when)}
    for number, match in enumerate(rule.when):
        path = (*base, "when", number)
        kind = match.is_ or match.none or ""
        if rule.phase == "entry" and kind in SCHEMA and kind not in _EARLY:
            _too_early(subject, path, rule, kind)
        for place, field, text in _literals(match):
            reference = _REFERENCE.fullmatch(text)
            if reference and reference[1] in aliases:
                continue
            if reference and (reference[2] in _FIELDS or not reference[2].isascii()):
                _unknown_alias(subject, (*path, *place), rule, reference[1], aliases)
            elif field in SCHEMA.get(kind, {}):
                _check_word(subject, vocabulary, (*path, *place), rule, match, (kind, field, text))
    about = _REFERENCE.fullmatch(rule.then.subject or "")
    if about and about[1] not in aliases:
        _unknown_alias(subject, (*base, "then", "subject"), rule, about[1], aliases)
    if rule.phase == "entry" and rule.then.conclude is not None:
        _too_early(subject, (*base, "then", "conclude"), rule, "结论")


def _check_word(
    subject: Subject[Any],
    vocabulary: Vocabulary,
    path: Path,
    rule: ConclusionRule,
    match: Match,
    said: tuple[str, str, str],
) -> None:
    kind, field, text = said
    if (kind, field) in DAYS:
        if not is_day(text):
            _never_holds(subject, path, rule, said, ("2026-11-22 这样写全的日期",))
        return
    if (kind, field) == ("认定", "名称") and vocabulary.is_found(text, rule.phase):
        return  # without asking every matter what it finds
    words = vocabulary.words(kind, field, rule.phase)
    if (kind, field) == ("事实", "文字"):
        name = match.where.get("名称")
        words = vocabulary.words_of_fact(name) if isinstance(name, str) else None
    if words is not None and text not in words:
        _never_holds(subject, path, rule, said, words)


def _literals(match: Match) -> Iterator[tuple[Path, str, str]]:
    """Every text that a pattern compares a field with: where it stands, the field, the text."""
    for field, wanted in match.where.items():
        path: Path = ("where", field)
        if isinstance(wanted, str):
            yield path, field, wanted
        elif isinstance(wanted, Comparison):
            for name in Comparison.model_fields:
                value, key = getattr(wanted, name), _COMPARISONS.get(name, name)
                if isinstance(value, str):
                    yield (*path, key), field, value
                elif isinstance(value, tuple):
                    listed = ((n, v) for n, v in enumerate(value) if isinstance(v, str))
                    yield from (((*path, key, n), field, v) for n, v in listed)


def _never_holds(
    subject: Subject[Any],
    path: Path,
    rule: ConclusionRule,
    said: tuple[str, str, str],
    known: Sequence[str],
) -> None:
    kind, field, value = said
    words: dict[str, Any] = {"rule": rule.rule, "kind": kind, "field": field, "value": value}
    words |= {"known": "、".join(known[:30]) or "（还没有）", **hints(value, known)}
    subject.add(path, "rule-value", **words)


def _unknown_alias(
    subject: Subject[Any], path: Path, rule: ConclusionRule, alias: str, aliases: set[str]
) -> None:
    words: dict[str, Any] = {
        "message_zh": f"本规则中没有别名“{alias}”",
        "message_en": f'this rule has no alias "{alias}"',
        "help_zh": hints(alias, aliases)["hint_zh"] or "请在 when 的一项中写 as: 别名。",
        "help_en": hints(alias, aliases)["hint_en"] or "Name a pattern of `when` with `as`.",
    }
    subject.add(path, "rule-invalid", rule=rule.rule, **words)


def _too_early(subject: Subject[Any], path: Path, rule: ConclusionRule, kind: str) -> None:
    subject.add(path, "rule-too-early", rule=rule.rule, kind=kind)


# --- a set of shared rules -------------------------------------------------------------------


def _check_set(subject: Subject[RuleSet], rules: Iterable[AuthoredRule]) -> None:
    """Findings rest on a law, rules are named once, and each outcome is somebody's conclusion."""
    own = subject.definition.conclusions
    check_ids(subject, "conclusions", (rule.rule for rule in own))
    based = ((n, rule, (*rule.basis, *rule.then.basis)) for n, rule in enumerate(own))
    check_bases(
        subject,
        [
            (("conclusions", n), rule.title or rule.rule, bases)
            for n, rule, bases in based
            if bases or rule.then.finding
        ],
    )
    if subject.document.removed:
        return  # the rule that concludes it may be the one that could not be read
    concluded = {authored.rule.then.conclude for authored in rules}
    for outcome in get_args(Outcome):
        if outcome not in concluded and not _is_concluded_by_all(subject.workspace, outcome):
            subject.add(("conclusions",), "outcome-missing", at_key=True, outcome=outcome)


def _is_concluded_by_all(workspace: Workspace, outcome: str) -> bool:
    """Whether there are matters, and each has a rule of its own for the outcome."""
    matters = [cast(Matter, file.definition) for file in workspace.files_of("matter")]
    return bool(matters) and all(
        any(rule.then.conclude == outcome for rule in matter.conclusions) for matter in matters
    )
