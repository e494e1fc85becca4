"""Other verifiers: what each of them says of a contract and of a provider or its answers."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.integration.interop.things import Answer

_PACT_PYTHON: Final = """
import json, sys
from pact import Verifier

url, states, source = sys.argv[1:]
verifier = Verifier("things", host="127.0.0.1").add_transport(url=url).add_source(source)
verifier.state_handler(states, body=True)
try:
    verifier.verify()
except RuntimeError:
    pass
results = verifier.results["interactionResults"]
print("\\nRESULTS" + json.dumps({each["description"]: each["result"] == "OK" for each in results}))
"""
_MESSAGES: Final = """
import base64, json, sys
from pact import Verifier
from pact.types import Message

source, answers = sys.argv[1], json.load(sys.stdin)
metadata = {"topic": "things", "key": "a", "contentType": "application/json"}


def answering(body):
    return lambda: Message(contents=base64.b64decode(body), metadata=metadata, content_type="application/json")


verifier = Verifier("things", host="127.0.0.1").add_source(source).state_handler({"a thing was made": lambda: None})
verifier.message_handler({name: answering(body) for name, body in answers.items()})
try:
    verifier.verify()
except RuntimeError:
    pass
results = verifier.results["interactionResults"]
print("\\nRESULTS" + json.dumps({each["description"]: each["result"] == "OK" for each in results}))
"""
JVM: Final = Path(__file__).parent / "writers" / "Read.java"


def stock_verdicts(url: str, base: str, source: Path) -> Mapping[str, bool]:
    """Verdict of the verifier of pact-python on each interaction."""
    return _verdicts([_PACT_PYTHON, base, f"{url}/states", str(source)])


def stock_verdicts_of_events(source: Path, answers: Mapping[str, Answer]) -> Mapping[str, bool]:
    """Verdict of the verifier of pact-python on each event."""
    bodies = {name: base64.b64encode(answer.body).decode() for name, answer in answers.items()}
    return _verdicts([_MESSAGES, str(source)], json.dumps(bodies))


def _verdicts(arguments: Sequence[str], given: str = "") -> Mapping[str, bool]:
    done = subprocess.run(
        [sys.executable, "-c", *arguments],
        env={**os.environ, "PACT_DO_NOT_TRACK": "true"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if line.startswith("RESULTS")]
    assert told, done.stdout + done.stderr
    verdicts: dict[str, bool] = json.loads(told[-1].removeprefix("RESULTS"))
    return verdicts


def jvm_verdicts(
    java: str, classes: str, source: Path, answers: Iterable[tuple[str, Answer]], folder: Path
) -> list[bool]:
    """Verdict of pact-jvm on each answer to the interaction of a name."""
    lines = [
        "\t".join(
            [
                name,
                str(answer.status),
                "\x01".join(f"{key}={value}" for key, values in answer.headers.items() for value in values),
                base64.b64encode(answer.body).decode(),
            ]
        )
        for name, answer in answers
    ]
    (folder / "answers").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [java, "-cp", classes, str(JVM), str(source), str(folder / "answers")],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line.split("\t") for line in done.stdout.splitlines() if line.startswith("RESULT\t")]
    assert len(told) == len(lines), done.stdout + done.stderr
    return [words[2] == "held" for words in told]
