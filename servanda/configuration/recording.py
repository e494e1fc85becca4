"""The commands that record contracts: ``record`` in the table ``[contracts]``."""

from __future__ import annotations

from typing import Final

from servanda.configuration.forms import COMMAND, TEXTS, tables_by_name
from servanda.configuration.model import RecordCommand
from servanda.configuration.shape import Form, Key, Reading, Shape
from servanda.documents import Value

_COMMAND: Final = Shape(
    RecordCommand,
    (
        Key("command", COMMAND, "command that runs the tests of some consumers", needed='command = ["..."]'),
        Key("consumers", COMMAND, "consumers whose contracts it records", needed='consumers = ["..."]'),
    ),
)
_BY_NAME: Final = tables_by_name(_COMMAND)


def _read(value: Value, reading: Reading) -> tuple[RecordCommand, ...]:
    if isinstance(value.raw, list):
        command = TEXTS.read(value, reading)
        return (RecordCommand("", command),) if command else ()
    before = len(reading.mistakes)
    commands = tuple(_BY_NAME.read(value, reading).values())
    taken: dict[str, str] = {}
    for each in commands if len(reading.mistakes) == before else ():
        for consumer in each.consumers:
            if consumer in taken:
                raise value.error(f"'{consumer}' is recorded by two commands, '{taken[consumer]}' and '{each.name}'")
            taken[consumer] = each.name
    return commands


RECORD: Final = Form({"anyOf": [TEXTS.schema, _BY_NAME.schema]}, _read, lambda *_: (), _COMMAND, _BY_NAME.step)
"""One command, or several by name with the consumers that each records."""
