"""Differences of a matter in the words of officers, and whom they help."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from pydantic import BaseModel

from engine.changes.differences import Difference, Element, notation_of
from engine.changes.directions import Direction, direction_of
from engine.changes.key_names import is_question, name_key
from engine.changes.thresholds import find_threshold
from engine.clock import Period
from engine.definitions import (
    EFFECT_TITLES,
    PATH_TITLES,
    RESOLUTION_TITLES,
    Basis,
    Matter,
    Row,
    Table,
)
from engine.definitions.tables import HIT_TITLES
from engine.prose import (
    Words,
    as_written,
    spoken_cell,
    spoken_condition,
    spoken_number,
    spoken_row,
    spoken_value,
    unit_words,
)
from engine.prose.expressions import lexicon_of

Group = Literal["conditions", "materials", "time", "paths", "results", "bases", "force", "guide"]
GROUP_TITLES: Final[dict[Group, tuple[str, str]]] = {
    "force": ("施行", "in force"),
    "conditions": ("条件", "conditions"),
    "materials": ("材料", "materials"),
    "time": ("期限和义务", "time and duties"),
    "paths": ("办理路径", "paths"),
    "results": ("结果和给付", "results and benefits"),
    "bases": ("依据", "legal bases"),
    "guide": ("指南和说明", "guide and notes"),
}
_GROUPS: Final[dict[str, Group]] = {
    "effective": "force",
    **dict.fromkeys(("facts", "parameters", "tables", "criteria", "conclusions"), "conditions"),
    "materials": "materials",
    **dict.fromkeys(("time", "obligations", "kind"), "time"),
    "paths": "paths",
    **dict.fromkeys(("result", "benefits"), "results"),
    "basis": "bases",
}
DIRECTION_TITLES: Final[dict[str, tuple[str, str]]] = {
    "eases": ("放宽", "eases"),
    "tightens": ("收紧", "tightens"),
    "neutral": ("中性", "neutral"),
    "unclear": ("影响不明", "unclear"),
}
_WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "effect": EFFECT_TITLES,
    "resolve": RESOLUTION_TITLES,
    "hit": {str(policy): words for policy, words in HIT_TITLES.items()},
}
# Keys that only hold others together; what is in them is said by itself.
_WRAPPERS = frozenset({"effective", "time", "guide"})
_LONGEST = 80  # characters of a text in a sentence; --json has all of it


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words. `path` leads to it in the definition, dotted."""

    group: Group
    direction: Direction
    words: Words
    path: str
    difference: Difference


def say_change(
    difference: Difference,
    kind: str = "matter",
    before: Matter | None = None,
    after: Matter | None = None,
) -> Change:
    """What a difference between two definitions of a kind means to officers and applicants.

    The matters, where given, name and explain the facts that expressions read.
    """
    said = _Saying(difference, kind, before, after).words()
    path = ".".join(str(step) for step in difference.path)
    is_matter = kind == "matter"
    direction = direction_of(difference) if is_matter else "unclear"
    return Change(
        _group(difference) if is_matter else "conditions", direction, said, path, difference
    )


def _group(difference: Difference) -> Group:
    if "basis" in difference.path or "quote" in difference.path:
        return "bases"
    return _GROUPS.get(str(difference.path[0]), "guide")


