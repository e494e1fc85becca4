"""Publication through the stock ``pact`` command, which every broker knows."""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

from servanda.errors import PublicationError
from servanda.escaping import redact, secret_values

URL = "PACT_BROKER_BASE_URL"
_RETRIES = "PACT_BROKER_HTTP_RETRIES"


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
        raise PublicationError(f"{URL} is not set", hint=f"say where the broker is: export {URL}=http://...")
    if not files:
        raise PublicationError("there is no contract to publish", hint="record the consumers' contracts first")
    executable = Path(sysconfig.get_path("scripts"), "pact")
    options = ("--consumer-app-version", version, "--branch", branch)
    command = [str(executable), "broker", "publish", *options, *(str(file) for file in files)]
    # The command would wait for minutes on a broker that fails; who wants that can say so.
    environment = {_RETRIES: "3", **environ, "PACT_DO_NOT_TRACK": "true"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PublicationError(
            f"pact cannot be run: {error.strerror}", where=str(executable), hint="install the package pact-python-cli"
        ) from error
    said = "\n".join(part.strip() for part in (done.stdout, done.stderr) if part.strip())
    said = redact(said, secret_values(environ))  # the command and the broker repeat what they were sent
    if done.returncode != 0:
        raise PublicationError(
            f"the broker did not accept the contracts, pact ended with code {done.returncode}",
            where=redact(environ[URL]),
            hint="check the address, the credentials (PACT_BROKER_TOKEN) and whether the broker runs; "
            f"pact said:\n{said or '(nothing)'}",
        )
    return said
