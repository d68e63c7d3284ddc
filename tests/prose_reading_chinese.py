"""The independent reading of Chinese prose."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from prose_reading import (
    AT_LEAST,
    AT_MOST,
    OVER,
    UNDER,
    Days,
    Meaning,
    Months,
    Place,
    Predicate,
    Reader,
    added,
    as_one_text,
    as_text,
    both,
    characters,
    chosen,
    constant,
    counted,
    day_written,
    differs,
    distinct,
    divided,
    each_made,
    either,
    every_item,
    field_of_item,
    from_the_end,
    has,
    in_order,
    including,
    made_day,
    numbered,
    of_day,
    on_both,
    opposite,
    over,
    part,
    remainder,
    same,
    taken,
    those,
    times,
    whole_years,
    within_text,
    working_days,
)


class Chinese(Reader):
    """以上、以下 with the figure; 不满、超过 without it."""

    def sentence(self) -> Meaning:
        if self.eat("如果"):
            condition = self.joined()
            self.need("，则")
            then = self.joined()
            self.need("；否则")
            return chosen(condition, then, self.sentence())
        return self.joined()

    def joined(self) -> Meaning:
        parts = [self.claim()]
        for mark, join in (("，并且", both), ("，或者", either)):
            while self.eat(mark):
                parts.append(self.claim())
            if len(parts) > 1:
                return lambda p, join=join: join([m(p) for m in parts])  # type: ignore[misc]
        return parts[0]

    def claim(self) -> Meaning:
        if self.eat("不属于"):
            return self.denied()
        if self.eat("对"):
            return self.listing()
        if self.eat("没有"):
            return self.filled(self.value(), opposite)
        if not self.known_ahead() and self.eat("有"):
            return self.filled(self.value(), lambda v: v)
        subject = self.value()
        if self.ahead("中每一项", "中至少有一项"):
            return self.of_items(subject)
        return self.predicated(subject)

    def known_ahead(self) -> bool:
        start = self.at
        found = self.known(self.names) is not None
        self.at = start
        return found

    @staticmethod
    def filled(subject: Meaning, turn: Callable[[Any], Any]) -> Meaning:
        return lambda p: turn(subject(p) is not None and subject(p) != "")

    def denied(self) -> Meaning:
        if self.eat("“"):
            inside = self.sentence()
            self.need("”")
            inside = self.aside(inside)
        else:
            inside = self.value()
        self.need("的情形")
        return lambda p: opposite(inside(p))

    def listing(self) -> Meaning:
        """对…中每一项，取（…），依次列成的列表."""
        items = self.value()
        self.need("中每一项")
        name = self.item_name()
        self.need("，取")
        before = self.called
        self.called = (*before, name) if name else before
        made = self.bracket()
        self.called = before
        self.need("，依次列成的列表")
        return each_made(items, name, made)

    def item_name(self) -> str:
        if not self.eat("（称为“"):
            return ""
        found = self.match(r"[^”]+")
        assert found
        self.need("”）")
        return found[0]

    def of_items(self, items: Meaning) -> Meaning:
        all_of_them = self.eat("中每一项")
        if not all_of_them:
            self.need("中至少有一项")
        name = self.item_name()
        self.need("都符合：" if all_of_them else "符合：")
        before = self.called
        self.called = (*before, name) if name else before
        condition = self.sentence()
        self.called = before
        return every_item(items, name, condition, both if all_of_them else either)

    def predicated(self, subject: Meaning) -> Meaning:
        """What is said of the subject: 且 binds more tightly than 或者."""
        first = self.predicate()
        if first is None:
            return subject
        groups = [[first]]
        while True:
            if self.eat("且"):
                groups[-1].append(self.needed_predicate())
            elif self.eat("或者"):
                groups.append([self.needed_predicate()])
            else:
                break

        def meaning(place: Place) -> Any:
            value = subject(place)
            return either([both([test(value, place) for test in group]) for group in groups])

        return meaning

    def needed_predicate(self) -> Predicate:
        found = self.predicate()
        if found is None:
            raise self.lost()
        return found

    def predicate(self) -> Predicate | None:
        if self.eat("未提供"):
            return lambda v, p: v is None
        if self.eat("已提供"):
            return lambda v, p: v is not None
        if self.eat("在"):
            end = self.value()
            if not self.eat("以上"):
                self.need("以下")
                return lambda v, p: AT_MOST(v, end(p))
            if not self.match(r"(?=-?\d)"):
                return lambda v, p: AT_LEAST(v, end(p))
            highest = self.value()
            self.need("以下")
            return lambda v, p: both([AT_LEAST(v, end(p)), AT_MOST(v, highest(p))])
        for words, compare in (
            ("超过", OVER), ("不满", UNDER), ("不低于", AT_LEAST), ("不高于", AT_MOST),
            ("高于", OVER), ("低于", UNDER), ("不早于", AT_LEAST), ("不晚于", AT_MOST),
            ("早于", UNDER), ("晚于", OVER), ("不等于", differs), ("等于", same),
        ):  # fmt: skip
            if self.eat(words):
                other = self.value()
                return lambda v, p, c=compare, o=other: c(v, o(p))  # type: ignore[misc]
        for words, wanted in (("没有", False), ("有", True)):
            start = self.at
            if self.eat(words):
                name = self.known(self.names)
                if name is not None:
                    return has(name, wanted)
                self.at = start
        return self.likeness() or self.about_texts() or self.being()

    def likeness(self) -> Predicate | None:
        start = self.at
        if not self.eat("与"):
            return None
        other = self.value()
        for words, test in (
            ("相同", same), ("不同", differs), ("同时成立或者同时不成立", same),
            ("有且仅有一项成立", differs),
        ):  # fmt: skip
            if self.eat(words):
                return lambda v, p: test(v, other(p))
        self.at = start
        raise self.lost()

    def about_texts(self) -> Predicate | None:
        if self.eat("包含"):
            item = self.value()
            return lambda v, p: including(v, item(p))
        if self.eat("属于"):
            group = self.value()
            return lambda v, p: including(group(p), v)
        if self.eat("含有文字"):
            piece = self.value()
            return lambda v, p: within_text(lambda t, s: s in t)(v, piece(p))
        if self.eat("以"):
            piece = self.value()
            if self.eat("开头"):
                return lambda v, p: within_text(str.startswith)(v, piece(p))
            self.need("结尾")
            return lambda v, p: within_text(str.endswith)(v, piece(p))
        return None

    def being(self) -> Predicate | None:
        """为…, 不为…, 为…、…之一, 不为…、…中的任何一个."""
        is_denied = self.eat("不为")
        if not is_denied and not self.eat("为"):
            return None
        values = [self.value()]
        while self.eat("、"):
            values.append(self.value())
        if len(values) > 1:
            self.need("中的任何一个" if is_denied else "之一")
        turn = opposite if is_denied else (lambda v: v)
        return lambda v, p: turn(either([same(v, one(p)) for one in values]))

    # values ----------------------------------------------------------------------------------

    def value(self) -> Meaning:
        left = self.product()
        while self.ahead(" + ", " − "):
            function = added if self.eat(" + ") else taken
            if function is taken:
                self.need(" − ")
            left = on_both(function, left, self.product())
        return left

    def product(self) -> Meaning:
        left = self.phrase()
        while self.ahead(" × ", " ÷ "):
            function = times if self.eat(" × ") else divided
            if function is divided:
                self.need(" ÷ ")
            left = on_both(function, left, self.phrase())
        return left

    def phrase(self) -> Meaning:
        first = self.chain()
        start, parts = self.at, [first]
        while self.eat("、"):
            parts.append(self.primary())
        for words, fold in (("中最小的值", min), ("中最大的值", max), ("的合计", sum),
                            ("中最早的日期", min), ("中最晚的日期", max)):  # fmt: skip
            if len(parts) > 1 and self.eat(words):
                return lambda p, f=fold: over([m(p) for m in parts], f)  # type: ignore[misc]
        if len(parts) > 1 and self.eat("依次相接的列表"):
            return in_order(parts)
        self.at = start
        if self.eat("（当日不计）至"):
            last = self.primary()
            self.need("的工作日数")
            return working_days(first, last)
        if self.eat("的各项以"):
            between = self.primary()
            self.need("连成的文字")
            return on_both(as_one_text, first, between)
        if self.eat("至"):
            end = self.primary()
            self.need("的整年数")
            return on_both(whole_years, first, end)
        if self.eat("自第"):
            place = self.primary()
            self.need("个字符起的")
            length = self.primary()
            self.need("个字符")
            return lambda p: characters(first(p), place(p), length(p))
        if self.eat("除以"):
            divisor = self.primary()
            self.need("的余数")
            return on_both(remainder, first, divisor)
        if self.ahead("加", "减"):
            move = added if self.eat("加") else taken
            if move is taken:
                self.need("减")
            return on_both(move, first, self.length())
        return first

    def length(self) -> Meaning:
        """6个月, or （有效月数）个月."""
        count = self.chain()
        unit = self.match("个月|年|日")
        return on_both(times, constant(_UNITS_ZH[unit[0]]), count) if unit else count

    def chain(self) -> Meaning:
        found = self.primary()
        while True:
            longer = self.longer(found)
            if longer is None:
                return found
            found = longer

    def longer(self, of: Meaning) -> Meaning | None:
        for words, function in _CHAINS_ZH.items():
            if self.eat(words):
                return lambda p, f=function: f(of(p))  # type: ignore[misc]
        if self.eat("中符合"):
            condition = self.bracket()
            self.need("的各项")
            return those(of, condition)
        if self.ahead("的第", "的倒数第"):
            place = numbered if self.eat("的第") else from_the_end
            if place is from_the_end:
                self.need("的倒数第")
            number = self.primary()
            self.need("项")
            return place(of, number)
        start = self.at
        if self.eat("的"):
            name = self.known(self.names)
            if name is not None:
                return lambda p: part(of(p), name)
            self.at = start
        return None

    def bracket(self) -> Meaning:
        self.need("（")
        inside = self.sentence()
        self.need("）")
        return inside

    def aside(self, meaning: Meaning) -> Meaning:
        """What （即…） says stands for the name before it."""
        if not self.eat("（即"):
            return meaning
        inside = self.sentence()
        self.need("）")
        return inside

    def primary(self) -> Meaning:
        if (variable := self.variable()) is not None:
            return variable
        if self.eat("该项"):
            return lambda p: p.item
        start = self.at
        name = self.known(self.names) if self.eat("其") else None
        if name is None:
            self.at = start
        else:
            return field_of_item(name)
        name = self.known(self.names)
        if name is not None:
            return self.aside(lambda p: part(p.facts, name))
        return self.written()

    def written(self) -> Meaning:
        if self.ahead("（"):
            return self.bracket()
        for words, value in (
            ("是", True),
            ("否", False),
            ("空白", ""),
            ("待核", None),
            ("空列表", []),
        ):
            if self.eat(words):
                return constant(value)
        if text := self.match("“([^”]*)”"):
            return constant(text[1])
        if self.eat("由"):
            parts = [self.chain()]
            while self.eat("、"):
                parts.append(self.chain())
            self.need("组成的列表")
            return lambda p: [m(p) for m in parts]
        if day := self.match(r"(\d+)年(\d+)月(\d+)日"):
            return constant(date(int(day[1]), int(day[2]), int(day[3])))
        if length := self.match(r"(?:(\d+)年)(?:(\d+)个月)?|(\d+)个月"):
            return constant(Months(int(length[1] or 0) * 12 + int(length[2] or length[3] or 0)))
        if length := self.match(r"(\d+)日"):
            return constant(Days(int(length[1])))
        if self.eat("记录（"):
            made = self.fields("为", "；")
            self.need("）")
            return made
        if self.eat("公历"):
            return self.day_made()
        figure = self.figure()
        if figure is None:
            raise self.lost()
        return figure

    def day_made(self) -> Meaning:
        parts = []
        for mark in "年月日":
            figures = self.match(rf"\d+(?={mark})")
            parts.append(constant(Decimal(figures[0])) if figures else self.primary())
            self.need(mark)
        return lambda p: made_day(*(m(p) for m in parts))

    # rows ------------------------------------------------------------------------------------

    def row(self) -> tuple[Meaning, dict[str, Meaning]]:
        """A row of a table: when it applies, and what it then gives."""
        condition: Meaning = constant(True)
        if not self.eat("任何情形，"):
            condition = self.joined()
            self.need("的，")
        given: dict[str, Meaning] = {}
        while True:
            name = self.known(self.names)
            assert name is not None, self.text[self.at :]
            self.need("为")
            given[name] = self.value()
            if not self.eat("；"):
                self.need("。")
                return condition, given


_UNITS_ZH = {"年": Months(12), "个月": Months(1), "日": Days(1)}
_CHAINS_ZH: Mapping[str, Callable[[Any], Any]] = {
    "去除重复后的数量": lambda v: counted(distinct(v)),
    "的数量": counted,
    "的不重复的各项": distinct,
    "的合计": lambda v: over(v, sum),
    "中最小的值": lambda v: over(v, min),
    "中最大的值": lambda v: over(v, max),
    "的绝对值": lambda v: None if v is None else abs(v),
    "的字符数": counted,
    "的文字形式": as_text,
    "的日期部分": day_written,
    "的年份": of_day("year"),
    "的月份": of_day("month"),
}
