"""Rules about protobuf: handlers and their rows, one file per subject."""
