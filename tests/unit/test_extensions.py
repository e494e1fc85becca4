"""Parts that other distributions add: found, loaded when asked for, and named when they are broken."""

import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import ExtensionError
from servanda.extensions import STORES, ExtensionPoint, site_folders

Install = Callable[..., None]


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def shapes(packages: Path) -> ExtensionPoint:
    """An extension point with one part of its own."""
    return ExtensionPoint("shape", "servanda.shapes", {"circle": "math:pi"}, lambda: [str(packages)])


@pytest.fixture
def install(packages: Path) -> Install:
    """Installs a distribution with entry points, and a module of the same name."""

    def put(name: str, *, source: str = "", folder: Path = packages, **shapes: str) -> None:
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        rows = "\n".join(f"{shape} = {value}" for shape, value in shapes.items())
        (info / "entry_points.txt").write_text(f"[servanda.shapes]\n{rows}\n")
        (folder / f"{name}.py").write_text(source)

    return put


def test_installed_parts_come_after_those_of_the_suite(install: Install, shapes: ExtensionPoint) -> None:
    install("acme_square", square="acme_square:SHAPE")
    install("acme_bow", bow="acme_bow:SHAPE")
    assert shapes.names() == ("circle", "bow", "square")
    assert (shapes.has("bow"), shapes.has("arrow")) == (True, False)


def test_an_installed_part_is_loaded_by_its_name(install: Install, shapes: ExtensionPoint) -> None:
    install("acme_star", source="SHAPE = 5", star="acme_star:SHAPE")
    assert shapes.load("star") == 5


def test_looking_for_names_imports_nothing(install: Install, shapes: ExtensionPoint) -> None:
    install("acme_bomb", source="raise SystemError('imported')", bomb="acme_bomb:SHAPE")
    assert "bomb" in shapes.names()
    assert shapes.has("bomb")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("import no_such_module_at_all", "ModuleNotFoundError", id="a missing library"),
        pytest.param("", "AttributeError", id="a missing attribute"),
        pytest.param("raise ValueError('no licence')", "ValueError: no licence", id="its own error"),
        pytest.param("a b", "SyntaxError", id="no Python"),
        pytest.param("raise SystemExit(0)", "SystemExit", id="an exit"),
    ],
)
def test_a_broken_part_names_its_distribution(install: Install, shapes: ExtensionPoint, source: str, said: str) -> None:
    name = f"acme_{abs(hash(source))}"
    install(name, source=source, broken=f"{name}:SHAPE")
    with pytest.raises(ExtensionError, match=f"the shape 'broken' cannot be imported: {said}") as caught:
        shapes.load("broken")
    assert str(caught.value.where).startswith(f"distribution {name}, entry point servanda.shapes: broken = ")
    assert name in str(caught.value.hint)


def test_an_unknown_name_is_told_with_the_known_ones(install: Install, shapes: ExtensionPoint) -> None:
    install("acme_oval", oval="acme_oval:SHAPE")
    with pytest.raises(ExtensionError, match="unknown shape 'arrow'") as caught:
        shapes.load("arrow")
    assert "circle, oval" in str(caught.value.hint)


@pytest.mark.parametrize("taken", ["circle", "ring"])
def test_a_name_that_is_taken_is_an_error(install: Install, shapes: ExtensionPoint, taken: str) -> None:
    install("acme_first", ring="acme_first:SHAPE")
    install("acme_second", **{taken: "acme_second:SHAPE"})
    with pytest.raises(ExtensionError, match=f"'{taken}' of acme_(first|second) has the same name as the one of"):
        shapes.names()


def test_what_is_only_in_the_path_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert str(tmp_path) in sys.path
    assert str(tmp_path) not in site_folders()
    assert sysconfig.get_path("purelib") in site_folders()


def test_names_are_ordered_without_looking_for_more() -> None:
    assert STORES.ordered(["zebra", "kafka", "ant", "postgres", "kafka"]) == ("postgres", "kafka", "ant", "zebra")


@pytest.mark.parametrize("name", STORES.built_in)
def test_every_store_of_the_suite_is_a_row_and_a_package(name: str) -> None:
    module, _, attribute = STORES.built_in[name].partition(":")
    assert (module, attribute) == (f"servanda.infra.stores.{name}", "STORE")
