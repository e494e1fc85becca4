"""The options of ``servanda verify``."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from servanda.cli.completing import consumers
from servanda.configuration import origin
from servanda.publication.results import ProviderVersion
from servanda.report.terminal import say
from servanda.verdict import Transport
from servanda.verification import Selection, failed_before

_Command = TypeVar("_Command", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Options:
    """Options of ``servanda verify``.

    Attributes:
        mode: Provisioning of the stores; ``None`` for the usual one.
        attach: Whether the running platform is asked.
        consumers: Only contracts of these consumers.
        interactions: Only interactions of these names.
        rerun_failed: Only interactions that did not hold when they were verified last.
        provider_url: Where the provider listens for HTTP, if it runs already.
        grpc_target: Where it listens for gRPC, if it runs already.
        kafka_bootstrap: The Kafka cluster that it sends events to, if it runs already.
        routes: Where it listens for some paths, as ``PREFIX=URL``.
        pacts: Folders, files and addresses of contracts in place of the configured folder.
        broker: Whether contracts come from the broker.
        publish: Whether results go to the broker.
        provider_version: The version of the provider; ``None`` for the commit.
        branch: Its branch; ``None`` for the current one.
        tags: Its tags.
        build_url: Address of the build.
        prune_statements: Whether recorded statements go that this run does not record.
    """

    mode: str | None
    attach: bool
    consumers: tuple[str, ...]
    interactions: tuple[str, ...]
    rerun_failed: bool
    provider_url: str | None
    grpc_target: str | None
    kafka_bootstrap: str | None
    routes: tuple[str, ...]
    pacts: tuple[str, ...]
    broker: bool
    publish: bool
    provider_version: str | None
    branch: str | None
    tags: tuple[str, ...]
    build_url: str | None
    prune_statements: bool = False

    @property
    def targets(self) -> Mapping[str, str]:
        """Return where a provider that runs already listens, by transport."""
        named = {Transport.HTTP: self.provider_url, Transport.GRPC: self.grpc_target}
        return {transport: target for transport, target in named.items() if target}

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the provider runs already."""
        return bool(self.targets or self.kafka_bootstrap or self.routes)

    @property
    def of_this_machine(self) -> str | None:
        """Return the first option that only makes sense where it was given; ``None`` if there is none."""
        named = {
            "--attach": self.attach,
            "--provider-url": self.provider_url,
            "--grpc-target": self.grpc_target,
            "--kafka-bootstrap": self.kafka_bootstrap,
            "--route": self.routes,
            "--pacts": self.pacts,
            "--broker": self.broker,
            "--publish": self.publish,
            "--interaction": self.interactions,
            "--rerun-failed": self.rerun_failed,
            "--prune-statements": self.prune_statements,
        }
        return next((name for name, given in named.items() if given), None)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Return the options that a command which repeats one interaction needs as well."""
        named = {
            "--infra": self.mode,
            "--provider-url": self.provider_url,
            "--grpc-target": self.grpc_target,
            "--kafka-bootstrap": self.kafka_bootstrap,
            "--branch": self.branch if self.broker else None,
        }
        flags = {"--attach": self.attach, "--broker": self.broker}
        return (
            *(name for name, given in flags.items() if given),
            *(part for place in self.pacts for part in ("--pacts", place)),
            *(part for tag in self.tags if self.broker for part in ("--provider-tag", tag)),
            *(part for route in self.routes for part in ("--route", route)),
            *(part for name, value in named.items() if value for part in (name, value)),
        )

    def selection(self, memory: Path) -> Selection:
        """Return what is verified.

        Raises:
            VerificationError: Nothing failed in the last run.
        """
        return Selection(self.consumers, self.interactions, failed_before(memory) if self.rerun_failed else None)

    def version(self, root: Path) -> ProviderVersion:
        """Return the version of the provider.

        Raises:
            ConfigurationError: It is not named, and there is no commit.
        """
        found = origin(root, os.environ, self.provider_version, self.branch, self.build_url)
        if found.dirty and self.publish:
            say(f"note: uncommitted changes are not part of the version {found.version}")
        return ProviderVersion(found.version, found.branch, self.tags, found.build_url)

    def branch_of(self, root: Path) -> str:
        """Return the branch of the provider; empty if nobody knows it."""
        # The version is not asked for here, and need not be known.
        return origin(root, os.environ, self.provider_version or "any", self.branch).branch


_SELECTING = (
    click.option(
        "--consumer",
        "consumers",
        multiple=True,
        shell_complete=consumers,
        help="Only contracts of this consumer; repeatable.",
    ),
    click.option("--interaction", "interactions", multiple=True, help="Only the interaction of this name; repeatable."),
    click.option("--rerun-failed", is_flag=True, help="Only interactions that did not hold when verified last."),
)
_REACHING = (
    click.option("--provider-url", metavar="URL", help="Ask the provider that runs at this address; start nothing."),
    click.option(
        "--route",
        "routes",
        metavar="PREFIX=URL",
        multiple=True,
        help="Send requests whose path begins with PREFIX to this address; repeatable.",
    ),
    click.option("--grpc-target", metavar="HOST:PORT", help="The same for gRPC; https://HOST:PORT for TLS."),
    click.option("--kafka-bootstrap", metavar="HOST:PORT", help="The Kafka that the provider sends events to."),
)
_RECORDING = (
    click.option(
        "--prune-statements",
        is_flag=True,
        help="Drop from contracts/sql the recorded statements that this run does not record.",
    ),
)
_EXCHANGING = (
    click.option("--pacts", metavar="PLACE", multiple=True, help="Contracts in this folder, file or URL; repeatable."),
    click.option("--broker", is_flag=True, help="The contracts that the broker selects."),
    click.option("--publish", is_flag=True, help="Send the results to the broker that the contracts are from."),
    click.option("--provider-version", help="Version of the provider; default: the commit."),
    click.option("--branch", help="Branch of the provider; default: the current branch, or that of the CI build."),
    click.option("--provider-tag", "tags", metavar="TAG", multiple=True, help="Tag of the version; repeatable."),
    click.option("--build-url", help="Address of this build; default: that of the CI build."),
)


def verify_options(command: _Command) -> _Command:
    """Add the options that say what is verified, where, and what becomes of the results."""
    for add in reversed((*_SELECTING, *_REACHING, *_EXCHANGING, *_RECORDING)):
        command = add(command)
    return command
