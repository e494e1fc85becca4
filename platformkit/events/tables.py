"""The tables that a service's own migration creates in its own schema."""

from __future__ import annotations

from typing import Final

TURNS: Final = 1024
"""Turns that keys share: two keys that have one are written one after the other as well."""


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


def outbox_turns() -> str:
    """Return the DDL of what decides who writes and who publishes next, for ``op.execute``.

    Locks on these tables need rights in the schema; an advisory lock can be held by every role of the database.
    """
    return f"""
        CREATE TABLE outbox_turns (number integer PRIMARY KEY);
        INSERT INTO outbox_turns SELECT generate_series(0, {TURNS - 1});
        CREATE TABLE outbox_relay ()
    """


def parked_table() -> str:
    """Return the DDL of the table in which events wait until they are tried again, for ``op.execute``."""
    return """
        CREATE TABLE parked (
            position      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            consumer      text NOT NULL,
            source        text NOT NULL,
            event_id      text NOT NULL,
            topic         text NOT NULL,
            partition     integer NOT NULL,
            place         bigint NOT NULL,
            key           bytea NOT NULL,
            value         bytea NOT NULL,
            header_names  text[] NOT NULL,
            header_values bytea[] NOT NULL,
            attempts      integer NOT NULL,
            reason        text NOT NULL,
            due_time      timestamptz NOT NULL,
            park_time     timestamptz NOT NULL DEFAULT now(),
            UNIQUE (consumer, source, event_id)
        );
        CREATE INDEX parked_by_key ON parked (consumer, topic, key, position)
    """


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
