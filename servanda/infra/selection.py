"""Provisioning of each store: decided once, from the environment and the abilities of this host."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from servanda.cache import cache_folder
from servanda.configuration import Store
from servanda.errors import InfrastructureError
from servanda.extensions import STORES
from servanda.infra.choice import Choice, Provisioning
from servanda.infra.store import StoreKind, store_kind
from servanda.processes import search_path


def choose(
    mode: str | None,
    environ: Mapping[str, str],
    docker_offers: Callable[[str], bool] | None = None,
    *,
    stores: Iterable[Store] | None = None,
) -> Choice:
    """Decide how each store is provided.

    ``SERVANDA_INFRA_<STORE>`` decides for one store, then ``mode``, then ``SERVANDA_INFRA``, then ``auto``: external if
    the environment names an address, else docker if an engine answers and has the image or can pull it, else embedded.

    Args:
        mode: ``auto``, ``docker``, ``embedded`` or ``external``; None leaves it to the environment.
        environ: The environment; also read for the address of each store, ``SERVANDA_<STORE>_IMAGE``,
            ``SERVANDA_CACHE``, ``JAVA_HOME`` and ``PATH``.
        docker_offers: Whether an engine answers and has this image or can pull it; asks the real one by default.
        stores: What is needed; by default every store that there is.

    Raises:
        InfrastructureError: A name is unknown, a store cannot be provided in the way that is wanted, or ``external`` is
            wanted and its address is missing.
        ExtensionError: There is no such store, or the distribution that adds it is broken.
        ConfigurationError: The cache is not this user's own, or is a part of what is examined.
    """
    offers = docker_offers or engine_offers
    general = mode or environ.get("SERVANDA_INFRA") or "auto"
    rows = [store_kind(store) for store in (STORES.names() if stores is None else STORES.ordered(stores))]
    # At the same time, because an engine may have to ask a registry that is slow to answer.
    with ThreadPoolExecutor(max(1, len(rows))) as pool:
        kinds = list(pool.map(lambda row: decide(row, general, environ, offers), rows))
    return Choice(
        kinds=MappingProxyType({row.name: kind for row, kind in zip(rows, kinds, strict=True)}),
        images=MappingProxyType({row.name: image for row in rows if (image := _image(row, environ))}),
        addresses=MappingProxyType({row.name: address for row in rows if (address := _address(row, environ))}),
        cache=cache_folder(environ),
        java=java_candidates(environ),
    )


def decide(row: StoreKind, general: str, environ: Mapping[str, str], offers: Callable[[str], bool]) -> Provisioning:
    """Decide how one store is provided; ``general`` is what is said for all of them. See :func:`choose`.

    Raises:
        InfrastructureError: The way is unknown, not one of the store's, or impossible here.
    """
    wanted, address, image = _wanted(row, general, environ), _address(row, environ), _image(row, environ)
    if wanted is not None and wanted not in row.ways:
        raise _not_provided(row, f"cannot be {wanted}")
    if wanted is Provisioning.EXTERNAL and not address:
        others = [*(way for way in row.ways if way is not Provisioning.EXTERNAL), "auto"]
        raise InfrastructureError(
            f"{row.name} is external, but {row.address} is not set",
            hint=f"set {row.address}, or set {row.way_variable} to {_or(others)}",
        )
    if wanted is not None:
        return wanted
    if address:
        return Provisioning.EXTERNAL
    if image and offers(image):
        return Provisioning.DOCKER
    if row.embedded:
        return Provisioning.EMBEDDED
    raise _not_provided(row, "cannot be provided on this host")


def _address(row: StoreKind, environ: Mapping[str, str]) -> str:
    return (environ.get(row.address) or "") if row.address else ""


def _image(row: StoreKind, environ: Mapping[str, str]) -> str:
    return (environ.get(row.image_variable) or row.image) if row.image else ""


def _not_provided(row: StoreKind, what: str) -> InfrastructureError:
    address = f"; an external store also needs {row.address}" if row.address else ""
    return InfrastructureError(
        f"{row.name} {what}, expected {_or(row.ways)}", hint=f"set {row.way_variable} to {_or(row.ways)}{address}"
    )


def _or(names: Sequence[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def java_candidates(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the Java programs that the environment names, best first; nobody looked whether they run."""
    # Only what an absolute path names: a relative one would be looked up in the tree.
    home = Path(environ.get("JAVA_HOME") or "")
    on_path = shutil.which("java", path=search_path({"PATH": environ.get("PATH", "")}))
    return tuple(Path(java) for java in (home.is_absolute() and home / "bin" / "java", on_path) if java)


def _wanted(row: StoreKind, general: str, environ: Mapping[str, str]) -> Provisioning | None:
    own = environ.get(row.way_variable)
    name = own or general
    if name == "auto":
        return None
    try:
        return Provisioning(name)
    except ValueError:
        raise InfrastructureError(
            f"unknown provisioning of stores '{name}'",
            where=row.way_variable if own else "SERVANDA_INFRA",
            hint=f"use {', '.join(['auto', *Provisioning])}",
        ) from None


def engine_offers(image: str) -> bool:
    """Tell whether a Docker engine answers and has an image or can pull it."""
    # The Docker client is an extra: a host without it, or with embedded stores only, must not need it.
    try:
        from servanda.infra.docker.engine import offers  # noqa: PLC0415
    except ImportError:
        return False
    return offers(image)
