"""The page that compares two versions of a matter."""

import pytest

from studio_visitor import ROOT, Visitor, make_studio

URL = "/matters/public_venue_hygiene/changes"


@pytest.fixture
def policy() -> Visitor:
    return Visitor(make_studio(ROOT), "policy")


def test_the_version_in_force_is_compared_with_the_one_before(policy: Visitor) -> None:
    page = policy.get(URL).text
    assert "审查要点新增“场所须办理许可，不是只需备案”" in page
    assert '<option value="2025-01-20" selected>' in page
    assert "收紧" in page
    assert "tightens" in policy.get(f"{URL}?lang=en").text


def test_the_other_way_round_what_was_new_is_dropped(policy: Visitor) -> None:
    page = policy.get(f"{URL}?before=2025-01-20&after=2019-04-23").text
    assert "审查要点删除“场所须办理许可，不是只需备案”" in page


def test_a_matter_with_one_version_says_so(policy: Visitor) -> None:
    assert "只有一个版本" in policy.get("/matters/old_age_allowance/changes").text


@pytest.mark.parametrize(
    "query", ["before=2020-01-01", "after=x", "before=2025-13-01", "after=%F0%9F%98%80"]
)
def test_a_day_without_a_version_is_not_found(policy: Visitor, query: str) -> None:
    assert policy.get(f"{URL}?{query}").status_code == 404


def test_an_unknown_matter_is_not_found(policy: Visitor) -> None:
    assert policy.get("/matters/nothing/changes").status_code == 404
