"""The bounds inside which the Rete was measured to be safe. Each guards against a crash or a hang.

Those of a rule set are reported by `find_problems`; those of one inference raise InferenceError.
"""

from typing import Final

INTEGER_END: Final = 1 << 62  # integers saturate silently at 2^63
TEXT_BYTES: Final = 60_000
PRIORITY_LAST: Final = 65_535  # an unsigned 16-bit number in the engine

RULES: Final = 4_095  # and the one of our own
RULE_PATTERNS: Final = 15  # the engine's 16 frames, less one for the level's go fact
PATTERN_JOINS: Final = 24  # of 29 terms: the rest are brackets and the closing term
PATTERN_CONDITIONS: Final = 120
BUCKET: Final = 30  # conditions under one node; the matcher's stack holds 64
TYPE_PATTERNS: Final = BUCKET * BUCKET
TYPE_FIELDS: Final = 240  # of 252, less the engine's own
READ_TYPES: Final = 256  # 513 conditions under one node never return
GO_LEVELS: Final = 100

FACTS: Final = 4_000
FIRINGS: Final = 10_000
COMBINATIONS: Final = 400_000  # candidate fact tuples over all rules; each may cost 0.4 KB
