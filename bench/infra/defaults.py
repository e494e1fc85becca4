"""One measurement of testcontainers as it is used out of the box."""

from __future__ import annotations

import os
import time

from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer

from treaty.configuration import Store
from treaty.infra import choose

if __name__ == "__main__":
    images = choose("docker", os.environ).images
    confluent = os.environ.get("BENCH_CONFLUENT_IMAGE", "confluentinc/cp-kafka:7.6.0")
    began = time.perf_counter()
    with (
        PostgresContainer(images[Store.POSTGRES], driver=None),
        RedisContainer(images[Store.REDIS]),
        KafkaContainer(confluent).with_kraft(),
    ):
        print(time.perf_counter() - began)
