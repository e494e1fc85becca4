"""Version 1 of the Pact plugin protocol, as protobuf classes that are built from the field numbers.

A line of the table gives a message and its fields as ``name=number:type``; ``*`` marks a repeated field, ``#`` a map
from strings, ``?`` a member of the message's one oneof.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, empty_pb2, message_factory, struct_pb2, wrappers_pb2

PACKAGE: Final = "io.pact.plugin"
SERVICE: Final = f"{PACKAGE}.PactPlugin"

_ENUMS: Final = {
    "CatalogueEntry.EntryType": "CONTENT_MATCHER CONTENT_GENERATOR TRANSPORT MATCHER INTERACTION",
    "Body.ContentTypeHint": "DEFAULT TEXT BINARY",
    "InteractionResponse.MarkupType": "COMMON_MARK HTML",
    "GenerateContentRequest.TestMode": "Unknown Consumer Provider",
    "GenerateContentRequest.ContentFor": "Request Response",
}

_MESSAGES: Final = """
CatalogueEntry type=1:CatalogueEntry.EntryType key=2:string values=3:string#
Catalogue catalogue=1:CatalogueEntry*
InitPluginRequest implementation=1:string version=2:string
InitPluginResponse catalogue=1:CatalogueEntry*
Body contentType=1:string content=2:BytesValue contentTypeHint=3:Body.ContentTypeHint
MatchingRule type=1:string values=2:Struct
MatchingRules rule=1:MatchingRule*
Generator type=1:string values=2:Struct
PluginConfiguration interactionConfiguration=1:Struct pactConfiguration=2:Struct
ConfigureInteractionRequest contentType=1:string contentsConfig=2:Struct
InteractionResponse contents=1:Body rules=2:MatchingRules# generators=3:Generator# messageMetadata=4:Struct \
    pluginConfiguration=5:PluginConfiguration interactionMarkup=6:string \
    interactionMarkupType=7:InteractionResponse.MarkupType partName=8:string metadata_rules=9:MatchingRules# \
    metadata_generators=10:Generator#
ConfigureInteractionResponse error=1:string interaction=2:InteractionResponse* pluginConfiguration=3:PluginConfiguration
CompareContentsRequest expected=1:Body actual=2:Body allow_unexpected_keys=3:bool rules=4:MatchingRules# \
    pluginConfiguration=5:PluginConfiguration
ContentTypeMismatch expected=1:string actual=2:string
ContentMismatch expected=1:BytesValue actual=2:BytesValue mismatch=3:string path=4:string diff=5:string \
    mismatchType=6:string
ContentMismatches mismatches=1:ContentMismatch*
CompareContentsResponse error=1:string typeMismatch=2:ContentTypeMismatch results=3:ContentMismatches#
GenerateContentRequest contents=1:Body generators=2:Generator# pluginConfiguration=3:PluginConfiguration \
    testContext=4:Struct testMode=5:GenerateContentRequest.TestMode contentFor=6:GenerateContentRequest.ContentFor
