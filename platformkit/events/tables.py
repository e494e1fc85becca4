"""The tables that a service's own migration creates in its own schema."""

from __future__ import annotations


def outbox_table() -> str:
    """Return the DDL of the table in which events wait for the relay, for ``op.execute``."""
    return """
        CREATE TABLE outbox (
            position      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event_id      uuid NOT NULL,
            topic         text NOT NULL,
            key           bytea NOT NULL,
            value         bytea NOT NULL,
            header_names  text[] NOT NULL,
            header_values bytea[] NOT NULL
        )
    """


def outbox_refusals() -> str:
    """Return the DDL of what the outbox has had to know since Kafka may refuse an event, for ``op.execute``.

    Code that does not know the column publishes as before, so it can be added while such code runs.
    """
    return "ALTER TABLE outbox ADD COLUMN refusal text"


def inbox_table() -> str:
    """Return the DDL of the table that knows which events were applied, for ``op.execute``."""
    return """
        CREATE TABLE inbox (
            consumer   text NOT NULL,
            source     text NOT NULL,
            event_id   text NOT NULL,
            apply_time timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (consumer, source, event_id)
        )
    """
