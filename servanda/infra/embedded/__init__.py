"""What a server needs that runs as a child process: a user who may run it, and its parts in that user's reach."""
