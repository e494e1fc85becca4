"""The errors of events.

``EventError``
    ``EventDefinitionError``   a message is not declared as an event, or its declaration contradicts the message
    ``MalformedEventError``    a record does not carry what its event type promises
    ``UnknownEventTypeError``  a record carries an event type that its reader does not know
    ``PublishError``           Kafka did not acknowledge every record
        ``RecordRefusedError``     Kafka will never acknowledge one of them
    ``SubscriptionError``      Kafka does not let records be received or committed
"""

from __future__ import annotations


class EventError(Exception):
    """Something is wrong with an event or with its way through Kafka."""


class EventDefinitionError(EventError):
    """A message is not declared as an event, or its declaration contradicts the message."""


class MalformedEventError(EventError):
    """A record does not carry what its event type promises; trying again cannot help."""


class UnknownEventTypeError(EventError):
    """A record carries an event type that its reader does not know, for example one of a newer producer."""


class PublishError(EventError):
    """Kafka did not acknowledge every record; all of them have to be published again."""


class RecordRefusedError(PublishError):
    """Kafka refuses a record for what it is, however often it is published; which one is known only if there is one."""


class SubscriptionError(EventError):
    """Kafka does not let records be received or committed; those that were received come again."""
