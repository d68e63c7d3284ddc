"""What handlers see of the 一件事 that a case is part of: the other parts, each as far as they may."""

from collections.abc import Callable
from dataclasses import dataclass

from engine import Case, theme_of_case
from studio.desk import Desk


@dataclass(frozen=True)
class Sibling:
    """Another part. Of a case that is not in sight, nothing but title, department and state."""

    title: str
    department: str
    state: tuple[str, str]
    case_id: str = ""  # empty where the one who asks may not open it
    number: str = ""


@dataclass(frozen=True)
class Family:
    """The theme that a case was asked for in, and what else was asked for with it."""

    title: str
    status: str
    siblings: tuple[Sibling, ...]
    not_needed: tuple[tuple[str, str], ...]  # title of the part, reason


def family_of(desk: Desk, case: Case, sees: Callable[[Case], bool]) -> Family | None:
    """None where the case was asked for alone. `sees` tells which cases may be opened."""
    whole = theme_of_case(desk.hall, case.id)
    if whole is None:
        return None
    others = tuple(_sibling(desk, other, sees) for other in whole.cases if other.id != case.id)
    return Family(whole.title, whole.status, others, whole.not_needed)


def _sibling(desk: Desk, case: Case, sees: Callable[[Case], bool]) -> Sibling:
    state = desk.hall.flow(case).states[case.state]
    told = (case.title, case.department, (state.title, state.title_en))
    return Sibling(*told, case.id, case.number) if sees(case) else Sibling(*told)