class _Saying:
    def __init__(
        self, difference: Difference, kind: str, before: Matter | None, after: Matter | None
    ) -> None:
        self.difference, self.kind, self.before, self.after = difference, kind, before, after
        self.path = difference.path
        self.meaning = self._meaning(self.path)
        self.last = str(self.path[-1])
        self.notation = self._notation()

    def words(self) -> Words:
        d = self.difference
        where = self._where()
        if isinstance(self.path[-1], Element) or (len(self.path) == 2 and self._names_a_part()):
            if d.is_added:
                return self._sentence(
                    "{0}新增{1}", "{0}: {1} added", where, self._part(d.after, self.after)
                )
            if d.is_removed:
                return self._sentence(
                    "{0}删除{1}", "{0}: {1} dropped", where, self._part(d.before, self.before)
                )
        if d.moved:
            return Words(f"{where.zh}的先后次序改变", f"{where.en}: order changed")
        return self._changed(where)

    def _sentence(self, zh: str, en: str, *words: Words) -> Words:
        return Words(zh.format(*(w.zh for w in words)), en.format(*(w.en for w in words)))

    def _names_a_part(self) -> bool:
        """A key of a mapping of parts: a fact, a parameter, a path."""
        value = self.difference.after if self.difference.is_added else self.difference.before
        return isinstance(value, BaseModel) and self.path[0] in ("facts", "parameters", "paths")

    def _changed(self, where: Words) -> Words:
        d = self.difference
        figure = self._figure(where) or self._bound(where) or self._length(where)
        if figure is not None:
            return figure
        old, new = self._value(d.before, self.before), self._value(d.after, self.after)
        if d.is_added:
            return self._sentence("{0}：新写明{1}", "{0}: now {1}", where, new)
        if d.is_removed:
            return self._sentence("{0}：不再写明{1}", "{0}: no longer {1}", where, old)
        return self._sentence("{0}：{1} → {2}", "{0}: {1} → {2}", where, old, new)

    # --- where -----------------------------------------------------------------------------

    def _where(self) -> Words:
        """审查要点“…”的补救办法: the named parts on the way, then the key."""
        named = [
            found for pair in self.difference.within[1:] if (found := _label(pair[1] or pair[0]))
        ]
        top = self._meaning(self.path[:1])
        is_part = len(self.path) == 2 and self._names_a_part()
        if len(self.path) == 1:
            return top
        if self.path[0] in ("facts", "parameters", "paths") and not is_part:
            label = PATH_TITLES.get(str(self.path[1]), str(self.path[1]))
            own = _label(self.difference.within[1][1]) if len(self.difference.within) > 1 else None
            named = named if own else [as_written(label), *named]
        said = Words(
            top.zh + "".join(f"“{w.zh}”" for w in named),
            " ".join([top.en, *(f"“{w.en}”" for w in named)]),
        )
        if is_part:
            return said
        if isinstance(self.path[-1], Element):
            parent = self._meaning(self.path[:-1]) if len(self.path) > 2 else None
            return self._of(said, parent) if parent and not parent.zh.startswith("各") else said
        return self._of(said, self.meaning)

    def _of(self, whole: Words, part: Words) -> Words:
        """审查要点“…”的补救办法; 承诺办结时限, since 时限 before it says nothing."""
        if self.path[0] in _WRAPPERS and len(self.difference.within) <= 2:
            return part
        mark = "" if is_question(part) else "的"
        return self._sentence(f"{{0}}{mark}{{1}}", "{0}, {1}", whole, part)

    def _meaning(self, path: tuple[str | int | Element, ...]) -> Words:
        return name_key(self.kind, [0 if isinstance(s, Element) else s for s in path])

    # --- what ------------------------------------------------------------------------------

    def _part(self, part: Any, matter: Matter | None) -> Words:
        if isinstance(part, Row):
            table = next(p for pair in self.difference.within for p in pair if isinstance(p, Table))
            said = spoken_row(table, part, lexicon_of(matter))
            return Words(f"一行：{said.zh.rstrip('。')}", f"row: {said.en.rstrip('.')}")
        label = _label(part)
        if label is None:
            name = as_written(str(self.path[-1]))
            label = Words(PATH_TITLES.get(name.zh, name.zh), name.en)
        return Words(f"“{_short(label.zh)}”", f"“{_short(label.en)}”")

    def _value(self, value: Any, matter: Matter | None) -> Words:
        if isinstance(value, str):
            if self.notation == "cell":
                return spoken_cell(value, matter, self.last)
            if self.notation == "expression":
                return spoken_condition(value, matter)
            pair = _WORDS.get(self.last, {}).get(value)
            period = _period(value)
            if period is not None:
                return Words(period.zh, period.en)
            return Words(*pair) if pair else as_written(_short(value))
        if isinstance(value, BaseModel):
            return _label(value) or as_written(_short(str(value)))
        if isinstance(value, tuple):
            said = [self._value(item, matter) for item in value]
            return Words(
                _short("、".join(w.zh for w in said)), _short(", ".join(w.en for w in said))
            )
        return Words(_short(spoken_value(value)), _short(spoken_value(value, "", "en")))

    def _notation(self) -> str:
        holder = self.difference.within[-1][0]
        if isinstance(holder, Row):
            table = self.difference.within[-2][0]
            return "expression" if isinstance(table, Table) and self.last in table.gives else "cell"
        for key in (self.last, str(self.path[-2]) if len(self.path) > 1 else ""):
            for name, field in type(holder).model_fields.items():
                if key in (name, field.alias):
                    return notation_of(field)
        return ""

    # --- figures ---------------------------------------------------------------------------

    def _bound(self, where: Words) -> Words | None:
        """审查要点“…”：年龄下限 18 → 16 周岁"""
        old, new = self.difference.before, self.difference.after
        if self.notation != "expression" or not isinstance(old, str) or not isinstance(new, str):
            return None
        found = find_threshold(old, new)
        if found is None:
            return None
        zh, en = ("下限", "at least") if found.bound == "lower" else ("上限", "at most")
        unit = _unit(self.before, found.fact)
        old_zh, new_zh = spoken_number(found.before), spoken_number(found.after)
        return Words(
            f"{where.zh}：{found.name}{zh} {old_zh} → {new_zh}{' ' + unit.zh if unit.zh else ''}",
            f"{where.en}: {found.name} {en} {old_zh} → {new_zh}{' ' + unit.en if unit.en else ''}",
        )

    def _figure(self, where: Words) -> Words | None:
        old, new = self.difference.before, self.difference.after
        if isinstance(old, bool) or isinstance(new, bool):
            return None
        if not isinstance(old, int | Decimal) or not isinstance(new, int | Decimal):
            return None
        unit = unit_words(getattr(self.difference.within[-1][1], "unit", None))
        a, b = (spoken_number(Decimal(value)) for value in (old, new))
        tail = Words(f" {unit.zh}" if unit.zh else "", f" {unit.en}" if unit.en else "")
        return Words(f"{where.zh}：{a} → {b}{tail.zh}", f"{where.en}: {a} → {b}{tail.en}")

    def _length(self, where: Words) -> Words | None:
        """承诺办结时限：5 → 3 个工作日"""
        old, new = _period(self.difference.before), _period(self.difference.after)
        if old is None or new is None or old.unit != new.unit:
            return None
        unit = new.zh.removeprefix(str(new.amount))
        return Words(
            f"{where.zh}：{old.amount} → {new.amount} {unit}",
            f"{where.en}: {old.amount} → {new.en}",
        )


def _label(part: Any) -> Words | None:
    """What a part is called by people."""
    if isinstance(part, Basis):
        return as_written(str(part))
    if isinstance(part, Row):
        return None
    for name in ("point", "title", "label", "key", "rule", "law", "finding"):
        found = getattr(part, name, None)
        if isinstance(found, str) and found:
            return as_written(found)
    return None


def _unit(matter: Matter | None, fact: str) -> Words:
    declared = matter.facts.get(fact) if matter else None
    return unit_words(declared.unit if declared else None)


def _period(value: Any) -> Period | None:
    if not isinstance(value, str):
        return None
    try:
        return Period.parse(value)
    except ValueError:
        return None


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
