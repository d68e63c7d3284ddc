"""The one catalogue that runs feature files: the shipped steps, then every plugin's own."""

from collections.abc import Iterator

from engine.hooks import PluginError, PluginProblem
from engine.specs import (
    steps_after,
    steps_application,
    steps_cases,
    steps_checking,
    steps_consequences,
    steps_course,
    steps_decision,
    steps_theme,
)
from engine.specs.catalogue import StepCatalogue, StepDefinition
from engine.specs.phrases import PhraseError
from engine.workspace import Workspace


def shipped_steps() -> Iterator[StepDefinition]:
    """The steps that come with the engine, in the order of the manual."""
    modules = (
        steps_application,
        steps_decision,
        steps_consequences,
        steps_theme,
        steps_cases,
        steps_course,
        steps_after,
        steps_checking,
    )
    for module in modules:
        yield from module.STEPS.definitions


def step_catalogue(workspace: Workspace) -> StepCatalogue:
    """Shipped steps and those of the workspace's plugins. Raises PluginError, naming each plugin."""
    catalogue = StepCatalogue()
    catalogue.include(shipped_steps())
    problems: list[PluginProblem] = []
    plugins = workspace.plugins
    for name, plugin in plugins.list_name_plugin():
        own = StepCatalogue()
        others = [other for other in plugins.get_plugins() if other is not plugin]
        try:
            plugins.subset_hook_caller("register_steps", others)(catalogue=own)
            catalogue.include(own.definitions, origin=name)
        except PhraseError as error:
            problems.append(_problem(workspace, name, str(error), str(error)))
        except BaseException as error:  # a plugin may even call sys.exit: it is its own mistake
            said = f"{type(error).__name__}: {error}"
            problems.append(_problem(workspace, name, f"登记步骤时出错：{said}", said))
    if problems:
        raise PluginError(problems)
    return catalogue


def _problem(workspace: Workspace, name: str, zh: str, en: str) -> PluginProblem:
    return PluginProblem(name, workspace.plugins.places[name][1], zh, en)
