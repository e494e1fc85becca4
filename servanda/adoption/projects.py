"""The programs of a tree: what their build files say of names, libraries and how they are started."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from servanda.adoption.survey import Survey, folder_of

_PYTHON_APP: Final = re.compile(
    r"^(?P<name>[A-Za-z_]\w*)(?:\s*:\s*[\w.]+)?\s*=\s*(?:\w+\.)?(?P<kind>FastAPI|Starlette|Litestar|Flask)\(",
    re.MULTILINE,
)
_MODULE: Final = re.compile(r"^module\s+(\S+)", re.MULTILINE)
_ARTIFACT: Final = re.compile(r"<artifactId>\s*([\w.-]+)\s*</artifactId>")
_PARENT: Final = re.compile(r"<parent>.*?</parent>", re.DOTALL)
_ROOT_PROJECT: Final = re.compile(r"""rootProject\.name\s*=\s*["']([\w.-]+)["']""")
_REQUIREMENT: Final = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_MOST_MODULES: Final = 400
_GRPC: Final = frozenset({"google.golang.org/grpc", "@grpc/grpc-js"})
# Which library tells of which store.
_STORES: Final = MappingProxyType(
    {
        "postgres": (
            "psycopg",
            "psycopg2",
            "psycopg2-binary",
            "asyncpg",
            "pg",
            "github.com/lib/pq",
            "github.com/jackc/pgx",
            "postgresql",
        ),
        "redis": (
            "redis",
            "ioredis",
            "github.com/redis/go-redis",
            "github.com/go-redis/redis",
            "spring-boot-starter-data-redis",
        ),
        "kafka": (
            "confluent-kafka",
            "aiokafka",
            "kafka-python",
            "kafkajs",
            "github.com/segmentio/kafka-go",
            "github.com/twmb/franz-go",
            "spring-kafka",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Project:
    """A program, or a library, with a build file of its own.

    Attributes:
        name: Its name.
        folder: Folder of its build file; empty for the root.
        file: The build file.
        command: How it is perhaps started; empty if nothing tells of that.
        port_variable: Variable that perhaps tells it its port; empty if its command does.
        libraries: Names of what it depends on.
    """

    name: str
    folder: str
    file: str
    command: tuple[str, ...] = ()
    port_variable: str = ""
    libraries: frozenset[str] = frozenset()

    @property
    def stores(self) -> tuple[str, ...]:
        """Return the stores whose clients it depends on."""
        return tuple(
            store
            for store, names in _STORES.items()
            if any(library == name or library.startswith(f"{name}/") for name in names for library in self.libraries)
        )

    @property
    def transport(self) -> str:
        """Return the transport on which it perhaps listens."""
        is_grpc = self.port_variable == "PORT" and not _GRPC.isdisjoint(self.libraries)
        return "grpc" if is_grpc else "http"

    def holds(self, path: str) -> bool:
        """Tell whether a file lies in its folder."""
        return not self.folder or path.startswith(f"{self.folder}/")


def projects_in(survey: Survey) -> tuple[Project, ...]:
    """Return the programs of a tree, those nearer to its root first."""
    found: dict[str, Project] = {}
    for name, read in _READERS.items():
        for path in survey.named(name):
            for project in read(survey, path):
                found.setdefault(project.folder, project)
    return tuple(found[folder] for folder in sorted(found, key=lambda each: (each.count("/"), each)))


def _python(survey: Survey, path: str) -> Iterator[Project]:
    document = survey.document(path)
    table = document if isinstance(document, dict) else {}
    project, poetry = _table(table, "project"), _table(_table(table, "tool"), "poetry")
    name = _text(project, "name") or _text(poetry, "name") or _folder_name(survey, path)
    listed = project.get("dependencies")
    requirements = listed if isinstance(listed, list) else []
    libraries = {
        found[1].lower() for each in requirements if isinstance(each, str) and (found := _REQUIREMENT.match(each))
    }
    libraries |= {each.lower() for each in _table(poetry, "dependencies")}
    yield _python_project(survey, name, path, libraries)


def _requirements(survey: Survey, path: str) -> Iterator[Project]:
    lines = survey.text(path).splitlines()
    libraries = {found[1].lower() for line in lines if (found := _REQUIREMENT.match(line))}
    yield _python_project(survey, _folder_name(survey, path), path, libraries)


def _python_project(survey: Survey, name: str, path: str, libraries: set[str]) -> Project:
    folder = folder_of(path)
    command = (
        tuple(_python_command(survey, folder)) if {"fastapi", "starlette", "litestar", "flask"} & libraries else ()
    )
    return Project(name, folder, path, command, libraries=frozenset(libraries))


def _python_command(survey: Survey, folder: str) -> Iterator[str]:
    modules = [path for path in survey.within(folder) if path.endswith(".py") and "test" not in path]
    for path in modules[:_MOST_MODULES]:
        found = _PYTHON_APP.search(survey.text(path))
        if found is None:
            continue
        inner = PurePosixPath(path).relative_to(folder or ".").with_suffix("")
        parts = [part for part in inner.parts if part != "src"]
        module = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        where = [part for part in (folder, "src" if inner.parts[0] == "src" else "") if part]
        if found["kind"] == "Flask":
            yield from ("{python}", "-m", "flask", "--app", f"{module}:{found['name']}", "run", "--port", "{port.http}")
        else:
            app = ["--app-dir", "/".join(where)] if where else []
            yield from ("{python}", "-m", "uvicorn", *app, f"{module}:{found['name']}", "--port", "{port.http}")
        return


def _node(survey: Survey, path: str) -> Iterator[Project]:
    document = survey.document(path)
    table = document if isinstance(document, dict) else {}
    name = (_text(table, "name") or _folder_name(survey, path)).rpartition("/")[2]
    libraries = {*_table(table, "dependencies"), *_table(table, "devDependencies")}
    starts = "start" in _table(table, "scripts")
    folder = folder_of(path)
    command = ("npm", *(("--prefix", folder) if folder else ()), "start") if starts else ()
    yield Project(name, folder, path, command, "PORT", frozenset(libraries))


def _go(survey: Survey, path: str) -> Iterator[Project]:
    text, folder = survey.text(path), folder_of(path)
    module = _MODULE.search(text)
    parts = [part for part in (module[1] if module else "").split("/") if not re.fullmatch(r"v\d+", part)]
    name = parts[-1] if parts else _folder_name(survey, path)
    libraries = {word for line in text.splitlines() if (word := line.strip().removeprefix("require ").split(" ")[0])}
    mains = [each for each in survey.within(folder) if each.endswith("main.go")]
    packages = [folder_of(each).removeprefix(folder).strip("/") for each in mains]
    command = (
        ("go", "run", *(("-C", folder) if folder else ()), f"./{packages[0]}" if packages[0] else ".")
        if packages
        else ()
    )
    yield Project(name, folder, path, command, "PORT", frozenset(libraries))


def _maven(survey: Survey, path: str) -> Iterator[Project]:
    text, folder = _PARENT.sub("", survey.text(path)), folder_of(path)
    artifacts = _ARTIFACT.findall(text)
    name = artifacts[0] if artifacts else _folder_name(survey, path)
    starts = "spring-boot-maven-plugin" in artifacts
    command = ("mvn", *(("-f", path) if folder else ()), "-q", "spring-boot:run") if starts else ()
    yield Project(name, folder, path, command, "SERVER_PORT", frozenset(artifacts[1:]))


def _gradle(survey: Survey, path: str) -> Iterator[Project]:
    text, folder = survey.text(path), folder_of(path)
    settings = "\n".join(map(survey.text, _beside(survey, path, "settings.gradle", "settings.gradle.kts")))
    named = _ROOT_PROJECT.search(settings)
    libraries = re.findall(r"""["'][\w.-]+:([\w.-]+)(?::[^"']*)?["']""", text)
    starts = "org.springframework.boot" in text
    runner = "./gradlew" if "gradlew" in survey.files else "gradle"
    command = (runner, *(("-p", folder) if folder else ()), "-q", "bootRun") if starts else ()
    yield Project(
        named[1] if named else _folder_name(survey, path), folder, path, command, "SERVER_PORT", frozenset(libraries)
    )


_READERS: Final[Mapping[str, Callable[[Survey, str], Iterator[Project]]]] = MappingProxyType(
    {
        "pyproject.toml": _python,
        "requirements.txt": _requirements,
        "go.mod": _go,
        "pom.xml": _maven,
        "build.gradle": _gradle,
        "build.gradle.kts": _gradle,
        "package.json": _node,
    }
)


def _beside(survey: Survey, path: str, *names: str) -> tuple[str, ...]:
    folder = folder_of(path)
    return tuple(each for each in survey.named(*names) if folder_of(each) == folder)


def _folder_name(survey: Survey, path: str) -> str:
    return folder_of(path).rpartition("/")[2] or survey.root.resolve().name or "service"


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _text(table: Mapping[str, Any], key: str) -> str:
    found = table.get(key)
    return found if isinstance(found, str) and found.isprintable() else ""
