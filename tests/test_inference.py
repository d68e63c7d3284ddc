"""What a rule set concludes, in which order, what it refuses at run time, and that it survives."""

import threading
from collections.abc import Callable
from importlib.metadata import version
from random import Random

import durable_rules_engine
import pytest

from engine.inference import (
    Condition,
    Derivation,
    Fact,
    Inference,
    InferenceError,
    Pattern,
    Ref,
    Rule,
    Ruleset,
    Schema,
    codebook,
    find_problems,
    limits,
)
from inference_cases import SCHEMA, random_facts, random_rules
from naive_inference import freeze

LICENCE: Schema = {
    "申请人": {"证件号码": "text", "姓名": "text"},
    "证照": {"类型": "text", "持有人代码": "text", "有效期至": "text"},
    "申请": {"日期": "text", "份数": "integer", "承诺": "boolean"},
    "结论": {"名称": "text", "关于": "text"},
}
PERSON = Pattern("申请人", "人")


def finding(name: str) -> Derivation:
    return Derivation("结论", {"名称": name})


def rule(id: str, *when: Pattern, then: Derivation | None = None, priority: int = 100) -> Rule:
    return Rule(id, when, then or finding(id), priority)


def fired(rules: list[Rule], *facts: Fact, schema: Schema = LICENCE) -> list[str]:
    with Ruleset.compile("测试", schema, rules) as compiled:
        return [firing.rule for firing in compiled.infer(facts).firings]


def test_a_licence_of_somebody_else_is_found() -> None:
    own = Condition("持有人代码", "not", Ref("人", "证件号码"))
    licence = Pattern("证照", "照", (Condition("类型", "is", "营业执照"), own))
    then = Derivation("结论", {"名称": "营业执照不属于申请人", "关于": Ref("人", "姓名")})
    applicant = Fact("申请人", {"姓名": "张三", "证件号码": "甲"})
    theirs = Fact("证照", {"类型": "营业执照", "持有人代码": "乙", "有效期至": None})
    with Ruleset.compile("测试", LICENCE, [rule("own", PERSON, licence, then=then)]) as compiled:
        (firing,) = compiled.infer([theirs, applicant]).firings
    assert firing.matched == {
        "人": Fact("申请人", {"证件号码": "甲", "姓名": "张三"}),
        "照": Fact("证照", {"类型": "营业执照", "持有人代码": "乙"}),
    }
    assert [*firing.matched] == ["人", "照"]
    assert firing.derived == Fact("结论", {"名称": "营业执照不属于申请人", "关于": "张三"})
    assert (firing.level, firing.absent) == (0, ())


def test_absence_is_asked_after_all_that_may_fill_it_was_concluded() -> None:
    nothing_against = Pattern("结论", "缺陷", absent=True)
    rules = [
        rule("approve", PERSON, nothing_against, then=Derivation("证照", {"类型": "许可"})),
        rule("refuse", Pattern("申请", "请", (Condition("份数", "below", 2),))),
    ]
    person = Fact("申请人", {})
    assert fired(rules, person, Fact("申请", {"份数": 1})) == ["refuse"]
    assert fired(rules, person, Fact("申请", {"份数": 2})) == ["approve"]


def test_what_is_not_known_proves_nothing() -> None:
    held = Condition("持有人代码", "is", Ref("人", "证件号码"))
    rules = [rule("none_held", PERSON, Pattern("证照", "照", (held,), absent=True))]
    assert fired(rules, Fact("申请人", {"证件号码": "甲"})) == ["none_held"]
    assert fired(rules, Fact("申请人", {"证件号码": None, "姓名": "张三"})) == []
    different = [rule("different", Pattern("申请人", "人", (Condition("姓名", "not", "张三"),)))]
    assert fired(different, Fact("申请人", {"证件号码": "甲"})) == []


def test_iso_dates_as_text_are_ordered_as_dates() -> None:
    expired = Condition("有效期至", "below", Ref("请", "日期"))
    rules = [rule("expired", Pattern("证照", "照", (expired,)), Pattern("申请", "请"))]
    request = Fact("申请", {"日期": "2026-11-22"})
    assert fired(rules, request, Fact("证照", {"有效期至": "2026-11-21"})) == ["expired"]
    assert fired(rules, request, Fact("证照", {"有效期至": "2026-11-22"})) == []


