"""What the house promises its readers, measured on the source itself."""

import ast
import re
import statistics
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ROOMS = ("engine", "plugins", "studio")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
EMPTY_WORDS = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
LONGEST_FUNCTION = 80  # lines: fits in one look
LONGEST_MODULE = 700  # lines: fits in one sitting
TYPICAL_FUNCTION = 11  # lines, the median

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Defined:
    """One function or class and where it is."""

    path: Path
    node: Function | ast.ClassDef

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.node.lineno} {self.node.name}"

    @property
    def length(self) -> int:
        assert self.node.end_lineno is not None
        return self.node.end_lineno - self.node.lineno + 1


def defined() -> Iterator[Defined]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function | ast.ClassDef):
                yield Defined(path, node)


def functions() -> list[Defined]:
    return [found for found in defined() if isinstance(found.node, Function)]


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def test_functions_fit_in_one_look() -> None:
    assert [str(found) for found in functions() if found.length > LONGEST_FUNCTION] == []
    assert statistics.median(found.length for found in functions()) <= TYPICAL_FUNCTION


def test_modules_fit_in_one_sitting() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_MODULE}
    assert long == {}


def test_names_say_what_things_are() -> None:
    empty = [str(path.relative_to(ROOT)) for path in MODULES if words_of(path.stem) & EMPTY_WORDS]
    # In a longer name "common" is a plain adjective: 常见错误 are common mistakes.
    said = EMPTY_WORDS - {"common"}
    empty += [str(found) for found in defined() if words_of(found.node.name) & said]
    # pluggy's own word for the object that it names so.
    assert [name for name in empty if not name.endswith("create_plugin_manager")] == []


def test_no_function_bears_its_modules_name() -> None:
    """Re-exported by its package, it would hide the module."""
    hiding = [
        str(found)
        for found in functions()
        if found.node.name == found.path.stem and not found.node.name.startswith("__")
    ]
    assert hiding == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "a module begins with what it is for"


def test_public_names_are_real() -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"):
                continue
            assert set(ast.literal_eval(node.value)) <= names_bound_in(tree.body), path


def test_what_the_engine_offers_late_is_there() -> None:
    """Names that `engine` imports when they are asked for, against those it tells the type checker."""
    import engine

    body = ast.parse((ROOT / "engine" / "__init__.py").read_text(encoding="utf-8")).body
    told = [node for node in body if isinstance(node, ast.If)]
    assert {name for node in told for name in names_bound_in(node.body)} == set(engine._LATE)
    assert all(hasattr(engine, name) for name in engine._LATE)


def names_bound_in(body: Iterable[ast.stmt]) -> set[str]:
    """What the statements bind, what is imported for the type checker among it."""
    bound: set[str] = set()
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            bound |= names_bound_in(node.body)
        if isinstance(node, ast.ImportFrom | ast.Import):
            bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, Function | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Assign):
            bound |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            bound.add(node.target.id)
    return bound


def test_the_rooms_are_told_in_the_order_that_is_kept() -> None:
    """What contributors read is the contract that import-linter holds the rooms to."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = next(c for c in contracts["tool"]["importlinter"]["contracts"] if c["id"] == "rooms")
    kept = [layer.strip("()") for layer in reversed(rooms["layers"])]
    (told,) = re.findall(r"^`(\w+(?: → \w+){3,})`$", CONTRIBUTING.read_text("utf-8"), re.MULTILINE)
    assert told.split(" → ") == kept
    found = {path.stem for path in (ROOT / "engine").iterdir() if path.suffix == ".py"}
    found |= {path.parent.name for path in (ROOT / "engine").glob("*/__init__.py")}
    assert set(kept) == {name for name in found if not name.startswith("_")}


def test_tests_are_flat() -> None:
    """A package tests/engine would stand in front of the engine itself."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []
    assert list((ROOT / "tests").glob("*/test_*.py")) == []


def test_no_error_is_swallowed_without_a_word() -> None:
    silent = []
    for path in [*MODULES, *sorted((ROOT / "tests").glob("*.py"))]:
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ExceptHandler) and is_broad(node) and not raises_again(node):
                lines = source.splitlines()[node.lineno - 1 : node.body[0].lineno]
                if not any("#" in line for line in lines):
                    silent.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert silent == [], "a broad except states its reason in a comment on the spot"


def is_broad(handler: ast.ExceptHandler) -> bool:
    caught = ast.unparse(handler.type) if handler.type else ""
    return caught in {"", "Exception", "BaseException"}


def raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
