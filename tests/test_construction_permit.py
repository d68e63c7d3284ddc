"""The limits below which works need no permit, against a naive reading of each region's own words."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Decision, decide
from shipped import ON, sample, workspace

# domain.md C7: investment in yuan, area in m², and whether the very figure needs no permit either.
NATIONAL = (Decimal(300_000), True, Decimal(300), True)
MILLION = (Decimal(1_000_000), True, Decimal(500), True)
LIMITS = {
    "370811": NATIONAL,
    "440000": MILLION,
    "350000": MILLION,
    "640000": MILLION,
    "510100": MILLION,
    "420000": MILLION,
    "230000": MILLION,
    "330000": (Decimal(2_000_000), False, Decimal(1000), False),
    "110000": (Decimal(1_000_000), False, Decimal(300), True),
}
CENT = Decimal("0.01")
FIGURES = [limit[n] for limit in LIMITS.values() for n in (0, 2)]
AMOUNTS = st.sampled_from([x + d for x in FIGURES for d in (-CENT, Decimal(0), CENT)])


def limits(region: str, private: bool) -> tuple[Decimal, bool, Decimal, bool]:
    """北京 has limits of its own for private investment only."""
    return NATIONAL if region == "110000" and not private else LIMITS[region]


def is_small(region: str, private: bool, investment: Decimal, area: Decimal) -> bool:
    most, with_most, widest, with_widest = limits(region, private)
    cheap = investment <= most if with_most else investment < most
    narrow = area <= widest if with_widest else area < widest
    return cheap or narrow


def decided(region: str, **facts: Any) -> Decision:
    application = sample("construction_permit")
    application["region"] = region
    application["facts"] |= facts
    return decide(workspace(), "construction_permit", application, on=ON)


def status(decision: Decision, criterion: str) -> str:
    return next(str(c.status) for c in decision.criteria if c.id == criterion)


@pytest.mark.parametrize("private", [True, False], ids=["private", "public"])
@pytest.mark.parametrize("region", LIMITS)
@given(investment=AMOUNTS, area=AMOUNTS)
@settings(max_examples=25, deadline=None)
def test_works_need_no_permit_where_either_figure_is_within_the_limit(
    region: str, private: bool, investment: Decimal, area: Decimal
) -> None:
    decision = decided(region, 社会投资=private, 工程投资额=str(investment), 建筑面积=str(area))
    small = is_small(region, private, investment, area)
    assert decision.outcome == ("不予受理" if small else "准予")
    assert status(decision, "not_split") == ("满足" if small else "不适用")


@pytest.mark.parametrize("region", ["370811", "330000", "110000"])
@given(
    own=st.tuples(AMOUNTS, AMOUNTS),
    others=st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_works_on_one_plot_are_counted_together_and_a_split_goes_to_a_person(
    region: str, own: tuple[Decimal, Decimal], others: list[tuple[Decimal, Decimal]]
) -> None:
    decision = decided(
        region,
        工程投资额=str(own[0]),
        建筑面积=str(own[1]),
        同宗地有其他工程=True,
        同宗地其他工程=[
            {"工程名称": f"{n}段", "工程投资额": str(investment), "建筑面积": str(area)}
            for n, (investment, area) in enumerate(others)
        ],
    )
    alone = is_small(region, True, *own)
    together = is_small(
        region, True, own[0] + sum(x for x, _ in others), own[1] + sum(y for _, y in others)
    )
    expected = "不予受理" if together else "待核" if alone else "准予"
    assert decision.outcome == expected


def test_what_is_not_known_of_a_plot_keeps_the_works_waiting_and_refuses_nothing() -> None:
    decision = decided("370811", 工程投资额="900000", 建筑面积="280", 同宗地有其他工程=None)
    assert decision.outcome == "待核"
