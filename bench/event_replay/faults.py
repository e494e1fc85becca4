"""Faults of the billing of ``tests/samples/billing``, and changes of it that are safe."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the billing.

    Attributes:
        edits: Texts of its code and what they become.
        named: Texts that the report of a fault has to contain; none for a safe change.
    """

    name: str
    edits: tuple[tuple[str, str], ...]
    named: tuple[str, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Tell whether a report has to name something."""
        return bool(self.named)


_NOTE = 'event.get("note"), identity)'
_CURRENCY = 'event.get("currency", "EUR")'
_ERRORS = "except (KeyError, TypeError, ValueError, AttributeError, psycopg.DataError) as error:"
_LETTER = "letters.produce(LETTERS, message.value(), message.key(), headers=reason)"
_INSERT = '"INSERT INTO billing.seen VALUES (%s) ON CONFLICT DO NOTHING", (identity,)'
_ONCE = f"""    if database.execute({_INSERT}).rowcount == 0:
        return
"""
_FIRST = '    match event["kind"]:\n'
_ALONE = """                    with database.transaction():
                        apply(database, message)
"""
_TOGETHER = """                    with database.transaction():
                        for each in batch:
                            apply(database, each)
"""
_DELETE = 'database.execute("DELETE FROM billing.accounts WHERE name = %s", ((message.key() or b"").decode(),))'

FAULTS = (
    Change("a field is ignored", ((_NOTE, "None, identity)"),), ("accounts.note", "key oak", "by rail")),
    Change(
        "a number loses its fraction",
        (('event["amount"], currency, e', 'int(event["amount"]), currency, e'),),
        ("accounts.amount", "key ale"),
    ),
    Change(
        "the default of an old event is another one",
        ((_CURRENCY, 'event.get("currency", "USD")'),),
        ("accounts.currency", "key tea"),
    ),
    Change("an old event without a field is refused", ((_CURRENCY, 'event["currency"]'),), ("given up", "key tea")),
    Change(
        "a null is taken for text",
        ((_NOTE, 'str(event.get("note", "")) or None, identity)'),),
        ("accounts.note", "key fig"),
    ),
    Change(
        "an unknown value of an enum crashes",
        ((_CURRENCY, '{"EUR": "EUR", "USD": "USD"}.get(event.get("currency", "EUR")) or exit(3)'),),
        ("process ended", "key yew"),
    ),
    Change(
        "an unknown value of an enum is refused",
        ((_CURRENCY, '{"EUR": "EUR", "USD": "USD"}[event.get("currency", "EUR")]'),),
        ("given up", "key yew"),
    ),
    Change(
        "an unknown kind crashes",
        (('        case "cancelled":', '        case "counted":\n            exit(4)\n        case "cancelled":'),),
        ("process ended", "key fig"),
    ),
    Change("a tombstone crashes", ((_DELETE, "exit(5)"),), ("process ended",)),
    Change("a tombstone is ignored", ((_DELETE, "pass"),), ("accounts", "yew")),
    Change("a duplicate is applied twice", ((_ONCE, ""),), ("a second time",)),
    Change(
        "a sum counts duplicates",
        ((_ONCE, _ONCE.replace("        return\n", '        owe(database, "EUR", 1)\n        return\n')),),
        ("owed.amount", "a second time"),
    ),
    Change(
        "the order across keys matters",
        (
            (_FIRST, '    previous.append(event.get("currency", "EUR"))\n' + _FIRST),
            ('    currency = event.get("currency", "EUR")\n', '    currency = event.get("currency") or previous[-2]\n'),
            ("def put(", 'previous: list[Any] = ["EUR"]\n\n\ndef put('),
        ),
        ("in another order",),
    ),
    Change(
        "a batch is lost with one event",
        (
            (
                "            for message in batch:\n                try:",
                "            for message in batch[:1]:\n                try:",
            ),
            (
                _ALONE,
                _TOGETHER,
            ),
        ),
        ("in another order",),
    ),
    Change(
        "an unreadable record stops everything",
        ((_ERRORS, "except (KeyError, AttributeError) as error:"),),
        ("in another order", "process ended"),
    ),
    Change("an unreadable record is swallowed", ((_LETTER, "pass"),), ("no topic of dead letters",)),
    Change(
        "an unreadable record is tried for ever",
        (
            (_ERRORS, f"except ValueError:\n                    threading.Event().wait()\n                {_ERRORS}"),
            ("import sys\n", "import sys\nimport threading\n"),
        ),
        ("did not get past",),
    ),
    Change(
        "one partition of three is read",
        (
            (
                "consumer.subscribe([TOPIC])",
                "from confluent_kafka import TopicPartition; consumer.assign([TopicPartition(TOPIC, 0, 0)])",
            ),
        ),
        ("did not get past",),
    ),
    Change(
        "cancelled is taken for paid",
        (('settle(database, event, identity, "cancelled")', 'settle(database, event, identity, "paid")'),),
        ("accounts.state", "key oak", "cancelled"),
    ),
    Change("the effect of a payment is gone", (("    owe(database, row[0], -row[1])\n", ""),), ("owed.amount",)),
)
SAFE = (
    Change("another column", (("    note text,\n", "    note text,\n    shelf text,\n"),)),
    Change("larger batches", (("consumer.consume(100, 0.05)", "consumer.consume(500, 0.02)"),)),
    Change(
        "another table that is empty",
        (("CREATE TABLE billing.seen", "CREATE TABLE billing.later (id integer);\nCREATE TABLE billing.seen"),),
    ),
    Change("an identifier by time", (("gen_random_uuid()", "uuidv7()"),)),
)
CHANGES = (*FAULTS, *SAFE)
