"""Rules of accounts, attempts, sessions and signing keys; they know no transport and no storage."""
