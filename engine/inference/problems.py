"""What this room refuses, as values: a rule it cannot express, an inference it cannot finish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one rule. `where` is the path inside the rule, as its author wrote it.

    For example ("when", 0, "where", "持有人代码"), ("then", "fields", "金额"), ("priority",).
    """

    code: str
    rule: str
    where: tuple[str | int, ...]
    message_zh: str
    message_en: str
    help_zh: str
    help_en: str


class RuleError(ValueError):
    """The rules cannot be compiled; `problems` holds every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.code} {p.rule}: {p.message_zh}" for p in self.problems))


class InferenceError(ValueError):
    """No conclusion can be drawn from these facts; nothing of it is half done.

    Codes: fact-unknown-type, fact-unknown-field, fact-type-mismatch, fact-number-too-large,
    fact-text-too-long, fact-too-many, inference-too-large, inference-too-many-firings,
    inference-engine, inference-closed.
    """

    def __init__(self, code: str, message_zh: str, message_en: str) -> None:
        self.code = code
        self.message_zh = message_zh
        self.message_en = message_en
        super().__init__(f"{code}: {message_zh} / {message_en}")


def suggest_name(name: str, known: Iterable[str]) -> tuple[str, str]:
    """Help texts (zh, en) that offer the nearest known name, or list what is known."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.4)
    if near:
        return f"是否想写“{near[0]}”？", f"Did you mean “{near[0]}”?"
    shown = names[:8]
    if not shown:
        return "这里还没有可用的名称。", "There is no name to use here yet."
    more_zh, more_en = ("等", ", …") if len(names) > len(shown) else ("", "")
    return f"可用的有：{'、'.join(shown)}{more_zh}。", f"Known: {', '.join(shown)}{more_en}."