def test_one_fact_never_fills_two_patterns_nor_blocks_its_own_rule() -> None:
    pair = [rule("pair", Pattern("证照", "a"), Pattern("证照", "b"))]
    assert fired(pair, Fact("证照", {"类型": "甲"})) == []
    assert len(fired(pair, Fact("证照", {"类型": "甲"}), Fact("证照", {"类型": "乙"}))) == 2
    only = [rule("only", Pattern("证照", "a"), Pattern("证照", "b", absent=True))]
    assert fired(only, Fact("证照", {"类型": "甲"})) == ["only"]


def test_the_report_is_ordered_by_level_priority_rule_and_facts() -> None:
    licence = Pattern("证照", "照")
    rules = [
        rule("later", licence, priority=200),
        rule("second", licence),
        rule("third", licence),
        rule("first", licence, priority=1),
        rule("above", Pattern("结论", "c", (Condition("名称", "is", "later"),)), priority=1),
    ]
    facts = [Fact("证照", {"类型": type_}) for type_ in ("乙", "甲", "丙")]
    with Ruleset.compile("测试", LICENCE, rules) as compiled:
        inference = compiled.infer(facts)
    order = [one.rule for one in inference.firings]
    assert order == ["first"] * 3 + ["second"] * 3 + ["third"] * 3 + ["later"] * 3 + ["above"]
    held = [str(firing.matched["照"].fields["类型"]) for firing in inference.firings[:3]]
    assert held == sorted(held)
    names = [fact.fields["名称"] for fact in inference.derived]
    assert names == ["first", "second", "third", "later", "above"]


def test_no_conclusion_comes_before_what_it_rests_on() -> None:
    """Holds for every firing outside positive cycles, which share a level."""
    checked = 0
    for seed in range(200):
        rnd = Random(seed)
        rules = random_rules(rnd)
        if find_problems(SCHEMA, rules):
            continue
        facts = random_facts(rnd)
        with Ruleset.compile("随机", SCHEMA, rules) as compiled:
            inference = compiled.infer(facts)
        known = {freeze(fact) for fact in facts}
        for firing in inference.firings:
            for fact in firing.matched.values():
                makers = [one for one in inference.firings if one.derived == fact]
                in_cycle = any(one.level == firing.level for one in makers)
                assert freeze(fact) in known or in_cycle
                checked += freeze(fact) not in {freeze(given) for given in facts}
            known.add(freeze(firing.derived))
    assert checked > 100


@pytest.mark.parametrize(
    ("fact", "code", "named"),
    [
        (Fact("申请书", {}), "fact-unknown-type", "申请"),
        (Fact("申请", {"日期时间": "2026-11-22"}), "fact-unknown-field", "日期"),
        (Fact("申请", {"日期时间": None}), "fact-unknown-field", "日期时间"),
        (Fact("申请", {"份数": "2"}), "fact-type-mismatch", "申请.份数"),
        (Fact("申请", {"份数": True}), "fact-type-mismatch", "申请.份数"),
        (Fact("申请", {"份数": 1.5}), "fact-type-mismatch", "小数"),  # type: ignore[dict-item]
        (Fact("申请", {"承诺": 1}), "fact-type-mismatch", "申请.承诺"),
        (Fact("申请", {"份数": 1 << 62}), "fact-number-too-large", "申请.份数"),
        (Fact("申请", {"份数": -(10**5000)}), "fact-number-too-large", "申请.份数"),
        (Fact("申请", {"日期": "字" * 20_001}), "fact-text-too-long", "申请.日期"),
    ],
)
def test_a_wrong_fact_is_named(fact: Fact, code: str, named: str) -> None:
    with Ruleset.compile("测试", LICENCE, [rule("r", PERSON)]) as compiled:
        with pytest.raises(InferenceError) as caught:
            compiled.infer([Fact("申请人", {}), fact])
        assert caught.value.code == code
        assert named in caught.value.message_zh
        assert caught.value.message_en
        assert len(compiled.infer([Fact("申请人", {})]).firings) == 1


