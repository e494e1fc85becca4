"""The files of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import Final

from servanda.documents import read_bytes
from servanda.errors import ConfigurationError
from servanda.report.formats import FORMATS, Format
from servanda.report.writing import remove_texts, write_texts
from servanda.verdict import Verdict

_MOST_BYTES: Final = 256 << 20


def place_of(text: str) -> Path:
    """Return the place of a report that a user wrote: a folder, or a file with the ending of a format.

    Raises:
        ConfigurationError: It is empty, or has the ending of a file that no format has; or it has a slash at its end,
            as a folder, and the ending of a format, as a file.
        ExtensionError: An installed format cannot be used.
    """
    if not text.strip():
        raise ConfigurationError("the place of the report is empty", hint=_hint(_endings(FORMATS.by_file())))
    place = Path(text)
    if place.suffix and not place.is_dir():
        endings, is_folder = _endings(FORMATS.by_file()), text.endswith("/")
        is_known = place.suffix.lower() in endings
        if is_known and is_folder:
            what = f"a new folder of a report cannot end in '{place.suffix}', as a file of it does"
            raise ConfigurationError(what, where=text, hint="leave out the slash, or make the folder first")
        if not is_known and not is_folder:
            raise _unknown(place, endings)
    return place


def clear(place: Path, inputs: Iterable[Path] = ()) -> None:
    """Remove the files of an earlier report.

    Args:
        place: A folder, in which files of these names are removed whatever they hold, or one file, which is removed if
            it is a report, empty or a link.
        inputs: What the command reads, which is no place of a report.

    Raises:
        ConfigurationError: One of them cannot be removed; or the place is one of the inputs, a file of which no format
            has the ending, or a file that is no report. Nothing is removed then.
        ExtensionError: An installed format cannot be used.
    """
    folder, formats = _files(place)
    if any(place.resolve() == each.resolve() for each in inputs):
        hint = "name another place, such as --report report"
        raise ConfigurationError("the report would replace what it is made from", where=str(place), hint=hint)
    if not place.is_dir() and place.name in formats:
        _require_report(place, formats[place.name])
    remove_texts(folder, formats)


def _require_report(path: Path, form: Format) -> None:
    if form.mark is None or path.is_symlink() or not path.exists():
        return
    text = read_bytes(path, str(path), _MOST_BYTES, ConfigurationError).decode("utf-8", "replace")
    if text and re.search(form.mark, text) is None:
        hint = "name another file, or remove this one"
        raise ConfigurationError("the file is no report of servanda, and is not replaced", where=str(path), hint=hint)


def write(verdict: Verdict, place: Path) -> tuple[Path, ...]:
    """Write the verdict in every format into a folder, which is made, or into one file in the format of its ending.

    Raises:
        ConfigurationError: The place cannot be written to, leads out of its tree, or is a file of which no format has
            the ending.
        ExtensionError: An installed format cannot be used, or cannot write this verdict.
    """
    folder, formats = _files(place)
    return write_texts(folder, {name: each.render(verdict) for name, each in formats.items()})


def _files(place: Path) -> tuple[Path, Mapping[str, Format]]:
    formats = FORMATS.by_file()
    if place.is_dir():
        return place, formats
    endings = _endings(formats)
    row = endings.get(place.suffix.lower())
    if row is not None:
        return place.parent, {place.name: row}
    if place.is_file():
        raise _unknown(place, endings)
    return place, formats


def _endings(formats: dict[str, Format]) -> dict[str, Format]:
    # Where several formats end alike, the first one is meant: the verdict itself.
    return {PurePath(name).suffix: row for name, row in reversed(formats.items())}


def _unknown(place: Path, endings: Iterable[str]) -> ConfigurationError:
    ends = f"no format of a report ends in '{place.suffix}'"
    what = ends if place.suffix else "the report needs a folder, not a file"
    return ConfigurationError(what, where=str(place), hint=_hint(endings))


def _hint(endings: Iterable[str]) -> str:
    return f"name a folder, such as report/, or a file that ends in {', '.join(sorted(endings))}"
