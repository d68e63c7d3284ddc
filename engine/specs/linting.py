"""The traps of Chinese feature files, each said at its place before it costs a scenario."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from engine.diagnostics import Diagnostic, Diagnostics, Place, nearest
from engine.specs.catalogue import Ambiguous, Call, StepCatalogue, Undefined
from engine.specs.features import Feature, FeatureStep, SyntaxFault, children, read_feature
from engine.specs.shipped import step_catalogue
from engine.specs.wording import nearest_words, step_words
from engine.workspace import Workspace

_HEADINGS: Final = ("功能", "背景", "规则", "场景大纲", "场景", "剧本大纲", "剧本", "例子")
_WIDE: Final[Mapping[str, str]] = {"｜": "|", "＠": "@", "＃": "#"}
_HEADER: Final = re.compile(r"\s*#\s*language\s*:\s*\S+\s*")
_PLACEHOLDER: Final = re.compile(r"<([^<>\n]{1,60})>")
_TOKENS: Final[Mapping[str, str]] = {
    "#EOF": "文件结尾", "#Language": "语言", "#TagLine": "标签", "#FeatureLine": "功能:",
    "#RuleLine": "规则:", "#BackgroundLine": "背景:", "#ScenarioLine": "场景:",
    "#ExamplesLine": "例子:", "#StepLine": "步骤", "#TableRow": "表格行",
    "#DocStringSeparator": "文本块", "#Other": "说明文字",
}  # fmt: skip


def lint_features(
    workspace: Workspace, catalogue: StepCatalogue | None = None
) -> tuple[Diagnostic, ...]:
    """Every diagnostic of every .feature file under the workspace's `features/`.

    Raises PluginError for a plugin whose steps cannot be registered.
    """
    found = Diagnostics()
    catalogue = catalogue if catalogue is not None else step_catalogue(workspace)
    root = workspace.root.resolve()
    for path in sorted((root / "features").rglob("*.feature")):
        found.extend(_lint_file(path, path.relative_to(root).as_posix(), catalogue))
    return found.sorted()


def _lint_file(path: Path, name: str, catalogue: StepCatalogue) -> tuple[Diagnostic, ...]:
    text = read_text(path, name, problems := Diagnostics())
    return problems.sorted() if text is None else lint_feature(text, name, catalogue)


def read_text(path: Path, name: str, problems: Diagnostics) -> str | None:
    """A feature file's text; None, with a diagnostic, where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        zh = f"第 {error.start} 个字节不是 UTF-8（可能是 GBK 编码）"
        problems.add("file-unreadable", Place(name), problem_zh=zh, problem=str(error))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.add("file-unreadable", Place(name), problem_zh=reason, problem=reason)
    return None


def lint_feature(text: str, file: str, catalogue: StepCatalogue) -> tuple[Diagnostic, ...]:
    """Every diagnostic of one feature file. Never raises for a bad one."""
    feature = read_feature(text, file)
    lint = _Lint(feature, catalogue)
    lint.faults()
    lint.lines()
    if not feature.faults:
        lint.shape()
        lint.steps()
    return lint.found.sorted()


def run_diagnostics(feature: Feature) -> tuple[Diagnostic, ...]:
    """What no running step would tell: why the file cannot be read, or what in it proves nothing.

    A pending scenario may still lack its outcome.
    """
    lint = _Lint(feature, StepCatalogue())
    lint.faults()
    if not feature.faults:
        lint.lines()
        lint.shape()
    pending = {s.line for s in feature.scenarios if s.is_pending}
    return tuple(
        diagnostic
        for diagnostic in lint.found.sorted()
        if diagnostic.is_error
        and not (diagnostic.code == "feature-no-outcome" and diagnostic.place.line in pending)
    )


