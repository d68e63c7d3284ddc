"""A simulation's report in words, Chinese or English."""

from collections.abc import Iterable, Iterator
from typing import Literal

from engine.definitions import PATH_TITLES
from engine.population.reports import Sample, Shift, SideReport, SimulationReport, Unlike

Language = Literal["zh", "en"]


def report_text(report: SimulationReport, language: Language = "zh") -> str:
    """The report as people read it in a terminal."""
    return "\n".join(_Telling(report, language).lines())


class _Telling:
    def __init__(self, report: SimulationReport, language: Language) -> None:
        self.report, self.is_english = report, language == "en"

    def say(self, zh: str, en: str) -> str:
        return en if self.is_english else zh

    def lines(self) -> Iterator[str]:
        report = self.report
        yield self.say(f"共 {report.rows} 件申请", f"{report.rows} application(s)")
        yield from self._side(report.before, "现行版本" if report.after else "版本", "before")
        if report.after is not None:
            yield from self._side(report.after, "对比版本", "after")
            yield ""
            yield self._verdict()
            yield from self._shifts()
            yield from self._criteria()
            yield from self._samples(report.samples)
        yield from self._unlike(report.unlike)
        yield from self._remarks()

    def _side(self, side: SideReport, zh: str, en: str) -> Iterator[str]:
        yield self.say(f"{zh}：{side.label}，按 {side.on}", f"{en}: {side.label} on {side.on}")
        yield "  " + "，".join(f"{name} {self.share(count)}" for name, count in side.outcomes)
        if side.looked_up:
            listed = "；".join(side.looked_up)
            words = f"  由引擎逐一计算的部分：{listed}", f"  evaluated by the engine: {listed}"
            yield self.say(*words)

    def share(self, count: int) -> str:
        rows = self.report.rows
        return f"{count}（{count / rows:.2%}）" if rows else str(count)

    def _verdict(self) -> str:
        if not self.report.differ:
            return self.say("没有一件的结论或路径不同。", "Nobody comes out differently.")
        share = self.share(self.report.differ)
        return self.say(
            f"结论或路径不同的：{share}", f"come out differently (outcome or path): {share}"
        )

    def _shifts(self) -> Iterator[str]:
        titles: dict[str, str] = dict(PATH_TITLES)
        yield from self._moved("结论", "outcome", self.report.outcomes)
        paths = (Shift(titles[s.before], titles[s.after], s.count) for s in self.report.paths)
        yield from self._moved("路径", "path", paths)

    def _moved(self, zh: str, en: str, shifts: Iterable[Shift]) -> Iterator[str]:
        moved = [shift for shift in shifts if shift.before != shift.after]
        if moved:
            yield self.say(f"按{zh}：", f"by {en}:")
        for shift in moved:
            yield f"  {shift.before} → {shift.after}  {self.share(shift.count)}"

    def _criteria(self) -> Iterator[str]:
        if self.report.criteria:
            yield self.say("按审查要点：", "by criterion:")
        for change in self.report.criteria:
            decisive = self.say(
                f"其中结论或路径也不同的 {change.decisive}", f"{change.decisive} of them decisive"
            )
            yield f"  {change.point}（{change.id}）  {self.share(change.count)}，{decisive}"
            for shift in change.shifts:
                yield f"    {shift.before} → {shift.after}  {shift.count}"

    def _samples(self, samples: tuple[Sample, ...]) -> Iterator[str]:
        if samples:
            yield self.say("可以打开的案例：", "cases to open:")
        for sample in samples:
            name = f" {sample.case}" if sample.case else ""
            where = f"  {sample.file}" if sample.file else ""
            row = self.say(f"第 {sample.row} 行", f"row {sample.row}")
            yield f"  {row}{name}：{sample.before} → {sample.after}{where}"

    def _unlike(self, found: tuple[Unlike, ...]) -> Iterator[str]:
        groups = self.report.unlike_groups
        if groups:
            zh = f"所填事实完全相同、原记录的结论却不同的：{groups} 组"
            yield self.say(zh, f"alike in every fact, yet recorded differently: {groups} group(s)")
        for one in found:
            shares = "，".join(f"{name} {count}" for name, count in one.recorded)
            rows = "、".join(map(str, one.rows))
            yield self.say(
                f"  {one.count} 件：{shares}（行 {rows} …）",
                f"  {one.count}: {shares} (rows {rows} …)",
            )

    def _remarks(self) -> Iterator[str]:
        report = self.report
        yield ""
        for zh, en in report.assumptions:
            yield self.say(f"说明：{zh}。", f"note: {en}.")
        if report.missing:
            listed = "、".join(report.missing)
            zh = f"数据中没有的事实，按待核处理：{listed}"
            yield self.say(zh, f"facts without a column, unknown: {listed}")
        if report.ignored:
            listed = "、".join(report.ignored)
            zh = f"两个版本都没有声明、没有读取的列：{listed}"
            yield self.say(zh, f"columns that nobody declares, not read: {listed}")
