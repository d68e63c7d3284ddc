"""Policy lints: what the policy asks for beyond what an engine needs, and the manual page of each.

A workspace may set the severity of an adjustable one in `tongban.yaml`. Those that are not decide
whether a decision is right, and stay what they are.
"""

from engine.diagnostics.lint import Lint, lint_page
from engine.diagnostics.lint_bases import BASIS_LINTS
from engine.diagnostics.lint_discretion import DISCRETION_LINTS
from engine.diagnostics.lint_guides import GUIDE_LINTS
from engine.diagnostics.lint_materials import MATERIAL_LINTS
from engine.diagnostics.lint_times import TIME_LINTS

__all__ = ["ADJUSTABLE", "LINTS", "Lint", "explain_code", "lints_page"]

LINTS: dict[str, Lint] = {
    **BASIS_LINTS,
    **MATERIAL_LINTS,
    **TIME_LINTS,
    **GUIDE_LINTS,
    **DISCRETION_LINTS,
}
_HEAD = """\
# Policy lints / 政策自检

What the policy documents ask of a matter, beyond what a decision needs. `tongban lints` lists them
as this workspace grades them, `tongban lints CODE` prints one page. A workspace sets severities and
figures in `tongban.yaml`; one raised to `error` stops decisions by that matter until it is mended.
Those marked fixed cannot be set: decisions rest on them.

政策文件对事项的要求。工作区可以在 `tongban.yaml` 中调整级别和数值；
升为 error 的，改好之前该事项不作出决定；标 fixed 的不可调整。

```yaml
severities: {sample-missing: warning, faq-missing: off}
limits: {promise_percent: 25, upper_promise_percent: 50, stages: 3, visits: 1}
```

| code 代码 | severity 级别 | why 为什么 |
|---|---|---|"""
ADJUSTABLE = frozenset(code for code, lint in LINTS.items() if lint.is_adjustable)


def explain_code(code: str) -> str:
    """The manual page of a lint, in Markdown. KeyError for what is no lint."""
    return lint_page(code, LINTS[code])


def lints_page() -> str:
    """The page that leads to the others, in Markdown."""
    rows = (
        f"| [`{code}`]({code}.md) | {lint.grade}{'' if lint.is_adjustable else ' (fixed)'} "
        f"| {lint.why[0]}<br>{lint.why[1]} |"
        for code, lint in LINTS.items()
    )
    return "\n".join((_HEAD, *rows, ""))
