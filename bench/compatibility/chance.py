"""Workspaces and edits drawn by chance."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random

from bench.compatibility.model import (
    SCALARS,
    Enum,
    Extension,
    Field,
    File,
    Message,
    Method,
    Service,
    Workspace,
    enums_of,
    messages_of,
)

_TEXT_OPTIONS = (
    *("java_package", "java_outer_classname", "csharp_namespace", "go_package", "objc_class_prefix"),
    *("swift_prefix", "php_class_prefix", "php_namespace", "php_metadata_namespace", "ruby_package"),
)
_FLAG_OPTIONS = (
    *("java_multiple_files", "java_generic_services", "py_generic_services"),
    *("cc_generic_services", "cc_enable_arenas"),
)


class Chance:
    """Draws from a source of randomness; the same source gives the same workspaces and edits."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._count = 0

    def workspace(self, files: int) -> Workspace:
        """Make a workspace of some files in up to three packages."""
        workspace = Workspace()
        for number in range(files):
            syntax = self.random.choice(["proto3", "proto3", "proto2", "2023"])
            package = f"pkg{self.random.randrange(3)}.v1"
            file = File(f"{package.replace('.', '/')}/f{number}.proto", syntax, package)
            workspace.files.append(file)
            for _ in range(self.random.randint(1, 2)):
                self._add_enum(workspace, file)
            for _ in range(self.random.randint(1, 3)):
                self._add_message(workspace, file)
        for file in workspace.files:
            for message, _ in list(messages_of(file)):
                for _ in range(self.random.randint(0, 4)):
                    self._add_field(workspace, file, message)
            if self.random.random() < 0.6:
                self._add_service(workspace, file)
            if self.random.random() < 0.4:
                self._change_file_option(workspace, file)
        return workspace

    def edited(self, workspace: Workspace, edits: int) -> Workspace:
        """Return a copy with this many edits."""
        result = copy.deepcopy(workspace)
        for _ in range(edits):
            file = self.random.choice(result.files)
            self.random.choice(_EDITS)(self, result, file)
        return result

    def name(self, prefix: str) -> str:
        """Return a name that nothing has yet."""
        self._count += 1
        return f"{prefix}{self._count}"

    # What there is to draw from.

    def _message(self, file: File) -> Message | None:
        found = [message for message, _ in messages_of(file)]
        return self.random.choice(found) if found else None

    def _field(self, file: File) -> tuple[Message, Field] | None:
        found = [(message, item) for message, _ in messages_of(file) for item in message.fields]
        return self.random.choice(found) if found else None

    def _enum(self, file: File) -> Enum | None:
        found = [enum for enum, _ in enums_of(file)]
        return self.random.choice(found) if found else None

    def _type(self, workspace: Workspace) -> str:
        if self.random.random() < 0.6:
            return self.random.choice(SCALARS)
        keys = [m.key for f in workspace.files for m, _ in messages_of(f)]
        keys += [e.key for f in workspace.files for e, _ in enums_of(f)]
        return self.random.choice(keys or SCALARS)

    # Edits; each leaves the workspace as it is if it finds nothing to work on.

    def _add_message(self, _: Workspace, file: File) -> None:
        key = self.name("Message")
        parent = self._message(file) if self.random.random() < 0.4 else None
        message = Message(key, key)
        if file.syntax != "proto3" and self.random.random() < 0.4:
            message.extension_ranges.append((100, self.random.choice([150, 199, 536870911])))
        (parent.messages if parent else file.messages).append(message)

    def _add_enum(self, _: Workspace, file: File) -> None:
        key = self.name("Enum")
        names = [f"{key.upper()}_{letter}" for letter in "ABCD"[: self.random.randint(1, 4)]]
        enum = Enum(key, key, {name: number for number, name in enumerate(names)})
        parent = self._message(file) if self.random.random() < 0.3 else None
        (parent.enums if parent else file.enums).append(enum)

    def _add_field(self, workspace: Workspace, file: File, into: Message | None = None) -> None:
        message = into or self._message(file)
        if message is None:
            return
        taken = {item.number for item in message.fields}
        number = next(n for n in range(1, 99) if n not in taken)
        name = self.name("field_")
        item = Field(name, number, self._type(workspace))
        labels = {"proto3": ["", "", "optional", "repeated", "map"], "2023": ["", "", "repeated", "map"]}
        item.label = self.random.choice(labels.get(file.syntax, ["optional", "optional", "required", "repeated"]))
        if item.label in {"", "optional"} and self.random.random() < 0.25:
            item.oneof = self.random.choice(["choice", "either"])
        message.fields.append(item)

    def _add_service(self, workspace: Workspace, file: File) -> None:
        service = Service(self.name("Service"))
        file.services.append(service)
        for _ in range(self.random.randint(1, 3)):
            self._add_method(workspace, file, service)

    def _add_method(self, workspace: Workspace, file: File, into: Service | None = None) -> None:
        keys = [m.key for f in workspace.files for m, _ in messages_of(f)]
        if not keys or not (into or file.services):
            return
        service = into or self.random.choice(file.services)
        method = Method(self.name("Do"), self.random.choice(keys), self.random.choice(keys))
        method.server_streaming = self.random.random() < 0.2
        service.methods.append(method)

    def _add_extension(self, workspace: Workspace, file: File) -> None:
        open_messages = [m for f in workspace.files for m, _ in messages_of(f) if m.extension_ranges]
        if file.syntax == "proto3" or not open_messages:
            return
        extendee = self.random.choice(open_messages)
        label = "optional" if file.syntax == "proto2" else ""
        item = Field(self.name("ext_"), self.random.randint(100, 149), self._type(workspace), label)
        parent = self._message(file) if self.random.random() < 0.4 else None
        (parent.extensions if parent else file.extensions).append(Extension(extendee.key, item))

    def _remove_message(self, _: Workspace, file: File) -> None:
        found = list(messages_of(file))
        if found:
            message, holder = self.random.choice(found)
            holder.remove(message)

    def _remove_enum(self, _: Workspace, file: File) -> None:
        found = list(enums_of(file))
        if found:
            enum, holder = self.random.choice(found)
            holder.remove(enum)

    def _remove_field(self, _: Workspace, file: File) -> None:
        drawn = self._field(file)
        if drawn is None:
            return
        message, item = drawn
        message.fields.remove(item)
        if self.random.random() < 0.4:
            message.reserved_numbers.append((item.number, item.number))
        if self.random.random() < 0.4:
            message.reserved_names.append(item.name)

    def _remove_extension(self, _: Workspace, file: File) -> None:
        holders = [file.extensions, *(message.extensions for message, _ in messages_of(file))]
        found = [(holder, each) for holder in holders for each in holder]
        if found:
            holder, each = self.random.choice(found)
            holder.remove(each)

    def _remove_file(self, workspace: Workspace, file: File) -> None:
        if len(workspace.files) > 1:
            workspace.files.remove(file)

    def _remove_service(self, _: Workspace, file: File) -> None:
        if file.services:
            file.services.remove(self.random.choice(file.services))

    def _remove_method(self, _: Workspace, file: File) -> None:
        found = [(service, method) for service in file.services for method in service.methods]
        if found:
            service, method = self.random.choice(found)
            service.methods.remove(method)

    def _rename(self, _: Workspace, file: File) -> None:
        candidates: list[Message | Enum | Field | Service | Method] = [
            *(message for message, _ in messages_of(file)),
            *(enum for enum, _ in enums_of(file)),
            *(item for message, _ in messages_of(file) for item in message.fields),
            *file.services,
            *(method for service in file.services for method in service.methods),
        ]
        if candidates:
            item = self.random.choice(candidates)
            item.name = self.name("field_" if isinstance(item, Field) else "Renamed")

    def _renumber(self, _: Workspace, file: File) -> None:
        drawn = self._field(file)
        if drawn is not None:
            message, item = drawn
            item.number = max(each.number for each in message.fields) + 1

    def _retype(self, workspace: Workspace, file: File) -> None:
        drawn = self._field(file)
        if drawn is not None:
            drawn[1].type = self._type(workspace)
            drawn[1].options.pop("default", None)

    def _relabel(self, _: Workspace, file: File) -> None:
        drawn = self._field(file)
        if drawn is not None:
            labels = {"proto3": ["", "optional", "repeated", "map"], "2023": ["", "repeated", "map"]}
            drawn[1].label = self.random.choice(labels.get(file.syntax, ["optional", "required", "repeated"]))
            drawn[1].options.pop("default", None)

    def _change_oneof(self, _: Workspace, file: File) -> None:
        drawn = self._field(file)
        if drawn is not None:
            drawn[1].oneof = self.random.choice(["", "choice", "either", "third"])

    def _change_field_option(self, _: Workspace, file: File) -> None:
        drawn = self._field(file)
        if drawn is None:
            return
        options = drawn[1].options
        name, value = self.random.choice(
            [
                ("json_name", f'"{self.name("json")}"'),
                ("deprecated", "true"),
                ("jstype", self.random.choice(["JS_STRING", "JS_NUMBER"])),
                ("ctype", self.random.choice(["CORD", "STRING_PIECE", "STRING"])),
                ("default", self._default(drawn[1].type)),
                ("features.utf8_validation", self.random.choice(["NONE", "VERIFY"])),
                ("features.field_presence", self.random.choice(["IMPLICIT", "EXPLICIT", "LEGACY_REQUIRED"])),
                ("features.message_encoding", self.random.choice(["DELIMITED", "LENGTH_PREFIXED"])),
            ]
        )
        if name in options:
            del options[name]
        else:
            options[name] = value

    def _default(self, kind: str) -> str:
        if kind in {"string", "bytes"}:
            return self.random.choice(['""', '"a"', '"\\001b"'])
        return "true" if kind == "bool" else self.random.choice(["0", "1", "7"])

    def _change_values(self, _: Workspace, file: File) -> None:
        enum = self._enum(file)
        if enum is None:
            return
        names = list(enum.values)
        action = self.random.choice(["add", "remove", "rename", "renumber", "alias"])
        name = self.random.choice(names)
        if action == "add":
            enum.values[self.name("VALUE_")] = max(enum.values.values()) + 1
        elif action == "remove" and len(names) > 1:
            number = enum.values.pop(name)
            if self.random.random() < 0.4:
                enum.reserved_numbers.append((number, number))
            if self.random.random() < 0.4:
                enum.reserved_names.append(name)
        elif action == "rename":
            enum.values = {(self.name("VALUE_") if n == name else n): number for n, number in enum.values.items()}
        elif action == "renumber":
            enum.values[name] = max(enum.values.values()) + 1
        elif action == "alias":
            enum.options["allow_alias"] = "true"
            enum.values[self.name("VALUE_")] = enum.values[name]

    def _change_reserved(self, _: Workspace, file: File) -> None:
        found: list[Message | Enum] = [message for message, _ in messages_of(file)]
        found += [enum for enum, _ in enums_of(file)]
        if not found:
            return
        item = self.random.choice(found)
        if item.reserved_numbers and self.random.random() < 0.5:
            item.reserved_numbers.pop()
        elif item.reserved_names and self.random.random() < 0.5:
            item.reserved_names.pop()
        else:
            start = self.random.randint(60, 90)
            item.reserved_numbers = [(start, start + self.random.randint(0, 5))]
            item.reserved_names.append(self.name("gone_"))

    def _change_extension_range(self, _: Workspace, file: File) -> None:
        message = self._message(file)
        if message is not None and file.syntax != "proto3":
            message.extension_ranges = self.random.choice(
                [[], [(100, 149)], [(100, 120), (122, 199)], [(100, 536870911)]]
            )

    def _change_method(self, workspace: Workspace, file: File) -> None:
        found = [method for service in file.services for method in service.methods]
        keys = [m.key for f in workspace.files for m, _ in messages_of(f)]
        if not found or not keys:
            return
        method = self.random.choice(found)
        action = self.random.randrange(5)
        if action == 0:
            method.request = self.random.choice(keys)
        elif action == 1:
            method.response = self.random.choice(keys)
        elif action == 2:
            method.client_streaming = not method.client_streaming
        elif action == 3:
            method.server_streaming = not method.server_streaming
        else:
            method.idempotency = self.random.choice(["", "IDEMPOTENT", "NO_SIDE_EFFECTS"])

    def _change_file_option(self, _: Workspace, file: File) -> None:
        name = self.random.choice([*_TEXT_OPTIONS, *_FLAG_OPTIONS, "optimize_for", "java_string_check_utf8"])
        if name in file.options and self.random.random() < 0.5:
            del file.options[name]
        elif name in _TEXT_OPTIONS:
            file.options[name] = f'"{self.name("option")}"'
        elif name == "optimize_for":
            file.options[name] = self.random.choice(["SPEED", "CODE_SIZE"])
        else:
            file.options[name] = self.random.choice(["true", "false"])

    def _change_features(self, _: Workspace, file: File) -> None:
        if file.syntax != "2023":
            return
        name, value = self.random.choice(
            [
                ("features.enum_type", "CLOSED"),
                ("features.field_presence", "IMPLICIT"),
                ("features.utf8_validation", "NONE"),
                ("features.json_format", "LEGACY_BEST_EFFORT"),
                ("features.message_encoding", "DELIMITED"),
            ]
        )
        holders: list[dict[str, str]] = [file.options]
        enum, message = self._enum(file), self._message(file)
        if enum is not None and name in {"features.enum_type", "features.json_format"}:
            holders.append(enum.options)
        if message is not None and name == "features.json_format":
            holders.append(message.options)
        holder = self.random.choice(holders)
        if name in holder:
            del holder[name]
        else:
            holder[name] = value

    def _change_syntax(self, _: Workspace, file: File) -> None:
        file.syntax = self.random.choice(["proto2", "proto3", "2023"])

    def _change_package(self, _: Workspace, file: File) -> None:
        file.package = f"pkg{self.random.randrange(4)}.v1"

    def _change_accessor(self, _: Workspace, file: File) -> None:
        message = self._message(file)
        if message is not None:
            message.options["no_standard_descriptor_accessor"] = self.random.choice(["true", "false"])

    def _move(self, workspace: Workspace, file: File) -> None:
        found = [(each, holder, "messages") for each, holder in messages_of(file)]
        target = self.random.choice(workspace.files)
        if found:
            message, holder, _ = self.random.choice(found)
            holder.remove(message)
            target.messages.append(message)

    def _nest(self, _: Workspace, file: File) -> None:
        if len(file.messages) > 1:
            message = file.messages.pop(self.random.randrange(len(file.messages)))
            self.random.choice(file.messages).messages.append(message)


_EDITS: tuple[Callable[[Chance, Workspace, File], None], ...] = tuple(
    edit
    for name, edit in vars(Chance).items()
    if name.startswith(("_add", "_remove", "_re", "_change", "_move", "_nest"))
)
