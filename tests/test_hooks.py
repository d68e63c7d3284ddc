"""The hooks: registration, the asking of registers that misbehave, replies that are replayed."""

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import Calendar, CalendarYear
from engine.hooks import (
    Answer,
    Applicant,
    CreditRecord,
    FactAnswer,
    IdentifierCheck,
    Licence,
    PluginError,
    Plugins,
    Question,
    Reply,
    Source,
    SourceStopped,
    ask_sources,
    check_source,
    collect_receivers,
    collect_sources,
    create_plugin_manager,
    describe_plugins,
    examine_sources,
    hookimpl,
    identify,
    regional_calendar,
    specification,
)
from engine.hooks.values import CALLS_PER_SOURCE
from engine.specs.shipped import step_catalogue
from engine.workspace import Workspace

ON = date(2026, 11, 22)
ME = "92370811MA3C00011H"
QUESTION = Question(
    matter="public_venue_hygiene",
    region="370811",
    on=ON,
    applicant=Applicant("济宁市任城区示例美发店", "统一社会信用代码", ME),
    facts={"从业人员": ["甲", "乙"]},
    wanted=("business_licence", "参保月数"),
)
LICENCE = Licence(
    type="business_licence",
    number="1",
    holder_name="济宁市任城区示例美发店",
    holder_id=ME,
    status="有效",
    issued_on=date(2024, 3, 1),
    valid_until=None,
    issuer_name="某局",
    issuer_id="11370811MB2800116K",
    region="370811000000",
    fields={"经营面积": Decimal("42.50"), "成立日期": date(2024, 3, 1)},
)
CREDIT = CreditRecord(ME, "行政处罚", None, date(2025, 1, 1), date(2027, 1, 1))
FACT = FactAnswer("参保月数", 7)
GOOD: dict[str, Answer] = {"licences": LICENCE, "credit": CREDIT, "facts": FACT}


def source(
    ask: Callable[[Question], Any], kind: Any = "facts", limit: float = 5.0, **rest: Any
) -> Source:
    return Source("register", "某登记系统", kind, ask, limit, **rest)


def ask_one(ask: Callable[[Question], Any], kind: str = "facts", limit: float = 5.0) -> Reply:
    (reply,) = ask_sources([source(ask, kind, limit)], QUESTION)
    return reply


def raise_it(error: BaseException) -> Any:
    raise error


# --- asking ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["licences", "credit", "facts"])
def test_a_good_answer_is_believed(kind: str) -> None:
    reply = ask_one(lambda _: [GOOD[kind]], kind)
    assert (reply.status, reply.answers, reply.problem_zh) == ("answered", (GOOD[kind],), "")


@pytest.mark.parametrize(
    "error", [ValueError("密码=hunter2"), SystemExit(3), KeyboardInterrupt(), RecursionError()]
)
def test_a_source_that_raises_is_unreachable_and_keeps_its_secrets(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "tongban.hooks"):
        reply = ask_one(lambda _: raise_it(error))
    assert reply.status == "unreachable"
    assert "待核" in reply.problem_zh
    assert type(error).__name__ in reply.problem_en
    assert "hunter2" not in reply.problem_zh + reply.problem_en
    assert caplog.records


def test_a_source_that_hangs_is_unreachable_after_its_time_limit() -> None:
    release = threading.Event()
    began = time.monotonic()
    reply = ask_one(lambda _: [FACT] if release.wait(30) else [], limit=0.2)
    release.set()
    assert reply.status == "unreachable"
    assert "0.2" in reply.problem_zh
    assert time.monotonic() - began < 5


def test_fifty_hanging_calls_do_not_take_fifty_threads() -> None:
    release = threading.Event()
    hanging = source(lambda _: [FACT] if release.wait(60) else [], limit=0.02)
    before = threading.active_count()
    replies = [ask_sources([hanging], QUESTION)[0] for _ in range(50)]
    assert {reply.status for reply in replies} == {"unreachable"}
    assert threading.active_count() - before <= CALLS_PER_SOURCE
    other = ask_one(lambda _: [FACT])
    assert other.status == "answered"
    release.set()
    patient = replace(hanging, time_limit=10.0)
    assert ask_sources([patient], QUESTION)[0].status == "answered"


def test_threads_are_kept_for_the_next_call() -> None:
    ask_one(lambda _: [FACT])
    before = threading.active_count()
    for _ in range(200):
        assert ask_one(lambda _: [FACT]).status == "answered"
    assert threading.active_count() <= before + 1


