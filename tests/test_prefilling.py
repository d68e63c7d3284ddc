"""What registers fill in before the applicant is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.decision import Application, Prefilling, prefill
from engine.hooks import Answer, Applicant, FactAnswer, Licence, Question, Source
from engine.workspace import Workspace

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 22)
MATTER = "public_venue_hygiene"
PERSON = Applicant("示例美发店", "统一社会信用代码", "92370811MA3C00011H", "个体工商户")
LICENCE = Licence(
    type="business_licence", number="YS-1", holder_name="示例美发店", holder_id=PERSON.id_number,
    status="有效", issued_on=date(2024, 3, 1), valid_until=None, issuer_name="", issuer_id="",
    region="370811000000", fields={"经营场所": "示例路1号", "经营面积": Decimal("42.50")},
)  # fmt: skip


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace.load(ROOT)


def filled(workspace: Workspace, *answers: Answer, person: Applicant = PERSON) -> Prefilling:
    source = Source("library", "证照库", "licences", lambda _: answers, 5)
    facts = Source("facts", "登记", "facts", lambda _: (), 5)
    application = Application(applicant=person, region="370811")
    return prefill(workspace, MATTER, application, on=DAY, sources=(source, facts))


def test_the_form_and_the_fact_may_each_name_where_from(workspace: Workspace) -> None:
    given = filled(workspace, LICENCE).given
    assert {name: p.value for name, p in given.items()} == {
        "经营场所": "示例路1号",
        "营业面积": "42.5",
    }
    assert given["经营场所"].zh == "电子证照：营业执照 YS-1"


@pytest.mark.parametrize(
    "changed",
    [
        replace(LICENCE, status="吊销"),
        replace(LICENCE, valid_until=date(2026, 11, 21)),
        replace(LICENCE, fields={}),
        replace(LICENCE, fields={"经营面积": "很大"}),
    ],
    ids=["revoked", "expired", "without fields", "of another type"],
)
def test_what_is_no_longer_true_or_does_not_fit_is_left_out(
    workspace: Workspace, changed: Licence
) -> None:
    assert filled(workspace, changed).given == {}


def test_nobody_is_filled_in_from_anothers_licence(workspace: Workspace) -> None:
    assert filled(workspace, LICENCE, person=replace(PERSON, id_number="")).given == {}


def test_the_latest_licence_counts(workspace: Workspace) -> None:
    fields = {"经营场所": "示例路9号"}
    later = replace(LICENCE, number="YS-2", issued_on=date(2025, 1, 1), fields=fields)
    assert filled(workspace, LICENCE, later).given["经营场所"].value == "示例路9号"


def test_a_register_of_facts_fills_in_too(workspace: Workspace) -> None:
    def tell(question: Question) -> Sequence[Answer]:
        return (FactAnswer("卫生管理人员数", 2, "从业登记"),)

    source = Source("staff", "从业登记", "facts", tell, 5)
    application = Application(applicant=PERSON, region="370811")
    file = f"rulesets/matters/{MATTER}.yaml"
    text = (ROOT / file).read_text(encoding="utf-8")
    own = text.replace(
        "卫生管理人员数: {type: integer,", "卫生管理人员数: {type: integer, source: staff,"
    )
    asked = workspace.with_text(file, own)
    given = prefill(asked, MATTER, application, on=DAY, sources=(source,)).given
    assert {name: p.value for name, p in given.items()} == {"卫生管理人员数": 2}


def test_a_silent_register_is_told_of(workspace: Workspace) -> None:
    def fail(_: Question) -> Sequence[Answer]:
        raise OSError("no line")

    source = Source("library", "证照库", "licences", fail, 5)
    application = Application(applicant=PERSON, region="370811")
    found = prefill(workspace, MATTER, application, on=DAY, sources=(source,))
    assert found.given == {}
    assert "证照库" in found.unreachable[0].zh
