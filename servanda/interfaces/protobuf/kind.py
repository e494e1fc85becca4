"""Protobuf as a kind of interface."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.configuration import Configuration, Events
from servanda.errors import ConfigurationError
from servanda.interfaces.inputs.reference import IMAGES, parse_reference
from servanda.interfaces.kind import Change, Context, Wanted
from servanda.interfaces.protobuf.bases import RELEASED, default_base, is_released, released_bases
from servanda.interfaces.protobuf.check import check
from servanda.interfaces.protobuf.growth import growth
from servanda.interfaces.protobuf.inputs import Opener, Workspace
from servanda.interfaces.protobuf.inputs.whereabouts import apart, not_checked_out, require_checked_out, require_found
from servanda.interfaces.protobuf.rules.subject import Conventions
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.rule import Found, Rule
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees import Tree
from servanda.interfaces.usage.use import Usage
from servanda.verdict import Bump

if TYPE_CHECKING:
    from servanda.interfaces.protobuf.usage.evolution import Evolution
    from servanda.interfaces.usage.sources import Sources


class OpenedWorkspace:
    """A workspace, open beside the states that it is compared with; see :class:`servanda.interfaces.kind.Opened`."""

    def __init__(self, wanted: Wanted, base: str, bases: tuple[Workspace, ...], current: Workspace, context: Context):
        self.input = wanted.input
        self.base = base
        self.workspace = current
        self._bases = bases
        self._events = context.configuration.events if context.configuration else Events()
        self._conventions = Conventions(self._events.option, context.today)

    @property
    def growth(self) -> Bump:
        """Return what the change adds to the newest base."""
        return growth(self._bases[-1].state, self.workspace.state) if self._bases else Bump.NONE

    def findings(self) -> tuple[Found, ...]:
        """Find all that the rules object to; what holds against several bases is told once."""
        return check(self.workspace, self._bases, self._conventions)

    def usage(self, sources: Sources) -> Usage:
        """Read what contracts and usage logs prove."""
        # Without a known consumer a check needs none of it, and it takes longer to import than a few files to read.
        from servanda.interfaces.protobuf.usage.proven import usage_of  # noqa: PLC0415

        states = (*self._evolution.bases, self._evolution.current)
        return usage_of(sources, states) if any(state.files for state in states) else Usage()

    def change(self, usage: Usage) -> Change:
        """Return the change, with the requests of contracts at hand."""
        from servanda.interfaces.protobuf.usage.change import ProtobufChange  # noqa: PLC0415 - the same

        return ProtobufChange(self._evolution, usage.examples, usage.uses, self._events)

    @cached_property
    def _evolution(self) -> Evolution:
        from servanda.interfaces.protobuf.usage.evolution import Evolution  # noqa: PLC0415 - the same

        return Evolution(tuple(base.state for base in self._bases), self.workspace.state)


class Protobuf:
    """Protobuf as a kind, see :class:`servanda.interfaces.kind.Kind`."""

    name = "protobuf"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of buf and those beyond."""
        return RULES

    def claims(self, text: str, cwd: Path) -> bool:  # noqa: ARG002 - the same for every kind
        """Return yes: whatever no other kind claims may be a workspace, an image, an archive or a git reference."""
        return True

    def configured(self, configuration: Configuration) -> tuple[Path, ...]:
        """Return the configured folder, unless there is none and none was released."""
        interfaces = configuration.interfaces
        return (interfaces.root,) if interfaces.root.exists() or interfaces.releases.exists() else ()

    def owned(self, configuration: Configuration) -> Mapping[str, Path]:
        """Return the configured folder; it is nobody's alone."""
        return {"": configuration.interfaces.root}

    def is_held(self, tree: Tree, path: str) -> bool:
        """Tell whether a proto file lies below a folder."""
        return tree.has_folder(path) and any(True for _ in tree.protos(path, Storage(Path(os.devnull))))

    def is_measured_by_images(self, against: str | None, context: Context) -> bool:
        """Tell whether the base is a release, or an image that was named."""
        if against is not None and against != RELEASED:
            return parse_reference(against).format in IMAGES
        return context.configuration is not None and is_released(context.configuration)

    def open(self, wanted: Wanted, context: Context) -> OpenedWorkspace:
        """Open a workspace and its bases: the one that is named, else the newest release, else where the branch began.

        Raises:
            ConfigurationError: Released images are asked for, and nobody says where they are.
            InterfaceError: A state cannot be read or compiled.
        """
        opener = Opener(context.cwd, context.cache, context.limits)
        names = _bases(wanted.against, context)
        # The base first: of two states that differ little, the second one is compiled in no time.
        if wanted.named:
            bases = tuple(opener.open(base, beside=wanted.input) for base in names)
            current = opener.open(wanted.input)
        else:
            bases = tuple(opener.open_base(base, wanted.before or wanted.input) for base in names)
            current = opener.open_folder(wanted.input)
        for base in bases:
            elsewhere = require_found(current, base, wanted.input)
            require_checked_out(current, base)
            for notice in filter(None, (elsewhere, apart(current, base))):
                context.notice(notice)
        for notice in not_checked_out(current):
            context.notice(notice)
        if bases and not any(base.state.files for base in bases):
            context.notice(f"nothing to compare with: {wanted.input} is new")
        if not bases:
            context.notice("nothing to compare with: nothing was released, and git has no commit here")
        return OpenedWorkspace(wanted, wanted.against or ", ".join(names), bases, current, context)

    def is_whole(self, examined: Iterable[Path], configuration: Configuration | None) -> bool:  # noqa: ARG002
        """Tell whether a workspace was examined: there is one in a repository."""
        return any(True for _ in examined)


def _bases(against: str | None, context: Context) -> tuple[str, ...]:
    if against == RELEASED:
        if context.configuration is None:
            raise ConfigurationError(
                "no servanda.toml found; folder of released images unknown",
                where=os.fspath(context.cwd),
                hint="write a servanda.toml, or name a base",
            )
        return released_bases(context.configuration, context.cwd, context.notice)
    base = against or default_base(context.configuration, context.cwd, context.notice)
    return (base,) if base is not None else ()
