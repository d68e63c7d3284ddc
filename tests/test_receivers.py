"""Messages handed out: to everybody who takes them, once each however often they come."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.hooks import (
    Message,
    NotDelivered,
    PluginError,
    Receiver,
    check_receiver,
    collect_receivers,
    create_plugin_manager,
    deliver_message,
    hookimpl,
)
from engine.workspace import Workspace

MESSAGE = Message("notify", "notify:1:2:accept", {"to": "王明", "zh": "已受理", "lines": [1]})


def receiver(take: Callable[[Message], None], *topics: str) -> Receiver:
    return Receiver("ours", "某通道", topics or ("notify",), take)


def fail(_: Message) -> None:
    raise ConnectionError("线路中断")


def test_every_receiver_of_the_topic_gets_it_and_the_others_do_not() -> None:
    got: list[str] = []
    receivers = [
        receiver(lambda m: got.append("a" + m.key)),
        receiver(lambda m: got.append("b" + m.key), "credit", "notify"),
        receiver(lambda m: got.append("c" + m.key), "register"),
    ]
    deliver_message(receivers, MESSAGE)
    assert got == ["a" + MESSAGE.key, "b" + MESSAGE.key]


def test_who_fails_is_named_and_the_others_still_get_it() -> None:
    got: list[Message] = []
    with pytest.raises(NotDelivered, match=r"某通道.*线路中断"):
        deliver_message([receiver(fail), receiver(got.append)], MESSAGE)
    assert got == [MESSAGE]


def test_a_topic_that_nobody_takes_is_not_lost_quietly() -> None:
    with pytest.raises(NotDelivered, match="notify"):
        deliver_message([receiver(fail, "credit")], MESSAGE)


@pytest.mark.parametrize("topics", [(), ("mail",)], ids=["none", "unknown"])
def test_a_receiver_takes_known_topics(topics: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="topics"):
        Receiver("ours", "某通道", topics, fail)


def test_what_a_plugin_does_to_a_message_stays_with_it() -> None:
    def spoil(message: Message) -> None:
        message.body["lines"].append(2)

    deliver_message([receiver(spoil)], MESSAGE)
    assert MESSAGE.body["lines"] == [1]
    found = check_receiver(receiver(spoil), MESSAGE)
    assert {problem.check for problem in found} == {"leaves the message alone"}


def test_the_kit_tells_who_does_it_twice() -> None:
    done: list[str] = []
    problems = check_receiver(receiver(lambda m: done.append(m.key)), MESSAGE, lambda: len(done))
    assert [problem.check for problem in problems] == ["does it once"]
    kept: set[str] = set()
    assert check_receiver(receiver(lambda m: kept.add(m.key)), MESSAGE, lambda: len(kept)) == []


def test_the_kit_tells_who_raises() -> None:
    assert [p.check for p in check_receiver(receiver(fail), MESSAGE)] == ["takes it"] * 2


def test_the_built_in_files_conform(tmp_path: Path) -> None:
    receivers = collect_receivers(create_plugin_manager(tmp_path))
    (found,) = [receiver for receiver in receivers if receiver.name == "message_files"]

    def count() -> int:
        return len(list(tmp_path.glob("var/messages/*/*.json")))

    for topic in found.topics:
        message = replace(MESSAGE, topic=topic, key=f"{topic}:../../etc")
        assert check_receiver(found, message, count) == []
    assert count() == len(found.topics)
    written = json.loads(next(tmp_path.glob("var/messages/notify/*.json")).read_text("utf-8"))
    assert (written["key"], written["to"]) == ("notify:../../etc", "王明")


def test_a_plugin_that_gives_no_receivers_is_named() -> None:
    class Broken:
        @hookimpl
        def register_receivers(self) -> object:
            return "none"

    manager = create_plugin_manager()
    manager.register(Broken(), name="broken")
    manager.places["broken"] = ("file", "plugins/broken.py", "")
    with pytest.raises(PluginError, match=r"plugins/broken\.py"):
        collect_receivers(manager)


def test_an_edited_workspace_keeps_its_receivers() -> None:
    workspace = Workspace.load(Path(__file__).parent.parent)
    assert workspace.receivers
    file, text = next((n, f.text) for n, f in workspace.files.items() if f.text)
    assert workspace.with_text(file, text).receivers is workspace.receivers
