"""A folder of formats, open in both states."""

from __future__ import annotations

from collections.abc import Mapping

from servanda.configuration import Configuration
from servanda.documents import Value
from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.inputs.reference import IMAGES, parse_reference
from servanda.interfaces.kind import Change, Context, Wanted
from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage
from servanda.interfaces.values.check import check_formats
from servanda.interfaces.values.format import Formats
from servanda.interfaces.values.inputs import open_base, open_folder
from servanda.verdict import Bump


class OpenedFormats:
    """Formats, open in both states; see :class:`servanda.interfaces.kind.Opened`."""

    def __init__(
        self, names: tuple[str, str], previous: Formats, current: Formats, owners: Mapping[str, str], bounds: Bounds
    ) -> None:
        self.input, self.base = names
        self._previous = previous
        self._current = current
        self._owners = owners
        self._bounds = bounds

    @property
    def growth(self) -> Bump:
        """Return that nothing is added for consumers: the services of one repository alone use these values."""
        return Bump.NONE

    def findings(self) -> tuple[Found, ...]:
        """Find all that the rules object to."""
        return check_formats(self._previous, self._current, owners=self._owners, bounds=self._bounds)

    def usage(self, sources: Sources) -> Usage | None:  # noqa: ARG002
        """Return that a finding itself names whom it hits: the documents say who reads."""
        return None

    def change(self, usage: Usage) -> Change:
        """Raise an error: nobody else uses these values."""
        raise NotImplementedError


def opened(wanted: Wanted, context: Context) -> OpenedFormats:
    """Open a folder and its base: see :meth:`servanda.interfaces.kind.Kind.open`."""
    base = _base(wanted, context)
    current = open_folder(wanted.input, context.cwd)
    _require_known(current, context.configuration)
    previous = open_base(base, wanted.before or wanted.input, context.cwd) if base else None
    if previous is None:
        context.notice(f"nothing to compare with: {wanted.input} is new")
    names = (wanted.input, base if previous is not None or wanted.against else "")
    return OpenedFormats(
        names, previous or Formats(()), current, _owners(context.configuration), Bounds.of(context.limits)
    )


def _base(wanted: Wanted, context: Context) -> str:
    """Return the base that is named; for a folder that nobody named a base that can hold one."""
    against = wanted.against
    if against and not wanted.named and parse_reference(against).format in IMAGES:
        against = None
    return against or merge_base(context.cwd) or ""


def _owners(configuration: Configuration | None) -> Mapping[str, str]:
    return {name: each.owner for name, each in configuration.services.items()} if configuration is not None else {}


def _require_known(formats: Formats, configuration: Configuration | None) -> None:
    """Refuse writers and readers that are no services: what a mistyped one reads would be nobody's.

    Raises:
        InterfaceError: One is unknown.
    """
    known = configuration.services if configuration is not None else {}
    for each in formats.all if known else ():
        for key in ("writers", "readers"):
            for index, name in enumerate(getattr(each, key)):
                if name not in known:
                    value = Value(name, ("formats", each.name, key, str(index)), each.document)
                    raise value.error(f"there is no service '{name}'", f"known: {', '.join(sorted(known))}")
