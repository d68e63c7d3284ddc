"""Several processes that read and check a share of the files each, where there are many.

A process keeps what it has shaped: the files that it read are the files that it checks. Where a
process cannot be forked, or is lost, its share is done here: the answer is the same.
"""

import multiprocessing
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any

from engine.checks.checking import check_one
from engine.checks.memory import Finding
from engine.workspace import Header, Workspace, noted

_MANY = 200  # files; fewer are done sooner than a process is started


class Crew:
    """Use as a context: its processes end with it."""

    def __init__(self, workspace: Workspace, size: int) -> None:
        self._workspace, self._size = workspace, size
        self._members: list[tuple[ForkProcess, Connection]] = []

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _, line in self._members:
            line.close()  # which is what ends the other end
        for process, _ in self._members:
            process.join(timeout=5)
            process.kill()

    def read_headers(self, names: Sequence[str]) -> None:
        """Makes known what each file defines."""
        found = self._shared_out("headers", names)
        for name, header in found.items():
            self._workspace.files[name].recall(header)
        if found:
            self._shared_out("recall", (), found)
        for name in names:
            _ = self._workspace.files[name].header

    def check(self, names: Sequence[str]) -> dict[str, Finding]:
        """What each file is reported for. All headers must be known."""
        found: dict[str, Finding] = self._shared_out("check", names)
        missing = (name for name in names if name not in found)
        return found | {name: find(self._workspace, name) for name in missing}

    def _shared_out(
        self, task: str, names: Sequence[str], known: Mapping[str, Header] | None = None
    ) -> dict[str, Any]:
        """What the members answer by file; nothing of a member that was lost, or if there is none."""
        if not self._members and len(names) >= _MANY:
            self._members = list(_started(self._workspace, self._size))
        shares: list[list[str]] = [[] for _ in self._members]
        for name in names if shares else ():
            shares[_share(name, len(shares))].append(name)
        answered: dict[str, Any] = {}
        at_work = []
        for member, share in zip(self._members, shares, strict=True):
            try:
                member[1].send((task, share, known or {}))
                at_work.append(member)
            except OSError:  # lost: what it would have answered is done here
                continue
        for _, line in at_work:
            try:
                answered |= line.recv()
            except (EOFError, OSError):  # as above
                continue
        return answered


def _share(name: str, members: int) -> int:
    """A matter and its form have one stem, and so one reader."""
    return zlib.crc32(PurePosixPath(name).stem.encode("utf-8", "surrogatepass")) % members


def _started(workspace: Workspace, size: int) -> Iterable[tuple[ForkProcess, Connection]]:
    """Forked, so that texts are not sent; where threads run, a fork might find a lock taken."""
    if size < 2 or threading.active_count() > 1:
        return
    if "fork" not in multiprocessing.get_all_start_methods():
        return
    context = multiprocessing.get_context("fork")
    for _ in range(size):
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(workspace, theirs, ours), daemon=True)
        process.start()
        theirs.close()
        yield process, ours


def _serve(workspace: Workspace, line: Connection, other_end: Connection) -> None:
    other_end.close()
    while True:
        try:
            task, names, known = line.recv()
        except EOFError:
            return
        if task == "recall":
            for name, header in known.items():
                workspace.files[name].recall(header)
            line.send({})
        elif task == "headers":
            line.send({name: workspace.files[name].header for name in names})
        else:
            line.send({name: find(workspace, name) for name in names})


def find(workspace: Workspace, name: str) -> Finding:
    """What one file is reported for, and what its check asked of the others."""
    file = workspace.files[name]
    with noted() as questions:
        found = tuple(check_one(workspace, file))
    return Finding.of(file.header, found, questions)
