"""Parts of a server as a child process: a user who may run it, and files in that user's reach."""
