"""The rules of one state, tried on values by protovalidate (https://protovalidate.com)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from google.protobuf import message_factory
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    OneofDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message

from servanda.interfaces.protobuf.compiler import VALIDATE, bundled_descriptors
from servanda.interfaces.protobuf.constraints import pgv
from servanda.interfaces.protobuf.constraints.definitions import Definitions, IncompleteStateError, new_file
from servanda.interfaces.protobuf.constraints.predefined import predefining
from servanda.interfaces.protobuf.constraints.wire import PREDEFINED, PROTOVALIDATE, option_in
from servanda.interfaces.protobuf.options import ONEOF_RULES, Options, well_known_files, with_dependencies
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.protobuf.schema.element import fields
from servanda.protobuf_runtime import is_repeated

if TYPE_CHECKING:
    import protovalidate

_WELL_KNOWN = (
    "google/protobuf/any.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/empty.proto",
    "google/protobuf/field_mask.proto",
    "google/protobuf/struct.proto",
    "google/protobuf/timestamp.proto",
    "google/protobuf/wrappers.proto",
)


class UndecidedError(Exception):
    """The rules cannot be tried: a type is missing, or an expression does not compile."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One rule that refuses a value.

    Attributes:
        field: The field that it is about, as a path of numbers; empty for the message as a whole.
        inside: Whether it is about an item of a list, or a key or value of a map.
        for_key: Whether it is about a key of a map.
        names: Names that lead to the rule, for example ``string`` and ``max_len``; of an extension in brackets.
        place: Source path of the rule within the option.
        identifier: Identifier of the rule: of an expression the one in its definition.
        said: Identifier and message of the rule.
    """

    field: tuple[int, ...]
    inside: bool
    for_key: bool
    names: tuple[str, ...]
    place: tuple[int, ...]
    identifier: str
    said: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One definition of one state, with each of its sets of rules as a class of its own.

    Attributes:
        kinds: Classes that are equal but for their rules; at least one.
        rules: The sets of rules: ``buf.validate.FieldRules`` of fields, ``buf.validate.MessageRules`` of messages.
        validator: The validator of the state.
    """

    kinds: tuple[type[Message], ...]
    rules: tuple[Message, ...]
    validator: protovalidate.Validator

    @property
    def kind(self) -> type[Message]:
        """Return the class to make values with."""
        return self.kinds[0]

    def refusals(self, data: bytes) -> tuple[Refusal, ...]:
        """Return all that refuses a serialized value; nothing if nothing does.

        Raises:
            UndecidedError: Some expression does not compile or cannot be evaluated.
            DecodeError: The bytes are no value of this definition.
        """
        return tuple(refusal for kind in self.kinds for refusal in self._refusals(kind.FromString(data)))

    def _refusals(self, message: Message) -> Iterator[Refusal]:
        import protovalidate  # noqa: PLC0415  # see StateRules

        try:
            found = self.validator.collect_violations(message)
        except (protovalidate.CompilationError, protovalidate.EvaluationError) as error:
            raise UndecidedError(str(error)) from error
        yield from map(_refusal, found)


def _refusal(violation: protovalidate.Violation) -> Refusal:
    told = violation.proto
    where = list(told.field.elements) if told.field is not None else []
    rule = list(told.rule.elements) if told.rule is not None else []
    return Refusal(
        field=tuple(part.field_number for part in where),
        inside=bool(where) and where[0].subscript is not None,
        for_key=told.for_key,
        names=tuple(part.field_name for part in rule),
        place=tuple(number for part in rule for number in _place(part)),
        identifier=told.rule_id,
        said=_said(told.rule_id, told.message),
    )


def _said(identifier: str, message: str) -> str:
    # Of an expression without a message the validator says the expression itself.
    both = message if identifier in message else f"{identifier}: {message}".removesuffix(": ")
    return " ".join(both.split())


def _place(part: Any) -> Iterator[int]:
    yield part.field_number
    if part.subscript is not None and part.subscript.field == "index":
        yield part.subscript.value