FORKING = """
import os, sys
from datetime import date
from engine.hooks import Applicant, Question, Source, ask_sources
source = Source("s", "s", "facts", lambda question: [], 5.0)
question = Question("m", "37", date(2026, 11, 22), Applicant("a", "b", "c"))
assert ask_sources([source], question)[0].status == "answered"
child = os.fork()
status = ask_sources([source], question)[0].status
if child == 0:
    os._exit(0 if status == "answered" else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_asks_with_threads_of_its_own() -> None:
    root = Path(__file__).parent.parent
    command = [sys.executable, "-W", "ignore", "-c", FORKING]
    assert subprocess.run(command, cwd=root, check=False).returncode == 0


def test_sources_are_asked_side_by_side_and_answer_in_order() -> None:
    def slow(_: Question) -> Sequence[Answer]:
        time.sleep(0.4)
        return [FACT]

    many = [replace(source(slow), name=f"s{n}") for n in range(5)]
    began = time.monotonic()
    replies = ask_sources(many, QUESTION)
    assert time.monotonic() - began < 1.9  # one after the other takes 2
    assert [reply.source for reply in replies] == [f"s{n}" for n in range(5)]


def test_a_source_that_must_answer_stops_the_decision() -> None:
    stopping = source(lambda _: raise_it(OSError()), on_failure="stop")
    with pytest.raises(SourceStopped) as raised:
        ask_sources([stopping], QUESTION)
    assert raised.value.reply.status == "unreachable"


def test_a_source_that_provides_nothing_wanted_is_not_asked() -> None:
    def never(_: Question) -> Any:
        raise AssertionError("asked")

    assert ask_sources([source(never, provides=("别的事实",))], QUESTION) == ()


@pytest.mark.parametrize(
    ("kind", "wanted", "is_asked"),
    [("facts", (), False), ("licences", (), False), ("credit", (), True), ("facts", None, True)],
)
def test_a_matter_that_wants_nothing_asks_for_nothing(
    kind: str, wanted: tuple[str, ...] | None, is_asked: bool
) -> None:
    question = replace(QUESTION, wanted=wanted)
    assert bool(ask_sources([source(lambda _: [], kind)], question)) is is_asked


def test_a_source_is_told_only_what_it_provides() -> None:
    seen: list[Question] = []

    def listen(question: Question) -> Sequence[Answer]:
        seen.append(question)
        return [FACT]

    ask_sources([source(listen, provides=("参保月数", "另一个"))], QUESTION)
    assert seen[0].wanted == ("参保月数",)


def test_a_source_cannot_change_the_facts_of_the_decision() -> None:
    def meddle(question: Question) -> Sequence[Answer]:
        question.facts["从业人员"].clear()  # type: ignore[attr-defined]
        return [FACT]

    ask_one(meddle)
    assert QUESTION.facts == {"从业人员": ["甲", "乙"]}


def test_a_source_cannot_change_who_applied_nor_what_it_was_asked() -> None:
    """Frozen is a promise of the type; a plugin can break it."""

    def meddle(question: Question) -> Sequence[Answer]:
        object.__setattr__(question.applicant, "id_number", "370811")
        object.__setattr__(question, "subjects", ("370811",))
        return [replace(LICENCE, holder_id="370811")]

    asked = replace(QUESTION, applicant=replace(QUESTION.applicant))
    (reply,) = ask_sources([source(meddle, "licences")], asked)
    assert asked == QUESTION
    assert reply.status == "nonsense"


def test_a_licence_of_no_holder_is_nobodys() -> None:
    nobody = replace(QUESTION, applicant=replace(QUESTION.applicant, id_number=""), subjects=("",))
    (reply,) = ask_sources([source(lambda _: [replace(LICENCE, holder_id="")], "licences")], nobody)
    assert (reply.status, reply.answers) == ("nonsense", ())


def test_answers_come_in_one_order_whatever_the_register_does() -> None:
    second = replace(LICENCE, number="2")
    one = ask_one(lambda _: [LICENCE, second], "licences")
    other = ask_one(lambda _: (second, LICENCE), "licences")
    assert one == other


def test_an_answer_shares_nothing_with_the_plugin() -> None:
    fields: dict[str, Any] = {"项目": ["空气", "水质"]}
    reply = ask_one(lambda _: [replace(LICENCE, fields=fields)], "licences")
    fields["项目"] = ["改了"]
    (licence,) = reply.answers
    assert isinstance(licence, Licence)
    assert licence.fields == {"项目": ("空气", "水质")}


def altered(answer: Any, **changes: Any) -> Any:
    """`replace` for values of the wrong type."""
    return replace(answer, **changes)


class Code(str):
    """Text with behaviour of its own."""


class Number(Decimal):
    """A number with behaviour of its own."""


class Trap(dict[str, Any]):
    """A mapping that raises when it is looked into."""

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("no")


NONSENSE: list[tuple[str, str, Any]] = [
    ("facts", "answers", None),
    ("facts", "answers", "文本"),
    ("facts", "answers", {"参保月数": 7}),
    ("facts", "answers", (x for x in [FACT])),
    ("licences", "answers", [LICENCE] * 1001),
    ("facts", "answers", [FACT, replace(FACT, value=8)]),
    ("facts", "answers[0]", [LICENCE]),
    ("facts", "answers[0]", [None]),
    ("facts", "value", [FactAnswer("参保月数", 7.5)]),  # type: ignore[arg-type]
    ("facts", "value", [FactAnswer("参保月数", float("nan"))]),  # type: ignore[arg-type]
    ("facts", "value", [FactAnswer("参保月数", Decimal("NaN"))]),
    ("facts", "value", [FactAnswer("参保月数", Decimal("1E+999"))]),
    ("facts", "value", [FactAnswer("参保月数", 2**62)]),
    ("facts", "value", [FactAnswer("参保月数", "长" * 10_001)]),
    ("facts", "value", [FactAnswer("参保月数", None)]),  # type: ignore[arg-type]
    ("facts", "value", [FactAnswer("参保月数", datetime(2026, 1, 1))]),
    ("facts", "value", [FactAnswer("参保月数", ("一", 2.0))]),  # type: ignore[arg-type]
    ("facts", "value", [FactAnswer("参保月数", Code("七"))]),
    ("facts", "value", [FactAnswer("参保月数", Number(7))]),
    ("facts", "name", [FactAnswer("没有问的", 7)]),
    ("facts", "name", [FactAnswer(7, 7)]),  # type: ignore[arg-type]
    ("licences", "holder_id", [replace(LICENCE, holder_id="别人")]),
    ("licences", "type", [replace(LICENCE, type="household_register")]),
    ("licences", "status", [replace(LICENCE, status="好")]),
    ("licences", "issued_on", [altered(LICENCE, issued_on="2024-03-01")]),
    ("licences", "issued_on", [replace(LICENCE, issued_on=datetime(2024, 3, 1))]),
    ("licences", "issued_on", [replace(LICENCE, issued_on=date(2027, 1, 1))]),
    ("licences", "valid_until", [replace(LICENCE, valid_until=date(2020, 1, 1))]),
    ("licences", "fields", [altered(LICENCE, fields=[("a", 1)])]),
    ("licences", "fields", [altered(LICENCE, fields={"面积": 42.5})]),
    ("licences", "fields", [replace(LICENCE, fields={f"f{n}": 1 for n in range(251)})]),
    ("credit", "subject_id", [replace(CREDIT, subject_id="别人")]),
    ("credit", "category", [replace(CREDIT, category="老赖")]),
    ("credit", "grade", [replace(CREDIT, grade="优")]),
    ("credit", "grade", [replace(CREDIT, category="公共信用综合评价")]),
    ("credit", "grade", [replace(CREDIT, category="公共信用综合评价", grade="A")]),
    ("credit", "disclosed_from", [replace(CREDIT, disclosed_from=date(2027, 1, 1))]),
    ("credit", "disclosed_until", [replace(CREDIT, disclosed_until=date(2024, 1, 1))]),
    ("credit", "repaired", [altered(CREDIT, repaired="否")]),
]


@pytest.mark.parametrize(("kind", "where", "answer"), NONSENSE)
def test_nonsense_is_never_an_answer(kind: str, where: str, answer: Any) -> None:
    reply = ask_one(lambda _: answer, kind)
    assert reply.status == "nonsense"
    assert reply.answers == ()
    assert where in reply.problem_en
    assert "待核" in reply.problem_zh


def test_one_bad_record_discredits_the_whole_answer() -> None:
    stranger = replace(LICENCE, holder_id="别人")
    reply = ask_one(lambda _: [LICENCE, stranger], "licences")
    assert (reply.status, reply.answers) == ("nonsense", ())


def test_an_answer_that_raises_when_looked_into_is_unreachable() -> None:
    reply = ask_one(lambda _: [replace(LICENCE, fields=Trap(a=1))], "licences")
    assert reply.status == "unreachable"


def test_a_person_the_application_names_may_be_answered_about() -> None:
    staff = replace(LICENCE, holder_id="11010519491231002X")
    question = replace(QUESTION, subjects=("11010519491231002X",))
    (reply,) = ask_sources([source(lambda _: [staff], "licences")], question)
    assert reply.answers == (staff,)


@pytest.mark.parametrize(
    ("record", "is_used"),
    [
        (replace(CREDIT, disclosed_until=ON), True),
        (replace(CREDIT, disclosed_until=date(2026, 11, 21)), False),
        (replace(CREDIT, disclosed_from=date(2021, 11, 22), disclosed_until=None), False),
        (replace(CREDIT, disclosed_from=date(2021, 11, 23), disclosed_until=None), True),
        (replace(CREDIT, disclosed_from=date(2020, 1, 1), disclosed_until=date(2030, 1, 1)), False),
    ],
)
def test_policy_case_52_credit_past_its_disclosure_is_withheld_and_said(
    record: CreditRecord, is_used: bool
) -> None:
    reply = ask_one(lambda _: [record], "credit")
    assert reply.status == "answered"
    assert (reply.answers == (record,)) is is_used
    assert ("披露" in reply.problem_zh) is not is_used


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit": 0.0},
        {"time_limit": 61.0},
        {"time_limit": float("nan")},
        {"kind": "fact"},
        {"on_failure": "ignore"},
        {"name": ""},
        {"title": ""},
        {"ask": None},
    ],
)
def test_a_source_is_checked_when_it_is_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="source"):
        replace(source(lambda _: []), **wrong)


def test_an_examination_that_raises_is_a_line_of_its_own() -> None:
    broken = source(lambda _: [], examine=lambda: raise_it(OSError("密码=hunter2")))
    fine = source(lambda _: [], examine=lambda: ["a.csv:3: 坏行"])
    lines = examine_sources([broken, source(lambda _: []), fine])
    assert len(lines) == 2
    assert "OSError" in lines[0]
    assert "hunter2" not in lines[0]
    assert lines[1] == "a.csv:3: 坏行"


# --- replies that are kept and replayed -------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(9**9)).map(
    lambda value: value.normalize() if value.adjusted() < 20 else Decimal(7)
)
scalars = st.one_of(texts, st.booleans(), st.integers(-(2**61), 2**61), decimals, st.dates())
values = st.one_of(scalars, st.lists(scalars, max_size=3).map(tuple))
days_or_none = st.none() | st.dates()
licences = st.builds(
    Licence,
    **dict.fromkeys(
        ["type", "number", "holder_name", "holder_id", "status", "issuer_name", "issuer_id"], texts
    ),
    issued_on=st.dates(),
    valid_until=days_or_none,
    region=texts,
    identifier=texts,
    fields=st.dictionaries(texts, values, max_size=3),
)
records = st.builds(
    CreditRecord, texts, texts, st.none() | texts, st.dates(), days_or_none, st.booleans(), texts
)
facts = st.builds(FactAnswer, texts, values, texts)
replies = st.one_of(
    *(
        st.builds(
            Reply,
            texts,
            st.just(kind),
            st.just("answered"),
            st.lists(answers, max_size=3).map(tuple),
            texts,
            texts,
        )
        for kind, answers in (("licences", licences), ("credit", records), ("facts", facts))
    )
)


@settings(max_examples=200, deadline=None)
@given(replies)
def test_a_reply_survives_storage_to_the_byte(reply: Reply) -> None:
    stored = json.dumps(reply.to_json(), ensure_ascii=False, allow_nan=False)
    again = Reply.from_json(json.loads(stored))
    assert again == reply
    assert json.dumps(again.to_json(), ensure_ascii=False) == stored


def test_equal_replies_are_stored_as_equal_bytes() -> None:
    turned = replace(LICENCE, fields=dict(sorted(LICENCE.fields.items())))
    assert list(turned.fields) != list(LICENCE.fields)
    one, other = (Reply("r", "licences", "answered", (x,)).to_json() for x in (LICENCE, turned))
    assert json.dumps(one) == json.dumps(other)


def stored_reply() -> dict[str, Any]:
    return json.loads(json.dumps(Reply("r", "licences", "answered", (LICENCE,)).to_json()))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda d: d.update(status="fine"),
        lambda d: d.update(kind="magic"),
        lambda d: d.update(extra=1),
        lambda d: d.pop("source"),
        lambda d: d.update(answers={}),
        lambda d: d["answers"][0].pop("number"),
        lambda d: d["answers"][0].update(issued_on="2026-02-30"),
        lambda d: d["answers"][0].update(issued_on=20260101),
        lambda d: d["answers"][0].update(number=7),
        lambda d: d["answers"][0]["fields"].update(经营面积=42.5),
        lambda d: d["answers"][0]["fields"].update(经营面积={"decimal": "x"}),
        lambda d: d["answers"][0]["fields"].update(经营面积={"decimal": "1", "date": "2026-01-01"}),
        lambda d: d["answers"][0]["fields"].update(经营面积=[[1]]),
        lambda d: d["answers"][0].update(fields=[]),
        lambda d: d.update(answers=[7]),
    ],
)
def test_a_tampered_reply_is_refused(tamper: Callable[[dict[str, Any]], object]) -> None:
    document = stored_reply()
    tamper(document)
    with pytest.raises(ValueError, match=r"expected|keys|decimal|not text|JSON"):
        Reply.from_json(document)


@pytest.mark.parametrize("document", [None, [], "x", 7])
def test_what_is_no_reply_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="reply"):
        Reply.from_json(document)


# --- registration -----------------------------------------------------------------------------


def workspace(folder: Path, **files: str) -> Path:
    (folder / "plugins").mkdir()
    for name, text in files.items():
        (folder / "plugins" / f"{name}.py").write_text(dedent(text), encoding="utf-8")
    return folder


def test_built_ins_come_first_and_in_a_fixed_order() -> None:
    manager = create_plugin_manager()
    names = [plugin.name for plugin in describe_plugins(manager) if plugin.origin == "built-in"]
    assert names == ["identity", "licence_library", "credit_register", "message_files"]


def test_the_built_ins_own_folder_is_not_read_twice() -> None:
    root = Path(__file__).parent.parent
    names = [plugin.name for plugin in describe_plugins(create_plugin_manager(root))]
    assert len(names) == len(set(names))
    assert "table_file" not in names


ONE_FILE = """
    \"\"\"某局的登记系统。\"\"\"
    from engine.hooks import FactAnswer, Source, hookimpl

    @hookimpl
    def register_sources(settings, root):
        months = settings.get("months", 7)
        ask = lambda question: [FactAnswer("参保月数", months)]
        return [Source("pension", "社保系统", "facts", ask, 2.0, provides=("参保月数",))]
