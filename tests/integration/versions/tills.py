"""A till of which one release was published, and the command that runs it beside the working tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "samples" / "artifact"
COMMAND = (str(Path(sys.executable).with_name("servanda")), "versions", "--order", "provider-first")


def copied(root: Path) -> Path:
    """Return a folder with the code of the till, which is about to be released."""
    return Path(shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__")))


def go_on(till: Path, old: str = "", new: str = "") -> None:
    """Begin the release after the first one, with a change of the process."""
    for name, before, after in (("__init__", '"one"', '"two"'), ("__main__", old or "\0", new)):
        module = till / "till" / f"{name}.py"
        module.write_text(module.read_text().replace(before, after))


def examined(till: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the till in several versions."""
    return subprocess.run(
        (*COMMAND, *arguments), cwd=till, env=os.environ, check=False, capture_output=True, text=True, timeout=300
    )


def log_of(till: Path, version: str) -> Path:
    """Return the log of an instance of the till."""
    return till / ".servanda" / "versions" / "logs" / f"till@{version}.log"


def said_by(till: Path, version: str) -> str:
    """Return the first line that an instance of the till wrote."""
    return log_of(till, version).read_text().splitlines()[0]


def promise(till: Path) -> None:
    """Give the till a contract, whose provider state is made true where the code of the till runs."""
    states = """
        import contextlib, pathlib, till

        @contextlib.asynccontextmanager
        async def states(environ):
            async def opened(params):
                return {"where": f"{till.RELEASE} in {pathlib.Path.cwd()}", "key": environ["TILL_KEY"]}

            yield {"it is open": opened}
    """
    (till / "till" / "states.py").write_text(textwrap.dedent(states))
    described = till / "servanda.toml"
    named = described.read_text().replace("[services.till]", '[services.till]\nstates = ["till.states:states"]')
    described.write_text(f'{named}\n[contracts]\npacts = "pacts"\n')
    interaction = {
        "description": "a price",
        "providerStates": [{"name": "it is open"}],
        "request": {"method": "GET", "path": "/items/1"},
        "response": {"status": 200, "body": {"price": 5}},
    }
    pact: dict[str, object] = {"consumer": {"name": "web"}, "provider": {"name": "till"}, "interactions": [interaction]}
    pact["metadata"] = {"pactSpecification": {"version": "3.0.0"}}
    (till / "pacts").mkdir()
    (till / "pacts" / "web-till.json").write_text(json.dumps(pact))
