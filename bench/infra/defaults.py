"""One measurement of testcontainers as it is used out of the box."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack

from testcontainers.community.kafka import KafkaContainer
from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer

from servanda.infra import choose

_PATIENCE_SECONDS = 300
"""The default for Kafka is 30. More does not make a start slower; it lets a busy host see the end of it."""

if __name__ == "__main__":
    images = choose("docker", os.environ).images
    postgres = PostgresContainer(images["postgres"], driver=None)
    redis = RedisContainer(images["redis"])
    kafka = KafkaContainer(os.environ.get("BENCH_CONFLUENT_IMAGE", "confluentinc/cp-kafka:7.6.0")).with_kraft()
    with ExitStack() as running:
        for container in (postgres, redis, kafka):
            running.callback(container.stop)
        began = time.perf_counter()
        postgres.start()
        redis.start()
        kafka.start(timeout=_PATIENCE_SECONDS)
        print(time.perf_counter() - began)
