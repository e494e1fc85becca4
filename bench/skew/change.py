"""Changes of the sample shop, as data."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from servanda.verdict import DeployOrder

SHOP = Path(__file__).parents[2] / "tests" / "samples" / "rollout"


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that is replaced in a file of the shop, wherever it stands."""

    file: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of the candidate from the version that is live.

    Attributes:
        kind: What it is about, such as ``database`` or ``cache``.
        named: Texts that the report of a fault has to contain: a phase, a field or a call; none for a safe change.
        order: The order of the rollout that is claimed to be safe.
    """

    name: str
    kind: str
    edits: tuple[Edit, ...]
    named: tuple[str, ...] = ()
    order: DeployOrder = DeployOrder.PROVIDER_FIRST

    @property
    def is_fault(self) -> bool:
        """Tell whether a report has to name something."""
        return bool(self.named)


def _editing(file: str) -> Callable[[str, str], Edit]:
    return lambda before, after: Edit(file, before, after)


stock = _editing("warehouse/stock.py")
ledger = _editing("warehouse/ledger.py")
edge = _editing("warehouse/edge.py")
process = _editing("warehouse/process.py")
journeys = _editing("journeys.py")
settings = _editing("servanda.toml")


def declared(name: str, key: str, content: str, seconds: int) -> Edit:
    """Return the edit that declares a format of values in Redis."""
    title = "# Values of the shop in Redis.\n"
    lines = (
        f"\n[formats.{name}]",
        f'key = "{key}"',
        'type = "string"',
        f'content = "{content}"',
        f"ttl = {seconds}",
        'writers = ["stock", "ledger", "edge"]',
        'readers = ["stock"]\n',
    )
    return Edit("contracts/values/stock.toml", title, title + "\n".join(lines))


def _added_to(file: str, last: str) -> Callable[..., Edit]:
    def added(*statements: str) -> Edit:
        return Edit(file, last, "\n".join((last, *(f"    {statement!r}," for statement in statements))))

    return added


stock_migration = _added_to(
    "warehouse/stock.py", '    "CREATE TABLE requests (key text PRIMARY KEY, item text NOT NULL)",'
)
_MOVEMENTS = "CREATE TABLE movements (place text PRIMARY KEY, item text NOT NULL, by integer NOT NULL)"


def ledger_migration(statement: str) -> Edit:
    """Return the edit that adds a migration of the ledger."""
    return ledger(f'["{_MOVEMENTS}"]', f'["{_MOVEMENTS}", {statement!r}]')


def journey(text: str) -> Edit:
    """Return the edit that lets the candidate's callers do something more at the end."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return journeys("\n\n\nmain()\n", f"\n{lines}\n\nmain()\n")


def write_shop(folder: Path, edits: tuple[Edit, ...] = ()) -> None:
    """Write the shop with these edits to a folder.

    Raises:
        ValueError: A text to be replaced is not there.
    """
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for edit in edits:
        file = folder / edit.file
        text = file.read_text(encoding="utf-8")
        if edit.before not in text:
            raise ValueError(f"{edit.file} has no {edit.before!r}")
        file.write_text(text.replace(edit.before, edit.after), encoding="utf-8")
