"""What a tool is given of its caller's environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.errors import ProcessError
from servanda.processes import find_program, isolated_python, run_tool, search_path, tool_environment


def test_secrets_stay_where_they_are() -> None:
    given = {"HOME": "/home/ada", "AWS_SECRET_ACCESS_KEY": "s", "GITHUB_TOKEN": "t", "LD_PRELOAD": "x", "GIT_DIR": "y"}

    assert tool_environment(given) == {"HOME": "/home/ada", "PATH": search_path({}), "LC_ALL": "C.UTF-8"}


def test_a_relative_path_leads_nowhere() -> None:
    given = {"HOME": ".", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "", "PATH": os.pathsep.join((".", "", "bin", "/usr/bin"))}

    assert tool_environment(given) == {"PATH": "/usr/bin", "LC_ALL": "C.UTF-8"}


def test_a_program_is_not_looked_for_in_the_tree(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "tool"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "link").symlink_to(tmp_path / "bin")
    path = {"PATH": os.pathsep.join((str(tmp_path / "bin"), str(tmp_path / "link")))}

    assert find_program("tool", path) == program
    with pytest.raises(ProcessError, match=f"hint: install tool; programs below {tmp_path} are not run"):
        find_program("tool", path, tmp_path)


@pytest.mark.parametrize("installed", [True, False])
def test_python_finds_no_module_of_the_caller(tmp_path: Path, installed: bool) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys; print(*sys.path, sep='\\n')", encoding="utf-8")
    environment = {**tool_environment(os.environ), "PYTHONPATH": str(tmp_path)}

    found = run_tool(isolated_python(script, installed=installed), environment).output.decode().splitlines()

    assert [path for path in found if Path(path).is_relative_to(tmp_path) or not Path(path).is_absolute()] == []
    assert any("site-packages" in path for path in found) is installed


def test_a_suite_among_the_users_packages_finds_them_in_its_children(tmp_path: Path) -> None:
    code = (
        "import os, site, subprocess, sys\nfrom pathlib import Path\nfrom servanda.processes import isolated_python\n"
        "home = Path(site.getusersitepackages())\nhome.mkdir(parents=True)\n"
        "(home / 'of_the_user.py').write_text('said = 7')\n"
        "(home / 'script.py').write_text('import of_the_user, sys; print(of_the_user.said, sys.argv[1:])')\n"
        "subprocess.run(isolated_python(home / 'script.py', 'x'), check=True, cwd=home.anchor)"
    )
    environ = {**os.environ, "PYTHONUSERBASE": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True)
    assert ran.stdout == "7 ['x']\n"
