"""Review rules' conclusions: what follows from facts by joins, absence and forward chaining.

    rules = Ruleset.compile("公共场所", schema, [rule, …])     # RuleError: every problem at once
    inference = rules.infer([Fact("申请人", {"证件号码": "…"}), …])

The note at the door. The matching is done by durable-rules 2.0.28, a fast Rete in C that crashes,
hangs or answers wrongly outside a narrow path. Therefore in this room:

- only `rete` imports `durable_rules_engine`; nobody imports `durable`, its `lang` or its `Host`;
- only integers cross (`codebook`): no text, float, null, array, nested object, user's name;
- only conjunctions of comparisons are written (`network`): no `or`, `any`, `nex`, no arithmetic;
- absence is asked for level by level (`strata`), since a fact that arrives late cancels nothing,
  and only on levels where constants leave a rule that could fire (`prospects`);
- nothing is derived inside the engine, and any error of it discards the session and the inference.

A missing field meets no condition, `not` included. The room knows nothing of the other rooms'
subjects: all that it takes from them is how frozen values are made.
"""

from .examination import find_problems
from .model import (
    Condition,
    Derivation,
    Fact,
    Firing,
    Inference,
    Kind,
    Operator,
    Pattern,
    Ref,
    Rule,
    Scalar,
    Schema,
)
from .problems import InferenceError, Problem, RuleError
from .ruleset import Ruleset

__all__ = [
    "Condition",
    "Derivation",
    "Fact",
    "Firing",
    "Inference",
    "InferenceError",
    "Kind",
    "Operator",
    "Pattern",
    "Problem",
    "Ref",
    "Rule",
    "RuleError",
    "Ruleset",
    "Scalar",
    "Schema",
    "find_problems",
]
