"""``servanda completion``."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from servanda.cli.group import main
from servanda.report.terminal import deliver

PROGRAM = "servanda"
VARIABLE = "_SERVANDA_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion of a shell.

    Completes commands, options, services, consumers, rules and formats. To have it in every shell, add the line of the
    example to ~/.bashrc, ~/.zshrc (behind compinit) or ~/.config/fish/config.fish.

    Examples:
      eval "$(servanda completion bash)"
      servanda completion fish | source
    """
    chosen = get_completion_class(shell)
    assert chosen is not None, "click knows these shells"  # noqa: S101 - for the type checker
    # That of bash would ask the bash that is installed here for its version, which need not be that of the user.
    deliver(ShellComplete.source(chosen(main, {}, PROGRAM, VARIABLE)))