def test_the_greatest_values_pass() -> None:
    most = limits.INTEGER_END - 1
    rules = [
        rule("most", Pattern("申请", "a", (Condition("份数", "at_least", most),))),
        rule("least", Pattern("申请", "a", (Condition("份数", "at_most", -most),))),
        rule("long", Pattern("申请", "a", (Condition("日期", "is", "字" * 20_000),))),
    ]
    assert fired(rules, Fact("申请", {"份数": most})) == ["most"]
    assert fired(rules, Fact("申请", {"份数": -most})) == ["least"]
    assert fired(rules, Fact("申请", {"日期": "字" * 20_000})) == ["long"]
    assert fired(rules, Fact("申请", {"日期": "字" * 19_999 + "子"})) == []


def test_results_share_nothing_with_the_next_inference() -> None:
    with Ruleset.compile("测试", LICENCE, [rule("r", PERSON)]) as compiled:
        facts = [Fact("申请人", {"姓名": "张三"})]
        first = compiled.infer(facts)
        for fact in (first.derived[0], first.firings[0].matched["人"]):
            assert isinstance(fact.fields, dict)
            fact.fields.clear()
        assert compiled.infer(facts).derived == (Fact("结论", {"名称": "r"}),)
        assert facts == [Fact("申请人", {"姓名": "张三"})]


def test_too_much_is_refused_and_leaves_the_rule_set_usable() -> None:
    other = Condition("类型", "not", Ref("a", "类型"))
    triple = [rule("pairs", Pattern("证照", "a"), Pattern("证照", "b", (other,)))]
    with Ruleset.compile("测试", LICENCE, triple) as compiled:
        for count, code in (
            (limits.FACTS + 1, "fact-too-many"),
            (1000, "inference-too-large"),
            (200, "inference-too-many-firings"),
        ):
            with pytest.raises(InferenceError) as caught:
                compiled.infer(Fact("证照", {"类型": f"{number}"}) for number in range(count))
            assert caught.value.code == code
            assert len(compiled.infer(licences(3)).firings) == 6


def licences(count: int) -> list[Fact]:
    return [Fact("证照", {"类型": f"{number}"}) for number in range(count)]


def test_an_equal_join_of_many_facts_is_not_too_much() -> None:
    mine = Condition("持有人代码", "is", Ref("人", "证件号码"))
    rules = [rule("held", PERSON, Pattern("证照", "照", (mine,)))]
    people = [Fact("申请人", {"证件号码": f"{number}"}) for number in range(1500)]
    held = [Fact("证照", {"持有人代码": f"{number}"}) for number in range(1500)]
    assert len(fired(rules, *people, *held)) == 1500


def test_absence_among_many_facts_is_not_too_much() -> None:
    lacks = [
        Pattern("证照", f"照{n}", (Condition("类型", "is", Ref("人", "姓名")),), absent=True)
        for n in range(10)
    ]
    rules = [rule("lacks", PERSON, *lacks)]
    held = [Fact("证照", {"类型": "甲", "有效期至": f"{number}"}) for number in range(2000)]
    assert fired(rules, Fact("申请人", {"姓名": "乙"}), *held) == ["lacks"]
    assert fired(rules, Fact("申请人", {"姓名": "甲"}), *held) == []


def test_derived_facts_are_bounded_too() -> None:
    """A cycle that multiplies: every pair of conclusions makes another."""
    schema: Schema = {"数": {"a": "integer", "b": "integer"}}
    multiply = Derivation("数", {"a": Ref("p", "a"), "b": Ref("q", "b")})
    rules = [Rule("multiply", (Pattern("数", "p"), Pattern("数", "q")), multiply)]
    with Ruleset.compile("测试", schema, rules) as compiled:
        few = [Fact("数", {"a": number, "b": number}) for number in range(5)]
        assert len(compiled.infer(few).derived) == 25
        many = [Fact("数", {"a": number, "b": number}) for number in range(100)]
        with pytest.raises(InferenceError):
            compiled.infer(many)
        assert len(compiled.infer(few).derived) == 25


