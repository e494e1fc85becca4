"""The names that ``import servanda`` gives, and what it costs."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import servanda
from servanda import errors

PACKAGE = Path(servanda.__file__).parent
NAMES = """
Answer Bump CheckContext CheckInput Configuration ConfigurationError Consumer ConsumerImpact ContractError
Delivery DeployOrder DescribedEvent Endpoints Evidence Examined ExtensionError Finding GrpcCall Impact
InfrastructureError
InteractionResult InterfaceComparison InterfaceError JobError KafkaEndpoint
LimitError Limits Location Mismatch MissingExtraError
Namespace
Observe ObserveFor Outcome PactWith PatternError PostgresEndpoint ProcessError PublicationError Reason
ReasonKind RecordedPact RecordingError RedisEndpoint ServandaError Severity Span StageResult StateHandler
StateHandlers Steps StoreChoice StoreFact SupervisionError Transition Transport Verdict VerdictError
VerificationError check choose_stores database_template find_configuration from_document interface_kinds isolate
load_configuration start_stores to_document unwrap
"""


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return {name for name in loaded if name.startswith("servanda")}


def test_the_public_names_are_these() -> None:
    assert sorted(servanda.__all__) == sorted(NAMES.split())
    assert dir(servanda) == sorted(servanda.__all__)


@pytest.mark.parametrize("name", NAMES.split())
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(servanda, name) is not None


def test_a_type_checker_sees_the_same_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imported = [alias.asname or alias.name for node in ast.walk(block) for alias in getattr(node, "names", ())]
    assert sorted(imported) == sorted(servanda.__all__)


def test_every_error_of_the_suite_is_public() -> None:
    raised = {
        name for name, value in vars(errors).items() if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert raised <= set(servanda.__all__)


def test_the_reference_names_them_all() -> None:
    page = (PACKAGE.parent / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    table = page.partition("## Names")[2].partition("```")[0]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(servanda.__all__)


def test_no_public_name_is_that_of_a_module() -> None:
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert not modules & set(servanda.__all__)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'servanda' has no attribute 'no_such_name'"):
        getattr(servanda, "no_such_name")  # noqa: B009 - a type checker refuses the plain form, as it should


def test_importing_the_package_imports_nothing_else() -> None:
    assert modules_after("import servanda") == {"servanda"}


def test_a_name_of_one_room_leaves_the_others_alone() -> None:
    assert not modules_after("from servanda import Transport") & {"servanda.recording", "servanda.infra"}


def test_the_pytest_plugin_imports_nothing_else() -> None:
    assert modules_after("import servanda.pytest_plugin") == {"servanda", "servanda.pytest_plugin"}


def test_a_run_that_uses_no_fixture_loads_nothing(tmp_path: Path) -> None:
    body = "import sys\n\ndef test_it(): assert {n for n in sys.modules if n.startswith('servanda')} == "
    (tmp_path / "test_it.py").write_text(body + "{'servanda', 'servanda.pytest_plugin'}\n", encoding="utf-8")
    # Plugins of others that are installed here would take most of the time.
    others = [option for name in ("pact", "schemathesis", "hypothesispytest") for option in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *others, "--rootdir", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
