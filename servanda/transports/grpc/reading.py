"""Reading calls over gRPC from a pact file."""

from __future__ import annotations

from google.protobuf.descriptor import MethodDescriptor

from servanda.errors import ContractError
from servanda.pact.document import Part
from servanda.pact.entry import Entry, records
from servanda.transports.grpc.interaction import STATUSES, GrpcInteraction
from servanda.transports.grpc.streams import refusal


def read(entry: Entry) -> GrpcInteraction:
    """Read one call.

    Raises:
        ContractError: It says something that cannot be meant, or streams.
    """
    configuration = entry.protobuf
    service, _, method = configuration.text("service", "").lstrip(".").rpartition("/")
    if not service:
        raise ContractError(
            "a synchronous message without a gRPC service cannot be verified",
            hint="record it with the 'protobuf' plugin and 'pact:proto-service'",
        )
    types = entry.types()
    found = types.method(service, method)
    expected = configuration.table("expectations")
    asked, answered = expected.table("request").raw, expected.table("response").raw
    requests = tuple(entry.part(each, asked) for each in records(entry.table, "request"))
    responses = tuple(entry.part(each, answered) for each in records(entry.table, "response")) or (Part(),)
    interaction = GrpcInteraction(
        **entry.named(),
        service=service,
        method=method,
        input=types.message(found.input_type.full_name),
        output=types.message(found.output_type.full_name),
        requests=requests,
        responses=responses,
    )
    _refuse_streams(interaction, found)
    if interaction.status not in STATUSES:
        raise ContractError(
            f"'{interaction.status:.80}' is no status of gRPC", hint=f"its names: {', '.join(STATUSES)}; or 0 to 16"
        )
    return interaction


def _refuse_streams(interaction: GrpcInteraction, method: MethodDescriptor) -> None:
    for what, parts in (("requests", interaction.requests), ("responses", interaction.responses)):
        if len(parts) != 1:
            raise ContractError(f"{len(parts)} {what} to one call, expected one: only unary calls are supported")
    name = f"{interaction.service}/{interaction.method}"
    if why := refusal(name, client=method.client_streaming, server=method.server_streaming):
        raise ContractError(why, hint="leave it out of the consumer's contract tests for now")
