"""The conformance kit: what a department runs against its own register before it goes live."""

from dataclasses import dataclass, replace
from time import monotonic

from engine.hooks.asking import SourceStopped, ask_sources, own_copy
from engine.hooks.judging import is_withheld, judge
from engine.hooks.replies import Reply
from engine.hooks.values import Question, Source, narrowed


@dataclass(frozen=True, slots=True)
class ConformanceProblem:
    """One way in which a source does not keep the contract."""

    check: str
    message_zh: str
    message_en: str


def check_source(source: Source, question: Question) -> list[ConformanceProblem]:
    """Ask a source the way the engine does, twice, and list everything that is wrong.

    `question` should be one that the register can answer. An empty list means it conforms.
    """
    first, seconds = _timed(source, question)
    if first.status == "unreachable":
        return [ConformanceProblem("answers in time", first.problem_zh, first.problem_en)]
    problems = _faults(source, question)
    second, _ = _timed(source, question)
    if not problems and second != first:
        problems.append(
            ConformanceProblem(
                "answers alike",
                "同样的问题问两次，答复不同",
                "the same question asked twice got two different answers",
            )
        )
    if seconds > source.time_limit / 2:
        problems.append(
            ConformanceProblem(
                "answers in time",
                f"用时 {seconds:.2f} 秒，超过时限 {source.time_limit:g} 秒的一半",
                f"took {seconds:.2f} s, over half of its limit of {source.time_limit:g} s",
            )
        )
    if not problems and Reply.from_json(first.to_json()) != first:
        problems.append(
            ConformanceProblem(
                "can be replayed", "答复存入凭据后读不回原样", "the reply does not survive storage"
            )
        )
    return [*problems, *_answers_strangers(source, question)]


def _timed(source: Source, question: Question) -> tuple[Reply, float]:
    began = monotonic()
    try:
        (reply,) = ask_sources([source], question)
    except SourceStopped as stopped:
        reply = stopped.reply
    return reply, monotonic() - began


def _faults(source: Source, question: Question) -> list[ConformanceProblem]:
    """Every fault of one answer, where a Reply shows only the first."""
    asked = narrowed(question, source)
    given = own_copy(asked)
    try:
        raw = source.ask(given)
    except BaseException as error:  # it answered the first time, so this is what it does at times
        name = type(error).__name__
        zh, en = f"同样的问题问第二次时出错（{name}）", f"asked again, it failed ({name})"
        return [ConformanceProblem("answers alike", zh, en)]
    problems = [
        ConformanceProblem(
            "answers what was asked",
            f"{fault.where}：{fault.message_zh}",
            f"{fault.where}: {fault.message_en}",
        )
        for fault in judge(source, asked, raw).faults
    ]
    if given != asked:
        zh, en = "改动了问题中的内容", "it changed the question it was given"
        problems.append(ConformanceProblem("leaves the facts alone", zh, en))
    if not problems and any(is_withheld(answer, asked.on) for answer in raw):
        zh = "返回了已过披露期的信用记录（自行为终止之日起最长 5 年）"
        en = "it returned credit records past their disclosure (5 years at most)"
        problems.append(ConformanceProblem("hides what is past disclosure", zh, en))
    return problems


def _answers_strangers(source: Source, question: Question) -> list[ConformanceProblem]:
    """A register asked about somebody it cannot know must answer with nothing, not with a guess."""
    nobody = replace(question.applicant, name="查无此人", id_number="000000000000000000")
    reply, _ = _timed(source, replace(question, applicant=nobody, subjects=(), facts={}))
    if reply.status == "answered" and not reply.answers:
        return []
    return [
        ConformanceProblem(
            "knows nobody it was not told",
            "对不存在的申请人应返回空列表",
            "for an applicant that does not exist it must return an empty list",
        )
    ]
