"""Conclusion rules in words: what is there, what is not, and what follows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from engine.definitions import EFFECT_TITLES, Comparison, ConclusionRule, Match
from engine.prose.words import Words

Labels = Mapping[str, str]  # what an alias stands for, by alias
_PREDICATES: Final[dict[str, tuple[str, str]]] = {
    "not_": ("不为{0}", "is not {0}"),
    "below": ("低于{0}", "is below {0}"),
    "at_most": ("不超过{0}", "is at most {0}"),
    "above": ("超过{0}", "is above {0}"),
    "at_least": ("不低于{0}", "is at least {0}"),
    "in_": ("为{0}之一", "is one of {0}"),
}


def spoken_conclusion(rule: ConclusionRule) -> tuple[Words, ...]:
    """When a rule applies, what it concludes and what that leads to, a sentence each."""
    labels = _labels(rule)
    matches = [_match(match, labels) for match in rule.when]
    zh, en = "；".join(m.zh for m in matches), "; ".join(m.en for m in matches)
    return Words(f"情形：{zh}。", f"Where: {en}."), *_consequences(rule, labels)


def _labels(rule: ConclusionRule) -> Labels:
    """Things by their type; of two of one type each has its alias beside it."""
    types = Counter(match.is_ or match.none for match in rule.when)
    named = ((match.as_ or "", match.is_ or match.none or "") for match in rule.when)
    return {alias: f"{kind}（{alias}）" if types[kind] > 1 else kind for alias, kind in named}


def _match(match: Match, labels: Labels) -> Words:
    kind = match.is_ or match.none or ""
    label = labels.get(match.as_ or "", kind)
    conditions = [
        words for field, wanted in match.where.items() for words in _tests(field, wanted, labels)
    ]
    zh, en = "且".join(c.zh for c in conditions), " and ".join(c.en for c in conditions)
    verb_zh, verb_en = ("有", "there is") if match.is_ else ("没有", "there is no")
    return Words(
        f"{verb_zh}{zh}的{label}" if zh else f"{verb_zh}{label}",
        f"{verb_en} {label} of which {en}" if en else f"{verb_en} {label}",
    )


def _tests(field: str, wanted: object, labels: Labels) -> Iterator[Words]:
    if not isinstance(wanted, Comparison):
        said = _value(wanted, labels)
        yield Words(f"{field}为{said.zh}", f"{field} is {said.en}")
        return
    for key, (zh, en) in _PREDICATES.items():
        value = getattr(wanted, key)
        if value is not None:
            said = _values(value, labels) if key == "in_" else _value(value, labels)
            yield Words(f"{field}{zh.format(said.zh)}", f"{field} {en.format(said.en)}")


def _values(values: tuple[object, ...], labels: Labels) -> Words:
    said = [_value(value, labels) for value in values]
    return Words("、".join(w.zh for w in said), f"({', '.join(w.en for w in said)})")


def _value(value: object, labels: Labels) -> Words:
    """A constant, or another thing's field: `p.证件号码` is 申请人的证件号码."""
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if not isinstance(value, str):
        return Words(str(value), str(value))
    alias, dot, field = value.partition(".")
    if dot and field and alias in labels:
        return Words(f"{labels[alias]}的{field}", f"{labels[alias]}'s {field}")
    return Words(f"“{value}”", f'"{value}"')


def _consequences(rule: ConclusionRule, labels: Labels) -> Iterator[Words]:
    then = rule.then
    if then.conclude:
        yield Words(f"结论：{then.conclude}。", f"Outcome: {then.conclude}.")
        return
    said = _value(then.subject, labels) if then.subject else Words("", "")
    about = Words(f"（对象：{said.zh}）", f" (of: {said.en})") if said.zh else said
    finding = then.finding or rule.rule
    yield Words(f"认定：{finding}{about.zh}。", f"Found: {finding}{about.en}.")
    if rule.phase == "entry" and then.effect != "remind":
        yield Words(
            "后果：不按申请人选择的路径办理。", "What follows: not handled on the path chosen."
        )
        return
    zh, en = EFFECT_TITLES[then.effect or "review"]
    yield Words(f"后果：{zh}。", f"What follows: {en}.")
