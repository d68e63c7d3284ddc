"""Random FEEL texts for the tests: from the grammar, broken, and hostile."""

from hypothesis import strategies as st

NAMES = ("年龄", "收入", "家庭成员", "a", "b", "出生日期", "Full Name", "item", "partial", "?")
NUMBERS = ("0", "1", "-2", "3.75", "1e3", "12345678901234567890123456789012345", "0.1", "1e6144")
STRINGS = (
    '""',
    '"甲"',
    '"a b"',
    '"P1D"',
    '"2024-02-29"',
    '"(a+)+$"',
    '"\\ud83d\\ude00"',
    '"[1..3]"',
)
MOMENTS = (
    '@"2024-02-29"', '@"2024-02-29T23:59:59.999999999@Europe/Paris"', '@"10:30:00+08:00"',
    '@"P1Y2M"', '@"-P1DT2H"', '@"-999999999-12-31"', '@"999999999-12-31T23:59:59Z"', '@"x"',
)  # fmt: skip
CONSTANTS = ("true", "false", "null", "[]", "{}")
TYPES = (
    "number", "string", "Any", "date and time", "list<number>", "context<a: number>",
    "function<number>->Any", "range<date>", "years and months duration", "unknown",
)  # fmt: skip
FUNCTIONS = (
    "date", "date and time", "time", "number", "string", "duration", "range", "not", "substring",
    "string length", "upper case", "substring before", "replace", "contains", "matches", "split",
    "string join", "list contains", "list replace", "count", "min", "max", "sum", "mean", "all",
    "any", "sublist", "append", "concatenate", "insert before", "remove", "reverse", "index of",
    "union", "distinct values", "flatten", "product", "median", "stddev", "mode", "decimal",
    "floor", "ceiling", "round up", "round half down", "abs", "modulo", "sqrt", "log", "exp", "odd",
    "is", "before", "meets", "overlaps", "includes", "during", "starts", "coincides", "sort",
    "get value", "get entries", "context", "context put", "context merge", "now", "today",
    "week of year", "day of year", "day of week", "month of year", "years and months duration",
)  # fmt: skip

SHAPES_OF_ONE = ("({})", "-{}", "[{}]", "{{a: {}}}", "not({})", "{}.a", "{}.year", "(> {})",
                 "function(a) {}", "{}[1]", "count({})", "(function(a: number) a)({})")  # fmt: skip
SHAPES_OF_TWO = (
    "{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} ** {}", "{} = {}", "{} != {}", "{} < {}",
    "{} >= {}", "{} and {}", "{} or {}", "{} in {}", "{} in ({}, 3)", "[{}..{}]", "({}..{})",
    "]{}..{}[", "{}[{}]", "{{a: {}, b: {}}}", "for a in {} return {}", "[{}, {}]",
    "some a in {} satisfies {}", "every a in {} satisfies {}", "sort({}, function(a, b) {})",
    "for a in 1..3, b in {} return {}", "{} in <= {}", "({})({})",
)  # fmt: skip
SHAPES_OF_THREE = ("if {} then {} else {}", "{} between {} and {}", "for a in {}..{} return {}")

atoms = st.sampled_from(NAMES + NUMBERS + STRINGS + MOMENTS + CONSTANTS)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.tuples(inner)
    two = st.tuples(inner, inner)
    three = st.tuples(inner, inner, inner)
    calls = st.builds(
        lambda name, values: f"{name}({', '.join(values)})",
        st.sampled_from(FUNCTIONS),
        st.lists(inner, max_size=4),
    )
    typed = st.builds("{} instance of {}".format, inner, st.sampled_from(TYPES))
    return st.one_of(
        calls,
        typed,
        st.builds(lambda shape, parts: shape.format(*parts), st.sampled_from(SHAPES_OF_ONE), one),
        st.builds(lambda shape, parts: shape.format(*parts), st.sampled_from(SHAPES_OF_TWO), two),
        st.builds(
            lambda shape, parts: shape.format(*parts), st.sampled_from(SHAPES_OF_THREE), three
        ),
    )


expressions = st.recursive(atoms, _compound, max_leaves=12)
PIECES = (
    "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "@", '"', "<", ">", "=", "!=", "-", "->",
    "**", "/", "//", "/*", "*/", "if ", "then ", "else ", "for ", "in ", "return ", "some ",
    "every ", "satisfies ", "function", "instance of ", "between ", "and ", "not", "（", "“", "，",
    "１", "\\", "\ud800", "🐎", "\u3000", "\n", "？", "'", "1", "a", "date and time",
)  # fmt: skip
pieces = st.sampled_from(PIECES)
broken = st.lists(st.one_of(pieces, atoms), max_size=14).map("".join)
texts = st.one_of(expressions, broken, st.text(max_size=30))
