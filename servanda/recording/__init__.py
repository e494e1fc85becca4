"""The consumer side: how a consumer's tests become contracts.

A test asks the fixture ``pact_with`` of ``pytest_plugin`` for a ``pacts.RecordedPact``; ``merging`` makes the
documents.
"""
