"""Values in Redis, held against the formats of the versions that live together."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from servanda.errors import InfrastructureError
from servanda.extras import naming_extra
from servanda.interfaces.values.contents import Decoders
from servanda.interfaces.values.format import Encoding, Format, RedisType
from servanda.interfaces.values.inputs import open_folder
from servanda.interfaces.values.kept import Deviation, Kept, deviations
from servanda.pact.descriptors import message_class
from servanda.versions.oracle import Break, BreakKind
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Step

if TYPE_CHECKING:
    from redis.asyncio import Redis

_MOST: Final = 10_000
"""How many keys of a step are examined."""
_AT_ONCE: Final = 500
_GLOB: Final = re.compile(r"([*?\[\]\\^])")


class KeptValues:
    """Examines what a run keeps in Redis.

    A deviation is told in the first step that shows it.

    Args:
        formats: Formats of all versions of the run; without any nothing is examined.
        url: The Redis of the run; empty if it has none.
        namespace: What the keys of the run begin with.
        decoders: Gives what decodes contents that are protobuf, when there are values.
    """

    def __init__(
        self, formats: Iterable[Format], url: str, namespace: str, decoders: Callable[[], Decoders] = dict
    ) -> None:
        self._formats = tuple(formats)
        self._open_decoders = decoders
        self._decoders: Decoders | None = None
        self._url = url
        self._namespace = namespace
        self._told: set[tuple[str, str]] = set()

    async def examine(self, step: Step) -> tuple[Break, ...]:
        """Return what no format of any version admits.

        Raises:
            InfrastructureError: Redis does not answer.
            InterfaceError: A format has a schema that is none, or the definitions of a version cannot be read.
        """
        if not self._formats or not self._url:
            return ()
        if self._decoders is None:
            self._decoders = await asyncio.to_thread(self._open_decoders)
        # Its library is that of an extra, which not every command has.
        with naming_extra():
            from redis.asyncio import Redis  # noqa: PLC0415
            from redis.exceptions import RedisError  # noqa: PLC0415
        try:
            async with Redis.from_url(self._url) as client:
                found = [each async for kept in self._kept(client) for each in self._new(kept)]
        except (RedisError, OSError) as error:
            what = f"redis died during the run: {error}"
            raise InfrastructureError(what, where=self._namespace, hint="repeat the run") from error
        return tuple(_break(step, each) for each in found)

    def _new(self, kept: Kept) -> Iterator[Deviation]:
        for each in deviations(kept, self._formats, self._namespace, self._decoders or {}):
            if (each.key, each.place) not in self._told:
                self._told.add((each.key, each.place))
                yield each

    async def _kept(self, client: Redis) -> AsyncIterator[Kept]:
        keys: list[bytes] = []
        examined = 0
        async for key in client.scan_iter(match=_GLOB.sub(r"\\\1", self._namespace) + ":*", count=_AT_ONCE):
            keys.append(key)
            examined += 1
            if examined == _MOST:
                break
        for start in range(0, len(keys), _AT_ONCE):
            for kept in await _read(client, keys[start : start + _AT_ONCE]):
                yield kept


def formats_of(versions: Mapping[str, Ready]) -> Iterator[Format]:
    """Yield the formats that each version declares.

    Raises:
        InterfaceError: A document of one cannot be read.
    """
    for ready in versions.values():
        folder = ready.configuration.interfaces.values
        if folder.is_dir():
            yield from open_folder(str(folder), ready.configuration.root).all


def decoders_of(versions: Mapping[str, Ready], formats: Iterable[Format], cache: Path) -> Decoders:
    """Return what decodes the messages of formats, as each version defines them.

    Args:
        versions: The versions by name.
        formats: The formats.
        cache: Folder of what is kept of definitions.

    Raises:
        InterfaceError: The definitions of a version cannot be read.
    """
    contents = [content for each in formats for content in each.contents.values()]
    names = {content.message for content in contents if content.encoding is Encoding.PROTOBUF}
    found: dict[str, list[Callable[[bytes], object]]] = defaultdict(list)
    if not names:
        return found
    with naming_extra():
        from servanda.versions.phases.definitions import catalogue_of  # noqa: PLC0415 - of an extra
    for ready in versions.values():
        if (catalogue := catalogue_of(ready, cache)) is None:
            continue
        for name in sorted(names):
            if (descriptor := catalogue.message(name)) is not None:
                found[name].append(message_class(descriptor).FromString)
    return found


async def _read(client: Redis, keys: list[bytes]) -> Iterable[Kept]:
    asked = client.pipeline(transaction=False)
    for key in keys:
        asked.type(key)
        asked.pttl(key)
    answers = await asked.execute()
    types = [each.decode() for each in answers[::2]]
    read = client.pipeline(transaction=False)
    for key, kind in zip(keys, types, strict=True):
        read.hgetall(key) if kind == RedisType.HASH else read.get(key) if kind == RedisType.STRING else read.type(key)
    values = await read.execute(raise_on_error=False)
    return [
        Kept(key.decode(errors="replace"), kind, None if left == -1 else left / 1000, _contents(kind, value))
        for key, kind, left, value in zip(keys, types, answers[1::2], values, strict=True)
        # Such answers are about a key that went meanwhile.
        if kind != "none" and left != -2
    ]


def _contents(kind: str, value: Any) -> Mapping[str, bytes]:
    if kind == RedisType.HASH and isinstance(value, dict):
        return {name.decode(errors="replace"): content for name, content in value.items()}
    return {"": value} if kind == RedisType.STRING and isinstance(value, bytes) else {}


def _break(step: Step, found: Deviation) -> Break:
    call = f"the key {found.key}"
    return Break(BreakKind.VALUE, step, call, found.what, found.place, found.expected, found.actual)
