"""Draft of ``servanda.toml``: what is certain as it is, and what is a guess behind comment signs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from servanda.adoption.findings import Findings
from servanda.adoption.projects import Project
from servanda.adoption.protos import ProtoChoice
from servanda.escaping import visible

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_PACTS: Final = "contracts/pacts"
_MOST_LISTED: Final = 20
_ADDRESSES: Final = MappingProxyType(
    {"postgres": "{postgres.host} and {postgres.port}", "redis": "{redis.url}", "kafka": "{kafka.bootstrap}"}
)
_HEAD: Final = """\
# What Servanda knows of this repository. Every key: 'servanda help configuration'.
# 'servanda doctor' says what works and what is missing. An editor checks this file by the schema that 'servanda schema'
# prints, if the first line names it: '#:schema ./servanda.schema.json'.
"""


def configuration_draft(findings: Findings, protos: ProtoChoice) -> str:
    """Return the text of a ``servanda.toml``, which can be loaded as it is."""
    parts = [_HEAD, *_interfaces(protos), *_contracts(findings), *_parties(findings), *_services(findings)]
    return "\n".join(parts)


def _interfaces(protos: ProtoChoice) -> Iterator[str]:
    if protos.root is None:
        return
    what = _count(protos.count, "proto file") if protos.count else "The proto files"
    comments = [f"# {what}, which 'servanda check' compares."]
    if protos.problem:
        comments.append(f"# They do not compile yet: {_comment(protos.problem)}")
    if not protos.is_tried:
        comments.append('# It was not tried whether they compile: that needs "servanda[protobuf]".')
    if protos.others:
        comments.append(
            "# There are proto files in other folders, too, which are not compared; modules in a buf.yaml around"
        )
        comments += [f"# all of them would be: {_comment(', '.join(map(_shown, _listed(protos.others))))}"]
    yield "".join(f"{line}\n" for line in (*comments, "[interfaces]", f"root = {_string(protos.root)}"))


def _contracts(findings: Findings) -> Iterator[str]:
    lines = []
    if findings.agreements:
        lines.append(f"# {_count(len(findings.agreements), 'pact file')}.")
    elif not findings.other_pacts:
        lines.append("# There is no pact file yet: the tests of consumers record them to this folder.")
    if findings.other_pacts:
        lines.append("# Pact files of other folders, which do not count (in a folder of them are no other JSON files):")
        lines.append(f"# {_comment(', '.join(map(_shown, _listed(findings.other_pacts))))}")
    lines += ["[contracts]", f"pacts = {_string(_PACTS if findings.pacts is None else findings.pacts or '.')}"]
    pythons = [
        each for each in findings.projects if "pytest" in each.libraries or each.file.endswith((".toml", ".txt"))
    ]
    if pythons:
        lines.append("# The command by which 'servanda gate' runs the tests of consumers, which record contracts:")
        lines.append('#record = ["{python}", "-m", "pytest", "tests"]')
    yield "".join(f"{line}\n" for line in lines)


def _parties(findings: Findings) -> Iterator[str]:
    documents = {each.party: each for each in findings.documents}
    for name in dict.fromkeys((*findings.consumers, *documents)):
        lines = [f"[pacticipants.{_key(name)}]"]
        if name in findings.consumers:
            providers = dict.fromkeys(each.provider for each in findings.agreements if each.consumer == name)
            lines.insert(0, f"# A consumer of {_comment(', '.join(_listed(tuple(providers))))}.")
        if (document := documents.get(name)) is not None and not document.problem:
            lines.append(f"openapi = {_string(document.path)}")
        elif document is not None:
            lines.append(f"#openapi = {_string(document.path)}")
            lines.append(f"# It cannot be compared: {_comment(document.problem)}.")
        lines.append('#owner = "a team"')
        yield "".join(f"{line}\n" for line in lines)


def _services(findings: Findings) -> Iterator[str]:
    startable = [each for each in findings.projects if each.command]
    names = _names(findings, startable)
    if names:
        yield (
            "# 'servanda verify' starts a service and replays its contracts. The rest of this file is a guess:\n"
            "# correct it, and remove the '#' at the beginning of its lines.\n"
        )
    for name, project in names.items():
        yield "".join(f"{line}\n" for line in _service(name, project, findings.stores))


def _names(findings: Findings, projects: Iterable[Project]) -> dict[str, Project]:
    """Return the programs by the names that contracts and documents have for them."""
    found: dict[str, Project] = {}
    for project in projects:
        described = [each.party for each in findings.documents if project.holds(each.path) and project.folder]
        alike = [name for name in findings.providers if _plain(name) == _plain(project.name)]
        only = findings.providers if len(findings.providers) == 1 and not project.folder else ()
        found.setdefault(next(iter((*alike, *described, *only)), project.name), project)
    return found


def _service(name: str, project: Project, composed: tuple[str, ...]) -> Iterator[str]:
    yield f"# From {_comment(project.file)}:"
    yield f"#[services.{_key(name)}]"
    yield f"#command = {_strings(project.command)}"
    yield f"#ports = {_strings([project.transport])}"
    yield f"#transports = {{ {project.transport} = {_string(project.transport)} }}"
    if project.port_variable:
        yield f"#environment = {{ {project.port_variable} = {_string(f'{{port.{project.transport}}}')} }}"
    stores = tuple(store for store in _ADDRESSES if store in (*project.stores, *composed))
    if stores:
        yield f"#stores = {_strings(stores)}"
        yield f"# Their addresses, for the values of 'environment': {', '.join(_ADDRESSES[each] for each in stores)}."


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("service")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _listed(names: tuple[str, ...]) -> tuple[str, ...]:
    more = len(names) - _MOST_LISTED
    return names if more <= 0 else (*names[:_MOST_LISTED], f"... and {more} more")


def _shown(folder: str) -> str:
    return folder or "."


def _comment(text: str) -> str:
    return visible(" ".join(text.split()))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    # A string of JSON is one of TOML, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _strings(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_string, texts))}]"