"""


def test_hook_register_sources(tmp_path: Path) -> None:
    root = workspace(tmp_path, pension=ONE_FILE)
    manager = create_plugin_manager(root, {"pension": {"months": 12}})
    (described,) = [plugin for plugin in describe_plugins(manager) if plugin.origin == "file"]
    assert described.hooks == ("register_sources",)
    assert described.summary == "某局的登记系统。"
    assert described.place.endswith("plugins/pension.py")
    (reply,) = ask_sources(collect_sources(manager), QUESTION)
    assert reply.answers == (FactAnswer("参保月数", 12),)


def test_hook_register_receivers(tmp_path: Path) -> None:
    text = """
        from engine.hooks import Receiver, hookimpl
        taken = []
        @hookimpl
        def register_receivers(settings, root):
            return [Receiver("sms", settings["title"], ("notify",), taken.append)]
    """
    root = workspace(tmp_path, sms=text)
    manager = create_plugin_manager(root, {"sms": {"title": "短信"}})
    assert [r.title for r in collect_receivers(manager) if r.name == "sms"] == ["短信"]


def test_hook_check_identifier() -> None:
    class Department:
        @hookimpl(tryfirst=True)
        def check_identifier(self, kind: str, value: str, on: date) -> IdentifierCheck | None:
            if kind != "医师执业证书编码":
                return None
            return IdentifierCheck(kind, value, "valid", "", "")

    manager = create_plugin_manager()
    manager.register(Department(), "department")
    own = identify(manager, "医师执业证书编码", "110", ON)
    assert own is not None
    assert own.value == "110"
    citizen = identify(manager, "公民身份号码", "370811199002290011", ON)
    assert citizen is not None
    assert citizen.status == "invalid"
    assert identify(manager, "没有的种类", "1", ON) is None


@pytest.mark.parametrize("answer", [True, lambda: raise_it(KeyError("x"))])
def test_an_identifier_check_that_misbehaves_is_named(answer: Any) -> None:
    class Broken:
        @hookimpl(tryfirst=True)
        def check_identifier(self, kind: str) -> Any:
            return answer() if callable(answer) else answer

    manager = create_plugin_manager()
    manager.register(Broken(), "broken")
    with pytest.raises(PluginError, match=r"IdentifierCheck|KeyError"):
        identify(manager, "任意", "1", ON)


def test_hook_register_steps() -> None:
    class Catalogue:
        def __init__(self) -> None:
            self.phrases: dict[str, Callable[..., Any]] = {}

        def step(self, phrase: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
            return lambda function: self.phrases.setdefault(phrase, function)

    class Department:
        @hookimpl
        def register_steps(self, catalogue: specification.StepCatalogue) -> None:
            catalogue.step("参保满 {months} 个月")(lambda world, months: None)

    manager = create_plugin_manager()
    manager.register(Department(), "department")
    catalogue = Catalogue()
    manager.hook.register_steps(catalogue=catalogue)
    assert list(catalogue.phrases) == ["参保满 {months} 个月"]


def test_hook_calendar_year() -> None:
    own = CalendarYear(2026, frozenset({date(2026, 2, 18)}), frozenset(), "自治区通知")

    class Region:
        @hookimpl
        def calendar_year(self, region: str, year: int) -> CalendarYear | None:
            return own if (region, year) == ("540000", 2026) else None

    manager = create_plugin_manager()
    national = Calendar.of([CalendarYear(2026, frozenset(), frozenset(), "国办通知")])
    assert regional_calendar(manager, "540000", national, range(2025, 2030)) is national
    manager.register(Region(), "region")
    calendar = regional_calendar(manager, "540000", national, range(2025, 2030))
    assert calendar.years == {2026: own}
    assert not calendar.is_working_day(date(2026, 2, 18))
    assert regional_calendar(manager, "370000", national, range(2025, 2030)) is national


@pytest.mark.parametrize(
    "answer",
    [
        2026,
        CalendarYear(2025, frozenset(), frozenset(), "x"),
        lambda: raise_it(OSError("线路")),
    ],
)
def test_a_calendar_that_misbehaves_is_named(answer: Any) -> None:
    class Broken:
        @hookimpl
        def calendar_year(self, year: int) -> Any:
            return answer() if callable(answer) else answer

    manager = create_plugin_manager()
    manager.register(Broken(), "broken")
    with pytest.raises(PluginError, match=r"CalendarYear of 2026|OSError"):
        regional_calendar(manager, "370000", Calendar({}), [2026])


def hook_names() -> list[str]:
    manager = create_plugin_manager()
    return sorted(name for name, caller in vars(manager.hook).items() if caller.has_spec())


def test_every_hook_has_a_test_named_after_it() -> None:
    assert [name for name in hook_names() if f"test_hook_{name}" not in globals()] == []


BROKEN = {
    "syntax": ("def broken(:\n", "SyntaxError"),
    "raises": ("1 / 0\n", "ZeroDivisionError"),
    "exits": ("import sys; sys.exit(1)\n", "SystemExit"),
    "misspelt": (
        "from engine.hooks import hookimpl\n@hookimpl\ndef register_source(settings): ...\n",
        "是否想写 register_sources",
    ),
    "unheard": (
        "from engine.hooks import hookimpl\n@hookimpl\ndef frobnicate(): ...\n",
        "calendar_year",
    ),
    "argument": (
        "from engine.hooks import hookimpl\n@hookimpl\ndef register_sources(setings): ...\n",
        "setings",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_named_with_its_file(name: str, tmp_path: Path) -> None:
    text, expected = BROKEN[name]
    with pytest.raises(PluginError) as raised:
        create_plugin_manager(workspace(tmp_path, **{name: text}))
    (problem,) = raised.value.problems
    assert problem.place.endswith(f"plugins/{name}.py")
    assert expected in problem.message_zh


def test_every_broken_plugin_is_reported_at_once(tmp_path: Path) -> None:
    files = {name: text for name, (text, _) in BROKEN.items()}
    with pytest.raises(PluginError) as raised:
        create_plugin_manager(workspace(tmp_path, **files))
    assert len(raised.value.problems) == len(BROKEN)


def test_a_name_is_taken_only_once(tmp_path: Path) -> None:
    root = workspace(tmp_path, identity="x = 1\n")
    with pytest.raises(PluginError, match=r"已被 plugins\.identity 使用"):
        create_plugin_manager(root)
    manager = create_plugin_manager(root, {"identity": {"enabled": False}})
    assert "identity" not in [plugin.name for plugin in describe_plugins(manager)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return None", "Source"),
        ("return [7]", "Source"),
        ("raise OSError('线路')", "OSError"),
        ("return [Source('', 't', 'facts', print, 1.0)]", "ValueError"),
        ("return [Source('s', 't', 'facts', print, 1.0)] * 2", "taken"),
    ],
)
def test_a_plugin_whose_sources_are_wrong_is_named(
    body: str, expected: str, tmp_path: Path
) -> None:
    text = f"""
        from engine.hooks import Source, hookimpl

        @hookimpl
        def register_sources(settings, root):
            {body}
    """
    manager = create_plugin_manager(workspace(tmp_path, wrong=text))
    with pytest.raises(PluginError, match=expected) as raised:
        collect_sources(manager)
    assert raised.value.problems[0].plugin == "wrong"


def test_nothing_is_registered_by_importing_the_package() -> None:
    code = "import sys, engine.hooks; print(any(m.startswith('plugins') for m in sys.modules))"
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def leave(folder: Path, hook: str, body: str) -> Plugins:
    text = f"""
        import sys
        from engine.hooks import Source, hookimpl

        class Odd(BaseException): ...

        @hookimpl(tryfirst=True)
        def {hook}:
            {body}
    """
    return create_plugin_manager(workspace(folder, leaving=text))


LEAVING = ["sys.exit(0)", "raise KeyboardInterrupt", "raise Odd('x')", "raise GeneratorExit"]


@pytest.mark.parametrize("body", LEAVING)
def test_a_hook_that_would_end_the_process_is_a_problem_of_its_plugin(
    body: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sources = leave(tmp_path_factory.mktemp("s"), "register_sources(settings, root)", body)
    with pytest.raises(PluginError, match=r"leaving\.py"):
        collect_sources(sources)
    numbers = leave(tmp_path_factory.mktemp("n"), "check_identifier(kind, value, on)", body)
    with pytest.raises(PluginError, match=r"leaving\.py"):
        identify(numbers, "公民身份号码", "1", ON)
    years = leave(tmp_path_factory.mktemp("y"), "calendar_year(region, year)", body)
    with pytest.raises(PluginError, match="370000"):
        regional_calendar(years, "370000", Calendar({}), [2026])
    text = f"import sys\nclass Odd(BaseException): ...\n{body}\n"
    root = workspace(tmp_path_factory.mktemp("i"), leaving=text)
    with pytest.raises(PluginError, match=r"leaving\.py"):
        create_plugin_manager(root)


@pytest.mark.parametrize("body", LEAVING)
def test_steps_that_would_end_the_process_are_a_problem_of_their_plugin(
    body: str, tmp_path: Path
) -> None:
    leave(tmp_path, "register_steps(catalogue)", body)
    (tmp_path / "rulesets").mkdir()
    with pytest.raises(PluginError, match=r"leaving\.py"):
        step_catalogue(Workspace.load(tmp_path))


@pytest.mark.parametrize("body", LEAVING)
def test_an_examination_that_would_end_the_process_is_a_line(body: str, tmp_path: Path) -> None:
    offer = f"def examine():\n                {body}\n            return "
    offer += "[Source('s', 't', 'facts', print, 1.0, examine=examine)]"
    sources = collect_sources(leave(tmp_path, "register_sources(settings, root)", offer))
    assert any("自检出错" in line for line in examine_sources(sources))


def test_an_identifier_check_that_hangs_is_named_after_two_seconds() -> None:
    release = threading.Event()

    class Slow:
        @hookimpl(tryfirst=True)
        def check_identifier(self, kind: str) -> Any:
            return release.wait(60)

    manager = create_plugin_manager()
    manager.register(Slow(), "slow")
    began = time.monotonic()
    with pytest.raises(PluginError, match=r"slow.*2 秒"):
        identify(manager, "任意", "1", ON)
    assert time.monotonic() - began < 10
    release.set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": "92370811MA3C00012H"}, "不是同一个号码"),
        ({"value": ""}, "不是同一个号码"),
        ({"value": Code(ME)}, "应是文本"),
        ({"status": "perfect"}, "valid、invalid、warning"),
        ({"status": None}, "应是文本"),
        ({"kind": "别的"}, "统一社会信用代码"),
        ({"message_zh": 7}, "应是文本"),
        ({"details": {"面积": 1.5}}, "浮点数"),
        ({"details": None}, "映射"),
    ],
)
def test_a_verdict_on_another_number_or_of_another_shape_is_refused(
    changes: dict[str, Any], expected: str
) -> None:
    class Cheating:
        @hookimpl(tryfirst=True)
        def check_identifier(self, kind: str, value: str) -> Any:
            return altered(IdentifierCheck(kind, value, "valid", "", ""), **changes)

    manager = create_plugin_manager()
    manager.register(Cheating(), "cheating")
    with pytest.raises(PluginError, match=f"cheating.*{expected}"):
        identify(manager, "统一社会信用代码", ME, ON)


def test_an_invalid_number_stays_as_it_was_given() -> None:
    class Cutting:
        @hookimpl(tryfirst=True)
        def check_identifier(self, kind: str, value: str) -> Any:
            return IdentifierCheck(kind, value[:3], "invalid", "过长", "too long")

    manager = create_plugin_manager()
    manager.register(Cutting(), "cutting")
    verdict = identify(manager, "任意", "12345", ON)
    assert verdict is not None
    assert verdict.value == "12345"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["公民身份号码", "统一社会信用代码", "组织机构代码", "手机号码", "残疾人证号"]),
    st.text(max_size=30),
)
def test_the_built_in_verdicts_stand_for_any_text(kind: str, value: str) -> None:
    verdict = identify(BUILT_INS, kind, value, ON)
    assert verdict is not None
    assert verdict.kind == kind


BUILT_INS = create_plugin_manager()


def test_a_verdict_cannot_be_changed_afterwards() -> None:
    kept: list[IdentifierCheck] = []

    class Keeping:
        @hookimpl(tryfirst=True)
        def check_identifier(self, kind: str, value: str) -> Any:
            kept.append(IdentifierCheck(kind, value, "invalid", "", "", {"a": 1}))
            return kept[0]

    manager = create_plugin_manager()
    manager.register(Keeping(), "keeping")
    verdict = identify(manager, "任意", "1", ON)
    object.__setattr__(kept[0], "status", "valid")
    kept[0].details["a"] = 2  # type: ignore[index]
    assert verdict == IdentifierCheck("任意", "1", "invalid", "", "", {"a": 1})


def test_a_department_may_put_its_file_beside_the_built_ins(tmp_path: Path) -> None:
    """In a checkout the workspace's plugins folder is the built-ins' own."""
    root = Path(__file__).parent.parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "plugins", tmp_path / "plugins", ignore=ignored)
    (tmp_path / "plugins" / "pension.py").write_text(dedent(ONE_FILE), encoding="utf-8")
    code = (
        "from pathlib import Path; from engine.hooks import *; import plugins\n"
        "assert Path(plugins.__file__).is_relative_to(Path.cwd()), plugins.__file__\n"
        "print(*[p.name for p in describe_plugins(create_plugin_manager(Path.cwd()))])"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    names = done.stdout.split()
    assert names[:3] == ["identity", "licence_library", "credit_register"]
    assert names.count("pension") == 1
    assert "table_file" not in names


def test_a_pipe_is_no_plugin(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    os.mkfifo(root / "plugins" / "pipe.py")
    with pytest.raises(PluginError, match="regular file"):
        create_plugin_manager(root)


# --- the conformance kit ----------------------------------------------------------------------


def known_only(question: Question) -> Sequence[Answer]:
    return [FACT] if question.applicant.id_number == ME else []


def test_a_good_source_conforms() -> None:
    assert check_source(source(known_only), QUESTION) == []


class Forgetful:
    """Answers differently every time."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, question: Question) -> Sequence[Answer]:
        self.times += 1
        return [replace(FACT, value=self.times)] if question.applicant.id_number == ME else []


