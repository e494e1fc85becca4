"""A check that knows what it saw before says what one says that knows nothing."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from bench.compatibility.chance import Chance
from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.inputs import Opener, Workspace

EDITS = 4


def write(folder: Path, sources: Mapping[str, str]) -> None:
    """Write a workspace where another one was; files that say the same stay as they are."""
    for file in folder.rglob("*.proto"):
        if file.relative_to(folder).as_posix() not in sources:
            file.unlink()
    for path, text in sources.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, encoding="utf-8")


def answer(folder: Path, cache: Path, base: Workspace | None = None) -> object:
    """All findings with all that is told about them, or the refusal; the base is opened unless it is given."""
    opener = Opener(folder, cache)
    try:
        base = base or opener.open("previous")
        return check(opener.open("current"), [base])
    except InterfaceError as error:
        return str(error)


def opened_cold(folder: Path) -> Workspace | None:
    """Open the base with an empty cache; nothing if it is refused, which every check then says itself."""
    try:
        return Opener(folder, folder / "none").open("previous")
    except InterfaceError:
        return None


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(min_value=0, max_value=2**32), edits=st.lists(st.integers(1, 6), min_size=1, max_size=EDITS))
def test_what_is_found_warm_is_what_is_found_cold(seed: int, edits: list[int]) -> None:
    note(f"seed {seed}")
    chance = Chance(Random(seed))  # noqa: S311 - a seed makes it repeatable
    workspace = chance.workspace(4)
    with tempfile.TemporaryDirectory(prefix="warmth-") as scratch:
        folder = Path(scratch)
        write(folder / "previous", workspace.rendered())
        # It does not change: what is opened once with an empty cache is what every cold check would open anew.
        base = opened_cold(folder)
        for count in edits:
            workspace = chance.edited(workspace, count)
            write(folder / "current", workspace.rendered())

            warm, cold = answer(folder, folder / "kept"), answer(folder, folder / "empty", base)

            shutil.rmtree(folder / "empty", ignore_errors=True)
            assert warm == cold
