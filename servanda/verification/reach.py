"""The way to one provider: its ports and its topics, connected to when they are first needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import TypeAlias

from servanda.configuration import Configuration, Limits
from servanda.errors import VerificationError
from servanda.pact import GrpcInteraction, HttpInteraction, Interaction, MessageInteraction, resolve
from servanda.supervision import ServiceHandle, System
from servanda.verdict import Reason, Transport
from servanda.verification.transports import GrpcTransport, HttpTransport, KafkaTransport

Exchange: TypeAlias = Callable[[Mapping[str, object]], Awaitable[tuple[Reason, ...]]]
"""Carries an interaction out, with the values of its provider states; gives the reasons why it did not hold."""


class Reach:
    """Opens the transports to one provider.

    Args:
        provider: Name of the instance.
        stack: Closes what was opened.
    """

    def __init__(
        self,
        provider: str,
        system: System[ServiceHandle],
        configuration: Configuration,
        limits: Limits,
        stack: AsyncExitStack,
    ) -> None:
        self._provider = provider
        self._system = system
        self._configuration = configuration
        self._limits = limits
        self._stack = stack
        self._http: HttpTransport | None = None
        self._grpc: GrpcTransport | None = None
        self._kafka: KafkaTransport | None = None

    async def begin(self, interaction: Interaction) -> Exchange:
        """Do what has to be done before the provider states of an interaction, and give the rest.

        Raises:
            VerificationError: The provider cannot be reached on this transport.
        """
        match interaction:
            case HttpInteraction():
                return await self._begin_http(interaction)
            case GrpcInteraction():
                return await self._begin_grpc(interaction)
            case MessageInteraction():
                return await self._begin_kafka(interaction)

    async def _begin_http(self, interaction: HttpInteraction) -> Exchange:
        if self._http is None:
            self._http = HttpTransport(self._address(Transport.HTTP), self._limits)
            self._stack.push_async_callback(self._http.close)
        transport = self._http
        return lambda values: transport.verify(resolve(interaction, values))

    async def _begin_grpc(self, interaction: GrpcInteraction) -> Exchange:
        if self._grpc is None:
            self._grpc = GrpcTransport(self._address(Transport.GRPC), self._limits)
            self._stack.push_async_callback(self._grpc.close)
        transport = self._grpc
        return lambda values: transport.verify(resolve(interaction, values))

    async def _begin_kafka(self, interaction: MessageInteraction) -> Exchange:
        if self._kafka is None:
            self._kafka = KafkaTransport(self._bootstrap(), self._limits)
            self._stack.push_async_callback(self._kafka.close)
        transport, topic = self._kafka, self._topic(interaction)
        since = await transport.offsets(topic)
        return lambda values: transport.verify(resolve(interaction, values), topic, since)

    def _address(self, transport: Transport) -> str:
        service = self._system.service(self._provider).service
        if transport not in service.transports:
            raise VerificationError(f"no port of '{self._provider}' is configured for the transport {transport}")
        return self._system.address(self._provider, service.transports[transport])

    def _bootstrap(self) -> str:
        bootstrap = self._system.placeholders.values.get("kafka.bootstrap")
        if bootstrap is None:
            raise VerificationError("there is no Kafka in this run: no service of it names the store 'kafka'")
        return bootstrap

    def _topic(self, interaction: MessageInteraction) -> str:
        topics = self._system.service(self._provider).service.topics
        topic = interaction.topic or (topics[0] if len(topics) == 1 else "")
        if not topic:
            raise VerificationError(
                f"the contract names no topic, and '{self._provider}' publishes to {len(topics) or 'none'}"
            )
        namespace = self._system.placeholders.values.get("namespace", "")
        return physical_topic(self._configuration.events.topic, topic, namespace)


def physical_topic(pattern: str, topic: str, namespace: str) -> str:
    """The name of a topic in this run. Without a namespace, what would join it to the topic falls away."""
    return pattern.replace("{topic}", topic).replace("{namespace}", namespace).strip(".-_")
