"""A run of feature files as text for a terminal and as JSON for a machine."""

from collections.abc import Iterator
from typing import Final

from engine.diagnostics import render, to_json
from engine.specs.runs import Report, ScenarioResult, StepResult

_MARKS: Final = {"passed": "✓", "failed": "✗", "undefined": "?", "ambiguous": "≠", "skipped": "-"}
_WORDS: Final = {
    "passed": ("通过", "passed"),
    "failed": ("未通过", "failed"),
    "undefined": ("步骤未定义", "undefined"),
    "ambiguous": ("步骤有歧义", "ambiguous"),
    "pending": ("待定", "pending"),
}


def render_report(report: Report, *, every_step: bool = False) -> str:
    """The run for a terminal, Chinese first; steps of passed scenarios only with `every_step`."""
    lines: list[str] = []
    feature = ""
    for scenario in report.scenarios:
        if scenario.file != feature:
            feature = scenario.file
            lines += ["", f"功能：{scenario.feature}（{scenario.file}）"]
        lines += _scenario_lines(scenario, every_step)
    for diagnostic in report.diagnostics:
        lines += ["", render(diagnostic)]
    lines += ["", summary_line(report)]
    return "\n".join(lines).lstrip("\n")


def summary_line(report: Report) -> str:
    """How many scenarios passed, failed, or could not be run, in both languages."""
    counts = _counts(report)
    parts_zh = [f"{n} 个{_WORDS[word][0]}" for word, n in counts.items() if n]
    parts_en = [f"{n} {_WORDS[word][1]}" for word, n in counts.items() if n]
    total = len(report.scenarios)
    faulty = len({diagnostic.place.file for diagnostic in report.diagnostics})
    if faulty:
        parts_zh.append(f"{faulty} 个文件有错误")
        parts_en.append(f"{faulty} file(s) with errors")
    zh, en = "，".join(parts_zh) or "没有可运行的场景", ", ".join(parts_en) or "nothing to run"
    return f"共 {total} 个场景：{zh} / {total} scenarios: {en}"


def report_to_json(report: Report) -> dict[str, object]:
    """The whole run; keys are stable."""
    return {
        "ok": report.is_ok,
        "counts": {"total": len(report.scenarios), **_counts(report)},
        "scenarios": [_scenario_json(scenario) for scenario in report.scenarios],
        "diagnostics": [to_json(diagnostic) for diagnostic in report.diagnostics],
    }


def _counts(report: Report) -> dict[str, int]:
    counts = dict.fromkeys(_WORDS, 0)
    for scenario in report.scenarios:
        counts["pending" if scenario.is_pending else scenario.status] += 1
    return counts


def _scenario_lines(scenario: ScenarioResult, every_step: bool) -> Iterator[str]:
    pending = "（待定，不计入结果 / pending）" if scenario.is_pending else ""
    spent = _spent(scenario)
    yield f"  {_MARKS[scenario.status]} {scenario.name}{pending}{spent}"
    if scenario.status == "passed" and not every_step:
        return
    for step in scenario.steps:
        yield f"      {_MARKS[step.status]} {step.keyword} {step.text}"
        if step.message_zh:
            yield f"          {scenario.file}:{step.line}：{step.message_zh}"
            if step.message_en != step.message_zh:
                yield f"          {step.message_en}"


def _spent(scenario: ScenarioResult) -> str:
    times = [step.milliseconds for step in scenario.steps if step.milliseconds is not None]
    return f"  {sum(times):.1f} ms" if times else ""


def _scenario_json(scenario: ScenarioResult) -> dict[str, object]:
    return {
        "file": scenario.file,
        "feature": scenario.feature,
        "rule": scenario.rule,
        "name": scenario.name,
        "line": scenario.line,
        "row": scenario.row,
        "tags": list(scenario.tags),
        "status": scenario.status,
        "pending": scenario.is_pending,
        "steps": [_step_json(step) for step in scenario.steps],
    }


def _step_json(step: StepResult) -> dict[str, object]:
    return {
        "keyword": step.keyword,
        "text": step.text,
        "line": step.line,
        "status": step.status,
        "message_zh": step.message_zh,
        "message_en": step.message_en,
        "milliseconds": step.milliseconds,
    }
