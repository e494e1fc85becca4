"""The ten calls of the plugin protocol.

A call that cannot be done answers with its ``error`` field, as the protocol wants; a caller without the key of this
process is refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

import grpc

from servanda.errors import ServandaError
from servanda.pact import resolve
from servanda.pact.descriptors import from_configuration
from servanda.pact.matching.messages import match_message
from servanda.recording.plugin import documents, provider_calls
from servanda.recording.plugin.configuration import configure
from servanda.recording.plugin.interfaces import Interfaces
from servanda.recording.plugin.metadata import pairs
from servanda.recording.plugin.mock_servers import MockServer
from servanda.recording.plugin.protocol import MESSAGES, METHODS, SERVICE
from servanda.transports.grpc.matching import match_answer

_CONTENT_TYPES: Final = "application/grpc;application/protobuf"
_CONTENT_MATCHER, _CONTENT_GENERATOR, _TRANSPORT = 0, 1, 2


class PluginService(grpc.GenericRpcHandler):
    """The plugin as a gRPC service.

    Args:
        key: What a caller has to send as ``authorization``.
        host: Address on which mock servers listen.
    """

    def __init__(self, key: str, host: str = "127.0.0.1") -> None:
        self._key = key
        self._host = host
        self._interfaces = Interfaces()
        self._servers: dict[str, MockServer] = {}
        self._calls: dict[str, Callable[[Any], Any]] = {
            "InitPlugin": self._init_plugin,
            "UpdateCatalogue": self._update_catalogue,
            "CompareContents": self._compare_contents,
            "ConfigureInteraction": self._configure_interaction,
            "GenerateContent": self._generate_content,
            "StartMockServer": self._start_mock_server,
            "ShutdownMockServer": self._shutdown_mock_server,
            "GetMockServerResults": self._mock_server_results,
            "PrepareInteractionForVerification": self._prepare_interaction,
            "VerifyInteraction": self._verify_interaction,
        }

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Return the handler of one of the ten calls."""
        service, _, method = str(handler_call_details.method).lstrip("/").partition("/")
        if service != SERVICE or method not in METHODS:
            return None
        asked, answered = METHODS[method]
        return grpc.unary_unary_rpc_method_handler(
            self._guarded(method),
            request_deserializer=MESSAGES[asked].FromString,
            response_serializer=MESSAGES[answered].SerializeToString,
        )

    def stop(self) -> None:
        """Stop the mock servers that still run."""
        for server in self._servers.values():
            server.stop()
        self._servers.clear()

    def _guarded(self, method: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        def call(request: Any, context: grpc.ServicerContext) -> Any:
            if dict(context.invocation_metadata()).get("authorization") != self._key:
                context.abort(
                    grpc.StatusCode.UNAUTHENTICATED, "the key of this plugin process is missing or another one"
                )
            try:
                return self._calls[method](request)
            except ServandaError as error:
                return _failed(MESSAGES[METHODS[method][1]], str(error), context)

        return call

    def _init_plugin(self, _request: Any) -> Any:
        entry = MESSAGES["CatalogueEntry"]
        types = {"content-types": _CONTENT_TYPES}
        return MESSAGES["InitPluginResponse"](
            catalogue=[
                entry(type=_CONTENT_MATCHER, key="protobuf", values=types),
                entry(type=_CONTENT_GENERATOR, key="protobuf", values=types),
                entry(type=_TRANSPORT, key="grpc"),
            ]
        )

    def _update_catalogue(self, _request: Any) -> Any:
        return MESSAGES["Empty"]()

    def _configure_interaction(self, request: Any) -> Any:
        return configure(request.contentType, documents.struct(request.contentsConfig), self._interfaces)

    def _start_mock_server(self, request: Any) -> Any:
        server = MockServer(documents.calls(documents.pact(request.pact)))
        port = server.start(self._host, request.port)
        key = str(uuid.uuid4())
        self._servers[key] = server
        response = MESSAGES["StartMockServerResponse"]()
        response.details.key, response.details.port = key, port
        response.details.address = f"http://{self._host}:{port}"
        return response

    def _shutdown_mock_server(self, request: Any) -> Any:
        response = self._results(request.serverKey, MESSAGES["ShutdownMockServerResponse"]())
        server = self._servers.pop(request.serverKey, None)
        if server is not None:
            server.stop()
        return response

    def _mock_server_results(self, request: Any) -> Any:
        return self._results(request.serverKey, MESSAGES["MockServerResults"]())

    def _results(self, key: str, response: Any) -> Any:
        if key not in self._servers:
            response.results.add(error=f"unknown mock server '{key}'")
            return response
        found = self._servers[key].results()
        response.ok = not found
        for result in found:
            response.results.add(
                path=result.path, error=result.error, mismatches=documents.content_mismatches(result.mismatches)
            )
        return response

    def _compare_contents(self, request: Any) -> Any:
        configuration = documents.struct(request.pluginConfiguration.interactionConfiguration)
        name = request.expected.contentType.partition("message=")[2].strip()
        shared = from_configuration(documents.struct(request.pluginConfiguration.pactConfiguration))
        key = str(configuration.get("descriptorKey", ""))
        response = MESSAGES["CompareContentsResponse"]()
        if key not in shared:
            response.error = f"the descriptors '{key}' are not in the pact"
            return response
        expected = shared[key].message(name).FromString(request.expected.content.value)
        mismatches = match_message(
            expected,
            request.actual.content.value,
            documents.rules(request.rules),
            {},
            allow_unexpected=request.allow_unexpected_keys,
        )
        for mismatch in documents.content_mismatches(mismatches):
            response.results[mismatch.path].mismatches.append(mismatch)
        return response

    def _generate_content(self, request: Any) -> Any:
        return MESSAGES["GenerateContentResponse"](contents=request.contents)

    def _prepare_interaction(self, request: Any) -> Any:
        values = documents.struct(request.config).get("providerState")
        known = values if isinstance(values, dict) else {}
        interaction = resolve(documents.call(request.pact, request.interactionKey), known)
        response = MESSAGES["VerificationPreparationResponse"]()
        data = response.interactionData
        if interaction.request.body is not None:
            data.body.contentType = interaction.request.body.content_type
            data.body.content.value = interaction.request.body.content
            data.body.contentTypeHint = 2
        for name, value in pairs(interaction.request_metadata):
            data.metadata[name].CopyFrom(documents.metadata_value(value))
        return response

    def _verify_interaction(self, request: Any) -> Any:
        interaction = documents.call(request.pact, request.interactionKey)
        config = documents.struct(request.config)
        target = f"{config.get('host', self._host)}:{int(float(str(config.get('port', 0))))}"
        metadata = [
            (
                name,
                value.binaryValue if value.WhichOneof("outcome") == "binaryValue" else documents.metadata_text(value),
            )
            for name, value in request.interactionData.metadata.items()
        ]
        answer = provider_calls.call(target, interaction, request.interactionData.body.content.value, metadata)
        mismatches = match_answer(interaction, answer)
        response = MESSAGES["VerifyInteractionResponse"]()
        response.result.success = not mismatches
        for mismatch in documents.content_mismatches(mismatches):
            response.result.mismatches.add(mismatch=mismatch)
        told = "as the pact says" if not mismatches else f"{len(mismatches)} differences"
        response.result.output.append(f"{interaction.path} answered {answer.status}: {told}")
        return response


def _failed(response: type[Any], text: str, context: grpc.ServicerContext) -> Any:
    if "error" in response.DESCRIPTOR.fields_by_name:
        return response(error=text)
    return context.abort(grpc.StatusCode.FAILED_PRECONDITION, text)
