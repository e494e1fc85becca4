"""Speed of events."""
