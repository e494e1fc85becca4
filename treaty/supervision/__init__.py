"""The processes of the system under test: how they are started, observed and drained."""
