import os
import signal
import sys
from pathlib import Path

import pytest

from servanda.errors import ProcessError
from servanda.processes import Bounds, run_tool, tool_environment

_ENVIRONMENT = tool_environment(os.environ)


def _python(script: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-c", script, *arguments)


def test_a_tool_gives_back_all_that_it_wrote() -> None:
    script = "import sys; print(sys.stdin.read(), end=''); print('no', file=sys.stderr); sys.exit(3)"
    done = run_tool(_python(script), _ENVIRONMENT, talk=b"x" * 1_000_000)
    assert (done.code, len(done.output), done.complaint) == (3, 1_000_000, "no")


def test_a_tool_that_does_not_listen_is_no_error() -> None:
    assert run_tool(_python("import sys; sys.stdin.close()"), _ENVIRONMENT, talk=b"x" * 1_000_000).code == 0


def test_a_tool_works_in_an_empty_private_folder() -> None:
    script = "import os; print(os.getcwd(), oct(os.stat('.').st_mode & 0o777), os.listdir('.'))"
    folder, *rest = run_tool(_python(script), _ENVIRONMENT).output.decode().split()
    assert rest == ["0o700", "[]"]
    assert not Path(folder).exists()


def test_a_tool_that_takes_too_long_is_killed() -> None:
    with pytest.raises(ProcessError, match=r"did not end within 0\.2 s"):
        run_tool(_python("import time; time.sleep(60)"), _ENVIRONMENT, bounds=Bounds(seconds=0.2))


def test_a_tool_that_writes_too_much_is_killed() -> None:
    with pytest.raises(ProcessError, match="wrote more than 1000 bytes"):
        run_tool(_python("while True: print('x')"), _ENVIRONMENT, bounds=Bounds(output_bytes=1000))


def test_a_tool_ends_even_if_a_daemon_holds_its_output_open(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; print('said', flush=True); noted, writing = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid(); open(sys.argv[1], 'w').write(str(os.getpid())); os.close(writing); time.sleep(60)\n"
        "os.close(writing); os.read(noted, 1)"
    )
    done = run_tool(_python(script, str(tmp_path / "pid")), _ENVIRONMENT, bounds=Bounds(seconds=30))
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)  # it was still there: nobody waited for its end
    assert done.output == b"said\n"
