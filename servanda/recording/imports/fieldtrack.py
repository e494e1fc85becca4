"""Fields that a Go program refers to, as the Go linker tracks them.

With ``GOEXPERIMENT=fieldtrack`` the linker's flag ``-k=importpath.variable`` fills a string variable of the program:
one line for each field with the tag ``go:"track"`` that reachable code refers to, ``importpath.Type.Field``, and after
it, separated by tabs, the functions through which it is reached. That was read in ``fieldtrack`` of
``src/cmd/link/internal/ld/go.go`` and in ``test/fixedbugs/issue20014.go`` of golang/go; the names of generated types
and fields in ``cmd/protoc-gen-go/internal_gengo`` of protocolbuffers/protobuf-go.

Code that can be reached need not run, and whether it reads or writes is not told: every use is merely possible. What
reflection does is not seen, and neither are fields without the tag: nothing shows that a field is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from servanda.documents import DocumentLimits, read_bytes
from servanda.errors import ContractError
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.usage.log import Noted
from servanda.pact.descriptors import MessageType
from servanda.recording.imports.imported import Imported, Wanted
from servanda.recording.usage.described import Described

_PART: Final = re.compile(
    r"(?P<leading>(?:^|(?<=\.))_)|(?P<dropped>[._](?=[a-z]))|(?P<dot>\.)|(?P<digit>[0-9])|(?P<word>.[a-z]*)"
)
_HINT: Final = "print the variable that the linker's flag -k names, as it is"


def read(wanted: Wanted, interfaces: Described) -> Imported:
    """Read the fields that a program refers to.

    Raises:
        ContractError: The file is no output of the linker, or none of its fields is of the interface.
    """
    shown = str(wanted.file)
    content = read_bytes(wanted.file, shown, DocumentLimits().size, ContractError)
    known = _generated(interfaces.catalogue)
    noted: dict[str, Noted] = {}
    lines = 0
    for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        lines += 1
        field, *through = line.split("\t")
        if field.count(".") < 2 or " " in field:
            what = f"expected importpath.Type.Field, found '{field[:60]}'"
            raise ContractError(what, where=f"{shown}:{number}", hint=_HINT)
        element = known.get(unquote(field))
        if element is not None:
            noted[element] = Noted(element, wanted.transport, through[0] if through else "", possible=True)
    if not noted:
        hint = "the option go_package has to name the import path; only tagged fields are tracked"
        raise ContractError(f"none of {lines} tracked fields is of this interface", where=shown, hint=hint)
    found = tuple(noted.values())
    return Imported(reads=found, writes=found, told=f"{len(found)} of {lines} tracked fields")


def _generated(catalogue: Catalogue) -> Mapping[str, str]:
    """Return elements by the Go names of their fields."""
    found = {}
    for name in sorted(catalogue.elements):
        message = catalogue.message(name)
        if message is not None and message.file.GetOptions().go_package:
            path = message.file.GetOptions().go_package.partition(";")[0]
            found.update({f"{path}.{field}": element for field, element in _fields(message)})
    return found


def _fields(message: MessageType) -> Iterator[tuple[str, str]]:
    name = go_name(message.full_name.removeprefix(f"{message.file.package}."))
    for field in message.fields:
        member = go_name(field.name)
        oneof = field.containing_oneof
        is_wrapped = oneof is not None and not (len(oneof.fields) == 1 and oneof.name == f"_{field.name}")
        # A member of a oneof is the only field of a struct of its own.
        yield f"{name}_{member}.{member}" if is_wrapped else f"{name}.{member}", field.full_name
    for oneof in message.oneofs:
        yield f"{name}.{go_name(oneof.name)}", f"{message.full_name}.{oneof.name}"


def go_name(name: str) -> str:
    """Return the Go name that protoc-gen-go makes of a name, of a nested message with the names around it."""
    return _PART.sub(_in_go, name)


def _in_go(part: re.Match[str]) -> str:
    if part["leading"]:
        return "X"
    if part["dropped"]:
        return ""
    return "_" if part["dot"] else part[0][0].upper() + part[0][1:]
