"""Topics of a Kafka cluster: their records, what groups have read of them, and how they are called in a run."""
