"""What every kind of definition is made of: keys with their meaning, text, numbers, days, bases.

A key's description is the hover text of the editor and a part of the manual, so it is Chinese with
English beside it.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.clock import Period


def key(zh: str, en: str, default: Any = ..., **more: Any) -> Any:
    """A key of a definition: its meaning in Chinese and English, and its default if it may be left out."""
    extra = {"description_en": en, **more.pop("extra", {})}
    factory = (
        {"default_factory": default} if default in (list, dict, tuple) else {"default": default}
    )
    return Field(description=zh, json_schema_extra=extra, **factory, **more)


class Part(BaseModel):
    """A mapping in a definition: exactly the keys declared, typed strictly, never changed."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


def _to_text(value: Any) -> Any:
    """`code: 370811` is text to its author; the strict reading kept every digit."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return value


def _to_expression(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _to_text(value)


def _to_decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def day_written(text: object) -> date | None:
    """The day that a text such as 2026-01-31 names; None for anything else."""
    if not isinstance(text, str) or len(text) != 10 or text[4:8:3] != "--":
        return None  # 2026-W05-6 is a day to Python, and to nobody who writes definitions
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _to_day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    day = day_written(value)
    if day is None:
        raise PydanticCustomError("day", "not a day")
    return day


def _to_tuple(value: Any) -> Any:
    """A single one may be written without a list."""
    if isinstance(value, list):
        return tuple(value)
    return (value,)


def _to_period(value: str) -> str:
    try:
        Period.parse(value)
    except ValueError:
        raise PydanticCustomError("period", "not a period") from None
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "blank text")
    return value


Text = Annotated[str, BeforeValidator(_to_text), AfterValidator(_not_blank)]
Id = Annotated[Text, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
# A fact's name is a FEEL name without spaces: letters and digits of any script, and `_`.
Name = Annotated[Text, Field(pattern=r"^[^\W\d]\w{0,59}$")]
Number = Annotated[Decimal, BeforeValidator(_to_decimal)]
Day = Annotated[
    date, BeforeValidator(_to_day), WithJsonSchema({"type": "string", "format": "date"})
]
Duration = Annotated[
    Text, AfterValidator(_to_period), WithJsonSchema({"type": "string", "x-tongban": "period"})
]
# FEEL. The editor completes fact names in these.
Expression = Annotated[
    str,
    BeforeValidator(_to_expression),
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "x-tongban": "expression"}),
]
Cell = Annotated[
    str,
    BeforeValidator(_to_expression),
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "x-tongban": "cell"}),
]


type_of_many = BeforeValidator(_to_tuple)
Texts = Annotated[tuple[Text, ...], type_of_many]
Ids = Annotated[tuple[Id, ...], type_of_many]


class Effective(Part):
    """When a version is in force, both days included."""

    from_: Day = key("施行日期（含）", "in force from, this day included", alias="from")
    to: Day | None = key("失效日期（含）", "in force until, this day included", None)

    def covers(self, day: date) -> bool:
        return self.from_ <= day and (self.to is None or day <= self.to)


class Basis(Part):
    """The law a rule rests on. What is not verified is shown as such wherever it is used."""

    law: Text = key("法规名称", "name of the law")
    article: Text | None = key("条款，如“第十条”", "article", None)
    quote: Text | None = key("原文", "the words of the law", None)
    source: Text | None = key("出处或核对办法", "where it was read, or how to check it", None)
    verified: bool = key("是否已对照原文核实", "checked against the text of the law", False)

    def __str__(self) -> str:
        law = self.law if self.law.startswith("《") else f"《{self.law}》"
        return law + (self.article or "")


Bases = Annotated[tuple[Basis, ...], type_of_many]


class Definition(Part):
    """What every kind has beside its id."""

    effective: Effective | None = key(
        "施行期间；不写则一直有效", "dates in force; always when absent", None
    )

    def is_in_effect(self, day: date) -> bool:
        return self.effective is None or self.effective.covers(day)


class Titled(Definition):
    """A definition that people know by a title."""

    title: Text = key("名称", "title")
