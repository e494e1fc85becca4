"""What is to be seen in a repository."""

from __future__ import annotations

import pytest

from servanda.adoption import Survey, look
from tests.unit.adoption.conftest import OPENAPI, Repository, pact, proto

POM = "<artifactId>{}</artifactId>"


@pytest.mark.parametrize(
    ("path", "package", "root"),
    [
        ("proto/shop/v1/shop.proto", "shop.v1", "proto"),
        ("proto/shop/shop.proto", "shop.v1", "proto"),
        ("proto/shop.proto", "shop.v1", "proto"),
        ("shop/v1/shop.proto", "shop.v1", ""),
        ("services/a/api/org/shop/v1/shop.proto", "org.shop.v1", "services/a/api"),
    ],
)
def test_imports_start_before_the_folders_that_the_package_names(
    repository: Repository, path: str, package: str, root: str
) -> None:
    assert look(Survey(repository({path: proto(package)}))).proto_roots == (root,)


def test_a_buf_yaml_says_itself_what_belongs_to_it(repository: Repository) -> None:
    files = {"api/buf.yaml": "version: v2\n", "api/shop/v1/a.proto": proto("shop.v1")}

    found = look(Survey(repository(files)))

    assert (found.buf_folders, found.proto_roots) == (("api",), ())


@pytest.mark.parametrize(
    "folder",
    [
        ".venv/lib/site-packages/x",
        "node_modules/x",
        "vendor/x",
        "target/classes",
        "build/x",
        ".tox/py/x",
        "a/dist-packages",
    ],
)
def test_what_was_installed_or_built_is_nobodys_interface(repository: Repository, folder: str) -> None:
    files = {f"{folder}/a.proto": proto("a"), f"{folder}/openapi.yaml": OPENAPI, f"{folder}/p.json": pact("a", "b")}

    assert look(Survey(repository(files))).is_empty


@pytest.mark.parametrize("mark", [".git", "pyvenv.cfg", "CACHEDIR.TAG"])
def test_another_repository_and_an_environment_are_not_looked_into(repository: Repository, mark: str) -> None:
    assert look(Survey(repository({f"inner/{mark}": "x", "inner/a.proto": proto("a")}))).is_empty


def test_a_link_is_not_followed(repository: Repository) -> None:
    root = repository({"README.md": "x"})
    repository({"../outside/a.proto": proto("a")})
    (root / "link").symlink_to("../outside")
    (root / "loop").symlink_to(".")
    (root / "a.proto").symlink_to("../outside/a.proto")

    assert look(Survey(root)).is_empty


def test_contracts_are_those_of_the_folder_that_has_most(repository: Repository) -> None:
    files = {"pacts/a.json": pact("web", "shop"), "pacts/b.json": pact("app", "shop"), "old/c.json": pact("x", "y")}

    found = look(Survey(repository(files)))

    assert (found.pacts, found.other_pacts) == ("pacts", ("old",))
    assert (found.consumers, found.providers) == (("web", "app"), ("shop",))


def test_contracts_in_subfolders_count_and_those_beside_other_documents_do_not(repository: Repository) -> None:
    files = {
        "pacts/web/a.json": pact("web", "shop"),
        "pacts/app/b.json": pact("app", "shop"),
        "package.json": "{}",
        "c.json": pact("x", "y"),
    }

    found = look(Survey(repository(files)))

    assert (found.pacts, found.other_pacts) == ("pacts", ("",))
    assert found.consumers == ("app", "web")


@pytest.mark.parametrize(
    ("files", "party"),
    [
        ({"services/orders/openapi.yaml": OPENAPI}, "orders"),
        ({"services/orders/src/main/resources/api.yaml": OPENAPI}, "orders"),
        ({"docs/orders.openapi.yaml": OPENAPI}, "orders"),
        ({"openapi.yaml": OPENAPI, "package.json": '{"name": "@shop/orders"}'}, "orders"),
        ({"openapi.yaml": OPENAPI, "go.mod": "module example.com/shop/orders/v2\n"}, "orders"),
        ({"openapi.yaml": OPENAPI, "pom.xml": f"<parent>{POM.format('p')}</parent>{POM.format('orders')}"}, "orders"),
        ({"api.yaml": OPENAPI, "go.mod": "module orders\n", "p/a.json": pact("web", "OrdersService")}, "OrdersService"),
        ({"openapi.yaml": OPENAPI, "p/a.json": pact("web", "billing")}, "billing"),
    ],
)  # fmt: skip
def test_a_document_belongs_to_whom_its_name_its_folder_or_its_program_tell_of(
    repository: Repository, files: dict[str, str], party: str
) -> None:
    assert [each.party for each in look(Survey(repository(files))).documents] == [party]


