from __future__ import annotations

from pathlib import Path

import pytest

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, ContractError
from servanda.verification import load_contracts
from tests.samples.library.contracts import a_book_over_http, contract


def test_contracts_are_read_in_a_fixed_order(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http(), consumer="reader")
    contract(tmp_path, a_book_over_http(), consumer="library")
    assert [one.consumer for one in load_contracts(configuration, tmp_path)] == ["library", "reader"]


def test_a_consumer_that_is_not_configured_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http(), consumer="raeder")
    with pytest.raises(ConfigurationError, match=r"the consumer 'raeder' is not configured\nhint: add \[pacticipants"):
        load_contracts(configuration, tmp_path)


def test_a_provider_that_is_not_configured_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    contract(tmp_path, a_book_over_http(), provider="archive")
    with pytest.raises(ConfigurationError, match="the provider 'archive' is not a configured service"):
        load_contracts(configuration, tmp_path)


def test_a_wanted_provider_that_is_not_configured_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"service 'archive' is not configured\nhint: .*library"):
        load_contracts(configuration, tmp_path, ["archive"])


def test_a_folder_without_contracts_is_refused(configuration: Configuration, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no contract found with the provider library"):
        load_contracts(configuration, tmp_path, ["library"])
