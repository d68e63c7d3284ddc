"""Receipts are digests of one way of writing JSON, whoever writes it."""

import json
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import decide, decision_to_json
from engine.decision.plain_json import canonical, canonical_by_json, plain_copy, to_plain
from engine.decision.tables import Verdicts
from engine.decision.values import Reason
from shipped import MATTERS, ON, sample, workspace

texts = st.text(st.characters(), max_size=6)  # surrogates too
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.decimals(allow_nan=False, allow_infinity=False).filter(lambda d: abs(d.adjusted()) < 90),
    texts,
    st.dates(),
    st.times(),
    st.builds(Verdicts, st.integers(0, 5), st.integers(0, 31), st.just(0)),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(texts, inner, max_size=3),
        st.dictionaries(texts, inner, max_size=3).map(MappingProxyType),
        st.builds(Reason, inner, inner),
    ),
    max_leaves=8,
)


@given(values)
def test_both_writers_write_the_same_bytes(value: Any) -> None:
    assert canonical(value) == canonical_by_json(value)


@given(values)
def test_a_quick_copy_is_the_plain_value(value: Any) -> None:
    assert plain_copy(value) == to_plain(value)


@given(st.dictionaries(texts, leaves | st.dictionaries(texts, leaves), max_size=5))
def test_a_quick_copy_keeps_the_order_of_facts(facts: dict[str, Any]) -> None:
    assert json.dumps(plain_copy(facts)) == json.dumps(to_plain(facts))


@given(values)
def test_what_is_written_reads_back_as_the_plain_value(value: Any) -> None:
    assert json.loads(canonical(value).decode("utf-8", "surrogatepass")) == to_plain(value)


@given(st.dictionaries(texts, leaves, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_count(value: dict[str, Any], rng: Any) -> None:
    entries = list(value.items())
    rng.shuffle(entries)
    assert canonical(dict(entries)) == canonical(value)


@pytest.mark.parametrize("matter", MATTERS)
def test_a_whole_decision_is_written_alike(matter: str) -> None:
    decision = decide(workspace(), matter, sample(matter), on=ON)
    assert canonical(decision) == canonical_by_json(decision)
    assert json.loads(canonical(decision)) == json.loads(json.dumps(decision_to_json(decision)))


def test_plain_values_keep_every_digit() -> None:
    plain = to_plain({"面积": Decimal("12.50"), "人数": Decimal("3"), "日": date(2026, 1, 2)})
    assert plain == {"面积": "12.5", "人数": 3, "日": "2026-01-02"}
    assert to_plain([time(8, 30), ("a",)]) == ["08:30:00", ["a"]]
