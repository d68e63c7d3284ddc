"""FEEL, the one expression language: text to tree, tree to closures, exact values.

`evaluate` answers one question; `compile_expression` and `compile_unary` read a text once for
many. Null is 待核: what cannot be computed is null, and only a text that is not FEEL raises.
Values in and out are described in `engine.feel.values` and `engine.feel.temporal`.
"""

from .errors import FeelLimitError, FeelSyntaxError
from .expression import Expression, UnaryTests, compile_expression, compile_unary, evaluate
from .temporal import WideDate, WideDateTime, WideDuration, WideTime, YearsMonths
from .tokens import Lint
from .type_text import type_named
from .types import FeelType, coerce
from .values import Function, Range, Value

__all__ = [
    "Expression",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelType",
    "Function",
    "Lint",
    "Range",
    "UnaryTests",
    "Value",
    "WideDate",
    "WideDateTime",
    "WideDuration",
    "WideTime",
    "YearsMonths",
    "coerce",
    "compile_expression",
    "compile_unary",
    "evaluate",
    "type_named",
]
