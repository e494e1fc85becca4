"""ConfigureInteraction: from what a consumer's test says to what the pact file keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.message import Message

from servanda.errors import RecordingError
from servanda.recording.plugin import definitions
from servanda.recording.plugin.interfaces import Image, Interfaces, image_for_message, image_for_method
from servanda.recording.plugin.messages import Example, build
from servanda.recording.plugin.protocol import MESSAGES
from servanda.recording.plugin.statuses import status_code

_BINARY: Final = 2


@dataclass(frozen=True, slots=True)
class _Metadata:
    """Metadata of one part: examples, and rules and generators by name."""

    values: Mapping[str, object] = field(default_factory=dict)
    rules: Mapping[str, Iterable[Mapping[str, object]]] = field(default_factory=dict)
    generators: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def configure(content_type: str, config: Mapping[str, object], interfaces: Interfaces) -> Any:
    """Return the ``ConfigureInteractionResponse`` to the contents that a test passed.

    Raises:
        RecordingError: The contents cannot be meant.
        InterfaceError: The interface definition does not compile.
    """
    if "pact:proto-service" in config:
        return _call(config, interfaces)
    if "pact:message-type" in config:
        return _message(config, interfaces)
    raise RecordingError(
        f"contents of type '{content_type}' name no method and no message",
        hint="set 'pact:proto-service' to 'Service/Method' or 'pact:message-type' to the name of a message",
    )


def _compiled(config: Mapping[str, object], interfaces: Interfaces) -> Any:
    path = Path(_text(config, "pact:proto"))
    if not path.is_absolute():
        raise RecordingError(f"'pact:proto' is '{path}', expected an absolute path")
    options = config.get("pact:protobuf-config")
    includes = options.get("additionalIncludes", []) if isinstance(options, Mapping) else []
    return interfaces.compiled(path, [Path(str(folder)) for folder in includes])


def _call(config: Mapping[str, object], interfaces: Interfaces) -> Any:
    name, files = _compiled(config, interfaces)
    service, separator, method = _text(config, "pact:proto-service").lstrip(".").partition("/")
    if not separator:
        raise RecordingError(f"'pact:proto-service' is '{service}', expected 'Service/Method'")
    image = image_for_method(name, files, service, method)
    full = next(f"{file.package}.{entry.name}".lstrip(".") for file in image.files.file for entry in file.service)
    found = image.descriptors.method(full, method)
    request = build(image.descriptors.message(found.input_type.full_name), _mapping(config, "request"))
    response = build(image.descriptors.message(found.output_type.full_name), _mapping(config, "response"))
    answers = "response" in config or "responseMetadata" not in config
    interaction = {
        "descriptorKey": image.key,
        "service": f".{full}/{method}",
        "expectations": _expectations(config, "request", "requestMetadata", "response", "responseMetadata"),
    }
    asked = _part("request", request, _metadata(config, "requestMetadata"), interaction)
    answered = _part("response", response, _metadata(config, "responseMetadata"), interaction, empty=not answers)
    return _response(image, asked, answered)


def _message(config: Mapping[str, object], interfaces: Interfaces) -> Any:
    name, files = _compiled(config, interfaces)
    image = image_for_message(name, files, _text(config, "pact:message-type"))
    wanted = _text(config, "pact:message-type").lstrip(".")
    packages = {file.package for file in image.files.file if file.name == name}
    candidates = [wanted, *(f"{package}.{wanted}" for package in packages)]
    described = _first_message(image, candidates)
    values = {key: value for key, value in config.items() if not key.startswith("pact:") and key != "metadata"}
    metadata = _metadata(config, "metadata")
    interaction = {
        "descriptorKey": image.key,
        "message": f".{described.DESCRIPTOR.full_name}",
        "expectations": {"response": definitions.written(values)},
    }
    return _response(image, _part("", build(described, values), metadata, interaction))


def _first_message(image: Image, names: Iterable[str]) -> type[Message]:
    own = {f"{file.package}.{entry.name}".lstrip(".") for file in image.files.file for entry in file.message_type}
    return image.descriptors.message(next(name for name in names if name in own))


def _text(config: Mapping[str, object], key: str) -> str:
    value = config.get(key)
    if not isinstance(value, str) or not value:
        raise RecordingError(f"'{key}' is {value!r}, expected a string")
    return value


def _mapping(config: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = config.get(key, {})
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, Mapping):
        raise RecordingError(f"'{key}' is {value!r}, expected an object with fields")
    return value


def _expectations(config: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    return {key: definitions.written(config[key]) for key in keys if key in config}


def _metadata(config: Mapping[str, object], key: str) -> _Metadata:
    defined = {name: definitions.define(value) for name, value in _mapping(config, key).items()}
    return _Metadata(
        {name: _status(entry.value) if name == "grpc-status" else entry.value for name, entry in defined.items()},
        {name: entry.rules for name, entry in defined.items() if entry.rules},
        {name: entry.generator for name, entry in defined.items() if entry.generator},
    )


def _status(written: object) -> str:
    return status_code(written).name


def _part(
    name: str, example: Example, metadata: _Metadata, interaction: Mapping[str, object], *, empty: bool = False
) -> Any:
    part = MESSAGES["InteractionResponse"](partName=name)
    part.contents.contentType = f"application/protobuf;message=.{example.message.DESCRIPTOR.full_name}"
    part.contents.content.value = b"" if empty else example.message.SerializeToString(deterministic=True)
    if not empty:
        part.contents.contentTypeHint = _BINARY
    for path, rules in example.rules.items():
        _add_rules(part.rules[path], rules)
    for path, generator in example.generators.items():
        _set_generator(part.generators[path], generator)
    json_format.ParseDict({"contentType": part.contents.contentType, **metadata.values}, part.messageMetadata)
    for key, named in metadata.rules.items():
        _add_rules(part.metadata_rules[key], named)
    for key, generator in metadata.generators.items():
        _set_generator(part.metadata_generators[key], generator)
    json_format.ParseDict(dict(interaction), part.pluginConfiguration.interactionConfiguration)
    return part


def _add_rules(target: Any, rules: Iterable[Mapping[str, object]]) -> None:
    for rule in rules:
        added = target.rule.add(type=rule["match"])
        json_format.ParseDict({key: value for key, value in rule.items() if key != "match"}, added.values)


def _set_generator(target: Any, generator: Mapping[str, object]) -> None:
    target.type = generator["type"]
    json_format.ParseDict({key: value for key, value in generator.items() if key != "type"}, target.values)


def _response(image: Image, *parts: Any) -> Any:
    response = MESSAGES["ConfigureInteractionResponse"]()
    response.interaction.extend(parts)
    json_format.ParseDict(dict(image.configuration()), response.pluginConfiguration.pactConfiguration)
    return response
