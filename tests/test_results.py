"""Result licences: issued once, sealed, verified by anybody, collected, and told to the next application."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from engine.casework import Actor, Case, Command, CommandRefused
from engine.decision import EXEMPT_LABEL
from engine.hall import Hall
from engine.papers.identifiers import read_identifier
from engine.papers.seals import SealProblem
from engine.store import verify_case
from engine.store.attachments import attachments_in, stream_content
from hall_cases import AT, CLERK, ISSUER, PERSON, closed, granted, hall_in, later, sample, submitted


@pytest.fixture(scope="module")
def seals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seals")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory, seals: Path) -> Iterator[tuple[Hall, Case]]:
    """One case that is closed; the tests of this module read it, and what they add is nobody else's."""
    hall = hall_in(tmp_path_factory.mktemp("hall"), seals)
    yield hall, closed(hall, sample("approved"))
    hall.database.close()


def test_a_case_cannot_close_without_its_licence(tmp_path: Path) -> None:
    hall = hall_in(tmp_path)
    case = granted(hall, sample("approved"))
    assert (case.state, case.outcome) == ("issuing", "准予")
    with pytest.raises(CommandRefused) as refused:
        hall.perform(case.id, Command("close", ISSUER, AT))
    assert refused.value.reason == "no-result"


def test_the_licence_says_what_was_decided(issued: tuple[Hall, Case]) -> None:
    _, case = issued
    (licence,) = case.results
    applicant = sample("approved")["applicant"]
    assert (licence.holder_name, licence.holder_id) == (applicant["name"], applicant["id_number"])
    assert licence.fields["场所类型"] == sample("approved")["facts"]["场所类型"]
    assert licence.valid_until == date(2030, 11, 22)  # four years, the last day included
    assert read_identifier(licence.identifier).is_sound
    assert licence.issuer_name == case.department == "任城区卫生健康局"


