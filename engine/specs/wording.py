"""What is said of steps that cannot be run as they are written."""

from engine.specs.catalogue import STEP_WORDS, Ambiguous, StepDefinition, Undefined


def undefined_words(found: Undefined) -> tuple[str, str]:
    """What is said of a step that no phrase fits."""
    zh, en = nearest_words(found)
    return f"没有这样的步骤。{zh}", f"there is no such step. {en}"


def nearest_words(found: Undefined) -> tuple[str, str]:
    """What might have been meant; empty texts when nothing is near."""
    if found.corrected:
        return f"请写成（数字用半角）：{found.corrected}", f"Write, half-width: {found.corrected}"
    if found.nearest is None:
        return "", ""
    phrase = step_words(found.nearest)
    return f"最接近的步骤是：{phrase}", f"The nearest step is: {phrase}"


def ambiguous_words(found: Ambiguous) -> tuple[str, str]:
    """What is said of a step that several phrases fit."""
    listed = "；".join(map(step_words, found.candidates))
    return f"这一步有几种读法：{listed}", f"this step can be read in several ways: {listed}"


def step_words(definition: StepDefinition) -> str:
    """A phrase with the keyword it goes with, and the plugin it comes from."""
    keyword = STEP_WORDS[definition.type] + " " if definition.type else ""
    origin = f"（插件 {definition.origin}）" if definition.origin else ""
    return f"{keyword}{definition.phrase}{origin}"
