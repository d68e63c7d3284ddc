"""The decision tables of a matter proved, region by region, and what was found said at its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from engine.checks.subject import Subject
from engine.decision import program_of
from engine.decision.program import REGION, Program
from engine.definitions import Matter
from engine.proof.analysis import Analysis, Outside, analyse
from engine.proof.boxes import Boxes, boxes_of
from engine.proof.cells import FigureOpen, NotABox
from engine.proof.claims import Claim, Finding, Status
from engine.proof.domains import Domain, domains_of, fixed_names
from engine.proof.showing import Shown, no_answer, rows_conflict, show
from engine.proof.wording import case_words, listed_rows
from engine.source import Path
from engine.workspace import Workspace

if TYPE_CHECKING:
    from engine.proof.table_solving import Case, Outcome

_REASONS = {
    "gap": ("相交的行太多，有没有漏掉的情形没能查完", "too many rows overlap to find every gap"),
    "dead": ("相交的行太多，有没有用不到的行没能查完", "too many rows overlap to find dead rows"),
    "idle": (
        "相交的行太多，有没有不起作用的列没能查完",
        "too many rows overlap to find idle columns",
    ),
}


@dataclass
class _Found:
    """The findings of one table for one set of regional figures, by the question they answer."""

    gaps: list[Finding] = field(default_factory=list)
    clashes: list[Finding] = field(default_factory=list)
    idle: list[Finding] = field(default_factory=list)
    open: set[str] = field(default_factory=set)  # questions that are 未证明


def prove_tables(
    workspace: Workspace,
    matter: str,
    on: date,
    only: str | None = None,
    timeout: float | None = None,
) -> tuple[Claim, ...]:
    """Claims about each table of the matter (or the table `only`), for every region in force.

    Regions whose figures leave the table the same are proved together. With a `timeout` (seconds)
    what boxes leave open is asked of the solver, if it is there. Raises UnknownDefinition.
    """
    regions = _regions(workspace, on)
    programs = [program_of(workspace, matter, region, on) for region in regions]
    claims: list[Claim] = []
    for index, table in enumerate(programs[0].matter.tables):
        if only in (None, table.id, table.title):
            for examined in _examined(programs, table.id):
                is_regional = len(examined.programs) < len(programs)
                claims += _TableProof(examined, index, is_regional, timeout).claims()
    return tuple(claims)


def _regions(workspace: Workspace, on: date) -> tuple[str, ...]:
    """Every region that an application may name; the one of an application that names none first."""
    named = sorted(region.region for region in workspace.regions(on))
    return tuple(dict.fromkeys((workspace.settings.region, *named)))


def _where(programs: Sequence[Program]) -> dict[str, str]:
    """Of which regions a finding is said."""
    titles = {r.region: r.title for r in programs[0].workspace.regions(programs[0].on)}
    shown = [f"{titles.get(p.region, '未写地区')}{p.region}" for p in programs]
    return {
        "where": f"（{'、'.join(shown)}）",
        "where_en": f" ({', '.join(p.region for p in programs)})",
    }


def _alike(programs: Sequence[Program], table: str) -> list[list[Program]]:
    """The regions' programs by the figures that the table rests on."""
    groups: dict[tuple[Any, ...], list[Program]] = {}
    for program in programs:
        figures = program.parameters
        names = sorted(_rests_on(program, program.tables[table].reads) & figures.keys())
        groups.setdefault(tuple((type(figures[n]), figures[n]) for n in names), []).append(program)
    return list(groups.values())


