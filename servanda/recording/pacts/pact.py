"""A contract while a consumer's test writes it: the Pact library's, with the quirks of that library taken care of."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

import pact_ffi
from pact import Pact
from pact.pact import PactServer

from servanda.errors import RecordingError
from servanda.extras import require
from servanda.pact import PactFile, checks_nothing, load
from servanda.pact.load import READER
from servanda.recording.pacts.examples import require_examples
from servanda.recording.pacts.installation import PLUGIN
from servanda.recording.pacts.mock_front import PREFIX, front_of
from servanda.recording.pacts.workspace import Workspace
from servanda.transports.grpc.calls import omissions, refusals
from servanda.transports.grpc.recording import GrpcCall, method_parts
from servanda.transports.http.recording import DescribedRequest
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.transports.kafka.recording import Delivery, DescribedEvent, delivery, described_json, described_message

_Kind: TypeAlias = Literal["HTTP", "Async", "Sync"]
_STAND_INS: Final = ("consumer", "provider")
_DESCRIBED_BY: Final[Mapping[_Kind, str]] = MappingProxyType(
    {"HTTP": "upon_receiving", "Sync": "upon_calling", "Async": "upon_event"}
)


class RecordedPact(Pact):
    """Contract of one consumer with one provider, recorded as the consumer's own code proves it.

    Use one for each test, with one interaction or a few: the library's time grows faster than their square.

    Args:
        consumer: Name of the consumer.
        provider: Name of the provider.
        test: Identifier of the test; it is kept with every interaction.
        folder: Folder of its own for what this contract writes.
        workspace: The interface definitions.
        keep_plugin: Called before the plugin is first used.
    """

    def __init__(
        self,
        consumer: str,
        provider: str,
        *,
        test: str,
        folder: Path,
        workspace: Workspace,
        keep_plugin: Callable[[], None],
    ) -> None:
        # The library names its file after them, whatever characters they have.
        super().__init__(*_STAND_INS)
        self._consumer, self._provider = consumer, provider
        self._test = test
        self._folder = folder
        self._workspace = workspace
        self._keep_plugin = keep_plugin
        self._described: list[str] = []
        self._requests: list[DescribedRequest] = []
        self._kind: _Kind | None = None
        self._has_plugin = False
        self.exercised = False

    def __str__(self) -> str:
        return f"{self.consumer} -> {self.provider}"

    @property
    def described(self) -> tuple[str, ...]:
        """Return the descriptions of the interactions so far."""
        return tuple(self._described)

    def using_plugin(self, name: str, version: str | None = None, delay: int | None = None) -> Any:
        """Do as the library does, for the one plugin that is installed; any other would be downloaded.

        Raises:
            RecordingError: It is another plugin.
        """
        if name != PLUGIN:
            raise RecordingError(f"the plugin '{name}' is not installed", hint=f"only '{PLUGIN}' is supported")
        if not self._has_plugin:
            self._keep_plugin()
            # Without a number the library sleeps for half a second, whatever state the plugin is in.
            super().using_plugin(name, version, delay or 0)
            self._has_plugin = True
        return self

    def upon_receiving(self, description: str, interaction: _Kind = "HTTP") -> Any:
        """Do as the library does.

        Raises:
            RecordingError: The description is used already; the library would keep only one of the two. Or another
                transport is described already; it would be recorded without having been exercised.
        """
        if self._kind not in (None, interaction):
            raise RecordingError(
                f"'{description}' has another transport than '{self._described[0]}'", hint="use a contract for each"
            )
        self._kind = interaction
        if description in self._described:
            raise RecordingError(
                f"'{description}' is described twice in one test", hint="give each interaction its own description"
            )
        self._described.append(description)
        if interaction == "HTTP":
            self._requests.append(DescribedRequest(self._handle, description))
            return self._requests[-1].test_name(self._test)
        return super().upon_receiving(description, interaction).test_name(self._test)

    def upon_calling(self, description: str, method: str) -> GrpcCall:
        """Describe a unary call over gRPC.

        Args:
            description: Unique within consumer and provider.
            method: ``package.Service/Method``.

        Raises:
            RecordingError: No interface definition has this method.
            MissingExtraError: gRPC is not installed.
        """
        require("grpc", where=self._test)
        service, _ = method_parts(method)
        definition = self._workspace.file_of_service(service)
        self.using_plugin(PLUGIN)
        roots = self._workspace.roots
        return GrpcCall(self.upon_receiving(description, "Sync"), definition, roots, method.lstrip("/"))

    def upon_event(self, description: str, message: str | None = None) -> DescribedEvent:
        """Describe an event on Kafka, whose payload is a protobuf message or JSON.

        Args:
            description: Unique within consumer and provider.
            message: Full name of the type of a protobuf message. The topic is taken from its definition if that tells
                it. Without a type, the payload is JSON.

        Raises:
            RecordingError: No interface definition has this message.
            MissingExtraError: gRPC is not installed: the Pact library reads protobuf messages through it.
        """
        if message is None:
            return described_json(self.upon_receiving(description, "Async"))
        require("grpc", where=self._test)
        definition = self._workspace.file_of_message(message)
        self.using_plugin(PLUGIN)
        topic = self._workspace.topic_of(message)
        roots = self._workspace.roots
        return described_message(self.upon_receiving(description, "Async"), definition, roots, message, topic)

    @contextmanager
    def serve(  # type: ignore[override]
        self,
        addr: str = "127.0.0.1",
        port: int = 0,
        transport: str = "http",
        transport_config: str | None = None,
        *,
        raises: bool = True,
        verbose: bool = False,
    ) -> Iterator[PactServer]:
        """Play the provider for the consumer's code; ``url`` and ``port`` of what it yields tell where.

        Raises:
            MismatchesError: The consumer did not ask as described, or not at all.
        """
        with self._writing("Sync" if transport == "grpc" else "HTTP"):
            server = super().serve(addr, port, transport, transport_config, raises=raises, verbose=verbose)
            with server, self._front(server) as served:
                yield served
                # Only the server knows the transport; the pact itself leaves it out.
                server.write_file(self._folder)

    def _front(self, server: PactServer) -> AbstractContextManager[PactServer]:
        named = {name.lower() for request in self._requests for name in (*request.present, *request.absent)}
        is_about_pages = any(name.startswith(PREFIX) for name in named)
        return front_of(server) if is_about_pages else nullcontext(server)

    @contextmanager
    def serve_grpc(self) -> Iterator[str]:
        """Play the provider over gRPC; yields the target, ``host:port``, for a channel without TLS.

        Raises:
            RecordingError: The consumer did not call as described, or not at all.
        """
        with self._writing("Sync"):
            # The library's own server object says what differs in terms of its plugin protocol only.
            handle = pact_ffi.create_mock_server_for_transport(self._handle, "127.0.0.1", 0, "grpc", None)
            try:
                yield f"127.0.0.1:{handle.port}"
            except Exception as error:  # whatever the consumer made of a refusal, the refusal explains it
                if refused := refusals(handle):
                    raise self._called_otherwise(refused) from error
                raise
            if differences := refusals(handle) or omissions(handle):
                raise self._called_otherwise(differences)
            pact_ffi.write_pact_file(handle, self._folder, overwrite=False)

    def _called_otherwise(self, differences: Sequence[str]) -> RecordingError:
        told = "; ".join(differences)
        return RecordingError(f"{self.consumer} did not call {self.provider} as described: {told}", where=self._test)

    @contextmanager
    def deliver(self) -> Iterator[Delivery]:
        """Yield the described event as a record, for the consumer's code to handle within the block.

        Raises:
            RecordingError: Not exactly one event is described.
        """
        with self._writing("Async"):
            self.write_file(self._folder)
            events = [entry for entry in self._read().interactions if isinstance(entry, MessageInteraction)]
            if len(events) != 1:
                raise RecordingError(f"{len(events)} events are described in one test, expected one", where=self._test)
            yield delivery(events[0])

    @contextmanager
    def _writing(self, kind: _Kind) -> Iterator[None]:
        """Keep what the block writes if it ends well and checks something; else nothing."""
        if self._kind != kind:
            wanted = _DESCRIBED_BY[kind]
            raise RecordingError(f"no interaction has the description '{wanted}'", where=self._test)
        try:
            yield
            recorded = self._read().interactions
            for entry in recorded:
                require_examples(entry, self._test)
            empty = [entry.description for entry in recorded if checks_nothing(entry)]
            if empty:
                raise RecordingError(
                    f"'{empty[0]}' checks nothing: it accepts every answer of {self.provider}",
                    where=self._test,
                    hint="expect a field of its payload, a key or a header",
                )
        except BaseException:  # whatever ended the block: what it wrote is not proven
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self.exercised = True

    def _read(self) -> PactFile:
        written, named = self._folder / f"{'-'.join(_STAND_INS)}.json", self._folder / "contract.json"
        if written.is_file():
            document = READER.read(written).value
            parties = {"consumer": {"name": self.consumer}, "provider": {"name": self.provider}}
            named.write_text(json.dumps({**document, **parties}), encoding="utf-8")
            written.unlink()
        return load(named)
