"""What is told of an error, and to whom: paths and plugins' words are for those who read definitions."""

from flask import current_app, g

from engine import DecisionStopped, TongbanError, UnknownDefinition
from studio.language import _
from studio.permissions import may


def explain(error: TongbanError | ValueError) -> str:
    """The error in its own words, or a neutral sentence for who may not read definitions."""
    if isinstance(error, UnknownDefinition | DecisionStopped):
        return str(error)  # these speak of definitions by their names alone
    current_app.logger.error("not shown to everybody: %s", error)
    if g.get("account") is not None and may("read"):
        return str(error)
    return str(_("系统的定义或插件有问题，暂时不能办理，请联系管理员。"))
