"""The stage of the form."""

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Configuration
from servanda.errors import InterfaceError
from servanda.gate.lint import lint
from servanda.gate.stages.lint import Lint
from servanda.verdict import Outcome, Severity

Repository = Callable[[str], Configuration]
ODD = 'syntax = "proto3";\npackage Shop;\nmessage order { string id = 1; }\n'


def written(configuration: Configuration, text: str) -> Configuration:
    configuration.interfaces.root.mkdir()
    (configuration.interfaces.root / "shop.proto").write_text(text, encoding="utf-8")
    return configuration


async def examined(configuration: Configuration, cache: Path) -> tuple[Outcome, set[Severity]]:
    result = await Lint(configuration, lambda each: lint(each, cache)).examine()
    return result.outcome, {finding.severity for finding in result.findings}


async def test_what_is_found_breaks_nobody(repository: Repository, tmp_path: Path) -> None:
    configuration = written(repository(""), ODD)

    assert await examined(configuration, tmp_path / "cache") == (Outcome.HELD, {Severity.WARNING})


async def test_the_repository_may_make_it_stop_the_change(repository: Repository, tmp_path: Path) -> None:
    configuration = written(repository('[rules]\nLINT = "error"\n'), ODD)

    assert await examined(configuration, tmp_path / "cache") == (Outcome.BROKEN, {Severity.ERROR})


async def test_the_form_can_be_switched_off(repository: Repository, tmp_path: Path) -> None:
    configuration = written(repository('[rules]\nLINT = "off"\n'), ODD)

    assert await examined(configuration, tmp_path / "cache") == (Outcome.HELD, set())


async def test_programs_in_the_configuration_of_buf_are_not_run(repository: Repository, tmp_path: Path) -> None:
    configuration = written(repository(""), ODD)
    (configuration.interfaces.root / "buf.yaml").write_text("version: v2\nplugins: [{plugin: ./own}]\n")

    with pytest.raises(InterfaceError, match="may name programs"):
        await examined(configuration, tmp_path / "cache")


async def test_what_is_not_there_cannot_be_examined(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(InterfaceError, match="proto"):
        await examined(repository(""), tmp_path / "cache")


async def test_what_does_not_compile_cannot_be_examined(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(InterfaceError, match="proto"):
        await examined(written(repository(""), "no proto"), tmp_path / "cache")
