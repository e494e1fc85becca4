"""Findings about a tree: interfaces, contracts, and the parties to them."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from servanda.adoption.projects import Project, projects_in
from servanda.adoption.survey import Survey, folder_of, stem_of
from servanda.errors import ServandaError
from servanda.interfaces.openapi.claim import ENDINGS
from servanda.interfaces.openapi.document import Document

_OPENAPI: Final = re.compile(r"""^[^\S\n]*(?:\{\s*)?["']?(?:openapi|swagger)["']?\s*:""", re.MULTILINE)
_PACKAGE: Final = re.compile(r"^[^\S\n]*package\s+([\w.]+)\s*;", re.MULTILINE)
_COMPOSE: Final = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
# Folders and files that say what something is, and not whose it is.
_NO_NAMES: Final = frozenset(
    (
        *("api", "apis", "app", "contracts", "definitions", "doc", "docs", "http", "internal", "main", "openapi"),
        *("proto", "public", "resources", "rest", "schema", "schemas", "services", "spec", "specification", "specs"),
        *("src", "static", "swagger", "v1", "v2", "v3"),
    )
)
# What the images of stores are called, in parts of their names.
_IMAGES: Final = MappingProxyType(
    {"postgres": ("postg",), "redis": ("redis", "valkey"), "kafka": ("kafka", "redpanda")}
)
# Documents that a test or an example brings are nobody's interface.
_NO_INTERFACES: Final = re.compile(r"(^|/)(tests?|testdata|fixtures|examples?|samples?|__tests__|mocks?)/")


@dataclass(frozen=True, slots=True)
class Described:
    """An OpenAPI document.

    Attributes:
        path: The file.
        party: Who perhaps serves it.
        problem: Why it cannot be compared; empty if it can.
    """

    path: str
    party: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A pact file."""

    path: str
    consumer: str
    provider: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Facts about a tree that a configuration can begin with.

    Attributes:
        buf_folders: Folders with a ``buf.yaml`` or ``buf.work.yaml`` and proto files.
        proto_roots: Other folders that imports of proto files start from; those with most files first.
        has_protos: Whether there are proto files.
        documents: The OpenAPI documents.
        agreements: The pact files in a folder that holds no other JSON files.
        pacts: That folder, of several the one with most of them; ``None`` if there is none.
        other_pacts: Folders with other pact files.
        projects: The programs.
        stores: Stores that a compose file starts.
    """

    buf_folders: tuple[str, ...]
    proto_roots: tuple[str, ...]
    has_protos: bool
    documents: tuple[Described, ...]
    agreements: tuple[Agreement, ...]
    pacts: str | None
    other_pacts: tuple[str, ...]
    projects: tuple[Project, ...]
    stores: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing that a contract could be about."""
        return not (self.has_protos or self.documents or self.agreements)

    @property
    def has_interface(self) -> bool:
        """Tell whether there is an interface that can be compared."""
        return bool(self.buf_folders or self.proto_roots or any(not each.problem for each in self.documents))

    @property
    def consumers(self) -> tuple[str, ...]:
        """Return the consumers of the contracts."""
        return tuple(dict.fromkeys(each.consumer for each in self.agreements))

    @property
    def providers(self) -> tuple[str, ...]:
        """Return the providers of the contracts."""
        return tuple(dict.fromkeys(each.provider for each in self.agreements))


def look(survey: Survey) -> Findings:
    """Find what a tree holds that contracts can be about."""
    agreements = tuple(_agreements(survey))
    pacts = _pacts_folder(survey, agreements)
    own = tuple(each for each in agreements if pacts is not None and _lies_in(each.path, pacts))
    others = {folder_of(each.path) for each in agreements} - {folder_of(each.path) for each in own}
    projects = projects_in(survey)
    controlled = tuple(_buf_folders(survey))
    roots = (root for root in _proto_roots(survey) if not any(_lies_in(root, each) for each in controlled))
    names = tuple(dict.fromkeys(each.provider for each in own))
    return Findings(
        buf_folders=controlled,
        proto_roots=tuple(roots),
        has_protos=bool(survey.ending(".proto")),
        documents=tuple(_documents(survey, names, projects)),
        agreements=own,
        pacts=pacts,
        other_pacts=tuple(sorted(others)),
        projects=projects,
        stores=tuple(_composed(survey)),
    )


def _lies_in(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _protos(survey: Survey, folder: str) -> tuple[str, ...]:
    return tuple(path for path in survey.within(folder) if path.endswith(".proto"))


def _buf_folders(survey: Survey) -> Iterator[str]:
    """Return the folders with buf's documents and proto files below, none within another."""
    taken: list[str] = []
    for path in (*survey.named("buf.work.yaml"), *survey.named("buf.yaml")):
        folder = folder_of(path)
        if not any(_lies_in(folder, other) for other in taken) and _protos(survey, folder):
            taken.append(folder)
            yield folder


def _proto_roots(survey: Survey) -> Iterator[str]:
    """Return the folders that imports start from, as the packages of the files say; those with most files first."""
    counted: Counter[str] = Counter()
    for path in survey.ending(".proto"):
        if not _NO_INTERFACES.search(path):
            found = _PACKAGE.search(survey.text(path))
            counted[_root_of(path, found[1] if found else "")] += 1
    yield from (root for root, _ in counted.most_common())


def _root_of(path: str, package: str) -> str:
    """Return the folder before those that the package names, as buf asks for; else the folder itself."""
    folders, parts = folder_of(path).split("/"), package.split(".")
    for count in range(min(len(parts), len(folders)), 0, -1):
        if folders[-count:] == parts[:count]:
            return "/".join(folders[:-count])
    return "/".join(folders)


def _documents(survey: Survey, providers: tuple[str, ...], projects: tuple[Project, ...]) -> Iterator[Described]:
    taken: set[str] = set()
    for path in survey.ending(*ENDINGS):
        if _NO_INTERFACES.search(path) or not _OPENAPI.search(text := survey.text(path)):
            continue
        party = _party(path, providers, projects, survey)
        names = itertools.chain([party], (f"{party}-{number}" for number in itertools.count(2)))
        name = next(each for each in names if each not in taken)
        taken.add(name)
        try:
            Document(text, path)
        except ServandaError as error:
            yield Described(path, name, error.what)
        else:
            yield Described(path, name)


def _party(path: str, providers: tuple[str, ...], projects: tuple[Project, ...], survey: Survey) -> str:
    """Return who serves a document: by its name, its folder, or the program that it lies in; as contracts call that."""
    words = [stem_of(path), *reversed(folder_of(path).split("/"))]
    names = [re.sub(r"[-_.]?(?:openapi|api|swagger|spec)$", "", word) for word in words]
    meant = next((name for name in names if name and name.lower() not in _NO_NAMES), "")
    around = [each.name for each in reversed(projects) if each.holds(path)]
    guess = meant or next(iter(around), "") or survey.root.resolve().name or "api"
    alike = {_key(each): each for each in providers}
    known = next((alike[_key(each)] for each in (guess, *around) if _key(each) in alike), None)
    return known or (providers[0] if len(providers) == 1 and not meant else guess)


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("service")


def _pacts_folder(survey: Survey, agreements: tuple[Agreement, ...]) -> str | None:
    """Return the folder with most pact files, those in its subfolders too, and without other files in JSON."""
    paths = {each.path for each in agreements}
    folders = {folder for path in paths for folder in _folders_around(path)}
    found = {folder: [path for path in survey.within(folder) if path.endswith(".json")] for folder in folders}
    pure = [folder for folder, inside in found.items() if paths.issuperset(inside)]
    return max(pure, key=lambda folder: (len(found[folder]), len(folder), folder), default=None)


def _folders_around(path: str) -> Iterator[str]:
    folder = folder_of(path)
    yield folder
    while folder := folder_of(folder):
        yield folder


def _agreements(survey: Survey) -> Iterator[Agreement]:
    for path in survey.ending(".json"):
        text = survey.text(path)
        if '"consumer"' not in text or '"provider"' not in text:
            continue
        document = survey.document(path)
        if not isinstance(document, dict) or not {"interactions", "messages"} & document.keys():
            continue
        consumer, provider = _name(document.get("consumer")), _name(document.get("provider"))
        if consumer and provider:
            yield Agreement(path, consumer, provider)


def _name(party: Any) -> str:
    name = party.get("name") if isinstance(party, dict) else None
    return name if isinstance(name, str) and name.isprintable() else ""


def _composed(survey: Survey) -> Iterator[str]:
    """Return the stores among the images of the compose file that is nearest to the root."""
    for path in survey.named(*_COMPOSE)[:1]:
        document = survey.document(path)
        services = document.get("services") if isinstance(document, dict) else None
        tables = [each for each in services.values() if isinstance(each, dict)] if isinstance(services, dict) else []
        images = [image for each in tables if isinstance(image := each.get("image"), str)]
        names = [posixpath.basename(image).partition(":")[0] for image in images]
        yield from (store for store, words in _IMAGES.items() if any(word in name for name in names for word in words))
