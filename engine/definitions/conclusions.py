"""Conclusion rules: what follows from criteria, materials, licences, credit and paths."""

from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from engine.definitions.base import Bases, Id, Name, Part, Text, Titled, key, type_of_many

Scalar = bool | int | str


class Comparison(Part):
    """A comparison other than equality."""

    not_: Scalar | None = key("不等于", "is not", None, alias="not")
    below: int | str | None = key("小于", "below", None)
    at_most: int | str | None = key("不超过", "at most", None)
    above: int | str | None = key("大于", "above", None)
    at_least: int | str | None = key("不少于", "at least", None)
    in_: Annotated[tuple[Scalar, ...], type_of_many] | None = key(
        "属于其中之一", "one of", None, alias="in"
    )


class Match(Part):
    """A pattern: a fact of one type that is there (`is`), or is not (`none`)."""

    is_: Name | None = key("有这一类事实", "there is a fact of this type", None, alias="is")
    none: Name | None = key("没有这一类事实", "there is no fact of this type", None)
    as_: Annotated[str, ...] | None = key(
        "别名，供其他条件以“别名.字段”引用",
        "alias, for `alias.field`",
        None,
        alias="as",
        pattern=r"^[a-z][a-z0-9_]*$",
    )
    where: dict[Name, Scalar | Comparison] = key("字段须满足的条件", "conditions on fields", dict)


def _one_way(value: object) -> object:
    if isinstance(value, dict) and not ({"finding", "conclude"} & set(value)):
        raise PydanticCustomError("then", "finding or conclude expected")
    return value


Effect = Literal["reject", "refuse", "correct", "review", "remind"]
EFFECT_TITLES: dict[str, tuple[str, str]] = {
    "reject": ("不予受理", "not accepted"),
    "refuse": ("不予", "refused"),
    "correct": ("补正", "to be corrected"),
    "review": ("转人工核实", "to be verified by a person"),
    "remind": ("提示", "reminder"),
}


class Consequence(Part):
    """What a rule concludes: a finding with its effect, or the decision's outcome."""

    finding: Text | None = key("认定的情况", "what is found", None)
    effect: Effect | None = key("后果（用于 finding）", "effect of the finding", None)
    subject: Text | None = key("认定的对象，可写“别名.字段”", "whom or what it is about", None)
    conclude: Literal["准予", "不予", "补正", "不予受理", "待核"] | None = key(
        "得出的结论", "the outcome", None
    )
    basis: Bases = key("依据", "legal basis", tuple)
    remedy: Text | None = key("补救办法", "how to put it right", None)


class ConclusionRule(Part):
    """From facts that are there, or not there, to a finding or an outcome."""

    rule: Id = key("编号", "id")
    title: Text | None = key("名称", "title", None)
    phase: Literal["entry", "conclusion"] = key(
        "entry：决定能否走某条办理路径（先于材料）；conclusion：得出结论",
        "entry: which path is open (before materials); conclusion: the outcome",
        "conclusion",
    )
    when: Annotated[tuple[Match, ...], type_of_many] = key("条件", "conditions")
    then: Annotated[Consequence, BeforeValidator(_one_way)] = key("结论", "conclusion")
    basis: Bases = key("依据", "legal basis", tuple)


class RuleSet(Titled):
    """Conclusion rules shared by every matter."""

    rules: Id = key("编号", "id")
    conclusions: Annotated[tuple[ConclusionRule, ...], type_of_many] = key("规则", "rules")
