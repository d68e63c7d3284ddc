"""What a run of scenarios exercised of each matter, and what it never touched.

Counted: every row of every decision table (hit) and its default outputs (taken), every criterion
(seen 满足 and seen 不满足), every path (taken), every material (in each state that its declaration
makes possible).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from engine.decision import Decision
from engine.definitions import PATH_TITLES, MaterialUse, Matter
from engine.workspace import Workspace

Area = Literal["rows", "criteria", "paths", "materials"]
AREA_TITLES: Final[dict[Area, tuple[str, str]]] = {
    "rows": ("决策表行", "table rows"),
    "criteria": ("审查要点", "criteria"),
    "paths": ("办理路径", "paths"),
    "materials": ("材料", "materials"),
}


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing that a scenario can exercise: a row, or a criterion or material in one state."""

    area: Area
    id: str
    state: str
    label: str

    def __str__(self) -> str:
        return f"{self.label}：{self.state}" if self.state else self.label


@dataclass(frozen=True, slots=True)
class MatterCoverage:
    """One matter: how many scenarios' decisions there were, what was seen and what was not."""

    matter: str
    title: str
    decisions: int
    seen: tuple[Item, ...]
    unseen: tuple[Item, ...]

    def count(self, area: Area) -> tuple[int, int]:
        """Seen and total."""
        seen = sum(item.area == area for item in self.seen)
        return seen, seen + sum(item.area == area for item in self.unseen)

    @property
    def is_complete(self) -> bool:
        return not self.unseen


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every matter in force, in order of its id."""

    matters: tuple[MatterCoverage, ...]

    @property
    def is_complete(self) -> bool:
        return all(matter.is_complete for matter in self.matters)


def measure_coverage(workspace: Workspace, decisions: Sequence[Decision], on: date) -> Coverage:
    """What `decisions` exercised of every matter in force on a day.

    Decisions made by another version of a matter count for the rows, criteria and materials that
    the version in force still has.
    """
    found = []
    for matter in workspace.matters(on):
        whole = workspace.matter(matter.matter, on)
        own = [decision for decision in decisions if decision.matter == matter.matter]
        hit = {key for decision in own for key in _exercised(decision)}
        items = list(_items(whole))
        found.append(
            MatterCoverage(
                matter=matter.matter,
                title=matter.title,
                decisions=len(own),
                seen=tuple(item for item in items if _key(item) in hit),
                unseen=tuple(item for item in items if _key(item) not in hit),
            )
        )
    return Coverage(tuple(found))


_Key = tuple[Area, str, str]


def _key(item: Item) -> _Key:
    return item.area, item.id, item.state


def _exercised(decision: Decision) -> Iterator[_Key]:
    for table in decision.tables:
        yield from (("rows", f"{table.id}#{hit}", "") for hit in table.hits)
        if table.is_default:
            yield "rows", f"{table.id}#default", ""
    for criterion in decision.criteria:
        yield "criteria", criterion.id, criterion.status
    yield "paths", decision.path, ""
    for material in decision.materials:
        yield "materials", material.id, material.status


def _items(matter: Matter) -> Iterator[Item]:
    for table in matter.tables:
        for number in range(1, len(table.rows) + 1):
            yield Item("rows", f"{table.id}#{number}", "", f"{table.label} 第 {number} 行")
        if table.default:
            yield Item("rows", f"{table.id}#default", "", f"{table.label} 默认输出")
    for criterion in matter.criteria:
        for state in ("满足", "不满足"):
            yield Item("criteria", criterion.id, state, criterion.point)
    for path in dict.fromkeys(["general", *matter.paths]):
        yield Item("paths", path, "", PATH_TITLES[path])
    for use in matter.materials:
        for state in _states(use, matter):
            yield Item("materials", use.key, state, use.title or use.key)


def _states(use: MaterialUse, matter: Matter) -> Iterable[str]:
    """The states a material can be in by its declaration.

    What a department is to be asked for is 待核 where the applicant would lack it.
    """
    if "upload" in use.resolve:
        yield "已提交"
    yield "待核" if use.query and "query" in use.resolve else "缺少"
    if use.satisfied_by and "licence" in use.resolve:
        yield "免提交"
        yield "不满足"
    if _is_committed(use, matter):
        yield "以承诺代替"
    if use.deferrable is not None and "deferral" in use.resolve:
        yield "容缺后补"
    if use.when is not None:
        yield "不需要"


def _is_committed(use: MaterialUse, matter: Matter) -> bool:
    names = {use.key, use.title}
    covered = any(names & set(path.covers) for path in matter.paths.values())
    return use.commitable and covered and "commitment" in use.resolve


def render_coverage(coverage: Coverage) -> str:
    """A table of the matters, then by name whatever no scenario touched."""
    lines = ["覆盖情况 / coverage"]
    for matter in coverage.matters:
        counts = "  ".join(_fraction(matter, area) for area in AREA_TITLES)
        lines += [
            "",
            f"{matter.title}（{matter.matter}，{matter.decisions} 次决定）",
            f"  {counts}",
        ]
        lines += list(_unseen_lines(matter))
    return "\n".join(lines)


def coverage_to_json(coverage: Coverage) -> dict[str, object]:
    """Counts and the names of what was never seen, by matter."""
    return {
        "complete": coverage.is_complete,
        "matters": [
            {
                "matter": matter.matter,
                "title": matter.title,
                "decisions": matter.decisions,
                **{area: dict(zip(("seen", "total"), matter.count(area), strict=True))
                   for area in AREA_TITLES},
                "unseen": [
                    {"area": i.area, "id": i.id, "state": i.state, "label": i.label}
                    for i in matter.unseen
                ],
            }
            for matter in coverage.matters
        ],
    }  # fmt: skip


def _fraction(matter: MatterCoverage, area: Area) -> str:
    seen, total = matter.count(area)
    percent = f"{100 * seen // total}%" if total else "—"
    return f"{AREA_TITLES[area][0]} {seen}/{total}（{percent}）"


def _unseen_lines(matter: MatterCoverage) -> Iterator[str]:
    if not matter.decisions:
        yield "  还没有场景对此事项作出决定"
        return
    for area, (zh, _) in AREA_TITLES.items():
        states: dict[str, list[str]] = {}
        for item in matter.unseen:
            if item.area == area:
                states.setdefault(item.label, []).append(item.state)
        if states:
            yield f"  未覆盖的{zh}："
        for label, missing in states.items():
            yield f"    · {label}" + (f"：{'、'.join(missing)}" if any(missing) else "")
