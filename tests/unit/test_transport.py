"""Transports by their rows."""

import pytest

from servanda.errors import ExtensionError
from servanda.extensions import TRANSPORTS
from servanda.transport import TransportKind, transport_kind


@pytest.mark.parametrize("name", TRANSPORTS.built_in)
def test_a_transport_reads_and_replays_its_interactions(name: str) -> None:
    row = transport_kind(name)
    assert row.name == name
    assert callable(row.module("reading").read)
    assert callable(row.module("verifying").open_verifier)


def test_an_unknown_transport_is_an_error() -> None:
    with pytest.raises(ExtensionError, match="unknown transport 'pigeon'"):
        transport_kind("pigeon")


def test_a_library_that_is_not_installed_is_named() -> None:
    row = TransportKind("http", package="no_such_package_at_all", pact_type="Synchronous/HTTP")
    with pytest.raises(ExtensionError, match="the transport 'http' needs the module no_such_package_at_all"):
        row.module("reading")
