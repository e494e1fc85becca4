"""Mistakes that a type checker has to find: an ignore below that ignores no error is an error itself."""

import servanda
from servanda import CheckInput, PactWith, PostgresEndpoint

servanda.no_such_name  # type: ignore[attr-defined]  # noqa: B018
CheckInput(1)  # type: ignore[arg-type]


def test_a_contract_needs_a_provider(pact_with: PactWith) -> None:
    pact_with("basket")  # type: ignore[call-arg]


def test_an_endpoint_has_no_url(servanda_postgres: PostgresEndpoint) -> None:
    servanda_postgres.url  # type: ignore[attr-defined]  # noqa: B018
