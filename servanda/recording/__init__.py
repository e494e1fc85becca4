"""Consumer side: how the tests of a consumer become contracts (``pacts``) and usage logs (``usage``).

``session`` holds what one process of a test run records; ``plugin`` is the process that teaches the Pact library gRPC
and protobuf.
"""
