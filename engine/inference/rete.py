"""The one door to durable-rules 2.0.28: its C functions, one handle, one live session.

Not `durable.lang`, not `Host`: their threads crash with several sessions and swallow exceptions.
What is sent here was made by `network` and `codebook`; nothing of it is user text.
"""

from contextlib import suppress

import durable_rules_engine as engine

from .codebook import encode_go
from .network import INIT_LEVEL

_SESSION = "0"  # the engine's default; two session names may share one 32-bit hash
_ACCEPTED = (0, 1)  # taken, or no rule looks at it; 2 would be a duplicate


class ReteError(RuntimeError):
    """The engine refused something; what its session holds now is not to be trusted."""


class Rete:
    """Not thread-safe: the caller holds a lock around assert_fact … clear."""

    def __init__(self, document: str) -> None:
        try:
            self._handle: int = engine.create_ruleset("tongban", document)
        except (engine.error, MemoryError) as error:
            raise ReteError(str(error)) from error
        self._live = False
        self._offset = 0
        self.assert_fact(encode_go(INIT_LEVEL))
        self.drain(1)
        self.clear()

    def assert_fact(self, fact: str) -> None:
        """Raises ReteError; the session is then half-processed and must be cleared."""
        self._live = True
        try:
            code, self._offset = engine.assert_fact(self._handle, fact)
        except (engine.error, MemoryError) as error:
            raise ReteError(str(error)) from error
        if code not in _ACCEPTED:
            raise ReteError(f"fact not accepted, code {code}")

    def drain(self, most: int) -> list[str]:
        """The activations that became possible, at most one more than `most`, as JSON texts."""
        found: list[str] = []
        if not self._live:
            return found
        try:
            started = engine.start_action_for_state(self._handle, self._offset)
            message = started[1] if started else None
            while message:
                found.append(message)
                if len(found) > most:
                    break
                message = engine.complete_and_start_action(self._handle, self._offset)
        except (engine.error, MemoryError) as error:
            raise ReteError(str(error)) from error
        return found

    def clear(self) -> None:
        """Forgets the session and all its facts."""
        if self._live:
            self._live = False
            try:
                engine.delete_state(self._handle, _SESSION)
            except (engine.error, MemoryError) as error:
                raise ReteError(str(error)) from error

    def close(self) -> None:
        """Gives the handle back, once; the session first, or its memory is lost."""
        if self._handle:
            handle, self._handle = self._handle, 0
            if self._live:
                with suppress(engine.error):  # an interrupted first assertion made no session
                    engine.delete_state(handle, _SESSION)
            engine.delete_ruleset(handle)
