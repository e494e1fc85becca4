"""Rules of a user and its changes; they know no transport and no storage."""
