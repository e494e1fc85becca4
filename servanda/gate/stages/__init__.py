"""The questions of the gate, one file each."""
