import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import ProcessError
from servanda.processes import Detached, Watcher

_ACTS = "import os, pathlib, sys; os.read(0, 1) or pathlib.Path(sys.argv[1]).touch()"


def _until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.01)


def test_a_detached_process_tells_its_end_and_what_it_said(tmp_path: Path) -> None:
    script = "import sys; print('out', flush=True); print('err', file=sys.stderr)"
    process = Detached((sys.executable, "-c", script), {}, tmp_path / "log")
    _until(lambda: process.ended)
    assert process.ended
    assert process.said == "out\nerr"


def test_its_log_is_private_and_is_no_link(tmp_path: Path) -> None:
    process = Detached((sys.executable, "-c", ""), {}, tmp_path / "log")
    _until(lambda: process.ended)
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
    (tmp_path / "link").symlink_to(tmp_path / "log")
    with pytest.raises(ProcessError, match="cannot be run"):
        Detached((sys.executable, "-c", ""), {}, tmp_path / "link")


def test_it_outlives_who_started_it(tmp_path: Path) -> None:
    waits = f"import os, time\nwhile not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)\nprint('went')"
    script = (
        "import sys; from pathlib import Path; from servanda.processes import Detached\n"
        f"Detached((sys.executable, '-c', {waits!r}), {{}}, Path({str(tmp_path / 'log')!r}))"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)
    (tmp_path / "go").touch()
    _until(lambda: (tmp_path / "log").read_text() == "went\n")


def test_a_watcher_that_is_dismissed_does_nothing(tmp_path: Path) -> None:
    watcher = Watcher((sys.executable, "-c", _ACTS, str(tmp_path / "acted")), {})
    for _ in range(2):
        watcher.dismiss()
    assert not (tmp_path / "acted").exists()


def test_a_watcher_acts_when_its_owner_is_killed(tmp_path: Path) -> None:
    command = (sys.executable, "-c", _ACTS, str(tmp_path / "acted"))
    script = (
        f"import os; from servanda.processes import Watcher; w = Watcher({command!r}, {{}}); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    _until((tmp_path / "acted").exists)


@pytest.mark.parametrize("kind", ["detached", "watcher"])
def test_a_program_that_is_not_there_is_an_error(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ProcessError, match="cannot be run") as caught:
        Detached(("/no/such", "x"), {}, tmp_path / "log") if kind == "detached" else Watcher(("/no/such",), {})
    assert caught.value.where == "/no/such"
