"""A register kept in one file of the workspace, as a source: the same settings for every one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final, Generic, Literal, TypeVar

from engine import Answer, Question, Source
from plugins.kept_records import KeptRecords, Record
from plugins.table_file import Register, Row

# The first question after a change reads the whole file.
LONGEST_READING: Final = 10
KEYS: Final = ("enabled", "path", "title", "time_limit")

AnswerT = TypeVar("AnswerT", bound=Answer)


@dataclass(frozen=True)
class RegisterFile(Generic[AnswerT]):
    """What a register is when nothing is set, how its rows are read, and which it may tell."""

    name: str
    kind: Literal["licences", "credit"]
    title: str
    path: str
    subject: str  # the column that says whom a row is about
    read_row: Callable[[Row], AnswerT]
    may_tell: Callable[[AnswerT, Question], bool]
    kept: str  # the folder of what messages brought
    outlasts: Callable[[Record, Record], bool]
    read_kept: Callable[[Record], AnswerT]

    def records(self, root: Path) -> KeptRecords:
        """What messages brought, beside the file."""
        return KeptRecords(root / self.kept, self.outlasts)

    def sources(self, settings: Mapping[str, object], root: Path) -> Sequence[Source]:
        """One source; none when nothing was set and the file is not there.

        Raises ValueError for a setting that is not known or a file that was set and is missing.
        """
        shown, title, time_limit = self._settled(settings)
        path = root / shown
        kept, register = self.records(root), None
        if path.is_file():
            register = Register(path, shown, self.subject, self.read_row)
        elif "path" in settings:
            raise ValueError(f"找不到 {shown} / there is no such file")
        elif not kept.is_there:
            return []

        def ask(question: Question) -> Sequence[Answer]:
            found = register.find(question.known_ids) if register else []
            found += map(self.read_kept, kept.find(question.known_ids))
            return [record for record in found if self.may_tell(record, question)]

        examine = register.problems if register else None
        return [Source(self.name, title, self.kind, ask, time_limit, examine=examine)]

    def _settled(self, settings: Mapping[str, object]) -> tuple[str, str, float]:
        """The file, the title and the time limit in seconds."""
        unknown = sorted(set(settings) - set(KEYS))
        if unknown:
            raise ValueError(f"没有设置项 {unknown[0]}，可用：{'、'.join(KEYS)} / unknown setting")
        shown = settings.get("path", self.path)
        title = settings.get("title", self.title)
        limit = settings.get("time_limit", LONGEST_READING)
        if not isinstance(shown, str) or not isinstance(title, str):
            raise ValueError("path 和 title 应是文本 / path and title must be text")
        if not isinstance(limit, int | float | Decimal):
            raise ValueError("time_limit 应是秒数 / time_limit must be a number of seconds")
        return shown, title, float(limit)
