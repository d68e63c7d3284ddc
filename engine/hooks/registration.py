"""The plugin manager: built-ins first, then installed distributions, then workspace files."""

import importlib
import importlib.metadata
import importlib.util
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final, Literal

import pluggy

from engine.clock import Calendar, CalendarYear
from engine.diagnostics import TongbanError
from engine.hooks import specification
from engine.hooks.receiving import Receiver
from engine.hooks.values import Source

BUILT_IN: Final = (
    "plugins.identity",
    "plugins.licence_library",
    "plugins.credit_register",
    "plugins.message_files",
)
# What the built-ins' folder holds itself; any other file there is a department's.
OWN_FILES: Final = frozenset(
    {*(name.rpartition(".")[2] for name in BUILT_IN), "kept_records", "register_file", "table_file"}
)
ENTRY_POINT_GROUP: Final = "tongban"

Origin = Literal["built-in", "distribution", "file"]
Settings = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """What is wrong with one plugin; `place` is its file, distribution or module."""

    plugin: str
    place: str
    message_zh: str
    message_en: str


class PluginError(TongbanError):
    """One or more plugins cannot be used; every problem is listed, not only the first."""

    def __init__(self, problems: Sequence[PluginProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "\n".join(f"{p.place}: {p.plugin}: {p.message_zh} / {p.message_en}" for p in problems)
        )


@dataclass(frozen=True, slots=True)
class PluginDescription:
    """One installed plugin and the hooks it answers."""

    name: str
    origin: Origin
    place: str
    version: str
    summary: str
    hooks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    origin: Origin
    place: str
    version: str
    load: Callable[[], object]


class Plugins(pluggy.PluginManager):
    """pluggy's manager, with the workspace's root and each plugin's own settings."""

    def __init__(self, root: Path | None, settings: Settings) -> None:
        super().__init__("tongban")
        self.root = root
        self.settings = settings
        self.places: dict[str, tuple[Origin, str, str]] = {}
        self.add_hookspecs(specification)


def create_plugin_manager(root: Path | None = None, settings: Settings | None = None) -> Plugins:
    """Register every plugin, in a fixed order, and check each against the specifications.

    `root` is the workspace folder, whose `plugins/*.py` are loaded too. `settings` maps a plugin's
    name to its settings; `{"enabled": False}` leaves that plugin out. Raises PluginError.
    """
    manager = Plugins(root, settings or {})
    problems: list[PluginProblem] = []
    for candidate in (*_built_in(), *_distributions(), *_workspace_files(root)):
        if manager.settings.get(candidate.name, {}).get("enabled") is not False:
            problems += _register(manager, candidate)
    problems += _unknown_hooks(manager)
    if problems:
        raise PluginError(problems)
    manager.check_pending()
    return manager


def collect_sources(manager: Plugins) -> tuple[Source, ...]:
    """Every source of every plugin, in registration order. Raises PluginError.

    Call it once for a workspace and keep the result: a Source counts its own hanging calls.
    """
    sources: list[Source] = []
    problems: list[PluginProblem] = []
    for name, place, answer in _answers(manager, "register_sources", problems):
        found, wrong = _checked_sources(name, place, answer, {s.name for s in sources})
        sources += found
        problems += wrong
    if problems:
        raise PluginError(problems)
    return tuple(sources)


def collect_receivers(manager: Plugins) -> tuple[Receiver, ...]:
    """Every receiver of every plugin, in registration order. Raises PluginError."""
    receivers: list[Receiver] = []
    problems: list[PluginProblem] = []
    for name, place, answer in _answers(manager, "register_receivers", problems):
        if isinstance(answer, list | tuple) and all(isinstance(r, Receiver) for r in answer):
            receivers += answer
            continue
        zh = "register_receivers 应返回 Receiver 的列表"
        en = "register_receivers must return a list of Receiver"
        problems.append(PluginProblem(name, place, zh, en))
    if problems:
        raise PluginError(problems)
    return tuple(receivers)


def _answers(
    manager: Plugins, hook: str, problems: list[PluginProblem]
) -> Iterator[tuple[str, str, object]]:
    """What each plugin answers to a hook that is called once; who raises is among the problems."""
    for name, plugin in manager.list_name_plugin():
        others = [other for other in manager.get_plugins() if other is not plugin]
        caller = manager.subset_hook_caller(hook, others)
        place = manager.places[name][1]
        try:
            answers = caller(settings=manager.settings.get(name, {}), root=_root(manager))
        except BaseException as error:  # a plugin may even call sys.exit: its own file is named
            problems.append(raised_problem(name, place, error))
            continue
        # pluggy drops a None, which is what a forgotten `return` gives.
        expected = len(caller.get_hookimpls())
        for answer in answers if len(answers) == expected else [None]:
            yield name, place, answer


def regional_calendar(
    manager: Plugins, region: str, calendar: Calendar, years: Iterable[int]
) -> Calendar:
    """The calendar with those of `years` replaced for which a plugin has the region's own.

    Raises PluginError when the plugin that answers raises or gives anything but a CalendarYear.
    """
    own: dict[int, CalendarYear] = {}
    for year in years:
        try:
            found = manager.hook.calendar_year(region=region, year=year)
        except BaseException as error:  # a plugin may even call sys.exit: it is its mistake
            raise PluginError([raised_problem("calendar_year", region, error)]) from error
        if found is None:
            continue
        if not isinstance(found, CalendarYear) or found.year != year:
            zh = f"应返回 {year} 年的 CalendarYear"
            en = f"expected the CalendarYear of {year}"
            raise PluginError([PluginProblem("calendar_year", region, zh, en)])
        own[year] = found
    return Calendar({**calendar.years, **own}) if own else calendar


def describe_plugins(manager: Plugins) -> tuple[PluginDescription, ...]:
    """What is installed and which hooks each plugin answers, in registration order."""
    return tuple(
        PluginDescription(
            name=name,
            origin=manager.places[name][0],
            place=manager.places[name][1],
            version=manager.places[name][2],
            summary=(getattr(plugin, "__doc__", None) or "").strip().partition("\n")[0],
            hooks=tuple(sorted(caller.name for caller in manager.get_hookcallers(plugin) or ())),
        )
        for name, plugin in manager.list_name_plugin()
    )


def _root(manager: Plugins) -> Path:
    return manager.root if manager.root is not None else Path()


def _built_in() -> list[_Candidate]:
    return [
        _Candidate(
            name=module.rpartition(".")[2],
            origin="built-in",
            place=module,
            version="",
            load=partial(importlib.import_module, module),
        )
        for module in BUILT_IN
    ]


def _distributions() -> list[_Candidate]:
    found = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)
    return [
        _Candidate(
            name=point.name,
            origin="distribution",
            place=f"{point.dist.name if point.dist else '?'} ({point.value})",
            version=point.dist.version if point.dist else "",
            load=point.load,
        )
        for point in sorted(set(found), key=lambda point: (point.name, point.value))
    ]


