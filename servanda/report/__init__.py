"""The one place where facts become prose, one file per output format."""
