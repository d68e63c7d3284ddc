"""示例：社保系统，另带一种编号、一个步骤和一个地区的日历。

The setting `mode` makes it misbehave on purpose: raises, hangs, nonsense, stranger.
"""

import time
from datetime import date

from engine import CalendarYear, FactAnswer, IdentifierCheck, Licence, Source, hookimpl

PAID_MONTHS = {"92370811MA3C00011H": 32, "91370811MA3C000467": 41}


def answer(question):
    months = PAID_MONTHS.get(question.applicant.id_number)
    return [] if months is None else [FactAnswer("参保月数", months, "社保系统")]


def raises(question):
    raise ConnectionError("10.0.0.1 refused, password=secret")


def hangs(question):
    time.sleep(60)
    return answer(question)


def nonsense(question):
    return [FactAnswer("参保月数", 3.5)]


def stranger(question):
    return [
        Licence(
            "business_licence", "1", "别人", "110", "有效", date(2020, 1, 1), None, "局", "1", "37"
        )
    ]


MODES = {
    "good": (answer, "facts"),
    "raises": (raises, "facts"),
    "hangs": (hangs, "facts"),
    "nonsense": (nonsense, "facts"),
    "stranger": (stranger, "licences"),
}


@hookimpl
def register_sources(settings, root):
    mode = str(settings.get("mode", "good"))
    ask, kind = MODES[mode]
    return [Source("pension", "社保系统", kind, ask, 0.3 if mode == "hangs" else 10.0)]


@hookimpl
def check_identifier(kind, value, on):
    if kind != "个人编号":
        return None
    if value.isascii() and value.isdigit() and len(value) == 10:
        return IdentifierCheck(kind, value, "valid", "", "")
    return IdentifierCheck(kind, value, "invalid", "个人编号应是 10 位数字", "10 digits expected")


@hookimpl
def register_steps(catalogue):
    @catalogue.step("社保系统中参保满 {months} 个月")
    def paid_for(world, months):
        world.facts["参保月数"] = int(months)


@hookimpl
def calendar_year(region, year):
    if (region, year) != ("370811", 2027):
        return None
    return CalendarYear(2027, frozenset({date(2027, 1, 1)}), frozenset(), "示例通知")
