"""Descriptor images: taking them apart, compiling them, keeping them, one file per aspect."""
