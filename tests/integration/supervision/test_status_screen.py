"""``servanda up`` in a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.supervision.terminal import up

CTRL_C = b"\x03"
SHELF = """
entry = "shelf"

[services.shelf]
command = ["{python}", "-m", "http.server", "--bind", "127.0.0.1", "{port.http}"]
ports = ["http"]
transports = { http = "http" }

[up]
seed = ["{python}", "-c", "import os; open('seeded', 'w').write(os.environ['URL'])"]
examples = ["curl http://127.0.0.1:{shelf.port.http}/seeded", "curl http://127.0.0.1:{shelf.port.other}/"]

[up.environment]
URL = "http://127.0.0.1:{shelf.port.http}/"
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "servanda.toml").write_text(SHELF)
    return tmp_path


def test_a_terminal_shows_the_table_until_ctrl_c_ends_all_in_order(shelf: Path) -> None:
    with up(shelf) as terminal:
        text = terminal.wait_for(r"^shelf +http \d+ +ready +0 +[1-9]\d* s")
        assert "service  version  ports" in text
        assert "Ctrl-C ends it in order; logs: .servanda/up/logs" in text

        terminal.press(CTRL_C)

        assert terminal.process.wait(30) == 0
        terminal.wait_for(r"shelf \| stopped after")


def test_who_wants_lines_in_a_terminal_gets_lines(shelf: Path) -> None:
    with up(shelf, "--lines") as terminal:
        text = terminal.wait_for(r"^shelf http: 127\.0\.0\.1:\d+")

    assert "shelf | ready after" in text
    assert "Ctrl-C ends it" not in text


def test_every_instance_of_a_scaled_service_has_a_row_and_ports_of_its_own(shelf: Path) -> None:
    with up(shelf, "--scale", "shelf=2") as terminal:
        text = terminal.wait_for(r"^shelf@2 .* ready .*\n(?s:.*)^shelf@1 .* ready ")

    ports = {re.findall(rf"^{name} .*http (\d+) +ready", text, re.MULTILINE)[0] for name in ("shelf@1", "shelf@2")}
    assert len(ports) == 2


def test_the_platform_is_seeded_before_commands_to_try_are_shown_with_their_ports(shelf: Path) -> None:
    with up(shelf, "--lines") as terminal:
        text = terminal.wait_for(r"^try: ")
        port = re.findall(r"shelf http: 127\.0\.0\.1:(\d+)", text)[0]

    assert re.findall(r"^try: (.*)$", text, re.MULTILINE) == [f"curl http://127.0.0.1:{port}/seeded"]
    assert (shelf / "seeded").read_text() == f"http://127.0.0.1:{port}/"


def test_a_seed_that_fails_ends_the_run_with_what_it_said(shelf: Path) -> None:
    text = (shelf / "servanda.toml").read_text().replace("import os;", "import sys; sys.exit('no such table');")
    (shelf / "servanda.toml").write_text(text)

    with up(shelf) as terminal:
        assert terminal.process.wait(30) == 2
        terminal.wait_for(r"error: the seed ended with code 1")
        terminal.wait_for(r"  no such table")


def test_who_wants_no_seed_gets_none(shelf: Path) -> None:
    with up(shelf, "--lines", "--no-seed") as terminal:
        terminal.wait_for(r"^try: ")

    assert not (shelf / "seeded").exists()
