"""The files that a provider really put into the spool."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from acme.transport.interaction import SpoolInteraction
from servanda.configuration import Limits
from servanda.errors import VerificationError
from servanda.pact import resolve
from servanda.pact.matching.bodies import match_body
from servanda.transports.provider import Exchange, Provider
from servanda.verdict import Reason, ReasonKind


def open_verifier(provider: Provider, limits: Limits) -> SpoolVerifier:
    """Open the spool of this run."""
    del limits
    folder = provider.placeholders.get("spool.folder")
    if folder is None:
        raise VerificationError("there is no spool in this run: no service of it names the store 'spool'")
    return SpoolVerifier(Path(folder))


class SpoolVerifier:
    """A spool."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def begin(self, interaction: SpoolInteraction) -> Exchange:
        before = set(self._folder.iterdir())

        async def exchange(values: object) -> tuple[Reason, ...]:
            assert isinstance(values, dict)
            files = sorted(set(self._folder.iterdir()) - before)
            return _reasons(resolve(interaction, values), (file.read_bytes() for file in files))

        return exchange

    async def close(self) -> None:
        """Do nothing: files need no connection."""


def _reasons(interaction: SpoolInteraction, messages: Iterable[bytes]) -> tuple[Reason, ...]:
    expected = interaction.message
    for content in messages:
        differences = match_body(expected.body, content, expected.rules_of("body"), content_type="application/json")
        return tuple(Reason.of(difference) for difference in differences)
    return (Reason(ReasonKind.NO_ANSWER, "nothing was put into the spool"),)