GenerateContentResponse contents=1:Body
StartMockServerRequest hostInterface=1:string port=2:uint32 tls=3:bool pact=4:string testContext=5:Struct
MockServerDetails key=1:string port=2:uint32 address=3:string
StartMockServerResponse error=1:string? details=2:MockServerDetails?
ShutdownMockServerRequest serverKey=1:string
MockServerRequest serverKey=1:string
MockServerResult path=1:string error=2:string mismatches=3:ContentMismatch*
ShutdownMockServerResponse ok=1:bool results=2:MockServerResult*
MockServerResults ok=1:bool results=2:MockServerResult*
VerificationPreparationRequest pact=1:string interactionKey=2:string config=3:Struct
MetadataValue nonBinaryValue=1:Value? binaryValue=2:bytes?
InteractionData body=1:Body metadata=2:MetadataValue#
VerificationPreparationResponse error=1:string? interactionData=2:InteractionData?
VerifyInteractionRequest interactionData=1:InteractionData config=2:Struct pact=3:string interactionKey=4:string
VerificationResultItem error=1:string? mismatch=2:ContentMismatch?
VerificationResult success=1:bool responseData=2:InteractionData mismatches=3:VerificationResultItem* output=4:string*
VerifyInteractionResponse error=1:string? result=2:VerificationResult?
"""

METHODS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "InitPlugin": ("InitPluginRequest", "InitPluginResponse"),
        "UpdateCatalogue": ("Catalogue", "Empty"),
        "CompareContents": ("CompareContentsRequest", "CompareContentsResponse"),
        "ConfigureInteraction": ("ConfigureInteractionRequest", "ConfigureInteractionResponse"),
        "GenerateContent": ("GenerateContentRequest", "GenerateContentResponse"),
        "StartMockServer": ("StartMockServerRequest", "StartMockServerResponse"),
        "ShutdownMockServer": ("ShutdownMockServerRequest", "ShutdownMockServerResponse"),
        "GetMockServerResults": ("MockServerRequest", "MockServerResults"),
        "PrepareInteractionForVerification": ("VerificationPreparationRequest", "VerificationPreparationResponse"),
        "VerifyInteraction": ("VerifyInteractionRequest", "VerifyInteractionResponse"),
    }
)
"""Names of request and response by method."""

_SCALARS: Final = {
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "uint32": descriptor_pb2.FieldDescriptorProto.TYPE_UINT32,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
}
_FOREIGN: Final[Mapping[str, type[Any]]] = {
    "BytesValue": wrappers_pb2.BytesValue,
    "Struct": struct_pb2.Struct,
    "Value": struct_pb2.Value,
    "Empty": empty_pb2.Empty,
}


def _field(message: descriptor_pb2.DescriptorProto, name: str, number: int, kind: str) -> None:
    field = message.field.add(name=name, number=number, label=descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL)
    if kind.endswith("#"):
        entry = message.nested_type.add(name=f"{name.capitalize()}Entry".replace("_", ""))
        entry.options.map_entry = True
        _field(entry, "key", 1, "string")
        _field(entry, "value", 2, kind[:-1])
        kind = f"{message.name}.{entry.name}*"
    if kind.endswith("*"):
        field.label = descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED
    if kind.endswith("?"):
        field.oneof_index = 0
        if not message.oneof_decl:
            message.oneof_decl.add(name="outcome")
    _type(field, kind.rstrip("*?"))


def _type(field: descriptor_pb2.FieldDescriptorProto, kind: str) -> None:
    if kind in _SCALARS:
        field.type = _SCALARS[kind]
    elif kind in _ENUMS:
        field.type = descriptor_pb2.FieldDescriptorProto.TYPE_ENUM
        field.type_name = f".{PACKAGE}.{kind}"
    else:
        field.type = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".{_FOREIGN[kind].DESCRIPTOR.full_name}" if kind in _FOREIGN else f".{PACKAGE}.{kind}"


def _enums(message: descriptor_pb2.DescriptorProto) -> None:
    for full_name, values in _ENUMS.items():
        owner, _, name = full_name.partition(".")
        if owner == message.name:
            enum = message.enum_type.add(name=name)
            for number, value in enumerate(values.split()):
                enum.value.add(name=value, number=number)


def _definition() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="plugin.proto", package=PACKAGE, syntax="proto3")
    for line in _MESSAGES.replace("\\\n", "").strip().splitlines():
        name, *fields = line.split()
        message = file.message_type.add(name=name)
        _enums(message)
        for field in fields:
            label, _, rest = field.partition("=")
            number, _, kind = rest.partition(":")
            _field(message, label, int(number), kind)
    file.dependency.extend(sorted({foreign.DESCRIPTOR.file.name for foreign in _FOREIGN.values()}))
    return file


def _messages() -> Mapping[str, type[Any]]:
    pool = descriptor_pool.DescriptorPool()
    for foreign in _FOREIGN.values():
        pool.AddSerializedFile(foreign.DESCRIPTOR.file.serialized_pb)
    pool.Add(_definition())
    names = [line.split()[0] for line in _MESSAGES.replace("\\\n", "").strip().splitlines()]
    own = {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in names}
    others = {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(kind.DESCRIPTOR.full_name))
        for name, kind in _FOREIGN.items()
    }
    return MappingProxyType(own | others)


MESSAGES: Final = _messages()
"""The classes of the protocol's messages by name."""