def _workspace_files(root: Path | None) -> list[_Candidate]:
    """A department's one-file plugins. In the folder of the built-ins their own files are passed over."""
    folder = (root / "plugins") if root is not None else None
    if folder is None or not folder.is_dir():
        return []
    own = OWN_FILES if folder.resolve() == _built_in_folder() else frozenset()
    return [
        _Candidate(
            name=path.stem,
            origin="file",
            place=str(path),
            version="",
            load=partial(_load_file, path),
        )
        for path in sorted(folder.glob("*.py"))
        if not path.name.startswith("_") and path.stem not in own
    ]


def _built_in_folder() -> Path | None:
    spec = importlib.util.find_spec(BUILT_IN[0].partition(".")[0])
    locations = list(spec.submodule_search_locations or ()) if spec else []
    return Path(locations[0]).resolve() if locations else None


def _load_file(path: Path) -> object:
    if not path.is_file():  # reading a pipe would never end
        raise ImportError(f"{path.name} is not a regular file")
    spec = importlib.util.spec_from_file_location(f"tongban_workspace_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _register(manager: Plugins, candidate: _Candidate) -> list[PluginProblem]:
    if candidate.name in manager.places:
        taken = manager.places[candidate.name][1]
        problem = PluginProblem(
            candidate.name,
            candidate.place,
            f"插件名已被 {taken} 使用，请改名",
            f"the name is already taken by {taken}; choose another",
        )
        return [problem]
    try:
        plugin = candidate.load()
    except BaseException as error:  # importing runs the plugin's code: anything goes
        return [raised_problem(candidate.name, candidate.place, error)]
    manager.places[candidate.name] = (candidate.origin, candidate.place, candidate.version)
    try:
        manager.register(plugin, name=candidate.name)
    except (pluggy.PluginValidationError, ValueError) as error:
        text = " ".join(str(error).split())
        zh = f"函数与钩子的规格不符：{text}"
        return [PluginProblem(candidate.name, candidate.place, zh, text)]
    return []


def _unknown_hooks(manager: Plugins) -> list[PluginProblem]:
    """Functions marked as hooks that nothing will ever call, each with the nearest real name."""
    known = sorted(name for name, caller in vars(manager.hook).items() if caller.has_spec())
    problems = []
    for name, caller in sorted(vars(manager.hook).items()):
        if caller.has_spec():
            continue
        near = get_close_matches(name, known, 1)
        zh_hint = f"，是否想写 {near[0]}？" if near else f"；可用的有 {'、'.join(known)}"
        en_hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
        problems += [
            PluginProblem(
                implementation.plugin_name,
                manager.places[implementation.plugin_name][1],
                f"没有名为 {name} 的钩子{zh_hint}",
                f"there is no hook {name}{en_hint}",
            )
            for implementation in caller.get_hookimpls()
            if not implementation.optionalhook
        ]
    return problems


def raised_problem(name: str, place: str, error: BaseException) -> PluginProblem:
    """What a plugin's code raised, with the last file and line it stood in."""
    frames = traceback.extract_tb(error.__traceback__)
    line = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    what = f"{type(error).__name__}: {error}{line}"
    return PluginProblem(name, place, f"插件出错：{what}", f"the plugin failed: {what}")


def _checked_sources(
    name: str, place: str, answer: object, taken: set[str]
) -> tuple[list[Source], list[PluginProblem]]:
    if not isinstance(answer, list | tuple) or not all(isinstance(s, Source) for s in answer):
        zh = "register_sources 应返回 Source 的列表"
        en = "register_sources must return a list of Source"
        return [], [PluginProblem(name, place, zh, en)]
    found: list[Source] = []
    problems: list[PluginProblem] = []
    for source in answer:
        if source.name in taken:
            zh = f"数据源名“{source.name}”已被使用，请改名"
            en = f"the source name {source.name!r} is already taken; choose another"
            problems.append(PluginProblem(name, place, zh, en))
        taken.add(source.name)
        found.append(source)
    return found, problems
