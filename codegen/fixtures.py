"""The reference of what the plugin of pytest adds: fixtures and options, from the plugin itself."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator

from _pytest.fixtures import FixtureFunctionDefinition

from codegen.product import Product
from servanda import pytest_plugin

_HEAD = """# Fixtures
<!-- Written by 'python -m codegen' from servanda/pytest_plugin.py. -->
pytest loads them from the installed plugin. Until a test requests a fixture, the plugin imports, writes and starts
nothing. [Consumer tests](../how-to/consumer-tests.md) shows `pact_with`,
[consumer impact](../how-to/consumer-impact.md) `servanda_observe`,
[infrastructure](infrastructure.md#in-tests) the stores.

| fixture | scope | what it does |
|---|---|---|
"""
_OPTIONS = """
## Options of pytest
| option | meaning |
|---|---|
"""


class _Group:
    """The group of options that the plugin adds to."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(add_help=False)

    def getgroup(self, name: str, description: str) -> _Group:  # noqa: ARG002 - the interface of pytest
        """Return itself."""
        return self

    def addoption(self, *names: str, **settings: object) -> None:
        """Note an option."""
        self.parser.add_argument(*names, **settings)  # type: ignore[arg-type]


def products() -> Iterator[Product]:
    """Return the page."""
    rows = "".join(f"| `{name}` | {scope} | {told} |\n" for name, scope, told in _fixtures())
    options = "".join(f"| `{name}` | {told} |\n" for name, told in _options())
    yield Product("docs/reference/fixtures.md", f"{_HEAD}{rows}{_OPTIONS}{options}".encode())


def _fixtures() -> Iterator[tuple[str, str, str]]:
    for name, found in vars(pytest_plugin).items():
        if isinstance(found, FixtureFunctionDefinition):
            marker = found._fixture_function_marker  # noqa: SLF001 - there is no other way to its scope
            told = " ".join((inspect.getdoc(found) or "").split())
            yield marker.name or name, str(marker.scope), told.replace("``", "`").replace("|", "\\|")


def _options() -> Iterator[tuple[str, str]]:
    group = _Group()
    pytest_plugin.pytest_addoption(group)  # type: ignore[arg-type]
    for action in group.parser._actions:  # noqa: SLF001 - there is no other way to its help
        yield ", ".join(action.option_strings), (action.help or "").replace("|", "\\|")
