"""Every module can be imported alone, does nothing and warns of nothing; what a package offers is what it lists."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOTS = ("servanda", "platformkit", "services")
# Of the suite a part of its rooms at a time: all of them take two minutes of a processor.
PARTS = (("servanda", 0, 4), ("servanda", 1, 4), ("servanda", 2, 4), ("servanda", 3, 4))
# Libraries are imported once and ours anew in a fork for each module, because several hundred interpreters would take
# minutes. Python imports the packages of a module before it: what is below a package is tried in forks of the process
# that has imported the package alone, to which importing a module alone would come as well. What is written or warned
# of comes from the module that is tried, or from what it imports for the first time.
PROGRAM = """
import gc, importlib, io, os, pkgutil, sys, traceback
from contextlib import redirect_stdout

package, part, parts = importlib.import_module(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
found = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
names = [package.__name__, *(name for name in found if not name.endswith("__main__"))]
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == package.__name__]:
    del sys.modules[name]
rooms = [name for name in names if name.rpartition(".")[0] == package.__name__][part::parts]
names = [name for name in names if name == package.__name__ or any(f"{name}.".startswith(f"{each}.") for each in rooms)]
gc.freeze()

def alone(name):
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            importlib.import_module(name)
    except BaseException:
        return traceback.format_exc()
    return said.getvalue()

def below(name):
    for other in names:
        if other.rpartition(".")[0] == name:
            tried(other)

def tried(name):
    if name in sys.modules:  # its package imports it
        print("tried", name, flush=True)
        return below(name)
    sys.stdout.flush()
    if os.fork():
        os.wait()
        return
    if complaint := alone(name):
        print(f"{name}: {complaint}", flush=True)
    print("tried", name, flush=True)
    below(name)
    os._exit(0)

tried(package.__name__)
print(len(names))
"""


@pytest.mark.parametrize(("root", "part", "parts"), [*PARTS, ("platformkit", 0, 1), ("services", 0, 1)])
def test_every_module_can_be_imported_alone_without_a_warning_or_a_word(root: str, part: int, parts: int) -> None:
    command = [sys.executable, "-W", "error", "-c", PROGRAM, root, str(part), str(parts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    *told, count = done.stdout.splitlines()
    assert [line for line in told if not line.startswith("tried ")] == []
    assert len(told) == int(count) > 1


def packages_that_list_names() -> list[str]:
    found = []
    for root in ROOTS:
        package = importlib.import_module(root)
        names = [root, *(m.name for m in pkgutil.walk_packages(package.__path__, f"{root}.") if m.ispkg)]
        found += [name for name in names if hasattr(importlib.import_module(name), "__all__")]
    return found


@pytest.mark.parametrize("name", packages_that_list_names())
def test_what_a_package_lists_is_there_and_documented(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__doc__
    offered = {public: getattr(package, public) for public in package.__all__}
    ours = {public: value for public, value in offered.items() if inspect.isclass(value) or inspect.isfunction(value)}
    assert [public for public, value in ours.items() if not inspect.getdoc(value)] == []


def imports_of_rooms(source: str) -> set[tuple[str, str]]:
    """Module and name of everything that a module imports from the platform kit."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module]
    return {(str(node.module), alias.name) for node in nodes for alias in node.names}


def test_services_use_what_the_platform_kit_offers_and_nothing_behind_it() -> None:
    used = set().union(*(imports_of_rooms(path.read_text()) for path in (ROOT / "services").rglob("*.py")))
    of_the_kit = {(module, name) for module, name in used if module.startswith("platformkit.")}
    assert of_the_kit
    assert {
        (module, name) for module, name in of_the_kit if name not in importlib.import_module(module).__all__
    } == set()
