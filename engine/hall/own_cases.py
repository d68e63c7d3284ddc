"""An applicant's own cases: nobody else's are found."""

from sqlalchemy import select

from engine.casework import Case
from engine.definitions import Flow, FlowState
from engine.hall.hall import Hall
from engine.store import read_case
from engine.store.event_log import fold_case
from engine.store.tables import case_table


def cases_of(hall: Hall, owner: str) -> tuple[Case, ...]:
    """Somebody's cases, the last handed in first."""
    query = select(case_table.c.id).where(case_table.c.owner == owner)
    ordered = query.order_by(case_table.c.submitted_at.desc(), case_table.c.id)
    with hall.database.read() as connection:
        found = connection.execute(ordered).scalars().all()
        return tuple(fold_case(read_case(connection, case_id)) for case_id in found)


def case_numbered(hall: Hall, number: str) -> Case:
    """The case with a number. Raises KeyError."""
    query = select(case_table.c.id).where(case_table.c.number == number)
    with hall.database.read() as connection:
        case_id = connection.execute(query).scalar_one_or_none()
        if case_id is None:
            raise KeyError(number)
        return fold_case(read_case(connection, case_id))


def state_of(hall: Hall, case: Case) -> FlowState:
    """The state that a case is in, as its own flow describes it."""
    with hall.database.read() as connection:
        workspace = hall.pinned(connection, case)
    flow = workspace.file("flow", case.flow, case.since[case.state]).definition
    assert isinstance(flow, Flow)
    return flow.states[case.state]
