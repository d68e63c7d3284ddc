"""Handing messages out: what a case asks of the world, taken by plugins, at least once each.

A message that was handed over twice has the same key both times: whoever takes it does it once.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, ClassVar

from engine.diagnostics import TongbanError
from engine.hooks.conformance import ConformanceProblem

_LONGEST = 10.0  # seconds that a receiver may take before the kit complains


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `body` is JSON; `key` is the same however often it is handed over.

    notify: tell the applicant. credit: record a credit event. register: hand a licence to the
    library. query: ask another department. dispatch: hand a part to its department.
    """

    TOPICS: ClassVar = ("notify", "credit", "register", "query", "dispatch")

    topic: str
    key: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receiver:
    """What a plugin takes messages with. `take` returns when it is done, and raises when it is not.

    It is called in a worker, never while a person waits. Raises ValueError for unknown topics.
    """

    name: str
    title: str
    topics: tuple[str, ...]
    take: Callable[[Message], None]

    def __post_init__(self) -> None:
        unknown = [topic for topic in self.topics if topic not in Message.TOPICS]
        if unknown or not self.topics:
            raise ValueError(f"topics must be of {', '.join(Message.TOPICS)}: {self.topics}")


class NotDelivered(TongbanError):
    """A message was not taken by everybody who takes its topic; it has to be handed over again."""


def deliver_message(receivers: Sequence[Receiver], message: Message) -> None:
    """Hands a message to every receiver of its topic. Raises NotDelivered naming who failed."""
    takers = [receiver for receiver in receivers if message.topic in receiver.topics]
    if not takers:
        raise NotDelivered(
            f"没有插件接收“{message.topic}”消息 / no plugin takes messages of {message.topic}"
        )
    failed = []
    for receiver in takers:
        try:
            receiver.take(_copy(message))
        except BaseException as error:  # a plugin may even call sys.exit: the others go on
            failed.append(f"{receiver.title}（{receiver.name}）：{type(error).__name__}: {error}")
    if failed:
        raise NotDelivered("；".join(failed))


def check_receiver(
    receiver: Receiver, message: Message, count: Callable[[], int] | None = None
) -> list[ConformanceProblem]:
    """Hands one message over twice, as after a crash, and lists everything that is wrong.

    `count` tells how many messages the plugin has carried out; with it, twice must count once.
    """
    problems: list[ConformanceProblem] = []
    counts = [count()] if count else []
    for attempt in ("first", "again"):
        given, began = _copy(message), monotonic()
        try:
            receiver.take(given)
        except BaseException as error:  # whatever it is, the message would wait
            what = f"{type(error).__name__}: {error}"
            zh = "第一次接收时出错" if attempt == "first" else "同一消息再次送达时出错"
            problems.append(ConformanceProblem("takes it", f"{zh}（{what}）", what))
        if monotonic() - began > _LONGEST:
            zh, en = f"用时超过 {_LONGEST:g} 秒", f"took over {_LONGEST:g} s"
            problems.append(ConformanceProblem("takes it in time", zh, en))
        if given != message:
            zh, en = "改动了消息的内容", "it changed the message"
            problems.append(ConformanceProblem("leaves the message alone", zh, en))
        counts += [count()] if count else []
    if count and not problems and counts[1:] != [counts[0] + 1] * 2:
        zh, en = "同一消息应只办理一次", "the same message must be carried out once"
        problems.append(ConformanceProblem("does it once", zh, en))
    return problems


def _copy(message: Message) -> Message:
    """The same message, sharing nothing that a plugin could change."""
    return Message(message.topic, message.key, deepcopy(dict(message.body)))
