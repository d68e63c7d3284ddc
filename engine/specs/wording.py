"""What is said of steps that cannot be run as they are written."""

from engine.specs.catalogue import STEP_WORDS, Ambiguous, StepDefinition


def undefined_words(nearest: StepDefinition | None) -> tuple[str, str]:
    """What is said of a step that no phrase fits."""
    if nearest is None:
        return "没有这样的步骤", "there is no such step"
    phrase = step_words(nearest)
    return f"没有这样的步骤，最接近的是：{phrase}", f"no such step; the nearest is: {phrase}"


def ambiguous_words(found: Ambiguous) -> tuple[str, str]:
    """What is said of a step that several phrases fit."""
    listed = "；".join(map(step_words, found.candidates))
    return f"这一步有几种读法：{listed}", f"this step can be read in several ways: {listed}"


def step_words(definition: StepDefinition) -> str:
    """A phrase with the keyword it goes with, and the plugin it comes from."""
    keyword = STEP_WORDS[definition.type] + " " if definition.type else ""
    origin = f"（插件 {definition.origin}）" if definition.origin else ""
    return f"{keyword}{definition.phrase}{origin}"
