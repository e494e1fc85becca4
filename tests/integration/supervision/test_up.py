"""``servanda up`` on the platform of this repository, as somebody meets it who has just cloned it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.integration.waiting import eventually

ROOT = Path(__file__).parents[3]
COMMANDS_TO_TRY = 3
SECRETS = ("DEMO_PASSWORD", "AUTH_POSTGRES_PASSWORD")
# In the environment of the command, from which everything that it starts inherits it.
MARK = "SERVANDA_TEST_OF_UP"
STORE_ADDRESSES = {"postgres": "postgres.port", "redis": "redis.url", "kafka": "kafka.bootstrap"}
DATA_FOLDER = re.compile(rb"[^\0]*/servanda-(?:postgres|redis|kafka)-\w+")


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform that somebody started in a terminal."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def stdout(self) -> list[str]:
        return (self.folder / "stdout").read_text().splitlines()

    @property
    def stderr(self) -> str:
        return (self.folder / "stderr").read_text()

    @property
    def commands(self) -> list[str]:
        return [line.removeprefix("try: ") for line in self.stdout if line.startswith("try: ")]

    @property
    def ports(self) -> dict[str, int]:
        addresses = [re.fullmatch(r"(\w+ \w+): 127\.0\.0\.1:(\d+)", line) for line in self.stdout]
        return {found[1]: int(found[2]) for found in addresses if found}

    def store_ports(self) -> list[int]:
        """Ports of the stores that it started itself."""
        state = json.loads((self.folder / "repository" / ".servanda" / "up" / "state.json").read_text())
        own = {fact["store"] for fact in state["stores"] if fact["kind"] != "external"}
        addresses = [state["placeholders"][STORE_ADDRESSES[store]] for store in own]
        return [int(re.findall(r"\d+", address.partition("127.0.0.1:")[2] or address)[0]) for address in addresses]

    def processes(self) -> dict[int, bytes]:
        """Command lines by process id of all that it started, whoever is their parent by now."""
        mark, found = f"{MARK}={self.folder}".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended while it was looked at
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found[int(process.name)] = (process / "cmdline").read_bytes()
        return found

    def descendants(self) -> dict[int, str]:
        """Names of programs by process id of all that it started, also of those with an environment of their own."""
        parents, names = dict[int, int](), dict[int, str]()
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended while it was looked at
                name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
                parents[int(process.name)], names[int(process.name)] = int(rest.split()[1]), name
        found: dict[int, str] = {}
        for pid in names:
            above = pid
            while above := parents.get(above, 0):
                if above == self.process.pid:
                    found[pid] = names[pid]
        return found

    def data_folders(self) -> set[Path]:
        """Where the stores that it started keep their data."""
        lines = self.processes().values()
        return {Path(found.decode()) for line in lines for found in DATA_FOLDER.findall(line)}


@contextmanager
def up(folder: Path) -> Iterator[Platform]:
    """Runs it in a copy of this repository, because a second one in the same place would be refused."""
    root = folder / "repository"
    root.mkdir()
    shutil.copy(ROOT / "servanda.toml", root)
    for name in ("contracts", "deploy", "gen", "platformkit", "proto", "services"):
        shutil.copytree(ROOT / name, root / name)  # a link would lead out of the repository, which is refused
    command = [str(Path(sys.executable).with_name("servanda")), "--config", str(root / "servanda.toml"), "up"]
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(command, env={**os.environ, MARK: str(folder)}, stdout=out, stderr=err)
    platform = Platform(process, folder)
    try:
        eventually(
            lambda: len(platform.commands) >= COMMANDS_TO_TRY or process.poll() is not None, until=bool, seconds=90
        )
        assert process.poll() is None, platform.stderr
        yield platform
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with up(tmp_path_factory.mktemp("up")) as platform:
        yield platform


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_up_says_where_every_service_answers(running: Platform) -> None:
    ports, names = ("grpc", "http", "metrics"), ("identity", "audit", "auth", "notification")
    services = {f"{service} {port}" for service in names for port in ports}
    assert set(running.ports) == {*services, "gateway http", "gateway metrics"}
    assert all(listens(port) for port in running.ports.values())


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands to try are for curl, which this host lacks")
def test_up_gives_three_commands_that_work_as_they_are(running: Platform) -> None:
    assert len(running.commands) == COMMANDS_TO_TRY
    assert all(f"127.0.0.1:{running.ports['gateway http']}/" in command for command in running.commands)
    for command in running.commands:
        # A shell reads it, as the shell of whoever copies it would.
        done = subprocess.run(  # noqa: S602
            f"{command} --fail",
            shell=True,
            cwd=running.folder / "repository",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert json.loads(done.stdout), f"{command}\nshows nothing"


def test_up_fills_the_platform_once_however_often_it_is_seeded(running: Platform) -> None:
    gateway = f"http://127.0.0.1:{running.ports['gateway http']}"
    repository = running.folder / "repository"
    secret = {name: (repository / ".servanda" / "secrets" / name).read_text() for name in SECRETS}
    placeholders = json.loads((repository / ".servanda" / "up" / "state.json").read_text())["placeholders"]
    store = "{postgres.host}:{postgres.port}/{postgres.database}"
    for name in ("postgres.host", "postgres.port", "postgres.database"):
        store = store.replace("{" + name + "}", placeholders[name])
    environ = {
        **os.environ,
        "GATEWAY_URL": gateway,
        "DEMO_PASSWORD": secret["DEMO_PASSWORD"],
        "POSTGRES_DSN": f"postgresql://auth_rw:{secret['AUTH_POSTGRES_PASSWORD']}@{store}",
        "REDIS_URL": placeholders["redis.url"],
        "NAMESPACE": placeholders.get("namespace", ""),
    }

    seed, log_in = (repository / "deploy" / name for name in ("seed.py", "log_in.py"))
    again = subprocess.run([sys.executable, seed], env=environ, cwd=ROOT, capture_output=True, text=True, check=False)

    assert again.returncode == 0, again.stderr
    token = subprocess.check_output([sys.executable, log_in, gateway, "ada@example.com"], text=True)
    asked = Request(f"{gateway}/v1/users?pageSize=100", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urlopen(asked) as answer:  # noqa: S310 - one of ours
        users = [user["email"] for user in json.load(answer)["users"]]
    assert sorted(users) == ["ada@example.com", "alan@example.com", "grace@example.com"]


def test_up_says_that_a_store_has_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Only a store that is a process of this host can be killed here; the containers of others have an engine for that.
    monkeypatch.setenv("SERVANDA_INFRA", "embedded")
    with up(tmp_path) as platform:
        (server,) = [pid for pid, name in platform.descendants().items() if name.startswith("valkey")]
        os.kill(server, signal.SIGKILL)
        eventually(
            lambda: platform.stderr,
            until=lambda said: "redis: ended by signal SIGKILL, unexpectedly" in said,
            seconds=20,
        )


def test_up_shows_readiness_and_the_lines_of_each_service_under_its_name(running: Platform) -> None:
    for service in ("identity", "audit ", "auth ", "notification", "gateway"):
        assert re.search(rf"^{service} +\| ready after", running.stderr, re.MULTILINE)
        assert re.search(rf'^{service} +\| .*"service": ?"{service.strip()}"', running.stderr, re.MULTILINE)


def test_a_service_that_dies_is_started_again_where_it_was(running: Platform) -> None:
    state = json.loads((running.folder / "repository" / ".servanda" / "up" / "state.json").read_text())
    (guard,) = [each["pid"] for each in state["instances"] if each["service"] == "audit"]
    (process,) = Path(f"/proc/{guard}/task/{guard}/children").read_text().split()

    os.kill(int(process), signal.SIGKILL)

    eventually(
        lambda: running.stderr.partition("starting again in 0.5 s (1 of 5)")[2],
        until=lambda said: re.search(r"^audit +\| ready after", said, re.MULTILINE) is not None,
        seconds=30,
    )
    assert listens(running.ports["audit http"])


def test_ctrl_c_drains_in_order_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with up(tmp_path) as platform:
        ports = [*platform.ports.values(), *platform.store_ports()]
        folders = platform.data_folders()
        assert all(listens(port) for port in ports)
        assert platform.processes()
        platform.process.send_signal(signal.SIGINT)
        assert platform.process.wait(60) == 0, platform.stderr
    stopped = re.findall(r"^(\w+) +\| stopped after", platform.stderr, re.MULTILINE)
    assert stopped[0] == "gateway"
    assert sorted(stopped) == ["audit", "auth", "gateway", "identity", "notification"]
    eventually(platform.processes, until=lambda left: not left, seconds=10)
    assert not [port for port in ports if listens(port)]
    assert not [folder for folder in folders if folder.exists()]
