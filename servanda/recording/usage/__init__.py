"""Usage logs: what a consumer's tests read and send, noted while they run."""