class StateRules:
    """The rules of one state.

    Args:
        state: The state.
        options: Reader of its options.
    """

    def __init__(self, state: State, options: Options) -> None:
        self._state = state
        self._options = options
        self._made = 0

    def field(self, field: Element[FieldDescriptorProto], *, whole: bool = False, nested: bool = False) -> Tried:
        """Make a field ready to be tried on its own.

        Args:
            field: The field.
            whole: Whether messages that it holds keep their fields, for expressions to look at.
            nested: Whether they keep the rules that they have of their own.

        Raises:
            UndecidedError: Its type is not in the state.
        """
        rules = self.rules_of(field)
        read = tuple(map(self.read, rules))
        kinds = []
        for each in rules or (b"",):
            file = self._new_file()
            definitions = Definitions(self._state, file, nested_rules=nested, hollow=not (whole or nested))
            kinds.append(self._kind(definitions, [(field, each)]))
        return Tried(tuple(kinds), read, self._validator)

    def message(self, message: Element[DescriptorProto]) -> Tried:
        """Make a message ready to be tried by the rules about it as a whole.

        Raises:
            UndecidedError: The type of one of its fields is not in the state.
        """
        rules = option_in(message.proto.options, PROTOVALIDATE)
        file = self._new_file()
        members = [(field, b"") for field in fields(message).values()]
        kind = self._kind(Definitions(self._state, file), members, rules)
        return Tried((kind,), (self._message_rules.FromString(rules),), self._validator)

    def together(self, message: Element[DescriptorProto], numbers: Collection[int]) -> Tried:
        """Make a message ready to be tried by the rules about it as a whole and by those of some of its fields.

        Args:
            message: The message.
            numbers: The fields whose rules count.

        Raises:
            UndecidedError: The type of one of its fields is not in the state.
        """
        own = option_in(message.proto.options, PROTOVALIDATE)
        known = fields(message).values()
        sets = {field: self.rules_of(field) if field.proto.number in numbers else () for field in known}
        kinds = []
        for index in range(max((1, *map(len, sets.values())))):
            members = [(field, (*rules[index : index + 1], b"")[0]) for field, rules in sets.items()]
            kinds.append(self._kind(Definitions(self._state, self._new_file()), members, own))
        read = tuple(self.read(rules) for rules in chain.from_iterable(sets.values()))
        return Tried(tuple(kinds), (self._message_rules.FromString(own), *read), self._validator)

    def read(self, rules: bytes) -> Message:
        """Return ``buf.validate.FieldRules``, with the extensions that the state declares."""
        found: Message = self._field_rules.FromString(rules)
        return found

    def rules_of(self, field: Element[FieldDescriptorProto]) -> tuple[bytes, ...]:
        """Return the sets of rules of a field as ``buf.validate.FieldRules``, those of protoc-gen-validate translated.

        Sets that say the same are one.
        """
        own = option_in(field.proto.options, PROTOVALIDATE)
        older = self._options.message(field, pgv.FIELD_RULES)
        if older is not None and not self._ignores_older(field):
            older_rules = pgv.translated(older, self._field_rules).SerializeToString(deterministic=True)
            normal = self._field_rules.FromString(own).SerializeToString(deterministic=True)
            return tuple(each for each in dict.fromkeys((normal, older_rules)) if each)
        return (own,) if own else ()

    def requires(self, oneof: Element[OneofDescriptorProto]) -> bool:
        """Tell whether a member of a oneof has to be set."""
        rules: Any = self._options.message(oneof, ONEOF_RULES)
        return bool(rules is not None and rules.required) or self._options.flag(oneof, pgv.ONEOF_REQUIRED)

    def _ignores_older(self, field: Element[FieldDescriptorProto]) -> bool:
        message = field.parent
        return message is not None and any(
            self._options.flag(message, each) for each in (pgv.MESSAGE_DISABLED, pgv.MESSAGE_IGNORED)
        )

    def predefined(self, rules: Message) -> Iterator[str]:
        """Yield the CEL expressions behind the extensions that a set of rules uses."""
        for field, _ in everything(rules):
            if field.is_extension:
                found = self._predefined.get((field.containing_type.full_name, field.number), b"")
                yield from (each.expression for each in self._predefined_rules.FromString(found).cel)

    @cached_property
    def _predefined(self) -> Mapping[tuple[str, int], bytes]:
        return {
            (extension.proto.extendee.removeprefix("."), extension.proto.number): option_in(
                extension.proto.options, PREDEFINED
            )
            for file in self._extending
            for extension in file.extensions.values()
        }

    @cached_property
    def _extending(self) -> tuple[File, ...]:
        """Return files that extend the rules of buf.validate."""
        return tuple(predefining(self._state))

    @cached_property
    def _pool(self) -> DescriptorPool:
        known = {file.name: file for file in (*well_known_files(), *bundled_descriptors().file)}
        known.update({file.path: file.proto for file in (*self._state.imports.values(), *self._state.files.values())})
        pool = DescriptorPool()
        added = set[str]()
        for name in (*_WELL_KNOWN, VALIDATE, *(file.path for file in self._extending)):
            for file in with_dependencies(known[name], known):
                if file.name not in added:
                    added.add(file.name)
                    pool.Add(file)
        return pool

    @cached_property
    def _validator(self) -> protovalidate.Validator:
        # It takes longer to import than most comparisons take, and most of them have nothing to try.
        import protovalidate  # noqa: PLC0415

        # Not the shared one: a validator takes messages of one name for the same.
        return protovalidate.Validator()

    # ``Any``: classes of the state's own, of which nothing is known before.
    @cached_property
    def _field_rules(self) -> Any:
        return self._class("buf.validate.FieldRules")

    @cached_property
    def _message_rules(self) -> Any:
        return self._class("buf.validate.MessageRules")

    @cached_property
    def _predefined_rules(self) -> Any:
        return self._class("buf.validate.PredefinedRules")

    def _class(self, name: str) -> Any:
        return message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))

    def _new_file(self) -> FileDescriptorProto:
        self._made += 1
        return new_file(f"tried{self._made}", [*_WELL_KNOWN, VALIDATE, *(file.path for file in self._extending)])

    def _kind(
        self, definitions: Definitions, members: list[tuple[Element[FieldDescriptorProto], bytes]], rules: bytes = b""
    ) -> type[Message]:
        try:
            name = definitions.message("Tried", members, rules)
            self._pool.Add(definitions.file)
            found: type[Message] = self._class(name)
        except (IncompleteStateError, TypeError, DecodeError) as error:
            raise UndecidedError(str(error)) from error
        return found


def everything(rules: Message) -> Iterator[tuple[Any, Any]]:
    """Yield every field that is set in a set of rules, at any depth, with its value."""
    for field, value in rules.ListFields():
        yield field, value
        inner: Iterable[Any] = value if is_repeated(field) else (value,)
        for each in inner:
            if isinstance(each, Message):
                yield from everything(each)
