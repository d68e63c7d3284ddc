"""Cases: what happened to them, the state that follows, what may happen next, and by when.

Pure: a case is the fold of its events, a command yields events or a refusal. No store, no clock, no
registers here; moments come in, effects go out as values.
"""

from engine.casework.case import Case, Opinion, advance, fold
from engine.casework.effects import Effect, Topic
from engine.casework.events import CHINA, THE_CLOCK, Actor, Command, Event, day_of
from engine.casework.moves import NEEDS, CommandRefused, moves_of, perform
from engine.casework.timers import Timer

__all__ = [
    "CHINA",
    "NEEDS",
    "THE_CLOCK",
    "Actor",
    "Case",
    "Command",
    "CommandRefused",
    "Effect",
    "Event",
    "Opinion",
    "Timer",
    "Topic",
    "advance",
    "day_of",
    "fold",
    "moves_of",
    "perform",
]
