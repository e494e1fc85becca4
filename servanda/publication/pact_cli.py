"""Publication through the stock ``pact`` command, which every broker knows."""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

from servanda.errors import ProcessError, PublicationError
from servanda.escaping import redact, secret_values
from servanda.processes import run_tool, tool_environment

URL = "PACT_BROKER_BASE_URL"
_RETRIES = "PACT_BROKER_HTTP_RETRIES"
_NETWORK = tuple(f"{kind}_PROXY" for kind in ("ALL", "HTTP", "HTTPS", "NO"))


def publish(files: Sequence[Path], version: str, branch: str, environ: Mapping[str, str]) -> str:
    """Send contracts to the broker at ``PACT_BROKER_BASE_URL`` as those of one version on one branch.

    ``PACT_BROKER_TOKEN``, or ``PACT_BROKER_USERNAME`` and ``PACT_BROKER_PASSWORD``, are passed on by the environment,
    never as arguments, which every process of the host could read.

    Returns:
        What the broker said, without credentials.

    Raises:
        PublicationError: There is nothing to send, nowhere to send it, or the broker does not accept it.
    """
    if not environ.get(URL):
        raise PublicationError(f"{URL} is not set", hint=f"set the URL of the broker: export {URL}=http://...")
    if not files:
        raise PublicationError("no contract to publish", hint="record the consumers' contracts first")
    executable = Path(sysconfig.get_path("scripts"), "pact")
    options = (f"--consumer-app-version={version}", f"--branch={branch}")
    command = [str(executable), "broker", "publish", *options, *(str(file.absolute()) for file in files)]
    try:
        done = run_tool(command, _environment(environ))
    except ProcessError as error:
        hint = None if executable.is_file() else "install the package pact-python-cli"
        raise PublicationError(error.what, where=str(executable), hint=hint) from error
    output = done.output.decode("utf-8", "replace").strip()
    said = "\n".join(part for part in (output, done.complaint) if part)
    said = redact(said, secret_values(environ))  # the command and the broker repeat what they were sent
    if done.code != 0:
        raise PublicationError(
            f"the broker did not accept the contracts: pact ended with code {done.code}",
            where=redact(environ[URL]),
            hint="check the address, the credentials (PACT_BROKER_TOKEN) and whether the broker runs; "
            f"output of pact:\n{said or '(nothing)'}",
        )
    return said


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    network = {key: value for key, value in environ.items() if key.upper() in _NETWORK}
    broker = {key: value for key, value in environ.items() if key.startswith("PACT_")}
    # The command would wait for minutes on a broker that fails; who wants that can say so.
    return tool_environment(environ, **{_RETRIES: "3", **network, **broker, "PACT_DO_NOT_TRACK": "true"})