def _rests_on(program: Program, names: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            given_by = program.givers.get(name)
            waiting += program.tables[given_by].reads if given_by else program.reads_of(name)
    return frozenset(found)


def _region_domain(programs: Sequence[Program]) -> Domain:
    regions = [program.region for program in programs]
    named = tuple(region for region in regions if region)
    return Domain(REGION, "text", named, is_nullable="" in regions, origin="engine")


@dataclass(frozen=True)
class _Examined:
    """A table's analysis, or why there is none, in the regions for which it is the same."""

    programs: tuple[Program, ...]
    domains: dict[str, Domain]
    boxes: Boxes | None
    analysis: Analysis
    reasons: tuple[str, str] = ("", "")
    figures: tuple[Program, ...] = ()  # one region for each set of figures; none if one is missing

    @property
    def key(self) -> str:
        """Equal where the same would be said."""
        found = self.analysis
        points = [found.gap, *(overlap.point for overlap in found.overlaps)]
        values = [self.boxes.values(p) for p in points if p is not None] if self.boxes else []
        return repr((found, values, self.reasons))


def _examined(programs: Sequence[Program], table: str) -> Iterator[_Examined]:
    """The table examined once for each set of regional figures; like results are made one."""
    found: dict[str, _Examined] = {}
    for group in _alike(programs, table):
        one = _examine(group, table)
        same = found.get(one.key)
        if same is not None:
            joined, figures = same.programs + one.programs, same.figures + one.figures
            one = replace(same, programs=joined, figures=figures)
        found[one.key] = one
    return iter(found.values())


def _examine(programs: Sequence[Program], table: str) -> _Examined:
    program = programs[0]
    compiled = program.tables[table]
    domains = domains_of(program) | {REGION: _region_domain(programs)}
    try:
        boxes = boxes_of(compiled, domains, fixed_names(program), program.on)
    except NotABox as error:
        reasons = error.reason_zh, error.reason_en
        figures = () if isinstance(error, FigureOpen) else (program,)
        return _Examined(tuple(programs), domains, None, Analysis(), reasons, figures)
    for name, axis in zip(compiled.columns, boxes.axes, strict=True):
        domains.setdefault(name, axis.domain)  # a column that an expression computes
    return _Examined(tuple(programs), domains, boxes, analyse(boxes), figures=(program,))


class _TableProof:
    """What is said of one table in the regions that are alike; the first of them stands for all."""

    def __init__(
        self, examined: _Examined, index: int, is_regional: bool, timeout: float | None
    ) -> None:
        self._examined, self._index, self._timeout = examined, index, timeout
        self._programs, self._domains = examined.programs, examined.domains
        self._program = program = examined.programs[0]
        self._table = program.matter.tables[index]
        self._compiled = program.tables[self._table.id]
        file = program.workspace.file("matter", program.matter.matter, program.on)
        assert isinstance(file.definition, Matter)
        assert file.document is not None  # a definition has its document
        self._subject = Subject(program.workspace, file, file.definition, file.document)
        nowhere = {"where": "", "where_en": ""}
        self._where = _where(self._programs) if is_regional else nowhere
        self._found = _Found()

    def claims(self) -> Iterator[Claim]:
        if self._examined.boxes is None:
            self._unproved(self._found.gaps, *self._examined.reasons)
            self._found.open |= {"gap", "clash", "idle"}
        else:
            self._report(self._examined.boxes, self._examined.analysis)
        is_open = self._found.open and self._examined.figures
        if is_open and self._timeout is not None and find_spec("z3") is not None:
            self._ask_solver(self._timeout)
        found, label = self._found, self._table.label
        yield self._claim(
            "gap", found.gaps, f"表“{label}”：每种情形都有结果", "every case has an answer"
        )
        if self._table.hit in ("unique", "any"):
            yield self._claim(
                "clash", found.clashes, f"表“{label}”：没有一种情形有两个结果", "no case has two"
            )
        yield self._claim(
            "idle", found.idle, f"表“{label}”：每一行、每一列都起作用", "each row and column counts"
        )

    def _ask_solver(self, timeout: float) -> None:
        """What boxes left open. Imported late: the solver is optional, and heavy."""
        from engine.proof.table_solving import TableSolver

        table, found = self._table, self._found
        solvers = [TableSolver(p, table.id, timeout) for p in self._examined.figures]
        if "gap" in found.open:
            self._settle("gap", found.gaps, [s.gap() for s in solvers], "table-gap")
        if "clash" in found.open and table.hit in ("unique", "any"):
            code = "table-overlap" if table.hit == "unique" else "table-conflict"
            self._settle("clash", found.clashes, [s.clash() for s in solvers], code)
        if self._examined.boxes is None:
            dead = [solver.dead_rows() for solver in solvers]
            everywhere = set.intersection(*(set(rows or ()) for rows in dead))
            for row in sorted(everywhere):
                self._add_row(row, "table-row-unmet")
            found.open -= {"idle"} if None not in dead else set()

    def _settle(
        self, question: str, into: list[Finding], answers: "Sequence[Case | Outcome]", code: str
    ) -> None:
        """The solver's answers for each set of figures in place of what the boxes left open."""
        answer = next((a for a in answers if not isinstance(a, str)), None)
        if answer is None and "unknown" in answers:
            return
        into[:] = [f for f in into if f.diagnostic.code != "table-unproved"]
        self._found.open.discard(question)
        if answer is None:
            return
        shown = Shown(answer.witness, answer.said_zh)
        words = self._case({}, shown)
        if code == "table-gap":
            self._add(into, self._path(), code, shown, **words)
            return
        row, other = answer.rows[:2]
        words |= {"row": str(row + 1), "other": str(other + 1)}
        self._add(into, self._path(other), code, shown, **words)

    def _claim(self, question: str, findings: list[Finding], zh: str, en: str) -> Claim:
        codes = {finding.diagnostic.code for finding in findings} - {"table-unproved"}
        is_open = question in self._found.open
        status: Status = "refuted" if codes else "unproved" if is_open else "proved"
        regions = tuple(program.region for program in self._programs)
        english = f"table {self._table.label}: {en}"
        return Claim(f"tables.{self._table.id}", zh, english, status, tuple(findings), regions)

    # --- saying ----------------------------------------------------------------------------

    def _report(self, boxes: Boxes, found: Analysis) -> None:
        for overlap in found.overlaps:
            self._say_overlap(boxes.values(overlap.point), overlap.rows, overlap.is_sure)
        if found.gap is not None:
            self._say_gap(boxes.values(found.gap))
        for row, others in found.dead.items():
            if row not in dict(found.repeated):
                self._add_row(row, "table-row-dead", others=listed_rows(others))
        for row, other in found.repeated:
            if self._table.hit != "unique":
                self._add_row(row, "table-row-repeated", other=other + 1)
        for outside in found.outside:
            self._say_outside(outside)
        for column in found.idle:
            name = tuple(self._compiled.columns)[column]
            self._add(self._found.idle, self._path(), "table-column-idle", column=name)
        for question in found.open:
            self._found.open.add(question if question == "gap" else "idle")
            into = self._found.gaps if question == "gap" else self._found.idle
            self._unproved(into, *_REASONS[question])

    def _say_outside(self, outside: Outside) -> None:
        name = tuple(self._compiled.columns)[outside.column]
        text = self._compiled.tests[outside.row][name].text
        effect = (
            ("，本行永远不会命中", ", so the row is never hit") if outside.is_whole else ("", "")
        )
        words = {"column": name, "test": text[slice(*outside.place)]}
        words |= {"effect_zh": effect[0], "effect_en": effect[1]}
        self._add_row(outside.row, "table-value-outside", **words)

    def _say_gap(self, inputs: Mapping[str, Any]) -> None:
        shows = no_answer(may_wait=None in inputs.values())
        shown = show(self._program, self._compiled, self._domains, inputs, shows)
        words = self._case(inputs, shown)
        if shown is not None:
            self._add(self._found.gaps, self._path(), "table-gap", shown, **words)
            return
        self._found.open.add("gap")
        reason = f"没有覆盖{words['case']}，但没有找到能得出这些值的申请"
        english = f"no row for {words['case_en']}, but no application was found to give that"
        self._unproved(self._found.gaps, reason, english)

    def _say_overlap(self, inputs: Mapping[str, Any], rows: tuple[int, int], is_sure: bool) -> None:
        row, other = rows
        shows = rows_conflict(row, other)
        shown = show(self._program, self._compiled, self._domains, inputs, shows, is_sure=is_sure)
        words = self._case(inputs, shown) | {"row": str(row + 1), "other": str(other + 1)}
        if shown is not None:
            code = "table-overlap" if self._table.hit == "unique" else "table-conflict"
            self._add(self._found.clashes, self._path(other), code, shown, **words)
            return
        self._found.open.add("clash")
        why = "但没有找到这样的申请" if is_sure else "结果是否相同须计算"
        reason = f"第 {row + 1} 行与第 {other + 1} 行在{words['case']}时同时命中，{why}"
        english = f"rows {row + 1} and {other + 1} may clash at {words['case_en']}"
        self._unproved(self._found.clashes, reason, english, self._path(other))

    def _case(self, inputs: Mapping[str, Any], shown: Shown | None) -> dict[str, str]:
        """What a case is told by: the facts found for it, or else the table's own inputs."""
        values = {**shown.witness.facts, **shown.witness.follows} if shown else {}
        unknown = {name: None for name, value in inputs.items() if value is None}
        return case_words({**values, **unknown} if shown else inputs, self._program.units)

    def _add_row(self, row: int, code: str, **words: Any) -> None:
        self._add(self._found.idle, self._path(row), code, row=row + 1, **words)

    def _unproved(
        self, into: list[Finding], reason: str, english: str, path: Path | None = None
    ) -> None:
        self._add(into, path or self._path(), "table-unproved", reason=reason, reason_en=english)

    def _add(
        self,
        into: list[Finding],
        path: Path,
        code: str,
        shown: Shown | None = None,
        **words: Any,
    ) -> None:
        at_key = path == self._path()
        self._subject.add(path, code, at_key, table=self._table.label, **self._where, **words)
        diagnostic = self._subject.problems.found[-1]
        into.append(
            Finding(diagnostic, shown.witness, shown.said_zh) if shown else Finding(diagnostic)
        )

    def _path(self, row: int | None = None) -> Path:
        base: Path = ("tables", self._index)
        return (*base, "rows") if row is None else (*base, "rows", row)
