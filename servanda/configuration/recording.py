"""Reading the commands that record contracts."""

from __future__ import annotations

from servanda.configuration.model import RecordCommand
from servanda.documents import Table


def record_commands(table: Table) -> tuple[RecordCommand, ...]:
    """Read ``record`` of ``[contracts]``: one command, or several by name with the consumers that each records.

    Raises:
        ConfigurationError: A command has no words, or two commands record one consumer.
    """
    found = table.get("record")
    if found is None:
        return ()
    if isinstance(found.raw, list):
        return (RecordCommand("", found.texts()),) if found.raw else ()
    commands = tuple(_command(name, each) for name, each in found.table().tables())
    taken: dict[str, str] = {}
    for each in commands:
        for consumer in each.consumers:
            if consumer in taken:
                raise found.error(f"'{consumer}' is recorded by two commands, '{taken[consumer]}' and '{each.name}'")
            taken[consumer] = each.name
    return commands


def _command(name: str, table: Table) -> RecordCommand:
    command = RecordCommand(name, table.texts("command"), table.texts("consumers"))
    table.close()
    for key, words in (("command", command.command), ("consumers", command.consumers)):
        if not words:
            raise table.error(f"'{key}' is missing", f'add {key} = ["..."]')
    return command