def test_two_documents_of_one_party_have_two_names(repository: Repository) -> None:
    files = {"orders/v1.yaml": OPENAPI, "orders/v2.yaml": OPENAPI}

    assert [each.party for each in look(Survey(repository(files))).documents] == ["orders", "orders-2"]


def test_a_document_of_a_test_is_nobodys_interface(repository: Repository) -> None:
    assert not look(Survey(repository({"tests/fixtures/openapi.yaml": OPENAPI}))).documents


def test_a_document_that_cannot_be_compared_says_why(repository: Repository) -> None:
    (found,) = look(Survey(repository({"api.yaml": 'swagger: "2.0"\n'}))).documents

    assert "expected an OpenAPI document of version 3.0 or 3.1" in found.problem


@pytest.mark.parametrize(
    ("files", "command", "stores"),
    [
        ({"pyproject.toml": '[project]\ndependencies = ["fastapi", "asyncpg>=1"]\n', "shop/m.py": "app = FastAPI()\n"},
         ("{python}", "-m", "uvicorn", "shop.m:app", "--port", "{port.http}"), ("postgres",)),
        ({"requirements.txt": "flask==3\nredis\n", "src/shop/web.py": "server = Flask(__name__)\n"},
         ("{python}", "-m", "flask", "--app", "shop.web:server", "run", "--port", "{port.http}"), ("redis",)),
        ({"package.json": '{"scripts": {"start": "node ."}, "dependencies": {"kafkajs": "2"}}'},
         ("npm", "start"), ("kafka",)),
        ({"a/go.mod": "module x\nrequire github.com/jackc/pgx/v5 v5.1\n", "a/cmd/shop/main.go": "package main\n"},
         ("go", "run", "-C", "a", "./cmd/shop"), ("postgres",)),
        ({"pom.xml": POM.format("shop") + POM.format("spring-boot-maven-plugin")},
         ("mvn", "-q", "spring-boot:run"), ()),
        ({"build.gradle.kts": 'id("org.springframework.boot")\nimplementation("a:spring-kafka")'},
         ("gradle", "-q", "bootRun"), ("kafka",)),
    ],
    ids=["fastapi", "flask", "node", "go", "maven", "gradle"],
)  # fmt: skip
def test_a_program_says_how_it_is_perhaps_started(
    repository: Repository, files: dict[str, str], command: tuple[str, ...], stores: tuple[str, ...]
) -> None:
    (project,) = look(Survey(repository(files))).projects

    assert (project.command, project.stores) == (command, stores)


def test_a_compose_file_tells_of_stores(repository: Repository) -> None:
    images = "services: {a: {image: 'docker.io/library/postgres:18'}, b: {image: valkey/valkey}, c: {build: .}}\n"

    assert look(Survey(repository({"compose.yaml": images}))).stores == ("postgres", "redis")


def test_a_file_that_is_too_large_for_a_document_is_passed_over(repository: Repository) -> None:
    assert not look(Survey(repository({"openapi.yaml": OPENAPI + "#" * (5 << 20)}))).documents


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"consumer": [], "provider": "x", "interactions": 1}'),
        ("b.json", '{"consumer": {"name": "a\\u001b[2J"}, "provider": {"name": "b"}, "interactions": []}'),
        ("c.json", '{"consumer"' + "[" * 5000 + '"provider"'),
        ("d.yaml", "openapi: 3.1.0\n" + "a: &a [*a]\n"),
        ("pyproject.toml", "project = 3\n"),
        ("package.json", '["consumer"]'),
        ("compose.yaml", "services: [1]\n"),
        ("go.mod", "\0\0module"),
        ("pom.xml", "<parent>" * 1000),
    ],
)
def test_what_cannot_be_read_is_passed_over(repository: Repository, name: str, text: str) -> None:
    found = look(Survey(repository({name: text})))

    assert not found.agreements
    assert all(each.problem for each in found.documents)