class _Lint:
    """One file under examination."""

    def __init__(self, feature: Feature, catalogue: StepCatalogue) -> None:
        self.feature = feature
        self.catalogue = catalogue
        self.found = Diagnostics()
        self._lines = feature.text.removeprefix("\ufeff").split("\n")
        self._prose = frozenset(_outside_docstrings(self._lines))
        self._names_language = self._has_header()

    # --- lines ---------------------------------------------------------------------------------

    def lines(self) -> None:
        """What can be seen without understanding the file."""
        if not self._names_language and self.feature.text.strip():
            self._at("feature-language", 1)
        for number in sorted(self._prose):
            line = self._lines[number - 1]
            if "\t" in line[: len(line) - len(line.lstrip())]:
                self._at("feature-tab", number)
            if _wide_sign(line) is not None:
                self._wide_sign(number)

    def faults(self) -> None:
        """The parser's complaints in words an officer knows; what follows from another is not said."""
        if not self.feature.faults:
            return
        if not self._names_language:
            if self.feature.text.strip():
                self._at("feature-language", 1)
            return
        # A full-width sign costs the parser its bearings: what it would say without them counts.
        repaired = [self._narrowed(number) for number in range(1, len(self._lines) + 1)]
        for number, line in enumerate(repaired, 1):
            if line != self._lines[number - 1]:
                self._wide_sign(number)
        for fault in read_feature("\n".join(repaired), self.feature.file).faults:
            self._fault(fault)

    def _fault(self, fault: SyntaxFault) -> None:
        number = min(fault.line, len(self._lines))
        zh = _fault_words(fault, self._line(number))
        self._at("feature-syntax", number, problem_zh=zh, problem=fault.message)

    def _narrowed(self, number: int) -> str:
        line = self._lines[number - 1]
        wide = _wide_sign(line) if number in self._prose else None
        if wide is None:
            return line
        sign = wide[1]
        return line.replace(sign, _WIDE.get(sign, ":"), -1 if sign == "｜" else 1)

    def _wide_sign(self, number: int) -> None:
        column, sign = _wide_sign(self._line(number)) or (1, "")
        words = {"found": sign, "half": _WIDE.get(sign, ":")}
        self._within("feature-full-width", number, column, 1, words)

    # --- shape ---------------------------------------------------------------------------------

    def shape(self) -> None:
        """Names, examples and outcomes of the scenarios."""
        seen: dict[str, int] = {}
        ending = {s.line: any(x.type == "then" for x in s.steps) for s in self.feature.scenarios}
        nodes = list(self._scenario_nodes())
        if not nodes:
            feature = (self.feature.tree or {}).get("feature")
            self._at("feature-empty", feature["location"]["line"] if feature else 1)
        for node in nodes:
            name, line = node["name"], node["location"]["line"]
            if name in seen:
                self._at("feature-duplicate-scenario", line, name=name, other=seen[name])
            seen.setdefault(name, line)
            if line not in ending:
                self._at("feature-no-examples", line, name=name)
            elif not ending[line]:
                self._at("feature-no-outcome", line, name=name)
            self._placeholders(node)

    def _scenario_nodes(self) -> Iterator[Mapping[str, Any]]:
        for child, _ in children(self.feature.tree or {}):
            if "scenario" in child:
                yield child["scenario"]

    def _placeholders(self, node: Mapping[str, Any]) -> None:
        """Words in angle brackets that no example fills in."""
        for examples in node["examples"]:
            heading = examples.get("tableHeader") or {"cells": []}
            known = [cell["value"] for cell in heading["cells"]]
            for step in node["steps"]:
                for match in _PLACEHOLDER.finditer(step["text"]):
                    if known and match[1] not in known:
                        self._placeholder(match[1], step["location"]["line"], known)

    def _placeholder(self, name: str, line: int, known: list[str]) -> None:
        close = nearest(name, known)
        column = self._line(line).find(f"<{name}>") + 1
        words = {
            "name": name,
            "known": "、".join(known),
            "hint_zh": f"是否想写 <{close}>？" if close else "",
            "hint_en": f"Did you mean <{close}>? " if close else "",
        }
        self._within("feature-placeholder", line, column, len(name) + 2, words)

    # --- steps ---------------------------------------------------------------------------------

    def steps(self) -> None:
        """Each step of the file once, although a background or an outline runs it many times."""
        said: set[int] = set()
        for scenario in self.feature.scenarios:
            is_opening = True
            for step in scenario.steps:
                is_known = self._step(step, is_opening) if step.line not in said else True
                is_opening = is_opening and not is_known
                if not is_known:
                    said.add(step.line)

    def _step(self, step: FeatureStep, is_opening: bool) -> bool:
        found = self.catalogue.find(step.type, step.text)
        if isinstance(found, Undefined):
            self._undefined(step, found, is_opening)
        elif isinstance(found, Ambiguous):
            listed = "；".join(map(step_words, found.candidates))
            self._under("feature-step-ambiguous", step, candidates=listed)
        elif isinstance(found, Call):
            fault = found.definition.argument_fault(step.table, step.docstring)
            if fault is not None:
                self._under("feature-step-argument", step, problem_zh=fault[0], problem=fault[1])
                return False
            return True
        return False

    def _undefined(self, step: FeatureStep, found: Undefined, is_opening: bool) -> None:
        if is_opening and found.nearest is None and self._runs_on(step):
            self._at("feature-description-keyword", step.line, keyword=step.keyword)
            return
        zh, en = nearest_words(found)
        words = {
            "hint_zh": zh or "可用的步骤见 docs/steps.md。",
            "hint_en": en or "All steps are in docs/steps.md.",
        }
        self._under("feature-step-undefined", step, text=step.text, **words)

    def _runs_on(self, step: FeatureStep) -> bool:
        """Whether the keyword is followed by a word without a space, as 当事人 is."""
        after = self._line(step.line).strip()[len(step.keyword) :]
        return bool(after) and not after[0].isspace()

    # --- places --------------------------------------------------------------------------------

    def _under(self, code: str, step: FeatureStep, **words: object) -> None:
        line = self._line(step.line)
        start = len(line) - len(line.lstrip()) + len(step.keyword) + 1
        start += len(line[start - 1 :]) - len(line[start - 1 :].lstrip())
        self._within(code, step.line, start, 0, words)

    def _at(self, code: str, number: int, **words: object) -> None:
        self._within(code, number, 0, 0, words)

    def _within(
        self, code: str, number: int, column: int, width: int, words: Mapping[str, object]
    ) -> None:
        """Reports at a stretch of a line; no column: from its first word, no width: to its end."""
        line = self._line(number)
        start = column or len(line) - len(line.lstrip()) + 1
        end = start + width if width else max(start + 1, len(line.rstrip()) + 1)
        place = Place(self.feature.file, number, start, number, end)
        self.found.add(code, place, excerpt=line, **words)

    def _line(self, number: int) -> str:
        return self._lines[number - 1].rstrip("\r") if 0 < number <= len(self._lines) else ""

    def _has_header(self) -> bool:
        for line in self._lines:
            if _HEADER.fullmatch(line):
                return True
            if line.strip() and not line.lstrip().startswith("#"):
                return False
        return False


