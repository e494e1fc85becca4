"""Names of gRPC statuses."""

from __future__ import annotations

import grpc

from servanda.errors import RecordingError


def status_code(written: object) -> grpc.StatusCode:
    """Return the status of this name or number.

    Raises:
        RecordingError: There is none.
    """
    for code in grpc.StatusCode:
        if written == code.name or str(written).removesuffix(".0") == str(code.value[0]):
            return code
    known = ", ".join(code.name for code in grpc.StatusCode)
    raise RecordingError(f"'grpc-status' is {written!r}, which is not a status", hint=f"known: {known}")
