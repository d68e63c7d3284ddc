"""Checking a whole workspace in the least time: what still holds is kept, the rest is shared out.

The answer is the one that `check_workspace` gives, to the last diagnostic.
"""

import os

from engine.checks.checking import check_across
from engine.checks.crew import Crew
from engine.checks.memory import (
    Answers,
    memory_file,
    read_memory,
    remember,
    surroundings,
    write_memory,
)
from engine.diagnostics import Diagnostic, Diagnostics
from engine.workspace import Workspace, uncollected


def recheck_workspace(
    workspace: Workspace, *, remarks: bool = True, fresh: bool = False, jobs: int | None = None
) -> tuple[tuple[Diagnostic, ...], int]:
    """Every diagnostic of every definition, in reading order; and how many remarks were left out.

    Without `remarks`, those of severity info are only counted; with them, files that have some are
    checked anew. Takes from the memory of the last check what still holds, unless `fresh`, and
    leaves a new one. `jobs` is the number of processes; by default one for each processor there is.
    """
    path, around = memory_file(workspace.root), surroundings(workspace)
    memory = read_memory(None if fresh else path, around)
    files = workspace.files
    with uncollected(), Crew(workspace, jobs or os.cpu_count() or 1) as crew:
        memory.recall(workspace)
        crew.read_headers([name for name, file in files.items() if not file.has_header])
        answers = Answers(workspace)
        held = memory.holding(workspace, answers)
        if remarks:
            held = {name: finding for name, finding in held.items() if finding.is_whole}
        found = crew.check([name for name in files if name not in held])
        findings = {name: held.get(name) or found[name] for name in files}
        if found or len(findings) != len(memory.findings):
            write_memory(path, around, remember(workspace, findings, answers))
        problems = Diagnostics()
        for finding in findings.values():
            problems.extend(finding.problems)
            problems.extend(finding.remarks if remarks else ())
        problems.extend(check_across(workspace))
        left_out = 0 if remarks else sum(f.remark_count for f in findings.values())
        return problems.sorted(), left_out
