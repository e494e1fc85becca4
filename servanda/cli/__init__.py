"""One file per command: parse, call, hand to the report; nothing else.

A command is a module that holds a click command named ``command``. It is imported when it is called, not before,
so that ``servanda --help`` answers at once.
"""

from servanda.cli.group import COMMANDS, main, pass_configuration

__all__ = ["COMMANDS", "main", "pass_configuration"]