class Tired(Forgetful):
    """Answers once."""

    def __call__(self, question: Question) -> Sequence[Answer]:
        self.times += 1
        return [FACT] if self.times == 1 else raise_it(OSError())


def meddling(question: Question) -> Sequence[Answer]:
    if question.applicant.id_number != ME:
        return []
    question.facts["从业人员"].append("丙")  # type: ignore[attr-defined]
    return [FACT]


def dawdling(question: Question) -> Sequence[Answer]:
    time.sleep(0.3)
    return known_only(question)


OLD = replace(CREDIT, disclosed_from=date(2019, 1, 1), disclosed_until=None)
FAILING: list[tuple[str, str, Callable[[Question], Any], float]] = [
    ("answers in time", "facts", lambda _: raise_it(OSError()), 5.0),
    ("answers in time", "facts", dawdling, 0.5),
    ("answers what was asked", "facts", lambda _: [FactAnswer("参保月数", 7.5)], 5.0),  # type: ignore[arg-type]
    ("answers alike", "facts", Forgetful(), 5.0),
    ("answers alike", "facts", Tired(), 5.0),
    ("leaves the facts alone", "facts", meddling, 5.0),
    ("hides what is past disclosure", "credit", lambda _: [OLD], 5.0),
    ("knows nobody it was not told", "facts", lambda _: [FACT], 5.0),
]


@pytest.mark.parametrize(("check", "kind", "ask", "limit"), FAILING)
def test_the_kit_finds_what_a_source_does_wrong(
    check: str, kind: str, ask: Callable[[Question], Any], limit: float
) -> None:
    problems = check_source(source(ask, kind, limit), QUESTION)
    assert check in [problem.check for problem in problems]
    assert all(problem.message_zh and problem.message_en for problem in problems)
