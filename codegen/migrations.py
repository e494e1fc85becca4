"""The fixture of a rule about migrations: migrations before and after, the statements of a version, what was tried."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from servanda.configuration import Migrations, Service
from servanda.interfaces.sql.change import Place
from servanda.interfaces.sql.document import Recorded, parse
from servanda.interfaces.sql.hits import Hit
from servanda.interfaces.sql.migration import files_of, written
from servanda.interfaces.sql.opened import review_of, steps_of
from servanda.interfaces.sql.review import Obstacle, Review

_OWNERS: Final = {"billing": "billing"}


def review_in(fixture: Path) -> Review:
    """Return the review of the migrations in a fixture: ``shop.json`` runs on the previous ones, version 0.1.0."""
    folder = fixture / "current" / "migrations"
    migrations = Migrations(folder)
    document = (fixture / "shop.json").read_bytes()
    version = parse(document, "contracts/sql/0.1.0/shop.json", "0.1.0")
    service = Service("shop", (), owner="team-shop", migrations=migrations)
    steps = steps_of(service, written(files_of(migrations, "migrations")), (version,))
    review = review_of(steps, _OWNERS)
    tried = fixture / "trial.json"
    if not tried.is_file():
        return review
    told: dict[str, Any] = json.loads(tried.read_text(encoding="utf-8"))
    failed = tuple(Hit(None, version, Recorded(each["sql"]), proof=each["proof"]) for each in told.get("failures", ()))
    refused, hazards = (tuple(map(_obstacle, told.get(key, ()))) for key in ("refused", "hazards"))
    return replace(review, hits=(*review.hits, *failed), refused=refused, hazards=hazards)


def _obstacle(told: dict[str, Any]) -> Obstacle:
    return Obstacle(told["element"], told["told"], Place(told["path"], told["line"]), told["proof"])
