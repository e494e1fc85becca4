"""Faults of what is told on the topic, and of who reads it."""

from __future__ import annotations

from bench.skew.change import Change, ledger, ledger_migration, stock
from servanda.verdict import DeployOrder

_EVENT = '{"item": item, "kind": kind, "by": by}'
_APPLIED = '(place, event["item"], SIGNS[event["kind"]] * event["by"])'
_SENT = "    producer.produce(TOPIC, json.dumps(event).encode(), item.encode())\n"
_READ = 'json.loads(message.value() or b"")'
_PLACE = 'f"{message.partition()}/{message.offset()}"'
_LOST = ("rolling: stock", "ledger")

FAULTS = (
    Change(
        "event-member-renamed",
        "event",
        (stock(_EVENT, _EVENT.replace('"item":', '"item_id":')), ledger('event["item"]', 'event["item_id"]')),
        _LOST,
    ),
    Change(
        "event-nested",
        "event",
        (stock(_EVENT, f'{{"movement": {_EVENT}}}'), ledger(_READ, f'{_READ}["movement"]')),
        _LOST,
    ),
    Change(
        "event-member-as-text",
        "event",
        (stock('"by": by}', '"by": str(by)}'), ledger('event["by"]', 'int(event["by"])')),
        _LOST,
    ),
    Change(
        "event-moved",
        "event",
        (
            stock('TOPIC = f"movements.{NAMESPACE}"', 'TOPIC = f"movements-2.{NAMESPACE}"'),
            ledger('TOPIC = f"movements.{NAMESPACE}"', 'TOPIC = f"movements-2.{NAMESPACE}"'),
        ),
        _LOST,
    ),
    Change(
        "event-of-a-new-kind",
        "event",
        (
            stock('tell(item, "taken", by)', 'tell(item, "taken" if row["count"] else "sold_out", by)'),
            ledger('"taken": -1}', '"taken": -1, "sold_out": -1}'),
        ),
        _LOST,
    ),
    Change(
        "event-member-repurposed",
        "event",
        (
            stock('tell(item, "taken", by)', 'tell(item, "taken", -by)'),
            ledger('SIGNS[event["kind"]] * event["by"]', 'event["by"]'),
        ),
        _LOST,
    ),
    Change(
        "event-member-in-another-unit",
        "event",
        (stock('"by": by}', '"by": by * 100}'), ledger('event["by"]', 'event["by"] // 100')),
        _LOST,
    ),
    Change(
        "event-serialiser",
        "event",
        (
            stock("import json\n", "import base64\nimport json\n"),
            stock("json.dumps(event).encode(), item", "base64.b64encode(json.dumps(event).encode()), item"),
            ledger("import json\n", "import base64\nimport json\n"),
            ledger(_READ, 'json.loads(base64.b64decode(message.value() or b""))'),
        ),
        _LOST,
    ),
    Change(
        "event-told-twice-with-an-identifier",
        "event",
        (
            stock(_EVENT, '{"id": uuid.uuid4().hex, "item": item, "kind": kind, "by": by}'),
            stock("import time\n", "import time\nimport uuid\n"),
            stock(_SENT, f"    for _ in range(2):\n    {_SENT}"),
            ledger(_APPLIED, _APPLIED.replace("place", 'event.get("id", place)')),
            ledger("ORDER BY length(place), place", "ORDER BY by < 0, by DESC"),
        ),
        _LOST,
    ),
    Change(
        "consumer-newer-than-the-event",
        "event",
        (
            stock(_EVENT, '{"item": item, "kind": kind, "by": by, "source": "shop"}'),
            ledger(_APPLIED, f'{_APPLIED} if event["source"] else None'),
        ),
        ("ledger",),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "group-renamed-and-places-spelled-otherwise",
        "event",
        (
            ledger('GROUP = f"ledger.{NAMESPACE}"', 'GROUP = f"ledger-2.{NAMESPACE}"'),
            ledger(_PLACE, 'f"{message.partition()}:{message.offset()}"'),
        ),
        ("rolling: ledger", "ledger"),
    ),
    Change(
        "effect-checked",
        "event",
        (
            ledger_migration("ALTER TABLE movements ADD told text"),
            ledger("(place, item, by) VALUES (%s, %s, %s)", "(place, item, by, told) VALUES (%s, %s, %s, 'yes')"),
            ledger(
                "'ALTER TABLE movements ADD told text'",
                "'ALTER TABLE movements ADD told text', 'ALTER TABLE movements ADD CHECK (told IS NOT NULL) NOT VALID'",
            ),
        ),
        ("ledger",),
    ),
)
