"""Asking registers: each call in a thread of its own, with a time limit, never an exception.

A thread that hangs cannot be ended, so its number is bounded: at most CALLS_PER_SOURCE calls are
under way in one source and CALLS_PER_PROCESS in all. A call that finds no place within its time
limit is unreachable, like one that hangs; no thread is taken for it.
"""

import logging
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore
from typing import Final

from engine.diagnostics import TongbanError
from engine.hooks.judging import Fault, Judgement, judge
from engine.hooks.replies import Reply
from engine.hooks.values import Question, Source, narrowed
from engine.hooks.workers import hand_over

CALLS_PER_PROCESS: Final = 64

_log = logging.getLogger("tongban.hooks")
_process_calls = BoundedSemaphore(CALLS_PER_PROCESS)


class SourceStopped(TongbanError):
    """A source declared `on_failure="stop"` failed; `reply` says how."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.problem_zh} / {reply.problem_en}")
        self.reply = reply


def ask_sources(sources: Sequence[Source], question: Question) -> tuple[Reply, ...]:
    """One reply from each source that could know something, in the order of `sources`.

    All are asked side by side, so the slowest time limit bounds the wait. Whatever a source does
    wrong becomes a Reply with a problem text; only `on_failure="stop"` raises, SourceStopped.
    """
    calls = [_Call(source, question) for source in sources if source.is_asked(question)]
    replies = tuple(call.reply() for call in calls)
    for call, reply in zip(calls, replies, strict=True):
        if reply.status != "answered" and call.source.on_failure == "stop":
            raise SourceStopped(reply)
    return replies


def examine_sources(sources: Sequence[Source]) -> tuple[str, ...]:
    """What is wrong in the sources' own data, one line each, for whoever keeps them in order."""
    lines: list[str] = []
    for source in sources:
        try:
            lines += map(str, source.examine() if source.examine else ())
        except BaseException as error:  # a plugin's own code: its failure is itself worth a line
            _log.warning("source %s raised", source.name, exc_info=error)
            name = type(error).__name__
            lines.append(f"{source.name}: 自检出错（{name}）/ its examination failed ({name})")
    return tuple(lines)


class _Call:
    """One call under way: started at once, collected by `reply()`."""

    def __init__(self, source: Source, question: Question) -> None:
        self.source = source
        self._question = narrowed(question, source)
        # Made here: while the call is under way, the facts may be changed by their owner.
        self._copy = own_copy(self._question)
        self._outcome: SimpleQueue[Judgement | BaseException] = SimpleQueue()
        self._deadline = time.monotonic() + source.time_limit
        self._is_started = self._start()

    def reply(self) -> Reply:
        if not self._is_started:
            return self._silent("同时未返回的查询过多", "too many calls are still under way")
        try:
            outcome = self._outcome.get(timeout=max(0.0, self._remaining))
        except Empty:
            limit = f"{self.source.time_limit:g}"
            return self._silent(f"{limit} 秒内没有答复", f"no answer within {limit} seconds")
        if isinstance(outcome, BaseException):
            _log.warning("source %s raised", self.source.name, exc_info=outcome)
            name = type(outcome).__name__[:80]
            return self._silent(f"查询出错（{name}）", f"the call failed ({name})")
        return _judged_reply(self.source, outcome)

    @property
    def _remaining(self) -> float:
        return self._deadline - time.monotonic()

    def _start(self) -> bool:
        if not self.source.calls.acquire(timeout=max(0.0, self._remaining)):
            return False
        if not _process_calls.acquire(timeout=max(0.0, self._remaining)):
            self.source.calls.release()
            return False
        hand_over(self._run, self._leave)
        return True

    def _run(self) -> None:
        try:
            raw = self.source.ask(self._copy)
            # Judged by the question that was asked, whatever the plugin made of its copy.
            self._outcome.put(judge(self.source, self._question, raw))
        except BaseException as error:  # a plugin may even call sys.exit; all of it is reported
            self._outcome.put(error)

    def _leave(self) -> None:
        _process_calls.release()
        self.source.calls.release()

    def _silent(self, zh: str, en: str) -> Reply:
        title = self.source.title
        return Reply(
            source=self.source.name,
            kind=self.source.kind,
            status="unreachable",
            problem_zh=f"“{title}”{zh}，相关内容按待核处理。",
            problem_en=f"{self.source.name}: {en}; what it would tell is pending.",
        )


def own_copy(question: Question) -> Question:
    """The same question, sharing nothing that a plugin could change, even of what is frozen."""
    applicant = replace(question.applicant)
    return replace(question, applicant=applicant, facts=deepcopy(dict(question.facts)))


def _judged_reply(source: Source, judgement: Judgement) -> Reply:
    zh, en = _faults_texts(source, judgement.faults)
    if judgement.withheld:
        zh = f"“{source.title}”有 {judgement.withheld} 条信用记录已过披露期，依法不予采用。"
        en = f"{source.name}: {judgement.withheld} record(s) past disclosure were left out."
    return Reply(
        source=source.name,
        kind=source.kind,
        status="nonsense" if judgement.faults else "answered",
        answers=judgement.answers,
        problem_zh=zh,
        problem_en=en,
    )


def _faults_texts(source: Source, faults: Sequence[Fault]) -> tuple[str, str]:
    if not faults:
        return "", ""
    first, more = faults[0], len(faults) - 1
    zh = f"“{source.title}”的答复无法采信，相关内容按待核处理。{first.where}：{first.message_zh}"
    en = f"{source.name}: the answer cannot be believed and is pending; {first.where}: "
    return (
        zh + (f"（另有 {more} 处）。" if more else "。"),
        en + first.message_en + (f" (and {more} more)." if more else "."),
    )
