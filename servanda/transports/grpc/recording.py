"""Description of a gRPC call in a consumer's test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pact.interaction import SyncMessageInteraction
from pact.match.matcher import IntegrationJSONEncoder

from servanda.errors import RecordingError

Values = Mapping[str, Any]
"""Fields of a message: examples, matchers of ``pact.match`` or expressions such as ``matching(type, 'x')``."""


class GrpcCall:
    """A unary call that the consumer makes and the answer that it needs.

    Obtained from ``upon_calling``; complete after ``will_respond_with`` or ``will_fail_with``.
    """

    def __init__(
        self, interaction: SyncMessageInteraction, definition: Path, roots: Sequence[Path], method: str
    ) -> None:
        self._interaction = interaction
        self._contents: dict[str, Any] = {
            "pact:proto": str(definition),
            "pact:protobuf-config": {"additionalIncludes": [str(root) for root in roots]},
            "pact:content-type": "application/grpc",
            "pact:proto-service": f"{method.partition('/')[0].rpartition('.')[2]}/{method.partition('/')[2]}",
        }

    def given(self, state: str, parameters: Values | None = None, /, **more: Any) -> Self:
        """Say what has to be true of the provider; repeatable."""
        self._interaction.given(state, {**(parameters or {}), **more})
        return self

    def with_request(self, values: Values) -> Self:
        """Describe fields of the request; fields that are not named must not be set."""
        self._contents["request"] = values
        return self

    def with_request_metadata(self, values: Values) -> Self:
        """Metadata that the consumer sends; it may send more."""
        self._contents["requestMetadata"] = values
        return self

    def will_respond_with(self, values: Values, metadata: Values | None = None) -> Self:
        """Describe fields of the response that the consumer reads; the provider may send more. The status is ``OK``.

        A consumer that reads no field names none: then the contract is about the status.
        """
        self._contents["response"] = values
        if metadata or not values:
            self._contents["responseMetadata"] = {**({} if values else {"grpc-status": "OK"}), **(metadata or {})}
        return self._complete()

    def will_fail_with(self, status: str, message: Any = None, metadata: Values | None = None) -> Self:
        """Describe the status, by its name, that the consumer copes with, and its message if it reads that."""
        told = {} if message is None else {"grpc-message": message}
        self._contents["responseMetadata"] = {"grpc-status": status, **told, **(metadata or {})}
        return self._complete()

    def _complete(self) -> Self:
        self._interaction.with_plugin_contents(
            json.dumps(self._contents, cls=IntegrationJSONEncoder), "application/grpc"
        )
        return self


def method_parts(method: str) -> tuple[str, str]:
    """Service and method of ``package.Service/Method``.

    Raises:
        RecordingError: It is not written that way.
    """
    service, separator, name = method.lstrip("/").partition("/")
    if not separator or not service or not name:
        raise RecordingError(f"'{method}' names no method", hint="write it as 'package.Service/Method'")
    return service, name
