"""One policy lint: its words, and its page in the manual."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["error", "warning", "info"]
_GRADES = {"error": "错误 / error", "warning": "警告 / warning", "info": "提示 / info"}


@dataclass(frozen=True, slots=True)
class Lint:
    """A lint. The four texts of the message are format strings, as in the catalogue.

    `clause` is the requirement that it comes from, `is_verified` whether that was read in its own
    text. `bad` and `good` are YAML: keys of a matter, or whole definitions with `---` between them.
    """

    grade: Grade
    message: tuple[str, str]
    help: tuple[str, str]
    why: tuple[str, str]
    clause: str
    bad: str
    good: str
    is_verified: bool = False
    is_adjustable: bool = True

    @property
    def words(self) -> tuple[str, str, str, str, Grade]:
        """As the catalogue takes them."""
        return (*self.message, *self.help, self.grade)


def lint_page(code: str, lint: Lint) -> str:
    """The page in Markdown, Chinese beside English."""
    doubt = (
        "已对照原文 / read in its own text"
        if lint.is_verified
        else "未对照原文，须核实 / not checked against its own text"
    )
    setting = (
        f"可在 `tongban.yaml` 中调整 / a workspace may set it: `severities: {{{code}: "
        "error | warning | info | off}`"
        if lint.is_adjustable
        else "不可调整：决定是否正确以此为前提 / fixed: whether a decision is right depends on it"
    )
    return "\n".join(
        (
            f"# {code}",
            "",
            f"{lint.message[0]}<br>{lint.message[1]}",
            "",
            f"- 级别 / severity: {_GRADES[lint.grade]}. {setting}",
            f"- 出处 / from: {lint.clause}（{doubt}）",
            "",
            "## 为什么 / Why",
            "",
            lint.why[0],
            "",
            lint.why[1],
            "",
            "## 这样会报告 / Reported",
            "",
            f"```yaml\n{lint.bad.strip()}\n```",
            "",
            "## 这样写 / Better",
            "",
            f"```yaml\n{lint.good.strip()}\n```",
            "",
            "## 怎么办 / What to do",
            "",
            # Braces that are meant are doubled in a format string.
            f"{lint.help[0]}<br>{lint.help[1]}".replace("{{", "{").replace("}}", "}"),
            "",
        )
    )