def test_the_paper_is_kept_with_the_case_and_its_seal_holds(issued: tuple[Hall, Case]) -> None:
    from engine.papers.seal_reports import verify_pdf

    hall, case = issued
    with hall.database.read() as connection:
        (kept,) = attachments_in(connection, case=case.id)
        content = b"".join(stream_content(connection, kept.digest))
    assert (kept.digest, kept.media_type) == (case.results[0].paper, "application/pdf")
    report = verify_pdf(content, hall.seals.roots(), AT)
    assert report.is_intact
    assert report.is_demo
    spoilt = BytesIO(content)
    spoilt.seek(len(content) // 3)
    spoilt.write(bytes([content[len(content) // 3] ^ 1]))
    assert not verify_pdf(spoilt.getvalue(), hall.seals.roots(), AT).is_intact


def test_nothing_is_issued_twice(issued: tuple[Hall, Case]) -> None:
    hall, case = issued
    with pytest.raises(CommandRefused):
        hall.perform(case.id, Command("issue", ISSUER, AT))
    assert case.results[0].number == "卫公证字〔2026〕第370811000001号"


def test_whoever_gives_the_command_cannot_say_what_the_licence_says(tmp_path: Path) -> None:
    hall = hall_in(tmp_path)
    case = granted(hall, sample("approved"))
    forged = {"licence": {"holder_name": "别人", "identifier": "1.2"}, "tasks": [], "paper": "0"}
    case = hall.perform(case.id, Command("issue", ISSUER, AT, forged))
    assert case.results[0].holder_name == sample("approved")["applicant"]["name"]
    assert len(case.results[0].paper) == 64


def test_anybody_verifies_and_learns_no_more_than_needed(issued: tuple[Hall, Case]) -> None:
    hall, case = issued
    (licence,) = case.results
    found = hall.verify_licence(licence.identifier, AT)
    assert (found.status, found.number) == ("有效", licence.number)
    assert licence.holder_id not in (found.holder_id, found.holder)
    assert found.holder_id.startswith("923708")
    assert found.holder_id.endswith("011H")
    assert hall.verify_licence("1.2.156.3005.2.0", AT).status == "查无此证"
    assert hall.verify_licence(licence.identifier, later(4 * 365 + 1)).status == "失效"
    assert hall.verify_licence("", AT).status == "查无此证"


def test_a_shown_code_ends_soon_and_is_the_holder_s_alone(issued: tuple[Hall, Case]) -> None:
    hall, case = issued
    code, ends_at = hall.show_licence(case.id, PERSON.name, AT)
    assert hall.verify_licence(code, AT).is_in_force
    assert hall.verify_licence(code, ends_at).status == "查无此证"
    assert hall.verify_licence(code[:-1], AT).status == "查无此证"
    with pytest.raises(KeyError):
        hall.show_licence(case.id, "别人", AT)


def test_case_70_whoever_collects_is_verified(tmp_path: Path, seals: Path) -> None:
    hall = hall_in(tmp_path, seals)
    case = closed(hall, sample("approved"))

    def refusal(body: dict[str, str]) -> str:
        with pytest.raises(CommandRefused) as refused:
            hall.perform(case.id, Command("collect", ISSUER, AT, body))
        return refused.value.reason

    assert refusal({"way": "飞鸽"}) == "unknown-way"
    assert refusal({"way": "本人", "id_number": "370811198001010013"}) == "not-the-applicant"
    agent = {"way": "代理人", "name": "赵某", "id_number": "370811198001010013"}
    assert refusal(agent) == "collection-incomplete"
    assert refusal({"way": "邮寄", "address": "示例路1号"}) == "collection-incomplete"
    case = hall.perform(
        case.id, Command("collect", ISSUER, AT, agent | {"authorisation": "授权委托书已核验"})
    )
    assert case.results[0].handed["way"] == "代理人"
    assert refusal(agent | {"authorisation": "x"}) == "already-collected"


NEXT = """matter: next_step
title: 经营场所信用标识（示例）
type: 公共服务
level: 县级
organ: 示例机关
basis: {law: 示例办法, source: 仅供测试, verified: false}
materials:
  - id: licence
    title: 卫生许可证
    satisfied_by: public_venue_hygiene_licence
    resolve: [licence, upload]
    basis: {law: 示例办法, source: 仅供测试, verified: false}
"""


def test_a_licence_that_was_issued_exempts_in_the_next_application(
    tmp_path: Path, seals: Path
) -> None:
    """Through the library's hook: handed over by message, told like any other licence."""
    hall = hall_in(tmp_path, seals, {"rulesets/matters/next_step.yaml": NEXT})
    applying = {key: sample("approved")[key] for key in ("applicant", "region")}
    before = submitted(hall, applying, matter="next_step")
    assert before.decision["materials"][0]["status"] == "缺少"
    closed(hall, sample("approved"))
    assert hall.deliver(AT, "w") > 0
    again = applying | {"materials": {}}
    reason = {"duplicate_reason": "前次未提交材料"}
    case = hall.submit("next_step", again, Command("submit", PERSON, later(1), reason))
    material = case.decision["materials"][0]
    assert (material["status"], material["label"]) == ("免提交", EXEMPT_LABEL)


def test_its_end_is_told_once_in_time_and_then_recorded(tmp_path: Path, seals: Path) -> None:
    hall = hall_in(tmp_path, seals)
    case = closed(hall, sample("approved"))
    assert hall.tick(later(365), "w") == 0
    month_before = later(4 * 365 - 29)
    hall.tick(month_before, "w")
    hall.tick(month_before, "w")
    kinds = [r.event.kind for r in hall.history(case.id)]
    assert kinds.count("remind_expiry") == 1
    hall.tick(later(4 * 365 + 2), "w")
    assert hall.case(case.id).results[0].status == "失效"
    with hall.database.read() as connection:
        assert verify_case(connection, case.id) is None


def test_every_evaluation_is_replayed_to_the_byte(issued: tuple[Hall, Case]) -> None:
    hall, case = issued
    replayed = hall.replay(case.id)
    assert replayed
    assert all(one.agrees for one in replayed)


def test_only_an_issuer_issues(tmp_path: Path) -> None:
    hall = hall_in(tmp_path)
    case = granted(hall, sample("approved"))
    for actor in (CLERK, PERSON, Actor("陈晓", "reviewer", "任城区卫生健康局")):
        with pytest.raises(CommandRefused):
            hall.perform(case.id, Command("issue", actor, AT))
    assert submitted(hall, sample("commitment")).results == ()


def test_a_seal_that_fails_is_put_on_later_and_nothing_is_numbered_twice(
    tmp_path: Path, seals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = hall_in(tmp_path, seals)
    case = granted(hall, sample("approved"))

    def broken(*_: object) -> None:
        raise SealProblem("密钥设备没有答复 / the key does not answer")

    with monkeypatch.context() as failing:
        failing.setattr(hall.seals, "seal_of", broken)
        with pytest.raises(SealProblem):
            hall.perform(case.id, Command("issue", ISSUER, AT))
        issued = hall.case(case.id)
        assert [licence.paper for licence in issued.results] == [""]
        with pytest.raises(CommandRefused) as refused:
            hall.perform(case.id, Command("close", ISSUER, AT))
        assert refused.value.reason == "not-sealed"
        hall.tick(AT, "w")
        assert hall.case(case.id).results[0].paper == ""
    hall.tick(later(1), "w")
    sealed = hall.perform(case.id, Command("close", ISSUER, later(1)))
    assert len(sealed.results) == 1
    assert len(sealed.results[0].paper) == 64
    assert sealed.results[0].identifier == issued.results[0].identifier
