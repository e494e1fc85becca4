"""Implementations of grpc.aio.Channel: every one serves a generated stub, whatever carries the call."""
