"""A Pratt parser: tokens to tree, names with spaces resolved from the names in scope.

Grammar: DMN 1.5, 10.3.1.2. Two readings the grammar leaves open follow its examples: unary
minus binds tighter than `**`, and `**` associates to the left.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, Literal, NoReturn, TypeAlias, cast

from . import tree
from .cursor import Cursor, shown
from .errors import FeelLimitError, FeelSyntaxError
from .numbers import read_number
from .timetext import read_temporal
from .tokens import Lint, Token
from .tree import Node
from .type_text import read_type_text

TALLEST: Final = 150

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _MINUS, _INSTANCE, _POSTFIX = range(1, 10)
_BINDING: Final = {
    "or": _OR, "and": _AND, "between": _COMPARE, "in": _COMPARE, "instance": _INSTANCE,
    "=": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE,
    "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER,
    ".": _POSTFIX, "[": _POSTFIX, "(": _POSTFIX,
}  # fmt: skip
_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_KEYWORDS: Final = frozenset((
    "and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies",
    "between", "true", "false", "null", "function", "instance",
))  # fmt: skip
_CHINESE_WORDS: Final = {
    "并且": "and", "且": "and", "和": "and", "或者": "or", "或": "or", "等于": "=", "不等于": "!=",
    "大于": ">", "小于": "<", "大于等于": ">=", "小于等于": "<=", "不小于": ">=", "不大于": "<=",
    "属于": "in",
}  # fmt: skip
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}

_Sign: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]
_Operator: TypeAlias = Literal["+", "-", "*", "/", "**"]


def parse_expression(
    text: str, names: Iterable[str] = (), functions: frozenset[str] = frozenset()
) -> tuple[Node, tuple[Lint, ...]]:
    """The tree of one expression; raises FeelSyntaxError.

    `names` are variables whose names hold spaces or signs; `functions` are names that count
    only where a parenthesis follows, so that `date and time` can also mean two variables.
    """
    return _Parser(text, names, functions).whole(_Parser.expression)


def parse_tests(
    text: str, names: Iterable[str] = (), functions: frozenset[str] = frozenset()
) -> tuple[Node, tuple[Lint, ...]]:
    """The tree of a decision-table cell (grammar rule 15, unary tests); raises FeelSyntaxError."""
    return _Parser(text, names, functions).whole(_Parser.unary_tests)


class _Parser(Cursor):
    def __init__(self, text: str, names: Iterable[str], functions: frozenset[str]) -> None:
        super().__init__(text, names, functions)
        self.ending_interval = False

    # -- whole texts

    def whole(self, rule: "Callable[[_Parser], Node]") -> tuple[Node, tuple[Lint, ...]]:
        if self.token.kind == "end":
            self.fail("表达式是空的", "the expression is empty",
                      "写一个值或条件", "write a value or a condition")  # fmt: skip
        node = rule(self)
        if self.token.kind != "end":
            self.unexpected_rest()
        if tree.height(node) > TALLEST:
            raise _too_tall()
        return node, self.lints

    def unexpected_rest(self) -> NoReturn:
        zh = f"表达式到这里已经完整，{shown(self.token, 'zh')}"
        en = f"the expression is complete here, {shown(self.token, 'en')}"
        previous = self.tokens[self.at - 1]
        if (meant := _CHINESE_WORDS.get(self.token.text)) is not None:
            self.fail(zh, en, f"“{self.token.text}”请写作 {meant}", f"write {meant}")
        if self.token.kind == "word" and previous.kind == "word":
            self.fail(zh, en, "名称中间不要有空格；两个条件之间写 and 或 or",
                      "write names without spaces; join conditions with and / or")  # fmt: skip
        self.fail(
            zh, en, "检查是否少了运算符、逗号或括号", "an operator, comma or bracket may be missing"
        )

    def unary_tests(self) -> Node:
        start = self.token.start
        if self.is_here("-") and self.ahead().kind == "end":
            self.take()
            return tree.Tests(start, self.end_of_last(), (), False)
        negated = self.negated_tests(start)
        if negated is not None:
            return negated
        tests = self.comma_separated(self.expression)
        return tree.Tests(start, self.end_of_last(), tests, False)

    def negated_tests(self, start: int) -> Node | None:
        """`not(...)` over the whole cell; None where it is a call inside a larger expression."""
        if not (self.is_here("not") and self.ahead().text == "("):
            return None
        self.at += 2
        tests = self.comma_separated(self.expression)
        if self.is_here(")") and self.ahead().kind == "end":
            self.take()
            return tree.Tests(start, self.end_of_last(), tests, True)
        self.at = 0
        return None

    def comma_separated(self, rule: Callable[[], Node]) -> tuple[Node, ...]:
        items = [rule()]
        while self.accept(","):
            items.append(rule())
        return tuple(items)

    # -- expressions

    def expression(self, binding: int = 0) -> Node:
        self.deeper()
        left = self.prefix()
        links = 0
        while (power := self.infix_binding()) > binding:
            left = self.infix(left, power)
            links += 1
            if links > TALLEST:
                raise _too_tall()
        self.depth -= 1
        return left

    def infix_binding(self) -> int:
        token = self.token
        if token.kind not in ("symbol", "word"):
            return 0
        if token.text == "[" and self.ending_interval and not self.starts_filter():
            return 0
        return _BINDING.get(token.text, 0)

    def starts_filter(self) -> bool:
        """After an interval's upper end `[` may close it, as in `[18..21[`."""
        after = self.ahead()
        if after.kind == "end":
            return False
        if after.kind == "word":
            return after.text not in ("and", "or", "in", "then", "else", "return", "satisfies",
                                      "between", "instance")  # fmt: skip
        return after.kind != "symbol" or after.text in ("(", "[", "{", "-", "?", "@")

    def infix(self, left: Node, power: int) -> Node:
        text = self.token.text
        if text in ("and", "or"):
            return self.logic(left, power)
        if power == _POSTFIX:
            return self.postfix(left)
        self.take()
        if text == "between":
            return self.between(left)
        if text == "in":
            return self.membership(left)
        if text == "instance":
            self.expect("of", "instance 之后", "after instance ")
            type_node = read_type_text(self)
            return tree.InstanceOf(left.start, self.end_of_last(), left, type_node)
        if self.is_here(*_COMPARISONS):
            self.doubled_operator(text)
        right = self.expression(power)
        if power == _COMPARE:
            if isinstance(left, tree.Comparison):
                self.remark_on_chain(left, right)
            return tree.Comparison(left.start, right.end, cast(_Sign, text), left, right)
        return tree.Arithmetic(left.start, right.end, cast(_Operator, text), left, right)

    def doubled_operator(self, first: str) -> NoReturn:
        """`==`, `=>`, `<>`: a range such as `(= 1)` would make them legal and always null."""
        pair = first + self.token.text
        meant = {"==": "=", "=>": ">=", "=<": "<=", "<>": "!="}.get(pair)
        self.fail(f"“{pair}”不是运算符", f"'{pair}' is no operator",
                  f"请写 {meant}" if meant else "删去多余的运算符",
                  f"write {meant}" if meant else "remove one of the two")  # fmt: skip

    def remark_on_chain(self, left: Node, right: Node) -> None:
        """`1 < x < 5` compares a boolean with 5, which is null."""
        self.remark(left.start, right.end,
                    "连续比较的结果是待核；请写 x > 1 and x < 5，或 x in (1..5)",
                    "comparisons do not chain; write x > 1 and x < 5, or x in (1..5)")  # fmt: skip

    def remark(self, start: int, end: int, zh: str, en: str) -> None:
        self.lints += (Lint(start, end, zh, en, is_null=True),)

    def logic(self, left: Node, power: int) -> Node:
        operator = self.token.text
        operands = [left]
        while self.accept(operator):
            operands.append(self.expression(power))
        return tree.Logic(
            left.start,
            operands[-1].end,
            cast(Literal["and", "or"], operator),
            tuple(operands),
        )

    def between(self, value: Node) -> Node:
        low = self.expression(_COMPARE)
        self.expect("and", "between 的下限之后", "after the lower bound of between ")
        high = self.expression(_COMPARE)
        return tree.Between(value.start, high.end, value, low, high)

    def membership(self, value: Node) -> Node:
        if not self.is_here("("):
            test = self.expression(_COMPARE)
            return tree.In(value.start, test.end, value, (test,))
        opening = self.take()
        first = self.nested(self.expression)
        if self.is_here(".."):
            tests: tuple[Node, ...] = (self.interval(first, opening, False),)
        else:
            items = [first]
            while self.accept(","):
                items.append(self.nested(self.expression))
            self.expect(")", "in 的列表末尾", "at the end of the tests ")
            tests = tuple(items)
        return tree.In(value.start, self.end_of_last(), value, tests)

    def nested(self, rule: Callable[[], Node]) -> Node:
        """Runs a rule inside brackets, where `[` is a filter again."""
        outer, self.ending_interval = self.ending_interval, False
        node = rule()
        self.ending_interval = outer
        return node

    def postfix(self, left: Node) -> Node:
        text = self.take().text
        if text == ".":
            name = self.property_name()
            return tree.Path(left.start, self.end_of_last(), left, name)
        if text == "[":
            condition = self.nested(self.expression)
            self.expect("]", "筛选条件末尾", "at the end of the filter ")
            return tree.Filter(left.start, self.end_of_last(), left, condition)
        arguments = self.arguments()
        return tree.Call(left.start, self.end_of_last(), left, arguments)

    def property_name(self) -> str:
        for phrases in (self.names, self.properties):
            found = phrases.match(self.tokens, self.at)
            if found:
                self.at += found[0]
                return found[1]
        if self.token.kind != "word":
            self.fail(f"“.”之后应当是名称，{shown(self.token, 'zh')}",
                      f"expected a name after '.', {shown(self.token, 'en')}",
                      "写上要取的项目名", "write the name of the entry")  # fmt: skip
        return self.take().text

    def arguments(self) -> tuple[tree.Argument, ...]:
        found = self.listed(")", self.argument)
        self.expect(")", "函数的参数末尾", "at the end of the arguments ")
        if len({bool(argument.name) for argument in found}) > 1:
            self.fail("同一次调用里不能混用按名和按位置的参数",
                      "a call cannot mix named and positional arguments",
                      "全部写参数名，或全部不写", "name all arguments or none")  # fmt: skip
        return found

    def argument(self) -> tree.Argument:
        start = self.token.start
        name = self.argument_name()
        value = self.nested(self.expression)
        return tree.Argument(start, value.end, name, value)

    def argument_name(self) -> str:
        words = 0
        while self.ahead(words).kind == "word" and words < 8:
            words += 1
        if words and self.ahead(words).text == ":" and self.ahead(words).kind == "symbol":
            name = " ".join(token.text for token in self.tokens[self.at : self.at + words])
            self.at += words + 1
            return name
        return ""

    # -- beginnings

    def prefix(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.take()
            return tree.Literal(token.start, token.end, self.number(token))
        if token.kind == "string":
            self.take()
            return tree.Literal(token.start, token.end, token.text)
        if token.kind == "word":
            return self.word()
        rule = _PREFIXES.get(token.text) if token.kind == "symbol" else None
        if rule is None:
            self.missing_operand()
        return rule(self)

    def number(self, token: Token) -> Decimal:
        value = read_number(token.text)
        if value is None:
            raise FeelSyntaxError("数字太大或太小", "the number is out of range",
                                  offset=token.start, end=token.end)  # fmt: skip
        return value

    def missing_operand(self) -> NoReturn:
        self.fail(f"这里应当是一个值或名称，{shown(self.token, 'zh')}",
                  f"expected a value or a name, {shown(self.token, 'en')}",
                  "检查它前面的运算符后是否少了内容",
                  "something may be missing after the operator before it")  # fmt: skip

    def word(self) -> Node:
        start = self.token.start
        found = self.names.match(self.tokens, self.at) or self.function_phrase()
        if found:
            self.at += found[0]
            return tree.Name(start, self.end_of_last(), found[1])
        text = self.token.text
        if text in _CONSTANTS:
            self.take()
            return tree.Literal(start, self.end_of_last(), _CONSTANTS[text])
        if text == "if":
            return self.if_expression()
        if text == "for":
            return self.for_expression()
        if text in ("some", "every") and self.ahead().kind == "word":
            return self.quantified()
        if text == "function" and self.ahead().text == "(":
            return self.function()
        if text in _KEYWORDS:
            self.missing_operand()
        self.take()
        return tree.Name(start, self.end_of_last(), text)

    def function_phrase(self) -> tuple[int, str] | None:
        found = self.functions.match(self.tokens, self.at)
        return found if found and self.ahead(found[0]).text == "(" else None

    def if_expression(self) -> Node:
        start = self.take().start
        condition = self.nested(self.expression)
        self.expect("then", "if 的条件之后", "after the condition ")
        then = self.nested(self.expression)
        self.expect("else", "then 的结果之后", "after the first result ")
        otherwise = self.expression()
        return tree.If(start, otherwise.end, condition, then, otherwise)

    def for_expression(self) -> Node:
        start = self.take().start
        loops = self.loops()
        self.expect("return", "for 的来源之后", "after the source ")
        body = self.expression()
        return tree.For(start, body.end, loops, body)

    def quantified(self) -> Node:
        start = self.token.start
        quantifier = cast(Literal["some", "every"], self.take().text)
        loops = self.loops()
        self.expect("satisfies", "来源之后", "after the source ")
        condition = self.expression()
        return tree.Quantified(start, condition.end, quantifier, loops, condition)

    def loops(self) -> tuple[tree.Loop, ...]:
        found = [self.loop()]
        while self.accept(","):
            found.append(self.loop())
        return tuple(found)

    def loop(self) -> tree.Loop:
        start = self.token.start
        name = self.new_name("in")
        self.expect("in", "循环变量之后", "after the variable ")
        source = self.nested(self.expression)
        to = self.nested(self.expression) if self.accept("..") else None
        return tree.Loop(start, self.end_of_last(), name, source, to)

    def function(self) -> Node:
        start = self.take().start
        self.take()
        parameters = self.listed(")", self.parameter)
        self.expect(")", "参数列表末尾", "at the end of the parameters ")
        external = self.is_here("external") and self.ahead().text == "{"
        if external:
            self.take()
        body = self.expression()
        return tree.FunctionOf(start, body.end, parameters, body, external)

    def parameter(self) -> tree.Parameter:
        start = self.token.start
        name = self.new_name(",", ":", ")")
        declared = read_type_text(self) if self.accept(":") else None
        return tree.Parameter(start, self.end_of_last(), name, declared)

    # -- brackets

    def parenthesis(self) -> Node:
        opening = self.take()
        inner = self.nested(self.expression)
        if self.is_here(".."):
            return self.interval(inner, opening, False)
        self.expect(")", "左括号没有配对，", "an opening bracket is not closed, ")
        return inner

    def square(self) -> Node:
        opening = self.take()
        if self.accept("]"):
            return tree.ListOf(opening.start, self.end_of_last(), ())
        first = self.nested(self.expression)
        if self.is_here(".."):
            return self.interval(first, opening, True)
        items = [first]
        while self.accept(","):
            items.append(self.nested(self.expression))
        self.expect("]", "列表末尾", "at the end of the list ")
        return tree.ListOf(opening.start, self.end_of_last(), tuple(items))

    def open_interval(self) -> Node:
        opening = self.take()
        first = self.nested(self.expression)
        return self.interval(first, opening, False)

    def interval(self, low: Node, opening: Token, low_closed: bool) -> Node:
        self.expect("..", "区间的下限之后", "after the lower end ")
        outer, self.ending_interval = self.ending_interval, True
        high = self.expression()
        self.ending_interval = outer
        if not self.is_here(")", "]", "["):
            self.expect("]", "区间末尾", "at the end of the interval ")
        high_closed = self.take().text == "]"
        return tree.Interval(opening.start, self.end_of_last(), low, high, low_closed, high_closed)

    def context(self) -> Node:
        start = self.take().start
        entries = self.listed("}", self.entry)
        self.expect("}", "上下文末尾", "at the end of the context ")
        return tree.ContextOf(start, self.end_of_last(), entries)

    def entry(self) -> tree.Entry:
        start = self.token.start
        if self.token.kind == "string":
            key = self.take().text
            self.names.add(key)
        else:
            key = self.new_name(":")
        self.expect(":", f"“{key}”之后", f"after '{key}' ")
        value = self.nested(self.expression)
        return tree.Entry(start, value.end, key, value)

    def minus(self) -> Node:
        start = self.take().start
        operand = self.expression(_MINUS)
        if isinstance(operand, tree.Literal) and isinstance(operand.value, Decimal):
            return tree.Literal(start, operand.end, operand.value.copy_negate())
        return tree.Negative(start, operand.end, operand)

    def half_line(self) -> Node:
        token = self.take()
        operand = self.expression(_COMPARE)
        operator = cast(_Sign, token.text)
        return tree.HalfLine(token.start, operand.end, operator, operand)

    def at_literal(self) -> Node:
        start = self.take().start
        if self.token.kind != "string":
            self.fail(f"@ 之后应当是引号里的日期或时间，{shown(self.token, 'zh')}",
                      f"expected a quoted date or time after @, {shown(self.token, 'en')}",
                      '例如 @"2026-11-22"', 'for example @"2026-11-22"')  # fmt: skip
        text = self.take().text
        if read_temporal(text) is None:
            self.remark(start, self.end_of_last(),
                        f"“{text}”不是日期、时间或时长，结果是待核",
                        f"'{text}' is no date, time or duration, so it is null")  # fmt: skip
        return tree.AtLiteral(start, self.end_of_last(), text)

    def question(self) -> Node:
        token = self.take()
        return tree.Name(token.start, token.end, "?")


_PREFIXES: Final[dict[str, Callable[[_Parser], Node]]] = {
    "(": _Parser.parenthesis,
    "[": _Parser.square,
    "]": _Parser.open_interval,
    "{": _Parser.context,
    "-": _Parser.minus,
    "@": _Parser.at_literal,
    "?": _Parser.question,
    **dict.fromkeys(_COMPARISONS, _Parser.half_line),
}


def _too_tall() -> FeelLimitError:
    return FeelLimitError(
        f"表达式的层次超过 {TALLEST} 层", f"the expression is over {TALLEST} levels tall"
    )
