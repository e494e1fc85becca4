"""Contract testing and consumer-driven verification for services that speak gRPC, HTTP and Kafka."""
