"""Static types: what an expression must be, found before any application is.

The profile is closed: text is compared only for equality, and a value of the wrong type is a
mistake of the definition, never a null of the decision. What cannot be told statically is `Any`
and passes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.checks.subject import hints
from engine.decision.program import WORKING_DAYS
from engine.feel import FeelType, tree
from engine.feel.registry import BUILTINS, Builtin
from engine.feel.types import ANY, NULL, SIMPLE, ContextType, ListType, RangeType

NUMBER, TEXT, BOOLEAN, DATE = SIMPLE["number"], SIMPLE["string"], SIMPLE["boolean"], SIMPLE["date"]
TIME, MOMENT = SIMPLE["time"], SIMPLE["date and time"]
DAYS, MONTHS = SIMPLE["days and time duration"], SIMPLE["years and months duration"]
_ORDERED: Final = (NUMBER, DATE, TIME, MOMENT, DAYS, MONTHS)
_TITLES: Final[Mapping[FeelType, str]] = {
    NUMBER: "数字",
    TEXT: "文字",
    BOOLEAN: "是否",
    DATE: "日期",
    TIME: "时间",
    MOMENT: "日期时间",
    DAYS: "天数时长",
    MONTHS: "年月时长",
}
# `left + right` and `left - right` beside numbers.
_Sums = dict[tuple[str, FeelType, FeelType], FeelType]
_SCALED: Final[_Sums] = {
    ("+", TEXT, TEXT): TEXT,
    ("-", DATE, DATE): DAYS,
    ("-", MOMENT, MOMENT): DAYS,
    ("*", DAYS, NUMBER): DAYS,
    ("*", NUMBER, DAYS): DAYS,
    ("*", MONTHS, NUMBER): MONTHS,
    ("*", NUMBER, MONTHS): MONTHS,
    ("/", DAYS, NUMBER): DAYS,
    ("/", MONTHS, NUMBER): MONTHS,
    ("/", DAYS, DAYS): NUMBER,
    ("/", MONTHS, MONTHS): NUMBER,
}
_MOVED: Final[_Sums] = {
    (sign, kind, length): kind
    for sign in "+-"
    for kind in (DATE, MOMENT, TIME, DAYS, MONTHS)
    for length in (DAYS, MONTHS)
    if kind in (DATE, MOMENT) or kind == length or (kind == TIME and length == DAYS)
}
_SUMS: Final = _SCALED | _MOVED
_GIVE_NUMBERS: Final = (
    "count", "sum", "mean", "median", "stddev", "product", "decimal", "floor", "ceiling",
    "round up", "round down", "round half up", "round half down", "modulo", "sqrt", "log", "exp",
    "number", "string length", "day of year", "week of year", WORKING_DAYS,
)  # fmt: skip
_GIVE_BOOLEANS: Final = (
    "list contains", "all", "any", "not", "odd", "even", "contains", "starts with", "ends with",
    "matches", "is", "before", "after", "meets", "met by", "overlaps", "includes", "during",
    "coincides",
)  # fmt: skip
_GIVE_TEXTS: Final = (
    "string", "substring", "upper case", "lower case", "substring before", "substring after",
    "replace", "string join", "day of week", "month of year",
)  # fmt: skip
_RESULTS: Final[Mapping[str, FeelType]] = {
    **dict.fromkeys(_GIVE_NUMBERS, NUMBER),
    **dict.fromkeys(_GIVE_BOOLEANS, BOOLEAN),
    **dict.fromkeys(_GIVE_TEXTS, TEXT),
    "date": DATE,
    "time": TIME,
    "date and time": MOMENT,
    "years and months duration": MONTHS,
    "split": ListType(TEXT),
}
_MEMBERS: Final[Mapping[str, FeelType]] = {
    **dict.fromkeys(("not", "all", "any"), BOOLEAN),
    **dict.fromkeys(("sum", "mean", "median", "stddev", "product"), NUMBER),
}
_WANTED: Final = {
    "是否": "条件要能回答是或否，例如 营业面积 >= 30。",
    "boolean": "A condition answers yes or no, such as 营业面积 >= 30.",
    "数字": "请核对声明的类型，或用 count、sum 等求出数字。",
    "number": "Check the declared type, or use count, sum and the like.",
    "日期": '日期写成 date("2026-01-31")，或用一个日期类型的事实。',
    "date": 'Write date("2026-01-31"), or use a fact of type date.',
    "文字": "文字要加半角引号。",
    "string": "Put text in quotes.",
}
_PARTS: Final[Mapping[FeelType, tuple[str, ...]]] = {
    DATE: ("year", "month", "day", "weekday"),
    MOMENT: ("year", "month", "day", "weekday", "hour", "minute", "second"),
    TIME: ("hour", "minute", "second"),
    DAYS: ("days", "hours", "minutes", "seconds"),
    MONTHS: ("years", "months"),
}


def type_title(kind: FeelType) -> tuple[str, str]:
    """A type as it is called in messages, in Chinese and English."""
    if isinstance(kind, ListType):
        zh, en = type_title(kind.item)
        return (f"{zh}的列表", f"list of {en}") if kind.item != ANY else ("列表", "list")
    if isinstance(kind, ContextType):
        return "记录", "record"
    if isinstance(kind, RangeType):
        zh, en = type_title(kind.item)
        return f"{zh}的范围", f"range of {en}"
    name = str(getattr(kind, "name", "value"))
    return _TITLES.get(kind, name), name


@dataclass(frozen=True)
class Fault:
    """One mistake of type, with the characters it stands at."""

    start: int
    end: int
    message_zh: str
    message_en: str
    help_zh: str = ""
    help_en: str = ""


@dataclass
class TypeCheck:
    """Types of names (and code sets of those that have one), and the faults found so far."""

    names: Mapping[str, FeelType]
    codes: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    outside: list[tuple[tree.Literal, str, tuple[str, ...]]] = field(default_factory=list)

    def expect(self, node: tree.Node, wanted: FeelType) -> None:
        """The expression must be of a type."""
        found = self.type_of(node)
        if not fits(found, wanted):
            zh, en = type_title(wanted)
            found_zh, found_en = type_title(found)
            self._fault(
                node, f"应得出{zh}，这里得出{found_zh}", f"expected {en}, this is {found_en}"
            )

    def cell(self, tests: tree.Tests, column: FeelType, codes: str) -> None:
        """Each test of a table's cell must suit the column; `codes` names the column's fact."""
        inner = self._with({"?": column})
        for test in tests.tests:
            if isinstance(test, tree.Literal | tree.HalfLine | tree.Interval | tree.Name):
                inner._membership(test, column)
                inner._coded(tree.Name(0, 0, codes), test)
            else:
                inner.type_of(test)

    def type_of(self, node: tree.Node) -> FeelType:
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node)
        for child in tree.children(node):
            self.type_of(child)
        return ANY

    # --- inside ----------------------------------------------------------------------------

    def _fault(
        self, node: tree.Node, zh: str, en: str, help_zh: str = "", help_en: str = ""
    ) -> None:
        self.faults.append(Fault(node.start, node.end, zh, en, help_zh, help_en))

    def _with(self, names: Mapping[str, FeelType]) -> "TypeCheck":
        return TypeCheck({**self.names, **names}, self.codes, self.faults, self.outside)

    def literal(self, node: tree.Literal) -> FeelType:
        if node.value is None:
            return NULL
        if isinstance(node.value, bool):
            return BOOLEAN
        return TEXT if isinstance(node.value, str) else NUMBER

    def at_literal(self, node: tree.AtLiteral) -> FeelType:
        text = node.text.lstrip("-")
        if text.startswith("P"):
            return MONTHS if text.strip("P0123456789YM") == "" else DAYS
        if "T" in text:
            return MOMENT
        return TIME if ":" in text[:6] else DATE

    def name(self, node: tree.Name) -> FeelType:
        return self.names.get(node.name, ANY)

    def list_of(self, node: tree.ListOf) -> FeelType:
        return ListType(self._one_type(node, [self.type_of(item) for item in node.items]))

    def context(self, node: tree.ContextOf) -> FeelType:
        inner, found = self, []
        for entry in node.entries:
            kind = inner.type_of(entry.value)
            found.append((entry.key, kind))
            inner = inner._with({entry.key: kind})
        return ContextType(tuple(found))

    def negative(self, node: tree.Negative) -> FeelType:
        kind = self.type_of(node.operand)
        if not fits(kind, NUMBER) and kind not in (DAYS, MONTHS):
            self._fault(
                node, f"{type_title(kind)[0]}不能取负", f"cannot negate {type_title(kind)[1]}"
            )
        return kind

    def arithmetic(self, node: tree.Arithmetic) -> FeelType:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if _is_open(left) or _is_open(right):
            return _SUMS.get((node.operator, left, right), ANY)
        if left == right == NUMBER:
            return NUMBER
        result = _SUMS.get((node.operator, left, right))
        if result is None and node.operator == "+":
            result = _SUMS.get(("+", right, left))
        if result is None:
            (zh, en), (zh2, en2) = type_title(left), type_title(right)
            self._fault(
                node,
                f"{zh}与{zh2}不能用“{node.operator}”计算",
                f"{en} and {en2} cannot be joined with {node.operator}",
                "请核对两边的事实是否写反，或类型是否声明正确。",
                "Check the facts on both sides and their declared types.",
            )
            return ANY
        return result

    def comparison(self, node: tree.Comparison) -> FeelType:
        self._compared(node, node.operator, self.type_of(node.left), self.type_of(node.right))
        if node.operator in ("=", "!="):
            self._coded(node.left, node.right)
            self._coded(node.right, node.left)
        return BOOLEAN

    def _compared(self, node: tree.Node, operator: str, left: FeelType, right: FeelType) -> None:
        if _is_open(left) or _is_open(right):
            known = [kind for kind in (left, right) if not _is_open(kind)]
            if operator not in ("=", "!=") and known and known[0] not in _ORDERED:
                self._unordered(node, known[0])
            return
        if left != right and not (isinstance(left, ListType | ContextType) and fits(left, right)):
            (zh, en), (zh2, en2) = type_title(left), type_title(right)
            self._fault(
                node,
                f"{zh}不能与{zh2}比较",
                f"{en} cannot be compared with {en2}",
                *_comparing_help({left, right}),
            )
        elif operator not in ("=", "!=") and left not in _ORDERED:
            self._unordered(node, left)

    def _unordered(self, node: tree.Node, kind: FeelType) -> None:
        zh, en = type_title(kind)
        self._fault(
            node,
            f"{zh}只能比较是否相等，不能比较大小",
            f"{en} is compared for equality only",
            "需要先后时请改用数字、日期，或用决策表列明。",
            "Use numbers or dates where order matters, or list the cases in a table.",
        )

    def logic(self, node: tree.Logic) -> FeelType:
        for operand in node.operands:
            self.expect(operand, BOOLEAN)
        return BOOLEAN

    def between(self, node: tree.Between) -> FeelType:
        kind = self.type_of(node.value)
        for end in (node.low, node.high):
            self._compared(end, "<=", kind, self.type_of(end))
        return BOOLEAN

    def is_in(self, node: tree.In) -> FeelType:
        kind = self.type_of(node.value)
        for test in node.tests:
            self._membership(test, kind)
            self._coded(node.value, test)
        return BOOLEAN

    def _membership(self, test: tree.Node, kind: FeelType) -> None:
        """`value in test`: a test is a value, a range, or a list of them."""
        if isinstance(test, tree.HalfLine):
            self._compared(test, test.operator, kind, self.type_of(test.operand))
        elif isinstance(test, tree.Interval):
            for end in (test.low, test.high):
                self._compared(end, "<=", kind, self.type_of(end))
        elif isinstance(test, tree.ListOf):
            for item in test.items:
                self._membership(item, kind)
        else:
            found = self.type_of(test)
            inner = found.item if isinstance(found, ListType | RangeType) else found
            self._compared(test, "=", kind, inner)

    def interval(self, node: tree.Interval) -> FeelType:
        low, high = self.type_of(node.low), self.type_of(node.high)
        self._compared(node, "<=", low, high)
        return RangeType(low if not _is_open(low) else high)

    def half_line(self, node: tree.HalfLine) -> FeelType:
        return RangeType(self.type_of(node.operand))

    def choice(self, node: tree.If) -> FeelType:
        self.expect(node.condition, BOOLEAN)
        return self._one_type(node, [self.type_of(node.then), self.type_of(node.otherwise)])

    def _one_type(self, node: tree.Node, kinds: list[FeelType]) -> FeelType:
        """The type that several have in common; two that differ are a mistake."""
        known = [kind for kind in kinds if not _is_open(kind)]
        for kind in known[1:]:
            if not (fits(kind, known[0]) and fits(known[0], kind)):
                (zh, en), (zh2, en2) = type_title(known[0]), type_title(kind)
                self._fault(node, f"类型不一致：{zh}和{zh2}", f"the types differ: {en} and {en2}")
                return ANY
        return known[0] if known and len(known) == len(kinds) else ANY

    def _loops(self, loops: tuple[tree.Loop, ...]) -> "TypeCheck":
        inner = self
        for loop in loops:
            kind = inner.type_of(loop.source)
            if loop.to is not None:
                inner.type_of(loop.to)
            else:
                inner._listed(loop.source, kind)
            item = kind.item if isinstance(kind, ListType | RangeType) else ANY
            inner = inner._with({loop.name: kind if loop.to is not None else item})
        return inner

    def _listed(self, node: tree.Node, kind: FeelType) -> None:
        """One value is not taken for a list of itself: that hides a wrong name."""
        if not _is_open(kind) and not isinstance(kind, ListType | RangeType):
            zh, en = type_title(kind)
            self._fault(node, f"这里应是列表，而它是{zh}", f"expected a list, this is {en}")

    def loop(self, node: tree.For) -> FeelType:
        return ListType(self._loops(node.loops).type_of(node.body))

    def quantified(self, node: tree.Quantified) -> FeelType:
        self._loops(node.loops).expect(node.condition, BOOLEAN)
        return BOOLEAN

    def path(self, node: tree.Path) -> FeelType:
        source = self.type_of(node.source)
        inner = source.item if isinstance(source, ListType) else source
        if isinstance(inner, ContextType):
            entries = dict(inner.entries)
            if node.name not in entries:
                hint = hints(node.name, entries)
                known = "、".join(entries)
                self._fault(
                    node,
                    f"没有“{node.name}”这一栏",
                    f"there is no entry {node.name!r}",
                    f"{hint['hint_zh']}可用：{known}",
                    f"{hint['hint_en']}Known: {known}",
                )
            found = entries.get(node.name, ANY)
            return ListType(found) if isinstance(source, ListType) else found
        if inner in _PARTS:
            if node.name in _PARTS[inner]:
                return ListType(NUMBER) if isinstance(source, ListType) else NUMBER
            zh, en = type_title(inner)
            known = "、".join(_PARTS[inner])
            self._fault(
                node, f"{zh}没有“{node.name}”", f"{en} has no {node.name!r}", f"可用：{known}"
            )
        elif inner in (NUMBER, TEXT, BOOLEAN):
            zh, en = type_title(inner)
            self._fault(node, f"{zh}没有“{node.name}”这一栏", f"{en} has no {node.name!r}")
        return ANY

    def selection(self, node: tree.Filter) -> FeelType:
        source = self.type_of(node.source)
        self._listed(node.source, source)
        item = source.item if isinstance(source, ListType) else ANY
        entries = dict(item.entries) if isinstance(item, ContextType) else {}
        kind = self._with({"item": item, **entries}).type_of(node.condition)
        return item if kind == NUMBER else ListType(item)

    def call(self, node: tree.Call) -> FeelType:
        kinds = [self.type_of(argument.value) for argument in node.arguments]
        function = node.function
        if not isinstance(function, tree.Name) or function.name in self.names:
            return ANY
        builtin = BUILTINS.get(function.name)
        if builtin is not None:
            self._arguments(node, builtin, kinds)
            self._members(node, function.name, kinds)
        if function.name in ("min", "max", "abs") and kinds:
            first = kinds[0]
            return first.item if isinstance(first, ListType) else first
        if function.name in (
            "append",
            "concatenate",
            "sublist",
            "reverse",
            "distinct values",
            "union",
        ):
            return kinds[0] if kinds and isinstance(kinds[0], ListType) else ANY
        return _RESULTS.get(function.name, ANY)

    def _arguments(self, node: tree.Call, builtin: Builtin, kinds: list[FeelType]) -> None:
        """Some overload must take as many arguments, of such types."""
        if any(argument.name for argument in node.arguments):
            return
        for overload in builtin.overloads:
            parameters = overload.parameters
            needed = sum(not p.optional for p in parameters)
            is_open = any(p.repeated for p in parameters)
            if len(kinds) < needed or (len(kinds) > len(parameters) and not is_open):
                continue
            if all(
                any(_accepts(w, k) for w in p.types)
                for p, k in zip(parameters, kinds, strict=False)
            ):
                return
        forms = " 或 ".join(
            f"{builtin.name}({', '.join(p.name for p in o.parameters)})" for o in builtin.overloads
        )
        given = "、".join(type_title(kind)[0] for kind in kinds) or "没有参数"
        self._fault(
            node,
            f"{builtin.name}() 的参数不对：这里是{given}",
            f"the arguments of {builtin.name}() do not fit",
            f"用法：{forms}",
            f"Usage: {forms}",
        )

    def _members(self, node: tree.Call, name: str, kinds: list[FeelType]) -> None:
        """FEEL declares these over anything and answers null for what they cannot take."""
        wanted = _MEMBERS.get(name)
        if wanted is None:
            return
        for argument, kind in zip(node.arguments, kinds, strict=True):
            item = kind.item if isinstance(kind, ListType) and name != "not" else kind
            if not fits(item, wanted):
                zh, en = type_title(wanted)
                found_zh, found_en = type_title(item)
                self._fault(
                    argument.value,
                    f"{name}() 只用于{zh}，这里是{found_zh}",
                    f"{name}() takes {en}, this is {found_en}",
                )

    def _coded(self, name: tree.Node, literal: tree.Node) -> None:
        """Text compared with a fact of a code set must be one of its values."""
        if not isinstance(name, tree.Name) or name.name not in self.codes:
            return
        title, words = self.codes[name.name]
        items = literal.items if isinstance(literal, tree.ListOf) else (literal,)
        for item in items:
            is_text = isinstance(item, tree.Literal) and isinstance(item.value, str)
            if isinstance(item, tree.Literal) and is_text and item.value not in words:
                self.outside.append((item, title, words))


def _comparing_help(kinds: set[FeelType]) -> tuple[str, str]:
    """What to write instead of a comparison of two types, in Chinese and English."""
    if any(isinstance(kind, ListType) for kind in kinds):
        return (
            "列表里有多个值：用 some 项 in 列表 satisfies …、every … 或 count(…) 来问。",
            "A list has many values: ask with some … satisfies, every … satisfies or count.",
        )
    if DATE in kinds:
        return _WANTED["日期"], _WANTED["date"]
    if BOOLEAN in kinds:
        return (
            "是否类的事实直接写名称，否定写 not(…)；连续比较写成 10 < 面积 and 面积 < 30。",
            "Write a yes-or-no fact by its name, or not(…); write a chain as 10 < a and a < 30.",
        )
    return (
        "文字要加半角引号，数字和日期不加；请核对事实的类型。",
        "Quote text, not numbers; check the fact's type.",
    )


def fits(found: FeelType, wanted: FeelType) -> bool:
    """Whether a value of one type may stand where the other is wanted, as far as can be told."""
    if _is_open(found) or _is_open(wanted) or found == wanted:
        return True
    if isinstance(found, ListType) and isinstance(wanted, ListType):
        return fits(found.item, wanted.item)
    if isinstance(found, ContextType) and isinstance(wanted, ContextType):
        entries = dict(found.entries)
        return all(key in entries and fits(entries[key], kind) for key, kind in wanted.entries)
    return isinstance(found, ListType) and wanted == SIMPLE["list"]


def _is_open(kind: FeelType) -> bool:
    return kind in (ANY, NULL)


def _accepts(wanted: FeelType, found: FeelType) -> bool:
    return (
        fits(found, wanted)
        or (wanted == SIMPLE["list"] and isinstance(found, ListType))
        or (wanted == SIMPLE["context"] and isinstance(found, ContextType))
        or (wanted == SIMPLE["range"] and isinstance(found, RangeType))
        or (wanted == MOMENT and found == DATE)
    )


_RULES: Final[dict[type[tree.Node], Callable[..., FeelType]]] = {
    tree.Literal: TypeCheck.literal,
    tree.AtLiteral: TypeCheck.at_literal,
    tree.Name: TypeCheck.name,
    tree.ListOf: TypeCheck.list_of,
    tree.ContextOf: TypeCheck.context,
    tree.Negative: TypeCheck.negative,
    tree.Arithmetic: TypeCheck.arithmetic,
    tree.Comparison: TypeCheck.comparison,
    tree.Logic: TypeCheck.logic,
    tree.Between: TypeCheck.between,
    tree.In: TypeCheck.is_in,
    tree.Interval: TypeCheck.interval,
    tree.HalfLine: TypeCheck.half_line,
    tree.If: TypeCheck.choice,
    tree.For: TypeCheck.loop,
    tree.Quantified: TypeCheck.quantified,
    tree.Path: TypeCheck.path,
    tree.Filter: TypeCheck.selection,
    tree.Call: TypeCheck.call,
}
