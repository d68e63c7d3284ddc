"""A FEEL condition in Chinese prose, read from its tree; what has no wording stays as written."""

from engine.definitions import Matter
from engine.feel import FeelSyntaxError, compile_expression, compile_unary
from engine.feel.tree import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    HalfLine,
    In,
    Interval,
    ListOf,
    Literal,
    Logic,
    Name,
    Node,
    Path,
    Quantified,
)
from engine.papers.wording import Words, as_written, spoken_value

_SIGNS = {
    "=": "为", "!=": "不为", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于",
}  # fmt: skip
_EXPLANATION = 40  # characters; a longer explanation in passing explains nothing
_ENDS = {
    "=": "{}", "!=": "{}以外", "<": "小于{}", "<=": "不大于{}", ">": "大于{}", ">=": "不小于{}",
}  # fmt: skip


def spoken_condition(expression: str, matter: Matter | None = None) -> Words:
    """`场所类型 in ("理发", "美容") and 营业面积 >= 10`: 场所类型为“理发”、“美容”之一，并且…

    With `matter`, facts that rules compute are explained by what they are computed from.
    English readers are shown the expression itself.
    """
    try:
        compiled = compile_expression(expression)
    except FeelSyntaxError:  # the check reports it; a guide of an unchecked text shows it as it is
        return as_written(expression)
    said = _Speaker(compiled.text, matter).say(compiled.tree)
    return Words(said, " ".join(expression.split()))


def spoken_cell(cell: str, matter: Matter | None = None) -> Words:
    """A cell of a decision table: `[80..90)` is 80（含）至90（不含）, `-` is 不限."""
    try:
        compiled = compile_unary(cell)
    except FeelSyntaxError:  # reported by the check, as above
        return as_written(cell)
    speaker = _Speaker(compiled.text, matter)
    tree = compiled.tree
    if not tree.tests:
        return Words("不限", "any")
    said = "、".join(map(speaker.test, tree.tests)).replace("“", "").replace("”", "")
    return Words(f"{said}以外" if tree.negated else said, " ".join(cell.split()))


class _Speaker:
    def __init__(self, text: str, matter: Matter | None, depth: int = 0) -> None:
        self.text, self.matter, self.depth = text, matter, depth
        self.loops: set[str] = set()

    def say(self, node: Node) -> str:
        match node:
            case Literal(value=str() as text):
                return f"“{text}”"
            case Literal(value=value):
                return spoken_value(value)
            case AtLiteral(text=text):
                return text
            case Name(name=name):
                return self.name(name)
            case ListOf(items=items):
                return "、".join(map(self.say, items))
            case Path(source=source, name=name):
                return self.path(source, name)
            case Comparison(operator="=", left=left, right=Literal(value=None | "")):
                return f"没有{self.say(left)}"
            case Comparison(operator="!=", left=left, right=Literal(value=None | "")):
                return f"有{self.say(left)}"
            case Comparison(operator=sign, left=left, right=right):
                return f"{self.say(left)}{_SIGNS[sign]}{self.say(right)}"
            case Logic(operator=operator, operands=operands):
                return self.logic(operator, operands)
            case Between(value=value, low=low, high=high):
                return f"{self.say(value)}在{self.say(low)}至{self.say(high)}之间（含两端）"
            case In(value=value, tests=tests):
                return self.membership(value, tests)
            case Arithmetic(operator=sign, left=left, right=right):
                return f"{self.say(left)} {sign} {self.say(right)}"
            case Call(function=Name(name=name), arguments=arguments):
                return self.call(name, [a.value for a in arguments], node)
            case Quantified():
                return self.quantified(node)
            case _:
                return self.written(node)

    def written(self, node: Node) -> str:
        return " ".join(self.text[node.start : node.end].split())

    def name(self, name: str) -> str:
        """A fact by its label; one that rules compute, with how."""
        fact = self.matter.facts.get(name) if self.matter else None
        if fact is None:
            return name
        if fact.title is not None:
            return fact.title
        if fact.compute is None or self.depth > 1:
            return name
        try:
            compiled = compile_expression(fact.compute)
        except FeelSyntaxError:  # reported by the check, as above
            return name
        if not isinstance(compiled.tree, Comparison | Logic | In | Between | Call):
            return name
        said = _Speaker(compiled.text, self.matter, self.depth + 1).say(compiled.tree)
        is_plain = said != self.written(compiled.tree) and len(said) <= _EXPLANATION
        return f"{name}（{said}）" if is_plain else name

    def path(self, source: Node, name: str) -> str:
        if isinstance(source, Name) and source.name in self.loops:
            return name
        return f"{self.say(source)}的{name}"

    def logic(self, operator: str, operands: tuple[Node, ...]) -> str:
        said = (f"（{self.say(o)}）" if isinstance(o, Logic) else self.say(o) for o in operands)
        return ("，并且" if operator == "and" else "，或者").join(dict.fromkeys(said))

    def membership(self, value: Node, tests: tuple[Node, ...]) -> str:
        if len(tests) == 1 and isinstance(tests[0], ListOf):
            tests = tests[0].items
        said = "、".join(map(self.test, tests))
        is_points = all(isinstance(t, Literal) for t in tests)
        if len(tests) == 1:
            return f"{self.say(value)}为{said}" if is_points else f"{self.say(value)}属于{said}"
        return f"{self.say(value)}为{said}之一"

    def test(self, node: Node) -> str:
        """One of the tests of `in` or of a cell."""
        if isinstance(node, HalfLine):
            return _ENDS[node.operator].format(self.say(node.operand))
        if isinstance(node, Interval):
            low = "含" if node.low_closed else "不含"
            high = "含" if node.high_closed else "不含"
            return f"{self.say(node.low)}（{low}）至{self.say(node.high)}（{high}）"
        return self.say(node)

    def call(self, name: str, arguments: list[Node], node: Node) -> str:
        match name, arguments:
            case "not", [Comparison(operator="=", left=left, right=right)]:
                return f"{self.say(left)}不为{self.say(right)}"
            case "not", [In() as inside]:
                return f"不是“{self.say(inside)}”的情形"
            case "not", [only]:
                return f"并非{self.say(only)}"
            case "count", [only]:
                return f"{self.say(only)}的数量"
            case "list contains", [items, item]:
                return f"{self.say(items)}包含{self.say(item)}"
            case _:
                return self.written(node)

    def quantified(self, node: Quantified) -> str:
        if len(node.loops) != 1 or node.loops[0].to is not None:
            return self.written(node)
        loop = node.loops[0]
        items = self.say(loop.source)
        self.loops.add(loop.name)
        condition = self.say(node.condition)
        self.loops.discard(loop.name)
        how = "每一项都" if node.quantifier == "every" else "至少有一项"
        return f"{items}中{how}{condition}"
