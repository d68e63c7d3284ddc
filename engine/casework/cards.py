"""Yellow and red cards (黄牌、红牌): what is about to be late, out of order or asked for too much."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from engine.casework.events import Command, Event
from engine.casework.refusals import CommandRefused, text_in

if TYPE_CHECKING:
    from engine.casework.case import Case

Colour = Literal["green", "yellow", "red"]
COLOUR_TITLES: dict[Colour, tuple[str, str]] = {
    "green": ("正常", "in order"),
    "yellow": ("黄牌", "yellow card"),
    "red": ("红牌", "red card"),
}
_PARTS = ("colour", "reason", "zh", "en")
_WARNINGS = frozenset({"promise-nearing"})
_RANK = {"green": 0, "yellow": 1, "red": 2}


@dataclass(frozen=True, slots=True)
class Card:
    """One card and its reason; `reason` is a stable code."""

    colour: Colour
    reason: str
    zh: str
    en: str
    day: date | None = None  # the day it was shown; None while it only follows from the day asked


def worst(colours: "tuple[Colour, ...]") -> Colour:
    return max(colours, key=_RANK.__getitem__, default="green")


def show(case: "Case", event: Event, colour: Colour, reason: str, zh: str, en: str) -> "Case":
    """The case with one more card; the same reason is not shown twice in one colour."""
    known = any(card.reason == reason and card.colour == colour for card in case.cards)
    card = Card(colour, reason, zh, en, event.day)
    return case if known else replace(case, cards=(*case.cards, card))


def _raise(case: "Case", event: Event) -> "Case":
    """A warning is remembered by the history alone: a case that was in time after all has no card."""
    body = event.body
    if body["reason"] in _WARNINGS:
        return case
    return show(case, event, body["colour"], body["reason"], body["zh"], body["en"])


def _record(case: "Case", command: Command) -> Mapping[str, Any]:
    told = {name: text_in(command, name, "亮牌的内容", "the card") for name in _PARTS}
    if told["colour"] not in _RANK:
        known = "、".join(_RANK)
        raise CommandRefused("incomplete", f"颜色（colour）应是 {known} 之一", f"one of {known}")
    return told


CHANGES = {"raise_card": _raise}
RECORDS = {"raise_card": _record}