def test_an_engine_error_discards_the_session_and_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Provoked for real: the encoder is made to write what the engine cannot parse."""
    joined = Condition("持有人代码", "is", Ref("人", "证件号码"))
    rules = [rule("held", PERSON, Pattern("证照", "照", (joined,)))]
    applicant, licence = Fact("申请人", {"证件号码": "甲"}), Fact("证照", {"持有人代码": "甲"})
    with Ruleset.compile("测试", LICENCE, rules) as compiled:
        monkeypatch.setattr(codebook.FactEncoder, "encode", lambda *_: '{"id":"f0","t":}')
        with pytest.raises(InferenceError) as caught:
            compiled.infer([applicant, licence])
        assert caught.value.code == "inference-engine"
        monkeypatch.undo()
        assert len(compiled.infer([applicant, licence]).firings) == 1


@pytest.mark.parametrize("calls", range(8))
def test_an_interrupted_inference_leaves_the_rule_set_usable(
    calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C before any of the calls into the engine."""
    rules = [rule("r", PERSON), rule("lacks", PERSON, Pattern("证照", "照", absent=True))]
    facts = [Fact("申请人", {"姓名": name}) for name in ("甲", "乙")]
    with Ruleset.compile("测试", LICENCE, rules) as compiled:
        expected = compiled.infer(facts)
        left = calls

        def interrupting(call: Callable[..., object]) -> Callable[..., object]:
            def call_or_interrupt(*arguments: object) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
                return call(*arguments)

            return call_or_interrupt

        for name in ("assert_fact", "start_action_for_state", "complete_and_start_action"):
            path = f"durable_rules_engine.{name}"
            monkeypatch.setattr(path, interrupting(getattr(durable_rules_engine, name)))
        with pytest.raises(KeyboardInterrupt):
            compiled.infer(facts)
        monkeypatch.undo()
        assert compiled.infer(facts) == expected


def test_closing_is_final_and_may_be_repeated() -> None:
    compiled = Ruleset.compile("测试", LICENCE, [rule("r", PERSON)])
    compiled.close()
    compiled.close()
    with pytest.raises(InferenceError, match="inference-closed"):
        compiled.infer([])


def test_names_of_the_engine_share_no_hash() -> None:
    """All that the engine knows of a name or an id is its 32-bit FNV-1a hash."""
    names = ["t", "u", "n", "id", "sid", "$s", "$time", "$m", "go", "init", "$pulse", "sid-0"]
    names += [f"{letter}{number}" for letter in "ci" for number in range(limits.TYPE_FIELDS)]
    names += [f"a{number}" for number in range(limits.RULE_PATTERNS)]
    ids = [f"f{number}" for number in range(limits.FACTS + limits.FIRINGS)]
    ids += [f"g{level}" for level in range(-1, limits.RULES)] + ["$pulse", "sid-0"]
    assert len({_fnv1a(name) for name in names}) == len(names)
    assert len({_fnv1a(name) for name in ids}) == len(ids)


def _fnv1a(name: str) -> int:
    value = 0x811C9DC5
    for byte in name.encode("ascii"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def test_threads_share_a_rule_set() -> None:
    rnd = Random(7)
    rules = next(
        found
        for _ in range(100)
        if len(found := random_rules(rnd)) == 16 and not find_problems(SCHEMA, found)
    )
    cases = [random_facts(rnd) for _ in range(40)]
    wrong: list[int] = []
    with Ruleset.compile("随机", SCHEMA, rules) as compiled:
        expected = [compiled.infer(facts) for facts in cases]

        def work(seed: int) -> None:
            mine = Random(seed)
            for _ in range(150):
                number = mine.randrange(len(cases))
                if compiled.infer(cases[number]) != expected[number]:
                    wrong.append(number)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert any(one.firings for one in expected)
    assert wrong == []


def test_threads_may_use_rule_sets_side_by_side() -> None:
    """The C library has one table of handles; opening and closing goes on beside inferring."""
    failures: list[object] = []

    def work(seed: int) -> None:
        for number in range(60):
            rnd = Random(seed * 1000 + number)
            rules = random_rules(rnd)
            if find_problems(SCHEMA, rules):
                continue
            facts = random_facts(rnd)
            results: list[Inference] = []
            for _ in range(2):
                with Ruleset.compile("随机", SCHEMA, rules) as compiled:
                    results.append(compiled.infer(facts))
            if results[0] != results[1]:
                failures.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_engine_is_the_release_that_was_examined() -> None:
    assert version("durable_rules") == "2.0.28"
