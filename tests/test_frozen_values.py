"""Quick frozen values: in every respect but time the standard library's frozen dataclasses."""

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel.frozen_values import frozen


@frozen
class Quick:
    """A value."""

    name: str
    value: object = None
    parts: Mapping[str, int] = field(default_factory=dict)
    number: int = 3


@dataclass(frozen=True, slots=True)
class Plain:
    """A value."""

    name: str
    value: object = None
    parts: Mapping[str, int] = field(default_factory=dict)
    number: int = 3


_GIVEN = st.fixed_dictionaries(
    {"name": st.text()},
    optional={
        "value": st.none() | st.integers() | st.text(),
        "parts": st.dictionaries(st.text(), st.integers()),
        "number": st.integers(),
    },
)


@given(_GIVEN, _GIVEN)
def test_they_hold_compare_and_show_as_the_standard_ones(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    quick, plain = Quick(**one), Plain(**one)
    assert repr(quick) == repr(plain).replace("Plain", "Quick")
    assert (quick == Quick(**other)) is (plain == Plain(**other))
    assert replace(quick, number=7) == Quick(**{**one, "number": 7})
    assert copy.deepcopy(quick) == copy.copy(quick) == pickle.loads(pickle.dumps(quick)) == quick


def test_they_are_declared_as_the_standard_ones() -> None:
    assert list(signature(Quick).parameters) == list(signature(Plain).parameters)
    assert [f.name for f in fields(Quick)] == [f.name for f in fields(Plain)]
    assert Quick.__doc__ == Plain.__doc__
    assert Quick.__match_args__ == Plain.__match_args__
    assert not hasattr(Quick("甲"), "__dict__")
    assert Quick("甲").parts is not Quick("甲").parts


def test_they_never_change() -> None:
    value = Quick("甲")
    with pytest.raises(FrozenInstanceError):
        value.name = "乙"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del value.name
    with pytest.raises(TypeError):
        Quick()  # type: ignore[call-arg]


def test_what_would_be_passed_over_is_refused() -> None:
    with pytest.raises(TypeError, match="base"):
        frozen(type("Derived", (Quick,), {}))
    with pytest.raises(TypeError, match="__post_init__"):
        frozen(type("Checked", (), {"__post_init__": lambda self: None}))
    absent = {"__annotations__": {"made": int}, "made": field(init=False, default=1)}
    with pytest.raises(TypeError, match="made"):
        frozen(type("Partial", (), absent))
