"""Which way each store is provided: decided once, from the environment and from what this host can do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from servanda.cache import cache_folder
from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.infra.choice import OFFICIAL_IMAGES, Choice, Kind
from servanda.processes import search_path

_ADDRESSES = {
    Store.POSTGRES: "POSTGRES_DSN",
    Store.REDIS: "REDIS_URL",
    Store.KAFKA: "KAFKA_BOOTSTRAP_SERVERS",
}


def choose(
    mode: str | None,
    environ: Mapping[str, str],
    docker_offers: Callable[[str], bool] | None = None,
    *,
    stores: Iterable[Store] = tuple(Store),
) -> Choice:
    """Decide how each store is provided.

    ``SERVANDA_INFRA_POSTGRES``, ``SERVANDA_INFRA_REDIS`` and ``SERVANDA_INFRA_KAFKA`` decide for one store, then
    ``mode``, then ``SERVANDA_INFRA``, then ``auto``: external if the environment names an address, else docker if an
    engine answers and has the image or can pull it, else embedded.

    Args:
        mode: ``auto``, ``docker``, ``embedded`` or ``external``; None leaves it to the environment.
        environ: The environment; also read for ``POSTGRES_DSN``, ``REDIS_URL``, ``KAFKA_BOOTSTRAP_SERVERS``,
            ``SERVANDA_POSTGRES_IMAGE``, ``SERVANDA_REDIS_IMAGE``, ``SERVANDA_KAFKA_IMAGE``, ``SERVANDA_CACHE``,
            ``JAVA_HOME`` and ``PATH``.
        docker_offers: Whether an engine answers and has this image or can pull it; asks the real one by default.
        stores: The stores that are needed; of others nothing is decided, so that nothing about them can be wrong.

    Raises:
        InfrastructureError: A name is unknown, or ``external`` is wanted and its address is missing.
        ConfigurationError: The cache is not this user's own, or is a part of what is examined.
    """
    offers = docker_offers or _engine_offers
    general = mode or environ.get("SERVANDA_INFRA") or "auto"
    addresses = {store: environ[name] for store, name in _ADDRESSES.items() if environ.get(name)}
    images = {store: environ.get(f"SERVANDA_{store.name}_IMAGE") or image for store, image in OFFICIAL_IMAGES.items()}
    wanted = {store: _wanted(store, general, environ) for store in stores}
    for store, kind in wanted.items():
        if kind is Kind.EXTERNAL and store not in addresses:
            raise InfrastructureError(
                f"{store} is to come from the environment, but {_ADDRESSES[store]} is not set",
                hint=f"set {_ADDRESSES[store]}, or set SERVANDA_INFRA_{store.name} to docker, embedded or auto",
            )
    # At the same time, because an engine may have to ask a registry that is slow to answer.
    with ThreadPoolExecutor(len(Store)) as pool:
        best = pool.map(lambda store: wanted[store] or _best(store in addresses, images[store], offers), wanted)
        kinds = dict(zip(wanted, best, strict=True))
    return Choice(
        kinds=MappingProxyType(kinds),
        images=MappingProxyType(images),
        addresses=MappingProxyType(addresses),
        cache=cache_folder(environ),
        java=_java(environ),
    )


def _java(environ: Mapping[str, str]) -> tuple[Path, ...]:
    # Only what an absolute path names: a relative one would be looked up in the tree.
    home = Path(environ.get("JAVA_HOME") or "")
    on_path = shutil.which("java", path=search_path({"PATH": environ.get("PATH", "")}))
    return tuple(Path(java) for java in (home.is_absolute() and home / "bin" / "java", on_path) if java)


def _wanted(store: Store, general: str, environ: Mapping[str, str]) -> Kind | None:
    own = f"SERVANDA_INFRA_{store.name}"
    name = environ.get(own) or general
    if name == "auto":
        return None
    try:
        return Kind(name)
    except ValueError:
        raise InfrastructureError(
            f"'{name}' is no way of providing a store",
            where=own if environ.get(own) else "SERVANDA_INFRA",
            hint=f"use {', '.join(['auto', *Kind])}",
        ) from None


def _best(has_address: bool, image: str, offers: Callable[[str], bool]) -> Kind:
    if has_address:
        return Kind.EXTERNAL
    return Kind.DOCKER if offers(image) else Kind.EMBEDDED


def _engine_offers(image: str) -> bool:
    # The Docker client is an extra: a host without it, or with embedded stores only, must not need it.
    try:
        from servanda.infra.docker.engine import offers  # noqa: PLC0415
    except ImportError:
        return False
    return offers(image)
