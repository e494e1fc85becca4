"""Nothing that a change brings is run to examine it, and what it breaks is told all the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest

from tests.integration.security.conftest import BEFORE, BREAK, Stranger, git, write

Attack = Callable[[Stranger], dict[str, str]]
ATTACKS: dict[str, Attack] = {}
PROTO = 'syntax = "proto3";\npackage shop.v1;\n'
FILTERS = (("filter", "clean"), ("filter", "process"), ("diff", "textconv"), ("diff", "command"))
EXAMINING = (
    ("check",),
    ("check", "proto", "--against", ".git#branch=main"),
    ("gate", "--only", "interfaces", "--only", "lint", "--keep-going"),
)
READING = (
    ("usage", "shop.v1.Order.order_id"),
    ("unused",),
    ("explain", "FIELD_NO_DELETE"),
    ("waive", "0123456789abcdef", "--unchecked", "--reason", "r", "--owner", "o", "--expires", "2999-01-01"),
    ("release", "1.0.0"),
)

# What they say of a tree is no verdict: they may find something missing in it.
LOOKING = (("init", "--dry-run"), ("init", "--ci", "github"), ("doctor", "--infra", "embedded"), ("schema",))


def attack(function: Attack) -> Attack:
    ATTACKS[function.__name__] = function
    return function


@attack
def forged_compiler(stranger: Stranger) -> dict[str, str]:
    return dict.fromkeys(("grpc_tools/__init__.py", "grpc_tools/protoc.py"), stranger.module)


@attack
def modules_of_libraries(stranger: Stranger) -> dict[str, str]:
    names = ("click", "rich", "yaml", "json", "semver", "sitecustomize", "usercustomize", "conftest", "_pytest", "buf")
    packages = {f"{name}/__init__.py": stranger.module for name in ("google", "google/protobuf", "protovalidate")}
    return {**{f"{name}.py": stranger.module for name in names}, **packages}


@attack
def name_with_an_option(stranger: Stranger) -> dict[str, str]:
    return {
        "plugin.sh": stranger.program,
        "proto/a\n--plugin=protoc-gen-x=plugin.sh\n--x_out=.\n.proto": PROTO,
    }


@attack
def names_that_look_like_options(stranger: Stranger) -> dict[str, str]:
    odd = ("--plugin=protoc-gen-x=plugin.sh.proto", "-I=x.proto", "@arguments.proto", "a:b=c.proto", "'$(id)`.proto")
    return {
        "plugin.sh": stranger.program,
        "arguments.proto": "--plugin=protoc-gen-x=plugin.sh\n--x_out=.\n",
        **{f"proto/{name}": PROTO for name in odd},
    }


@attack
def bare_repository_among_the_contracts(stranger: Stranger) -> dict[str, str]:
    folder = stranger.folder / "origin" / "contracts" / "pacts"
    write(stranger.folder / "origin", BEFORE)
    git(folder, "init", "--quiet", "--bare", ".")
    for key, value in {"bare": "false", "worktree": ".", "fsmonitor": f"touch '{stranger.canary}'"}.items():
        git(folder, "config", f"core.{key}", value)
    # With a history, or nobody would ask for more than that.
    git(folder, "-c", "core.fsmonitor=", "--git-dir=.", "add", "--force", "web-shop.json")
    git(folder, "-c", "core.fsmonitor=", "--git-dir=.", "commit", "--quiet", "--message", "one")
    for empty in ("objects/info", "refs/tags"):
        (folder / empty / "keep").touch()
    return {}


@attack
def filter_of_the_user(stranger: Stranger) -> dict[str, str]:
    stranger.environ["HOME"] = str(stranger.folder)
    command = f"touch '{stranger.canary}'; cat"
    settings = f'[filter "x"]\nclean = "{command}"\n[diff "x"]\ntextconv = "{command}"\ncommand = "{command}"\n'
    (stranger.folder / ".gitconfig").write_text(settings, encoding="utf-8")
    return {".gitattributes": "* -text diff=x\n*.json filter=x\n"}


@attack
def submodule_of_a_helper_program(stranger: Stranger) -> dict[str, str]:
    return {".gitmodules": f'[submodule "x"]\npath = x\nurl = ext::touch {stranger.canary}\nupdate = !touch\n'}


@attack
def programs_on_a_path_into_the_tree(stranger: Stranger) -> dict[str, str]:
    folders = (".", "bin", str(stranger.clone / "bin"))
    stranger.environ["PATH"] = os.pathsep.join((*folders, os.environ["PATH"]))
    names = ("git", "buf", "protoc", "python", "python3", "pact", "less", "vi")
    return {f"{folder}{name}": stranger.program for folder in ("", "bin/") for name in names}


@attack
def commands_of_the_configuration(stranger: Stranger) -> dict[str, str]:
    command = f"['touch', '{stranger.canary}']"
    service = f"[services.shop]\ncommand = {command}\nmigrate = {command}\nstates = ['states:states']\n"
    runs = f"[contracts]\nrecord = {command}\n[end-to-end]\ncommand = {command}\n"
    return {"servanda.toml": service + runs, "states.py": stranger.module}


@attack
def plugins_of_buf(stranger: Stranger) -> dict[str, str]:
    allowed = BEFORE["servanda.toml"].replace("lint = true", "lint = true\nallow_buf_plugins = true")
    programs = f"plugins:\n  - plugin: {stranger.clone / 'plugin.sh'}\n  - plugin: ./plugin.sh\n"
    return {
        "servanda.toml": allowed,
        "plugin.sh": stranger.program,
        "proto/plugin.sh": stranger.program,
        "proto/buf.yaml": f"version: v2\n{programs}",
    }


@attack
def settings_of_tools(stranger: Stranger) -> dict[str, str]:
    return {
        ".env": f"PYTHONSTARTUP=startup.py\nPAGER=touch {stranger.canary}\n",
        ".gitconfig": f"[core]\nfsmonitor = touch '{stranger.canary}'\n",
        "pyvenv.cfg": "home = .\n",
        "startup.py": stranger.module,
        "setup.py": stranger.module,
        "evil.pth": f"import os; os.system('touch {stranger.canary}')\n",
        "pytest.ini": "[pytest]\naddopts = -p startup\n",
    }


@pytest.mark.parametrize("command", EXAMINING, ids=" ".join)
@pytest.mark.parametrize("name", ATTACKS)
def test_a_break_is_told_and_nothing_is_run(stranger: Stranger, name: str, command: tuple[str, ...]) -> None:
    stranger.send(ATTACKS[name](stranger))

    ran = stranger.run(*command)

    assert not stranger.canary.exists()
    assert ran.returncode == 1, ran.stderr
    assert "quantity" in ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_run_by_commands_that_read(stranger: Stranger, name: str) -> None:
    stranger.send(ATTACKS[name](stranger))

    codes = {command[0]: stranger.run(*command).returncode for command in READING}

    assert not stranger.canary.exists()
    assert codes == dict.fromkeys(codes, 0)


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_run_by_commands_that_look(stranger: Stranger, name: str) -> None:
    stranger.send(ATTACKS[name](stranger))

    ran = [stranger.run(*command) for command in LOOKING]

    assert not stranger.canary.exists()
    assert {done.returncode for done in ran} <= {0, 2}, [done.stderr for done in ran]


def test_python_takes_no_module_from_the_working_directory(stranger: Stranger) -> None:
    stranger.send(modules_of_libraries(stranger))

    ran = stranger.run("check", start=(sys.executable, "-m", "servanda"))

    assert (ran.returncode, stranger.canary.exists()) == (1, False), ran.stderr


@pytest.mark.parametrize("command", [*EXAMINING, *READING], ids=lambda command: command[0])
def test_settings_of_the_tree_that_a_repository_includes_run_nothing(
    stranger: Stranger, command: tuple[str, ...]
) -> None:
    touch = f"\"touch '{stranger.canary}'\""
    filters = "".join(f'[{kind} "a=b"]\n{key} = {touch}\n' for kind, key in FILTERS)
    settings = (
        f"[core]\nfsmonitor = {touch}\npager = {touch}\nsshCommand = {touch}\n[diff]\nexternal = {touch}\n{filters}"
    )
    stranger.send({".gitconfig": settings, ".gitattributes": "* filter=a=b diff=a=b\n"})
    git(stranger.clone, "config", "include.path", "../.gitconfig")
    write(stranger.clone, {"contracts/pacts/web-shop.json": f"{BEFORE['contracts/pacts/web-shop.json']}\n"})

    stranger.run(*command)

    assert not stranger.canary.exists()


def test_programs_of_buf_are_refused_beside_the_break(stranger: Stranger) -> None:
    stranger.send(plugins_of_buf(stranger))

    ran = stranger.run("gate", "--only", "interfaces", "--only", "lint", "--keep-going")

    assert "FIELD_NO_DELETE" in ran.stdout
    assert "'plugins' of buf.yaml may name programs" in ran.stdout + ran.stderr


@pytest.mark.parametrize("command", [*EXAMINING, *READING], ids=lambda command: command[0])
def test_a_configured_folder_called_like_an_address_makes_no_connection(
    stranger: Stranger, command: tuple[str, ...]
) -> None:
    address, proto = "git@localhost:shop.git", "shop/v1/order.proto"
    stranger.environ["GIT_SSH_COMMAND"] = f"touch '{stranger.canary}'; false"
    root = BEFORE["servanda.toml"].replace("lint = true", f'lint = true\nroot = "{address}"')
    stranger.send({"servanda.toml": root, f"{address}/{proto}": BREAK[f"proto/{proto}"]})

    ran = stranger.run(*command)

    assert (ran.returncode, stranger.canary.exists()) == (command in EXAMINING, False), ran.stderr


@pytest.mark.parametrize("name", ["refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"])
@pytest.mark.parametrize("command", [("check",), ("gate", "--only", "interfaces")], ids=lambda command: command[0])
def test_a_tag_called_like_the_base_hides_no_break(stranger: Stranger, command: tuple[str, ...], name: str) -> None:
    stranger.send({})
    git(stranger.clone, "symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    git(stranger.clone, "tag", name, "HEAD")

    assert stranger.run(*command).returncode == 1


def test_a_report_that_the_change_brings_does_not_stand_in_for_one_that_cannot_be_made(stranger: Stranger) -> None:
    stranger.send({"report/verdict.md": "nothing breaks", "contracts/waivers.toml": "no TOML"})

    assert stranger.run("check", "--report", "report").returncode == 2
    assert not (stranger.clone / "report" / "verdict.md").exists()
