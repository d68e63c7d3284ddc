"""Results of two versions held side by side, inside DuckDB: nothing is carried out but counts."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from engine.decision import to_plain
from engine.population.facts import PERSON
from engine.population.lookups import decode
from engine.population.plan import OUTCOMES, PATHS, STATUSES
from engine.population.reading import ROW, TABLE, Applications
from engine.population.reports import CriterionChange, Sample, Shift, Unlike
from engine.population.sessions import DuckSession, quoted

_RESULTS = "results"
_ABSENT = "没有此要点"
_MOST_UNLIKE = 20
_PERSON_KEYS = dict(zip(PERSON, ("name", "id_kind", "id_number", "kind", "agent"), strict=True))


class Comparing:
    """`criteria` by id: the point, and the prefixes (a_, b_) of the versions that have it."""

    def __init__(
        self,
        session: DuckSession,
        criteria: Mapping[str, tuple[str, frozenset[str]]],
        applications: Applications,
        is_pair: bool,
    ) -> None:
        self.session, self.criteria, self.applications = session, criteria, applications
        self.is_pair = is_pair
        self._differs = "a_outcome != b_outcome OR a_path != b_path" if is_pair else "false"

    def outcomes_of(self, prefix: str) -> tuple[tuple[str, int], ...]:
        return tuple((OUTCOMES[n], count) for n, count in self._counts(f"{prefix}outcome"))

    def paths_of(self, prefix: str) -> tuple[tuple[str, int], ...]:
        return tuple((PATHS[n], count) for n, count in self._counts(f"{prefix}path"))

    def _counts(self, column: str) -> list[tuple[Any, ...]]:
        return self.session.rows(f"SELECT {column}, count(*) FROM {_RESULTS} GROUP BY 1 ORDER BY 1")

    def count_different(self) -> int:
        found = self.session.rows(f"SELECT count(*) FROM {_RESULTS} WHERE {self._differs}")
        return int(found[0][0])

    def outcome_shifts(self) -> tuple[Shift, ...]:
        return tuple(self._shifts("outcome", OUTCOMES))

    def path_shifts(self) -> tuple[Shift, ...]:
        return tuple(self._shifts("path", PATHS))

    def _shifts(self, what: str, words: tuple[str, ...]) -> Iterator[Shift]:
        if not self.is_pair:
            return
        sql = f"SELECT a_{what}, b_{what}, count(*) FROM {_RESULTS} GROUP BY ALL ORDER BY 1, 2"
        for before, after, count in self.session.rows(sql):
            yield Shift(words[before], words[after], count)

    def criterion_changes(self) -> tuple[CriterionChange, ...]:
        if not self.is_pair:
            return ()
        return tuple(change for i in self.criteria if (change := self._change(i)) is not None)

    def _change(self, identity: str) -> CriterionChange | None:
        point, prefixes = self.criteria[identity]
        before = f'"a_c_{identity}"' if "a_" in prefixes else "-1"
        after = f'"b_c_{identity}"' if "b_" in prefixes else "-1"
        # A point that one version has not matters to those who do not meet it in the other.
        matters = f"{before} != {after}"
        if len(prefixes) == 1:
            matters += f" AND greatest({before}, {after}) >= {STATUSES.index('不满足')}"
        sql = (
            f"SELECT {before} AS x, {after} AS y, count(*), count(*) FILTER ({self._differs}) "
            f"FROM {_RESULTS} WHERE {matters} GROUP BY x, y ORDER BY x, y"
        )
        found = self.session.rows(sql)
        if not found:
            return None
        shifts = tuple(Shift(_status(b), _status(a), count) for b, a, count, _ in found)
        decisive = sum(row[3] for row in found)
        return CriterionChange(identity, point, sum(s.count for s in shifts), decisive, shifts)

    # --- cases to open -----------------------------------------------------------------------

    def samples(self, most: int, on: date, region: str) -> tuple[Sample, ...]:
        """The first few of each kind of change, in the file's order."""
        if not self.is_pair or not most:
            return ()
        kinds = "a_outcome, b_outcome, a_path, b_path"
        sql = (
            f"SELECT {ROW}, a_outcome, b_outcome FROM (SELECT {ROW}, {kinds}, row_number() OVER "
            f"(PARTITION BY {kinds} ORDER BY {ROW}) AS place FROM {_RESULTS} "
            f"WHERE {self._differs}) WHERE place <= {most} ORDER BY {kinds}, {ROW}"
        )
        return tuple(
            self._sample(row, OUTCOMES[before], OUTCOMES[after], on, region)
            for row, before, after in self.session.rows(sql)
        )

    def _sample(self, row: int, before: str, after: str, on: date, region: str) -> Sample:
        result = self.session.raw(f"SELECT * FROM {TABLE} WHERE {ROW} = {row}")
        names = [column[0] for column in result.description]
        raw = dict(zip(names, result.fetchone(), strict=True))
        return Sample(row, str(raw.get("case") or ""), before, after, self._open(raw, on, region))

    def _open(self, raw: Mapping[str, Any], on: date, region: str) -> dict[str, Any]:
        """The row as an application that `tongban decide` takes."""
        applications = self.applications
        facts = {
            name: decode(kind, raw[column])
            for name, (column, kind) in applications.facts.items()
            if raw[column] is not None
        }
        person = {
            _PERSON_KEYS[name]: raw[column] or ""
            for name, (column, _) in applications.person.items()
        }
        day = on if applications.day is None else decode(applications.day[1], raw["day"])
        opened: dict[str, Any] = {
            "date": day,
            "applicant": person,
            "region": raw.get("region") or region,
            "path": PATHS[raw.get("path") or 0],
            "facts": facts,
        }
        handed = [m for m, column in self._material_columns() if column is None or raw[column]]
        plain: dict[str, Any] = to_plain({**opened, "materials": {name: {} for name in handed}})
        return plain

    def _material_columns(self) -> Iterator[tuple[str, str | None]]:
        for material in self.applications.known_materials:
            yield material, self.applications.materials.get(material)

    # --- like cases --------------------------------------------------------------------------

    def find_unlike(self, most: int) -> tuple[tuple[Unlike, ...], int]:
        """Cases alike in all that is declared, but recorded with different outcomes."""
        applications = self.applications
        if "recorded" not in applications.special:
            return (), 0
        columns = [column for column, _ in applications.facts.values()]
        columns += [c for c in ("region", "path") if c in applications.special]
        columns += [*applications.materials.values()]
        keys = ", ".join(f'"{column}"' for column in columns) or "1"
        case = "case" if "case" in applications.special else f"CAST({ROW} AS VARCHAR)"
        case = f'"{case}"' if case == "case" else case
        sql = (
            f"SELECT count(*) AS n, list({ROW} ORDER BY {ROW})[1:{max(most, 2)}], "
            f"list({case} ORDER BY {ROW})[1:{max(most, 2)}], histogram(recorded), min({ROW}) AS m "
            f"FROM {TABLE} WHERE recorded IS NOT NULL GROUP BY {keys} "
            f"HAVING count(DISTINCT recorded) > 1"
        )
        total = self.session.rows(f"SELECT count(*) FROM ({sql})")[0][0]
        found = self.session.rows(f"{sql} ORDER BY n DESC, m LIMIT {_MOST_UNLIKE}")
        listed = tuple(
            Unlike(n, tuple(sorted(shares.items())), tuple(rows), tuple(map(str, cases)))
            for n, rows, cases, shares, _ in found
        )
        return listed, int(total)

    # --- writing -----------------------------------------------------------------------------

    def write(self, path: Path) -> None:
        """One row for each application, in the file's order, with words in place of numbers."""
        case = 'CAST(t."case" AS VARCHAR)' if "case" in self.applications.special else "NULL"
        columns = [f"r.{ROW}", f'{case} AS "case"', f"({self._differs}) AS differs"]
        for prefix, name in (("a_", "before"), ("b_", "after"))[: 2 if self.is_pair else 1]:
            columns.append(f"{_words(f'r.{prefix}outcome', OUTCOMES)} AS outcome_{name}")
            columns.append(f"{_words(f'r.{prefix}path', PATHS)} AS path_{name}")
            for identity, (_, prefixes) in self.criteria.items():
                if prefix in prefixes:
                    words = _words(f'r."{prefix}c_{identity}"', STATUSES)
                    columns.append(f'{words} AS "{name}:{identity}"')
        sql = (
            f"SELECT {', '.join(columns)} FROM {_RESULTS} r JOIN {TABLE} t ON r.{ROW} = t.{ROW} "
            f"ORDER BY r.{ROW}"
        )
        self.session.raw(f"COPY ({sql}) TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")


def _status(place: int) -> str:
    return _ABSENT if place < 0 else STATUSES[place]


def _words(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"([{listed}])[{column} + 1]"
