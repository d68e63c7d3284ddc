"""Cases: what happened to them, the state that follows, what may happen next, and by when.

Pure: a case is the fold of its events, a command yields events or a refusal. No store, no clock, no
registers here; moments come in, effects go out as values.
"""

from engine.casework.acceptance import EVERY_DEPARTMENT, Decline, serves
from engine.casework.answers import Answer, open_facts
from engine.casework.cards import COLOUR_TITLES, Card, Colour
from engine.casework.case import Case, Stay, advance, application_of, fold
from engine.casework.commitments import GROUNDS, GROUNDS_OF, Ending
from engine.casework.correction import (
    Correction,
    Notice,
    lines_outside,
    next_notice,
    refuse_judged,
    submitted_materials,
)
from engine.casework.deadlines import CaseClock, clock_of
from engine.casework.effects import Effect, Topic
from engine.casework.events import CHINA, THE_CLOCK, Actor, Command, Event, day_of
from engine.casework.evidence import ANSWERS, Attestation, papers_to_enter
from engine.casework.joint import Joint, JointPart
from engine.casework.moves import NEEDS, OpenMove, find_move, moves_of, open_moves, perform
from engine.casework.opinions import Opinion, outcomes_open
from engine.casework.outgoing import effects_of, notification
from engine.casework.rechecks import Recheck
from engine.casework.refusals import CommandRefused
from engine.casework.results import IssuedLicence, licence_from_json, licence_to_json
from engine.casework.schedule import Substitution, timers_of
from engine.casework.special import Extension, Special, open_specials
from engine.casework.tasks import TASK_TITLES, Task, TaskKind, task_of, task_to_json
from engine.casework.timers import Timer

__all__ = [
    "ANSWERS",
    "CHINA",
    "COLOUR_TITLES",
    "EVERY_DEPARTMENT",
    "GROUNDS",
    "GROUNDS_OF",
    "NEEDS",
    "TASK_TITLES",
    "THE_CLOCK",
    "Actor",
    "Answer",
    "Attestation",
    "Card",
    "Case",
    "CaseClock",
    "Colour",
    "Command",
    "CommandRefused",
    "Correction",
    "Decline",
    "Effect",
    "Ending",
    "Event",
    "Extension",
    "IssuedLicence",
    "Joint",
    "JointPart",
    "Notice",
    "OpenMove",
    "Opinion",
    "Recheck",
    "Special",
    "Stay",
    "Substitution",
    "Task",
    "TaskKind",
    "Timer",
    "Topic",
    "advance",
    "application_of",
    "clock_of",
    "day_of",
    "effects_of",
    "find_move",
    "fold",
    "licence_from_json",
    "licence_to_json",
    "lines_outside",
    "moves_of",
    "next_notice",
    "notification",
    "open_facts",
    "open_moves",
    "open_specials",
    "outcomes_open",
    "papers_to_enter",
    "perform",
    "refuse_judged",
    "serves",
    "submitted_materials",
    "task_of",
    "task_to_json",
    "timers_of",
]
