"""One file per store: the real server as a child process, from installed packages, on a loopback port."""
