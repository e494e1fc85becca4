"""One file per command: parse, call, hand to the report; nothing else."""