def _outside_docstrings(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines that are not inside a doc string."""
    fence = ""
    for number, line in enumerate(lines, 1):
        opening = line.strip()[:3]
        if fence:
            fence = "" if opening == fence else fence
        elif opening in ('"""', "```"):
            fence = opening
        else:
            yield number


def _wide_sign(line: str) -> tuple[int, str] | None:
    """A full-width sign where Gherkin wants its own: its column and itself."""
    text = line.strip()
    column = len(line) - len(line.lstrip()) + 1
    if text[:1] in _WIDE:
        return column, text[0]
    for heading in _HEADINGS:
        if text.startswith(heading + "："):
            return column + len(heading), "："
    return None


def _fault_words(fault: SyntaxFault, line: str) -> str:
    """The parser's English as Chinese."""
    said = fault.message
    if said.startswith("inconsistent cell count"):
        return "表格各行的栏数不一致"
    if said.startswith("Language not supported"):
        return f"不支持这种语言：{said.rpartition(':')[2].strip()}，应为 zh-CN"
    if said.startswith("the file has"):
        return "功能文件过大，或展开后的步骤过多"
    expected, _, _ = said.partition(", got")
    tokens = [word.strip() for word in expected.partition(":")[2].split(",")]
    words = "、".join(dict.fromkeys(_TOKENS[token] for token in tokens if token in _TOKENS))
    if said.startswith("unexpected end of file"):
        return f"文件在此中断，还应有：{words}"
    return f"此处不能是“{line.strip()[:60]}”，可以是：{words}"
