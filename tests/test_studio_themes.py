"""一件事 on the screens: asked once, handled apart, seen as a whole."""

import re
from typing import Any

import pytest
from flask import Flask

from engine import Actor, Case, Command, ThemeCase, read_json, submit_theme
from studio.accounts import Account, Accounts
from studio_visitor import ACCOUNTS, NOW, ROOT, Visitor, make_studio

THEME = "open_restaurant"
SAMPLES = ROOT / "rulesets" / "samples" / "themes" / THEME


OFFICIAL = ("现场核查人员数", "现场核查结论", "消防检查人员数", "消防检查结论")


def sample(name: str = "all_granted") -> dict[str, Any]:
    """A sample as an applicant may hand it in: what officers find is theirs to say."""
    found: dict[str, Any] = read_json((SAMPLES / f"{name}.json").read_bytes())
    found["facts"] = {name: v for name, v in found["facts"].items() if name not in OFFICIAL}
    return found


def hand_in(app: Flask, name: str = "all_granted", key: str = "", **facts: Any) -> ThemeCase:
    application = sample(name)
    application["facts"] |= facts
    told = {"duplicate_reason": "另一处"}
    command = Command("submit", Actor("applicant", "applicant"), NOW, told, key)
    return submit_theme(app.extensions["desk"].hall, THEME, application, command)


def part(whole: ThemeCase, matter: str) -> Case:
    return next(case for case in whole.cases if case.matter == matter)


def words(page: str) -> str:
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_studio()


# --- the desk --------------------------------------------------------------------------------


def test_handlers_see_the_whole_and_the_way_to_their_own_parts_only() -> None:
    names = dict(ACCOUNTS.by_name)
    old = names["reviewer"]
    served = ("任城区市场监督管理局",)
    names["reviewer"] = Account("reviewer", "reviewer", old.password_hash, old.person, served)
    app = make_studio(accounts=Accounts(names))
    whole = hand_in(app)
    food = part(whole, "food_business_licence")
    assert food.department == served[0]
    others = [case for case in whole.cases if case.department != served[0]]
    assert others
    page = Visitor(app, "reviewer").get(f"/desk/cases/{food.id}").text
    assert "一件事：" in page
    for case in others:
        assert case.title in page
        assert case.department in page
        assert f"/desk/cases/{case.id}" not in page
        assert case.number not in page
    everywhere = Visitor(app, "clerk").get(f"/desk/cases/{food.id}").text
    for case in whole.cases:
        assert f"/desk/cases/{case.id}" in everywhere


def test_a_part_that_is_not_needed_is_told_to_handlers_with_its_reason(app: Flask) -> None:
    whole = hand_in(app, "take_away")
    page = words(Visitor(app, "clerk").get(f"/desk/cases/{whole.cases[0].id}").text)
    assert whole.not_needed
    for title, reason in whole.not_needed:
        assert re.search(f"{re.escape(title)} 不须办理 ?：? ?{re.escape(reason)}", page)


def test_a_case_asked_for_alone_tells_of_no_theme(app: Flask) -> None:
    alone = read_json((ROOT / "rulesets/samples/public_venue_hygiene/approved.json").read_bytes())
    command = Command("submit", Actor("applicant", "applicant"), NOW)
    case = app.extensions["desk"].hall.submit("public_venue_hygiene", alone, command)
    assert "一件事" not in Visitor(app, "clerk").get(f"/desk/cases/{case.id}").text
