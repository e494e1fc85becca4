"""The processes of the platform, one folder each; started as python -m services.<name>."""
