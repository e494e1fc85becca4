"""Events between services: what a record looks like, how it gets out of a transaction and into one."""

from platformkit.events import outbox
from platformkit.events.archive import Archive, MemoryArchive, Stored
from platformkit.events.connection import Connection, Pool, time_of
from platformkit.events.consumer import Consumer, Handler
from platformkit.events.dead_letter_rpcs import DeadLetterRpcs
from platformkit.events.dead_letters import DeadLetters
from platformkit.events.envelope import Event, Record, decode, encode
from platformkit.events.errors import (
    EventDefinitionError,
    EventError,
    MalformedEventError,
    PublishError,
    RecordRefusedError,
    SubscriptionError,
    UnknownEventTypeError,
)
from platformkit.events.event_type import EventType
from platformkit.events.inbox import FORGET_SECONDS, Inbox, MemoryInbox, PostgresInbox
from platformkit.events.kafka_archive import KafkaArchive
from platformkit.events.kafka_publisher import KafkaPublisher
from platformkit.events.kafka_subscription import KafkaSubscription
from platformkit.events.parking import DELAYS, MemoryParking, Parking, PostgresParking
from platformkit.events.publisher import MemoryPublisher, Publisher
from platformkit.events.relay import Relay
from platformkit.events.subscription import Delivery, MemorySubscription, Subscription
from platformkit.events.tables import inbox_table, outbox_refusals, outbox_table, outbox_turns, parked_table
from platformkit.events.topics import Topic, physical_name, topics_of

__all__ = [
    "DELAYS",
    "FORGET_SECONDS",
    "Archive",
    "Connection",
    "Consumer",
    "DeadLetterRpcs",
    "DeadLetters",
    "Delivery",
    "Event",
    "EventDefinitionError",
    "EventError",
    "EventType",
    "Handler",
    "Inbox",
    "KafkaArchive",
    "KafkaPublisher",
    "KafkaSubscription",
    "MalformedEventError",
    "MemoryArchive",
    "MemoryInbox",
    "MemoryParking",
    "MemoryPublisher",
    "MemorySubscription",
    "Parking",
    "Pool",
    "PostgresInbox",
    "PostgresParking",
    "PublishError",
    "Publisher",
    "Record",
    "RecordRefusedError",
    "Relay",
    "Stored",
    "Subscription",
    "SubscriptionError",
    "Topic",
    "UnknownEventTypeError",
    "decode",
    "encode",
    "inbox_table",
    "outbox",
    "outbox_refusals",
    "outbox_table",
    "outbox_turns",
    "parked_table",
    "physical_name",
    "time_of",
    "topics_of",
]
