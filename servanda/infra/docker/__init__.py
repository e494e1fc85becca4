"""One file per store: the real server in a container of this run, through testcontainers."""
