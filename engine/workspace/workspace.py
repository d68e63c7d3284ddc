"""The workspace itself: definitions by kind, id and date; regions laid over matters."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from copy import copy
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Self, TypeVar, cast

from engine.clock import Calendar
from engine.definitions import (
    KIND_TITLES,
    KINDS,
    CalendarDefinition,
    CodeSet,
    Definition,
    Form,
    LicenceType,
    MaterialUse,
    Matter,
    Region,
    RuleSet,
    SharedMaterial,
)
from engine.definitions.matter import MaterialTerms
from engine.diagnostics import Diagnostic, Diagnostics, TongbanError, nearest
from engine.hooks import (
    PluginError,
    Plugins,
    Receiver,
    Source,
    collect_receivers,
    collect_sources,
    create_plugin_manager,
    identify,
)
from engine.source import Document
from engine.workspace.loading import FOLDERS, DefinitionFile, read_files, shape_file
from engine.workspace.questions import Question, note, noted
from engine.workspace.settings import Settings, read_settings
from engine.workspace.sheets import SheetFile, find_sheets

_D = TypeVar("_D", bound=Definition)
_T = TypeVar("_T")
_SHOWN = 12  # ids listed where one is not known
_KEPT = 4096  # matters and programs kept in one workspace


class UnknownDefinition(TongbanError):
    """There is no such definition, or none in force on that day."""


class NotAWorkspace(TongbanError):
    """The folder named is not there, or holds no definitions."""


class Workspace:
    """A folder of definitions. Immutable: an edit makes another workspace (`with_text`)."""

    def __init__(self, root: Path, files: Iterable[DefinitionFile], settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self.files: Mapping[str, DefinitionFile] = {file.file: file for file in files}
        self._cache: dict[object, tuple[object, tuple[Question, ...]]] = {}
        self._lock = Lock()

    @classmethod
    def load(cls, root: Path | str) -> "Workspace":
        """Reads `root`. Never raises for bad definitions: see `diagnostics`.

        Raises NotAWorkspace when there is no `root`, or neither rulesets/ nor form_defs/ in it.
        """
        path = Path(root)
        if not path.is_dir():
            raise NotAWorkspace(f"没有这个文件夹：{root} / no such folder: {root}")
        if not any((path / folder).is_dir() for folder in FOLDERS):
            raise NotAWorkspace(
                f"{path.resolve()} 不是工作区：其中没有 rulesets/ 和 form_defs/。"
                f"可用 tongban init 新建，或用 --root 指明 / not a workspace"
            )
        return cls(path, read_files(path), read_settings(path))

    def with_text(self, file: str, text: str, sheets: tuple[SheetFile, ...] | None = None) -> Self:
        """This workspace with `file` (relative to the root) holding `text`, saved nowhere.

        The tables that it keeps in files are read from the folder, unless `sheets` are given.
        """
        found = find_sheets(self.root, file, text) if sheets is None else sheets
        return self._holding({**self.files, file: shape_file(file, text, found)})

    def with_sources(self, sources: Iterable[Source]) -> Self:
        """This workspace asking these registers in the place of its own."""
        other = copy(self)  # definitions and what was computed from them stay shared
        vars(other)["sources"] = tuple(sources)
        return other

    def with_definitions(self, contents: Mapping[str, tuple[str, tuple[SheetFile, ...]]]) -> Self:
        """This workspace with exactly these definitions: the text and the sheets of each file.

        So a case that is pinned to what was in force is decided by that, however old.
        """
        return self._holding({name: shape_file(name, *what) for name, what in contents.items()})

    def _holding(self, files: Mapping[str, DefinitionFile]) -> Self:
        ordered = [files[name] for name in sorted(files)]
        edited = type(self)(self.root, ordered, self.settings)
        # Plugins belong to the folder and its settings, not to a text: they are not loaded again.
        kept: dict[str, object] = {
            n: v for n, v in vars(self).items() if n in ("plugins", "sources", "receivers")
        }
        vars(edited).update(kept)
        return edited

    # --- finding ---------------------------------------------------------------------------

    def versions(self, kind: str, identity: str) -> tuple[DefinitionFile, ...]:
        """Every file that defines `identity`, whatever its dates."""
        note(("versions", kind, identity))
        return self._by_id.get((kind, identity), ())

    def files_of(self, kind: str) -> tuple[DefinitionFile, ...]:
        """Every file that defines something of a kind, by id and path."""
        note(("files", kind, ""))
        found = (file for file in self.files.values() if file.kind == kind)
        return tuple(sorted(found, key=lambda file: (file.id, file.file)))

    def answer(self, question: Question) -> str:
        """What a question asked of this workspace comes to: the same text, the same answer."""
        asked, kind, identity = question
        if asked == "identifier":
            try:
                return str(self.knows_identifier(kind))
            except PluginError as error:
                return str(error)
        if asked == "ids":
            return "\n".join(self.ids(kind))
        files = self.versions(kind, identity) if asked == "versions" else self.files_of(kind)
        return "\n".join(f"{file.file} {file.digest}" for file in files)

    def find(self, kind: str, identity: str, on: date) -> DefinitionFile | None:
        """The file in force on a day; None where there is none, and nobody is told why."""
        for file in self.versions(kind, identity):
            if file.definition is not None and file.definition.is_in_effect(on):
                return file
        return None

    def file(self, kind: str, identity: str, on: date) -> DefinitionFile:
        """The file in force on a day. Raises UnknownDefinition with the nearest id."""
        file = self.find(kind, identity, on)
        if file is None:
            raise UnknownDefinition(self._unknown(kind, identity, on))
        return file

    def document(self, kind: str, identity: str, on: date) -> Document:
        """The document as written. Raises UnknownDefinition."""
        document = self.file(kind, identity, on).whole
        assert document is not None  # a file with a definition has a document
        return document

    def digest(self, kind: str, identity: str, on: date) -> str:
        """sha256 of the text in force, with LF line ends: the version that a decision names."""
        return self.file(kind, identity, on).digest

    def matters(self, on: date) -> tuple[Matter, ...]:
        """Every matter in force, by id."""
        return tuple(m for m in self._all(Matter) if m.is_in_effect(on))

    def regions(self, on: date) -> tuple[Region, ...]:
        return tuple(r for r in self._all(Region) if r.is_in_effect(on))

    def rule_sets(self, on: date) -> tuple[RuleSet, ...]:
        return tuple(r for r in self._all(RuleSet) if r.is_in_effect(on))

    def matter(self, identity: str, on: date, region: str = "") -> Matter:
        """The matter as a region applies it: shared materials filled in, the region's figures laid over.

        Raises UnknownDefinition for an unknown matter or region.
        """
        key = ("matter", identity, on, region)
        return self.keep(key, lambda: self._make_matter(identity, on, region))

    def form(self, identity: str, on: date) -> Form | None:
        """The matter's form, or None while it has none."""
        file = self.find("form", identity, on)
        return None if file is None else cast(Form, file.definition)

    def codes(self, identity: str, on: date) -> CodeSet:
        return self._find(CodeSet, "codes", identity, on)

    def licence(self, identity: str, on: date) -> LicenceType:
        return self._find(LicenceType, "licence", identity, on)

    def material(self, identity: str, on: date) -> SharedMaterial:
        return self._find(SharedMaterial, "material", identity, on)

    def region_chain(self, code: str, on: date) -> tuple[Region, ...]:
        """The region and its superiors, the highest first. Empty for no region."""
        chain: list[Region] = []
        while code and code not in {r.region for r in chain}:
            region = self._find(Region, "region", code, on)
            chain.append(region)
            code = region.parent or ""
        return tuple(reversed(chain))

    def ids(self, kind: str) -> tuple[str, ...]:
        note(("ids", kind, ""))
        return self._ids.get(kind, ())

    @property
    def calendar(self) -> Calendar:
        """Every published year of the workspace."""
        return self.keep("calendar", self._make_calendar)

    def _make_calendar(self) -> Calendar:
        years = []
        for definition in self._all(CalendarDefinition):
            # A calendar that contradicts itself is reported by the checks, and is not published.
            with suppress(ValueError):
                years.append(definition.to_year())
        return Calendar.of(years)

    @cached_property
    def plugins(self) -> Plugins:
        """The plugin manager, made on first use. Raises PluginError for a broken plugin."""
        return create_plugin_manager(self.root, self.settings.plugins)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The registers that plugins offer. Raises PluginError."""
        return collect_sources(self.plugins)

    @cached_property
    def receivers(self) -> tuple[Receiver, ...]:
        """What plugins take messages with. Raises PluginError."""
        return collect_receivers(self.plugins)

    def knows_identifier(self, kind: str) -> bool | None:
        """Whether a plugin checks identifiers of that kind; None while the plugins cannot be used.

        Raises PluginError naming the plugin that cannot answer.
        """
        note(("identifier", kind, ""))
        try:
            plugins = self.plugins
        except PluginError:
            return None

        # Any kind that a plugin knows has a verdict on a text that is no identifier at all.
        def ask() -> bool:
            return identify(plugins, kind, "?", date(2026, 1, 1)) is not None

        return self.keep(("identifier", kind), ask)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with single files; `check_workspace` says the rest."""
        problems = Diagnostics()
        for file in self.files.values():
            problems.extend(file.diagnostics)
        return problems.sorted()

    def keep(self, key: object, make: Callable[[], _T]) -> _T:
        """What `make` gave for `key` the first time. The oldest of many is made again when asked."""
        with self._lock:
            kept = self._cache.get(key)
        if kept is None:
            with noted() as questions:
                made = make()
            with self._lock:
                while len(self._cache) >= _KEPT:
                    del self._cache[next(iter(self._cache))]
                kept = self._cache.setdefault(key, (made, tuple(questions)))
        else:
            note(*kept[1])
        return cast(_T, kept[0])

    # --- inside ----------------------------------------------------------------------------

    @cached_property
    def _by_id(self) -> dict[tuple[str, str], tuple[DefinitionFile, ...]]:
        found: dict[tuple[str, str], tuple[DefinitionFile, ...]] = {}
        for file in self.files.values():
            if file.kind:
                key = (file.kind, file.id)
                found[key] = (*found.get(key, ()), file)
        return found

    @cached_property
    def _ids(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for kind, identity in self._by_id:
            found.setdefault(kind, set()).add(identity)
        return {kind: tuple(sorted(ids)) for kind, ids in found.items()}

    def _all(self, model: type[_D]) -> tuple[_D, ...]:
        kind = next(kind for kind, known in KINDS.items() if known is model)
        return tuple(cast(_D, file.definition) for file in self.files_of(kind))

    def _find(self, model: type[_D], kind: str, identity: str, on: date) -> _D:
        definition = self.file(kind, identity, on).definition
        assert isinstance(definition, model)
        return definition

    def _unknown(self, kind: str, identity: str, on: date) -> str:
        zh, en = KIND_TITLES[kind]
        if self.versions(kind, identity):
            return f"{zh}“{identity}”在 {on} 没有施行的版本 / {en} {identity!r} is not in force on {on}"
        close = self._id_titled(kind, identity) or nearest(identity, self.ids(kind))
        if close:
            return f"没有{zh}“{identity}”，是否想写“{close}”？ / no {en} {identity!r}; {close!r}?"
        known = "、".join(self.ids(kind)[:_SHOWN]) or "无"
        return f"没有{zh}“{identity}”；现有：{known} / no {en} {identity!r}; there are: {known}"

    def _id_titled(self, kind: str, title: str) -> str | None:
        for file in self.files_of(kind):
            if getattr(file.definition, "title", None) == title:
                return file.id
        return None

    def _make_matter(self, identity: str, on: date, region: str) -> Matter:
        found = self._find(Matter, "matter", identity, on)
        materials = tuple(self._fill(use, on) for use in found.materials)
        filled = found.model_copy(update={"materials": materials})
        return self._lay_over(filled, self.region_chain(region, on))

    def _fill(self, use: MaterialUse, on: date) -> MaterialUse:
        """The shared material's terms where the matter says nothing itself."""
        if use.use is None:
            return use
        try:
            shared = self.material(use.use, on)
        except UnknownDefinition:
            return use  # reported by the checks
        terms = {
            name: getattr(shared, name)
            for name in MaterialTerms.model_fields
            if getattr(use, name) is None
        }
        return use.model_copy(update={**terms, "id": use.key, "title": use.title or shared.title})

    def _lay_over(self, matter: Matter, chain: tuple[Region, ...]) -> Matter:
        for region in chain:
            override = region.overrides.get(matter.matter)
            if override is None:
                continue
            parameters = dict(matter.parameters)
            for name, value in override.parameters.items():
                if name in parameters:
                    basis = override.basis or region.overrides[matter.matter].basis
                    update = {"value": value, "basis": basis or parameters[name].basis}
                    parameters[name] = parameters[name].model_copy(update=update)
            changes: dict[str, object] = {"parameters": parameters}
            if override.promise:
                changes["time"] = matter.time.model_copy(update={"promise": override.promise})
            if override.department:
                changes["department"] = override.department
            if override.department_code:
                changes["department_code"] = override.department_code
            guide = {
                name: value
                for name, value in (("windows", override.windows), ("phone", override.phone))
                if value
            }
            if guide:
                changes["guide"] = matter.guide.model_copy(update=guide)
            matter = matter.model_copy(update=changes)
        return matter
